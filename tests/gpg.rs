//! Keys and mail that go back and forth between ninety and GnuPG.
#![allow(clippy::unwrap_used)]

#[path = "support/gnupg.rs"]
mod gnupg;

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use gnupg::Gpg;
use ninety::pgp::cert::{Found, KeyError, public_part, read};
use ninety::pgp::compose::{SigningKey, encrypt_signed, sign_cleartext, sign_detached};
use ninety::pgp::detail::{SecretPart, detail};
use ninety::pgp::keyring::{KnownCerts, Nobody};
use ninety::pgp::lock::{lock, unlock};
use ninety::pgp::make::{Made, Suite, make};
use ninety::pgp::publish::{armored, armored_secret};
use ninety::pgp::renew::{add_user_id, extend, rotate};
use ninety::pgp::revoke::{Reason, apply_revocation, revoke};
use ninety::pgp::{Failure, Keyring, Opened, Outcome, Protected, decrypt, verify_detached, verify_inline};

const YEAR: Duration = Duration::from_secs(365 * 24 * 60 * 60);
const TEAM: &str = "security@example.org";
const TEXT: &[u8] = b"Heap overflow in the IFD parser\n";

fn at(time: &str) -> DateTime<Utc> {
    format!("{time}T12:00:00Z").parse().unwrap()
}

/// When everybody's keys are made.
fn born() -> DateTime<Utc> {
    at("2026-01-01")
}

fn now() -> DateTime<Utc> {
    at("2026-11-23")
}

fn ours(suite: Suite) -> Made {
    make("Team", TEAM, suite, YEAR, born()).unwrap()
}

fn found(bytes: &[u8]) -> Found {
    read(bytes, now()).unwrap().found.remove(0)
}

/// Knows one certificate.
struct One(Vec<u8>);

impl KnownCerts for One {
    fn find(&self, _: &str) -> Vec<Vec<u8>> {
        vec![self.0.clone()]
    }
}

/// Makes a key with a passphrase in GnuPG and reads it as ninety would.
fn gpgs(gpg: &Gpg, algorithm: &str, encryption: &str) -> Protected {
    let id = format!("{algorithm} <{algorithm}@example.net>");
    gpg.ok(born(), &["--quick-generate-key", &id, algorithm, "sign,cert", "2y"], b"");
    let fingerprint = gpg.records(born(), &id).iter().find(|record| record[0] == "fpr").unwrap()[9].clone();
    gpg.ok(born(), &["--quick-add-key", &fingerprint, encryption, "encr", "2y"], b"");
    let exported = gpg.ok(born(), &["--armor", "--export-secret-keys", &fingerprint], b"").stdout;
    let key = found(&exported);
    assert!(key.is_secret && key.is_locked, "{algorithm}");
    let locked = key.secret.unwrap();
    assert!(matches!(unlock(&locked, &"other".into()), Err(KeyError::WrongPassphrase)));
    unlock(&locked, &"pw".into()).unwrap()
}

fn good(opened: &Opened) {
    assert_eq!(opened.failure, None);
    assert_eq!(opened.signatures.len(), 1);
    assert_eq!(opened.signatures[0].outcome, Outcome::Good);
}

/// Mail and signatures both ways with a key that both sides hold, unlocked here.
fn both_ways(gpg: &Gpg, key: &[u8]) {
    let (cert, who) = (public_part(key).unwrap(), found(key).fingerprint);
    let known = One(cert.clone());
    let keyring = Keyring::new([key], &known);

    let message = encrypt_signed(TEXT, &[&cert], Some(SigningKey::Here(key)), now()).unwrap();
    let theirs = gpg.ok(now(), &["--decrypt"], &message);
    assert_eq!(theirs.stdout, TEXT);
    assert!(theirs.says("DECRYPTION_OKAY") && theirs.says("GOODSIG") && theirs.says("GOODMDC"));
    let signature = gpg.file("ours.sig", &sign_detached(TEXT, SigningKey::Here(key), now()).unwrap());
    assert!(gpg.ok(now(), &["--verify", &signature, "-"], TEXT).says("GOODSIG"));
    assert!(gpg.run(now(), &["--verify", &signature, "-"], b"other").says("BADSIG"));
    let signed = sign_cleartext("- dashes\nand words\n", SigningKey::Here(key), now()).unwrap();
    assert!(gpg.ok(now(), &["--verify"], &signed).says("GOODSIG"));

    let user = ["--local-user", &who, "--recipient", &who, "--armor"];
    let write = |verbs: &[&str]| gpg.ok(now(), &[&user[..], verbs].concat(), TEXT).stdout;
    let opened = decrypt(&write(&["--sign", "--encrypt"]), &keyring, now());
    good(&opened);
    assert_eq!(opened.plaintext.as_deref(), Some(TEXT));
    good(&verify_detached(TEXT, &write(&["--detach-sign"]), &keyring, now()));
    good(&verify_inline(&write(&["--clear-sign"]), &keyring, now()));
}

