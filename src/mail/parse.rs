//! The MIME structure of a message (RFC 2045, RFC 2046), as exact slices of
//! its bytes: what a detached signature covers is cut here, so a delimiter is
//! a whole line and nothing else. Takes linear time for any input; depth and
//! number of parts are bounded, and what lies beyond is kept as bytes.

use std::borrow::Cow;
use std::panic::{AssertUnwindSafe, catch_unwind};

use memchr::memchr;
use memchr::memmem::Finder;

use super::body;
use super::defects::Defects;
use super::entity::{Content, Entity, Headers, Mail};
use super::fields::split;
use super::headers::{self, MAX_HEADER_BYTES, Shape};

/// Levels of multipart and message/rfc822 that are opened.
pub const MAX_DEPTH: usize = 32;
/// Entities of one message that are opened.
pub const MAX_PARTS: usize = 1000;

/// Reads one message. Never fails: whatever is malformed is kept and told as a defect.
pub fn parse(raw: &[u8]) -> Mail<'_> {
    // The decoders are foreign code, and a report must not vanish by a fault in them.
    catch_unwind(AssertUnwindSafe(|| Walk::default().mail(raw, 0))).unwrap_or_else(|_| unread(raw))
}

/// The headers of a message whose body must not be touched.
pub fn headers(raw: &[u8]) -> Headers {
    let read = || headers::read(split(raw).header, &mut MAX_HEADER_BYTES.clone(), &mut Defects::default()).0;
    catch_unwind(read).unwrap_or_default()
}

/// A message that the decoders failed on, as plain text.
fn unread(raw: &[u8]) -> Mail<'_> {
    let root = Entity {
        media_type: TEXT_PLAIN.to_owned(),
        parameters: Vec::new(),
        file_name: None,
        is_attachment: false,
        headers: Headers::default(),
        raw,
        encoded: raw,
        content: Content::Text(String::from_utf8_lossy(raw)),
    };
    let defects = vec!["its structure could not be read; it is shown as it came".to_owned()];
    Mail { headers: Headers::default(), root, defects }
}

const TEXT_PLAIN: &str = "text/plain";

/// What one walk through a message has used up and found.
struct Walk {
    parts: usize,
    header_bytes: usize,
    defects: Defects,
}

impl Default for Walk {
    fn default() -> Self {
        Self { parts: 0, header_bytes: MAX_HEADER_BYTES, defects: Defects::default() }
    }
}

