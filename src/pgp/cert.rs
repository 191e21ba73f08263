//! Certificates and keys as they come from files and mail: read, judged,
//! stripped of what others attached to them, serialised for the store.

use std::fmt;
use std::time::{Duration, SystemTime};

use chrono::{DateTime, Utc};
use sequoia_openpgp::cert::{CertBuilder, CertParser, CipherSuite};
use sequoia_openpgp::crypto::mem::Protected;
use sequoia_openpgp::parse::Parse as _;
use sequoia_openpgp::policy::{Policy, StandardPolicy};
use sequoia_openpgp::serialize::MarshalInto as _;
use sequoia_openpgp::types::{Features, RevocationStatus};
use sequoia_openpgp::{Cert, Error, Packet, anyhow};

use super::armor::{self, Kind};
use super::failure::guarded;
use super::utc;

/// Bytes of one key file.
const MAX_FILE: usize = 5 << 20;

/// Certificates taken from one file.
const MAX_CERTS: usize = 10_000;

/// Bytes of one certificate once it is stripped.
const MAX_CERT: usize = 1 << 20;

/// Why no key could be made of a file or of a request.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The file is too large for keys.
    #[error("larger than {} MiB; export only the keys that you need", MAX_FILE >> 20)]
    TooBig,
    /// No certificate or key in it.
    #[error("there is no OpenPGP key in it{}; export one with `gpg --armor --export`", because(.0))]
    None(Option<String>),
    /// The passphrase does not open it.
    #[error("the passphrase does not open this key; try again with the right one")]
    WrongPassphrase,
    /// Its protection asks for more work or memory than is sane, or for something unknown.
    #[error("its secret part is protected by {0}; export it again with a common passphrase protection")]
    Protection(String),
    /// Its secret part is elsewhere, as on a card.
    #[error("its secret part is not in the file (it may be on a card); export it where it was made")]
    NoSecret,
    /// The library failed.
    #[error("the OpenPGP library failed: {0}")]
    Library(String),
}

fn because(why: &Option<String>) -> String {
    why.as_ref().map_or_else(String::new, |why| format!(" ({why})"))
}

impl From<anyhow::Error> for KeyError {
    fn from(error: anyhow::Error) -> Self {
        Self::Library(error.root_cause().to_string())
    }
}

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

/// One certificate, with or without its secret part.
#[derive(Debug)]
pub struct Found {
    /// Fingerprint, upper-case hexadecimal.
    pub fingerprint: String,
    /// Fingerprints and key IDs of the primary key and all subkeys, upper-case
    /// hexadecimal: every handle that a message or a signature may name it by.
    pub handles: Vec<String>,
    /// All user IDs, the primary one first. Foreign text.
    pub user_ids: Vec<String>,
    /// Addresses of the valid, unrevoked user IDs, folded to lower case. Foreign text.
    pub emails: Vec<String>,
    /// When the primary key was made.
    pub created: DateTime<Utc>,
    /// When it expires.
    pub expires: Option<DateTime<Utc>>,
    /// Whether there is a secret part.
    pub is_secret: bool,
    /// Whether some of the secret part is locked by a passphrase.
    pub is_locked: bool,
    /// Whether it can be used now, and if not, why.
    pub fitness: Fitness,
    /// In words: `EdDSA/ECDH`, `RSA-4096`.
    pub algorithm: String,
    /// The certificate without anything secret, stripped, serialised.
    pub public: Vec<u8>,
    /// The key with its secret part as it came, locked or not, serialised.
    pub secret: Option<Protected>,
}

/// Everything that a key file held.
#[derive(Debug, Default)]
pub struct KeyFile {
    /// The certificates and keys in their order.
    pub found: Vec<Found>,
    /// What was left out and why, in words.
    pub skipped: Vec<String>,
}

