//! `clocks`, `explain`, and the duties by law, as scripts use them.
#![allow(clippy::unwrap_used)]

mod support;

use serde_json::{Value, json};
use support::{Bench, mail};

const CASE: &str = "SEC-2026-0001";
const MARA: &str = "Mara Lindt <mara@lindt.example>";

/// A store with two reports of the day before, and this configuration.
fn bench(config: &str) -> Bench {
    let bench = Bench::new();
    bench.file("store/config.toml", config);
    for (number, subject) in [(1, "Heap overflow in the TIFF reader"), (2, "Path traversal")] {
        let report = mail(&format!("{number}@lindt.example"), MARA, subject, "", "A report.");
        bench.import(&bench.file(&format!("{number}.eml"), report));
    }
    bench
}

fn clocks(bench: &Bench) -> Vec<Value> {
    let (code, clocks) = bench.json(&["clocks", CASE]);
    assert_eq!(code, 0);
    clocks.as_array().unwrap().clone()
}

fn named(clocks: &[Value], name: &str) -> Value {
    clocks.iter().find(|clock| clock["name"] == json!(name)).unwrap_or(&Value::Null).clone()
}

#[test]
fn every_clock_says_when_how_and_why() {
    let bench = bench("[calendar]\nzone = \"Europe/Berlin\"\n");
    let all = clocks(&bench);
    let table = [
        ("acknowledge", json!("2026-11-23T10:00:00Z"), "missed", json!(0), json!(0)),
        ("triage", json!("2026-11-24T10:00:00Z"), "running", json!(0), json!(1)),
        ("reporter update", json!(null), "not_started", json!(null), json!(null)),
        ("stalled", json!("2026-11-29T10:00:00Z"), "running", json!(5), json!(4)),
        ("internal target", json!("2027-01-06T10:00:00Z"), "running", json!(43), json!(32)),
        ("disclosure", json!("2027-02-20T10:00:00Z"), "running", json!(88), json!(64)),
        ("roll-out", json!(null), "not_started", json!(null), json!(null)),
        ("advisory", json!(null), "not_started", json!(null), json!(null)),
    ];
    assert_eq!(all.len(), table.len());
    for ((name, due_at, state, days, working), clock) in table.into_iter().zip(&all) {
        let told = [
            &clock["name"],
            &clock["due_at"],
            &clock["state"],
            &clock["days_left"],
            &clock["working_days_left"],
        ];
        assert_eq!(told, [&json!(name), &due_at, &json!(state), &days, &working], "{clock:#}");
        assert!(!clock["why"].as_str().unwrap().is_empty(), "{name}");
        assert_eq!(clock["started_at"].is_null(), due_at.is_null(), "{name}");
        assert_eq!(clock["zone"], json!("Europe/Berlin"));
    }
    assert_eq!(named(&all, "acknowledge")["seconds_left"], json!(-7200));
    let why = "90 days from receipt on 2026-11-22 by policy default";
    assert_eq!(named(&all, "disclosure")["why"], json!(why));
    bench.ok(&["set", CASE, "state=acknowledged", "priority=P2", "waiting=a version number"]);
    let all = clocks(&bench);
    for (name, state) in [("acknowledge", "missed"), ("triage", "met"), ("stalled", "suspended")] {
        assert_eq!(named(&all, name)["state"], json!(state), "{name}");
    }
    assert_eq!(named(&all, "triage")["met_at"], json!(support::NOW));
    let detail = named(&all, "stalled")["detail"].as_str().unwrap().to_owned();
    assert!(detail.starts_with("suspended: waiting for the reporter: a version number, since "), "{detail}");
}

#[test]
fn the_table_fits_eighty_columns_and_hostile_text_stays_out() {
    let bench = bench("[regulation]\ncra = true\nnis2 = true\n");
    bench.ok(&[
        "set",
        CASE,
        "title=\u{1b}[31m a very long title that goes on and on and on until it does not fit",
    ]);
    bench.ok(&["set", CASE, "exploited=yes"]);
    bench.ok(&["aware", CASE, "--regime", "nis2", "--at", "2026-01-01"]);
    for command in ["clocks", "explain"] {
        let page = bench.ok(&[command, CASE]);
        let wide: Vec<&str> = page.lines().filter(|line| line.chars().count() > 80).collect();
        assert!(wide.is_empty() && !page.contains('\u{1b}'), "{command}: {wide:#?}");
    }
    let page = bench.ok(&["clocks", CASE]);
    assert!(
        page.contains("early warning (CRA vulnerability) running     2026-11-24 12:00 24h left (1wd)"),
        "{page}"
    );
}