#[test]
fn our_version_4_keys_are_gpgs_as_well() {
    let Some(gpg) = Gpg::new() else { return };
    for suite in [Suite::Cv25519, Suite::Rsa4096] {
        let made = ours(suite);
        gpg.ok(now(), &["--import"], &armored_secret(&made.key).unwrap());
        both_ways(&gpg, &made.key);
    }
}

#[test]
fn gpgs_keys_with_their_passphrases_are_ours_as_well() {
    let Some(gpg) = Gpg::new() else { return };
    for (algorithm, encryption, words) in [
        ("ed25519", "cv25519", "Ed25519/Cv25519"),
        ("nistp256", "nistp256", "NIST P-256"),
        ("nistp384", "nistp384", "NIST P-384"),
        ("nistp521", "nistp521", "NIST P-521"),
        ("rsa2048", "rsa2048", "RSA-2048"),
    ] {
        let key = gpgs(&gpg, algorithm, encryption);
        assert_eq!(found(&key).algorithm, words);
        both_ways(&gpg, &key);
        // The primary key of GnuPG signs; a rotation gives it a subkey for that.
        let rotated = rotate(&key, at("2029-01-01"), at("2026-12-01"), at("2026-11-01")).unwrap();
        assert_eq!(detail(&rotated, now()).unwrap().keys.len(), 4, "{algorithm}");
        gpg.ok(now(), &["--import"], &armored(&rotated).unwrap());
        let signature =
            gpg.file("rotated.sig", &sign_detached(TEXT, SigningKey::Here(&rotated), now()).unwrap());
        assert!(gpg.ok(now(), &["--verify", &signature, "-"], TEXT).says("GOODSIG"), "{algorithm}");
    }
}

#[test]
fn a_key_that_we_locked_opens_in_gpg_with_its_passphrase() {
    let Some(gpg) = Gpg::new() else { return };
    let key = ours(Suite::Cv25519).key;
    let message = encrypt_signed(TEXT, &[&key], None, now()).unwrap();
    let locked = armored_secret(&lock(&key, &"pw".into()).unwrap()).unwrap();
    gpg.ok(now(), &["--import"], &locked);
    assert_eq!(gpg.ok(now(), &["--decrypt"], &message).stdout, TEXT);
    let Some(other) = Gpg::new() else { return };
    let locked = armored_secret(&lock(&key, &"something else".into()).unwrap()).unwrap();
    // GnuPG asks for the passphrase of a key when it is imported or when it is first used.
    other.run(now(), &["--import"], &locked);
    assert!(!other.run(now(), &["--decrypt"], &message).ok);
}

