//! The table of each clock, row by row.

mod properties;

use super::*;
use crate::triage::Terms;

fn at(text: &str) -> DateTime<Utc> {
    let text = if text.len() == 10 { format!("{text}T09:00:00Z") } else { format!("{text}:00Z") };
    text.parse().unwrap()
}

fn promise(date: &str) -> Promise {
    Promise { at: Some(at(date)), why: "90 days from receipt on 2026-11-23 by policy default".to_owned() }
}

/// Received on 23 November 2026 at 09:00 UTC, due 90 days later.
fn facts() -> Facts {
    Facts::received(at("2026-11-23"), promise("2027-02-21"), "default", Terms::default())
}

/// Acknowledged and prioritised on the day of receipt, in work.
fn in_work() -> Facts {
    Facts {
        is_new: false,
        acknowledged_at: Some(at("2026-11-23T12:00")),
        reporter_heard_at: Some(at("2026-11-23T12:00")),
        priority: Some(2),
        prioritised_at: Some(at("2026-11-23T15:00")),
        touched_at: Some(at("2026-11-23T15:00")),
        ..facts()
    }
}

fn find(facts: &Facts, kind: Kind, now: &str) -> Clock {
    clocks(facts, at(now)).into_iter().find(|clock| clock.kind == kind).unwrap()
}

/// `due / state`, as a test reads it.
fn told(clock: &Clock) -> String {
    let due = clock.due_at.map_or("-".to_owned(), |due| due.format("%Y-%m-%dT%H:%M").to_string());
    format!("{due} / {}", clock.state)
}

#[test]
fn a_new_case_has_these_clocks() {
    let rows: Vec<(String, String)> =
        clocks(&facts(), at("2026-11-23T10:00")).iter().map(|clock| (clock.name(), told(clock))).collect();
    let expected = [
        ("acknowledge", "2026-11-24T09:00 / running"),
        ("triage", "2026-11-25T09:00 / running"),
        ("reporter update", "- / not started"),
        ("stalled", "2026-11-30T09:00 / running"),
        ("internal target", "2027-01-07T09:00 / running"),
        ("disclosure", "2027-02-21T09:00 / running"),
        ("roll-out", "- / not started"),
        ("advisory", "- / not started"),
    ];
    assert_eq!(rows, expected.map(|(name, told)| (name.to_owned(), told.to_owned())));
}

#[test]
fn acknowledge() {
    let open = facts();
    let answered = |when| Facts { acknowledged_at: Some(at(when)), is_new: false, ..facts() };
    let off_record = Facts { is_new: false, ..facts() };
    for (facts, now, expected) in [
        (&open, "2026-11-24T09:00", "running"),
        (&open, "2026-11-24T12:00", "missed by 3 hours"),
        (&answered("2026-11-24T09:00"), "2027-01-01", "met on 2026-11-24 09:00 UTC"),
        (&answered("2026-11-24T09:30"), "2027-01-01", "missed by 30 minutes, met on 2026-11-24 09:30 UTC"),
        (&off_record, "2027-01-01", "suspended: when the reporter was first answered is not on record"),
    ] {
        let clock = find(facts, Kind::Acknowledge, now);
        assert_eq!(told(&clock), format!("2026-11-24T09:00 / {expected}"));
        assert_eq!(clock.why, "24 hours from receipt on 2026-11-23 09:00 UTC by policy default");
    }
}

#[test]
fn triage() {
    let undated = Facts { prioritised_at: None, ..in_work() };
    let taken_back = Facts { priority: None, ..in_work() };
    for (facts, expected, why) in [
        (&in_work(), "met on 2026-11-23 15:00 UTC", ""),
        (&undated, "suspended: when it got its priority is not on record", ""),
        (&taken_back, "missed by 1 day", "; it had a priority on 2026-11-23 15:00 UTC, and has none now"),
    ] {
        let clock = find(facts, Kind::Triage, "2026-11-26");
        assert_eq!(told(&clock), format!("2026-11-25T09:00 / {expected}"));
        assert_eq!(
            clock.why,
            format!("48 hours from receipt on 2026-11-23 09:00 UTC by policy default{why}")
        );
    }
}

