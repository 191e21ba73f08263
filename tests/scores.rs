//! `ninety ssvc` and `ninety cvss` as scripts use them: words of the
//! standards, no store, no passphrase.
#![allow(clippy::unwrap_used)]

mod support;

use serde_json::{Value, json};
use support::Bench;

const EXAMPLE: [&str; 11] = [
    "ssvc",
    "--exploitation",
    "active",
    "--automatable",
    "yes",
    "--value-density",
    "diffuse",
    "--technical-impact",
    "total",
    "--public-safety-impact",
    "minimal",
];

/// Runs and expects exit code 2; what it says on standard error, which nothing can steer a terminal with.
fn misread(bench: &Bench, arguments: &[&str]) -> String {
    let output = bench.run(arguments);
    let errors = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{errors}");
    assert!(output.stdout.is_empty());
    assert!(errors.chars().all(|c| c == '\n' || !c.is_control()), "{errors:?}");
    errors
}

#[test]
fn ssvc_tells_utility_outcome_and_row_in_the_standards_words() {
    let bench = Bench::bare();
    let (code, value) = bench.json(&EXAMPLE);
    assert_eq!(code, 0);
    assert_eq!((&value["utility"], &value["outcome"]), (&json!("efficient"), &json!("out-of-cycle")));
    assert_eq!(
        value["row"],
        json!({ "table": "Supplier Patch Development Priority 1.0.0", "number": 30, "exploitation": "active",
                "utility": "efficient", "technical_impact": "total", "public_safety_impact": "minimal",
                "outcome": "out-of-cycle" })
    );
    let text = bench.ok(&EXAMPLE);
    let mut lines = text.lines();
    assert!(lines.next().unwrap().starts_with("out-of-cycle: "), "{text}");
    assert_eq!(lines.next(), Some("utility efficient: automatable yes, value density diffuse"));
    assert_eq!(
        lines.next(),
        Some(
            "exploitation active, utility efficient, technical impact total and public safety impact minimal make \
             out-of-cycle (row 30, counted from 0, of Supplier Patch Development Priority 1.0.0)"
        )
    );
    assert!(!bench.store().exists());
}

#[test]
fn ssvc_takes_the_words_as_people_type_them() {
    let bench = Bench::bare();
    for (exploitation, utility, safety, expected) in [
        ("Public PoC", "Super Effective", "Negligible", "out-of-cycle"),
        ("public_poc", "super-effective", "catastrophic", "immediate"),
        ("none", "laborious", "minimal", "defer"),
        ("none", "laborious", "marginal", "scheduled"),
    ] {
        let (code, value) = bench.json(&[
            "ssvc",
            "--exploitation",
            exploitation,
            "--utility",
            utility,
            "--technical-impact",
            "partial",
            "--public-safety-impact",
            safety,
        ]);
        assert_eq!((code, &value["outcome"]), (0, &json!(expected)), "{value:#}");
        assert_eq!(value["automatable"], Value::Null);
        let keys = value["selection_list"]["selections"].as_array().unwrap().iter();
        assert_eq!(keys.map(|one| &one["key"]).collect::<Vec<_>>(), ["E", "U", "TI", "PSI", "DSOI"]);
    }
}

#[test]
fn ssvc_exchanges_selection_lists() {
    let bench = Bench::bare();
    let (_, value) = bench.json(&[&EXAMPLE[..], &["--target", "CVE-1900-1234"]].concat());
    let list = &value["selection_list"];
    assert_eq!(list["target_ids"], json!(["CVE-1900-1234"]));
    assert_eq!(list["timestamp"], json!(support::NOW));
    let chosen = list["selections"].as_array().unwrap().iter();
    let chosen: Vec<String> = chosen
        .map(|one| {
            let text = |value: &Value| value.as_str().unwrap().to_owned();
            [&one["namespace"], &one["key"], &one["version"], &one["values"][0]["key"]].map(text).join(":")
        })
        .collect();
    assert_eq!(
        chosen,
        [
            "ssvc:E:1.1.0:A",
            "ssvc:A:2.0.0:Y",
            "ssvc:VD:1.0.0:D",
            "ssvc:U:1.0.1:E",
            "ssvc:TI:1.0.0:T",
            "ssvc:PSI:2.0.1:M",
            "ssvc:DSOI:1.0.0:O"
        ]
    );
    let file = bench.file("list.json", list.to_string());
    let file = file.to_str().unwrap();
    let (code, again) = bench.json(&["ssvc", "--selections", file]);
    assert_eq!((code, &again), (0, &value));
    let (_, changed) = bench.json(&["ssvc", "--selections", file, "--value-density", "concentrated"]);
    assert_eq!((&changed["utility"], &changed["outcome"]), (&json!("super effective"), &json!("immediate")));
    let (_, changed) = bench.json(&["ssvc", "--selections", file, "--utility", "laborious"]);
    assert_eq!((&changed["utility"], &changed["value_density"]), (&json!("laborious"), &Value::Null));

    let broken = bench.file("broken.json", list.to_string().replace("\"DSOI\"", "\"E\""));
    assert!(misread(&bench, &["ssvc", "--selections", broken.to_str().unwrap()]).contains("Exploitation"));
    let none = bench.file("none.json", "{\"a\u{9b}2J\": 1}");
    assert!(
        misread(&bench, &["ssvc", "--selections", none.to_str().unwrap()]).contains("SelectionList 2.0.0")
    );
    let missing = bench.run(&["ssvc", "--selections", bench.path("nowhere.json").to_str().unwrap()]);
    assert_eq!(missing.status.code(), Some(1));
}

