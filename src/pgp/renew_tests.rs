//! Keys through their later life, as our own reading sees them. What GnuPG sees
//! is in tests/gpg.rs.

use super::*;
use crate::pgp::cert::key_packets;
use crate::pgp::cert::{Found, generate, public_part, read};
use crate::pgp::compose::{SigningKey, encrypt_signed, sign_detached};
use crate::pgp::fitness::can_encrypt_to;
use crate::pgp::keyring::{KnownCerts, Nobody};
use crate::pgp::make::{Suite, make};
use crate::pgp::revoke::{Reason, revoke};
use crate::pgp::{Keyring, Outcome, decrypt, verify_detached};

const YEAR: Duration = Duration::from_secs(365 * 24 * 60 * 60);

fn at(time: &str) -> DateTime<Utc> {
    format!("{time}T12:00:00Z").parse().unwrap()
}

fn team() -> Protected {
    make("Team", "security@example.org", Suite::Cv25519, YEAR, at("2026-01-01")).unwrap().key
}

fn found(key: &[u8], now: DateTime<Utc>) -> Found {
    read(key, now).unwrap().found.remove(0)
}

/// Encrypts to the key as it is published at `now`.
fn mail_to(key: &[u8], now: DateTime<Utc>) -> Vec<u8> {
    encrypt_signed(b"report", &[&public_part(key).unwrap()], None, now).unwrap()
}

fn opens(key: &[u8], mail: &[u8], now: DateTime<Utc>) -> bool {
    decrypt(mail, &Keyring::new([key], &Nobody), now).plaintext.as_deref() == Some(b"report")
}

struct One(Vec<u8>);

impl KnownCerts for One {
    fn find(&self, _: &str) -> Vec<Vec<u8>> {
        vec![self.0.clone()]
    }
}

/// The key ID of what signed.
fn issuer(signature: &[u8]) -> String {
    let mut packets = Vec::new();
    key_packets(signature, &mut packets).unwrap();
    let Packet::Signature(signature) = &packets[0] else { panic!("{packets:?}") };
    signature.issuer_fingerprints().next().unwrap().to_hex()
}

/// The subkeys that the library takes at `now` for what `flags` say.
fn live(key: &[u8], flags: KeyFlags, now: DateTime<Utc>) -> Vec<String> {
    let (cert, policy) = (Cert::from_bytes(key).unwrap(), StandardPolicy::at(SystemTime::from(now)));
    let keys = cert.keys().with_policy(&policy, SystemTime::from(now)).alive().revoked(false);
    keys.key_flags(flags).map(|key| key.key().fingerprint().to_hex()).collect()
}

#[test]
fn an_expired_key_lives_again_when_it_is_extended() {
    let (key, late) = (team(), at("2027-06-01"));
    let old = mail_to(&key, at("2026-06-01"));
    assert!(matches!(found(&key, late).fitness, Fitness::Expired { .. }));
    assert!(opens(&key, &old, late), "old mail opens with an expired key");
    let longer = extend(&key, at("2028-06-01"), late).unwrap();
    let after = found(&longer, late);
    assert_eq!((after.fitness, after.expires), (Fitness::Usable, Some(at("2028-06-01"))));
    let cert = public_part(&longer).unwrap();
    assert_eq!(can_encrypt_to(&cert, "security@example.org", late), Ok(()));
    let signature = sign_detached(b"x", SigningKey::Here(&longer), late).unwrap();
    let known = One(cert);
    let opened = verify_detached(b"x", &signature, &Keyring::new([], &known), late);
    assert_eq!(opened.signatures[0].outcome, Outcome::Good);
    assert!(matches!(found(&longer, at("2028-06-02")).fitness, Fitness::Expired { .. }));
    assert!(opens(&longer, &old, late) && opens(&longer, &mail_to(&longer, late), late));
}

#[test]
fn an_extension_in_the_second_of_the_making_counts() {
    let now = at("2026-01-01");
    let longer = extend(&team(), at("2029-01-01"), now).unwrap();
    let soon = now + chrono::TimeDelta::seconds(1);
    assert_eq!(found(&longer, soon).expires, Some(at("2029-01-01")));
}

