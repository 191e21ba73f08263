//! A proposed priority, with its reasons in words. A person decides; what is
//! proposed here is kept beside the decision, also when the two differ.
//!
//! The first row that holds gives the priority:
//!
//! | what is known | priority |
//! |---|---|
//! | abused in the wild, or found as a 0-day | P0, and nothing below changes it |
//! | SSVC says immediate / out-of-cycle / scheduled / defer | P0 / P1 / P2 / P3 |
//! | CVSS critical (9.0 and more) / high (7.0) / medium (4.0) / low (0.1) / none | P1 / P2 / P3 / P4 / P4 |
//! | it looks like noise | P4 |
//! | nothing of these | P2, until somebody judged |
//!
//! SSVC stands before CVSS: it asks what is going on around a vulnerability
//! (exploitation, value, safety), CVSS how bad it could be. Noise counts only
//! while nobody has scored the case: whoever scored it has looked. Then it moves:
//!
//! | found in | moves |
//! |---|---|
//! | development, QA | one less urgent: no user has it (window of vulnerability 0) |
//! | responsible disclosure, bug bounty | stays |
//! | full disclosure | one more urgent, and P1 at least: whoever wants to can use it |
//!
//! A design flaw moves nothing, but says early that the deadline needs a plan.

use super::case::{FoundIn, Priority};
use super::ssvc::Outcome;
use super::words::words;

words! {
    /// What kind of mistake made a vulnerability.
    pub enum Flaw ("kind of flaw") {
        /// A mistake in the code: fixed where it is.
        Bug = "bug",
        /// A mistake in the design: the fix begins with a new one.
        Design = "design flaw",
    }
}

/// What a way of being found costs: the table of the security-process chapter,
/// in its words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Costs {
    /// Window of vulnerability: from the first use of the vulnerable software to the user patched.
    pub window: &'static str,
    /// What the company pays for the fix.
    pub money: &'static str,
    /// What users pay, at worst.
    pub damage: &'static str,
    /// Blog posts and the like, to mend the reputation.
    pub pr: &'static str,
}

/// What it costs to find a vulnerability in this phase.
pub fn costs(phase: FoundIn) -> Costs {
    let (window, money, damage, pr) = match phase {
        FoundIn::Development | FoundIn::Qa => ("0", "Low", "0", "0"),
        FoundIn::ResponsibleDisclosure => ("weeks-years", "Low", "0", "Low"),
        FoundIn::BugBounty => ("weeks-years", "Low + Bounty", "0", "0-Low"),
        FoundIn::FullDisclosure => ("weeks-years", "High", "Unknown", "High"),
        FoundIn::Criminals => ("weeks-years", "High", "Monetary", "Very high"),
        FoundIn::Governments => ("weeks-years", "High", "Torture and death", "Extreme"),
    };
    Costs { window, money, damage, pr }
}

/// What is known of a case that its priority hangs on.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Evidence {
    /// The CVSS score, 0.0 to 10.0; what lies outside is taken for the nearest of these.
    pub cvss: Option<f64>,
    /// What SSVC says.
    pub ssvc: Option<Outcome>,
    /// Whether it is abused in the wild.
    pub exploited: bool,
    /// In which phase it was found.
    pub found_in: Option<FoundIn>,
    /// Bug or design flaw.
    pub flaw: Option<Flaw>,
    /// Whether it looks like spam, a scanner's output or a mass-written report.
    pub noise: bool,
}

/// A priority with the reasons for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// The priority.
    pub priority: Priority,
    /// Why, a sentence each, what decides first.
    pub reasons: Vec<String>,
}

/// What is said of a design flaw, whatever its priority.
const NEEDS_A_PLAN: &str =
    "a design flaw: to change a design takes longer than to fix a bug, so the deadline needs a plan now";

/// What the reason of a priority begins with that was taken from a proposal.
pub const AS_PROPOSED: &str = "as proposed: ";

