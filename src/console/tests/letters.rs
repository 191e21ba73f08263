//! Answers, passphrases and keys: keys in, screen out.

use super::bench::Bench;
use super::screens::snapshot;
use crate::console::layout::Pane;
use crate::console::msg::{Effect, Msg, Task};
use crate::console::overlay::{Overlay, Purpose};

/// The bench with the cursor on this case.
fn on(case: i64) -> Bench {
    let mut bench = Bench::new(80, 24);
    for _ in 0..10 {
        if bench.current() == case {
            return bench;
        }
        bench.press("j");
    }
    panic!("no case {case}");
}

fn edited(bench: &mut Bench) -> String {
    match bench.effects.pop() {
        Some(Effect::Edit("answer.txt", text)) => text,
        other => panic!("no editor: {other:?}"),
    }
}

#[test]
fn an_answer_goes_from_passphrase_to_editor_to_a_last_look() {
    let mut bench = on(42);
    bench.press("r");
    assert!(bench.screen().contains("passphrase of"), "{}", bench.screen());
    bench.type_in("sesame");
    assert!(!bench.screen().contains("sesame") && bench.screen().contains("******"));
    bench.press("Enter");
    let begun = edited(&mut bench);
    bench.send(Msg::Edited(Ok(begun.replace("Hello Mara Lindt,", "Hello Mara,\n\nwe look into it."))));
    assert!(matches!(bench.writes.last(), Some(Task::KeepDraft(..))), "kept before anything else");
    snapshot("letter", bench.screen());
    bench.press("y");
    assert!(bench.notice().starts_with("answered Mara Lindt"), "{}", bench.notice());
    assert!(
        matches!(&bench.model.overlay, Some(Overlay::Prompt(prompt)) if matches!(prompt.purpose, Purpose::SaveAs(_)))
    );
    bench.press("Enter");
    assert_eq!(bench.notice(), "written to SEC-2026-0042-answer.eml");
    assert_eq!(bench.model.unsaved, 0);
}

#[test]
fn a_wrong_passphrase_ends_it_and_says_so() {
    let mut bench = on(42);
    bench.press("r").type_in("nonsense").press("Enter");
    assert_eq!(bench.notice(), "the passphrase does not open this key");
    assert!(bench.model.answering.is_none() && bench.effects.is_empty());
}

#[test]
fn the_clear_is_asked_about_and_drawn_loud() {
    let mut bench = on(39);
    bench.press("r");
    assert!(bench.screen().contains("Answer IN THE CLEAR"), "{}", bench.screen());
    bench.press("n");
    assert!(bench.effects.is_empty() && bench.model.overlay.is_none());
    bench.press("r y");
    let begun = edited(&mut bench);
    bench.send(Msg::Edited(Ok(format!("{begun}more\n"))));
    assert!(bench.screen().contains("IN THE CLEAR, everybody on the way can read it"), "{}", bench.screen());
}

#[test]
fn of_an_encrypted_report_without_a_key_the_key_is_asked_for() {
    let mut bench = on(31);
    bench.press("r");
    assert!(bench.screen().contains("Ask for one, in the clear"), "{}", bench.screen());
    bench.press("y");
    assert!(matches!(bench.model.overlay, Some(Overlay::Letter(_))), "nothing to edit");
    bench.press("e");
    assert!(bench.effects.is_empty());
    bench.press("y");
    assert!(bench.notice().starts_with("answered"));
}

#[test]
fn nothing_written_is_no_answer_and_what_was_written_is_put_aside() {
    let mut bench = on(39);
    bench.press("r y");
    let begun = edited(&mut bench);
    bench.send(Msg::Edited(Ok(begun.clone())));
    assert_eq!(bench.notice(), "nothing was written; no answer was made");
    bench.press("r y");
    edited(&mut bench);
    bench.send(Msg::Edited(Ok("To: x\n\n  \n".to_owned())));
    assert_eq!(bench.notice(), "no answer: the text was empty");
    bench.press("r y");
    edited(&mut bench);
    bench.send(Msg::Edited(Ok(format!("{begun}more\n"))));
    bench.press("Esc");
    assert_eq!(bench.notice(), "put aside; r goes on with it");
    assert!(bench.writes.iter().all(|task| !matches!(task, Task::Answer(..))));
}

#[test]
fn keys_are_found_shown_verified_and_retired_by_key() {
    let mut bench = on(42);
    bench.model.focus = Pane::Pgp;
    bench.press("P");
    snapshot("overlay_keys", bench.screen());
    bench.press("Enter");
    assert!(bench.screen().contains("a certificate"), "{}", bench.screen());
    bench.press("v").type_in("on the phone").press("Enter");
    assert_eq!(bench.notice(), format!("verified {}: on the phone", "AAAA".repeat(10)));
    bench.press("P Enter R");
    assert!(bench.screen().contains("no longer encrypt to Mara Lindt"), "{}", bench.screen());
    bench.press("y");
    assert_eq!(bench.notice(), format!("retired {}", "AAAA".repeat(10)));
    bench.press("I").type_in("keys.asc").press("Enter");
    assert_eq!(bench.notice(), "taken in from keys.asc");
}

#[test]
fn an_attachment_is_chosen_and_written_where_the_person_says() {
    let mut bench = on(42);
    bench.press("O");
    assert!(bench.screen().contains("crash.tif"), "{}", bench.screen());
    bench.press("Enter");
    assert!(bench.screen().contains("write in the clear to"), "{}", bench.screen());
    bench.type_in("/x/crash.tif").press("Enter");
    assert!(matches!(
        bench.writes.last(),
        Some(Task::WriteFile { number: 1, path, .. }) if path == "/x/crash.tif"
    ));
}
