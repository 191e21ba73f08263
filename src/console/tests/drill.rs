//! The console in a drill: its mark, its clock, its overlay.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::TimeDelta;

use super::bench::{Bench, LOOK};
use super::scene::{Fake, bulletin, facilitated, tour};
use super::screens::snapshot;
use super::shelf;
use crate::console::key::Key;
use crate::console::look::Look;
use crate::console::msg::{Effect, Msg, Reply, Task};
use crate::drill::{Bulletin, Control, Stage};

fn bench(bulletin: Bulletin, width: u16, height: u16) -> (Bench, Arc<Mutex<Bulletin>>) {
    let shared = Arc::new(Mutex::new(bulletin));
    (Bench::drill(Box::new(Fake::of(&shared)), width, height), shared)
}

/// The last row of the screen.
fn last_row(bench: &Bench) -> String {
    let screen = bench.screen();
    screen.lines().rev().nth(1).unwrap_or_default().to_owned()
}

/// What was asked of the drill since the last call.
fn asked(bench: &mut Bench) -> Vec<Control> {
    let of_drill = |task: Task| match task {
        Task::Drill(control) => Some(control),
        _ => None,
    };
    bench.writes.drain(..).filter_map(of_drill).collect()
}

const SIZES: [(u16, u16); 3] = [(80, 24), (40, 10), (200, 50)];

#[test]
fn a_drill_opens_with_its_briefing_and_closes_to_the_queue() {
    for (width, height) in SIZES {
        let (mut bench, _) = bench(bulletin(), width, height);
        snapshot(&format!("drill_briefing_{width}x{height}"), bench.screen());
        bench.press("Esc");
        snapshot(&format!("drill_queue_{width}x{height}"), bench.screen());
    }
}

#[test]
fn the_facilitator_sees_the_cues() {
    for (width, height) in SIZES {
        let (mut bench, _) = bench(facilitated(), width, height);
        bench.press("j");
        snapshot(&format!("drill_cues_{width}x{height}"), bench.screen());
    }
}

#[test]
fn a_tours_hint_stands_in_three_rows_and_nothing_opens() {
    for (width, height) in SIZES {
        let (bench, _) = bench(tour(), width, height);
        assert!(bench.model.overlay.is_none());
        let rows = if height < 16 { 2 } else { 4 };
        assert_eq!(bench.model.size.height, height - rows);
        snapshot(&format!("drill_tour_{width}x{height}"), bench.screen());
    }
}

#[test]
fn the_result_opens_by_itself_and_once() {
    for (width, height) in SIZES {
        let (mut bench, shared) = bench(bulletin(), width, height);
        bench.press("E y");
        snapshot(&format!("drill_over_{width}x{height}"), bench.screen());
        bench.press("Esc a");
        assert!(bench.model.overlay.is_none());
        assert!(last_row(&bench).contains("OVER 31"), "{}", last_row(&bench));
        assert!(shared.lock().unwrap().is_over);
        bench.press("z");
        assert_eq!(bench.notice(), "pause: the drill is over");
    }
}

#[test]
fn the_mark_stands_on_the_last_row_of_every_overlay() {
    let overlays =
        ["", "?", ":", "A", "s", "d", "n", "/", "x x 1", "E", "T", "T ?", "L", "W", "c", "S", "'", "P", "M"];
    for (width, height) in [(80, 24), (40, 10), (28, 3), (12, 1)] {
        for keys in overlays.into_iter().chain(["Ctrl-t", "Ctrl-t s", "Ctrl-t E"]) {
            for begun in [bulletin(), facilitated(), tour()] {
                let (mut bench, _) = bench(begun, width, height);
                bench.press("Esc");
                bench.press(keys);
                let row = last_row(&bench);
                assert!(row.starts_with(" TEST DRILL"), "{keys} at {width}x{height}: {row}");
                assert!(width < 28 || row.contains("22:04"), "{keys} at {width}x{height}: {row}");
                let above = bench.screen();
                let others = above.lines().rev().skip(2);
                assert!(others.into_iter().all(|line| !line.contains("TEST DRILL")), "{keys}: {above}");
            }
        }
    }
}

#[test]
fn the_whole_row_is_reversed_and_plain_terminals_show_the_same_words() {
    let (bench, _) = bench(tour(), 80, 24);
    let (buffer, _) = bench.draw(&LOOK);
    let row = &buffer.content[23 * 80..];
    assert!(row.iter().all(|cell| cell.modifier.contains(ratatui::style::Modifier::REVERSED)));
    assert_eq!(bench.screen_in(&Look { colour: false, ..LOOK }), bench.screen());
    assert!(bench.screen_in(&Look { ascii: true, ..LOOK }).contains("TEST DRILL"));
}

#[test]
fn z_stops_the_clock_and_lets_it_run() {
    let (mut bench, shared) = bench(bulletin(), 80, 24);
    bench.press("Esc");
    assert!(last_row(&bench).contains("a day in 40m  running  z pause"));
    bench.press("z");
    assert!(shared.lock().unwrap().is_paused);
    assert!(last_row(&bench).contains("PAUSED  z go on"));
    assert!(bench.model.overlay.is_none());
    bench.press("z");
    assert!(!shared.lock().unwrap().is_paused);
}

