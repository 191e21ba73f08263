//! Opening messages: decrypting, verifying, and nothing released before the
//! whole of it was processed.

use std::io::Read as _;
use std::time::SystemTime;

use chrono::{DateTime, Utc};
use sequoia_openpgp::crypto::SessionKey;
use sequoia_openpgp::packet::{PKESK, SKESK, Tag};
use sequoia_openpgp::parse::PacketParser;
use sequoia_openpgp::parse::Parse as _;
use sequoia_openpgp::parse::stream::{
    DecryptionHelper, DecryptorBuilder, DetachedVerifierBuilder, MessageLayer, MessageStructure,
    VerificationHelper, VerifierBuilder,
};
use sequoia_openpgp::types::SymmetricAlgorithm;
use sequoia_openpgp::{Cert, Error, KeyHandle, Result as LibraryResult, anyhow};

use super::Failure;
use super::algorithm;
use super::budget::{MAX_KEY_TRIALS, MAX_PLAINTEXT, MAX_SESSION_KEYS, Spent};
use super::check::{Checked, checked};
use super::failure::guarded;
use super::keyring::Keyring;
use super::policy::Reading;

/// How a message was encrypted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Encrypted {
    /// Key IDs or fingerprints that it is encrypted to, upper-case hexadecimal;
    /// `a hidden recipient` where the packet does not say.
    pub recipients: Vec<String>,
    /// Fingerprint of our certificate whose key opened it.
    pub opened_with: Option<String>,
    /// Cipher and integrity protection in words: `AES-256, OCB`.
    pub cipher: Option<String>,
}

/// What came of opening a message. `Debug` does not show the text.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Opened {
    /// The text: exactly the bytes that were processed to the end, and that the
    /// signatures below speak of. `None` with any failure.
    pub plaintext: Option<Vec<u8>>,
    /// How it was encrypted; `None` where it was not.
    pub encrypted: Option<Encrypted>,
    /// What its signatures are worth.
    pub signatures: Vec<Checked>,
    /// Why there is no text.
    pub failure: Option<Failure>,
}

impl std::fmt::Debug for Opened {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Opened")
            .field("plaintext", &self.plaintext.as_ref().map(Vec::len))
            .field("encrypted", &self.encrypted)
            .field("signatures", &self.signatures)
            .field("failure", &self.failure)
            .finish()
    }
}

/// Decrypts an armored or binary message and checks what is signed in it. A
/// message that is signed and not encrypted is opened as well: `encrypted` says
/// which it was.
pub fn decrypt(message: &[u8], keyring: &Keyring<'_>, now: DateTime<Utc>) -> Opened {
    open(keyring, now, |helper, policy, at| {
        let decryptor = DecryptorBuilder::from_bytes(message)?.buffer_size(MAX_PLAINTEXT);
        let decryptor = decryptor.with_policy(policy, at, helper)?;
        let whole = decryptor.message_processed();
        release(whole, decryptor)
    })
}

/// Verifies a cleartext-signed or an armored signed message. The plaintext is
/// what the signature covers: text around it is not in it.
pub fn verify_inline(message: &[u8], keyring: &Keyring<'_>, now: DateTime<Utc>) -> Opened {
    open(keyring, now, |helper, policy, at| {
        let verifier = VerifierBuilder::from_bytes(message)?.buffer_size(MAX_PLAINTEXT);
        let verifier = verifier.with_policy(policy, at, helper)?;
        let whole = verifier.message_processed();
        release(whole, verifier)
    })
}

/// Verifies `signature` over `data`. The result has no plaintext: it is `data`.
pub fn verify_detached(data: &[u8], signature: &[u8], keyring: &Keyring<'_>, now: DateTime<Utc>) -> Opened {
    open(keyring, now, |helper, policy, at| {
        let mut verifier = DetachedVerifierBuilder::from_bytes(signature)?.with_policy(policy, at, helper)?;
        verifier.verify_bytes(data)?;
        Ok(None)
    })
}

fn release(whole: bool, mut reader: impl std::io::Read) -> LibraryResult<Option<Vec<u8>>> {
    if !whole {
        return Err(Failure::TooBig.into());
    }
    let mut text = Vec::new();
    reader.by_ref().take(MAX_PLAINTEXT as u64 + 1).read_to_end(&mut text)?;
    Ok(Some(text))
}

/// Runs one of the library's streams with our helper and turns what it says into words.
fn open<'k>(
    keyring: &'k Keyring<'k>,
    now: DateTime<Utc>,
    run: impl FnOnce(Helper<'_, 'k>, &Reading<'_>, SystemTime) -> LibraryResult<Option<Vec<u8>>>,
) -> Opened {
    let at = SystemTime::from(now);
    let policy = Reading::at(at);
    let mut seen = Seen::default();
    let result = guarded(|| run(Helper { keyring, now, policy: &policy, seen: &mut seen }, &policy, at));
    let mut opened = Opened { encrypted: seen.encrypted, signatures: seen.signatures, ..Opened::default() };
    match result.and_then(|done| done.map_err(|error| seen.failure.unwrap_or_else(|| explain(&error)))) {
        Ok(text) => opened.plaintext = text,
        Err(failure) => {
            // Signatures were only weighed over text that is not released.
            opened.signatures.clear();
            if failure == Failure::NoIntegrity {
                opened.encrypted.get_or_insert_default();
            }
            opened.failure = Some(failure);
        }
    }
    opened
}

/// What was met on the way, kept outside the helper because the library drops
/// that one on failure.
#[derive(Default)]
struct Seen {
    spent: Spent,
    encrypted: Option<Encrypted>,
    signatures: Vec<Checked>,
    failure: Option<Failure>,
}