#[test]
fn the_reporter_hears_again() {
    let heard = Facts { reporter_heard_at: Some(at("2026-12-01")), ..in_work() };
    let public = Facts { disclosed_at: Some(at("2026-12-10")), ..in_work() };
    let late = Facts { disclosed_at: Some(at("2026-12-10T12:00")), ..in_work() };
    for (facts, now, expected) in [
        (&in_work(), "2026-12-07", "2026-12-07T12:00 / running"),
        (&in_work(), "2026-12-08T12:00", "2026-12-07T12:00 / missed by 1 day"),
        (&heard, "2026-12-08", "2026-12-15T09:00 / running"),
        (
            &public,
            "2026-12-12",
            "2026-12-07T12:00 / missed by 2 days 21 hours, halted on 2026-12-10 09:00 UTC",
        ),
        (&late, "2026-12-12", "2026-12-07T12:00 / missed by 3 days, halted on 2026-12-10 12:00 UTC"),
    ] {
        assert_eq!(told(&find(facts, Kind::Update, now)), expected);
    }
    let public = Facts { disclosed_at: Some(at("2026-12-01")), ..in_work() };
    assert_eq!(
        told(&find(&public, Kind::Update, "2026-12-02")),
        "2026-12-07T12:00 / suspended: the details are public since 2026-12-01 09:00 UTC; no update is owed"
    );
}

#[test]
fn stalled_by_priority() {
    for (priority, days) in
        [(Some(0), 1), (Some(1), 2), (Some(2), 7), (Some(3), 14), (Some(4), 30), (None, 7)]
    {
        let facts = Facts { priority, touched_at: Some(at("2026-12-01")), ..in_work() };
        let clock = find(&facts, Kind::Stalled, "2026-12-01");
        assert_eq!(clock.due_at, Some(at("2026-12-01") + TimeDelta::days(days)), "{priority:?}");
    }
    assert_eq!(
        find(&in_work(), Kind::Stalled, "2026-12-01").why,
        "7 days from the last touch on 2026-11-23 15:00 UTC by policy default, for a P2"
    );
    assert_eq!(
        find(&facts(), Kind::Stalled, "2026-12-01").why,
        "7 days from receipt (nobody touched it since) on 2026-11-23 09:00 UTC by policy default, \
         for a case without a priority"
    );
    // A priority that no table has is the least urgent one.
    let odd = Facts { priority: Some(200), touched_at: Some(at("2026-12-01")), ..in_work() };
    assert_eq!(find(&odd, Kind::Stalled, "2026-12-01").due_at, Some(at("2026-12-31")));
}

#[test]
fn a_clock_for_each_lane_that_was_asked() {
    let asked = |lane: &str, answered: Option<&str>, due: Option<&str>| Asked {
        lane: lane.to_owned(),
        owner: Some("dora".to_owned()),
        asked_at: at("2026-12-01"),
        answered_at: answered.map(at),
        answer_due_at: due.map(at),
    };
    let lanes = vec![
        asked("development", None, None),
        asked("QA", Some("2026-12-01T10:00"), None),
        asked("PR", Some("2026-12-04"), Some("2026-12-03")),
        asked("man\u{1b}agement", None, Some("2026-12-09")),
    ];
    let facts = Facts { asked: lanes, ..in_work() };
    let clocks = clocks(&facts, at("2026-12-05"));
    let rows: Vec<String> = clocks
        .iter()
        .filter(|clock| clock.kind == Kind::Answer)
        .map(|clock| format!("{}: {}", clock.name(), told(clock)))
        .collect();
    assert_eq!(
        rows,
        [
            "hand-over answer (development): 2026-12-02T09:00 / missed by 3 days",
            "hand-over answer (QA): 2026-12-02T09:00 / met on 2026-12-01 10:00 UTC",
            "hand-over answer (PR): 2026-12-03T09:00 / missed by 1 day, met on 2026-12-04 09:00 UTC",
            "hand-over answer (man<ESC>agement): 2026-12-09T09:00 / running",
        ]
    );
    assert_eq!(
        clocks[4].why,
        "24 hours from the question to development of dora on 2026-12-01 09:00 UTC by policy default"
    );
    assert_eq!(clocks[6].why, "the time asked for in the question to PR of dora on 2026-12-01 09:00 UTC");
}

