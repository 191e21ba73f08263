//! A store of a few fixed cases in memory, which answers as the worker does.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use crate::console::msg::{Card, Reply, Task, Urgent};
use crate::desk::answer::{Farewell, Leave, Plan, Protection, Wish};
use crate::desk::{Earlier, KeyListing, Order, Outcome, Recipient};
use crate::triage::closing;
use crate::triage::event::What;
use crate::triage::message::*;
use crate::triage::query::{Condition, Expr, Test};
use crate::triage::rules::Rules;
use crate::triage::statistics::{Gathering, Period};
use crate::triage::{
    Answer, Case, CaseKey, Decision, Dossier, Event, Milestone, Person, Priority, Query, Row, State, Trust,
};

/// When the tests happen.
pub fn now() -> DateTime<Utc> {
    "2026-11-23T21:04:00Z".parse().unwrap()
}

/// The cases, and those before each batch of decisions.
#[derive(Debug)]
pub struct Shelf {
    pub cases: Vec<Dossier>,
    /// Whether the team's key is open.
    pub is_open: bool,
    /// By what is decided.
    pub rules: Arc<Rules>,
    /// When it is counted what is overdue.
    pub now: DateTime<Utc>,
    /// When the last decision was made.
    pub decided_at: DateTime<Utc>,
    before: Vec<Vec<Dossier>>,
    after: Vec<Vec<Dossier>>,
}

impl Shelf {
    pub fn new(cases: Vec<Dossier>) -> Self {
        Self {
            cases,
            is_open: false,
            rules: Arc::default(),
            now: now(),
            decided_at: now(),
            before: Vec::new(),
            after: Vec::new(),
        }
    }

    pub fn rows(&self, keys: &[CaseKey]) -> Vec<Row> {
        keys.iter().filter_map(|key| self.find(*key)).map(|dossier| seen(&dossier.case)).collect()
    }

    pub fn find(&self, key: CaseKey) -> Option<&Dossier> {
        self.cases.iter().find(|dossier| dossier.case.key == key)
    }

