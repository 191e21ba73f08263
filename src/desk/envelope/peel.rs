//! Taking the envelope off, layer by layer, and keeping what each one says.

use chrono::{DateTime, Utc};

use crate::mail::{self, Content, Entity, Headers, Readable, render};
use crate::pgp::{self, Checked, Encrypted, Opened, Outcome};

use super::Keys;
use super::brought::Gatherer;
use super::errant::Walk;
use super::header;
use super::opening::{Spent, Unsealed};
use super::pieces::{self, Shape};

/// Layers of the envelope that are opened.
const MAX_LAYERS: usize = 8;

/// Where a signature stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// In the envelope, over the whole payload.
    Envelope,
    /// Around the encryption: by who passed the message on.
    Outside,
    /// Inside a structure that a gateway broke.
    Repaired,
    /// Over a part only.
    Errant,
}

/// One encrypted layer.
#[derive(Debug)]
pub(super) struct Cipher {
    pub(super) how: Encrypted,
    pub(super) failure: Option<String>,
    pub(super) form: &'static str,
    pub(super) is_errant: bool,
}

/// Everything that the layers said.
#[derive(Debug, Default)]
pub(super) struct Layers {
    pub(super) ciphers: Vec<Cipher>,
    pub(super) signatures: Vec<(Place, Checked)>,
    /// Signatures that could not be checked at all, in words.
    pub(super) unchecked: Vec<(Place, String)>,
    pub(super) notes: Vec<String>,
    /// The Date that counts stands inside the protection.
    pub(super) is_date_protected: bool,
}

impl Layers {
    /// Keeps a remark for the reader, once.
    pub(super) fn note(&mut self, note: impl Into<String>) {
        let note = note.into();
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }

    /// Whether a good signature over the whole payload is by a key of this address.
    pub(super) fn binds(&self, address: &str) -> bool {
        self.signatures.iter().any(|(place, signature)| {
            *place == Place::Envelope
                && signature.outcome == Outcome::Good
                && signature.emails.iter().any(|email| header::same_address(email, address))
        })
    }
}

/// What was inside the envelope, all of it owned.
#[derive(Debug, Default)]
pub(super) struct Payload {
    pub(super) protected: Option<Headers>,
    pub(super) readable: Readable,
    pub(super) defects: Vec<String>,
    /// How many of the attachments lie in errant parts; they are the last ones.
    pub(super) errant_files: usize,
    /// The attachment whose bytes were wanted.
    pub(super) file: Option<Vec<u8>>,
}

/// What the text of a payload is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// To be read by the team: errant parts are opened in their frames.
    Read,
    /// To be quoted to somebody else: nothing errant is touched.
    Quote,
    /// The bytes of an attachment of the payload itself, by its number.
    File(usize),
    /// The bytes of an attachment inside an errant part, by its number among those.
    ErrantFile(usize),
}

/// Opens the envelope of a message.
pub(super) fn peel(
    root: &mut Entity<'_>,
    keys: Keys<'_>,
    now: DateTime<Utc>,
    purpose: Purpose,
) -> (Payload, Layers, Gatherer) {
    let mut peeler = Peeler {
        keys,
        now,
        purpose,
        layers: Layers::default(),
        gathered: Gatherer::new(now),
        spent: Spent::default(),
        is_repaired: false,
    };
    let payload = peeler.layer(root, 0);
    (payload, peeler.layers, peeler.gathered)
}

pub(super) struct Peeler<'k> {
    pub(super) keys: Keys<'k>,
    pub(super) now: DateTime<Utc>,
    pub(super) purpose: Purpose,
    pub(super) layers: Layers,
    gathered: Gatherer,
    pub(super) spent: Spent,
    is_repaired: bool,
}

