//! What a file is, told by its first bytes.

use chrono::{DateTime, Utc};

use super::fields::{first_line, is_blank, is_known};
use super::headers::moment;

/// Bytes that are enough to tell.
pub(super) const ENOUGH: usize = 64 << 10;

/// What a stream of bytes looks like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    /// Nothing in it.
    Empty,
    /// Messages behind `From ` lines.
    Mbox,
    /// One message with headers.
    Mail,
    /// An OpenPGP message without mail around it.
    OpenPgp,
    /// Not mail; the words say what instead, and what to do.
    Other(&'static str),
    /// Text without headers.
    Text,
}

/// Tells what `head`, the first bytes of a stream, looks like.
pub(super) fn sniff(head: &[u8]) -> Kind {
    if head.is_empty() {
        return Kind::Empty;
    }
    let text = without_leading_blanks(head);
    if text.is_empty() {
        return Kind::Other("it holds nothing but blank lines");
    }
    let first = first_line(text);
    let second = text.get(first.len()..).unwrap_or_default();
    if first.starts_with(b"From ") && (envelope(first).is_some() || is_known(first_line(second))) {
        return Kind::Mbox;
    }
    if has_headers(text) {
        return Kind::Mail;
    }
    armored(text).or_else(|| packets(head)).or_else(|| magic(head)).unwrap_or(Kind::Text)
}

/// `head` without a byte order mark and blank lines.
pub(super) fn without_leading_blanks(head: &[u8]) -> &[u8] {
    let mut rest = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    while !rest.is_empty() && is_blank(first_line(rest)) {
        rest = rest.get(first_line(rest).len()..).unwrap_or_default();
    }
    rest
}

/// Whether a known header stands before the first blank line.
fn has_headers(text: &[u8]) -> bool {
    let mut lines = text.split_inclusive(|&byte| byte == b'\n').take_while(|line| !is_blank(line));
    lines.any(is_known)
}

/// The date of an mbox `From ` line (RFC 4155, appendix A); `None` where the
/// line is no such line but text that begins with "From ".
pub(super) fn envelope(line: &[u8]) -> Option<DateTime<Utc>> {
    let line = line.strip_prefix(b"From ")?;
    let line = std::str::from_utf8(line.get(..line.len().min(400))?).ok()?;
    let words: Vec<&str> = line.split_ascii_whitespace().collect();
    let is_day = |word: &&str| {
        let word = word.trim_end_matches(',');
        ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"].iter().any(|day| day.eq_ignore_ascii_case(word))
    };
    // The sender may have blanks in it, so the date is looked for from the end.
    let at = words.iter().rposition(is_day)?;
    let date: Vec<&str> = words.get(at + 1..)?.iter().take(6).copied().collect();
    let time = date.iter().find(|word| word.contains(':'))?;
    let year = date.iter().find(|word| word.len() == 4 && word.bytes().all(|byte| byte.is_ascii_digit()))?;
    let month =
        date.iter().find(|word| word.len() == 3 && word.bytes().all(|byte| byte.is_ascii_alphabetic()))?;
    let day = date.iter().find(|word| word.len() <= 2 && word.bytes().all(|byte| byte.is_ascii_digit()))?;
    let offset = date.iter().find(|word| word.len() == 5 && word.starts_with(['+', '-'])).unwrap_or(&"+0000");
    moment(format!("{day} {month} {year} {time} {offset}").as_bytes())
}

/// OpenPGP in armor (RFC 9580, section 6.2).
fn armored(text: &[u8]) -> Option<Kind> {
    let begin = memchr::memmem::find_iter(text, b"-----BEGIN PGP ")
        .find(|&at| at == 0 || text.get(at - 1) == Some(&b'\n'))?;
    let what = text.get(begin + 15..)?;
    Some(if what.starts_with(b"MESSAGE") || what.starts_with(b"SIGNED MESSAGE") {
        Kind::OpenPgp
    } else if what.starts_with(b"PUBLIC KEY") {
        Kind::Other(CERTIFICATE)
    } else if what.starts_with(b"PRIVATE KEY") {
        Kind::Other(SECRET_KEY)
    } else if what.starts_with(b"SIGNATURE") {
        Kind::Other("it is a detached OpenPGP signature, not mail; it says nothing without the file it signs")
    } else {
        return None;
    })
}

const CERTIFICATE: &str = "it is an OpenPGP certificate, not mail; import it with ninety key import";
const SECRET_KEY: &str = "it is an OpenPGP secret key, not mail; import it with ninety key import";

