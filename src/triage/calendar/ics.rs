//! Holidays from an iCalendar file (RFC 5545), as calendars are exported.
//!
//! Every VEVENT that is not cancelled is a holiday on each date that it
//! touches. One that repeats does so yearly; a rule of another kind is refused
//! by its name instead of being read half. `calcard` reads the lines: it keeps
//! no stack, so nesting cannot exhaust one. What it reads is bounded here.

use std::collections::{BTreeMap, BTreeSet};

use calcard::common::PartialDateTime;
use calcard::icalendar::{
    ICalendar, ICalendarComponent, ICalendarComponentType, ICalendarFrequency, ICalendarProperty,
    ICalendarRecurrenceRule, ICalendarStatus, ICalendarValue, ICalendarWeekday,
};
use chrono::{Datelike as _, Days, NaiveDate, NaiveDateTime, TimeDelta, TimeZone as _, Weekday};
use chrono_tz::Tz;

/// Bytes of a file that are read at most.
pub const MAX_BYTES: usize = 4 << 20;

/// Dates of all holidays of a file at most.
const MAX_DATES: u64 = 50_000;

/// Holidays of a file that come back, at most.
const MAX_RULES: usize = 200;

/// Entries in a list of a rule at most.
const MAX_LIST: usize = 62;

/// Dates that one holiday covers at most.
const MAX_DAYS: u64 = 31;

/// The first year that a holiday may have begun in.
const EARLIEST: i32 = 1800;

/// Characters of a holiday's name that are kept.
const MAX_NAME: usize = 80;

/// The years in which holidays are known that come back.
pub(in crate::triage) const YEARS: std::ops::RangeInclusive<i32> = 1970..=2100;

/// The holidays in `text`, as dates in `zone`.
///
/// # Errors
/// In words, where this is no calendar, or an event cannot be read rightly;
/// foreign text in them is safe to show.
pub fn holidays(text: &str, zone: Tz) -> Result<BTreeMap<NaiveDate, String>, String> {
    if text.len() > MAX_BYTES {
        return Err(format!("larger than {} MiB", MAX_BYTES >> 20));
    }
    let calendar = ICalendar::parse(text)
        .map_err(|_| "not an iCalendar file, which begins with BEGIN:VCALENDAR".to_owned())?;
    let mut found = BTreeMap::new();
    let (mut dates, mut rules) = (0, 0);
    let events =
        calendar.components.iter().filter(|part| part.component_type == ICalendarComponentType::VEvent);
    for event in events.filter(|event| event.status() != Some(&ICalendarStatus::Cancelled)) {
        let name = name(event);
        let problem = |problem: String| format!("the event '{name}' {problem}");
        let span = Span::of(event, zone).map_err(problem)?;
        rules += usize::from(event.has_property(&ICalendarProperty::Rrule));
        if rules > MAX_RULES {
            return Err(format!("more than {MAX_RULES} holidays come back; export their dates one by one"));
        }
        let except = exceptions(event, zone);
        for start in starts(event, span.first, zone).map_err(problem)? {
            if except.contains(&start) {
                continue;
            }
            let days = (0..span.days).filter_map(|days| start.checked_add_days(Days::new(days)));
            found.extend(days.map(|day| (day, name.clone())));
            dates += span.days;
            if dates > MAX_DATES {
                return Err(format!("more than {MAX_DATES} holidays"));
            }
        }
    }
    Ok(found)
}

/// The summary, safe to show and short.
fn name(event: &ICalendarComponent) -> String {
    let summary =
        event.property(&ICalendarProperty::Summary).and_then(|entry| entry.values.first()?.as_text());
    let shown: String = summary.unwrap_or("holiday").trim().chars().take(MAX_NAME).collect();
    crate::text::line(&shown)
}

