//! Statistics over cases: what came in and what became of it, how long each
//! step took, and what was in time.
//!
//! Pure: cases, the team's calendar, a period and the present in, figures out.
//! Every figure is a [`Metric`] with its definition in words, which stands
//! beside it wherever it is shown.
//!
//! What holds for all of them:
//!
//! - A case that was merged into another counts once, as that other.
//! - Noise (see [`Judgement`]) is counted apart: it is in the number received
//!   and in its own, and in no other.
//! - Cases that the reader may not see are in no figure. How many there are is
//!   told without a date: a period could be narrowed until it gave theirs away.
//! - An instant that is not on record (imported history), or that lies before
//!   the one that it is counted from, is left out and counted as missing.
//! - A clock counts where it was *decided*: in the moment in which it was met in
//!   time, or else in that in which it was due. So it is in one period only, and
//!   a late answer does not take back that it was late.
//! - Percentiles are nearest-rank: a time that was really taken, never one between two.

mod figures;
mod gathering;
mod judgement;
mod metric;
mod period;
mod spread;
mod tally;
#[cfg(test)]
mod tests;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::case::FoundIn;
use super::clocks::Kind;
use super::lane::Lane;
use super::state::State;
use super::words::words;

pub use figures::{Amount, Figure};
pub use gathering::Gathering;
pub use judgement::Judgement;
pub use metric::Metric;
pub use period::Period;
pub use spread::{Share, Spread, brief, brief_or_none};

words! {
    /// How old an open case is.
    pub enum Age ("age") {
        /// Less than a week.
        Days0 = "under 7 days",
        /// Less than 30 days.
        Days7 = "7 to 29 days",
        /// Less than 90 days.
        Days30 = "30 to 89 days",
        /// Less than 180 days.
        Days90 = "90 to 179 days",
        /// Half a year and more.
        Days180 = "180 days and more",
    }
}

impl Age {
    /// The bucket of a span since receipt.
    pub fn of(age: TimeDelta) -> Self {
        match age.num_days() {
            ..7 => Age::Days0,
            7..30 => Age::Days7,
            30..90 => Age::Days30,
            90..180 => Age::Days90,
            _ => Age::Days180,
        }
    }
}

/// All figures over a period.
#[derive(Debug, Clone, PartialEq)]
pub struct Statistics {
    /// Over which time.
    pub period: Period,
    /// The present in which they were computed.
    pub now: DateTime<Utc>,
    /// How many cases came in, and how many of them count how.
    pub received: Received,
    /// From receipt to a priority: the headline.
    pub to_prioritised: Spread,
    /// Open cases that have no priority yet, now.
    pub unprioritised: usize,
    /// From receipt to a release that users can install.
    pub to_fixed: Spread,
    /// Week by week, the oldest first.
    pub weeks: Vec<Week>,
    /// Each kind of clock, in the order of the process.
    pub clocks: Vec<Clocked<Kind>>,
    /// Hand-over answers by lane.
    pub lanes: Vec<Clocked<Lane>>,
    /// What is open now.
    pub backlog: Backlog,
    /// Of the judged reports, those that are valid.
    pub valid: Share,
    /// Of the reports received, those that are noise.
    pub noise: Share,
    /// By found-in phase, in the order of the phases; `None` where nobody said which.
    pub phases: Vec<Group<Option<FoundIn>>>,
    /// By product and component, the most cases first; empty where nobody said which. Foreign text.
    pub components: Vec<Group<String>>,
    /// By weakness class, the most cases first; empty where nobody said which.
    pub weaknesses: Vec<Group<String>>,
    /// Windows of vulnerability.
    pub windows: Windows,
}

/// What came in during the period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Received {
    /// Cases, noise among them, without merged ones.
    pub cases: usize,
    /// Of these, noise.
    pub noise: usize,
    /// Of these, without noise: exploited in the wild.
    pub exploited: usize,
    /// Cases that were merged into another; not among `cases`.
    pub merged: usize,
    /// Cases of any time that the reader may not see; not among `cases`.
    pub restricted: usize,
}

/// One ISO week of the team's zone, as far as it lies in the period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Week {
    /// Its Monday.
    pub monday: NaiveDate,
    /// Cases received, noise among them.
    pub received: usize,
    /// Of these, noise.
    pub noise: usize,
    /// Cases whose reporter was answered for the first time.
    pub acknowledged: usize,
    /// Cases that got their priority.
    pub prioritised: usize,
    /// Cases whose fix users could install from then on.
    pub fixed: usize,
    /// Cases open at its end.
    pub open: usize,
    /// From receipt to a priority, of those that got it in this week.
    pub to_prioritised: Spread,
}

impl Week {
    /// `2026-W48`.
    pub fn label(&self) -> String {
        self.monday.format("%G-W%V").to_string()
    }
}

/// How the clocks of one kind did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clocked<K> {
    /// Which.
    pub kind: K,
    /// From start to met, of those met in the period.
    pub spread: Spread,
    /// Of those decided in the period, the ones met in time.
    pub within: Share,
    /// How many count now and are not due yet.
    pub running: usize,
    /// How many are overdue now.
    pub overdue: usize,
}

/// What is open now, without noise.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Backlog {
    /// Open cases.
    pub open: usize,
    /// Open cases that are marked as likely noise; not among `open`.
    pub noise: usize,
    /// By the time since receipt.
    pub by_age: Vec<(Age, usize)>,
    /// By state.
    pub by_state: Vec<(State, usize)>,
}

/// The cases of one sort, of those received in the period, without noise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group<K> {
    /// Which sort.
    pub of: K,
    /// All of them.
    pub cases: usize,
    /// Those that are valid.
    pub valid: usize,
    /// Those that are open now.
    pub open: usize,
}

/// A group by the name that people read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Named<'a> {
    /// Which sort. Foreign text.
    pub name: &'a str,
    /// All cases of the sort.
    pub cases: usize,
    /// Those that are valid.
    pub valid: usize,
    /// Those that are open now.
    pub open: usize,
}

impl<'a> Named<'a> {
    fn of<K>(name: &'a str, group: &Group<K>) -> Self {
        let name = if name.is_empty() { NOT_SAID } else { name };
        Self { name, cases: group.cases, valid: group.valid, open: group.open }
    }
}

/// The name of a group about which nobody said what it is.
const NOT_SAID: &str = "not said";

impl Statistics {
    /// Where bugs come from: by phase, by component, by weakness.
    pub fn causes(&self) -> [(Metric, Vec<Named<'_>>); 3] {
        fn named(groups: &[Group<String>]) -> Vec<Named<'_>> {
            groups.iter().map(|group| Named::of(&group.of, group)).collect()
        }
        let phase =
            |group: &Group<Option<FoundIn>>| Named::of(group.of.map_or("", |phase| phase.word()), group);
        [
            (Metric::FoundIn, self.phases.iter().map(phase).collect()),
            (Metric::Component, named(&self.components)),
            (Metric::Weakness, named(&self.weaknesses)),
        ]
    }
}

/// Windows of vulnerability.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Windows {
    /// From the vulnerable release to the end of the roll-out, of those that closed in the period.
    pub closed: Spread,
    /// Windows that are open now.
    pub open: usize,
    /// How long these have been open, together.
    pub open_sum: TimeDelta,
}