    pub fn answer(&mut self, task: Task) -> Option<Reply> {
        Some(match task {
            Task::Order { generation, query } => {
                let keys = self.order(&query);
                Reply::Ordered { generation, keys }
            }
            Task::Count => {
                let is_late = |dossier: &&Dossier| dossier.case.due().is_some_and(|due| due.at < self.now);
                let keys = |fits: &dyn Fn(&&Dossier) -> bool| {
                    self.cases.iter().filter(fits).map(|one| one.case.key).collect::<Vec<_>>()
                };
                let due = self.cases.iter().filter_map(|one| Some(one.case.due()?.at));
                Reply::Counted(Urgent {
                    overdue: keys(&is_late),
                    unread: keys(&|dossier| dossier.case.unread),
                    next_due: due.filter(|at| *at >= self.now).min(),
                })
            }
            Task::Open(key) => match self.find(key) {
                Some(dossier) if !dossier.case.is_open_to("ann") => {
                    Reply::NotOpened(key, format!("{} is restricted to other people", dossier.case.id))
                }
                Some(dossier) => Reply::Opened(Box::new(dossier.clone())),
                None => Reply::NotOpened(key, "there is no such case".to_owned()),
            },
            Task::Decide(orders) => self.decide(&orders),
            Task::Preview(orders) => {
                let kept = self.cases.clone();
                let Reply::Decided(outcome) = self.decide(&orders) else { return None };
                self.cases = kept;
                self.before.pop();
                Reply::Previewed(orders, outcome)
            }
            Task::Tally(queries) => {
                Reply::Tallied(queries.iter().map(|query| self.order(query).len()).collect())
            }
            Task::Templates => {
                Reply::Templates(["acknowledge", "declined", "not-ours"].map(str::to_owned).to_vec())
            }
            Task::PlanFarewell(farewell) => Reply::FarewellPlanned(Box::new(self.leave(farewell))),
            Task::SayFarewell(leave, in_the_clear) => {
                let answered = |key: &CaseKey| {
                    leave.encrypted.contains(key) || in_the_clear && leave.clear.contains(key)
                };
                let cases = leave.farewell.cases.iter().map(|(key, _)| *key).filter(answered);
                let decision = Decision::State(State::Closed, Some(leave.farewell.resolution));
                let orders: Vec<Order> =
                    cases.map(|case| Order { case, seen: None, decision: decision.clone() }).collect();
                self.decide(&orders)
            }
            Task::MarkRead(key) => {
                self.cases
                    .iter_mut()
                    .filter(|one| one.case.key == key)
                    .for_each(|one| one.case.unread = false);
                Reply::Read(key)
            }
            Task::Undo(since) if self.decided_at < since => Reply::UndoAsks(Earlier {
                batch: 1,
                at: self.decided_at,
                words: "SEC-2026-0042: priority P2 -> P1".to_owned(),
            }),
            Task::Undo(_) | Task::UndoBatch(_) => self.step_back(true),
            Task::Redo => self.step_back(false),
            Task::PlanMerge(cases) => {
                let mut ids: Vec<String> = cases.iter().map(|key| format!("SEC-2026-{:04}", key.0)).collect();
                let target = ids.remove(0);
                Reply::Asked(format!("merge {} into {target}?", ids.join(" and ")), Task::Merge(cases))
            }
            Task::Merge(cases) => {
                Reply::Decided(Outcome { changed: cases, summary: "merged".to_owned(), ..Outcome::default() })
            }
            Task::Split(case, _) => Reply::Decided(Outcome {
                changed: vec![case],
                summary: "split".to_owned(),
                ..Outcome::default()
            }),
            Task::LookForNews => Reply::Moved,
            Task::People => Reply::People(vec!["ann".to_owned(), "ben".to_owned(), "cho".to_owned()]),
            Task::Statistics(query) => {
                let calendar = crate::triage::calendar::Calendar::default();
                let mut gathering =
                    Gathering::new(Period::asked(None, None, &calendar, now()), &calendar, now());
                self.cases.iter().for_each(|dossier| gathering.add(&dossier.case));
                gathering.restricted(1);
                Reply::Statistics(query, Box::new(gathering.finish()))
            }
            Task::Drill(_) => {
                Reply::Failed { label: "drill", why: "this is no drill".to_owned(), writes: false }
            }
            Task::Plan(case, wish) => self.plan(case, &wish),
            Task::KeepDraft(..) => Reply::Kept,
            Task::Answer(plan, draft) => {
                let told = format!("answered {}: {}", plan.to_words(), draft.subject);
                Reply::Answered { case: plan.case, id: plan.id, told, bytes: b"eml".to_vec() }
            }
            Task::WriteFile { number, path, .. } => Reply::Done(format!("{number} written to {path}")),
            Task::Save { path, .. } => Reply::Done(format!("written to {path}")),
            Task::Unlock(passphrase) if passphrase == "sesame".into() => {
                self.is_open = true;
                Reply::Unlocked(Ok("1 keys open for 15 minutes, 2 messages opened".to_owned()))
            }
            Task::Unlock(_) => Reply::Unlocked(Err("the passphrase does not open this key".to_owned())),
            Task::LookAtOwnKeys => Reply::Warned(Vec::new()),
            Task::Keys => Reply::Keys(vec![
                listing("AAAA", "Mara Lindt <mara@lindt.example>"),
                listing("BBBB", "Eve <eve@x.example>"),
            ]),
            Task::Card(fingerprint) => Reply::Card(Box::new(Card {
                name: "Mara Lindt <mara@lindt.example>".to_owned(),
                is_ours: false,
                lines: vec![fingerprint.clone(), "  kind       a certificate".to_owned()],
                fingerprint,
            })),
            Task::Verify(fingerprint, how) => Reply::Done(format!("verified {fingerprint}: {how}")),
            Task::Retire(fingerprint) => Reply::Done(format!("retired {fingerprint}")),
            Task::ImportKeys(path) => Reply::Done(format!("taken in from {path}")),
            Task::ExportKey(fingerprint, path) => Reply::Done(format!("{fingerprint} written to {path}")),
        })
    }

