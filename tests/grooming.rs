//! Many cases at once, on a real store: what a batch would do is told before it
//! does it, and cases are closed with an answer from a template.
#![allow(clippy::unwrap_used)]

use chrono::{DateTime, TimeDelta, Utc};
use ninety::desk::answer::Farewell;
use ninety::desk::{Clock, Desk, Order, Place, Readers, Team};
use ninety::mail::compose::{self, Envelope};
use ninety::pgp::compose::encrypt_signed;
use ninety::pgp::{Password, Protected, cert};
use ninety::triage::message::{Direction, Encryption};
use ninety::triage::{CaseKey, Decision, Lane, LaneStep, Person, Priority, Resolution, State, query::Query};

fn now() -> DateTime<Utc> {
    "2026-11-23T12:00:00Z".parse().unwrap()
}

struct Bench {
    directory: tempfile::TempDir,
    desk: Desk,
}

impl Bench {
    fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let team = Team { name: "Test".into(), address: "security@example.org".into(), prefix: "SEC".into() };
        let place = Place::new(directory.path().join("store"));
        let clock = Clock::Frozen(now());
        let readers = Readers::in_this_process();
        let desk = place.create(&Password::from("test"), &team, "ann", clock, readers).unwrap();
        Self { directory, desk }
    }

    /// A plain report by `r{number}@x.example`.
    fn report(&mut self, number: usize) -> CaseKey {
        let mail = format!(
            "From: Reporter <r{number}@x.example>\nSubject: report {number}\n\
             Date: Sun, 22 Nov 2026 10:00:00 +0000\nMessage-ID: <{number}@x.example>\n\ntext {number}\n"
        );
        self.desk.receive("test", mail.as_bytes()).unwrap();
        self.desk.case_of_message(&format!("{number}@x.example")).unwrap()
    }

    fn key(&mut self, email: &str) -> Protected {
        cert::generate("Somebody", email, now() - TimeDelta::days(9)).unwrap()
    }

    fn knows(&mut self, key: &[u8]) {
        let file = self.directory.path().join("key.pgp");
        std::fs::write(&file, key).unwrap();
        self.desk.import_keys(&[file], None).unwrap();
    }

    /// A report by this person, encrypted to the team.
    fn encrypted_report(&mut self, id: &str, email: &str, team: &[u8]) -> CaseKey {
        let payload = compose::payload("a crafted file\n", &[]);
        let to = cert::public_part(team).unwrap();
        let at = now() - TimeDelta::hours(2);
        let message = encrypt_signed(&payload, &[&to], None, at).unwrap();
        let person = |email: &str| Person { name: String::new(), email: email.into() };
        let envelope = Envelope {
            from: &person(email),
            to: &person("security@example.org"),
            subject: "Heap overflow",
            date: at,
            message_id: id,
            in_reply_to: None,
            references: &[],
            autocrypt: None,
        };
        self.desk.receive("test", &compose::encrypted(&envelope, &message)).unwrap();
        self.desk.case_of_message(id).unwrap()
    }

    fn handed_to(self, actor: &str) -> Self {
        let desk = self.desk.handed_to(actor, Clock::Frozen(now()));
        Self { desk, ..self }
    }
}

fn order(case: CaseKey, decision: Decision) -> Order {
    Order { case, seen: None, decision }
}

fn closed_as(resolution: Resolution) -> Decision {
    Decision::State(State::Closed, Some(resolution))
}

#[test]
fn a_preview_says_what_deciding_does_and_writes_nothing() {
    let mut bench = Bench::new();
    let cases: Vec<CaseKey> = (0..6).map(|number| bench.report(number)).collect();
    let hers = Decision::Readers(vec!["ben".into()]);
    let mut bench = bench.handed_to("ben");
    bench.desk.decide(&[order(cases[0], hers)]).unwrap();
    let mut bench = bench.handed_to("ann");
    bench.desk.decide(&[order(cases[1], closed_as(Resolution::Spam))]).unwrap();
    let asked = LaneStep::Ask { owner: None, note: None };
    bench.desk.decide(&[order(cases[2], Decision::Lane(Lane::Qa, asked))]).unwrap();
    // Two orders about one case build on each other: a new case is not released at once.
    let mut orders: Vec<Order> =
        cases.iter().map(|case| order(*case, closed_as(Resolution::WontFix))).collect();
    orders.push(order(cases[5], Decision::State(State::Triaged, None)));
    orders.push(order(cases[5], Decision::State(State::Released, None)));
    let before: Vec<_> = cases[1..].iter().map(|case| bench.desk.dossier(*case).unwrap()).collect();
    let preview = bench.desk.preview(&orders).unwrap();
    let after: Vec<_> = cases[1..].iter().map(|case| bench.desk.dossier(*case).unwrap()).collect();
    assert_eq!(before, after, "nothing is written");
    assert_eq!(preview.refused.len(), 2);
    assert!(preview.refused[0].1.contains("restricted to other people"), "{:?}", preview.refused);
    assert!(preview.refused[1].1.contains("triaged cannot become released"), "{:?}", preview.refused);
    let outcome = bench.desk.decide(&orders).unwrap();
    assert_eq!(preview, outcome, "it does what it said");
    let open: Vec<String> =
        preview.open_items().into_iter().map(|(item, ids)| format!("{} {item}", ids.len())).collect();
    assert_eq!(
        open,
        [
            "4 the reporter was never answered",
            "4 nobody has looked for similar issues",
            "1 QA was asked and is not done",
            "4 the advisory is not out",
        ],
        "the case that was closed already is not asked about"
    );
}

