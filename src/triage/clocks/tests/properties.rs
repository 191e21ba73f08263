//! What holds of the clocks of any case, hostile numbers included.

use proptest::prelude::*;

use super::*;

/// Any instant within some 30 years of the receipt that tests have, or far outside.
fn instant() -> impl Strategy<Value = DateTime<Utc>> {
    prop_oneof![
        20 => (-100_i64..10_000, 0_i64..86_400)
            .prop_map(|(days, seconds)| at("2026-11-23") + TimeDelta::days(days) + TimeDelta::seconds(seconds)),
        1 => Just(DateTime::<Utc>::MAX_UTC),
        1 => Just(DateTime::<Utc>::MIN_UTC),
    ]
}

fn maybe() -> impl Strategy<Value = Option<DateTime<Utc>>> {
    proptest::option::of(instant())
}

fn terms() -> impl Strategy<Value = Terms> {
    let number = || prop_oneof![10 => 0_i64..400, 1 => any::<i64>()];
    ((number(), number(), number(), number()), (number(), number(), number(), any::<[i64; 6]>())).prop_map(
        |((acknowledge_hours, triage_hours, update_days, handover_hours), rest)| Terms {
            acknowledge_hours,
            triage_hours,
            update_days,
            handover_hours,
            target_percent: rest.0,
            rollout_days: rest.1,
            advisory_hours: rest.2,
            stalled_days: rest.3,
        },
    )
}

fn anything() -> impl Strategy<Value = Facts> {
    let early = (maybe(), maybe(), maybe(), maybe(), proptest::option::of(any::<u8>()));
    let late = (maybe(), maybe(), maybe(), maybe(), maybe());
    let ends = (maybe(), any::<bool>(), any::<bool>(), maybe(), maybe());
    (instant(), terms(), early, late, ends).prop_map(|(received_at, terms, early, late, ends)| Facts {
        acknowledged_at: early.0,
        prioritised_at: early.1,
        reporter_heard_at: early.2,
        touched_at: early.3,
        priority: early.4,
        fix_ready_at: late.0,
        released_at: late.1,
        rolled_out_at: late.2,
        advisory_at: late.3,
        disclosed_at: late.4,
        closed_at: ends.0.filter(|_| !ends.1),
        is_open: ends.1,
        is_new: ends.2,
        waited: early.0.zip(late.2).map(|(since, until)| Waited { since, until }).into_iter().collect(),
        waiting: ends.3.map(|since| Wait { since, reason: "waiting".to_owned() }),
        asked: ends
            .4
            .map(|asked_at| Asked {
                lane: "PR".to_owned(),
                owner: None,
                asked_at,
                answered_at: late.0,
                answer_due_at: None,
            })
            .into_iter()
            .collect(),
        ..Facts::received(received_at, Promise { at: late.1, why: String::new() }, "default", terms)
    })
}

proptest! {
    #![proptest_config(crate::seeded())]

    #[test]
    fn which_clock_is_due_first_does_not_depend_on_now(facts in anything(), one in instant(), other in instant()) {
        let name = |now| running(&clocks(&facts, now)).map(|clock| (clock.name(), clock.due_at));
        prop_assert_eq!(name(one), name(other));
    }

    #[test]
    fn time_moves_states_and_nothing_else(facts in anything(), one in instant(), other in instant()) {
        let still = |now| -> Vec<_> {
            let all = clocks(&facts, now).into_iter();
            all.map(|clock| (clock.kind, clock.of, clock.started_at, clock.due_at, clock.why)).collect()
        };
        prop_assert_eq!(still(one), still(other));
    }

    #[test]
    fn states_stand_until_they_are_said_to_change(facts in anything(), now in instant(), part in 0.0..1.0_f64) {
        let words = |now| -> Vec<_> {
            clocks(&facts, now).iter().map(|clock| clock.state.word()).collect()
        };
        let all = clocks(&facts, now);
        let Some(change) = changes_at(&all) else {
            prop_assert_eq!(words(now), words(DateTime::<Utc>::MAX_UTC));
            return Ok(());
        };
        prop_assert!(change > now || change == DateTime::<Utc>::MAX_UTC);
        let before = (change - now).num_seconds() - 1;
        let between = now + TimeDelta::seconds((before.max(0) as f64 * part) as i64);
        prop_assert_eq!(words(now), words(between));
        if change < DateTime::<Utc>::MAX_UTC {
            prop_assert_ne!(words(now), words(change));
        }
    }

    #[test]
    fn a_closed_case_has_no_clock_that_counts(facts in anything(), now in instant()) {
        let closed = Facts { is_open: false, ..facts };
        prop_assert!(clocks(&closed, now).iter().all(|clock| !clock.state.is_counting()));
    }

    #[test]
    fn waiting_moves_no_date_and_no_clock_of_ours(facts in anything(), now in instant()) {
        let working = Facts { waiting: None, ..facts.clone() };
        for (with, without) in clocks(&facts, now).into_iter().zip(clocks(&working, now)) {
            prop_assert_eq!(with.due_at, without.due_at);
            if !matches!(with.kind, Kind::Triage | Kind::Update | Kind::Stalled) {
                prop_assert_eq!(with, without);
            }
        }
    }

    #[test]
    fn later_facts_never_make_a_due_clock_earlier(facts in anything(), days in 0_i64..1000) {
        // A later receipt moves what counts from it, the target apart, which is a share of what is left.
        prop_assume!(facts.received_at < at("2056-01-01"));
        let later = Facts { received_at: facts.received_at + TimeDelta::days(days), ..facts.clone() };
        let now = facts.received_at;
        for kind in [Kind::Acknowledge, Kind::Triage] {
            let due = |facts: &Facts| {
                clocks(facts, now).into_iter().find(|clock| clock.kind == kind).and_then(|clock| clock.due_at)
            };
            prop_assert!(due(&facts) <= due(&later));
        }
    }

    #[test]
    fn without_words_the_clocks_stand_the_same(facts in anything(), now in instant()) {
        let silent = Facts { is_wordless: true, ..facts.clone() };
        let stands = |clock: Clock| {
            let state = match clock.state {
                ClockState::Suspended { .. } => ClockState::Suspended { reason: String::new() },
                other => other,
            };
            (clock.kind, clock.of, clock.started_at, clock.due_at, state)
        };
        let (told, silent) = (clocks(&facts, now), clocks(&silent, now));
        prop_assert_eq!(
            told.into_iter().map(stands).collect::<Vec<_>>(),
            silent.into_iter().map(stands).collect::<Vec<_>>()
        );
    }
}
