//! Messages that other people made, opened as the manifest of the corpus says
//! that they should be. Skipped, and said so, where the corpus is not at hand.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::path::PathBuf;

use chrono::{DateTime, Utc};
use ninety::desk::envelope::{self, Keys};
use ninety::pgp::detail::detail;
use ninety::pgp::fitness::can_encrypt_to;
use ninety::pgp::publish;
use ninety::pgp::{self, Failure, Keyring, KnownCerts, Outcome, Password, Protected, cert, lock};
use ninety::triage::message::{Encryption, SignatureStatus};
use serde_json::Value;

fn now() -> DateTime<Utc> {
    "2026-11-23T12:00:00Z".parse().unwrap()
}

fn corpus() -> Option<PathBuf> {
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    let root = std::env::var_os("NINETY_CORPUS").map_or(beside, PathBuf::from);
    let is_there = root.join("manifest.jsonl").is_file();
    if !is_there {
        eprintln!("skipped: no corpus at {}", root.display());
    }
    is_there.then_some(root)
}

/// The certificates that the manifest names as signers.
struct Signers(BTreeMap<String, Vec<Vec<u8>>>);

impl Signers {
    fn read(root: &std::path::Path) -> Self {
        let index: BTreeMap<String, String> =
            serde_json::from_slice(&std::fs::read(root.join("certs.json")).unwrap()).unwrap();
        let mut files: Vec<String> = index.into_values().collect();
        files.sort();
        files.dedup();
        let mut handles: BTreeMap<String, Vec<Vec<u8>>> = BTreeMap::new();
        for file in files {
            let Ok(keys) = cert::read(&std::fs::read(root.join(file)).unwrap(), now()) else { continue };
            for found in keys.found {
                for handle in found.handles {
                    handles.entry(handle).or_default().push(found.public.clone());
                }
            }
        }
        Self(handles)
    }
}

impl KnownCerts for Signers {
    fn find(&self, handle: &str) -> Vec<Vec<u8>> {
        self.0.get(handle).cloned().unwrap_or_default()
    }
}

/// The secret keys of one case, unlocked with its passphrase.
fn team(root: &std::path::Path, case: &Value) -> Vec<Protected> {
    let passphrase = case["passphrase"].as_str().map(Password::from);
    let files = case["keys"].as_array().unwrap();
    let read = |file: &Value| cert::read(&std::fs::read(root.join(file.as_str().unwrap())).unwrap(), now());
    let keys = files.iter().filter_map(|file| read(file).ok()).flat_map(|file| file.found);
    keys.filter_map(|found| {
        let secret = found.secret?;
        match &passphrase {
            Some(passphrase) if found.is_locked => lock::unlock(&secret, passphrase).ok(),
            _ => Some(secret),
        }
    })
    .collect()
}

fn cases(root: &std::path::Path, kind: &str) -> Vec<Value> {
    let manifest = std::fs::read_to_string(root.join("manifest.jsonl")).unwrap();
    let lines = manifest.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    lines.filter(|case| case["kind"] == kind).collect()
}

