//! The team's calendar: its zone, its work days and hours, holidays, absences.
//!
//! It counts; it does not know what is counted. The present is handed in.

mod hours;
pub mod ics;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use chrono::{
    DateTime, Datelike as _, NaiveDate, NaiveDateTime, NaiveTime, Offset as _, TimeDelta, TimeZone as _, Utc,
    Weekday,
};
use chrono_tz::Tz;

use super::date;

pub use hours::WorkHours;

/// Days in a row off at which the search for a work day is given up.
const LONGEST_LEAVE: usize = 400;

/// Days over which working hours are counted at most: a hundred years.
const LONGEST_WORK: usize = 36_525;

/// When the team works.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    /// The zone whose dates and hours count.
    pub zone: Tz,
    /// The days of the week that are worked, from Monday on.
    pub work_days: [bool; 7],
    /// The hours of a work day.
    pub work_hours: WorkHours,
    /// Days off, by their date in the zone, with their names.
    pub holidays: BTreeMap<NaiveDate, String>,
    /// Who is away.
    pub absences: Vec<Absence>,
}

/// Somebody is away, from the first to the last of these dates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Absence {
    /// Who, by the name that cases are assigned to.
    pub person: String,
    /// The first date away.
    pub from: NaiveDate,
    /// The last date away.
    pub to: NaiveDate,
}

/// Monday to Friday, 9 to 17 o'clock UTC, no holidays.
impl Default for Calendar {
    fn default() -> Self {
        Self {
            zone: Tz::UTC,
            work_days: [true, true, true, true, true, false, false],
            work_hours: WorkHours::default(),
            holidays: BTreeMap::new(),
            absences: Vec::new(),
        }
    }
}

impl Calendar {
    /// The date that it is in the zone at `at`.
    pub fn date_of(&self, at: DateTime<Utc>) -> NaiveDate {
        self.local(at).date()
    }

    /// The first instant of `date` in the zone.
    pub fn start_of(&self, date: NaiveDate) -> DateTime<Utc> {
        let midnight = date.and_time(NaiveTime::MIN);
        date::in_zone(midnight, &self.zone).unwrap_or_else(|| midnight.and_utc())
    }

    /// What clocks in the zone show at `at`; at the ends of time what those in UTC do.
    fn local(&self, at: DateTime<Utc>) -> NaiveDateTime {
        let utc = at.naive_utc();
        utc.checked_add_offset(self.zone.offset_from_utc_datetime(&utc).fix()).unwrap_or(utc)
    }

    /// Whether the team works on `date`.
    pub fn is_work_day(&self, date: NaiveDate) -> bool {
        self.works_on(date.weekday()) && !self.holidays.contains_key(&date)
    }

    /// Why the team does not work on `date`: the holiday's name, or the day of
    /// the week.
    pub fn day_off(&self, date: NaiveDate) -> Option<&str> {
        const NAMES: [&str; 7] =
            ["a Monday", "a Tuesday", "a Wednesday", "a Thursday", "a Friday", "a Saturday", "a Sunday"];
        let off = || {
            (!self.works_on(date.weekday())).then(|| NAMES[date.weekday().num_days_from_monday() as usize])
        };
        self.holidays.get(&date).map(String::as_str).or_else(off)
    }

    fn works_on(&self, weekday: Weekday) -> bool {
        self.work_days[weekday.num_days_from_monday() as usize]
    }

    /// The first instant of the next date in the zone.
    pub fn next_day(&self, at: DateTime<Utc>) -> DateTime<Utc> {
        let midnight = self.date_of(at).succ_opt().and_then(|date| self.instant(date, NaiveTime::MIN));
        midnight.unwrap_or(DateTime::<Utc>::MAX_UTC)
    }

    /// Working days from one instant to another: the work days after the date
    /// of `from`, up to and with the date of `to`, in the zone. From Friday to
    /// Monday is one; within one date there is none. Backwards it is the same
    /// number below zero, so that the parts of a way sum up to the whole.
    pub fn working_days(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> i64 {
        let (from, to) = (self.date_of(from), self.date_of(to));
        if from <= to { self.work_days_after(from, to) } else { -self.work_days_after(to, from) }
    }

    /// Work days in `(from, to]`: whole weeks at once, so that any span is cheap.
    fn work_days_after(&self, from: NaiveDate, to: NaiveDate) -> i64 {
        let span = (to - from).num_days();
        let weekly = self.work_days.iter().filter(|works| **works).count() as i64;
        let first = i64::from(from.weekday().num_days_from_monday());
        let worked = |day: &i64| self.work_days[(first + day).rem_euclid(7) as usize];
        let rest = (1..=span % 7).filter(worked).count() as i64;
        let holidays =
            self.holidays.range(from..=to).filter(|(date, _)| **date > from && self.works_on(date.weekday()));
        span / 7 * weekly + rest - holidays.count() as i64
    }

    /// The same time of day `count` work days later; `None` where so many are
    /// not worked within a hundred years.
    pub fn after_work_days(&self, at: DateTime<Utc>, count: u32) -> Option<DateTime<Utc>> {
        let Some(before) = count.checked_sub(1) else { return Some(at) };
        let days = self.date_of(at).iter_days().skip(1).take(LONGEST_WORK);
        let day = days.filter(|day| self.is_work_day(*day)).nth(usize::try_from(before).ok()?)?;
        self.instant(day, self.local(at).time())
    }

    /// The same time of day on the first work day at or after `at`; `at` itself
    /// where no day is worked for more than a year.
    pub fn next_work_day(&self, at: DateTime<Utc>) -> DateTime<Utc> {
        let date = self.date_of(at);
        let time = self.local(at).time();
        match date.iter_days().take(LONGEST_LEAVE).find(|day| self.is_work_day(*day)) {
            Some(day) if day != date => self.instant(day, time).unwrap_or(at),
            _ => at,
        }
    }

    /// `hours` working hours after `at`: time runs only within the hours of
    /// work days, and an hour is 3600 seconds, whatever the clocks do. Counting
    /// ends after a hundred years, at the last instant that was worked.
    pub fn after_working_hours(&self, at: DateTime<Utc>, hours: u32) -> DateTime<Utc> {
        let mut left = TimeDelta::hours(i64::from(hours));
        let mut end = at;
        for day in self.date_of(at).iter_days().take(LONGEST_WORK) {
            let Some((opens, closes)) = self.shift(day).filter(|(_, closes)| *closes > at) else { continue };
            let from = opens.max(at);
            if left <= closes - from {
                return from + left;
            }
            left -= closes - from;
            end = closes;
        }
        end
    }

    /// The hours of a work day as instants; none where it is off.
    fn shift(&self, date: NaiveDate) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
        if !self.is_work_day(date) {
            return None;
        }
        let opens = self.instant(date, self.work_hours.opens())?;
        let closes = match self.work_hours.closes() {
            Some(time) => self.instant(date, time)?,
            None => self.instant(date.succ_opt()?, NaiveTime::MIN)?,
        };
        (opens < closes).then_some((opens, closes))
    }

    /// A local time as an instant; the earlier one where it is there twice, the
    /// first after it where daylight saving skips it.
    fn instant(&self, date: NaiveDate, time: NaiveTime) -> Option<DateTime<Utc>> {
        date::in_zone(date.and_time(time), &self.zone)
    }

    /// Who is away at `at`, in the order of the configuration.
    pub fn absent(&self, at: DateTime<Utc>) -> impl Iterator<Item = &Absence> {
        let date = self.date_of(at);
        self.absences.iter().filter(move |absence| absence.from <= date && date <= absence.to)
    }
}
