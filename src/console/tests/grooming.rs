//! Grooming by key: views, marks, closing many, bells.

use std::sync::Arc;

use chrono::TimeDelta;

use super::bench::Bench;
use super::screens::snapshot;
use super::shelf;
use crate::console::msg::{Effect, Msg, Task};
use crate::console::overlay::Overlay;
use crate::desk::Order;
use crate::triage::rules::Rules;
use crate::triage::{CaseKey, Decision, Resolution, State};

/// The queue is 12 (exploited), 39, 42 (late), 31, 7.
pub(super) const LATE: i64 = 42;
pub(super) const WORK: i64 = 39;

pub(super) fn on_late() -> Bench {
    let mut bench = Bench::new(80, 24);
    bench.press("j j");
    bench
}

/// A bench that works by these rules.
pub(super) fn under(config: &str) -> Bench {
    let rules = Arc::new(Rules::read(config, |_| Err(String::new())).unwrap());
    let mut bench = on_late();
    bench.shelf.rules = Arc::clone(&rules);
    bench.model.rules = rules;
    bench
}

pub(super) fn batches(bench: &Bench) -> Vec<Vec<(i64, Decision)>> {
    let orders = bench.writes.iter().filter_map(|task| match task {
        Task::Decide(orders) => Some(orders),
        _ => None,
    });
    let decided = |orders: &Vec<Order>| {
        orders.iter().map(|order| (order.case.0, order.decision.clone())).collect::<Vec<_>>()
    };
    orders.map(decided).collect()
}

pub(super) fn last(bench: &Bench) -> Vec<(i64, Decision)> {
    batches(bench).pop().unwrap_or_default()
}

fn rings(bench: &Bench) -> usize {
    bench.effects.iter().filter(|effect| **effect == Effect::Ring).count()
}

#[test]
fn a_view_is_two_keys_and_the_queue_says_its_name() {
    let mut bench = on_late();
    bench.press("'");
    snapshot("overlay_views", bench.screen());
    bench.press("m");
    assert_eq!(bench.model.queue.text, "is:open assignee:me");
    assert!(bench.screen().contains("view: mine"), "{}", bench.screen());
    bench.press("' Down Down Enter");
    assert!(bench.screen().contains("view: unacknowledged"));
    bench.press("' Q");
    assert_eq!(bench.notice(), "no view has the key Q; Up, Down and Enter choose one too");
    bench.press("Esc Esc");
    assert!(bench.model.queue.text.is_empty() && bench.screen().contains("open, by rank (E explains)"));
}

#[test]
fn a_teams_own_view_is_there_with_its_key() {
    let mut bench = under("[view.web]\nkey = 'x'\nquery = 'tiff'\n");
    bench.press("' x");
    assert_eq!((bench.model.queue.keys.len(), bench.current()), (1, LATE));
    assert!(bench.screen().contains("view: web"));
    // A query of any length leaves the place in the queue to be seen.
    bench.press("/").type_in(&format!(" {}", "tiff ".repeat(20))).press("Enter");
    assert!(bench.screen().contains(" 1 of 1 "), "{}", bench.screen());
}

#[test]
fn tab_completes_fields_values_and_what_they_have_in_common() {
    let mut bench = on_late();
    bench.press("/").type_in("sta").press("Tab");
    assert_eq!(typed(&bench), "state:");
    bench.type_in("ackn").press("Tab");
    assert_eq!(typed(&bench), "state:acknowledged ");
    bench.type_in("is:un").press("Tab");
    assert_eq!(typed(&bench), "state:acknowledged is:un");
    assert!(bench.screen().contains("unread  unassigned"), "{}", bench.screen());
    bench.type_in("r").press("Tab");
    assert_eq!(typed(&bench), "state:acknowledged is:unread ");
    // What stands behind the cursor stays.
    bench.press("Home").type_in("due").press("Tab");
    assert_eq!(typed(&bench), "due:state:acknowledged is:unread ");
}

