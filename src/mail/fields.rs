//! The header block of an entity, cut into its fields (RFC 5322, section 2.2).
//! Knows the shape of a field, not the meaning of any.

use memchr::memchr;

/// One header field as it came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field<'a> {
    /// The name, without the colon and blanks before it.
    pub name: &'a [u8],
    /// Everything after the colon: folds and the line break included.
    pub value: &'a [u8],
}

impl Field<'_> {
    /// Whether this is the field `name`, in whatever case.
    pub fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name.as_bytes())
    }
}

/// An entity cut into header and body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Split<'a> {
    /// The header block, without the blank line.
    pub header: &'a [u8],
    /// What follows the blank line.
    pub body: &'a [u8],
    /// What is wrong with the header, in words.
    pub defect: Option<&'static str>,
}

/// A header was meant where one of these names stands: mail from any program has one.
const KNOWN: [&str; 24] = [
    "From",
    "To",
    "Cc",
    "Subject",
    "Date",
    "Received",
    "Message-ID",
    "MIME-Version",
    "Return-Path",
    "Sender",
    "Delivered-To",
    "Content-Type",
    "Content-Transfer-Encoding",
    "Content-Disposition",
    "In-Reply-To",
    "References",
    "Reply-To",
    "X-Mailer",
    "User-Agent",
    "DKIM-Signature",
    "Authentication-Results",
    "Autocrypt",
    "X-Mozilla-Status",
    "Envelope-To",
];

const JUNK: &str = "there are lines among the headers that are no headers";
const NO_BLANK: &str = "the blank line between headers and body is missing";
const NO_HEADERS: &str = "it has no headers";

/// Cuts `entity` at its blank line. A line that is no field is skipped where a
/// known header follows it; otherwise the body begins there, so that nothing
/// of it is lost.
pub fn split(entity: &[u8]) -> Split<'_> {
    let start = if entity.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    let mut at = start;
    let mut defect = None;
    let mut last_known = None;
    while let Some(rest) = entity.get(at..).filter(|rest| !rest.is_empty()) {
        let line = first_line(rest);
        if is_blank(line) {
            let body = entity.get(at + line.len()..).unwrap_or_default();
            return Split { header: entity.get(start..at).unwrap_or_default(), body, defect };
        }
        let continues = at > start && matches!(line, [b' ' | b'\t', ..]);
        let envelope = at == start && (line.starts_with(b"From ") || line.starts_with(b">From "));
        if !continues && !envelope && name_of(line).is_none() {
            // A delimiter belongs to the body, even where headers of its part follow it.
            let ends = line.starts_with(b"--")
                || last_known
                    .get_or_insert_with(|| last_known_field(entity, at))
                    .is_none_or(|last| last < at);
            if ends {
                let why = if at == start { NO_HEADERS } else { NO_BLANK };
                return Split {
                    header: entity.get(start..at).unwrap_or_default(),
                    body: rest,
                    defect: Some(why),
                };
            }
            defect = Some(JUNK);
        }
        at += line.len();
    }
    Split { header: entity.get(start..).unwrap_or_default(), body: &[], defect }
}

/// The fields of a header block in their order; lines that are no fields are left out.
pub fn fields(header: &[u8]) -> impl Iterator<Item = Field<'_>> {
    let mut rest = header;
    std::iter::from_fn(move || {
        loop {
            let line = first_line(rest);
            if line.is_empty() {
                return None;
            }
            let mut end = line.len();
            while let Some(b' ' | b'\t') = rest.get(end) {
                end += first_line(rest.get(end..).unwrap_or_default()).len();
            }
            let (whole, after) = rest.split_at_checked(end).unwrap_or((rest, &[]));
            rest = after;
            if let Some(name) = name_of(line) {
                let colon = memchr(b':', whole).unwrap_or_default();
                return Some(Field { name, value: whole.get(colon + 1..).unwrap_or_default() });
            }
        }
    })
}

/// Whether `line` is a field that mail has and other text hardly ever.
pub fn is_known(line: &[u8]) -> bool {
    name_of(line).is_some_and(|name| KNOWN.iter().any(|known| name.eq_ignore_ascii_case(known.as_bytes())))
}

/// The line at the start of `text`, its line break included.
pub fn first_line(text: &[u8]) -> &[u8] {
    let end = memchr(b'\n', text).map_or(text.len(), |at| at + 1);
    text.get(..end).unwrap_or(text)
}

/// Whether a line holds nothing but its line break.
pub fn is_blank(line: &[u8]) -> bool {
    matches!(line, b"\n" | b"\r\n" | b"\r" | b"")
}

/// The field name at the start of a line: printable ASCII up to a colon, with
/// blanks allowed before it (RFC 5322, section 4.5).
fn name_of(line: &[u8]) -> Option<&[u8]> {
    // Longer names do not occur; without the limit a flood of long lines would be read twice.
    let head = line.get(..line.len().min(200)).unwrap_or(line);
    let name = head.get(..memchr(b':', head)?)?.trim_ascii_end();
    (!name.is_empty() && name.iter().all(u8::is_ascii_graphic)).then_some(name)
}

/// Offset of the last known field in the block that goes on at `from`.
fn last_known_field(entity: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    let mut found = None;
    while let Some(rest) = entity.get(at..).filter(|rest| !rest.is_empty()) {
        let line = first_line(rest);
        if is_blank(line) {
            break;
        }
        if is_known(line) {
            found = Some(at);
        }
        at += line.len();
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(header: &[u8]) -> Vec<&str> {
        fields(header).map(|field| std::str::from_utf8(field.name).unwrap()).collect()
    }

    #[test]
    fn folded_fields_stay_whole() {
        let split = split(b"A: one\r\n two\r\nB : three\r\n\r\nbody\r\n");
        assert_eq!(split.body, b"body\r\n");
        assert_eq!(split.defect, None);
        let all: Vec<Field> = fields(split.header).collect();
        assert_eq!(
            all,
            [Field { name: b"A", value: b" one\r\n two\r\n" }, Field { name: b"B", value: b" three\r\n" }]
        );
    }

    #[test]
    fn a_stray_line_hides_neither_headers_nor_body() {
        let stray = split(b"From: a@b.example\nstray words\nSubject: x\n\nbody\n");
        assert_eq!(stray.body, b"body\n");
        assert_eq!(names(stray.header), ["From", "Subject"]);
        assert_eq!(stray.defect, Some(JUNK));

        let unseparated = split(b"From: a@b.example\nThe body starts here.\n\nMore.\n");
        assert_eq!(unseparated.body, b"The body starts here.\n\nMore.\n");
        assert_eq!(unseparated.defect, Some(NO_BLANK));

        let delimiter = split(b"From: a@b.example\n--x\nContent-Type: text/plain\n\nbody\n");
        assert_eq!(delimiter.body, b"--x\nContent-Type: text/plain\n\nbody\n");
    }

    #[test]
    fn text_without_headers_is_all_body() {
        let armor = b"-----BEGIN PGP MESSAGE-----\n\nhQ\n";
        assert_eq!(split(armor), Split { header: b"", body: armor, defect: Some(NO_HEADERS) });
        assert_eq!(split(b""), Split { header: b"", body: b"", defect: None });
    }

    #[test]
    fn a_mailbox_line_and_a_byte_order_mark_before_the_headers_do_not_matter() {
        let split = split(b"\xef\xbb\xbfFrom x Mon Jan  1 00:00:00 2024\nFrom: a@b.example\n\n.\n");
        assert_eq!(names(split.header), ["From"]);
        assert_eq!(split.body, b".\n");
    }
}
