//! Duplicates: merged into the oldest case, split from it again, and messages
//! that were joined wrongly taken out into a case of their own.
//!
//! A merge moves the messages and leaves the threads: later mail finds the
//! duplicate, and intake follows it to the case that holds it. So taking the
//! merge back is exact, and a split gives every thread back to its case.

mod apart;
mod replay;

use std::sync::Arc;

use super::decide::{Work, locally, to_events};
use super::{Desk, Error, Outcome, Result};
use crate::store::{Batch, Role, Writer};
use crate::text;
use crate::triage::case::{DisclosureSource, Merged};
use crate::triage::{Case, CaseKey, Change, Decision, Person, Resolution, Sitting, State, What};

pub(super) use replay::{rebased, that_fit};

/// What a merge would do, before it is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MergePlan {
    /// Identifier of the case that stays: the oldest.
    pub target: String,
    /// Identifiers of the duplicates, the oldest first.
    pub duplicates: Vec<String>,
    /// What a person should know before and after. Safe text.
    pub remarks: Vec<String>,
}

impl MergePlan {
    /// `SEC-2026-0007 and SEC-2026-0009 into SEC-2026-0002`. Safe text.
    pub fn in_words(&self) -> String {
        format!("{} into {}", listed(&self.duplicates), text::line(&self.target))
    }
}

/// `A`, `A and B`, `A, B and C`.
fn listed(ids: &[String]) -> String {
    let safe: Vec<String> = ids.iter().map(|id| text::line(id)).collect();
    match safe.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => safe.concat(),
    }
}

impl Desk {
    /// What merging `cases` would do.
    ///
    /// # Errors
    /// As [`merge`](Self::merge).
    pub fn merge_plan(&self, cases: &[CaseKey]) -> Result<MergePlan> {
        let cases = cases.iter().map(|key| self.case(*key)).collect::<Result<Vec<_>>>()?;
        let (target, duplicates) = sorted(cases)?;
        for duplicate in &duplicates {
            refuse_chain(duplicate, &self.store.merged_into(duplicate.key)?, |key| self.store.case(key))?;
        }
        Ok(plan(&target, &duplicates))
    }

    /// Merges duplicates into the oldest of `cases`: their messages go there,
    /// and so will later mail of their threads; their reporters are named
    /// beside the first; they are closed as duplicates. One batch, one undo.
    ///
    /// # Errors
    /// Refusals with the mend: fewer than two cases, one that is merged or
    /// holds duplicates itself, one that is restricted to others than the
    /// oldest. Nothing is done then.
    pub fn merge(&mut self, cases: &[CaseKey]) -> Result<Outcome> {
        let (actor, now, rules) = (self.actor.clone(), self.now(), Arc::clone(&self.rules));
        let sitting = Sitting { actor: &actor, now, rules: &rules };
        self.store.write(|writer| {
            let mut found = Vec::new();
            for key in cases {
                found.push(open_to(writer.case(*key)?, &actor)?);
            }
            let (mut target, mut duplicates) = sorted(found)?;
            for duplicate in &duplicates {
                refuse_chain(duplicate, &writer.merged_into(duplicate.key)?, |key| writer.case(key))?;
            }
            let plan = plan(&target, &duplicates);
            let batch = writer.begin_batch(&actor, now, Role::Do)?;
            let mut work = Work::by_a_person(writer, now);
            for duplicate in &mut duplicates {
                Merge { writer, work: &mut work, batch, sitting: &sitting }.absorb(&mut target, duplicate)?;
            }
            let mut outcome = work.outcome;
            let remarks: String = plan.remarks.iter().map(|remark| format!("; {remark}")).collect();
            outcome.summary = format!("merged {}{remarks}", plan.in_words());
            Ok(outcome)
        })
    }
}

/// The case, where `actor` may see it.
fn open_to(case: Case, actor: &str) -> Result<Case> {
    if case.is_open_to(actor) { Ok(case) } else { Err(Error::Restricted(case.id)) }
}

/// The oldest of the cases, and the others as its duplicates, oldest first.
fn sorted(mut cases: Vec<Case>) -> Result<(Case, Vec<Case>)> {
    cases.sort_by_key(|case| (case.received_at, case.key));
    cases.dedup_by_key(|case| case.key);
    let merged = cases.iter().find_map(|case| Some((case, case.merged_into.as_ref()?)));
    if let Some((case, into)) = merged {
        return Err(Error::Refused(format!(
            "{id} was merged into {into} already; name {into} instead, or take it out first with 'ninety split {id}'",
            id = text::line(&case.id),
            into = text::line(&into.id)
        )));
    }
    let mut cases = cases.into_iter();
    let target = cases.next().ok_or_else(too_few)?;
    let duplicates: Vec<Case> = cases.collect();
    if duplicates.is_empty() {
        return Err(too_few());
    }
    match duplicates.iter().find(|case| !same_readers(case, &target)) {
        None => Ok((target, duplicates)),
        Some(other) => Err(Error::Refused(format!(
            "{} and {} are not restricted to the same people, and a merge would show the one to the readers of the other; restrict them alike first",
            text::line(&other.id),
            text::line(&target.id)
        ))),
    }
}