    /// Case 42 can be answered encrypted once the key is open; of the others no key is known.
    fn plan(&self, case: CaseKey, wish: &Wish) -> Reply {
        let Some(Dossier { case: found, .. }) = self.find(case) else {
            let why = "there is no such case".to_owned();
            return Reply::Failed { label: "reply", why, writes: false };
        };
        let also = || found.also_by.iter().find(|one| Some(&one.email) == wish.to.as_ref());
        let to = also().unwrap_or(&found.reporter);
        let recipient = Recipient {
            fingerprint: "7C1E44D2A0B1C2D3E4F5061728394A5B6C7D8E9F".to_owned(),
            trust: Some(Trust::FirstUse),
            problem: None,
            algorithm: "Ed25519/Cv25519".to_owned(),
            expires: None,
            cert: Vec::new(),
        };
        let protection = match found.encryption {
            Encryption::Whole if *to == found.reporter => Protection::Encrypted(recipient),
            Encryption::None if !wish.in_the_clear => {
                let instead = Some(Wish { in_the_clear: true, ..wish.clone() });
                return Reply::NotPlanned { case, why: "no certificate is known".to_owned(), instead };
            }
            _ if !wish.in_the_clear && !wish.asks_for_key => {
                let instead = Some(Wish { asks_for_key: true, ..wish.clone() });
                return Reply::NotPlanned { case, why: "no certificate is known".to_owned(), instead };
            }
            _ => Protection::Clear,
        };
        let plan = Plan {
            case,
            id: found.id.clone(),
            to: to.clone(),
            subject: format!("Re: {} [{}]", found.title, found.id),
            needs_passphrase: !self.is_open && matches!(protection, Protection::Encrypted(_)),
            protection,
            signer: Some("9F3A11C000000000".to_owned()),
            encloses_key: true,
            asks_for_key: wish.asks_for_key,
            notes: vec!["no person has compared this key with its holder".to_owned()],
        };
        let begun = format!("To: x\nSubject: {}\nHow: y\n\nHello Mara Lindt,\n\n> one\n", plan.subject);
        Reply::Planned(Box::new(plan), begun)
    }

    /// Encrypted reports are answered encrypted, plain ones only in the clear, broken ones not at all.
    fn leave(&self, farewell: Farewell) -> Leave {
        let cases = || farewell.cases.iter().filter_map(|(key, _)| self.find(*key)).map(|one| &one.case);
        let with =
            |encryption| cases().filter(|case| case.encryption == encryption).map(|case| case.key).collect();
        let broken = cases().filter(|case| case.encryption == Encryption::Failed);
        Leave {
            encrypted: with(Encryption::Whole),
            clear: with(Encryption::None),
            left_out: broken.map(|case| (case.id.clone(), "no certificate is known".to_owned())).collect(),
            left_open: Vec::new(),
            needs_passphrase: !self.is_open,
            farewell,
        }
    }

    fn order(&self, query: &Query) -> Vec<CaseKey> {
        let fits = |case: &Case| {
            (query.wants_closed() || case.state.is_open())
                && query.filter.as_ref().is_none_or(|filter| holds(filter, case))
        };
        let mut cases: Vec<&Case> =
            self.cases.iter().map(|one| &one.case).filter(|case| fits(case)).collect();
        cases.sort_by_key(|case| (case.rank().value, case.key));
        cases.iter().map(|case| case.key).collect()
    }

