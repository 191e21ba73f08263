//! Whose key a certificate is taken to be: where it came from, and what that
//! is worth.

use chrono::{DateTime, Utc};

use super::message::SignatureStatus;
use super::words::words;

words! {
    /// Where a certificate came from.
    pub enum Origin ("origin") {
        /// Made here.
        Made = "made here",
        /// A person took it in from a file.
        File = "file",
        /// Attached to a mail.
        Attached = "attached",
        /// In the text of a mail.
        Inline = "inline",
        /// The Autocrypt header of a mail (Autocrypt level 1).
        Autocrypt = "autocrypt",
        /// An Autocrypt-Gossip header inside an encrypted mail.
        Gossip = "gossip",
        /// The certificate directory that OpenPGP programs share.
        Directory = "certificate directory",
        /// The web key directory of the address.
        Wkd = "web key directory",
        /// It signed a mail.
        Signature = "signature",
    }
}

words! {
    /// What a certificate is taken for, with one address that it bears.
    pub enum Trust ("trust") {
        /// A person compared its fingerprint with its holder over another way.
        Verified = "verified",
        /// A person took it in from a file.
        Imported = "imported",
        /// It came by mail, before any other for this address.
        FirstUse = "first use",
        /// It came by mail while another was in use: maybe a new key, maybe an attack.
        Candidate = "candidate",
        /// A person said that it is no longer to be used.
        Retired = "retired",
    }
}

impl Trust {
    /// Whether answers may be encrypted to it.
    pub fn is_accepted(self) -> bool {
        matches!(self, Trust::Verified | Trust::Imported | Trust::FirstUse)
    }

    /// What a certificate is taken for that a mail brings, or signs with, for
    /// the first time with this address.
    pub fn on_first_sight(is_another_accepted: bool) -> Self {
        if is_another_accepted { Trust::Candidate } else { Trust::FirstUse }
    }

    /// What a good signature over a whole message is worth by it.
    pub fn worth(self) -> SignatureStatus {
        match self {
            Trust::Verified | Trust::Imported => SignatureStatus::Verified,
            Trust::FirstUse => SignatureStatus::FirstUse,
            Trust::Candidate => SignatureStatus::ChangedKey,
            Trust::Retired => SignatureStatus::Invalid,
        }
    }
}

/// One decision about a certificate and an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The address; in lower case. Foreign text.
    pub address: String,
    /// What it is taken for.
    pub trust: Trust,
    /// Since when.
    pub at: DateTime<Utc>,
    /// Who said so; for mail, who took it in.
    pub by: String,
}

/// How often a certificate was met in one way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sighting {
    /// With which address; in lower case, empty where it came without. Foreign text.
    pub address: String,
    /// How.
    pub origin: Origin,
    /// The first time.
    pub first_at: DateTime<Utc>,
    /// The last time.
    pub last_at: DateTime<Utc>,
    /// How often.
    pub times: i64,
}
