//! Layers outside the envelope: parts of a message that are encrypted or
//! signed beside other parts, in the middle of a text, in a forwarded message.
//! They are opened for reading, in a frame that says so, and give no status.
//! Text in a frame must never be quoted in an answer: a hidden part of somebody
//! else's mail, pulled into a reply, is how ciphertext is stolen.

use std::borrow::Cow;

use crate::mail::render;
use crate::mail::{self, Content, Entity};
use crate::pgp::Opened;
use crate::pgp::armor::{self, Kind};
use crate::triage::message::Attachment;

use super::peel::{Cipher, Peeler, Place};
use super::pieces::{self, Shape};

/// First line of the frame around text from a part that was encrypted by itself.
pub const FRAME_START: &str = "--- decrypted part; the rest of the message was not protected with it ---";

/// Last line of that frame.
pub const FRAME_END: &str = "--- end of the decrypted part ---";

/// Levels of parts that are searched.
const MAX_DEPTH: usize = 32;

/// Blocks that are opened in one text.
const MAX_BLOCKS: usize = 8;

impl Peeler<'_> {
    /// Opens the errant parts below `entity`, replaces each one by its framed
    /// text, and returns what was attached inside them.
    pub(super) fn frame_errant_parts(&mut self, entity: &mut Entity<'_>) -> Vec<Attachment> {
        let mut attachments = Vec::new();
        self.errant(entity, 0, &mut attachments);
        attachments
    }

    fn errant(&mut self, entity: &mut Entity<'_>, depth: usize, attachments: &mut Vec<Attachment>) {
        if depth > MAX_DEPTH {
            return;
        }
        match pieces::shape(entity) {
            // The payload itself is no shape at depth 0; these are parts of it.
            Shape::Encrypted(at) | Shape::Mangled(at) if depth > 0 => {
                self.errant_cipher(entity, at, attachments)
            }
            Shape::Signed if depth > 0 => {
                self.signed(entity, Place::Errant);
                self.children(entity, depth, attachments);
            }
            _ => {
                if let Some(at) = self.stray_cipher(entity) {
                    self.errant_cipher_part(entity, at, attachments);
                }
                self.children(entity, depth, attachments);
            }
        }
    }

    fn children(&mut self, entity: &mut Entity<'_>, depth: usize, attachments: &mut Vec<Attachment>) {
        if let Content::Text(text) = &entity.content
            && !entity.is_attachment
            && text.contains("-----BEGIN PGP ")
        {
            let framed = self.framed_text(entity, text);
            if let Some(framed) = framed {
                entity.content = Content::Text(Cow::Owned(framed));
            }
        }
        match &mut entity.content {
            Content::Parts(parts) => {
                parts.iter_mut().for_each(|part| self.errant(part, depth + 1, attachments));
            }
            Content::Message(mail) => self.errant(&mut mail.root, depth + 1, attachments),
            _ => {}
        }
    }

    /// The ciphertext behind a control part in a multipart that has other parts too.
    fn stray_cipher(&self, entity: &Entity<'_>) -> Option<usize> {
        let Content::Parts(parts) = &entity.content else { return None };
        let control = parts.iter().position(|part| part.media_type == "application/pgp-encrypted")?;
        let is_leaf = |part: &Entity<'_>| matches!(part.content, Content::Bytes(_) | Content::Text(_));
        parts.get(control + 1).filter(|part| is_leaf(part)).map(|_| control + 1)
    }

    fn errant_cipher(&mut self, entity: &mut Entity<'_>, at: usize, attachments: &mut Vec<Attachment>) {
        let Content::Parts(parts) = &entity.content else { return };
        let Some(part) = parts.get(at) else { return };
        let opened = self.open(part);
        if let Some(text) = self.framed(opened, entity, false, attachments) {
            entity.media_type = "text/plain".to_owned();
            entity.content = Content::Text(Cow::Owned(text));
        }
    }

    fn errant_cipher_part(&mut self, entity: &mut Entity<'_>, at: usize, attachments: &mut Vec<Attachment>) {
        let Content::Parts(parts) = &mut entity.content else { return };
        let Some(part) = parts.get_mut(at) else { return };
        let opened = self.open(part);
        if let Some(text) = self.framed(opened, part, false, attachments) {
            part.media_type = "text/plain".to_owned();
            part.is_attachment = false;
            part.file_name = None;
            part.content = Content::Text(Cow::Owned(text));
        }
    }

    /// The text of a part with its armored messages opened; `None` where none was.
    fn framed_text(&mut self, entity: &Entity<'_>, text: &str) -> Option<String> {
        let blocks = armor::blocks(text.as_bytes());
        let is_message = |block: &armor::Block| block.kind == Kind::Message;
        let as_they_came: Vec<_> = armor::blocks(entity.encoded).into_iter().filter(is_message).collect();
        let mut out = String::new();
        let (mut from, mut messages) = (0, 0);
        for block in blocks
            .iter()
            .filter(|block| matches!(block.kind, Kind::Message | Kind::Cleartext))
            .take(MAX_BLOCKS)
        {
            let Some(armored) = text.get(block.range.clone()) else { continue };
            if block.kind == Kind::Cleartext {
                self.verify_text(armored.as_bytes());
                continue;
            }
            let raw = as_they_came.get(messages).and_then(|block| entity.encoded.get(block.range.clone()));
            messages += 1;
            let opened = self.open_first(std::iter::once(armored.as_bytes()).chain(raw));
            if let Some(framed) = self.framed(opened, entity, true, &mut Vec::new()) {
                out.push_str(text.get(from..block.range.start).unwrap_or_default());
                out.push_str(&framed);
                from = block.range.end;
            }
        }
        if from == 0 {
            return None;
        }
        out.push_str(text.get(from..).unwrap_or_default());
        Some(out)
    }

    /// What an errant layer says, in its frame; `None` where it stays closed.
    fn framed(
        &mut self,
        opened: Opened,
        around: &Entity<'_>,
        is_text: bool,
        attachments: &mut Vec<Attachment>,
    ) -> Option<String> {
        let Opened { plaintext, encrypted, signatures, failure } = opened;
        let form = if is_text { "inline" } else { "PGP/MIME" };
        match (encrypted, failure) {
            (Some(how), failure) => self.layers.ciphers.push(Cipher { how, failure, form, is_errant: true }),
            // Text about OpenPGP is full of blocks that never were messages.
            (None, Some(failure)) => {
                self.layers.note(format!(
                    "a part that looks like an OpenPGP message was not opened: it is {failure}"
                ));
            }
            (None, None) => {}
        }
        self.keep(signatures, Place::Errant);
        let text = plaintext?;
        let part = if is_text { pieces::as_text_part(&text, around) } else { text };
        let inner = mail::parse(&part).root;
        if pieces::shape(&inner) == Shape::Signed {
            self.signed(&inner, Place::Errant);
        }
        let readable = render(&inner);
        attachments.extend(readable.attachments);
        Some(format!("{FRAME_START}\n{}\n{FRAME_END}", readable.text.trim_end()))
    }
}
