//! What is due and what will follow: the detail, the explanation, exploitation.

use chrono::TimeDelta;

use super::assess::{LATE, V31, decisions, on_late};
use super::bench::Bench;
use super::screens::snapshot;
use super::shelf;
use crate::console::msg::Msg;
use crate::triage::case::Demand;
use crate::triage::clocks::Waits;
use crate::triage::lane::{Lane, LaneWork};
use crate::triage::noise::Noise;
use crate::triage::proposal::Flaw;
use crate::triage::{Dossier, FoundIn, Milestone, Person, Priority, State, Weakness};

/// A case about which everything is known.
pub(super) fn full() -> Dossier {
    let mut full = shelf::case(50, "Heap overflow in the TIFF reader", 24 * 30);
    let case = &mut full.case;
    let ago = |hours| shelf::now() - TimeDelta::hours(hours);
    (case.state, case.unread) = (State::InProgress, false);
    (case.priority, case.assignee) = (Priority::new(2), Some("ben".to_owned()));
    (case.product, case.component) = (Some("imaging".to_owned()), Some("tiff".to_owned()));
    case.found_in = Some(FoundIn::FullDisclosure);
    case.acknowledged_at = Some(ago(24 * 29));
    for (milestone, hours) in
        [(Milestone::Vulnerable, 24 * 400), (Milestone::Prioritised, 24 * 30 - 3), (Milestone::Heard, 24 * 3)]
    {
        case.reached.insert(milestone, ago(hours));
    }
    case.touched_at = ago(30);
    case.demand = Some(Demand {
        at: "2027-01-14T00:00:00Z".parse().unwrap(),
        sentence: "We will publish\x1b[2J on 14 January.".to_owned(),
    });
    let note = Some("please reproduce".to_owned());
    let mut done = LaneWork::asked(Lane::Qa, Some("cho".to_owned()), None, "ann", ago(60));
    done.done_at = Some(ago(20));
    case.set_lane(Lane::Qa, Some(done));
    let work = LaneWork::asked(Lane::Development, Some("ben".to_owned()), note, "ann", ago(30));
    case.set_lane(Lane::Development, Some(work));
    case.waits = Waits::default().changed(Some("waiting for the reporter: a crash file"), ago(50));
    case.noise =
        Noise { score: 55, reasons: vec!["hardly any text (+25)".into(), "sent from a desk (+30)".into()] };
    case.readers = vec!["ann".to_owned(), "ben".to_owned()];
    case.also_by = vec![Person { name: "Eve".to_owned(), email: "eve@x.example".to_owned() }];
    case.tags = vec!["tiff".to_owned()];
    let judged = &mut case.assessment;
    judged.flaw = Some(Flaw::Design);
    judged.cvss = Some(V31.parse().unwrap());
    judged.weakness = Weakness::new(787);
    judged.affected = Some("4.1 to 4.6".to_owned());
    judged.fixed_in = Some("4.7".to_owned());
    judged.workaround = Some("turn thumbnails off".to_owned());
    judged.reason = Some("only with thumbnails on".to_owned());
    full
}

#[test]
fn exploited_names_what_follows_and_one_undo_takes_it_back() {
    let mut bench = on_late(80, 24);
    bench.press("=");
    let before = bench.case(LATE).clone();
    bench.press("e");
    let screen = bench.screen();
    for words in [
        "SEC-2026-0042: exploited in the wild?",
        "shortens to Mon 30 Nov 2026 22:04 +01:00, 7d left",
        "P2 -> P0",
        "development (nobody has it): exploited",
        "workaround that users can apply now?",
        "management (nobody has it)",
        "PR (nobody has it)",
        "u takes all of it back",
    ] {
        assert!(screen.contains(words), "{words}: {screen}");
    }
    assert!(!screen.contains("by law"), "the company is subject to no law here");
    bench.press("y");
    let case = bench.case(LATE);
    assert!(case.exploited && case.priority == Priority::new(0) && case.lanes.len() == 3);
    assert_eq!(case.assessment.reason, None, "the reasons for P2 went with it");
    assert!(case.disclosure.at < before.disclosure.at);
    bench.press("u");
    assert_eq!(*bench.case(LATE), before);
}

#[test]
fn exploited_names_the_clocks_of_the_law() {
    let mut bench = on_late(80, 24);
    let rules = crate::triage::rules::Rules::read("[regulation]\ncra = true\n", |_| Err(String::new()));
    bench.model.rules = std::sync::Arc::new(rules.unwrap());
    bench.press("e");
    let screen = bench.screen();
    assert!(screen.contains("early warning (CRA vulnerability), due Tue 24 Nov 2026"), "{screen}");
    assert!(screen.contains("notification (CRA vulnerability), due"), "{screen}");
    bench.press("n");
    assert_eq!((decisions(&bench).len(), bench.notice()), (0, "nothing done"));
}

