#![allow(clippy::unwrap_used)]

use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::*;

/// Vectors with the scores that FIRST's examples and calculators give them, the
/// v3.0 ones by exact arithmetic: the base scores of the examples documents,
/// then temporal, threat and environmental scores, and the ends of each scale.
const KNOWN: [(&str, f64, Severity); 45] = [
    ("CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N", 6.1, Severity::Medium),
    ("CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:C/C:L/I:L/A:N", 6.4, Severity::Medium),
    ("CVSS:3.1/AV:N/AC:H/PR:N/UI:R/S:U/C:L/I:N/A:N", 3.1, Severity::Low),
    ("CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:C/C:H/I:H/A:H", 9.9, Severity::Critical),
    ("CVSS:3.1/AV:L/AC:L/PR:H/UI:N/S:U/C:L/I:L/A:L", 4.2, Severity::Medium),
    ("CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H", 8.8, Severity::High),
    ("CVSS:3.1/AV:L/AC:L/PR:N/UI:R/S:U/C:H/I:H/A:H", 7.8, Severity::High),
    ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N", 7.5, Severity::High),
    ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", 9.8, Severity::Critical),
    ("CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:C/C:N/I:H/A:N", 6.8, Severity::Medium),
    ("CVSS:3.1/AV:P/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", 6.8, Severity::Medium),
    ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:L/I:N/A:N", 5.8, Severity::Medium),
    ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:N/I:L/A:N", 5.8, Severity::Medium),
    ("CVSS:3.1/AV:A/AC:L/PR:N/UI:N/S:C/C:H/I:N/A:H", 9.3, Severity::Critical),
    ("CVSS:3.1/AV:N/AC:L/PR:L/UI:R/S:C/C:L/I:L/A:N", 5.4, Severity::Medium),
    ("CVSS:3.1/AV:A/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", 8.8, Severity::High),
    ("CVSS:3.1/AV:P/AC:L/PR:N/UI:N/S:U/C:N/I:H/A:N", 4.6, Severity::Medium),
    ("CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:H/A:N", 7.4, Severity::High),
    ("CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:H/I:H/A:H", 9.6, Severity::Critical),
    ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H", 10.0, Severity::Critical),
    ("CVSS:3.1/AV:P/AC:H/PR:H/UI:R/S:U/C:L/I:N/A:N", 1.6, Severity::Low),
    ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N", 0.0, Severity::None),
    ("CVSS:3.1/AV:A/AC:H/PR:L/UI:N/S:U/C:L/I:L/A:N/E:P/RL:T/RC:R", 3.3, Severity::Low),
    (
        "CVSS:3.1/AV:A/AC:H/PR:L/UI:N/S:U/C:L/I:L/A:N/E:P/RL:T/RC:R/AR:H/MAC:H/MUI:R/MS:C/MC:L/MA:N",
        3.5,
        Severity::Low,
    ),
    ("CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", 9.8, Severity::Critical),
    ("CVSS:3.0/AV:N/AC:L/PR:L/UI:N/S:C/C:N/I:N/A:L/RC:U", 4.6, Severity::Medium),
    ("CVSS:3.0/AV:N/AC:L/PR:N/UI:R/S:C/C:H/I:H/A:H/MAV:N", 9.6, Severity::Critical),
    ("CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:H/I:H/A:H/MAV:N", 9.7, Severity::Critical),
    ("CVSS:4.0/AV:L/AC:L/AT:P/PR:L/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", 7.3, Severity::High),
    ("CVSS:4.0/AV:N/AC:L/AT:P/PR:N/UI:P/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", 7.7, Severity::High),
    ("CVSS:4.0/AV:N/AC:L/AT:P/PR:N/UI:P/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N/E:U", 5.2, Severity::Medium),
    ("CVSS:4.0/AV:N/AC:L/AT:P/PR:N/UI:N/VC:H/VI:L/VA:L/SC:N/SI:N/SA:N", 8.3, Severity::High),
    (
        "CVSS:4.0/AV:N/AC:L/AT:P/PR:N/UI:N/VC:H/VI:L/VA:L/SC:N/SI:N/SA:N/CR:H/IR:L/AR:L/MAV:N/MAC:H/MVC:H/MVI:L/MVA:L",
        8.1,
        Severity::High,
    ),
    ("CVSS:4.0/AV:L/AC:L/AT:N/PR:N/UI:A/VC:L/VI:N/VA:N/SC:N/SI:N/SA:N", 4.6, Severity::Medium),
    ("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:A/VC:N/VI:N/VA:N/SC:L/SI:L/SA:N", 5.1, Severity::Medium),
    ("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:L/VA:N/SC:N/SI:N/SA:N", 6.9, Severity::Medium),
    ("CVSS:4.0/AV:L/AC:L/AT:N/PR:H/UI:N/VC:N/VI:N/VA:N/SC:H/SI:N/SA:N", 5.9, Severity::Medium),
    ("CVSS:4.0/AV:P/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:H/SA:N/S:P/V:D", 8.3, Severity::High),
    ("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:N/VA:N/SC:N/SI:N/SA:N/E:A", 8.7, Severity::High),
    ("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H/E:A", 10.0, Severity::Critical),
    ("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", 9.3, Severity::Critical),
    ("CVSS:4.0/AV:L/AC:L/AT:P/PR:H/UI:N/VC:N/VI:L/VA:N/SC:N/SI:N/SA:N", 1.8, Severity::Low),
    ("CVSS:4.0/AV:P/AC:H/AT:P/PR:H/UI:A/VC:L/VI:N/VA:N/SC:N/SI:N/SA:N/E:U", 0.1, Severity::Low),
    ("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:N/SC:N/SI:N/SA:N", 0.0, Severity::None),
    ("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N/MSI:S/U:Red", 10.0, Severity::Critical),
];

