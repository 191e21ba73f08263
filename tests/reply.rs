//! Answers through the built program: what protects them, what is refused, and
//! what their reader gets.
#![allow(clippy::unwrap_used)]

#[path = "support/gnupg.rs"]
mod gnupg;
mod support;

use std::process::Stdio;

use chrono::{DateTime, TimeDelta, Utc};
use ninety::mail::compose::{self, Envelope};
use ninety::mail::{self, Content};
use ninety::pgp::compose::{SigningKey, encrypt_signed};
use ninety::pgp::{self, Keyring, Outcome, Protected, cert};
use ninety::triage::Person;
use serde_json::{Value, json};
use support::{Bench, NOW, mail};

const CASE: &str = "SEC-2026-0001";

struct Desk {
    bench: Bench,
    team: Protected,
    mara: Protected,
}

fn now() -> DateTime<Utc> {
    NOW.parse().unwrap()
}

fn key(name: &str, email: &str) -> Protected {
    cert::generate(name, email, now() - TimeDelta::days(9)).unwrap()
}

fn public(key: &[u8]) -> Vec<u8> {
    cert::public_part(key).unwrap()
}

impl Desk {
    /// A store with a team key.
    fn new() -> Self {
        let (bench, team) = (Bench::new(), key("Example Security", "security@example.org"));
        let file = bench.file("team.key", &team[..]);
        bench.ok(&["key", "import", file.to_str().unwrap()]);
        Self { bench, team, mara: key("Mara Lindt", "mara@lindt.example") }
    }

    fn knows(&self, key: &[u8]) {
        let file = self.bench.file("known.pgp", public(key));
        self.bench.ok(&["key", "import", file.to_str().unwrap()]);
    }

    /// An encrypted report by Mara, with this more in its header.
    fn report(&self, id: &str, more: &str) {
        let person = |name: &str, email: &str| Person { name: name.into(), email: email.into() };
        let at = now() - TimeDelta::hours(2);
        let payload = compose::payload("quuxalanche in the IFD parser\n", &[]);
        let signer = Some(SigningKey::Here(&self.mara));
        let message = encrypt_signed(&payload, &[&public(&self.team)], signer, at).unwrap();
        let envelope = Envelope {
            from: &person("Mara Lindt", "mara@lindt.example"),
            to: &person("", "security@example.org"),
            subject: "Heap overflow",
            date: at,
            message_id: id,
            in_reply_to: None,
            references: &[],
            autocrypt: None,
        };
        let raw = [more.as_bytes(), &compose::encrypted(&envelope, &message)].concat();
        self.bench.import(&self.bench.file("report.eml", raw));
    }

    fn plain_report(&self) {
        let raw = mail("p@plain.example", "Bob <bob@plain.example>", "XSS", "", "in the search box");
        self.bench.import(&self.bench.file("plain.eml", raw));
    }

    /// Runs `reply` with a text on standard input; exit code, both outputs.
    fn reply(&self, more: &[&str]) -> (i32, String, String) {
        let text = self.bench.file("answer.txt", "We look into it.\n");
        let arguments = [&["reply", CASE, "--text", text.to_str().unwrap()], more].concat();
        let output = self.bench.command(&arguments).stdin(Stdio::null()).output().unwrap();
        let words = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (output.status.code().unwrap(), words(output.stdout), words(output.stderr))
    }

    fn refused(&self, more: &[&str]) -> String {
        let (code, stdout, stderr) = self.reply(more);
        assert_eq!((code, stdout.as_str()), (1, ""), "{stderr}");
        let messages = self.bench.json(&["show", CASE]).1["messages"].as_array().unwrap().len();
        assert_eq!(messages, 1, "nothing is kept of a refused answer");
        stderr
    }

    /// The answer as Mara's program reads it.
    fn read_by_mara(&self, eml: &[u8]) -> (String, Vec<u8>) {
        let mail = mail::parse(eml);
        let Content::Parts(parts) = &mail.root.content else { panic!("not PGP/MIME") };
        let Content::Bytes(cipher) = &parts[1].content else { panic!("no ciphertext") };
        let ours = One(public(&self.team));
        let opened = pgp::decrypt(cipher, &Keyring::new([&self.mara[..]], &ours), now());
        assert_eq!(opened.signatures[0].outcome, Outcome::Good, "{opened:?}");
        (String::from_utf8(eml.to_vec()).unwrap(), opened.plaintext.unwrap())
    }
}

struct One(Vec<u8>);