/// The dates on which an event begins.
fn starts(event: &ICalendarComponent, first: NaiveDate, zone: Tz) -> Result<Vec<NaiveDate>, String> {
    let otherwise = "repeats otherwise than by one plain yearly rule; export its dates one by one";
    if event.has_property(&ICalendarProperty::Rdate) || event.has_property(&ICalendarProperty::RecurrenceId) {
        return Err(otherwise.to_owned());
    }
    let Some(entry) = event.property(&ICalendarProperty::Rrule) else { return Ok(vec![first]) };
    match entry.values.first() {
        Some(ICalendarValue::RecurrenceRule(rule)) => {
            repeated(rule, first, zone).ok_or_else(|| otherwise.to_owned())
        }
        _ => Err(otherwise.to_owned()),
    }
}

/// The dates of an event that happens once, or for the first time.
struct Span {
    first: NaiveDate,
    days: u64,
}

impl Span {
    fn of(event: &ICalendarComponent, zone: Tz) -> Result<Self, String> {
        let moment = |property| {
            let entry = event.property(property)?;
            Some(entry.values.first()?.as_partial_date_time().and_then(|value| Moment::of(value, zone)))
        };
        let unreadable = |what: &str| format!("has no {what} that can be read");
        let start = moment(&ICalendarProperty::Dtstart).flatten().ok_or_else(|| unreadable("DTSTART"))?;
        let end = match moment(&ICalendarProperty::Dtend) {
            Some(end) => Some(end.ok_or_else(|| unreadable("DTEND"))?.at),
            None => duration(event).and_then(|span| start.at.checked_add_signed(span)),
        };
        // The end is not part of it any more; without one it is on one date.
        let last =
            end.filter(|end| *end > start.at).map_or(start.at, |end| end - TimeDelta::seconds(1)).date();
        let first = start.at.date();
        if first.year() < EARLIEST {
            return Err(format!("begins in the year {}; it may be {EARLIEST} or later", first.year()));
        }
        let days = u64::try_from((last - first).num_days()).unwrap_or(0) + 1;
        if days > MAX_DAYS {
            return Err(format!("goes over {days} days; a holiday has at most {MAX_DAYS}"));
        }
        Ok(Self { first, days })
    }
}

fn duration(event: &ICalendarComponent) -> Option<TimeDelta> {
    match event.property(&ICalendarProperty::Duration)?.values.first()? {
        ICalendarValue::Duration(duration) => TimeDelta::try_seconds(duration.as_seconds()),
        _ => None,
    }
}

/// A local time; one in UTC is that of the team's zone, any other counts on the
/// date that is written, which is the holiday's wherever that is.
struct Moment {
    at: NaiveDateTime,
}

impl Moment {
    fn of(value: &PartialDateTime, zone: Tz) -> Option<Self> {
        let date = NaiveDate::from_ymd_opt(value.year?.into(), value.month?.into(), value.day?.into())?;
        let part = |part: Option<u8>| u32::from(part.unwrap_or(0));
        let at = date.and_hms_opt(part(value.hour), part(value.minute), part(value.second).min(59))?;
        let in_utc = value.hour.is_some() && value.tz_hour.is_some();
        let local = |at: NaiveDateTime| zone.from_utc_datetime(&at).naive_local();
        Some(Self { at: if in_utc { local(at) } else { at } })
    }
}

/// The dates that EXDATE takes out.
fn exceptions(event: &ICalendarComponent, zone: Tz) -> BTreeSet<NaiveDate> {
    let entries = event.entries.iter().filter(|entry| entry.name == ICalendarProperty::Exdate);
    let values =
        entries.flat_map(|entry| entry.values.iter().filter_map(ICalendarValue::as_partial_date_time));
    values.filter_map(|value| Moment::of(value, zone)).map(|moment| moment.at.date()).collect()
}

