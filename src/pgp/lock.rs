//! Opening the passphrase lock of a secret key.

use sequoia_openpgp::cert::amalgamation::key::PrimaryKey as _;
use sequoia_openpgp::crypto::Password;
use sequoia_openpgp::crypto::S2K;
use sequoia_openpgp::crypto::mem::Protected;
use sequoia_openpgp::packet::key::SecretKeyMaterial;
use sequoia_openpgp::parse::Parse as _;
use sequoia_openpgp::serialize::MarshalInto as _;
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

/// Whether the secret part is a stub: GnuPG marks keys that are on a card or
/// kept offline with a protection of its own.
pub(super) fn is_elsewhere(s2k: &S2K) -> bool {
    matches!(s2k, S2K::Private { .. } | S2K::Unknown { .. })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pgp::cert::{generate, read};
    use chrono::{DateTime, Utc};

    fn now() -> DateTime<Utc> {
        "2026-11-23T12:00:00Z".parse().unwrap()
    }

    fn locked_with(passphrase: &str) -> Protected {
        let cert = Cert::from_bytes(&generate("Ann", "ann@example.org", now()).unwrap()).unwrap();
        let password = Password::from(passphrase);
        let lock = |key: sequoia_openpgp::cert::amalgamation::key::ErasedKeyAmalgamation<'_, _>| -> Packet {
            let secret = key.key().clone().encrypt_secret(&password).unwrap();
            if key.primary() {
                secret.role_into_primary().into()
            } else {
                secret.role_into_subordinate().into()
            }
        };
        let packets: Vec<Packet> = cert.keys().secret().map(lock).collect();
        cert.insert_packets(packets).unwrap().0.as_tsk().to_vec().unwrap().into()
    }

    #[test]
    fn a_locked_key_opens_with_its_passphrase_alone() {
        let locked = locked_with("open sesame");
        assert!(read(&locked, now()).unwrap().found[0].is_locked);
        assert!(matches!(unlock(&locked, &"other".into()), Err(KeyError::WrongPassphrase)));
        let open = unlock(&locked, &"open sesame".into()).unwrap();
        let found = read(&open, now()).unwrap().found.remove(0);
        assert!(found.is_secret && !found.is_locked);
    }

    #[test]
    fn a_certificate_has_nothing_to_unlock() {
        let key = generate("Ann", "ann@example.org", now()).unwrap();
        let public = read(&key, now()).unwrap().found.remove(0).public;
        assert!(matches!(unlock(&public, &"x".into()), Err(KeyError::NoSecret)));
    }
}
