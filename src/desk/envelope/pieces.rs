//! Recognising what an entity is to OpenPGP, and getting at the bytes that
//! were encrypted or signed.

use std::borrow::Cow;

use crate::age;
use crate::mail::{Content, Entity, html_to_text};
use crate::pgp::armor::{self, Block, Kind};

/// What an entity is to OpenPGP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// PGP/MIME, encrypted (RFC 3156, section 4): the part with the ciphertext.
    Encrypted(usize),
    /// The same parts in a wrapping that a gateway changed, nothing beside them.
    Mangled(usize),
    /// A gateway put a wrapping around the encrypted part, nothing beside it.
    Wrapped(usize),
    /// PGP/MIME, signed (RFC 3156, section 5).
    Signed,
    /// The whole text is one armored message or age file, or the whole file a binary message.
    InlineMessage,
    /// The whole text is signed in the clear.
    InlineSigned,
    /// Nothing of it.
    Plain,
}

/// What `entity` is. Anything beside the protected part makes it [`Shape::Plain`].
pub(super) fn shape(entity: &Entity<'_>) -> Shape {
    match &entity.content {
        Content::Parts(parts) => match entity.media_type.as_str() {
            "multipart/signed" => {
                if is_signed(entity, parts) {
                    Shape::Signed
                } else {
                    Shape::Plain
                }
            }
            "multipart/encrypted" => ciphertext(parts).map_or(Shape::Plain, Shape::Encrypted),
            "multipart/mixed" => mangled(parts),
            _ => Shape::Plain,
        },
        _ if entity.is_attachment => Shape::Plain,
        Content::Text(text) => inline(text, entity),
        Content::Html(source) => inline_html(source),
        Content::Bytes(bytes) if entity.media_type == "application/pgp" => {
            inline(&String::from_utf8_lossy(bytes), entity)
        }
        _ => Shape::Plain,
    }
}

fn inline(text: &str, entity: &Entity<'_>) -> Shape {
    if is_binary_message(entity) {
        return Shape::InlineMessage;
    }
    if age::is_encrypted(text.as_bytes()) {
        return if is_whole_age(text) { Shape::InlineMessage } else { Shape::Plain };
    }
    // A long text is only looked through where it begins as a block does.
    if !text.trim_start().starts_with("-----BEGIN PGP ") {
        return Shape::Plain;
    }
    match whole_block(text.as_bytes()) {
        Some(Kind::Message) => Shape::InlineMessage,
        Some(Kind::Cleartext) => Shape::InlineSigned,
        _ => Shape::Plain,
    }
}

/// Whether a text is one armored age file and nothing else.
fn is_whole_age(text: &str) -> bool {
    let files = age::armored(text.as_bytes());
    matches!(&files[..], [only] if text.trim().len() == only.len())
}

/// Whether HTML may have an armored block in its text, whose dashes or letters
/// may be written as character references.
pub(super) fn may_hold_armor(source: &str) -> bool {
    let signs = ["BEGIN PGP ", "-----&#", "&#45;&#45;", "&#x2d;&#x2d;", "&#x2D;&#x2D;", "&dash;"];
    signs.iter().any(|sign| source.contains(sign))
}

/// HTML whose text is one armored message. A signed text has not survived it.
fn inline_html(source: &str) -> Shape {
    match may_hold_armor(source).then(|| whole_block(html_to_text(source).as_bytes())).flatten() {
        Some(Kind::Message) => Shape::InlineMessage,
        _ => Shape::Plain,
    }
}

/// The kind of the one block that a text consists of.
fn whole_block(text: &[u8]) -> Option<Kind> {
    let blocks = armor::blocks(text);
    let [Block { kind, range, .. }] = &blocks[..] else { return None };
    let around = [text.get(..range.start)?, text.get(range.end..)?];
    around.iter().all(|rest| rest.trim_ascii().is_empty()).then_some(*kind)
}