#[test]
fn a_preview_sees_what_others_did_in_the_meantime() {
    let mut bench = Bench::new();
    let case = bench.report(1);
    let seen = Some(bench.desk.case(case).unwrap().version);
    let mut bench = bench.handed_to("ben");
    bench.desk.decide(&[order(case, Decision::Priority(Priority::new(1)))]).unwrap();
    let mut bench = bench.handed_to("ann");
    let mine = Order { case, seen, decision: Decision::Priority(Priority::new(3)) };
    let preview = bench.desk.preview(&[mine]).unwrap();
    assert!(preview.refused[0].1.starts_with("ben has just set the priority to P1"), "{preview:?}");
}

#[test]
fn a_thousand_cases_are_one_batch_and_one_undo() {
    let mut bench = Bench::new();
    let mbox: String = (0..1_000)
        .map(|number| {
            format!(
                "From r@x Sun Nov 22 10:00:00 2026\nFrom: r{number}@x.example\nSubject: report {number}\n\
                 Date: Sun, 22 Nov 2026 10:00:00 +0000\nMessage-ID: <{number}@x.example>\n\ntext {number}\n\n"
            )
        })
        .collect();
    let file = bench.directory.path().join("many.mbox");
    std::fs::write(&file, mbox).unwrap();
    bench.desk.import(&[file], &mut std::io::empty(), &mut |_| {}).unwrap();
    let cases = bench.desk.order(&Query::default()).unwrap();
    assert_eq!(cases.len(), 1_000);
    let orders: Vec<Order> = cases.iter().map(|case| order(*case, closed_as(Resolution::Spam))).collect();
    let started = std::time::Instant::now();
    let preview = bench.desk.preview(&orders).unwrap();
    let previewed = started.elapsed();
    let outcome = bench.desk.decide(&orders).unwrap();
    println!("preview {previewed:?}, decide {:?}", started.elapsed() - previewed);
    assert_eq!((preview.changed.len(), outcome.changed.len()), (1_000, 1_000));
    assert_eq!(outcome.summary, "closed as spam on 1000 cases");
    let open = Query::read("is:open", "ann").unwrap();
    assert_eq!(bench.desk.order(&open).unwrap().len(), 0);
    assert_eq!(bench.desk.undo().unwrap().changed.len(), 1_000);
    let all = cases.iter().map(|case| (*case, None)).collect();
    let farewell = Farewell { cases: all, resolution: Resolution::Spam, template: "declined".into() };
    let started = std::time::Instant::now();
    let leave = bench.desk.plan_farewell(&farewell, None).unwrap();
    println!("farewell planned {:?}", started.elapsed());
    assert_eq!(leave.clear.len(), 1_000);
    assert_eq!(bench.desk.order(&open).unwrap().len(), 1_000);
}

/// A store with a team key, and one report of each kind: encrypted with a key
/// at hand, encrypted without one, plain without a key, plain with one that is over.
struct Mixed {
    bench: Bench,
    sealed: CaseKey,
    keyless: CaseKey,
    plain: CaseKey,
    over: CaseKey,
}

impl Mixed {
    fn new() -> Self {
        let mut bench = Bench::new();
        let team = bench.key("security@example.org");
        bench.knows(&team);
        let mara = bench.key("mara@lindt.example");
        bench.knows(&cert::public_part(&mara).unwrap());
        let old = cert::generate("Old", "r2@x.example", now() - TimeDelta::days(4_000)).unwrap();
        bench.knows(&cert::public_part(&old).unwrap());
        let sealed = bench.encrypted_report("sealed@x", "mara@lindt.example", &team);
        let keyless = bench.encrypted_report("keyless@x", "bo@x.example", &team);
        let (plain, over) = (bench.report(1), bench.report(2));
        Self { bench, sealed, keyless, plain, over }
    }

    fn farewell(&self, template: &str) -> Farewell {
        let cases = [self.sealed, self.keyless, self.plain, self.over].map(|case| (case, None)).to_vec();
        Farewell { cases, resolution: Resolution::OutOfScope, template: template.into() }
    }

    /// How its answers went out: encrypted or not, oldest first.
    fn sent(&self, case: CaseKey) -> Vec<Encryption> {
        let dossier = self.bench.desk.dossier(case).unwrap();
        let answers = dossier.messages.iter().filter(|message| message.direction == Direction::Out);
        answers.map(|message| message.content.verdict.encryption).collect()
    }

    fn state(&self, case: CaseKey) -> State {
        self.bench.desk.case(case).unwrap().state
    }
}

