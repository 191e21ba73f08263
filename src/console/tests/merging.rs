//! Merging and taking apart by key.

use super::bench::Bench;
use super::shelf;
use crate::console::msg::{Effect, Msg, Task};
use crate::triage::case::Merged;
use crate::triage::similar::Similar;
use crate::triage::{Answer, CaseKey, Dossier, Person};

/// The late case was reported twice, has a message more, and is like another.
fn cases() -> Vec<Dossier> {
    let mut cases = shelf::cases();
    let late = &mut cases[0];
    late.case.also_by = vec![Person { name: "Eve\x1b[2J\u{202e}".into(), email: "eve@x.example".into() }];
    late.others = vec![Answer::NotPossible("there is no certificate".into())];
    let mut more = late.messages[0].clone();
    more.id = 77;
    more.content.from = late.case.also_by[0].clone();
    late.messages.push(more);
    late.similar = vec![Similar {
        key: CaseKey(39),
        id: "SEC-2026-0039".into(),
        title: "\x1b]0;x\x07".into(),
        score: 87,
        reasons: vec!["same component imaging\x1b[31m".into(), "8 rare words in common (ifd, strip)".into()],
    }];
    cases[1].case.merged_into = Some(Merged { key: 42, id: "SEC-2026-0042".into() });
    cases
}

#[test]
fn marked_cases_are_merged_after_a_question_that_names_them() {
    let mut bench = Bench::with(cases(), 80, 24);
    assert_eq!(
        bench.press("M").notice(),
        "merge: mark two cases at least with x; they go into the oldest of them"
    );
    bench.press("x j x M");
    insta::assert_snapshot!("overlay_merge", bench.screen());
    bench.press("n");
    assert_eq!((bench.writes.len(), bench.notice()), (0, "nothing done"));
    bench.press("M y");
    assert!(matches!(bench.writes.as_slice(), [Task::Merge(cases)] if cases.len() == 2));
    assert_eq!((bench.notice(), bench.model.unsaved), ("merged", 0));
}

#[test]
fn the_message_on_screen_or_the_duplicate_is_taken_out() {
    let mut bench = Bench::with(cases(), 80, 24);
    bench.press("j j B");
    assert_eq!(bench.notice(), "split: Enter opens SEC-2026-0042, ] goes to the mail to take out, then B");
    bench.press("Enter B");
    assert_eq!(bench.notice(), "split: this mail opened SEC-2026-0042 and stays; ] goes to the next one");
    bench.press("] ] B");
    assert!(
        bench.screen().contains("take the mail of Eve<ESC>[2J<U+202E> out of SEC-2026-0042"),
        "{}",
        bench.screen()
    );
    bench.press("y");
    assert_eq!(bench.writes.last(), Some(&Task::Split(CaseKey(42), vec![77])));
    bench.press("q k B");
    assert!(bench.screen().contains("take SEC-2026-0039 out of SEC-2026-0042 again?"), "{}", bench.screen());
    bench.press("y");
    assert_eq!(bench.writes.last(), Some(&Task::Split(CaseKey(39), Vec::new())));
    bench.press("G B");
    assert_eq!(bench.notice(), "split: SEC-2026-0007 has one mail; B takes a later one, or a duplicate, out");
}

#[test]
fn the_detail_names_all_reporters_and_what_is_like_the_case() {
    let mut bench = Bench::with(cases(), 80, 24);
    bench.press("j j Enter");
    insta::assert_snapshot!("detail_merged", bench.screen());
}

#[test]
fn where_several_reported_it_the_answer_asks_whom_and_goes_there() {
    let mut bench = Bench::with(cases(), 80, 24);
    bench.press("j j r");
    insta::assert_snapshot!("overlay_reporters", bench.screen());
    bench.press("Down Enter");
    assert!(
        bench.screen().contains("no key of eve@x.example can be used. Ask for one"),
        "{}",
        bench.screen()
    );
    bench.press("y");
    assert!(
        bench.screen().contains("Eve<ESC>[2J<U+202E> <eve@x.example>"),
        "the last look: {}",
        bench.screen()
    );
    bench.press("Esc r Enter").type_in("sesame").press("Enter");
    let Some(Effect::Edit(_, begun)) = bench.effects.pop() else { panic!("no editor") };
    bench.send(Msg::Edited(Ok(format!("{begun}more\n"))));
    assert!(bench.screen().contains("Mara Lindt <mara@lindt.example>"), "{}", bench.screen());
    bench.press("y Enter");
    assert!(bench.notice().starts_with("written to"), "{}", bench.notice());
}

#[test]
fn one_reporter_is_answered_without_a_question() {
    let mut bench = Bench::with(shelf::cases(), 80, 24);
    bench.press("j j r");
    assert!(bench.screen().contains("passphrase of"), "{}", bench.screen());
}