/// Whether a file without any header begins with a packet that begins a
/// message: encrypted session keys, encrypted data, or a one-pass signature.
fn is_binary_message(entity: &Entity<'_>) -> bool {
    entity.raw.len() == entity.encoded.len()
        && std::str::from_utf8(entity.raw).is_err()
        && armor::kind_of(entity.raw) == Some(Kind::Message)
}

fn is_signed(entity: &Entity<'_>, parts: &[Entity<'_>]) -> bool {
    let protocol = entity.parameter("protocol").unwrap_or("application/pgp-signature");
    let [_, signature] = parts else { return false };
    signature.media_type == "application/pgp-signature"
        && protocol.eq_ignore_ascii_case("application/pgp-signature")
}

/// The place of the ciphertext: behind the control part, with nothing beside the two.
fn ciphertext(parts: &[Entity<'_>]) -> Option<usize> {
    let control = parts.iter().position(|part| part.media_type == "application/pgp-encrypted")?;
    let cipher = control + 1;
    let is_leaf = matches!(parts.get(cipher)?.content, Content::Bytes(_) | Content::Text(_));
    let alone = parts.iter().enumerate().all(|(at, part)| at == control || at == cipher || is_blank(part));
    (is_leaf && alone).then_some(cipher)
}

fn mangled(parts: &[Entity<'_>]) -> Shape {
    if let Some(cipher) = ciphertext(parts) {
        return Shape::Mangled(cipher);
    }
    let mut others = parts.iter().enumerate().filter(|(_, part)| !is_blank(part));
    match (others.next(), others.next()) {
        (Some((at, part)), None) if part.media_type == "multipart/encrypted" => {
            if matches!(shape(part), Shape::Encrypted(_)) { Shape::Wrapped(at) } else { Shape::Plain }
        }
        _ => Shape::Plain,
    }
}

/// An empty text, as gateways put in front.
fn is_blank(part: &Entity<'_>) -> bool {
    matches!(&part.content, Content::Text(text) if text.trim().is_empty())
        && !part.is_attachment
        && part.file_name.is_none()
}

/// The bytes of an entity as they may have been encrypted or signed: transfer
/// encoding undone and charset not; then as they came, because some senders
/// declare an encoding that they did not apply.
pub(super) fn candidates<'e>(entity: &'e Entity<'_>) -> Vec<Cow<'e, [u8]>> {
    let mut found: Vec<Cow<'e, [u8]>> = Vec::new();
    match &entity.content {
        Content::Bytes(bytes) => found.push(Cow::Borrowed(&**bytes)),
        Content::Html(source) if inline_html(source) == Shape::InlineMessage => {
            found.push(Cow::Owned(armor::rebuilt(html_to_text(source).as_bytes())));
        }
        Content::Text(text) | Content::Html(text) if text.is_ascii() => {
            found.push(Cow::Borrowed(text.as_bytes()))
        }
        Content::Text(text) | Content::Html(text) => {
            found.push(Cow::Owned(entity.decoded()));
            found.push(Cow::Borrowed(text.as_bytes()));
        }
        Content::Parts(_) | Content::Message(_) => {}
    }
    if !found.iter().any(|bytes| **bytes == *entity.encoded) {
        found.push(Cow::Borrowed(entity.encoded));
    }
    found
}

/// Whether a leaf is a file that is encrypted by OpenPGP or age, and if so whether its
/// name or type says that too.
pub(super) fn encrypted_file(entity: &Entity<'_>) -> Option<bool> {
    let is_file = match &entity.content {
        Content::Text(_) | Content::Html(_) => entity.is_attachment,
        Content::Bytes(_) => true,
        Content::Parts(_) | Content::Message(_) => false,
    };
    let name = entity.file_name.as_deref().unwrap_or_default();
    let is_named =
        [".pgp", ".gpg", ".asc", ".age"].iter().any(|ending| without_ending(name, ending).is_some())
            || matches!(entity.media_type.as_str(), "application/pgp-encrypted" | "application/pgp");
    let is_open = is_named || entity.media_type == "application/octet-stream";
    if !is_file || !is_open {
        return None;
    }
    let is_message =
        |bytes: &Cow<'_, [u8]>| age::is_encrypted(bytes) || armor::kind_of(bytes) == Some(Kind::Message);
    candidates(entity).iter().any(is_message).then_some(is_named)
}

/// Whether every part of a multipart is encrypted by itself, as some programs
/// do that know nothing of PGP/MIME.
pub(super) fn is_partitioned(entity: &Entity<'_>) -> bool {
    fn count(entity: &Entity<'_>) -> Option<usize> {
        match &entity.content {
            Content::Parts(parts) => parts.iter().map(count).sum(),
            Content::Message(_) => None,
            _ if is_blank(entity) => Some(0),
            _ if shape(entity) == Shape::InlineMessage || encrypted_file(entity).is_some() => Some(1),
            _ => None,
        }
    }
    matches!(entity.content, Content::Parts(_)) && count(entity).is_some_and(|count| count > 1)
}

/// Whether an entity is protected by S/MIME (RFC 8551, section 3).
pub(super) fn is_smime(entity: &Entity<'_>) -> bool {
    let is_pkcs7 = |media_type: &str| {
        matches!(
            media_type.strip_prefix("application/").map(|name| name.trim_start_matches("x-")),
            Some("pkcs7-mime" | "pkcs7-signature")
        )
    };
    let protocol = entity.parameter("protocol").unwrap_or_default().to_ascii_lowercase();
    is_pkcs7(&entity.media_type) || entity.media_type == "multipart/signed" && is_pkcs7(&protocol)
}

/// A file name without `ending`, in whatever case; `None` where it has another
/// or nothing before it.
pub(super) fn without_ending<'n>(name: &'n str, ending: &str) -> Option<&'n str> {
    let at = name.len().checked_sub(ending.len()).filter(|at| *at > 0)?;
    let (stem, found) = name.split_at_checked(at)?;
    found.eq_ignore_ascii_case(ending).then_some(stem)
}