struct Helper<'h, 'k> {
    keyring: &'k Keyring<'k>,
    now: DateTime<Utc>,
    policy: &'h Reading<'h>,
    seen: &'h mut Seen,
}

impl Helper<'_, '_> {
    /// Keeps our own word for the failure, which the library would bury in its own.
    fn fail(&mut self, failure: Failure) -> anyhow::Error {
        self.seen.failure = Some(failure.clone());
        failure.into()
    }
}

impl VerificationHelper for Helper<'_, '_> {
    fn inspect(&mut self, parser: &PacketParser<'_>) -> LibraryResult<()> {
        let tag = parser.packet.tag();
        if matches!(tag, Tag::SEIP | Tag::AED | Tag::SED) {
            self.seen.encrypted.get_or_insert_default();
        }
        self.seen.spent.count(parser).map_err(|failure| self.fail(failure))
    }

    fn get_certs(&mut self, handles: &[KeyHandle]) -> LibraryResult<Vec<Cert>> {
        Ok(self.keyring.certs(handles))
    }

    fn check(&mut self, structure: MessageStructure<'_>) -> LibraryResult<()> {
        let layers: Vec<_> = structure.into_iter().collect();
        let innermost = layers.iter().rposition(|layer| matches!(layer, MessageLayer::Encryption { .. }));
        for (depth, layer) in layers.iter().enumerate() {
            if let MessageLayer::SignatureGroup { results } = layer {
                let outside = innermost.is_some_and(|encryption| depth < encryption);
                let all = results.iter().map(|result| checked(result, self.policy, self.now, outside));
                self.seen.signatures.extend(all);
            }
            if let MessageLayer::Encryption { sym_algo, aead_algo } = layer {
                let integrity = aead_algo.map_or_else(|| "MDC".to_owned(), |mode| mode.to_string());
                self.seen.encrypted.get_or_insert_default().cipher = Some(format!("{sym_algo}, {integrity}"));
            }
        }
        Ok(())
    }
}

impl DecryptionHelper for Helper<'_, '_> {
    fn decrypt(
        &mut self,
        session_keys: &[PKESK],
        passwords: &[SKESK],
        cipher: Option<SymmetricAlgorithm>,
        open: &mut dyn FnMut(Option<SymmetricAlgorithm>, &SessionKey) -> bool,
    ) -> LibraryResult<Option<Cert>> {
        let session_keys = session_keys.get(..MAX_SESSION_KEYS).unwrap_or(session_keys);
        self.seen.encrypted.get_or_insert_default().recipients = session_keys.iter().map(recipient).collect();
        // Named recipients first: a hidden one costs a trial with every key that we have.
        let (named, hidden): (Vec<_>, Vec<_>) =
            session_keys.iter().partition(|key| key.recipient().is_some());
        let keyring = self.keyring;
        let trials = named
            .into_iter()
            .chain(hidden)
            .flat_map(|packet| keyring.openers(packet).map(move |(cert, key)| (packet, cert, key)));
        let mut tried = None;
        for (packet, cert, key) in trials.take(MAX_KEY_TRIALS) {
            // That a hidden recipient is not one of us says nothing.
            if packet.recipient().is_some() {
                let beyond_us = (!algorithm::is_supported(&key)).then(|| algorithm::words(&key));
                tried = Some((key.fingerprint().to_hex(), beyond_us));
            }
            let Ok(mut pair) = key.into_keypair() else { continue };
            if packet.decrypt(&mut pair, cipher).is_some_and(|(cipher, key)| open(cipher, &key)) {
                self.seen.encrypted.get_or_insert_default().opened_with = Some(cert.fingerprint().to_hex());
                return Ok(Some(cert.clone()));
            }
        }
        let failure = match tried {
            Some((_, Some(algorithm))) => Failure::Unsupported(algorithm),
            Some((key, None)) => Failure::Damaged(format!("our key {key} does not open it")),
            None => self.unopened(session_keys, passwords),
        };
        Err(self.fail(failure))
    }
}

impl Helper<'_, '_> {
    /// Why no key of ours was even tried.
    fn unopened(&self, session_keys: &[PKESK], passwords: &[SKESK]) -> Failure {
        if let Some(key) = session_keys.iter().find_map(|packet| self.keyring.locked(packet)) {
            return Failure::Locked { key };
        }
        if session_keys.is_empty() && !passwords.is_empty() {
            return Failure::PasswordOnly;
        }
        Failure::NoKey { recipients: session_keys.iter().map(recipient).collect() }
    }
}

fn recipient(packet: &PKESK) -> String {
    packet.recipient().map_or_else(|| "a hidden recipient".to_owned(), |handle| handle.to_hex())
}

/// The library's error as one of ours. Its text may name packets and algorithms
/// but never content.
fn explain(error: &anyhow::Error) -> Failure {
    if let Some(failure) = error.downcast_ref::<Failure>() {
        return failure.clone();
    }
    let mut words = error.root_cause().to_string();
    for cause in error.chain().filter_map(|cause| cause.downcast_ref::<Error>()) {
        match cause {
            Error::ManipulatedMessage => return Failure::Manipulated,
            Error::PolicyViolation(what, _) if what.starts_with("Symmetrically Encrypted Data") => {
                return Failure::NoIntegrity;
            }
            Error::PolicyViolation(what, _) => return Failure::Unsupported(what.clone()),
            Error::UnsupportedSymmetricAlgorithm(what) => return Failure::Unsupported(what.to_string()),
            Error::UnsupportedAEADAlgorithm(what) => return Failure::Unsupported(what.to_string()),
            other => words = other.to_string(),
        }
    }
    Failure::Damaged(words)
}

#[cfg(test)]
#[path = "open_tests.rs"]
mod tests;
