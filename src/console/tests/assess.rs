//! Judging a case: keys in, decisions and screens out.

use super::bench::{Bench, LOOK};
use super::screens::snapshot;
use super::shelf;
use crate::console::look::Look;
use crate::console::msg::{Effect, Msg, Task};
use crate::desk::Order;
use crate::triage::proposal::Flaw;
use crate::triage::{CaseKey, Decision, FoundIn, Milestone, Priority, State, Weakness};

/// The queue is 12 (exploited), 39, 42 (late), 31, 7.
pub(super) const LATE: i64 = 42;

/// A vector of v4.0 that scores 9.3.
pub(super) const V4: &str = "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N";
/// A vector of v3.1 that scores 8.8.
pub(super) const V31: &str = "CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H";

/// The keys that open each overlay, and its name.
const OVERLAYS: [(&str, &str); 10] = [
    ("c", "cvss"),
    ("c N L N N N H H H", "cvss_begun"),
    ("c N L N N N H H H N N N", "cvss_whole"),
    ("S", "ssvc"),
    ("S p y c t m", "ssvc_whole"),
    ("F", "found_in"),
    ("C", "kind"),
    ("W", "weakness"),
    ("E", "explain"),
    ("e", "exploited"),
];

pub(super) fn on_late(width: u16, height: u16) -> Bench {
    let mut bench = Bench::new(width, height);
    bench.press("j j");
    bench
}

pub(super) fn decisions(bench: &Bench) -> Vec<(i64, Decision)> {
    let orders = bench.writes.iter().filter_map(|task| match task {
        Task::Decide(orders) => Some(orders.iter()),
        _ => None,
    });
    orders.flatten().map(|Order { case, decision, .. }| (case.0, decision.clone())).collect()
}

#[test]
fn a_routine_report_takes_at_most_six_keys() {
    let mut bench = on_late(80, 24);
    let keys = ["Enter", "a", "=", "s", "Enter"];
    assert!(keys.len() <= 6);
    for key in keys {
        bench.press(key);
    }
    let case = bench.case(LATE);
    assert_eq!(case.assignee.as_deref(), Some("ann"));
    assert_eq!(case.priority, Priority::new(2));
    assert_eq!(case.assessment.reason.as_deref(), Some("as proposed: nobody has scored it yet"));
    assert_eq!(case.reached.get(&Milestone::Prioritised), Some(&shelf::now()));
    assert_eq!((case.state, case.acknowledged_at), (State::Acknowledged, Some(shelf::now())));
    assert!(bench.screen().contains("prioritised 27h"), "{}", bench.screen());
}

#[test]
fn the_proposal_is_shown_while_it_differs_and_taken_by_one_key() {
    let mut bench = on_late(120, 40);
    bench.press("3 c");
    bench.send(Msg::Pasted(V31.to_owned()));
    bench.press("Enter F").type_in("full").press("Enter");
    let proposed = "P1: CVSS 8.8, high; P1 instead of P2: found in";
    assert!(bench.screen().contains(proposed), "{}", bench.screen());
    bench.press("=");
    assert_eq!(bench.case(LATE).priority, Priority::new(1));
    let reason = bench.case(LATE).assessment.reason.clone().unwrap();
    assert!(reason.starts_with("as proposed: CVSS 8.8, high; P1 instead of P2"), "{reason}");
    assert!(!bench.screen().contains("= takes it"));
    // Whoever decides otherwise does so for reasons of their own.
    bench.press("2");
    assert_eq!(bench.case(LATE).assessment.reason, None);
    bench.press(";").type_in("only with thumbnails on").press("Enter");
    assert!(bench.screen().contains("only with thumbnails on") && bench.screen().contains("= takes it"));
    bench.press("1");
    assert_eq!(bench.case(LATE).assessment.reason.as_deref(), Some("only with thumbnails on"));
}

#[test]
fn the_proposal_goes_to_all_marked_cases_each_its_own() {
    let mut bench = on_late(80, 24);
    bench.press("x x =");
    assert_eq!(decisions(&bench), []);
    assert!(bench.screen().contains("2 cases"), "{}", bench.screen());
    bench.press("y");
    assert_eq!(decisions(&bench), [(31, Decision::AsProposed), (LATE, Decision::AsProposed)]);
    assert_eq!([31, LATE].map(|key| bench.case(key).priority), [Priority::new(2); 2]);
}

#[test]
fn phase_kind_and_weakness_are_picked() {
    let mut bench = on_late(80, 24);
    bench.press("F").type_in("govern").press("Enter");
    bench.press("C").type_in("design").press("Enter");
    bench.press("W");
    let first = bench.screen();
    assert!(first.contains("CWE-122 Heap-based Buffer Overflow"), "{first}");
    assert!(first.contains("it says 'heap overflow'"), "{first}");
    bench.press("Enter");
    let case = bench.case(LATE);
    assert_eq!((case.found_in, case.assessment.flaw), (Some(FoundIn::Governments), Some(Flaw::Design)));
    assert_eq!(case.assessment.weakness, Weakness::new(122));
    bench.press("W").type_in("1395").press("Enter");
    assert_eq!(bench.case(LATE).assessment.weakness, Weakness::new(1395), "a class without a name here");
    bench.press("W").type_in("no such class").press("Enter");
    assert_eq!(decisions(&bench).len(), 4);
    bench.press("Ctrl-u").type_in("not known").press("Enter");
    assert_eq!(bench.case(LATE).assessment.weakness, None);
    assert_eq!(bench.case(LATE).assessment.flaw, Some(Flaw::Design), "one part changes, the others stay");
}