impl Walk {
    fn mail<'a>(&mut self, raw: &'a [u8], depth: usize) -> Mail<'a> {
        let outer = std::mem::take(&mut self.defects);
        let root = self.entity(raw, TEXT_PLAIN, depth);
        self.missing(&root);
        if depth == 0 && memchr(0, raw).is_some() {
            self.defects.add("it has NUL bytes");
        }
        let defects = std::mem::replace(&mut self.defects, outer).into_words();
        Mail { headers: root.headers.clone(), root, defects }
    }

    /// Headers that every message has (RFC 5322, section 3.6).
    fn missing(&mut self, root: &Entity<'_>) {
        if root.encoded.len() == root.raw.len() {
            return;
        }
        let headers = &root.headers;
        if headers.from_fields == 0 {
            self.defects.add("it has no From header");
        } else if headers.from.iter().all(|person| person.email.is_empty()) {
            self.defects.add("its From header has no address");
        }
        // A Message-ID or Date that is there but unusable has been told already.
        let has = |name| super::fields::fields(split(root.raw).header).any(|field| field.is(name));
        if headers.date.is_none() && !has("Date") {
            self.defects.add("it has no Date header");
        }
        if headers.message_id.is_none() && !has("Message-ID") {
            self.defects.add("it has no Message-ID header");
        }
    }

    fn entity<'a>(&mut self, raw: &'a [u8], default_type: &str, depth: usize) -> Entity<'a> {
        self.parts += 1;
        let split = split(raw);
        if let Some(defect) = split.defect {
            self.defects.add(if depth == 0 { defect } else { "a part has malformed headers" });
        }
        let (headers, shape) = headers::read(split.header, &mut self.header_bytes, &mut self.defects);
        let media_type = self.media_type(shape.media_type.as_deref(), default_type);
        let content = self.content(split.body, &media_type, &shape, depth);
        Entity {
            media_type,
            parameters: shape.parameters,
            file_name: shape.file_name,
            is_attachment: shape.is_attachment,
            headers,
            raw,
            encoded: split.body,
            content,
        }
    }

    fn media_type(&mut self, found: Option<&str>, default_type: &str) -> String {
        let Some(found) = found else { return default_type.to_owned() };
        let is_token = |byte: u8| byte.is_ascii_graphic() && !b"()<>@,;:\\\"[]?=".contains(&byte);
        if found.len() <= 255 && found.bytes().all(is_token) && found.matches('/').count() == 1 {
            return found.to_owned();
        }
        self.defects.add("its Content-Type cannot be read");
        TEXT_PLAIN.to_owned()
    }

    fn content<'a>(&mut self, body: &'a [u8], media_type: &str, shape: &Shape, depth: usize) -> Content<'a> {
        let is_multipart = media_type.starts_with("multipart/");
        let is_identity = matches!(shape.encoding.as_str(), "" | "7bit" | "8bit" | "binary");
        let is_message = is_message(media_type) && is_identity;
        if (is_multipart || is_message) && depth >= MAX_DEPTH {
            self.defects.add(format!("parts nested deeper than {MAX_DEPTH} levels were not opened"));
            return Content::Bytes(Cow::Borrowed(body));
        }
        if is_message {
            return Content::Message(Box::new(self.mail(body, depth + 1)));
        }
        if is_multipart {
            return self.multipart(body, media_type, shape, depth);
        }
        let bytes = body::decode(body, &shape.encoding, &mut self.defects);
        if !media_type.starts_with("text/") {
            return Content::Bytes(bytes);
        }
        let charset = shape.parameters.iter().find(|(name, _)| name == "charset");
        let text = body::text(bytes, charset.map(|(_, value)| value.as_str()), &mut self.defects);
        if media_type == "text/html" { Content::Html(text) } else { Content::Text(text) }
    }

    fn multipart<'a>(
        &mut self,
        body: &'a [u8],
        media_type: &str,
        shape: &Shape,
        depth: usize,
    ) -> Content<'a> {
        let boundary = shape.parameters.iter().find(|(name, _)| name == "boundary");
        let boundary = boundary.map(|(_, value)| value.trim_end()).unwrap_or_default();
        if boundary.is_empty() {
            self.defects.add("a multipart has no usable boundary; it is shown as text");
            return Content::Text(body::text(Cow::Borrowed(body), None, &mut self.defects));
        }
        let child_type = if media_type == "multipart/digest" { "message/rfc822" } else { TEXT_PLAIN };
        let mut delimiters = Delimiters::new(body, boundary);
        let Some(first) = delimiters.next() else {
            self.defects.add("the boundary of a multipart never comes; it is shown as text");
            return Content::Text(body::text(Cow::Borrowed(body), None, &mut self.defects));
        };
        let mut parts = Vec::new();
        let mut start = first.after;
        let mut closed = first.closes;
        while !closed {
            let next = delimiters.next();
            let end = next.map_or(body.len(), |next| next.before.max(start));
            if self.parts >= MAX_PARTS {
                self.defects.add(format!("it has more than {MAX_PARTS} parts; the rest was not opened"));
                parts.push(unopened(body.get(start..).unwrap_or_default()));
                return Content::Parts(parts);
            }
            parts.push(self.entity(body.get(start..end).unwrap_or_default(), child_type, depth + 1));
            let Some(next) = next else {
                self.defects.add("a multipart is not closed; the message may be cut off");
                return Content::Parts(parts);
            };
            (start, closed) = (next.after, next.closes);
        }
        if parts.is_empty() {
            self.defects.add("a multipart has no parts; it is shown as text");
            return Content::Text(body::text(Cow::Borrowed(body), None, &mut self.defects));
        }
        if !body.get(start..).unwrap_or_default().trim_ascii().is_empty() {
            self.defects.add("there is text behind the last part, which mail programs do not show");
        }
        Content::Parts(parts)
    }
}

