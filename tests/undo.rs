//! Whatever is decided, undoing it gives back what was, and redoing it what became of it.
#![allow(clippy::unwrap_used)]

use std::cell::RefCell;

use chrono::{DateTime, Utc};
use ninety::desk::{Clock, Desk, Order, Place, Readers, Team};
use ninety::pgp::Password;
use ninety::triage::case::FoundIn;
use ninety::triage::date::Wish;
use ninety::triage::variants::Variants;
use ninety::triage::{
    Assessment, Case, CaseKey, Decision, Judgement, Lane, LaneStep, Milestone, Priority, Resolution, State,
};
use proptest::prelude::*;

fn now() -> DateTime<Utc> {
    "2026-11-23T12:00:00Z".parse().unwrap()
}

/// A store with three cases.
fn desk() -> (tempfile::TempDir, Desk, Vec<CaseKey>) {
    let directory = tempfile::tempdir().unwrap();
    let team = Team { name: "Test".into(), address: "security@example.org".into(), prefix: "SEC".into() };
    let place = Place::new(directory.path().join("store"));
    let mut desk = place
        .create(&Password::from("test"), &team, "ann", Clock::Frozen(now()), Readers::in_this_process())
        .unwrap();
    for number in 0..3 {
        let mail = format!(
            "From: r{number}@x.example\nSubject: report {number}\nDate: Sun, 22 Nov 2026 10:00:00 +0000\n\
             Message-ID: <{number}@x.example>\n\ntext {number}\n"
        );
        desk.receive("test", mail.as_bytes()).unwrap();
    }
    let keys = desk.order(&Default::default()).unwrap();
    (directory, desk, keys)
}

fn name() -> impl Strategy<Value = Option<String>> {
    proptest::option::of("[a-z]{1,6}")
}

fn lane_step() -> impl Strategy<Value = LaneStep> {
    prop_oneof![
        (name(), name()).prop_map(|(owner, note)| LaneStep::Ask { owner, note }),
        Just(LaneStep::Accept),
        name().prop_map(LaneStep::Finish),
        Just(LaneStep::Drop),
    ]
}

fn decision() -> impl Strategy<Value = Decision> {
    let state = (0..State::ALL.len()).prop_map(|index| State::ALL[index]);
    let resolution =
        proptest::option::of((0..Resolution::ALL.len()).prop_map(|index| Resolution::ALL[index]));
    prop_oneof![
        "[a-z ]{1,12}".prop_map(Decision::Title),
        (state, resolution).prop_map(|(state, resolution)| Decision::State(state, resolution)),
        proptest::option::of(0_u8..5).prop_map(|level| Decision::Priority(level.and_then(Priority::new))),
        name().prop_map(Decision::Assignee),
        name().prop_map(Decision::Product),
        name().prop_map(Decision::Component),
        proptest::option::of(0_usize..7)
            .prop_map(|phase| Decision::FoundIn(phase.map(|phase| FoundIn::ALL[phase]))),
        (0_usize..3).prop_map(|index| Decision::Policy(["default", "30", "Project Zero"][index].into())),
        (1_u32..90).prop_map(|days| Decision::Disclosure(Wish::read(&format!("+{days}d"), &Utc).unwrap())),
        any::<bool>().prop_map(Decision::Exploited),
        any::<bool>().prop_map(Decision::Unread),
        Just(Decision::AsProposed),
        name().prop_map(|words| Decision::Judge(Judgement::Affected(words))),
        name().prop_map(Decision::Reason),
        name().prop_map(Decision::Wait),
        name().prop_map(|words| Decision::Variants(words.map(Variants::Waived))),
        name().prop_map(|words| Decision::Assess(Assessment { workaround: words, ..Assessment::default() })),
        (0..Lane::ALL.len(), lane_step()).prop_map(|(lane, step)| Decision::Lane(Lane::ALL[lane], step)),
        (0..Milestone::ALL.len(), any::<bool>())
            .prop_map(|(index, is)| Decision::Reach(Milestone::ALL[index], is.then(now))),
        proptest::collection::vec("[a-c]{1,2}", 0..3)
            .prop_map(|names| Decision::Readers(names.into_iter().chain(["ann".to_owned()]).collect())),
        any::<u8>().prop_map(Decision::Noise),
        "[a-z]{1,6}".prop_map(Decision::Tag),
        "[a-z ]{1,20}".prop_map(Decision::Note),
    ]
}

/// The cases without what counts undoing too: their version.
fn picture(desk: &Desk, keys: &[CaseKey]) -> Vec<Case> {
    keys.iter().map(|key| Case { version: 0, ..desk.case(*key).unwrap() }).collect()
}

