//! Telling OpenPGP data from other data, and finding ASCII-armored blocks
//! inside text (RFC 9580, sections 6 and 7). Only their edges: what is inside
//! is the library's business.

use std::ops::Range;

/// Blocks found in one text; more is somebody's game.
const MAX_BLOCKS: usize = 10_000;

const BEGIN_MESSAGE: &[u8] = b"-----BEGIN PGP MESSAGE-----";
const END_MESSAGE: &[u8] = b"-----END PGP MESSAGE-----";

/// What an armored block says that it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// An encrypted, or an opaquely signed message.
    Message,
    /// Text in the clear with its signature behind it.
    Cleartext,
    /// A detached signature.
    Signature,
    /// Certificates.
    PublicKey,
    /// Secret keys.
    SecretKey,
}

/// One block in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// What it says that it is.
    pub kind: Kind,
    /// From the first dash of its first line to the last byte of its last one.
    pub range: Range<usize>,
    /// Whether its last line is there.
    pub is_complete: bool,
}

/// The blocks of a text in their order. A header only counts at the start of a line.
pub fn blocks(text: &[u8]) -> Vec<Block> {
    let mut found: Vec<Block> = Vec::new();
    let mut open: Option<(Kind, &[u8], usize)> = None;
    let mut start = 0;
    for line in text.split_inclusive(|byte| *byte == b'\n') {
        let content = line.trim_ascii_end();
        if let Some((kind, end_line, from)) = open {
            if content == end_line {
                found.push(Block { kind, range: from..start + content.len(), is_complete: true });
                open = None;
                if found.len() == MAX_BLOCKS {
                    return found;
                }
            }
        } else if let Some((kind, end_line)) = begins(content) {
            open = Some((kind, end_line, start));
        }
        start += line.len();
    }
    if let Some((kind, _, from)) = open {
        found.push(Block { kind, range: from..text.len(), is_complete: false });
    }
    found
}

/// Messages whose every line is quoted or indented, however deep, in their
/// order: from the start of their first line to the last byte of their last one.
pub fn quoted_messages(text: &[u8]) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut open: Option<usize> = None;
    let mut start = 0;
    for line in text.split_inclusive(|byte| *byte == b'\n') {
        let content = unquoted(line);
        let is_quoted = content.len() < line.trim_ascii_end().len() || content.is_empty();
        match open {
            _ if !is_quoted => open = None,
            None if content == BEGIN_MESSAGE => open = Some(start),
            Some(from) if content == END_MESSAGE => {
                found.push(from..start + line.trim_ascii_end().len());
                open = None;
                if found.len() == MAX_BLOCKS {
                    break;
                }
            }
            _ => {}
        }
        start += line.len();
    }
    found
}

/// An armored block as it was before a mail program quoted it, indented it or
/// put blank lines between its lines.
pub fn rebuilt(block: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(block.len() + 2);
    let mut in_header = true;
    for line in block.split(|byte| *byte == b'\n').map(unquoted).filter(|line| !line.is_empty()) {
        let is_edge = line.starts_with(b"-----");
        // A header has a colon, which no digit of the data is.
        if in_header && !is_edge && !line.contains(&b':') {
            in_header = false;
            out.push(b'\n');
        }
        out.extend_from_slice(line);
        out.push(b'\n');
    }
    out
}

/// A line without marks of quotation, indentation and line break.
fn unquoted(line: &[u8]) -> &[u8] {
    let marks = line.iter().take_while(|byte| matches!(byte, b'>' | b' ' | b'\t' | b'|')).count();
    line.get(marks..).unwrap_or_default().trim_ascii_end()
}

/// What `bytes` begin with, armored or binary; `None` where it is nothing of
/// OpenPGP. Binary data is told by its first packet's type alone (RFC 9580,
/// section 4.2), so ask only where OpenPGP is to be expected.
pub fn kind_of(bytes: &[u8]) -> Option<Kind> {
    if bytes.trim_ascii_start().starts_with(b"-----BEGIN PGP ") {
        return blocks(bytes).first().map(|block| block.kind);
    }
    let first = bytes.first().filter(|first| **first & 0x80 != 0)?;
    let tag = if first & 0x40 == 0 { (first >> 2) & 0x0f } else { first & 0x3f };
    match tag {
        // Session keys, encrypted data, or the announcement of a signature.
        1 | 3 | 4 | 9 | 18 => Some(Kind::Message),
        2 => Some(Kind::Signature),
        5 => Some(Kind::SecretKey),
        6 => Some(Kind::PublicKey),
        _ => None,
    }
}