fn cvss(vector: &str) -> Cvss {
    vector.parse().unwrap_or_else(|error| panic!("{vector}: {error}"))
}

fn refused(vector: &str) -> Misread {
    vector.parse::<Cvss>().unwrap_err()
}

#[test]
fn known_vectors_have_their_scores() {
    for (vector, score, severity) in KNOWN {
        let scored = cvss(vector);
        assert_eq!((scored.score(), scored.severity()), (score, severity), "{vector}");
        assert_eq!(scored.to_string(), vector);
    }
    for version in Version::ALL {
        assert!(
            KNOWN.iter().any(|(vector, ..)| cvss(vector).version() == version),
            "{version} is not covered"
        );
    }
    for severity in Severity::ALL {
        assert!(KNOWN.iter().any(|(.., known)| *known == severity), "{severity} is not covered");
    }
}

#[test]
fn severities_change_at_the_bounds_of_the_standard() {
    let bounds =
        [(0, "None"), (1, "Low"), (39, "Low"), (40, "Medium"), (69, "Medium"), (70, "High"), (89, "High")];
    for (tenths, word) in bounds.into_iter().chain([(90, "Critical"), (100, "Critical")]) {
        assert_eq!(Severity::of(tenths).word(), word, "{tenths}");
    }
}

#[test]
fn the_score_says_what_it_was_made_from() {
    let v4 = "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:N/VA:N/SC:N/SI:N/SA:N";
    let v3 = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N";
    for (more, named) in [
        ("", "CVSS-B"),
        ("/E:X", "CVSS-B"),
        ("/S:P/AU:Y", "CVSS-B"),
        ("/E:U", "CVSS-BT"),
        ("/MAV:L", "CVSS-BE"),
        ("/E:P/CR:L", "CVSS-BTE"),
    ] {
        assert_eq!(cvss(&format!("{v4}{more}")).nomenclature(), named, "{more}");
    }
    for (more, named, score) in [
        ("", "base", 7.5),
        ("/RL:X", "base", 7.5),
        ("/E:U", "temporal", 6.9),
        ("/E:U/CR:L", "environmental", 5.2),
    ] {
        let scored = cvss(&format!("{v3}{more}"));
        assert_eq!((scored.nomenclature(), scored.score()), (named, score), "{more}");
        assert_eq!(scored.base(), cvss(v3));
    }
}

#[test]
fn pasted_vectors_become_canonical() {
    let canonical = "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:N/VA:N/SC:N/SI:N/SA:N/U:Amber";
    let pasted = " cvss:4.0/u:AMBER/sa:n/AC:L/AT:N/PR:N/UI:N/VC:H/VI:N/VA:N/SC:N/SI:N/AV:N/E:X\n";
    assert_eq!(cvss(pasted).to_string(), canonical);
    assert_eq!(cvss(pasted), cvss(canonical));
    let kept = serde_json::to_string(&cvss(pasted)).unwrap();
    assert_eq!(kept, format!("\"{canonical}\""));
    assert_eq!(serde_json::from_str::<Cvss>(&kept).unwrap(), cvss(canonical));
    assert!(
        serde_json::from_str::<Cvss>("\"CVSS:4.0/AV:N\"").unwrap_err().to_string().contains("are missing")
    );
}

