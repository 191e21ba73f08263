//! What a field is compared with: patterns, bounds, and times that wait for the
//! present.

use std::ops::RangeInclusive;

use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeDelta, TimeZone, Utc};

use crate::triage::date;
use crate::triage::words::words;

/// One value that a field may have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Test {
    /// It has none.
    Absent,
    /// Yes or no.
    Flag(bool),
    /// A word of a vocabulary, by its code.
    Word(String),
    /// A text, the case of its letters aside.
    Like(Pattern),
    /// A number in steps of the field: see [`Kind`](super::Kind).
    Number(Span<i64>),
    /// An instant.
    Time(Span<Moment>),
}

/// A text with gaps: `web*` is `web` and, behind the gap, nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    /// What stands between the gaps, in order; a single piece is the whole text.
    pub pieces: Vec<String>,
}

/// Where on its scale a value lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Span<T> {
    /// There.
    Exactly(T),
    /// `<`
    Below(T),
    /// `<=`
    UpTo(T),
    /// `>`
    Above(T),
    /// `>=`
    From(T),
    /// `a..b`, both included, in either order.
    Between(T, T),
}

impl<T: Copy> Span<T> {
    /// The same with its ends replaced.
    ///
    /// # Errors
    /// The first of `change`.
    pub fn map<U, E>(self, change: impl Fn(T) -> Result<U, E>) -> Result<Span<U>, E> {
        Ok(match self {
            Self::Exactly(one) => Span::Exactly(change(one)?),
            Self::Below(end) => Span::Below(change(end)?),
            Self::UpTo(end) => Span::UpTo(change(end)?),
            Self::Above(end) => Span::Above(change(end)?),
            Self::From(end) => Span::From(change(end)?),
            Self::Between(one, other) => Span::Between(change(one)?, change(other)?),
        })
    }
}

/// The numbers of a span, from the first to before the last, without a limit where there is `None`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// The first that fits.
    pub from: Option<i64>,
    /// The first that fits no more.
    pub before: Option<i64>,
}

impl Span<i64> {
    /// The whole numbers that lie in it.
    pub fn window(self) -> Window {
        self.map(|number| Ok::<_, std::convert::Infallible>((number, number.saturating_add(1))))
            .map_or_else(|never| match never {}, Span::<(i64, i64)>::covered)
    }
}

impl Span<(i64, i64)> {
    /// Of ends that are stretches themselves, each from its first to before its last.
    fn covered(self) -> Window {
        let (from, before) = match self {
            Self::Exactly((start, end)) => (Some(start), Some(end)),
            Self::Below((start, _)) => (None, Some(start)),
            Self::UpTo((_, end)) => (None, Some(end)),
            Self::Above((_, end)) => (Some(end), None),
            Self::From((start, _)) => (Some(start), None),
            Self::Between(one, other) => (Some(one.0.min(other.0)), Some(one.1.max(other.1))),
        };
        Window { from, before }
    }
}

words! {
    /// How ages and waits are counted.
    pub enum Unit ("unit of time") {
        /// 60 minutes.
        Hours = "h",
        /// 24 hours: daylight saving does not move it.
        Days = "d",
        /// Seven of these days.
        Weeks = "w",
    }
}

words! {
    /// A day by its distance from the present one.
    pub enum Near ("day") {
        /// The day before.
        Yesterday = "yesterday",
        /// This day.
        Today = "today",
        /// The day after.
        Tomorrow = "tomorrow",
    }
}

/// A time as it is asked for; which instant it is shows when the present is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// So long from now: ahead for what is to come, ago for what has been.
    Away(i64, Unit),
    /// The whole day, in the reader's zone.
    Near(Near),
    /// The whole day, in the reader's zone.
    Day(NaiveDate),
    /// One second on the reader's clock.
    Local(NaiveDateTime),
    /// One second anywhere.
    At(DateTime<Utc>),
}

/// Years that dates are taken from: those that every clock of the store can hold.
const YEARS: RangeInclusive<i32> = 1970..=9999;

/// Longest distance from now, a hundred years: sums stay inside the calendar.
const FARTHEST: TimeDelta = TimeDelta::days(36_525);

