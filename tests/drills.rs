//! The history of fire drills: kept in the team's store, and nothing else with it.
#![allow(clippy::unwrap_used)]

mod support;

use ninety::desk::{Clock, Desk, Place, Readers};
use ninety::triage::drills::{DrillItem, DrillRecord};
use serde_json::json;
use support::{Bench, NOW, mail};
use unicode_width::UnicodeWidthStr as _;

/// The store of the bench as a program opens it that keeps a drill at this instant.
fn desk(bench: &Bench, now: &str) -> Desk {
    let passphrase = "correct horse battery staple".into();
    let clock = Clock::Frozen(now.parse().unwrap());
    Place::new(bench.store()).open(&passphrase, "ann", clock, Readers::in_this_process()).unwrap()
}

fn record(name: &str, score: u32, people: &[&str], items: &[(&str, u32, u32)]) -> DrillRecord {
    let item = |(what, points, of): &(&str, u32, u32)| DrillItem {
        what: (*what).to_owned(),
        points: *points,
        of: *of,
    };
    DrillRecord {
        at: NOW.parse().unwrap(),
        name: name.to_owned(),
        title: format!("What a team does about {name}"),
        seed: u64::MAX,
        mode: "team".to_owned(),
        score,
        of: 40,
        hints: 1,
        people: people.iter().map(|&person| person.to_owned()).collect(),
        began: "2031-01-01T09:00:00Z".parse().unwrap(),
        ended: "2031-01-02T18:00:00Z".parse().unwrap(),
        items: items.iter().map(item).collect(),
    }
}

/// A store with three drills of two scenarios.
fn played() -> Bench {
    let bench = Bench::new();
    let reporter = "the reporter was answered";
    let date = "the date that the reporter had asked for was decided about before it came, in words";
    for (now, drill) in [
        ("2026-11-09T09:00:00Z", record("leak", 20, &["ann", "ben"], &[(reporter, 0, 10), (date, 5, 20)])),
        ("2026-11-16T23:30:00Z", record("worm", 40, &["ann"], &[(reporter, 10, 10)])),
        ("2026-11-23T09:00:00Z", record("leak", 31, &["Ann", "cho"], &[(reporter, 9, 10), (date, 20, 20)])),
    ] {
        desk(&bench, now).keep_drill(drill).unwrap();
    }
    bench
}

const PAGE: &str = "\
date        scenario                  score  hints  people
2026-11-23  leak                        77%      1  Ann, cho
2026-11-16  worm                       100%      1  ann
2026-11-09  leak                        50%      1  ann, ben

Scenarios, the last run against the one before
scenario                  runs  last  best  change  title
leak                         2   77%   77%     +27  What a team does about leak
worm                         1  100%  100%       -  What a team does about worm

People, the last 5 runs against the 5 before
person                    runs  mean  change
Ann                          3   75%       -
ben                          1   50%       -
cho                          1   77%       -
(all drills)                 3   75%       -

To practise next: what lost points most often in the last 10 drills
   lost  points  what
 2 of 3      11  the reporter was answered
 1 of 2      15  the date that the reporter had asked for was decided about
                 before it came, in words
";

#[test]
fn the_history_tells_drills_trends_and_what_to_practise() {
    let bench = played();
    assert_eq!(bench.ok(&["drill", "history"]), PAGE);
    // The date is that of the team's calendar.
    bench.file("store/config.toml", "[calendar]\nzone = \"Europe/Berlin\"\n");
    assert!(bench.ok(&["drill", "history"]).contains("\n2026-11-17  worm"));
}

