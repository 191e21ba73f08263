//! What an intake source offers: a message, or the reason why there is none.

use chrono::{DateTime, Utc};

use super::digest::Digest;

/// Bytes of one message that are kept; of a longer one the start is. Both
/// processes that hold such a message stay within 256 MB.
pub const MAX_MESSAGE: usize = 56 << 20;

/// One thing that a source had to offer.
#[derive(Debug)]
pub struct Offer {
    /// The path; `path#n` for the n-th message (from 1) of an mbox; `-` or `-#n` for standard input. Foreign text.
    pub source: String,
    /// The message, or why it is none.
    pub taken: Result<Raw, Refused>,
    /// Bytes read from all sources so far, for progress.
    pub bytes_done: u64,
}

/// A message as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Raw {
    /// Its bytes, at most [`MAX_MESSAGE`] of them, without what its mailbox put around and into it.
    pub bytes: Vec<u8>,
    /// Tells the same mail again from any mailbox; see [`super::digest`].
    pub digest: [u8; 32],
    /// How long it is; more than `bytes` holds where it was cut.
    pub full_len: u64,
    /// When the mailbox took it in, by its `From ` line.
    pub envelope_date: Option<DateTime<Utc>>,
    /// What is wrong with it as it lay there, in words.
    pub defects: Vec<String>,
}

impl Raw {
    /// A message that is in memory already, whole.
    pub fn of(bytes: &[u8]) -> Self {
        let mut gathered = Gathered::default();
        gathered.push(bytes);
        gathered.finish(None, Vec::new())
    }
}

/// Why something was not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct Refused {
    /// In words, with the mend.
    pub reason: String,
}

/// Gathers one message from its pieces within bounded memory.
#[derive(Default)]
pub(super) struct Gathered {
    kept: Vec<u8>,
    full_len: u64,
    digest: Digest,
}

impl Gathered {
    /// Takes in the next piece.
    pub fn push(&mut self, piece: &[u8]) {
        self.digest.update(piece);
        self.full_len += piece.len() as u64;
        let room = MAX_MESSAGE.saturating_sub(self.kept.len());
        let kept = piece.get(..room).unwrap_or(piece);
        // Growing by doubling would reserve twice the limit.
        self.kept.reserve_exact(if self.kept.is_empty() {
            kept.len()
        } else {
            kept.len().max(self.kept.len() / 4)
        });
        self.kept.extend_from_slice(kept);
    }

    /// The message.
    pub fn finish(self, envelope_date: Option<DateTime<Utc>>, mut defects: Vec<String>) -> Raw {
        if self.full_len > self.kept.len() as u64 {
            const MIB: u64 = 1 << 20;
            defects.push(format!(
                "only the first {} MiB of {} MiB were taken; keep the original",
                MAX_MESSAGE as u64 / MIB,
                self.full_len.div_ceil(MIB)
            ));
        }
        Raw {
            bytes: self.kept,
            digest: self.digest.finish(),
            full_len: self.full_len,
            envelope_date,
            defects,
        }
    }
}
