//! Writing messages: plain, and the two frames of PGP/MIME (RFC 3156) around a
//! payload that the pgp room has signed or encrypted. A payload can carry the
//! headers of its message, protected with it (RFC 9788).

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use mail_builder::MessageBuilder;
use mail_builder::headers::address::Address;
use mail_builder::headers::content_type::ContentType;
use mail_builder::headers::date::Date;
use mail_builder::headers::message_id::MessageId;
use mail_builder::headers::raw::Raw;
use mail_builder::headers::text::Text;
use mail_builder::headers::{Header as _, HeaderType};
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
    /// The messages before it, the oldest first, without angle brackets; empty
    /// stands for the one that it answers.
    pub references: &'a [String],
    /// The value of an Autocrypt field.
    pub autocrypt: Option<&'a str>,
}

/// What protects the headers inside a payload (RFC 9788, section 2.1.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeaderProtection {
    /// A signature.
    Clear,
    /// Encryption.
    Cipher,
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
    written(entity(text, files, &[]))
}

/// The same with the headers of the message inside its protection: `subject` is
/// what the reader sees, `envelope` what stands outside, each field of which is
/// repeated as HP-Outer when the payload will be encrypted (RFC 9788, section
/// 2.2). Programs that know only the older draft find its mark as well.
pub fn protected(
    envelope: &Envelope<'_>,
    subject: &str,
    text: &str,
    files: &[File<'_>],
    protection: HeaderProtection,
) -> Vec<u8> {
    let hp = match protection {
        HeaderProtection::Clear => "clear",
        HeaderProtection::Cipher => "cipher",
    };
    let mut part = entity(text, files, &[("hp", hp), ("protected-headers", "v1")]);
    for (name, value) in fields(&Envelope { subject, autocrypt: None, ..envelope.clone() }) {
        part = part.header(name, value);
    }
    if protection == HeaderProtection::Cipher {
        for (name, value) in fields(&Envelope { autocrypt: None, ..envelope.clone() }) {
            part = part.header("HP-Outer", Raw::new(format!("{name}: {}", one_line(&value))));
        }
    }
    written(part)
}

fn entity<'a>(text: &'a str, files: &[File<'a>], marks: &[(&'static str, &'static str)]) -> MimePart<'a> {
    let marked = |media_type: &'static str| {
        marks.iter().fold(ContentType::new(media_type), |typed, (name, value)| typed.attribute(*name, *value))
    };
    if files.is_empty() {
        return MimePart::new(marked("text/plain").attribute("charset", "utf-8"), text);
    }
    let attached = files.iter().map(|file| MimePart::new(file.media_type, file.bytes).attachment(file.name));
    let text = MimePart::new("text/plain", text);
    MimePart::new(marked("multipart/mixed"), std::iter::once(text).chain(attached).collect::<Vec<_>>())
}

fn written(part: MimePart<'_>) -> Vec<u8> {
    let mut bytes = Vec::new();
    part.write_part(&mut bytes);
    bytes
}

/// A field as it is written, without its folding.
fn one_line(value: &HeaderType<'_>) -> String {
    let mut bytes = Vec::new();
    value.write_header(&mut bytes, 0);
    String::from_utf8_lossy(&bytes).split_whitespace().collect::<Vec<_>>().join(" ")
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
    let control =
        MimePart::new("application/pgp-encrypted", &b"Version: 1\r\n"[..]).transfer_encoding("7bit");
    let message = MimePart::new("application/octet-stream", message).transfer_encoding("7bit");
    write(envelope, MimePart::new(content_type, vec![control, message]))
}

fn write(envelope: &Envelope<'_>, body: MimePart<'_>) -> Vec<u8> {
    let message = fields(envelope)
        .into_iter()
        .fold(MessageBuilder::new(), |message, (name, value)| message.header(name, value));
    let mut bytes = Vec::new();
    message.body(body).serialize(&mut bytes);
    bytes
}

/// The fields of an envelope in their order.
fn fields<'a>(envelope: &Envelope<'a>) -> Vec<(&'static str, HeaderType<'a>)> {
    let mut fields: Vec<(&'static str, HeaderType<'a>)> = vec![
        ("From", address(envelope.from).into()),
        ("To", address(envelope.to).into()),
        ("Subject", Text::new(envelope.subject).into()),
        ("Date", Date::new(envelope.date.timestamp()).into()),
        ("Message-ID", MessageId::new(id(envelope.message_id)).into()),
    ];
    if let Some(answered) = envelope.in_reply_to {
        fields.push(("In-Reply-To", MessageId::new(id(answered)).into()));
        let references = match envelope.references {
            [] => MessageId::new(id(answered)),
            known => MessageId::new_list(known.iter().map(|one| id(one))),
        };
        fields.push(("References", references.into()));
    }
    if let Some(autocrypt) = envelope.autocrypt {
        fields.push(("Autocrypt", Raw::new(autocrypt).into()));
    }
    fields
}