/// Reads certificates and keys, armored or binary, several in one file.
/// Certifications by others are left out: they are how certificates get flooded.
pub fn read(bytes: &[u8], now: DateTime<Utc>) -> Result<KeyFile, KeyError> {
    if bytes.len() > MAX_FILE {
        return Err(KeyError::TooBig);
    }
    let mut file = KeyFile::default();
    let blocks = armor::blocks(bytes);
    let keys = blocks.iter().filter(|block| matches!(block.kind, Kind::PublicKey | Kind::SecretKey));
    let mut pieces: Vec<&[u8]> = keys.filter_map(|block| bytes.get(block.range.clone())).collect();
    if pieces.is_empty() && blocks.is_empty() {
        pieces.push(bytes);
    }
    for piece in pieces {
        let mut one = KeyFile::default();
        if guarded(|| read_piece(piece, now, &mut one)).is_err() {
            one.skipped.push("the OpenPGP library failed on the rest".to_owned());
        }
        file.found.append(&mut one.found);
        file.skipped.append(&mut one.skipped);
    }
    if file.found.is_empty() {
        return Err(KeyError::None(file.skipped.into_iter().next()));
    }
    Ok(file)
}

fn read_piece(bytes: &[u8], now: DateTime<Utc>, file: &mut KeyFile) {
    let certs = match CertParser::from_bytes(bytes) {
        Ok(certs) => certs,
        Err(error) => return file.skipped.push(error.root_cause().to_string()),
    };
    for (count, cert) in certs.enumerate() {
        if count >= MAX_CERTS {
            return file.skipped.push(format!("everything after the first {MAX_CERTS}"));
        }
        match cert.and_then(strip).map_err(KeyError::from).and_then(|cert| describe(&cert, now)) {
            Ok(found) if found.public.len() > MAX_CERT => {
                file.skipped.push(format!("{}: larger than {} KiB", found.fingerprint, MAX_CERT >> 10));
            }
            Ok(found) => file.found.push(found),
            Err(error) => file.skipped.push(error.to_string()),
        }
    }
}

/// The certificate with nothing in it that its holder did not sign.
fn strip(cert: Cert) -> sequoia_openpgp::Result<Cert> {
    let mut packets: Vec<Packet> = Vec::new();
    let primary = cert.primary_key();
    packets.push(match primary.key().clone().parts_into_secret() {
        Ok(secret) => Packet::from(secret),
        Err(_) => Packet::from(primary.key().clone()),
    });
    packets.extend(primary.self_signatures().chain(primary.self_revocations()).cloned().map(Packet::from));
    for id in cert.userids() {
        packets.push(id.userid().clone().into());
        packets.extend(id.self_signatures().chain(id.self_revocations()).cloned().map(Packet::from));
    }
    for subkey in cert.keys().subkeys() {
        packets.push(match subkey.key().clone().parts_into_secret() {
            Ok(secret) => Packet::from(secret),
            Err(_) => Packet::from(subkey.key().clone()),
        });
        packets.extend(subkey.self_signatures().chain(subkey.self_revocations()).cloned().map(Packet::from));
    }
    Cert::from_packets(packets.into_iter())
}

fn describe(cert: &Cert, now: DateTime<Utc>) -> Result<Found, KeyError> {
    let at = SystemTime::from(now);
    let policy = StandardPolicy::at(at);
    let valid = cert.with_policy(&policy, at).ok();
    let primary = valid.as_ref().and_then(|valid| valid.primary_userid().ok()).map(|id| id.userid().clone());
    let rest = cert.userids().map(|id| id.userid().clone()).filter(|id| Some(id) != primary.as_ref());
    let user_ids = primary.clone().into_iter().chain(rest);
    let handles = cert.keys().flat_map(|key| [key.key().fingerprint().to_hex(), key.key().keyid().to_hex()]);
    let bound = valid.iter().flat_map(|valid| valid.userids().revoked(false));
    Ok(Found {
        fingerprint: cert.fingerprint().to_hex(),
        handles: handles.collect(),
        user_ids: user_ids.map(|id| String::from_utf8_lossy(id.value()).into_owned()).collect(),
        emails: bound.filter_map(|id| id.userid().email_normalized().ok().flatten()).collect(),
        created: utc(cert.primary_key().key().creation_time()),
        expires: valid.as_ref().and_then(|valid| valid.primary_key().key_expiration_time()).map(utc),
        is_secret: cert.is_tsk(),
        is_locked: cert.keys().encrypted_secret().next().is_some(),
        fitness: fitness(cert, &policy, at),
        algorithm: algorithm(cert),
        public: cert.clone().strip_secret_key_material().to_vec()?,
        secret: if cert.is_tsk() { Some(cert.as_tsk().to_vec()?.into()) } else { None },
    })
}

