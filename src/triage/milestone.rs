//! The instants that a case has reached on its way. Clocks start and stop at
//! them, and statistics are differences between them.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::words::words;

words! {
    /// Something that happens to a case once.
    pub enum Milestone ("milestone") {
        /// The vulnerable release came out: the window of vulnerability opens.
        Vulnerable = "vulnerable since",
        /// A person gave it a priority.
        Prioritised = "prioritised",
        /// The reporter heard from us last.
        Heard = "reporter heard",
        /// It became known that it is abused in the wild.
        Exploited = "exploited",
        /// The fix existed.
        FixReady = "fix ready",
        /// Users could install the fix.
        Released = "released",
        /// The fix was rolled out: the window of vulnerability closes.
        RolledOut = "rolled out",
        /// The details were public.
        Disclosed = "disclosed",
        /// The advisory was out.
        Advisory = "advisory",
        /// It was closed.
        Closed = "closed",
    }
}

impl Milestone {
    /// Whether it follows from another change, so that the timeline need not name it.
    pub fn is_derived(self) -> bool {
        !matches!(self, Milestone::Vulnerable | Milestone::RolledOut | Milestone::Advisory)
    }
}

/// The milestones that were reached.
pub type Reached = BTreeMap<Milestone, DateTime<Utc>>;
