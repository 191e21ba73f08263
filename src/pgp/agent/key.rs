//! One secret key in the agent, as the library's `Decryptor` and `Signer`.

use sequoia_openpgp::crypto::mem::Protected;
use sequoia_openpgp::crypto::{Decryptor, SessionKey, Signer, ecdh, mpi};
use sequoia_openpgp::fmt::hex;
use sequoia_openpgp::packet::Key;
use sequoia_openpgp::packet::key::{PublicParts, UnspecifiedRole};
use sequoia_openpgp::types::HashAlgorithm;
use sequoia_openpgp::{Error, Result as LibraryResult};

use super::Agent;
use super::assuan::{Answer, Connection};
use super::keygrip::{keygrip, signed};
use super::sexp::{Sexp, list, pair};
use crate::pgp::elsewhere::Refusal;

/// Hashes that every agent and every card signs. GnuPG numbers them as OpenPGP does.
const HASHES: [HashAlgorithm; 3] = [HashAlgorithm::SHA512, HashAlgorithm::SHA384, HashAlgorithm::SHA256];

/// A secret key in the agent.
pub(in crate::pgp) struct AgentKey {
    agent: Agent,
    key: Key<PublicParts, UnspecifiedRole>,
    refusal: Option<Refusal>,
}

impl AgentKey {
    /// The secret part of `key`, which `agent` is believed to hold.
    pub(in crate::pgp) fn new(agent: Agent, key: Key<PublicParts, UnspecifiedRole>) -> Self {
        Self { agent, key, refusal: None }
    }

    /// Why the agent refused the last operation; the library keeps it to itself.
    pub(super) fn refusal(self) -> Option<Refusal> {
        self.refusal
    }

    /// Runs an operation, and keeps the refusal.
    fn keeping<T>(&mut self, done: Result<T, Refusal>) -> LibraryResult<T> {
        done.map_err(|refusal| {
            self.refusal = Some(refusal.clone());
            refusal.into()
        })
    }

    /// A connection on which this key is chosen by `command`, with a prompt
    /// that says what for.
    fn chosen(&self, command: &str, purpose: &str) -> Result<Connection, Refusal> {
        let grip = keygrip(self.key.mpis());
        let grip = grip.ok_or_else(|| Refusal::Unsupported(self.key.pk_algo().to_string()))?;
        let mut connection = self.agent.connect()?;
        for option in &self.agent.prompt {
            connection.option(option)?;
        }
        connection.command(&format!("{command} {grip}"))?;
        let prompt = format!("ninety {purpose} with the OpenPGP key%0A{}", self.key.fingerprint().to_hex());
        connection.command(&format!("SETKEYDESC {}", prompt.replace(' ', "+")))?;
        Ok(connection)
    }

    fn ask_to_decrypt(&self, ciphertext: &mpi::Ciphertext) -> Result<Answer, Refusal> {
        let numbers = match ciphertext {
            mpi::Ciphertext::RSA { c } => list("rsa", &[pair("a", &signed(c.value()))]),
            mpi::Ciphertext::ECDH { e, key } => list("ecdh", &[pair("s", key), pair("e", e.value())]),
            _ => return Err(Refusal::Unsupported(self.key.pk_algo().to_string())),
        };
        let mut connection = self.chosen("SETKEY", "opens a message")?;
        connection.ask("PKDECRYPT", Some(("CIPHERTEXT", &list("enc-val", &[numbers]))))
    }

    fn ask_to_sign(&self, hash: HashAlgorithm, digest: &[u8]) -> Result<mpi::Signature, Refusal> {
        let mut connection = self.chosen("SIGKEY", "signs")?;
        connection.command(&format!("SETHASH {} {}", u8::from(hash), hex::encode(digest)))?;
        let answer = connection.ask("PKSIGN", None)?;
        signature(&answer.data).ok_or(Refusal::Garbled("no signature".into()))
    }
}

impl Decryptor for AgentKey {
    fn public(&self) -> &Key<PublicParts, UnspecifiedRole> {
        &self.key
    }

    fn decrypt(&mut self, ciphertext: &mpi::Ciphertext, length: Option<usize>) -> LibraryResult<SessionKey> {
        let asked = self.ask_to_decrypt(ciphertext);
        let answer = self.keeping(asked)?;
        let value = Sexp::parse(&answer.data).and_then(|sexp| sexp.value("value"));
        let value = self.keeping(value.ok_or(Refusal::Garbled("no plaintext".into())))?;
        let misfit = || Error::InvalidSessionKey("what the agent gave does not fit the key".to_owned());
        match self.key.mpis() {
            mpi::PublicKey::RSA { .. } if answer.unpadded => Ok(value.into()),
            mpi::PublicKey::RSA { .. } => Ok(without_padding(value).ok_or_else(misfit)?.into()),
            mpi::PublicKey::ECDH { curve, .. } => {
                let bytes = curve.bits()?.div_ceil(8);
                let shared = Protected::from(x_coordinate(value, bytes).ok_or_else(misfit)?);
                ecdh::decrypt_unwrap(&self.key, &shared, ciphertext, length)
            }
            _ => Err(misfit().into()),
        }
    }
}

