//! The time that statistics are about, and its ISO weeks.

use chrono::{DateTime, Datelike as _, Days, NaiveDate, TimeDelta, Utc};

use crate::triage::calendar::Calendar;

/// Weeks that statistics are about where nobody says otherwise. Thirteen are 91
/// days, the span that HackerOne counts response targets over.
const USUAL_WEEKS: u64 = 13;

/// From the first of these instants to before the second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// The first instant in it.
    pub since: DateTime<Utc>,
    /// The first instant behind it.
    pub until: DateTime<Utc>,
}

impl Period {
    /// The period that a person asks for. Without an end it goes until now,
    /// without a beginning it has thirteen ISO weeks, the last of which is the
    /// one that the end is in.
    pub fn asked(
        since: Option<DateTime<Utc>>,
        until: Option<DateTime<Utc>>,
        calendar: &Calendar,
        now: DateTime<Utc>,
    ) -> Self {
        // What happened this very second is in.
        let end = now.checked_add_signed(TimeDelta::seconds(1)).unwrap_or(now);
        // What is still to come has not happened, whatever a clock elsewhere said.
        let until = until.map_or(end, |until| until.min(end));
        let last = until.checked_sub_signed(TimeDelta::seconds(1)).unwrap_or(until);
        let back = Days::new(7 * (USUAL_WEEKS - 1));
        let usual = || {
            let monday = monday(calendar.date_of(last));
            calendar.start_of(monday.checked_sub_days(back).unwrap_or(monday))
        };
        Self { since: since.unwrap_or_else(usual).min(until), until }
    }

    /// Whether `at` is in it.
    pub fn has(&self, at: DateTime<Utc>) -> bool {
        self.since <= at && at < self.until
    }

    /// The last instant in it, to the second; the first where it is empty.
    pub fn last(&self) -> DateTime<Utc> {
        self.until.checked_sub_signed(TimeDelta::seconds(1)).unwrap_or(self.since).max(self.since)
    }
}

/// The Monday of the ISO week that `date` is in.
pub(super) fn monday(date: NaiveDate) -> NaiveDate {
    let behind = u64::from(date.weekday().num_days_from_monday());
    date.checked_sub_days(Days::new(behind)).unwrap_or(date)
}
