//! What became due, or will soon, and was not told yet.

use std::fs::File;
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use rustix::fs::{FlockOperation, flock};
use rustix::io::Errno;

use super::{Desk, Error, Result};
use crate::store::Told;
use crate::triage::clocks::Clock;
use crate::triage::reminder::Stage;
use crate::triage::{Case, CaseKey};

/// One line for a case and a stage: the clocks that reached it.
#[derive(Debug, Clone, PartialEq)]
pub struct Reminder {
    /// The case.
    pub case: Case,
    /// How far its clocks are.
    pub stage: Stage,
    /// The clocks that are so far and were not told of yet, what is due first before all.
    pub clocks: Vec<Clock>,
}

impl Reminder {
    fn told(&self) -> Vec<Told> {
        let told = |clock: &Clock| Some(told(self.case.key, clock, clock.due_at?, self.stage));
        self.clocks.iter().filter_map(told).collect()
    }
}

fn told(key: CaseKey, clock: &Clock, due: chrono::DateTime<chrono::Utc>, stage: Stage) -> Told {
    (key, clock.name(), due, stage)
}

/// The turn to tell of a store: nobody else tells while it is held. The system
/// takes it back from whoever ends, however that was.
#[derive(Debug)]
#[must_use]
pub struct Telling {
    _directory: File,
}

/// How often it is looked whether the turn has come.
const TICK: Duration = Duration::from_millis(50);

impl Desk {
    /// Waits for the turn to tell what became due. Two at once would both read
    /// what neither has told yet, and tell it twice.
    ///
    /// # Errors
    /// When another process holds it for longer than `patience`, or the
    /// directory of the store cannot be locked.
    pub fn turn_to_tell(&self, patience: Duration) -> Result<Telling> {
        let path = self.place.directory();
        let directory = File::open(path).map_err(|source| Error::file(path, source))?;
        let begun = Instant::now();
        loop {
            match flock(&directory, FlockOperation::NonBlockingLockExclusive) {
                Ok(()) => return Ok(Telling { _directory: directory }),
                Err(Errno::WOULDBLOCK) if begun.elapsed() >= patience => {
                    return Err(Error::Refused(
                        "another 'ninety remind' is at work on this store; what it does not tell comes the next time".to_owned(),
                    ));
                }
                Err(Errno::WOULDBLOCK | Errno::INTR) => std::thread::sleep(TICK.min(patience)),
                Err(error) => return Err(Error::file(path, error.into())),
            }
        }
    }

    /// What the actor is to be reminded of: clocks that count and are due
    /// `within` that time or were before, in the order of the queue; each stage
    /// of a clock until it is [`mark_reminded`](Self::mark_reminded). A clock
    /// that moves counts anew.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn reminders(&mut self, within: TimeDelta) -> Result<Vec<Reminder>> {
        let (zone, now) = (self.rules.calendar.zone, self.now());
        let known = self.store.reminded(&self.actor)?;
        let mut reminders: Vec<Reminder> = Vec::new();
        for case in self.open_cases()? {
            if case.merged_into.is_some() {
                continue;
            }
            let mut due: Vec<(Stage, Clock)> = case
                .clocks(&zone, now)
                .into_iter()
                .filter(|clock| clock.state.is_counting())
                .filter_map(|clock| Some((Stage::of(clock.due_at?, now, within)?, clock)))
                .filter(|(stage, clock)| {
                    clock.due_at.is_some_and(|due| !known.contains(&told(case.key, clock, due, *stage)))
                })
                .collect();
            due.sort_by_key(|(stage, clock)| (std::cmp::Reverse(*stage), clock.due_at));
            for (stage, clock) in due {
                match reminders.last_mut().filter(|last| last.case.key == case.key && last.stage == stage) {
                    Some(last) => last.clocks.push(clock),
                    None => reminders.push(Reminder { case: case.clone(), stage, clocks: vec![clock] }),
                }
            }
        }
        Ok(reminders)
    }

    /// Notes that the actor was reminded: never again of the same.
    ///
    /// # Errors
    /// When the store fails.
    pub fn mark_reminded(&mut self, reminders: &[Reminder]) -> Result<()> {
        let (actor, now) = (self.actor.clone(), self.now());
        self.store.write(|writer| {
            for told in reminders.iter().flat_map(Reminder::told) {
                writer.mark_reminded(&actor, &told, now)?;
            }
            Ok(())
        })
    }
}
