//! Keys in, decisions out.

use super::bench::Bench;
use super::shelf;
use crate::console::layout::Pane;
use crate::console::msg::{Effect, Msg, Task};
use crate::desk::Order;
use crate::triage::{CaseKey, Decision, Resolution, State};

/// The queue is 12 (exploited), 39, 42 (late), 31, 7.
const LATE: i64 = 42;

/// A bench with the cursor on the late case.
fn on_late() -> Bench {
    let mut bench = Bench::new(80, 24);
    bench.press("j j");
    bench
}

fn decisions(bench: &Bench) -> Vec<(i64, Decision)> {
    let orders = bench.writes.iter().filter_map(|task| match task {
        Task::Decide(orders) => Some(orders.iter()),
        _ => None,
    });
    orders.flatten().map(|Order { case, decision, .. }| (case.0, decision.clone())).collect()
}

#[test]
fn the_queue_is_due_first_and_the_cursor_moves_through_it() {
    let mut bench = Bench::new(80, 24);
    let mut seen = vec![bench.current()];
    for _ in 0..4 {
        seen.push(bench.press("j").current());
    }
    assert_eq!(seen, [12, 39, LATE, 31, 7]);
    assert_eq!(bench.press("j").current(), 7);
    assert_eq!(bench.press("g").current(), 12);
    assert_eq!(bench.press("G k k").current(), LATE);
    assert_eq!(bench.press("g 5 G").current(), 7);
}

#[test]
fn a_count_begins_with_five_and_goes_before_a_movement() {
    let mut bench = Bench::crowd(100, 80, 24);
    assert_eq!(bench.press("5 0 G").current(), 50);
    assert_eq!(bench.press("8 k").current(), 42);
    assert_eq!(bench.press("6 j").current(), 48);
    assert_eq!(decisions(&bench), []);
    bench.press("0");
    assert_eq!(decisions(&bench).len(), 1);
}

#[test]
fn a_page_turns_when_the_cursor_leaves_it() {
    let mut bench = Bench::crowd(100, 80, 24);
    let page = bench.model.height(Pane::Queue);
    bench.press(&"j ".repeat(page - 1));
    assert_eq!(bench.model.queue.top, 0);
    bench.press("j");
    assert_eq!((bench.model.queue.top, bench.model.queue.cursor), (page, page));
    bench.press("k");
    assert_eq!(bench.model.queue.top, 0);
    bench.press("PgDn PgDn");
    assert_eq!(bench.model.queue.cursor, 3 * page - 1);
    assert!(bench.model.queue.page(page).iter().all(|key| bench.model.queue.rows.contains_key(key)));
}

#[test]
fn one_key_decides_and_the_notice_comes_after_the_commit() {
    let mut bench = on_late();
    bench.press("a");
    assert_eq!(bench.case(LATE).assignee.as_deref(), Some("ann"));
    assert_eq!(bench.notice(), "decided on 1");
    bench.press("2");
    assert_eq!(bench.case(LATE).priority.map(|priority| priority.level()), Some(2));
    bench.press("-");
    assert_eq!(bench.case(LATE).priority, None);
    assert_eq!(bench.model.unsaved, 0);
    let effects = bench.model.update(Msg::Key("a".parse().unwrap()));
    assert_eq!(bench.model.notice, None, "nothing is said before it is committed");
    assert!(matches!(effects.as_slice(), [Effect::Work(Task::Decide(_))]));
}

#[test]
fn an_order_names_the_version_that_was_seen() {
    let mut bench = on_late();
    bench.press("a 1");
    let seen = bench.writes.iter().filter_map(|task| match task {
        Task::Decide(orders) => orders.first().and_then(|order| order.seen),
        _ => None,
    });
    assert_eq!(seen.collect::<Vec<_>>(), [1, 2]);
}

#[test]
fn undo_and_redo_are_a_key_each() {
    let mut bench = on_late();
    bench.press("1 u");
    assert_eq!((bench.case(LATE).priority, bench.notice()), (None, "undone"));
    bench.press("Ctrl-r");
    assert_eq!(bench.case(LATE).priority.map(|priority| priority.level()), Some(1));
    let mut fresh = on_late();
    fresh.press("u");
    assert_eq!(fresh.notice(), "undo: there is nothing to take back");
}