impl pgp::KnownCerts for One {
    fn find(&self, _: &str) -> Vec<Vec<u8>> {
        vec![self.0.clone()]
    }
}

#[test]
fn an_answer_is_encrypted_signed_and_tells_nothing_outside() {
    let desk = Desk::new();
    desk.knows(&desk.mara);
    desk.report("one@lindt.example", "");
    let eml = desk.bench.path("answer.eml");
    let (code, told, errors) = desk.reply(&["--output", eml.to_str().unwrap()]);
    assert_eq!(code, 0, "{errors}");
    assert!(told.contains("encrypted to") && told.contains("signed by"), "{told}");
    let (outside, inside) = desk.read_by_mara(&std::fs::read(&eml).unwrap());
    assert!(outside.contains("Subject: [SEC-2026-0001] [...]"), "{outside}");
    assert!(outside.contains("In-Reply-To: <one@lindt.example>"));
    assert!(outside.contains("Autocrypt: addr=security@example.org;"));
    assert!(!outside.contains("Heap") && !outside.contains("look into it"));
    let inner = mail::parse(&inside);
    assert_eq!(inner.headers.subject.as_deref(), Some("Re: Heap overflow [SEC-2026-0001]"));
    assert_eq!(inner.root.parameter("hp"), Some("cipher"));
    let text = String::from_utf8(inside).unwrap();
    assert!(text.contains("We look into it.") && text.contains("application/pgp-keys"));
    assert!(text.contains("HP-Outer: Subject: [SEC-2026-0001] [...]"));

    // It acknowledges, is kept in the case, and opens with the team's own key.
    let (_, case) = desk.bench.json(&["show", CASE]);
    assert_eq!(case["state"], json!("acknowledged"));
    assert_eq!(case["messages"][1]["direction"], json!("out"));
    let kinds: Vec<&Value> =
        case["timeline"].as_array().unwrap().iter().map(|event| &event["kind"]).collect();
    assert!(kinds.contains(&&json!("answered")), "{kinds:?}");
    let number = case["messages"][1]["id"].to_string();
    let again = desk.bench.run(&["raw", CASE, &number]).stdout;
    assert_eq!(again, std::fs::read(&eml).unwrap());
    let mode = std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&eml).unwrap().permissions());
    assert_eq!(mode & 0o777, 0o600);
    let refused = desk.reply(&["--output", eml.to_str().unwrap()]);
    assert!(refused.0 == 1 && refused.2.contains("exists"), "{}", refused.2);
}

#[test]
fn gnupg_reads_an_answer() {
    let Some(gpg) = gnupg::Gpg::new() else { return };
    let desk = Desk::new();
    desk.knows(&desk.mara);
    desk.report("one@lindt.example", "");
    let eml = desk.bench.path("answer.eml");
    assert_eq!(desk.reply(&["--output", eml.to_str().unwrap()]).0, 0);
    gpg.ok(now(), &["--import"], &pgp::publish::armored_secret(&desk.mara).unwrap());
    gpg.ok(now(), &["--import"], &public(&desk.team));
    let text = std::fs::read_to_string(&eml).unwrap();
    let armored = &text[text.find("-----BEGIN PGP").unwrap()..];
    let read = gpg.ok(now(), &["--decrypt"], armored.as_bytes());
    assert!(read.says("DECRYPTION_OKAY") && read.says("GOODSIG") && read.says("GOODMDC"), "{}", read.stderr);
    let inside = String::from_utf8(read.stdout).unwrap();
    assert!(inside.contains("Subject: Re: Heap overflow [SEC-2026-0001]"), "{inside}");
    assert!(inside.contains("We look into it."));
}

#[test]
fn what_comes_back_to_us_is_told_from_a_new_report() {
    let desk = Desk::new();
    desk.knows(&desk.mara);
    desk.report("one@lindt.example", "");
    let eml = desk.bench.path("answer.eml");
    desk.reply(&["--output", eml.to_str().unwrap()]);
    let value = desk.bench.import(&eml);
    assert_eq!(value["already_there"], json!(1), "{value:#}");
    let answer =
        mail("two@lindt.example", "Mara <mara@lindt.example>", "Re: [SEC-2026-0001] [...]", "", "ok");
    let value = desk.bench.import(&desk.bench.file("two.eml", answer));
    assert_eq!(value["joined"], json!(1), "{value:#}");
}

#[test]
fn an_encrypted_report_is_never_answered_in_the_clear() {
    let desk = Desk::new();
    desk.report("one@lindt.example", "");
    let unknown = desk.refused(&[]);
    assert!(unknown.contains("no certificate for mara@lindt.example") && unknown.contains("--ask-for-key"));
    assert!(desk.refused(&["--plaintext"]).contains("came encrypted"));
}