#[test]
fn outside_a_drill_both_commands_say_so() {
    let mut bench = Bench::new(80, 24);
    bench.press("z");
    assert_eq!(bench.notice(), "pause: this is no drill; 'ninety drill' shows them");
    bench.press("Ctrl-t");
    assert_eq!(bench.notice(), "drill: this is no drill; 'ninety drill' shows them");
    assert!(bench.model.overlay.is_none() && !bench.screen().contains("TEST DRILL"));
}

#[test]
fn what_is_not_allowed_is_not_offered_and_says_why() {
    let member = Bulletin { may_pace: false, may_hint: false, next_at: None, ..bulletin() };
    let (mut bench, _) = bench(member, 80, 24);
    asked(&mut bench);
    let screen = bench.screen();
    assert!(!screen.contains("p pause") && !screen.contains("h hint") && !screen.contains("E end"));
    for key in ["p", "n", "s", "+", "-", "E"] {
        bench.press(key);
        assert_eq!(bench.notice(), "the facilitator of the drill keeps its clock", "{key}");
    }
    bench.press("h");
    assert_eq!(bench.notice(), "this drill gives no hints here");
    for key in ["i", "c"] {
        bench.press(key);
        assert_eq!(bench.notice(), "only the facilitator of the drill does this", "{key}");
    }
    bench.press("Esc");
    assert!(!last_row(&bench).contains("z pause") && last_row(&bench).contains("Ctrl-t drill"));
    bench.press("z");
    assert_eq!(bench.notice(), "pause: the facilitator of the drill keeps its clock");
    assert_eq!(asked(&mut bench), []);
}

#[test]
fn the_facilitator_plays_a_cue_after_a_question() {
    let (mut bench, shared) = bench(facilitated(), 80, 24);
    asked(&mut bench);
    bench.press("i");
    assert_eq!(bench.notice(), "first was played already");
    bench.press("j i");
    assert!(bench.screen().contains("play leak now: a forum post names the bug?"));
    bench.press("n");
    assert_eq!(bench.notice(), "nothing done");
    assert_eq!(asked(&mut bench), []);
    bench.press("i y");
    assert_eq!(asked(&mut bench), [Control::Play("leak".to_owned())]);
    assert!(matches!(shared.lock().unwrap().cues[1].stage, Stage::Played(_)));
    // Back where it was asked.
    assert!(bench.screen().contains("> played 23 Nov 22:04  leak"), "{}", bench.screen());
}

#[test]
fn remarks_times_and_steps_are_asked_of_the_drill() {
    let (mut bench, _) = bench(facilitated(), 80, 24);
    asked(&mut bench);
    bench.press("c").type_in("ann asked for the key first").press("Enter");
    bench.press("n s").type_in("+1d").press("Enter");
    bench.press("s").type_in("yesterday").press("Enter");
    assert!(bench.screen().contains("'yesterday' is no time of a drill"));
    bench.press("Esc s Enter");
    assert_eq!(bench.notice(), "nothing done");
    bench.press("+ -");
    let day = |seconds| Control::Day(Duration::from_secs(seconds));
    assert_eq!(
        asked(&mut bench),
        [
            Control::Comment("ann asked for the key first".to_owned()),
            Control::Step,
            Control::Set(shelf::now() + TimeDelta::days(1)),
            day(1_200),
            day(2_400),
        ]
    );
    assert!(bench.screen().contains("drill: A leak"), "the overlay is back");
}

#[test]
fn the_pace_has_limits() {
    let (mut bench, shared) = bench(bulletin(), 80, 24);
    for _ in 0..20 {
        bench.press("+");
    }
    assert_eq!(shared.lock().unwrap().day_takes, Duration::from_secs(1));
    assert_eq!(bench.notice(), "a day of the drill takes from 1s to 7d");
    for _ in 0..30 {
        bench.press("-");
    }
    assert_eq!(shared.lock().unwrap().day_takes, Duration::from_secs(7 * 86_400));
}

#[test]
fn a_hint_that_was_asked_for_takes_three_rows() {
    let (mut bench, shared) = bench(bulletin(), 80, 24);
    assert_eq!(bench.model.size.height, 23);
    bench.press("h Esc");
    assert_eq!(bench.model.size.height, 20);
    assert!(bench.screen().contains("2/5  Take the case with a"));
    shared.lock().unwrap().hint = None;
    bench.press("a");
    assert_eq!(bench.model.size.height, 23);
}

#[test]
fn the_drill_is_asked_after_each_decision_and_when_the_store_moved() {
    let (mut bench, _) = bench(bulletin(), 80, 24);
    bench.press("Esc");
    assert_eq!(asked(&mut bench), [Control::Look]);
    bench.press("a");
    assert_eq!(asked(&mut bench), [Control::Look]);
    bench.press("u");
    assert_eq!(asked(&mut bench), [Control::Look]);
    bench.send(Msg::Reply(Reply::Moved));
    assert_eq!(asked(&mut bench), [Control::Look]);
    bench.press("j k G");
    assert_eq!(asked(&mut bench), []);
}

