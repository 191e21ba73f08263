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

/// One part of a judgement, set or taken away.
#[derive(Debug, Clone, PartialEq)]
pub enum Judgement {
    /// Bug or design flaw.
    Flaw(Option<Flaw>),
    /// How severe it is.
    Cvss(Option<Cvss>),
    /// What the supplier tree was told.
    Ssvc(Option<Ssvc>),
    /// Class of weakness.
    Weakness(Option<Weakness>),
    /// Versions that have it.
    Affected(Option<String>),
    /// Version that has it no more.
    FixedIn(Option<String>),
    /// What users can do until then.
    Workaround(Option<String>),
}

impl Assessment {
    /// The same but for one part.
    #[must_use]
    pub fn judged(&self, part: &Judgement) -> Self {
        let before = self.clone();
        match part.clone() {
            Judgement::Flaw(flaw) => Self { flaw, ..before },
            Judgement::Cvss(cvss) => Self { cvss, ..before },
            Judgement::Ssvc(ssvc) => Self { ssvc, ..before },
            Judgement::Weakness(weakness) => Self { weakness, ..before },
            Judgement::Affected(affected) => Self { affected, ..before },
            Judgement::FixedIn(fixed_in) => Self { fixed_in, ..before },
            Judgement::Workaround(workaround) => Self { workaround, ..before },
        }
    }

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_part_changes_and_the_others_stay() {
        let words = |words: &str| Some(words.to_owned());
        let cvss = "CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H".parse().ok();
        let parts = [
            Judgement::Flaw(Some(Flaw::Bug)),
            Judgement::Cvss(cvss),
            Judgement::Weakness(Weakness::new(79)),
            Judgement::Affected(words("4.1")),
            Judgement::FixedIn(words("4.2")),
            Judgement::Workaround(words("none")),
        ];
        let all = parts.iter().fold(Assessment::default(), |before, part| before.judged(part));
        let kept = all.parts().into_iter().filter(|(_, value)| value.is_some()).map(|(name, _)| name);
        assert_eq!(
            kept.collect::<Vec<_>>(),
            ["kind", "CVSS", "weakness", "affected", "fixed in", "workaround"]
        );
        let without = all.judged(&Judgement::Cvss(None));
        assert_eq!(without, Assessment { cvss: None, ..all });
    }
}