impl Proposal {
    /// What speaks for its priority, in one line: `CVSS 8.8, high; P1 instead
    /// of P2: found in full disclosure, ...`.
    pub fn because(&self) -> String {
        let deciding = self.reasons.iter().map(String::as_str).filter(|reason| *reason != NEEDS_A_PLAN);
        let reasons = deciding.collect::<Vec<_>>().join("; ");
        // The first one says a level, which a later one may move.
        let rest = reasons.strip_prefix('P').and_then(|level| level.split_once(": "));
        match rest {
            Some((level, why)) if level.len() == 1 => why.to_owned(),
            _ => reasons,
        }
    }
}

/// The priority that `evidence` speaks for, by the table of this module.
pub fn propose(evidence: &Evidence) -> Proposal {
    let mut reasons = Vec::new();
    let zero_day =
        evidence.found_in.filter(|phase| matches!(phase, FoundIn::Criminals | FoundIn::Governments));
    let level = if evidence.exploited || zero_day.is_some() {
        reasons.push(match zero_day {
            Some(phase) => format!("P0: it was found as a {phase}"),
            None => "P0: it is abused in the wild".to_owned(),
        });
        0
    } else {
        let judged = judge(evidence, &mut reasons);
        found(judged, evidence.found_in, &mut reasons)
    };
    if evidence.flaw == Some(Flaw::Design) {
        reasons.push(NEEDS_A_PLAN.to_owned());
    }
    Proposal { priority: Priority::ALL[level], reasons }
}

/// The level by SSVC, CVSS or noise.
fn judge(evidence: &Evidence, reasons: &mut Vec<String>) -> usize {
    let scored = evidence.cvss.filter(|score| !score.is_nan()).map(by_score);
    let level = match (evidence.ssvc, scored) {
        (Some(outcome), scored) => {
            let level = by_outcome(outcome);
            reasons.push(format!("P{level}: SSVC says {outcome}"));
            if let Some((other, severity)) = scored.filter(|(other, _)| *other != level) {
                reasons.push(format!("{severity} alone would say P{other}; SSVC goes first"));
            }
            level
        }
        (None, Some((level, severity))) => {
            reasons.push(format!("P{level}: {severity}"));
            level
        }
        (None, None) if evidence.noise => {
            reasons.push("P4: it looks like noise, and nobody has scored it".to_owned());
            return 4;
        }
        (None, None) => {
            reasons.push("P2: nobody has scored it yet".to_owned());
            2
        }
    };
    if evidence.noise {
        reasons.push("it was marked as likely noise, but somebody has scored it since".to_owned());
    }
    level
}

fn by_outcome(outcome: Outcome) -> usize {
    match outcome {
        Outcome::Immediate => 0,
        Outcome::OutOfCycle => 1,
        Outcome::Scheduled => 2,
        Outcome::Defer => 3,
    }
}

/// The level by score, and the score in words. The severities are those of CVSS
/// v3.1 section 5 and v4.0 section 6, over scores with one decimal.
fn by_score(score: f64) -> (usize, String) {
    let tenths = (score * 10.0).round().clamp(0.0, 100.0);
    let (level, severity) = match tenths {
        90.0.. => (1, "critical"),
        70.0.. => (2, "high"),
        40.0.. => (3, "medium"),
        1.0.. => (4, "low"),
        _ => (4, "none"),
    };
    (level, format!("CVSS {:.1}, {severity}", tenths / 10.0))
}

/// The level after the phase in which it was found.
fn found(level: usize, phase: Option<FoundIn>, reasons: &mut Vec<String>) -> usize {
    let moved = match phase {
        Some(FoundIn::Development | FoundIn::Qa) => (level + 1).min(4),
        Some(FoundIn::FullDisclosure) => level.saturating_sub(1).min(1),
        _ => level,
    };
    if let Some(phase) = phase.filter(|_| moved != level) {
        let why = if moved > level { "no user has it" } else { "it is public: whoever wants to can use it" };
        reasons.push(format!("P{moved} instead of P{level}: found in {phase}, {why}"));
    }
    moved
}

#[cfg(test)]
#[path = "proposal_tests.rs"]
mod tests;
