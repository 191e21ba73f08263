//! The key ring through the built program: the team's own keys from birth to
//! their end, and certificates from where programs keep them.
#![allow(clippy::unwrap_used)]

mod support;

use std::path::Path;
use std::process::Output;

use ninety::desk::{Clock, Desk, Place, Readers, Team};
use ninety::pgp::wkd::wkd;
use ninety::pgp::{self, cert};
use ninety::triage::Trust;
use serde_json::{Value, json};
use support::{Bench, NOW};

fn now() -> chrono::DateTime<chrono::Utc> {
    NOW.parse().unwrap()
}

fn text(output: &Output) -> String {
    String::from_utf8([&output.stdout[..], &output.stderr].concat()).unwrap()
}

fn made(bench: &Bench, kind: &str) -> Value {
    let (code, key) = bench.json(&["key", "new", "--kind", kind]);
    assert_eq!(code, 0, "{key:#}");
    key
}

fn fingerprint(key: &Value) -> &str {
    key["fingerprint"].as_str().unwrap()
}

#[test]
fn a_key_of_each_kind_is_made_with_its_revocation_certificate() {
    // RSA-4096 takes seconds; it is made in the tests with GnuPG.
    for (kind, algorithm) in [
        ("cv25519", "Ed25519/Cv25519"),
        ("v6", "Ed25519/X25519"),
        ("pqc", "ML-DSA-65+Ed25519/ML-KEM-768+X25519"),
    ] {
        let bench = Bench::new();
        let key = made(&bench, kind);
        assert_eq!(key["algorithm"], json!(algorithm));
        assert_eq!(key["user_ids"], json!(["Example Security <security@example.org>"]));
        let armored = bench.ok(&["key", "export", fingerprint(&key), "--revocation"]);
        let revoked = pgp::revoke::apply_revocation(
            bench.ok(&["key", "export", fingerprint(&key)]).as_bytes(),
            armored.as_bytes(),
        );
        let found = cert::read(&revoked.unwrap(), now()).unwrap().found.remove(0);
        assert!(matches!(found.fitness, pgp::fitness::Fitness::Revoked { .. }), "{kind}");
    }
    let bench = Bench::new();
    let unknown = bench.run(&["key", "new", "--kind", "dsa"]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(text(&unknown).contains("take one of cv25519, rsa4096, v6, pqc"), "{}", text(&unknown));
}

/// The answer of a command that is given this many hours later.
fn later(bench: &Bench, hours: i64, arguments: &[&str]) -> (i32, Value) {
    let at = (now() + chrono::TimeDelta::hours(hours)).to_rfc3339();
    let all = [&["--json"], arguments].concat();
    let output = bench.command(&all).env("NINETY_NOW", at).output().unwrap();
    let value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| json!(text(&output)));
    (output.status.code().unwrap(), value)
}

#[test]
fn a_key_is_extended_rotated_and_ended_and_what_happened_is_on_record() {
    let bench = Bench::new();
    let key = made(&bench, "cv25519");
    let id = fingerprint(&key);
    let expires = |key: &Value| key["expires_at"].as_str().unwrap()[..10].to_owned();
    let (_, extended) = later(&bench, 1, &["key", "extend", id, "--valid", "3y"]);
    assert_eq!((expires(&key), expires(&extended)), ("2028-11-22".to_owned(), "2029-11-22".to_owned()));
    assert_eq!(later(&bench, 2, &["key", "rotate", id, "--overlap", "10d"]).0, 0);
    let (_, shown) = later(&bench, 3, &["key", "show", id]);
    let ends = |part: &Value| part["expires_at"].as_str().map(|at| at[..10].to_owned());
    let old =
        shown["parts"].as_array().unwrap().iter().filter(|part| ends(part).as_deref() == Some("2026-12-03"));
    assert_eq!((shown["parts"].as_array().unwrap().len(), old.count()), (5, 2), "{shown:#}");

    let (code, refused) = later(&bench, 4, &["key", "revoke", id, "--reason", "superseded"]);
    assert!(code == 1 && refused.as_str().unwrap().contains("not confirmed"), "{refused}");
    let (code, ended) = later(&bench, 4, &["key", "revoke", id, "--reason", "superseded", "--confirm", id]);
    assert!(code == 0 && ended["usable"] == json!(false), "{ended:#}");
    let (_, shown) = later(&bench, 5, &["key", "show", id]);
    let record: Vec<&str> =
        shown["record"].as_array().unwrap().iter().map(|event| event["what"].as_str().unwrap()).collect();
    assert_eq!(record.len(), 4, "{record:?}");
    assert!(record[0] == "made here" && record[3].starts_with("revoked as superseded"), "{record:?}");
}

