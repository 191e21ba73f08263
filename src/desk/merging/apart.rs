//! Taking apart: a duplicate out of the case that holds it, and messages out of
//! a case that they do not belong to.

use std::sync::Arc;

use super::replay::still_in;
use super::{is_same, moved, open_to, people_of};
use crate::desk::decide::{Work, inverse, stale, to_events};
use crate::desk::envelope::Quote;
use crate::desk::{Desk, Error, Outcome, Result};
use crate::store::{Role, Writer};
use crate::text;
use crate::triage::case::{Demand, Merged};
use crate::triage::event::{Standing, by_policy};
use crate::triage::message::{Direction, Message};
use crate::triage::similar::Signature;
use crate::triage::{Case, CaseKey, Change, Field, Milestone, Person, Resolution, State, What, demand};

/// Messages that go, and the Message-IDs by which later mail follows them.
struct Leaving {
    messages: Vec<i64>,
    threads: Vec<String>,
}

impl Desk {
    /// Takes a duplicate out of the case that it was merged into: the messages
    /// that it brought, and those that answered them or came from its reporters
    /// since, go with it; it stands again where it stood. Undoable.
    ///
    /// # Errors
    /// Refusals with the mend: it is no duplicate, or one of the two cases is
    /// restricted to others.
    pub fn split(&mut self, key: CaseKey) -> Result<Outcome> {
        let duplicate = self.case(key)?;
        let Some(into) = &duplicate.merged_into else {
            let id = text::line(&duplicate.id);
            return Err(Error::Refused(format!(
                "{id} was not merged into another case; name the messages that are to leave it ('ninety split {id} MESSAGE...'), 'ninety show {id}' numbers them"
            )));
        };
        let target = self.case(CaseKey(into.key))?;
        let merge = self.store.last_batch(key, Field::Merged)?.unwrap_or_default();
        let since = self.belonging_to(&duplicate, &target, merge)?;
        let (actor, now) = (self.actor.clone(), self.now());
        self.store.write(|writer| {
            let mut duplicate = open_to(writer.case(duplicate.key)?, &actor)?;
            let mut target = open_to(writer.case(target.key)?, &actor)?;
            if duplicate.merged_into.as_ref().map(|into| into.key) != Some(target.key.0) {
                return Err(Error::Refused("somebody has just split it; look again".into()));
            }
            let mut own = Vec::new();
            let mut back = Vec::new();
            let mut asked_before = None;
            for (case, what) in writer.entries(merge)? {
                match what {
                    What::Moved { messages, to, .. } if case == key && to == target.key.0 => {
                        own.extend(messages)
                    }
                    what @ What::Changed { .. } if case == key => back.extend(inverse(what)),
                    What::Changed { before: Change::Demand(before), after: Change::Demand(after) }
                        if case == target.key && after == target.demand =>
                    {
                        asked_before = before;
                    }
                    _ => {}
                }
            }
            // A field that somebody has changed since stays as they set it.
            back.retain(|what| stale(&duplicate, what).is_none());
            own.extend(since.messages);
            let own = still_in(writer, own, target.key)?;
            let moved = (!own.is_empty()).then(|| moved(own, &target, &duplicate, since.threads));
            let loses = losses(writer, &target, &duplicate, asked_before)?;
            let batch = writer.begin_batch(&actor, now, Role::Do)?;
            let mut work = Work::by_a_person(writer, now);
            let leaves = moved.clone().into_iter().chain(to_events(&target, loses)).collect();
            work.record(&mut target, batch, leaves)?;
            work.record(&mut duplicate, batch, moved.into_iter().chain(back).collect())?;
            let mut outcome = work.outcome;
            outcome.summary = format!("took {} out of {}", text::line(&duplicate.id), text::line(&target.id));
            Ok(outcome)
        })
    }