#[test]
fn what_cannot_be_read_is_named_with_its_place_and_mend() {
    for (vector, at, why, mend) in [
        ("", 0, "begins with its version", "CVSS:3.1/ or CVSS:4.0/"),
        ("AV:N/AC:L/Au:N/C:P/I:P/A:P", 0, "begins with its version", "CVSS:3.1/"),
        ("CVSS:2.0/AV:N", 5, "version '2.0' is not supported", "CVSS:3.1/ or"),
        (
            "CVSS:3.1/AV:N/XY:L",
            14,
            "'XY' is not a metric of CVSS 3.1",
            "base: AV AC PR UI S C I A; temporal: E RL RC",
        ),
        ("CVSS:3.1/AT:N", 9, "'AT' is a metric of CVSS 4.0, not of 3.1", "base: AV"),
        ("CVSS:4.0/RL:O", 9, "'RL' is a metric of CVSS 3.1, not of 4.0", "threat: E;"),
        (
            "CVSS:3.1/AV:Q/AC:L",
            12,
            "AV (Attack Vector) has no value 'Q'",
            "N Network, A Adjacent, L Local, P Physical",
        ),
        ("CVSS:3.1/AV:X", 12, "AV (Attack Vector) has no value 'X'", "N Network"),
        ("CVSS:3.1/AV:", 12, "AV (Attack Vector) has no value ''", "N Network"),
        ("CVSS:3.1/AV:N:L", 12, "has no value 'N:L'", "N Network"),
        ("  CVSS:3.1/AV:N/AC:L/AV:L", 21, "AV (Attack Vector) is given twice", "keep one AV:"),
        ("CVSS:3.1/E:X/E:H", 13, "E (Exploit Code Maturity) is given twice", "keep one E:"),
        ("CVSS:3.1/AV:N//AC:L", 14, "nothing stands here", "with / between them"),
        ("CVSS:3.1/AV:N/AC", 14, "'AC' has no value", "AV:N"),
        ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/", 45, "nothing stands here", "AV:N"),
        ("CVSS:3.1/AV:N\u{1b}[2J", 13, "'<ESC>' is in no vector", "letters"),
        ("CVSS:3.1/\u{202e}AV:N", 9, "'<U+202E>' is in no vector", "letters"),
    ] {
        let misread = refused(vector);
        assert_eq!(misread.at, at, "{vector}: {misread}");
        assert!(misread.why.contains(why), "{vector}: {misread}");
        assert!(misread.mend.contains(mend), "{vector}: {misread}");
    }
}

#[test]
fn every_missing_metric_is_named() {
    let misread = refused("CVSS:3.1/AV:N/AC:L/PR:N/S:U/C:H/I:H");
    assert_eq!(misread.why, "UI (User Interaction) and A (Availability) are missing");
    assert_eq!(misread.mend, "add /UI:N|R/A:H|L|N, one value each");
    assert_eq!(misread.at, 35);
    let misread = refused("CVSS:4.0");
    for metric in Version::V40.metrics().iter().filter(|metric| metric.is_mandatory()) {
        assert!(misread.why.contains(&format!("{} ({})", metric.code, metric.name)), "{misread}");
    }
}

#[test]
fn hostile_vectors_are_refused_fast() {
    let many = |piece: &str| piece.repeat(8 << 20);
    let vectors = [
        many("/"),
        many(" "),
        many("\u{1b}"),
        format!("CVSS:3.1/AV:{}", many("N")),
        format!("CVSS:4.0{}", many("/AV:N")),
        many("\u{1f4a3}"),
    ];
    let started = Instant::now();
    for vector in &vectors {
        let misread = refused(vector);
        assert!(misread.to_string().len() < 200, "{misread}");
    }
    assert!(started.elapsed() < Duration::from_millis(100), "{:?}", started.elapsed());
    for odd in [
        "\0",
        "CVSS:3.1\n/AV:N",
        "ＣＶＳＳ:3.1/AV:N",
        "CVSS:٣.1/AV:N",
        "CVSS:3.1/ÄV:N",
        "CVSS:3.1/AV:N\u{200b}",
    ] {
        let misread = refused(odd).to_string();
        assert_eq!(misread, crate::text::line(&misread));
    }
}