#[test]
fn a_farewell_encrypts_and_leaves_out_what_it_cannot() {
    let mut mixed = Mixed::new();
    let leave = mixed.bench.desk.plan_farewell(&mixed.farewell("declined"), None).unwrap();
    assert_eq!(
        (leave.encrypted.as_slice(), leave.clear.as_slice()),
        (&[mixed.sealed][..], &[mixed.plain][..])
    );
    assert_eq!(leave.left_out.len(), 2, "{:?}", leave.left_out);
    assert!(leave.left_open.is_empty(), "they are answered: {:?}", leave.left_open);
    assert!(mixed.sent(mixed.sealed).is_empty(), "planning writes nothing");
    let outcome = mixed.bench.desk.say_farewell(&leave, false, None).unwrap();
    assert_eq!(outcome.changed, [mixed.sealed]);
    assert_eq!(outcome.summary, "answered 1, closed 1 as out of scope");
    assert_eq!(mixed.sent(mixed.sealed), [Encryption::Whole]);
    for case in [mixed.keyless, mixed.plain, mixed.over] {
        assert_eq!((mixed.state(case), mixed.sent(case).len()), (State::New, 0));
    }
    let case = mixed.bench.desk.case(mixed.sealed).unwrap();
    assert_eq!((case.state, case.acknowledged_at), (State::Closed, Some(now())));
}

#[test]
fn the_clear_is_a_persons_word_and_one_undo_opens_the_cases_again() {
    let mut mixed = Mixed::new();
    let leave = mixed.bench.desk.plan_farewell(&mixed.farewell("declined"), None).unwrap();
    let outcome = mixed.bench.desk.say_farewell(&leave, true, None).unwrap();
    assert_eq!(outcome.changed, [mixed.sealed, mixed.plain]);
    assert_eq!((mixed.sent(mixed.plain), mixed.sent(mixed.over)), (vec![Encryption::None], vec![]));
    mixed.bench.desk.undo().unwrap();
    for case in [mixed.sealed, mixed.plain] {
        assert_eq!((mixed.state(case), mixed.sent(case).len()), (State::Acknowledged, 1), "answers stay");
    }
}

#[test]
fn what_changed_since_it_was_planned_is_left_out_and_not_answered() {
    let mut mixed = Mixed::new();
    let mut farewell = mixed.farewell("declined");
    let seen = mixed.bench.desk.case(mixed.sealed).unwrap().version;
    farewell.cases = vec![(mixed.sealed, Some(seen))];
    let leave = mixed.bench.desk.plan_farewell(&farewell, None).unwrap();
    let Mixed { bench, sealed, keyless, plain, over } = mixed;
    let mut bench = bench.handed_to("ben");
    bench.desk.decide(&[order(sealed, Decision::State(State::Triaged, None))]).unwrap();
    let mut mixed = Mixed { bench: bench.handed_to("ann"), sealed, keyless, plain, over };
    let outcome = mixed.bench.desk.say_farewell(&leave, false, None).unwrap();
    assert!(outcome.refused[0].1.starts_with("ben has just set the state"), "{outcome:?}");
    assert_eq!((mixed.state(sealed), mixed.sent(sealed).len()), (State::Triaged, 0));
}

#[test]
fn a_farewell_speaks_from_ones_own_template_and_knows_no_other() {
    let mut mixed = Mixed::new();
    let own = mixed.bench.directory.path().join("replies");
    std::fs::create_dir(&own).unwrap();
    std::fs::write(own.join("not-ours.txt"), "{greeting}, {case} is about another product.\n").unwrap();
    assert!(mixed.bench.desk.templates(Some(&own)).contains(&"not-ours".to_owned()));
    let leave = mixed.bench.desk.plan_farewell(&mixed.farewell("not-ours"), Some(&own)).unwrap();
    mixed.bench.desk.say_farewell(&leave, false, Some(&own)).unwrap();
    let dossier = mixed.bench.desk.dossier(mixed.sealed).unwrap();
    let said = &dossier.messages.last().unwrap().content.text;
    assert!(said.contains(&format!("{} is about another product.", dossier.case.id)), "{said}");
    assert!(mixed.bench.desk.plan_farewell(&mixed.farewell("nothing"), Some(&own)).is_err());
}

#[test]
fn a_restricted_case_is_neither_planned_nor_answered() {
    let mut mixed = Mixed::new();
    let (sealed, plain) = (mixed.sealed, mixed.plain);
    mixed.bench = mixed.bench.handed_to("ben");
    let hers = |case| order(case, Decision::Readers(vec!["ben".into()]));
    mixed.bench.desk.decide(&[hers(sealed), hers(plain)]).unwrap();
    mixed.bench = mixed.bench.handed_to("ann");
    let leave = mixed.bench.desk.plan_farewell(&mixed.farewell("declined"), None).unwrap();
    assert!(leave.encrypted.is_empty() && leave.clear.is_empty());
    assert_eq!(leave.reasons()[0].1.len(), 2, "{leave:?}");
    let refused = mixed.bench.desk.plan(sealed, &Default::default()).unwrap_err().to_string();
    assert!(refused.contains("is restricted to other people") && !refused.contains("mara"), "{refused}");
}