pub(super) fn typed(bench: &Bench) -> String {
    match &bench.model.overlay {
        Some(Overlay::Prompt(prompt)) => prompt.input.value().to_owned(),
        other => panic!("no prompt: {other:?}"),
    }
}

#[test]
fn a_misread_is_marked_at_its_place() {
    let mut bench = on_late();
    bench.press("/").type_in("prio:P1 state:nwe");
    let (buffer, _) = bench.draw(&super::bench::LOOK);
    let is_underlined = |x: &u16| buffer[(*x, 23)].modifier.contains(ratatui::style::Modifier::UNDERLINED);
    let marked: String = (0..80).filter(is_underlined).map(|x| buffer[(x, 23)].symbol().to_owned()).collect();
    assert_eq!(marked, "state:nwe");
    bench.press("Backspace Backspace").type_in("ew");
    let (buffer, _) = bench.draw(&super::bench::LOOK);
    assert!((0..80).all(|x| !buffer[(x, 23)].modifier.contains(ratatui::style::Modifier::UNDERLINED)));
}

#[test]
fn marks_are_inverted_and_ranges_marked() {
    let mut bench = Bench::crowd(100, 80, 24);
    bench.press("x x i");
    assert_eq!(bench.model.queue.marked.len(), 98);
    assert_eq!(bench.notice(), "marked 98; decisions go to all of them; Esc drops the marks");
    bench.press("Esc Z");
    assert_eq!(bench.notice(), "range: mark its first case with x, then go to its last one");
    bench.press("g 9 G x 2 Esc");
    let mut bench = Bench::crowd(100, 80, 24);
    bench.press("9 G x 8 0 G Z");
    assert_eq!(bench.model.queue.marked.len(), 72, "9 to 80, both with it");
    bench.press("5 G Z");
    assert_eq!(bench.model.queue.marked.len(), 76, "and on from there, upwards");
    assert!(bench.screen().contains("76 marked"));
}

#[test]
fn one_question_tells_what_it_does_to_whom_and_why_not() {
    let mut cases = shelf::cases();
    cases[3].case.readers = vec!["ben".to_owned()];
    let mut bench = Bench::with(cases, 80, 24);
    bench.press("X s").type_in("clo").press("Enter").type_in("spam").press("Enter");
    snapshot("question_close_many", bench.screen());
    assert!(batches(&bench).is_empty());
    bench.press("x");
    assert!(batches(&bench).is_empty() && bench.model.overlay.is_some(), "only its answers count");
    bench.press("y");
    assert_eq!(batches(&bench).len(), 1, "one batch");
    assert_eq!(bench.shelf.cases.iter().filter(|one| one.case.state == State::Closed).count(), 4);
    assert_eq!(
        bench.model.queue.marked.iter().copied().collect::<Vec<_>>(),
        [CaseKey(7)],
        "what is done with is not marked"
    );
    bench.press("u");
    assert!(bench.shelf.cases.iter().all(|one| one.case.state != State::Closed), "one undo");
}

#[test]
fn an_undo_at_once_gives_the_marks_back() {
    let mut bench = on_late();
    bench.press("x x s").type_in("clo").press("Enter").type_in("spam").press("Enter y");
    assert!(bench.model.queue.marked.is_empty(), "they left the queue");
    bench.press("u");
    let marked = |bench: &Bench| bench.model.queue.marked.iter().map(|key| key.0).collect::<Vec<_>>();
    assert_eq!(marked(&bench), [31, LATE]);
    assert!(bench.screen().contains("2 marked"), "{}", bench.screen());
    bench.press("Ctrl-r");
    assert_eq!(marked(&bench), [0; 0]);
    // Of an earlier decision than the last nothing is remembered.
    bench.press("g a u u");
    assert_eq!(marked(&bench), [0; 0]);
}

