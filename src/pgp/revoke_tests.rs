//! Ended keys as our own reading sees them. What GnuPG sees is in tests/gpg.rs.

use std::time::Duration;

use super::*;
use crate::pgp::cert::{Found, public_part, read};
use crate::pgp::compose::{ComposeError, SigningKey, encrypt_signed, sign_detached};
use crate::pgp::fitness::Fitness;
use crate::pgp::keyring::Nobody;
use crate::pgp::make::{Made, Suite, make};
use crate::pgp::renew::extend;
use crate::pgp::{Keyring, decrypt};

fn at(time: &str) -> DateTime<Utc> {
    format!("{time}T12:00:00Z").parse().unwrap()
}

fn team() -> Made {
    let year = Duration::from_secs(365 * 24 * 60 * 60);
    make("Team", "security@example.org", Suite::Cv25519, year, at("2026-01-01")).unwrap()
}

fn found(key: &[u8], now: DateTime<Utc>) -> Found {
    read(key, now).unwrap().found.remove(0)
}

#[test]
fn a_revoked_key_is_told_with_its_reason_and_cannot_be_renewed() {
    let (key, now) = (team().key, at("2026-06-01"));
    let mail = encrypt_signed(b"report", &[&public_part(&key).unwrap()], None, now).unwrap();
    for reason in Reason::ALL {
        assert_eq!(reason.word().parse(), Ok(reason));
        let ended = revoke(&key, reason, "see the new key", now).unwrap();
        let Fitness::Revoked { why } = found(&ended, at("2026-06-02")).fitness else { panic!("not revoked") };
        assert_eq!(why, reason.code().to_string());
        let later = at("2026-06-02");
        let opened = decrypt(&mail, &Keyring::new([&*ended], &Nobody), later);
        assert_eq!(opened.failure, None, "old mail opens with a revoked key");
        assert!(matches!(extend(&ended, at("2029-01-01"), later), Err(KeyError::Unfit(_))));
        assert!(matches!(
            sign_detached(b"x", SigningKey::Here(&ended), later),
            Err(ComposeError::CannotSign(_))
        ));
        let sealed = encrypt_signed(b"x", &[&public_part(&ended).unwrap()], None, later);
        assert!(matches!(sealed, Err(ComposeError::CannotEncrypt(_))));
    }
    assert!("lost".parse::<Reason>().unwrap_err().to_string().contains("superseded, compromised, retired"));
}

#[test]
fn the_revocation_certificate_ends_its_own_key_only() {
    let now = at("2026-06-01");
    let made = team();
    let cert = public_part(&made.key).unwrap();
    for kept in [&cert[..], &made.key] {
        let ended = apply_revocation(kept, &made.revocation).unwrap();
        assert!(matches!(found(&ended, now).fitness, Fitness::Revoked { .. }));
        assert_eq!(found(&ended, now).is_secret, found(kept, now).is_secret);
    }
    for wrong in [&b"nothing"[..], b"", &made.key] {
        assert!(matches!(apply_revocation(&cert, wrong), Err(KeyError::NotItsRevocation)));
    }
    let other = public_part(&team().key).unwrap();
    assert!(matches!(apply_revocation(&other, &made.revocation), Err(KeyError::NotItsRevocation)));
}
