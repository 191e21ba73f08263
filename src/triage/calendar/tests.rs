use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use proptest::prelude::*;

use super::*;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn berlin() -> Calendar {
    let holidays =
        [("2026-12-24", "Christmas Eve"), ("2026-12-25", "Christmas"), ("2026-12-26", "St Stephen's")];
    let holidays = holidays.map(|(day, name)| (date(day), name.to_owned())).into_iter().collect();
    Calendar { zone: chrono_tz::Europe::Berlin, holidays, ..Calendar::default() }
}

#[test]
fn days_off_have_their_reason() {
    let calendar = berlin();
    for (day, reason) in [
        ("2026-12-23", None),
        ("2026-12-24", Some("Christmas Eve")),
        ("2026-12-26", Some("St Stephen's")),
        ("2026-12-27", Some("a Sunday")),
        ("2026-12-28", None),
    ] {
        assert_eq!(calendar.day_off(date(day)), reason, "{day}");
        assert_eq!(calendar.is_work_day(date(day)), reason.is_none(), "{day}");
    }
}

#[test]
fn working_days_count_the_last_date_and_not_the_first() {
    for (from, to, days) in [
        ("2026-11-23T12:00:00Z", "2026-11-23T22:00:00Z", 0),
        ("2026-11-23T12:00:00Z", "2026-11-24T01:00:00Z", 1),
        // Friday to Monday, to Saturday; Saturday to Sunday, to Monday.
        ("2026-11-20T12:00:00Z", "2026-11-23T12:00:00Z", 1),
        ("2026-11-20T12:00:00Z", "2026-11-21T12:00:00Z", 0),
        ("2026-11-21T12:00:00Z", "2026-11-22T12:00:00Z", 0),
        ("2026-11-21T12:00:00Z", "2026-11-23T12:00:00Z", 1),
        ("2026-11-16T12:00:00Z", "2026-11-30T12:00:00Z", 10),
        // Over Christmas: 24 and 25 are a Thursday and a Friday, 26 a Saturday.
        ("2026-12-23T12:00:00Z", "2026-12-28T12:00:00Z", 1),
        ("2026-12-23T12:00:00Z", "2027-01-04T12:00:00Z", 6),
        // 23:30 in UTC is the next date in Berlin.
        ("2026-11-22T23:30:00Z", "2026-11-23T22:30:00Z", 0),
        ("2026-11-22T22:30:00Z", "2026-11-22T23:30:00Z", 1),
        ("2024-02-28T12:00:00Z", "2024-03-01T12:00:00Z", 2),
        ("2023-02-28T12:00:00Z", "2023-03-01T12:00:00Z", 1),
    ] {
        assert_eq!(berlin().working_days(at(from), at(to)), days, "{from} {to}");
        assert_eq!(berlin().working_days(at(to), at(from)), -days, "{to} {from}");
    }
}

#[test]
fn the_next_work_day_keeps_the_time_of_day_on_the_clock() {
    for (from, to) in [
        ("2026-11-23T12:00:00Z", "2026-11-23T12:00:00Z"),
        ("2026-11-21T12:00:00Z", "2026-11-23T12:00:00Z"),
        ("2026-12-23T23:30:00Z", "2026-12-27T23:30:00Z"),
        // Over the end and the begin of daylight saving.
        ("2026-10-24T10:00:00Z", "2026-10-26T11:00:00Z"),
        ("2026-03-28T11:00:00Z", "2026-03-30T10:00:00Z"),
    ] {
        assert_eq!(berlin().next_work_day(at(from)), at(to), "{from}");
    }
    let idle = Calendar { work_days: [false; 7], ..Calendar::default() };
    assert_eq!(idle.next_work_day(at("2026-11-23T12:00:00Z")), at("2026-11-23T12:00:00Z"));
}

#[test]
fn an_hour_that_daylight_saving_skips_is_taken_after_it() {
    let sundays = Calendar { work_days: [false, false, false, false, false, false, true], ..berlin() };
    // Saturday 02:30 in Berlin; on Sunday, 2026-03-29, there is no 02:30.
    assert_eq!(sundays.next_work_day(at("2026-03-28T01:30:00Z")), at("2026-03-29T01:30:00Z"));
    // Saturday 02:30 in Berlin; on Sunday, 2026-10-25, there are two.
    assert_eq!(sundays.next_work_day(at("2026-10-24T00:30:00Z")), at("2026-10-25T00:30:00Z"));
}

