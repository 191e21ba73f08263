//! How long each step of a case may take: the numbers of a policy that clocks
//! count with. What was promised to a reporter is kept with the case, so an
//! edited policy moves no date that stands.

use serde::{Deserialize, Serialize};

/// The spans of the clocks of a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Terms {
    /// Hours from receipt to the first answer by a person.
    pub acknowledge_hours: i64,
    /// Hours from receipt to a priority.
    pub triage_hours: i64,
    /// Days after which a reporter who heard nothing is owed an update.
    pub update_days: i64,
    /// Days without a touch after which a case counts as stalled, for P0 to P4
    /// and last for a case without a priority.
    pub stalled_days: [i64; 6],
    /// Hours within which a lane that was asked answers.
    pub handover_hours: i64,
    /// The internal target, in percent of the time from receipt to disclosure.
    pub target_percent: i64,
    /// Days from a release until it is rolled out.
    pub rollout_days: i64,
    /// Hours from the disclosure until the advisory is out.
    pub advisory_hours: i64,
}

impl Default for Terms {
    fn default() -> Self {
        Self {
            acknowledge_hours: 24,
            triage_hours: 48,
            update_days: 14,
            stalled_days: [1, 2, 7, 14, 30, 7],
            handover_hours: 24,
            target_percent: 50,
            rollout_days: 14,
            advisory_hours: 24,
        }
    }
}
