//! The work of opening: one layer at a time, by OpenPGP or by age, within what
//! one mail may cost.

use crate::age::{self, AgeFailure};
use crate::mail::{Content, Entity};
use crate::pgp::{self, Checked, Encrypted, Failure, Opened};

use super::peel::{Peeler, Place};
use super::pieces;

/// Messages and signatures that are opened and checked in one mail, errant ones included.
const MAX_OPENED: usize = 24;

/// Bytes of decrypted text in one mail.
const MAX_DECRYPTED: usize = 128 << 20;

/// What one mail has cost so far.
#[derive(Debug, Default)]
pub(super) struct Spent {
    opened: usize,
    decrypted: usize,
}

/// What came of opening one layer, by whichever scheme.
#[derive(Default)]
pub(super) struct Unsealed {
    /// The text, where all of it was processed without fault.
    pub(super) plaintext: Option<Vec<u8>>,
    /// How it was encrypted; `None` where it was not.
    pub(super) encrypted: Option<Encrypted>,
    pub(super) signatures: Vec<Checked>,
    /// Why there is no text, in words.
    pub(super) failure: Option<String>,
    /// The name that the text has as a file. Foreign text, never a path.
    pub(super) file_name: Option<String>,
    /// The form, where the scheme alone says it.
    pub(super) form: Option<&'static str>,
    /// Bytes of text that the opening made, whether it ended well or not.
    cost: usize,
    /// It may open when it is decoded in another way.
    is_damaged: bool,
}

impl From<Opened> for Unsealed {
    fn from(opened: Opened) -> Self {
        let cost = match &opened.failure {
            // Finding out costs as much as the limit allows.
            Some(Failure::TooBig) => pgp::budget::MAX_PLAINTEXT,
            _ => opened.plaintext.as_ref().map_or(0, Vec::len),
        };
        Self {
            cost,
            is_damaged: matches!(opened.failure, Some(Failure::Damaged(_) | Failure::Manipulated)),
            plaintext: opened.plaintext,
            encrypted: opened.encrypted,
            signatures: opened.signatures,
            failure: opened.failure.map(|failure| failure.to_string()),
            file_name: opened.file_name,
            form: None,
        }
    }
}

impl From<Result<age::Opened, AgeFailure>> for Unsealed {
    fn from(result: Result<age::Opened, AgeFailure>) -> Self {
        let cipher = Some("X25519 and ChaCha20-Poly1305".to_owned());
        let how = Encrypted { cipher, ..Encrypted::default() };
        let sealed = Self { encrypted: Some(how.clone()), form: Some("age"), ..Self::default() };
        match result {
            Ok(opened) => Self {
                cost: opened.plaintext.len(),
                plaintext: Some(opened.plaintext),
                encrypted: Some(Encrypted { opened_with: Some(opened.recipient), ..how }),
                ..sealed
            },
            Err(failure) => Self {
                cost: if failure == AgeFailure::TooBig { age::MAX_PLAINTEXT } else { 0 },
                is_damaged: matches!(failure, AgeFailure::Damaged(_)),
                // Text about age has blocks in it that never were files.
                encrypted: sealed.encrypted.filter(|_| !matches!(failure, AgeFailure::Damaged(_))),
                failure: Some(failure.to_string()),
                ..Self::default()
            },
        }
    }
}

impl Peeler<'_> {
    /// Decrypts the ciphertext of a part, whichever way it was encoded.
    pub(super) fn open(&mut self, part: &Entity<'_>) -> Unsealed {
        self.open_first(pieces::candidates(part).iter().map(|bytes| &**bytes))
    }

    /// Decrypts the first of these that opens; else tells why the first does not.
    pub(super) fn open_first<'b>(&mut self, candidates: impl Iterator<Item = &'b [u8]>) -> Unsealed {
        let mut refused = None;
        for bytes in candidates {
            if !self.spend() || self.spent.decrypted > MAX_DECRYPTED {
                break;
            }
            let unsealed = if age::is_encrypted(bytes) {
                Unsealed::from(age::decrypt(bytes, self.keys.age))
            } else {
                Unsealed::from(pgp::decrypt(bytes, self.keys.pgp, self.now))
            };
            self.spent.decrypted += unsealed.cost;
            // Only damage can come from the encoding.
            if !unsealed.is_damaged {
                return unsealed;
            }
            refused.get_or_insert(unsealed);
        }
        refused.unwrap_or_else(|| {
            Unsealed::from(Opened {
                failure: Some(Failure::TooMuchWork("too many parts")),
                ..Opened::default()
            })
        })
    }

    /// Checks the signature of a multipart/signed.
    pub(super) fn signed(&mut self, entity: &Entity<'_>, place: Place) {
        let Content::Parts(parts) = &entity.content else { return };
        let [signed, signature] = &parts[..] else { return };
        if !self.spend() {
            return self.layers.note("it has more signatures than are checked");
        }
        let signature = match &signature.content {
            Content::Bytes(bytes) => &**bytes,
            Content::Text(text) | Content::Html(text) => text.as_bytes(),
            Content::Parts(_) | Content::Message(_) => signature.encoded,
        };
        if !pieces::is_mime_part(signed.raw) {
            let why =
                "not made over a part of a mail (a commit or a file may have been put there)".to_owned();
            return self.layers.unchecked.push((place, why));
        }
        let data = pieces::with_crlf(signed.raw);
        let opened = pgp::verify_detached(&data, signature, self.keys.pgp, self.now);
        if let Some(failure) = opened.failure {
            self.layers.unchecked.push((place, failure.to_string()));
        }
        self.keep(opened.signatures, place);
    }

    pub(super) fn keep(&mut self, signatures: Vec<Checked>, place: Place) {
        for signature in signatures {
            let place = if signature.outside && place != Place::Errant { Place::Outside } else { place };
            self.layers.signatures.push((place, signature));
        }
    }

    /// Whether one more message or signature may be looked at.
    pub(super) fn spend(&mut self) -> bool {
        self.spent.opened += 1;
        self.spent.opened <= MAX_OPENED
    }

    /// Checks a block that is signed in the clear amid other text.
    pub(super) fn verify_text(&mut self, block: &[u8]) -> Option<Opened> {
        if !self.spend() {
            self.layers.note("it has more signatures than are checked");
            return None;
        }
        Some(pgp::verify_inline(block, self.keys.pgp, self.now))
    }
}