#[test]
fn a_key_can_be_asked_for_without_a_word_about_the_report() {
    let desk = Desk::new();
    desk.report("one@lindt.example", "");
    let eml = desk.bench.path("ask.eml");
    desk.bench.ok(&["reply", CASE, "--ask-for-key", "--output", eml.to_str().unwrap()]);
    let text = std::fs::read_to_string(&eml).unwrap();
    assert!(text.contains("send us your certificate") && text.contains("application/pgp-keys"), "{text}");
    assert!(!text.contains("Heap") && !text.contains("quux"));
}

#[test]
fn an_expired_a_revoked_and_somebody_elses_key_are_refused() {
    for (wrong, why) in
        [("expired", "expired on"), ("revoked", "revoked"), ("other", "not of mara@lindt.example")]
    {
        let desk = Desk::new();
        let old = pgp::make::make(
            "Mara",
            "mara@lindt.example",
            pgp::make::Suite::Cv25519,
            std::time::Duration::from_secs(86_400),
            now() - TimeDelta::days(9),
        );
        let theirs = match wrong {
            "expired" => old.unwrap().key,
            "revoked" => {
                let reason = pgp::revoke::Reason::Compromised;
                pgp::revoke::revoke(&desk.mara, reason, "", now() - TimeDelta::days(1)).unwrap()
            }
            _ => key("Eve", "eve@x.example"),
        };
        desk.knows(&theirs);
        desk.report("one@lindt.example", "");
        let fingerprint = cert::read(&theirs, now()).unwrap().found[0].fingerprint.clone();
        let told = desk.refused(&["--key", &fingerprint]);
        assert!(told.contains(why), "{wrong}: {told}");
    }
}

#[test]
fn of_several_keys_a_person_chooses() {
    let desk = Desk::new();
    desk.report("one@lindt.example", "");
    let other = key("Mara Lindt", "mara@lindt.example");
    desk.knows(&other);
    let third = key("Mara Lindt", "mara@lindt.example");
    desk.knows(&third);
    let told = desk.refused(&[]);
    assert!(told.contains("2 certificates claim mara@lindt.example"), "{told}");
    let fingerprint = cert::read(&other, now()).unwrap().found[0].fingerprint.clone();
    desk.bench.ok(&["key", "verify", &fingerprint, "--how", "met at the conference"]);
    let (code, told, errors) = desk.reply(&[]);
    assert_eq!(code, 0, "{errors}");
    assert!(told.contains(&fingerprint[..16]) && told.contains("verified"), "{told}");
}

#[test]
fn a_plain_report_is_answered_in_the_clear_only_when_that_is_said() {
    let desk = Desk::new();
    desk.plain_report();
    assert!(desk.refused(&[]).contains("--plaintext"));
    let eml = desk.bench.path("plain-answer.eml");
    desk.bench.ok(&["reply", CASE, "-t", "question", "--plaintext", "-o", eml.to_str().unwrap()]);
    let text = std::fs::read_to_string(&eml).unwrap();
    assert!(
        text.contains("Subject: Re: XSS [SEC-2026-0001]") && text.contains("> in the search box"),
        "{text}"
    );
    assert!(text.contains("This mail was not encrypted."), "the invitation");
    assert!(text.contains("multipart/signed") && text.contains("Hello Bob,"));

    // The signature holds for whoever reads it.
    let known = desk.bench.import(&eml);
    assert_eq!(known["already_there"], json!(1));
    let other = Desk::new();
    other.knows(&desk.team);
    let read = other.bench.import(&eml);
    let id = read["messages"][0]["case"].as_str().unwrap().to_owned();
    let message = other.bench.json(&["show", &id]).1["messages"][0].clone();
    assert_eq!(message["signature"]["status"], json!("verified"), "{message:#}");
}

