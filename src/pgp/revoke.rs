//! The end of a key: by its holder, or by the revocation certificate that was
//! made with it.

use std::str::FromStr;
use std::time::SystemTime;

use chrono::{DateTime, Utc};
use sequoia_openpgp::cert::CertRevocationBuilder;
use sequoia_openpgp::crypto::mem::Protected;
use sequoia_openpgp::parse::Parse as _;
use sequoia_openpgp::types::{ReasonForRevocation, SignatureType};
use sequoia_openpgp::{Cert, Packet};

use super::cert::{KeyError, key_packets};
use super::renew::{primary_signer, serialised, whole};

/// Why a key ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// Another key took its place. What it signed before stays good.
    Superseded,
    /// Somebody else may have it. Nothing that it signed counts any longer.
    Compromised,
    /// It is no longer used. What it signed before stays good.
    Retired,
}

impl Reason {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Superseded, Self::Compromised, Self::Retired];

    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Superseded => "superseded",
            Self::Compromised => "compromised",
            Self::Retired => "retired",
        }
    }

    /// Its code (RFC 9580, section 5.2.3.31).
    const fn code(self) -> ReasonForRevocation {
        match self {
            Self::Superseded => ReasonForRevocation::KeySuperseded,
            Self::Compromised => ReasonForRevocation::KeyCompromised,
            Self::Retired => ReasonForRevocation::KeyRetired,
        }
    }
}

/// A word that names no reason.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no reason to revoke a key; take one of superseded, compromised, retired")]
pub struct UnknownReason(String);

impl FromStr for Reason {
    type Err = UnknownReason;

    fn from_str(word: &str) -> Result<Self, UnknownReason> {
        let named = Self::ALL.into_iter().find(|reason| reason.word() == word);
        named.ok_or_else(|| UnknownReason(word.to_owned()))
    }
}

/// Ends a key for good. `words` are published with it. A key that is too weak
/// or expired, or was revoked for a lesser reason, can be revoked as well.
pub fn revoke(key: &[u8], reason: Reason, words: &str, now: DateTime<Utc>) -> Result<Protected, KeyError> {
    whole(|| {
        let cert = Cert::from_bytes(key)?;
        let revocation = CertRevocationBuilder::new()
            .set_signature_creation_time(SystemTime::from(now))?
            .set_reason_for_revocation(reason.code(), words.as_bytes())?
            .build(&mut primary_signer(&cert)?, &cert, None)?;
        serialised(cert, vec![revocation.into()])
    })
}

/// Applies a revocation certificate to the key or certificate that it was made
/// for. Needs no secret part: this is for the day on which that is lost.
pub fn apply_revocation(key: &[u8], revocation: &[u8]) -> Result<Protected, KeyError> {
    /// A revocation certificate is one packet; more come with a whole certificate.
    const MAX_PACKETS: usize = 1_000;
    whole(|| {
        let cert = Cert::from_bytes(key)?;
        let mut packets = Vec::new();
        key_packets(revocation, &mut packets).map_err(|_| KeyError::NotItsRevocation)?;
        let primary = cert.primary_key().key();
        packets.truncate(MAX_PACKETS);
        packets.retain(|packet| match packet {
            Packet::Signature(signature) => {
                signature.typ() == SignatureType::KeyRevocation
                    && signature.verify_primary_key_revocation(primary, primary).is_ok()
            }
            _ => false,
        });
        if packets.is_empty() {
            return Err(KeyError::NotItsRevocation);
        }
        serialised(cert, packets)
    })
}

#[cfg(test)]
#[path = "revoke_tests.rs"]
mod tests;