#[test]
fn the_target_is_a_share_of_the_window() {
    for (percent, due) in [(50, "2027-01-07"), (0, "2026-11-23"), (100, "2027-02-21"), (40, "2026-12-29")] {
        let terms = Terms { target_percent: percent, ..Terms::default() };
        let facts = Facts { terms, ..in_work() };
        assert_eq!(find(&facts, Kind::Target, "2026-11-23").due_at, Some(at(due)), "{percent}");
    }
    assert_eq!(
        find(&in_work(), Kind::Target, "2026-11-24").why,
        "a release after half of the 90 days until disclosure, from receipt on 2026-11-23 09:00 UTC"
    );
    let released = Facts { released_at: Some(at("2027-01-08")), ..in_work() };
    assert_eq!(
        told(&find(&released, Kind::Target, "2027-01-09")),
        "2027-01-07T09:00 / missed by 1 day, met on 2027-01-08 09:00 UTC"
    );
    let no_date = Facts { disclosure: Promise::default(), ..in_work() };
    let no_window = Facts { disclosure: promise("2026-11-23"), ..in_work() };
    for facts in [no_date, no_window] {
        assert_eq!(told(&find(&facts, Kind::Target, "2027-01-01")), "- / not started");
    }
}

#[test]
fn disclosure() {
    let on = |when| Facts { disclosed_at: Some(at(when)), ..in_work() };
    let no_date = Facts { disclosure: Promise::default(), ..in_work() };
    for (facts, now, expected) in [
        (&in_work(), "2027-02-21", "2027-02-21T09:00 / running"),
        (&in_work(), "2027-02-22", "2027-02-21T09:00 / missed by 1 day"),
        (&on("2027-02-01"), "2027-03-01", "2027-02-21T09:00 / met on 2027-02-01 09:00 UTC"),
        (&on("2027-02-23"), "2027-03-01", "2027-02-21T09:00 / missed by 2 days, met on 2027-02-23 09:00 UTC"),
        (&on("2026-10-01"), "2027-03-01", "- / met on 2026-10-01 09:00 UTC"),
        (&no_date, "2027-03-01", "- / not started"),
    ] {
        assert_eq!(told(&find(facts, Kind::Disclosure, now)), expected);
    }
    assert_eq!(
        find(&in_work(), Kind::Disclosure, "2027-01-01").why,
        "90 days from receipt on 2026-11-23 by policy default"
    );
    assert_eq!(find(&no_date, Kind::Disclosure, "2027-01-01").why, "policy default names no date");
}

#[test]
fn what_came_in_public_has_no_disclosure_to_miss_but_users_to_warn() {
    let facts = Facts { disclosed_at: Some(at("2026-10-01")), disclosure: promise("2026-11-23"), ..facts() };
    let disclosure = find(&facts, Kind::Disclosure, "2027-03-01");
    assert_eq!(disclosure.started_at, None);
    assert_eq!(
        disclosure.why,
        "public on 2026-10-01 09:00 UTC, before it reached us: nothing is left to miss"
    );
    assert_eq!(told(&find(&facts, Kind::Target, "2027-03-01")), "- / not started");
    let advisory = find(&facts, Kind::Advisory, "2026-11-24");
    assert_eq!(told(&advisory), "2026-11-24T09:00 / running");
    assert_eq!(
        advisory.why,
        "24 hours from receipt of what was public on 2026-11-23 09:00 UTC by policy default"
    );
}