    fn decide(&mut self, orders: &[Order]) -> Reply {
        let before = self.cases.clone();
        let mut outcome = Outcome::default();
        let rules = Arc::clone(&self.rules);
        let sitting = crate::triage::Sitting { actor: "ann", now: now(), rules: &rules };
        for order in orders {
            let Some(one) = self.cases.iter_mut().find(|one| one.case.key == order.case) else { continue };
            if !one.case.is_open_to("ann") {
                outcome.refused.push((one.case.id.clone(), crate::desk::NOT_FOR_YOU.to_owned()));
                continue;
            }
            let is_note = matches!(order.decision, Decision::Note(_));
            match order.decision.changes(&one.case, &sitting) {
                Ok(changes) if changes.is_empty() && !is_note => {}
                Ok(changes) => {
                    if let Decision::State(State::Closed, Some(resolution)) = order.decision {
                        let open = closing::left_open(&one.case, resolution, &[], &rules, now());
                        outcome.left_open.extend(open.into_iter().map(|item| (one.case.id.clone(), item)));
                    }
                    for change in changes {
                        let what =
                            What::Changed { before: change.current_in(&one.case), after: change.clone() };
                        outcome.steps.extend(what.step(&crate::triage::event::in_utc));
                        one.timeline.push(event(now(), "ann", what));
                        change.apply(&mut one.case);
                    }
                    if let crate::triage::Decision::Note(note) = &order.decision {
                        one.timeline.push(event(now(), "ann", What::Noted { note: note.clone() }));
                    }
                    one.case.version += 1;
                    outcome.changed.push(order.case);
                }
                Err(refusal) => outcome.refused.push((one.case.id.clone(), refusal.to_string())),
            }
        }
        outcome.summary = match outcome.changed.len() {
            0 => String::new(),
            count => format!("decided on {count}"),
        };
        self.before.push(before);
        Reply::Decided(outcome)
    }

    fn step_back(&mut self, back: bool) -> Reply {
        let (from, to, word) = if back {
            (&mut self.before, &mut self.after, "undone")
        } else {
            (&mut self.after, &mut self.before, "redone")
        };
        let Some(cases) = from.pop() else {
            let why = "there is nothing to take back".to_owned();
            return Reply::Failed { label: "undo", why, writes: true };
        };
        to.push(std::mem::replace(&mut self.cases, cases));
        let changed = self.cases.iter().map(|one| one.case.key).collect();
        let outcome = Outcome { changed, summary: word.to_owned(), ..Outcome::default() };
        if back { Reply::Undone(outcome) } else { Reply::Decided(outcome) }
    }
}

/// A row as ann may see it.
fn seen(case: &Case) -> Row {
    if case.is_open_to("ann") { case.row() } else { case.hidden_row() }
}

fn listing(fingerprint: &str, user_id: &str) -> KeyListing {
    KeyListing {
        fingerprint: fingerprint.repeat(10),
        secret: false,
        is_locked: false,
        user_ids: vec![user_id.to_owned()],
        algorithm: "Ed25519/Cv25519".to_owned(),
        created: now(),
        expires: Some(now() + TimeDelta::days(30)),
        fitness: "usable".to_owned(),
        is_usable: true,
        standings: Vec::new(),
    }
}

pub fn event(at: DateTime<Utc>, actor: &str, what: What) -> Event {
    Event { batch: 1, at, actor: actor.to_owned(), undo: false, what }
}

/// A case that reached us `hours` ago with one plain message.
pub fn case(number: i64, title: &str, hours: i64) -> Dossier {
    let received_at = now() - TimeDelta::hours(hours);
    let reporter = Person { name: "Mara Lindt".to_owned(), email: "mara@lindt.example".to_owned() };
    let content = Content {
        from: reporter.clone(),
        to: Vec::new(),
        date: Some(received_at),
        subject: title.to_owned(),
        text: "Hello,\n\na crafted IFD count makes imaging read past the end of its buffer.\n\n> one\n> two\n> three\n\nBest regards,\nMara\n".to_owned(),
        attachments: vec![Attachment { name: "crash.tif".to_owned(), media_type: "image/tiff".to_owned(), size: 12_345 }],
        verdict: Verdict::unprotected(),
        defects: Vec::new(),
    };
    let what = What::Received {
        message: number,
        from: reporter.short().to_owned(),
        encryption: Encryption::None,
        opened_case: true,
    };
    let opened =
        Case::opened(format!("SEC-2026-{number:04}"), title, reporter, received_at, Encryption::None);
    let disclosure = crate::triage::rules::Rules::default().by_policy(&opened);
    Dossier {
        case: Case { key: CaseKey(number), disclosure, ..opened },
        messages: vec![Message { id: number, direction: Direction::In, received_at, content }],
        timeline: vec![event(received_at, "intake", what)],
        answer: Answer::NotPossible("there is no certificate for mara@lindt.example; import one".to_owned()),
        others: Vec::new(),
        keys: Vec::new(),
        similar: Vec::new(),
    }
}

