#![allow(clippy::unwrap_used)]

use std::path::Path;

use serde_json::{Value, json};

use super::*;

/// The table as CERT/CC publishes it, in the order of its rows.
const TABLE: &str = "\
none,laborious,partial,minimal,defer
none,laborious,partial,significant,scheduled
none,laborious,total,minimal,scheduled
none,laborious,total,significant,out-of-cycle
none,efficient,partial,minimal,scheduled
none,efficient,partial,significant,out-of-cycle
none,efficient,total,minimal,scheduled
none,efficient,total,significant,out-of-cycle
none,super effective,partial,minimal,scheduled
none,super effective,partial,significant,out-of-cycle
none,super effective,total,minimal,out-of-cycle
none,super effective,total,significant,out-of-cycle
public poc,laborious,partial,minimal,scheduled
public poc,laborious,partial,significant,out-of-cycle
public poc,laborious,total,minimal,scheduled
public poc,laborious,total,significant,immediate
public poc,efficient,partial,minimal,scheduled
public poc,efficient,partial,significant,immediate
public poc,efficient,total,minimal,out-of-cycle
public poc,efficient,total,significant,immediate
public poc,super effective,partial,minimal,out-of-cycle
public poc,super effective,partial,significant,immediate
public poc,super effective,total,minimal,out-of-cycle
public poc,super effective,total,significant,immediate
active,laborious,partial,minimal,out-of-cycle
active,laborious,partial,significant,immediate
active,laborious,total,minimal,out-of-cycle
active,laborious,total,significant,immediate
active,efficient,partial,minimal,out-of-cycle
active,efficient,partial,significant,immediate
active,efficient,total,minimal,out-of-cycle
active,efficient,total,significant,immediate
active,super effective,partial,minimal,immediate
active,super effective,partial,significant,immediate
active,super effective,total,minimal,immediate
active,super effective,total,significant,immediate
";

/// CERT/CC's own file, where it lies beside the repository.
pub(super) fn published(name: &str) -> Option<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/ssvc").join(name);
    let read = std::fs::read_to_string(&path).ok();
    if read.is_none() {
        eprintln!("skipped: {} is missing", path.display());
    }
    read
}

/// The rows of a CSV of CERT/CC without its heading and its row numbers, which count from 0.
fn rows(csv: &str) -> Vec<Vec<String>> {
    let numbered = csv.lines().skip(1).enumerate().map(|(number, line)| {
        let mut fields = line.split(',').map(str::to_owned);
        assert_eq!(fields.next(), Some(number.to_string()), "{line}");
        fields.collect()
    });
    numbered.collect()
}

fn words_of(row: &Row) -> Vec<String> {
    let words = [
        row.exploitation.word(),
        row.utility.word(),
        row.technical_impact.word(),
        row.public_safety_impact.word(),
        row.outcome.word(),
    ];
    words.map(str::to_owned).to_vec()
}

pub(super) fn all_answers() -> Vec<Ssvc> {
    let mut all = Vec::new();
    for exploitation in Exploitation::ALL {
        for automatable in Automatable::ALL {
            for value_density in ValueDensity::ALL {
                for technical_impact in TechnicalImpact::ALL {
                    for public_safety_impact in PublicSafetyImpact::ALL {
                        all.push(Ssvc {
                            exploitation,
                            automatable,
                            value_density,
                            technical_impact,
                            public_safety_impact,
                        });
                    }
                }
            }
        }
    }
    all
}

#[test]
fn every_row_of_the_supplier_table() {
    let expected: Vec<Vec<String>> =
        TABLE.lines().map(|line| line.split(',').map(str::to_owned).collect()).collect();
    assert_eq!(expected.len(), 36);
    assert_eq!(Row::all().map(|row| words_of(&row)).collect::<Vec<_>>(), expected);
    for (number, row) in Row::all().enumerate() {
        assert_eq!(row.number(), number);
        let fields = &expected[number];
        let read = Row::of(
            fields[0].parse().unwrap(),
            fields[1].parse().unwrap(),
            fields[2].parse().unwrap(),
            fields[3].parse().unwrap(),
        );
        assert_eq!(read, row);
    }
}