/// A message identifier without what could end it: the library writes it as it is.
fn id(id: &str) -> String {
    id.chars().filter(|c| !c.is_control() && !c.is_whitespace() && !matches!(c, '<' | '>')).collect()
}

fn address(person: &Person) -> Address<'_> {
    let name = (!person.name.is_empty()).then_some(Cow::Borrowed(person.name.as_str()));
    Address::new_address(name, person.email.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::{Content, parse};

    fn person(name: &str, email: &str) -> Person {
        Person { name: name.to_owned(), email: email.to_owned() }
    }

    #[test]
    fn protected_headers_stand_inside_and_what_is_outside_is_repeated() {
        let (from, to) = (person("Team", "security@example.org"), person("Mara", "mara@lindt.example"));
        let envelope = Envelope {
            from: &from,
            to: &to,
            subject: "[SEC-2026-0001] [...]",
            date: "2026-11-23T12:00:00Z".parse().unwrap(),
            message_id: "b@example.org",
            in_reply_to: Some("a@lindt.example"),
            references: &["o@lindt.example".to_owned(), "a@lindt.example".to_owned()],
            autocrypt: Some("addr=security@example.org; keydata=a2V5"),
        };
        let subject = "Re: Überlauf im Leser";
        let payload = protected(&envelope, subject, "Hello\n", &[], HeaderProtection::Cipher);
        let inner = parse(&payload);
        assert_eq!(inner.headers.subject.as_deref(), Some(subject));
        assert_eq!(inner.root.parameter("hp"), Some("cipher"));
        assert_eq!(inner.root.parameter("protected-headers"), Some("v1"));
        assert_eq!(inner.headers.references, ["o@lindt.example", "a@lindt.example"]);
        let text = String::from_utf8(payload.clone()).unwrap();
        assert!(text.contains("HP-Outer: Subject: [SEC-2026-0001] [...]"), "{text}");
        assert!(text.contains("HP-Outer: Message-ID: <b@example.org>"), "{text}");
        assert!(!text.contains("Autocrypt"));
        let Content::Text(body) = &inner.root.content else { panic!("no text") };
        assert_eq!(body.trim(), "Hello");

        let outside = plain(&envelope, &payload);
        let outside = String::from_utf8(outside).unwrap();
        assert!(outside.contains("Autocrypt: addr=security@example.org; keydata=a2V5"));
    }

    #[test]
    fn nothing_foreign_can_add_a_header() {
        let (from, to) = (person("Team", "security@example.org"), person("M\r\nBcc: e@x", "m@x\r\nBcc: e@x"));
        let envelope = Envelope {
            from: &from,
            to: &to,
            subject: "one\r\nBcc: e@x.example",
            date: "2026-11-23T12:00:00Z".parse().unwrap(),
            message_id: "b@example.org\r\nBcc: e@x",
            in_reply_to: Some("a\r\nBcc: e@x"),
            references: &[],
            autocrypt: None,
        };
        for bytes in [
            plain(&envelope, &payload("x", &[])),
            protected(&envelope, "two\r\nBcc: e@x", "x", &[], HeaderProtection::Clear),
        ] {
            let text = String::from_utf8(bytes).unwrap();
            let adds = |line: &str| line.to_ascii_lowercase().starts_with("bcc");
            assert!(!text.lines().any(adds), "{text}");
        }
    }
}