/// What a header line begins, and the line that will end it.
fn begins(line: &[u8]) -> Option<(Kind, &'static [u8])> {
    Some(match line {
        BEGIN_MESSAGE => (Kind::Message, END_MESSAGE),
        b"-----BEGIN PGP SIGNED MESSAGE-----" => (Kind::Cleartext, b"-----END PGP SIGNATURE-----"),
        b"-----BEGIN PGP SIGNATURE-----" => (Kind::Signature, b"-----END PGP SIGNATURE-----"),
        b"-----BEGIN PGP PUBLIC KEY BLOCK-----" => (Kind::PublicKey, b"-----END PGP PUBLIC KEY BLOCK-----"),
        b"-----BEGIN PGP PRIVATE KEY BLOCK-----" => (Kind::SecretKey, b"-----END PGP PRIVATE KEY BLOCK-----"),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_found_between_other_text() {
        let text = b"hi\r\n-----BEGIN PGP MESSAGE-----\r\n\r\nx\r\n-----END PGP MESSAGE-----  \r\nbye";
        let found = blocks(text);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].kind, Kind::Message);
        assert!(found[0].is_complete);
        assert!(text[found[0].range.clone()].ends_with(b"END PGP MESSAGE-----"));
    }

    #[test]
    fn a_cleartext_block_reaches_to_the_end_of_its_signature() {
        let text = b"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n- -----BEGIN PGP MESSAGE-----\n-----BEGIN PGP SIGNATURE-----\nx\n-----END PGP SIGNATURE-----\n";
        let found = blocks(text);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].kind, found[0].range.end), (Kind::Cleartext, text.len() - 1));
    }

    #[test]
    fn quoted_messages_are_found_and_rebuilt() {
        let plain =
            "-----BEGIN PGP MESSAGE-----\nVersion: 1\n\nabcd\nefgh\n=abcd\n-----END PGP MESSAGE-----\n";
        for mark in ["> ", ">> ", "> > ", "  ", "| "] {
            let quoted: String = plain.lines().map(|line| format!("{mark}{line}\n")).collect();
            let text = format!("on Monday:\n{quoted}yes\n");
            let [range] = &quoted_messages(text.as_bytes())[..] else { panic!("{mark}") };
            assert_eq!(rebuilt(&text.as_bytes()[range.clone()]), plain.as_bytes());
        }
        assert!(quoted_messages(plain.as_bytes()).is_empty());
        let torn = "> -----BEGIN PGP MESSAGE-----\n>\nabcd\n> -----END PGP MESSAGE-----";
        assert!(quoted_messages(torn.as_bytes()).is_empty());
        let spread = plain.replace('\n', "\n\n");
        assert_eq!(rebuilt(spread.as_bytes()), plain.as_bytes());
    }

    #[test]
    fn data_is_told_by_its_beginning() {
        assert_eq!(kind_of(b"\xd2\x01"), Some(Kind::Message));
        assert_eq!(kind_of(b"\x85\x01"), Some(Kind::Message));
        assert_eq!(kind_of(b"\x99\x01"), Some(Kind::PublicKey));
        assert_eq!(kind_of(b"\n-----BEGIN PGP SIGNATURE-----\n"), Some(Kind::Signature));
        assert_eq!((kind_of(b"GIF89a"), kind_of(b"\xff\xd8"), kind_of(b"")), (None, None, None));
    }

    #[test]
    fn quoted_headers_and_cut_blocks() {
        assert!(blocks(b"> -----BEGIN PGP MESSAGE-----\n x -----BEGIN PGP MESSAGE-----").is_empty());
        let found = blocks(b"-----BEGIN PGP MESSAGE-----\nabc");
        assert!(!found[0].is_complete);
    }
}