impl Peeler<'_> {
    fn layer(&mut self, entity: &mut Entity<'_>, depth: usize) -> Payload {
        if depth >= MAX_LAYERS {
            self.layers.note(format!("only the outer {MAX_LAYERS} layers of protection were opened"));
            return self.payload(entity, depth);
        }
        match pieces::shape(entity) {
            Shape::Encrypted(at) => self.encrypted(entity, at, "PGP/MIME", depth),
            Shape::Mangled(at) => {
                self.repaired();
                self.encrypted(entity, at, "PGP/MIME, repaired", depth)
            }
            Shape::Wrapped(at) => {
                self.repaired();
                match child(entity, at) {
                    Some(part) => self.layer(part, depth + 1),
                    None => self.payload(entity, depth),
                }
            }
            Shape::Signed => {
                self.signed(entity, self.place());
                match child(entity, 0) {
                    Some(part) => self.layer(part, depth + 1),
                    None => self.payload(entity, depth),
                }
            }
            Shape::InlineMessage => {
                let opened = self.open(entity);
                self.inside(opened, entity, "inline", true, depth)
            }
            Shape::InlineSigned => self.inline_signed(entity, depth),
            Shape::Plain => self.payload(entity, depth),
        }
    }

    fn place(&self) -> Place {
        if self.is_repaired { Place::Repaired } else { Place::Envelope }
    }

    fn repaired(&mut self) {
        self.is_repaired = true;
        self.layers.note("a mail gateway broke the structure of this encrypted message; it was repaired");
    }

    fn encrypted(&mut self, entity: &mut Entity<'_>, at: usize, form: &'static str, depth: usize) -> Payload {
        let Some(part) = child(entity, at) else { return self.payload(entity, depth) };
        let opened = self.open(part);
        self.inside(opened, entity, form, false, depth)
    }

    /// Goes on inside an opened layer, or tells why it is closed.
    fn inside(
        &mut self,
        opened: Unsealed,
        entity: &mut Entity<'_>,
        form: &'static str,
        is_text: bool,
        depth: usize,
    ) -> Payload {
        let form = opened.form.unwrap_or(form);
        let Unsealed { plaintext, encrypted, signatures, failure, .. } = opened;
        let is_encrypted = encrypted.is_some();
        if let Some(how) = encrypted.or_else(|| failure.is_some().then(Encrypted::default)) {
            // What was signed before is now around the encryption.
            self.layers.signatures.iter_mut().for_each(|(place, _)| *place = Place::Outside);
            self.layers.unchecked.iter_mut().for_each(|(place, _)| *place = Place::Outside);
            self.layers.ciphers.push(Cipher { how, failure: failure.clone(), form, is_errant: false });
        }
        let place = self.place();
        self.keep(signatures, place);
        let Some(text) = plaintext else {
            let why = failure.unwrap_or_default();
            let mut readable = Readable { text: format!("[not opened: {why}]\n"), ..Readable::default() };
            readable.attachments = render(entity).attachments;
            return Payload { readable, file: self.file_of(entity), ..Payload::default() };
        };
        let part = if is_text { pieces::as_text_part(&text, entity) } else { text };
        let mut inner = mail::parse(&part);
        if is_encrypted {
            self.gathered.decrypted(&inner.root);
        }
        let mut payload = self.layer(&mut inner.root, depth + 1);
        // The headers that a whole message must have are outside.
        inner.defects.retain(|defect| !defect.starts_with("it has no "));
        payload.defects.append(&mut inner.defects);
        payload
    }

    fn inline_signed(&mut self, entity: &mut Entity<'_>, depth: usize) -> Payload {
        let mut first: Option<Opened> = None;
        for bytes in pieces::candidates(entity) {
            if !self.spend() {
                break;
            }
            let opened = pgp::verify_inline(&bytes, self.keys.pgp, self.now);
            let is_good = opened.signatures.iter().any(|signature| signature.outcome == Outcome::Good);
            if is_good || first.is_none() {
                first = Some(opened);
            }
            if is_good {
                break;
            }
        }
        let Some(Opened { plaintext, signatures, failure, .. }) = first else {
            return self.payload(entity, depth);
        };
        let place = self.place();
        self.keep(signatures, place);
        let Some(text) = plaintext else {
            let why = failure.map_or_else(String::new, |failure| failure.to_string());
            self.layers.unchecked.push((place, why));
            return self.payload(entity, depth);
        };
        let part = pieces::as_text_part(&text, entity);
        self.layer(&mut mail::parse(&part).root, depth + 1)
    }

    /// The end of the envelope: what it protects, with errant parts framed.
    fn payload(&mut self, entity: &mut Entity<'_>, depth: usize) -> Payload {
        let protected = if depth > 0 { header::protected(entity) } else { None };
        if self.purpose == Purpose::Quote {
            let text = mail::quotable(shown(entity, depth));
            return Payload {
                protected,
                readable: Readable { text, ..Readable::default() },
                ..Payload::default()
            };
        }
        self.gathered.payload(entity);
        let Walk { attachments, file, .. } = self.frame_errant_parts(entity);
        let shown = shown(entity, depth);
        let mut readable = render(shown);
        let errant_files = attachments.len();
        readable.attachments.extend(attachments);
        let file = file.or_else(|| self.file_of(shown));
        Payload { protected, readable, defects: Vec::new(), errant_files, file }
    }

    /// The wanted attachment, where it is one of this entity.
    fn file_of(&self, entity: &Entity<'_>) -> Option<Vec<u8>> {
        match self.purpose {
            Purpose::File(number) => mail::attached(entity, number),
            _ => None,
        }
    }
}

/// What of a payload is shown: the message in it, where one only wraps it.
fn shown<'e, 'a>(payload: &'e Entity<'a>, depth: usize) -> &'e Entity<'a> {
    match &payload.content {
        Content::Message(mail) if depth > 0 && header::is_wrapped(payload) => &mail.root,
        _ => payload,
    }
}

/// One part of a multipart.
fn child<'e, 'a>(entity: &'e mut Entity<'a>, at: usize) -> Option<&'e mut Entity<'a>> {
    match &mut entity.content {
        Content::Parts(parts) => parts.get_mut(at),
        _ => None,
    }
}
