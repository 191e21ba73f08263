//! The screen of statistics.

use chrono::TimeDelta;

use super::bench::{Bench, LOOK};
use super::screens::snapshot;
use super::shelf;
use crate::console::look::Look;
use crate::console::msg::{Effect, Msg, Reply, Task};
use crate::triage::case::FoundIn;
use crate::triage::lane::LaneWork;
use crate::triage::noise::Noise;
use crate::triage::{Dossier, Lane, Milestone, Priority, Resolution, State, Weakness};

/// A quarter of a year of reports, ever faster judged.
fn history() -> Vec<Dossier> {
    const PLACES: [(&str, &str); 4] = [
        ("imaging", "TIFF reader"),
        ("portal", "login"),
        ("portal", "=cmd|'calc'!A1 \x1b[31m"),
        ("gateway", "漢字"),
    ];
    (0..60_i64)
        .map(|number| {
            let hours_ago = 24 * 88 - number * 35;
            let mut one = shelf::case(number + 1, "report", hours_ago);
            let case = &mut one.case;
            let received = case.received_at;
            let after = |hours: i64| received + TimeDelta::hours(hours);
            if number % 9 == 0 {
                case.noise = Noise { score: 90, reasons: Vec::new() };
                return one;
            }
            if number > 56 {
                return one;
            }
            case.state = State::Triaged;
            case.acknowledged_at = Some(after(1 + (60 - number) % 30));
            case.priority = Priority::new((number % 5) as u8);
            case.reached.insert(Milestone::Prioritised, after(2 + (60 - number) * 11 % 70));
            case.touched_at = after(100 + number % 7);
            let (product, component) = PLACES[number as usize % PLACES.len()];
            case.product = Some(product.to_owned());
            case.component = (number % 3 > 0).then(|| component.to_owned());
            case.found_in = FoundIn::ALL.get(number as usize % 9).copied();
            case.assessment.weakness = Weakness::new([79, 787, 22, 89][number as usize / 2 % 4]);
            let asked = LaneWork::asked(Lane::Development, None, None, "ann", after(3));
            case.lanes = vec![LaneWork { accepted_at: Some(after(10 + number % 20)), ..asked }];
            if number < 40 {
                case.state = State::Released;
                case.reached.insert(Milestone::Released, after(24 * (20 + number % 13)));
                case.reached.insert(Milestone::Vulnerable, after(-24 * 90));
            }
            if number % 4 == 0 {
                case.state = State::Closed;
                case.resolution = Some(if number < 40 { Resolution::Fixed } else { Resolution::OutOfScope });
                case.reached.insert(Milestone::RolledOut, after(24 * (30 + number % 5)));
                case.reached.insert(Milestone::Closed, after(24 * (31 + number % 9)));
            }
            one
        })
        .collect()
}

#[test]
fn every_page_at_80x24_and_200x50() {
    for (width, height) in [(80, 24), (200, 50)] {
        let mut bench = Bench::with(history(), width, height);
        bench.press("T");
        for page in ["overview", "clocks", "backlog", "causes"] {
            snapshot(&format!("statistics_{page}_{width}x{height}"), bench.screen());
            bench.press("Tab");
        }
    }
}

#[test]
fn question_mark_shows_the_definitions_and_back() {
    let mut bench = Bench::with(history(), 80, 24);
    bench.press("T ?");
    snapshot("statistics_definitions", bench.screen());
    let first = bench.screen();
    bench.press("j");
    assert_ne!(bench.screen(), first);
    bench.press("Esc");
    assert!(bench.screen().contains("[Overview]") && !bench.screen().contains("what they are"));
    bench.press("Esc");
    assert!(bench.model.overlay.is_none());
}

#[test]
fn pages_turn_both_ways_and_scroll_inside_their_lines() {
    let mut bench = Bench::with(history(), 80, 24);
    bench.press("T h");
    assert!(bench.screen().contains("[Causes]"));
    let top = bench.screen();
    bench.press("G");
    let end = bench.screen();
    assert_ne!(end, top);
    assert_eq!(bench.press("j j").screen(), end);
    assert_eq!(bench.press("g").screen(), top);
    bench.press("S-Tab S-Tab");
    assert!(bench.screen().contains("[Clocks]"));
}

#[test]
fn without_colour_and_in_ascii_nothing_is_lost() {
    let mut bench = Bench::with(history(), 80, 24);
    bench.press("T");
    for _ in 0..4 {
        let plain = Look { colour: false, ..LOOK };
        assert_eq!(bench.screen_in(&plain), bench.screen());
        let ascii = bench.screen_in(&Look { ascii: true, ..LOOK });
        assert!(ascii.is_ascii(), "{ascii}");
        // The bars stay bars; only what people wrote has letters that are not there.
        assert!(ascii.contains("##") && !bench.screen().contains('\x1b'));
        bench.press("Tab");
    }
    bench.press("T T");
    snapshot("statistics_ascii", bench.screen_in(&Look { ascii: true, ..LOOK }));
}

#[test]
fn no_size_panics_and_nothing_is_drawn_outside() {
    for cases in [Vec::new(), history()] {
        for (width, height) in
            [(0, 0), (1, 1), (2, 2), (5, 3), (1, 50), (200, 1), (40, 10), (21, 9), (300, 90)]
        {
            let mut bench = Bench::with(cases.clone(), width, height);
            for keys in ["T", "Tab", "Tab", "Tab", "G", "?", "G", "Esc", "Esc"] {
                bench.press(keys);
                bench.screen();
                bench.send(Msg::Resized(80, 24));
                bench.screen();
                bench.send(Msg::Resized(width, height));
            }
        }
    }
}

#[test]
fn an_empty_store_says_that_there_is_nothing() {
    let mut bench = Bench::with(Vec::new(), 80, 24);
    bench.press("T");
    snapshot("statistics_empty", bench.screen());
}

#[test]
fn figures_are_over_the_filter_and_computed_by_the_worker() {
    let mut bench = Bench::with(history(), 80, 24);
    bench.press("/").type_in("portal");
    bench.press("Enter");
    bench.press("T");
    assert!(bench.screen().lines().next().unwrap().contains("portal"));
    bench.press("Esc Esc");
    let asked = bench.model.update(Msg::Key("T".parse().unwrap()));
    assert_eq!(asked, [Effect::Work(Task::Statistics(bench.model.queue.query.clone()))]);
    assert!(bench.screen().contains("computing ..."));
}

#[test]
fn changes_are_counted_while_the_screen_is_open_and_late_answers_dropped() {
    let mut bench = Bench::with(history(), 80, 24);
    bench.press("T");
    let query = bench.model.queue.query.clone();
    let effects = bench.model.update(Msg::Reply(Reply::Moved));
    assert!(effects.contains(&Effect::Work(Task::Statistics(query))));
    let before = bench.screen();
    let other = crate::triage::Query::read("is:all", "ann").unwrap();
    let Some(Reply::Statistics(_, empty)) =
        shelf::Shelf::new(Vec::new()).answer(Task::Statistics(other.clone()))
    else {
        panic!("no figures")
    };
    bench.send(Msg::Reply(Reply::Statistics(other, empty)));
    assert_eq!(bench.screen(), before);
    bench.press("q");
    let effects = bench.model.update(Msg::Reply(Reply::Moved));
    assert!(!effects.iter().any(|effect| matches!(effect, Effect::Work(Task::Statistics(_)))));
}