#[test]
fn programs_read_the_same() {
    let (code, value) = played().json(&["drill", "history"]);
    assert_eq!(code, 0);
    let drills = value["drills"].as_array().unwrap();
    assert_eq!(drills.len(), 3);
    assert_eq!(
        drills[1],
        json!({
            "at": "2026-11-16T23:30:00Z", "name": "worm", "title": "What a team does about worm",
            "seed": u64::MAX, "mode": "team", "score": 40, "of": 40, "percent": 100, "hints": 1,
            "people": ["ann"], "began": "2031-01-01T09:00:00Z", "ended": "2031-01-02T18:00:00Z",
            "items": [{ "what": "the reporter was answered", "points": 10, "of": 10 }],
        })
    );
    assert_eq!(value["people"][0], json!({ "name": "Ann", "runs": 3, "mean_percent": 75, "change": null }));
    assert_eq!(value["team"], json!({ "runs": 3, "mean_percent": 75, "change": null }));
    assert_eq!(
        value["scenarios"][0],
        json!({
            "name": "leak", "title": "What a team does about leak", "runs": 2, "last_percent": 77,
            "best_percent": 77, "change": 27,
        })
    );
    assert_eq!(
        value["practise"][0],
        json!({ "what": "the reporter was answered", "lost": 2, "asked": 3, "points": 11 })
    );
}

#[test]
fn a_team_without_drills_is_told_so() {
    let bench = Bench::new();
    assert_eq!(bench.ok(&["drill", "history"]), "no drill was kept yet\n");
    let none = json!({ "runs": 0, "mean_percent": null, "change": null });
    let empty = json!({ "drills": [], "people": [], "scenarios": [], "practise": [], "team": none });
    assert_eq!(bench.json(&["drill", "history"]), (0, empty));
}

#[test]
fn no_name_steers_a_terminal_or_leaves_the_page() {
    let bench = Bench::new();
    let long = "\u{6f22}".repeat(60);
    let people: Vec<String> =
        (0..30).map(|number| format!("p{number}\u{1b}[2J\u{202e}")).chain([long.clone()]).collect();
    let people: Vec<&str> = people.iter().map(String::as_str).collect();
    let marks: Vec<String> = (0..11).map(|number| format!("{number:02}\r\n\u{9b}m {long}")).collect();
    let marks: Vec<(&str, u32, u32)> = marks.iter().map(|what| (what.as_str(), 0, 1)).collect();
    let mut drill = record(&format!("a\u{1b}]0;x\u{7}{long}"), 40, &people, &marks);
    drill.title = format!("t\u{1b}c {long}");
    desk(&bench, NOW).keep_drill(drill).unwrap();
    let page = bench.ok(&["drill", "history"]);
    assert!(page.chars().all(|c| c == '\n' || !c.is_control() && c != '\u{202e}'), "{page}");
    for line in page.lines() {
        assert!(line.width() <= 80, "{} columns: {line}", line.width());
    }
    assert!(page.contains("p29<ESC>[2J<U+202E>") && page.ends_with("and 3 more, which --json lists\n"));
}

#[test]
fn the_figures_of_the_store_are_the_same_before_and_after() {
    let bench = Bench::new();
    let mara = "Mara Lindt <mara@lindt.example>";
    let report = mail("one@lindt.example", mara, "Heap overflow", "", "A crafted image.");
    bench.import(&bench.file("one.eml", report));
    bench.ok(&["set", "SEC-2026-0001", "priority=P1", "state=triaged", "product=imaging"]);
    let told = || {
        let commands: [&[&str]; 8] = [
            &["stats"],
            &["--json", "stats"],
            &["stats", "--csv"],
            &["stats", "--html", "-"],
            &["--json", "list", "is:all"],
            &["--json", "show", "SEC-2026-0001"],
            &["--json", "key", "list"],
            &["--json", "hotspots"],
        ];
        commands.map(|command| bench.ok(command))
    };
    let before = told();
    desk(&bench, NOW).keep_drill(record("leak", 20, &["ann"], &[("answered", 0, 10)])).unwrap();
    assert_eq!(told(), before);
    assert!(bench.ok(&["drill", "history"]).contains("leak"));
    // Undo takes back the decision, not the drill.
    bench.ok(&["undo"]);
    assert!(bench.ok(&["drill", "history"]).contains("leak"));
}
