//! Decisions: each one transaction that changes cases and appends what happened.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{DateTime, Local, Utc};

use super::keys::worst_in;
use super::preview::left_open;
use super::{Desk, Error, Order, Outcome, away};
use crate::store::{Batch, Role, Writer};
use crate::triage::lane::LaneStep;
use crate::triage::{Case, CaseKey, Change, Decision, Sitting, What};

impl Desk {
    /// Carries out `orders` as one batch that one undo takes back. Orders that
    /// cannot be carried out are named in the outcome; the others are done.
    ///
    /// # Errors
    /// When the store fails; then nothing was done.
    pub fn decide(&mut self, orders: &[Order]) -> Result<Outcome, Error> {
        let (actor, now, rules) = (self.actor.clone(), self.now(), Arc::clone(&self.rules));
        let sitting = Sitting { actor: &actor, now, rules: &rules };
        let mut asked = BTreeSet::new();
        let outcome = self.store.write(|writer| -> Result<Outcome, Error> {
            let mut work = Work::by_a_person(writer, now);
            for order in orders {
                let mut case = writer.case(order.case)?;
                match judge(writer, &case, order, &sitting)? {
                    Err(reason) => work.outcome.refused.push((case.id, reason)),
                    Ok(what) if what.is_empty() => {}
                    Ok(what) => {
                        work.outcome.left_open.extend(left_open(writer, &case, order, &sitting)?);
                        work.outcome.steps.extend(steps(&what));
                        asked.extend(away::asked(&what).map(str::to_owned));
                        let batch = work.batch(|| writer.begin_batch(&actor, now, Role::Do))?;
                        work.record(&mut case, batch, what)?;
                        if matches!(order.decision, Decision::Readers(_)) {
                            work.restrict_duplicates(&case, batch)?;
                        }
                    }
                }
            }
            Ok(work.outcome)
        })?;
        let mut outcome = summarised(outcome, &describe(orders));
        if let Some(told) = away::told(&asked, &rules.calendar, now) {
            outcome.summary = format!("{}; {told}", outcome.summary);
        }
        Ok(outcome)
    }

    /// Notes that the actor looked at a case: not a decision, so never undone.
    ///
    /// # Errors
    /// When the store fails.
    pub fn mark_read(&mut self, key: CaseKey) -> Result<(), Error> {
        let (actor, now) = (self.actor.clone(), self.now());
        self.store.write(|writer| {
            let mut case = writer.case(key)?;
            if !case.unread || !case.is_open_to(&actor) {
                return Ok(());
            }
            let batch = writer.begin_batch(&actor, now, Role::Quiet)?;
            let events = to_events(&case, vec![Change::Unread(false)]);
            Work::quietly(writer).record(&mut case, batch, events)
        })
    }
}

/// A batch under way.
pub(super) struct Work<'a, 'b> {
    writer: &'a Writer<'b>,
    begun: Option<Batch>,
    /// When a person did it; `None` where nobody did anything to the case.
    touched_at: Option<DateTime<Utc>>,
    pub(super) outcome: Outcome,
}

impl<'a, 'b> Work<'a, 'b> {
    /// Something that a person does to cases at `now`.
    pub(super) fn by_a_person(writer: &'a Writer<'b>, now: DateTime<Utc>) -> Self {
        Self { writer, begun: None, touched_at: Some(now), outcome: Outcome::default() }
    }

    /// Something that happens to cases while nobody works on them.
    pub(super) fn quietly(writer: &'a Writer<'b>) -> Self {
        Self { writer, begun: None, touched_at: None, outcome: Outcome::default() }
    }

    /// The batch, begun when the first order turns out to change something.
    fn batch(&mut self, begin: impl FnOnce() -> crate::store::Result<Batch>) -> Result<Batch, Error> {
        match self.begun {
            Some(batch) => Ok(batch),
            None => Ok(*self.begun.insert(begin()?)),
        }
    }

    /// Gives the duplicates of a case its readers: they tell of the same bug.
    fn restrict_duplicates(&mut self, case: &Case, batch: Batch) -> Result<(), Error> {
        for key in self.writer.merged_into(case.key)? {
            let mut duplicate = self.writer.case(key)?;
            if duplicate.readers != case.readers {
                let entries = to_events(&duplicate, vec![Change::Readers(case.readers.clone())]);
                self.record(&mut duplicate, batch, entries)?;
            }
        }
        Ok(())
    }

