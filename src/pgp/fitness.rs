//! Whether a certificate can be used at a moment, for anything and for
//! encrypting to an address; and if not, why.

use std::fmt;
use std::time::SystemTime;

use chrono::{DateTime, Utc};
use sequoia_openpgp::packet::{Signature, UserID};
use sequoia_openpgp::parse::Parse as _;
use sequoia_openpgp::policy::{Policy, StandardPolicy};
use sequoia_openpgp::types::RevocationStatus;
use sequoia_openpgp::{Cert, Error, anyhow};

use super::failure::guarded;
use super::utc;

/// Whether a certificate can be used, and if not, why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fitness {
    /// It can.
    Usable,
    /// An algorithm or hash in it is no longer trusted.
    TooWeak {
        /// Which.
        why: String,
        /// Since when.
        since: Option<DateTime<Utc>>,
    },
    /// It has expired.
    Expired {
        /// When.
        at: DateTime<Utc>,
    },
    /// Its holder, or somebody with its key, revoked it.
    Revoked {
        /// The reason given. Foreign text.
        why: String,
    },
    /// Anything else, such as a missing self-signature.
    Unusable(String),
}

impl fmt::Display for Fitness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usable => f.write_str("usable"),
            Self::TooWeak { why, since: Some(at) } => {
                write!(f, "too weak: {why} is not accepted since {}", at.format("%Y-%m-%d"))
            }
            Self::TooWeak { why, since: None } => write!(f, "too weak: {why} is not accepted"),
            Self::Expired { at } => write!(f, "expired on {}", at.format("%Y-%m-%d")),
            Self::Revoked { why } => write!(f, "revoked ({why})"),
            Self::Unusable(why) => write!(f, "not usable: {why}"),
        }
    }
}

/// The fitness of a certificate for anything at all.
pub(super) fn fitness(cert: &Cert, policy: &dyn Policy, at: SystemTime) -> Fitness {
    if let RevocationStatus::Revoked(by) = cert.revocation_status(policy, at) {
        return revoked(&by);
    }
    match cert.with_policy(policy, at).and_then(|valid| valid.alive()) {
        Ok(()) => Fitness::Usable,
        Err(error) => unfit(&error),
    }
}

/// What these revocations say: the first one's reason.
pub(super) fn revoked(by: &[&Signature]) -> Fitness {
    let why = by.first().and_then(|signature| signature.reason_for_revocation());
    Fitness::Revoked { why: why.map_or_else(|| "no reason given".to_owned(), |(code, _)| code.to_string()) }
}

/// What the library's refusal of a certificate means.
pub(super) fn unfit(error: &anyhow::Error) -> Fitness {
    let mut causes = error.chain().filter_map(|cause| cause.downcast_ref::<Error>());
    let known = causes.find_map(|cause| match cause {
        Error::PolicyViolation(why, since) => {
            Some(Fitness::TooWeak { why: why.clone(), since: since.map(utc) })
        }
        Error::Expired(at) => Some(Fitness::Expired { at: utc(*at) }),
        _ => None,
    });
    known.unwrap_or_else(|| Fitness::Unusable(error.root_cause().to_string()))
}

/// Why nothing can be encrypted to a certificate for an address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CannotEncrypt {
    /// The bytes are no certificate.
    #[error("the stored certificate is damaged; import it again")]
    Damaged,
    /// The certificate as a whole cannot be used.
    #[error("the key is {0}; ask for a new one")]
    Unfit(Fitness),
    /// No valid user ID of it has this address.
    #[error("the key is not bound to {0}; ask for one that is")]
    NotBound(String),
    /// It has no usable key for encrypting.
    #[error("the key has no part that can be encrypted to now; ask for a new one")]
    NoEncryptionKey,
}

/// Whether a message to `email` can be encrypted to this certificate now.
pub fn can_encrypt_to(cert: &[u8], email: &str, now: DateTime<Utc>) -> Result<(), CannotEncrypt> {
    guarded(|| encrypts(cert, email, SystemTime::from(now))).unwrap_or(Err(CannotEncrypt::Damaged))
}

fn encrypts(cert: &[u8], email: &str, at: SystemTime) -> Result<(), CannotEncrypt> {
    let policy = StandardPolicy::at(at);
    let cert = Cert::from_bytes(cert).map_err(|_| CannotEncrypt::Damaged)?;
    match fitness(&cert, &policy, at) {
        Fitness::Usable => {}
        unfit => return Err(CannotEncrypt::Unfit(unfit)),
    }
    let valid = cert.with_policy(&policy, at).map_err(|error| CannotEncrypt::Unfit(unfit(&error)))?;
    if !valid.userids().revoked(false).any(|id| has_address(id.userid(), email)) {
        return Err(CannotEncrypt::NotBound(email.to_owned()));
    }
    let mut keys = valid.keys().supported().alive().revoked(false).for_transport_encryption();
    keys.next().map(|_| ()).ok_or(CannotEncrypt::NoEncryptionKey)
}

/// Whether a user ID has this address: addresses are compared without case.
pub(super) fn has_address(id: &UserID, email: &str) -> bool {
    let own = id.email_normalized().ok().flatten();
    own.is_some_and(|own| own.to_lowercase() == email.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pgp::cert::{generate, read};

    #[test]
    fn encrypting_needs_a_live_key_bound_to_the_address() {
        let now = "2026-11-23T12:00:00Z".parse().unwrap();
        let cert =
            read(&generate("Ann", "ann@example.org", now).unwrap(), now).unwrap().found.remove(0).public;
        assert_eq!(can_encrypt_to(&cert, "Ann@Example.org", now), Ok(()));
        assert_eq!(
            can_encrypt_to(&cert, "eve@example.org", now),
            Err(CannotEncrypt::NotBound("eve@example.org".to_owned()))
        );
        let late = "2029-01-01T00:00:00Z".parse().unwrap();
        assert!(matches!(
            can_encrypt_to(&cert, "ann@example.org", late),
            Err(CannotEncrypt::Unfit(Fitness::Expired { .. }))
        ));
        assert_eq!(can_encrypt_to(b"nothing", "ann@example.org", now), Err(CannotEncrypt::Damaged));
    }
}
