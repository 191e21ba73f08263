//! Merging, splitting and similar cases through the built program.
#![allow(clippy::unwrap_used)]

mod support;

use serde_json::{Value, json};
use support::{Bench, mail};

const FIRST: &str = "SEC-2026-0001";
const SECOND: &str = "SEC-2026-0002";

/// Mara's report and, an hour later by name but not by date, Bob's of the same bug.
fn bench() -> Bench {
    let bench = Bench::new();
    let text = "In parse_ifd() of src/tiff/ifd.c the strip table overflows.";
    take(&bench, &mail("a1@x", "Mara Lindt <mara@lindt.example>", "Heap overflow", "", text));
    take(&bench, &mail("b1@x", "Bob\u{202e} <bob@plain.example>", "Crash\u{1b}[2J", "", text));
    bench
}

fn take(bench: &Bench, mail: &str) -> Value {
    bench.import(&bench.file("mail.eml", mail))
}

fn show(bench: &Bench, id: &str) -> Value {
    let (code, case) = bench.json(&["show", id]);
    assert_eq!(code, 0, "{case:#}");
    case
}

fn complaint(bench: &Bench, arguments: &[&str]) -> String {
    let output = bench.run(arguments);
    assert_eq!(output.status.code(), Some(1), "{arguments:?}");
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn a_duplicate_is_merged_answered_split_and_undone() {
    let bench = bench();
    let (code, told) = bench.json(&["merge", SECOND, FIRST]);
    assert_eq!((code, &told["changed"], &told["refused"]), (0, &json!(2), &json!([])));
    assert!(told["summary"].as_str().unwrap().starts_with("merged SEC-2026-0002 into SEC-2026-0001"));
    let target = show(&bench, FIRST);
    assert_eq!(target["also_by"][0]["email"], "bob@plain.example");
    assert_eq!(target["messages"].as_array().unwrap().len(), 2);
    let duplicate = show(&bench, SECOND);
    assert_eq!((&duplicate["merged_into"], &duplicate["resolution"]), (&json!(FIRST), &json!("duplicate")));

    // Later mail of the duplicate's thread joins the target.
    let joined =
        take(&bench, &mail("b2@x", "bob@plain.example", "Re: Crash", "In-Reply-To: <b1@x>\n", "more"));
    assert_eq!(joined["messages"][0]["case"], FIRST);

    let page = bench.ok(&["show", FIRST]);
    assert!(page.contains("also by    Bob<U+202E> <bob@plain.example>"), "{page}");
    assert!(!page.contains('\u{1b}') && !page.contains('\u{202e}'));
    assert!(bench.ok(&["show", SECOND]).contains("merged     into SEC-2026-0001"));

    bench.ok(&["split", SECOND]);
    assert_eq!(show(&bench, SECOND)["messages"].as_array().unwrap().len(), 2, "with what came since");
    assert_eq!(show(&bench, FIRST)["also_by"], json!([]));
    bench.ok(&["undo"]);
    assert_eq!(show(&bench, FIRST)["messages"].as_array().unwrap().len(), 3);
}

#[test]
fn each_reporter_is_answered_apart_and_nobody_else() {
    let bench = bench();
    bench.ok(&["merge", FIRST, SECOND]);
    let why = complaint(&bench, &["reply", SECOND, "--plaintext", "--template", "acknowledge"]);
    assert!(why.contains("answer there: 'ninety reply SEC-2026-0001 --to bob@plain.example'"), "{why}");
    let why = complaint(
        &bench,
        &["reply", FIRST, "--to", "eve@x.example", "--plaintext", "--template", "acknowledge"],
    );
    assert!(why.contains("one of its reporters: mara@lindt.example, bob@plain.example"), "{why}");

    let answer = |to: &str| {
        bench.ok(&["reply", FIRST, "--to", to, "--plaintext", "--template", "acknowledge", "-o", "-"])
    };
    let bobs = answer("BOB@plain.example");
    assert!(bobs.contains("In-Reply-To: <b1@x>") && !bobs.contains("a1@x"), "{bobs}");
    assert!(!bobs.contains("Heap overflow") && !bobs.contains("Mara"), "nothing of the other report: {bobs}");
    assert_eq!(
        show(&bench, FIRST)["acknowledged_at"],
        Value::Null,
        "the first reporter was not answered yet"
    );
    let maras = answer("mara@lindt.example");
    assert!(maras.contains("In-Reply-To: <a1@x>") && maras.contains("Heap overflow"), "{maras}");
    assert!(!maras.contains("b1@x") && !maras.contains("Crash"), "{maras}");
    assert_ne!(show(&bench, FIRST)["acknowledged_at"], Value::Null);
}

#[test]
fn a_message_that_was_joined_wrongly_is_taken_out() {
    let bench = bench();
    take(&bench, &mail("c1@x", "Eve <eve@x.example>", "Re: Heap", "In-Reply-To: <a1@x>\n", "another matter"));
    let last = show(&bench, FIRST)["messages"][1]["id"].to_string();
    let (code, told) = bench.json(&["split", FIRST, &last]);
    assert_eq!(
        (code, &told["summary"]),
        (0, &json!("took 1 message out of SEC-2026-0001 into SEC-2026-0003"))
    );
    assert_eq!(told["cases"][1]["id"], "SEC-2026-0003");
    take(&bench, &mail("c2@x", "Eve <eve@x.example>", "Re: Heap", "In-Reply-To: <c1@x>\n", "more"));
    assert_eq!(show(&bench, "SEC-2026-0003")["messages"].as_array().unwrap().len(), 2);
    assert!(complaint(&bench, &["split", FIRST, "999"]).contains("message 999 is not in SEC-2026-0001"));
    assert!(complaint(&bench, &["split", FIRST]).contains("was not merged into another case"));
    assert!(complaint(&bench, &["merge", FIRST]).contains("two cases at least"));
}

#[test]
fn similar_cases_are_shown_with_their_reasons() {
    let bench = bench();
    let (code, similar) = bench.json(&["similar", FIRST]);
    assert_eq!((code, &similar[0]["case"]), (0, &json!(SECOND)));
    assert!(similar[0]["score"].as_u64().unwrap() > 80, "{similar:#}");
    let page = bench.ok(&["similar", FIRST]);
    assert!(page.contains("Crash<ESC>[2J") && page.contains("same stack frame parse_ifd"), "{page}");
    assert_eq!(show(&bench, FIRST)["similar"], similar);
    assert!(bench.ok(&["show", FIRST]).contains("similar    SEC-2026-0002 "));
    bench.ok(&["merge", FIRST, SECOND]);
    assert_eq!(bench.ok(&["similar", FIRST]), "no case is like it\n");
}

#[test]
fn noise_is_set_and_taken_back_by_hand() {
    let bench = bench();
    bench.ok(&["set", FIRST, "noise=yes"]);
    assert_eq!(show(&bench, FIRST)["noise"]["likely"], json!(true));
    bench.ok(&["set", FIRST, "noise=no"]);
    assert_eq!(show(&bench, FIRST)["noise"]["likely"], json!(false));
    let output = bench.run(&["set", FIRST, "noise=maybe"]);
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn hot_spots_are_told_by_component_and_weakness() {
    let bench = bench();
    assert!(bench.ok(&["hotspots"]).starts_with("no case has a component"));
    bench.ok(&["set", FIRST, SECOND, "product=imaging", "component=TIFF\u{1b}[2J", "cwe=787"]);
    let page = bench.ok(&["hotspots"]);
    let line = |start: &str| page.lines().find(|line| line.starts_with(start)).unwrap().to_owned();
    let figures = |line: String| line.split_whitespace().rev().take(5).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(figures(line("imaging / TIFF<ESC>[2J")), ["1d", "1d", "1d", "2", "2"]);
    assert_eq!(figures(line("CWE-787")), ["1d", "1d", "1d", "2", "2"]);
    assert!(page.lines().all(|line| line.chars().count() <= 80), "{page}");
    let (code, spots) = bench.json(&["hotspots"]);
    assert_eq!((code, &spots["weaknesses"][0]["weakness"]), (0, &json!("CWE-787")));
    assert_eq!(spots["components"][0]["open"], 2);
}
