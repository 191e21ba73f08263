//! The passphrase lock of a secret key: opening it, and closing it for export.

use sequoia_openpgp::cert::amalgamation::key::PrimaryKey as _;
use sequoia_openpgp::crypto::Password;
use sequoia_openpgp::crypto::S2K;
use sequoia_openpgp::crypto::mem::Protected;
use sequoia_openpgp::packet::key::SecretKeyMaterial;
use sequoia_openpgp::parse::Parse as _;
use sequoia_openpgp::serialize::MarshalInto as _;
use sequoia_openpgp::types::{AEADAlgorithm, SymmetricAlgorithm};
use sequoia_openpgp::{Cert, Packet};

use super::budget;
use super::cert::KeyError;
use super::failure::guarded;

/// Keys and subkeys whose lock is opened.
const MAX_KEYS: usize = 64;

/// The key with its secret part in the clear, serialised. Every part that the
/// passphrase opens is opened; parts that are elsewhere (offline primaries,
/// cards) are left as they are.
pub fn unlock(key: &[u8], passphrase: &Password) -> Result<Protected, KeyError> {
    guarded(|| unlock_all(key, passphrase))
        .unwrap_or_else(|failure| Err(KeyError::Library(failure.to_string())))
}

fn unlock_all(key: &[u8], passphrase: &Password) -> Result<Protected, KeyError> {
    let cert = Cert::from_bytes(key)?;
    let mut opened: Vec<Packet> = Vec::new();
    let mut wrong = None;
    for part in cert.keys().secret().take(MAX_KEYS) {
        let secret = part.key().clone();
        let SecretKeyMaterial::Encrypted(locked) = secret.secret() else { continue };
        if is_elsewhere(locked.s2k()) {
            continue;
        }
        if !budget::affordable(locked.s2k()) {
            return Err(KeyError::Protection(locked.s2k().to_string()));
        }
        match secret.decrypt_secret(passphrase) {
            Ok(secret) if part.primary() => opened.push(secret.role_into_primary().into()),
            Ok(secret) => opened.push(secret.role_into_subordinate().into()),
            Err(_) => wrong = Some(KeyError::WrongPassphrase),
        }
    }
    if let (true, Some(error)) = (opened.is_empty(), wrong) {
        return Err(error);
    }
    let (cert, _) = cert.insert_packets(opened)?;
    if cert.keys().unencrypted_secret().next().is_none() {
        return Err(KeyError::NoSecret);
    }
    Ok(cert.as_tsk().to_vec()?.into())
}

/// The key with all of its secret part locked by `passphrase`, serialised: for
/// leaving ninety. Version 4 with an iterated derivation and AES-256, which
/// GnuPG 2.2 opens; version 6 with Argon2id and OCB (RFC 9580, section 3.7.2.1).
/// Parts that are elsewhere are left as they are.
pub fn lock(key: &[u8], passphrase: &Password) -> Result<Protected, KeyError> {
    guarded(|| lock_all(key, passphrase))
        .unwrap_or_else(|failure| Err(KeyError::Library(failure.to_string())))
}

fn lock_all(key: &[u8], passphrase: &Password) -> Result<Protected, KeyError> {
    let cert = Cert::from_bytes(key)?;
    let mut locked: Vec<Packet> = Vec::new();
    for part in cert.keys().secret() {
        match part.key().secret() {
            SecretKeyMaterial::Encrypted(stub) if is_elsewhere(stub.s2k()) => continue,
            // It may have another passphrase, of which nobody would know.
            SecretKeyMaterial::Encrypted(_) => return Err(KeyError::Locked),
            SecretKeyMaterial::Unencrypted(_) => {}
        }
        let key = part.key().clone();
        let (s2k, mode) = derivation(key.version())?;
        let (public, secret) = key.take_secret();
        let secret = secret.encrypt_with(&public, s2k, SymmetricAlgorithm::AES256, mode, passphrase)?;
        let (key, _) = public.add_secret(secret);
        locked.push(match part.primary() {
            true => key.role_into_primary().into(),
            false => key.role_into_subordinate().into(),
        });
    }
    if locked.is_empty() {
        return Err(KeyError::NoSecret);
    }
    Ok(cert.insert_packets(locked)?.0.as_tsk().to_vec()?.into())
}

/// How the key that locks is made of the passphrase: as slow as version 4 can
/// say, or as our own key file does it ([`super::seal`]).
fn derivation(version: u8) -> Result<(S2K, Option<AEADAlgorithm>), KeyError> {
    if version < 6 {
        return Ok((S2K::default(), None));
    }
    let mut salt = [0; 16];
    sequoia_openpgp::crypto::random(&mut salt)?;
    Ok((S2K::Argon2 { salt, t: 3, p: 4, m: 16 }, Some(AEADAlgorithm::OCB)))
}

/// Whether the secret part is a stub: GnuPG marks keys that are on a card or
/// kept offline with a protection of its own.
pub(super) fn is_elsewhere(s2k: &S2K) -> bool {
    matches!(s2k, S2K::Private { .. } | S2K::Unknown { .. })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pgp::cert::{generate, read};
    use crate::pgp::make::{Suite, make};
    use chrono::{DateTime, Utc};

    const YEAR: std::time::Duration = std::time::Duration::from_secs(365 * 24 * 60 * 60);

    fn now() -> DateTime<Utc> {
        "2026-11-23T12:00:00Z".parse().unwrap()
    }

    #[test]
    fn a_locked_key_opens_with_its_passphrase_alone() {
        for suite in [Suite::Cv25519, Suite::V6, Suite::PostQuantum] {
            let key = make("Ann", "ann@example.org", suite, YEAR, now()).unwrap().key;
            let locked = lock(&key, &"open sesame".into()).unwrap();
            let cert = Cert::from_bytes(&locked).unwrap();
            assert_eq!(cert.keys().encrypted_secret().count(), 3);
            assert!(read(&locked, now()).unwrap().found[0].is_locked);
            assert!(matches!(unlock(&locked, &"other".into()), Err(KeyError::WrongPassphrase)));
            assert_eq!(unlock(&locked, &"open sesame".into()).unwrap(), key);
        }
    }

    #[test]
    fn what_is_locked_or_has_nothing_to_lock_is_not_locked_again() {
        let key = generate("Ann", "ann@example.org", now()).unwrap();
        let locked = lock(&key, &"one".into()).unwrap();
        assert!(matches!(lock(&locked, &"two".into()), Err(KeyError::Locked)));
        let public = read(&key, now()).unwrap().found.remove(0).public;
        assert!(matches!(lock(&public, &"two".into()), Err(KeyError::NoSecret)));
    }

    #[test]
    fn a_certificate_has_nothing_to_unlock() {
        let key = generate("Ann", "ann@example.org", now()).unwrap();
        let public = read(&key, now()).unwrap().found.remove(0).public;
        assert!(matches!(unlock(&public, &"x".into()), Err(KeyError::NoSecret)));
    }
}
