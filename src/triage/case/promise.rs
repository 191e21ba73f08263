//! What a reporter is promised and asks for: a policy, and a date to publish.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::triage::terms::Terms;
use crate::triage::words::words;

words! {
    /// Where the disclosure date came from.
    pub enum DisclosureSource ("source of a disclosure date") {
        /// Computed from receipt by the case's policy.
        Policy = "policy",
        /// The reporter asked for it.
        Reporter = "reporter",
        /// Both sides agreed on it.
        Agreed = "agreed",
    }
}

/// What the disclosure date is and where it came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Disclosure {
    /// The instant.
    pub at: DateTime<Utc>,
    /// Where it came from.
    pub source: DisclosureSource,
    /// How it was found, in words: `90 days from receipt on 2026-09-01 by policy default`.
    /// May hold foreign text.
    #[serde(default)]
    pub why: String,
}

impl Disclosure {
    /// Where the date comes from, in words. May hold foreign text.
    pub fn in_words(&self) -> String {
        match (self.source, self.why.is_empty()) {
            (_, false) => self.why.clone(),
            (DisclosureSource::Policy, true) => "by policy".to_owned(),
            (DisclosureSource::Reporter, true) => "the reporter's date".to_owned(),
            (DisclosureSource::Agreed, true) => "agreed with the reporter".to_owned(),
        }
    }
}

/// What a reporter is promised: a policy by its name, and the spans that it
/// had when it was promised. Editing the policy later breaks no promise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Promise {
    /// The name of the policy.
    pub policy: String,
    /// Its spans.
    pub terms: Terms,
}

/// The policy of a report about which nobody has decided yet.
pub const DEFAULT_POLICY: &str = "default";

impl Default for Promise {
    fn default() -> Self {
        Self { policy: DEFAULT_POLICY.to_owned(), terms: Terms::default() }
    }
}

impl Promise {
    /// The promise that a word of the first stores stands for, which knew three policies.
    fn of_word(word: &str) -> Self {
        let terms = Terms::default();
        match word {
            "90_days" => Self::default(),
            "30_days" => Self { policy: "30 days".to_owned(), terms },
            "0_days" => Self { policy: "0 days".to_owned(), terms: Terms { acknowledge_hours: 4, ..terms } },
            other => Self { policy: other.to_owned(), terms },
        }
    }
}

impl<'de> Deserialize<'de> for Promise {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Form {
            Word(String),
            Whole { policy: String, terms: Terms },
        }
        Ok(match Form::deserialize(deserializer)? {
            Form::Word(word) => Self::of_word(&word),
            Form::Whole { policy, terms } => Self { policy, terms },
        })
    }
}

/// A date that a mail of the reporter asks for, until a person has decided about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Demand {
    /// When the reporter wants to publish.
    pub at: DateTime<Utc>,
    /// The sentence that says so. Foreign text.
    pub sentence: String,
}
