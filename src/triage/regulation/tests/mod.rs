//! The clocks of each regime, row by row.

mod drafts;
mod periods;

use chrono::TimeDelta;
use proptest::prelude::*;

use super::*;
use crate::triage::clocks::{Clock, Kind};
use periods::Central;

fn at(text: &str) -> DateTime<Utc> {
    format!("{text}:00Z").parse().unwrap()
}

fn filing(step: Step, when: &str) -> Filing {
    Filing { step, at: at(when), by: "ben".to_owned(), reference: "SRP-17".to_owned() }
}

/// Aware since 20 January 2027 at 10:00 UTC.
fn aware(regime: Regime) -> Situation {
    Situation { aware_at: Some(at("2027-01-20T10:00")), ..Situation::new(regime) }
}

fn find(situation: &Situation, kind: Kind, now: &str) -> Clock {
    clocks(situation, &Utc, at(now)).into_iter().find(|clock| clock.kind == kind).unwrap()
}

fn told(clock: &Clock) -> String {
    let due = clock.due_at.map_or("-".to_owned(), |due| due.format("%Y-%m-%dT%H:%M").to_string());
    format!("{due} / {}", clock.state)
}

#[test]
fn warning_and_notification_count_from_awareness_not_from_the_signal() {
    for regime in Regime::ALL {
        let situation = Situation { first_signal_at: Some(at("2027-01-10T08:00")), ..aware(regime) };
        let warning = find(&situation, Kind::EarlyWarning, "2027-01-20T11:00");
        assert_eq!(told(&warning), "2027-01-21T10:00 / running", "{regime}");
        assert_eq!(warning.name(), format!("early warning ({regime})"));
        assert_eq!(
            warning.why,
            "24 hours from awareness on 2027-01-20 10:00 UTC, first signal on 2027-01-10 08:00 UTC"
        );
        let notification = find(&situation, Kind::Notification, "2027-01-24T10:00");
        assert_eq!(told(&notification), "2027-01-23T10:00 / missed by 1 day", "{regime}");

        let unaware = Situation { aware_at: None, ..situation };
        let warning = find(&unaware, Kind::EarlyWarning, "2027-01-24T10:00");
        assert_eq!(told(&warning), "- / not started", "{regime}");
        assert_eq!(
            warning.why,
            "starts with the decision that we are aware, which is open since the first signal on \
             2027-01-10 08:00 UTC"
        );
    }
}

#[test]
fn filings_meet_their_step_early_and_late() {
    for (when, expected) in [
        ("2027-01-20T09:00", "2027-01-21T10:00 / met on 2027-01-20 09:00 UTC"),
        ("2027-01-21T10:00", "2027-01-21T10:00 / met on 2027-01-21 10:00 UTC"),
        ("2027-01-21T12:00", "2027-01-21T10:00 / missed by 2 hours, met on 2027-01-21 12:00 UTC"),
    ] {
        // A correction that follows does not make it late.
        let filings = vec![filing(Step::EarlyWarning, "2027-02-01T10:00"), filing(Step::EarlyWarning, when)];
        let situation = Situation { filings, ..aware(Regime::CraVulnerability) };
        let warning = find(&situation, Kind::EarlyWarning, "2027-03-01T10:00");
        assert_eq!(told(&warning), expected);
        assert!(warning.why.ends_with("UTC by ben as SRP-17"), "{}", warning.why);
    }
}

#[test]
fn a_later_report_covers_an_earlier_one() {
    for (when, expected) in [
        ("2027-01-21T09:00", "met on 2027-01-21 09:00 UTC"),
        ("2027-01-22T10:00", "missed by 1 day, met on 2027-01-22 10:00 UTC"),
    ] {
        let filings = vec![filing(Step::Notification, when)];
        let situation = Situation { filings, ..aware(Regime::CraIncident) };
        let warning = find(&situation, Kind::EarlyWarning, "2027-03-01T10:00");
        assert_eq!(told(&warning), format!("2027-01-21T10:00 / {expected}"));
        assert!(warning.why.contains("; covered by the notification, filed on 2027-01-2"), "{}", warning.why);
        assert_eq!(find(&situation, Kind::FinalReport, "2027-01-23T10:00").state.word(), "running");
    }
}

