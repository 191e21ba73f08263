//! The keys at hand while a message is opened: the team's own, which decrypt,
//! and the certificates known to the store, which verify.

use std::cell::RefCell;
use std::collections::HashMap;

use sequoia_openpgp::packet::key::{KeyParts, PublicParts, SecretKeyMaterial, SecretParts, UnspecifiedRole};
use sequoia_openpgp::packet::{Key, PKESK, Signature};
use sequoia_openpgp::parse::Parse as _;
use sequoia_openpgp::types::PublicKeyAlgorithm;
use sequoia_openpgp::{Cert, KeyHandle};

use super::elsewhere::Elsewhere;
use super::failure::guarded;
use super::lock::is_elsewhere;

/// Certificates that are looked at for one handle: key IDs can be made to collide.
const MAX_PER_HANDLE: usize = 8;

/// Where certificates are found by the handle that a signature names.
pub trait KnownCerts {
    /// Serialised certificates that contain a key or subkey with this handle:
    /// a fingerprint (40 or 64 digits) or a key ID (16), upper-case hexadecimal.
    fn find(&self, handle: &str) -> Vec<Vec<u8>>;
}

/// Knows nobody.
#[derive(Debug, Clone, Copy, Default)]
pub struct Nobody;

impl KnownCerts for Nobody {
    fn find(&self, _: &str) -> Vec<Vec<u8>> {
        Vec::new()
    }
}

/// Answers about handles that are kept parsed: reading a certificate costs a
/// third of what checking a signature by it does, and people write more than once.
const MAX_PARSED: usize = 64;

/// The team's keys and the way to everybody else's certificates.
pub struct Keyring<'a> {
    team: Vec<Cert>,
    known: &'a dyn KnownCerts,
    elsewhere: Option<&'a dyn Elsewhere>,
    parsed: RefCell<HashMap<String, Vec<Cert>>>,
}

