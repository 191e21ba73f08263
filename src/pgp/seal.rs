//! The store's key under lock: an OpenPGP message that a passphrase opens,
//! and, once there are members, their keys.
//!
//! The packets are those of RFC 9580: a version 6 SKESK whose key comes from
//! Argon2id with the second recommendation of RFC 9106 (3 passes, 4 lanes,
//! 64 MiB), and AES-256 in OCB mode.

use std::io::{Read as _, Write as _};

use sequoia_openpgp::crypto::mem::Protected;
use sequoia_openpgp::crypto::{Password, S2K, SessionKey};
use sequoia_openpgp::packet::{PKESK, SKESK, skesk::SKESK6};
use sequoia_openpgp::parse::stream::{
    DecryptionHelper, DecryptorBuilder, MessageStructure, VerificationHelper,
};
use sequoia_openpgp::parse::{PacketParser, Parse as _};
use sequoia_openpgp::policy::StandardPolicy;
use sequoia_openpgp::serialize::Marshal as _;
use sequoia_openpgp::serialize::stream::{Encryptor, LiteralWriter, Message};
use sequoia_openpgp::types::{AEADAlgorithm, SymmetricAlgorithm};
use sequoia_openpgp::{Cert, KeyHandle, Packet, Result as LibraryResult, armor};
use sha2::{Digest as _, Sha256};

use super::budget::{self, Spent};
use super::failure::guarded;

/// Bytes of the key of a store.
pub const KEY_BYTES: usize = 32;

/// Bytes of a key file; ours has about 500.
const MAX_FILE: usize = 64 << 10;

/// Passphrase packets that are tried: each one costs a derivation.
const MAX_TRIALS: usize = 4;

/// The armor header that carries a checksum of the packets. With it a damaged
/// file and a wrong passphrase can be told apart before anything is derived.
const CHECKSUM: &str = "Comment";
const CHECKSUM_WORDS: &str = "the key of a ninety store; SHA-256 of the packets: ";

/// Why a key could not be sealed or unsealed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// The file is whole, the passphrase is another.
    #[error("wrong passphrase; try again")]
    WrongPassphrase,
    /// The file was altered, cut or is something else.
    #[error("the key file is damaged ({0}); restore it from a backup")]
    Damaged(String),
    /// It asks for more memory or time than any honest key file.
    #[error("the key file asks for absurd work ({0}); restore it from a backup")]
    Absurd(String),
    /// The library could not write it.
    #[error("the key could not be sealed: {0}")]
    Library(String),
}

/// A new random key of 32 bytes.
pub fn fresh_key() -> Result<Protected, SealError> {
    let key = SessionKey::new(32).map_err(library)?;
    Ok(key.as_protected().clone())
}

/// Seals `key` so that `passphrase` opens it: an armored OpenPGP message.
pub fn seal(key: &[u8; KEY_BYTES], passphrase: &Password) -> Result<Vec<u8>, SealError> {
    let packets = write_packets(key, passphrase).map_err(library)?;
    let checksum = format!("{CHECKSUM_WORDS}{}", hex(&Sha256::digest(&packets)));
    let armored = || -> LibraryResult<Vec<u8>> {
        let mut writer =
            armor::Writer::with_headers(Vec::new(), armor::Kind::Message, [(CHECKSUM, checksum)])?;
        writer.write_all(&packets)?;
        Ok(writer.finalize()?)
    };
    armored().map_err(library)
}

fn library(error: sequoia_openpgp::anyhow::Error) -> SealError {
    SealError::Library(error.root_cause().to_string())
}

