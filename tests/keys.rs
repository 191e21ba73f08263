//! Encrypted reports and the keys that open them, through the built program.
#![allow(clippy::unwrap_used)]

mod support;

use std::time::SystemTime;

use chrono::{DateTime, TimeDelta, Utc};
use ninety::mail::compose::{self, Envelope, File};
use ninety::pgp;
use ninety::triage::Person;
use sequoia_openpgp::cert::CertBuilder;
use sequoia_openpgp::serialize::MarshalInto as _;
use serde_json::{Value, json};
use support::{Bench, NOW};

struct People {
    team: Person,
    team_key: pgp::Protected,
    mara: Person,
    mara_key: pgp::Protected,
    now: DateTime<Utc>,
}

impl People {
    fn new() -> Self {
        let now: DateTime<Utc> = NOW.parse().unwrap();
        let person = |name: &str, email: &str| Person { name: name.into(), email: email.into() };
        let (team, mara) =
            (person("Team", "security@example.org"), person("Mara Lindt", "mara@lindt.example"));
        let key = |person: &Person| {
            pgp::cert::generate(&person.name, &person.email, now - TimeDelta::days(9)).unwrap()
        };
        Self { team_key: key(&team), mara_key: key(&mara), team, mara, now }
    }

    /// A report by Mara, encrypted to the team and signed by `signer`.
    fn report(&self, from: &Person, signer: Option<&[u8]>) -> Vec<u8> {
        self.report_of("quuxalanche in the IFD parser\n", from, signer)
    }

    fn report_of(&self, text: &str, from: &Person, signer: Option<&[u8]>) -> Vec<u8> {
        let at = self.now - TimeDelta::hours(3);
        let crash = File { name: "crash.tif", media_type: "image/tiff", bytes: b"II*\0" };
        let payload = compose::payload(text, &[crash]);
        let message = pgp::compose::encrypt_signed(
            &payload,
            &[&self.team_key],
            signer.map(pgp::compose::SigningKey::Here),
            at,
        )
        .unwrap();
        let envelope = Envelope {
            from,
            to: &self.team,
            subject: "Heap overflow",
            date: at,
            message_id: "one@lindt.example",
            in_reply_to: None,
            references: &[],
            autocrypt: None,
        };
        compose::encrypted(&envelope, &message)
    }

    fn key_file(&self, bench: &Bench) -> String {
        bench.file("team.key", &self.team_key[..]).display().to_string()
    }

    fn cert_file(&self, bench: &Bench) -> String {
        bench.file("mara.pgp", pgp::cert::public_part(&self.mara_key).unwrap()).display().to_string()
    }
}

fn first_message(bench: &Bench) -> Value {
    let (_, cases) = bench.json(&["list"]);
    let id = cases[0]["id"].as_str().unwrap();
    bench.json(&["show", id]).1["messages"][0].clone()
}

#[test]
fn an_encrypted_report_is_opened_and_its_signer_verified() {
    let (bench, people) = (Bench::new(), People::new());
    bench.ok(&["key", "import", &people.key_file(&bench), &people.cert_file(&bench)]);
    let value = bench.import(&bench.file("r.eml", people.report(&people.mara, Some(&people.mara_key))));
    assert_eq!(value["not_decrypted"], json!(0));
    let message = first_message(&bench);
    assert_eq!(message["encryption"], json!("whole"));
    assert_eq!(message["signature"]["status"], json!("verified"), "{message:#}");
    assert_eq!(
        message["attachments"],
        json!([{ "name": "crash.tif", "media_type": "image/tiff", "size": 4 }])
    );
    assert!(message["text"].as_str().unwrap().contains("quuxalanche"));
    assert_eq!(bench.json(&["list", "quuxalanche"]).1.as_array().unwrap().len(), 1);
}

