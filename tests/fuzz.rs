//! Ten thousand mutants of each kind of message and key file, the same ones at
//! every run. None may make the reader panic, none may pass for what it is not:
//! a text that was altered is never verified, nor shown as the inside of a
//! whole encryption. Every test tells its time on stderr.
#![allow(clippy::unwrap_used)]

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::time::{Duration, Instant, SystemTime};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use ninety::age;
use ninety::desk::envelope::{self, Keys, Reading};
use ninety::mail::autocrypt;
use ninety::pgp::compose::{SigningKey, encrypt_signed, sign_cleartext, sign_detached};
use ninety::pgp::{Keyring, KnownCerts, Protected, cert};
use ninety::triage::message::{Encryption, SignatureStatus};
use sequoia_openpgp::cert::{CertBuilder, CipherSuite};
use sequoia_openpgp::serialize::MarshalInto as _;

/// Mutants of each kind.
const MUTANTS: usize = 10_000;

/// Bytes of a file of the corpus that mutants are made of.
const MAX_SEED: usize = 32 << 10;

/// What every signed or encrypted seed says.
const TEXT: &str = "It reads past the end of the table.\nSee the attached file.";

fn now() -> DateTime<Utc> {
    "2026-11-23T12:00:00Z".parse().unwrap()
}

/// The keys of all tests, made once.
struct Fixture {
    team: Protected,
    team_rsa: Protected,
    mara: Protected,
    certs: HashMap<String, Vec<u8>>,
    identities: Vec<age::Identity>,
    recipient: String,
}

static FIXTURE: LazyLock<Fixture> = LazyLock::new(|| {
    // The OpenPGP library has faults that its callers catch; they would fill the log.
    let report = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if !panic.location().is_some_and(|place| place.file().contains("sequoia-openpgp")) {
            report(panic);
        }
    }));
    let team = cert::generate("Team", "security@example.org", now()).unwrap();
    let mara = cert::generate("Mara", "mara@example.net", now()).unwrap();
    let (team_rsa, _) = CertBuilder::general_purpose(Some("Team <team@example.org>"))
        .set_cipher_suite(CipherSuite::RSA2k)
        .set_creation_time(SystemTime::from(now()))
        .generate()
        .unwrap();
    let (identity, recipient) = age::generate();
    let found = cert::read(&mara, now()).unwrap().found.remove(0);
    let certs = found.handles.iter().map(|handle| (handle.clone(), found.public.clone())).collect();
    let identities = age::read_identities(&identity).unwrap();
    let team_rsa = team_rsa.as_tsk().to_vec().unwrap().into();
    Fixture { team, team_rsa, mara, certs, identities, recipient }
});

impl KnownCerts for Fixture {
    fn find(&self, handle: &str) -> Vec<Vec<u8>> {
        self.certs.get(handle).cloned().into_iter().collect()
    }
}

impl Fixture {
    fn encrypt(&self, text: &str, to: &[u8], signer: Option<&[u8]>) -> String {
        let to = cert::public_part(to).unwrap();
        String::from_utf8(
            encrypt_signed(text.as_bytes(), &[&to], signer.map(SigningKey::Here), now()).unwrap(),
        )
        .unwrap()
    }

    fn signed(&self, part: &str) -> String {
        let data = part.replace('\n', "\r\n");
        let signature = sign_detached(data.as_bytes(), SigningKey::Here(&self.mara), now()).unwrap();
        format!(
            "Content-Type: multipart/signed; boundary=sig; protocol=\"application/pgp-signature\"\n\n\
             --sig\n{part}\n--sig\nContent-Type: application/pgp-signature\n\n{}\n--sig--\n",
            String::from_utf8(signature).unwrap()
        )
    }

    fn cleartext(&self) -> String {
        String::from_utf8(sign_cleartext(&format!("{TEXT}\n"), SigningKey::Here(&self.mara), now()).unwrap())
            .unwrap()
    }
}

fn mail(rest: &str) -> Vec<u8> {
    format!(
        "From: Mara <mara@example.net>\nTo: security@example.org\nDate: Mon, 23 Nov 2026 12:00:10 +0000\n\
         Subject: =?utf-8?q?a_report?=\nMessage-ID: <1@example.net>\nMIME-Version: 1.0\n{rest}"
    )
    .into_bytes()
}

fn pgp_mime(armored: &str) -> String {
    format!(
        "Content-Type: multipart/encrypted; boundary=enc; protocol=\"application/pgp-encrypted\"\n\n\
         --enc\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n\n\
         --enc\nContent-Type: application/octet-stream; name=encrypted.asc\n\n{armored}\n--enc--\n"
    )
}