#[test]
fn undo_asks_about_what_is_of_another_day_or_from_before_this_console() {
    let mut bench = on_late();
    bench.press("1");
    // Noon in the zone of the console is still this day, but before it began.
    bench.shelf.decided_at = shelf::now() - chrono::TimeDelta::hours(5);
    bench.press("u");
    let screen = bench.screen();
    let asked = "undo your change of Mon 23 Nov 17:04 on SEC-2026-0042: priority P2 -> P1?";
    assert!(screen.contains(asked) && screen.contains("y yes · n no"), "{screen}");
    assert!(bench.case(LATE).priority.is_some());
    bench.press("n");
    assert_eq!((bench.notice(), bench.model.unsaved), ("nothing done", 0));
    bench.press("u y");
    assert_eq!((bench.case(LATE).priority, bench.model.unsaved), (None, 0));
    let mut bench = on_late();
    bench.press("1");
    bench.send(Msg::Clock(shelf::now() + chrono::TimeDelta::hours(2)));
    bench.press("u");
    assert_eq!(bench.case(LATE).priority.map(|priority| priority.level()), Some(1), "midnight has passed");
    assert!(bench.screen().contains("undo your change of Mon 23 Nov 22:04"), "{}", bench.screen());
}

#[test]
fn a_late_question_about_undo_never_takes_what_is_typed() {
    let mut bench = on_late();
    bench.press("n").type_in("yes");
    let earlier = crate::desk::Earlier { batch: 1, at: shelf::now(), words: "A: priority".to_owned() };
    bench.send(Msg::Reply(crate::console::msg::Reply::UndoAsks(earlier)));
    assert_eq!(bench.notice(), "undo: your last change is of Mon 23 Nov 22:04; u asks about it");
    bench.press("Enter");
    assert_eq!(decisions(&bench), [(LATE, Decision::Note("yes".to_owned()))]);
}

#[test]
fn decisions_go_to_all_marked_cases_after_a_question() {
    let mut bench = on_late();
    bench.press("x x 1");
    assert_eq!(decisions(&bench), [], "it asks first");
    assert!(bench.screen().contains("priority P1 · 2 cases") && bench.screen().contains("2 of 2 cases"));
    bench.press("n");
    assert_eq!((decisions(&bench).len(), bench.notice()), (0, "nothing done"));
    bench.press("1 y");
    let decided: Vec<i64> = decisions(&bench).iter().map(|(case, _)| *case).collect();
    assert_eq!(decided, [31, LATE]);
    bench.press("Esc");
    assert!(bench.model.queue.marked.is_empty());
}

#[test]
fn all_shown_are_marked_and_unmarked_by_one_key() {
    let mut bench = on_late();
    bench.press("X");
    assert_eq!(bench.model.queue.marked.len(), 5);
    bench.press("X");
    assert_eq!(bench.model.queue.marked.len(), 0);
}

#[test]
fn states_offer_only_what_may_follow_and_closing_asks_how() {
    let mut bench = on_late();
    bench.press("s");
    let screen = bench.screen();
    assert!(screen.contains("acknowledged") && screen.contains("closed") && !screen.contains("released"));
    bench.type_in("clo").press("Enter");
    assert!(bench.screen().contains("close SEC-2026-0042 as"));
    bench.press("Enter");
    assert!(bench.notice().contains("has no fix yet"), "{}", bench.notice());
    bench.type_in("spam").press("Enter");
    assert_eq!(bench.case(LATE).state, State::Closed);
    assert_eq!(bench.case(LATE).resolution, Some(Resolution::Spam));
    assert_eq!(bench.current(), 31, "the closed case left the queue, the next one took its place");
}

#[test]
fn a_date_is_shown_before_it_is_set() {
    let mut bench = on_late();
    bench.press("d").type_in("30d from receipt");
    assert!(
        bench.screen().contains("Tue 22 Dec 2026 19:04 +01:00 · 28d left · agreed"),
        "{}",
        bench.screen()
    );
    bench.press("Enter");
    assert_eq!(bench.case(LATE).disclosure.at.to_string(), "2026-12-22 18:04:00 UTC");
    bench.press("d").type_in("tomorrow").press("Enter");
    assert!(bench.screen().contains("cannot read the date"));
    bench.press("Esc");
    assert_eq!(decisions(&bench).len(), 1);
}

#[test]
fn exploited_asks() {
    let mut bench = on_late();
    bench.press("!");
    assert!(bench.screen().contains("SEC-2026-0042: exploited in the wild?"));
    bench.press("y e y");
    assert_eq!(decisions(&bench), [(LATE, Decision::Exploited(true)), (LATE, Decision::Exploited(false))]);
}

