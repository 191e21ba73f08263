//! Periods of the law, counted strictly.
//!
//! Article 3 of Regulation (EEC, Euratom) No 1182/71 says of a period that runs
//! from an event, and this module makes of it:
//!
//! | Article 3 | says | here |
//! |---|---|---|
//! | (1), (2)(a) | in **hours**: the hour of the event is not counted; it ends with the expiry of its last hour | counted from the very instant: up to an hour earlier |
//! | (1), (2)(b) | in **days**: the day of the event is not counted; it ends with the expiry of the last hour of its last day | ends on that day, at the time of day of the event: up to a day earlier |
//! | (2)(c) | in **months**: ends with the expiry of the last hour of the same date in the last month, or of that month's last day where it has no such date | ends on that date (31 January gives 28 or 29 February), at the time of day of the event |
//! | (3) | public holidays, Saturdays and Sundays are part of a period | applied |
//! | (4) | unless it is in hours, a period whose last day is a public holiday, Saturday or Sunday ends with the next working day | **not** applied |
//! | (5) | a period of two days or more has at least two working days | **not** applied |
//!
//! Why the stricter reading: what is filed by the earlier instant is in time by
//! every reading. The extensions hang on the holidays of whichever Member State
//! is concerned and, for (5) on a period in hours, on a dispute; and NIS2 is a
//! directive, whose periods national law counts in its own way. A reminder may be
//! early; it may never be late.
//!
//! Days and months are those of a calendar, and so of a zone: the same instant
//! is the 30th in one and the 31st in the other, and a month later they can lie
//! a day apart. The zone is that of whoever has to report.

use chrono::{DateTime, Days, Months, NaiveDateTime, TimeDelta, TimeZone, Utc};

/// The same time of day so many calendar days of `zone` later; the end of time where none is left.
pub fn days_after<Z: TimeZone>(start: DateTime<Utc>, days: u64, zone: &Z) -> DateTime<Utc> {
    calendar(start, zone, |local| local.checked_add_days(Days::new(days)))
}

/// The same time of day on the same date of the next calendar month of `zone`,
/// or on that month's last day where it has no such date.
pub fn month_after<Z: TimeZone>(start: DateTime<Utc>, zone: &Z) -> DateTime<Utc> {
    // `checked_add_months` takes the last day of a shorter month, as Article 3(2)(c) does.
    calendar(start, zone, |local| local.checked_add_months(Months::new(1)))
}

fn calendar<Z: TimeZone>(
    start: DateTime<Utc>,
    zone: &Z,
    later: impl Fn(NaiveDateTime) -> Option<NaiveDateTime>,
) -> DateTime<Utc> {
    let last = later(start.with_timezone(zone).naive_local());
    last.and_then(|local| instant(local, zone)).unwrap_or(DateTime::<Utc>::MAX_UTC)
}

/// A local time as an instant: of two with the same name the earlier, and of one
/// that daylight saving skips the hour before (an island has skipped a whole day).
fn instant<Z: TimeZone>(local: NaiveDateTime, zone: &Z) -> Option<DateTime<Utc>> {
    [TimeDelta::zero(), TimeDelta::hours(1), TimeDelta::days(1)].into_iter().find_map(|back| {
        let at = zone.from_local_datetime(&local.checked_sub_signed(back)?).earliest()?;
        Some(at.to_utc())
    })
}