#[test]
fn words_are_typed_and_offered_again() {
    let mut bench = on_late(80, 24);
    for (key, words) in [("<", "4.1 to 4.6"), (">", "4.7"), ("H", "turn thumbnails off"), (";", "it is easy")]
    {
        bench.press(key).type_in(words).press("Enter");
    }
    let judged = &bench.case(LATE).assessment;
    assert_eq!(judged.affected.as_deref(), Some("4.1 to 4.6"));
    assert_eq!(judged.fixed_in.as_deref(), Some("4.7"));
    assert_eq!(judged.workaround.as_deref(), Some("turn thumbnails off"));
    assert_eq!(judged.reason.as_deref(), Some("it is easy"));
    bench.press(">").type_in(".1").press("Enter");
    assert_eq!(bench.case(LATE).assessment.fixed_in.as_deref(), Some("4.7.1"));
    bench.press("> Ctrl-u Enter");
    assert_eq!(bench.case(LATE).assessment.fixed_in, None);
}

#[test]
fn a_workaround_of_several_lines_is_not_flattened() {
    let mut cases = shelf::cases();
    cases[0].case.assessment.workaround = Some("one\ntwo".to_owned());
    let mut bench = Bench::with(cases, 80, 24);
    bench.press("j j H");
    assert!(bench.notice().contains("several lines"), "{}", bench.notice());
    assert!(bench.model.overlay.is_none());
}

#[test]
fn marked_cases_are_judged_together_and_keep_the_rest_of_their_judgement() {
    let mut bench = on_late(80, 24);
    bench.press("<").type_in("4.1").press("Enter");
    bench.press("x x c");
    assert!(bench.screen().contains("CVSS 4.0 of 2 cases"), "{}", bench.screen());
    bench.send(Msg::Pasted(V4.to_owned()));
    bench.press("Enter");
    for key in [31, LATE] {
        assert_eq!(bench.case(key).assessment.cvss.unwrap().to_string(), V4);
    }
    assert_eq!(bench.case(LATE).assessment.affected.as_deref(), Some("4.1"));
    assert_eq!(bench.case(31).assessment.affected, None);
}

#[test]
fn what_needs_the_case_waits_for_it_and_so_do_the_keys_behind_it() {
    let mut bench = on_late(80, 24);
    bench.press("c");
    bench.send(Msg::Pasted(V4.to_owned()));
    bench.press("Enter k");
    // The panes are behind: the keys have not rested. What is kept must be there all the same.
    bench.hold("j c");
    assert_eq!(bench.model.reading.wanted, Some(CaseKey(LATE)));
    assert!(bench.screen().contains(V4), "{}", bench.screen());
    bench.press("Esc k");
    let effects = bench.model.update(Msg::Key("j".parse().unwrap()));
    assert_eq!(effects, []);
    let effects = bench.model.update(Msg::Key("c".parse().unwrap()));
    assert_eq!(effects, [Effect::Work(Task::Open(CaseKey(LATE)))]);
    for key in ["-", "N", "Enter"] {
        assert_eq!(bench.model.update(Msg::Key(key.parse().unwrap())), [], "typed ahead");
    }
    let dossier = Box::new(bench.shelf.find(CaseKey(LATE)).unwrap().clone());
    bench.send(Msg::Reply(crate::console::msg::Reply::Opened(dossier)));
    assert!(bench.notice().starts_with("no score yet; AC, AT"), "{}", bench.notice());
    // A queue without a pane beside it reads the case as well.
    let mut small = on_late(40, 10);
    small.press("E");
    assert!(small.screen().contains("why SEC-2026-0042"), "{}", small.screen());
}

#[test]
fn a_waiting_command_is_called_off_by_escape_and_by_a_case_that_is_gone() {
    let mut bench = on_late(80, 24);
    bench.hold("j");
    bench.model.update(Msg::Key("c".parse().unwrap()));
    bench.model.update(Msg::Key("Esc".parse().unwrap()));
    assert_eq!(bench.model.waiting, None);
    bench.model.update(Msg::Key("c".parse().unwrap()));
    let gone = crate::console::msg::Reply::NotOpened(CaseKey(31), "there is no such case".to_owned());
    bench.send(Msg::Reply(gone));
    assert_eq!((bench.model.waiting.clone(), bench.notice()), (None, "there is no such case"));
}

#[test]
fn each_overlay_at_80x24_and_200x50() {
    for (width, height) in [(80, 24), (200, 50)] {
        for (keys, name) in OVERLAYS {
            let mut bench = on_late(width, height);
            bench.press(keys);
            snapshot(&format!("assess_{name}_{width}x{height}"), bench.screen());
        }
    }
}

#[test]
fn no_overlay_panics_at_any_size_and_none_needs_colour() {
    let plain = Look { colour: false, ..LOOK };
    for (width, height) in [(0, 0), (1, 1), (2, 2), (5, 3), (1, 50), (200, 1), (40, 10), (60, 16), (200, 60)]
    {
        for (keys, name) in OVERLAYS {
            let mut bench = on_late(width, height);
            bench.press(keys);
            assert_eq!(bench.screen_in(&plain), bench.screen(), "{name}");
            let (buffer, _) = bench.draw(&plain);
            assert!(buffer.content.iter().all(|cell| cell.fg == ratatui::style::Color::Reset), "{name}");
            assert!(bench.screen_in(&Look { ascii: true, ..LOOK }).is_ascii(), "{name}");
            bench.send(Msg::Resized(80, 24));
            bench.send(Msg::Resized(width, height));
            bench.press("j j j j j j j j j j j j k l h x Down Up PgDn G g Esc");
            bench.screen();
        }
        let mut bench = Bench::with(vec![super::outlook::full()], width, height);
        bench.press("Enter G g E G");
        bench.screen();
    }
}
