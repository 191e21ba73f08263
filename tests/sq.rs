//! Mail that goes back and forth between ninety and Sequoia's `sq`, each with
//! the other's key. `sq` reads the clock of the machine, so the keys are old
//! and live long. Skipped, and said so, where there is no `sq`.
#![allow(clippy::unwrap_used)]

use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;

use chrono::{DateTime, Utc};
use ninety::pgp::compose::{SigningKey, encrypt_signed, sign_cleartext};
use ninety::pgp::keyring::KnownCerts;
use ninety::pgp::make::{Suite, make};
use ninety::pgp::{Keyring, Outcome, Protected, cert, decrypt, publish};

const TEXT: &[u8] = b"Heap overflow in the IFD parser\n";

fn born() -> DateTime<Utc> {
    "2024-01-01T12:00:00Z".parse().unwrap()
}

/// The program with files and keys of its own.
struct Sq {
    home: tempfile::TempDir,
    /// Before version 0.30 its options had other names.
    is_old: bool,
}

impl Sq {
    fn new() -> Option<Self> {
        let Ok(told) = Command::new("sq").arg("--version").output() else {
            eprintln!("skipped: there is no sq on this machine");
            return None;
        };
        let told = [told.stdout, told.stderr].concat();
        let told = String::from_utf8_lossy(&told).into_owned();
        let mut numbers =
            told.split(|c: char| !c.is_ascii_digit()).filter_map(|number| number.parse::<u32>().ok());
        let version = (numbers.next().unwrap(), numbers.next().unwrap());
        Some(Self { home: tempfile::tempdir().unwrap(), is_old: version < (0, 30) })
    }

    fn name(&self, old: &'static str, new: &'static str) -> &'static str {
        if self.is_old { old } else { new }
    }

    fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.home.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }

    fn run(&self, verb: &str, options: &[(&str, &PathBuf)], input: &[u8]) -> (bool, Vec<u8>, String) {
        let mut command = Command::new("sq");
        command.env("SEQUOIA_HOME", self.home.path()).env("HOME", self.home.path()).arg(verb);
        options.iter().for_each(|(name, file)| {
            command.arg(name).arg(file);
        });
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        // It may end before it has read everything.
        let _ = child.stdin.take().unwrap().write_all(input);
        let output = child.wait_with_output().unwrap();
        (output.status.success(), output.stdout, String::from_utf8_lossy(&output.stderr).into_owned())
    }
}

fn key(suite: Suite, address: &str) -> Protected {
    make("Name", address, suite, Duration::from_secs(30 * 365 * 86_400), born()).unwrap().key
}

struct One(Vec<u8>);

impl KnownCerts for One {
    fn find(&self, _: &str) -> Vec<Vec<u8>> {
        vec![self.0.clone()]
    }
}

#[test]
fn each_reads_what_the_other_encrypted_and_signed() {
    let Some(sq) = Sq::new() else { return };
    // One key of each kind is enough: making one of RSA takes seconds.
    for suite in [Suite::Cv25519, Suite::Rsa4096] {
        let (ours, theirs) = (key(suite, "security@example.org"), key(Suite::Cv25519, "mara@example.net"));
        let armored = |key: &[u8]| publish::armored(key).unwrap();
        let (our_cert, their_cert) = (cert::public_part(&ours).unwrap(), cert::public_part(&theirs).unwrap());
        let their_key = sq.file("mara.key", &publish::armored_secret(&theirs).unwrap());
        let our_file = sq.file("team.asc", &armored(&our_cert));

        let message = encrypt_signed(TEXT, &[&their_cert], Some(SigningKey::Here(&ours)), born()).unwrap();
        let recipient = (sq.name("--recipient-key", "--recipient-file"), &their_key);
        let signer = (sq.name("--signer-cert", "--signer-file"), &our_file);
        let (is_good, text, told) = sq.run("decrypt", &[recipient, signer], &message);
        assert!(is_good && text == TEXT, "{told}");
        let stranger = sq.file("stranger.asc", &armored(&their_cert));
        let unsigned = (signer.0, &stranger);
        assert!(!sq.run("decrypt", &[recipient, unsigned], &message).0, "signed by somebody else");

        let to = (sq.name("--recipient-cert", "--for-file"), &our_file);
        let by = (sq.name("--signer-key", "--signer-file"), &their_key);
        let (is_made, message, told) = sq.run("encrypt", &[to, by], TEXT);
        assert!(is_made, "{told}");
        let known = One(their_cert);
        let opened = decrypt(&message, &Keyring::new([&ours[..]], &known), Utc::now());
        assert_eq!(opened.plaintext.as_deref(), Some(TEXT), "{:?}", opened.failure);
        assert_eq!(opened.signatures[0].outcome, Outcome::Good);
    }
}

#[test]
fn sq_verifies_what_we_sign_in_the_clear() {
    let Some(sq) = Sq::new() else { return };
    let ours = key(Suite::Cv25519, "security@example.org");
    let our_file = sq.file("team.asc", &publish::armored(&ours).unwrap());
    let signed = sign_cleartext("- dashes\nand words\n", SigningKey::Here(&ours), born()).unwrap();
    let signer = (sq.name("--signer-cert", "--signer-file"), &our_file);
    // Newer versions want to be told which form of signature it is.
    let form = sq.file("signed.asc", &signed);
    let verify = |file: &PathBuf| {
        let options = if sq.is_old { vec![signer] } else { vec![signer, ("--cleartext", file)] };
        sq.run("verify", &options, &std::fs::read(file).unwrap())
    };
    let (is_good, text, told) = verify(&form);
    assert!(is_good, "{told}");
    assert!(String::from_utf8_lossy(&text).contains("and words"), "{told}");
    let altered = String::from_utf8(signed).unwrap().replace("words", "swords");
    assert!(!verify(&sq.file("altered.asc", altered.as_bytes())).0);
}
