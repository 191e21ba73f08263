#![allow(clippy::unwrap_used)]

use chrono::{DateTime, Utc};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::tests::{all_answers, published};
use super::*;

fn at() -> DateTime<Utc> {
    "2026-11-23T12:00:00Z".parse().unwrap()
}

/// What the schema of selection lists requires, checked by hand.
fn assert_follows_the_schema(list: &Value) {
    let object = list.as_object().unwrap();
    let known =
        ["timestamp", "schemaVersion", "target_ids", "selections", "decision_point_resources", "references"];
    assert!(object.keys().all(|key| known.contains(&key.as_str())), "{list:#}");
    assert_eq!(list["schemaVersion"], json!("2.0.0"));
    DateTime::parse_from_rfc3339(list["timestamp"].as_str().unwrap()).unwrap();
    assert!(object.get("target_ids").is_none_or(|ids| !ids.as_array().unwrap().is_empty()));
    let key = |value: &Value| {
        let key = value["key"].as_str().unwrap();
        assert!(!key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric()), "{key}");
    };
    let selections = list["selections"].as_array().unwrap();
    assert!(!selections.is_empty());
    for selection in selections {
        assert_eq!(selection["namespace"], json!("ssvc"));
        assert_eq!(selection["version"].as_str().unwrap().split('.').count(), 3);
        let fields = ["namespace", "key", "version", "name", "definition", "values"];
        assert!(selection.as_object().unwrap().keys().all(|key| fields.contains(&key.as_str())));
        key(selection);
        let values = selection["values"].as_array().unwrap();
        assert!(!values.is_empty());
        for value in values {
            assert!(
                value
                    .as_object()
                    .unwrap()
                    .keys()
                    .all(|key| ["name", "definition", "key"].contains(&key.as_str()))
            );
            key(value);
        }
    }
}

#[test]
fn selection_lists_follow_the_schema_and_read_back() {
    let targets = ["CVE-1900-1234", "SEC-2026-0042", "CVE-1900-1234"].map(str::to_owned);
    for ssvc in all_answers() {
        let value = serde_json::to_value(SelectionList::of(&ssvc, at(), &targets)).unwrap();
        assert_follows_the_schema(&value);
        assert_eq!(value["target_ids"], json!(["CVE-1900-1234", "SEC-2026-0042"]));
        assert_eq!(value["timestamp"], json!("2026-11-23T12:00:00Z"));
        let read = SelectionList::read(&value.to_string()).unwrap();
        assert_eq!(read.answers().unwrap(), (Answers::from(ssvc), Some(ssvc.utility())));
    }
    for row in Row::all() {
        let list = SelectionList::of_row(&row, at(), &[]);
        let value = serde_json::to_value(&list).unwrap();
        assert_follows_the_schema(&value);
        assert_eq!(value.get("target_ids"), None);
        let (answers, utility) = SelectionList::read(&value.to_string()).unwrap().answers().unwrap();
        assert_eq!(utility, Some(row.utility));
        assert_eq!(answers.row(utility), Some(row));
        assert_eq!(answers.complete().is_none(), row.utility == Utility::Efficient);
    }
}

#[test]
fn the_example_of_cert_cc_is_read() {
    let Some(example) = published("CVE-1900-1234-Decision_Point_Value_Selection-2-0-0.json") else { return };
    let list = SelectionList::read(&example).unwrap();
    assert_eq!(list.target_ids, ["CVE-1900-1234"]);
    let (answers, utility) = list.answers().unwrap();
    let expected = Answers {
        exploitation: Some(Exploitation::Active),
        automatable: Some(Automatable::Yes),
        technical_impact: Some(TechnicalImpact::Total),
        ..Answers::default()
    };
    assert_eq!((answers, utility), (expected, None));
}

/// A list of `(key, version, values)` in the namespace of CERT/CC.
fn list(selections: &[(&str, &str, &[&str])]) -> String {
    let selections: Vec<Value> = selections
        .iter()
        .map(|(key, version, values)| {
            let values: Vec<Value> = values.iter().map(|key| json!({ "key": key })).collect();
            json!({ "namespace": "ssvc", "key": key, "version": version, "values": values })
        })
        .collect();
    json!({ "timestamp": "2025-01-02T15:30:45-04:00", "schemaVersion": "2.0.0", "selections": selections })
        .to_string()
}

