//! The header fields that ninety reads, decoded by mail-parser under limits:
//! each field, their sum, and the lists in them are bounded, because the
//! decoders take quadratic time on text that was made for it.

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use mail_parser::decoders::charsets::map::charset_decoder;
use mail_parser::parsers::MessageStream;
use mail_parser::{Addr, Address, ContentType, HeaderValue};

use super::clip::clip;
use super::defects::Defects;
use super::entity::Headers;
use super::fields::{Field, fields};
use crate::triage::Person;

/// Bytes of header fields decoded for one message; the rest stays raw.
pub const MAX_HEADER_BYTES: usize = 1 << 20;
/// Bytes of one field that are decoded.
const MAX_FIELD: usize = 64 << 10;
/// Bytes of one Content-Type, Content-Disposition or Subject that are decoded.
const MAX_SHORT_FIELD: usize = 16 << 10;
/// Mailboxes kept of From, and of To and Cc together.
const MAX_ADDRESSES: usize = 1000;
/// Message-IDs kept of one field; the last ones, which are the nearest.
const MAX_IDS: usize = 500;
/// A Message-ID is one line, and a line has at most this many bytes (RFC 5322, section 2.1.1).
const MAX_ID: usize = 998;
/// Bytes of a file name that are kept.
const MAX_NAME: usize = 1024;
/// An encoded word has at most 75 characters (RFC 2047, section 2); some programs write longer ones.
const MAX_WORD: usize = 1000;

/// What the Content fields of an entity say (RFC 2045, RFC 2183).
#[derive(Debug, Clone, Default)]
pub(super) struct Shape {
    /// `type/subtype` in lower case; `None` where the field is missing or unreadable.
    pub media_type: Option<String>,
    /// Parameters of Content-Type.
    pub parameters: Vec<(String, String)>,
    /// File name from either field.
    pub file_name: Option<String>,
    /// Disposition is `attachment`.
    pub is_attachment: bool,
    /// Content-Transfer-Encoding in lower case; empty where it is missing.
    pub encoding: String,
}

/// Reads the header block of one entity. `budget` is what the message may
/// still spend on decoding.
pub(super) fn read(header: &[u8], budget: &mut usize, defects: &mut Defects) -> (Headers, Shape) {
    let mut reader =
        Reader { budget, defects, headers: Headers::default(), shape: Shape::default(), seen: 0 };
    for field in fields(header) {
        reader.take(field);
    }
    (reader.headers, reader.shape)
}

struct Reader<'b, 'd> {
    budget: &'b mut usize,
    defects: &'d mut Defects,
    headers: Headers,
    shape: Shape,
    /// Bit set of the fields that may stand once and were seen.
    seen: u32,
}

impl Reader<'_, '_> {
    fn take(&mut self, field: Field<'_>) {
        let Some((index, name)) = READ.iter().enumerate().find(|(_, name)| field.is(name)) else { return };
        let (long, once) = (index < LONG, index >= MANY);
        let known = self.seen & (1 << index) != 0;
        self.seen |= 1 << index;
        if index == 0 {
            self.headers.from_fields += 1;
        }
        if known && once {
            if *name != "Received" {
                self.defects.add(format!("it has more than one {name} header; the first counts"));
            }
            return;
        }
        if known && index == 0 {
            self.defects.add("it has more than one From header");
        }
        let limit = (*self.budget).min(if long { MAX_FIELD } else { MAX_SHORT_FIELD });
        *self.budget -= field.value.len().min(limit);
        if field.value.len() > limit {
            self.defects.add(format!("the {name} header is too long; only the start of it was read"));
        }
        let value = field.value.get(..limit).unwrap_or(field.value);
        self.decode(name, value);
    }

    fn decode(&mut self, name: &str, value: &[u8]) {
        let value = &self.prepared(name, value);
        let mut stream = MessageStream::new(value);
        match name {
            "From" => people(stream.parse_address(), &mut self.headers.from, self.defects),
            "To" | "Cc" => people(stream.parse_address(), &mut self.headers.to, self.defects),
            "References" => self.headers.references = ids(stream.parse_id()),
            "In-Reply-To" => self.headers.in_reply_to = ids(stream.parse_id()),
            "Message-ID" => {
                self.headers.message_id = ids(stream.parse_id()).into_iter().next();
                if self.headers.message_id.is_none() {
                    self.defects.add("its Message-ID cannot be used");
                }
            }
            "Subject" => self.headers.subject = Some(text(stream.parse_unstructured())),
            "Date" => {
                self.headers.date = moment(value);
                if self.headers.date.is_none() {
                    self.defects.add("its Date cannot be read");
                }
            }
            "Received" => {
                let at = memchr::memrchr(b';', value).map_or(0, |at| at + 1);
                self.headers.received = moment(value.get(at..).unwrap_or_default());
            }
            "Content-Type" => self.content_type(stream.parse_content_type()),
            "Content-Disposition" => self.disposition(stream.parse_content_type()),
            "Content-Transfer-Encoding" => {
                let word = String::from_utf8_lossy(value);
                let word = word.split([';', '(']).next().unwrap_or_default();
                self.shape.encoding = word.trim().to_ascii_lowercase();
            }
            _ => {}
        }
    }