#[test]
fn a_good_signature_by_somebody_else_is_never_verified() {
    let (bench, people) = (Bench::new(), People::new());
    bench.ok(&["key", "import", &people.key_file(&bench), &people.cert_file(&bench)]);
    let eve = Person { name: "Mara Lindt".into(), email: "eve@x.example".into() };
    bench.import(&bench.file("r.eml", people.report(&eve, Some(&people.mara_key))));
    assert_eq!(first_message(&bench)["signature"]["status"], json!("other_signer"));
}

#[test]
fn a_report_waits_for_its_key_and_opens_by_itself() {
    let (bench, people) = (Bench::new(), People::new());
    let value = bench.import(&bench.file("r.eml", people.report(&people.mara, Some(&people.mara_key))));
    assert_eq!((&value["new_cases"], &value["not_decrypted"]), (&json!(1), &json!(1)));
    let waiting = first_message(&bench);
    assert_eq!(waiting["encryption"], json!("failed"));
    assert!(!waiting["text"].as_str().unwrap().contains("quuxalanche"));

    let (code, imported) = bench.json(&["key", "import", &people.key_file(&bench)]);
    assert_eq!((code, &imported["opened"]), (0, &json!(1)));
    let opened = first_message(&bench);
    assert_eq!(opened["encryption"], json!("whole"));
    assert_eq!(opened["signature"]["status"], json!("unknown_key"));
    let (_, cases) = bench.json(&["list", "quuxalanche"]);
    let timeline = bench.json(&["show", cases[0]["id"].as_str().unwrap()]).1["timeline"].clone();
    assert!(timeline.as_array().unwrap().iter().any(|event| event["kind"] == json!("opened")));

    let (_, recognised) = bench.json(&["key", "import", &people.cert_file(&bench)]);
    assert_eq!(recognised["recognised"], json!(1));
    let timeline = bench.json(&["show", cases[0]["id"].as_str().unwrap()]).1["timeline"].clone();
    assert!(timeline.as_array().unwrap().iter().any(|event| event["kind"] == json!("recognised")));
    assert_eq!(first_message(&bench)["signature"]["status"], json!("verified"));
}

#[test]
fn noise_is_judged_again_when_a_report_opens_unless_a_person_did() {
    let people = People::new();
    let noise = |bench: &Bench| bench.json(&["show", "SEC-2026-0001"]).1["noise"].clone();
    let text = "Before I share the details, is there any bug bounty? I accept Bitcoin and PayPal.\n";
    let take = |bench: &Bench| bench.import(&bench.file("r.eml", people.report_of(text, &people.mara, None)));
    let at_once = Bench::new();
    at_once.ok(&["key", "import", &people.key_file(&at_once)]);
    take(&at_once);

    let later = Bench::new();
    take(&later);
    assert_ne!(noise(&later), noise(&at_once));
    later.ok(&["key", "import", &people.key_file(&later)]);
    assert_eq!(noise(&later), noise(&at_once));
    assert!(!noise(&later)["reasons"].as_array().unwrap().is_empty());
    // What a person says has none of the machine's reasons, and undone they are back.
    later.ok(&["set", "SEC-2026-0001", "noise=yes"]);
    assert_eq!(noise(&later), json!({ "score": 100, "likely": true, "reasons": [] }));
    assert!(later.ok(&["show", "SEC-2026-0001"]).contains("likely (100 of 100)\n"));
    later.ok(&["undo"]);
    assert_eq!(noise(&later), noise(&at_once));

    let decided = Bench::new();
    take(&decided);
    decided.ok(&["set", "SEC-2026-0001", "noise=yes"]);
    decided.ok(&["key", "import", &people.key_file(&decided)]);
    assert_eq!(noise(&decided)["score"], json!(100));
}

#[test]
fn a_team_key_stays_one_when_its_certificate_comes_in() {
    let (bench, people) = (Bench::new(), People::new());
    bench.ok(&["key", "import", &people.key_file(&bench)]);
    let public = bench.file("team.pgp", pgp::cert::public_part(&people.team_key).unwrap());
    bench.ok(&["key", "import", public.to_str().unwrap()]);
    let (_, keys) = bench.json(&["key", "list"]);
    assert_eq!(keys.as_array().unwrap().len(), 1);
    assert_eq!(keys[0]["kind"], json!("team"));
    bench.import(&bench.file("r.eml", people.report(&people.mara, None)));
    assert_eq!(first_message(&bench)["encryption"], json!("whole"));
}

