//! The Assuan protocol as far as asking for one operation needs it: commands,
//! answers, data, one inquiry. Knows nothing of keys.
//!
//! Lines are at most 1000 bytes, answers are bounded in bytes and in time, so a
//! server that never ends is left and not waited for. Source: "Developing with
//! Assuan", sections "Client requests" and "Server responses".

use std::io::{ErrorKind, Read as _, Write as _};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::{Duration, Instant};

use zeroize::Zeroizing;

use super::Patience;
use super::errors::refusal;
use super::socket;
use crate::pgp::elsewhere::Refusal;

/// Bytes of one line with its end.
const MAX_LINE: usize = 1000;

/// Bytes of one whole answer, status lines and comments included.
const MAX_ANSWER: usize = 64 << 10;

/// Bytes that a line counts as at least, so that their number is bounded too.
const MIN_COST: usize = 64;

/// Inquiries during one command; there is one for what is to be decrypted.
const MAX_QUESTIONS: u8 = 4;

/// Bytes of data in one answer: a signature by the largest RSA key has 2 KiB.
const MAX_DATA: usize = 8 << 10;

/// What a command gave.
pub(super) struct Answer {
    /// Its data, decoded.
    pub data: Zeroizing<Vec<u8>>,
    /// Whether a status line said that padding was removed already.
    pub unpadded: bool,
}

/// One connection to an agent.
pub(super) struct Connection {
    stream: UnixStream,
    patience: Patience,
    /// Bytes that came and were not yet read as lines. They may hold secrets,
    /// and never grow beyond their first allocation.
    came: Zeroizing<Vec<u8>>,
}

/// One line of an answer.
enum Line {
    Ok,
    Error(Refusal),
    Status(String),
    Inquire(String),
    /// Data or a comment.
    Taken,
}

impl Connection {
    /// Connects to the agent that listens at `path` and takes its greeting.
    pub(super) fn open(path: &Path, patience: Patience) -> Result<Self, Refusal> {
        let stream = UnixStream::connect(socket::followed(path)?).map_err(|_| Refusal::NotRunning)?;
        let came = Zeroizing::new(Vec::with_capacity(MAX_LINE));
        let mut connection = Self { stream, patience, came };
        connection.answer(patience.machine, None)?;
        Ok(connection)
    }

    /// Sets an option. That an agent does not know it is no harm.
    pub(super) fn option(&mut self, option: &str) -> Result<(), Refusal> {
        match self.command(&format!("OPTION {option}")) {
            Err(Refusal::Failed(_)) => Ok(()),
            other => other,
        }
    }

    /// Whether the agent has the secret key with this keygrip.
    pub(super) fn holds(&mut self, keygrip: &str) -> Result<bool, Refusal> {
        match self.command(&format!("HAVEKEY {keygrip}")) {
            Ok(()) => Ok(true),
            Err(Refusal::NotHeld) => Ok(false),
            Err(other) => Err(other),
        }
    }

    /// A command that the agent answers by itself.
    pub(super) fn command(&mut self, command: &str) -> Result<(), Refusal> {
        self.send(command.as_bytes())?;
        self.answer(self.patience.machine, None).map(drop)
    }

    /// A command that a person may have to allow. The agent may inquire for
    /// `keyword`, which is `data`.
    pub(super) fn ask(&mut self, command: &str, inquiry: Option<(&str, &[u8])>) -> Result<Answer, Refusal> {
        self.send(command.as_bytes())?;
        self.answer(self.patience.person, inquiry)
    }

    fn send(&mut self, line: &[u8]) -> Result<(), Refusal> {
        if line.len() >= MAX_LINE || line.contains(&b'\n') {
            return Err(Refusal::Failed("a command that is too long".to_owned()));
        }
        let sent = self.stream.set_write_timeout(Some(self.patience.machine));
        sent.and_then(|()| self.stream.write_all(&[line, b"\n"].concat())).map_err(|error| lost(&error))
    }

    /// Reads up to the end of an answer.
    fn answer(&mut self, within: Duration, inquiry: Option<(&str, &[u8])>) -> Result<Answer, Refusal> {
        let until = Instant::now() + within;
        let mut answer = Answer { data: Zeroizing::new(Vec::with_capacity(MAX_DATA)), unpadded: false };
        let (mut left, mut questions) = (MAX_ANSWER, MAX_QUESTIONS);
        loop {
            match self.line(until, &mut left, &mut answer.data)? {
                Line::Ok => return Ok(answer),
                Line::Error(refusal) => return Err(refusal),
                Line::Status(status) => answer.unpadded |= status == "PADDING 0",
                Line::Inquire(keyword) => {
                    questions =
                        u8::checked_sub(questions, 1).ok_or(Refusal::Garbled("too many questions".into()))?;
                    match inquiry {
                        Some((expected, data)) if keyword == expected => self.send_data(data)?,
                        _ => self.send(b"CAN")?,
                    }
                }
                Line::Taken => {}
            }
        }
    }