fn fitness(cert: &Cert, policy: &dyn Policy, at: SystemTime) -> Fitness {
    if let RevocationStatus::Revoked(by) = cert.revocation_status(policy, at) {
        let why = by.first().and_then(|signature| signature.reason_for_revocation());
        return Fitness::Revoked {
            why: why.map_or_else(|| "no reason given".to_owned(), |(code, _)| code.to_string()),
        };
    }
    match cert.with_policy(policy, at).and_then(|valid| valid.alive()) {
        Ok(()) => Fitness::Usable,
        Err(error) => unfit(&error),
    }
}

fn unfit(error: &anyhow::Error) -> Fitness {
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

/// The algorithms of the primary key and, where it differs, of the first
/// subkey that encrypts.
fn algorithm(cert: &Cert) -> String {
    let words = |key: &sequoia_openpgp::packet::Key<_, sequoia_openpgp::packet::key::UnspecifiedRole>| {
        use sequoia_openpgp::crypto::mpi::PublicKey;
        match key.mpis() {
            PublicKey::RSA { .. } => format!("RSA-{}", key.mpis().bits().unwrap_or_default()),
            PublicKey::EdDSA { curve, .. } | PublicKey::ECDSA { curve, .. } => curve.to_string(),
            PublicKey::ECDH { curve, .. } => curve.to_string(),
            _ => key.pk_algo().to_string(),
        }
    };
    let mut keys = cert.keys();
    let primary = keys.next().map(|key| words(key.key())).unwrap_or_default();
    let encrypting = keys.find(|key| key.key().pk_algo().for_encryption()).map(|key| words(key.key()));
    match encrypting {
        Some(other) if other != primary => format!("{primary}/{other}"),
        _ => primary,
    }
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
    let folded = email.to_lowercase();
    let mut addresses =
        valid.userids().revoked(false).filter_map(|id| id.userid().email_normalized().ok().flatten());
    if !addresses.any(|address| address.to_lowercase() == folded) {
        return Err(CannotEncrypt::NotBound(email.to_owned()));
    }
    let mut keys = valid.keys().supported().alive().revoked(false).for_transport_encryption();
    keys.next().map(|_| ()).ok_or(CannotEncrypt::NoEncryptionKey)
}

/// How long a key that we make is valid.
const VALIDITY: Duration = Duration::from_secs(2 * 365 * 24 * 60 * 60);

/// The certificate of a key, without anything secret; `None` where it is no key.
pub fn public_part(key: &[u8]) -> Option<Vec<u8>> {
    guarded(|| Cert::from_bytes(key).and_then(|cert| cert.strip_secret_key_material().to_vec()).ok())
        .ok()
        .flatten()
}

/// Two forms of one certificate as one: all that either has. What is known is
/// never lost by an import, and a secret part stays.
pub fn merge(kept: &[u8], new: &[u8]) -> Result<Protected, KeyError> {
    guarded(|| {
        let (kept, new) = (Cert::from_bytes(kept)?, Cert::from_bytes(new)?);
        let both = kept.merge_public_and_secret(new)?;
        Ok(both.as_tsk().to_vec()?.into())
    })
    .unwrap_or_else(|failure| Err(KeyError::Library(failure.to_string())))
}

/// Makes a key that certifies, signs and decrypts, valid for two years from
/// `now`, not locked, serialised with its secret part. Version 4 with
/// Curve25519, and without asking for AEAD: what GnuPG 2.2 can use as well.
pub fn generate(name: &str, email: &str, now: DateTime<Utc>) -> Result<Protected, KeyError> {
    use sequoia_openpgp::packet::UserID;
    // Names come as people write them; the library's own form takes fewer.
    let user_id = UserID::from(if name.is_empty() { email.to_owned() } else { format!("{name} <{email}>") });
    let (cert, _) = CertBuilder::new()
        .set_cipher_suite(CipherSuite::Cv25519)
        .set_features(Features::empty().set_seipdv1())?
        .set_creation_time(SystemTime::from(now))
        .set_validity_period(VALIDITY)
        .add_userid(user_id)
        .add_signing_subkey()
        .add_subkey(
            sequoia_openpgp::types::KeyFlags::empty().set_transport_encryption().set_storage_encryption(),
            None,
            None,
        )
        .generate()?;
    Ok(cert.as_tsk().to_vec()?.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(time: &str) -> DateTime<Utc> {
        time.parse().unwrap()
    }

    fn now() -> DateTime<Utc> {
        at("2026-11-23T12:00:00Z")
    }

    fn found(bytes: &[u8], now: DateTime<Utc>) -> Found {
        read(bytes, now).unwrap().found.remove(0)
    }

    #[test]
    fn a_generated_key_reads_as_what_it_is() {
        let key = generate("Example Security", "Security@Example.org", now()).unwrap();
        let found = found(&key, now());
        assert_eq!(found.user_ids, ["Example Security <Security@Example.org>"]);
        assert_eq!(found.emails, ["security@example.org"]);
        assert_eq!(found.expires, Some(now() + VALIDITY));
        assert_eq!(found.created, now());
        assert_eq!(found.fitness, Fitness::Usable);
        assert!(found.is_secret && !found.is_locked);
        assert_eq!(found.handles.len(), 6);
        assert!(found.handles.contains(&found.fingerprint));
        assert!(!read(&found.public, now()).unwrap().found[0].is_secret);
    }

    #[test]
    fn encrypting_needs_a_live_key_bound_to_the_address() {
        let cert = found(&generate("Ann", "ann@example.org", now()).unwrap(), now()).public;
        assert_eq!(can_encrypt_to(&cert, "Ann@Example.org", now()), Ok(()));
        assert_eq!(
            can_encrypt_to(&cert, "eve@example.org", now()),
            Err(CannotEncrypt::NotBound("eve@example.org".to_owned()))
        );
        let late = at("2029-01-01T00:00:00Z");
        assert!(matches!(
            can_encrypt_to(&cert, "ann@example.org", late),
            Err(CannotEncrypt::Unfit(Fitness::Expired { .. }))
        ));
        assert_eq!(can_encrypt_to(b"nothing", "ann@example.org", now()), Err(CannotEncrypt::Damaged));
    }

    #[test]
    fn several_armored_blocks_in_one_file_are_all_read() {
        let mut text = Vec::new();
        for name in ["ann", "ben"] {
            let key = generate(name, &format!("{name}@example.org"), now()).unwrap();
            text.extend(Cert::from_bytes(&key).unwrap().armored().to_vec().unwrap());
            text.extend(b"\nand some words between\n");
        }
        let file = read(&text, now()).unwrap();
        assert_eq!(file.found.len(), 2);
        assert!(file.found.iter().all(|found| !found.is_secret));
    }

    #[test]
    fn certifications_by_others_are_left_out() {
        let signer = Cert::from_bytes(&generate("Eve", "eve@example.org", now()).unwrap()).unwrap();
        let cert = Cert::from_bytes(&generate("Ann", "ann@example.org", now()).unwrap()).unwrap();
        let mut pair =
            signer.primary_key().key().clone().parts_into_secret().unwrap().into_keypair().unwrap();
        let id = cert.userids().next().unwrap().userid().clone();
        let certification = id.certify(&mut pair, &cert, None, None, Some(now().into())).unwrap();
        let clean = cert.to_vec().unwrap().len();
        let flooded = cert.insert_packets(certification).unwrap().0.to_vec().unwrap();
        assert!(flooded.len() > clean);
        assert_eq!(found(&flooded, now()).public.len(), clean);
    }

    #[test]
    fn what_is_no_key_says_so() {
        assert!(matches!(read(b"hello", now()), Err(KeyError::None(_))));
        assert!(matches!(read(&vec![0x99; MAX_FILE + 1], now()), Err(KeyError::TooBig)));
        assert!(matches!(read(b"", now()), Err(KeyError::None(_))));
    }
}