#[test]
fn an_editor_sees_what_is_missing_and_the_score_as_soon_as_there_is_one() {
    let mut draft = Draft::new(Version::V31);
    assert_eq!(draft.missing().len(), 8);
    for (metric, value) in
        [("AV", "N"), ("AC", "L"), ("PR", "N"), ("UI", "N"), ("S", "U"), ("C", "H"), ("I", "H")]
    {
        draft = draft.with(metric, value).unwrap();
        assert_eq!(draft.complete(), None);
    }
    assert_eq!(draft.missing().iter().map(|metric| metric.code).collect::<Vec<_>>(), ["A"]);
    draft = draft.with("a", "h").unwrap();
    assert_eq!(draft.complete().unwrap().score(), 9.8);
    assert_eq!(draft.value("AV").unwrap().name, "Network");
    let unproven = draft.with("E", "U").unwrap();
    assert_eq!(unproven.complete().unwrap().score(), 9.0);
    assert_eq!(unproven.with("E", "X").unwrap(), draft);
    assert_eq!(unproven.without("E"), draft);
    assert_eq!(draft.without("S").complete(), None);
    assert_eq!(draft.with("AV", "Q").unwrap_err().at, 3);
    assert!(draft.with("AT", "N").is_err());
    let partial: Draft = "CVSS:3.1/C:H/AV:N".parse().unwrap();
    assert_eq!(partial.to_string(), "CVSS:3.1/AV:N/C:H");
}

#[test]
fn the_metrics_are_the_standards() {
    for (version, codes) in [
        (Version::V31, "AV AC PR UI S C I A E RL RC CR IR AR MAV MAC MPR MUI MS MC MI MA"),
        (
            Version::V40,
            "AV AC AT PR UI VC VI VA SC SI SA E CR IR AR MAV MAC MAT MPR MUI MVC MVI MVA MSC MSI MSA S AU R V RE U",
        ),
    ] {
        let metrics = version.metrics();
        assert_eq!(metrics.iter().map(|metric| metric.code).collect::<Vec<_>>().join(" "), codes);
        for metric in metrics {
            assert_eq!(metric.values[0].code == "X", !metric.is_mandatory(), "{}", metric.code);
        }
    }
}

/// A vector of any version: every mandatory metric, any of the others, in any order.
fn vectors() -> impl Strategy<Value = (Draft, String)> {
    let version = proptest::sample::select(Version::ALL.to_vec());
    let choices = proptest::collection::vec((any::<bool>(), any::<proptest::sample::Index>()), metrics::MAX);
    (version, choices, any::<u64>()).prop_map(|(version, choices, order)| {
        let mut draft = Draft::new(version);
        let mut parts = Vec::new();
        for (metric, (named, value)) in version.metrics().iter().zip(choices) {
            if named || metric.is_mandatory() {
                let value = value.get(metric.values);
                draft = draft.with(metric.code, value.code).unwrap();
                parts.push(format!("/{}:{}", metric.code, value.code));
            }
        }
        let turn = order as usize % parts.len();
        parts.rotate_left(turn);
        (draft, format!("CVSS:{version}{}", parts.concat()))
    })
}

proptest! {
    #![proptest_config(crate::seeded())]

    #[test]
    fn a_vector_survives_printing_and_reading((draft, written) in vectors()) {
        let scored = draft.complete().unwrap();
        prop_assert_eq!(written.parse::<Cvss>().unwrap(), scored);
        prop_assert_eq!(scored.to_string().parse::<Cvss>().unwrap(), scored);
        prop_assert!(scored.tenths() <= 100);
        // The crate reads what we print as the same vector.
        prop_assert_eq!(scored.to_string().parse::<::cvss::Cvss>().unwrap().to_string(), scored.to_string());
    }

    #[test]
    fn any_text_is_read_or_refused(text in "(CVSS:(3\\.[01]|4\\.0))?[/:A-Z \\PC]{0,40}") {
        if let Err(misread) = text.parse::<Draft>() {
            prop_assert!(misread.at <= text.len());
            let shown = misread.to_string();
            prop_assert_eq!(crate::text::line(&shown), shown);
        }
    }
}
