//! Writing: encrypting and signing. Never less than was asked for: a recipient
//! that cannot be encrypted to is an error, not a message in the clear.

use std::cmp::Reverse;
use std::io::Write as _;
use std::time::SystemTime;

use chrono::{DateTime, Utc};
use sequoia_openpgp::armor::Kind;
use sequoia_openpgp::crypto;
use sequoia_openpgp::parse::Parse as _;
use sequoia_openpgp::policy::StandardPolicy;
use sequoia_openpgp::serialize::stream::{Armorer, Encryptor, LiteralWriter, Message, Recipient, Signer};
use sequoia_openpgp::types::HashAlgorithm;
use sequoia_openpgp::{Cert, Result as LibraryResult, anyhow};

use super::agent::{Agent, AgentKey};
use super::algorithm;
use super::elsewhere::Refusal;
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
    /// No key that can sign is in the agent.
    #[error(
        "the GnuPG agent holds no key of {0} that can sign now; renew it or import it with `gpg --import`"
    )]
    NotInAgent(String),
    /// The certificate is of an algorithm that the library cannot do.
    #[error("{cert} uses {algorithm}, which ninety cannot write with; use a key of another kind")]
    Unsupported {
        /// Fingerprint, upper-case hexadecimal.
        cert: String,
        /// In words: `brainpoolP256r1`.
        algorithm: String,
    },
    /// The agent did not sign.
    #[error("not signed: {0}")]
    Refused(Refusal),
    /// The library failed.
    #[error("the OpenPGP library failed: {0}")]
    Library(String),
}

impl From<anyhow::Error> for ComposeError {
    fn from(error: anyhow::Error) -> Self {
        let refusal = error.chain().find_map(|cause| cause.downcast_ref::<Refusal>());
        refusal.map_or_else(
            || Self::Library(error.root_cause().to_string()),
            |refusal| Self::Refused(refusal.clone()),
        )
    }
}

/// Where the secret key is that signs. The newest signing key or subkey that
/// can be used is taken.
#[derive(Debug, Clone, Copy)]
pub enum SigningKey<'a> {
    /// In this serialised, unlocked key.
    Here(&'a [u8]),
    /// In an agent, which may have to ask a person: signing may take minutes.
    InAgent {
        /// The serialised certificate.
        cert: &'a [u8],
        /// Who holds the secret part.
        agent: &'a Agent,
    },
}

/// Encrypts `text` to every recipient (serialised certificates), signed by
/// `signer`: an armored message. No compression:
/// secrets never share a window with somebody else's text.
pub fn encrypt_signed(
    text: &[u8],
    recipients: &[&[u8]],
    signer: Option<SigningKey<'_>>,
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
                let cannot = ComposeError::CannotEncrypt(cert.fingerprint().to_hex());
                return Err(unsupported(cert).unwrap_or(cannot));
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
pub fn sign_detached(
    data: &[u8],
    signer: SigningKey<'_>,
    now: DateTime<Utc>,
) -> Result<Vec<u8>, ComposeError> {
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
pub fn sign_cleartext(
    text: &str,
    signer: SigningKey<'_>,
    now: DateTime<Utc>,
) -> Result<Vec<u8>, ComposeError> {
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

/// A key that signs, wherever its secret part is.
type AnySigner = dyn crypto::Signer + Send + Sync;

fn signing_key(signer: SigningKey<'_>, at: SystemTime) -> Result<Box<AnySigner>, ComposeError> {
    let (SigningKey::Here(bytes) | SigningKey::InAgent { cert: bytes, .. }) = signer;
    let cert = Cert::from_bytes(bytes)?;
    let policy = StandardPolicy::at(at);
    if fitness(&cert, &policy, at) != Fitness::Usable {
        let cannot = ComposeError::CannotSign(cert.fingerprint().to_hex());
        return Err(unsupported(&cert).unwrap_or(cannot));
    }
    // The newest first, so that a rotated key signs with its new part during the overlap.
    let usable = cert.keys().with_policy(&policy, at).supported().alive().revoked(false);
    let mut keys: Vec<_> = usable.for_signing().map(|key| key.key()).collect();
    keys.sort_by_key(|key| Reverse(key.creation_time()));
    match signer {
        SigningKey::Here(_) => {
            let mut secret = keys.into_iter().filter_map(|key| key.clone().parts_into_secret().ok());
            let key = secret.find(|key| !key.secret().is_encrypted());
            let cannot =
                || unsupported(&cert).unwrap_or(ComposeError::CannotSign(cert.fingerprint().to_hex()));
            Ok(Box::new(key.ok_or_else(cannot)?.into_keypair()?))
        }
        SigningKey::InAgent { agent, .. } => {
            let held = agent.held([bytes]).map_err(ComposeError::Refused)?;
            let key = keys.into_iter().find(|key| held.contains(&key.fingerprint().to_hex()));
            let cannot =
                || unsupported(&cert).unwrap_or(ComposeError::NotInAgent(cert.fingerprint().to_hex()));
            Ok(Box::new(AgentKey::new(agent.clone(), key.ok_or_else(cannot)?.clone())))
        }
    }
}

/// That a certificate is of no use because of an algorithm, where that is so:
/// the library cannot even check what it says about itself.
fn unsupported(cert: &Cert) -> Option<ComposeError> {
    let key = cert.keys().find(|key| !algorithm::is_supported(key.key()))?;
    let algorithm = algorithm::words(key.key());
    Some(ComposeError::Unsupported { cert: cert.fingerprint().to_hex(), algorithm })
}
