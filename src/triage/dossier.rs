//! A case with all that belongs to it.

use chrono::{DateTime, Utc};

use super::case::Case;
use super::event::Event;
use super::message::Message;
use super::similar::Similar;
use super::trust::Standing;

/// Whether an encrypted answer to the reporter is possible, and if not, why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// It can be encrypted to this certificate.
    Encrypted {
        /// Fingerprint of the reporter's certificate; upper-case hexadecimal.
        fingerprint: String,
    },
    /// It cannot; in words with the mend.
    NotPossible(String),
}

/// A certificate that bears the reporter's address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReporterKey {
    /// Upper-case hexadecimal.
    pub fingerprint: String,
    /// In words: `Ed25519/Cv25519`.
    pub algorithm: String,
    /// When it expires.
    pub expires: Option<DateTime<Utc>>,
    /// Why nothing can be encrypted to it now, in words.
    pub problem: Option<String>,
    /// What it is taken for, since when and by whose word.
    pub standing: Option<Standing>,
    /// How often it was met with this address.
    pub seen: i64,
}

/// One case with all that belongs to it: what the detail, timeline and PGP panes show.
#[derive(Debug, Clone, PartialEq)]
pub struct Dossier {
    /// The case.
    pub case: Case,
    /// Its messages, oldest first.
    pub messages: Vec<Message>,
    /// What happened, oldest first.
    pub timeline: Vec<Event>,
    /// Whether the reporter can be answered encrypted.
    pub answer: Answer,
    /// The same for each of those who reported it as well, in their order.
    pub others: Vec<Answer>,
    /// The certificates that bear the reporter's address.
    pub keys: Vec<ReporterKey>,
    /// The cases that are most like it, the likest first: where a hunt for variants begins.
    pub similar: Vec<Similar>,
}
