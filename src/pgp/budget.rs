//! How much work one message may cause. An honest message is far below every
//! limit; what is above one is refused whole, never shown in part.

use sequoia_openpgp::packet::header::BodyLength;
use sequoia_openpgp::packet::{Packet, Tag};
use sequoia_openpgp::parse::PacketParser;

use super::Failure;

/// Bytes of plaintext that are opened at once, and held back until all of it is checked.
pub const MAX_PLAINTEXT: usize = 64 << 20;

/// Packets in one message, in all layers together.
pub const MAX_PACKETS: usize = 1_000;

/// Signatures, and announcements of signatures, in one message: each one may
/// hash the whole text again.
pub const MAX_SIGNATURES: usize = 32;

/// Bytes in packets that carry no text, in all layers together.
pub const MAX_OVERHEAD: usize = 8 << 20;

/// Encrypted session keys that are looked at.
pub const MAX_SESSION_KEYS: usize = 32;

/// Private-key operations that are tried to find a session key.
pub const MAX_KEY_TRIALS: usize = 64;

/// Keys elsewhere that are asked for one message: each may call a person to a prompt.
pub const MAX_ASKED: usize = 4;

/// Memory that Argon2 may ask for, as the exponent of KiB (RFC 9580, section
/// 3.7.1.4): 256 MiB, four times what ninety itself writes.
pub const MAX_ARGON2_MEMORY: u8 = 18;

/// Passes that Argon2 may ask for.
pub const MAX_ARGON2_PASSES: u8 = 16;

/// Counts what the library meets while it works.
#[derive(Debug, Default)]
pub(super) struct Spent {
    packets: usize,
    signatures: usize,
    overhead: usize,
}

impl Spent {
    /// Counts one packet; fails once a limit is passed.
    pub(super) fn count(&mut self, parser: &PacketParser<'_>) -> Result<(), Failure> {
        self.add(&parser.packet, parser.header().length())
    }

    fn add(&mut self, packet: &Packet, length: &BodyLength) -> Result<(), Failure> {
        self.packets += 1;
        if matches!(packet.tag(), Tag::OnePassSig | Tag::Signature) {
            self.signatures += 1;
        }
        if !matches!(packet.tag(), Tag::Literal | Tag::CompressedData | Tag::SEIP | Tag::SED | Tag::AED) {
            // Only packets that carry text may have a length that is not known in advance.
            self.overhead = match length {
                BodyLength::Full(bytes) => self.overhead.saturating_add(*bytes as usize),
                BodyLength::Partial(_) | BodyLength::Indeterminate => usize::MAX,
            };
        }
        if self.packets > MAX_PACKETS {
            Err(Failure::TooMuchWork("too many packets"))
        } else if self.signatures > MAX_SIGNATURES {
            Err(Failure::TooMuchWork("too many signatures"))
        } else if self.overhead > MAX_OVERHEAD {
            Err(Failure::TooMuchWork("too much beside the text"))
        } else {
            Ok(())
        }
    }
}

/// Whether deriving a key this way costs no more than we are ready to pay.
pub(super) fn affordable(s2k: &sequoia_openpgp::crypto::S2K) -> bool {
    use sequoia_openpgp::crypto::S2K;
    match s2k {
        S2K::Argon2 { t, m, .. } => *m <= MAX_ARGON2_MEMORY && *t <= MAX_ARGON2_PASSES,
        _ => s2k.is_supported(),
    }
}