#[test]
fn a_list_of_others_gives_what_follows_from_it() {
    let read = |selections: &[_]| SelectionList::read(&list(selections)).unwrap().answers().unwrap();
    let (answers, utility) = read(&[("U", "1.0.0", &["E"]), ("A", "2.0.0", &["N"]), ("SI", "2.0.0", &["R"])]);
    assert_eq!(utility, Some(Utility::Efficient));
    assert_eq!(answers.value_density, Some(ValueDensity::Concentrated));
    assert_eq!(answers.public_safety_impact, Some(PublicSafetyImpact::Significant));
    let (answers, utility) = read(&[("E", "1.0.0", &["N", "P"]), ("MWI", "1.0.0", &["H"])]);
    assert_eq!((answers, utility), (Answers::default(), None));
}

#[test]
fn a_list_that_cannot_be_right_is_refused_with_the_reason() {
    for (selections, why) in [
        (
            &[("E", "1.1.0", &["X"][..])][..],
            "Exploitation has no value 'X'; it is one of N None, P Public PoC, A Active",
        ),
        (&[("A", "1.0.0", &["Y"])], "Automatable has version '1.0.0'; known is 2.0.0"),
        (&[("TI", "1.0.0", &["T"]), ("TI", "1.0.0", &["P"])], "Technical Impact is there twice"),
        (
            &[("U", "1.0.1", &["S"]), ("A", "2.0.0", &["N"])],
            "Utility contradicts Automatable and Value Density",
        ),
        (&[("PSI", "2.0.1", &["M"]), ("SI", "2.0.1", &["M"])], "Safety Impact makes it 'significant'"),
        (
            &[
                ("E", "1.1.0", &["N"]),
                ("U", "1.0.1", &["L"]),
                ("TI", "1.0.0", &["T"]),
                ("PSI", "2.0.1", &["M"]),
                ("DSOI", "1.0.0", &["D"]),
            ],
            "the list says 'defer', but exploitation none, utility laborious, technical impact total",
        ),
    ] {
        let refused = SelectionList::read(&list(selections)).unwrap().answers().unwrap_err().to_string();
        assert!(refused.contains(why), "{refused}");
    }
    for (json, why) in [
        ("", "not a selection list"),
        ("[]", "not a selection list"),
        (
            "{\"timestamp\":\"2025-01-02T15:30:45Z\",\"schemaVersion\":\"1.0\u{1b}\",\"selections\":[]}",
            "not a selection list",
        ),
        (
            "{\"timestamp\":\"2025-01-02T15:30:45Z\",\"schemaVersion\":\"1.0\",\"selections\":[]}",
            "schemaVersion is '1.0', not 2.0.0",
        ),
        (
            "{\"timestamp\":\"yesterday\",\"schemaVersion\":\"2.0.0\",\"selections\":[]}",
            "not a selection list",
        ),
    ] {
        let refused = SelectionList::read(json).unwrap_err().to_string();
        assert!(refused.contains(why), "{refused}");
    }
    let deep = "[".repeat(1 << 20);
    assert!(SelectionList::read(&deep).is_err());
}

proptest! {
    #![proptest_config(crate::seeded())]

    #[test]
    fn any_list_is_read_or_refused(
        selections in proptest::collection::vec(
            ("(E|A|VD|U|TI|PSI|SI|DSOI|X)", "[0-3]\\.[01]\\.[01]", proptest::collection::vec("[NPAYDCTMSLEROI]", 0..3)),
            0..8,
        )
    ) {
        let selections: Vec<Value> = selections
            .into_iter()
            .map(|(key, version, values)| {
                let values: Vec<Value> = values.into_iter().map(|key| json!({ "key": key })).collect();
                json!({ "namespace": "ssvc", "key": key, "version": version, "values": values })
            })
            .collect();
        let json = json!({ "timestamp": "2025-01-02T15:30:45Z", "schemaVersion": "2.0.0", "selections": selections });
        if let Ok((answers, utility)) = SelectionList::read(&json.to_string()).unwrap().answers()
            && let Some(ssvc) = answers.complete()
        {
            prop_assert_eq!(utility, Some(ssvc.utility()));
        }
    }
}