#[test]
fn gpg_sees_a_longer_validity_another_address_and_the_end() {
    let Some(gpg) = Gpg::new() else { return };
    let made = ours(Suite::Cv25519);
    let (until, later) = (at("2028-06-01"), at("2027-06-01"));
    gpg.ok(now(), &["--import"], &armored(&made.key).unwrap());
    let ends = |records: &[Vec<String>]| {
        let keys = records.iter().filter(|record| record[0] == "pub" || record[0] == "sub");
        keys.map(|record| record[6].clone()).collect::<Vec<_>>()
    };
    let standing =
        |records: &[Vec<String>]| records.iter().find(|record| record[0] == "pub").unwrap()[1].clone();
    assert_eq!(standing(&gpg.records(later, TEAM)), "e", "expired");
    let longer = extend(&made.key, until, now()).unwrap();
    let both = add_user_id(&longer, "PSIRT", "psirt@example.org", now() + TimeDelta::days(1)).unwrap();
    gpg.ok(later, &["--import"], &armored(&both).unwrap());
    let records = gpg.records(later, TEAM);
    assert_eq!(ends(&records), vec![until.timestamp().to_string(); 3]);
    let ids: Vec<_> = records.iter().filter(|record| record[0] == "uid").map(|record| &record[9]).collect();
    assert_eq!(ids, ["Team <security@example.org>", "PSIRT <psirt@example.org>"]);
    gpg.ok(later, &["--encrypt", "--recipient", "psirt@example.org"], TEXT);
    let ended = revoke(&both, Reason::Superseded, "see the new key", later).unwrap();
    gpg.ok(later, &["--import"], &armored(&ended).unwrap());
    assert_eq!(standing(&gpg.records(later, TEAM)), "r");
    assert!(!gpg.run(later, &["--encrypt", "--recipient", TEAM], TEXT).ok);
}

#[test]
fn gpg_uses_what_a_rotation_made_and_opens_what_came_before() {
    let Some(gpg) = Gpg::new() else { return };
    let key = ours(Suite::Cv25519).key;
    gpg.ok(born(), &["--import"], &armored(&key).unwrap());
    let to_team = ["--encrypt", "--recipient", TEAM];
    let before = gpg.ok(at("2026-10-01"), &to_team, TEXT).stdout;
    let rotated = rotate(&key, at("2028-11-01"), at("2026-12-01"), at("2026-11-01")).unwrap();
    gpg.ok(now(), &["--import"], &armored(&rotated).unwrap());
    for when in [now(), at("2027-06-01")] {
        let after = gpg.ok(when, &to_team, TEXT).stdout;
        let opens = |key: &[u8], mail: &[u8]| {
            decrypt(mail, &Keyring::new([key], &Nobody), when).plaintext.as_deref() == Some(TEXT)
        };
        assert!(opens(&rotated, &before) && opens(&rotated, &after));
        assert!(opens(&key, &before) && !opens(&key, &after), "not for the new subkey");
        let signature =
            gpg.file("rotated.sig", &sign_detached(TEXT, SigningKey::Here(&rotated), when).unwrap());
        assert!(gpg.ok(when, &["--verify", &signature, "-"], TEXT).says("GOODSIG"));
    }
    gpg.ok(now(), &["--import"], &armored_secret(&rotated).unwrap());
    assert_eq!(gpg.ok(at("2027-06-01"), &["--decrypt"], &before).stdout, TEXT);
}

#[test]
fn revocation_certificates_go_both_ways() {
    let Some(gpg) = Gpg::new() else { return };
    let made = ours(Suite::Cv25519);
    gpg.ok(now(), &["--import"], &armored(&made.key).unwrap());
    gpg.ok(now(), &["--import"], &made.revocation);
    assert_eq!(gpg.records(now(), TEAM).iter().find(|record| record[0] == "pub").unwrap()[1], "r");

    gpg.ok(born(), &["--quick-generate-key", "Ann <ann@example.net>", "ed25519", "sign,cert", "2y"], b"");
    let cert = found(&gpg.ok(born(), &["--export", "ann@example.net"], b"").stdout).public;
    let answers = b"y\n1\ncompromised\n\ny\n";
    let revocation =
        gpg.run(now(), &["--no-batch", "--command-fd", "0", "--gen-revoke", "ann@example.net"], answers);
    assert!(!revocation.stdout.is_empty(), "{}", revocation.stderr);
    let ended = found(&apply_revocation(&cert, &revocation.stdout).unwrap());
    assert!(ended.fitness.to_string().starts_with("revoked"), "{}", ended.fitness);
    assert!(apply_revocation(&made.key, &revocation.stdout).is_err());
}