/// The dates of a plain yearly rule; none of another one.
fn repeated(rule: &ICalendarRecurrenceRule, first: NaiveDate, zone: Tz) -> Option<Vec<NaiveDate>> {
    let is_plain = rule.freq == ICalendarFrequency::Yearly
        && rule.byyearday.is_empty()
        && rule.byweekno.is_empty()
        && rule.bysetpos.is_empty()
        && rule.rscale.is_none()
        && [rule.bymonth.len(), rule.bymonthday.len(), rule.byday.len()]
            .iter()
            .all(|length| *length <= MAX_LIST);
    if !is_plain {
        return None;
    }
    let until = rule.until.as_ref().and_then(|until| Moment::of(until, zone)).map(|until| until.at.date());
    let step = usize::from(rule.interval.unwrap_or(1).max(1));
    let most = rule.count.map_or(usize::MAX, |count| count as usize);
    let years = (first.year()..=*YEARS.end()).step_by(step);
    let dates = years.flat_map(|year| in_year(rule, first, year)).filter(|date| *date >= first);
    let known = dates.take_while(|date| until.is_none_or(|until| *date <= until)).take(most);
    Some(known.filter(|date| YEARS.contains(&date.year())).collect())
}

/// The dates of one year that a rule names, in order.
fn in_year(rule: &ICalendarRecurrenceRule, first: NaiveDate, year: i32) -> Vec<NaiveDate> {
    let named: Vec<u32> = rule.bymonth.iter().map(|month| u32::from(month.month())).collect();
    let whole_year = rule.bymonth.is_empty() && !(rule.byday.is_empty() && rule.bymonthday.is_empty());
    let is_named = |month: &u32| match (whole_year, named.is_empty()) {
        (true, _) => true,
        (false, true) => *month == first.month(),
        (false, false) => named.contains(month),
    };
    let months = (1..=12).filter(is_named);
    let days =
        months.flat_map(|month| (1..=31).filter_map(move |day| NaiveDate::from_ymd_opt(year, month, day)));
    days.filter(|date| is_meant(rule, first, *date, whole_year)).collect()
}

/// Whether the BYDAY and BYMONTHDAY of a rule, or without them the day of its
/// first date, mean `date`.
fn is_meant(rule: &ICalendarRecurrenceRule, first: NaiveDate, date: NaiveDate, whole_year: bool) -> bool {
    if rule.byday.is_empty() && rule.bymonthday.is_empty() {
        return date.day() == first.day();
    }
    let (start, end) = if whole_year { year_of(date) } else { month_of(date) };
    let by_weekday = rule.byday.iter().any(|day| {
        let nth = (date - start).num_days() / 7 + 1;
        let nth_last = -((end - date).num_days() / 7 + 1);
        let is_nth = day.ordwk.is_none_or(|wanted| i64::from(wanted) == nth || i64::from(wanted) == nth_last);
        weekday(&day.weekday) == date.weekday() && is_nth
    });
    let (_, month_end) = month_of(date);
    let from_end = i64::from(date.day()) - i64::from(month_end.day()) - 1;
    let by_day = rule
        .bymonthday
        .iter()
        .any(|day| i64::from(*day) == i64::from(date.day()) || i64::from(*day) == from_end);
    (rule.byday.is_empty() || by_weekday) && (rule.bymonthday.is_empty() || by_day)
}

/// The first and the last date of the month of `date`.
fn month_of(date: NaiveDate) -> (NaiveDate, NaiveDate) {
    let first = date - TimeDelta::days(i64::from(date.day0()));
    let last = (28..=31).rev().find_map(|day| date.with_day(day)).unwrap_or(date);
    (first, last)
}

fn year_of(date: NaiveDate) -> (NaiveDate, NaiveDate) {
    let at = |month, day| NaiveDate::from_ymd_opt(date.year(), month, day).unwrap_or(date);
    (at(1, 1), at(12, 31))
}

fn weekday(day: &ICalendarWeekday) -> Weekday {
    match day {
        ICalendarWeekday::Monday => Weekday::Mon,
        ICalendarWeekday::Tuesday => Weekday::Tue,
        ICalendarWeekday::Wednesday => Weekday::Wed,
        ICalendarWeekday::Thursday => Weekday::Thu,
        ICalendarWeekday::Friday => Weekday::Fri,
        ICalendarWeekday::Saturday => Weekday::Sat,
        ICalendarWeekday::Sunday => Weekday::Sun,
    }
}
