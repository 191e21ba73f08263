//! age (<https://age-encryption.org/v1>): files encrypted to X25519 recipients.
//! Knows nothing of mail, OpenPGP or the database.
//!
//! Passphrases are never tried on opening: the work of each guess is priced by
//! the sender. Plugins and SSH keys are not used. A header is measured before
//! the library sees it: it reads headers in quadratic time, and every recipient
//! in one costs a scalar multiplication.

use std::fmt;
use std::io::{ErrorKind, Read};
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::str::FromStr as _;

use ::age::armor::ArmoredReader;
use ::age::secrecy::ExposeSecret as _;
use ::age::{DecryptError, Decryptor, x25519};
/// Secret bytes: zeroed when dropped, never shown by `Debug`.
use sequoia_openpgp::crypto::mem::Protected;
use zeroize::Zeroizing;

/// Bytes of plaintext that are opened at once.
pub const MAX_PLAINTEXT: usize = 64 << 20;

/// Bytes of an encrypted file: a little more than the plaintext, armored.
const MAX_FILE: usize = 96 << 20;

/// Bytes of a header.
const MAX_HEADER: usize = 64 << 10;

/// Recipients in a header.
const MAX_RECIPIENTS: usize = 64;

/// Bytes of a file with identities, and identities in it.
const MAX_IDENTITIES: (usize, usize) = (64 << 10, 64);

const MAGIC: &[u8] = b"age-encryption.org/v1\n";
const BEGIN: &[u8] = b"-----BEGIN AGE ENCRYPTED FILE-----";
const END: &[u8] = b"-----END AGE ENCRYPTED FILE-----";

/// A secret key. `Debug` shows its recipient alone.
#[derive(Clone)]
pub struct Identity(x25519::Identity);

impl Identity {
    /// What others encrypt to: `age1...`.
    pub fn recipient(&self) -> String {
        self.0.to_public().to_string()
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Identity").field(&self.recipient()).finish()
    }
}

/// A file that was opened. `Debug` does not show the text.
pub struct Opened {
    /// The text, read to its end.
    pub plaintext: Vec<u8>,
    /// The recipient of ours that it was encrypted to.
    pub recipient: String,
}

impl fmt::Debug for Opened {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Opened")
            .field("plaintext", &self.plaintext.len())
            .field("recipient", &self.recipient)
            .finish()
    }
}

/// Why a file could not be opened. No text of it is released with any of these.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AgeFailure {
    /// Encrypted to somebody else.
    #[error("encrypted with age to a key that we do not hold; import the identity with `ninety key import`")]
    NoIdentity,
    /// Encrypted with a passphrase.
    #[error(
        "encrypted with age and a passphrase instead of a key; ask the sender to encrypt to our recipient"
    )]
    Passphrase,
    /// Encrypted to keys of other kinds alone.
    #[error(
        "encrypted with age to keys that ninety cannot use ({0}); ask the sender to encrypt to our recipient"
    )]
    OtherKinds(String),
    /// It is no age file, or a damaged or altered one.
    #[error("damaged or altered on the way (age: {0}); ask the sender for it again")]
    Damaged(String),
    /// More plaintext than is opened at once.
    #[error("larger than {} MiB when opened; ask the sender for a smaller one", MAX_PLAINTEXT >> 20)]
    TooBig,
    /// More recipients than any honest file has.
    #[error("built to exhaust its reader (too many age recipients); not opened")]
    TooMuchWork,
}

/// Why there is no identity in a file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no age identity in it ({0}); make one with `age-keygen`")]
pub struct NoIdentities(&'static str);

/// Makes a new identity: the line `AGE-SECRET-KEY-1...`, and its recipient.
pub fn generate() -> (Protected, String) {
    let identity = x25519::Identity::generate();
    let line = identity.to_string();
    (Protected::from(line.expose_secret().as_bytes()), identity.to_public().to_string())
}

/// The recipient of an identity as [`generate`] made it.
///
/// # Errors
/// When it is no identity.
pub fn recipient_of(identity: &Protected) -> Result<String, NoIdentities> {
    let found = read_identities(identity)?;
    found.first().map(Identity::recipient).ok_or(NoIdentities("it is empty"))
}

/// Reads a file of identities: lines `AGE-SECRET-KEY-1...`, comments and blank lines.
///
/// # Errors
/// When it holds none, or anything else.
pub fn read_identities(bytes: &[u8]) -> Result<Vec<Identity>, NoIdentities> {
    let (max_bytes, max_count) = MAX_IDENTITIES;
    if bytes.len() > max_bytes {
        return Err(NoIdentities("it is too large"));
    }
    let text = std::str::from_utf8(bytes).map_err(|_| NoIdentities("it is no text"))?;
    let mut found = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        if line.starts_with("AGE-PLUGIN-") {
            return Err(NoIdentities("it needs a plugin, which ninety does not run"));
        }
        let identity = x25519::Identity::from_str(line);
        found.push(Identity(identity.map_err(|_| NoIdentities("a line of it is none"))?));
        if found.len() > max_count {
            return Err(NoIdentities("it has too many"));
        }
    }
    if found.is_empty() { Err(NoIdentities("it has no such line")) } else { Ok(found) }
}