fn part() -> String {
    format!("Content-Type: text/plain; charset=utf-8\n\n{TEXT}")
}

/// SplitMix64: the same numbers at every run.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % limit.max(1) as u64).unwrap()
    }

    /// A stretch of `length` bytes; mostly a short one.
    fn stretch(&mut self, length: usize) -> std::ops::Range<usize> {
        let longest = [4, 64, 1024, length][self.below(4)];
        let start = self.below(length);
        start..(start + 1 + self.below(longest)).min(length)
    }
}

/// One to four changes of `seed`; `other` gives the stretches that are spliced in.
fn mutant(numbers: &mut Numbers, seed: &[u8], other: &[u8]) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    for _ in 0..=numbers.below(4) {
        if bytes.is_empty() {
            break;
        }
        let at = numbers.below(bytes.len());
        match numbers.below(9) {
            0 => bytes[at] ^= 1 << numbers.below(8),
            1 => bytes[at] = numbers.next().to_le_bytes()[0],
            2 => bytes.truncate(at),
            3 => drop(bytes.drain(numbers.stretch(seed.len().min(bytes.len())))),
            4 => {
                let copy = bytes[numbers.stretch(bytes.len())].to_vec();
                drop(bytes.splice(at..at, copy));
            }
            5 => {
                let copy = other[numbers.stretch(other.len())].to_vec();
                let end = (at + numbers.below(copy.len() + 1)).min(bytes.len());
                drop(bytes.splice(at..end, copy));
            }
            // Lengths of packets, counts and boundaries are bytes and digits.
            6 => bytes[at] = [0, 1, 0x7f, 0x80, 0xfe, 0xff][numbers.below(6)],
            7 => {
                let digit = (0..bytes.len())
                    .map(|step| (at + step) % bytes.len())
                    .find(|&at| bytes[at].is_ascii_digit());
                digit.into_iter().for_each(|at| bytes[at] = b'0' + numbers.next().to_le_bytes()[0] % 10);
            }
            _ => {
                let lines: Vec<usize> = (0..bytes.len()).filter(|&at| bytes[at] == b'\n').collect();
                if let Some(&end) = lines.get(numbers.below(lines.len())) {
                    let from = lines.iter().rev().find(|&&line| line < end).map_or(0, |line| line + 1);
                    let line = bytes.drain(from..=end).collect::<Vec<u8>>();
                    let to = numbers.below(bytes.len() + 1);
                    drop(bytes.splice(to..to, line));
                }
            }
        }
    }
    bytes
}

/// Calls `check` with all mutants of the seeds.
fn hammer(kind: &str, seeds: &[Vec<u8>], mut check: impl FnMut(&[u8])) {
    LazyLock::force(&FIXTURE);
    let mut numbers =
        Numbers(kind.bytes().fold(90, |sum, byte| sum ^ u64::from(byte).rotate_left(sum as u32)));
    let (begin, mut slowest) = (Instant::now(), Duration::ZERO);
    seeds.iter().for_each(|seed| check(seed));
    for number in 0..MUTANTS {
        let other = &seeds[numbers.below(seeds.len())];
        let mutant = mutant(&mut numbers, &seeds[number % seeds.len()], other);
        let one = Instant::now();
        check(&mutant);
        slowest = slowest.max(one.elapsed());
    }
    eprintln!("{kind}: {MUTANTS} mutants in {:.1?}, the slowest {slowest:.1?}", begin.elapsed());
}

/// What must hold of every message, whatever was done to it.
fn sound(reading: &Reading, raw: &[u8]) {
    let verdict = &reading.content.verdict;
    let shown = || String::from_utf8_lossy(raw).into_owned();
    if verdict.encryption != Encryption::None {
        assert!(verdict.encryption_detail.is_some(), "{}", shown());
    }
    let status = verdict.signature.status;
    if !matches!(status, SignatureStatus::None | SignatureStatus::Verified) {
        assert!(verdict.signature.reason.is_some(), "{}", shown());
    }
    // Where the frame around a part is lost, the part is shown with its header.
    let (said, whole) = (lines(&reading.content.text), part());
    let is_original = said == lines(TEXT) || said == lines(&whole);
    if status == SignatureStatus::Verified {
        assert!(is_original, "verified:\n{}\n{said:?}", shown());
    }
    if verdict.encryption == Encryption::Whole {
        assert!(is_original, "encrypted:\n{}\n{said:?}", shown());
    }
}

