//! The store of a drill beside real ones: its clock, its passphrase, its marks,
//! and the wall between what is an exercise and what is not.
#![allow(clippy::unwrap_used)]

mod support;

use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use ninety::desk::answer::{Draft, Wish};
use ninety::desk::{Clock, Desk, Pace, Password, Place, Readers, Team};
use ninety::mail::{self, Content};
use ninety::pgp::{self, Keyring, cert};
use ninety::triage::mark::LINE;
use serde_json::{Value, json};
use support::{Bench, NOW, mail};

const MARA: &str = "Mara Lindt <mara@lindt.example>";
/// What the machine's clock says while the drill is played.
const MACHINE: &str = "2031-01-01T00:00:00Z";

fn now() -> DateTime<Utc> {
    NOW.parse().unwrap()
}

fn team() -> Team {
    Team { name: "Example".into(), address: "security@example.org".into(), prefix: "SEC".into() }
}

/// A desk in a new store, a drill or not.
fn desk(directory: &Path, is_drill: bool) -> Desk {
    let (place, clock) = (Place::new(directory), Clock::Frozen(now()));
    let passphrase = Password::from("throw away");
    let mut desk = place.create(&passphrase, &team(), "ann", clock, Readers::in_this_process()).unwrap();
    if is_drill {
        desk.set_aside("drill", "heap").unwrap();
    }
    desk
}

/// A bench whose store is a drill that stands still at [`NOW`].
fn drill() -> Bench {
    let bench = Bench::bare();
    desk(&bench.store(), true);
    bench.file("store/passphrase", "throw away\n");
    bench.file("store/config.toml", "[regulation]\ncra = true\n");
    Pace::create(&bench.store(), now(), Duration::from_secs(3_600), true).unwrap();
    bench
}

/// Runs a command while the environment names what belongs to the real store.
fn run(bench: &Bench, arguments: &[&str]) -> (i32, String, String) {
    let config = bench.file("real.toml", "[regulation]\ncra = false\n");
    let mut command = bench.command(arguments);
    let output = command.env("NINETY_NOW", MACHINE).env("NINETY_CONFIG", config).output().unwrap();
    let words = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), words(output.stdout), words(output.stderr))
}

fn ok(bench: &Bench, arguments: &[&str]) -> String {
    let (code, out, errors) = run(bench, arguments);
    assert_eq!(code, 0, "{errors}");
    let said = errors.matches("TEST DRILL: this store is an exercise; nothing in it is real\n").count();
    assert_eq!(said, 1, "{errors}");
    out
}

fn document(bench: &Bench, arguments: &[&str]) -> Value {
    serde_json::from_str(&ok(bench, &[&["--json"], arguments].concat())).unwrap()
}

fn report(bench: &Bench, name: &str, subject: &str) -> PathBuf {
    bench.file(name, mail(&format!("{name}@lindt.example"), MARA, subject, "", "A crafted IFD count."))
}

#[test]
fn a_command_goes_by_the_clock_and_the_rules_of_the_drill() {
    let bench = drill();
    let file = report(&bench, "one", "[TEST DRILL] Heap overflow");
    ok(&bench, &["import", file.to_str().unwrap()]);
    assert_eq!(document(&bench, &["stats"])["now"], json!(NOW));
    Pace::open(&bench.store()).unwrap().set(now() + TimeDelta::days(2)).unwrap();
    assert_eq!(document(&bench, &["stats"])["now"], json!("2026-11-25T12:00:00Z"));
    // The configuration beside it counts, in which the company has this duty.
    ok(&bench, &["aware", "SEC-2026-0001"]);
    let case = document(&bench, &["show", "SEC-2026-0001"]);
    assert_eq!(case["title"], json!("Heap overflow"));
    assert!(case.to_string().contains("2026-11-25T12:00:00Z"), "{case:#}");
    // Nobody has to give a passphrase, and one that is given for another store does no harm.
    let mut command = bench.command(&["list"]);
    assert!(command.env_remove("NINETY_PASSPHRASE_FILE").output().unwrap().status.success());
}

#[test]
fn a_drill_without_its_clock_is_still_one() {
    let bench = drill();
    std::fs::remove_file(bench.store().join("clock.json")).unwrap();
    bench.file("passphrase", "throw away\n");
    assert_eq!(document(&bench, &["stats"])["now"], json!(MACHINE));
}

#[test]
fn a_clock_that_cannot_be_read_is_named() {
    let bench = drill();
    bench.file("store/clock.json", "{");
    let (code, _, errors) = run(&bench, &["list"]);
    assert_eq!(code, 1);
    assert!(errors.contains("clock.json") && errors.contains("start the drill anew"), "{errors}");
}

