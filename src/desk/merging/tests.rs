//! Merging on a real encrypted store.

use chrono::{DateTime, Utc};
use proptest::prelude::*;

use crate::desk::{Clock, Desk, Error, Order, Place, Readers, Team};
use crate::pgp::Password;
use crate::triage::message::Direction;
use crate::triage::{Case, CaseKey, Decision, Priority, Query, Resolution, State};

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

/// One mail: its Message-ID, the hour at which it came, who wrote it, more headers, its text.
fn send(desk: &mut Desk, id: &str, hour: u32, from: &str, more: &str, text: &str) -> CaseKey {
    let mail = format!(
        "From: {from}\nTo: security@example.org\nSubject: report {id}\n\
         Date: Sun, 22 Nov 2026 {hour:02}:00:00 +0000\nMessage-ID: <{id}>\n{more}\n{text}\n"
    );
    let taken = desk.receive("test", mail.as_bytes()).unwrap();
    desk.key_of(taken.case.as_deref().unwrap()).unwrap()
}

/// Mara's case (with an answer of hers), Bob's of an hour later, Eve's of two hours later.
fn three(desk: &mut Desk) -> [CaseKey; 3] {
    let mara = send(desk, "a1@x", 1, "Mara <mara@x.example>", "", "zebrafish in the decoder");
    let bob = send(
        desk,
        "b1@x",
        2,
        "Bob <bob@x.example>",
        "",
        "quokkas in it. We will publish on 14 January 2027.",
    );
    let eve = send(desk, "c1@x", 3, "Eve <EVE@x.example>", "", "narwhals");
    assert_eq!(
        send(desk, "a2@x", 4, "Mara <mara@x.example>", "In-Reply-To: <a1@x>\n", "more zebrafish"),
        mara
    );
    [mara, bob, eve]
}

fn messages(desk: &Desk, case: CaseKey) -> Vec<i64> {
    desk.store().messages(case).unwrap().iter().map(|message| message.id).collect()
}

fn found(desk: &mut Desk, words: &str) -> Vec<CaseKey> {
    desk.order(&Query::read(&format!("is:all {words}"), "ann").unwrap()).unwrap()
}

/// All that a merge may change, without what undoing changes too.
fn picture(desk: &Desk, keys: &[CaseKey]) -> Vec<(Case, Vec<i64>)> {
    let case = |key: CaseKey| Case { version: 0, touched_at: now(), ..desk.store().case(key).unwrap() };
    keys.iter().map(|key| (case(*key), messages(desk, *key))).collect()
}

fn decide(desk: &mut Desk, case: CaseKey, decision: Decision) {
    let outcome = desk.decide(&[Order { case, seen: None, decision }]).unwrap();
    assert_eq!(outcome.refused, []);
}