#[test]
fn the_final_report_of_a_vulnerability_waits_for_a_measure() {
    let notified = vec![filing(Step::Notification, "2027-01-22T10:00")];
    let none = Situation { filings: notified, ..aware(Regime::CraVulnerability) };
    let with = |when| Situation { measure_available_at: Some(at(when)), ..none.clone() };
    for (situation, expected) in [
        // Neither awareness nor notification starts it.
        (&none, "- / not started"),
        (&with("2027-03-01T16:00"), "2027-03-15T16:00 / running"),
        // Over the leap day.
        (&with("2028-02-20T16:00"), "2028-03-05T16:00 / running"),
        // A fix from before the attack: no report is owed before the duty began.
        (&with("2026-06-01T16:00"), "2027-02-03T10:00 / missed by 26 days"),
    ] {
        assert_eq!(told(&find(situation, Kind::FinalReport, "2027-03-01T10:00")), expected);
    }
    assert_eq!(
        find(&with("2027-03-01T16:00"), Kind::FinalReport, "2027-03-02T10:00").why,
        "14 days from 2027-03-01 16:00 UTC, when a corrective or mitigating measure was available"
    );
    assert_eq!(
        find(&with("2026-06-01T16:00"), Kind::FinalReport, "2027-03-02T10:00").why,
        "14 days from awareness on 2027-01-20 10:00 UTC; a measure was available before, on 2026-06-01 16:00 UTC"
    );
    let unaware = Situation { aware_at: None, ..with("2026-06-01T16:00") };
    assert_eq!(told(&find(&unaware, Kind::FinalReport, "2027-03-02T10:00")), "- / not started");
}

#[test]
fn the_final_report_of_an_incident_counts_from_the_submission() {
    for regime in [Regime::CraIncident, Regime::Nis2] {
        // Due on the 23rd; submitted early, late, and at the end of a month.
        for (submitted, due) in [
            (None, "-"),
            (Some("2027-01-21T10:00"), "2027-02-21T10:00"),
            (Some("2027-01-31T10:00"), "2027-02-28T10:00"),
            (Some("2028-01-31T10:00"), "2028-02-29T10:00"),
        ] {
            let filings = submitted.map(|when| filing(Step::Notification, when)).into_iter().collect();
            let handled_at = Some(at("2027-01-20T12:00"));
            // A measure is nothing that this report waits for.
            let measure_available_at = Some(at("2027-01-20T11:00"));
            let situation = Situation { filings, handled_at, measure_available_at, ..aware(regime) };
            let last = find(&situation, Kind::FinalReport, "2027-01-31T12:00");
            let state = if submitted.is_some() { "running" } else { "not started" };
            assert_eq!(told(&last), format!("{due} / {state}"), "{regime} {submitted:?}");
        }
    }
    let situation = Situation {
        filings: vec![filing(Step::Notification, "2027-01-21T10:00")],
        ..aware(Regime::CraIncident)
    };
    assert_eq!(
        find(&situation, Kind::FinalReport, "2027-01-31T12:00").why,
        "one month from the submission of the notification on 2027-01-21 10:00 UTC"
    );
    assert!(clocks(&situation, &Utc, at("2027-01-31T12:00")).iter().all(|c| c.kind != Kind::ProgressReport));
}