#[test]
fn rollout_and_advisory_start_with_what_they_follow() {
    let ready = Facts { fix_ready_at: Some(at("2027-01-01")), ..in_work() };
    assert_eq!(
        find(&in_work(), Kind::Rollout, "2027-01-02").why,
        "starts with the release; there is no fix yet"
    );
    assert_eq!(
        find(&ready, Kind::Rollout, "2027-01-02").why,
        "starts with the release; the fix is ready since 2027-01-01 09:00 UTC"
    );
    let released = Facts { released_at: Some(at("2027-01-02")), ..ready };
    let rolled_out = Facts { rolled_out_at: Some(at("2027-01-20")), ..released.clone() };
    let disclosed = Facts { disclosed_at: Some(at("2027-02-01")), ..rolled_out.clone() };
    let warned = |when| Facts { advisory_at: Some(at(when)), ..disclosed.clone() };
    for (facts, kind, expected) in [
        (&released, Kind::Rollout, "2027-01-16T09:00 / missed by 17 days"),
        (&rolled_out, Kind::Rollout, "2027-01-16T09:00 / missed by 4 days, met on 2027-01-20 09:00 UTC"),
        (&rolled_out, Kind::Advisory, "- / not started"),
        (&disclosed, Kind::Advisory, "2027-02-02T09:00 / running"),
        (&warned("2027-01-31"), Kind::Advisory, "2027-02-02T09:00 / met on 2027-01-31 09:00 UTC"),
    ] {
        assert_eq!(told(&find(facts, kind, "2027-02-02")), expected);
    }
}

#[test]
fn waiting_for_the_reporter_suspends_what_only_the_reporter_can_move() {
    let wait =
        Wait { since: at("2026-11-24"), reason: "waiting for the reporter: a \u{1b}version".to_owned() };
    let waiting = Facts { waiting: Some(wait), prioritised_at: None, priority: None, ..in_work() };
    let reason = "suspended: waiting for the reporter: a <ESC>version, since 2026-11-24 09:00 UTC";
    for clock in clocks(&waiting, at("2027-02-22")) {
        let suspended = matches!(clock.kind, Kind::Triage | Kind::Update | Kind::Stalled);
        assert_eq!(clock.state.to_string() == reason, suspended, "{}: {}", clock.name(), clock.state);
    }
    assert_eq!(told(&find(&waiting, Kind::Disclosure, "2027-02-22")), "2027-02-21T09:00 / missed by 1 day");

    // What was missed before is not excused by the waiting.
    let wait = Wait { since: at("2026-11-27"), reason: "waiting for the reporter".to_owned() };
    let waiting = Facts { waiting: Some(wait), ..waiting };
    assert_eq!(
        told(&find(&waiting, Kind::Triage, "2027-02-22")),
        "2026-11-25T09:00 / missed by 2 days, halted on 2026-11-27 09:00 UTC"
    );
}

