//! Fire drills from the built binary: every scenario with a perfect script, with
//! none, and with typical mistakes; replays; and the wall to the real store.
#![allow(clippy::unwrap_used)]

mod support;

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use ninety::desk::{Place, Readers};
use ninety::drill::{Drill, Mode, SKELETON, Scenario};
use serde_json::{Value, json};
use support::Bench;

/// The scripts: `NAME.keys` is perfect, `NAME.MISTAKE.keys` says in its first line what the mistake costs.
fn scripts() -> Vec<PathBuf> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/drills");
    let mut found: Vec<PathBuf> =
        std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()).collect();
    found.retain(|path| path.extension() == Some(OsStr::new("keys")));
    found.sort();
    found
}

/// The scenario that a script is for, and the mistake that it makes.
fn named(script: &Path) -> (String, Option<String>) {
    let stem = script.file_stem().unwrap().to_str().unwrap();
    match stem.split_once('.') {
        Some((name, mistake)) => (name.to_owned(), Some(mistake.to_owned())),
        None => (stem.to_owned(), None),
    }
}

fn play(bench: &Bench, name: &str, script: &Path, seed: u64) -> Value {
    let seed = seed.to_string();
    let arguments = ["drill", "run", name, "--seed", &seed, "--script", script.to_str().unwrap()];
    let (code, value) = bench.json(&arguments);
    assert_eq!(code, 0, "{name}: {value:#}");
    value
}

/// The marks that lost something, for a message.
fn lost(result: &Value) -> String {
    let items = result["items"].as_array().unwrap().iter().filter(|item| item["points"] != item["of"]);
    items
        .map(|item| format!("\n  {}: {} ({}/{})", item["what"], item["happened"], item["points"], item["of"]))
        .collect()
}

fn drills(bench: &Bench) -> Vec<Value> {
    bench.json(&["drill", "list"]).1.as_array().unwrap().clone()
}

#[test]
fn there_are_drills_enough_and_each_says_what_it_teaches() {
    let bench = Bench::bare();
    let drills = drills(&bench);
    assert!(drills.len() >= 10, "{}", drills.len());
    assert!(drills.iter().filter(|drill| drill["tour"] == true).count() >= 2);
    for drill in &drills {
        for field in ["name", "title", "teaches"] {
            assert!(!drill[field].as_str().unwrap().is_empty(), "{drill}");
        }
        assert!((1..=30).contains(&drill["minutes"].as_u64().unwrap()), "{drill}");
        assert_eq!(drill["last_score"], Value::Null);
    }
    let told = bench.ok(&["drill"]);
    assert!(told.lines().all(|line| line.chars().count() <= 80), "{told}");
    assert!(drills.iter().all(|drill| told.contains(drill["name"].as_str().unwrap())));
    // Every one has its perfect script, and there are mistakes to learn from.
    let scripts: Vec<(String, Option<String>)> = scripts().iter().map(|script| named(script)).collect();
    for drill in &drills {
        assert!(scripts.contains(&(drill["name"].as_str().unwrap().to_owned(), None)), "{drill}");
    }
    assert!(scripts.iter().filter(|(_, mistake)| mistake.is_some()).count() >= 10);
}

#[test]
fn a_perfect_script_gives_full_marks_whatever_the_seed() {
    let bench = Bench::bare();
    for script in scripts() {
        let (name, None) = named(&script) else { continue };
        for seed in [1, 20_261] {
            let result = play(&bench, &name, &script, seed);
            assert_eq!(result["score"], result["of"], "{name}, seed {seed}:{}", lost(&result));
            assert!(result["of"].as_u64().unwrap() >= 10, "{name}");
        }
    }
}

#[test]
fn who_does_nothing_gets_nothing() {
    let bench = Bench::bare();
    let nothing = bench.file("nothing.keys", "");
    for drill in drills(&bench) {
        let name = drill["name"].as_str().unwrap();
        let result = play(&bench, name, &nothing, 1);
        assert_eq!(result["score"], 0, "{name}: {result:#}");
        for item in result["items"].as_array().unwrap() {
            let fields = ["what", "expected", "happened", "practise"];
            assert!(fields.iter().all(|field| !item[field].as_str().unwrap().is_empty()), "{item}");
        }
    }
}