#[test]
fn explain_tells_the_sum_the_neighbours_and_the_proposal() {
    let bench = bench("");
    bench.ok(&["set", "SEC-2026-0002", "exploited=yes"]);
    bench.ok(&["set", CASE, "priority=P3", "reason=only with a debug build"]);
    bench.ok(&["set", CASE, "cvss=CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", "found_in=full disclosure"]);
    let (_, told) = bench.json(&["explain", CASE]);
    assert_eq!((&told["place"], &told["of"]), (&json!(2), &json!(2)));
    let parts = told["parts"].as_array().unwrap();
    let sum: i64 = parts.iter().map(|part| part["seconds"].as_i64().unwrap()).sum();
    assert_eq!(told["rank"], json!(sum));
    assert!(parts.len() >= 3, "{told:#}");
    assert_eq!((&told["above"]["id"], &told["below"]), (&json!("SEC-2026-0002"), &json!(null)));
    assert_eq!((&told["proposed"], &told["priority"]), (&json!("P0"), &json!("P3")));
    assert_eq!(told["reason"], json!("only with a debug build"));
    assert!(told["reasons"][0].as_str().unwrap().contains("CVSS 9.8, critical"), "{told:#}");
    assert_eq!(told["clocks"][0]["name"], json!("acknowledge"));
    let page = bench.ok(&["explain", CASE]);
    assert!(page.contains("chosen    P3, other than proposed\n          only with a debug build"), "{page}");
    // A closed case stands behind all others, and in no queue.
    bench.ok(&["set", CASE, "state=closed", "resolution=spam", "unread=no"]);
    let (_, told) = bench.json(&["explain", CASE]);
    assert_eq!((&told["place"], &told["above"], &told["of"]), (&json!(null), &json!(null), &json!(1)));
}

#[test]
fn duties_are_refused_until_the_configuration_says_so() {
    let bench = bench("");
    for line in [&["aware", CASE][..], &["file", CASE, "notification"], &["draft", CASE, "notification"]] {
        for regime in [&[][..], &["--regime", "cra"], &["--regime", "cra-incident"], &["--regime", "nis2"]] {
            let output = bench.run(&[line, regime].concat());
            let told = String::from_utf8_lossy(&output.stderr).into_owned();
            assert_eq!(output.status.code(), Some(1), "{line:?}");
            assert!(told.contains("under [regulation]") && told.contains("store/config.toml"), "{told}");
        }
    }
    assert_eq!(bench.json(&["show", CASE]).1["obligations"], json!([]));
}

#[test]
fn awareness_starts_the_clocks_and_filing_meets_them() {
    let bench =
        bench("[regulation]\ncra = true\ncompany = \"Example AG\"\nmember_states = [\"DE\", \"AT\"]\n");
    bench.ok(&["aware", CASE, "--first-signal", "2026-11-22 18:00", "--at", "3h ago"]);
    let all = clocks(&bench);
    let warning = named(&all, "early warning (CRA vulnerability)");
    assert_eq!(
        (&warning["started_at"], &warning["due_at"]),
        (&json!("2026-11-23T09:00:00Z"), &json!("2026-11-24T09:00:00Z"))
    );
    assert_eq!((&warning["kind"], &warning["of"]), (&json!("early_warning"), &json!("CRA vulnerability")));
    let told = bench.ok(&["file", CASE, "early-warning", "--at", "1h ago", "--reference", " EU-2026-17 "]);
    assert_eq!(told, "early warning filed (CRA vulnerability)\n");
    // A second one is no accident that goes by in silence.
    let second = ["file", CASE, "early-warning", "--at", "2026-11-23 11:30"];
    let refused = bench.run(&second);
    let why = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert_eq!(refused.status.code(), Some(1));
    assert!(why.contains("by ann as EU-2026-17, and what was filed first counts"), "{why}");
    let told = bench.ok(&[&second[..], &["--again"]].concat());
    assert!(told.contains("as a correction: what was filed first counts"), "{told}");
    bench.ok(&["undo"]);
    let all = clocks(&bench);
    assert_eq!(named(&all, "early warning (CRA vulnerability)")["state"], json!("met"));
    assert_eq!(named(&all, "notification (CRA vulnerability)")["state"], json!("running"));
    assert_eq!(named(&all, "final report (CRA vulnerability)")["state"], json!("not_started"));
    bench.ok(&["aware", CASE, "--measure", "now"]);
    let last = named(&clocks(&bench), "final report (CRA vulnerability)");
    assert_eq!((&last["state"], &last["started_at"]), (&json!("running"), &json!(support::NOW)));
    let obligation = bench.json(&["show", CASE]).1["obligations"][0].clone();
    assert_eq!(obligation["first_signal_at"], json!("2026-11-22T18:00:00Z"));
    let filed = json!([{ "step": "early_warning", "at": "2026-11-23T11:00:00Z", "by": "ann", "reference": "EU-2026-17" }]);
    assert_eq!(obligation["filings"], filed);
    let page = bench.ok(&["show", CASE]);
    assert!(page.contains("early warning filed 2026-11-23 11:00 +00:00 by ann as EU-2026-17"), "{page}");
    // Undone as everything else is.
    bench.ok(&["undo"]);
    assert_eq!(named(&clocks(&bench), "final report (CRA vulnerability)")["state"], json!("not_started"));
    let (_, findings) = bench.json(&["doctor"]);
    let says =
        findings["findings"].as_array().unwrap().iter().filter(|one| one["what"] == json!("obligation"));
    let says: Vec<&Value> = says.map(|one| &one["says"]).collect();
    assert_eq!(says, [&json!("SEC-2026-0001 notification (CRA vulnerability), 2d left")]);
}

