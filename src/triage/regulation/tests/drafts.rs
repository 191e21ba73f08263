//! What stands in a draft.

use super::*;

fn known() -> Report {
    let known = |text: &str| Some(text.to_owned());
    Report {
        case: known("SEC-2026-0042"),
        company: known("Example GmbH"),
        contact: known("security@example.org"),
        product: known("imaging"),
        versions: known("4.1 to 4.6"),
        title: known("Heap overflow in the TIFF reader"),
        identifiers: known("CVE-2026-1234"),
        weakness: known("CWE-787"),
        description: known("A crafted IFD count writes past the end."),
        severity: known("CVSS 9.8, critical"),
        impact: known("Code runs as the user."),
        exploit: known("Crafted images by mail."),
        actor: known("unknown group"),
        cause: known("a missing length check"),
        indicators: known("203.0.113.7"),
        measures_taken: known("Uploads of TIFF are refused."),
        measures_ongoing: known("The fix is being tested."),
        user_measures: known("Switch the TIFF reader off."),
        fix: known("imaging 4.7"),
        member_states: vec!["DE".to_owned(), "FR".to_owned()],
        cross_border: known("customers in FR"),
        malicious: Some(true),
        sensitivity: known("high until the release"),
    }
}

/// What the law has each report say: facts that must stand in it.
#[test]
fn a_draft_says_what_its_article_asks_for() {
    use Regime::{CraIncident, CraVulnerability, Nis2};
    let report = known();
    let situation = |regime| Situation {
        first_signal_at: Some(at("2027-01-10T08:00")),
        measure_available_at: Some(at("2027-03-01T16:00")),
        handled_at: Some(at("2027-03-02T16:00")),
        ..aware(regime)
    };
    for (regime, step, article, facts) in [
        (CraVulnerability, Step::EarlyWarning, "14(2)(a)", &["Heap", "imaging", "4.1 to 4.6", "DE, FR"][..]),
        (
            CraVulnerability,
            Step::Notification,
            "14(2)(b)",
            &["imaging", "CWE-787", "Crafted images", "are refused", "Switch the", "high until"],
        ),
        (CraVulnerability, Step::ProgressReport, "14(6)", &["are refused", "being tested"]),
        (
            CraVulnerability,
            Step::FinalReport,
            "14(2)(c)",
            &["crafted IFD", "9.8", "Code runs", "unknown group", "imaging 4.7", "2027-03-01 16:00 UTC"],
        ),
        (CraIncident, Step::EarlyWarning, "14(4)(a)", &["malicious acts: yes", "DE, FR"]),
        (
            CraIncident,
            Step::Notification,
            "14(4)(b)",
            &["Crafted images", "crafted IFD", "are refused", "Switch the", "high until"],
        ),
        (CraIncident, Step::ProgressReport, "14(6)", &["are refused", "being tested"]),
        (
            CraIncident,
            Step::FinalReport,
            "14(4)(c)",
            &["crafted IFD", "9.8", "Code runs", "missing length", "are refused", "being tested"],
        ),
        (Nis2, Step::EarlyWarning, "23(4)(a)", &["malicious acts: yes", "customers in FR"]),
        (
            Nis2,
            Step::Notification,
            "23(4)(b)",
            &["malicious acts: yes", "crafted IFD", "9.8", "Code runs", "203.0.113.7"],
        ),
        (Nis2, Step::ProgressReport, "23(4)(e)", &["crafted IFD", "missing length", "being tested"]),
        (
            Nis2,
            Step::FinalReport,
            "23(4)(d)",
            &["crafted IFD", "9.8", "missing length", "are refused", "customers in FR", "2027-03-02"],
        ),
    ] {
        let text = draft(step, &situation(regime), &report);
        for fact in facts.iter().copied().chain([article, "Example GmbH", "2027-01-20 10:00 UTC", "SEC-2026"])
        {
            assert!(text.contains(fact), "{regime} {step} lacks '{fact}':\n{text}");
        }
        assert!(!text.contains(BLANK), "{text}");
        let blank = draft(step, &Situation::new(regime), &Report::default());
        assert_eq!(blank.matches(BLANK).count(), blank.matches(": ").count() - 1, "{blank}");
    }
}

#[test]
fn a_draft_as_it_is_pasted() {
    let situation = Situation {
        filings: vec![filing(Step::EarlyWarning, "2027-01-21T09:00")],
        ..aware(Regime::CraVulnerability)
    };
    let report = Report {
        title: Some("Heap \u{1b}overflow\nSensitivity: none".to_owned()),
        exploit: Some(" \n".to_owned()),
        ..Report { sensitivity: None, ..known() }
    };
    assert_eq!(
        draft(Step::Notification, &situation, &report),
        "NOTIFICATION of an actively exploited vulnerability
Regulation (EU) 2024/2847 (Cyber Resilience Act), Article 14(2)(b)
To: the CSIRT designated as coordinator and ENISA, through the single reporting platform
Our reference: SEC-2026-0042
Follows: early warning of 2027-01-21 09:00 UTC, reference SRP-17

Manufacturer: Example GmbH
Contact: security@example.org
Product with digital elements: imaging
Versions: 4.1 to 4.6
Vulnerability: Heap <ESC>overflow
  Sensitivity: none
Identifiers, where available: CVE-2026-1234
Aware since: 2027-01-20 10:00 UTC
General nature of the vulnerability: CWE-787
General nature of the exploit: [TO FILL IN]
Corrective or mitigating measures taken: Uploads of TIFF are refused.
Corrective or mitigating measures that users can take: Switch the TIFF reader off.
Sensitivity of this information, where applicable: [TO FILL IN]
Member States where the product has been made available, where applicable: DE, FR
"
    );
}