#[test]
fn the_tables_are_those_that_cert_cc_publishes() {
    if let Some(csv) = published("supplier_patch_development_priority_1_0_0.csv") {
        assert_eq!(rows(&csv), Row::all().map(|row| words_of(&row)).collect::<Vec<_>>());
    }
    if let Some(csv) = published("utility_1_0_0.csv") {
        let ours = Automatable::ALL.into_iter().flat_map(|automatable| {
            ValueDensity::ALL.map(|density| {
                let utility = Utility::of(automatable, density);
                [automatable.word(), density.word(), utility.word()].map(str::to_owned).to_vec()
            })
        });
        assert_eq!(rows(&csv), ours.collect::<Vec<_>>());
    }
    if let Some(csv) = published("public_safety_impact_1_0_0.csv") {
        let ours = SafetyImpact::ALL.map(|impact| {
            [impact.word(), PublicSafetyImpact::from(impact).word()].map(str::to_owned).to_vec()
        });
        assert_eq!(rows(&csv), ours);
    }
}

#[test]
fn utility_and_public_safety_follow_from_their_tables() {
    use {Automatable as A, ValueDensity as V};
    for (automatable, density, word) in [
        (A::No, V::Diffuse, "laborious"),
        (A::No, V::Concentrated, "efficient"),
        (A::Yes, V::Diffuse, "efficient"),
        (A::Yes, V::Concentrated, "super effective"),
    ] {
        assert_eq!(Utility::of(automatable, density).word(), word);
    }
    for (given, word) in [
        ("minimal", "minimal"),
        ("Significant", "significant"),
        ("negligible", "minimal"),
        ("marginal", "significant"),
        ("critical", "significant"),
        ("catastrophic", "significant"),
    ] {
        assert_eq!(PublicSafetyImpact::read(given).unwrap().word(), word);
    }
    let unknown = PublicSafetyImpact::read("huge\u{1b}").unwrap_err().to_string();
    let expected = "'huge<ESC>' is not a public safety impact; it is one of minimal, significant, negligible, \
                    marginal, critical, catastrophic";
    assert_eq!(unknown, expected);
}