#[test]
fn working_hours_run_only_at_work() {
    for (from, hours, to) in [
        // 09:00 to 17:00 in Berlin is 08:00 to 16:00 UTC in winter.
        ("2026-11-23T10:00:00Z", 0, "2026-11-23T10:00:00Z"),
        ("2026-11-23T10:00:00Z", 6, "2026-11-23T16:00:00Z"),
        ("2026-11-23T10:00:00Z", 7, "2026-11-24T09:00:00Z"),
        ("2026-11-23T03:00:00Z", 1, "2026-11-23T09:00:00Z"),
        ("2026-11-23T03:00:00Z", 0, "2026-11-23T08:00:00Z"),
        ("2026-11-20T15:00:00Z", 2, "2026-11-23T09:00:00Z"),
        ("2026-11-20T16:30:00Z", 0, "2026-11-23T08:00:00Z"),
        ("2026-11-21T12:00:00Z", 8, "2026-11-23T16:00:00Z"),
        ("2026-12-23T15:00:00Z", 9, "2026-12-28T16:00:00Z"),
        // Over the end of daylight saving: Friday is 07:00 to 15:00 UTC.
        ("2026-10-23T14:00:00Z", 2, "2026-10-26T09:00:00Z"),
    ] {
        assert_eq!(berlin().after_working_hours(at(from), hours), at(to), "{from} {hours}");
    }
    // Round the clock, also on the two odd days of the year.
    let always = Calendar {
        work_days: [true; 7],
        work_hours: "00:00-24:00".parse().unwrap(),
        holidays: BTreeMap::new(),
        ..berlin()
    };
    for day in ["2026-03-28T12:00:00Z", "2026-10-24T12:00:00Z"] {
        assert_eq!(always.after_working_hours(at(day), 30), at(day) + TimeDelta::hours(30));
    }
    let idle = Calendar { work_days: [false; 7], ..Calendar::default() };
    assert_eq!(idle.after_working_hours(at("2026-11-23T12:00:00Z"), u32::MAX), at("2026-11-23T12:00:00Z"));
}

#[test]
fn work_hours_are_read_and_written() {
    for text in ["09:00-17:00", "00:00-24:00", "08:30-08:31"] {
        assert_eq!(text.parse::<WorkHours>().unwrap().to_string(), text);
    }
    assert_eq!(WorkHours::default().to_string(), "09:00-17:00");
    for text in
        ["", "9-17", "17:00-09:00", "09:00-09:00", "09:00", "-1:00-17:00", "09:00-25:00", "24:00-24:00"]
    {
        assert!(text.parse::<WorkHours>().is_err(), "{text}");
    }
}

#[test]
fn absences_hold_from_the_first_to_the_last_date() {
    let absence =
        |person: &str, from, to| Absence { person: person.to_owned(), from: date(from), to: date(to) };
    let absences =
        vec![absence("ann", "2026-12-21", "2026-12-23"), absence("ben", "2026-12-23", "2026-12-23")];
    let calendar = Calendar { absences, ..berlin() };
    for (now, people) in [
        ("2026-12-20T22:59:59Z", vec![]),
        ("2026-12-20T23:00:00Z", vec!["ann"]),
        ("2026-12-23T12:00:00Z", vec!["ann", "ben"]),
        ("2026-12-23T22:59:59Z", vec!["ann", "ben"]),
        ("2026-12-23T23:00:00Z", vec![]),
    ] {
        let away: Vec<&str> = calendar.absent(at(now)).map(|absence| absence.person.as_str()).collect();
        assert_eq!(away, people, "{now}");
    }
}

fn calendar() -> impl Strategy<Value = Calendar> {
    let zones = [
        chrono_tz::UTC,
        chrono_tz::Europe::Berlin,
        chrono_tz::America::New_York,
        chrono_tz::Asia::Kathmandu,
        chrono_tz::Australia::Lord_Howe,
        chrono_tz::Pacific::Apia,
    ];
    let holidays = prop::collection::btree_set(0..3_000_i64, 0..60);
    (prop::sample::select(zones.to_vec()), any::<[bool; 7]>(), holidays).prop_map(
        |(zone, work_days, days)| Calendar {
            zone,
            work_days,
            holidays: days
                .into_iter()
                .map(|day| (date("2020-01-01") + TimeDelta::days(day), "off".to_owned()))
                .collect(),
            ..Calendar::default()
        },
    )
}

/// An instant from 2020 on, over eight years.
fn instant() -> impl Strategy<Value = DateTime<Utc>> {
    (0..8 * 366 * 86_400_i64).prop_map(|seconds| at("2020-01-01T00:00:00Z") + TimeDelta::seconds(seconds))
}

