//! Opening real messages: good ones, wrong ones, and bombs.

use std::io::Write as _;

use sequoia_openpgp::cert::CertRevocationBuilder;
use sequoia_openpgp::packet::signature::SignatureBuilder;
use sequoia_openpgp::packet::{Literal, OnePassSig, Packet, Padding, one_pass_sig::OnePassSig3};
use sequoia_openpgp::policy::StandardPolicy;
use sequoia_openpgp::serialize::stream::{Compressor, LiteralWriter, Message};
use sequoia_openpgp::serialize::{Marshal as _, MarshalInto as _};
use sequoia_openpgp::types::{
    CompressionAlgorithm, CompressionLevel, DataFormat, HashAlgorithm, ReasonForRevocation, SignatureType,
};

use super::*;
use crate::pgp::cert::{self, generate};
use crate::pgp::compose::{SigningKey, encrypt_signed, sign_cleartext, sign_detached};
use crate::pgp::keyring::{KnownCerts, Nobody};
use crate::pgp::{Outcome, Protected, budget};

fn now() -> DateTime<Utc> {
    "2026-11-23T12:00:00Z".parse().unwrap()
}

struct Shelf(Vec<Vec<u8>>);

impl KnownCerts for Shelf {
    fn find(&self, handle: &str) -> Vec<Vec<u8>> {
        let has = |bytes: &&Vec<u8>| {
            cert::read(bytes, now()).unwrap().found[0].handles.iter().any(|own| own == handle)
        };
        self.0.iter().filter(has).cloned().collect()
    }
}

struct Case {
    team: Protected,
    reporter: Protected,
    shelf: Shelf,
}

impl Case {
    fn new() -> Self {
        let team = generate("Team", "security@example.org", now()).unwrap();
        let reporter = generate("Mara", "mara@example.net", now()).unwrap();
        let shelf = Shelf(vec![public(&reporter)]);
        Self { team, reporter, shelf }
    }

    fn keyring(&self) -> Keyring<'_> {
        Keyring::new([&*self.team], &self.shelf)
    }

    fn report(&self, text: &[u8]) -> Vec<u8> {
        encrypt_signed(text, &[&public(&self.team)], Some(SigningKey::Here(&self.reporter)), now()).unwrap()
    }
}

fn public(key: &[u8]) -> Vec<u8> {
    cert::read(key, now()).unwrap().found.remove(0).public
}

#[test]
fn an_encrypted_and_signed_report_opens_with_its_signer() {
    let case = Case::new();
    let opened = decrypt(&case.report(b"heap overflow"), &case.keyring(), now());
    assert_eq!(opened.failure, None);
    assert_eq!(opened.plaintext.as_deref(), Some(&b"heap overflow"[..]));
    let encrypted = opened.encrypted.unwrap();
    assert_eq!(encrypted.recipients.len(), 1);
    assert_eq!(encrypted.cipher.as_deref(), Some("AES-256, MDC"));
    assert!(encrypted.opened_with.is_some());
    let [signature] = &opened.signatures[..] else { panic!("{:?}", opened.signatures) };
    assert_eq!(signature.outcome, Outcome::Good);
    assert_eq!(signature.emails, ["mara@example.net"]);
    assert!(!signature.outside);
}

#[test]
fn an_expired_key_of_ours_still_opens_old_mail() {
    let case = Case::new();
    let report = case.report(b"old");
    let opened = decrypt(&report, &case.keyring(), "2035-01-01T00:00:00Z".parse().unwrap());
    assert_eq!(opened.plaintext.as_deref(), Some(&b"old"[..]));
    assert_eq!(opened.signatures[0].outcome, Outcome::Good, "valid when it was made");
}

#[test]
fn without_our_key_the_recipients_are_named() {
    let case = Case::new();
    let opened = decrypt(&case.report(b"x"), &Keyring::new([], &Nobody), now());
    assert_eq!(opened.plaintext, None);
    let Some(Failure::NoKey { recipients }) = &opened.failure else { panic!("{:?}", opened.failure) };
    let handles = cert::read(&case.team, now()).unwrap().found.remove(0).handles;
    assert!(handles.contains(&recipients[0]), "{recipients:?}");
}

