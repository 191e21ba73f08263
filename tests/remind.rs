//! `remind`: told once a stage, never twice, and never lost.
#![allow(clippy::unwrap_used)]

mod support;

use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::Output;

use serde_json::{Value, json};
use support::{Bench, mail};

const CASE: &str = "SEC-2026-0001";
const MARA: &str = "Mara Lindt <mara@lindt.example>";

/// A report of 22 November, 10 o'clock; a shell script's worst in its subject.
fn bench() -> Bench {
    let bench = Bench::new();
    let report = mail("one@lindt.example", MARA, "Heap; touch /tmp/x `id` $(id)", "", "A report.");
    bench.import(&bench.file("one.eml", report));
    bench
}

fn at(bench: &Bench, now: &str, line: &[&str]) -> Output {
    bench.command(line).env("NINETY_NOW", now).output().unwrap()
}

fn lines(output: &Output) -> Vec<String> {
    String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect()
}

#[test]
fn each_stage_is_told_once() {
    let bench = bench();
    let table = [
        ("2026-11-22T10:30:00Z", 1, &["soon: acknowledge 23h left"][..]),
        ("2026-11-22T10:45:00Z", 0, &[]),
        ("2026-11-23T09:00:00Z", 0, &[]),
        ("2026-11-23T10:00:00Z", 1, &["due: acknowledge 0m left", "soon: triage 24h left"]),
        ("2026-11-23T10:00:00Z", 0, &[]),
        (
            "2026-11-24T11:00:00Z",
            1,
            &["overdue by a day: acknowledge OVERDUE 25h", "due: triage OVERDUE 60m"],
        ),
        ("2026-11-24T12:00:00Z", 0, &[]),
    ];
    for (now, code, expected) in table {
        let output = at(&bench, now, &["remind"]);
        assert_eq!(output.status.code(), Some(code), "{now}: {}", String::from_utf8_lossy(&output.stderr));
        let told = lines(&output);
        assert_eq!(told.len(), expected.len(), "{now}: {told:?}");
        for (line, part) in told.iter().zip(expected) {
            let part = part.replace("60m", "1h");
            assert!(line.starts_with(CASE) && line.contains(&part), "{now}: {line}");
        }
    }
    // A clock that moved counts anew, and what is met is told no more.
    let moved = at(
        &bench,
        "2026-11-24T12:00:00Z",
        &["set", CASE, "state=acknowledged", "priority=P2", "disclosure=2026-11-25 reporter"],
    );
    assert!(moved.status.success());
    let told = lines(&at(&bench, "2026-11-24T12:00:00Z", &["remind"]));
    assert!(
        told.len() == 2
            && told[0].contains("internal target")
            && told[1].contains("soon: disclosure 12h left"),
        "{told:?}"
    );
}

#[test]
fn one_line_a_case_and_stage_names_all_its_clocks() {
    let bench = bench();
    let (code, told) = bench.json(&["remind", "--within", "8d"]);
    assert_eq!(code, 1);
    let stages: Vec<&Value> = told.as_array().unwrap().iter().map(|one| &one["stage"]).collect();
    assert_eq!(stages, [&json!("due"), &json!("soon")]);
    assert_eq!((&told[0]["id"], &told[0]["title"]), (&json!(CASE), &json!("Heap; touch /tmp/x `id` $(id)")));
    let names: Vec<&Value> =
        told[1]["clocks"].as_array().unwrap().iter().map(|clock| &clock["name"]).collect();
    assert_eq!(names, [&json!("triage"), &json!("stalled")]);
    assert_eq!(bench.json(&["remind", "--within", "8d"]), (0, json!([])));
    // Each person is told for themselves.
    assert_eq!(bench.json(&["--as", "ben", "remind", "--within", "8d"]).0, 1);
    let misread = bench.run(&["remind", "--within", "soon"]);
    assert_eq!(misread.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&misread.stderr).contains("--within: 'soon' is not a span of time"));
}

fn script(bench: &Bench, name: &str, text: &str) -> PathBuf {
    let path = bench.file(name, format!("#!/bin/sh\n{text}\n"));
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o700)).unwrap();
    path
}

