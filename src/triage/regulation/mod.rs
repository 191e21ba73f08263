//! The reports that European law asks for, and when.
//!
//! Three regimes: Article 14 of the Cyber Resilience Act (Regulation (EU)
//! 2024/2847, "CRA") for an actively exploited vulnerability and for a severe
//! incident, and Article 23 of NIS2 (Directive (EU) 2022/2555) for a significant
//! incident of an operator. Nothing here is on unless the configuration says
//! that the company is subject to it ([`Subject`]). What an authority receives
//! it receives from a person: the CRA's single reporting platform takes no
//! submissions from programs, so a [`draft`] is text to paste, and a [`Filing`]
//! records that it was done.
//!
//! | regime | early warning | notification | final report |
//! |---|---|---|---|
//! | CRA vulnerability, Art. 14(2) | 24 hours from awareness | 72 hours from awareness | 14 days from when a corrective or mitigating measure is **available** |
//! | CRA incident, Art. 14(4) | 24 hours from awareness | 72 hours from awareness | one month from when the notification was **submitted** |
//! | NIS2 incident, Art. 23(4) | 24 hours from awareness | 72 hours from awareness | one month from when the notification was **submitted**; still ongoing then: a progress report then, and the final one a month after it was handled |
//!
//! Not the awareness, nor the day on which the notification was due, starts a
//! final report. A final report without a measure, or without a notification,
//! has not started; it is not overdue.
//!
//! **Awareness** is a decision that somebody takes and signs for. When it falls
//! while a signal is still being checked is disputed, so the first signal is a
//! separate instant, which starts no clock and stands in the reason of each.
//!
//! # How the periods are counted
//!
//! Regulation (EEC, Euratom) No 1182/71, Article 3, counts the periods of Union
//! acts. Its rules, and what is made of them here, are in [`period`]: no
//! deadline shown is later than the law's, and most are earlier by hours. That
//! is on purpose. It is not legal advice.
//!
//! Not covered: a trust service provider under NIS2 notifies within 24 hours,
//! not 72 (Art. 23(4), last subparagraph); national law may ask for more.

mod draft;
mod instants;
pub mod period;
mod steps;
#[cfg(test)]
mod tests;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::words::words;

pub use draft::{BLANK, Report, draft};
pub use instants::Instants;
pub use steps::clocks;

words! {
    /// A duty to report.
    pub enum Regime ("regime") {
        /// CRA Article 14(1) and (2): an actively exploited vulnerability in a product.
        CraVulnerability = "CRA vulnerability",
        /// CRA Article 14(3) and (4): a severe incident having an impact on the security of a product.
        CraIncident = "CRA incident",
        /// NIS2 Article 23: a significant incident of an operator.
        Nis2 = "NIS2 incident",
    }
}

words! {
    /// A report that a regime asks for.
    pub enum Step ("step") {
        /// Within 24 hours.
        EarlyWarning = "early warning",
        /// Within 72 hours.
        Notification = "notification",
        /// NIS2, where an incident is still ongoing when its final report would
        /// be due; for the CRA, the intermediate report that a CSIRT may ask
        /// for (Article 14(6)), which has no clock.
        ProgressReport = "progress report",
        /// The last one.
        FinalReport = "final report",
    }
}

/// The table `[regulation]` of the configuration: which duties a company has.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Subject {
    /// It makes products with digital elements for the market of the Union.
    pub cra: bool,
    /// It is an essential or important entity.
    pub nis2: bool,
    /// Where its products are available, or its services are given.
    pub member_states: Vec<String>,
    /// Its name, as the reports have it.
    pub company: String,
}

impl Subject {
    /// Whether it has this duty.
    pub fn is_subject_to(&self, regime: Regime) -> bool {
        match regime {
            Regime::CraVulnerability | Regime::CraIncident => self.cra,
            Regime::Nis2 => self.nis2,
        }
    }
}

/// What happened so far under one regime.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Situation {
    /// Under which.
    pub regime: Regime,
    /// When the first sign of it was seen. Starts nothing.
    #[serde(default)]
    pub first_signal_at: Option<DateTime<Utc>>,
    /// From when on the company counts as aware: somebody's decision.
    #[serde(default)]
    pub aware_at: Option<DateTime<Utc>>,
    /// When a corrective or mitigating measure was first available to users (CRA).
    #[serde(default)]
    pub measure_available_at: Option<DateTime<Utc>>,
    /// When the incident was handled; while there is no such date it is ongoing (NIS2).
    #[serde(default)]
    pub handled_at: Option<DateTime<Utc>>,
    /// What was submitted.
    #[serde(default)]
    pub filings: Vec<Filing>,
}

/// That a report was submitted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filing {
    /// Which one.
    pub step: Step,
    /// When.
    pub at: DateTime<Utc>,
    /// By whom.
    pub by: String,
    /// The number that the authority gave it. Foreign text.
    pub reference: String,
}

impl Situation {
    /// Nothing has happened yet under `regime`.
    pub fn new(regime: Regime) -> Self {
        Self {
            regime,
            first_signal_at: None,
            aware_at: None,
            measure_available_at: None,
            handled_at: None,
            filings: Vec::new(),
        }
    }

    /// The first filing of a step: what counts. Later ones correct it.
    pub fn filed(&self, step: Step) -> Option<&Filing> {
        self.filings.iter().filter(|filing| filing.step == step).min_by_key(|filing| filing.at)
    }

    /// The first filing of a step or of one after it: who has submitted the
    /// notification owes no early warning any more, and the later report says
    /// all that the earlier one would have.
    pub fn covered(&self, step: Step) -> Option<&Filing> {
        self.filings.iter().filter(|filing| filing.step >= step).min_by_key(|filing| (filing.at, filing.step))
    }
}