fn write_packets(key: &[u8], passphrase: &Password) -> LibraryResult<Vec<u8>> {
    let cipher = SymmetricAlgorithm::AES256;
    let session_key = SessionKey::new(cipher.key_size()?)?;
    let mut salt = [0; 16];
    sequoia_openpgp::crypto::random(&mut salt)?;
    let s2k = S2K::Argon2 { salt, t: 3, p: 4, m: 16 };
    let lock = SKESK6::with_password(cipher, cipher, AEADAlgorithm::OCB, s2k, &session_key, passphrase)?;
    let mut out = Vec::new();
    let mut message = Message::new(&mut out);
    Packet::from(SKESK::from(lock)).serialize(&mut message)?;
    // Members' certificates join here, as recipients of the same session key.
    let encryptor = Encryptor::with_session_key(message, cipher, session_key)?.aead_algo(AEADAlgorithm::OCB);
    let mut literal = LiteralWriter::new(encryptor.build()?).build()?;
    literal.write_all(key)?;
    literal.finalize()?;
    Ok(out)
}

/// Opens what [`seal`] wrote. Also opens what GnuPG or `sq` encrypted with a
/// passphrase, as long as it is protected against alteration. The result has
/// [`KEY_BYTES`] bytes.
pub fn unseal(file: &[u8], passphrase: &Password) -> Result<Protected, SealError> {
    if file.len() > MAX_FILE {
        return Err(SealError::Damaged("far too large".to_owned()));
    }
    let result = guarded(|| {
        let packets = dearmored(file)?;
        open(&packets, passphrase)
    });
    result.unwrap_or_else(|failure| Err(SealError::Damaged(failure.to_string())))
}

fn dearmored(file: &[u8]) -> Result<Vec<u8>, SealError> {
    let damaged = |what: &str| SealError::Damaged(what.to_owned());
    if !file.trim_ascii_start().starts_with(b"-----BEGIN ") {
        return Ok(file.to_vec());
    }
    let mut reader = armor::Reader::from_bytes(file, armor::ReaderMode::Tolerant(Some(armor::Kind::Message)));
    let mut packets = Vec::new();
    reader.read_to_end(&mut packets).map_err(|_| damaged("its armor is broken"))?;
    let headers = reader.headers().map_err(|_| damaged("its armor is broken"))?;
    let checksum = headers.iter().find_map(|(_, value)| value.strip_prefix(CHECKSUM_WORDS));
    if checksum.is_some_and(|wanted| wanted.trim() != hex(&Sha256::digest(&packets))) {
        return Err(damaged("its checksum does not fit"));
    }
    Ok(packets)
}

fn open(packets: &[u8], passphrase: &Password) -> Result<Protected, SealError> {
    let mut seen = Seen::default();
    let policy = StandardPolicy::new();
    let mut read = || -> LibraryResult<Protected> {
        let helper = Helper { passphrase, seen: &mut seen };
        let builder = DecryptorBuilder::from_bytes(packets)?.buffer_size(MAX_FILE);
        let decryptor = builder.with_policy(&policy, None, helper)?;
        let mut key = Vec::with_capacity(MAX_FILE);
        decryptor.take(MAX_FILE as u64).read_to_end(&mut key)?;
        Ok(key.into())
    };
    match read() {
        Ok(key) if key.len() == KEY_BYTES => Ok(key),
        Ok(_) => Err(SealError::Damaged("it holds something else".to_owned())),
        Err(_) if seen.absurd.is_some() => Err(SealError::Absurd(seen.absurd.unwrap_or_default())),
        Err(_) if seen.tried && !seen.opened => Err(SealError::WrongPassphrase),
        Err(error) => Err(SealError::Damaged(error.root_cause().to_string())),
    }
}

#[derive(Default)]
struct Seen {
    spent: Spent,
    tried: bool,
    opened: bool,
    absurd: Option<String>,
}

struct Helper<'a> {
    passphrase: &'a Password,
    seen: &'a mut Seen,
}

impl VerificationHelper for Helper<'_> {
    fn inspect(&mut self, parser: &PacketParser<'_>) -> LibraryResult<()> {
        Ok(self.seen.spent.count(parser)?)
    }

    fn get_certs(&mut self, _: &[KeyHandle]) -> LibraryResult<Vec<Cert>> {
        Ok(Vec::new())
    }

    fn check(&mut self, _: MessageStructure<'_>) -> LibraryResult<()> {
        Ok(())
    }
}