#[test]
fn every_kind_of_decision_about_many_is_asked_about() {
    for keys in ["a", "2", "-", "U", "e", "s Enter", "A Enter", "L Enter Down Enter", "V Down Down Enter"] {
        let mut bench = on_late();
        bench.press("x x").press(keys);
        assert!(matches!(bench.model.overlay, Some(Overlay::Question(_))), "{keys}: {}", bench.screen());
        assert!(batches(&bench).is_empty(), "{keys}");
        bench.press("n");
        assert_eq!(bench.notice(), "nothing done", "{keys}");
    }
    for (keys, text) in [("n", "asked"), ("d", "+7d"), ("p", "imaging"), ("w", "a crash file"), ("R", "")] {
        let mut bench = on_late();
        bench.press("x x").press(keys).type_in(text).press("Enter");
        assert!(matches!(bench.model.overlay, Some(Overlay::Question(_))), "{keys}: {}", bench.screen());
        bench.press("y");
        assert_eq!(last(&bench).len(), 2, "{keys}");
    }
}

#[test]
fn what_already_is_so_is_told_and_nothing_can_be_done_about_it() {
    let mut bench = on_late();
    bench.press("X -");
    assert!(
        bench.screen().contains("3 of 5 cases") && bench.screen().contains("2 already are so"),
        "{}",
        bench.screen()
    );
    bench.press("y X X -");
    assert!(bench.screen().contains("0 of 5 cases"), "{}", bench.screen());
    bench.press("y");
    assert_eq!(batches(&bench).len(), 1);
}

#[test]
fn a_question_about_many_tells_from_what_to_what() {
    let mut bench = on_late();
    bench.press("X 1");
    let screen = bench.screen();
    assert!(screen.contains("priority: 2 none -> P1, 1 P0 -> P1, 1 P3 -> P1"), "{screen}");
    bench.press("n e");
    assert!(bench.screen().contains("exploited: 4 no -> yes"), "{}", bench.screen());
    let height = bench.screen().lines().filter(|line| line.contains("│")).count();
    assert!(height <= 12, "{}", bench.screen());
    // Each of many has another date: only some are named.
    let mut bench = Bench::crowd(100, 80, 24);
    bench.press("X d").type_in("+7d").press("Enter");
    assert!(bench.screen().contains("96 otherwise"), "{}", bench.screen());
}

#[test]
fn marks_that_are_not_shown_are_told() {
    let mut bench = on_late();
    bench.press("X /").type_in("tiff").press("Enter");
    assert!(bench.screen().contains("5 marked, 4 not shown"), "{}", bench.screen());
    bench.press("a");
    assert!(bench.screen().contains("4 of them the queue does not show"), "{}", bench.screen());
}

#[test]
fn a_thousand_cases_are_one_question_and_one_batch() {
    let mut bench = Bench::crowd(1_000, 80, 24);
    bench.press("X a");
    assert!(bench.screen().contains("1000 of 1000 cases"), "{}", bench.screen());
    bench.press("y");
    assert_eq!((batches(&bench).len(), last(&bench).len()), (1, 1_000));
}

#[test]
fn many_are_answered_from_a_template_and_closed() {
    let mut bench = on_late();
    bench.shelf.is_open = true;
    bench.press("X m");
    assert!(bench.screen().contains("answer 5 cases with, then close"), "{}", bench.screen());
    bench.press("Enter").type_in("out of").press("Enter");
    snapshot("question_farewell", bench.screen());
    bench.press("y");
    let said = |bench: &Bench| {
        bench
            .writes
            .iter()
            .filter_map(|task| match task {
                Task::SayFarewell(leave, clear) => Some((leave.farewell.template.clone(), *clear)),
                _ => None,
            })
            .collect::<Vec<_>>()
    };
    assert_eq!(said(&bench), [("declined".to_owned(), false)]);
    assert_eq!(bench.case(LATE).resolution, Some(Resolution::OutOfScope));
    assert_eq!(
        (bench.case(WORK).state, bench.model.unsaved),
        (State::InProgress, 0),
        "the clear is left out"
    );
    bench.press("m Enter").type_in("spam").press("Enter n");
    assert_eq!((said(&bench).len(), bench.notice()), (1, "nothing done"));
    bench.press("m Enter").type_in("spam").press("Enter c");
    assert_eq!(said(&bench).last(), Some(&("declined".to_owned(), true)));
    assert_eq!(bench.case(WORK).resolution, Some(Resolution::Spam));
}