/// OpenPGP without armor: the tag and version of the first packet (RFC 9580, sections 4.2 and 5).
fn packets(head: &[u8]) -> Option<Kind> {
    let (&tag_byte, rest) = head.split_first()?;
    if tag_byte & 0x80 == 0 {
        return None;
    }
    let (tag, length_bytes) = if tag_byte & 0x40 != 0 {
        let length = match rest.first()? {
            0..=191 | 224..=254 => 1,
            192..=223 => 2,
            255 => 5,
        };
        (tag_byte & 0x3f, length)
    } else {
        let length = [1, 2, 4, 0].get(usize::from(tag_byte & 3))?;
        (tag_byte >> 2 & 0x0f, *length)
    };
    let version = *rest.get(length_bytes)?;
    match (tag, version) {
        // PKESK, SKESK, one-pass signature, compressed data, SEIPD, AEAD: what a message begins with.
        (1, 2 | 3 | 6) | (3, 4..=6) | (4, 3 | 6) | (8, 1..=3) | (18, 1 | 2) | (20, 1) => Some(Kind::OpenPgp),
        (5, 2..=6) => Some(Kind::Other(SECRET_KEY)),
        (6, 2..=6) => Some(Kind::Other(CERTIFICATE)),
        _ => None,
    }
}

/// Other files that end up among mail.
fn magic(head: &[u8]) -> Option<Kind> {
    const MAGIC: [(&[u8], &str); 9] = [
        (b"!BDN", "it looks like an Outlook .pst file; export its messages as .eml or mbox"),
        (b"\xd0\xcf\x11\xe0", "it looks like an Outlook .msg or an Office file; save the message as .eml"),
        (b"PK\x03\x04", "it looks like a ZIP archive; unpack it first"),
        (b"\x1f\x8b", "it looks like a gzip archive; unpack it first"),
        (b"\x28\xb5\x2f\xfd", "it looks like a zstd archive; unpack it first"),
        (b"\xfd7zXZ", "it looks like an xz archive; unpack it first"),
        (b"BZh", "it looks like a bzip2 archive; unpack it first"),
        (b"%PDF", "it looks like a PDF document, not mail"),
        (b"SQLite format 3\0", "it looks like an SQLite database, not mail"),
    ];
    let known = MAGIC.iter().find(|(magic, _)| head.starts_with(magic)).map(|(_, words)| *words);
    let is_binary = || memchr::memchr(0, head).is_some();
    known.or_else(|| is_binary().then_some("it looks like a binary file, not mail")).map(Kind::Other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mail_is_told_by_its_headers() {
        assert_eq!(sniff(b"Received: by x\nFrom: a@b.example\n\nhi\n"), Kind::Mail);
        assert_eq!(sniff(b"\xef\xbb\xbf\r\nX-Odd: 1\r\nsubject : x\r\n\r\n"), Kind::Mail);
        assert_eq!(sniff(b"name: value\nother: value\n"), Kind::Text);
        assert_eq!(sniff(b"Dear all,\n\nFrom: now on\n"), Kind::Text);
        assert_eq!(sniff(b""), Kind::Empty);
    }

    #[test]
    fn mailboxes_begin_with_a_from_line() {
        assert_eq!(sniff(b"From - Mon Sep 29 10:33:00 2017\nX: y\n\n"), Kind::Mbox);
        assert_eq!(sniff(b"\nFrom a b@c Thu, 24 Nov 2022 19:06:16 GMT\nX: y\n\n"), Kind::Mbox);
        assert_eq!(sniff(b"From nobody\nReceived: x\n\n"), Kind::Mbox);
        assert_eq!(sniff(b"From here on, it is text.\nReally.\n"), Kind::Text);
    }

    #[test]
    fn envelope_dates_are_read() {
        let date = |line: &str| envelope(line.as_bytes()).map(|date| date.to_rfc3339());
        assert_eq!(date("From a@b Sat Jan  3 01:05:34 1996\n").unwrap(), "1996-01-03T01:05:34+00:00");
        assert_eq!(date("From a@b Sat Jan  3 01:05:34 2026 +0100").unwrap(), "2026-01-03T00:05:34+00:00");
        assert_eq!(date("From - Thu, 24 Nov 2022 19:06:16 GMT").unwrap(), "2022-11-24T19:06:16+00:00");
        assert_eq!(date("From Monday on, all is well"), None);
        assert_eq!(date("From Mon Tue"), None);
    }

    #[test]
    fn openpgp_is_told_by_what_it_is() {
        assert_eq!(sniff(b"-----BEGIN PGP MESSAGE-----\n\nhQ"), Kind::OpenPgp);
        assert_eq!(sniff(b"see below\n-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n"), Kind::OpenPgp);
        assert_eq!(sniff(b"-----BEGIN PGP PUBLIC KEY BLOCK-----\n"), Kind::Other(CERTIFICATE));
        assert_eq!(sniff(b"-----BEGIN PGP PRIVATE KEY BLOCK-----\n"), Kind::Other(SECRET_KEY));
        assert_eq!(sniff(&[0xc1, 0x5e, 0x03, 0x12]), Kind::OpenPgp);
        assert_eq!(sniff(&[0x85, 0x01, 0x0c, 0x03]), Kind::OpenPgp);
        assert_eq!(sniff(&[0x99, 0x01, 0x0d, 0x04]), Kind::Other(CERTIFICATE));
        assert!(matches!(sniff(b"PK\x03\x04"), Kind::Other(words) if words.contains("ZIP")));
        assert!(matches!(sniff(b"\x7fELF\0"), Kind::Other(words) if words.contains("binary")));
    }
}
