//! The reader's time zone, and the forms in which the console shows instants.

use chrono::{DateTime, FixedOffset, Local, Offset as _, TimeZone as _, Utc};

use crate::triage::date::{self, Unreadable, Wish};

/// In which zone times are shown and typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Zone {
    /// The machine's, with its daylight saving.
    Local,
    /// A fixed distance from UTC, so that tests do not depend on the machine.
    #[cfg(test)]
    Fixed(FixedOffset),
}

impl Zone {
    /// `at` as this zone's clocks show it.
    pub fn show(self, at: DateTime<Utc>) -> DateTime<FixedOffset> {
        let offset = match self {
            Zone::Local => Local.offset_from_utc_datetime(&at.naive_utc()).fix(),
            #[cfg(test)]
            Zone::Fixed(offset) => offset,
        };
        at.with_timezone(&offset)
    }

    /// `23 Nov 09:02`, with the year where it is not `now`'s.
    pub fn short(self, at: DateTime<Utc>, now: DateTime<Utc>) -> String {
        use chrono::Datelike as _;
        let (shown, present) = (self.show(at), self.show(now));
        let form = if shown.year() == present.year() { "%d %b %H:%M" } else { "%d %b %Y" };
        shown.format(form).to_string()
    }

    /// `Mon 23 Nov 17:04`, with the year where it is not `now`'s.
    pub fn moment(self, at: DateTime<Utc>, now: DateTime<Utc>) -> String {
        use chrono::Datelike as _;
        let (shown, present) = (self.show(at), self.show(now));
        let is_this_year = shown.year() == present.year();
        shown.format(if is_this_year { "%a %d %b %H:%M" } else { "%a %d %b %Y %H:%M" }).to_string()
    }

    /// When the day of `now` began.
    pub fn midnight(self, now: DateTime<Utc>) -> DateTime<Utc> {
        let day = self.show(now).date_naive().and_time(chrono::NaiveTime::MIN);
        let begun = match self {
            Zone::Local => Local.from_local_datetime(&day).earliest().map(|at| at.to_utc()),
            #[cfg(test)]
            Zone::Fixed(offset) => offset.from_local_datetime(&day).earliest().map(|at| at.to_utc()),
        };
        // Where clocks jump over midnight the day begins with the jump, at most an hour later.
        begun.unwrap_or(now)
    }

    /// `Sun 21 Feb 2027 09:02 +01:00`.
    pub fn long(self, at: DateTime<Utc>) -> String {
        self.show(at).format("%a %d %b %Y %H:%M %:z").to_string()
    }

    /// `Mon 23 Nov 2026 +01:00`: stands for a day, so that nothing ticks.
    pub fn day(self, at: DateTime<Utc>) -> String {
        self.show(at).format("%a %d %b %Y %:z").to_string()
    }

    /// The next midnight after `now`, when [`Zone::day`] says something else.
    pub fn next_day(self, now: DateTime<Utc>) -> DateTime<Utc> {
        let local = self.show(now).naive_local();
        let tomorrow = local.date().succ_opt().unwrap_or(local.date()).and_hms_opt(0, 0, 0).unwrap_or(local);
        now + (tomorrow - local).max(chrono::TimeDelta::seconds(1))
    }

    /// An instant that a person typed with its date; `None` where it is none.
    pub fn instant(self, given: &str) -> Option<DateTime<Utc>> {
        match self {
            Zone::Local => date::instant(given, &Local),
            #[cfg(test)]
            Zone::Fixed(offset) => date::instant(given, &offset),
        }
    }

    /// Reads a date that a person typed.
    ///
    /// # Errors
    /// [`Unreadable`] names the forms.
    pub fn read(self, given: &str) -> Result<Wish, Unreadable> {
        match self {
            Zone::Local => Wish::read(given, &Local),
            #[cfg(test)]
            Zone::Fixed(offset) => Wish::read(given, &offset),
        }
    }
}