proptest! {
    #![proptest_config(crate::seeded())]

    #[test]
    fn working_days_are_what_one_counts_by_hand(calendar in calendar(), from in instant(), to in instant()) {
        let (first, last) = (calendar.date_of(from.min(to)), calendar.date_of(from.max(to)));
        let by_hand = first.iter_days().skip(1).take_while(|day| *day <= last).filter(|day| calendar.is_work_day(*day)).count();
        let sign = if from <= to { 1 } else { -1 };
        prop_assert_eq!(calendar.working_days(from, to), by_hand as i64 * sign);
    }

    #[test]
    fn working_days_add_up(calendar in calendar(), a in instant(), b in instant(), c in instant()) {
        prop_assert_eq!(calendar.working_days(a, b) + calendar.working_days(b, c), calendar.working_days(a, c));
        prop_assert_eq!(calendar.working_days(a, b), -calendar.working_days(b, a));
    }

    #[test]
    fn the_next_work_day_is_worked_and_none_before_it_is(calendar in calendar(), from in instant()) {
        let next = calendar.next_work_day(from);
        prop_assert!(next >= from);
        if calendar.work_days.contains(&true) {
            prop_assert!(calendar.is_work_day(calendar.date_of(next)));
        }
        let skipped = calendar.date_of(from).iter_days().take_while(|day| *day < calendar.date_of(next));
        prop_assert!(!skipped.into_iter().any(|day| calendar.is_work_day(day)));
        prop_assert_eq!(calendar.next_work_day(next), next);
    }

    #[test]
    fn working_hours_add_up(calendar in calendar(), from in instant(), first in 0..200_u32, more in 1..200_u32) {
        let halfway = calendar.after_working_hours(from, first);
        prop_assert!(halfway >= from);
        prop_assert_eq!(calendar.after_working_hours(halfway, more), calendar.after_working_hours(from, first + more));
    }

    #[test]
    fn every_day_has_its_full_hours_whatever_the_clocks_do(from in instant()) {
        let calendar = Calendar { holidays: BTreeMap::new(), ..berlin() };
        // A week has 40 working hours, also where one night is longer or shorter.
        let begin = calendar.after_working_hours(from, 0);
        let week = calendar.after_working_hours(begin, 40);
        let local = |at: DateTime<Utc>| at.with_timezone(&calendar.zone).naive_local();
        let opens = local(begin).time() == calendar.work_hours.opens();
        let span = local(week) - local(begin);
        // From an opening on the last hour ends at the closing on Friday, else a week later.
        prop_assert!(span == TimeDelta::days(7) || opens && span < TimeDelta::days(7), "{begin} {week}");
    }

    #[test]
    fn no_instant_is_too_far(calendar in calendar(), hours in any::<u32>()) {
        for end in [DateTime::<Utc>::MAX_UTC, DateTime::<Utc>::MIN_UTC] {
            prop_assert!(calendar.next_work_day(end) >= end);
            calendar.day_off(calendar.date_of(end));
            calendar.working_days(end, at("2026-11-23T12:00:00Z"));
        }
        prop_assert!(calendar.after_working_hours(DateTime::<Utc>::MAX_UTC, hours) == DateTime::<Utc>::MAX_UTC);
    }
}

mod ics_files {
    use super::super::ics::{MAX_BYTES, holidays};
    use super::*;

    fn calendar(events: &str) -> String {
        format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{}END:VCALENDAR\r\n", events.replace('\n', "\r\n"))
    }

    fn event(lines: &str) -> String {
        calendar(&format!("BEGIN:VEVENT\n{lines}END:VEVENT\n"))
    }

    fn read(text: &str) -> Vec<(String, String)> {
        let found = holidays(text, chrono_tz::Europe::Berlin).unwrap();
        found.into_iter().map(|(date, name)| (date.to_string(), name)).collect()
    }

    fn dates(text: &str) -> Vec<String> {
        read(text).into_iter().map(|(date, _)| date).collect()
    }

