//! What commands refuse: said once, with the mend, and never in the way of the rest.
#![allow(clippy::unwrap_used)]

mod support;

use serde_json::json;
use support::{Bench, mail};

const FIRST: &str = "SEC-2026-0001";
const SECOND: &str = "SEC-2026-0002";
const MISSING: &str = "SEC-2026-0099";

/// Two cases.
fn bench() -> Bench {
    let bench = Bench::new();
    for (id, subject) in [("one@x.example", "Heap overflow"), ("two@x.example", "A crash")] {
        bench.import(&bench.file(id, mail(id, "Mara Lindt <mara@lindt.example>", subject, "", "A report.")));
    }
    bench
}

/// The exit code, standard output and standard error of a command.
fn told(bench: &Bench, line: &[&str]) -> (i32, String, String) {
    let output = bench.run(line);
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

#[test]
fn a_refusal_is_said_once_and_on_standard_error() {
    let bench = bench();
    let (code, done, refused) = told(&bench, &["set", FIRST, "policy=nonsense"]);
    assert_eq!((code, done.as_str()), (1, ""), "{refused}");
    assert_eq!(refused.matches(FIRST).count(), 1, "{refused}");
    let (code, done, refused) = told(&bench, &["set", FIRST, "policy=nonsense", "priority=P1"]);
    assert_eq!((code, done.trim()), (1, "2 decisions"), "{refused}");
    assert_eq!(refused.matches(FIRST).count(), 1, "{refused}");
    let (code, value) = bench.json(&["set", FIRST, "policy=nonsense"]);
    assert_eq!((code, &value["refused"][0]["case"]), (1, &json!(FIRST)), "{value:#}");
    assert!(value["summary"].as_str().unwrap().starts_with(FIRST), "{value:#}");
}

#[test]
fn a_case_that_is_not_there_stops_none_of_the_others() {
    let bench = bench();
    let (code, done, refused) = told(&bench, &["set", FIRST, MISSING, SECOND, "priority=P1"]);
    assert_eq!((code, done.trim()), (1, "priority P1 on 2 cases"));
    assert_eq!(refused, format!("ninety: {MISSING}: there is no such case\n"));
    let (code, value) = bench.json(&["hand", MISSING, FIRST, "development", "--to", "ben"]);
    assert_eq!((code, &value["changed"], &value["cases"][0]["id"]), (1, &json!(1), &json!(FIRST)));
    assert_eq!(value["refused"], json!([{ "case": MISSING, "reason": "there is no such case" }]));
    bench.ok(&["restrict", SECOND, "--to", "me"]);
    let (code, done, refused) =
        told(&bench, &["--as", "ben", "restrict", MISSING, SECOND, FIRST, "--to", "me"]);
    assert_eq!((code, done.trim()), (1, "restricted to ben"));
    assert!(refused.contains(&format!("{SECOND}: it is restricted to other people")), "{refused}");
    let (code, done, refused) = told(&bench, &["set", MISSING, "priority=P1"]);
    assert_eq!((code, done.as_str(), refused.lines().count()), (1, "", 1), "{refused}");
    // A mistake in the line is none of the cases'.
    assert_eq!(told(&bench, &["set", FIRST, MISSING, "priority=urgent"]).0, 2);
    // Half a merge would be a wrong one.
    let (code, _, refused) = told(&bench, &["--as", "ben", "merge", FIRST, MISSING]);
    assert_eq!(code, 1);
    assert!(refused.contains(MISSING), "{refused}");
}

#[test]
fn a_title_has_an_end_and_a_date_a_year_that_can_be_written() {
    let bench = bench();
    let long = format!("title={}", "x".repeat(301));
    let (code, _, refused) = told(&bench, &["set", FIRST, &long]);
    assert_eq!(code, 1);
    assert!(refused.contains("300 characters at most, and this one has 301; shorten it"), "{refused}");
    bench.ok(&["set", FIRST, &format!("title={}", "x".repeat(300))]);
    bench.ok(&["set", FIRST, "disclosure=9999-12-01"]);
    let (code, _, refused) = told(&bench, &["set", FIRST, "disclosure=+31d"]);
    assert_eq!(code, 1);
    assert!(refused.contains("out of the years 1970 to 9999"), "{refused}");
    assert_eq!(told(&bench, &["set", FIRST, "disclosure=1969-01-01"]).0, 2);
}

#[test]
fn the_columns_of_a_list_never_touch() {
    let bench = bench();
    bench.ok(&["set", FIRST, "assignee=maximiliane-von-und-zu", "state=acknowledged", "priority=P1"]);
    let later = bench.command(&["list"]).env("NINETY_NOW", "2058-08-30T12:00:00Z").output().unwrap();
    let table = String::from_utf8(later.stdout).unwrap();
    let before =
        |title: &str| table.lines().find_map(|line| line.split_once(title)).unwrap().0.chars().count();
    assert_eq!(before("A crash"), before("Heap overflow"), "{table}");
    assert!(table.contains(" acknowledged maximilia… ") && table.contains("d new "), "{table}");
    // Names that fill their column in the help have a line of their own.
    let help = bench.ok(&["list", "--help"]);
    assert!(help.contains("  disclosure, publish\n                    when the details"), "{help}");
    let nobody = bench.command(&["set", FIRST, "assignee=me"]).env_remove("USER").output().unwrap();
    assert!(nobody.status.success());
    let assignee = bench.json(&["show", FIRST]).1["assignee"].clone();
    let name = std::process::Command::new("id").arg("-un").output().unwrap();
    assert_eq!(assignee, json!(String::from_utf8(name.stdout).unwrap().trim()));
}