    /// The value as the decoders want it: UTF-8, ended by a line break, and
    /// with no start of an encoded word that has no end, since they would look
    /// for that end from every start anew.
    fn prepared<'v>(&mut self, name: &str, value: &'v [u8]) -> Cow<'v, [u8]> {
        let mut value = Cow::Borrowed(value);
        if std::str::from_utf8(&value).is_err() {
            self.defects.add(format!("the {name} header has bytes that are not UTF-8"));
            // Encoded words bring their own charset, which must see the bytes as they came.
            let has_words = memchr::memmem::find(&value, b"=?").is_some();
            if let Some(decode) = charset_decoder(b"windows-1252").filter(|_| !has_words) {
                value = Cow::Owned(decode(&value).into_bytes());
            }
        }
        if value.len() > 2 * MAX_WORD {
            value = Cow::Owned(without_open_words(&value));
        }
        if !value.ends_with(b"\n") {
            value.to_mut().push(b'\n');
        }
        value
    }

    fn content_type(&mut self, value: HeaderValue<'_>) {
        let HeaderValue::ContentType(found) = value else {
            return self.defects.add("its Content-Type cannot be read");
        };
        match &found.c_subtype {
            Some(subtype) => self.shape.media_type = Some(format!("{}/{subtype}", found.c_type)),
            None => self.defects.add("its Content-Type has no subtype"),
        }
        self.shape.file_name = self.shape.file_name.take().or_else(|| file_name(&found, "name"));
        self.shape.parameters = parameters(found);
    }

    fn disposition(&mut self, value: HeaderValue<'_>) {
        let HeaderValue::ContentType(found) = value else { return };
        self.shape.is_attachment = found.c_type.eq_ignore_ascii_case("attachment");
        self.shape.file_name = file_name(&found, "filename").or_else(|| self.shape.file_name.take());
    }
}

/// The fields that are read: first those that may be long, of these first those that may stand several times.
const READ: [&str; 12] = [
    "From",
    "To",
    "Cc",
    "References",
    "In-Reply-To",
    "Message-ID",
    "Subject",
    "Date",
    "Received",
    "Content-Type",
    "Content-Disposition",
    "Content-Transfer-Encoding",
];
const LONG: usize = 4;
const MANY: usize = 3;

/// The moment that a date names (RFC 5322, section 3.3); `None` where it names none.
pub(super) fn moment(value: &[u8]) -> Option<DateTime<Utc>> {
    let value = value.get(..MAX_WORD).unwrap_or(value);
    read_moment([value, b"\n"].concat()).or_else(|| read_moment(completed(value).into_bytes()))
}

/// A date with the seconds and the zone that old programs left out.
fn completed(value: &[u8]) -> String {
    let mut out = String::new();
    let mut has_zone = false;
    for word in String::from_utf8_lossy(value).split_ascii_whitespace() {
        let is_time = word.contains(':');
        has_zone |= !is_time && !out.is_empty() && out.contains(':');
        out.push_str(word);
        out.push_str(if is_time && word.matches(':').count() == 1 { ":00 " } else { " " });
    }
    out.push_str(if has_zone { "\n" } else { "+0000\n" });
    out
}

fn read_moment(line: Vec<u8>) -> Option<DateTime<Utc>> {
    let HeaderValue::DateTime(mut date) = MessageStream::new(&line).parse_date() else { return None };
    date.second = date.second.min(59);
    if !date.is_valid() { None } else { DateTime::from_timestamp(date.to_timestamp(), 0) }
}