/// Five cases that show everything: late, encrypted, broken, hostile, exploited.
pub fn cases() -> Vec<Dossier> {
    let mut late = case(42, "Heap overflow in the TIFF reader", 27);
    seal(&mut late);
    let mut work = case(39, "Session fixation in the portal login", 24 * 84);
    work.case.state = State::InProgress;
    work.case.priority = Priority::new(1);
    work.case.assignee = Some("ben".to_owned());
    work.case.acknowledged_at = Some(now() - TimeDelta::days(83));
    work.case.reached.insert(Milestone::Heard, now() - TimeDelta::days(3));
    work.case.reached.insert(Milestone::Prioritised, now() - TimeDelta::days(82));
    work.case.touched_at = now() - TimeDelta::hours(31);
    work.case.unread = false;
    work.case.product = Some("portal".to_owned());
    let mut broken = case(31, "Encrypted message", 6);
    broken.case.encryption = Encryption::Failed;
    let verdict = &mut broken.messages[0].content.verdict;
    verdict.encryption = Encryption::Failed;
    verdict.encryption_detail =
        Some("it is encrypted to a key that we do not hold; import that key".to_owned());
    verdict.recipients = vec!["0123456789ABCDEF".to_owned()];
    let mut hostile = case(7, "Delivery \x1b]0;report\x07 \u{202e}fdp.exe", 24 * 20);
    hostile.case.state = State::FixReady;
    hostile.case.priority = Priority::new(3);
    hostile.case.assignee = Some("ann".to_owned());
    hostile.case.acknowledged_at = Some(now() - TimeDelta::days(20));
    for milestone in [Milestone::Heard, Milestone::Prioritised, Milestone::FixReady] {
        hostile.case.reached.insert(milestone, now() - TimeDelta::days(2));
    }
    hostile.case.touched_at = now() - TimeDelta::days(2);
    let mut abused = case(12, "漢字 in a contact card installs a listener", 24 * 30);
    abused.case.state = State::Triaged;
    abused.case.priority = Priority::new(0);
    abused.case.exploited = true;
    abused.case.acknowledged_at = Some(now() - TimeDelta::days(29));
    for milestone in [Milestone::Heard, Milestone::Prioritised, Milestone::Exploited] {
        abused.case.reached.insert(milestone, now() - TimeDelta::days(1));
    }
    abused.case.touched_at = now() - TimeDelta::hours(2);
    abused.case.unread = false;
    vec![late, work, broken, hostile, abused]
}

fn seal(dossier: &mut Dossier) {
    let fingerprint = "7C1E44D2A0B1C2D3E4F5061728394A5B6C7D8E9F".to_owned();
    dossier.case.encryption = Encryption::Whole;
    dossier.answer = Answer::Encrypted { fingerprint: fingerprint.clone() };
    dossier.messages[0].content.verdict = Verdict {
        encryption: Encryption::Whole,
        encryption_detail: Some("AES-256".to_owned()),
        opened_with: Some("9F3A11C0".to_owned()),
        recipients: vec!["9F3A11C0".to_owned()],
        signature: Signature {
            status: SignatureStatus::Verified,
            fingerprint: Some(fingerprint),
            signer: Some("Mara Lindt <mara@lindt.example>".to_owned()),
            made_at: Some(dossier.case.received_at),
            reason: None,
        },
        coverage: Some("the whole message".to_owned()),
        notes: Vec::new(),
    };
}

/// The conditions that the tests ask for; what others ask is everything.
fn holds(expr: &Expr, case: &Case) -> bool {
    match expr {
        Expr::And(parts) => parts.iter().all(|part| holds(part, case)),
        Expr::Or(parts) => parts.iter().any(|part| holds(part, case)),
        Expr::Not(inner) => !holds(inner, case),
        Expr::Is(Condition::Everything) => true,
        Expr::Is(Condition::Text(word)) => case.title.to_lowercase().contains(&word.to_lowercase()),
        Expr::Is(Condition::Field { field, any }) => any.iter().any(|test| match test {
            Test::Word(word) if field.name == "state" => case.state.code() == *word,
            Test::Flag(yes) if field.name == "unread" => case.unread == *yes,
            _ => true,
        }),
    }
}