    /// Takes messages that were joined wrongly out of a case, into a new one.
    /// Answers to them go there from then on. Undoable.
    ///
    /// # Errors
    /// Refusals with the mend: a message that is not in the case, the one that
    /// opened it, none that came in, or a case that others restricted.
    pub fn detach(&mut self, key: CaseKey, messages: &[i64]) -> Result<Outcome> {
        let source = self.case(key)?;
        let all = self.store.messages(key)?;
        let going = leaving(&source, &all, messages)?;
        let quotes = going.iter().map(|message| self.quote(message.id)).collect::<Result<Vec<_>>>()?;
        let threads: Vec<String> = quotes.into_iter().filter_map(|quote| quote.message_id).collect();
        let opened = self.opened_by(&source, &going)?;
        let first = going.iter().find(|message| message.direction == Direction::In);
        let signature = first.map_or_else(Signature::default, |first| {
            Signature::of(&format!("{}\n{}", first.content.subject, first.content.text))
        });
        let (actor, now, prefix) = (self.actor.clone(), self.now(), self.team.prefix.clone());
        let numbers: Vec<i64> = going.iter().map(|message| message.id).collect();
        self.store.write(|writer| {
            let mut source = open_to(writer.case(key)?, &actor)?;
            if still_in(writer, numbers.clone(), key)?.len() != numbers.len() {
                return Err(Error::Refused("somebody has just moved these messages; look again".into()));
            }
            // It is kept as a duplicate of its source first, which is what an undo leaves.
            let id = writer.next_id(&prefix, now)?;
            let stood =
                Standing { state: opened.state, resolution: None, acknowledged_at: opened.acknowledged_at };
            let into = Merged { key: key.0, id: source.id.clone() };
            let mut case = Case {
                id,
                state: State::Closed,
                resolution: Some(Resolution::Duplicate),
                merged_into: Some(into),
                ..opened
            };
            case.reached.insert(Milestone::Closed, now);
            case.key = writer.insert_case(&case)?;
            writer.set_signature(case.key, &signature)?;
            let moved = moved(numbers, &source, &case, threads);
            let stands = vec![
                Change::Merged(None),
                Change::Standing(stood),
                Change::Reached { milestone: Milestone::Closed, at: None },
            ];
            let batch = writer.begin_batch(&actor, now, Role::Do)?;
            let mut work = Work::by_a_person(writer, now);
            work.record(&mut source, batch, vec![moved.clone()])?;
            let deadline =
                What::DeadlineSet { disclosure: case.disclosure.clone(), policy: case.promise.clone() };
            let events = [moved, deadline].into_iter().chain(to_events(&case, stands)).collect();
            work.record(&mut case, batch, events)?;
            let mut outcome = work.outcome;
            let what =
                if going.len() == 1 { "1 message".to_owned() } else { format!("{} messages", going.len()) };
            outcome.summary =
                format!("took {what} out of {} into {}", text::line(&source.id), text::line(&case.id));
            Ok(outcome)
        })
    }

    /// The case that messages open which leave another.
    fn opened_by(&self, source: &Case, going: &[&Message]) -> Result<Case> {
        let none = || {
            Error::Refused(
                "none of these came in; a case begins with a mail of its reporter, so name that too".into(),
            )
        };
        let first = going.iter().find(|message| message.direction == Direction::In).ok_or_else(none)?;
        let (content, at) = (&first.content, first.received_at);
        let opened = Case::opened(
            String::new(),
            &content.subject,
            content.from.clone(),
            at,
            content.verdict.encryption,
        );
        let mut case =
            Case { promise: self.rules.promise(), readers: source.readers.clone(), unread: false, ..opened };
        let rules = Arc::clone(&self.rules);
        if let Some(disclosure) = by_policy(&case, &rules) {
            case.disclosure = disclosure;
        }
        case.demand = demand::surest(&content.text, at, &rules.calendar);
        let answers = going.iter().filter(|message| message.direction == Direction::Out);
        if let Some(answered) = answers.map(|message| message.received_at).min() {
            case.acknowledged_at = Some(answered);
            case.state = State::Acknowledged;
            case.reached.insert(Milestone::Heard, answered);
        }
        Ok(case)
    }