#[test]
fn a_typical_mistake_costs_what_it_should() {
    let bench = Bench::bare();
    for script in scripts() {
        let (name, Some(mistake)) = named(&script) else { continue };
        let text = std::fs::read_to_string(&script).unwrap();
        let first = text.lines().next().unwrap_or_default();
        let costs: u64 =
            first.trim_start_matches("# costs:").trim().parse().unwrap_or_else(|_| panic!("{first}"));
        let result = play(&bench, &name, &script, 1);
        let cost = result["of"].as_u64().unwrap() - result["score"].as_u64().unwrap();
        assert!(costs > 0 && cost == costs, "{name}, {mistake}: {cost} and not {costs}:{}", lost(&result));
    }
}

#[test]
fn one_seed_gives_one_report_byte_for_byte() {
    let bench = Bench::bare();
    let script = scripts().into_iter().find(|script| named(script).0 == "monday-flood").unwrap();
    let report = |run: &str, seed: &str| -> BTreeMap<String, Vec<u8>> {
        let files: Vec<PathBuf> =
            ["md", "json", "html"].iter().map(|form| bench.path(&format!("{run}.{form}"))).collect();
        let mut arguments =
            vec!["drill", "run", "monday-flood", "--seed", seed, "--script", script.to_str().unwrap()];
        for file in &files {
            arguments.extend(["--report", file.to_str().unwrap()]);
        }
        let told = bench.ok(&arguments);
        let read = |file: &PathBuf| {
            (file.extension().unwrap().to_string_lossy().into_owned(), std::fs::read(file).unwrap())
        };
        files.iter().map(read).chain([("told".to_owned(), told.into_bytes())]).collect()
    };
    let one = report("one", "7");
    assert_eq!(one, report("two", "7"));
    assert_ne!(one, report("three", "8"), "another seed is another drill");
    for (form, bytes) in &one {
        assert!(String::from_utf8_lossy(bytes).contains("TEST DRILL"), "{form}");
    }
}

/// Every file below a directory, with what is in it.
fn everything(directory: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(everything(&path));
        } else {
            found.insert(path.clone(), std::fs::read(&path).unwrap());
        }
    }
    found
}

#[test]
fn nothing_of_a_drill_reaches_the_real_store_unless_its_score_is_kept() {
    let bench = Bench::new();
    let mail = support::mail("a@x.example", "Mara <mara@lindt.example>", "Heap overflow", "", "it crashes");
    bench.import(&bench.file("in.eml", mail));
    let script =
        scripts().into_iter().find(|script| named(script) == ("first-encrypted".to_owned(), None)).unwrap();
    let run = |more: &[&str]| {
        let mut arguments = vec!["drill", "run", "first-encrypted", "--script", script.to_str().unwrap()];
        arguments.extend(more);
        bench.ok(&arguments);
    };
    let figures = || -> Vec<String> {
        let commands: [&[&str]; 5] = [
            &["--json", "stats"],
            &["--json", "list"],
            &["--json", "hotspots"],
            &["--json", "key", "list"],
            &["--json", "show", "SEC-2026-0001"],
        ];
        commands.iter().map(|command| bench.ok(command)).collect()
    };
    let (before, told) = (everything(&bench.store()), figures());
    run(&[]);
    let after = everything(&bench.store());
    assert_eq!(before.keys().collect::<Vec<_>>(), after.keys().collect::<Vec<_>>());
    let database = bench.store().join("ninety.db");
    assert_eq!(before[&database], after[&database], "not a byte was written");
    assert_eq!(bench.json(&["drill", "history"]).1["drills"], json!([]));

    run(&["--keep"]);
    let (_, history) = bench.json(&["drill", "history"]);
    assert_eq!(history["drills"].as_array().unwrap().len(), 1);
    assert_eq!(history["drills"][0]["name"], "first-encrypted");
    assert_eq!(figures(), told, "cases, keys and statistics know nothing of it");
    let kept = drills(&bench).into_iter().find(|drill| drill["name"] == "first-encrypted").unwrap();
    assert_eq!(kept["last_score"], kept["last_of"]);
}

