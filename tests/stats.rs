//! `ninety stats`: the figures as scripts and people read them.
#![allow(clippy::unwrap_used)]

mod support;

use ninety::demo;
use ninety::desk::{Clock, Order, Password, Place, Readers};
use ninety::triage::{Decision, Query};
use serde_json::{Value, json};
use support::{Bench, mail};

/// A store with five cases, decided on at fixed times.
fn filled() -> Bench {
    let bench = Bench::new();
    let at = |now: &str, arguments: &[&str]| {
        let output = bench.command(arguments).env("NINETY_NOW", now).output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let words = ["crafted image", "long header", "stale session", "open redirect", "weak cipher"];
    for (number, word) in (1..).zip(words) {
        let report = mail(&format!("{number}@x.example"), "Mara <mara@x.example>", "A report", "", word);
        let file = bench.file(&format!("{number}.eml"), report);
        at(&format!("2026-11-{:02}T08:00:00Z", 9 + number), &["import", file.to_str().unwrap()]);
    }
    let set = |now: &str, case: u32, words: &[&str]| {
        let id = format!("SEC-2026-000{case}");
        let mut arguments = vec!["set", &id];
        arguments.extend(words);
        at(now, &arguments);
    };
    set(
        "2026-11-10T13:00:00Z",
        1,
        &["state=triaged", "priority=P1", "product=portal", "component==cmd|' /C calc'!A0"],
    );
    set("2026-11-13T08:00:00Z", 2, &["state=triaged", "priority=P2", "product=portal", "found_in=QA"]);
    set("2026-11-12T18:00:00Z", 3, &["state=closed", "resolution=not a vulnerability"]);
    set(
        "2026-11-14T08:00:00Z",
        5,
        &["title=</td><script>alert(1)</script>", "component=</td><script>alert(1)</script>"],
    );
    bench
}

fn stats(bench: &Bench, arguments: &[&str]) -> String {
    let all: Vec<&str> = [&["stats", "--since", "2026-11-09"], arguments].concat();
    bench.ok(&all)
}

#[test]
fn the_text_is_for_people_and_80_columns_wide() {
    let text = stats(&filled(), &[]);
    assert!(text.lines().all(|line| line.chars().count() <= 80));
    insta::assert_snapshot!(text);
}

#[test]
fn the_json_has_every_figure_with_its_definition() {
    let bench = filled();
    let (code, value) = bench.json(&["stats", "--since", "2026-11-09"]);
    assert_eq!(code, 0);
    insta::assert_snapshot!(format!("{value:#}"));
    // 5 hours and 48 hours.
    let headline = &value["time_to_prioritised"];
    assert_eq!((&headline["median_seconds"], &headline["p90_seconds"]), (&json!(18_000), &json!(172_800)));
    assert_eq!(value["valid_share"]["value"], json!(2.0 / 3.0));
    let acknowledge = &value["clocks"][0];
    assert_eq!(
        (&acknowledge["clock"], &acknowledge["met"], &acknowledge["missed"]),
        (&json!("acknowledge"), &json!(1), &json!(3))
    );
}

#[test]
fn the_csv_is_tidy_and_no_cell_is_a_formula() {
    let csv = stats(&filled(), &["--csv"]);
    insta::assert_snapshot!(csv.replace('\r', ""));
    assert!(csv.lines().count() > 50 && csv.split("\r\n").count() == csv.lines().count() + 1);
    assert!(csv.contains("component,portal / =cmd|' /C calc'!A0,,1,count,"));
    let first = csv.lines().skip(1).map(|line| line.split(',').nth(1).unwrap().trim_matches('"'));
    assert!(first.filter(|cell| !cell.is_empty()).all(|cell| !cell.starts_with(['=', '+', '-', '@'])));
}

#[test]
fn the_page_is_written_once_and_never_over_another() {
    let bench = filled();
    let page = bench.path("page.html");
    let told = stats(&bench, &["--html", page.to_str().unwrap()]);
    assert_eq!(told, format!("written to {}\n", page.display()));
    let written = std::fs::read_to_string(&page).unwrap();
    assert!(written.starts_with("<!doctype html>") && !written.contains("<script"));
    assert!(written.contains("&lt;script&gt;"));
    let again = bench.run(&["stats", "--html", page.to_str().unwrap()]);
    assert_eq!(again.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&again.stderr).contains("none is overwritten"));
    assert!(stats(&bench, &["--html", "-"]).starts_with("<!doctype html>"));
}

#[test]
fn a_query_chooses_among_closed_cases_too() {
    let bench = filled();
    let received = |arguments: &[&str]| {
        let all: Vec<&str> = [&["stats", "--since", "2026-11-09"], arguments].concat();
        let (code, value) = bench.json(&all);
        assert_eq!(code, 0);
        value["received"]["value"].clone()
    };
    for (query, count) in [
        (&[][..], 5),
        (&["product:portal"], 2),
        (&["state:closed"], 1),
        (&["-product:portal"], 3),
        (&["title:report"], 4),
        (&["state:closed", "or", "product:portal"], 3),
    ] {
        assert_eq!(received(query), json!(count), "{query:?}");
    }
    assert_eq!(received(&["--until", "2026-11-11T12:00:00Z"]), json!(2));
}

