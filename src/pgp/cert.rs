//! Certificates and keys as they come from files and mail: read, judged,
//! stripped of what others attached to them, serialised for the store.

use std::time::{Duration, SystemTime};

use chrono::{DateTime, Utc};
use sequoia_openpgp::cert::CertParser;
use sequoia_openpgp::crypto::mem::Protected;
use sequoia_openpgp::packet::Tag;
use sequoia_openpgp::packet::key::SecretKeyMaterial;
use sequoia_openpgp::parse::{PacketParserBuilder, PacketParserResult, Parse as _};
use sequoia_openpgp::policy::StandardPolicy;
use sequoia_openpgp::serialize::MarshalInto as _;
use sequoia_openpgp::{Cert, Packet, anyhow};

use super::algorithm;
use super::armor::{self, Kind};
use super::failure::guarded;
use super::fitness::{Fitness, fitness};
use super::lock::is_elsewhere;
use super::make::{Suite, make};
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
    /// Its secret part is needed, and locked.
    #[error("its secret part is locked by a passphrase; import it again with `--key-passphrase-file`")]
    Locked,
    /// No such kind of key can be made.
    #[error("ninety cannot make {0} keys; make a new key as one of cv25519, rsa4096, v6, pqc")]
    CannotMake(String),
    /// No user ID can be made of this name and address.
    #[error("{0:?} cannot stand in a user ID; give a plain name and one address like security@example.org")]
    UserId(String),
    /// An end that no key can have.
    #[error("a key cannot end {0}; give a later date")]
    End(&'static str),
    /// It is revoked, expired or too weak for what was asked.
    #[error("the key is {0}; make a new one")]
    Unfit(Fitness),
    /// A revocation certificate that does not revoke this key.
    #[error("this is no revocation certificate of the key; look for the one that was made with it")]
    NotItsRevocation,
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
    /// In words: `Ed25519/Cv25519`, `RSA-4096`.
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
    let mut packets = Vec::new();
    if let Err(error) = key_packets(bytes, &mut packets) {
        file.skipped.push(format!("the rest after {} packets: {}", packets.len(), error.root_cause()));
    }
    for (count, cert) in CertParser::from_iter(packets).enumerate() {
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

/// Takes the packets up to the first one that no key has. In particular nothing
/// is decompressed: some 3 kB make 4 GiB.
pub(super) fn key_packets(bytes: &[u8], packets: &mut Vec<Packet>) -> sequoia_openpgp::Result<()> {
    let mut rest = PacketParserBuilder::from_bytes(bytes)?.max_recursion_depth(0).build()?;
    while let PacketParserResult::Some(parser) = rest {
        if matches!(parser.packet.tag(), Tag::CompressedData | Tag::Literal | Tag::SEIP | Tag::SED | Tag::AED)
        {
            break;
        }
        let (packet, next) = parser.next()?;
        packets.push(packet);
        rest = next;
    }
    Ok(())
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

/// What there is to know of a certificate that is stripped.
pub(super) fn describe(cert: &Cert, now: DateTime<Utc>) -> Result<Found, KeyError> {
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
        is_locked: cert.keys().encrypted_secret().any(|key| is_locked(key.key().secret())),
        fitness: fitness(cert, &policy, at),
        algorithm: algorithm::of_cert(cert),
        public: cert.clone().strip_secret_key_material().to_vec()?,
        secret: if cert.is_tsk() { Some(cert.as_tsk().to_vec()?.into()) } else { None },
    })
}

/// Whether a passphrase would open this secret part.
fn is_locked(secret: &SecretKeyMaterial) -> bool {
    matches!(secret, SecretKeyMaterial::Encrypted(locked) if !is_elsewhere(locked.s2k()))
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

/// Makes the key that a team starts with: [`Suite::Cv25519`], valid for two
/// years from `now`, not locked, serialised with its secret part.
pub fn generate(name: &str, email: &str, now: DateTime<Utc>) -> Result<Protected, KeyError> {
    Ok(make(name, email, Suite::Cv25519, VALIDITY, now)?.key)
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
    fn compressed_data_is_never_unpacked_for_keys() {
        use sequoia_openpgp::serialize::stream::{Compressor, LiteralWriter, Message};
        use std::io::Write as _;
        let mut bomb = generate("Ann", "ann@example.org", now()).unwrap().to_vec();
        let compressor = Compressor::new(Message::new(&mut bomb)).build().unwrap();
        let mut literal = LiteralWriter::new(compressor).build().unwrap();
        literal.write_all(b"what is behind it stays unread").unwrap();
        literal.finalize().unwrap();
        let mut packets = Vec::new();
        key_packets(&bomb, &mut packets).unwrap();
        assert!(packets.iter().all(|packet| packet.tag() != Tag::CompressedData));
        assert_eq!(read(&bomb, now()).unwrap().found.len(), 1);
    }

    #[test]
    fn what_comes_before_damage_is_taken() {
        let ann = generate("Ann", "ann@example.org", now()).unwrap();
        let ben = generate("Ben", "ben@example.org", now()).unwrap();
        let cut = [&ann[..], &ben[..ben.len() / 2]].concat();
        let file = read(&cut, now()).unwrap();
        assert_eq!(file.found[0].emails, ["ann@example.org"]);
        assert!(!file.skipped.is_empty());
    }

    #[test]
    fn what_is_no_key_says_so() {
        assert!(matches!(read(b"hello", now()), Err(KeyError::None(_))));
        assert!(matches!(read(&vec![0x99; MAX_FILE + 1], now()), Err(KeyError::TooBig)));
        assert!(matches!(read(b"", now()), Err(KeyError::None(_))));
    }
}
