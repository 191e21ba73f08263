//! What goes through the pipes between the desk and a child: frames of a kind,
//! a length and a payload. Bytes travel as they are, typed values as JSON.
//!
//! ```text
//! desk -> child   Keys: the team's keys                  no answer
//!                 Open: an instant and a message         Reading, after any number of Questions
//!                 Quote: an instant and a message        Reading, what of it may be quoted
//!                 File: the same, and a number           Bytes of that attachment
//!                 Outline: a message                     Headers
//!                 Answer: byte strings                   to a Question
//! child -> desk   Hello: what holds the child back       once, at its start
//! ```
//!
//! Both ends take nothing for granted: a frame of an unexpected kind or size
//! ends the conversation ([`io::ErrorKind::InvalidData`]).

use std::io::{self, Read, Write};

use chrono::{DateTime, Utc};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::pgp::Refusal;
use crate::pgp::elsewhere::SessionKey;

/// What a frame carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Kind {
    /// From the child: JSON of [`Walls`](super::Walls).
    Hello = b'H',
    /// To the child: the team's keys, as [`byte_strings`].
    Keys = b'K',
    /// To the child: an instant and a message to be read, as [`instant`] has them.
    Open = b'O',
    /// To the child: the same; only what may be quoted is wanted.
    Quote = b'T',
    /// To the child: an instant, the number of an attachment (4 bytes), a message.
    File = b'F',
    /// From the child: the attachment, as [`byte_strings`]; none where there is none.
    Bytes = b'B',
    /// To the child: a message of which only the headers are wanted.
    Outline = b'L',
    /// From the child: JSON of a [`Question`].
    Question = b'Q',
    /// To the child: what answers a question, as [`byte_strings`].
    Answer = b'A',
    /// From the child: JSON of the reading, or of what may be quoted.
    Reading = b'R',
    /// From the child: JSON of the headers.
    Headers = b'E',
}

const KINDS: [Kind; 11] = [
    Kind::Hello,
    Kind::Keys,
    Kind::Open,
    Kind::Quote,
    Kind::File,
    Kind::Bytes,
    Kind::Outline,
    Kind::Question,
    Kind::Answer,
    Kind::Reading,
    Kind::Headers,
];

impl Kind {
    /// Bytes of payload that a frame of this kind has at most.
    const fn limit(self) -> usize {
        match self {
            Self::Hello => 4 << 10,
            Self::Question => 64 << 10,
            // Text of 1 MiB and names of 1,000 attachments, every character escaped.
            Self::Reading | Self::Headers => 24 << 20,
            Self::Keys | Self::Answer => 32 << 20,
            Self::Open | Self::Quote | Self::File | Self::Outline => {
                crate::mail::MAX_MESSAGE + INSTANT + NUMBER
            }
            // As large as an opened message can be.
            Self::Bytes => crate::pgp::budget::MAX_PLAINTEXT + 8,
        }
    }
}

/// What a child may ask while it opens a message. Each is answered by byte
/// strings, none of them where the desk does not know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Question {
    /// Certificates with this handle: [`KnownCerts`](crate::pgp::KnownCerts).
    Find(String),
    /// A session key from a key that the desk can ask: [`Elsewhere`](crate::pgp::Elsewhere).
    SessionKey {
        /// Fingerprint of the key; upper-case hexadecimal.
        fingerprint: String,
        /// Body of the encrypted session key packet.
        packet: Vec<u8>,
        /// Number of the cipher, where the container names it.
        cipher: Option<u8>,
    },
}

/// An answer about a session key as byte strings: the cipher (none, or its
/// number) and the key; nothing where the key does not open the packet; one
/// string, the refusal in JSON, where it could not be asked.
pub(super) fn session_key_answer(asked: Result<Option<SessionKey>, Refusal>) -> Vec<Vec<u8>> {
    match asked {
        Ok(None) => Vec::new(),
        Ok(Some(found)) => vec![found.cipher.into_iter().collect(), found.key.to_vec()],
        Err(refusal) => vec![serde_json::to_vec(&refusal).unwrap_or_default()],
    }
}

/// What [`session_key_answer`] said.
pub(super) fn session_key(answer: Vec<Vec<u8>>) -> Result<Option<SessionKey>, Refusal> {
    match &answer[..] {
        [] => Ok(None),
        [cipher, key] => Ok(Some(SessionKey { cipher: cipher.first().copied(), key: key.as_slice().into() })),
        [refusal, ..] => Err(serde_json::from_slice(refusal).unwrap_or(Refusal::NotHeld)),
    }
}

/// Bytes of kind and length before a payload.
const HEAD: usize = 5;

/// Payloads up to this size go in one write together with their head.
const SMALL: usize = 64 << 10;

/// Sends a frame whose payload is the pieces one after the other.
pub(super) fn send(to: &mut impl Write, kind: Kind, pieces: &[&[u8]]) -> io::Result<()> {
    let length: usize = pieces.iter().map(|piece| piece.len()).sum();
    if length > kind.limit() {
        return Err(nonsense());
    }
    let mut frame = Vec::with_capacity(HEAD + length.min(SMALL));
    frame.push(kind as u8);
    frame.extend(u32::try_from(length).map_err(|_| nonsense())?.to_be_bytes());
    if length <= SMALL {
        pieces.iter().for_each(|piece| frame.extend_from_slice(piece));
        return to.write_all(&frame);
    }
    to.write_all(&frame)?;
    pieces.iter().try_for_each(|piece| to.write_all(piece))
}