/// Whether a media type holds a whole message (RFC 2046, section 5.2.1; RFC 6532, section 3.7).
pub(super) fn is_message(media_type: &str) -> bool {
    matches!(media_type, "message/rfc822" | "message/global")
}

/// Parts beyond the limit, as one.
fn unopened(raw: &[u8]) -> Entity<'_> {
    Entity {
        media_type: "application/octet-stream".to_owned(),
        parameters: Vec::new(),
        file_name: None,
        is_attachment: true,
        headers: Headers::default(),
        raw,
        encoded: raw,
        content: Content::Bytes(Cow::Borrowed(raw)),
    }
}

/// A delimiter line (RFC 2046, section 5.1.1).
#[derive(Debug, Clone, Copy)]
struct Delimiter {
    /// Where the part before it ends: the line break before the delimiter belongs to the delimiter.
    before: usize,
    /// Where the next part begins.
    after: usize,
    /// Whether it is the last one.
    closes: bool,
}

/// Finds the delimiter lines of one multipart body.
struct Delimiters<'a> {
    body: &'a [u8],
    dashed: Finder<'static>,
    at: usize,
}

impl<'a> Delimiters<'a> {
    fn new(body: &'a [u8], boundary: &str) -> Self {
        Self { body, dashed: Finder::new(&format!("--{boundary}")).into_owned(), at: 0 }
    }

    /// The delimiter whose `--boundary` stands at `at`, if the line holds nothing else.
    fn delimiter(&self, at: usize) -> Option<Delimiter> {
        let before = self.body.get(..at)?;
        if !before.is_empty() && !before.ends_with(b"\n") {
            return None;
        }
        let tail = self.body.get(at + self.dashed.needle().len()..)?;
        let (tail, closes) = match tail.strip_prefix(b"--") {
            Some(rest) => (rest, true),
            None => (tail, false),
        };
        let padding = tail.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\r')).count();
        let is_whole_line = matches!(tail.get(padding), None | Some(b'\n'));
        let after = (self.body.len() - tail.len() + padding + 1).min(self.body.len());
        let before = before.strip_suffix(b"\n").map_or(before, |b| b.strip_suffix(b"\r").unwrap_or(b));
        is_whole_line.then_some(Delimiter { before: before.len(), after, closes })
    }
}

