//! A case with all that belongs to it.

use super::case::Case;
use super::event::Event;
use super::message::Message;

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

/// One case with all that belongs to it: what the detail, timeline and PGP panes show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dossier {
    /// The case.
    pub case: Case,
    /// Its messages, oldest first.
    pub messages: Vec<Message>,
    /// What happened, oldest first.
    pub timeline: Vec<Event>,
    /// Whether the reporter can be answered encrypted.
    pub answer: Answer,
}