#[test]
fn a_locked_key_is_asked_for_first() {
    let mut bench = on_late();
    bench.press("m Enter Enter");
    assert!(bench.screen().contains("passphrase of"), "{}", bench.screen());
    bench.type_in("sesame").press("Enter");
    assert!(bench.screen().contains("1 of 1 cases: answered signed and encrypted"), "{}", bench.screen());
    let mut bench = on_late();
    bench.press("m Enter Enter Esc");
    assert!(bench.model.answering.is_none() && bench.model.overlay.is_none());
}

#[test]
fn what_becomes_urgent_rings_once_and_not_by_our_own_hand() {
    let mut bench = on_late();
    assert_eq!(rings(&bench), 0, "what was so when it began does not ring");
    bench.press("j U U");
    assert_eq!(rings(&bench), 0, "our own hand");
    bench.shelf.cases.push(shelf::case(50, "A new report", 0));
    bench.send(Msg::StoreTouched);
    assert_eq!(rings(&bench), 1);
    bench.send(Msg::StoreTouched);
    assert_eq!(rings(&bench), 1, "once");
}

#[test]
fn a_case_that_becomes_overdue_rings_at_that_moment() {
    let mut bench = on_late();
    let next = bench.model.urgent.as_ref().unwrap().next_due.unwrap();
    assert!(bench.model.changes_at() <= next + TimeDelta::seconds(1), "the console wakes for it");
    let before = bench.model.counts.unwrap().overdue;
    bench.shelf.now = next;
    bench.send(Msg::Clock(next));
    assert_eq!((rings(&bench), bench.model.counts.unwrap().overdue), (0, before));
    bench.shelf.now = next + TimeDelta::seconds(1);
    bench.send(Msg::Clock(next + TimeDelta::seconds(1)));
    assert_eq!((rings(&bench), bench.model.counts.unwrap().overdue), (1, before + 1));
}

#[test]
fn the_header_says_who_is_on_call_and_wakes_when_the_shift_changes() {
    let mut bench = under("[rota]\npeople = ['cho', 'ben']\nfrom = 2026-11-16\nat = '21:05'\ndays = 7\n");
    assert!(bench.screen().lines().next().unwrap().contains("on call cho"), "{}", bench.screen());
    let until = bench.model.on_call().unwrap().until;
    assert_eq!(until, "2026-11-23T21:05:00Z".parse::<chrono::DateTime<chrono::Utc>>().unwrap());
    assert!(bench.model.changes_at() <= until);
    bench.send(Msg::Clock(until));
    assert!(bench.screen().lines().next().unwrap().contains("on call ben"));
}

#[test]
fn no_question_and_no_list_panics_at_any_size() {
    for (width, height) in [(0, 0), (1, 1), (5, 3), (1, 50), (40, 10), (60, 16), (200, 60)] {
        for keys in ["'", "X s Down Down Enter Enter", "X m Enter Enter", "L", "V", "R", "X a", "D", "w"] {
            let mut bench = Bench::new(width, height);
            bench.shelf.is_open = true;
            bench.press("X X").press(keys);
            bench.screen();
            bench.press("j j k Down Up");
            bench.send(Msg::Resized(1, 1));
            bench.send(Msg::Resized(80, 24));
            bench.screen_in(&crate::console::look::Look { ascii: true, ..super::bench::LOOK });
        }
    }
    let mut bench = Bench::new(40, 10);
    bench.press("X m Enter Enter").type_in("sesame").press("Enter");
    snapshot("question_40x10", bench.screen());
}