#[test]
fn messages_open_as_the_manifest_says() {
    let Some(root) = corpus() else { return };
    let signers = Signers::read(&root);
    let mut wrong = Vec::new();
    let mut opened_count = 0;
    for case in cases(&root, "openpgp") {
        let file = case["file"].as_str().unwrap();
        let keys = team(&root, &case);
        let keyring = Keyring::new(keys.iter().map(|key| &**key), &signers);
        let bytes = std::fs::read(root.join(file)).unwrap();
        let is_cleartext = bytes.windows(34).any(|window| window == b"-----BEGIN PGP SIGNED MESSAGE-----");
        let opened = if is_cleartext {
            pgp::verify_inline(&bytes, &keyring, now())
        } else {
            pgp::decrypt(&bytes, &keyring, now())
        };
        let expect = &case["expect"];
        // Passwords are never tried: the sender prices each guess.
        let by_password = opened.failure == Some(Failure::PasswordOnly);
        if expect["decrypts"] == true && !by_password {
            opened_count += 1;
            if opened.plaintext.is_none() {
                wrong.push(format!("{file}: not decrypted: {:?} {}", opened.failure, case["layers"]));
            }
        }
        let good = opened.signatures.iter().any(|signature| signature.outcome == Outcome::Good);
        let wanted = expect["signature"].as_str().unwrap_or_default();
        if good != wanted.contains("good") {
            wrong.push(format!("{file}: good {good}, manifest {wanted}: {:?}", opened.signatures));
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert!(opened_count > 50);
}

/// Where ninety differs from the manifest on purpose: end of the file name, in what, and why.
const EXPLAINED: &[(&str, &str, &str)] = &[
    ("crlf-encrypted-with-signature.mbox", "encryption", "opens: the undecoded body is tried too"),
    ("openpgp-encrypted-applemail.mbox", "encryption", "a gateway's structure, repaired and noted"),
    ("mangling/mixed-up.eml", "encryption", "a gateway's structure, repaired and noted"),
    ("chatmail/message/mixed-up-long.eml", "encryption", "a gateway's structure, repaired and noted"),
    ("schleuder/mails/exchange.eml", "encryption", "a gateway's structure, repaired and noted"),
    ("protonmail-repaired.eml", "encryption", "its ciphertext was taken out: failed, not encrypted"),
    ("containing-pgp-garbage.txt", "encryption", "it has no ciphertext: failed, not encrypted"),
    (
        "openpgp-encrypted-attachment-and-non-encrypted-attachment.mbox",
        "text",
        "said by an attachment, not by the text",
    ),
    ("openpgp-encrypted-attachment.mbox", "text", "said by an attachment, not by the text"),
    ("hp_legacy_display.eml", "text", "the legacy copy of the subject is not shown twice (RFC 9788)"),
    (
        "rfc1847_encapsulation.eml",
        "not verified",
        "signed an hour and a half after its Date, which nothing protects",
    ),
];

#[test]
fn mail_reads_as_the_manifest_says() {
    let Some(root) = corpus() else { return };
    let signers = Signers::read(&root);
    let (mut wrong, mut opened, mut verified) = (Vec::new(), 0, 0);
    let is_explained = |file: &str, what: &str| {
        EXPLAINED.iter().any(|(known, kind, _)| file.ends_with(known) && *kind == what)
    };
    for case in cases(&root, "mail") {
        let file = case["file"].as_str().unwrap();
        let keys = team(&root, &case);
        let keyring = Keyring::new(keys.iter().map(|key| &**key), &signers);
        let raw = std::fs::read(root.join(file)).unwrap();
        let reading = envelope::read(&raw, Keys { pgp: &keyring, age: &[] }, now());
        let (expect, verdict) = (&case["expect"], &reading.content.verdict);
        let mut complain = |what: &str| {
            if !is_explained(file, what) {
                wrong
                    .push(format!("{file}: {what}\n  {expect}\n  {verdict:?}\n  {:?}", reading.content.text));
            }
        };
        if expect["decrypts"] == true {
            opened += 1;
            if !matches!(verdict.encryption, Encryption::Whole | Encryption::Partial) {
                complain("not decrypted");
            }
            let said = expect["substring"].as_str().unwrap_or_default();
            let has = squeezed(&reading.content.text).contains(&squeezed(said));
            if !has && !squeezed(&String::from_utf8_lossy(&raw)).contains(&squeezed(said)) {
                complain("text");
            }
        }
        let display = expect["display"].as_str().unwrap();
        let whole = matches!(verdict.encryption, Encryption::Whole);
        if display.starts_with("encrypted") != whole {
            complain("encryption");
        }
        let is_verified = verdict.signature.status == SignatureStatus::Verified;
        verified += usize::from(is_verified);
        if !is_verified && display.ends_with("verified") {
            complain("not verified");
        }
        // For this there is no explanation.
        assert!(
            !is_verified || display.ends_with("verified"),
            "{file}: verified, but the manifest says {display}"
        );
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert!(opened > 60 && verified > 15);
}

fn files(directory: &std::path::Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files(&path, found) } else { found.push(path) }
    }
}

#[test]
fn every_certificate_can_be_told_and_published() {
    let Some(root) = corpus() else { return };
    let mut paths = Vec::new();
    files(&root, &mut paths);
    let (mut told, mut served) = (0, 0);
    for path in paths {
        let Ok(keys) = cert::read(&std::fs::read(&path).unwrap(), now()) else { continue };
        for found in keys.found {
            let detail = detail(&found.public, now()).unwrap();
            assert_eq!((&detail.fingerprint, &detail.fitness), (&found.fingerprint, &found.fitness));
            assert_eq!(detail.keys[0].fingerprint, found.fingerprint);
            assert_eq!(detail.user_ids.len(), found.user_ids.len());
            assert!(!detail.strength.is_empty() && publish::armored(&found.public).is_ok());
            told += 1;
            for address in &found.emails {
                let small = publish::minimal(&found.public, address, now());
                assert_eq!(
                    small.as_ref().map(|small| can_encrypt_to(small, address, now())),
                    can_encrypt_to(&found.public, address, now()).ok().map(Ok),
                    "{} {address}",
                    path.display()
                );
                assert!(small.as_ref().is_none_or(|small| small.len() <= found.public.len()));
                served += usize::from(small.is_some());
            }
        }
    }
    eprintln!("{told} certificates told, {served} addresses served");
    assert!(told > 100 && served > 50);
}

#[test]
fn plain_mail_is_never_protected() {
    let Some(root) = corpus() else { return };
    let signers = Signers::read(&root);
    let keyring = Keyring::new([], &signers);
    for case in cases(&root, "plain-mail") {
        let file = case["file"].as_str().unwrap();
        let reading =
            envelope::read(&std::fs::read(root.join(file)).unwrap(), Keys { pgp: &keyring, age: &[] }, now());
        let verdict = reading.content.verdict;
        assert!(!matches!(verdict.encryption, Encryption::Whole | Encryption::Partial), "{file}");
        assert_ne!(verdict.signature.status, SignatureStatus::Verified, "{file}");
    }
}

/// Without white space: lines may be wrapped otherwise than in the raw plaintext.
fn squeezed(text: &str) -> String {
    text.chars().filter(|character| !character.is_whitespace()).collect()
}
