use proptest::prelude::*;

use super::*;
use crate::triage::clocks::{ClockState, Kind};

fn at(text: &str) -> DateTime<Utc> {
    format!("{text}:00Z").parse().unwrap()
}

fn clock(due: DateTime<Utc>) -> Clock {
    Clock {
        kind: Kind::Acknowledge,
        of: None,
        started_at: None,
        due_at: Some(due),
        state: ClockState::Running,
        why: String::new(),
    }
}

/// A case as tests move it about.
#[derive(Debug, Clone, Copy)]
struct Sketch {
    due: Option<DateTime<Utc>>,
    priority: Option<u8>,
    exploited: bool,
    noise: bool,
    received: DateTime<Utc>,
    closed: Option<DateTime<Utc>>,
}

impl Sketch {
    fn rank(self) -> Rank {
        let clock = self.due.map(clock);
        rank(&Place {
            due: clock.as_ref(),
            priority: self.priority.and_then(Priority::new),
            exploited: self.exploited,
            noise: self.noise,
            received_at: self.received,
            closed_at: self.closed,
        })
    }

    fn value(self) -> i64 {
        self.rank().value
    }
}

fn now() -> DateTime<Utc> {
    at("2026-11-23T09:00")
}

/// A case received `age` days ago whose first clock is due in `due` days.
fn sketch(age: i64, due: i64, priority: Option<u8>) -> Sketch {
    Sketch {
        due: Some(now() + TimeDelta::days(due)),
        priority,
        exploited: false,
        noise: false,
        received: now() - TimeDelta::days(age),
        closed: None,
    }
}

#[test]
fn the_queue_stands_in_this_order() {
    let exploited = |case: Sketch| Sketch { exploited: true, ..case };
    let noise = |case: Sketch| Sketch { noise: true, ..case };
    let queue = [
        ("overdue by months", sketch(200, -150, Some(0))),
        ("exploited, all of its window left", exploited(sketch(0, 90, Some(0)))),
        ("P0 due today", sketch(1, 0, Some(0))),
        ("P1 due today", sketch(1, 0, Some(1))),
        ("new, overdue by three days", sketch(4, -3, None)),
        ("new, due today, since long", sketch(40, 0, None)),
        ("new, due today", sketch(1, 0, None)),
        ("P2 due tomorrow", sketch(1, 1, Some(2))),
        ("P3 due today", sketch(1, 0, Some(3))),
        ("P4 due today", sketch(1, 0, Some(4))),
        ("P3 with a disclosure in 30 days", sketch(60, 30, Some(3))),
        ("noise due today", noise(sketch(1, 30, None))),
        ("P4 due in half a year", sketch(1, 180, Some(4))),
    ];
    for pair in queue.windows(2) {
        let [(first, one), (second, other)] = pair else { unreachable!() };
        assert!(one.value() < other.value(), "'{first}' stands above '{second}'");
    }
}

#[test]
fn closed_cases_stand_at_the_end_the_latest_first() {
    let closed = |when| Sketch { closed: Some(at(when)), ..sketch(10, -5, Some(0)) };
    let far = Sketch { due: Some(DateTime::<Utc>::MAX_UTC), noise: true, ..sketch(0, 0, Some(4)) };
    let early = Sketch { closed: Some(DateTime::<Utc>::MAX_UTC), ..far };
    assert!(far.value() < early.value());
    assert!(early.value() < closed("2026-11-02T09:00").value());
    assert!(closed("2026-11-02T09:00").value() < closed("2026-11-01T09:00").value());
    assert_eq!(
        closed("2026-11-02T09:00").rank().explain(),
        [
            "closed: behind every open case",
            "closed on 2026-11-02 09:00 UTC, the latest first",
            "stands among the closed cases (rank 99998206390000)",
        ]
    );
}

