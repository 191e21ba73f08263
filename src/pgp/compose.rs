//! Writing: encrypting and signing. Never less than was asked for: a recipient
//! that cannot be encrypted to is an error, not a message in the clear.

use std::io::Write as _;
use std::time::SystemTime;

use chrono::{DateTime, Utc};
use sequoia_openpgp::armor::Kind;
use sequoia_openpgp::crypto::KeyPair;
use sequoia_openpgp::parse::Parse as _;
use sequoia_openpgp::policy::StandardPolicy;
use sequoia_openpgp::serialize::stream::{Armorer, Encryptor, LiteralWriter, Message, Recipient, Signer};
use sequoia_openpgp::types::HashAlgorithm;
use sequoia_openpgp::{Cert, Result as LibraryResult, anyhow};

use super::failure::guarded;
use super::fitness::{Fitness, fitness};

/// The `micalg` parameter that goes with our detached signatures (RFC 3156, section 5).
pub const MICALG: &str = "pgp-sha512";

/// Why nothing was written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ComposeError {
    /// A recipient's certificate has no usable encryption key.
    #[error("{0} has no key that can be encrypted to now; ask for a new one")]
    CannotEncrypt(String),
    /// There is nobody to encrypt to.
    #[error("there is nobody to encrypt to")]
    Nobody,
    /// Our key cannot sign.
    #[error("{0} has no unlocked key that can sign now; renew it or import it with `--key-passphrase-file`")]
    CannotSign(String),
    /// The library failed.
    #[error("the OpenPGP library failed: {0}")]
    Library(String),
}

impl From<anyhow::Error> for ComposeError {
    fn from(error: anyhow::Error) -> Self {
        Self::Library(error.root_cause().to_string())
    }
}

/// Encrypts `text` to every recipient (serialised certificates), signed by
/// `signer` (a serialised, unlocked key): an armored message. No compression:
/// secrets never share a window with somebody else's text.
pub fn encrypt_signed(
    text: &[u8],
    recipients: &[&[u8]],
    signer: Option<&[u8]>,
    now: DateTime<Utc>,
) -> Result<Vec<u8>, ComposeError> {
    run(|| {
        let at = SystemTime::from(now);
        let policy = StandardPolicy::at(at);
        let certs = recipients.iter().map(Cert::from_bytes).collect::<LibraryResult<Vec<_>>>()?;
        let mut keys: Vec<Recipient<'_>> = Vec::new();
        for cert in &certs {
            let before = keys.len();
            // A revoked certificate has subkeys that are not revoked themselves.
            if fitness(cert, &policy, at) == Fitness::Usable {
                let usable = cert.keys().with_policy(&policy, at).supported().alive().revoked(false);
                keys.extend(usable.for_transport_encryption().map(Recipient::from));
            }
            if keys.len() == before {
                return Err(ComposeError::CannotEncrypt(cert.fingerprint().to_hex()));
            }
        }
        if keys.is_empty() {
            return Err(ComposeError::Nobody);
        }
        let mut out = Vec::new();
        let message = Armorer::new(Message::new(&mut out)).kind(Kind::Message).build()?;
        let mut message = Encryptor::for_recipients(message, keys).build()?;
        if let Some(signer) = signer {
            let mut signing = Signer::new(message, signing_key(signer, at)?)?.creation_time(at);
            for cert in &certs {
                signing = signing.add_intended_recipient(cert);
            }
            message = signing.build()?;
        }
        let mut literal = LiteralWriter::new(message).build()?;
        literal.write_all(text).map_err(anyhow::Error::from)?;
        literal.finalize()?;
        Ok(out)
    })
}

/// Signs `data` apart from it: an armored signature. For PGP/MIME `data` is the
/// signed part with CRLF line ends.
pub fn sign_detached(data: &[u8], signer: &[u8], now: DateTime<Utc>) -> Result<Vec<u8>, ComposeError> {
    run(|| {
        let at = SystemTime::from(now);
        let mut out = Vec::new();
        let message = Armorer::new(Message::new(&mut out)).kind(Kind::Signature).build()?;
        let signing = Signer::new(message, signing_key(signer, at)?)?.hash_algo(HashAlgorithm::SHA512)?;
        let mut signing = signing.creation_time(at).detached().build()?;
        signing.write_all(data).map_err(anyhow::Error::from)?;
        signing.finalize()?;
        Ok(out)
    })
}

/// Signs `text` in the clear (RFC 9580, section 7).
pub fn sign_cleartext(text: &str, signer: &[u8], now: DateTime<Utc>) -> Result<Vec<u8>, ComposeError> {
    run(|| {
        let at = SystemTime::from(now);
        let mut out = Vec::new();
        let signing = Signer::new(Message::new(&mut out), signing_key(signer, at)?)?;
        let mut signing = signing.hash_algo(HashAlgorithm::SHA512)?.creation_time(at).cleartext().build()?;
        signing.write_all(text.as_bytes()).map_err(anyhow::Error::from)?;
        signing.finalize()?;
        Ok(out)
    })
}

fn run(work: impl FnOnce() -> Result<Vec<u8>, ComposeError>) -> Result<Vec<u8>, ComposeError> {
    guarded(work).unwrap_or_else(|failure| Err(ComposeError::Library(failure.to_string())))
}

fn signing_key(signer: &[u8], at: SystemTime) -> Result<KeyPair, ComposeError> {
    let cert = Cert::from_bytes(signer)?;
    let policy = StandardPolicy::at(at);
    if fitness(&cert, &policy, at) != Fitness::Usable {
        return Err(ComposeError::CannotSign(cert.fingerprint().to_hex()));
    }
    let usable = cert.keys().with_policy(&policy, at).supported().alive().revoked(false);
    // The newest, so that a rotated key signs with its new part during the overlap.
    let key = usable.for_signing().unencrypted_secret().max_by_key(|key| key.key().creation_time());
    let key = key.ok_or_else(|| ComposeError::CannotSign(cert.fingerprint().to_hex()))?;
    Ok(key.key().clone().into_keypair()?)
}
