//! Attachments that were encrypted or signed by themselves. Their names are
//! foreign text and choose nothing but what is listed.

use std::borrow::Cow;

use crate::mail::{Content, Entity, html_to_text};
use crate::pgp::armor::{self, Kind};
use crate::pgp::{self, Outcome};
use crate::triage::message::Attachment;

use super::errant::Walk;
use super::frame;
use super::peel::Peeler;
use super::pieces;

/// Bytes of a decrypted attachment that are shown as text; a longer one is listed.
const MAX_SHOWN: usize = 256 << 10;

/// Endings of an encrypted file's name.
const ENDINGS: [&str; 4] = [".pgp", ".gpg", ".asc", ".age"];

impl Peeler<'_> {
    /// Opens an attachment and puts in its place what is inside: shown in a
    /// frame where it is text, else listed. `is_named`: it says of itself that
    /// it is encrypted.
    pub(super) fn encrypted_file(&mut self, entity: &mut Entity<'_>, is_named: bool, walk: &mut Walk) {
        let opened = self.open(entity);
        // Data that only happened to begin as a message does.
        if !is_named && opened.encrypted.is_none() {
            return;
        }
        let name = inner_name(entity, opened.file_name.as_deref());
        let is_encrypted = opened.encrypted.is_some();
        let Some(bytes) = self.errant_text(opened, "a file of its own") else { return };
        if is_encrypted {
            self.layers.note(format!("the attachment {name} was encrypted by itself"));
        }
        let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        match readable(&name, &bytes) {
            Some((media_type, text)) => {
                if self.wanted(walk, 1).is_some() {
                    walk.file = Some(bytes);
                }
                walk.attachments.push(Attachment { name, media_type: media_type.to_owned(), size });
                entity.media_type = "text/plain".to_owned();
                entity.content = Content::Text(Cow::Owned(frame::framed(&text)));
                (entity.is_attachment, entity.file_name) = (false, None);
            }
            None => {
                entity.media_type = "application/octet-stream".to_owned();
                entity.content = Content::Bytes(Cow::Owned(bytes));
                (entity.is_attachment, entity.file_name) = (true, Some(name));
            }
        }
    }

    /// Checks the signatures that lie as files beside the files that they sign.
    pub(super) fn detached_signatures(&mut self, parts: &[Entity<'_>]) {
        for signature in parts {
            let Some(name) = signature.file_name.as_deref() else { continue };
            let stem = [".sig", ".asc"].iter().find_map(|ending| pieces::without_ending(name, ending));
            let is_signed = |part: &&Entity<'_>| part.file_name.as_deref() == stem;
            let Some(signed) = stem.and_then(|_| parts.iter().find(is_signed)) else { continue };
            let candidates = pieces::candidates(signature);
            let is_signature = |bytes: &&Cow<'_, [u8]>| armor::kind_of(bytes) == Some(Kind::Signature);
            if let Some(bytes) = candidates.iter().find(is_signature) {
                self.detached_signature(signed, bytes);
            }
        }
    }

    fn detached_signature(&mut self, signed: &Entity<'_>, signature: &[u8]) {
        let name = signed.file_name.as_deref().unwrap_or_default();
        let mut outcome = "cannot be checked".to_owned();
        for data in signed_bytes(signed) {
            if !self.spend() {
                return self.layers.note("it has more signatures than are checked");
            }
            let checked = pgp::verify_detached(&data, signature, self.keys.pgp, self.now);
            let is_good = |checked: &&pgp::Checked| checked.outcome == Outcome::Good;
            if let Some(good) = checked.signatures.iter().find(is_good) {
                let signer = good.signer.as_deref().or(good.fingerprint.as_deref()).unwrap_or_default();
                return self.layers.note(format!("the attachment {name} has a good signature by {signer}"));
            }
            let told = checked.signatures.first().map(|checked| checked.outcome.to_string());
            outcome = told.or(checked.failure.map(|failure| failure.to_string())).unwrap_or(outcome);
        }
        self.layers.note(format!("the signature of the attachment {name} does not count: {outcome}"));
    }
}

/// The bytes that a signature over a file may cover. A text may have been
/// signed with the line ends that mail has.
fn signed_bytes(entity: &Entity<'_>) -> Vec<Vec<u8>> {
    let Some(bytes) = pieces::candidates(entity).into_iter().next() else { return Vec::new() };
    let bytes = bytes.into_owned();
    let with_crlf = pieces::with_crlf(&bytes);
    let is_text = matches!(entity.content, Content::Text(_) | Content::Html(_));
    if is_text && with_crlf != bytes { vec![bytes, with_crlf] } else { vec![bytes] }
}

/// What the file inside is called: the name outside without its ending, else
/// the name inside, of which only the last part of a path counts.
fn inner_name(entity: &Entity<'_>, inside: Option<&str>) -> String {
    let outside = entity.file_name.as_deref();
    let stem =
        outside.and_then(|name| ENDINGS.iter().find_map(|ending| pieces::without_ending(name, ending)));
    let inside = inside.and_then(|name| name.rsplit(['/', '\\']).next());
    let name = stem.or(inside.filter(|name| !name.is_empty())).or(outside);
    name.unwrap_or("unnamed").to_owned()
}

/// The text of a decrypted file, and its media type; `None` where it is no text.
fn readable(name: &str, bytes: &[u8]) -> Option<(&'static str, String)> {
    let text = std::str::from_utf8(bytes).ok().filter(|text| text.len() <= MAX_SHOWN)?;
    if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\x0c')) {
        return None;
    }
    let is_html = [".htm", ".html"].iter().any(|ending| pieces::without_ending(name, ending).is_some());
    Some(if is_html { ("text/html", html_to_text(text)) } else { ("text/plain", text.to_owned()) })
}