#[test]
fn the_store_of_a_team_stays_is_marked_and_gives_its_mail_to_no_real_store() {
    let bench = Bench::new();
    let directory = bench.path("team");
    let scenario = Scenario::read("test", SKELETON).unwrap();
    let place = Place::new(&directory);
    Drill::begin(&place, scenario, 1, Mode::Team, None, Readers::in_this_process()).unwrap();
    assert_eq!(
        bench.run(&["drill", "run", "first-encrypted"]).status.code(),
        Some(1),
        "there is no terminal"
    );
    let at = |arguments: &[&str]| bench.command(arguments).env("NINETY_STORE", &directory).output().unwrap();
    let (code, report) = bench.json(&["drill", "report", directory.to_str().unwrap()]);
    assert_eq!((code, &report["drill"], &report["score"]), (0, &json!(true), &json!(0)));
    for command in [&["list"][..], &["stats"], &["doctor"]] {
        let output = at(command);
        let told =
            format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(told.contains("TEST DRILL"), "{command:?}: {told}");
    }
    let keep = at(&[
        "drill",
        "run",
        "first-encrypted",
        "--keep",
        "--script",
        bench.file("no.keys", "").to_str().unwrap(),
    ]);
    assert_eq!(keep.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&keep.stderr).contains("is itself a drill"));
}

#[test]
fn a_scenario_of_the_user_is_found_and_its_mistakes_have_lines() {
    let bench = Bench::bare();
    let file = bench.path("our-first.toml");
    let path = file.to_str().unwrap();
    bench.ok(&["drill", "new", path]);
    assert_eq!(bench.run(&["drill", "new", path]).status.code(), Some(1), "none is overwritten");
    assert_eq!(bench.run(&["drill", "new", "Our First.toml"]).status.code(), Some(2));
    assert!(bench.ok(&["drill", "check", path]).contains("good"));
    let text = std::fs::read_to_string(&file).unwrap();
    let users = bench.file(".config/ninety/drills/our-first.toml", &text);
    assert!(drills(&bench).iter().any(|drill| drill["name"] == "our-first"));
    let nothing = bench.file("nothing.keys", "");
    assert_eq!(play(&bench, "our-first", &nothing, 1)["score"], 0);

    let wrong = text.replace("from = \"mara\"", "from = \"maria\"").replace("minutes = 5", "minutes = 0");
    std::fs::write(&users, wrong).unwrap();
    let (code, checked) = bench.json(&["drill", "check", users.to_str().unwrap()]);
    assert_eq!((code, &checked[0]["good"]), (1, &json!(false)));
    let lines: Vec<u64> =
        checked[0]["wrong"].as_array().unwrap().iter().map(|one| one["line"].as_u64().unwrap()).collect();
    assert!(lines.len() >= 3 && lines.is_sorted() && lines[0] > 1, "{checked:#}");
    let refused = bench.run(&["drill", "run", "our-first", "--script", nothing.to_str().unwrap()]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("line "));
    assert!(bench.ok(&["drill"]).contains("cannot be read"));
}

#[test]
fn a_script_that_cannot_be_read_is_told_with_its_line() {
    let bench = Bench::bare();
    let scenario = bench.path("one.toml");
    bench.ok(&["drill", "new", scenario.to_str().unwrap()]);
    let cases = [
        ("j Enter", "line 1: write when"),
        ("1m: j\n5x: j", "line 2: '5x' is no span"),
        ("1m: \"open", "no closing"),
        ("# fine\n@nobody: j", "line 2: the scenario has no inject 'nobody'"),
        ("1m: jk", "'jk' is not a key"),
        ("  j", "line 1: this line goes on"),
        ("2h: j\n1h: j", "line 2: this is before the line before"),
        ("1h: $ frobnicate", "line 1: "),
    ];
    for (script, told) in cases {
        let file = bench.file("bad.keys", script);
        let output =
            bench.run(&["drill", "run", scenario.to_str().unwrap(), "--script", file.to_str().unwrap()]);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{script}: {errors}");
        assert!(errors.contains(told), "{script}: {errors}");
    }
    let unknown = bench.run(&["drill", "run", "frobnicate"]);
    assert_eq!(unknown.status.code(), Some(2));
    let form = bench.run(&["drill", "run", scenario.to_str().unwrap(), "--report", "x.pdf"]);
    assert_eq!(form.status.code(), Some(2));
}