impl Iterator for Delimiters<'_> {
    type Item = Delimiter;

    fn next(&mut self) -> Option<Delimiter> {
        while let Some(found) = self.dashed.find(self.body.get(self.at..)?) {
            let at = self.at + found;
            if let Some(delimiter) = self.delimiter(at) {
                self.at = delimiter.after;
                return Some(delimiter);
            }
            // At most one look a line: a boundary of dashes in a line of dashes is found everywhere.
            let rest = self.body.get(at + 1..)?;
            self.at = at + 1 + memchr(b'\n', rest)?;
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts<'m>(mail: &'m Mail<'_>) -> &'m [Entity<'m>] {
        match &mail.root.content {
            Content::Parts(parts) => parts,
            other => panic!("{other:?} is no multipart"),
        }
    }

    #[test]
    fn a_signed_part_is_the_exact_bytes_between_its_delimiters() {
        for end in ["\n", "\r\n"] {
            let mail = "Content-Type: multipart/signed; boundary=\"a b\"\n\npreamble\n--a b  \n\
                Content-Type: text/plain\n\n--a bc\nmid --a b\n --a b\n\n\n--a b\nX: y\n\nsig\n--a b--\n"
                .replace('\n', end);
            let mail = parse(mail.as_bytes());
            let signed = "Content-Type: text/plain\n\n--a bc\nmid --a b\n --a b\n\n".replace('\n', end);
            assert_eq!(std::str::from_utf8(parts(&mail)[0].raw).unwrap(), signed);
            assert_eq!(std::str::from_utf8(parts(&mail)[1].encoded).unwrap(), "sig");
            assert_eq!(parts(&mail).len(), 2);
        }
    }

    #[test]
    fn an_inner_boundary_that_begins_like_the_outer_one_is_its_own() {
        let mail = "Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: multipart/mixed; boundary=xy\n\n\
            --xy\n\none\n--xy--\n--x\n\ntwo\n--x--\n";
        let mail = parse(mail.as_bytes());
        assert_eq!(parts(&mail).len(), 2);
        assert!(matches!(&parts(&mail)[0].content, Content::Parts(inner) if inner.len() == 1));
    }

    #[test]
    fn empty_parts_and_missing_line_breaks_are_sound() {
        let mail = parse(b"Content-Type: multipart/mixed; boundary=x\n\n--x\n--x\n\n--x--");
        assert_eq!(parts(&mail).iter().map(|part| part.raw).collect::<Vec<_>>(), [b"".as_slice(), b""]);
        let cut = parse(b"Content-Type: multipart/mixed; boundary=x\n\n--x\n\ncut of");
        assert_eq!(parts(&cut)[0].encoded, b"cut of");
        assert!(cut.defects.iter().any(|defect| defect.contains("cut off")));
    }

    #[test]
    fn headers_are_decoded() {
        let mail = parse(
            b"From: =?utf-8?q?M=C3=A4ra?= <m@l.example>\r\nTo: a@b.example,\r\n \"C, D\" <c@d.example>\r\n\
            Cc: e@f.example\r\nSubject: =?iso-8859-1?q?caf=E9?=\r\n =?utf-8?b?4oKs?=\r\n\
            Date: Mon, 23 Nov 2026 09:02:00 +0100\r\nMessage-ID: <1@l.example>\r\nIn-Reply-To: <0@x.example>\r\n\
            References: <a@x.example>\r\n <0@x.example>\r\n\
            Received: from a by b (c; d); Mon, 23 Nov 2026 09:03:00 +0100\r\n\
            Received: x; Mon, 23 Nov 2020 09:03:00 +0100\r\n\r\n",
        );
        let headers = mail.headers;
        let person =
            |name: &str, email: &str| crate::triage::Person { name: name.into(), email: email.into() };
        assert_eq!(headers.from, [person("Mära", "m@l.example")]);
        let to = [person("", "a@b.example"), person("C, D", "c@d.example"), person("", "e@f.example")];
        assert_eq!(headers.to, to);
        assert_eq!(headers.subject.as_deref(), Some("café€"));
        assert_eq!(headers.date.unwrap().to_rfc3339(), "2026-11-23T08:02:00+00:00");
        assert_eq!(headers.received.unwrap().to_rfc3339(), "2026-11-23T08:03:00+00:00");
        assert_eq!(headers.message_id.as_deref(), Some("1@l.example"));
        assert_eq!(headers.in_reply_to, ["0@x.example"]);
        assert_eq!(headers.references, ["a@x.example", "0@x.example"]);
        assert_eq!(mail.defects, Vec::<String>::new());
    }

    #[test]
    fn what_is_missing_or_doubled_is_told() {
        let bare = parse(b"-----BEGIN PGP MESSAGE-----\n\nhQ\n");
        assert_eq!(bare.root.media_type, "text/plain");
        assert_eq!(bare.root.encoded, b"-----BEGIN PGP MESSAGE-----\n\nhQ\n");
        assert_eq!(bare.defects, ["it has no headers"]);

        let doubled =
            parse(b"From: a@b.example\nFrom: c@d.example\nSubject: x\nSubject: y\nDate: never\n\n\0");
        assert_eq!((doubled.headers.from_fields, doubled.headers.from.len()), (2, 2));
        assert_eq!(doubled.headers.subject.as_deref(), Some("x"));
        let told = [
            "it has more than one From header",
            "it has more than one Subject header; the first counts",
            "its Date cannot be read",
            "it has no Message-ID header",
            "it has NUL bytes",
        ];
        assert_eq!(doubled.defects, told);
    }

    #[test]
    fn a_multipart_that_never_begins_is_text() {
        for header in ["multipart/mixed", "multipart/mixed; boundary=zz", "multipart/mixed; boundary=z"] {
            let text = format!("Content-Type: {header}\n\nthe report\n--z--\n");
            let mail = parse(text.as_bytes());
            assert!(matches!(&mail.root.content, Content::Text(text) if text.starts_with("the report\n")));
            assert!(mail.defects.iter().any(|defect| defect.contains("shown as text")));
        }
    }
}