    #[test]
    fn dates_and_times_are_read() {
        for (lines, expected) in [
            ("DTSTART;VALUE=DATE:20261224\n", vec!["2026-12-24"]),
            ("DTSTART:20261224\n", vec!["2026-12-24"]),
            // The end is not part of it.
            ("DTSTART;VALUE=DATE:20261224\nDTEND;VALUE=DATE:20261225\n", vec!["2026-12-24"]),
            ("DTSTART;VALUE=DATE:20261225\nDTEND;VALUE=DATE:20261227\n", vec!["2026-12-25", "2026-12-26"]),
            ("DTSTART;VALUE=DATE:20261231\nDURATION:P2D\n", vec!["2026-12-31", "2027-01-01"]),
            ("DTSTART;VALUE=DATE:20280228\nDTEND;VALUE=DATE:20280301\n", vec!["2028-02-28", "2028-02-29"]),
            ("DTSTART:20261224T140000\nDTEND:20261224T180000\n", vec!["2026-12-24"]),
            ("DTSTART:20261224T000000\nDTEND:20261225T000000\n", vec!["2026-12-24"]),
            // 23:00 in UTC is midnight in Berlin.
            ("DTSTART:20261223T230000Z\nDTEND:20261224T230000Z\n", vec!["2026-12-24"]),
            (
                "DTSTART;TZID=America/New_York:20261126T000000\nDTEND;TZID=America/New_York:20261127T000000\n",
                vec!["2026-11-26"],
            ),
            ("STATUS:CANCELLED\nDTSTART;VALUE=DATE:20261224\n", vec![]),
        ] {
            assert_eq!(dates(&event(lines)), expected, "{lines}");
        }
    }

    #[test]
    fn yearly_rules_are_read_as_holidays_use_them() {
        for (lines, in_2027, in_2028) in [
            ("DTSTART;VALUE=DATE:20201225\nRRULE:FREQ=YEARLY\n", "2027-12-25", "2028-12-25"),
            (
                "DTSTART;VALUE=DATE:20200704\nRRULE:FREQ=YEARLY;BYMONTH=7;BYMONTHDAY=4\n",
                "2027-07-04",
                "2028-07-04",
            ),
            // Thanksgiving: the fourth Thursday of November.
            (
                "DTSTART;VALUE=DATE:20201126\nRRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH\n",
                "2027-11-25",
                "2028-11-23",
            ),
            // Memorial Day: the last Monday of May.
            (
                "DTSTART;VALUE=DATE:20200525\nRRULE:FREQ=YEARLY;BYMONTH=5;BYDAY=-1MO\n",
                "2027-05-31",
                "2028-05-29",
            ),
            // Election Day: the Tuesday after the first Monday of November.
            (
                "DTSTART;VALUE=DATE:20201103\nRRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8\n",
                "2027-11-02",
                "2028-11-07",
            ),
            (
                "DTSTART;VALUE=DATE:20201231\nRRULE:FREQ=YEARLY;BYMONTHDAY=-1;BYMONTH=12\n",
                "2027-12-31",
                "2028-12-31",
            ),
            ("DTSTART;VALUE=DATE:20240229\nRRULE:FREQ=YEARLY\n", "-", "2028-02-29"),
            ("DTSTART;VALUE=DATE:20200101\nRRULE:FREQ=YEARLY;INTERVAL=2\n", "-", "2028-01-01"),
            ("DTSTART;VALUE=DATE:20200101\nRRULE:FREQ=YEARLY;COUNT=8\n", "2027-01-01", "-"),
            ("DTSTART;VALUE=DATE:20200101\nRRULE:FREQ=YEARLY;UNTIL=20280101\n", "2027-01-01", "2028-01-01"),
            ("DTSTART;VALUE=DATE:20200102\nRRULE:FREQ=YEARLY;UNTIL=20280101\n", "2027-01-02", "-"),
            (
                "DTSTART;VALUE=DATE:20200102\nRRULE:FREQ=YEARLY\nEXDATE;VALUE=DATE:20270102\n",
                "-",
                "2028-01-02",
            ),
            // The first Monday of the year, wherever it is.
            ("DTSTART;VALUE=DATE:20200106\nRRULE:FREQ=YEARLY;BYDAY=1MO\n", "2027-01-04", "2028-01-03"),
        ] {
            let found = dates(&event(lines));
            for (year, expected) in [("2027", in_2027), ("2028", in_2028)] {
                let of_year: Vec<&String> = found.iter().filter(|date| date.starts_with(year)).collect();
                let expected: Vec<&str> = Some(expected).filter(|date| *date != "-").into_iter().collect();
                assert_eq!(of_year, expected, "{lines}");
            }
        }
    }