#[test]
fn hidden_recipients_are_found_and_others_are_not_called_damaged() {
    let case = Case::new();
    let policy = sequoia_openpgp::policy::StandardPolicy::at(SystemTime::from(now()));
    let ours = Cert::from_bytes(&case.team).unwrap();
    let to = ours.keys().with_policy(&policy, SystemTime::from(now())).for_transport_encryption();
    let hidden = to.map(|key| {
        let recipient = sequoia_openpgp::serialize::stream::Recipient::from(key);
        recipient.set_key_handle(Option::<KeyHandle>::None).unwrap()
    });
    let mut message = Vec::new();
    let encryptor =
        sequoia_openpgp::serialize::stream::Encryptor::for_recipients(Message::new(&mut message), hidden);
    let mut literal = LiteralWriter::new(encryptor.build().unwrap()).build().unwrap();
    literal.write_all(b"blind copy").unwrap();
    literal.finalize().unwrap();
    assert_eq!(decrypt(&message, &case.keyring(), now()).plaintext.as_deref(), Some(&b"blind copy"[..]));
    let other = generate("Other", "other@example.com", now()).unwrap();
    let opened = decrypt(&message, &Keyring::new([&*other], &Nobody), now());
    assert_eq!(opened.failure, Some(Failure::NoKey { recipients: vec!["a hidden recipient".to_owned()] }));
}

#[test]
fn a_locked_key_of_ours_is_told_and_not_tried() {
    let case = Case::new();
    let cert = Cert::from_bytes(&case.team).unwrap();
    let packets: Vec<Packet> = cert
        .keys()
        .subkeys()
        .secret()
        .map(|key| key.key().clone().encrypt_secret(&"passphrase".into()).unwrap().into())
        .collect();
    let locked = cert.insert_packets(packets).unwrap().0;
    let bytes = sequoia_openpgp::serialize::MarshalInto::to_vec(&locked.as_tsk()).unwrap();
    let opened = decrypt(&case.report(b"x"), &Keyring::new([&bytes[..]], &Nobody), now());
    assert!(matches!(opened.failure, Some(Failure::Locked { .. })), "{:?}", opened.failure);
}

#[test]
fn a_password_alone_is_never_tried() {
    let mut message = Vec::new();
    let encryptor =
        sequoia_openpgp::serialize::stream::Encryptor::with_passwords(Message::new(&mut message), Some("x"));
    let mut literal = LiteralWriter::new(encryptor.build().unwrap()).build().unwrap();
    literal.write_all(b"secret").unwrap();
    literal.finalize().unwrap();
    let opened = decrypt(&message, &Case::new().keyring(), now());
    assert_eq!(opened.failure, Some(Failure::PasswordOnly));
}

#[test]
fn every_flipped_byte_leaves_either_the_same_text_or_none() {
    let case = Case::new();
    let armored = case.report(b"integrity");
    let mut packets = Vec::new();
    let mut reader = sequoia_openpgp::armor::Reader::from_bytes(&armored, None);
    std::io::Read::read_to_end(&mut reader, &mut packets).unwrap();
    for at in (0..packets.len()).step_by(7) {
        let mut bytes = packets.clone();
        bytes[at] ^= 0x20;
        let opened = decrypt(&bytes, &case.keyring(), now());
        match opened.plaintext {
            Some(text) => assert_eq!(text, b"integrity", "byte {at}"),
            None => assert!(opened.failure.is_some(), "byte {at}"),
        }
    }
}

#[test]
fn unknown_bad_and_good_detached_signatures_differ() {
    let case = Case::new();
    let signature = sign_detached(b"data\r\n", SigningKey::Here(&case.reporter), now()).unwrap();
    let outcome = |data: &[u8], keyring: &Keyring<'_>| {
        let opened = verify_detached(data, &signature, keyring, now());
        assert_eq!((opened.failure, opened.plaintext), (None, None));
        opened.signatures[0].outcome.clone()
    };
    assert_eq!(outcome(b"data\r\n", &case.keyring()), Outcome::Good);
    assert_eq!(outcome(b"date\r\n", &case.keyring()), Outcome::Bad);
    assert_eq!(outcome(b"data\r\n", &Keyring::new([], &Nobody)), Outcome::UnknownKey);
}

#[test]
fn a_signature_from_the_future_is_not_good() {
    let case = Case::new();
    let late = now() + chrono::Duration::days(2);
    let signature = sign_detached(b"data", SigningKey::Here(&case.reporter), late).unwrap();
    let opened = verify_detached(b"data", &signature, &case.keyring(), now());
    assert_eq!(opened.signatures[0].outcome, Outcome::FromTheFuture);
}

