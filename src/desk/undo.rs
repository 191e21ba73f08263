//! Undo and redo: each one transaction that takes a batch back, or makes it again.

mod told;

use chrono::{DateTime, Utc};

use told::Told;

use super::decide::{NOT_FOR_YOU, Work, inverse, stale};
use super::{Desk, Error, Outcome, merging};
use crate::store::{Role, Writer};
use crate::triage::{CaseKey, What};

/// What became of an undo that asks first about what is old.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Undone {
    /// It was done.
    Done(Outcome),
    /// Nothing was done: the decision is older.
    Older(Earlier),
}

/// A decision that could be taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Earlier {
    /// The batch that it was.
    pub batch: i64,
    /// When it was made.
    pub at: DateTime<Utc>,
    /// On what, and how that changes: `SEC-2026-0042: priority P2 -> P1`. Safe to show.
    pub words: String,
}

/// Entries that are to be written, and what follows from where they come from.
struct Replay {
    role: Role,
    entries: Vec<(CaseKey, What)>,
    /// Whether an answer belongs to the batch: it was written, and stays so.
    answered: bool,
}

impl Desk {
    /// Takes back the actor's latest decision.
    ///
    /// # Errors
    /// When the store fails, or there is nothing to take back.
    pub fn undo(&mut self) -> Result<Outcome, Error> {
        let actor = self.actor.clone();
        self.replay("undone", |writer| taking_back(writer, latest(writer, &actor)?))
    }

    /// Takes back the actor's latest decision if it was made at `since` or
    /// later; an older one is only named.
    ///
    /// # Errors
    /// As [`undo`](Self::undo).
    pub fn undo_since(&mut self, since: DateTime<Utc>) -> Result<Undone, Error> {
        let earlier = self.latest_decision()?;
        if earlier.at < since {
            return Ok(Undone::Older(earlier));
        }
        self.undo_batch(earlier.batch).map(Undone::Done)
    }

    /// Takes back this batch, as long as it still is the actor's latest decision.
    ///
    /// # Errors
    /// As [`undo`](Self::undo), and when another decision is the latest by now.
    pub fn undo_batch(&mut self, batch: i64) -> Result<Outcome, Error> {
        let actor = self.actor.clone();
        self.replay("undone", |writer| match latest(writer, &actor)? {
            found if found == batch => taking_back(writer, batch),
            _ => Err(Error::Refused("another decision is your latest by now; look again".to_owned())),
        })
    }

    /// Makes again what the actor took back last.
    ///
    /// # Errors
    /// When the store fails, or there is nothing to make again.
    pub fn redo(&mut self) -> Result<Outcome, Error> {
        let actor = self.actor.clone();
        self.replay("done again", |writer| {
            let nothing = || Error::Refused(format!("{} has nothing to redo", crate::text::line(&actor)));
            let target = writer.redoable(&actor)?.ok_or_else(nothing)?;
            Ok(Replay { role: Role::Redo(target), entries: writer.entries(target)?, answered: false })
        })
    }

    /// What undo would take back now. Writes nothing.
    fn latest_decision(&mut self) -> Result<Earlier, Error> {
        let actor = self.actor.clone();
        self.store.rehearse(|writer| -> Result<Earlier, Error> {
            let batch = latest(writer, &actor)?;
            let replay = taking_back(writer, batch)?;
            let mut told = Told::default();
            for (key, what) in replay.entries {
                let case = writer.case(key)?;
                // Of what was closed to them since they learn nothing.
                if case.is_open_to(&actor) {
                    told.add(&case.id, what);
                }
            }
            let words = told.asked(replay.answered);
            Ok(Earlier { batch, at: writer.made_at(batch)?, words })
        })
    }

    /// Writes a batch of given entries; those that no longer fit are named and left out.
    fn replay(
        &mut self,
        verb: &str,
        find: impl FnOnce(&Writer<'_>) -> Result<Replay, Error>,
    ) -> Result<Outcome, Error> {
        let (actor, now) = (self.actor.clone(), self.now());
        let mut told = Told::default();
        let mut answered = false;
        let mut outcome = self.store.write(|writer| -> Result<Outcome, Error> {
            let replay = find(writer)?;
            answered = replay.answered;
            let batch = writer.begin_batch(&actor, now, replay.role)?;
            let takes_back = matches!(replay.role, Role::Undo(_));
            let mut work = if takes_back { Work::quietly(writer) } else { Work::by_a_person(writer, now) };
            for (key, what) in merging::that_fit(writer, replay.entries, &mut work.outcome)? {
                let mut case = writer.case(key)?;
                let what = merging::rebased(&case, what);
                // Who was shut out since learns nothing by taking back what they did before.
                let hidden = (!case.is_open_to(&actor)).then(|| NOT_FOR_YOU.to_owned());
                match hidden.or_else(|| stale(&case, &what)) {
                    Some(reason) => work.outcome.refused.push((case.id, reason)),
                    None => {
                        told.add(&case.id, what.clone());
                        if takes_back {
                            // Nobody has worked on a case whose only work was a mistake.
                            case.touched_at = writer.worked_on_at(key)?.unwrap_or(case.received_at);
                        }
                        work.record(&mut case, batch, vec![what])?;
                    }
                }
            }
            Ok(work.outcome)
        })?;
        outcome.summary = match (outcome.changed.is_empty(), outcome.refused.first()) {
            (true, Some((id, reason))) => format!("{id}: {reason}"),
            _ => told.done(verb, answered),
        };
        Ok(outcome)
    }
}

/// The latest decision of `actor` that is in force.
fn latest(writer: &Writer<'_>, actor: &str) -> Result<i64, Error> {
    let nothing = || Error::Refused(format!("{} has nothing to undo", crate::text::line(actor)));
    writer.undoable(actor)?.ok_or_else(nothing)
}

/// What takes a batch back.
fn taking_back(writer: &Writer<'_>, batch: i64) -> Result<Replay, Error> {
    let entries = writer.entries(batch)?;
    let answered = entries.iter().any(|(_, what)| matches!(what, What::Answered { .. }));
    let back = entries.into_iter().rev().filter_map(|(case, what)| Some((case, inverse(what)?)));
    Ok(Replay { role: Role::Undo(batch), entries: back.collect(), answered })
}
