//! The OpenPGP library by itself, as its guide uses it: what ninety's own work
//! on a message is measured against.

use std::io::Read as _;

use sequoia_openpgp::crypto::SessionKey;
use sequoia_openpgp::packet::{PKESK, SKESK};
use sequoia_openpgp::parse::Parse as _;
use sequoia_openpgp::parse::stream::{
    DecryptionHelper, DecryptorBuilder, MessageLayer, MessageStructure, VerificationHelper,
};
use sequoia_openpgp::policy::StandardPolicy;
use sequoia_openpgp::types::SymmetricAlgorithm;
use sequoia_openpgp::{Cert, KeyHandle, Result};

/// A key that decrypts and the certificate of the one signer.
pub struct Pair {
    key: Cert,
    signer: Cert,
}

impl Pair {
    pub fn new(key: &[u8], signer: &[u8]) -> Self {
        let cert = |bytes| Cert::from_bytes(bytes).expect("a certificate");
        Self { key: cert(key), signer: cert(signer) }
    }

    /// Decrypts and verifies; how long the text is.
    pub fn open(&self, message: &[u8], now: std::time::SystemTime) -> usize {
        let policy = StandardPolicy::at(now);
        let builder = DecryptorBuilder::from_bytes(message).expect("a message");
        let mut opened = builder.with_policy(&policy, now, self).expect("it opens");
        let mut text = Vec::new();
        opened.read_to_end(&mut text).expect("its text");
        text.len()
    }
}

impl VerificationHelper for &Pair {
    fn get_certs(&mut self, _: &[KeyHandle]) -> Result<Vec<Cert>> {
        Ok(vec![self.signer.clone()])
    }

    fn check(&mut self, structure: MessageStructure<'_>) -> Result<()> {
        let is_good = structure.into_iter().any(|layer| match layer {
            MessageLayer::SignatureGroup { results } => results.iter().any(|result| result.is_ok()),
            _ => false,
        });
        assert!(is_good, "the signature is not good");
        Ok(())
    }
}

impl DecryptionHelper for &Pair {
    fn decrypt(
        &mut self,
        session_keys: &[PKESK],
        _: &[SKESK],
        cipher: Option<SymmetricAlgorithm>,
        open: &mut dyn FnMut(Option<SymmetricAlgorithm>, &SessionKey) -> bool,
    ) -> Result<Option<Cert>> {
        for packet in session_keys {
            let ours = self.key.keys().unencrypted_secret();
            let mut named = ours.filter(|key| {
                packet.recipient().is_some_and(|handle| handle.aliases(key.key().key_handle()))
            });
            let Some(key) = named.next() else { continue };
            let mut pair = key.key().clone().into_keypair()?;
            if packet.decrypt(&mut pair, cipher).is_some_and(|(cipher, key)| open(cipher, &key)) {
                return Ok(Some(self.key.clone()));
            }
        }
        Ok(None)
    }
}
