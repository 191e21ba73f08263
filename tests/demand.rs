//! The dates that mails ask for: in the mails of a corpus that lies beside the
//! repository (skipped where it is missing), hardly any of which is a report;
//! and in mails that come later, or open later.
#![allow(clippy::unwrap_used)]

mod support;

use std::path::{Path, PathBuf};

use chrono::Utc;
use ninety::mail::compose::{self, Envelope};
use ninety::pgp::{cert, compose::encrypt_signed};
use ninety::triage::Person;
use serde_json::{Value, json};
use support::{Bench, mail};

fn corpus() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    let place = std::env::var_os("NINETY_CORPUS").map_or(beside, PathBuf::from);
    if place.is_dir() {
        return Some(place);
    }
    eprintln!("skipped: there is no corpus in {}", place.display());
    None
}

fn files(directory: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files(&path, found) } else { found.push(path) }
    }
}

#[test]
fn ordinary_mail_demands_nothing() {
    let Some(corpus) = corpus() else { return };
    let mut all = Vec::new();
    files(&corpus, &mut all);
    let received = "2026-11-23T09:02:00Z".parse().unwrap();
    let (mut read, mut demands) = (0, Vec::new());
    for file in all {
        let bytes = std::fs::read(&file).unwrap();
        if bytes.len() > ninety::mail::MAX_MESSAGE {
            continue;
        }
        let text = ninety::mail::render(&ninety::mail::parse(&bytes).root).text;
        read += 1;
        let found = ninety::triage::demand::propose(&text, received, &Utc);
        demands.extend(found.into_iter().map(|demand| format!("{}: {}", file.display(), demand.sentence)));
    }
    assert!(read > 100, "{read} files are no corpus");
    assert!(demands.len() <= 3, "{} in {read} files:\n{}", demands.len(), demands.join("\n"));
}

/// What is said about a case, as JSON.
fn demand(bench: &Bench, case: &str) -> Value {
    bench.json(&["show", case]).1["demand"].clone()
}

#[test]
fn a_later_mail_counts_its_days_from_its_own_arrival() {
    let bench = Bench::new();
    let header = |day: u32| format!("Received: from x by y; {day} Nov 2026 10:00:00 +0000\n");
    let first = mail("a@x", "Mara <mara@x.example>", "Overflow", &header(2), "A crafted file.");
    bench.import(&bench.file("a.eml", first));
    let answer = format!("{}In-Reply-To: <a@x>\n", header(20));
    let later = mail("b@x", "Mara <mara@x.example>", "Re: Overflow", &answer, "We will publish in 7 days.");
    bench.import(&bench.file("b.eml", later));
    assert_eq!(demand(&bench, "SEC-2026-0001")["at"], json!("2026-11-27T10:00:00Z"));
}

#[test]
fn what_a_mail_asks_for_is_read_when_it_opens_later() {
    let bench = Bench::new();
    let at = support::NOW.parse().unwrap();
    let team = cert::generate("Team", "security@example.org", at).unwrap();
    let to = cert::public_part(&team).unwrap();
    let payload = compose::payload("We will publish the details on 14 January 2027.\n", &[]);
    let message = encrypt_signed(&payload, &[&to], None, at).unwrap();
    let person = |email: &str| Person { name: String::new(), email: email.into() };
    let envelope = Envelope {
        from: &person("mara@x.example"),
        to: &person("security@example.org"),
        subject: "Overflow",
        date: at,
        message_id: "a@x",
        in_reply_to: None,
        references: &[],
        autocrypt: None,
    };
    bench.import(&bench.file("a.eml", compose::encrypted(&envelope, &message)));
    assert_eq!(demand(&bench, "SEC-2026-0001"), json!(null));
    bench.ok(&["key", "import", bench.file("team.key", &*team).to_str().unwrap()]);
    assert_eq!(demand(&bench, "SEC-2026-0001")["at"], json!("2027-01-14T00:00:00Z"));
}