fn too_few() -> Error {
    Error::Refused("a merge needs two cases at least; name both, or mark them with x and press M".into())
}

fn same_readers(one: &Case, other: &Case) -> bool {
    let names = |case: &Case| {
        let mut names: Vec<String> = case.readers.iter().map(|name| name.to_lowercase()).collect();
        names.sort();
        names
    };
    names(one) == names(other)
}

/// A case that holds duplicates does not become one: a chain could not be split again.
fn refuse_chain(
    duplicate: &Case,
    held: &[CaseKey],
    case: impl Fn(CaseKey) -> crate::store::Result<Case>,
) -> Result<()> {
    let Some(first) = held.first() else { return Ok(()) };
    let (id, first) = (text::line(&duplicate.id), text::line(&case(*first)?.id));
    Err(Error::Refused(format!(
        "{id} holds {first}, so it cannot become a duplicate itself; take that out first with 'ninety split {first}', then merge all of them together"
    )))
}

fn plan(target: &Case, duplicates: &[Case]) -> MergePlan {
    let id = text::line(&target.id);
    let mut remarks = Vec::new();
    for duplicate in duplicates {
        let other = text::line(&duplicate.id);
        if duplicate.acknowledged_at.is_none() {
            let to = text::line(&duplicate.reporter.email);
            remarks.push(format!("{to} was not answered yet ('ninety reply {id} --to {to}')"));
        }
        if duplicate.exploited && !target.exploited {
            remarks.push(format!(
                "{other} is exploited in the wild: is {id}? (e in the console, or exploited=yes)"
            ));
        }
        let is_promised = duplicate.disclosure.source != DisclosureSource::Policy;
        if is_promised && duplicate.disclosure.at < target.disclosure.at {
            let date = locally(duplicate.disclosure.at);
            remarks.push(format!("the date of {other} is earlier, {date}: d or disclosure= sets it on {id}"));
        }
    }
    let duplicates = duplicates.iter().map(|case| case.id.clone()).collect();
    MergePlan { target: target.id.clone(), duplicates, remarks }
}

/// One duplicate on its way.
struct Merge<'a, 'b, 'c> {
    writer: &'a Writer<'b>,
    work: &'a mut Work<'c, 'b>,
    batch: Batch,
    sitting: &'a Sitting<'a>,
}

impl Merge<'_, '_, '_> {
    fn absorb(self, target: &mut Case, duplicate: &mut Case) -> Result<()> {
        let messages = self.writer.messages_of(duplicate.key)?;
        let moved = (!messages.is_empty()).then(|| moved(messages, duplicate, target, Vec::new()));
        let into = Merged { key: target.key.0, id: target.id.clone() };
        let close = Decision::State(State::Closed, Some(Resolution::Duplicate));
        let closed = close
            .changes(duplicate, self.sitting)
            .map_err(|refusal| Error::Refused(format!("{}: {refusal}", text::line(&duplicate.id))))?;
        let mut changes = vec![Change::Merged(Some(into))];
        changes.extend(closed);
        changes.extend(duplicate.unread.then_some(Change::Unread(false)));
        let gains = gains(target, duplicate);
        let leaves = to_events(duplicate, changes).into_iter().chain(moved.clone()).collect();
        self.work.record(duplicate, self.batch, leaves)?;
        let arrives = moved.into_iter().chain(to_events(target, gains)).collect();
        self.work.record(target, self.batch, arrives)
    }
}

/// That messages of `from` go to `to`, with the mails that answer `threads`.
fn moved(messages: Vec<i64>, from: &Case, to: &Case, threads: Vec<String>) -> What {
    let ids = (from.id.clone(), to.id.clone());
    What::Moved { messages, from: from.key.0, to: to.key.0, ids, threads }
}

/// What the target takes over from a duplicate.
fn gains(target: &Case, duplicate: &Case) -> Vec<Change> {
    let mut also_by = target.also_by.clone();
    for person in people_of(duplicate) {
        if !is_same(person, &target.reporter) && !also_by.iter().any(|known| is_same(known, person)) {
            also_by.push(person.clone());
        }
    }
    let mut tags: Vec<String> = target.tags.iter().chain(&duplicate.tags).cloned().collect();
    tags.sort();
    tags.dedup();
    let earliest = target.demand.iter().chain(&duplicate.demand).min_by_key(|demand| demand.at).cloned();
    let unread = target.unread || duplicate.unread;
    let all = [Change::AlsoBy(also_by), Change::Tags(tags), Change::Demand(earliest), Change::Unread(unread)];
    all.into_iter().filter(|change| *change != change.current_in(target)).collect()
}

/// Everybody who reported a case.
fn people_of(case: &Case) -> impl Iterator<Item = &Person> {
    std::iter::once(&case.reporter).chain(&case.also_by)
}

/// Whether both are one person: by address, and by name where there is none.
fn is_same(one: &Person, other: &Person) -> bool {
    let email = |person: &Person| person.email.to_lowercase();
    email(one) == email(other) && (!one.email.is_empty() || one.name == other.name)
}

#[cfg(test)]
mod tests;
