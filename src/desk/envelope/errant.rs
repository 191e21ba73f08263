//! Layers outside the envelope: parts of a message that are encrypted or
//! signed beside other parts, in the middle of a text, in a forwarded message.
//! They are opened for reading, in a frame that says so, and give no status.
//! Text in a frame must never be quoted in an answer: a hidden part of somebody
//! else's mail, pulled into a reply, is how ciphertext is stolen.

use std::borrow::Cow;

use crate::mail::{self, Content, Entity, html_to_text, render};
use crate::triage::message::Attachment;

use super::frame;
use super::opening::Unsealed;
use super::peel::{Cipher, Peeler, Place, Purpose};
use super::pieces::{self, Shape};

/// Levels of parts that are searched.
const MAX_DEPTH: usize = 32;

/// What the walk through the parts of a payload knows and finds.
#[derive(Default)]
pub(super) struct Walk {
    depth: usize,
    /// What the present part stands in, where a reader may not expect it.
    inside: Option<&'static str>,
    /// What was attached inside opened parts.
    pub(super) attachments: Vec<Attachment>,
    /// The bytes of the one that is wanted.
    pub(super) file: Option<Vec<u8>>,
}

impl Peeler<'_> {
    /// Opens the errant parts below `entity`, replaces each one by its framed
    /// text, and returns what was attached inside them.
    pub(super) fn frame_errant_parts(&mut self, entity: &mut Entity<'_>) -> Walk {
        let is_partitioned = pieces::is_partitioned(entity);
        let before = self.layers.ciphers.len();
        let mut walk = Walk::default();
        self.errant(entity, &mut walk);
        let mut opened = self.layers.ciphers.iter().skip(before).filter(|cipher| cipher.failure.is_none());
        if is_partitioned && opened.next().is_some() {
            self.layers.note("every part of it was encrypted by itself");
        }
        walk
    }

    /// The place of the wanted file among `count` that come next, if it is one of them.
    pub(super) fn wanted(&self, walk: &Walk, count: usize) -> Option<usize> {
        let Purpose::ErrantFile(number) = self.purpose else { return None };
        number.checked_sub(walk.attachments.len()).filter(|place| *place < count)
    }

    fn errant(&mut self, entity: &mut Entity<'_>, walk: &mut Walk) {
        if walk.depth > MAX_DEPTH {
            return;
        }
        if pieces::is_smime(entity) {
            self.layers.note("protected by S/MIME, which ninety does not read; ask for OpenPGP");
        }
        match pieces::shape(entity) {
            // The payload itself is no shape at depth 0; these are parts of it.
            Shape::Encrypted(at) | Shape::Mangled(at) if walk.depth > 0 => {
                self.errant_cipher(entity, at, walk);
            }
            Shape::Signed if walk.depth > 0 => {
                self.signed(entity, Place::Errant);
                self.inner_parts(entity, walk);
            }
            _ => self.inner_parts(entity, walk),
        }
    }

    fn inner_parts(&mut self, entity: &mut Entity<'_>, walk: &mut Walk) {
        let inside = walk.inside;
        walk.depth += 1;
        if let Content::Parts(parts) = &entity.content
            && entity.media_type != "multipart/signed"
        {
            self.detached_signatures(parts);
        }
        let stray = self.stray_cipher(entity);
        if entity.media_type == "multipart/alternative" {
            walk.inside = Some("one of several alternatives");
        }
        match &mut entity.content {
            Content::Parts(parts) => {
                for (at, part) in parts.iter_mut().enumerate() {
                    if stray == Some(at) {
                        let _ = self.errant_part(part, walk);
                    } else {
                        self.errant(part, walk);
                    }
                }
            }
            Content::Message(mail) => {
                walk.inside = Some("a forwarded message");
                self.errant(&mut mail.root, walk);
            }
            Content::Text(_) | Content::Html(_) | Content::Bytes(_) => self.leaf(entity, walk),
        }
        walk.depth -= 1;
        walk.inside = inside;
    }

    fn leaf(&mut self, entity: &mut Entity<'_>, walk: &mut Walk) {
        if let Some(is_named) = pieces::encrypted_file(entity) {
            self.tell_where(walk);
            return self.encrypted_file(entity, is_named, walk);
        }
        let before = self.layers.ciphers.len();
        let framed = match &entity.content {
            _ if entity.is_attachment => None,
            Content::Text(text) => self.framed_text(entity, text, false),
            Content::Html(source) if pieces::may_hold_armor(source) || source.contains("--- ") => {
                self.framed_text(entity, &html_to_text(source), true)
            }
            _ => None,
        };
        if self.layers.ciphers.len() > before {
            self.tell_where(walk);
        }
        if let Some(framed) = framed {
            entity.media_type = "text/plain".to_owned();
            entity.content = Content::Text(Cow::Owned(framed));
        }
    }

    /// The ciphertext behind a control part in a multipart that has other parts too.
    fn stray_cipher(&self, entity: &Entity<'_>) -> Option<usize> {
        let Content::Parts(parts) = &entity.content else { return None };
        let control = parts.iter().position(|part| part.media_type == "application/pgp-encrypted")?;
        let is_leaf = |part: &Entity<'_>| matches!(part.content, Content::Bytes(_) | Content::Text(_));
        parts.get(control + 1).filter(|part| is_leaf(part)).map(|_| control + 1)
    }

    /// A whole PGP/MIME message among other parts: its ciphertext is the part `at`.
    fn errant_cipher(&mut self, entity: &mut Entity<'_>, at: usize, walk: &mut Walk) {
        let Content::Parts(parts) = &mut entity.content else { return };
        let Some(part) = parts.get_mut(at) else { return };
        if self.errant_part(part, walk) {
            entity.content = std::mem::replace(&mut part.content, Content::Parts(Vec::new()));
            entity.media_type = "text/plain".to_owned();
        }
    }

    /// A part that is the ciphertext of PGP/MIME. Whether it opened, and is text now.
    fn errant_part(&mut self, part: &mut Entity<'_>, walk: &mut Walk) -> bool {
        self.tell_where(walk);
        let opened = self.open(part);
        let Some(text) = self.errant_text(opened, "PGP/MIME") else { return false };
        let inner = mail::parse(&text).root;
        if pieces::shape(&inner) == Shape::Signed {
            self.signed(&inner, Place::Errant);
        }
        let readable = render(&inner);
        if let Some(place) = self.wanted(walk, readable.attachments.len()) {
            walk.file = mail::attached(&inner, place);
        }
        walk.attachments.extend(readable.attachments);
        part.media_type = "text/plain".to_owned();
        part.is_attachment = false;
        part.file_name = None;
        part.content = Content::Text(Cow::Owned(frame::framed(&readable.text)));
        true
    }

    /// Keeps what an errant layer says of itself, and gives what is in it.
    pub(super) fn errant_text(&mut self, opened: Unsealed, form: &'static str) -> Option<Vec<u8>> {
        let form = opened.form.unwrap_or(form);
        let Unsealed { plaintext, encrypted, signatures, failure, .. } = opened;
        match (encrypted, failure) {
            (Some(how), failure) => self.layers.ciphers.push(Cipher { how, failure, form, is_errant: true }),
            // Text about OpenPGP is full of blocks that never were messages.
            (None, Some(failure)) => {
                self.layers.note(format!(
                    "a part that looks like an encrypted message was not opened: it is {failure}"
                ));
            }
            (None, None) => {}
        }
        self.keep(signatures, Place::Errant);
        plaintext
    }

    fn tell_where(&mut self, walk: &Walk) {
        if let Some(inside) = walk.inside {
            self.layers.note(format!("an encrypted part of it stands in {inside}"));
        }
    }
}
