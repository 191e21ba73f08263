//! Made-up people: the same at each replay, and their keys do all that keys do.

use sequoia_openpgp::parse::Parse as _;

use super::*;
use crate::pgp::cert::{Found, public_part, read};
use crate::pgp::compose::{ComposeError, SigningKey, encrypt_signed, sign_cleartext, sign_detached};
use crate::pgp::fitness::{Fitness, can_encrypt_to};
use crate::pgp::keyring::{KnownCerts, Nobody};
use crate::pgp::lock::{lock, unlock};
use crate::pgp::make::{Suite, make};
use crate::pgp::renew::{extend, rotate};
use crate::pgp::revoke::{Reason, revoke};
use crate::pgp::{Failure, Keyring, Opened, Outcome, decrypt, verify_detached, verify_inline};

const YEAR: Duration = Duration::from_secs(365 * 24 * 60 * 60);

fn at(time: &str) -> DateTime<Utc> {
    format!("{time}T12:00:00Z").parse().unwrap()
}

fn born() -> DateTime<Utc> {
    at("2026-01-01")
}

fn now() -> DateTime<Utc> {
    at("2026-11-23")
}

fn mara(seed: u8) -> Protected {
    key("Mara", "mara@example.net", &[seed; 32], born(), YEAR).unwrap()
}

fn found(key: &[u8], now: DateTime<Utc>) -> Found {
    read(key, now).unwrap().found.remove(0)
}

fn team() -> Protected {
    key("Team", "security@example.org", b"the seed of nobody but this team", born(), YEAR).unwrap()
}

/// Fingerprints of the primary key and the subkeys.
fn parts(key: &[u8]) -> Vec<String> {
    Cert::from_bytes(key).unwrap().keys().map(|key| key.key().fingerprint().to_hex()).collect()
}

/// Knows one certificate by every name.
struct One(Vec<u8>);

impl KnownCerts for One {
    fn find(&self, _: &str) -> Vec<Vec<u8>> {
        vec![self.0.clone()]
    }
}

#[test]
fn the_fingerprints_follow_from_seed_and_time_alone() {
    let first = parts(&mara(1));
    assert_eq!(first, parts(&mara(1)));
    let other = key("Eve", "eve@example.org", &[1; 32], born(), YEAR * 2).unwrap();
    assert_eq!(first, parts(&other), "name, address and end are not in them");
    let later = key("Mara", "mara@example.net", &[1; 32], at("2026-01-02"), YEAR).unwrap();
    for unlike in [parts(&mara(2)), parts(&later)] {
        assert!(first.iter().all(|part| !unlike.contains(part)), "{unlike:?}");
    }
}

#[test]
fn the_fingerprints_stay_what_they_were() {
    assert_eq!(
        parts(&mara(1)),
        [
            "8D91ADB1A1F398A6692C18A79EB698E1EF230BA8",
            "D1F24287753F22E6E1DB83E56AC44FDF4E5E3E97",
            "DF50858F526B59ED80FCEA97F57F5A4AFD3BECC5",
        ]
    );
}

#[test]
fn the_key_has_the_shape_of_one_made_by_chance() {
    let (made_up, by_chance) =
        (mara(1), make("Mara", "mara@example.net", Suite::Cv25519, YEAR, born()).unwrap().key);
    let (ours, usual) = (found(&made_up, now()), found(&by_chance, now()));
    assert_eq!((&ours.user_ids, &ours.emails), (&usual.user_ids, &usual.emails));
    assert_eq!((ours.created, ours.expires), (usual.created, usual.expires));
    assert_eq!((ours.algorithm, ours.handles.len()), (usual.algorithm, usual.handles.len()));
    assert!(ours.is_secret && !ours.is_locked);
    assert_eq!(ours.secret, Some(made_up.clone()), "nothing in it is stripped");
    assert_eq!(shape(&made_up), shape(&by_chance));
}

/// What each signature of a key says, where it does not hang on who makes it.
fn shape(key: &[u8]) -> Vec<String> {
    let cert = Cert::from_bytes(key).unwrap();
    assert_eq!(cert.bad_signatures().count(), 0);
    let on_ids = cert.userids().flat_map(|id| id.self_signatures());
    let signatures = cert.keys().flat_map(|key| key.self_signatures()).chain(on_ids);
    let told = signatures.map(|signature| {
        let back = signature.embedded_signatures().map(|back| (back.typ(), back.signature_creation_time()));
        format!(
            "{} {} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?}",
            signature.typ(),
            signature.hash_algo(),
            signature.key_flags(),
            signature.features(),
            signature.primary_userid(),
            signature.key_validity_period(),
            signature.signature_creation_time(),
            signature.preferred_hash_algorithms(),
            signature.preferred_symmetric_algorithms(),
            signature.hashed_area().iter().map(|packet| packet.tag()).collect::<Vec<_>>(),
            back.collect::<Vec<_>>(),
        )
    });
    told.collect()
}