/// A text without what neither signatures nor readers care about: white space at the ends of lines.
fn lines(text: &str) -> Vec<&str> {
    text.trim_end().lines().map(str::trim_end).collect()
}

/// Reads all mutants of the mails, with the team's keys. How many of the seeds
/// are `protected` as they should be is checked first.
fn read_all(kind: &str, seeds: &[Vec<u8>], protected: (Encryption, SignatureStatus)) {
    let keyring = Keyring::new([&*FIXTURE.team, &*FIXTURE.team_rsa], &*FIXTURE);
    let keys = Keys { pgp: &keyring, age: &FIXTURE.identities };
    for seed in seeds {
        let verdict = envelope::read(seed, keys, now()).content.verdict;
        assert_eq!((verdict.encryption, verdict.signature.status), protected, "{kind}: {verdict:?}");
    }
    hammer(kind, seeds, |raw| sound(&envelope::read(raw, keys, now()), raw));
}

#[test]
fn encrypted_to_curve25519() {
    let fixture = &*FIXTURE;
    let signed = fixture.encrypt(&part(), &fixture.team, Some(&fixture.mara));
    let nested = fixture.encrypt(&fixture.signed(&part()), &fixture.team, None);
    let seeds = [mail(&pgp_mime(&signed)), mail(&pgp_mime(&nested))];
    read_all("encrypted to Cv25519", &seeds, (Encryption::Whole, SignatureStatus::Verified));
}

#[test]
fn encrypted_to_rsa() {
    let fixture = &*FIXTURE;
    let armored = fixture.encrypt(&part(), &fixture.team_rsa, Some(&fixture.mara));
    read_all(
        "encrypted to RSA",
        &[mail(&pgp_mime(&armored))],
        (Encryption::Whole, SignatureStatus::Verified),
    );
}

#[test]
fn signed() {
    let seeds = [mail(&FIXTURE.signed(&part())), mail(&FIXTURE.signed(&part()).replace('\n', "\r\n"))];
    read_all("signed", &seeds, (Encryption::None, SignatureStatus::Verified));
}

#[test]
fn inline() {
    let fixture = &*FIXTURE;
    let armored = fixture.encrypt(TEXT, &fixture.team, Some(&fixture.mara));
    let html = format!("Content-Type: text/html\n\n<pre>{armored}</pre>");
    let seeds = [mail(&format!("\n{armored}")), mail(&html)];
    read_all("inline", &seeds, (Encryption::Whole, SignatureStatus::Verified));
}

#[test]
fn cleartext() {
    let seeds = [mail(&format!("\n{}", FIXTURE.cleartext()))];
    read_all("cleartext", &seeds, (Encryption::None, SignatureStatus::Verified));
}

#[test]
fn age_files() {
    let recipient: ::age::x25519::Recipient = FIXTURE.recipient.parse().unwrap();
    let armored = ::age::encrypt_and_armor(&recipient, TEXT.as_bytes()).unwrap();
    let base64 = format!("Content-Transfer-Encoding: base64\n\n{}", STANDARD.encode(&armored));
    let seeds = [mail(&format!("\n{armored}")), mail(&base64)];
    read_all("age", &seeds, (Encryption::Whole, SignatureStatus::None));
}

#[test]
fn autocrypt_headers() {
    let fixture = &*FIXTURE;
    let public = |key: &[u8]| cert::public_part(key).unwrap();
    let field = autocrypt::write("mara@example.net", &public(&fixture.mara), true).replace("\r\n", "\n");
    let other = autocrypt::write("security@example.org", &public(&fixture.team), false).replace("\r\n", "\n");
    let gossip = other.replace("Autocrypt:", "Autocrypt-Gossip:");
    let inside = fixture.encrypt(&format!("{field}\n{gossip}\n{}", part()), &fixture.team, None);
    let seeds = [mail(&format!("{field}\n\n{TEXT}\n")), mail(&format!("{field}\n{}", pgp_mime(&inside)))];
    let keyring = Keyring::new([&*fixture.team], fixture);
    let keys = Keys { pgp: &keyring, age: &[] };
    assert!(seeds.iter().all(|seed| !envelope::read(seed, keys, now()).brought.is_empty()));
    hammer("Autocrypt", &seeds, |raw| {
        let reading = envelope::read(raw, keys, now());
        sound(&reading, raw);
        assert!(reading.brought.len() <= 16);
        for brought in &reading.brought {
            assert!(brought.certificate.public.len() <= 64 << 10);
            let again = cert::read(&brought.certificate.public, now()).unwrap();
            assert!(again.found.iter().all(|found| !found.is_secret));
        }
    });
}

