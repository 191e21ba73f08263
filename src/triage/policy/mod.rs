//! Named disclosure policies: how long a reporter waits before the details
//! become public, as data. ninety's own and those that the field is known by
//! are in `assets/policies.toml`; the team's are in its configuration.
//!
//! It knows nothing of cases, files or the present: [`deadline()`] is a pure
//! function of a policy, the instants that count and the calendar.

mod book;
mod deadline;
mod entry;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use super::terms::Terms;
use super::words::words;

pub use book::{Book, NoPolicy};
pub use deadline::{Deadline, Facts, Step, deadline};
pub(in crate::triage) use entry::{Entry, TermsEntry};

words! {
    /// What becomes of a disclosure date that falls on a day off.
    pub enum DayOff ("rule for days off") {
        /// It stands.
        Keep = "keep",
        /// It moves to the next work day.
        NextWorkDay = "next work day",
    }
}

/// How long a report has, and until when. Days are days of 24 hours from one
/// instant to another, so that zones and daylight saving do not move them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// What it is asked for by, such as `Project Zero`.
    pub name: String,
    /// Other names for it, such as `P0`.
    pub also: Vec<String>,
    /// What it says, in a line.
    pub title: String,
    /// What the numbers do not say, such as where its source names none.
    pub note: String,
    /// Where it is written: a URL, or words.
    pub source: String,
    /// Days from receipt to the details; none where no limit is fixed.
    pub days: Option<i64>,
    /// Days from a fix that came in time to the details. None: a fix does not
    /// move the date.
    pub after_fix_days: Option<i64>,
    /// Days that are added on request for a fix that is nearly there; 0: none.
    pub grace_days: i64,
    /// Days from the first knowledge of exploitation (at the earliest from
    /// receipt) to the details. None: exploitation sets no date.
    pub in_the_wild_days: Option<i64>,
    /// [`grace_days`](Self::grace_days) of a case that is exploited.
    pub in_the_wild_grace_days: i64,
    /// What becomes of a date that falls on a day off.
    pub day_off: DayOff,
    /// The spans of the other clocks.
    pub terms: Terms,
}

/// Days that a policy may name at most: a hundred years, so that sums stay
/// inside the calendar.
pub const MAX_DAYS: i64 = 36_525;