#[test]
fn ssvc_names_every_answer_that_is_missing_or_wrong() {
    let bench = Bench::bare();
    let errors = misread(&bench, &["ssvc", "--exploitation", "active", "--technical-impact", "total"]);
    assert!(
        errors.contains("without an answer: automatable, value density, public safety impact"),
        "{errors}"
    );
    assert!(errors.contains("--public-safety-impact 'minimal|significant'"), "{errors}");
    assert!(errors.contains("--utility"), "{errors}");
    let errors = misread(&bench, &["ssvc", "--utility", "efficient"]);
    assert!(
        errors.contains("without an answer: exploitation, technical impact, public safety impact\n"),
        "{errors}"
    );
    let errors = misread(&bench, &["ssvc", "--exploitation", "often\u{1b}[2J"]);
    assert!(errors.contains("--exploitation: 'often<ESC>[2J' is not a state of exploitation"), "{errors}");
    assert!(errors.contains("none, public poc, active"), "{errors}");
    assert!(errors.contains("hint: none: no sign of attacks"), "{errors}");
    misread(&bench, &["ssvc", "--utility", "efficient", "--automatable", "yes"]);
}

#[test]
fn cvss_tells_version_score_and_severity() {
    let bench = Bench::bare();
    for (vector, version, score, severity) in [
        ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", "3.1", 9.8, "Critical"),
        ("CVSS:3.0/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N", "3.0", 6.1, "Medium"),
        ("CVSS:4.0/AV:L/AC:L/AT:P/PR:L/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", "4.0", 7.3, "High"),
        ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N", "3.1", 0.0, "None"),
    ] {
        let (code, value) = bench.json(&["cvss", vector]);
        assert_eq!(code, 0);
        let told = json!([value["version"], value["score"], value["severity"], value["vector"]]);
        assert_eq!(told, json!([version, score, severity, vector]));
    }
    assert!(!bench.store().exists());
}

#[test]
fn cvss_says_the_metrics_in_words() {
    let bench = Bench::bare();
    let pasted = "cvss:4.0/E:P/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:N/VA:N/SC:N/SI:N/SA:N/MAV:X/U:amber";
    let (_, value) = bench.json(&["cvss", pasted]);
    assert_eq!(
        value["vector"],
        json!("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:N/VA:N/SC:N/SI:N/SA:N/E:P/U:Amber")
    );
    assert_eq!((&value["nomenclature"], &value["base_score"]), (&json!("CVSS-BT"), &json!(8.7)));
    let metrics = value["metrics"].as_array().unwrap();
    assert_eq!(metrics.len(), 13);
    assert_eq!(
        metrics[11],
        json!({ "metric": "E", "name": "Exploit Maturity", "group": "threat", "value": "P", "value_name": "POC" })
    );
    let text = bench.ok(&["cvss", pasted]);
    assert!(text.starts_with("7.7 High, CVSS 4.0 (CVSS-BT)\nCVSS:4.0/AV:N/"), "{text}");
    for line in ["base", "  AV   Attack Vector", "threat", "supplemental"] {
        assert!(text.lines().any(|one| one.starts_with(line)), "{line}: {text}");
    }
}

#[test]
fn cvss_points_at_what_it_cannot_read() {
    let bench = Bench::bare();
    for (vector, said) in [
        ("CVSS:3.1/AV:N/AC:L/PR:N/S:U/C:H/I:H", "UI (User Interaction) and A (Availability) are missing"),
        ("CVSS:3.1/AV:Q", "at character 13: AV (Attack Vector) has no value 'Q'"),
        ("CVSS:3.1/AV:N/AV:N", "at character 15: AV (Attack Vector) is given twice"),
        ("CVSS:3.1/AT:N", "'AT' is a metric of CVSS 4.0, not of 3.1"),
        ("AV:N/AC:L/Au:N/C:P/I:P/A:P", "begin with CVSS:3.1/ or CVSS:4.0/"),
        ("CVSS:3.1\u{1b}]0;x\u{7}", "at character 9: '<ESC>' is in no vector"),
    ] {
        let errors = misread(&bench, &["cvss", vector]);
        assert!(errors.contains(said), "{vector}: {errors}");
        assert!(errors.contains("hint: "), "{errors}");
    }
    let long = format!("CVSS:3.1{}", "/AV:N".repeat(20_000));
    let errors = misread(&bench, &["cvss", &long]);
    assert!(errors.len() < 200, "{errors}");
}