#[test]
fn a_rank_explains_itself() {
    let case = Sketch {
        due: Some(at("2026-11-24T09:02")),
        exploited: true,
        received: at("2026-10-25T09:02"),
        ..sketch(0, 0, Some(1))
    };
    assert_eq!(
        case.rank().explain(),
        [
            "due first: acknowledge on 2026-11-24 09:02 UTC",
            "P1: 14 days ahead",
            "exploited: 150 days ahead",
            "by then 30 days old: 1 day ahead",
            "stands as if due on 2026-06-12 09:02 UTC (rank 1781254920)",
        ]
    );
    let noise = Sketch { noise: true, received: at("2026-11-23T09:02"), ..case };
    let noise = Sketch { exploited: false, priority: None, ..noise };
    assert_eq!(
        noise.rank().explain()[1..4],
        [
            "without a priority: 7 days ahead",
            "by then 1 day old: 48 minutes ahead",
            "likely noise: 30 days back"
        ]
    );
    let idle = Sketch { due: None, ..sketch(0, 0, Some(4)) };
    assert_eq!(
        idle.rank().explain()[..2],
        ["no clock runs: 90 days from receipt, 2027-02-21 09:00 UTC", "by then 90 days old: 3 days ahead"]
    );
}

fn any_sketch() -> impl Strategy<Value = Sketch> {
    let instant =
        || (-4_000_000_000_i64..8_000_000_000).prop_map(|s| DateTime::from_timestamp(s, 0).unwrap());
    (
        proptest::option::of(instant()),
        proptest::option::of(0_u8..5),
        any::<bool>(),
        any::<bool>(),
        instant(),
        proptest::option::weighted(0.2, instant()),
    )
        .prop_map(|(due, priority, exploited, noise, received, closed)| Sketch {
            due,
            priority,
            exploited,
            noise,
            received,
            closed,
        })
}

proptest! {
    #![proptest_config(crate::seeded())]

    #[test]
    fn parts_add_up(case in any_sketch()) {
        let rank = case.rank();
        prop_assert_eq!(rank.parts.iter().map(|part| part.seconds).sum::<i64>(), rank.value);
        prop_assert_eq!(rank.explain().len(), rank.parts.len() + 1);
    }

    #[test]
    fn later_is_never_higher(case in any_sketch(), seconds in 0_i64..10_000_000_000) {
        let later = |at: DateTime<Utc>| at + TimeDelta::seconds(seconds);
        let due_later = Sketch { due: case.due.map(later), ..case };
        prop_assert!(case.value() <= due_later.value());
        let younger = Sketch { received: later(case.received), ..case };
        prop_assert!(case.value() <= younger.value());
        let closed_later = Sketch { closed: case.closed.map(later), ..case };
        prop_assert!(case.value() >= closed_later.value());
    }

    #[test]
    fn more_urgent_is_never_lower(case in any_sketch()) {
        let by_level = [0, 1, 2, 3, 4].map(|level| Sketch { priority: Some(level), ..case }.value());
        prop_assert!(by_level.is_sorted());
        prop_assert_eq!(by_level[2], Sketch { priority: None, ..case }.value());
        if case.closed.is_none() {
            prop_assert!(by_level.windows(2).all(|pair| pair[0] < pair[1]));
        }
        let exploited = Sketch { exploited: true, ..case }.value();
        let not = Sketch { exploited: false, ..case }.value();
        prop_assert!(exploited <= not);
        let noise = Sketch { noise: true, ..case }.value();
        let quiet = Sketch { noise: false, ..case }.value();
        prop_assert!(quiet <= noise);
    }

    #[test]
    fn exploited_p0_stands_above_all_that_is_not_overdue_by_long(
        age in 0_i64..5000, due in -1000_i64..=90, other_age in 0_i64..5000, other_due in -30_i64..5000,
        priority in proptest::option::of(0_u8..5), noise in any::<bool>()
    ) {
        let exploited = Sketch { exploited: true, noise, ..sketch(age, due, Some(0)) };
        prop_assert!(exploited.value() <= sketch(other_age, other_due, priority).value());
    }

    #[test]
    fn a_new_report_due_today_stands_above_a_p3_due_in_30_days(age in 0_i64..5000, more in 0_i64..5000) {
        prop_assert!(sketch(0, 1, None).value() < sketch(age, 30 + more, Some(3)).value());
    }

    #[test]
    fn a_closed_case_stands_below_every_open_one(one in any_sketch(), other in any_sketch()) {
        if one.closed.is_none() && other.closed.is_some() {
            prop_assert!(one.value() < other.value());
        }
    }
}