#[test]
fn the_secret_key_leaves_locked_and_only_when_that_is_said_twice() {
    let bench = Bench::new();
    let key = made(&bench, "cv25519");
    let id = fingerprint(&key);
    let passphrase = bench.file("key-passphrase", "sesame\n");
    let lock = ["--key-passphrase-file", passphrase.to_str().unwrap()];
    let once = bench.run(&[&["key", "export", id, "--secret"], &lock[..]].concat());
    assert_eq!((once.status.code(), once.stdout.len()), (Some(1), 0), "{}", text(&once));
    let armored = bench.ok(&[&["key", "export", id, "--secret", "--confirm", id], &lock[..]].concat());
    let found = cert::read(armored.as_bytes(), now()).unwrap().found.remove(0);
    assert!(found.is_secret && found.is_locked);

    // What is kept locked is renewed with its passphrase, and stays locked.
    let other = Bench::new();
    let file = other.file("team.key", &armored);
    other.ok(&["key", "import", file.to_str().unwrap()]);
    assert_eq!(other.run(&["key", "extend", id]).status.code(), Some(1));
    let passphrase = other.file("key-passphrase", "sesame\n");
    let lock = ["--key-passphrase-file", passphrase.to_str().unwrap()];
    let (code, extended) = other.json(&[&["key", "extend", id, "--valid", "5y"], &lock[..]].concat());
    assert!(code == 0 && extended["locked"] == json!(true), "{extended:#}");
}

#[test]
fn what_is_published_is_the_smallest_certificate_where_programs_look() {
    let bench = Bench::new();
    made(&bench, "cv25519");
    let root = bench.path("web");
    bench.ok(&["key", "publish", root.to_str().unwrap()]);
    let place = wkd("security@example.org").unwrap();
    let bytes = std::fs::read(root.join(place.path())).unwrap();
    assert_eq!(pgp::wkd::from_wkd(&bytes, "security@example.org", now()).len(), 1);
    assert!(root.join(place.policy()).is_file());
    assert!(!cert::read(&bytes, now()).unwrap().found[0].is_secret);
}

#[test]
fn keys_are_found_by_address_name_fingerprint_and_end() {
    let bench = Bench::new();
    let key = made(&bench, "cv25519");
    let short = |query: &str| bench.json(&["key", "list", query]).1.as_array().unwrap().len();
    let spaced = format!("{} {}", &fingerprint(&key)[..4], &fingerprint(&key)[4..12]);
    for query in ["security@example.org", "example sec", &fingerprint(&key)[24..], &spaced] {
        assert_eq!(short(query), 1, "{query}");
    }
    assert_eq!(short("nobody"), 0);
    let ending = |time: &str| bench.json(&["key", "list", "--expiring", time]).1.as_array().unwrap().len();
    assert_eq!((ending("90d"), ending("3y")), (0, 1));
    assert_eq!(bench.run(&["key", "list", "--expiring", "soon"]).status.code(), Some(2));
}