/// Sends a typed value.
pub(super) fn send_json(to: &mut impl Write, kind: Kind, value: &impl Serialize) -> io::Result<()> {
    send(to, kind, &[&serde_json::to_vec(value)?])
}

/// Receives a frame of one of the kinds that are expected now.
pub(super) fn receive(from: &mut impl Read, expected: &[Kind]) -> io::Result<(Kind, Vec<u8>)> {
    let mut head = [0; HEAD];
    from.read_exact(&mut head)?;
    let [code, length @ ..] = head;
    let length = u32::from_be_bytes(length) as usize;
    let kind = KINDS.into_iter().find(|kind| *kind as u8 == code && expected.contains(kind));
    let kind = kind.filter(|kind| length <= kind.limit()).ok_or_else(nonsense)?;
    let mut payload = Vec::with_capacity(length);
    from.take(length as u64).read_to_end(&mut payload)?;
    if payload.len() == length { Ok((kind, payload)) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
}

/// The typed value of a payload.
pub(super) fn json<T: DeserializeOwned>(payload: &[u8]) -> io::Result<T> {
    serde_json::from_slice(payload).map_err(|_| nonsense())
}

/// Several byte strings as one payload.
pub(super) fn byte_strings<'a>(strings: impl IntoIterator<Item = &'a [u8]>) -> Vec<u8> {
    let mut payload = Vec::new();
    for string in strings {
        payload.extend((string.len() as u64).to_be_bytes());
        payload.extend_from_slice(string);
    }
    payload
}

/// What [`byte_strings`] made one payload of.
pub(super) fn split_byte_strings(mut payload: &[u8]) -> io::Result<Vec<&[u8]>> {
    let mut strings = Vec::new();
    while let Some((length, rest)) = payload.split_first_chunk() {
        let length = usize::try_from(u64::from_be_bytes(*length)).map_err(|_| nonsense())?;
        let (string, rest) = rest.split_at_checked(length).ok_or_else(nonsense)?;
        strings.push(string);
        payload = rest;
    }
    if payload.is_empty() { Ok(strings) } else { Err(nonsense()) }
}

/// Bytes of an instant.
const INSTANT: usize = 12;

/// An instant as it stands before a message: seconds since 1970, nanoseconds.
pub(super) fn instant(at: DateTime<Utc>) -> Vec<u8> {
    let seconds = at.timestamp().to_be_bytes();
    seconds.into_iter().chain(at.timestamp_subsec_nanos().to_be_bytes()).collect()
}

/// Bytes of the number of an attachment.
const NUMBER: usize = 4;

/// The number of an attachment before a message, and the message.
pub(super) fn split_number(payload: &[u8]) -> io::Result<(usize, &[u8])> {
    let (number, raw) = payload.split_first_chunk::<NUMBER>().ok_or_else(nonsense)?;
    Ok((u32::from_be_bytes(*number) as usize, raw))
}

/// The instant before a message, and the message.
pub(super) fn split_instant(payload: &[u8]) -> io::Result<(DateTime<Utc>, &[u8])> {
    let split = payload.split_first_chunk().and_then(|(seconds, rest)| {
        let (nanoseconds, raw) = rest.split_first_chunk()?;
        let at = DateTime::from_timestamp(i64::from_be_bytes(*seconds), u32::from_be_bytes(*nanoseconds))?;
        Some((at, raw))
    });
    split.ok_or_else(nonsense)
}

/// The other end does not keep to the protocol.
pub(super) fn nonsense() -> io::Error {
    io::ErrorKind::InvalidData.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_arrive_as_they_were_sent() {
        for size in [0, 1, SMALL, SMALL + 1, 3 * SMALL] {
            let body = vec![7; size];
            let at = DateTime::from_timestamp(-5, 999_999_999).unwrap();
            let mut pipe = Vec::new();
            send(&mut pipe, Kind::Open, &[&instant(at), &body]).unwrap();
            let (kind, payload) = receive(&mut &pipe[..], &[Kind::Keys, Kind::Open]).unwrap();
            assert_eq!(kind, Kind::Open);
            assert_eq!(split_instant(&payload).unwrap(), (at, &body[..]));
        }
        let strings: [&[u8]; 3] = [b"", b"one", b"two"];
        assert_eq!(split_byte_strings(&byte_strings(strings)).unwrap(), strings);
    }

    #[test]
    fn what_is_not_a_frame_is_refused() {
        let refused = |bytes: &[u8]| receive(&mut &bytes[..], &[Kind::Hello]).unwrap_err().kind();
        assert_eq!(refused(b""), io::ErrorKind::UnexpectedEof);
        assert_eq!(refused(b"H\0\0\0\x02x"), io::ErrorKind::UnexpectedEof);
        assert_eq!(refused(b"?\0\0\0\0"), io::ErrorKind::InvalidData);
        assert_eq!(refused(b"R\0\0\0\0"), io::ErrorKind::InvalidData);
        assert_eq!(refused(b"H\xff\xff\xff\xff"), io::ErrorKind::InvalidData);
        assert!(json::<Question>(b"{\"Find\":1}").is_err());
        for list in [&b"\0"[..], b"\0\0\0\0\0\0\0\x01", b"\xff\xff\xff\xff\xff\xff\xff\xffx"] {
            assert!(split_byte_strings(list).is_err(), "{list:?}");
        }
        assert!(send(&mut Vec::new(), Kind::Hello, &[&[0; 5 << 10]]).is_err());
    }
}
