//! Writing messages: plain, and the two frames of PGP/MIME (RFC 3156) around a
//! payload that the pgp room has signed or encrypted.

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use mail_builder::MessageBuilder;
use mail_builder::headers::address::Address;
use mail_builder::headers::content_type::ContentType;
use mail_builder::headers::date::Date;
use mail_builder::mime::MimePart;

use crate::triage::Person;

/// What stands outside the payload.
#[derive(Debug, Clone)]
pub struct Envelope<'a> {
    /// Who writes.
    pub from: &'a Person,
    /// To whom.
    pub to: &'a Person,
    /// Subject; not protected by any encryption.
    pub subject: &'a str,
    /// When.
    pub date: DateTime<Utc>,
    /// Message-ID without angle brackets.
    pub message_id: &'a str,
    /// The message that it answers, without angle brackets.
    pub in_reply_to: Option<&'a str>,
}

/// A file to attach.
#[derive(Debug, Clone, Copy)]
pub struct File<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its media type.
    pub media_type: &'a str,
    /// Its bytes.
    pub bytes: &'a [u8],
}

/// Text and files as one MIME entity with its own headers: what is signed or encrypted.
pub fn payload(text: &str, files: &[File<'_>]) -> Vec<u8> {
    let text = MimePart::new("text/plain", text);
    let entity = if files.is_empty() {
        text
    } else {
        let attached =
            files.iter().map(|file| MimePart::new(file.media_type, file.bytes).attachment(file.name));
        MimePart::new("multipart/mixed", std::iter::once(text).chain(attached).collect::<Vec<_>>())
    };
    let mut bytes = Vec::new();
    entity.write_part(&mut bytes);
    bytes
}

/// A message whose body is `payload` as it is.
pub fn plain(envelope: &Envelope<'_>, payload: &[u8]) -> Vec<u8> {
    write(envelope, MimePart::raw(payload))
}

/// A signed message (RFC 3156, section 5): `signature` is armored, over `payload`.
pub fn signed(envelope: &Envelope<'_>, payload: &[u8], signature: &[u8]) -> Vec<u8> {
    let content_type = ContentType::new("multipart/signed")
        .attribute("protocol", "application/pgp-signature")
        .attribute("micalg", "pgp-sha512");
    let signature = MimePart::new("application/pgp-signature", signature).transfer_encoding("7bit");
    write(envelope, MimePart::new(content_type, vec![MimePart::raw(payload), signature]))
}

/// An encrypted message (RFC 3156, section 4): `message` is armored.
pub fn encrypted(envelope: &Envelope<'_>, message: &[u8]) -> Vec<u8> {
    let content_type =
        ContentType::new("multipart/encrypted").attribute("protocol", "application/pgp-encrypted");
    let control = MimePart::new("application/pgp-encrypted", "Version: 1\r\n").transfer_encoding("7bit");
    let message = MimePart::new("application/octet-stream", message).transfer_encoding("7bit");
    write(envelope, MimePart::new(content_type, vec![control, message]))
}

fn write(envelope: &Envelope<'_>, body: MimePart<'_>) -> Vec<u8> {
    let mut message = MessageBuilder::new()
        .from(address(envelope.from))
        .to(address(envelope.to))
        .subject(envelope.subject)
        .date(Date::new(envelope.date.timestamp()))
        .message_id(envelope.message_id);
    if let Some(answered) = envelope.in_reply_to {
        message = message.in_reply_to(answered).references(answered);
    }
    let mut bytes = Vec::new();
    message.body(body).serialize(&mut bytes);
    bytes
}

fn address(person: &Person) -> Address<'_> {
    let name = (!person.name.is_empty()).then_some(Cow::Borrowed(person.name.as_str()));
    Address::new_address(name, person.email.as_str())
}
