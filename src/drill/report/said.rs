//! The words that every form of a report says alike.

use chrono::{DateTime, SecondsFormat, Utc};

use super::{Line, Report};
use crate::drill::Item;
use crate::text::block;

pub(super) use crate::triage::mark::MARK;

/// Heads of the table of the marks.
pub(super) const ITEM_HEADS: [&str; 6] = ["points", "mark", "what", "expected", "happened", "when (UTC)"];

/// `2026-11-23 09:02`: for a column whose head names the zone.
pub(super) fn minute(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%d %H:%M").to_string()
}

/// `Mon 23 Nov 2026`.
pub(super) fn day(at: DateTime<Utc>) -> String {
    at.format("%a %d %b %Y").to_string()
}

/// `2026-11-23T09:02:00Z`.
pub(super) fn instant(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// When a mark was reached, or a dash.
pub(super) fn minute_or_none(at: Option<DateTime<Utc>>) -> String {
    at.map_or_else(|| "-".to_owned(), minute)
}

/// `2026-11-23 09:00 to 2026-11-25 09:00 UTC (2 days)`.
pub(super) fn period(report: &Report) -> String {
    let (from, to) = (minute(report.began), minute(report.ended));
    format!("{from} to {to} UTC, {} of drill time", span((report.ended - report.began).num_minutes()))
}

/// Minutes in the two largest units.
fn span(minutes: i64) -> String {
    let minutes = minutes.max(0);
    let units = [(minutes / 1440, "day"), (minutes / 60 % 24, "hour"), (minutes % 60, "minute")];
    let told: Vec<String> = units
        .iter()
        .filter(|(number, _)| *number > 0)
        .take(2)
        .map(|(number, of)| counted(*number, of))
        .collect();
    if told.is_empty() { counted(0, "minute") } else { told.join(" ") }
}

/// `1 hint`, `2 hints`.
pub(super) fn counted(number: i64, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}

/// `31 of 40 points`.
pub(super) fn points(report: &Report) -> String {
    format!("{} of {}", report.score.points, counted(i64::from(report.score.of), "point"))
}

/// `2 hints`, `no hints`.
pub(super) fn hints(report: &Report) -> String {
    match report.hints {
        0 => "no hints".to_owned(),
        number => counted(i64::try_from(number).unwrap_or(i64::MAX), "hint"),
    }
}

/// Who took part. Foreign text.
pub(super) fn team(report: &Report) -> String {
    if report.team.is_empty() { "nobody".to_owned() } else { report.team.join(", ") }
}

/// Points that a mark could have brought and did not.
pub(super) fn lost(item: &Item) -> u32 {
    item.of.saturating_sub(item.points)
}

/// How much of a mark was reached.
pub(super) fn grade(item: &Item) -> &'static str {
    match (lost(item), item.points) {
        (0, _) => "full",
        (_, 0) => "none",
        _ => "part",
    }
}

/// The word for a line of the picture.
pub(super) fn word(line: Line) -> &'static str {
    match line {
        Line::Came => "came",
        Line::Done => "done",
        Line::Late => "late",
        Line::Remark => "remark",
    }
}

/// Text of several lines as one: scenarios break theirs as they like.
pub(super) fn flowing(foreign: &str) -> String {
    block(foreign).split_whitespace().collect::<Vec<_>>().join(" ")
}
