//! A shift handed over: what is open and red, for the next person to accept.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::case::Case;
use super::state::State;
use super::words::words;

words! {
    /// Why a case stands on the list of a hand-over.
    pub enum Red ("mark of a hand-over") {
        /// A clock that is still owed was due before.
        Overdue = "overdue",
        /// It is abused in the wild.
        Exploited = "exploited",
        /// The reporter has not been answered yet.
        Unacknowledged = "unacknowledged",
        /// A lane was asked and has not answered.
        Unanswered = "lane without an answer",
    }
}

impl Red {
    /// Why `case` is to be handed over at `now`; nothing where it can wait. The
    /// law's periods are counted in `zone`.
    pub fn of<Z: chrono::TimeZone>(case: &Case, zone: &Z, now: DateTime<Utc>) -> Vec<Self> {
        if !case.state.is_open() || case.merged_into.is_some() {
            return Vec::new();
        }
        let is_late = |clock: &super::clocks::Clock| {
            clock.state.is_counting() && clock.due_at.is_some_and(|due| due < now)
        };
        let silent = |work: &super::lane::LaneWork| work.answered_at().is_none();
        let marks = [
            (case.clocks(zone, now).iter().any(is_late), Self::Overdue),
            (case.exploited, Self::Exploited),
            (case.state == State::New && case.acknowledged_at.is_none(), Self::Unacknowledged),
            (case.lanes.iter().any(silent), Self::Unanswered),
        ];
        marks.into_iter().filter(|(is, _)| *is).map(|(_, red)| red).collect()
    }
}

/// One case on the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// Row number of the case.
    pub key: i64,
    /// Its identifier.
    pub id: String,
    /// Why it is on the list.
    pub why: Vec<Red>,
}

/// A shift handed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handover {
    /// Its number in the store.
    pub number: i64,
    /// When it was written.
    pub at: DateTime<Utc>,
    /// Who handed over.
    pub from: String,
    /// Who takes over.
    pub to: String,
    /// What the one says to the other.
    pub note: String,
    /// What was open and red, in the order of the queue.
    pub items: Vec<Item>,
    /// When it was accepted.
    pub accepted_at: Option<DateTime<Utc>>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::triage::lane::{Lane, LaneWork};
    use crate::triage::message::Encryption;
    use crate::triage::person::Person;
    use chrono::TimeDelta;

    #[test]
    fn what_cannot_wait_is_red() {
        let at: DateTime<Utc> = "2026-11-23T12:00:00Z".parse().unwrap();
        let hours = TimeDelta::hours;
        let new = Case::opened("SEC-2026-0001".into(), "x", Person::default(), at, Encryption::None);
        let new = Case {
            disclosure: super::super::case::Disclosure { at: at + TimeDelta::days(90), ..new.disclosure },
            ..new
        };
        let answered = Case { state: State::Triaged, acknowledged_at: Some(at), ..new.clone() };
        let asked = LaneWork::asked(Lane::Qa, None, None, "ann", at);
        let taken = LaneWork { accepted_at: Some(at), ..asked.clone() };
        let table: [(&str, Case, i64, &[Red]); 6] = [
            ("new", new.clone(), 1, &[Red::Unacknowledged]),
            ("late", new.clone(), 25, &[Red::Overdue, Red::Unacknowledged]),
            ("answered", answered.clone(), 1, &[]),
            ("asked", Case { lanes: vec![asked], ..answered.clone() }, 1, &[Red::Unanswered]),
            ("taken", Case { lanes: vec![taken], ..answered.clone() }, 1, &[]),
            ("exploited", Case { exploited: true, ..answered.clone() }, 1, &[Red::Exploited]),
        ];
        for (name, case, later, red) in table {
            assert_eq!(Red::of(&case, &Utc, at + hours(later)), red, "{name}");
        }
        let merged = super::super::case::Merged { key: 2, id: "SEC-2026-0002".into() };
        for over in [Case { state: State::Closed, ..new.clone() }, Case { merged_into: Some(merged), ..new }]
        {
            assert_eq!(Red::of(&over, &Utc, at + hours(99)), []);
        }
    }
}
