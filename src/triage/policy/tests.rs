use chrono::{DateTime, Datelike as _, TimeDelta, Utc, Weekday};
use proptest::prelude::*;

use super::*;
use crate::triage::calendar::Calendar;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn book() -> Book {
    Book::embedded(&Terms::default()).unwrap()
}

/// The report of every table here; noon of a Monday.
fn received() -> DateTime<Utc> {
    at("2026-09-07T12:00:00Z")
}

fn day(number: i64) -> DateTime<Utc> {
    received() + TimeDelta::days(number)
}

fn date(policy: &Policy, facts: &Facts) -> Option<i64> {
    let found = deadline(policy, facts, &Calendar::default());
    assert_eq!(found.steps.last().map(|step| step.disclosure_at), Some(found.disclosure_at));
    let words: Vec<&str> = found.steps.iter().map(|step| step.words.as_str()).collect();
    assert_eq!(found.why, words.join("; "));
    found.disclosure_at.map(|at| (at - received()).num_days())
}

/// Policy, days of exploitation and of the fix, grace, day of the details: the
/// examples that the policies' own pages give, and what follows from their words.
type Example = (&'static str, Option<i64>, Option<i64>, bool, Option<i64>);

const EXAMPLES: [Example; 39] = [
    // Project Zero 90+30: its own examples.
    ("Project Zero", None, Some(47), false, Some(77)),
    ("Project Zero", None, Some(83), false, Some(113)),
    ("Project Zero", None, None, false, Some(90)),
    ("Project Zero", None, Some(90), false, Some(120)),
    ("Project Zero", None, Some(91), false, Some(90)),
    // Grace: a fix in days 91 to 104.
    ("Project Zero", None, Some(91), true, Some(120)),
    ("Project Zero", None, Some(97), true, Some(120)),
    ("Project Zero", None, Some(104), true, Some(120)),
    ("Project Zero", None, Some(105), true, Some(104)),
    ("Project Zero", None, None, true, Some(104)),
    ("Project Zero", None, Some(47), true, Some(77)),
    // In the wild: 7 days, details 30 days after a fix by then, grace to day 10.
    ("Project Zero", Some(0), Some(3), false, Some(33)),
    ("Project Zero", Some(0), Some(7), false, Some(37)),
    ("Project Zero", Some(0), None, false, Some(7)),
    ("Project Zero", Some(0), Some(8), false, Some(7)),
    ("Project Zero", Some(0), None, true, Some(10)),
    ("Project Zero", Some(0), Some(9), true, Some(37)),
    ("Project Zero", Some(20), None, false, Some(27)),
    ("Project Zero", Some(86), None, false, Some(90)),
    // Rhino 45+30.
    ("Rhino", None, Some(35), false, Some(65)),
    ("Rhino", None, None, false, Some(45)),
    ("Rhino", Some(3), None, false, Some(45)),
    // The others.
    ("default", None, None, false, Some(90)),
    ("default", None, Some(10), true, Some(90)),
    ("default", Some(25), None, false, Some(32)),
    ("default", Some(-5), None, false, Some(7)),
    ("30 days", Some(1), None, false, Some(8)),
    ("0 days", Some(1), None, false, Some(0)),
    ("ZDI", Some(1), Some(2), true, Some(120)),
    ("CERT/CC", None, None, false, Some(45)),
    ("linux-distros", None, None, false, Some(14)),
    ("linux-distros", None, Some(5), false, Some(5)),
    ("Cisco Talos", None, Some(5), false, Some(90)),
    ("Rapid7", None, None, false, Some(60)),
    ("antiproof", None, None, false, Some(90)),
    ("antiproof bypass", None, None, false, Some(7)),
    ("Microsoft", Some(1), Some(2), true, None),
    ("Chromium S1", None, None, false, Some(60)),
    ("Chromium S0", Some(2), None, false, Some(9)),
];

#[test]
fn every_example_comes_out() {
    let book = book();
    for (name, exploited, fixed, grace, expected) in EXAMPLES {
        let facts = Facts {
            exploited: exploited.map(day),
            fixed: fixed.map(day),
            grace,
            ..Facts::received(received())
        };
        let policy = book.find(name).unwrap();
        assert_eq!(
            date(policy, &facts),
            expected,
            "{name}, exploited {exploited:?}, fixed {fixed:?}, {grace}"
        );
    }
}

#[test]
fn every_row_of_the_shared_examples_is_among_ours() {
    let shared = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../shared/data/derived/policy_worked_examples.tsv");
    let Ok(rows) = std::fs::read_to_string(&shared) else {
        eprintln!("skipped: no shared examples here");
        return;
    };
    let mut pairs = 0;
    for row in rows.lines().skip(1) {
        let columns: Vec<&str> = row.split('\t').collect();
        let name = ["Project Zero", "Rhino"].into_iter().find(|name| columns[0].starts_with(name)).unwrap();
        // "fix on day 47 -> details on day 77": the two days of a fix and its details.
        for (fix, details) in
            columns[1].split("; ").filter_map(|example| example.split_once(" -> details on day "))
        {
            let Some(Ok(fixed)) = fix.strip_prefix("fix on day ").map(str::parse::<i64>) else { continue };
            let details: i64 = details.parse().unwrap();
            let ours = EXAMPLES.iter().any(|&(policy, wild, fix, _, date)| {
                policy == name && wild.is_none() && fix == Some(fixed) && date == Some(details)
            });
            assert!(ours, "{row}");
            pairs += 1;
        }
    }
    assert!(pairs >= 3, "the examples are written otherwise now: {rows}");
}

#[test]
fn the_reasons_are_told_in_words() {
    let book = book();
    let why = |name: &str, facts: Facts| deadline(book.find(name).unwrap(), &facts, &Calendar::default()).why;
    let report = Facts::received(at("2026-09-01T10:00:00Z"));
    let exploited = Some(at("2026-10-02T08:00:00Z"));
    assert_eq!(
        why("default", Facts { exploited, ..report }),
        "90 days from receipt on 2026-09-01 by policy default; shortened to 7 days on 2026-10-02: exploited"
    );
    assert_eq!(
        why("P0", Facts { fixed: exploited, ..report }),
        "90 days from receipt on 2026-09-01 by policy Project Zero; details 30 days after the fix on 2026-10-02"
    );
    assert_eq!(
        why("P0", Facts { fixed: Some(at("2026-12-05T08:00:00Z")), grace: true, ..report }),
        "90 days from receipt on 2026-09-01 by policy Project Zero; \
         details 30 days after the limit: fixed on 2026-12-05 within the grace of 14 days"
    );
    assert_eq!(
        why("CERT/CC", Facts { exploited, ..report }),
        "45 days from receipt on 2026-09-01 by policy CERT/CC; \
         exploited since 2026-10-02, for which policy CERT/CC names no days"
    );
    assert_eq!(
        why("0 days", Facts { exploited, demanded: exploited, ..report }),
        "0 days from receipt on 2026-09-01 by policy 0 days; \
         exploited since 2026-10-02, for which policy 0 days names no days; \
         the reporter's date, 2026-10-02, is later and needs to be agreed"
    );
    assert!(why("Mozilla", report).starts_with("no date by policy Mozilla, which fixes no limit (no number"));
    assert_eq!(
        why("30 days", Facts { exploited: Some(at("2026-09-29T08:00:00Z")), ..report }),
        "30 days from receipt on 2026-09-01 by policy 30 days; exploited on 2026-09-29, which brings it no further forward"
    );
}

#[test]
fn the_reporters_earlier_date_wins_even_on_a_day_off() {
    let book = book();
    let facts = |demanded| Facts { demanded: Some(demanded), ..Facts::received(received()) };
    let sunday = at("2026-09-20T12:00:00Z");
    assert_eq!(sunday.weekday(), Weekday::Sun);
    for name in ["default", "EnableSecurity", "Microsoft", "Project Zero"] {
        let found = deadline(book.find(name).unwrap(), &facts(sunday), &Calendar::default());
        assert_eq!(found.disclosure_at, Some(sunday), "{name}: {}", found.why);
    }
    assert_eq!(date(book.find("default").unwrap(), &facts(day(91))), Some(90));
}

#[test]
fn a_day_off_moves_the_date_only_where_the_policy_says_so() {
    let (book, mut calendar) = (book(), Calendar::default());
    // 90 days on: Sunday 2026-12-06.
    let facts = Facts::received(at("2026-09-07T12:00:00Z"));
    let strict = deadline(book.find("EnableSecurity").unwrap(), &facts, &calendar);
    assert_eq!(strict.disclosure_at, Some(at("2026-12-07T12:00:00Z")));
    assert!(
        strict.why.ends_with("moved to the next work day, 2026-12-07: 2026-12-06 is a Sunday"),
        "{}",
        strict.why
    );
    calendar.holidays.insert("2026-12-07".parse().unwrap(), "Founders' Day".to_owned());
    let over = deadline(book.find("enable security").unwrap(), &facts, &calendar);
    assert_eq!(over.disclosure_at, Some(at("2026-12-08T12:00:00Z")));
    let plain = deadline(book.find("default").unwrap(), &facts, &calendar);
    assert_eq!(plain.disclosure_at, Some(at("2026-12-06T12:00:00Z")));
}

#[test]
fn a_day_off_is_told_in_the_zone_of_the_calendar_and_keeps_the_hour() {
    let book = book();
    let zone = chrono_tz::Europe::Berlin;
    let calendar = Calendar { zone, ..Calendar::default() };
    // Friday 23:30 UTC, which is Saturday in Berlin; Monday is after the change of clocks.
    let facts = Facts::received(at("2026-10-23T23:30:00Z") - TimeDelta::days(90));
    let found = deadline(book.find("EnableSecurity").unwrap(), &facts, &calendar);
    assert_eq!(found.disclosure_at, Some(at("2026-10-26T00:30:00Z")), "{}", found.why);
    let in_utc = deadline(book.find("EnableSecurity").unwrap(), &facts, &Calendar::default());
    assert_eq!(in_utc.disclosure_at, Some(at("2026-10-23T23:30:00Z")), "{}", in_utc.why);
}

#[test]
fn days_are_days_of_24_hours_over_leap_days_month_ends_and_daylight_saving() {
    let book = book();
    let berlin = Calendar { zone: chrono_tz::Europe::Berlin, ..Calendar::default() };
    for (received, name, expected) in [
        ("2028-02-01T10:00:00Z", "default", "2028-05-01T10:00:00Z"),
        ("2027-02-01T10:00:00Z", "default", "2027-05-02T10:00:00Z"),
        ("2028-01-30T23:59:59Z", "30 days", "2028-02-29T23:59:59Z"),
        ("2100-01-30T00:00:00Z", "30 days", "2100-03-01T00:00:00Z"),
        ("2026-01-31T12:00:00Z", "30 days", "2026-03-02T12:00:00Z"),
        ("2026-10-01T00:30:00Z", "30 days", "2026-10-31T00:30:00Z"),
        ("2026-03-28T23:30:00Z", "30 days", "2026-04-27T23:30:00Z"),
        ("2026-11-23T09:02:00Z", "0 days", "2026-11-23T09:02:00Z"),
    ] {
        for calendar in [&berlin, &Calendar::default()] {
            let found = deadline(book.find(name).unwrap(), &Facts::received(at(received)), calendar);
            assert_eq!(found.disclosure_at, Some(at(expected)), "{received} {name}");
        }
    }
}

#[test]
fn the_asset_has_the_policies_of_the_field_with_their_numbers_and_sources() {
    let book = book();
    // Days, after a fix, grace, in the wild, its grace; hours to acknowledge and to triage.
    let row = |policy: &Policy| {
        let (days, wild) = (policy.days, policy.in_the_wild_days);
        let hours = (policy.terms.acknowledge_hours, policy.terms.triage_hours);
        (
            policy.name.clone(),
            days,
            policy.after_fix_days,
            policy.grace_days,
            wild,
            policy.in_the_wild_grace_days,
            hours,
        )
    };
    let expected = [
        ("default", Some(90), None, 0, Some(7), 0, (24, 48)),
        ("30 days", Some(30), None, 0, Some(7), 0, (24, 48)),
        ("0 days", Some(0), None, 0, None, 0, (4, 48)),
        ("Project Zero", Some(90), Some(30), 14, Some(7), 3, (24, 48)),
        ("ZDI", Some(120), None, 0, None, 0, (120, 48)),
        ("CERT/CC", Some(45), None, 0, None, 0, (24, 48)),
        ("linux-distros", Some(14), Some(0), 0, None, 0, (24, 48)),
        ("Cisco Talos", Some(90), None, 0, None, 0, (24, 48)),
        ("Rapid7", Some(60), None, 0, None, 0, (72, 48)),
        ("Rhino", Some(45), Some(30), 0, None, 0, (24, 48)),
        ("antiproof", Some(90), None, 0, None, 0, (24, 48)),
        ("antiproof bypass", Some(7), None, 0, None, 0, (24, 48)),
        ("EnableSecurity", Some(90), None, 0, None, 0, (24, 48)),
        ("Microsoft", None, None, 0, None, 0, (24, 48)),
        ("Mozilla", None, None, 0, None, 0, (24, 48)),
        ("Chromium S0", Some(30), None, 0, Some(7), 0, (24, 48)),
        ("Chromium S1", Some(60), None, 0, Some(7), 0, (24, 48)),
        ("Kubernetes", None, None, 0, None, 0, (24, 48)),
    ]
    .map(|(name, days, after, grace, wild, more, hours)| {
        (name.to_owned(), days, after, grace, wild, more, hours)
    });
    assert_eq!(book.policies().iter().map(row).collect::<Vec<_>>(), expected);
    for policy in book.policies() {
        assert!(!policy.title.is_empty() && !policy.source.is_empty(), "{policy:?}");
        let is_ours = policy.source == "ninety";
        let says_all = policy.days.is_some() && policy.in_the_wild_days.is_some();
        assert!(
            is_ours || says_all || !policy.note.is_empty(),
            "{} hides what its source leaves open",
            policy.name
        );
        assert_eq!(policy.day_off == DayOff::NextWorkDay, policy.name == "EnableSecurity");
    }
}

#[test]
fn policies_are_found_in_any_spelling_and_by_their_days() {
    let book = book();
    for (given, name) in [
        ("DEFAULT", "default"),
        ("90", "default"),
        ("90d", "default"),
        (" 90 days ", "default"),
        ("90-Days", "default"),
        ("30", "30 days"),
        ("30 d", "30 days"),
        ("0", "0 days"),
        ("0d", "0 days"),
        ("project-zero", "Project Zero"),
        ("PROJECT ZERO 90+30", "Project Zero"),
        ("p0", "Project Zero"),
        ("certcc", "CERT/CC"),
        ("linux distros", "linux-distros"),
        ("Rhino 45+30", "Rhino"),
        ("k8s", "Kubernetes"),
    ] {
        assert_eq!(book.find(given).map(|policy| policy.name.as_str()), Ok(name), "{given}");
    }
    for policy in book.policies() {
        assert_eq!(book.find(&policy.name), Ok(policy));
    }
}

#[test]
fn an_unknown_policy_is_answered_with_the_nearest() {
    let book = book();
    for (given, nearest) in [
        ("projekt zero", "Project Zero"),
        ("chromium", "Chromium S0"),
        ("chromium", "Chromium S1"),
        ("defualt", "default"),
        ("talso", "Cisco Talos"),
    ] {
        let unknown = book.find(given).unwrap_err();
        assert!(unknown.nearest.len() <= 3, "{unknown}");
        assert!(unknown.nearest.iter().any(|name| name == nearest), "{unknown}");
        assert!(unknown.to_string().contains(nearest), "{unknown}");
    }
    for given in ["", "45", "1e9", "90 weeks", "-90", "٩٠", "xqzw", "99999999999999999999 days", "\u{1b}[2J"]
    {
        let unknown = book.find(given).unwrap_err();
        assert!(!unknown.nearest.is_empty() && !unknown.to_string().contains('\u{1b}'), "{unknown}");
    }
    let huge = "z".repeat(1 << 20);
    assert!(book.find(&huge).unwrap_err().to_string().len() < 1_000);
}

#[test]
fn a_policy_survives_json() {
    for policy in book().policies() {
        let json = serde_json::to_string(policy).unwrap();
        assert_eq!(&serde_json::from_str::<Policy>(&json).unwrap(), policy);
    }
}

/// Any instant that a report may come at, and what may happen to it.
fn facts() -> impl Strategy<Value = Facts> {
    let span = -200_i64..400 * 24;
    let some = || prop::option::of(span.clone());
    (0..80_000_i64 * 24, some(), some(), any::<bool>(), some()).prop_map(
        |(hour, exploited, fixed, grace, demanded)| {
            let received = at("1970-01-01T00:00:00Z") + TimeDelta::hours(hour);
            let later = |hours: Option<i64>| hours.map(|hours| received + TimeDelta::hours(hours));
            Facts {
                received,
                exploited: later(exploited),
                fixed: later(fixed),
                grace,
                demanded: later(demanded),
            }
        },
    )
}

/// Any policy: one of the asset's, or made of any numbers.
fn policy() -> impl Strategy<Value = Policy> {
    let limit = || prop::option::of(0..MAX_DAYS);
    let numbers = (limit(), limit(), 0..200_i64, limit(), 0..20_i64, any::<bool>());
    let made = numbers.prop_map(|(days, after, grace, wild, wild_grace, keeps)| Policy {
        days,
        after_fix_days: after,
        grace_days: grace,
        in_the_wild_days: wild,
        in_the_wild_grace_days: wild_grace,
        day_off: if keeps { DayOff::Keep } else { DayOff::NextWorkDay },
        ..book().policies()[0].clone()
    });
    prop_oneof![prop::sample::select(book().policies().to_vec()), made]
}

/// Later than every date.
fn or_never(at: Option<DateTime<Utc>>) -> DateTime<Utc> {
    at.unwrap_or(DateTime::<Utc>::MAX_UTC)
}

proptest! {
    #![proptest_config(crate::seeded())]

    #[test]
    fn exploitation_never_gives_a_later_date(policy in policy(), facts in facts()) {
        let calendar = Calendar::default();
        let with = or_never(deadline(&policy, &facts, &calendar).disclosure_at);
        let without = deadline(&policy, &Facts { exploited: None, ..facts }, &calendar);
        prop_assert!(with <= or_never(without.disclosure_at), "{}", without.why);
    }

    #[test]
    fn the_reporter_is_never_made_to_wait(policy in policy(), facts in facts()) {
        let found = deadline(&policy, &facts, &Calendar::default());
        if let Some(demanded) = facts.demanded {
            prop_assert!(or_never(found.disclosure_at) <= demanded, "{}", found.why);
        }
    }

    #[test]
    fn a_later_report_never_has_an_earlier_date(policy in policy(), facts in facts(), hours in 0..5_000_i64) {
        let calendar = Calendar { zone: chrono_tz::Europe::Berlin, ..Calendar::default() };
        let later = Facts { received: facts.received + TimeDelta::hours(hours), ..facts };
        let (first, second) = (deadline(&policy, &facts, &calendar), deadline(&policy, &later, &calendar));
        prop_assert!(or_never(first.disclosure_at) <= or_never(second.disclosure_at), "{}\n{}", first.why, second.why);
    }

    #[test]
    fn grace_never_gives_an_earlier_date(policy in policy(), facts in facts()) {
        let calendar = Calendar::default();
        let with = deadline(&policy, &Facts { grace: true, ..facts }, &calendar);
        let without = deadline(&policy, &Facts { grace: false, ..facts }, &calendar);
        prop_assert!(or_never(without.disclosure_at) <= or_never(with.disclosure_at), "{}\n{}", without.why, with.why);
    }

    #[test]
    fn no_instant_is_too_far(policy in policy(), grace in any::<bool>()) {
        let calendar = Calendar { zone: chrono_tz::Pacific::Kiritimati, ..Calendar::default() };
        for end in [DateTime::<Utc>::MAX_UTC, DateTime::<Utc>::MIN_UTC] {
            let all = Facts { received: end, exploited: Some(end), fixed: Some(end), grace, demanded: None };
            prop_assert!(deadline(&policy, &all, &calendar).disclosure_at.is_none_or(|at| at >= end));
        }
    }
}