/// Whether bytes that were signed are a part of a mail: nothing but fields, one
/// of them about the content, before the blank line. Other things are signed
/// too, such as commits, and must not pass for mail.
pub(super) fn is_mime_part(raw: &[u8]) -> bool {
    let lines = raw.split(|byte| *byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line));
    let mut header = lines.take_while(|line| !line.is_empty()).peekable();
    let is_field = |line: &[u8]| {
        let colon = line.iter().position(|byte| *byte == b':').unwrap_or_default();
        colon > 0 && line.iter().take(colon).all(|byte| byte.is_ascii_graphic())
    };
    let is_content = |line: &[u8]| line.get(..8).is_some_and(|name| name.eq_ignore_ascii_case(b"content-"));
    // Without any header it is text/plain (RFC 2045, section 5.2).
    let mut about_content = header.peek().is_none();
    for line in header {
        about_content |= is_content(line);
        if !is_field(line) && !line.starts_with(b" ") && !line.starts_with(b"\t") {
            return false;
        }
    }
    about_content
}

/// `bytes` with every line ended by CR LF: what a PGP/MIME signature covers (RFC 3156, section 5).
pub(super) fn with_crlf(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() + bytes.len() / 32);
    let mut previous = 0;
    for byte in bytes {
        if *byte == b'\n' && previous != b'\r' {
            out.push(b'\r');
        }
        out.push(*byte);
        previous = *byte;
    }
    out
}

/// Text that was inside an inline block, as an entity of its own: UTF-8 where
/// it is that, else in the charset that the part around it names.
pub(super) fn as_text_part(text: &[u8], around: &Entity<'_>) -> Vec<u8> {
    let is_name =
        |name: &&str| name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
    let named = around.parameter("charset").filter(is_name).unwrap_or("windows-1252");
    let charset = if std::str::from_utf8(text).is_ok() { "utf-8" } else { named };
    let header =
        format!("Content-Type: text/plain; charset={charset}\r\nContent-Transfer-Encoding: 8bit\r\n\r\n");
    [header.as_bytes(), text].concat()
}
