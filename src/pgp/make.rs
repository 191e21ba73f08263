//! Making keys: the kinds that ninety offers, and the revocation certificate
//! that goes with each.

use std::str::FromStr;
use std::time::{Duration, SystemTime};

use chrono::{DateTime, Utc};
use sequoia_openpgp::armor::Kind;
use sequoia_openpgp::cert::{CertBuilder, CipherSuite};
use sequoia_openpgp::crypto::mem::Protected;
use sequoia_openpgp::packet::{Signature, UserID};
use sequoia_openpgp::serialize::MarshalInto as _;
use sequoia_openpgp::types::{Features, KeyFlags};
use sequoia_openpgp::{Packet, Profile, Result as LibraryResult};

use super::cert::KeyError;
use super::failure::guarded;
use super::publish::in_armor;

/// The kinds of key that can be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Suite {
    /// Version 4 with Ed25519 and Cv25519: what everybody reads, GnuPG 2.2 as well.
    Cv25519,
    /// Version 4 with RSA of 4096 bits: what even the oldest programs read.
    /// Making one takes seconds.
    Rsa4096,
    /// Version 6 with Ed25519 and X25519 (RFC 9580). GnuPG reads none of these.
    V6,
    /// Version 6 with ML-DSA-65+Ed25519 and ML-KEM-768+X25519 (RFC 9980).
    /// GnuPG reads none of these.
    PostQuantum,
}

impl Suite {
    /// All of them, the usual one first.
    pub const ALL: [Self; 4] = [Self::Cv25519, Self::Rsa4096, Self::V6, Self::PostQuantum];

    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Cv25519 => "cv25519",
            Self::Rsa4096 => "rsa4096",
            Self::V6 => "v6",
            Self::PostQuantum => "pqc",
        }
    }

    const fn parameters(self) -> (Profile, CipherSuite) {
        match self {
            Self::Cv25519 => (Profile::RFC4880, CipherSuite::Cv25519),
            Self::Rsa4096 => (Profile::RFC4880, CipherSuite::RSA4k),
            Self::V6 => (Profile::RFC9580, CipherSuite::Cv25519),
            Self::PostQuantum => (Profile::RFC9580, CipherSuite::MLDSA65_Ed25519),
        }
    }
}

/// A word that names no kind of key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no kind of key; take one of cv25519, rsa4096, v6, pqc")]
pub struct UnknownSuite(String);

impl FromStr for Suite {
    type Err = UnknownSuite;

    fn from_str(word: &str) -> Result<Self, UnknownSuite> {
        let named = Self::ALL.into_iter().find(|suite| suite.word() == word);
        named.ok_or_else(|| UnknownSuite(word.to_owned()))
    }
}

/// A new key and the way to take it back.
#[derive(Debug)]
pub struct Made {
    /// The key with its secret part, not locked, serialised.
    pub key: Protected,
    /// The armored revocation certificate. Whoever has it can end the key, so
    /// it is kept apart from it: for the day on which the key is lost.
    pub revocation: Vec<u8>,
}

/// Makes a key with a primary key that certifies, a subkey that signs and one
/// that decrypts, all valid from `now` on for `valid_for`.
///
/// # Errors
/// [`KeyError::UserId`] and [`KeyError::End`] name what cannot be in a key.
pub fn make(
    name: &str,
    email: &str,
    suite: Suite,
    valid_for: Duration,
    now: DateTime<Utc>,
) -> Result<Made, KeyError> {
    let user_id = user_id(name, email)?;
    if valid_for.as_secs() == 0 {
        return Err(KeyError::End("when it begins"));
    }
    let build = || -> LibraryResult<Made> {
        let (profile, ciphers) = suite.parameters();
        let mut builder = CertBuilder::new().set_profile(profile)?.set_cipher_suite(ciphers);
        if profile == Profile::RFC4880 {
            // Whoever reads version 4 may be GnuPG 2.2, which has no AEAD.
            builder = builder.set_features(Features::empty().set_seipdv1())?;
        }
        let (cert, revocation) = builder
            .set_creation_time(SystemTime::from(now))
            .set_validity_period(valid_for)
            .add_userid(user_id)
            .add_signing_subkey()
            .add_subkey(encrypting(), None, None)
            .generate()?;
        Ok(Made { key: cert.as_tsk().to_vec()?.into(), revocation: armored_revocation(revocation)? })
    };
    guarded(build).map_err(|failure| KeyError::Library(failure.to_string()))?.map_err(KeyError::from)
}

