//! What each signature is worth: good, bad, unknown, too weak and expired are
//! different things and stay different words.

use std::fmt;

use chrono::{DateTime, Utc};
use sequoia_openpgp::cert::Cert;
use sequoia_openpgp::packet::Signature;
use sequoia_openpgp::parse::stream::{GoodChecksum, VerificationError, VerificationResult};
use sequoia_openpgp::policy::Policy;
use sequoia_openpgp::types::{RevocationStatus, SignatureType};
use sequoia_openpgp::{Error, anyhow};

use super::utc;

/// What one signature is worth.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It covers exactly the released bytes, its key was valid when it was made
    /// and is not revoked now.
    Good,
    /// We do not hold the key that it names.
    UnknownKey,
    /// It does not fit the bytes.
    Bad,
    /// Its arithmetic or its key is no longer trusted.
    TooWeak {
        /// Which algorithm, packet or hash.
        why: String,
        /// Since when it is not accepted.
        since: Option<DateTime<Utc>>,
    },
    /// The key, or the signature itself, had expired.
    Expired {
        /// When.
        at: DateTime<Utc>,
    },
    /// The certificate or its signing key is revoked.
    Revoked,
    /// The key was not valid when the signature claims to have been made.
    NotValidThen(String),
    /// It claims to have been made after now.
    FromTheFuture,
    /// The key may not sign.
    NotForSigning,
    /// It was made for other recipients: forwarded without the signer's knowledge.
    OtherRecipient,
    /// It signs something else than a document.
    WrongType(String),
    /// It cannot be read: malformed, or an algorithm that ninety cannot do.
    Unreadable(String),
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Good => f.write_str("good"),
            Self::UnknownKey => f.write_str(
                "made by a key that we do not hold; ask the sender for the certificate and import it with `ninety key import`",
            ),
            Self::Bad => f.write_str(
                "does not fit the text: altered on the way or never made for it; ask the sender for it again, as an attached file",
            ),
            Self::TooWeak { why, since } => {
                write!(f, "too weak; ask for a signature by a current key ({why} is not accepted")?;
                since.map_or(Ok(()), |at| write!(f, " since {}", at.format("%Y-%m-%d")))?;
                f.write_str(")")
            }
            Self::Expired { at } => {
                write!(f, "its key expired on {}; ask the sender for the renewed one", at.format("%Y-%m-%d"))
            }
            Self::Revoked => f.write_str(
                "its key is revoked; ask the sender, not by mail alone, for the new one and a signature by it",
            ),
            Self::NotValidThen(why) => {
                write!(f, "its key was not valid when it was made ({why}); ask for a signature by a current key")
            }
            Self::FromTheFuture => f.write_str("dated in the future; ask the sender to set the clock"),
            Self::NotForSigning => {
                f.write_str("made by a key that is not for signing; ask for a signature by one that is")
            }
            Self::OtherRecipient => f.write_str("made for other recipients: somebody passed it on"),
            Self::WrongType(kind) => write!(f, "is a {kind} signature, not one over a document"),
            Self::Unreadable(why) => write!(f, "cannot be read ({why})"),
        }
    }
}

/// One signature and what came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// What it is worth.
    pub outcome: Outcome,
    /// Fingerprint of the signing certificate where we hold it, else the
    /// issuer that the signature names; upper-case hexadecimal.
    pub fingerprint: Option<String>,
    /// The primary user ID of the certificate. Foreign text.
    pub signer: Option<String>,
    /// Addresses of the certificate's valid, unrevoked, self-signed user IDs,
    /// folded to lower case. Foreign text.
    pub emails: Vec<String>,
    /// When it says that it was made.
    pub made_at: Option<DateTime<Utc>>,
    /// It stands outside the encryption: it says who wrapped the message, not who wrote it.
    pub outside: bool,
}

impl Checked {
    /// A signature that could not even be parsed.
    pub(super) fn unreadable(why: String) -> Self {
        Self {
            outcome: Outcome::Unreadable(why),
            fingerprint: None,
            signer: None,
            emails: Vec::new(),
            made_at: None,
            outside: false,
        }
    }
}

/// The typed result of what the library says about one signature.
pub(super) fn checked(
    result: &VerificationResult<'_>,
    policy: &dyn Policy,
    now: DateTime<Utc>,
    outside: bool,
) -> Checked {
    let (outcome, signature, cert) = match result {
        Ok(GoodChecksum { sig, ka, .. }) => (good(sig, ka.cert(), policy, now), *sig, Some(ka.cert())),
        Err(VerificationError::MissingKey { sig, .. }) => (Outcome::UnknownKey, *sig, None),
        Err(VerificationError::UnboundKey { sig, cert, error, .. }) => (unbound(error), *sig, Some(*cert)),
        Err(VerificationError::BadKey { sig, ka, error, .. }) => (bad_key(error), *sig, Some(ka.cert())),
        Err(VerificationError::BadSignature { sig, ka, error, .. }) => {
            (bad_signature(sig, error), *sig, Some(ka.cert()))
        }
        Err(VerificationError::MalformedSignature { sig, error, .. }) => {
            (Outcome::Unreadable(error.to_string()), *sig, None)
        }
        Err(VerificationError::UnknownSignature { sig, .. }) => {
            return Checked { outside, ..Checked::unreadable(sig.error().to_string()) };
        }
        Err(other) => return Checked { outside, ..Checked::unreadable(other.to_string()) },
    };
    describe(outcome, signature, cert, policy, now, outside)
}