impl<'a> Keyring<'a> {
    /// A key ring of the team's keys, serialised and unlocked, and the known
    /// certificates. What is not a key is left out.
    pub fn new<'b>(team: impl IntoIterator<Item = &'b [u8]>, known: &'a dyn KnownCerts) -> Self {
        let parse = |bytes| guarded(|| Cert::from_bytes(bytes).ok()).ok().flatten();
        let team = team.into_iter().filter_map(parse).collect();
        Self { team, known, elsewhere: None, parsed: RefCell::default() }
    }

    /// The same key ring, where keys of the team without a secret part at hand
    /// are asked for elsewhere.
    #[must_use]
    pub fn with_elsewhere(self, elsewhere: &'a dyn Elsewhere) -> Self {
        Self { elsewhere: Some(elsewhere), ..self }
    }

    /// The same key ring, where other certificates are known.
    #[must_use]
    pub fn knowing<'b>(&self, known: &'b dyn KnownCerts) -> Keyring<'b>
    where
        'a: 'b,
    {
        Keyring { team: self.team.clone(), known, elsewhere: self.elsewhere, parsed: RefCell::default() }
    }

    /// Certificates known by `handle`, besides the team's own.
    pub fn known(&self, handle: &str) -> Vec<Vec<u8>> {
        self.known.find(handle)
    }

    /// Whether the team has no key at all.
    pub fn is_empty(&self) -> bool {
        self.team.is_empty()
    }

    /// The team's unlocked keys that a session key may be encrypted to, with
    /// their certificates. No policy is asked: mail to an expired, revoked or
    /// weak key of ours must still be read.
    pub(super) fn openers<'k>(
        &'k self,
        packet: &'k PKESK,
    ) -> impl Iterator<Item = (&'k Cert, Key<SecretParts, UnspecifiedRole>)> {
        self.team.iter().flat_map(move |cert| {
            let keys = cert.keys().unencrypted_secret();
            keys.filter(|key| suits(key.key(), packet)).map(move |key| (cert, key.key().clone()))
        })
    }

    /// The team's keys that a session key may be encrypted to and that can be
    /// asked for elsewhere, with their certificates and whom to ask. For a
    /// hidden recipient nobody is asked for a key that is not for encryption.
    pub(super) fn elsewhere<'k>(
        &'k self,
        packet: &'k PKESK,
    ) -> impl Iterator<Item = (&'k Cert, Key<PublicParts, UnspecifiedRole>, &'a dyn Elsewhere)> {
        self.elsewhere.into_iter().flat_map(move |elsewhere| {
            let keys = self.team.iter().flat_map(|cert| cert.keys().map(move |key| (cert, key)));
            let suiting = keys.filter(|(_, key)| suits(key.key(), packet) && !is_at_hand(key.key()));
            let meant = suiting.filter(|(_, key)| {
                packet.recipient().is_some() || key.self_signatures().any(is_for_encryption)
            });
            meant.map(move |(cert, key)| (cert, key.key().clone(), elsewhere))
        })
    }

    /// The fingerprint of a key of ours that this session key is for, but that is locked.
    pub(super) fn locked(&self, packet: &PKESK) -> Option<String> {
        let named = packet.recipient()?;
        let mut locked = self.team.iter().flat_map(|cert| cert.keys().encrypted_secret());
        locked
            .find(|key| key.key().key_handle().aliases(&named) && !is_stub(key.key().secret()))
            .map(|key| key.key().fingerprint().to_hex())
    }

    /// All certificates that the handles may mean, the team's own among them.
    pub(super) fn certs(&self, handles: &[KeyHandle]) -> Vec<Cert> {
        let mut found: Vec<Cert> = Vec::new();
        for handle in handles {
            let ours = self.team.iter().filter(|cert| has(cert, handle)).cloned();
            for cert in ours.chain(self.others(handle.to_hex())) {
                if !found.iter().any(|seen| seen.fingerprint() == cert.fingerprint()) {
                    found.push(cert);
                }
            }
        }
        found
    }

    /// The known certificates with this handle.
    fn others(&self, handle: String) -> Vec<Cert> {
        if let Some(parsed) = self.parsed.borrow().get(&handle) {
            return parsed.clone();
        }
        let known = self.known.find(&handle);
        let certs = known.iter().take(MAX_PER_HANDLE).filter_map(|bytes| Cert::from_bytes(bytes).ok());
        let certs: Vec<Cert> = certs.collect();
        let mut parsed = self.parsed.borrow_mut();
        if parsed.len() >= MAX_PARSED {
            parsed.clear();
        }
        parsed.insert(handle, certs.clone());
        certs
    }
}

fn has(cert: &Cert, handle: &KeyHandle) -> bool {
    cert.keys().any(|key| key.key().key_handle().aliases(handle))
}

/// Whether the session key may be for this key.
fn suits<P: KeyParts>(key: &Key<P, UnspecifiedRole>, packet: &PKESK) -> bool {
    match packet.recipient() {
        Some(named) => key.key_handle().aliases(&named),
        None => is_same_kind(key.pk_algo(), packet.pk_algo()),
    }
}

/// Whether the secret part is there, and in the clear.
fn is_at_hand(key: &Key<PublicParts, UnspecifiedRole>) -> bool {
    matches!(key.optional_secret(), Some(SecretKeyMaterial::Unencrypted(_)))
}

/// Whether there is only a mark that the secret part is elsewhere.
fn is_stub(secret: &SecretKeyMaterial) -> bool {
    matches!(secret, SecretKeyMaterial::Encrypted(locked) if is_elsewhere(locked.s2k()))
}

fn is_for_encryption(signature: &Signature) -> bool {
    let flags = signature.key_flags();
    flags.is_some_and(|flags| flags.for_transport_encryption() || flags.for_storage_encryption())
}

/// Whether a key of one algorithm may open what was encrypted with the other.
#[allow(deprecated)] // The two old names of RSA are still on keys.
fn is_same_kind(one: PublicKeyAlgorithm, other: PublicKeyAlgorithm) -> bool {
    use PublicKeyAlgorithm::{RSAEncrypt, RSAEncryptSign};
    let is_rsa = |algorithm| matches!(algorithm, RSAEncrypt | RSAEncryptSign);
    one == other || is_rsa(one) && is_rsa(other)
}
