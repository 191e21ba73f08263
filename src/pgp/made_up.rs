//! Keys of made-up people, the same ones at each replay of a fire drill.
//!
//! For made-up people only, never for a team or a person: there is no chance in
//! these keys, so whoever knows the seed has the key. Keys for use are made by
//! [`super::make`].

use std::time::{Duration, SystemTime};

use chrono::{DateTime, Utc};
use sequoia_openpgp::crypto::KeyPair;
use sequoia_openpgp::crypto::mem::Protected;
use sequoia_openpgp::packet::key::{Key4, KeyRole, PrimaryRole, SecretParts, SubordinateRole};
use sequoia_openpgp::packet::signature::SignatureBuilder;
use sequoia_openpgp::packet::{Key, UserID};
use sequoia_openpgp::types::{Features, HashAlgorithm, KeyFlags, SignatureType, SymmetricAlgorithm};
use sequoia_openpgp::{Cert, Packet, Result as LibraryResult};
use sha2::{Digest as _, Sha256};

use super::cert::KeyError;
use super::make::{encrypting, user_id};
use super::renew::{serialised, whole};

/// The key of a made-up person, with its secret part, not locked, serialised. It
/// is of the shape that [`super::make::Suite::Cv25519`] has, and valid from
/// `created` on for `valid_for`.
///
/// The secret numbers follow from `seed`, so the fingerprints and key IDs of the
/// primary key and the subkeys hang on `seed` and `created` (in whole seconds)
/// alone. The bytes differ from one making to the next: each signature has a
/// random salt, and so has what the key signs and what is encrypted to it.
///
/// Name and address are not in the secret numbers: each person needs a seed of
/// their own, or two have one key.
///
/// Never for a team or a person: whoever knows the seed has the key.
///
/// # Errors
/// [`KeyError::UserId`] and [`KeyError::End`] name what cannot be in a key.
pub fn key(
    name: &str,
    email: &str,
    seed: &[u8; 32],
    created: DateTime<Utc>,
    valid_for: Duration,
) -> Result<Protected, KeyError> {
    let user_id = user_id(name, email)?;
    if valid_for.as_secs() == 0 {
        return Err(KeyError::End("when it begins"));
    }
    whole(|| {
        let binder = Binder::new(seed, SystemTime::from(created), valid_for)?;
        let mut packets = binder.primary(user_id)?;
        packets.extend(binder.signing(signing(seed, "sign", binder.created)?.into())?);
        packets.extend(binder.encrypting(decrypting(seed, binder.created)?.into())?);
        serialised(binder.cert, packets)
    })
}

/// The secret number of the part of a key that `label` names. A change here
/// changes every key of every drill.
fn secret(seed: &[u8; 32], label: &str) -> Protected {
    let digest = Sha256::new().chain_update("ninety made-up key: ").chain_update(label).chain_update(seed);
    digest.finalize().to_vec().into()
}

/// A part that certifies or signs.
fn signing<R: KeyRole>(
    seed: &[u8; 32],
    label: &str,
    created: SystemTime,
) -> LibraryResult<Key4<SecretParts, R>> {
    Key4::import_secret_ed25519(&secret(seed, label), created)
}

/// The part that decrypts. Its fingerprint covers how keys are derived with it,
/// so that is said here (RFC 9580, section 11.5.1) and not left to the library.
fn decrypting(seed: &[u8; 32], created: SystemTime) -> LibraryResult<Key4<SecretParts, SubordinateRole>> {
    let (hash, cipher) = (HashAlgorithm::SHA256, SymmetricAlgorithm::AES128);
    Key4::import_secret_cv25519(&secret(seed, "decrypt"), hash, cipher, created)
}

type Subkey = Key<SecretParts, SubordinateRole>;

/// A primary key that binds its parts to itself, as the library's builder does
/// with keys by chance.
struct Binder {
    primary: Key<SecretParts, PrimaryRole>,
    /// The primary key alone.
    cert: Cert,
    signer: KeyPair,
    created: SystemTime,
    valid_for: Duration,
}

impl Binder {
    fn new(seed: &[u8; 32], created: SystemTime, valid_for: Duration) -> LibraryResult<Self> {
        let primary: Key<SecretParts, PrimaryRole> = signing(seed, "certify", created)?.into();
        let cert = Cert::from_packets(std::iter::once(Packet::SecretKey(primary.clone())))?;
        let signer = primary.clone().into_keypair()?;
        Ok(Self { primary, cert, signer, created, valid_for })
    }

    /// What the primary key says of itself, and its user ID.
    fn primary(&self, user_id: UserID) -> LibraryResult<Vec<Packet>> {
        let mut signer = self.signer.clone();
        let direct = self.about_primary(SignatureType::DirectKey)?;
        let direct = direct.sign_direct_key(&mut signer, self.cert.primary_key().key())?;
        let bound = self.about_primary(SignatureType::PositiveCertification)?.set_primary_userid(true)?;
        let bound = user_id.bind(&mut signer, &self.cert, bound)?;
        Ok(vec![direct.into(), user_id.into(), bound.into()])
    }

    fn about_primary(&self, kind: SignatureType) -> LibraryResult<SignatureBuilder> {
        self.dated(kind)?
            // As in make: no AEAD, which GnuPG 2.2 cannot read.
            .set_features(Features::empty().set_seipdv1())?
            .set_key_flags(KeyFlags::empty().set_certification())?
            .set_key_validity_period(self.valid_for)?
            .set_preferred_hash_algorithms(vec![HashAlgorithm::SHA512, HashAlgorithm::SHA256])?
            .set_preferred_symmetric_algorithms(vec![SymmetricAlgorithm::AES256, SymmetricAlgorithm::AES128])
    }

    /// A subkey that signs, with its own signature that it belongs here.
    fn signing(&self, subkey: Subkey) -> LibraryResult<Vec<Packet>> {
        let back = self.dated(SignatureType::PrimaryKeyBinding)?;
        let back =
            back.sign_primary_key_binding(&mut subkey.clone().into_keypair()?, &self.primary, &subkey)?;
        let binding = self.about_subkey(KeyFlags::empty().set_signing())?.set_embedded_signature(back)?;
        self.bound(subkey, binding)
    }

    /// A subkey that is encrypted to.
    fn encrypting(&self, subkey: Subkey) -> LibraryResult<Vec<Packet>> {
        self.bound(subkey, self.about_subkey(encrypting())?)
    }

    fn about_subkey(&self, flags: KeyFlags) -> LibraryResult<SignatureBuilder> {
        let builder = self.dated(SignatureType::SubkeyBinding)?;
        builder.set_key_flags(flags)?.set_key_validity_period(self.valid_for)
    }

    fn bound(&self, subkey: Subkey, binding: SignatureBuilder) -> LibraryResult<Vec<Packet>> {
        let binding = subkey.bind(&mut self.signer.clone(), &self.cert, binding)?;
        Ok(vec![subkey.into(), binding.into()])
    }

    /// All signatures are as old as the key.
    fn dated(&self, kind: SignatureType) -> LibraryResult<SignatureBuilder> {
        let builder = SignatureBuilder::new(kind).set_hash_algo(HashAlgorithm::SHA512);
        builder.set_signature_creation_time(self.created)
    }
}

#[cfg(test)]
#[path = "made_up_tests.rs"]
mod tests;