/// What a subkey that encrypts is for: mail, and what is kept.
pub(super) fn encrypting() -> KeyFlags {
    KeyFlags::empty().set_transport_encryption().set_storage_encryption()
}

/// As `gpg --gen-revoke` writes it: a lone signature packet, armored as a public key.
fn armored_revocation(revocation: Signature) -> LibraryResult<Vec<u8>> {
    let packet = Packet::from(revocation).to_vec()?;
    in_armor(Kind::PublicKey, Some("This is a revocation certificate"), &packet)
}

/// A user ID of this name and address in the form that all programs read. Names
/// come as people write them: the library's own form takes fewer.
pub(super) fn user_id(name: &str, email: &str) -> Result<UserID, KeyError> {
    const MAX: usize = 512;
    let name = name.trim();
    let is_plain =
        |text: &str| text.len() <= MAX && !text.contains(['<', '>']) && !text.contains(char::is_control);
    if !is_plain(name) {
        return Err(KeyError::UserId(name.to_owned()));
    }
    let is_address = email
        .split_once('@')
        .is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty() && !domain.contains('@'));
    if !is_plain(email) || !is_address || email.contains(char::is_whitespace) {
        return Err(KeyError::UserId(email.to_owned()));
    }
    Ok(UserID::from(if name.is_empty() { email.to_owned() } else { format!("{name} <{email}>") }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pgp::cert::read;
    use crate::pgp::fitness::Fitness;

    const YEAR: Duration = Duration::from_secs(365 * 24 * 60 * 60);

    fn now() -> DateTime<Utc> {
        "2026-11-23T12:00:00Z".parse().unwrap()
    }

    #[test]
    fn each_kind_is_what_its_word_says() {
        // RSA is tried with GnuPG, in tests/gpg.rs: making one takes seconds.
        for (word, algorithm, digits) in [
            ("cv25519", "Ed25519/Cv25519", 40),
            ("v6", "Ed25519/X25519", 64),
            ("pqc", "ML-DSA-65+Ed25519/ML-KEM-768+X25519", 64),
        ] {
            let made = make("Team", "security@example.org", word.parse().unwrap(), YEAR, now()).unwrap();
            let found = read(&made.key, now()).unwrap().found.remove(0);
            assert_eq!(found.algorithm, algorithm);
            assert_eq!(found.fingerprint.len(), digits);
            assert_eq!(found.fitness, Fitness::Usable);
            assert_eq!(found.handles.len(), 6, "a primary key and two subkeys");
            assert_eq!((found.created, found.expires), (now(), Some(now() + YEAR)));
            assert!(found.is_secret && !found.is_locked);
        }
    }

    #[test]
    fn an_unknown_word_is_answered_with_the_choices() {
        let words = "dsa".parse::<Suite>().unwrap_err().to_string();
        assert!(Suite::ALL.iter().all(|suite| words.contains(suite.word())), "{words}");
        assert!(Suite::ALL.iter().all(|suite| suite.word().parse() == Ok(*suite)));
    }

    #[test]
    fn names_and_addresses_that_would_lie_are_refused() {
        for (name, email) in [
            ("Eve <ann@example.org>", "eve@example.org"),
            ("two\nlines", "eve@example.org"),
            ("\u{1b}[31m", "eve@example.org"),
            ("Eve", "eve"),
            ("Eve", "@example.org"),
            ("Eve", "eve@one@two"),
            ("Eve", "eve@example.org> <ann@example.org"),
            ("Eve", "eve @example.org"),
        ] {
            let result = make(name, email, Suite::Cv25519, YEAR, now());
            assert!(matches!(result, Err(KeyError::UserId(_))), "{name:?} {email:?}");
        }
        assert!(matches!(
            make("Eve", "eve@example.org", Suite::Cv25519, Duration::ZERO, now()),
            Err(KeyError::End(_))
        ));
    }
}