    /// Makes `case` what the entries say and appends them to its timeline.
    pub(super) fn record(&mut self, case: &mut Case, batch: Batch, entries: Vec<What>) -> Result<(), Error> {
        case.version += 1;
        case.touched_at = self.touched_at.map_or(case.touched_at, |at| at.max(case.touched_at));
        let reworded = entries.iter().any(changes_words);
        let moved = entries.iter().any(|what| matches!(what, What::Moved { .. }));
        for what in entries {
            self.writer.append(batch, case, &what)?;
            match what {
                What::Changed { after, .. } => after.apply(case),
                // Both cases tell of it; the one that they leave has it done.
                What::Moved { messages, from, to, threads, .. } if from == case.key.0 => {
                    self.writer.move_messages(&messages, &threads, case.key, CaseKey(to))?;
                }
                _ => {}
            }
        }
        if moved {
            case.encryption = worst_in(self.writer, case)?;
        }
        self.writer.save_case(case)?;
        if reworded {
            self.writer.index_case(case)?;
        }
        if !self.outcome.changed.contains(&case.key) {
            self.outcome.changed.push(case.key);
        }
        Ok(())
    }
}

/// Whether an entry changes what the case can be found by.
fn changes_words(what: &What) -> bool {
    match what {
        What::Noted { .. } | What::NoteWithdrawn { .. } => true,
        What::Changed { after, .. } => matches!(
            after,
            Change::Title(_)
                | Change::Assignee(_)
                | Change::Product(_)
                | Change::Component(_)
                | Change::Tags(_)
        ),
        _ => false,
    }
}

/// What an order does to the case, or why it is refused.
pub(super) fn judge(
    writer: &Writer<'_>,
    case: &Case,
    order: &Order,
    sitting: &Sitting<'_>,
) -> Result<Result<Vec<What>, String>, Error> {
    if !case.is_open_to(sitting.actor) {
        return Ok(Err(NOT_FOR_YOU.to_owned()));
    }
    if let Decision::Note(note) = &order.decision {
        return Ok(Ok(vec![What::Noted { note: note.clone() }]));
    }
    let changes = match order.decision.changes(case, sitting) {
        Ok(changes) => changes,
        Err(refusal) => return Ok(Err(refusal.to_string())),
    };
    if let Some(seen) = order.seen {
        for change in &changes {
            if let Some(who) = writer.changed_since(case.key, seen, change.field())? {
                let (who, field) = (crate::text::line(&who), change.field());
                let value = crate::text::line(&change.current_in(case).value(&locally));
                return Ok(Err(format!(
                    "{who} has just set the {field} to {value}; look again and repeat it if you still want to"
                )));
            }
        }
    }
    Ok(Ok(to_events(case, changes)))
}

/// Why nothing is done to a case that others restricted.
pub(crate) const NOT_FOR_YOU: &str =
    "it is restricted to other people; ask one of them, or whoever leads the team";

pub(super) fn to_events(case: &Case, changes: Vec<Change>) -> Vec<What> {
    changes.into_iter().map(|after| What::Changed { before: after.current_in(case), after }).collect()
}

/// The entry that takes `what` back, for what can be taken back.
pub(super) fn inverse(what: What) -> Option<What> {
    match what {
        What::Changed { before, after } => Some(What::Changed { before: after, after: before }),
        What::Moved { messages, from, to, ids: (from_id, to_id), threads } => {
            Some(What::Moved { messages, from: to, to: from, ids: (to_id, from_id), threads })
        }
        What::Noted { note } => Some(What::NoteWithdrawn { note }),
        What::NoteWithdrawn { note } => Some(What::Noted { note }),
        _ => None,
    }
}

/// Why an entry no longer fits the case: somebody changed the field in between.
pub(super) fn stale(case: &Case, what: &What) -> Option<String> {
    let What::Changed { before, after } = what else { return None };
    let current = after.current_in(case);
    (current != *before).then(|| {
        format!(
            "the {} is {} by now; left as it is",
            after.field(),
            crate::text::line(&current.value(&locally))
        )
    })
}