#[test]
fn after_a_wait_the_clocks_go_on() {
    let waited = |since, until| Waited { since: at(since), until: at(until) };
    let untriaged = Facts { prioritised_at: None, priority: None, ..in_work() };
    for (waits, due) in [
        (vec![waited("2026-11-24", "2026-11-27")], "2026-11-28"),
        // Two that overlap count once, in any order.
        (vec![waited("2026-11-25", "2026-11-29"), waited("2026-11-24", "2026-11-27")], "2026-11-30"),
        // The second one begins after the first has moved it.
        (vec![waited("2026-11-24", "2026-11-27"), waited("2026-11-28", "2026-11-29")], "2026-11-29"),
        // What began after it was due excuses nothing; nor does what is no span.
        (vec![waited("2026-11-26", "2026-12-26")], "2026-11-25"),
        (vec![waited("2026-11-24", "2026-11-20"), waited("2026-11-01", "2026-11-02")], "2026-11-25"),
    ] {
        let facts = Facts { waited: waits.clone(), ..untriaged.clone() };
        assert_eq!(find(&facts, Kind::Triage, "2026-11-24").due_at, Some(at(due)), "{waits:?}");
    }
    let facts = Facts { waited: vec![waited("2026-11-24", "2026-12-24")], ..untriaged };
    assert_eq!(
        find(&facts, Kind::Triage, "2026-12-24").why,
        "48 hours from receipt on 2026-11-23 09:00 UTC by policy default; \
         30 days later, the time that we waited for the reporter"
    );
    assert_eq!(told(&find(&facts, Kind::Update, "2026-12-25")), "2027-01-07T09:00 / running");
    let stalled = find(&facts, Kind::Stalled, "2026-12-25");
    assert_eq!(told(&stalled), "2026-12-31T09:00 / running");
    assert_eq!(
        stalled.why,
        "7 days from the end of the wait for the reporter on 2026-12-24 09:00 UTC by policy default, \
         for a case without a priority"
    );
}

#[test]
fn closing_halts_everything_and_opening_again_goes_on() {
    let closed = Facts { is_open: false, is_new: false, closed_at: Some(at("2026-11-25")), ..facts() };
    let all = clocks(&closed, at("2027-06-01"));
    assert_eq!(running(&all), None);
    assert_eq!(changes_at(&all), None);
    assert_eq!(
        told(&find(&closed, Kind::Acknowledge, "2027-06-01")),
        "2026-11-24T09:00 / missed by 1 day, halted on 2026-11-25 09:00 UTC"
    );
    assert_eq!(
        told(&find(&closed, Kind::Disclosure, "2027-06-01")),
        "2027-02-21T09:00 / suspended: the case was closed on 2026-11-25 09:00 UTC"
    );
    let in_time = Facts { closed_at: Some(at("2026-11-24")), ..closed.clone() };
    assert_eq!(
        told(&find(&in_time, Kind::Acknowledge, "2027-06-01")),
        "2026-11-24T09:00 / suspended: the case was closed on 2026-11-24 09:00 UTC"
    );
    let opened = Facts { is_open: true, is_new: true, closed_at: None, ..closed };
    assert!(running(&clocks(&opened, at("2027-06-01"))).is_some());
}

#[test]
fn the_clock_due_first_is_the_one_shown_also_when_it_was_missed() {
    for (facts, now, kind) in [
        (facts(), "2026-11-23T10:00", Some(Kind::Acknowledge)),
        (facts(), "2026-12-23T10:00", Some(Kind::Acknowledge)),
        (in_work(), "2026-11-24", Some(Kind::Stalled)),
        (Facts { touched_at: Some(at("2027-02-20")), ..in_work() }, "2027-02-20", Some(Kind::Update)),
    ] {
        assert_eq!(running(&clocks(&facts, at(now))).map(|clock| clock.kind), kind);
    }
}

#[test]
fn words_fit_their_column_and_are_read_back() {
    for kind in Kind::ALL {
        assert!(kind.short().len() <= 8, "{kind}");
        assert_eq!(kind.word().parse(), Ok(kind));
    }
    for (state, code) in [
        (ClockState::NotStarted, "not_started"),
        (ClockState::Running, "running"),
        (ClockState::Met { at: at("2026-11-23") }, "met"),
        (ClockState::Missed { by: TimeDelta::zero(), end: None }, "missed"),
        (ClockState::Suspended { reason: String::new() }, "suspended"),
    ] {
        assert_eq!(state.code(), code);
    }
}

#[test]
fn spans_in_words() {
    for (seconds, words) in [
        (0, "0 seconds"),
        (1, "1 second"),
        (86_400, "1 day"),
        (7_776_000, "90 days"),
        (93_784, "1 day 2 hours 3 minutes 4 seconds"),
        (-60, "1 minute"),
    ] {
        assert_eq!(in_words(TimeDelta::seconds(seconds)), words);
    }
}