fn describe(
    outcome: Outcome,
    signature: &Signature,
    cert: Option<&Cert>,
    policy: &dyn Policy,
    now: DateTime<Utc>,
    outside: bool,
) -> Checked {
    let issuers = signature.get_issuers();
    let issuer = issuers.iter().max_by_key(|handle| handle.to_hex().len()).map(|handle| handle.to_hex());
    let made_at = signature.signature_creation_time();
    let valid = cert.and_then(|cert| {
        let then = made_at.and_then(|then| cert.with_policy(policy, then).ok());
        cert.with_policy(policy, std::time::SystemTime::from(now)).ok().or(then)
    });
    let ids: Vec<_> = valid.iter().flat_map(|valid| valid.userids().revoked(false)).collect();
    let primary = valid.as_ref().and_then(|valid| valid.primary_userid().ok());
    let named = primary.map(|id| id.userid().clone()).or_else(|| ids.first().map(|id| id.userid().clone()));
    let any = || cert.and_then(|cert| cert.userids().next()).map(|id| id.userid().clone());
    Checked {
        outcome,
        fingerprint: cert.map(|cert| cert.fingerprint().to_hex()).or(issuer),
        signer: named.or_else(any).map(|id| String::from_utf8_lossy(id.value()).into_owned()),
        emails: ids.iter().filter_map(|id| id.userid().email_normalized().ok().flatten()).collect(),
        made_at: made_at.map(utc),
        outside,
    }
}

/// The library checked the key at the time of the signature; whether the
/// certificate has been revoked since is asked here.
fn good(signature: &Signature, cert: &Cert, policy: &dyn Policy, now: DateTime<Utc>) -> Outcome {
    if !matches!(signature.typ(), SignatureType::Binary | SignatureType::Text) {
        return Outcome::WrongType(signature.typ().to_string());
    }
    match cert.revocation_status(policy, std::time::SystemTime::from(now)) {
        RevocationStatus::Revoked(_) => Outcome::Revoked,
        _ => Outcome::Good,
    }
}

fn unbound(error: &anyhow::Error) -> Outcome {
    weak(error)
        .or_else(|| expired(error))
        .unwrap_or_else(|| Outcome::NotValidThen(error.root_cause().to_string()))
}

fn bad_key(error: &anyhow::Error) -> Outcome {
    let words = error.to_string();
    weak(error).or_else(|| expired(error)).unwrap_or_else(|| {
        if words.contains("revoked") {
            Outcome::Revoked
        } else if words.contains("not signing capable") {
            Outcome::NotForSigning
        } else {
            Outcome::NotValidThen(words)
        }
    })
}

fn bad_signature(signature: &Signature, error: &anyhow::Error) -> Outcome {
    if !matches!(signature.typ(), SignatureType::Binary | SignatureType::Text) {
        return Outcome::WrongType(signature.typ().to_string());
    }
    if !signature.hash_algo().is_supported() {
        return Outcome::Unreadable(format!("hash {}", signature.hash_algo()));
    }
    if !signature.pk_algo().is_supported() {
        return Outcome::Unreadable(format!("algorithm {}", signature.pk_algo()));
    }
    if error.to_string().contains("intended recipient") {
        return Outcome::OtherRecipient;
    }
    let future = causes(error).any(|cause| matches!(cause, Error::NotYetLive(_)));
    let fallback = if future { Outcome::FromTheFuture } else { Outcome::Bad };
    weak(error).or_else(|| expired(error)).unwrap_or(fallback)
}

fn causes(error: &anyhow::Error) -> impl Iterator<Item = &Error> {
    error.chain().filter_map(|cause| cause.downcast_ref::<Error>())
}

fn weak(error: &anyhow::Error) -> Option<Outcome> {
    causes(error).find_map(|cause| match cause {
        Error::PolicyViolation(why, since) => {
            Some(Outcome::TooWeak { why: why.clone(), since: since.map(utc) })
        }
        _ => None,
    })
}

fn expired(error: &anyhow::Error) -> Option<Outcome> {
    causes(error).find_map(|cause| match cause {
        Error::Expired(at) => Some(Outcome::Expired { at: utc(*at) }),
        _ => None,
    })
}