#[test]
fn options_go_before_and_behind_the_query() {
    let bench = filled();
    let csv = bench.ok(&["stats", "product:portal", "--since", "2026-11-09", "--csv"]);
    assert_eq!(csv, bench.ok(&["stats", "--csv", "--since", "2026-11-09", "product:portal"]));
    assert!(csv.contains("received,,,2,count,"));
    let output = bench.run(&["stats", "product:portal", "--json"]);
    assert!(serde_json::from_slice::<Value>(&output.stdout).is_ok());
}

#[test]
fn an_empty_store_gives_figures_of_nothing() {
    let bench = Bench::new();
    let text = bench.ok(&["stats"]);
    assert!(text.contains("none in this time") && !text.contains("NaN"));
    let (code, value) = bench.json(&["stats"]);
    assert_eq!((code, &value["valid_share"]["value"]), (0, &Value::Null));
    assert!(!bench.ok(&["stats", "--csv", "--since", "30d ago", "--until", "now"]).contains("NaN"));
    assert!(!bench.ok(&["stats", "--html", "-"]).contains("NaN"));
}

#[test]
fn what_cannot_be_read_is_named_with_its_mend() {
    let bench = Bench::new();
    for (arguments, words) in [
        (&["stats", "--since", "lately"][..], "--since: 'lately' is not an instant"),
        (&["stats", "--since", "2026-11-02", "--until", "2026-11-01"], "--since is not before --until"),
        (&["stats", "--since", "2026-11-24"], "--since lies ahead"),
        (&["stats", "--since", "in 2h"], "--since lies ahead"),
        (&["stats", "stat:new"], "at character 1"),
        (&["stats", "--json", "--csv"], "--json goes with neither"),
        (&["stats", "--csv", "--html", "x"], "cannot be used with"),
    ] {
        let output = bench.run(arguments);
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {errors}");
        assert!(errors.contains(words), "{errors}");
    }
}

/// Makes a case one that only `reader` may see.
fn restrict(bench: &Bench, id: &str, reader: &str) {
    let passphrase = Password::from("correct horse battery staple");
    let clock = Clock::Frozen(support::NOW.parse().unwrap());
    let place = Place::new(bench.store());
    let mut desk = place.open(&passphrase, reader, clock, Readers::in_this_process()).unwrap();
    let case = desk.key_of(id).unwrap();
    let decision = Decision::Readers(vec![reader.to_owned()]);
    assert_eq!(desk.decide(&[Order { case, seen: None, decision }]).unwrap().refused, []);
}

#[test]
fn nothing_of_a_restricted_case_is_in_any_figure() {
    let bench = filled();
    let figures = |forms: &[&str]| -> String {
        let all: Vec<&str> = [&["--as", "ben", "stats", "--since", "2026-11-09"], forms].concat();
        bench.ok(&all)
    };
    restrict(&bench, "SEC-2026-0001", "ann");
    for forms in [&[][..], &["--csv"], &["--html", "-"], &["--json"]] {
        let told = figures(forms);
        assert!(!told.contains("calc"), "{told}");
    }
    let (_, value) = bench.json(&["--as", "ben", "stats", "--since", "2026-11-09"]);
    assert_eq!((&value["received"]["value"], &value["restricted"]["value"]), (&json!(4), &json!(1)));
    // However narrow the time: when it came is not told.
    let (_, elsewhere) = bench.json(&["--as", "ben", "stats", "--since", "2026-11-22"]);
    assert_eq!((&elsewhere["received"]["value"], &elsewhere["restricted"]["value"]), (&json!(0), &json!(1)));
    let (_, asked) = bench.json(&["--as", "ben", "stats", "--since", "2026-11-09", "product:portal"]);
    assert_eq!((&asked["received"]["value"], &asked["restricted"]["value"]), (&json!(1), &json!(0)));
}

#[test]
fn the_demonstration_has_something_on_every_page() {
    let directory = tempfile::tempdir().unwrap();
    let now = support::NOW.parse().unwrap();
    let place = Place::new(directory.path().join("store"));
    let mut desk = demo::fill(&place, now, Clock::Frozen(now), Readers::in_this_process()).unwrap();
    let figures = desk.statistics(None, None, &Query::default()).unwrap();
    assert!(figures.weeks.iter().filter(|week| week.received > 0).count() >= 8);
    assert!(figures.to_prioritised.count >= 10 && figures.to_fixed.count >= 1);
    assert!(figures.to_prioritised.median < figures.to_prioritised.p90);
    let decided = figures.clocks.iter().filter(|clock| clock.within.whole > 0);
    assert!(decided.count() >= 3);
    assert!(figures.windows.closed.count >= 1 && figures.windows.open >= 1);
    assert!(figures.phases.len() >= 4 && figures.weaknesses.len() >= 8 && figures.components.len() >= 8);
    assert!(figures.noise.part > 0 && figures.valid.value().is_some_and(|share| share > 0.5));
}