#[test]
fn mime_trees() {
    let fixture = &*FIXTURE;
    let armored = fixture.encrypt("secret words", &fixture.team, None);
    let tree = format!(
        "Content-Type: multipart/mixed; boundary=m\n\n--m\nContent-Type: multipart/alternative; boundary=a\n\n\
         --a\nContent-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable\n\nGr=FC=DFe\n\
         --a\nContent-Type: text/html\n\n<p>Hello</p><div style='display:none'>{armored}</div>\n--a--\n\
         --m\nContent-Type: message/rfc822\n\nFrom: x@y.example\nSubject: old\n{}\n\
         --m\nContent-Type: application/octet-stream; name=\"a.txt.pgp\"\nContent-Transfer-Encoding: base64\n\n{}\n\
         --m\nContent-Type: text/plain\n\n{}\nfooter\n--m--\n",
        pgp_mime(&armored),
        STANDARD.encode(&armored),
        fixture.cleartext(),
    );
    let quoted: String = armored.lines().map(|line| format!("> {line}\n")).collect();
    let seeds = [mail(&tree), mail(&format!("\nyou wrote:\n{quoted}\nyes\n"))];
    let keyring = Keyring::new([&*fixture.team], fixture);
    let keys = Keys { pgp: &keyring, age: &[] };
    assert!(seeds.iter().all(|seed| envelope::read(seed, keys, now()).content.text.contains("secret words")));
    hammer("MIME trees", &seeds, |raw| {
        let reading = envelope::read(raw, keys, now());
        // A mutant may cut the tree down to one of its signed or encrypted parts.
        if reading.content.verdict.encryption != Encryption::Whole {
            sound(&reading, raw);
        }
        if let Some(quote) = envelope::quotable(raw, keys, now()).text {
            let is_whole = reading.content.verdict.encryption == Encryption::Whole;
            assert!(is_whole || !quote.contains("secret words"), "{}", String::from_utf8_lossy(raw));
        }
    });
}

#[test]
fn key_files() {
    let fixture = &*FIXTURE;
    let mut seeds: Vec<Vec<u8>> = [&fixture.team, &fixture.team_rsa].map(|key| key.to_vec()).to_vec();
    seeds.push(cert::public_part(&fixture.team).unwrap());
    let digits = STANDARD.encode(&*fixture.mara);
    seeds.push(
        format!("-----BEGIN PGP PRIVATE KEY BLOCK-----\n\n{digits}\n-----END PGP PRIVATE KEY BLOCK-----\n")
            .into(),
    );
    hammer("key files", &seeds, |bytes| {
        let Ok(file) = cert::read(bytes, now()) else { return };
        for found in file.found {
            assert_eq!(found.secret.is_some(), found.is_secret);
            assert!(found.handles.contains(&found.fingerprint));
            if found.is_secret {
                let public = cert::read(&found.public, now()).unwrap();
                assert!(public.found.iter().all(|again| !again.is_secret));
            }
        }
    });
}

/// Messages that other people made, where they are at hand.
#[test]
fn corpus() {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    let root = std::env::var_os("NINETY_CORPUS").map_or(beside, PathBuf::from);
    let Ok(manifest) = std::fs::read_to_string(root.join("manifest.jsonl")) else {
        return eprintln!("skipped: no corpus at {}", root.display());
    };
    let cases = manifest.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    let files = cases.filter_map(|case| std::fs::read(root.join(case["file"].as_str()?)).ok());
    let seeds: Vec<Vec<u8>> = files.filter(|file| (1..MAX_SEED).contains(&file.len())).collect();
    assert!(seeds.len() > 100);
    let keyring = Keyring::new([&*FIXTURE.team], &*FIXTURE);
    let keys = Keys { pgp: &keyring, age: &FIXTURE.identities };
    hammer("corpus", &seeds, |raw| {
        let reading = envelope::read(raw, keys, now());
        // Nobody in the corpus has our keys.
        assert_ne!(reading.content.verdict.signature.status, SignatureStatus::Verified);
        assert_ne!(reading.content.verdict.encryption, Encryption::Whole);
        if raw.len() < MAX_SEED / 4 {
            let _ = cert::read(raw, now());
        }
    });
}