#[test]
fn a_program_gets_arguments_and_json_and_no_shell() {
    let bench = bench();
    let out = bench.path("out");
    let text = format!("for word in \"$@\"; do echo \"[$word]\" >> {0}; done; cat >> {0}", out.display());
    let program = script(&bench, "tell me", &format!("{text}; exit 0"));
    let output = bench.run(&["remind", "--exec", program.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(output.stdout.is_empty());
    let told = std::fs::read_to_string(&out).unwrap();
    let first = format!("[{CASE}]\n[due]\n[acknowledge]\n[2026-11-23T10:00:00Z]\n{{");
    assert!(told.starts_with(&first), "{told}");
    // The document is one line, for programs that read lines.
    assert_eq!(told.lines().filter(|line| line.starts_with('{')).count(), 2, "{told}");
    assert_eq!(told.lines().count(), 2 * 5, "{told}");
    assert!(told.contains("\"title\":\"Heap; touch /tmp/x `id` $(id)\""), "{told}");
    assert_eq!(bench.run(&["remind", "--exec", program.to_str().unwrap()]).status.code(), Some(0));
}

#[test]
fn what_was_not_taken_comes_again() {
    let bench = bench();
    let out = bench.path("out");
    // Takes what is due, not what comes soon.
    let program =
        script(&bench, "picky", &format!("cat > /dev/null; echo $2 >> {}; test $2 = due", out.display()));
    let exec = ["remind", "--exec", program.to_str().unwrap()];
    for _ in 0..2 {
        let output = bench.run(&exec);
        assert_eq!(output.status.code(), Some(4));
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(told.contains("could not be handed to") && told.contains("comes again"), "{told}");
    }
    assert_eq!(std::fs::read_to_string(&out).unwrap(), "due\nsoon\nsoon\n");
    let missing = bench.run(&["remind", "--exec", "/nonexistent/program"]);
    assert_eq!(missing.status.code(), Some(4));
    // Nobody reads what is printed: then it was not told.
    let mut child = bench.command(&["remind"]).stdout(std::process::Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    assert_eq!(child.wait().unwrap().code(), Some(4));
    let again = bench.run(&["remind"]);
    assert_eq!(again.status.code(), Some(1));
    assert!(lines(&again)[0].contains("soon: triage 22h left"));
}

#[test]
fn a_program_that_hangs_is_ended_and_its_line_comes_again() {
    let bench = bench();
    let program = script(&bench, "hangs", "sleep 300 & sleep 300");
    let begun = std::time::Instant::now();
    let output = bench.run(&["remind", "--patience", "1s", "--exec", program.to_str().unwrap()]);
    assert!(begun.elapsed().as_secs() < 100);
    assert_eq!(output.status.code(), Some(4));
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(told.contains("2 of 2") && told.contains("it was ended after 1 s"), "{told}");
    assert_eq!(lines(&bench.run(&["remind"])).len(), 2);
    let misread = bench.run(&["remind", "--patience", "0s"]);
    assert_eq!(misread.status.code(), Some(2));
}

#[test]
fn two_at_once_tell_nothing_twice() {
    let bench = bench();
    let out = bench.path("out");
    let text = format!("cat > /dev/null; sleep 1; echo $2 >> {}; exit 0", out.display());
    let program = script(&bench, "slow", &text);
    let exec = ["remind", "--patience", "2m", "--exec", program.to_str().unwrap()];
    let mut both: Vec<_> = (0..2).map(|_| bench.command(&exec).spawn().unwrap()).collect();
    let mut codes: Vec<_> = both.iter_mut().map(|child| child.wait().unwrap().code().unwrap()).collect();
    codes.sort_unstable();
    assert_eq!(codes, [0, 1]);
    assert_eq!(std::fs::read_to_string(&out).unwrap(), "due\nsoon\n");
}

#[test]
fn whoever_does_not_get_a_turn_says_so_and_loses_nothing() {
    let bench = bench();
    let store = std::fs::File::open(bench.store()).unwrap();
    rustix::fs::flock(&store, rustix::fs::FlockOperation::LockExclusive).unwrap();
    let output = bench.run(&["remind", "--patience", "1s"]);
    assert_eq!((output.status.code(), output.stdout.is_empty()), (Some(4), true));
    assert!(String::from_utf8_lossy(&output.stderr).contains("another 'ninety remind' is at work"));
    drop(store);
    assert_eq!(lines(&bench.run(&["remind"])).len(), 2);
}

#[test]
fn only_whoever_may_see_a_case_is_told_of_it() {
    let bench = bench();
    bench.ok(&["restrict", CASE, "--to", "me"]);
    let other = bench.run(&["--as", "ben", "remind"]);
    assert_eq!((other.status.code(), other.stdout.is_empty()), (Some(0), true));
    assert_eq!(bench.run(&["remind"]).status.code(), Some(1));
    let none = Bench::bare();
    assert_eq!(none.run(&["remind"]).status.code(), Some(3));
}