fn refused<T: std::fmt::Debug>(result: Result<T, Error>) -> String {
    match result.unwrap_err() {
        Error::Refused(why) => why,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_oldest_holds_all_messages_and_names_every_reporter() {
    let (_directory, mut desk) = desk();
    let [mara, bob, eve] = three(&mut desk);
    decide(&mut desk, bob, Decision::Tag("tiff".into()));
    let outcome = desk.merge(&[eve, bob, mara, bob]).unwrap();
    assert!(
        outcome.summary.starts_with("merged SEC-2026-0002 and SEC-2026-0003 into SEC-2026-0001; bob@x.example was not answered yet ('ninety reply SEC-2026-0001 --to bob@x.example')"),
        "{}", outcome.summary
    );
    let target = desk.case(mara).unwrap();
    let others: Vec<&str> = target.also_by.iter().map(|person| person.email.as_str()).collect();
    assert_eq!(others, ["bob@x.example", "EVE@x.example"]);
    assert_eq!((messages(&desk, mara).len(), messages(&desk, bob).len()), (4, 0));
    assert_eq!(target.tags, ["tiff"]);
    assert!(target.demand.is_some_and(|demand| demand.sentence.contains("14 January")));
    let closed = desk.case(bob).unwrap();
    assert_eq!((closed.state, closed.resolution), (State::Closed, Some(Resolution::Duplicate)));
    assert_eq!(closed.merged_into.unwrap().id, "SEC-2026-0001");
    let told: Vec<String> = desk
        .dossier(mara)
        .unwrap()
        .timeline
        .iter()
        .map(|event| event.text(&crate::triage::event::in_utc))
        .collect();
    assert!(told.contains(&"1 messages moved from SEC-2026-0002 to SEC-2026-0001".to_owned()), "{told:?}");
    assert!(desk.dossier(bob).unwrap().timeline.iter().any(|event| event.what.kind() == "merged"));
}

#[test]
fn later_mail_of_either_thread_joins_the_target() {
    let (_directory, mut desk) = desk();
    let [mara, bob, _] = three(&mut desk);
    desk.merge(&[mara, bob]).unwrap();
    assert_eq!(send(&mut desk, "b2@x", 9, "Bob <bob@x.example>", "In-Reply-To: <b1@x>\n", "more"), mara);
    assert_eq!(
        send(&mut desk, "b3@x", 10, "Bob <bob@x.example>", "References: <b1@x> <b2@x>\n", "again"),
        mara
    );
    let tagged = "Mail-Tag: x\n";
    let mail =
        format!("From: bob@x.example\nSubject: Re: [SEC-2026-0002]\nMessage-ID: <b4@x>\n{tagged}\nby tag\n");
    assert_eq!(desk.receive("t", mail.as_bytes()).unwrap().case.as_deref(), Some("SEC-2026-0001"));
}

#[test]
fn words_are_found_where_the_messages_went_also_by_others() {
    let (_directory, mut desk) = desk();
    let [mara, bob, _] = three(&mut desk);
    let mut second = desk.second().unwrap();
    assert_eq!((found(&mut desk, "quokkas"), found(&mut second, "quokkas")), (vec![bob], vec![bob]));
    desk.merge(&[mara, bob]).unwrap();
    assert_eq!((found(&mut desk, "quokkas"), found(&mut second, "quokkas")), (vec![mara], vec![mara]));
    desk.undo().unwrap();
    assert_eq!((found(&mut desk, "quokkas"), found(&mut second, "quokkas")), (vec![bob], vec![bob]));
}

#[test]
fn what_cannot_be_merged_is_refused_with_its_mend() {
    let (_directory, mut desk) = desk();
    let [mara, bob, eve] = three(&mut desk);
    let before = picture(&desk, &[mara, bob, eve]);
    assert!(refused(desk.merge(&[mara])).contains("two cases at least"));
    assert!(refused(desk.merge(&[mara, mara])).contains("mark them with x"));
    decide(&mut desk, eve, Decision::Readers(vec!["ann".into()]));
    assert!(refused(desk.merge(&[mara, eve])).contains("restrict them alike first"));
    let mut ben = desk.second().unwrap().handed_to("ben", Clock::Frozen(now()));
    assert!(matches!(ben.merge(&[mara, eve]), Err(Error::Restricted(_))));
    assert!(matches!(ben.merge_plan(&[mara, eve]), Err(Error::Restricted(_))));
    desk.undo().unwrap();
    assert_eq!(picture(&desk, &[mara, bob, eve]), before);
    desk.merge(&[bob, eve]).unwrap();
    let why = refused(desk.merge(&[mara, eve]));
    assert!(why.contains("SEC-2026-0003 was merged into SEC-2026-0002 already"), "{why}");
    let why = refused(desk.merge(&[mara, bob]));
    assert!(why.contains("take that out first with 'ninety split SEC-2026-0003'"), "{why}");
    assert!(refused(desk.split(mara)).contains("'ninety split SEC-2026-0001 MESSAGE...'"));
    let open = Order { case: eve, seen: None, decision: Decision::State(State::Triaged, None) };
    let outcome = desk.decide(&[open]).unwrap();
    assert!(outcome.refused[0].1.contains("merged into SEC-2026-0002"), "{outcome:?}");
}

#[test]
fn a_split_gives_back_what_was_there_and_leaves_what_came_since_where_it_belongs() {
    let (_directory, mut desk) = desk();
    let [mara, bob, eve] = three(&mut desk);
    let before = picture(&desk, &[bob, eve]);
    desk.merge(&[mara, bob, eve]).unwrap();
    send(&mut desk, "b2@x", 9, "Bob <bob@x.example>", "In-Reply-To: <b1@x>\n", "more by Bob");
    send(&mut desk, "a3@x", 9, "Mara <mara@x.example>", "In-Reply-To: <a2@x>\n", "more by Mara");
    decide(&mut desk, mara, Decision::Priority(Priority::new(1)));
    desk.split(bob).unwrap();
    let target = desk.case(mara).unwrap();
    assert_eq!(target.also_by.iter().map(|one| one.email.as_str()).collect::<Vec<_>>(), ["EVE@x.example"]);
    assert_eq!((target.demand, target.priority), (None, Priority::new(1)));
    let texts = |desk: &Desk, case| -> Vec<String> {
        let all = desk.store().messages(case).unwrap();
        all.iter().map(|message| message.content.text.trim().to_owned()).collect()
    };
    assert_eq!(texts(&desk, bob).last().unwrap(), "more by Bob");
    assert_eq!(texts(&desk, mara).last().unwrap(), "more by Mara");
    let stands = desk.case(bob).unwrap();
    assert_eq!(Case { version: 0, touched_at: now(), ..stands }, before[0].0);
    // Each thread leads to its own case again.
    assert_eq!(send(&mut desk, "b3@x", 10, "Bob <bob@x.example>", "In-Reply-To: <b2@x>\n", "x"), bob);
    assert_eq!(send(&mut desk, "c2@x", 10, "Eve <eve@x.example>", "In-Reply-To: <c1@x>\n", "x"), mara);
    desk.split(eve).unwrap();
    assert_eq!(desk.store().messages(eve).unwrap().len(), 2);
    assert_eq!(desk.case(mara).unwrap().also_by, []);
}

#[test]
fn undo_stands_aside_for_what_others_did_since() {
    let (_directory, mut ann) = desk();
    let [mara, bob, eve] = three(&mut ann);
    ann.merge(&[mara, bob]).unwrap();
    let mut ben = ann.second().unwrap().handed_to("ben", Clock::Frozen(now()));
    ben.merge(&[mara, eve]).unwrap();
    assert_eq!(ann.undo().unwrap().refused, []);
    let others = ann.case(mara).unwrap().also_by;
    assert_eq!(others.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), ["Eve"]);
    ann.redo().unwrap();
    ben.split(bob).unwrap();
    ben.merge(&[eve, bob, mara]).unwrap_err();
    let split = picture(&ann, &[mara, bob, eve]);
    let undone = ann.undo().unwrap();
    assert!(undone.refused[0].1.contains("split or merged again since"), "{undone:?}");
    assert_eq!(picture(&ann, &[mara, bob, eve]), split);
}

#[test]
fn a_message_that_was_joined_wrongly_gets_a_case_of_its_own() {
    let (_directory, mut desk) = desk();
    let [mara, bob, _] = three(&mut desk);
    let wrong = "In-Reply-To: <a1@x>\n";
    let joined = send(&mut desk, "d1@x", 5, "\u{202e}Dora\x1b[31m <dora@x.example>", wrong, "another matter");
    assert_eq!(joined, mara);
    let all = messages(&desk, mara);
    let (first, last) = (all[0], *all.last().unwrap());
    assert!(refused(desk.detach(mara, &[first])).contains("opened SEC-2026-0001"));
    let other = messages(&desk, bob)[0];
    assert!(refused(desk.detach(mara, &[other])).contains("is not in SEC-2026-0001"));
    let before = picture(&desk, &[mara]);
    let outcome = desk.detach(mara, &[last]).unwrap();
    assert_eq!(outcome.summary, "took 1 message out of SEC-2026-0001 into SEC-2026-0004");
    let own = desk.key_of("SEC-2026-0004").unwrap();
    let case = desk.case(own).unwrap();
    assert_eq!((case.state, case.reporter.email.as_str()), (State::New, "dora@x.example"));
    assert_eq!(send(&mut desk, "d2@x", 6, "Dora <dora@x.example>", "In-Reply-To: <d1@x>\n", "x"), own);
    assert_eq!(send(&mut desk, "a4@x", 6, "Mara <mara@x.example>", "In-Reply-To: <a1@x>\n", "x"), mara);
    desk.undo().unwrap();
    let left = desk.case(own).unwrap();
    assert_eq!(left.merged_into.map(|into| into.id).as_deref(), Some("SEC-2026-0001"));
    assert_eq!(left.resolution, Some(Resolution::Duplicate));
    assert_eq!(messages(&desk, mara)[..all.len()], before[0].1[..]);
    assert_eq!(send(&mut desk, "d3@x", 7, "Dora <dora@x.example>", "In-Reply-To: <d1@x>\n", "x"), mara);
    desk.redo().unwrap();
    assert_eq!(send(&mut desk, "d4@x", 8, "Dora <dora@x.example>", "In-Reply-To: <d1@x>\n", "x"), own);
    assert!(desk.store().messages(own).unwrap().iter().all(|message| message.direction == Direction::In));
}

#[test]
fn a_detached_message_stays_with_the_readers_of_its_case() {
    let (_directory, mut desk) = desk();
    let [mara, ..] = three(&mut desk);
    decide(&mut desk, mara, Decision::Readers(vec!["ann".into()]));
    let last = *messages(&desk, mara).last().unwrap();
    let mut ben = desk.second().unwrap().handed_to("ben", Clock::Frozen(now()));
    assert!(matches!(ben.detach(mara, &[last]), Err(Error::Restricted(_))));
    desk.detach(mara, &[last]).unwrap();
    assert_eq!(desk.case(desk.key_of("SEC-2026-0004").unwrap()).unwrap().readers, ["ann"]);
}

#[test]
fn a_duplicate_has_the_readers_of_the_case_that_holds_it() {
    let (_directory, mut desk) = desk();
    let [mara, eve, ..] = three(&mut desk);
    desk.merge(&[mara, eve]).unwrap();
    let order = Order { case: eve, seen: None, decision: Decision::Readers(vec!["ann".into()]) };
    let refused = desk.decide(&[order]).unwrap().refused;
    assert!(refused[0].1.contains("was merged into"), "{refused:?}");
    decide(&mut desk, mara, Decision::Readers(vec!["ann".into()]));
    let ben = desk.second().unwrap().handed_to("ben", Clock::Frozen(now()));
    assert!(matches!(ben.case(eve), Err(Error::Restricted(_))));
    desk.undo().unwrap();
    assert!(ben.case(mara).is_ok() && ben.case(eve).is_ok());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..crate::seeded() })]

    #[test]
    fn undo_after_merge_is_identity_of_cases_messages_and_threads(
        chosen in proptest::sample::subsequence(vec![0_usize, 1, 2], 2..=3),
        priority in proptest::option::of(0_u8..5),
        tags in proptest::collection::vec("[a-c]{1,2}", 0..3),
        exploited in any::<bool>(),
        reads in any::<bool>(),
        title in "[a-z]\\PC{0,11}",
    ) {
        let (_directory, mut desk) = desk();
        let keys = three(&mut desk);
        decide(&mut desk, keys[1], Decision::Priority(priority.and_then(Priority::new)));
        decide(&mut desk, keys[2], Decision::Tags(tags));
        decide(&mut desk, keys[1], Decision::Title(title));
        if exploited {
            decide(&mut desk, keys[2], Decision::Exploited(true));
        }
        if reads {
            desk.mark_read(keys[0]).unwrap();
        }
        let before = picture(&desk, &keys);
        let threads = desk.store().threads().unwrap();
        let wanted: Vec<CaseKey> = chosen.iter().map(|place| keys[*place]).collect();
        desk.merge(&wanted).unwrap();
        let after = picture(&desk, &keys);
        prop_assert_ne!(&after, &before);
        prop_assert!(desk.undo().unwrap().refused.is_empty());
        prop_assert_eq!(picture(&desk, &keys), before);
        prop_assert_eq!(desk.store().threads().unwrap(), threads);
        prop_assert!(desk.redo().unwrap().refused.is_empty());
        prop_assert_eq!(picture(&desk, &keys), after);
    }
}
