//! From the terminal's bytes to keys and pasted text.
//!
//! A reader of our own, because crossterm's waits on an edge-triggered poll:
//! what it leaves behind in the terminal after its first kilobyte would wake
//! our level-triggered loop for ever, and it spins when the terminal hangs up.

use crate::console::key::{Code, Key};

/// What came from the terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// A key.
    Key(Key),
    /// Pasted text (bracketed paste). Foreign text.
    Paste(String),
}

/// Longest paste that is kept, in bytes; the rest is dropped.
const MAX_PASTE: usize = 64 * 1024;
/// Longest control sequence; a longer one is rubbish.
const MAX_SEQUENCE: usize = 64;
const PASTE_BEGINS: &[u8] = b"\x1b[200~";
const PASTE_ENDS: &[u8] = b"\x1b[201~";

/// Collects bytes until they make a key.
#[derive(Debug, Default)]
pub struct Decoder {
    waiting: Vec<u8>,
    /// The text of a paste that has begun.
    paste: Option<Vec<u8>>,
}

/// What the beginning of the waiting bytes is.
enum Found {
    /// Something of this many bytes.
    Input(Input, usize),
    /// Nothing that we know, of this many bytes.
    Nothing(usize),
    /// A paste begins; its mark has this many bytes.
    Paste(usize),
    /// More bytes are needed.
    Incomplete,
}

impl Decoder {
    /// Takes bytes and returns what is complete.
    pub fn feed(&mut self, bytes: &[u8]) -> Vec<Input> {
        self.waiting.extend_from_slice(bytes);
        self.drain()
    }

    /// Whether bytes wait for their continuation: an Escape, or half a sequence.
    pub fn is_waiting(&self) -> bool {
        !self.waiting.is_empty() && self.paste.is_none()
    }

    /// No continuation came in time: a lone Escape is the key, half a sequence nothing.
    pub fn give_up(&mut self) -> Vec<Input> {
        if self.waiting.first() == Some(&0x1b) {
            self.waiting.remove(0);
            let mut inputs = vec![Input::Key(Key::plain(Code::Esc))];
            // `[` after it was typed as well, if it was a person.
            inputs.extend(self.drain());
            return inputs;
        }
        self.waiting.clear();
        Vec::new()
    }

    fn drain(&mut self) -> Vec<Input> {
        let mut inputs = Vec::new();
        loop {
            if self.paste.is_some() {
                match self.end_of_paste() {
                    Some(text) => inputs.push(Input::Paste(text)),
                    None => return inputs,
                }
                continue;
            }
            let used = match first(&self.waiting) {
                Found::Input(input, used) => {
                    inputs.push(input);
                    used
                }
                Found::Nothing(used) => used,
                Found::Paste(used) => {
                    self.paste = Some(Vec::new());
                    used
                }
                Found::Incomplete => return inputs,
            };
            self.waiting.drain(..used.min(self.waiting.len()));
        }
    }

    /// Moves waiting bytes into the paste; its text once the end mark came.
    fn end_of_paste(&mut self) -> Option<String> {
        let paste = self.paste.as_mut()?;
        let end = self.waiting.windows(PASTE_ENDS.len()).position(|bytes| bytes == PASTE_ENDS);
        // The end mark may be cut in two: its possible beginning stays.
        let keep = PASTE_ENDS.len() - 1;
        let taken = end.unwrap_or(self.waiting.len().saturating_sub(keep));
        let room = MAX_PASTE.saturating_sub(paste.len());
        paste.extend(self.waiting.iter().take(taken.min(room)));
        self.waiting.drain(..taken + if end.is_some() { PASTE_ENDS.len() } else { 0 });
        end?;
        self.paste.take().map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
    }
}

fn first(bytes: &[u8]) -> Found {
    let key = |code| Found::Input(Input::Key(Key::plain(code)), 1);
    match bytes {
        [] => Found::Incomplete,
        [0x1b, b'[', ..] => control_sequence(bytes),
        [0x1b, b'O', rest @ ..] => match rest.first() {
            None => Found::Incomplete,
            Some(byte) => {
                arrow(*byte).map_or(Found::Nothing(3), |code| Found::Input(Input::Key(Key::plain(code)), 3))
            }
        },
        [0x1b] => Found::Incomplete,
        [0x1b, ..] => key(Code::Esc),
        [b'\r' | b'\n', ..] => key(Code::Enter),
        [b'\t', ..] => key(Code::Tab),
        [0x7f | 0x08, ..] => key(Code::Backspace),
        [byte @ 0x01..=0x1a, ..] => Found::Input(Input::Key(Key::ctrl(char::from(byte - 1 + b'a'))), 1),
        [0x00..=0x1f, ..] => Found::Nothing(1),
        _ => character(bytes),
    }
}