#[test]
fn a_changed_key_is_shouted_and_a_person_decides() {
    let desk = Desk::new();
    let before = key("Mara Lindt", "mara@lindt.example");
    desk.knows(&before);
    let keydata = pgp::publish::minimal(&desk.mara, "mara@lindt.example", now()).unwrap();
    let field = mail::autocrypt::write("mara@lindt.example", &keydata, true);
    desk.report("one@lindt.example", &format!("{field}\r\n"));
    let message = desk.bench.json(&["show", CASE]).1["messages"][0].clone();
    assert_eq!(message["signature"]["status"], json!("changed_key"), "{message:#}");
    assert!(desk.refused(&[]).contains("CHANGED KEY"));
    assert!(desk.bench.ok(&["key", "list"]).contains("CHANGED KEY"));

    let fingerprint = cert::read(&desk.mara, now()).unwrap().found[0].fingerprint.clone();
    desk.bench.ok(&["key", "verify", &fingerprint, "--how", "called her"]);
    let case = desk.bench.json(&["show", CASE]).1;
    assert_eq!(case["messages"][0]["signature"]["status"], json!("verified"));
    assert!(case["timeline"].as_array().unwrap().iter().any(|event| event["kind"] == json!("weighed")));
    assert_eq!(desk.reply(&[]).0, 0);
}

#[test]
fn a_key_that_comes_with_a_mail_is_first_use_and_never_verified() {
    let desk = Desk::new();
    let keydata = pgp::publish::minimal(&desk.mara, "mara@lindt.example", now()).unwrap();
    let field = mail::autocrypt::write("mara@lindt.example", &keydata, true);
    desk.report("one@lindt.example", &format!("{field}\r\n"));
    let message = desk.bench.json(&["show", CASE]).1["messages"][0].clone();
    assert_eq!(message["signature"]["status"], json!("first_use"), "{message:#}");
    let (code, told, _) = desk.reply(&[]);
    assert!(code == 0 && told.contains("first use"), "{told}");
    let key = desk.bench.json(&["key", "show", "mara"]).1;
    let origins: Vec<&Value> = key["seen"].as_array().unwrap().iter().map(|seen| &seen["origin"]).collect();
    assert_eq!(origins, [&json!("autocrypt"), &json!("signature")]);
}

#[test]
fn a_locked_key_stays_locked_and_opens_for_its_passphrase() {
    let (bench, mara) = (Bench::new(), key("Mara Lindt", "mara@lindt.example"));
    let team = key("Example Security", "security@example.org");
    let locked = pgp::lock::lock(&team, &"sesame".into()).unwrap();
    let file = bench.file("team.key", &locked[..]);
    bench.ok(&["key", "import", file.to_str().unwrap()]);
    let desk = Desk { bench, team, mara };
    desk.knows(&desk.mara);
    desk.report("one@lindt.example", "");
    let message = desk.bench.json(&["show", CASE]).1["messages"][0].clone();
    assert_eq!(message["encryption"], json!("failed"));
    assert!(desk.refused(&[]).contains("locked"));
    let (wrong, right) = (desk.bench.file("wrong", "x\n"), desk.bench.file("right", "sesame\n"));
    let unlock = |file: &std::path::Path| {
        desk.bench.run(&["key", "unlock", "--key-passphrase-file", file.to_str().unwrap()])
    };
    assert_eq!(unlock(&wrong).status.code(), Some(1));
    let told = unlock(&right);
    assert!(String::from_utf8(told.stdout).unwrap().contains("1 messages opened"));
    assert_eq!(desk.bench.json(&["show", CASE]).1["messages"][0]["encryption"], json!("whole"));
    assert_eq!(desk.reply(&["--key-passphrase-file", right.to_str().unwrap()]).0, 0);
    assert_eq!(desk.bench.json(&["key", "list"]).1[0]["locked"], json!(true));
}

/// "Re: What's up Johnny": ciphertext of somebody else, hidden in a mail, must
/// not come out in our answer to it.
#[test]
fn nothing_that_we_decrypt_for_reading_is_quoted() {
    let desk = Desk::new();
    let stolen = encrypt_signed(b"the secret of a third\n", &[&public(&desk.team)], None, now()).unwrap();
    let body =
        format!("Hello, what do you think of this?\n\n{}\nBest, Eve", String::from_utf8(stolen).unwrap());
    let raw = mail("e@x.example", "Eve <eve@x.example>", "question", "", &body);
    desk.bench.import(&desk.bench.file("eve.eml", raw));
    let eve = key("Eve", "eve@x.example");
    desk.knows(&eve);
    assert!(desk.bench.ok(&["show", CASE]).contains("the secret of a third"), "it is read by the team");
    let eml = desk.bench.path("eve-answer.eml");
    desk.bench.ok(&["reply", CASE, "-t", "question", "-o", eml.to_str().unwrap()]);
    let thief = Desk { mara: eve, ..desk };
    let (_, inside) = thief.read_by_mara(&std::fs::read(&eml).unwrap());
    let inside = String::from_utf8(inside).unwrap();
    assert!(inside.contains("Hello Eve") && !inside.contains("the secret of a third"), "{inside}");
}