#[test]
fn after_a_rotation_the_new_parts_are_used_and_the_old_ones_still_open() {
    for suite in [Suite::Cv25519, Suite::V6, Suite::PostQuantum] {
        let key = make("Team", "security@example.org", suite, YEAR, at("2026-01-01")).unwrap().key;
        let (old_mail, before) = (mail_to(&key, at("2026-06-01")), found(&key, at("2026-06-01")));
        let (overlap, later) = (at("2026-12-01"), at("2027-06-01"));
        let rotated = rotate(&key, at("2028-11-01"), overlap, at("2026-11-01")).unwrap();
        let after = found(&rotated, later);
        assert_eq!((&after.fingerprint, after.handles.len()), (&before.fingerprint, 10));
        assert_eq!((after.fitness, after.expires), (Fitness::Usable, Some(at("2028-11-01"))));
        assert_eq!(after.algorithm, before.algorithm);
        for flags in [KeyFlags::empty().set_signing(), KeyFlags::empty().set_transport_encryption()] {
            let old = live(&key, flags.clone(), at("2026-06-01"));
            let during = live(&rotated, flags.clone(), at("2026-11-15"));
            let new = live(&rotated, flags, later);
            assert_eq!((old.len(), during.len(), new.len()), (1, 2, 1));
            assert!(during.contains(&old[0]) && during.contains(&new[0]) && old != new);
        }
        let signature = sign_detached(b"x", SigningKey::Here(&rotated), at("2026-11-15")).unwrap();
        assert_eq!([issuer(&signature)], *live(&rotated, KeyFlags::empty().set_signing(), later));
        assert!(opens(&rotated, &old_mail, later), "mail from before the rotation");
        assert!(opens(&rotated, &mail_to(&rotated, later), later), "mail from after it");
    }
}

#[test]
fn an_extension_does_not_bring_back_what_was_rotated_out() {
    let rotated = rotate(&team(), at("2028-11-01"), at("2026-12-01"), at("2026-11-01")).unwrap();
    for now in ["2026-11-15", "2027-06-01"] {
        let longer = extend(&rotated, at("2030-01-01"), at(now)).unwrap();
        assert_eq!(live(&longer, KeyFlags::empty().set_signing(), at("2029-06-01")).len(), 1);
        assert_eq!(live(&longer, KeyFlags::empty().set_transport_encryption(), at("2029-06-01")).len(), 1);
    }
    let again = rotate(&rotated, at("2030-01-01"), at("2028-12-01"), at("2028-10-15")).unwrap();
    assert_eq!(live(&again, KeyFlags::empty().set_signing(), at("2028-10-20")).len(), 2);
    assert_eq!(live(&again, KeyFlags::empty().set_signing(), at("2029-06-01")).len(), 1);
}

#[test]
fn an_added_address_is_encrypted_to_and_the_primary_one_stays() {
    let (key, now) = (team(), at("2026-06-01"));
    let both = add_user_id(&key, "PSIRT", "psirt@example.org", now).unwrap();
    let after = found(&both, now);
    assert_eq!(after.user_ids[0], "Team <security@example.org>");
    assert_eq!(after.emails.len(), 2);
    assert_eq!(can_encrypt_to(&after.public, "psirt@example.org", now), Ok(()));
    assert!(matches!(add_user_id(&both, "PSIRT", "psirt@example.org", now), Err(KeyError::UserId(_))));
    let longer = extend(&both, at("2030-01-01"), at("2026-07-01")).unwrap();
    assert_eq!(found(&longer, at("2029-01-01")).emails.len(), 2);
}

#[test]
fn ends_in_the_past_and_beyond_the_format_are_refused() {
    let (key, now) = (team(), at("2026-06-01"));
    assert!(matches!(extend(&key, now, now), Err(KeyError::End(_))));
    assert!(matches!(extend(&key, at("2999-01-01"), now), Err(KeyError::End(_))));
    assert!(matches!(rotate(&key, at("2028-01-01"), at("2026-05-01"), now), Err(KeyError::End(_))));
}

#[test]
fn without_an_open_secret_part_nothing_is_renewed() {
    let (key, now) = (generate("Team", "security@example.org", at("2026-01-01")).unwrap(), at("2026-06-01"));
    let public = public_part(&key).unwrap();
    assert!(matches!(extend(&public, at("2029-01-01"), now), Err(KeyError::NoSecret)));
    let locked = crate::pgp::lock::lock(&key, &"open sesame".into()).unwrap();
    let error = extend(&locked, at("2029-01-01"), now).unwrap_err();
    assert!(matches!(error, KeyError::Locked) && error.to_string().contains("--key-passphrase-file"));
    let ended = revoke(&locked, Reason::Retired, "", now);
    assert!(matches!(ended, Err(KeyError::Locked)));
    assert!(matches!(extend(b"nothing", at("2029-01-01"), now), Err(KeyError::Library(_))));
}
