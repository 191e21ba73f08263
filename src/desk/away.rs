//! People who are asked for something while they are away.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use crate::text;
use crate::triage::calendar::Calendar;
use crate::triage::{Change, What};

/// The people whom these changes ask for something: as assignee, or for a lane.
pub(super) fn asked(what: &[What]) -> impl Iterator<Item = &str> {
    what.iter().filter_map(|one| match one {
        What::Changed { after: Change::Assignee(who), .. } => who.as_deref(),
        What::Changed { after: Change::Lane { work: Some(work), .. }, .. }
            if work.answered_at().is_none() =>
        {
            work.owner.as_deref()
        }
        _ => None,
    })
}

/// `ben is away until 2026-04-07`: of those who were asked the ones who are not there. Safe text.
pub(super) fn told(people: &BTreeSet<String>, calendar: &Calendar, now: DateTime<Utc>) -> Option<String> {
    let is_asked = |person: &str| people.iter().any(|one| one.eq_ignore_ascii_case(person));
    let away: Vec<String> = calendar
        .absent(now)
        .filter(|absence| is_asked(&absence.person))
        .map(|absence| format!("{} is away until {}", text::line(&absence.person), absence.to))
        .collect();
    (!away.is_empty()).then(|| away.join(", "))
}
