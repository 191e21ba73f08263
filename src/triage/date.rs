//! Reading the date that a person types for a disclosure.

use std::fmt;

use chrono::{DateTime, Datelike as _, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Utc};

use super::case::{Case, Disclosure, DisclosureSource};

/// A disclosure date as a person asks for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wish {
    when: When,
    source: DisclosureSource,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum When {
    At(DateTime<Utc>),
    /// Moved from the date that stands.
    Moved(TimeDelta),
    FromReceipt(TimeDelta),
    FromNow(TimeDelta),
    ByPolicy,
}

/// The forms that are understood, for hints and help.
pub const FORMS: &str = "+7d, -2w, 2026-12-24, 2026-12-24 17:00, 30d from receipt, 14d from now, policy; with 'reporter' or 'agreed' behind it to say whose date it is";

/// A date that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    given: String,
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cannot read the date '{}'; write it as {FORMS}", crate::text::line(&self.given))
    }
}

impl std::error::Error for Unreadable {}

/// A date that leads out of the years that dates can be written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("that leads out of the years {} to {}, in which dates can be written; write a nearer date", YEARS.0, YEARS.1)]
pub struct OutOfYears;

/// The first and the last year of a date that a person gives. Behind them
/// RFC 3339, in which dates are stored and told, ends.
const YEARS: (i32, i32) = (1970, 9999);

/// Whether `at` can be written as a date.
pub fn is_writable(at: DateTime<Utc>) -> bool {
    // The first hours of a local 1970 lie in the year before.
    (YEARS.0 - 1..=YEARS.1).contains(&at.year())
}

impl Wish {
    /// Reads `given`; dates without a zone are taken in `zone`, a date without
    /// a time as its first instant, which is the earliest reading.
    ///
    /// # Errors
    /// [`Unreadable`] names the forms that are understood.
    pub fn read<Z: TimeZone>(given: &str, zone: &Z) -> Result<Self, Unreadable> {
        let unreadable = || Unreadable { given: given.to_owned() };
        let trimmed = given.trim();
        let (rest, source) = match trimmed.rsplit_once(char::is_whitespace) {
            Some((rest, word)) if !word.eq_ignore_ascii_case("policy") => match word.parse() {
                Ok(source) => (rest.trim(), source),
                Err(_) => (trimmed, DisclosureSource::Agreed),
            },
            _ => (trimmed, DisclosureSource::Agreed),
        };
        if rest.eq_ignore_ascii_case("policy") {
            return Ok(Self { when: When::ByPolicy, source: DisclosureSource::Policy });
        }
        let when = if let Some(span) = rest.strip_suffix("from receipt") {
            When::FromReceipt(span_of(span).ok_or_else(unreadable)?)
        } else if let Some(span) = rest.strip_suffix("from now").or_else(|| rest.strip_prefix("in ")) {
            When::FromNow(span_of(span).ok_or_else(unreadable)?)
        } else if let Some(span) = rest.strip_prefix('+') {
            When::Moved(span_of(span).ok_or_else(unreadable)?)
        } else if let Some(span) = rest.strip_prefix('-') {
            When::Moved(-span_of(span).ok_or_else(unreadable)?)
        } else {
            When::At(instant(rest, zone).ok_or_else(unreadable)?)
        };
        Ok(Self { when, source })
    }

    /// The disclosure that `case` gets by this wish; `by_policy` is what its policy says.
    ///
    /// # Errors
    /// When its date cannot be written.
    pub fn resolve(
        self,
        case: &Case,
        by_policy: &Disclosure,
        now: DateTime<Utc>,
    ) -> Result<Disclosure, OutOfYears> {
        let moved = |from: DateTime<Utc>, by: TimeDelta| from.checked_add_signed(by);
        let at = match self.when {
            When::At(at) => Some(at),
            When::Moved(by) => moved(case.disclosure.at, by),
            When::FromReceipt(by) => moved(case.received_at, by),
            When::FromNow(by) => moved(now, by),
            When::ByPolicy => Some(by_policy.at),
        };
        let at = at.filter(|at| is_writable(*at)).ok_or(OutOfYears)?;
        Ok(match self.when {
            When::ByPolicy => by_policy.clone(),
            _ => Disclosure { at, source: self.source, why: String::new() },
        })
    }
}

/// The forms of a [`moment`], for hints and help.
pub const MOMENTS: &str = "now, 3d ago, in 2h, 2026-12-24, 2026-12-24 17:00, 2026-12-24T17:00:00Z";

/// An instant that is told from the present or by its date; dates without a
/// zone are taken in `zone`, a date without a time as its first instant.
///
/// # Errors
/// In words, with the forms that are understood.
pub fn moment<Z: TimeZone>(given: &str, zone: &Z, now: DateTime<Utc>) -> Result<DateTime<Utc>, String> {
    let trimmed = given.trim();
    let at = if trimmed.eq_ignore_ascii_case("now") {
        Some(now)
    } else if let Some(span) = trimmed.strip_suffix("ago") {
        span_of(span).and_then(|span| now.checked_sub_signed(span))
    } else if let Some(span) = trimmed.strip_prefix("in ") {
        span_of(span).and_then(|span| now.checked_add_signed(span))
    } else {
        instant(trimmed, zone)
    };
    at.filter(|at| is_writable(*at))
        .ok_or_else(|| format!("'{}' is not an instant; write it as {MOMENTS}", crate::text::line(given)))
}

