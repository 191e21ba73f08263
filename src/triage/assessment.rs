//! What a case is judged to be: the weakness, how bad it is by the scores of
//! the field, and what people said about it.

use serde::{Deserialize, Serialize};

use super::cvss::Cvss;
use super::proposal::Flaw;
use super::ssvc::Ssvc;
use super::weakness::Weakness;

/// The judgement over a case, as far as people made it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Assessment {
    /// A bug in the program, or a flaw in its design.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flaw: Option<Flaw>,
    /// How severe it is (CVSS v3.1 or v4.0).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cvss: Option<Cvss>,
    /// What the supplier tree of SSVC v2 was told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ssvc: Option<Ssvc>,
    /// Class of weakness.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weakness: Option<Weakness>,
    /// Versions that have it. As people write them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub affected: Option<String>,
    /// Version that has it no more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fixed_in: Option<String>,
    /// What users can do until then; may be published alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub workaround: Option<String>,
    /// Why the priority is what it is, in the words of who set it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl Assessment {
    /// Its parts as names and values in words. May hold foreign text.
    pub fn parts(&self) -> Vec<(&'static str, Option<String>)> {
        vec![
            ("kind", self.flaw.map(|flaw| flaw.to_string())),
            ("CVSS", self.cvss.as_ref().map(ToString::to_string)),
            ("SSVC", self.ssvc.as_ref().map(|ssvc| ssvc.outcome().to_string())),
            ("weakness", self.weakness.as_ref().map(ToString::to_string)),
            ("affected", self.affected.clone()),
            ("fixed in", self.fixed_in.clone()),
            ("workaround", self.workaround.clone()),
            ("reason", self.reason.clone()),
        ]
    }

    /// All of it in one line. May hold foreign text.
    pub fn in_words(&self) -> String {
        let parts = self.parts().into_iter().filter_map(|(name, value)| Some(format!("{name} {}", value?)));
        let words = parts.collect::<Vec<_>>().join(", ");
        if words.is_empty() { "none".to_owned() } else { words }
    }

    /// What it says otherwise than `before`, in one line. May hold foreign text.
    pub fn difference(&self, before: &Self) -> String {
        let or_none = |value: Option<String>| value.unwrap_or_else(|| "none".to_owned());
        let pairs = self.parts().into_iter().zip(before.parts());
        let changed = pairs.filter(|((_, new), (_, old))| new != old);
        changed
            .map(|((name, new), (_, old))| format!("{name} {} -> {}", or_none(old), or_none(new)))
            .collect::<Vec<_>>()
            .join(", ")
    }
}