#[test]
fn notes_are_typed_kept_as_drafts_and_committed() {
    let mut bench = on_late();
    bench.press("n").type_in("asked for a crash file").press("Esc");
    assert_eq!(decisions(&bench), []);
    bench.press("n").type_in("!").press("Enter");
    assert_eq!(decisions(&bench), [(LATE, Decision::Note("asked for a crash file!".to_owned()))]);
    bench.press("N");
    assert_eq!(bench.effects, [Effect::Edit("note.txt", String::new())]);
    bench.send(Msg::Edited(Ok("two\nlines\n".to_owned())));
    assert_eq!(decisions(&bench).last(), Some(&(LATE, Decision::Note("two\nlines".to_owned()))));
    bench.press("N");
    bench.send(Msg::Edited(Ok("  \n".to_owned())));
    assert_eq!(decisions(&bench).len(), 2);
}

#[test]
fn a_case_is_assigned_to_known_and_new_people() {
    let mut bench = on_late();
    bench.press("A").type_in("ch").press("Enter");
    assert_eq!(bench.case(LATE).assignee.as_deref(), Some("cho"));
    bench.press("A").type_in("dora").press("Enter");
    assert_eq!(bench.case(LATE).assignee.as_deref(), Some("dora"));
    bench.press("A").type_in("nobody").press("Enter");
    assert_eq!(bench.case(LATE).assignee, None);
}

#[test]
fn the_filter_follows_the_typing_and_escape_goes_back() {
    let mut bench = on_late();
    bench.press("k");
    assert_eq!(bench.current(), 39);
    bench.press("/").type_in("tiff");
    assert_eq!((bench.model.queue.keys.len(), bench.current()), (1, LATE));
    bench.press("Esc");
    assert_eq!((bench.model.queue.keys.len(), bench.current()), (5, 39), "the cursor is back on its case");
    bench.press("/").type_in("state:new").press("Enter");
    assert_eq!(bench.model.queue.keys.len(), 2);
    bench.press("Esc");
    assert_eq!(bench.model.queue.keys.len(), 5);
    bench.press("/").type_in("state:nwe").press("Enter");
    assert!(bench.screen().contains("is not a value of state; did you mean new?"), "{}", bench.screen());
}

#[test]
fn what_cannot_be_read_is_told_whole_and_the_queue_stays_as_it_was() {
    let mut bench = on_late();
    bench.press("/").type_in("tiff");
    bench.type_in(" reprter:mara");
    let screen = bench.screen();
    assert!(screen.contains("as before: tiff"), "{screen}");
    assert_eq!((bench.model.queue.keys.len(), bench.current()), (1, LATE));
    let said = screen.lines().filter(|line| !line.contains('─')).collect::<Vec<_>>().join(" ");
    let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains("did you mean reporter? as a word it goes in quotation marks"), "{screen}");
    bench.press("Backspace ".repeat(13).trim());
    assert!(bench.screen().contains("filter: tiff"), "{}", bench.screen());
    bench.press("Esc /").type_in("qqqqqqqq:1");
    let screen = bench.screen();
    assert!(screen.contains("as before: open") && screen.contains("'qqqqqqqq' is not a field"), "{screen}");
    assert!(screen.contains(" …") && screen.contains("quotation marks"), "{screen}");
}

#[test]
fn a_late_answer_to_an_old_question_is_dropped() {
    let mut bench = on_late();
    let generation = bench.model.queue.generation;
    bench.press("/").type_in("tiff").press("Enter");
    let keys = vec![CaseKey(7)];
    bench.send(Msg::Reply(crate::console::msg::Reply::Ordered { generation, keys }));
    assert_eq!(bench.model.queue.keys, [CaseKey(LATE)]);
}

#[test]
fn news_never_move_the_cursor_off_its_case() {
    let mut bench = Bench::crowd(60, 80, 24);
    bench.press("5 0 G");
    let row = bench.model.queue.cursor - bench.model.queue.top;
    for number in 101..=120 {
        bench.shelf.cases.push(shelf::case(number, "An older report came in", 200_000));
    }
    bench.send(Msg::StoreTouched);
    assert_eq!(bench.current(), 50);
    assert_eq!(bench.model.queue.cursor, 69);
    assert_eq!(bench.model.queue.cursor - bench.model.queue.top, row, "nor its case on the screen");
}

