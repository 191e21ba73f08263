//! The table "Supplier Patch Development Priority" 1.0.0: 36 rows.

use std::fmt;

use super::Outcome::{self, Defer as D, Immediate as I, OutOfCycle as O, Scheduled as S};
use super::{Exploitation, PublicSafetyImpact, TechnicalImpact, Utility};

/// By exploitation and utility; then partial minimal, partial significant,
/// total minimal, total significant.
const OUTCOMES: [[[Outcome; 4]; 3]; 3] = [
    // none
    [[D, S, S, O], [S, O, S, O], [S, O, O, O]],
    // public poc
    [[S, O, S, I], [S, I, O, I], [O, I, O, I]],
    // active
    [[O, I, O, I], [O, I, O, I], [I, I, I, I]],
];

/// One row of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Row {
    /// What is known of attacks.
    pub exploitation: Exploitation,
    /// How useful an exploit is.
    pub utility: Utility,
    /// How much control an attack gives.
    pub technical_impact: TechnicalImpact,
    /// Harm to people.
    pub public_safety_impact: PublicSafetyImpact,
    /// What the tree advises.
    pub outcome: Outcome,
}

impl Row {
    /// What CERT/CC calls the table.
    pub const TABLE: &'static str = "Supplier Patch Development Priority 1.0.0";

    /// The row with these values.
    pub fn of(
        exploitation: Exploitation,
        utility: Utility,
        technical_impact: TechnicalImpact,
        public_safety_impact: PublicSafetyImpact,
    ) -> Self {
        let impacts = 2 * technical_impact as usize + public_safety_impact as usize;
        let outcome = OUTCOMES[exploitation as usize][utility as usize][impacts];
        Self { exploitation, utility, technical_impact, public_safety_impact, outcome }
    }

    /// All 36, in the order of the table.
    pub fn all() -> impl Iterator<Item = Self> {
        Exploitation::ALL.into_iter().flat_map(|exploitation| {
            Utility::ALL.into_iter().flat_map(move |utility| {
                TechnicalImpact::ALL.into_iter().flat_map(move |technical| {
                    PublicSafetyImpact::ALL.map(|safety| Self::of(exploitation, utility, technical, safety))
                })
            })
        })
    }

    /// Its number in the table as CERT/CC publishes it, from 0.
    pub fn number(&self) -> usize {
        let utilities = self.exploitation as usize * Utility::ALL.len() + self.utility as usize;
        4 * utilities + 2 * self.technical_impact as usize + self.public_safety_impact as usize
    }
}

/// The row in words: what makes which outcome.
impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "exploitation {}, utility {}, technical impact {} and public safety impact {} make {}",
            self.exploitation, self.utility, self.technical_impact, self.public_safety_impact, self.outcome
        )
    }
}
