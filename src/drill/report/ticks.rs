//! The axis of the picture: where an instant stands on it, and the instants
//! that it names. All in UTC.

use chrono::{DateTime, Datelike as _, Utc};

use super::Report;

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
const WEEK: i64 = 7 * DAY;

/// Spans between ticks that people count in.
const STEPS: [i64; 19] = [
    10,
    30,
    MINUTE,
    2 * MINUTE,
    5 * MINUTE,
    10 * MINUTE,
    15 * MINUTE,
    30 * MINUTE,
    HOUR,
    2 * HOUR,
    3 * HOUR,
    6 * HOUR,
    12 * HOUR,
    DAY,
    2 * DAY,
    4 * DAY,
    WEEK,
    2 * WEEK,
    4 * WEEK,
];

/// Spans that an axis has at most, so that their names do not touch.
const MOST: i64 = 10;

/// The first Monday of Unix time: steps of weeks begin on Mondays.
const MONDAY: i64 = 4 * DAY;

/// The time that the picture shows.
pub(super) struct Axis {
    from: DateTime<Utc>,
    to: DateTime<Utc>,
}

/// An instant that the axis names.
#[derive(Debug, PartialEq)]
pub(super) struct Tick {
    /// Where it stands, from 0 to 1.
    pub(super) share: f64,
    /// Its name: an hour, or a day where the span is long.
    pub(super) name: String,
    /// The day of the hour or the year of the day, where it is a new one.
    pub(super) below: Option<String>,
}

impl Axis {
    /// From the beginning of the drill to its end, and as far beyond as something happened.
    pub(super) fn over(report: &Report) -> Self {
        let instants = || report.timeline.iter().map(|entry| entry.at).chain([report.began, report.ended]);
        let from = instants().min().unwrap_or(report.began);
        Self { from, to: instants().max().unwrap_or(report.ended) }
    }

    /// Where an instant stands, from 0 to 1.
    pub(super) fn share(&self, at: DateTime<Utc>) -> f64 {
        let from = self.from.timestamp_millis();
        let passed = (at.timestamp_millis() - from) as f64;
        // A drill that ended at once has an axis all the same.
        let whole = (self.to.timestamp_millis() - from).max(1) as f64;
        (passed / whole).clamp(0.0, 1.0)
    }

    /// The instants that it names, in their order.
    pub(super) fn ticks(&self) -> Vec<Tick> {
        let step = step((self.to - self.from).num_seconds());
        let origin = if step >= WEEK { MONDAY } else { 0 };
        let ceiling = |seconds: i64| {
            let past = (seconds - origin).rem_euclid(step);
            if past == 0 { seconds } else { seconds - past + step }
        };
        let first = ceiling(self.from.timestamp() + i64::from(self.from.timestamp_subsec_nanos() > 0));
        let mut ticks = Vec::new();
        let mut before = None;
        for number in 0..=MOST {
            let Some(at) = DateTime::from_timestamp(first + number * step, 0) else { break };
            if at > self.to {
                break;
            }
            ticks.push(self.tick(at, before, step));
            before = Some(at);
        }
        ticks
    }

    fn tick(&self, at: DateTime<Utc>, before: Option<DateTime<Utc>>, step: i64) -> Tick {
        let (name, below, is_new) = if step >= DAY {
            ("%d %b", "%Y", before.is_none_or(|before| before.year() != at.year()))
        } else {
            let name = if step < MINUTE { "%H:%M:%S" } else { "%H:%M" };
            (name, "%d %b", before.is_none_or(|before| before.date_naive() != at.date_naive()))
        };
        let below = is_new.then(|| at.format(below).to_string());
        Tick { share: self.share(at), name: at.format(name).to_string(), below }
    }
}

/// The smallest step that does not crowd the axis.
fn step(seconds: i64) -> i64 {
    let longer = std::iter::successors(Some(8 * WEEK), |step| step.checked_mul(2));
    STEPS.into_iter().chain(longer).find(|step| seconds / step <= MOST).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    fn names(from: &str, span: TimeDelta) -> Vec<String> {
        let from: DateTime<Utc> = from.parse().unwrap();
        let ticks = Axis { from, to: from + span }.ticks();
        ticks.into_iter().map(|tick| format!("{} {}", tick.name, tick.below.unwrap_or_default())).collect()
    }

    #[test]
    fn ticks_stand_where_people_count() {
        let hours = names("2026-11-23T20:10:00Z", TimeDelta::hours(8));
        assert_eq!(hours[..2], ["21:00 23 Nov", "22:00 "]);
        assert_eq!(hours[3..5], ["00:00 24 Nov", "01:00 "]);
        let days = names("2026-12-29T20:10:00Z", TimeDelta::days(5));
        assert_eq!(days[..3], ["00:00 30 Dec", "12:00 ", "00:00 31 Dec"]);
        let more = names("2026-12-29T20:10:00Z", TimeDelta::days(6));
        assert_eq!(more[..3], ["30 Dec 2026", "31 Dec ", "01 Jan 2027"]);
        let weeks = names("2026-12-01T00:00:00Z", TimeDelta::days(60));
        assert_eq!(weeks[0], "07 Dec 2026");
        assert_eq!(weeks[4], "04 Jan 2027");
    }

    #[test]
    fn every_span_has_some_ticks_and_not_too_many() {
        for minutes in [1, 7, 59, 60, 61, 240, 1440, 3000, 10_000, 100_000, 288_000, 5_000_000] {
            let found = names("2026-11-23T20:10:03Z", TimeDelta::minutes(minutes)).len();
            assert!((3..=11).contains(&found), "{found} in {minutes} minutes");
        }
    }

    #[test]
    fn a_drill_without_time_has_an_axis() {
        let from: DateTime<Utc> = "2026-11-23T20:10:03Z".parse().unwrap();
        let axis = Axis { from, to: from };
        assert_eq!((axis.share(from), axis.ticks().len()), (0.0, 0));
    }
}