/// A span of time that a person types: `7d`, `2w`, `48h`.
///
/// # Errors
/// In words, with the forms that are understood.
pub fn span(given: &str) -> Result<TimeDelta, String> {
    let misread =
        || format!("'{}' is not a span of time; write it as 48h, 7d or 2w", crate::text::line(given));
    span_of(given).ok_or_else(misread)
}

/// `7d`, `2w`, `48h`; at most a hundred years, so that sums stay inside the calendar.
fn span_of(given: &str) -> Option<TimeDelta> {
    let given = given.trim();
    let digits = given.find(|c: char| !c.is_ascii_digit())?;
    let count: i64 = given[..digits].parse().ok()?;
    let span = match given[digits..].trim() {
        "h" | "hour" | "hours" => TimeDelta::try_hours(count),
        "d" | "day" | "days" => TimeDelta::try_days(count),
        "w" | "week" | "weeks" => TimeDelta::try_weeks(count),
        _ => None,
    }?;
    (span <= TimeDelta::days(36_525)).then_some(span)
}

/// An instant: RFC 3339, or a local date with or without a time of day. None
/// before 1970 or behind the year 9999.
pub fn instant<Z: TimeZone>(given: &str, zone: &Z) -> Option<DateTime<Utc>> {
    let given = given.trim();
    if let Ok(at) = DateTime::parse_from_rfc3339(given) {
        return Some(at.to_utc()).filter(|utc| at.year() >= YEARS.0 && is_writable(*utc));
    }
    let local = NaiveDate::parse_from_str(given, "%Y-%m-%d")
        .map(|date| date.and_time(NaiveTime::MIN))
        .ok()
        .or_else(|| {
        ["%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M:%S"]
            .iter()
            .find_map(|form| NaiveDateTime::parse_from_str(given, form).ok())
    })?;
    if local.year() < YEARS.0 {
        return None;
    }
    in_zone(local, zone).filter(|at| is_writable(*at))
}

/// A local time as an instant; one that daylight saving skips is taken an hour later.
pub(super) fn in_zone<Z: TimeZone>(local: NaiveDateTime, zone: &Z) -> Option<DateTime<Utc>> {
    let skipped = || zone.from_local_datetime(&(local + TimeDelta::hours(1))).earliest();
    let later_that_day = || zone.from_local_datetime(&(local.checked_add_days(Days::new(1))?)).earliest();
    zone.from_local_datetime(&local).earliest().or_else(skipped).or_else(later_that_day).map(|at| at.to_utc())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::triage::Person;
    use crate::triage::message::Encryption;

    #[test]
    fn dates_end_where_they_can_no_longer_be_written() {
        for given in ["1969-12-31", "1969-12-31T23:00:00Z", "10000-01-01", "0001-01-01T00:00:00Z"] {
            assert_eq!(instant(given, &Utc), None, "{given}");
        }
        assert_eq!(instant("9999-12-31T23:00:00-05:00", &Utc), None, "it is the year 10000 in UTC");
        for given in ["1970-01-01", "9999-12-31", "1970-01-01T00:00:00+02:00"] {
            assert!(instant(given, &Utc).is_some(), "{given}");
        }
        let now = instant("9999-12-01", &Utc).unwrap();
        let mut case = Case::opened("SEC-1".into(), "x", Person::default(), now, Encryption::None);
        case.disclosure.at = now;
        let by_policy = case.disclosure.clone();
        for given in ["+31d", "31d from receipt", "in 5w", "+5200w"] {
            let wish = Wish::read(given, &Utc).unwrap();
            assert_eq!(wish.resolve(&case, &by_policy, now), Err(OutOfYears), "{given}");
        }
        assert!(Wish::read("+30d", &Utc).unwrap().resolve(&case, &by_policy, now).is_ok());
        assert!(moment("in 31d", &Utc, now).is_err());
    }

    #[test]
    fn a_moment_is_told_from_the_present_or_by_its_date() {
        let now: DateTime<Utc> = "2026-11-23T12:00:00Z".parse().unwrap();
        let table = [
            ("now", "2026-11-23T12:00:00Z"),
            ("2h ago", "2026-11-23T10:00:00Z"),
            ("3 days ago", "2026-11-20T12:00:00Z"),
            ("in 2h", "2026-11-23T14:00:00Z"),
            ("2026-11-20", "2026-11-20T00:00:00Z"),
            ("2026-11-20 09:30", "2026-11-20T09:30:00Z"),
            ("2026-11-20T09:30:00+01:00", "2026-11-20T08:30:00Z"),
        ];
        for (given, expected) in table {
            let expected: DateTime<Utc> = expected.parse().unwrap();
            assert_eq!(moment(given, &Utc, now), Ok(expected), "{given}");
        }
        for given in ["", "soon", "ago", "3 moons ago", "2026-02-30", "in"] {
            let told = moment(given, &Utc, now).unwrap_err();
            assert!(told.contains("write it as now, 3d ago"), "{given}: {told}");
        }
        assert_eq!(span("36h"), Ok(TimeDelta::hours(36)));
        assert!(span("tomorrow").unwrap_err().contains("48h, 7d or 2w"));
    }
}