impl Moment {
    /// Reads `7d`, `-12h`, `today`, `2026-11-01`, `2026-11-01T09:00` or an instant in RFC 3339.
    pub(super) fn read(given: &str) -> Option<Self> {
        if let Some(away) = away(given) {
            return Some(away);
        }
        if let Ok(near) = given.parse() {
            return Some(Self::Near(near));
        }
        if let Ok(day) = NaiveDate::parse_from_str(given, "%Y-%m-%d") {
            return YEARS.contains(&chrono::Datelike::year(&day)).then_some(Self::Day(day));
        }
        let year = |at: NaiveDateTime| chrono::Datelike::year(&at);
        if let Ok(at) = DateTime::parse_from_rfc3339(given) {
            let at = DateTime::from_timestamp(at.timestamp(), 0)?;
            return YEARS.contains(&year(at.naive_utc())).then_some(Self::At(at));
        }
        ["%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M"]
            .iter()
            .find_map(|form| NaiveDateTime::parse_from_str(given, form).ok())
            .and_then(|at| chrono::Timelike::with_nanosecond(&at, 0))
            .filter(|at| YEARS.contains(&year(*at)))
            .map(Self::Local)
    }

    /// The seconds since 1970 that it covers, from the first to before the last.
    fn covers<Z: TimeZone>(self, way: Way, now: &DateTime<Z>) -> Option<(i64, i64)> {
        let zone = now.timezone();
        let day = |day: NaiveDate| {
            let first = |day: NaiveDate| date::in_zone(day.and_time(chrono::NaiveTime::MIN), &zone);
            Some((first(day)?.timestamp(), first(day.succ_opt()?)?.timestamp()))
        };
        let today = now.date_naive();
        let second = |at: i64| (at, at.saturating_add(1));
        match self {
            Self::Away(count, unit) => {
                let span = span(count, unit)?.num_seconds();
                let now = now.timestamp();
                Some(second(match way {
                    Way::Ahead => now.saturating_add(span),
                    Way::Ago => now.saturating_sub(span),
                }))
            }
            Self::Near(Near::Yesterday) => day(today.pred_opt()?),
            Self::Near(Near::Today) => day(today),
            Self::Near(Near::Tomorrow) => day(today.succ_opt()?),
            Self::Day(given) => day(given),
            Self::Local(at) => Some(second(date::in_zone(at, &zone)?.timestamp())),
            Self::At(at) => Some(second(at.timestamp())),
        }
    }
}

/// Which way from now the times of a field are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// `<7d` is within the next seven days.
    Ahead,
    /// `<7d` is within the last seven days.
    Ago,
}

impl Span<Moment> {
    /// The seconds since 1970 that lie in it, the present being `now` in the
    /// reader's zone. A time that no calendar has lets nothing through.
    pub fn window<Z: TimeZone>(self, way: Way, now: &DateTime<Z>) -> Window {
        // More than an age is before an instant.
        let turned = match self {
            Self::Below(age @ Moment::Away(..)) if way == Way::Ago => Self::Above(age),
            Self::UpTo(age @ Moment::Away(..)) if way == Way::Ago => Self::From(age),
            Self::Above(age @ Moment::Away(..)) if way == Way::Ago => Self::Below(age),
            Self::From(age @ Moment::Away(..)) if way == Way::Ago => Self::UpTo(age),
            other => other,
        };
        let covered = turned.map(|moment| moment.covers(way, now).ok_or(()));
        covered.map_or(Window { from: Some(i64::MAX), before: Some(i64::MIN) }, Span::<(i64, i64)>::covered)
    }
}

/// `7d`, `-12h`, `2w`.
fn away(given: &str) -> Option<Moment> {
    let unit_at = given.char_indices().next_back()?.0;
    let (count, unit) = given.split_at(unit_at);
    let unit = Unit::ALL.into_iter().find(|known| known.word() == unit)?;
    let digits = count.strip_prefix('-').unwrap_or(count);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let count = count.parse().ok()?;
    span(count, unit).map(|_| Moment::Away(count, unit))
}

fn span(count: i64, unit: Unit) -> Option<TimeDelta> {
    let span = match unit {
        Unit::Hours => TimeDelta::try_hours(count),
        Unit::Days => TimeDelta::try_days(count),
        Unit::Weeks => TimeDelta::try_weeks(count),
    }?;
    (span.abs() <= FARTHEST).then_some(span)
}