#[test]
fn a_signature_made_for_somebody_else_is_told() {
    let case = Case::new();
    let other = generate("Other", "other@example.com", now()).unwrap();
    // Signed for the other one alone, then encrypted to us by whoever got it.
    let mut signed = Vec::new();
    let policy = sequoia_openpgp::policy::StandardPolicy::at(SystemTime::from(now()));
    let signer = Cert::from_bytes(&case.reporter).unwrap();
    let key = signer
        .keys()
        .with_policy(&policy, SystemTime::from(now()))
        .for_signing()
        .unencrypted_secret()
        .next()
        .unwrap();
    let ours = Cert::from_bytes(&case.team).unwrap();
    let to = ours.keys().with_policy(&policy, SystemTime::from(now())).for_transport_encryption();
    let message = Message::new(&mut signed);
    let message = sequoia_openpgp::serialize::stream::Encryptor::for_recipients(message, to).build().unwrap();
    let pair = key.key().clone().into_keypair().unwrap();
    let signing = sequoia_openpgp::serialize::stream::Signer::new(message, pair).unwrap();
    let signing = signing.creation_time(SystemTime::from(now()));
    let message = signing.add_intended_recipient(&Cert::from_bytes(&other).unwrap()).build().unwrap();
    let mut literal = LiteralWriter::new(message).build().unwrap();
    literal.write_all(b"meet me").unwrap();
    literal.finalize().unwrap();
    let opened = decrypt(&signed, &case.keyring(), now());
    assert_eq!(opened.signatures[0].outcome, Outcome::OtherRecipient);
}

#[test]
fn cleartext_releases_only_what_was_signed() {
    let case = Case::new();
    let signed = sign_cleartext("signed words\n- a list\n", SigningKey::Here(&case.reporter), now()).unwrap();
    let mail = [b"Ignore the rest.\n", &signed[..], b"\nP.S. pay Eve\n"].concat();
    let opened = verify_inline(&mail, &case.keyring(), now());
    let text = String::from_utf8(opened.plaintext.unwrap()).unwrap();
    assert!(text.contains("signed words") && text.contains("- a list"), "{text:?}");
    assert!(!text.contains("Eve") && !text.contains("Ignore"), "{text:?}");
    assert_eq!(opened.signatures[0].outcome, Outcome::Good);
}