/// Each decision point with the words of its enum.
fn points() -> [(&'static DecisionPoint, Vec<&'static str>, &'static str); 8] {
    [
        (&points::EXPLOITATION, Exploitation::ALL.map(Exploitation::word).to_vec(), "exploitation_1_1_0"),
        (&points::AUTOMATABLE, Automatable::ALL.map(Automatable::word).to_vec(), "automatable_2_0_0"),
        (&points::VALUE_DENSITY, ValueDensity::ALL.map(ValueDensity::word).to_vec(), "value_density_1_0_0"),
        (
            &points::TECHNICAL_IMPACT,
            TechnicalImpact::ALL.map(TechnicalImpact::word).to_vec(),
            "technical_impact_1_0_0",
        ),
        (
            &points::PUBLIC_SAFETY_IMPACT,
            PublicSafetyImpact::ALL.map(PublicSafetyImpact::word).to_vec(),
            "public_safety_impact_2_0_1",
        ),
        (&points::SAFETY_IMPACT, SafetyImpact::ALL.map(SafetyImpact::word).to_vec(), "safety_impact_2_0_1"),
        (&points::UTILITY, Utility::ALL.map(Utility::word).to_vec(), "utility_1_0_1"),
        (
            &points::OUTCOME,
            Outcome::ALL.map(Outcome::word).to_vec(),
            "defer_scheduled_out_of_cycle_immediate_1_0_0",
        ),
    ]
}

#[test]
fn choices_stand_in_the_order_of_the_words() {
    for (point, words, _) in points() {
        let names: Vec<String> = point.choices.iter().map(|choice| choice.name.to_lowercase()).collect();
        assert_eq!(names, words, "{}", point.name);
    }
}

#[test]
fn decision_points_have_the_names_that_cert_cc_publishes() {
    for (point, _, file) in points() {
        let Some(text) = published(&format!("decision_points/ssvc/{file}.json")) else { continue };
        let theirs: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(
            (&theirs["namespace"], &theirs["key"], &theirs["version"], &theirs["name"]),
            (&json!("ssvc"), &json!(point.key), &json!(point.version), &json!(point.name))
        );
        let pairs: Vec<Value> = point.choices.iter().map(|choice| json!([choice.key, choice.name])).collect();
        let theirs = theirs["values"].as_array().unwrap().iter();
        assert_eq!(theirs.map(|value| json!([value["key"], value["name"]])).collect::<Vec<_>>(), pairs);
    }
}

#[test]
fn answers_are_given_one_at_a_time() {
    let mut answers = Answers::default();
    let keys = ["a", "Y", "d", "T", "m"];
    for (question, key) in Question::ALL.into_iter().zip(keys) {
        assert_eq!((answers.next(), answers.complete()), (Some(question), None));
        assert_eq!(answers.answered(question, "?"), None);
        answers = answers.answered(question, key).unwrap();
        assert!(question.point().choices[answers.chosen(question).unwrap()].key.eq_ignore_ascii_case(key));
    }
    assert_eq!(answers.next(), None);
    let ssvc = answers.complete().unwrap();
    assert_eq!(
        (ssvc.utility(), ssvc.outcome(), ssvc.row().number()),
        (Utility::Efficient, Outcome::OutOfCycle, 30)
    );
    assert_eq!(
        ssvc.row().to_string(),
        "exploitation active, utility efficient, technical impact total and public safety impact minimal make out-of-cycle"
    );
    assert_eq!(Answers::from(ssvc), answers);
    assert_eq!(answers.unanswered(Question::ValueDensity).next(), Some(Question::ValueDensity));
}

#[test]
fn answers_are_kept_as_they_were_given() {
    let ssvc = all_answers()[0];
    let kept = serde_json::to_value(ssvc).unwrap();
    assert_eq!(
        kept,
        json!({ "exploitation": "none", "automatable": "no", "value_density": "diffuse",
                "technical_impact": "partial", "public_safety_impact": "minimal" })
    );
    for ssvc in all_answers() {
        let kept = serde_json::to_string(&ssvc).unwrap();
        assert_eq!(serde_json::from_str::<Ssvc>(&kept).unwrap(), ssvc);
    }
}

#[test]
fn what_can_still_be_advised_narrows_with_every_answer() {
    let mut answers = Answers::default();
    assert_eq!(answers.outcomes(), Outcome::ALL);
    for (question, key, outcomes) in [
        (Question::Exploitation, "A", &[Outcome::OutOfCycle, Outcome::Immediate][..]),
        (Question::PublicSafetyImpact, "S", &[Outcome::Immediate][..]),
        (Question::Exploitation, "N", &[Outcome::Scheduled, Outcome::OutOfCycle][..]),
        (Question::TechnicalImpact, "T", &[Outcome::OutOfCycle][..]),
    ] {
        answers = answers.answered(question, key).unwrap();
        assert_eq!(answers.outcomes(), outcomes, "{question} {key}");
    }
    for row in Row::all() {
        for automatable in Automatable::ALL {
            for value_density in ValueDensity::ALL {
                let ssvc = Ssvc {
                    exploitation: row.exploitation,
                    automatable,
                    value_density,
                    technical_impact: row.technical_impact,
                    public_safety_impact: row.public_safety_impact,
                };
                assert_eq!(Answers::from(ssvc).outcomes(), [ssvc.outcome()]);
            }
        }
    }
}
