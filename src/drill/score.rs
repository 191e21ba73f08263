//! What a team did, held against what its scenario expected.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::judge;
use super::record::Record;
use super::scenario::{Mark, Span};

/// The marks of a drill.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Score {
    /// What was reached.
    pub points: u32,
    /// What could be reached.
    pub of: u32,
    /// One entry for each mark of the scenario, in its order.
    pub items: Vec<Item>,
}

/// One mark.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Item {
    /// What it is about: `the reporter was answered`.
    pub what: String,
    /// What was expected, in words.
    pub expected: String,
    /// What happened, in words. May hold foreign text.
    pub happened: String,
    /// When it happened, if it did.
    pub at: Option<DateTime<Utc>>,
    /// Points that it brought.
    pub points: u32,
    /// Points that it could bring.
    pub of: u32,
    /// What to read or to practise; empty where nothing was lost.
    pub practise: String,
}

/// Holds the record against the marks of the scenario.
pub(super) fn score(marks: &[Mark], record: &Record) -> Score {
    let items: Vec<Item> = marks.iter().map(|mark| item(mark, record)).collect();
    let sum = |points: fn(&Item) -> u32| items.iter().map(points).sum();
    Score { points: sum(|item| item.points), of: sum(|item| item.of), items }
}

fn item(mark: &Mark, record: &Record) -> Item {
    let judged = judge(mark, record);
    let practise = if judged.points < mark.points { mark.practise.clone() } else { String::new() };
    Item {
        what: mark.what.clone(),
        expected: expected(mark, record),
        happened: judged.happened,
        at: judged.at,
        points: judged.points,
        of: mark.points,
        practise,
    }
}

/// What became of a mark.
struct Judged {
    happened: String,
    at: Option<DateTime<Utc>>,
    points: u32,
}

impl Judged {
    fn nothing(happened: impl Into<String>) -> Self {
        Self { happened: happened.into(), at: None, points: 0 }
    }
}

fn judge(mark: &Mark, record: &Record) -> Judged {
    if let Some(given) = &mark.given
        && judge::since(given, record).is_none()
    {
        return Judged::nothing(format!("not shown: it takes {}", judge::expected(given, record)));
    }
    let found = judge::since(&mark.check, record);
    match (mark.never, found) {
        (true, None) => Judged { happened: "it did not happen".to_owned(), at: None, points: mark.points },
        (true, Some(found)) => Judged { at: Some(found.at), ..Judged::nothing(told(&found)) },
        (false, None) => Judged::nothing(judge::otherwise(&mark.check, record)),
        (false, Some(found)) => {
            let (points, remark) = in_time(mark, record, &found);
            Judged { happened: format!("{}{remark}", told(&found)), at: Some(found.at), points }
        }
    }
}

fn told(found: &judge::Found) -> String {
    format!("{}: {}", found.who, found.how)
}

/// The points of what happened, by when it did; with a word where it was not in time.
fn in_time(mark: &Mark, record: &Record, found: &judge::Found) -> (u32, String) {
    let first = mark.before.as_ref().and_then(|before| judge::since(before, record));
    if let Some(first) = first.filter(|first| first.at < found.at) {
        return (0, format!(", but only after: {}", told(&first)));
    }
    let took = found.at - since(mark, record);
    let Some(within) = mark.within else { return (mark.points, String::new()) };
    let after = format!(", after {}", Span(took.max(chrono::TimeDelta::zero())));
    if took <= within.0 {
        (mark.points, after)
    } else if mark.late.is_some_and(|late| took <= late.0) {
        (mark.points / 2, format!("{after}: late"))
    } else {
        (0, format!("{after}: too late"))
    }
}

/// From when the time of a mark counts.
fn since(mark: &Mark, record: &Record) -> DateTime<Utc> {
    let inject = mark.since.as_deref().and_then(|inject| record.played(inject));
    inject.map_or(record.starts, |played| played.at)
}

fn expected(mark: &Mark, record: &Record) -> String {
    let mut said = judge::expected(&mark.check, record);
    if mark.never {
        said = format!("never: {said}");
    }
    if let Some(before) = &mark.before {
        said.push_str(&format!(", before {}", judge::expected(before, record)));
    }
    if let Some(within) = mark.within {
        let from =
            mark.since.as_deref().map_or_else(|| "the start".to_owned(), |inject| format!("'{inject}'"));
        said.push_str(&format!(", within {within} of {from}"));
    }
    if let Some(late) = mark.late {
        said.push_str(&format!(" (half of the points until {late})"));
    }
    said
}