impl DecryptionHelper for Helper<'_> {
    fn decrypt(
        &mut self,
        _: &[PKESK],
        locks: &[SKESK],
        _: Option<SymmetricAlgorithm>,
        open: &mut dyn FnMut(Option<SymmetricAlgorithm>, &SessionKey) -> bool,
    ) -> LibraryResult<Option<Cert>> {
        let (affordable, absurd): (Vec<_>, Vec<_>) = locks.iter().partition(|lock| match lock {
            SKESK::V4(lock) => budget::affordable(lock.s2k()),
            SKESK::V6(lock) => budget::affordable(lock.s2k()),
            _ => false,
        });
        if affordable.is_empty() && !absurd.is_empty() {
            self.seen.absurd = Some("its passphrase derivation".to_owned());
        }
        for lock in affordable.into_iter().take(MAX_TRIALS) {
            self.seen.tried = true;
            if let Ok((cipher, key)) = lock.decrypt(self.passphrase) {
                self.seen.opened |= matches!(lock, SKESK::V6(_));
                if open(cipher, &key) {
                    self.seen.opened = true;
                    return Ok(None);
                }
            }
        }
        Err(super::Failure::PasswordOnly.into())
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: [u8; 32] = [7; 32];

    fn sealed() -> Vec<u8> {
        seal(&KEY, &"correct horse".into()).unwrap()
    }

    /// A key file with this derivation, written as [`write_packets`] writes it
    /// but without deriving: for those that must be refused unread.
    fn with_derivation(s2k: S2K) -> Vec<u8> {
        let cipher = SymmetricAlgorithm::AES256;
        let lock =
            SKESK6::new(cipher, AEADAlgorithm::OCB, s2k, vec![0; 15].into(), vec![0; 48].into()).unwrap();
        let mut out = Vec::new();
        let mut message = Message::new(&mut out);
        Packet::from(SKESK::from(lock)).serialize(&mut message).unwrap();
        let key = SessionKey::new(32).unwrap();
        let encryptor =
            Encryptor::with_session_key(message, cipher, key).unwrap().aead_algo(AEADAlgorithm::OCB);
        let mut literal = LiteralWriter::new(encryptor.build().unwrap()).build().unwrap();
        literal.write_all(&KEY).unwrap();
        literal.finalize().unwrap();
        out
    }

    #[test]
    fn what_is_sealed_opens_with_its_passphrase_alone() {
        let file = sealed();
        assert!(file.starts_with(b"-----BEGIN PGP MESSAGE-----"));
        assert_eq!(&*unseal(&file, &"correct horse".into()).unwrap(), &KEY[..]);
        assert_eq!(unseal(&file, &"wrong".into()), Err(SealError::WrongPassphrase));
    }

    #[test]
    fn it_is_locked_with_argon2() {
        let packets = dearmored(&sealed()).unwrap();
        let pile = sequoia_openpgp::PacketPile::from_bytes(&packets).unwrap();
        let Some(Packet::SKESK(SKESK::V6(lock))) = pile.path_ref(&[0]) else { panic!("no SKESK6") };
        assert!(matches!(lock.s2k(), S2K::Argon2 { t: 3, p: 4, m: 16, .. }), "{}", lock.s2k());
    }

    #[test]
    fn damage_is_not_a_wrong_passphrase() {
        let file = sealed();
        let middle = file.len() / 2;
        for damaged in [
            file[..middle].to_vec(),
            [&file[..middle], b"A", &file[middle..]].concat(),
            b"not a key".to_vec(),
            Vec::new(),
        ] {
            let error = unseal(&damaged, &"correct horse".into()).unwrap_err();
            assert!(matches!(error, SealError::Damaged(_)), "{error:?}");
        }
    }

    #[test]
    fn absurd_work_is_refused_before_it_is_done() {
        for s2k in [
            S2K::Argon2 { salt: [0; 16], t: 1, p: 1, m: 30 },
            S2K::Argon2 { salt: [0; 16], t: 255, p: 1, m: 10 },
        ] {
            let error = unseal(&with_derivation(s2k), &"x".into()).unwrap_err();
            assert!(matches!(error, SealError::Absurd(_)), "{error:?}");
        }
    }
}
