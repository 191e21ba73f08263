//! A message as the case keeps it, and the one verdict on its protection.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::person::Person;
use super::words::words;

words! {
    /// Which way a message went.
    pub enum Direction ("direction") {
        /// From the reporter to us.
        In = "in",
        /// From us to the reporter.
        Out = "out",
    }
}

words! {
    /// How much of a message was encrypted to us (RFC 9787, section 4).
    pub enum Encryption ("encryption") {
        /// Nothing was.
        None = "none",
        /// The whole message, as one envelope.
        Whole = "whole",
        /// Some part inside; the message as a whole is unprotected.
        Partial = "partial",
        /// Something encrypted could not be opened.
        Failed = "failed",
    }
}

impl Encryption {
    /// Of two messages' protection, the one that a person has to know about:
    /// failed before partial before whole before none.
    pub fn worst(self, other: Self) -> Self {
        let rank = |encryption| match encryption {
            Encryption::None => 0,
            Encryption::Whole => 1,
            Encryption::Partial => 2,
            Encryption::Failed => 3,
        };
        if rank(other) > rank(self) { other } else { self }
    }
}

words! {
    /// What the signatures of a message are worth, as one status for all of it.
    pub enum SignatureStatus ("signature status") {
        /// There is none.
        None = "none",
        /// Good, over the whole message, by a key that we hold for the From address.
        Verified = "verified",
        /// Good, over the whole message, by the key that came with this address
        /// first: the same hand as before, but no person has compared the key.
        FirstUse = "first use",
        /// Good, by a key that bears the From address but is another than the one known for it.
        ChangedKey = "changed key",
        /// Good, but by a key that is not bound to the From address.
        OtherSigner = "other signer",
        /// By a key that we do not hold.
        UnknownKey = "unknown key",
        /// Good, but it covers only a part.
        Partial = "partial",
        /// Broken, too weak, expired, revoked, or of the wrong kind.
        Invalid = "invalid",
    }
}

/// One signature's outcome, as the PGP pane tells it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signature {
    /// What it is worth.
    pub status: SignatureStatus,
    /// Fingerprint of the signing certificate, or the issuer that the signature names; upper-case hexadecimal.
    pub fingerprint: Option<String>,
    /// User ID or address of the signer, as the certificate has it. Foreign text.
    pub signer: Option<String>,
    /// When it says that it was made.
    pub made_at: Option<DateTime<Utc>>,
    /// Why the status is not better, in words with the mend.
    pub reason: Option<String>,
}

impl Signature {
    /// A message without a signature.
    pub fn none() -> Self {
        Self { status: SignatureStatus::None, fingerprint: None, signer: None, made_at: None, reason: None }
    }
}

/// The verdict over one whole message (RFC 9787): how it was encrypted, who
/// signed it, what exactly is covered, and what failed and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// How much was encrypted.
    pub encryption: Encryption,
    /// In words: algorithm, key, form; or why it could not be opened.
    pub encryption_detail: Option<String>,
    /// Fingerprint of our key that opened it.
    pub opened_with: Option<String>,
    /// Key IDs or fingerprints that the message is encrypted to; upper-case hexadecimal.
    pub recipients: Vec<String>,
    /// The signature that counts.
    pub signature: Signature,
    /// What the protection covers, in words: `whole message`, `the first of 3 parts`.
    pub coverage: Option<String>,
    /// Anything odd that a person should know: repaired structure, errant layers.
    pub notes: Vec<String>,
}

impl Verdict {
    /// A message without any protection.
    pub fn unprotected() -> Self {
        Self {
            encryption: Encryption::None,
            encryption_detail: None,
            opened_with: None,
            recipients: Vec::new(),
            signature: Signature::none(),
            coverage: None,
            notes: Vec::new(),
        }
    }
}

/// An attachment as it is listed. Its bytes stay inside the raw message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// File name as the sender gave it. Foreign text, never a path.
    pub name: String,
    /// Media type as the sender gave it. Foreign text.
    pub media_type: String,
    /// Decoded size in bytes.
    pub size: u64,
}

/// What a message says once it is read: everything that can change when a key
/// arrives and the message opens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// The sender. Foreign text.
    pub from: Person,
    /// Recipients, To and Cc together. Foreign text.
    pub to: Vec<Person>,
    /// The Date header: a claim of the sender.
    pub date: Option<DateTime<Utc>>,
    /// Subject; the protected one where there is one. Foreign text.
    pub subject: String,
    /// Readable text. Foreign text.
    pub text: String,
    /// What is attached.
    pub attachments: Vec<Attachment>,
    /// The verdict on its protection.
    pub verdict: Verdict,
    /// What is malformed about it, in words; it was kept nevertheless.
    pub defects: Vec<String>,
}

/// A message that has been read and is to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMessage {
    /// Which way it went.
    pub direction: Direction,
    /// SHA-256 over the message without what mailboxes change in it: tells the same mail again.
    pub digest: [u8; 32],
    /// Message-ID without angle brackets; `None` where the header is missing or unusable.
    pub message_id: Option<String>,
    /// Message-IDs that it answers, the nearest first: In-Reply-To, then References backwards.
    pub answers: Vec<String>,
    /// When it reached us (topmost Received, mailbox or Date header; never after now).
    pub received_at: DateTime<Utc>,
    /// What it says.
    pub content: Content,
    /// The bytes as they came.
    pub raw: Vec<u8>,
}

/// A message of a case as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Its number in the store.
    pub id: i64,
    /// Which way it went.
    pub direction: Direction,
    /// When it reached us.
    pub received_at: DateTime<Utc>,
    /// What it says.
    pub content: Content,
}