#[test]
fn a_file_without_a_key_is_named_and_nothing_is_kept() {
    let bench = Bench::new();
    let file = bench.file("no.key", "not a key\n");
    let output = bench.run(&["key", "import", file.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("no.key"));
    assert_eq!(bench.json(&["key", "list"]).1, json!([]));
}

#[test]
fn a_hostile_key_and_a_hostile_file_name_reach_no_terminal() {
    let (bench, people) = (Bench::new(), People::new());
    // ninety makes no such key; whoever attacks it does.
    let (key, _) = CertBuilder::general_purpose(Some("Eve \x1b]0;owned\x07 \u{202e}live <eve@x.example>"))
        .set_creation_time(SystemTime::from(people.now - TimeDelta::days(9)))
        .generate()
        .unwrap();
    let file = bench.file("eve\x1b[2J.pgp", key.to_vec().unwrap());
    let missing = bench.path("none\x1b[31m.pgp");
    let pages = [
        bench.run(&["key", "import", file.to_str().unwrap()]),
        bench.run(&["key", "import", missing.to_str().unwrap()]),
        bench.run(&["import", file.to_str().unwrap()]),
        bench.run(&["key", "list"]),
        bench.run(&["--json", "key", "list"]),
    ];
    for page in pages {
        let text = String::from_utf8([page.stdout, page.stderr].concat()).unwrap();
        let steers = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
        assert!(!text.contains(steers), "{text:?}");
        assert!(!text.is_empty());
    }
}

#[test]
fn an_attachment_is_written_as_it_was_and_over_no_other_file() {
    let (bench, people) = (Bench::new(), People::new());
    bench.ok(&["key", "import", &people.key_file(&bench)]);
    bench.import(&bench.file("r.eml", people.report(&people.mara, None)));
    let id = bench.json(&["list"]).1[0]["id"].as_str().unwrap().to_owned();
    let number = first_message(&bench)["id"].to_string();
    assert!(bench.ok(&["attachment", &id, &number]).contains("1  crash.tif (image/tiff, 4 bytes)"));
    let out = bench.path("out.tif");
    let write = ["attachment", &id, &number, "1", "--output", out.to_str().unwrap()];
    assert!(bench.ok(&write).contains("crash.tif, 4 bytes, written in the clear to"));
    assert_eq!(std::fs::read(&out).unwrap(), b"II*\0");
    assert_eq!(bench.run(&write).status.code(), Some(1), "it is there already");
    assert_eq!(bench.run(&["attachment", &id, &number, "1", "-o", "-"]).stdout, b"II*\0");
    let none = bench.run(&["attachment", &id, &number, "2", "-o", "-"]);
    assert_eq!(none.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&none.stderr).contains("has 1 attachments"));
}

#[test]
fn an_attachment_name_is_shown_and_never_a_path() {
    let (bench, people) = (Bench::new(), People::new());
    let hostile = File { name: "../../\x1b[31mpasswd", media_type: "text/plain", bytes: b"x" };
    let envelope = Envelope {
        from: &people.mara,
        to: &people.team,
        subject: "attached",
        date: people.now,
        message_id: "a@lindt.example",
        in_reply_to: None,
        references: &[],
        autocrypt: None,
    };
    let mail = compose::plain(&envelope, &compose::payload("see the file", &[hostile]));
    let value = bench.import(&bench.file("a.eml", mail));
    let page = bench.ok(&["show", value["messages"][0]["case"].as_str().unwrap()]);
    assert!(page.contains("<ESC>[31mpasswd"), "{page}");
    let mut names: Vec<_> =
        std::fs::read_dir(bench.store()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.retain(|name| !name.to_string_lossy().starts_with("ninety.db"));
    assert_eq!(names, ["key.pgp"], "nothing but the store is written");
}
