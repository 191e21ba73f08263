//! The timeline: what happened, in the order in which it did.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::When;
use super::change::Change;
use crate::triage::case::{Disclosure, Promise};
use crate::triage::message::{Encryption, SignatureStatus};

/// What happened, as the timeline keeps it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum What {
    /// A message came in and opened or joined the case.
    Received {
        /// The message's number in the store.
        message: i64,
        /// The sender. Foreign text.
        from: String,
        /// How much of it was encrypted.
        encryption: Encryption,
        /// Whether it opened the case.
        opened_case: bool,
    },
    /// The disclosure date that the case began with.
    DeadlineSet {
        /// The date and where it came from.
        disclosure: Disclosure,
        /// The policy it follows.
        policy: Promise,
    },
    /// A message that could not be decrypted before was opened by a new key.
    Opened {
        /// The message's number in the store.
        message: i64,
    },
    /// A message whose signer was unknown before was checked with a new certificate.
    Recognised {
        /// The message's number in the store.
        message: i64,
    },
    /// Somebody decided about the key of a signature, which now counts otherwise.
    Weighed {
        /// The message's number in the store.
        message: i64,
        /// What the signature is worth now.
        status: SignatureStatus,
    },
    /// An answer to the reporter was written.
    Answered {
        /// The message's number in the store.
        message: i64,
        /// To whom. Foreign text.
        to: String,
        /// Fingerprint of the certificate that it was encrypted to; `None` in the clear.
        encrypted_to: Option<String>,
    },
    /// A field got another value.
    Changed {
        /// What it was.
        before: Change,
        /// What it became.
        after: Change,
    },
    /// Messages of this case went to another, or came from it.
    Moved {
        /// Their numbers in the store.
        messages: Vec<i64>,
        /// Row number of the case that they came from.
        from: i64,
        /// Row number of the case that they went to.
        to: i64,
        /// Identifiers of both, for the reader: from, to.
        ids: (String, String),
        /// Message-IDs that lead answers to the other case from then on.
        threads: Vec<String>,
    },
    /// A remark.
    Noted {
        /// Its text.
        note: String,
    },
    /// A remark was taken back; its text stays in the timeline.
    NoteWithdrawn {
        /// Its text.
        note: String,
    },
}

impl What {
    /// The event in the past tense, one word, for programs.
    pub fn kind(&self) -> &'static str {
        match self {
            What::Received { opened_case: true, .. } => "received",
            What::Received { .. } => "joined",
            What::DeadlineSet { .. } => "deadline_set",
            What::Opened { .. } => "opened",
            What::Recognised { .. } => "recognised",
            What::Weighed { .. } => "weighed",
            What::Answered { .. } => "answered",
            What::Noted { .. } => "noted",
            What::NoteWithdrawn { .. } => "note_withdrawn",
            What::Moved { .. } => "messages_moved",
            What::Changed { after, .. } => after.kind(),
        }
    }

    /// Whether it only follows from the entry before it, so that a reader need not see it.
    pub fn is_derived(&self) -> bool {
        matches!(self, What::Changed { after: Change::Reached { milestone, .. }, .. } if milestone.is_derived())
    }

    /// The field that changed, and from what to what; none where that is no
    /// change of one value, or follows from another. May hold foreign text.
    pub fn step(&self, when: When<'_>) -> Option<(String, String)> {
        let What::Changed { before, after } = self else { return None };
        let step = match (before, after) {
            (Change::Assessment(before), Change::Assessment(after)) => after.difference(before),
            _ if before.value(when) == after.value(when) => return None,
            _ => format!("{} -> {}", before.value(when), after.value(when)),
        };
        (!self.is_derived()).then(|| (after.about(), step))
    }

    /// The event in words, instants as `when` has them. May hold foreign text.
    pub fn text(&self, when: When<'_>) -> String {
        match self {
            What::Received { from, encryption, opened_case, .. } => {
                let how = match encryption {
                    Encryption::None => "in the clear",
                    Encryption::Whole => "encrypted, opened",
                    Encryption::Partial => "partly encrypted",
                    Encryption::Failed => "encrypted, could not be opened",
                };
                let verb = if *opened_case { "reported by" } else { "mail from" };
                format!("{verb} {from}, {how}")
            }
            What::DeadlineSet { disclosure, policy } if disclosure.why.is_empty() => {
                format!("disclosure {}, by policy {}", when(disclosure.at), policy.policy)
            }
            What::DeadlineSet { disclosure, .. } => {
                format!("disclosure {}: {}", when(disclosure.at), disclosure.why)
            }
            What::Opened { .. } => "a new key opened an encrypted message".to_owned(),
            What::Recognised { .. } => "a new certificate tells who signed a message".to_owned(),
            What::Weighed { status, .. } => {
                format!("the key of a signature was decided on; it counts as {status}")
            }
            What::Answered { to, encrypted_to: Some(_), .. } => format!("answer to {to}, encrypted"),
            What::Answered { to, encrypted_to: None, .. } => format!("answer to {to}, in the clear"),
            What::Moved { messages, ids: (from, to), .. } => {
                format!("{} messages moved from {from} to {to}", messages.len())
            }
            What::Noted { note } => note.clone(),
            What::NoteWithdrawn { note } => format!("note withdrawn: {note}"),
            What::Changed { after: Change::Unread(false), .. } => "looked at".to_owned(),
            What::Changed { after: Change::Unread(true), .. } => "marked unread".to_owned(),
            What::Changed { before: Change::Assessment(before), after: Change::Assessment(after) } => {
                after.difference(before)
            }
            What::Changed { before, after } => {
                format!("{} {} -> {}", after.about(), before.value(when), after.value(when))
            }
        }
    }
}

/// One entry of a case's timeline.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// Entries of one batch were made, and are undone, together.
    pub batch: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// Who.
    pub actor: String,
    /// Whether it takes back an earlier batch.
    pub undo: bool,
    /// What.
    pub what: What,
}

impl Event {
    /// The entry in words, instants as `when` has them. May hold foreign text.
    pub fn text(&self, when: When<'_>) -> String {
        let text = self.what.text(when);
        if self.undo { format!("undo: {text}") } else { text }
    }
}