/// Whether `bytes` begin as an age file does, armored or binary.
pub fn is_encrypted(bytes: &[u8]) -> bool {
    bytes.starts_with(MAGIC) || bytes.trim_ascii_start().starts_with(BEGIN)
}

/// The armored files in a text, from the first dash to the last.
pub fn armored(text: &[u8]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let (mut open, mut start) = (None, 0);
    for line in text.split_inclusive(|byte| *byte == b'\n') {
        match (open, line.trim_ascii_end()) {
            (None, BEGIN) => open = Some(start),
            (Some(from), END) => {
                found.push(from..start + END.len());
                open = None;
            }
            _ => {}
        }
        start += line.len();
    }
    found
}

/// Decrypts an armored or binary file. Takes time in proportion to its length
/// and to the number of `identities`.
///
/// # Errors
/// When none of them opens it, or it is damaged, too big, or of another kind.
pub fn decrypt(bytes: &[u8], identities: &[Identity]) -> Result<Opened, AgeFailure> {
    // The library parses with the sender's bytes, and a fault in it must not end the reading.
    catch_unwind(AssertUnwindSafe(|| open(bytes, identities)))
        .unwrap_or_else(|_| Err(AgeFailure::Damaged("the library failed".to_owned())))
}

fn open(bytes: &[u8], identities: &[Identity]) -> Result<Opened, AgeFailure> {
    if bytes.len() > MAX_FILE {
        return Err(AgeFailure::TooBig);
    }
    let binary = if bytes.starts_with(MAGIC) { bytes.to_vec() } else { unarmored(bytes)? };
    let kinds = recipients(&binary)?;
    if kinds.contains(&"scrypt") {
        return Err(AgeFailure::Passphrase);
    }
    if !kinds.contains(&"X25519") {
        return Err(AgeFailure::OtherKinds(named(&kinds)));
    }
    for identity in identities {
        let decryptor = Decryptor::new_buffered(&binary[..]).map_err(|error| explain(&error))?;
        match decryptor.decrypt(std::iter::once(&identity.0 as &dyn ::age::Identity)) {
            Err(DecryptError::NoMatchingKeys) => {}
            Err(error) => return Err(explain(&error)),
            Ok(reader) => return Ok(Opened { plaintext: whole(reader)?, recipient: identity.recipient() }),
        }
    }
    Err(AgeFailure::NoIdentity)
}

fn unarmored(bytes: &[u8]) -> Result<Vec<u8>, AgeFailure> {
    let mut binary = Vec::new();
    let mut reader = ArmoredReader::new(bytes.trim_ascii());
    reader.read_to_end(&mut binary).map_err(|error| AgeFailure::Damaged(error.to_string()))?;
    Ok(binary)
}

/// All of the plaintext, or none.
fn whole(reader: impl Read) -> Result<Vec<u8>, AgeFailure> {
    let mut text = Zeroizing::new(Vec::new());
    let read = reader.take(MAX_PLAINTEXT as u64 + 1).read_to_end(&mut text);
    match read {
        Ok(length) if length > MAX_PLAINTEXT => Err(AgeFailure::TooBig),
        Ok(_) => Ok(std::mem::take(&mut *text)),
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => {
            Err(AgeFailure::Damaged("it is cut off".to_owned()))
        }
        Err(error) => Err(AgeFailure::Damaged(error.to_string())),
    }
}

/// The kinds of recipients that a header names, one for each stanza.
fn recipients(binary: &[u8]) -> Result<Vec<&str>, AgeFailure> {
    let damaged = || AgeFailure::Damaged("it has no header".to_owned());
    let header = binary.get(..MAX_HEADER.min(binary.len())).unwrap_or(binary);
    let header = header.strip_prefix(MAGIC).ok_or_else(damaged)?;
    let mut kinds = Vec::new();
    for line in header.split(|byte| *byte == b'\n') {
        if line.starts_with(b"---") {
            return Ok(kinds);
        }
        if let Some(stanza) = line.strip_prefix(b"-> ") {
            let kind = stanza.split(|byte| *byte == b' ').next().unwrap_or_default();
            kinds.push(std::str::from_utf8(kind).map_err(|_| damaged())?);
        }
        if kinds.len() > MAX_RECIPIENTS {
            return Err(AgeFailure::TooMuchWork);
        }
    }
    Err(if binary.len() > MAX_HEADER { AgeFailure::TooMuchWork } else { damaged() })
}

/// The kinds in words. A kind is foreign text.
fn named(kinds: &[&str]) -> String {
    let known = kinds.iter().filter(|kind| !kind.ends_with("-grease"));
    let mut shown: Vec<String> = Vec::new();
    for kind in known {
        let kind: String = kind.chars().take(32).collect();
        if shown.len() < 4 && !shown.contains(&kind) {
            shown.push(kind);
        }
    }
    if shown.is_empty() { "of no known kind".to_owned() } else { shown.join(", ") }
}

fn explain(error: &DecryptError) -> AgeFailure {
    AgeFailure::Damaged(match error {
        DecryptError::InvalidMac => "its header was altered".to_owned(),
        other => other.to_string(),
    })
}

#[cfg(test)]
#[path = "age_tests.rs"]
mod tests;