#[test]
fn the_panes_follow_when_the_keys_rest() {
    let mut bench = on_late();
    bench.hold("j");
    assert_eq!(bench.model.reading.wanted, Some(CaseKey(LATE)));
    assert!(bench.model.is_behind());
    bench.press("");
    assert_eq!(bench.model.reading.wanted, Some(CaseKey(31)));
    assert!(!bench.model.is_behind());
}

#[test]
fn opening_a_case_reads_it_and_focus_goes_round() {
    let mut bench = on_late();
    bench.press("Enter");
    assert_eq!(bench.model.focus, Pane::Detail);
    assert!(!bench.case(LATE).unread);
    assert_eq!(bench.writes, [Task::MarkRead(CaseKey(LATE))]);
    let mut seen = Vec::new();
    for _ in 0..4 {
        bench.press("Tab");
        seen.push(bench.model.focus);
    }
    assert_eq!(seen, [Pane::Timeline, Pane::Pgp, Pane::Queue, Pane::Detail]);
    assert_eq!(bench.press("q").model.focus, Pane::Queue);
    bench.press("v");
    assert_eq!((bench.model.focus, bench.model.lower), (Pane::Queue, Pane::Timeline));
}

#[test]
fn the_palette_runs_commands_by_name() {
    let mut bench = on_late();
    bench.press(":").type_in("priority 3").press("Enter");
    assert_eq!(bench.case(LATE).priority.map(|priority| priority.level()), Some(3));
}

#[test]
fn what_cannot_be_done_says_why() {
    let mut bench = Bench::with(Vec::new(), 80, 24);
    bench.press("a");
    assert_eq!(bench.notice(), "take: there is no case in the queue");
    bench.press("Q");
    assert_eq!(bench.notice(), "Q does nothing here; ? shows the keys");
}

#[test]
fn pasted_text_is_never_a_command() {
    let mut bench = on_late();
    bench.send(Msg::Pasted("a1u".to_owned()));
    assert_eq!(decisions(&bench), []);
    bench.press("n");
    bench.send(Msg::Pasted("line one\r\nline\x1b[2J two".to_owned()));
    bench.press("Enter");
    assert_eq!(decisions(&bench), [(LATE, Decision::Note("line one line<ESC>[2J two".to_owned()))]);
}

#[test]
fn identifiers_and_safe_text_are_copied() {
    let mut bench = on_late();
    bench.press("y Y");
    let texts: Vec<&str> = bench
        .effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Copy { text, .. } => Some(text.as_str()),
            _ => None,
        })
        .collect();
    assert_eq!(texts.len(), 2);
    assert_eq!(texts[0], "SEC-2026-0042");
    assert!(texts[1].starts_with("Hello,\n"));
}

#[test]
fn leaving_is_q_from_the_queue_and_ctrl_c_from_anywhere() {
    let mut bench = on_late();
    bench.press("Enter q q");
    assert_eq!(bench.effects, [Effect::Quit]);
    let mut bench = on_late();
    bench.press("Enter Ctrl-c");
    assert_eq!(bench.effects, [Effect::Quit]);
    let mut bench = on_late();
    bench.press("n Ctrl-c");
    assert_eq!((bench.effects.len(), bench.model.overlay.is_none()), (0, true), "a prompt is left first");
}

#[test]
fn the_console_sleeps_until_a_word_changes() {
    let bench = on_late();
    let at = bench.model.changes_at();
    // 42 is overdue by 3 h 0 min: one hour until it says 4h.
    assert!(at > shelf::now());
    assert!(at <= shelf::now() + chrono::TimeDelta::hours(1));
}

#[test]
fn words_change_with_the_clock() {
    let mut bench = Bench::new(120, 40);
    bench.press("j j");
    assert!(bench.screen().contains("ack OVERDUE 3h"));
    bench.send(Msg::Clock(shelf::now() + chrono::TimeDelta::minutes(59)));
    assert!(bench.screen().contains("ack OVERDUE 3h"));
    bench.send(Msg::Clock(bench.model.changes_at()));
    assert!(bench.screen().contains("ack OVERDUE 4h"), "{}", bench.screen());
}

#[test]
fn quotes_fold_and_unfold() {
    let mut bench = Bench::new(120, 40);
    assert!(bench.screen().contains("[3 quoted lines, f unfolds]"));
    bench.press("f");
    assert!(bench.screen().contains("> three"));
}