/// What entries change: the field, and from what to what. Safe to show.
pub(super) fn steps(entries: &[What]) -> impl Iterator<Item = (String, String)> + '_ {
    let steps = entries.iter().filter_map(|entry| entry.step(&locally));
    steps.map(|(field, step)| (field, crate::text::line(&step)))
}

/// An instant as the person at the desk reads it.
pub(super) fn locally(at: DateTime<Utc>) -> String {
    at.with_timezone(&Local).format("%Y-%m-%d %H:%M %:z").to_string()
}

/// The orders in a few words: `priority P1`, or how many different ones. Safe to show.
pub fn describe(orders: &[Order]) -> String {
    let mut said: Vec<String> =
        orders.iter().map(|order| crate::text::line(&in_words(&order.decision))).collect();
    said.dedup();
    if said.len() == 1 { said.remove(0) } else { format!("{} decisions", said.len()) }
}

fn in_words(decision: &Decision) -> String {
    let or = |value: &Option<String>, none: &str| value.clone().unwrap_or_else(|| none.to_owned());
    match decision {
        Decision::Title(_) => "new title".to_owned(),
        Decision::State(state, Some(resolution)) => format!("{state} as {resolution}"),
        Decision::State(state, None) => state.to_string(),
        Decision::Priority(Some(priority)) => format!("priority {priority}"),
        Decision::Priority(None) => "priority cleared".to_owned(),
        Decision::Assignee(assignee) => format!("assigned to {}", or(assignee, "nobody")),
        Decision::Product(product) => format!("product {}", or(product, "none")),
        Decision::Component(component) => format!("component {}", or(component, "none")),
        Decision::FoundIn(Some(phase)) => format!("found in {phase}"),
        Decision::FoundIn(None) => "found-in phase cleared".to_owned(),
        Decision::Policy(policy) => format!("policy {policy}"),
        Decision::Reason(_) => "reason noted".to_owned(),
        Decision::Disclosure(_) => "disclosure date moved".to_owned(),
        Decision::Demand(true) => "the reporter's date taken".to_owned(),
        Decision::Demand(false) => "the reporter's date not taken".to_owned(),
        Decision::AsProposed => "priority as proposed".to_owned(),
        Decision::Judge(_) | Decision::Assess(_) => "assessment changed".to_owned(),
        Decision::Reach(milestone, Some(_)) => milestone.to_string(),
        Decision::Reach(milestone, None) => format!("not {milestone}"),
        Decision::Lane(lane, LaneStep::Ask { .. }) => format!("{lane} asked"),
        Decision::Lane(lane, LaneStep::Accept) => format!("{lane} accepted"),
        Decision::Lane(lane, LaneStep::Finish(_)) => format!("{lane} done"),
        Decision::Lane(lane, LaneStep::Drop) => format!("{lane} not needed"),
        Decision::Wait(Some(reason)) => format!("waiting for the reporter: {reason}"),
        Decision::Wait(None) => "not waiting any more".to_owned(),
        Decision::Variants(Some(variants)) => format!("variant hunt {variants}"),
        Decision::Variants(None) => "variant hunt open".to_owned(),
        Decision::Readers(readers) if readers.is_empty() => "open to everybody".to_owned(),
        Decision::Readers(readers) => format!("restricted to {}", readers.join(", ")),
        Decision::Obligations(_) => "obligations noted".to_owned(),
        Decision::Noise(0) => "not noise".to_owned(),
        Decision::Noise(_) => "marked as noise".to_owned(),
        Decision::Exploited(true) => "exploited in the wild".to_owned(),
        Decision::Exploited(false) => "not exploited".to_owned(),
        Decision::Tags(_) | Decision::Tag(_) | Decision::Untag(_) => "tags changed".to_owned(),
        Decision::Unread(true) => "marked unread".to_owned(),
        Decision::Unread(false) => "marked read".to_owned(),
        Decision::Note(_) => "note added".to_owned(),
    }
}

/// With what was done in words; what was refused is named beside it.
pub(super) fn summarised(mut outcome: Outcome, what: &str) -> Outcome {
    // What was refused besides is told beside it.
    outcome.summary = match outcome.changed.len() {
        0 if !outcome.refused.is_empty() => String::new(),
        0 => format!("{what}: nothing to change"),
        1 => what.to_owned(),
        count => format!("{what} on {count} cases"),
    };
    outcome
}
