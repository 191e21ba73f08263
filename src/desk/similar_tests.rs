//! Similar cases on a real encrypted store.

use chrono::{DateTime, Utc};

use crate::desk::{Clock, Desk, Order, Place, Readers, Team};
use crate::pgp::Password;
use crate::triage::{CaseKey, Decision};

fn now() -> DateTime<Utc> {
    "2026-11-23T12:00:00Z".parse().unwrap()
}

fn desk() -> (tempfile::TempDir, Desk) {
    let directory = tempfile::tempdir().unwrap();
    let team = Team { name: "Test".into(), address: "security@example.org".into(), prefix: "SEC".into() };
    let place = Place::new(directory.path().join("store"));
    let clock = Clock::Frozen(now());
    let desk = place.create(&Password::from("t"), &team, "ann", clock, Readers::in_this_process()).unwrap();
    (directory, desk)
}

fn send(desk: &mut Desk, number: u32, subject: &str, text: &str) -> CaseKey {
    let mail = format!(
        "From: r{number}@x.example\nTo: security@example.org\nSubject: {subject}\n\
         Date: Sun, 22 Nov 2026 10:{number:02}:00 +0000\nMessage-ID: <{number}@x>\n\n{text}\n"
    );
    let taken = desk.receive("test", mail.as_bytes()).unwrap();
    desk.key_of(taken.case.as_deref().unwrap()).unwrap()
}

const TRACE: &str = "A crafted IFD count makes the decoder write past its strip table.\n\
    #0 0x1 in parse_ifd /src/tiff/ifd.c:120\n#1 0x2 in read_strips /src/tiff/strip.c:44\n";
const SAME: &str = "While fuzzing the decoder we saw an abort.\n\
    #0 0x9 in parse_ifd /src/tiff/ifd.c:120\n#1 0x8 in load_page /src/tiff/page.c:7\n";
const OTHER: &str = "The login of the portal keeps its session identifier, so a planted cookie survives.";
const MASS: &str = "Dear team, I am an ethical hacker and found that your domain has no DMARC record. \
    Anybody can forge mails from your domain and harm your reputation. The record should be set to reject. \
    Please let me know about my bounty for this finding. I look forward to hearing from you soon.";

fn decide(desk: &mut Desk, case: CaseKey, decision: Decision) {
    assert_eq!(desk.decide(&[Order { case, seen: None, decision }]).unwrap().refused, []);
}

#[test]
fn the_same_bug_in_other_words_is_found_and_explained() {
    let (_directory, mut desk) = desk();
    let first = send(&mut desk, 1, "Heap overflow \u{1b}[31m", TRACE);
    let other = send(&mut desk, 2, "Session fixation", OTHER);
    let second = send(&mut desk, 3, "Crash in TIFF", SAME);
    for (case, similar) in [(second, first), (first, second)] {
        let found = desk.similar(case).unwrap();
        assert_eq!(found.iter().map(|one| one.key).collect::<Vec<_>>(), [similar]);
        assert!(
            found[0].score >= 60 && found[0].reasons.iter().any(|why| why.contains("parse_ifd")),
            "{found:?}"
        );
        assert_eq!(desk.dossier(case).unwrap().similar, found);
    }
    assert_eq!(desk.similar(other).unwrap(), []);
    // What people decide counts as much as what was written.
    decide(&mut desk, other, Decision::Component(Some("TIFF reader".into())));
    decide(&mut desk, first, Decision::Component(Some("tiff reader".into())));
    assert!(desk.similar(other).unwrap().is_empty(), "a component alone says nothing");
    let reasons = &desk.similar(first).unwrap()[0].reasons;
    assert!(!reasons.iter().any(|why| why.contains("same component")), "{reasons:?}");
}

#[test]
fn what_is_restricted_is_not_told_and_a_duplicate_is_told_as_its_case() {
    let (_directory, mut desk) = desk();
    let first = send(&mut desk, 1, "Heap overflow", TRACE);
    let second = send(&mut desk, 2, "Crash in TIFF", SAME);
    let third = send(&mut desk, 3, "Another crash", SAME);
    desk.merge(&[first, second]).unwrap();
    assert_eq!(desk.similar(third).unwrap().iter().map(|one| one.key).collect::<Vec<_>>(), [first]);
    decide(&mut desk, first, Decision::Readers(vec!["ann".into()]));
    let ben = desk.second().unwrap().handed_to("ben", Clock::Frozen(now()));
    assert_eq!(ben.similar(third).unwrap(), []);
    assert!(ben.similar(first).is_err());
    assert_eq!(desk.similar(third).unwrap().len(), 1);
}

#[test]
fn mass_mail_is_counted_as_it_comes_without_what_is_restricted() {
    let (_directory, mut desk) = desk();
    let cases: Vec<CaseKey> = (1..=7)
        .map(|number| {
            send(&mut desk, number, "Bug report", &MASS.replace("domain", &format!("domain{number}")))
        })
        .collect();
    let reasons = |desk: &Desk, case| desk.case(case).unwrap().noise.reasons.join("\n");
    assert!(!reasons(&desk, cases[0]).contains("nearly the same text"));
    assert!(reasons(&desk, cases[1]).contains("one other case has nearly the same text"));
    assert!(reasons(&desk, cases[6]).contains("6 other cases have nearly the same text"));
    let found = desk.similar(cases[6]).unwrap();
    assert_eq!(found.len(), 5, "{found:?}");
    for case in &cases {
        decide(&mut desk, *case, Decision::Readers(vec!["ann".into()]));
    }
    let next = send(&mut desk, 8, "Bug report", MASS);
    assert!(!reasons(&desk, next).contains("nearly the same text"));
}

#[test]
fn hot_spots_are_those_that_the_actor_may_see() {
    let (_directory, mut desk) = desk();
    let first = send(&mut desk, 1, "Heap overflow", TRACE);
    let second = send(&mut desk, 2, "Session fixation", OTHER);
    decide(&mut desk, first, Decision::Component(Some("tiff".into())));
    decide(&mut desk, second, Decision::Component(Some("login".into())));
    assert_eq!(desk.hot_spots().unwrap().components.len(), 2);
    decide(&mut desk, first, Decision::Readers(vec!["ann".into()]));
    let mut ben = desk.second().unwrap().handed_to("ben", Clock::Frozen(now()));
    let spots = ben.hot_spots().unwrap().components;
    assert_eq!(
        spots.iter().filter_map(|spot| spot.place.component.as_deref()).collect::<Vec<_>>(),
        ["login"]
    );
}
