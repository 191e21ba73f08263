//! Pairs of reports, and properties of any pair.

use proptest::prelude::*;

use super::*;

fn profile(title: &str, text: &str, product: Option<&str>, component: Option<&str>) -> Profile {
    Profile::of(Subject { title, text, product, component, weakness: None, reporter: "a@example.org" })
}

fn case(title: &str, text: &str) -> Profile {
    Profile { reporter: String::new(), ..profile(title, text, Some("imaging"), Some("TIFF reader")) }
}

const OVERFLOW: &str = "A crafted IFD count makes the decoder write past its strip table.\n\
    #0 0x1 in parse_ifd /src/tiff/ifd.c:120\n#1 0x2 in read_strips /src/tiff/strip.c:44\n#2 0x3 in main /src/main.c:9\n\
    imaging 4.1.27, CVE-2026-4242. This is a heap buffer overflow.";

const SAME_BUG: &str = "While fuzzing the decoder we saw an abort.\n\
    #0 0x9 in parse_ifd /src/tiff/ifd.c:120\n#1 0x8 in load_page /src/tiff/page.c:7\n#2 0x3 in main /src/main.c:9\n\
    Looks like heap corruption through the strip table.";

const OTHER: &str =
    "The login of the portal keeps its session identifier, so a planted cookie survives (session fixation).";

const MASS: &str = "Dear team, I am an ethical hacker and found that your domain one.example has no DMARC record. \
    Anybody can forge mails from your domain and harm your reputation. The record should be set to reject. \
    Please let me know about my bounty for this finding. I look forward to hearing from you soon. Best regards, Ann";

#[test]
fn the_same_bug_is_found_and_explained() {
    let likeness = likeness(&case("Heap overflow", OVERFLOW), &case("Crash in TIFF", SAME_BUG)).unwrap();
    assert!(likeness.score >= 70, "{likeness:?}");
    for reason in [
        "same stack frame parse_ifd",
        "same component tiff reader",
        "same source file ifd.c, main.c",
        "same weakness class CWE-122",
    ] {
        assert!(likeness.reasons.iter().any(|given| given == reason), "{reason}: {likeness:?}");
    }
    assert!(
        !likeness.reasons.iter().any(|reason| reason.contains("parse_ifd, main")),
        "main stands everywhere"
    );
}

#[test]
fn other_bugs_are_not_alike() {
    let portal = profile("Session fixation", OTHER, Some("portal"), Some("login"));
    assert_eq!(likeness(&case("Heap overflow", OVERFLOW), &portal), None);
    assert_eq!(likeness(&Profile::default(), &Profile::default()), None);
    // Sharing a component alone says nothing.
    assert_eq!(likeness(&case("a", "one thing"), &case("b", "another matter")), None);
}

#[test]
fn mass_mails_with_other_names_are_near_identical() {
    let copy = MASS.replace("one.example", "two.example").replace("Ann", "Ben");
    assert!(Signature::of(MASS).is_near(&Signature::of(&copy)));
    assert!(!Signature::of(MASS).is_near(&Signature::of(OVERFLOW)));
    assert!(!Signature::of(OTHER).is_near(&Signature::of(SAME_BUG)));
    assert!(!Signature::of("").is_near(&Signature::of("")));
}

#[test]
fn signatures_are_the_same_everywhere() {
    let signature = Signature::of("The same on every machine.");
    assert_eq!(&format!("{signature:?}")[..32], "76f3d6def6e0d6def6e0f6e0d6def6e0");
    assert_eq!(Signature::from_bytes(&signature.to_bytes()), Some(signature));
    assert_eq!(Signature::from_bytes(&[0; 3]), None);
    assert_eq!(serde_json::from_str::<Signature>("\"00\"").ok(), None);
}

#[test]
fn profiles_are_kept_as_json() {
    let profile = case("Heap overflow", OVERFLOW);
    let json = serde_json::to_string(&profile).unwrap();
    assert_eq!(serde_json::from_str::<Profile>(&json).unwrap(), profile);
    assert_eq!(serde_json::from_str::<Profile>("{}").unwrap(), Profile::default());
}

#[test]
fn ten_thousand_signatures_are_scanned_at_once() {
    let all: Vec<Signature> =
        (0..10_000).map(|n| Signature::of(&format!("report {n} alpha{n} beta{} gamma", n % 7))).collect();
    let wanted = Signature::of(MASS);
    let scan = || {
        let started = std::time::Instant::now();
        assert_eq!(std::hint::black_box(&all).iter().filter(|other| wanted.is_near(other)).count(), 0);
        started.elapsed()
    };
    let best = (0..5).map(|_| scan()).min().unwrap();
    // Unoptimised code is some thirty times slower.
    let bound = if cfg!(debug_assertions) { 150 } else { 5 };
    assert!(best.as_millis() < bound, "{best:?}");
}

fn any_profile() -> impl Strategy<Value = Profile> {
    let piece = prop_oneof![
        "[a-z]{4,9} ",
        "\\PC{0,5} ",
        proptest::sample::select(vec![
            "parse_ifd() ",
            "read_strips() ",
            "ifd.c ",
            "CVE-2026-0001 ",
            "https://example.org/x ",
            "4.1.27 ",
            "CWE-79 ",
            "overflow ",
            "decoder ",
        ])
        .prop_map(str::to_owned),
    ];
    let name = || proptest::option::of(proptest::sample::select(vec!["imaging", "portal", ""]));
    (proptest::collection::vec(piece, 0..25), name(), name(), "[ab]?").prop_map(
        |(pieces, product, component, reporter)| {
            let text = pieces.concat();
            let title = pieces.first().cloned().unwrap_or_default();
            Profile::of(Subject {
                title: &title,
                text: &text,
                product,
                component,
                weakness: None,
                reporter: &reporter,
            })
        },
    )
}

proptest! {
    #![proptest_config(crate::seeded())]

    #[test]
    fn likeness_is_symmetric_bounded_and_highest_with_itself(a in any_profile(), b in any_profile()) {
        let forth = likeness(&a, &b);
        prop_assert_eq!(&forth, &likeness(&b, &a));
        let score = |likeness: Option<Likeness>| likeness.map_or(0, |likeness| likeness.score);
        let itself = score(likeness(&a, &a));
        prop_assert!(itself <= 100);
        prop_assert!(score(forth) <= itself);
        if !a.signature.is_empty() {
            prop_assert_eq!(itself, 100);
        }
        prop_assert_eq!(a.signature.likeness(&b.signature), b.signature.likeness(&a.signature));
    }
}
