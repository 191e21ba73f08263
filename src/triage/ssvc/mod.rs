//! SSVC, the Stakeholder-Specific Vulnerability Categorization of CERT/CC,
//! version 2: the tree of the supplier, who decides when to develop a patch.
//!
//! Five answers make a [`Utility`] and a row of the table "Supplier Patch
//! Development Priority" 1.0.0, and the row has the outcome. The words are the
//! standard's. Knows nothing of cases and of how their priority follows.

mod answers;
mod points;
mod selection;
#[cfg(test)]
mod selection_tests;
mod table;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use super::words::{UnknownWord, words};

pub use answers::{Answers, Question};
pub use points::{Choice, DecisionPoint};
pub use selection::{SelectionList, Unreadable};
pub use table::Row;

words! {
    /// What is known of attacks (decision point Exploitation 1.1.0).
    pub enum Exploitation ("state of exploitation") {
        /// No sign of attacks, and no public way to attack.
        None = "none",
        /// How to attack is public or well known.
        PublicPoc = "public poc",
        /// There are attacks.
        Active = "active",
    }
}

words! {
    /// Whether attacks can be automated reliably, from reconnaissance to exploitation (Automatable 2.0.0).
    pub enum Automatable ("answer to automatable") {
        /// They cannot.
        No = "no",
        /// They can.
        Yes = "yes",
    }
}

words! {
    /// How much an attacker gains with each attacked system (Value Density 1.0.0).
    pub enum ValueDensity ("value density") {
        /// Little each.
        Diffuse = "diffuse",
        /// Much at once.
        Concentrated = "concentrated",
    }
}

words! {
    /// How useful an exploit is to an attacker (Utility 1.0.1), from [`Automatable`] and [`ValueDensity`].
    pub enum Utility ("utility") {
        /// Effort for each target, little gain from each.
        Laborious = "laborious",
        /// One of both is in the attacker's favour.
        Efficient = "efficient",
        /// Both are.
        SuperEffective = "super effective",
    }
}

words! {
    /// How much control over the software an attack gives (Technical Impact 1.0.0).
    pub enum TechnicalImpact ("technical impact") {
        /// Limited control or disclosure.
        Partial = "partial",
        /// All of it.
        Total = "total",
    }
}

words! {
    /// Harm to people beyond the software, in two steps (Public Safety Impact 2.0.1).
    pub enum PublicSafetyImpact ("public safety impact") {
        /// Safety impact is negligible.
        Minimal = "minimal",
        /// Safety impact is marginal or worse.
        Significant = "significant",
    }
}

words! {
    /// Harm to people beyond the software, in four steps (Safety Impact 2.0.1, after IEC 61508).
    pub enum SafetyImpact ("safety impact") {
        /// Minor injuries at worst.
        Negligible = "negligible",
        /// Major injuries.
        Marginal = "marginal",
        /// Loss of life.
        Critical = "critical",
        /// Multiple loss of life.
        Catastrophic = "catastrophic",
    }
}

words! {
    /// What the tree advises (Defer, Scheduled, Out-of-Cycle, Immediate 1.0.0).
    pub enum Outcome ("outcome") {
        /// Do not work on it now.
        Defer = "defer",
        /// In the regular releases.
        Scheduled = "scheduled",
        /// Before the next regular release.
        OutOfCycle = "out-of-cycle",
        /// At once, with everybody who is needed.
        Immediate = "immediate",
    }
}

impl Utility {
    /// What each utility means.
    pub fn point() -> &'static DecisionPoint {
        &points::UTILITY
    }

    /// The table Utility 1.0.1.
    pub fn of(automatable: Automatable, value_density: ValueDensity) -> Self {
        match (automatable, value_density) {
            (Automatable::No, ValueDensity::Diffuse) => Self::Laborious,
            (Automatable::No, ValueDensity::Concentrated) | (Automatable::Yes, ValueDensity::Diffuse) => {
                Self::Efficient
            }
            (Automatable::Yes, ValueDensity::Concentrated) => Self::SuperEffective,
        }
    }
}

/// The table Public Safety Impact 1.0.0.
impl From<SafetyImpact> for PublicSafetyImpact {
    fn from(impact: SafetyImpact) -> Self {
        match impact {
            SafetyImpact::Negligible => Self::Minimal,
            SafetyImpact::Marginal | SafetyImpact::Critical | SafetyImpact::Catastrophic => Self::Significant,
        }
    }
}

impl PublicSafetyImpact {
    /// Reads the impact in its two steps or in the four of [`SafetyImpact`].
    ///
    /// # Errors
    /// [`UnknownWord`] lists all six.
    pub fn read(given: &str) -> Result<Self, UnknownWord> {
        given.parse().or_else(|unknown: UnknownWord| match given.parse::<SafetyImpact>() {
            Ok(impact) => Ok(impact.into()),
            Err(other) => Err(UnknownWord { known: [unknown.known, other.known].concat(), ..unknown }),
        })
    }
}

impl Outcome {
    /// What it asks of the people who develop the patch, in a line.
    pub fn meaning(self) -> &'static str {
        points::OUTCOME.choices[self as usize].meaning
    }
}

/// The five answers about one vulnerability in one product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Ssvc {
    /// What is known of attacks.
    pub exploitation: Exploitation,
    /// Whether attacks can be automated.
    pub automatable: Automatable,
    /// How much an attacker gains with each system.
    pub value_density: ValueDensity,
    /// How much control an attack gives.
    pub technical_impact: TechnicalImpact,
    /// Harm to people.
    pub public_safety_impact: PublicSafetyImpact,
}

impl Ssvc {
    /// How useful an exploit is.
    pub fn utility(&self) -> Utility {
        Utility::of(self.automatable, self.value_density)
    }

    /// The row of the table that these answers lead to.
    pub fn row(&self) -> Row {
        Row::of(self.exploitation, self.utility(), self.technical_impact, self.public_safety_impact)
    }

    /// What the tree advises.
    pub fn outcome(&self) -> Outcome {
        self.row().outcome
    }
}