fn people(value: HeaderValue<'_>, list: &mut Vec<Person>, defects: &mut Defects) {
    let mut push = |found: Addr<'_>| {
        if list.len() < MAX_ADDRESSES {
            list.push(Person {
                name: found.name.map(Cow::into_owned).unwrap_or_default(),
                email: found.address.map(Cow::into_owned).unwrap_or_default(),
            });
        } else {
            defects.add("it has more addresses than are read");
        }
    };
    match value {
        HeaderValue::Address(Address::List(found)) => found.into_iter().for_each(&mut push),
        HeaderValue::Address(Address::Group(groups)) => {
            groups.into_iter().flat_map(|group| group.addresses).for_each(&mut push);
        }
        _ => {}
    }
}

fn ids(value: HeaderValue<'_>) -> Vec<String> {
    let found = match value {
        HeaderValue::Text(one) => vec![one],
        HeaderValue::TextList(many) => many,
        _ => Vec::new(),
    };
    let skipped = found.len().saturating_sub(MAX_IDS);
    found.into_iter().skip(skipped).filter_map(|id| usable_id(&id)).collect()
}

/// The identifier without brackets and blanks; `None` where it is none.
fn usable_id(id: &str) -> Option<String> {
    let id = id.trim().trim_matches(['<', '>']).trim();
    let sound = !id.is_empty() && id.len() <= MAX_ID && !id.chars().any(char::is_control);
    sound.then(|| id.to_owned())
}

fn text(value: HeaderValue<'_>) -> String {
    match value {
        HeaderValue::Text(text) => text.into_owned(),
        _ => String::new(),
    }
}

fn parameters(found: ContentType<'_>) -> Vec<(String, String)> {
    let attributes = found.attributes.unwrap_or_default();
    attributes.into_iter().map(|a| (a.name.to_ascii_lowercase(), a.value.into_owned())).collect()
}

fn file_name(found: &ContentType<'_>, parameter: &str) -> Option<String> {
    let attribute = found.attributes.iter().flatten().find(|a| a.name.eq_ignore_ascii_case(parameter))?;
    let name = attribute.value.trim();
    Some(clip(name, MAX_NAME)).filter(|name| !name.is_empty()).map(str::to_owned)
}

/// Puts a blank into each `=?` that no `?=` follows soon.
fn without_open_words(value: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(value.len() + 16);
    let mut rest = value;
    while let Some(at) = memchr::memmem::find(rest, b"=?") {
        let (before, word) = rest.split_at(at);
        out.extend_from_slice(before);
        let reach = word.get(2..word.len().min(MAX_WORD)).unwrap_or_default();
        let closes = memchr::memmem::find(reach, b"?=").is_some();
        out.extend_from_slice(if closes { b"=?" } else { b"= ?" });
        rest = word.get(2..).unwrap_or_default();
    }
    out.extend_from_slice(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_old_programs_are_read() {
        let read = |text: &str| moment(text.as_bytes()).map(|date| date.to_rfc3339());
        assert_eq!(read(" Wed, 11 Feb 98 11:51 CST\r\n").unwrap(), "1998-02-11T17:51:00+00:00");
        assert_eq!(read("15 Feb 1995 09:38:18").unwrap(), "1995-02-15T09:38:18+00:00");
        assert_eq!(read("Sat, 31 Dec 2016 23:59:60 +0000").unwrap(), "2016-12-31T23:59:59+00:00");
        assert_eq!(read("soon"), None);
        assert_eq!(read("32 Nov 2026 09:02:00 +0100"), None);
    }

    #[test]
    fn bytes_outside_ascii_are_read_in_words_and_beside_them() {
        let subject = |value: &[u8]| {
            let field = [b"Subject: ", value].concat();
            read(&field, &mut 1000, &mut Defects::default()).0.subject
        };
        assert_eq!(subject(b"=?iso-8859-1?Q?caf\xe9?=").as_deref(), Some("café"));
        assert_eq!(subject(b"caf\xe9").as_deref(), Some("café"));
        assert_eq!(subject("café".as_bytes()).as_deref(), Some("café"));
    }

    #[test]
    fn words_without_an_end_do_not_cost_the_others() {
        let value = format!("{} =?utf-8?q?caf=C3=A9?=", "=?x ".repeat(600));
        let read = without_open_words(value.as_bytes());
        assert!(read.ends_with(b" =?utf-8?q?caf=C3=A9?="));
        assert!(read.starts_with(b"= ?x "));
    }

    #[test]
    fn unusable_ids_are_none() {
        assert_eq!(usable_id(" <a@b> ").as_deref(), Some("a@b"));
        assert_eq!(usable_id("a\u{7}b"), None);
        assert_eq!(usable_id(&"x".repeat(999)), None);
        assert_eq!(usable_id("<>"), None);
    }
}