#[test]
fn it_is_valid_from_its_beginning_to_its_end() {
    let mara = mara(1);
    let fit = |time| found(&mara, time).fitness;
    let second = chrono::TimeDelta::seconds(1);
    assert!(matches!(fit(born() - second), Fitness::Unusable(_)));
    assert_eq!(fit(born()), Fitness::Usable);
    assert_eq!(fit(born() + YEAR - second), Fitness::Usable);
    assert_eq!(fit(born() + YEAR), Fitness::Expired { at: born() + YEAR });
    assert_eq!(can_encrypt_to(&public_part(&mara).unwrap(), "mara@example.net", now()), Ok(()));
    assert!(sign_detached(b"x", SigningKey::Here(&mara), born()).is_ok());
    let late = sign_detached(b"x", SigningKey::Here(&mara), born() + YEAR);
    assert!(matches!(late, Err(ComposeError::CannotSign(_))));
}

#[test]
fn made_up_people_write_to_each_other() {
    let ours = team();
    // A secret number that begins with a nought is shorter in the key.
    assert_eq!(secret(&[18; 32], "sign")[0], 0);
    for seed in [1, 18] {
        let mara = mara(seed);
        let signer = Some(SigningKey::Here(&mara));
        let known = One(public_part(&mara).unwrap());
        let mail = encrypt_signed(b"overflow", &[&public_part(&ours).unwrap()], signer, now()).unwrap();
        // The replay opens it with the same key, made again.
        let again = team();
        let opened = decrypt(&mail, &Keyring::new([&*again], &known), now());
        assert_eq!(opened.plaintext.as_deref(), Some(&b"overflow"[..]), "{seed}: {opened:?}");
        assert_eq!(opened.encrypted.as_ref().unwrap().cipher.as_deref(), Some("AES-256, MDC"));
        assert_signed_by(&mara, &opened);

        let answer = encrypt_signed(b"thanks", &[&known.0], None, now()).unwrap();
        let opened = decrypt(&answer, &Keyring::new([&*mara], &Nobody), now());
        assert_eq!(opened.plaintext.as_deref(), Some(&b"thanks"[..]), "{seed}");
    }
}

#[test]
fn what_they_sign_apart_and_in_the_clear_verifies() {
    let mara = mara(1);
    let known = One(public_part(&mara).unwrap());
    let keyring = Keyring::new([], &known);
    let clear = sign_cleartext("all of it", SigningKey::Here(&mara), now()).unwrap();
    assert_signed_by(&mara, &verify_inline(&clear, &keyring, now()));
    let apart = sign_detached(b"all of it", SigningKey::Here(&mara), now()).unwrap();
    assert_signed_by(&mara, &verify_detached(b"all of it", &apart, &keyring, now()));
    let altered = verify_detached(b"none of it", &apart, &keyring, now());
    assert_eq!(altered.signatures[0].outcome, Outcome::Bad);
}

fn assert_signed_by(key: &[u8], opened: &Opened) {
    let [signature] = &opened.signatures[..] else { panic!("{opened:?}") };
    assert_eq!(signature.outcome, Outcome::Good);
    assert_eq!(signature.fingerprint, parts(key).into_iter().next());
    assert_eq!(signature.emails, ["mara@example.net"]);
}

#[test]
fn it_is_locked_revoked_and_renewed_like_any_other() {
    let mara = mara(1);
    let locked = lock(&mara, &"open sesame".into()).unwrap();
    assert!(found(&locked, now()).is_locked);
    assert_eq!(parts(&locked), parts(&mara));
    let mail = encrypt_signed(b"x", &[&public_part(&locked).unwrap()], None, now()).unwrap();
    let opened = decrypt(&mail, &Keyring::new([&*locked], &Nobody), now());
    assert!(matches!(opened.failure, Some(Failure::Locked { .. })), "{opened:?}");
    assert_eq!(unlock(&locked, &"open sesame".into()).unwrap(), mara);

    let (retired, stolen) = (Reason::Retired, Reason::Compromised);
    for (reason, is_usable_before) in [(retired, true), (stolen, false)] {
        let ended = revoke(&mara, reason, "", now()).unwrap();
        assert_eq!(parts(&ended), parts(&mara));
        assert!(matches!(found(&ended, now()).fitness, Fitness::Revoked { .. }));
        assert_eq!(found(&ended, at("2026-11-22")).fitness == Fitness::Usable, is_usable_before);
    }

    let end = now() + YEAR;
    assert_eq!(found(&extend(&mara, end, now()).unwrap(), now()).expires, Some(end));
    assert_eq!(parts(&rotate(&mara, end, now(), now()).unwrap()).len(), 5);
}

#[test]
fn what_cannot_be_in_a_key_is_refused() {
    let made = |email, valid_for| key("Mara", email, &[1; 32], born(), valid_for);
    assert!(matches!(made("mara", YEAR), Err(KeyError::UserId(_))));
    assert!(matches!(made("mara@example.net", Duration::from_millis(999)), Err(KeyError::End(_))));
    assert!(matches!(made("mara@example.net", YEAR * 200), Err(KeyError::Library(_))));
}