#[test]
fn what_makes_no_sense_is_told_and_changes_nothing() {
    let bench = bench("[regulation]\ncra = true\nnis2 = true\n");
    for (line, code, why) in [
        (&["aware", CASE][..], 2, "several regimes could be meant"),
        (&["aware", CASE, "--regime", "gdpr"], 2, "it is one of cra, cra-incident, nis2"),
        (&["aware", CASE, "--regime", "cra", "--at", "soon"], 2, "--at: 'soon' is not an instant"),
        (&["aware", CASE, "--regime", "cra", "--at", "2027-01-01"], 2, "lies ahead"),
        (&["aware", CASE, "--regime", "nis2", "--measure", "now"], 1, "starts no clock"),
        (
            &["aware", CASE, "--regime", "cra", "--first-signal", "now", "--at", "2h ago"],
            1,
            "after the awareness",
        ),
        (&["file", CASE, "report", "--regime", "cra"], 2, "is not a step"),
        (&["file", CASE, "final", "--regime", "cra", "--at", "in 2h"], 2, "lies ahead"),
        (&["draft", "SEC-2026-0099", "final", "--regime", "cra"], 1, "SEC-2026-0099"),
    ] {
        let output = bench.run(line);
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(code), "{line:?}: {told}");
        assert!(told.contains(why), "{line:?}: {told}");
    }
    assert_eq!(bench.json(&["show", CASE]).1["obligations"], json!([]));
}

#[test]
fn a_draft_is_filled_from_the_case_and_marks_what_is_missing() {
    let bench =
        bench("[regulation]\ncra = true\ncompany = \"Example AG\"\nmember_states = [\"DE\", \"AT\"]\n");
    bench.ok(&[
        "set",
        CASE,
        "product=imaging",
        "affected=4.1 to 4.6",
        "cwe=CWE-787",
        "workaround=open no TIFF",
    ]);
    bench.ok(&["set", CASE, "exploited=yes"]);
    let page = bench.ok(&["draft", CASE, "notification"]);
    for line in [
        "NOTIFICATION of an actively exploited vulnerability\n",
        "Our reference: SEC-2026-0001\n",
        "Manufacturer: Example AG\n",
        "Contact: Example Security <security@example.org>\n",
        "Versions: 4.1 to 4.6\n",
        "Aware since: 2026-11-23 12:00 UTC\n",
        "General nature of the vulnerability: CWE-787 Out-of-bounds Write\n",
        "General nature of the exploit: known to be exploited since 2026-11-23 12:00 UTC\n",
        "Corrective or mitigating measures taken: [TO FILL IN]\n",
        "measures that users can take: open no TIFF\n",
        "where applicable: DE, AT\n",
    ] {
        assert!(page.contains(line), "{line}: {page}");
    }
    let (_, value) = bench.json(&["draft", CASE, "notification"]);
    let told = (&value["id"], &value["regime"], &value["step"]);
    assert_eq!(told, (&json!(CASE), &json!("CRA_vulnerability"), &json!("notification")));
    assert_eq!(value["text"], json!(page));
}