/// Old keys of a team: the library does no ElGamal and no brainpool curves.
#[test]
fn what_ninety_cannot_decrypt_is_named() {
    let Some(gpg) = Gpg::new() else { return };
    let recipe = "%no-protection\nKey-Type: DSA\nKey-Length: 2048\nSubkey-Type: ELG-E\n\
        Subkey-Length: 2048\nName-Email: old@example.net\nExpire-Date: 2y\n%commit\n";
    gpg.ok(born(), &["--gen-key", &gpg.file("recipe", recipe.as_bytes())], b"");
    let elgamal = gpg.ok(born(), &["--export-secret-keys", "old@example.net"], b"").stdout;
    let brainpool = gpgs(&gpg, "brainpoolP256r1", "brainpoolP256r1").to_vec();
    for (key, algorithm) in [(elgamal, "ElGamal-2048"), (brainpool, "brainpoolP256r1")] {
        let who = found(&key).fingerprint;
        let message = gpg.ok(now(), &["--encrypt", "--recipient", &who], TEXT).stdout;
        let opened = decrypt(&message, &Keyring::new([&key[..]], &Nobody), now());
        assert_eq!(opened.failure, Some(Failure::Unsupported(algorithm.to_owned())));
        let words = opened.failure.unwrap().to_string();
        assert_eq!(words, format!("uses {algorithm}, which ninety cannot do; GnuPG may open it"));
        let keys = detail(&key, now()).unwrap().keys;
        let told = format!("{algorithm} (cannot decrypt here)");
        assert!(keys.iter().any(|key| key.algorithm == told), "{keys:?}");
        assert!(rotate(&key, at("2029-01-01"), at("2026-12-01"), now()).is_err());
    }
}

/// An offline primary key: GnuPG leaves a stub in its place.
#[test]
fn a_stub_is_told_and_not_asked_for() {
    let Some(gpg) = Gpg::new() else { return };
    let whole = gpgs(&gpg, "ed25519", "cv25519");
    let who = found(&whole).fingerprint;
    let exported = gpg.ok(born(), &["--export-secret-subkeys", &who], b"").stdout;
    let key = unlock(&found(&exported).secret.unwrap(), &"pw".into()).unwrap();
    let parts: Vec<_> = detail(&key, now()).unwrap().keys.iter().map(|key| key.secret).collect();
    assert_eq!(parts, [SecretPart::Elsewhere, SecretPart::Open]);
    assert!(matches!(extend(&key, at("2029-01-01"), now()), Err(KeyError::NoSecret)));
    let locked = lock(&key, &"pw".into()).unwrap();
    let parts: Vec<_> = detail(&locked, now()).unwrap().keys.iter().map(|key| key.secret).collect();
    assert_eq!(parts, [SecretPart::Elsewhere, SecretPart::Locked]);
}

/// GnuPG 2.2 reads no version 6 packets, so these kinds only meet themselves here.
#[test]
fn newer_kinds_are_for_us_and_gpg_imports_nothing_of_them() {
    for suite in [Suite::V6, Suite::PostQuantum] {
        let key = ours(suite).key;
        let cert = public_part(&key).unwrap();
        let known = One(cert.clone());
        let keyring = Keyring::new([&*key], &known);
        let opened = decrypt(
            &encrypt_signed(TEXT, &[&cert], Some(SigningKey::Here(&key)), now()).unwrap(),
            &keyring,
            now(),
        );
        good(&opened);
        assert_eq!(opened.plaintext.as_deref(), Some(TEXT));
        assert_eq!(opened.encrypted.unwrap().cipher.as_deref(), Some("AES-256, OCB"));
        good(&verify_detached(
            TEXT,
            &sign_detached(TEXT, SigningKey::Here(&key), now()).unwrap(),
            &keyring,
            now(),
        ));
        good(&verify_inline(
            &sign_cleartext("words\n", SigningKey::Here(&key), now()).unwrap(),
            &keyring,
            now(),
        ));
        let reread = unlock(
            &found(&armored_secret(&lock(&key, &"pw".into()).unwrap()).unwrap()).secret.unwrap(),
            &"pw".into(),
        );
        assert_eq!(reread.unwrap(), key);
        if let Some(gpg) = Gpg::new() {
            assert!(!gpg.run(now(), &["--import"], &armored(&key).unwrap()).says("IMPORT_OK"));
        }
    }
}