fn character(bytes: &[u8]) -> Found {
    let length = match bytes.first() {
        Some(0x00..=0x7f) => 1,
        Some(0xc2..=0xdf) => 2,
        Some(0xe0..=0xef) => 3,
        Some(0xf0..=0xf4) => 4,
        _ => return Found::Nothing(1),
    };
    let Some(encoded) = bytes.get(..length) else { return Found::Incomplete };
    match std::str::from_utf8(encoded).ok().and_then(|text| text.chars().next()) {
        Some(character) => Found::Input(Input::Key(Key::char(character)), length),
        None => Found::Nothing(1),
    }
}

/// CSI, parameters, a final byte (ECMA-48, section 5.4).
fn control_sequence(bytes: &[u8]) -> Found {
    if bytes.starts_with(PASTE_BEGINS) {
        return Found::Paste(PASTE_BEGINS.len());
    }
    let Some(end) = bytes.iter().skip(2).position(|byte| (0x40..=0x7e).contains(byte)) else {
        return if bytes.len() > MAX_SEQUENCE { Found::Nothing(bytes.len()) } else { Found::Incomplete };
    };
    let used = end + 3;
    let parameters = bytes.get(2..used - 1).unwrap_or_default();
    let first_parameter = parameters.split(|byte| *byte == b';').next().unwrap_or_default();
    let code = match (bytes.get(used - 1), first_parameter) {
        (Some(b'~'), b"1" | b"7") => Some(Code::Home),
        (Some(b'~'), b"3") => Some(Code::Delete),
        (Some(b'~'), b"4" | b"8") => Some(Code::End),
        (Some(b'~'), b"5") => Some(Code::PageUp),
        (Some(b'~'), b"6") => Some(Code::PageDown),
        (Some(b'Z'), _) => Some(Code::BackTab),
        (Some(byte), _) => arrow(*byte),
        (None, _) => None,
    };
    code.map_or(Found::Nothing(used), |code| Found::Input(Input::Key(Key::plain(code)), used))
}

fn arrow(last: u8) -> Option<Code> {
    Some(match last {
        b'A' => Code::Up,
        b'B' => Code::Down,
        b'C' => Code::Right,
        b'D' => Code::Left,
        b'H' => Code::Home,
        b'F' => Code::End,
        b'M' => Code::Enter,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn names(bytes: &[u8]) -> Vec<String> {
        let mut decoder = Decoder::default();
        let mut inputs = decoder.feed(bytes);
        inputs.extend(decoder.give_up());
        inputs
            .into_iter()
            .map(|input| match input {
                Input::Key(key) => key.to_string(),
                Input::Paste(text) => format!("paste {text:?}"),
            })
            .collect()
    }

    #[test]
    fn keys_are_told_apart() {
        assert_eq!(names(b"jG\x04\r\t\x7f"), ["j", "G", "Ctrl-d", "Enter", "Tab", "Backspace"]);
        assert_eq!(
            names(b"\x1b[A\x1bOB\x1b[6~\x1b[Z\x1b[1;5C\x1b[H"),
            ["Up", "Down", "PgDn", "S-Tab", "Right", "Home"]
        );
        assert_eq!(names("é漢".as_bytes()), ["é", "漢"]);
        assert_eq!(names(b"\x1b"), ["Esc"]);
        assert_eq!(names(b"\x1bj"), ["Esc", "j"]);
    }

    #[test]
    fn a_sequence_may_come_in_pieces() {
        let mut decoder = Decoder::default();
        assert_eq!(decoder.feed(b"\x1b"), []);
        assert!(decoder.is_waiting());
        assert_eq!(decoder.feed(b"["), []);
        assert_eq!(decoder.feed(b"A"), [Input::Key(Key::plain(Code::Up))]);
        assert!(!decoder.is_waiting());
    }

    #[test]
    fn pasted_text_is_never_keys() {
        assert_eq!(names(b"\x1b[200~u\r\x1b[A:q\x1b[201~j"), ["paste \"u\\r\\u{1b}[A:q\"", "j"]);
        let mut decoder = Decoder::default();
        assert_eq!(decoder.feed(b"\x1b[200~abc\x1b[20"), []);
        assert_eq!(decoder.feed(b"1~"), [Input::Paste("abc".to_owned())]);
    }

    #[test]
    fn answers_and_rubbish_are_dropped() {
        assert_eq!(names(b"\x1b[?62;1c\xff\xfej\x1b[I"), ["j"]);
    }

    proptest! {
        #![proptest_config(crate::seeded())]

        #[test]
        fn no_bytes_can_hang_or_bloat_it(chunks in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..40), 0..20)) {
            let mut decoder = Decoder::default();
            for chunk in &chunks {
                decoder.feed(chunk);
                prop_assert!(decoder.waiting.len() <= MAX_SEQUENCE + 40);
            }
        }
    }
}