    fn send_data(&mut self, data: &[u8]) -> Result<(), Refusal> {
        const CHUNK: usize = (MAX_LINE - 3) / 3;
        for chunk in data.chunks(CHUNK) {
            self.send(&[&b"D "[..], &escaped(chunk)].concat())?;
        }
        self.send(b"END")
    }

    /// Takes one line; adds to `data` where it is data.
    fn line(&mut self, until: Instant, left: &mut usize, data: &mut Vec<u8>) -> Result<Line, Refusal> {
        let end = loop {
            if let Some(end) = self.came.iter().position(|byte| *byte == b'\n') {
                break end;
            }
            self.receive(until)?;
        };
        *left = left.checked_sub(MIN_COST.max(end + 1)).ok_or(Refusal::Garbled("too much".into()))?;
        let line = self.came.get(..end).unwrap_or_default();
        let (keyword, rest) = line.split_at(line.iter().position(|byte| *byte == b' ').unwrap_or(line.len()));
        let rest = rest.strip_prefix(b" ").unwrap_or(rest);
        let words = || String::from_utf8_lossy(rest).trim().to_owned();
        let taken = match keyword {
            b"OK" => Ok(Line::Ok),
            b"ERR" => Ok(Line::Error(refusal(rest))),
            b"S" => Ok(Line::Status(words())),
            b"INQUIRE" => Ok(Line::Inquire(words())),
            b"D" => unescaped(rest, data).map(|()| Line::Taken),
            _ if keyword.is_empty() || keyword.starts_with(b"#") => Ok(Line::Taken),
            _ => Err(Refusal::Garbled("an unknown answer".into())),
        };
        self.came.drain(..=end);
        taken
    }

    /// Waits for more bytes, never for more than a line has room for.
    fn receive(&mut self, until: Instant) -> Result<(), Refusal> {
        let room = MAX_LINE.saturating_sub(self.came.len());
        if room == 0 {
            return Err(Refusal::Garbled("a line without an end".into()));
        }
        let wait = until.checked_duration_since(Instant::now()).filter(|wait| !wait.is_zero());
        self.stream.set_read_timeout(Some(wait.ok_or(Refusal::TimedOut)?)).map_err(|error| lost(&error))?;
        let mut more = Zeroizing::new([0; MAX_LINE]);
        match self.stream.read(more.get_mut(..room).unwrap_or_default()) {
            Ok(0) => Err(Refusal::Garbled("nothing, and closed the connection".into())),
            Ok(count) => {
                self.came.extend_from_slice(more.get(..count).unwrap_or_default());
                Ok(())
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => Ok(()),
            Err(error) => Err(lost(&error)),
        }
    }
}

fn lost(error: &std::io::Error) -> Refusal {
    match error.kind() {
        ErrorKind::WouldBlock | ErrorKind::TimedOut => Refusal::TimedOut,
        ErrorKind::ConnectionReset | ErrorKind::BrokenPipe => {
            Refusal::Garbled("nothing, and closed the connection".into())
        }
        other => Refusal::Failed(other.to_string()),
    }
}

/// Data as it goes on a line: `%`, CR and LF as `%` and two digits.
fn escaped(data: &[u8]) -> Zeroizing<Vec<u8>> {
    let mut escaped = Zeroizing::new(Vec::with_capacity(data.len() * 3));
    for byte in data {
        match byte {
            b'%' | b'\r' | b'\n' => escaped.extend_from_slice(format!("%{byte:02X}").as_bytes()),
            _ => escaped.push(*byte),
        }
    }
    escaped
}

/// Adds the data of a line to `data`, which never grows beyond [`MAX_DATA`].
fn unescaped(line: &[u8], data: &mut Vec<u8>) -> Result<(), Refusal> {
    let digit = |byte: Option<&u8>| char::from(*byte?).to_digit(16);
    let mut bytes = line.iter();
    while let Some(byte) = bytes.next() {
        let byte = match byte {
            b'%' => match (digit(bytes.next()), digit(bytes.next())) {
                (Some(high), Some(low)) => u8::try_from(high << 4 | low).unwrap_or_default(),
                _ => return Err(Refusal::Garbled("a broken escape".into())),
            },
            other => *other,
        };
        if data.len() >= MAX_DATA {
            return Err(Refusal::Garbled("too much data".into()));
        }
        data.push(byte);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_survives_its_way_on_a_line() {
        let all: Vec<u8> = (0..=255).collect();
        let mut back = Vec::new();
        let line = escaped(&all);
        assert!(!line.contains(&b'\n') && !line.contains(&b'\r'));
        unescaped(&line, &mut back).unwrap();
        assert_eq!(back, all);
    }

    #[test]
    fn broken_escapes_and_too_much_data_are_refused() {
        let take = |line: &[u8]| unescaped(line, &mut Vec::new());
        for line in [&b"%"[..], b"%4", b"%zz", b"ab%+1"] {
            assert_eq!(take(line), Err(Refusal::Garbled("a broken escape".into())), "{line:?}");
        }
        assert_eq!(take(&[b'a'; MAX_DATA + 1]), Err(Refusal::Garbled("too much data".into())));
    }
}