    #[test]
    fn folded_lines_escapes_and_names_are_read() {
        let folded = "SUMMARY:Second Day\\, of Chr\n istmas\nDTSTART;VALUE=\n\tDATE:2026\n 1226\n";
        assert_eq!(read(&event(folded)), [("2026-12-26".to_owned(), "Second Day, of Christmas".to_owned())]);
        let lone_newlines =
            event("SUMMARY;LANGUAGE=de:Heiligabend\nDTSTART;VALUE=DATE:20261224\n").replace("\r\n", "\n");
        assert_eq!(read(&lone_newlines), [("2026-12-24".to_owned(), "Heiligabend".to_owned())]);
        let hostile = event("SUMMARY:\u{1b}]0;x\u{202e}\nDTSTART;VALUE=DATE:20261224\n");
        assert!(!read(&hostile)[0].1.contains(['\u{1b}', '\u{202e}']), "{hostile:?}");
        assert_eq!(read(&event("DTSTART;VALUE=DATE:20261224\n"))[0].1, "holiday");
        let long = event(&format!("SUMMARY:{}\nDTSTART;VALUE=DATE:20261224\n", "x".repeat(5_000)));
        assert!(read(&long)[0].1.len() <= 80);
    }

    #[test]
    fn what_cannot_be_read_rightly_is_refused_by_its_name() {
        for (lines, complaint) in [
            (
                "SUMMARY:Easter\nDTSTART;VALUE=DATE:20260405\nRRULE:FREQ=WEEKLY\n",
                "'Easter' repeats otherwise",
            ),
            (
                "SUMMARY:A\nDTSTART;VALUE=DATE:20260405\nRRULE:FREQ=YEARLY;BYYEARDAY=100\n",
                "'A' repeats otherwise",
            ),
            ("SUMMARY:A\nDTSTART;VALUE=DATE:20260405\nRRULE:nonsense\n", "'A' repeats otherwise"),
            ("SUMMARY:A\nDTSTART;VALUE=DATE:20260405\nRDATE;VALUE=DATE:20270405\n", "'A' repeats otherwise"),
            ("SUMMARY:B\n", "'B' has no DTSTART"),
            ("SUMMARY:B\nDTSTART;VALUE=DATE:20260230\n", "'B' has no DTSTART"),
            ("SUMMARY:B\nDTSTART;VALUE=DATE:99999999\n", "'B' has no DTSTART"),
            ("SUMMARY:B\nDTSTART;VALUE=DATE:20260405\nDTEND:soon\n", "'B' has no DTEND"),
            ("SUMMARY:C\nDTSTART;VALUE=DATE:20260101\nDTEND;VALUE=DATE:20270101\n", "'C' goes over 365 days"),
            ("SUMMARY:C\nDTSTART;VALUE=DATE:20260101\nDURATION:P9999999W\n", "'C' goes over"),
        ] {
            let error = holidays(&event(lines), chrono_tz::UTC).unwrap_err();
            assert!(error.contains(complaint), "{lines}: {error}");
        }
        for text in ["", "hello", "BEGIN:VCARD\r\nEND:VCARD\r\n", "\0\0\0"] {
            assert!(holidays(text, chrono_tz::UTC).unwrap_err().contains("BEGIN:VCALENDAR"), "{text}");
        }
    }

    #[test]
    fn hostile_files_end_soon() {
        let nested = "BEGIN:VEVENT\r\n".repeat(MAX_BYTES / 16);
        let everlasting = "BEGIN:VEVENT\nDTSTART;VALUE=DATE:19700101\nRRULE:FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR,SA,SU\nEND:VEVENT\n";
        let never = "BEGIN:VEVENT\nDTSTART;VALUE=DATE:18000101\nRRULE:FREQ=YEARLY;BYDAY=54MO\nEND:VEVENT\n";
        for text in [
            format!("BEGIN:VCALENDAR\r\n{nested}"),
            calendar(&everlasting.repeat(2_000)),
            calendar(&never.repeat(200)),
            format!("BEGIN:VCALENDAR\r\nSUMMARY{}", ";X=\"".repeat(100_000)),
            format!("BEGIN:VCALENDAR\r\n{}", "\r\n ".repeat(500_000)),
            "x".repeat(MAX_BYTES + 1),
        ] {
            // That it comes back at all is what is tested; benches say how fast.
            let _ = holidays(&text, chrono_tz::UTC);
        }
    }

    proptest! {
        #![proptest_config(crate::seeded())]

        #[test]
        fn no_text_makes_it_panic(text in "(BEGIN:VCALENDAR\r\n)?(BEGIN:VEVENT\r\n)?((DTSTART|DTEND|DURATION|RRULE|EXDATE|SUMMARY)(;VALUE=DATE)?:[-+A-Z0-9;=,TZP]{0,24}\r\n){0,6}(END:VEVENT\r\n)?\\PC{0,40}") {
            let _ = holidays(&text, chrono_tz::America::New_York);
        }
    }
}