#[test]
fn an_age_identity_opens_what_is_encrypted_to_it() {
    let bench = Bench::new();
    let (identity, recipient) = ninety::age::generate();
    let file = bench.file("identity.txt", [b"# made by a test\n", &identity[..], b"\n"].concat());
    let (code, import) = bench.json(&["key", "import", file.to_str().unwrap()]);
    assert_eq!((code, &import["identities"]), (0, &json!([recipient])));
    assert!(bench.ok(&["key", "list"]).contains(&recipient));
    let (_, made) = bench.json(&["key", "new", "--age"]);
    assert!(made["recipient"].as_str().unwrap().starts_with("age1"));
    let mut names: Vec<_> =
        std::fs::read_dir(bench.store()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.retain(|name| !name.to_string_lossy().starts_with("ninety.db"));
    assert_eq!(names, ["key.pgp"], "the identity is in the database alone");
}

#[test]
fn a_certificate_from_the_shared_directory_is_first_use_until_compared() {
    let bench = Bench::new();
    let key = cert::generate("Mara Lindt", "mara@lindt.example", now() - chrono::TimeDelta::days(9)).unwrap();
    let found = cert::read(&key, now()).unwrap().found.remove(0);
    let name = found.fingerprint.to_lowercase();
    bench.file(&format!("certs/{}/{}", &name[..2], &name[2..]), &found.public);
    let collect = |query: &str| {
        let mut command = bench.command(&["key", "collect", query]);
        command.env("PGP_CERT_D", bench.path("certs")).output().unwrap()
    };
    assert_eq!(collect("nobody@lindt.example").status.code(), Some(1));
    let told = collect("Mara@lindt.example");
    assert!(told.status.success() && text(&told).contains("first use"), "{}", text(&told));
    assert_eq!(bench.json(&["key", "list", "mara"]).1[0]["trust"], json!("first_use"));
    assert!(collect(&found.fingerprint).status.success());
}

#[test]
fn nothing_is_asked_of_the_web_before_a_person_agrees() {
    let bench = Bench::new();
    let output = bench.run(&["key", "fetch", "mara@lindt.example"]);
    assert_eq!(output.status.code(), Some(1));
    let told = text(&output);
    assert!(
        told.contains("https://openpgpkey.lindt.example/.well-known/openpgpkey/lindt.example/hu/"),
        "{told}"
    );
    assert!(told.contains("--features wkd") || told.contains("nothing was asked"), "{told}");
    assert_eq!(bench.run(&["key", "fetch", "no address"]).status.code(), Some(2));
}

#[test]
fn the_web_key_directory_speaks_for_its_address_alone() {
    let directory = tempfile::tempdir().unwrap();
    let mut desk = desk(directory.path());
    let key = |email: &str| cert::generate("Mara", email, now() - chrono::TimeDelta::days(9)).unwrap();
    let (mara, eve) = (key("mara@lindt.example"), key("eve@x.example"));
    let both = [cert::public_part(&mara).unwrap(), cert::public_part(&eve).unwrap()].concat();
    let asked = std::cell::RefCell::new(Vec::new());
    let get = |url: &str| {
        asked.borrow_mut().push(url.to_owned());
        if url.contains("openpgpkey.lindt") { Err("no such host".to_owned()) } else { Ok(Some(both.clone())) }
    };
    let done = desk.fetch_keys("mara@lindt.example", &get).unwrap();
    assert_eq!(asked.borrow().len(), 2, "its own host first, then the domain");
    assert_eq!(done.held.len(), 1);
    assert_eq!(done.held[0].trust(), Some(Trust::FirstUse));
    let none = desk.fetch_keys("ben@lindt.example", &|_| Ok(None)).unwrap_err();
    assert!(none.to_string().contains("nothing at https://"), "{none}");
}

fn desk(directory: &Path) -> Desk {
    let team = Team { name: "Team".into(), address: "security@example.org".into(), prefix: "SEC".into() };
    let readers = Readers::in_this_process();
    let place = Place::new(directory.join("store"));
    place.create(&"x".into(), &team, "ann", Clock::Frozen(now()), readers).unwrap()
}