#[test]
fn a_real_store_goes_by_no_clock_of_a_drill() {
    let bench = Bench::new();
    Pace::create(&bench.store(), now(), Duration::from_secs(1), false).unwrap();
    let (code, out, errors) = run(&bench, &["list"]);
    assert_eq!((code, out.as_str()), (3, ""));
    assert!(errors.contains("is a real store") && errors.contains("take clock.json"), "{errors}");
    // A passphrase beside it does not open it either, and the one that is given tells what it is.
    bench.file("store/passphrase", "throw away\n");
    let (code, _, errors) = run(&bench, &["list"]);
    assert!(code == 3 && errors.contains("is a real store"), "{errors}");
    let output = bench.command(&["list"]).env_remove("NINETY_PASSPHRASE_FILE").output().unwrap();
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.code() == Some(3) && errors.contains("take that file and clock.json away"));
    for file in ["ninety.db", "key.pgp"] {
        std::fs::remove_file(bench.store().join(file)).unwrap();
    }
    let (code, _, errors) = run(&bench, &["init"]);
    assert!(code == 3 && errors.contains("take clock.json"), "{errors}");
}

#[test]
fn mail_goes_to_its_own_kind_of_store_and_the_ledger_says_so() {
    for (is_drill, taken, refused, why) in [
        (false, "Heap", "Re: [TEST DRILL] Heap", "import it into the store of the drill"),
        (true, "Re: [TEST DRILL] Heap", "Heap", "import it into the real store"),
    ] {
        let bench = if is_drill { drill() } else { Bench::new() };
        let (good, bad) = (report(&bench, "good", taken), report(&bench, "bad", refused));
        let (code, out, errors) =
            run(&bench, &["--json", "import", good.to_str().unwrap(), bad.to_str().unwrap()]);
        let value: Value = serde_json::from_str(&out).unwrap();
        assert_eq!((code, &value["new_cases"]), (1, &json!(1)), "{value:#}");
        assert_eq!(value["failed"][0]["source"], json!(bad.to_str().unwrap()));
        assert!(value["failed"][0]["reason"].as_str().unwrap().contains(why), "{value:#}");
        assert!(errors.contains("not taken in") && errors.contains("[TEST DRILL]"), "{errors}");
        let (_, doctor, _) = run(&bench, &["doctor"]);
        assert!(doctor.contains("1 failed") && doctor.contains(why), "{doctor}");
    }
}

#[test]
fn what_a_drill_exports_says_what_it_is() {
    let bench = drill();
    let file = report(&bench, "one", "[TEST DRILL] Heap overflow");
    ok(&bench, &["import", file.to_str().unwrap()]);
    let csv = ok(&bench, &["stats", "--csv"]);
    assert!(csv.starts_with("drill,metric,group,week,value,unit,definition\r\n"), "{csv}");
    assert!(csv.lines().skip(1).all(|row| row.starts_with("TEST DRILL,")));
    assert!(ok(&bench, &["stats", "--html", "-"]).contains("<h1>TEST DRILL: Example"));
    assert_eq!(ok(&bench, &["stats"]).lines().next(), Some(LINE));
    assert_eq!(ok(&bench, &["draft", "SEC-2026-0001", "early"]).lines().next(), Some(LINE));
    let text = bench.file("answer.txt", "We look into it.\n");
    let reply = &["reply", "SEC-2026-0001", "--plaintext", "--text", text.to_str().unwrap()];
    assert!(ok(&bench, reply).starts_with("TEST DRILL: SEC-2026-0001 to Mara"));
    for command in [&["stats"][..], &["draft", "SEC-2026-0001", "early"], reply] {
        assert_eq!(document(&bench, command)["drill"], json!(true), "{command:?}");
    }
    let eml = ok(&bench, &[&reply[..], &["--output", "-"]].concat());
    assert!(eml.contains("Subject: [TEST DRILL] Re: Heap overflow [SEC-2026-0001]"), "{eml}");
    // A month later much is overdue.
    Pace::open(&bench.store()).unwrap().set(now() + TimeDelta::days(30)).unwrap();
    let (code, told, _) = run(&bench, &["remind"]);
    assert!(code == 1 && told.lines().all(|line| line.starts_with("[TEST DRILL] SEC-")), "{told}");
}

