//! Days and months of the law, over ends of months, leap days and summer time.

use chrono::{Datelike as _, FixedOffset, MappedLocalTime, NaiveDate, NaiveDateTime, TimeDelta, TimeZone};
use proptest::prelude::*;

use super::*;
use crate::triage::regulation::period::{days_after, month_after};

/// Central European time by the rule of the Union: summer time from the last
/// Sunday of March to the last Sunday of October, changed at 01:00 UTC.
#[derive(Debug, Clone, Copy)]
pub(super) struct Central;

impl Central {
    fn is_summer(utc: NaiveDateTime) -> bool {
        let change = |month| {
            let last = NaiveDate::from_ymd_opt(utc.year(), month, 31).unwrap();
            let sunday = last - TimeDelta::days(i64::from(last.weekday().num_days_from_sunday()));
            sunday.and_hms_opt(1, 0, 0).unwrap()
        };
        (change(3)..change(10)).contains(&utc)
    }

    fn hours_east(hours: i32) -> FixedOffset {
        FixedOffset::east_opt(hours * 3600).unwrap()
    }
}

impl TimeZone for Central {
    type Offset = FixedOffset;

    fn from_offset(_: &FixedOffset) -> Self {
        Central
    }

    fn offset_from_local_date(&self, date: &NaiveDate) -> MappedLocalTime<FixedOffset> {
        MappedLocalTime::Single(self.offset_from_utc_date(date))
    }

    fn offset_from_local_datetime(&self, local: &NaiveDateTime) -> MappedLocalTime<FixedOffset> {
        let fits = |hours: i64| Self::is_summer(*local - TimeDelta::hours(hours)) == (hours == 2);
        match (fits(2), fits(1)) {
            (true, true) => MappedLocalTime::Ambiguous(Self::hours_east(2), Self::hours_east(1)),
            (true, false) => MappedLocalTime::Single(Self::hours_east(2)),
            (false, true) => MappedLocalTime::Single(Self::hours_east(1)),
            (false, false) => MappedLocalTime::None,
        }
    }

    fn offset_from_utc_date(&self, date: &NaiveDate) -> FixedOffset {
        self.offset_from_utc_datetime(&date.and_hms_opt(12, 0, 0).unwrap())
    }

    fn offset_from_utc_datetime(&self, utc: &NaiveDateTime) -> FixedOffset {
        Self::hours_east(if Self::is_summer(*utc) { 2 } else { 1 })
    }
}

#[test]
fn a_month_ends_on_the_same_date_or_on_the_last_day() {
    for (start, end) in [
        ("2027-01-15T10:00", "2027-02-15T10:00"),
        ("2027-01-28T10:00", "2027-02-28T10:00"),
        ("2027-01-29T10:00", "2027-02-28T10:00"),
        ("2027-01-31T10:00", "2027-02-28T10:00"),
        ("2028-01-29T10:00", "2028-02-29T10:00"),
        ("2028-01-30T10:00", "2028-02-29T10:00"),
        ("2028-01-31T23:59", "2028-02-29T23:59"),
        ("2100-01-31T10:00", "2100-02-28T10:00"),
        ("2027-02-28T10:00", "2027-03-28T10:00"),
        ("2028-02-29T10:00", "2028-03-29T10:00"),
        ("2027-03-31T10:00", "2027-04-30T10:00"),
        ("2027-12-31T00:00", "2028-01-31T00:00"),
    ] {
        assert_eq!(month_after(at(start), &Utc), at(end), "{start}");
    }
}

#[test]
fn days_and_months_are_those_of_the_zone() {
    let month = |start| month_after(at(start), &Central);
    // 31 January 00:30 in the zone, which ends on 28 February 24:00: not at 23:30 UTC, half an hour too late.
    assert_eq!(month("2027-01-30T23:30"), at("2027-02-27T23:30"));
    // Over the change to summer time the time of day stays, so that the day does.
    assert_eq!(month("2027-03-15T22:30"), at("2027-04-15T21:30"));
    assert_eq!(days_after(at("2027-03-20T22:30"), 14, &Central), at("2027-04-03T21:30"));
    assert_eq!(days_after(at("2027-10-20T10:00"), 14, &Central), at("2027-11-03T11:00"));
    // 28 March 02:30 is skipped there, 31 October 02:30 comes twice: the earlier way out.
    assert_eq!(days_after(at("2027-03-14T01:30"), 14, &Central), at("2027-03-28T00:30"));
    assert_eq!(days_after(at("2027-10-17T00:30"), 14, &Central), at("2027-10-31T00:30"));
    assert_eq!(days_after(DateTime::<Utc>::MAX_UTC, 14, &Utc), DateTime::<Utc>::MAX_UTC);
}

/// The expiry of the last hour of a local date: the first instant of the next one.
fn end_of(date: NaiveDate) -> DateTime<Utc> {
    let next = date.succ_opt().unwrap().and_hms_opt(0, 0, 0).unwrap();
    Central.from_local_datetime(&next).unwrap().to_utc()
}

proptest! {
    #![proptest_config(crate::seeded())]

    #[test]
    fn no_deadline_is_later_than_the_law_has_it(seconds in 1_780_000_000_i64..2_400_000_000) {
        let start = DateTime::from_timestamp(seconds, 0).unwrap();
        let first = start.with_timezone(&Central).date_naive();
        let days = days_after(start, 14, &Central);
        prop_assert!(days < end_of(first + TimeDelta::days(14)));
        prop_assert!(days > end_of(first + TimeDelta::days(13)) - TimeDelta::hours(1));

        let month = month_after(start, &Central);
        let (year, next) = if first.month() == 12 { (first.year() + 1, 1) } else { (first.year(), first.month() + 1) };
        let last = (1..=first.day()).rev().find_map(|day| NaiveDate::from_ymd_opt(year, next, day)).unwrap();
        prop_assert!(month < end_of(last));
        prop_assert!(month > end_of(last.pred_opt().unwrap()) - TimeDelta::hours(1));
    }
}