    /// What is in the target since the merge and belongs to the duplicate: it
    /// answers one of its messages, or nothing that is known and is from or to
    /// one of its reporters.
    fn belonging_to(&mut self, duplicate: &Case, target: &Case, merge: i64) -> Result<Leaving> {
        let mut leaving = Leaving { messages: Vec::new(), threads: Vec::new() };
        let since = self.store.messages_since(target.key, merge)?;
        if since.is_empty() {
            return Ok(leaving);
        }
        let messages = self.store.messages(target.key)?;
        for message in messages.iter().filter(|message| since.contains(&message.id)) {
            let quote = self.quote(message.id)?;
            let mut belongs = None;
            for answered in &quote.answers {
                if leaving.threads.contains(answered)
                    || self.store.holds_message_id(duplicate.key, answered)?
                {
                    belongs = Some(true);
                } else if self.store.holds_message_id(target.key, answered)? {
                    belongs = Some(false);
                }
                if belongs.is_some() {
                    break;
                }
            }
            if belongs.unwrap_or_else(|| is_between(message, duplicate, target)) {
                leaving.messages.push(message.id);
                leaving.threads.extend(quote.message_id);
            }
        }
        Ok(leaving)
    }

    /// What leads to and from a message: its Message-ID and what it answers.
    fn quote(&mut self, message: i64) -> Result<Quote> {
        let Some(raw) = self.store.raw(message)? else { return Ok(Quote::default()) };
        let keys = self.at_hand()?;
        self.readers.reader(&keys).quote(&raw, self.now())
    }
}

/// Whether a message is from or to a reporter of the duplicate, and to none of the target.
fn is_between(message: &Message, duplicate: &Case, target: &Case) -> bool {
    let content = &message.content;
    let others: Vec<&Person> = match message.direction {
        Direction::In => vec![&content.from],
        Direction::Out => content.to.iter().collect(),
    };
    let is_of = |case: &Case| people_of(case).any(|known| others.iter().any(|other| is_same(known, other)));
    let is_targets = others.iter().any(|other| is_same(&target.reporter, other));
    is_of(duplicate) && !is_targets
}

/// What the target gives up with a duplicate: its reporters, unless another
/// duplicate names them too, and the date that only they asked for, for the one that stood before.
fn losses(
    writer: &Writer<'_>,
    target: &Case,
    duplicate: &Case,
    asked_before: Option<Demand>,
) -> Result<Vec<Change>> {
    let mut kept: Vec<Case> = Vec::new();
    for key in writer.merged_into(target.key)?.into_iter().filter(|key| *key != duplicate.key) {
        kept.push(writer.case(key)?);
    }
    let mut also_by = target.also_by.clone();
    also_by.retain(|one| {
        let has = |case: &Case| people_of(case).any(|known| is_same(known, one));
        !has(duplicate) || kept.iter().any(has)
    });
    let is_theirs = target.demand.is_some()
        && target.demand == duplicate.demand
        && kept.iter().all(|case| case.demand != target.demand);
    let demand = if is_theirs { asked_before } else { target.demand.clone() };
    let changes = [Change::AlsoBy(also_by), Change::Demand(demand)];
    Ok(changes.into_iter().filter(|change| *change != change.current_in(target)).collect())
}

/// The messages that were named, oldest first, where they may leave the case.
fn leaving<'a>(source: &Case, all: &'a [Message], named: &[i64]) -> Result<Vec<&'a Message>> {
    let id = text::line(&source.id);
    if let Some(into) = &source.merged_into {
        let into = text::line(&into.id);
        return Err(Error::Refused(format!(
            "{id} was merged into {into}, which has its messages; 'ninety split {id}' takes all of it out, 'ninety split {into} MESSAGE...' some messages"
        )));
    }
    if let Some(other) = named.iter().find(|number| all.iter().all(|message| message.id != **number)) {
        return Err(Error::Refused(format!(
            "message {other} is not in {id}; 'ninety show {id}' numbers its messages"
        )));
    }
    let first = all.iter().find(|message| message.direction == Direction::In);
    if let Some(first) = first.filter(|first| named.contains(&first.id)) {
        return Err(Error::Refused(format!(
            "message {} opened {id} and stays in it; name those that do not belong to it",
            first.id
        )));
    }
    Ok(all.iter().filter(|message| named.contains(&message.id)).collect())
}
