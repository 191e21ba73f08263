use proptest::prelude::*;

use super::*;

fn level(evidence: &Evidence) -> u8 {
    propose(evidence).priority.level()
}

#[test]
fn the_table_of_scores_and_outcomes() {
    for (score, priority, reason) in [
        (10.0, 1, "P1: CVSS 10.0, critical"),
        (9.0, 1, "P1: CVSS 9.0, critical"),
        (8.9, 2, "P2: CVSS 8.9, high"),
        (7.0, 2, "P2: CVSS 7.0, high"),
        (6.9, 3, "P3: CVSS 6.9, medium"),
        (4.0, 3, "P3: CVSS 4.0, medium"),
        (3.9, 4, "P4: CVSS 3.9, low"),
        (0.1, 4, "P4: CVSS 0.1, low"),
        (0.0, 4, "P4: CVSS 0.0, none"),
        (-3.0, 4, "P4: CVSS 0.0, none"),
        (f64::INFINITY, 1, "P1: CVSS 10.0, critical"),
        (f64::NAN, 2, "P2: nobody has scored it yet"),
    ] {
        let proposal = propose(&Evidence { cvss: Some(score), ..Evidence::default() });
        assert_eq!((proposal.priority.level(), proposal.reasons), (priority, vec![reason.to_owned()]));
    }
    for (outcome, priority) in Outcome::ALL.into_iter().zip([3, 2, 1, 0]) {
        let proposal = propose(&Evidence { ssvc: Some(outcome), ..Evidence::default() });
        assert_eq!(proposal.priority.level(), priority);
        assert_eq!(proposal.reasons, [format!("P{priority}: SSVC says {outcome}")]);
    }
}

#[test]
fn ssvc_goes_before_cvss_and_says_so() {
    let both = Evidence { ssvc: Some(Outcome::Defer), cvss: Some(9.8), ..Evidence::default() };
    assert_eq!(
        propose(&both).reasons,
        ["P3: SSVC says defer", "CVSS 9.8, critical alone would say P1; SSVC goes first"]
    );
    let alike = Evidence { cvss: Some(5.0), ..both };
    assert_eq!(propose(&alike).reasons, ["P3: SSVC says defer"]);
}

#[test]
fn the_phase_moves_it() {
    for (phase, from_medium, from_immediate) in [
        (FoundIn::Development, 4, 1),
        (FoundIn::Qa, 4, 1),
        (FoundIn::ResponsibleDisclosure, 3, 0),
        (FoundIn::BugBounty, 3, 0),
        (FoundIn::FullDisclosure, 1, 0),
        (FoundIn::Criminals, 0, 0),
        (FoundIn::Governments, 0, 0),
    ] {
        let medium = Evidence { cvss: Some(5.0), found_in: Some(phase), ..Evidence::default() };
        let immediate =
            Evidence { ssvc: Some(Outcome::Immediate), found_in: Some(phase), ..Evidence::default() };
        assert_eq!((level(&medium), level(&immediate)), (from_medium, from_immediate), "{phase}");
    }
    let public = Evidence { cvss: Some(5.0), found_in: Some(FoundIn::FullDisclosure), ..Evidence::default() };
    assert_eq!(
        propose(&public).reasons,
        [
            "P3: CVSS 5.0, medium",
            "P1 instead of P3: found in full disclosure, it is public: whoever wants to can use it"
        ]
    );
}

#[test]
fn noise_counts_until_somebody_scored_it() {
    let noise = Evidence { noise: true, ..Evidence::default() };
    assert_eq!(propose(&noise).reasons, ["P4: it looks like noise, and nobody has scored it"]);
    let scored = Evidence { cvss: Some(9.1), ..noise };
    assert_eq!(level(&scored), 1);
    assert_eq!(
        propose(&scored).reasons[1],
        "it was marked as likely noise, but somebody has scored it since"
    );
}