impl Signer for AgentKey {
    fn public(&self) -> &Key<PublicParts, UnspecifiedRole> {
        &self.key
    }

    fn acceptable_hashes(&self) -> &[HashAlgorithm] {
        &HASHES
    }

    fn sign(&mut self, hash: HashAlgorithm, digest: &[u8]) -> LibraryResult<mpi::Signature> {
        let signed = self.ask_to_sign(hash, digest);
        self.keeping(signed)
    }
}

/// The content of a block that was padded for encryption (RFC 8017, section
/// 7.2.2). The zero byte in front may have gone with other leading zeros.
fn without_padding(block: &[u8]) -> Option<&[u8]> {
    const SHORTEST: usize = 8;
    let block = block.strip_prefix(&[0]).unwrap_or(block).strip_prefix(&[2])?;
    let padding = block.iter().position(|byte| *byte == 0).filter(|length| *length >= SHORTEST)?;
    block.get(padding + 1..)
}

/// The x-coordinate of a shared point: `04 x y`, a prefix and x, or x alone, as
/// agents and cards have given it over the years.
fn x_coordinate(point: &[u8], bytes: usize) -> Option<&[u8]> {
    match point.len() {
        length if length == bytes => Some(point),
        length if length == 1 + bytes || length == 1 + 2 * bytes => point.get(1..=bytes),
        _ => None,
    }
}

/// The library's signature of `(sig-val (ALGORITHM (NAME NUMBER) ...))`.
fn signature(data: &[u8]) -> Option<mpi::Signature> {
    let sexp = Sexp::parse(data)?;
    let [inner] = sexp.named("sig-val")? else { return None };
    let number = |item: &Sexp<'_>, name| item.value(name).map(mpi::MPI::new);
    if let Some([s]) = inner.named("rsa") {
        return Some(mpi::Signature::RSA { s: number(s, "s")? });
    }
    if let Some([r, s]) = inner.named("eddsa") {
        return Some(mpi::Signature::EdDSA { r: number(r, "r")?, s: number(s, "s")? });
    }
    let [r, s] = inner.named("ecdsa")? else { return None };
    Some(mpi::Signature::ECDSA { r: number(r, "r")?, s: number(s, "s")? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn padding_is_taken_off_or_found_wrong() {
        let block = |front: &[u8], padding: usize| [front, &vec![7; padding], b"\0session"].concat();
        assert_eq!(without_padding(&block(&[0, 2], 8)), Some(&b"session"[..]));
        assert_eq!(without_padding(&block(&[2], 200)), Some(&b"session"[..]));
        for wrong in [block(&[0, 2], 7), block(&[0, 1], 8), block(&[], 8), vec![2; 99], Vec::new()] {
            assert_eq!(without_padding(&wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn a_shared_point_gives_its_x_in_every_form() {
        let (x, y) = ([5; 32], [6; 32]);
        let forms = [x.to_vec(), [&[0x40], &x[..]].concat(), [&[4], &x[..], &y[..]].concat()];
        for form in &forms {
            assert_eq!(x_coordinate(form, 32), Some(&x[..]));
        }
        assert_eq!(x_coordinate(&[5; 31], 32), None);
        assert_eq!(x_coordinate(&[5; 66], 32), None);
    }

    #[test]
    fn signatures_are_read_and_nothing_else() {
        let one = mpi::MPI::new(&[1]);
        let rsa = mpi::Signature::RSA { s: one.clone() };
        assert_eq!(signature(b"(7:sig-val(3:rsa(1:s1:\x01)))\0"), Some(rsa));
        let ecdsa = mpi::Signature::ECDSA { r: one.clone(), s: one };
        assert_eq!(signature(b"(7:sig-val(5:ecdsa(1:r2:\0\x01)(1:s1:\x01)))"), Some(ecdsa));
        let wrong: [&[u8]; 5] = [
            b"",
            b"7:sig-val",
            b"(7:sig-val)",
            b"(7:sig-val(3:rsa(1:r1:\x01)))",
            b"(7:sig-val(5:eddsa(1:s1:\x01)(1:r1:\x01)))",
        ];
        for wrong in wrong {
            assert_eq!(signature(wrong), None, "{wrong:?}");
        }
    }
}