#[test]
fn the_drill_is_asked_once_when_something_is_due() {
    let (mut bench, shared) = bench(bulletin(), 80, 24);
    asked(&mut bench);
    let due = shelf::now() + TimeDelta::hours(2);
    assert!(bench.model.changes_at() <= due);
    bench.send(Msg::Clock(due - TimeDelta::seconds(1)));
    assert_eq!(asked(&mut bench), []);
    bench.send(Msg::Clock(due));
    assert_eq!(asked(&mut bench), [Control::Look]);
    // A drill that does not move on is not asked for ever, and nobody is woken for it.
    bench.send(Msg::Clock(due + TimeDelta::seconds(1)));
    assert_eq!(asked(&mut bench), []);
    assert!(bench.model.changes_at() > due + TimeDelta::seconds(1));
    let later = due + TimeDelta::hours(1);
    shared.lock().unwrap().next_at = Some(later);
    bench.press("Esc a");
    asked(&mut bench);
    bench.send(Msg::Clock(later));
    assert_eq!(asked(&mut bench), [Control::Look]);
}

#[test]
fn what_the_drill_played_is_on_the_screen() {
    let (mut bench, _) = bench(bulletin(), 80, 24);
    bench.press("Esc");
    let mail = shelf::case(50, "Played by the drill", 1);
    bench.shelf.cases.push(mail);
    bench.is_news = true;
    bench.send(Msg::Clock(shelf::now() + TimeDelta::hours(2)));
    assert!(bench.screen().contains("Played by the drill"));
}

#[test]
fn the_clock_on_the_screen_follows_at_a_pace_that_can_be_sent() {
    let table = [(86_400, 1), (6 * 3_600, 1), (2_400, 6), (72, 6), (71, 56), (1, 56)];
    for (day, minutes) in table {
        let begun = Bulletin { day_takes: Duration::from_secs(day), ..bulletin() };
        let (mut bench, _) = bench(begun, 80, 24);
        let before = last_row(&bench);
        let at = bench.model.drill.as_ref().unwrap().changes_at(shelf::now(), bench.model.zone).unwrap();
        assert_eq!(at, shelf::now() + TimeDelta::minutes(minutes), "a day in {day}s");
        bench.send(Msg::Clock(at));
        assert_ne!(last_row(&bench), before);
    }
    for begun in [Bulletin { is_paused: true, ..bulletin() }, Bulletin { is_over: true, ..bulletin() }] {
        let (bench, _) = bench(begun, 80, 24);
        assert_eq!(bench.model.drill.as_ref().unwrap().changes_at(shelf::now(), bench.model.zone), None);
    }
}

#[test]
fn it_does_not_open_over_what_somebody_types() {
    let (mut bench, shared) = bench(bulletin(), 80, 24);
    bench.press("Esc n").type_in("half a note");
    shared.lock().unwrap().is_over = true;
    bench.send(Msg::Reply(Reply::Moved));
    assert!(bench.screen().contains("half a note"));
    assert!(last_row(&bench).contains("OVER"));
    bench.press("Enter");
    assert!(bench.screen().contains("The drill is over."));
}

#[test]
fn keys_of_the_mark_are_not_offered_where_they_would_be_typed() {
    let (mut bench, _) = bench(bulletin(), 80, 24);
    bench.press("Esc n");
    assert!(!last_row(&bench).contains("z pause"));
    bench.press("z Ctrl-t");
    assert!(bench.screen().contains("note SEC-2026-0012: z") || bench.screen().contains(": z"));
}

#[test]
fn no_size_panics() {
    for begun in [bulletin(), facilitated(), tour()] {
        for (width, height) in [(0, 0), (1, 1), (2, 2), (5, 3), (1, 50), (200, 1), (40, 10), (300, 90)] {
            let (mut bench, _) = bench(begun.clone(), width, height);
            for keys in ["j", "G", "g", "PgDn", "h", "s", "Esc", "E", "y", "Ctrl-t", "j", "G", "Esc", "?"] {
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
fn the_first_frame_says_already_that_it_is_a_drill() {
    let zone = crate::console::zone::Zone::Fixed(chrono::FixedOffset::east_opt(3600).unwrap());
    let size = ratatui::layout::Size { width: 80, height: 24 };
    let mut model = crate::console::model::Model::new("Example", "ann", shelf::now(), zone, size).in_drill();
    let effects = model.begin(Vec::new());
    assert!(effects.contains(&Effect::Work(Task::Drill(Control::Look))));
    let mut buffer = ratatui::buffer::Buffer::empty(ratatui::layout::Rect::new(0, 0, 80, 24));
    crate::console::view::view(&model, &LOOK, &mut buffer);
    let screen = crate::console::shell::as_text(&buffer);
    assert!(screen.lines().last().unwrap().starts_with(" TEST DRILL  Mon 23 Nov 22:04"), "{screen}");
    model.update(Msg::Key(Key::char('z')));
    assert_eq!(model.notice.unwrap().text, "pause: the drill is still being read");
}