#[test]
fn an_answer_is_marked_outside_and_inside() {
    let home = tempfile::tempdir().unwrap();
    let mut desk = desk(&home.path().join("store"), true);
    let made = now() - TimeDelta::days(9);
    let ours = cert::generate("Example", "security@example.org", made).unwrap();
    let mara = cert::generate("Mara Lindt", "mara@lindt.example", made).unwrap();
    desk.take_key(&ours).unwrap();
    let question = mail("one@lindt.example", MARA, "[TEST DRILL] Heap", "", "A crafted IFD count.");
    let taken = desk.receive("test", question.as_bytes()).unwrap();
    let case = desk.key_of(taken.case.as_deref().unwrap()).unwrap();
    assert_eq!(desk.case(case).unwrap().title, "Heap");
    let draft = |subject: &str| Draft { subject: subject.to_owned(), text: "We look into it.\n".to_owned() };

    let clear = desk.plan(case, &Wish { in_the_clear: true, ..Wish::default() }).unwrap();
    assert_eq!(clear.subject, "[TEST DRILL] Re: Heap [SEC-2026-0001]");
    let written = desk.answer(&clear, &draft("Your report"), &[]).unwrap().bytes;
    let outside = mail::parse(&written);
    assert_eq!(outside.headers.subject.as_deref(), Some("[TEST DRILL] Your report"));
    let words = String::from_utf8(written.clone()).unwrap();
    let inner = words.find("Subject: [TEST DRILL] Your report").unwrap();
    assert!(words[inner + 1..].contains("Subject: [TEST DRILL] Your report"), "the protected one: {words}");
    assert!(words.contains(&format!("{LINE}\r\n\r\nWe look into it.")), "{words}");

    desk.take_key(&cert::public_part(&mara).unwrap()).unwrap();
    let plan = desk.plan(case, &Wish::default()).unwrap();
    let written = desk.answer(&plan, &draft(&plan.subject), &[]).unwrap();
    assert!(written.encrypted_to.is_some());
    let outside = mail::parse(&written.bytes);
    assert_eq!(outside.headers.subject.as_deref(), Some("[TEST DRILL] [SEC-2026-0001] [...]"));
    let Content::Parts(parts) = &outside.root.content else { panic!("not PGP/MIME") };
    let Content::Bytes(cipher) = &parts[1].content else { panic!("no ciphertext") };
    let opened = pgp::decrypt(cipher, &Keyring::new([&mara[..]], &Nobody), now()).plaintext.unwrap();
    let inside = mail::parse(&opened);
    assert_eq!(inside.headers.subject.as_deref(), Some("[TEST DRILL] Re: Heap [SEC-2026-0001]"));
    let words = String::from_utf8(opened.clone()).unwrap();
    assert!(words.contains(&format!("{LINE}\r\n\r\nWe look into it.")), "{words}");
    assert_eq!(words.matches("[TEST DRILL] Re:").count(), 1, "{words}");

    // What is kept is what was written.
    let kept = desk.dossier(case).unwrap().messages.pop().unwrap().content;
    assert_eq!(kept.subject, "[TEST DRILL] Re: Heap [SEC-2026-0001]");
    assert!(kept.text.starts_with(LINE));
    // No real store takes it.
    let mut real = self::desk(&home.path().join("real"), false);
    let offered = real.receive("test", &written.bytes).unwrap();
    assert!(offered.case.is_none() && real.store().latest_failures(9).unwrap().len() == 1);
}

#[test]
fn a_store_says_whether_it_is_a_drill_and_keeps_what_is_laid_aside() {
    let home = tempfile::tempdir().unwrap();
    let mut desk = desk(home.path(), false);
    assert!(!desk.is_drill() && desk.pace().is_none());
    assert_eq!(desk.aside("played").unwrap(), None);
    desk.set_aside("played", "one").unwrap();
    desk.set_aside("played", "one two").unwrap();
    assert_eq!(desk.aside("played").unwrap().as_deref(), Some("one two"));
    desk.set_aside("drill", "heap").unwrap();
    assert!(desk.is_drill() && desk.second().unwrap().is_drill());
    assert_eq!(desk.team(), &team());
    assert_eq!(desk.real_until(now()), None);
    let pace = Pace::create(home.path(), now(), Duration::from_secs(60), true).unwrap();
    let desk = desk.handed_to("ben", Clock::Drill(pace));
    assert_eq!((desk.now(), desk.real_until(now())), (now(), None));
    desk.pace().unwrap().resume().unwrap();
    assert!(desk.real_until(now() + TimeDelta::days(1)).is_some_and(|left| left <= Duration::from_secs(60)));
}

struct Nobody;

impl pgp::KnownCerts for Nobody {
    fn find(&self, _: &str) -> Vec<Vec<u8>> {
        Vec::new()
    }
}