#[test]
fn an_ongoing_nis2_incident_is_reported_on_before_it_is_closed() {
    let notified = |more: Vec<Filing>| {
        let filings = [vec![filing(Step::Notification, "2027-01-22T10:00")], more].concat();
        Situation { filings, ..aware(Regime::Nis2) }
    };
    let handled = |when, more| Situation { handled_at: Some(at(when)), ..notified(more) };
    let progress = || vec![filing(Step::ProgressReport, "2027-02-20T10:00")];
    let last = |when| vec![filing(Step::FinalReport, when)];
    for (name, situation, now, for_progress, for_last) in [
        ("ongoing", notified(vec![]), "2027-02-01T10:00", "2027-02-22T10:00 / running", "- / not started"),
        (
            "ongoing, a month over",
            notified(vec![]),
            "2027-02-23T10:00",
            "2027-02-22T10:00 / missed by 1 day",
            "- / not started",
        ),
        (
            "ongoing, progress reported",
            notified(progress()),
            "2027-03-23T10:00",
            "2027-02-22T10:00 / met on 2027-02-20 10:00 UTC",
            "- / not started",
        ),
        (
            "handled within the month",
            handled("2027-02-22T10:00", vec![]),
            "2027-02-22T10:00",
            "- / not started",
            "2027-02-22T10:00 / running",
        ),
        (
            "handled later, at the end of a month",
            handled("2027-03-31T10:00", progress()),
            "2027-04-01T10:00",
            "2027-02-22T10:00 / met on 2027-02-20 10:00 UTC",
            "2027-04-30T10:00 / running",
        ),
        (
            "handled later, the final report late",
            handled("2027-03-31T10:00", last("2027-05-01T10:00")),
            "2027-06-01T10:00",
            "2027-02-22T10:00 / missed by 68 days, met on 2027-05-01 10:00 UTC",
            "2027-04-30T10:00 / missed by 1 day, met on 2027-05-01 10:00 UTC",
        ),
        (
            "final report within the month",
            notified(last("2027-02-10T10:00")),
            "2027-03-01T10:00",
            "- / not started",
            "2027-02-22T10:00 / met on 2027-02-10 10:00 UTC",
        ),
        ("not notified", aware(Regime::Nis2), "2027-03-01T10:00", "- / not started", "- / not started"),
    ] {
        assert_eq!(told(&find(&situation, Kind::ProgressReport, now)), for_progress, "{name}");
        assert_eq!(told(&find(&situation, Kind::FinalReport, now)), for_last, "{name}");
    }
}

#[test]
fn nobody_is_subject_unless_the_table_says_so() {
    let read = |table: &str| serde_json::from_str::<Subject>(table);
    let nobody = read("{}").unwrap();
    assert!(Regime::ALL.into_iter().all(|regime| !nobody.is_subject_to(regime)));
    let maker = read(r#"{"cra": true, "member_states": ["DE", "FR"], "company": "Example"}"#).unwrap();
    assert_eq!(Regime::ALL.map(|regime| maker.is_subject_to(regime)), [true, true, false]);
    let operator = read(r#"{"nis2": true}"#).unwrap();
    assert_eq!(Regime::ALL.map(|regime| operator.is_subject_to(regime)), [false, false, true]);
    assert!(read(r#"{"CRA": true}"#).is_err(), "a misspelt duty is not silently off");
}

#[test]
fn a_situation_is_kept_and_read_back() {
    let situation = Situation {
        filings: vec![filing(Step::EarlyWarning, "2027-01-21T09:00")],
        ..aware(Regime::CraVulnerability)
    };
    let kept = serde_json::to_string(&situation).unwrap();
    assert_eq!(serde_json::from_str::<Situation>(&kept).unwrap(), situation);
    assert_eq!(
        serde_json::from_str::<Situation>(r#"{"regime":"nis2_incident"}"#).unwrap(),
        Situation::new(Regime::Nis2)
    );
}

proptest! {
    #![proptest_config(crate::seeded())]

    #[test]
    fn clocks_do_not_depend_on_now_and_later_events_are_due_later(
        regime in proptest::sample::select(Regime::ALL.to_vec()),
        instants in proptest::array::uniform4(proptest::option::of(1_780_000_000_i64..2_400_000_000)),
        filings in proptest::collection::vec((proptest::sample::select(Step::ALL.to_vec()), 1_780_000_000_i64..2_400_000_000), 0..5),
        nows in proptest::array::uniform2(1_700_000_000_i64..2_500_000_000),
        more in 0_i64..100_000_000,
    ) {
        let instant = |seconds: i64| DateTime::from_timestamp(seconds, 0).unwrap();
        let [first_signal_at, aware_at, measure_available_at, handled_at] = instants.map(|at| at.map(instant));
        let filings = filings.into_iter().map(|(step, seconds)| Filing {
            step, at: instant(seconds), by: String::new(), reference: String::new(),
        }).collect();
        let situation = Situation { regime, first_signal_at, aware_at, measure_available_at, handled_at, filings };
        let due = |situation: &Situation, now: i64| -> Vec<_> {
            clocks(situation, &Central, instant(now)).into_iter().map(|clock| clock.due_at).collect()
        };
        let dues = due(&situation, nows[0]);
        prop_assert_eq!(&dues, &due(&situation, nows[1]));
        let aware_later = aware_at.map(|at| at + TimeDelta::seconds(more));
        for (before, after) in dues.iter().zip(due(&Situation { aware_at: aware_later, ..situation.clone() }, nows[0])) {
            prop_assert!(*before <= after);
        }
    }
}