/// A compressed packet around what `write` writes.
fn compressed(algorithm: CompressionAlgorithm, write: impl FnOnce(&mut Message<'_>)) -> Vec<u8> {
    let mut out = Vec::new();
    let message = Message::new(&mut out);
    let mut message =
        Compressor::new(message).algo(algorithm).level(CompressionLevel::best()).build().unwrap();
    write(&mut message);
    message.finalize().unwrap();
    out
}

fn literal(bytes: usize) -> Packet {
    let mut literal = Literal::new(DataFormat::Binary);
    literal.set_body(vec![0; bytes]);
    literal.into()
}

#[test]
fn a_text_above_the_limit_is_refused_whole() {
    for algorithm in [CompressionAlgorithm::Zip, CompressionAlgorithm::BZip2] {
        let bomb = compressed(algorithm, |to| literal(budget::MAX_PLAINTEXT + 1).serialize(to).unwrap());
        assert!(bomb.len() < 1 << 20);
        let opened = decrypt(&bomb, &Keyring::new([], &Nobody), now());
        assert_eq!((opened.plaintext, opened.failure), (None, Some(Failure::TooBig)), "{algorithm}");
    }
}

#[test]
fn a_flood_of_signature_announcements_is_refused() {
    let bomb = compressed(CompressionAlgorithm::Zip, |to| {
        let announcement = Packet::from(OnePassSig::from(OnePassSig3::new(SignatureType::Binary)));
        for _ in 0..100_000 {
            announcement.serialize(to).unwrap();
        }
    });
    let opened = decrypt(&bomb, &Keyring::new([], &Nobody), now());
    assert_eq!(opened.failure, Some(Failure::TooMuchWork("too many signatures")));
}

#[test]
fn padding_without_end_is_refused() {
    let padding = |size: usize| Packet::from(Padding::new(size).unwrap());
    let many = compressed(CompressionAlgorithm::Zip, |to| {
        for _ in 0..2_000 {
            padding(1).serialize(to).unwrap();
        }
        literal(1).serialize(to).unwrap();
    });
    let big = compressed(CompressionAlgorithm::Zip, |to| {
        for _ in 0..20 {
            padding(budget::MAX_OVERHEAD / 16).serialize(to).unwrap();
        }
        literal(1).serialize(to).unwrap();
    });
    for (bomb, why) in [(many, "too many packets"), (big, "too much beside the text")] {
        let opened = decrypt(&bomb, &Keyring::new([], &Nobody), now());
        assert_eq!(opened.failure, Some(Failure::TooMuchWork(why)));
    }
}

#[test]
fn nesting_without_end_is_refused() {
    let mut bytes = Vec::new();
    literal(1).serialize(&mut bytes).unwrap();
    for _ in 0..40 {
        let inner = std::mem::take(&mut bytes);
        bytes = compressed(CompressionAlgorithm::Uncompressed, |to| to.write_all(&inner).unwrap());
    }
    let opened = decrypt(&bytes, &Keyring::new([], &Nobody), now());
    assert!(opened.plaintext.is_none() && opened.failure.is_some(), "{:?}", opened.failure);
}

#[test]
fn encryption_without_integrity_gives_no_text() {
    // Tag 9, 32 bytes (RFC 9580, section 5.7).
    let message = [&[0xc9, 32][..], &[0x5a; 32]].concat();
    let opened = decrypt(&message, &Case::new().keyring(), now());
    assert_eq!((opened.plaintext, opened.failure), (None, Some(Failure::NoIntegrity)));
    assert!(opened.encrypted.is_some());
}

#[test]
fn noise_is_no_message() {
    for noise in [
        &b""[..],
        b"hello",
        b"\xff\xff\xff\xff",
        b"-----BEGIN PGP MESSAGE-----\n\n=\n-----END PGP MESSAGE-----",
    ] {
        let opened = decrypt(noise, &Keyring::new([], &Nobody), now());
        assert!(opened.plaintext.is_none() && opened.failure.is_some(), "{noise:?}");
        let opened = verify_detached(b"data", noise, &Keyring::new([], &Nobody), now());
        assert!(opened.signatures.is_empty() && opened.failure.is_some(), "{noise:?}");
    }
}

/// A signature over `text` by the reporter, as no current program makes it.
fn odd_signature(case: &Case, hash: HashAlgorithm, at: DateTime<Utc>) -> Vec<u8> {
    let key = Cert::from_bytes(&case.reporter).unwrap();
    let policy = StandardPolicy::new();
    let signing = key.keys().with_policy(&policy, SystemTime::from(now())).for_signing().secret();
    let mut pair = signing.last().unwrap().key().clone().into_keypair().unwrap();
    let signature = SignatureBuilder::new(SignatureType::Binary)
        .set_hash_algo(hash)
        .set_signature_creation_time(SystemTime::from(at))
        .unwrap()
        .sign_message(&mut pair, b"text")
        .unwrap();
    Packet::from(signature).to_vec().unwrap()
}

/// What is said of a signature over `text` that is not good.
fn reason(case: &Case, signature: &[u8], at: DateTime<Utc>) -> String {
    let opened = verify_detached(b"text", signature, &case.keyring(), at);
    assert_ne!(opened.signatures[0].outcome, Outcome::Good);
    opened.signatures[0].outcome.to_string()
}

#[test]
fn each_kind_of_failed_signature_says_what_to_ask_for() {
    let mut case = Case::new();
    let late = now() + chrono::TimeDelta::days(3 * 365);
    let sign =
        |text: &[u8], signer: &Protected| sign_detached(text, SigningKey::Here(signer), now()).unwrap();
    let stranger = generate("Eve", "eve@example.com", now()).unwrap();
    let weak = reason(&case, &odd_signature(&case, HashAlgorithm::SHA1, now()), now());
    let expired = reason(&case, &odd_signature(&case, HashAlgorithm::SHA512, late), late);
    let bad = reason(&case, &sign(b"another text", &case.reporter), now());
    let unknown = reason(&case, &sign(b"text", &stranger), now());

    let key = Cert::from_bytes(&case.reporter).unwrap();
    let mut pair = key.primary_key().key().clone().parts_into_secret().unwrap().into_keypair().unwrap();
    let revocation = CertRevocationBuilder::new()
        .set_signature_creation_time(SystemTime::from(now()))
        .unwrap()
        .set_reason_for_revocation(ReasonForRevocation::KeyCompromised, b"lost")
        .unwrap()
        .build(&mut pair, &key, None)
        .unwrap();
    let (key, _) = key.strip_secret_key_material().insert_packets(revocation).unwrap();
    case.shelf = Shelf(vec![key.to_vec().unwrap()]);
    let revoked = reason(&case, &sign(b"text", &case.reporter), now());

    assert!(weak.starts_with("too weak; ask for a signature by a current key (SHA1 "), "{weak}");
    assert!(weak.ends_with("is not accepted since 2013-02-01)"), "{weak}");
    assert!(expired.starts_with("its key expired on 2028-11-22; ask the sender"), "{expired}");
    assert!(bad.starts_with("does not fit the text") && bad.contains("ask the sender"), "{bad}");
    assert!(unknown.contains("do not hold; ask the sender"), "{unknown}");
    assert!(revoked.starts_with("its key is revoked; ask the sender"), "{revoked}");
}
