//! CVSS metric by metric, SSVC question by question: keys in, scores out.

use super::assess::{LATE, V4, V31, decisions, on_late};
use super::bench::Bench;
use crate::console::msg::{Effect, Msg};
use crate::triage::ssvc::{Outcome, SelectionList};
use crate::triage::{Decision, Judgement};

fn copied(bench: &Bench) -> Vec<&str> {
    let copies = bench.effects.iter().filter_map(|effect| match effect {
        Effect::Copy { text, .. } => Some(text.as_str()),
        _ => None,
    });
    copies.collect()
}

#[test]
fn a_vector_is_made_letter_by_letter_with_its_score() {
    let mut bench = on_late(80, 40);
    bench.press("c");
    assert!(bench.screen().contains("missing: AV AC AT PR UI VC VI VA SC SI SA"));
    bench.press("Enter");
    assert_eq!((decisions(&bench).len(), bench.notice()), (0, "nothing done"));
    bench.press("c n L n N n H H H N N");
    bench.press("Enter");
    assert_eq!(bench.notice(), "no score yet; SA missing");
    bench.press("Z");
    assert_eq!(bench.notice(), "Z is no value of this metric");
    bench.press("N");
    assert!(bench.screen().contains("9.3 Critical (CVSS-B)"), "{}", bench.screen());
    bench.press("Enter");
    let cvss = bench.case(LATE).assessment.cvss.unwrap();
    assert_eq!(cvss.to_string(), V4);
    assert_eq!(decisions(&bench), [(LATE, Decision::Judge(Judgement::Cvss(Some(cvss))))]);
    assert!(bench.screen().contains("9.3 Critical"), "{}", bench.screen());
}

#[test]
fn values_are_turned_with_h_and_l_and_taken_away() {
    let mut bench = on_late(80, 24);
    bench.press("c");
    bench.send(Msg::Pasted(V4.to_owned()));
    // From Network to Local and back to Adjacent; attack complexity is cleared and set again.
    bench.press("k k k k k k k k k k k l l h j x");
    assert!(bench.screen().contains("missing: AC"));
    bench.press("h Enter");
    let vector = bench.case(LATE).assessment.cvss.unwrap().to_string();
    assert!(vector.starts_with("CVSS:4.0/AV:A/AC:H/AT:N"), "{vector}");
    bench.press("c - Enter");
    assert_eq!(bench.case(LATE).assessment.cvss, None, "an emptied vector takes the score away");
}

#[test]
fn versions_are_switched_and_each_keeps_what_was_begun() {
    let mut bench = on_late(80, 24);
    bench.press("c N L v");
    assert!(bench.screen().contains("CVSS 3.1 of SEC-2026-0042"));
    assert!(bench.screen().contains("missing: AV AC PR UI S C I A"));
    bench.press("v");
    assert!(bench.screen().contains("CVSS:4.0/AV:N/AC:L"));
    bench.send(Msg::Pasted(format!("  {}\n", V31.to_lowercase())));
    assert!(bench.screen().contains("8.8 High (base)"), "{}", bench.screen());
    bench.press("v v Enter");
    assert_eq!(bench.case(LATE).assessment.cvss.unwrap().to_string(), V31);
    bench.press("c");
    assert!(bench.screen().contains("CVSS 3.1 of"), "what is kept is opened in its version");
    bench.press("Esc");
    assert_eq!(decisions(&bench).len(), 1);
}

#[test]
fn a_vector_that_cannot_be_read_changes_nothing_and_says_where() {
    let mut bench = on_late(80, 24);
    bench.press("c N");
    bench.send(Msg::Pasted("CVSS:4.0/AV:X\x1b[2J".to_owned()));
    assert!(bench.notice().starts_with("no vector: at character"), "{}", bench.notice());
    assert!(bench.screen().contains("CVSS:4.0/AV:N"));
    bench.press("e").type_in("/AC:Q");
    assert!(bench.screen().contains("has no value 'Q'"), "{}", bench.screen());
    bench.press("Enter");
    assert_eq!(decisions(&bench), []);
    bench.press("Ctrl-u").type_in(V4);
    assert!(bench.screen().contains("9.3 Critical · Enter keeps"), "{}", bench.screen());
    bench.press("Enter");
    assert_eq!(bench.case(LATE).assessment.cvss.unwrap().to_string(), V4);
}

#[test]
fn threat_metrics_of_a_pasted_vector_stay() {
    let mut bench = on_late(80, 24);
    bench.press("c");
    bench.send(Msg::Pasted(format!("{V4}/E:U")));
    assert!(bench.screen().contains("CVSS-BT, base 9.3 Critical"), "{}", bench.screen());
    bench.press("Enter");
    assert!(bench.case(LATE).assessment.cvss.unwrap().to_string().ends_with("/E:U"));
}

#[test]
fn five_answers_make_an_outcome_with_its_row() {
    let mut bench = on_late(80, 24);
    bench.press("S");
    assert!(bench.screen().contains("What is known of attacks with it?"));
    bench.press("y");
    assert_eq!(bench.notice(), "y answers nothing here");
    assert!(bench.screen().contains("defer or scheduled or out-of-cycle or immediate so far"));
    bench.press("p y Enter");
    assert_eq!(
        bench.notice(),
        "no outcome yet; without an answer: value density, technical impact, public safety impact"
    );
    bench.press("c t m");
    assert!(bench.screen().contains("out-of-cycle: a patch before"), "{}", bench.screen());
    assert!(bench.screen().contains("row 22"), "{}", bench.screen());
    bench.press("y");
    let list = SelectionList::read(copied(&bench)[0]).unwrap();
    assert_eq!(list.target_ids, ["SEC-2026-0042"]);
    bench.press("Enter");
    let ssvc = bench.case(LATE).assessment.ssvc.unwrap();
    assert_eq!(ssvc.outcome(), Outcome::OutOfCycle);
    assert_eq!(decisions(&bench), [(LATE, Decision::Judge(Judgement::Ssvc(Some(ssvc))))]);
    // It opens with what is kept, goes back to a question, and can be taken away.
    bench.press("S k S Enter");
    assert_eq!(bench.case(LATE).assessment.ssvc.unwrap().outcome(), Outcome::Immediate);
    bench.press("S - Enter");
    assert_eq!(bench.case(LATE).assessment.ssvc, None);
}

#[test]
fn a_low_screen_shows_every_answer_to_the_question() {
    let mut bench = on_late(40, 10);
    bench.press("S");
    assert!(bench.screen().contains("N None · P Public PoC · A Active"), "{}", bench.screen());
    bench.press("a n");
    assert!(bench.screen().contains("D Diffuse · C Concentrated"), "{}", bench.screen());
}
