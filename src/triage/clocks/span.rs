//! Spans of time: added without overflow, and said in words.

use chrono::{DateTime, TimeDelta, Utc};

/// `start + span`, held at the end of time instead of overflowing.
pub(in crate::triage) fn after(start: DateTime<Utc>, span: TimeDelta) -> DateTime<Utc> {
    start.checked_add_signed(span).unwrap_or(DateTime::<Utc>::MAX_UTC)
}

/// So many hours; less than none is none, and what no calendar holds is the longest span.
pub(in crate::triage) fn hours(count: i64) -> TimeDelta {
    TimeDelta::try_hours(count.max(0)).unwrap_or(TimeDelta::MAX)
}

/// So many days of 24 hours, bounded as [`hours`] are.
pub(super) fn days(count: i64) -> TimeDelta {
    TimeDelta::try_days(count.max(0)).unwrap_or(TimeDelta::MAX)
}

/// `1 day`, `2 days`; less than none is none, as in [`hours`].
pub(super) fn count(number: i64, unit: &str) -> String {
    let number = number.max(0);
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {unit}{plural}")
}

/// A span to the second: `90 days`, `1 day 3 hours`, `0 seconds`. Its direction is not told.
pub fn in_words(span: TimeDelta) -> String {
    let seconds = span.num_seconds().saturating_abs();
    let parts = [
        (seconds / 86_400, "day"),
        (seconds / 3_600 % 24, "hour"),
        (seconds / 60 % 60, "minute"),
        (seconds % 60, "second"),
    ];
    let said: Vec<String> = parts
        .into_iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, unit)| count(number, unit))
        .collect();
    if said.is_empty() { count(0, "second") } else { said.join(" ") }
}