#[test]
fn undo_after_do_is_identity_and_redo_after_undo_too() {
    let (_directory, desk, keys) = desk();
    let desk = RefCell::new(desk);
    let orders = proptest::collection::vec((0_usize..3, decision()), 1..6);
    let seed = proptest::test_runner::RngSeed::Fixed(90);
    let config =
        ProptestConfig { cases: 64, rng_seed: seed, failure_persistence: None, ..Default::default() };
    proptest!(config, |(orders in orders)| {
        let mut desk = desk.borrow_mut();
        let before = picture(&desk, &keys);
        let orders: Vec<Order> = orders
            .into_iter()
            .map(|(case, decision)| Order { case: keys[case], seen: None, decision })
            .collect();
        let outcome = desk.decide(&orders).unwrap();
        if !outcome.changed.is_empty() {
            let after = picture(&desk, &keys);
            prop_assert!(desk.undo().unwrap().refused.is_empty());
            prop_assert_eq!(picture(&desk, &keys), before);
            prop_assert!(desk.redo().unwrap().refused.is_empty());
            prop_assert_eq!(picture(&desk, &keys), after);
        }
    });
}

#[test]
fn undo_leaves_alone_what_somebody_else_changed_since() {
    let (directory, mut ann, keys) = desk();
    let order =
        |level: u8| Order { case: keys[0], seen: None, decision: Decision::Priority(Priority::new(level)) };
    ann.decide(&[order(1)]).unwrap();
    let mut ben = ann.second().unwrap().handed_to("ben", Clock::Frozen(now()));
    ben.decide(&[order(3)]).unwrap();
    let undone = ann.undo().unwrap();
    assert_eq!(undone.refused.len(), 1, "{undone:?}");
    assert_eq!(ann.case(keys[0]).unwrap().priority, Priority::new(3));
    drop(directory);
}

#[test]
fn a_decision_on_what_somebody_has_just_changed_is_refused() {
    let (_directory, mut ann, keys) = desk();
    let seen = Some(ann.case(keys[0]).unwrap().version);
    let mut ben = ann.second().unwrap().handed_to("ben", Clock::Frozen(now()));
    let order =
        |level: u8, seen| Order { case: keys[0], seen, decision: Decision::Priority(Priority::new(level)) };
    ben.decide(&[order(3, seen)]).unwrap();
    let refused = ann.decide(&[order(1, seen)]).unwrap();
    assert!(refused.refused[0].1.contains("ben has just set the priority to P3"), "{refused:?}");
    // Another field is another matter.
    let assign = Order { case: keys[0], seen, decision: Decision::Assignee(Some("ann".into())) };
    assert!(ann.decide(&[assign]).unwrap().refused.is_empty());
}

#[test]
fn one_undo_takes_back_all_that_follows_from_exploitation() {
    let (_directory, mut desk, keys) = desk();
    let order = |decision| Order { case: keys[0], seen: None, decision };
    desk.decide(&[order(Decision::AsProposed)]).unwrap();
    let before = picture(&desk, &keys);
    desk.decide(&[order(Decision::Exploited(true))]).unwrap();
    let abused = desk.case(keys[0]).unwrap();
    assert_eq!((abused.priority, abused.lanes.len()), (Priority::new(0), 3));
    assert_eq!(abused.assessment.reason, None, "the reasons for another priority went");
    assert!(abused.disclosure.at < before[0].disclosure.at);
    assert!(desk.undo().unwrap().refused.is_empty());
    assert_eq!(picture(&desk, &keys), before);
}

#[test]
fn an_undo_says_what_it_was_and_asks_about_what_is_old() {
    use ninety::desk::Undone;
    let (_directory, mut desk, keys) = desk();
    let id = desk.case(keys[0]).unwrap().id;
    let order =
        |key, level: u8| Order { case: key, seen: None, decision: Decision::Priority(Priority::new(level)) };
    desk.decide(&[order(keys[0], 1)]).unwrap();
    desk.decide(&[order(keys[0], 2)]).unwrap();
    let Undone::Older(earlier) = desk.undo_since(now() + chrono::TimeDelta::seconds(1)).unwrap() else {
        panic!("done unasked")
    };
    assert_eq!((earlier.words, earlier.at), (format!("{id}: priority P2 -> P1"), now()));
    assert_eq!(desk.case(keys[0]).unwrap().priority, Priority::new(2));
    desk.decide(&[order(keys[1], 3)]).unwrap();
    let refused = desk.undo_batch(earlier.batch).unwrap_err().to_string();
    assert!(refused.contains("another decision is your latest by now"), "{refused}");
    let Undone::Done(outcome) = desk.undo_since(now()).unwrap() else { panic!("asked") };
    assert!(outcome.summary.ends_with("priority P3 -> none"), "{}", outcome.summary);
    assert_eq!(desk.undo_batch(earlier.batch).unwrap().summary, format!("undone: {id} priority P2 -> P1"));
    let close = |key| Order {
        case: key,
        seen: None,
        decision: Decision::State(State::Closed, Some(Resolution::Spam)),
    };
    desk.decide(&[close(keys[1]), close(keys[2]), order(keys[2], 4)]).unwrap();
    assert_eq!(desk.undo().unwrap().summary, "undone on 2 cases: priority, state, resolution");
    assert_eq!(desk.redo().unwrap().summary, "done again on 2 cases: state, resolution, priority");
}