#[test]
fn several_exploited_cases_are_asked_about_in_general() {
    let mut bench = on_late(80, 24);
    bench.press("x x e");
    assert!(bench.screen().contains("2 cases") && bench.writes.is_empty(), "{}", bench.screen());
    bench.press("y");
    assert!([31, LATE].iter().all(|key| bench.case(*key).exploited));
}

#[test]
fn of_several_cases_the_alarm_goes_before_the_all_clear() {
    let mut bench = Bench::new(80, 24);
    bench.press("g");
    assert!(bench.model.current_row().unwrap().exploited);
    bench.press("x x g e");
    assert!(bench.screen().contains("exploited in the wild · 2 cases"), "{}", bench.screen());
}

#[test]
fn what_was_typed_in_full_is_chosen_before_what_has_it_within() {
    let mut bench = on_late(80, 24);
    bench.press("s").type_in("closed");
    assert!(bench.screen().contains("> closed"), "{}", bench.screen());
}

#[test]
fn the_explanation_has_place_clocks_and_proposal() {
    let mut bench = on_late(200, 60);
    bench.press("E");
    let screen = bench.screen();
    for words in [
        "due first: acknowledge on 2026-11-23",
        "stands as if due on",
        "acknowledge · missed, OVERDUE 3h",
        "reporter update · not started",
        "disclosure · running, 88d left (64wd)",
        "90 days from receipt on",
        "nobody has chosen one",
        "proposed: P2",
    ] {
        assert!(screen.contains(words), "{words}: {screen}");
    }
    let mut low = on_late(80, 24);
    low.press("E G");
    let end = low.screen();
    assert!(end.contains("0 of 100: not likely") && !end.contains("its place in the queue"), "{end}");
    low.press("g");
    assert!(low.screen().contains("its place in the queue"));
    low.press("E");
    assert!(low.model.overlay.is_none());
}

#[test]
fn the_detail_has_all_that_is_known_and_nothing_that_is_not() {
    let mut bench = Bench::with(vec![full()], 80, 80);
    bench.press("Enter");
    snapshot("detail_full_80x80", bench.screen());
    let mut wide = Bench::with(vec![full()], 200, 60);
    wide.press("Enter");
    let screen = wide.screen();
    for words in [
        "only to ann, ben",
        "answer (development) OVERDUE",
        "P1: CVSS 8.8, high; it was marked as likely noise",
        "D takes it",
        "\"We will publish<ESC>[2J on 14 January.\"",
        "prioritised 3h after receipt",
        "400d so far",
        "55 of 100 · likely noise",
    ] {
        assert!(screen.contains(words), "{words}: {screen}");
    }
    snapshot("detail_full_200x60", screen);
    let mut plain = on_late(80, 50);
    plain.press("Enter");
    for label in
        [" merged ", " restricted ", " waits ", " CVSS ", " SSVC ", " window ", " noise ", " reason "]
    {
        assert!(!plain.screen().contains(label), "{label}: {}", plain.screen());
    }
}

#[test]
fn a_merged_case_says_where_it_went_and_has_nothing_due() {
    let mut cases = shelf::cases();
    cases[0].case.merged_into = Some(crate::triage::case::Merged { key: 39, id: "SEC-2026-0039".to_owned() });
    let mut bench = Bench::with(cases, 120, 40);
    bench.press("/").type_in("tiff").press("Enter");
    let screen = bench.screen();
    assert!(screen.contains("into SEC-2026-0039; go on there"), "{screen}");
    assert!(!screen.contains("ack OVERDUE"), "{screen}");
}

#[test]
fn the_clocks_of_the_detail_tick() {
    let mut bench = Bench::with(vec![full()], 120, 40);
    let at = bench.model.changes_at();
    assert!(at > shelf::now());
    let before = bench.screen();
    bench.send(Msg::Clock(at - TimeDelta::seconds(1)));
    assert_eq!(bench.screen(), before);
    bench.send(Msg::Clock(at));
    assert_ne!(bench.screen(), before);
}

#[test]
fn a_low_screen_scrolls_what_follows_from_exploitation() {
    let mut bench = on_late(40, 10);
    bench.press("e");
    assert!(bench.screen().contains("more lines"), "{}", bench.screen());
    for _ in 0..30 {
        bench.press("j");
    }
    assert!(bench.screen().contains("u takes all of it back"), "{}", bench.screen());
    assert!(!bench.screen().contains("more lines"));
    bench.press("k y");
    assert!(bench.case(LATE).exploited);
}
