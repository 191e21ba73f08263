//! One number for one mail, whatever mailbox it came out of.
//!
//! SHA-256 over the message without what mailboxes change in it: line ends
//! count as LF, trailing blank lines and a leading mailbox line do not count,
//! quoting of `From ` lines is undone, and the headers that mailboxes write
//! themselves are left out.

use sha2::{Digest as _, Sha256};

use super::fields::{first_line, is_blank};

/// Headers that mail programs and mailboxes write into a message that is not theirs.
const VOLATILE: [&str; 8] =
    ["Status", "X-Status", "X-Keywords", "X-UID", "X-UIDL", "X-IMAPbase", "Content-Length", "Lines"];
/// A family of such headers.
const VOLATILE_PREFIX: &str = "X-Mozilla-";
/// Longer lines are hashed piece by piece.
const MAX_LINE: usize = 8192;

/// The digest of a whole message in memory.
pub fn digest(message: &[u8]) -> [u8; 32] {
    let mut digest = Digest::default();
    digest.update(message);
    digest.finish()
}

/// The digest of a message that comes in pieces; where they are cut does not matter.
#[derive(Default)]
pub struct Digest {
    hash: Sha256,
    /// A line whose end has not come yet.
    carry: Vec<u8>,
    /// The start of a long line has been hashed; its end has not come yet.
    in_long_line: bool,
    in_body: bool,
    /// The field that is being read is left out.
    skips: bool,
    has_begun: bool,
    /// Line breaks that count only when something follows them.
    breaks: u64,
    /// A carriage return that counts unless a line feed follows it.
    has_return: bool,
}

impl Digest {
    /// Takes in the next piece.
    pub fn update(&mut self, piece: &[u8]) {
        let mut rest = piece;
        while !rest.is_empty() {
            let line = first_line(rest);
            rest = rest.get(line.len()..).unwrap_or_default();
            let is_whole = line.ends_with(b"\n");
            if self.in_long_line {
                self.text(line);
                self.in_long_line = !is_whole;
            } else if self.carry.is_empty() && is_whole {
                self.line(line);
            } else {
                self.carry.extend_from_slice(line);
                if is_whole || self.carry.len() > MAX_LINE {
                    let carried = std::mem::take(&mut self.carry);
                    self.line(&carried);
                    self.in_long_line = !is_whole;
                }
            }
        }
    }

    /// The digest of all that was taken in.
    pub fn finish(mut self) -> [u8; 32] {
        let carried = std::mem::take(&mut self.carry);
        if !carried.is_empty() {
            self.line(&carried);
        }
        self.hash.finalize().into()
    }

    /// Takes in a line, or the start of a long one.
    fn line(&mut self, line: &[u8]) {
        let is_first = !std::mem::replace(&mut self.has_begun, true);
        if is_first && (line.starts_with(b"From ") || line.starts_with(b">From ")) {
            self.skips = true;
            return;
        }
        if !self.in_body {
            if is_blank(line) {
                self.in_body = true;
                self.skips = false;
            } else if !line.starts_with(b" ") && !line.starts_with(b"\t") {
                self.skips = is_volatile(line);
            }
        }
        let quotes = line.iter().take_while(|&&byte| byte == b'>').count();
        let unquoted = line.get(quotes..).unwrap_or_default();
        self.text(if unquoted.starts_with(b"From ") { unquoted } else { line });
    }

    fn text(&mut self, text: &[u8]) {
        if self.skips {
            return;
        }
        if std::mem::take(&mut self.has_return) && text != b"\n" {
            self.separate();
            self.hash.update(b"\r");
        }
        let (text, ends) = match text.strip_suffix(b"\n") {
            Some(text) => (text, true),
            None => (text, false),
        };
        let (text, returns) = match text.strip_suffix(b"\r") {
            Some(text) => (text, true),
            None => (text, false),
        };
        if !text.is_empty() {
            self.separate();
            self.hash.update(text);
        }
        self.has_return = returns && !ends;
        self.breaks += u64::from(ends);
    }

    /// Counts the line breaks now that something follows them.
    fn separate(&mut self) {
        for _ in 0..std::mem::take(&mut self.breaks) {
            self.hash.update(b"\n");
        }
    }
}

fn is_volatile(line: &[u8]) -> bool {
    let name = line.split(|&byte| byte == b':').next().unwrap_or_default().trim_ascii_end();
    let prefix = name.get(..VOLATILE_PREFIX.len()).unwrap_or_default();
    prefix.eq_ignore_ascii_case(VOLATILE_PREFIX.as_bytes())
        || VOLATILE.iter().any(|volatile| name.eq_ignore_ascii_case(volatile.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAIL: &str = "From: a@b.example\nSubject: x\n folded\n\nHello\n>From here\n\nBye\n";

    #[test]
    fn mailboxes_do_not_change_it() {
        let known = digest(MAIL.as_bytes());
        for same in [
            MAIL.replace('\n', "\r\n"),
            format!("{MAIL}\n\n"),
            MAIL.trim_end().to_owned(),
            MAIL.replace(">From", ">>From"),
            MAIL.replace(">From", "From"),
            MAIL.replace("Subject", "Status: RO\nX-Mozilla-Keys: a\n b\nSubject"),
            MAIL.replace("\n\nHello", "\nContent-Length: 12\nLINES: 3\n\nHello"),
            format!("From a@b.example Mon Jan  1 00:00:00 2024\n{MAIL}"),
        ] {
            assert_eq!(digest(same.as_bytes()), known, "{same:?}");
        }
    }

    #[test]
    fn anything_else_changes_it() {
        let known = digest(MAIL.as_bytes());
        for other in [
            MAIL.replace("Hello", "Hallo"),
            MAIL.replace("\n\nBye", "\nBye"),
            MAIL.replace("Hello", "Status: RO\nHello"),
            MAIL.replace("Hello", "Hel\rlo"),
            MAIL.replace("Subject", "Subject2"),
        ] {
            assert_ne!(digest(other.as_bytes()), known, "{other:?}");
        }
    }

    #[test]
    fn the_cuts_between_pieces_do_not_matter() {
        let long = format!(
            "{}\r\nX: y\r\n\r\n{}\r\r\n\r\n>From z\r\n",
            "Subject: ".to_owned() + &"s".repeat(9000),
            "l".repeat(20_000)
        );
        for text in [MAIL.replace('\n', "\r\n"), long] {
            let known = digest(text.as_bytes());
            for size in [1, 2, 3, 7, 4096, 8191, 8193] {
                let mut digest = Digest::default();
                text.as_bytes().chunks(size).for_each(|piece| digest.update(piece));
                assert_eq!(digest.finish(), known, "pieces of {size} bytes");
            }
        }
    }
}
