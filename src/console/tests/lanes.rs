//! Lanes, waits, variants, readers and the closing of one case, by key.

use chrono::TimeDelta;

use super::bench::Bench;
use super::grooming::{LATE, WORK, batches, last, on_late, typed, under};
use super::screens::snapshot;
use super::shelf;
use crate::console::layout::Pane;
use crate::triage::case::Demand;
use crate::triage::variants::Variants;
use crate::triage::{Decision, Lane, LaneStep, Resolution, State};

#[test]
fn lanes_are_asked_accepted_done_and_dropped() {
    let mut bench = under("[[product]]\nname = 'portal'\ndevelopment = 'ben'\nQA = 'cho'\n");
    bench.press("k");
    assert_eq!(bench.current(), WORK);
    bench.press("L");
    snapshot("overlay_lanes", bench.screen());
    bench.press("Down Enter");
    snapshot("overlay_lane_steps", bench.screen());
    bench.press("Enter");
    assert_eq!(typed(&bench), "ben: ", "the product's owner");
    bench.type_in("please reproduce");
    snapshot("prompt_lane", bench.screen());
    bench.press("Enter");
    let ask = LaneStep::Ask { owner: Some("ben".into()), note: Some("please reproduce".into()) };
    assert_eq!(last(&bench), [(WORK, Decision::Lane(Lane::Development, ask))]);
    bench.press("L").type_in("asked of ben");
    assert!(bench.screen().contains("asked of ben: please reproduce"), "{}", bench.screen());
    bench.press("Enter").type_in("accept").press("Enter");
    assert_eq!(last(&bench), [(WORK, Decision::Lane(Lane::Development, LaneStep::Accept))]);
    bench.press("L").type_in("development").press("Enter").type_in("done").press("Enter");
    bench.type_in("a missing check").press("Enter");
    assert_eq!(bench.case(WORK).lane(Lane::Development).unwrap().in_words(), "done by ann: a missing check");
    bench.press("L").type_in("development").press("Enter").type_in("drop").press("Enter");
    assert_eq!(bench.case(WORK).lane(Lane::Development), None);
}

#[test]
fn a_lane_that_was_not_asked_says_so() {
    let mut bench = on_late();
    bench.press("L Enter").type_in("accept").press("Enter");
    assert_eq!(bench.notice(), "triage was not asked about this case; ask it first");
    assert!(batches(&bench).is_empty());
}

#[test]
fn waiting_is_one_key_there_and_one_back() {
    let mut bench = on_late();
    bench.press("w").type_in("a version number").press("Enter");
    assert_eq!(last(&bench), [(LATE, Decision::Wait(Some("a version number".into())))]);
    bench.press("w");
    assert_eq!(last(&bench), [(LATE, Decision::Wait(None))]);
    assert!(bench.case(LATE).waits.now.is_none());
}

#[test]
fn the_reporters_date_is_quoted_taken_or_dropped() {
    let with_demand = || {
        let mut cases = shelf::cases();
        let sentence = "We will publish \u{1b}[2J on 14 December.".to_owned();
        cases[0].case.demand = Some(Demand { at: shelf::now() + TimeDelta::days(21), sentence });
        let mut bench = Bench::with(cases, 80, 24);
        bench.press("j j D");
        bench
    };
    let mut bench = with_demand();
    snapshot("question_demand", bench.screen());
    bench.press("y");
    assert_eq!(last(&bench), [(LATE, Decision::Demand(true))]);
    assert_eq!(bench.case(LATE).disclosure.at, shelf::now() + TimeDelta::days(21));
    let mut bench = with_demand();
    bench.press("Esc");
    assert!(batches(&bench).is_empty(), "later");
    bench.press("D n");
    assert_eq!(last(&bench), [(LATE, Decision::Demand(false))]);
    bench.press("D");
    assert!(bench.notice().starts_with("no mail of this case asks for a date"), "{}", bench.notice());
}

#[test]
fn a_hunt_is_over_waived_with_its_reason_or_open_again() {
    let mut bench = on_late();
    bench.press("V Enter").type_in("two in the GIF reader").press("Enter");
    let done = Variants::Done("two in the GIF reader".into());
    assert_eq!(bench.case(LATE).variants, Some(done));
    bench.press("V");
    assert!(bench.screen().contains("variant hunt of SEC-2026-0042: done: two in the GIF reader"));
    bench.press("Down Enter Enter");
    assert!(bench.screen().contains("!say why"), "{}", bench.screen());
    bench.type_in("third-party code").press("Enter");
    assert_eq!(bench.case(LATE).variants, Some(Variants::Waived("third-party code".into())));
    bench.press("V").type_in("open").press("Enter");
    assert_eq!(bench.case(LATE).variants, None);
}

#[test]
fn a_case_is_closed_to_others_and_opened_again() {
    let mut bench = on_late();
    bench.press("R");
    assert_eq!(typed(&bench), "ann");
    bench.type_in(", b").press("Tab");
    assert_eq!(typed(&bench), "ann, ben, ");
    bench.press("Enter");
    assert_eq!(bench.case(LATE).readers, ["ann", "ben"]);
    bench.press("R Ctrl-u").type_in("cho").press("Enter");
    assert!(bench.screen().contains("name ann too, or you would no longer see it"), "{}", bench.screen());
    bench.press("Ctrl-u Enter");
    assert!(bench.case(LATE).readers.is_empty());
}

#[test]
fn a_restricted_row_is_no_more_than_that() {
    let mut cases = shelf::cases();
    cases[0].case.readers = vec!["ben".to_owned()];
    let mut bench = Bench::with(cases, 80, 24);
    bench.press("j j");
    assert_eq!(bench.current(), LATE);
    snapshot("restricted_80x24", bench.screen());
    assert_eq!(bench.notice(), "", "resting on it is no complaint");
    for (keys, name) in
        [("Enter", "open"), ("r", "reply"), ("L", "lanes"), ("V", "variants"), ("R", "restrict")]
    {
        bench.press(keys);
        let why = format!("{name}: {}", crate::desk::NOT_FOR_YOU);
        assert_eq!((bench.notice(), bench.model.focus), (why.as_str(), Pane::Queue));
    }
    bench.press("1");
    assert!(bench.notice().contains(crate::desk::NOT_FOR_YOU), "{}", bench.notice());
    assert!(!bench.screen().contains("Heap overflow"));
}

#[test]
fn closing_shows_the_checklist_and_a_person_decides() {
    let mut bench = under("[checklist]\nclose = ['credits are agreed with the reporter']\n");
    bench.press("s").type_in("clo").press("Enter").type_in("won").press("Enter");
    snapshot("question_closing", bench.screen());
    bench.press("n");
    assert_eq!(bench.case(LATE).state, State::New);
    bench.press("s").type_in("clo").press("Enter").type_in("won").press("Enter y");
    assert_eq!(bench.case(LATE).resolution, Some(Resolution::WontFix));
}

#[test]
fn what_the_case_refuses_is_told_and_not_asked() {
    let mut bench = Bench::new(80, 24);
    bench.press("G");
    assert_eq!(bench.current(), 7);
    bench.press("s").type_in("clo").press("Enter").type_in("fixed").press("Enter");
    assert!(bench.notice().contains("nobody has looked for similar issues yet"), "{}", bench.notice());
    assert_eq!(bench.case(7).state, State::FixReady);
}