#[test]
fn a_design_flaw_warns_and_moves_nothing() {
    let bug = Evidence { cvss: Some(7.5), flaw: Some(Flaw::Bug), ..Evidence::default() };
    let design = Evidence { flaw: Some(Flaw::Design), ..bug };
    assert_eq!(level(&bug), level(&design));
    assert_eq!(propose(&bug).reasons.len() + 1, propose(&design).reasons.len());
    assert!(propose(&design).reasons[1].contains("needs a plan"));
}

#[test]
fn costs_are_those_of_the_chapter() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/security-process.md");
    let Ok(chapter) = std::fs::read_to_string(path) else {
        eprintln!("skipped: {path} is not there");
        return;
    };
    let rows: Vec<Vec<&str>> = chapter
        .lines()
        .filter(|line| line.starts_with('|') && !line.starts_with("|-") && !line.starts_with("|Phase"))
        .map(|line| line.trim_matches('|').split('|').map(str::trim).collect())
        .collect();
    assert_eq!(rows.len(), FoundIn::ALL.len());
    for (phase, row) in FoundIn::ALL.into_iter().zip(rows) {
        let Costs { window, money, damage, pr } = costs(phase);
        assert_eq!([window, money, damage, pr], row[1..], "{phase} is '{}' there", row[0]);
    }
}

fn evidence() -> impl Strategy<Value = Evidence> {
    (
        proptest::option::of(0.0..10.0_f64),
        proptest::option::of(proptest::sample::select(Outcome::ALL.to_vec())),
        any::<bool>(),
        proptest::option::of(proptest::sample::select(FoundIn::ALL.to_vec())),
        proptest::option::of(proptest::sample::select(Flaw::ALL.to_vec())),
        any::<bool>(),
    )
        .prop_map(|(cvss, ssvc, exploited, found_in, flaw, noise)| Evidence {
            cvss,
            ssvc,
            exploited,
            found_in,
            flaw,
            noise,
        })
}

proptest! {
    #![proptest_config(crate::seeded())]

    #[test]
    fn exploited_is_always_p0(known in evidence()) {
        prop_assert_eq!(level(&Evidence { exploited: true, ..known }), 0);
    }

    #[test]
    fn worse_evidence_is_never_less_urgent(known in evidence(), more in 0.0..10.0_f64) {
        let worse = Evidence { cvss: known.cvss.map(|score| score + more), ..known };
        prop_assert!(level(&worse) <= level(&known));
        let outcomes = Outcome::ALL.map(|outcome| level(&Evidence { ssvc: Some(outcome), ..known }));
        prop_assert!(outcomes.is_sorted_by(|milder, worse| worse <= milder));
        let public = Evidence { found_in: Some(FoundIn::FullDisclosure), ..known };
        let told = Evidence { found_in: Some(FoundIn::ResponsibleDisclosure), ..known };
        let early = Evidence { found_in: Some(FoundIn::Qa), ..known };
        prop_assert!(level(&public) <= level(&told) && level(&told) <= level(&early));
    }

    #[test]
    fn the_last_level_named_is_the_one_proposed(known in evidence()) {
        let proposal = propose(&known);
        let named = proposal.reasons.iter().rfind(|reason| {
            reason.starts_with('P') && !reason.contains("alone")
        });
        prop_assert!(named.unwrap().starts_with(&proposal.priority.to_string()));
    }
}

#[test]
fn what_speaks_for_a_priority_in_one_line() {
    let public = FoundIn::FullDisclosure;
    for (evidence, because) in [
        (Evidence::default(), "nobody has scored it yet"),
        (Evidence { cvss: Some(8.8), flaw: Some(Flaw::Design), ..Evidence::default() }, "CVSS 8.8, high"),
        (
            Evidence { cvss: Some(8.8), found_in: Some(public), ..Evidence::default() },
            "CVSS 8.8, high; P1 instead of P2: found in full disclosure, it is public: whoever wants to can use it",
        ),
    ] {
        assert_eq!(propose(&evidence).because(), because);
    }
}
