//! A drill while it runs: its store, its clock, and the scenario that plays in it.

mod actors;
mod bulletin;
mod report;
mod set_up;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::Error;
use super::cast::Cast;
use super::dice::Dice;
use super::plot::{self, Cue, Turn};
use super::record::{Happening, Known, Logged, OwnKey, Record};
use super::scenario::{Scenario, Whose};
use crate::desk::{COMPARED, Clock, Desk, Pace};
use crate::triage::CaseKey;
use crate::triage::words::words;

/// Who sets up a drill.
const SETUP: &str = "drill";
/// Who takes in mail.
const INTAKE: &str = "intake";
/// What the store keeps of a drill: what it is, and its log.
const FACTS: &str = "drill";
const LOG: &str = "drill_log";

words! {
    /// How a drill is played.
    pub enum Mode ("mode of a drill") {
        /// By one person, with hints.
        Solo = "solo",
        /// By several people on one store, with a facilitator.
        Team = "team",
        /// By one person, without hints, at the clock's own pace.
        Exam = "exam",
        /// By a script of keys.
        Headless = "headless",
    }
}

/// Who sits at a console of a drill.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seating {
    /// Who plays alone.
    Player,
    /// Who sees the scenario and plays it.
    Facilitator,
    /// One of a team.
    Member,
}

/// What the store keeps of a drill from its start on.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Facts {
    name: String,
    /// The scenario's file.
    text: String,
    seed: u64,
    mode: Mode,
}

/// A drill.
pub struct Drill {
    scenario: Scenario,
    seed: Dice,
    mode: Mode,
    seating: Seating,
    cast: Cast,
    cues: Vec<Cue>,
    /// The stage's own desk; away only while somebody acts at it.
    desk: Option<Desk>,
    pace: Pace,
    log: Vec<Logged>,
    /// Up to when all that was due has been played.
    played_to: DateTime<Utc>,
    /// The hint that was asked for last, while it is shown.
    shown: Option<usize>,
}

impl Drill {
    /// The scenario.
    pub fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    /// The clock of the drill.
    pub fn pace(&self) -> &Pace {
        &self.pace
    }

    /// What all that chance decides came from.
    pub fn seed(&self) -> u64 {
        self.seed.0
    }

    /// Whether it has ended.
    pub fn is_over(&self) -> bool {
        self.log.iter().any(|entry| entry.what == Happening::Ended)
    }

    /// When an inject happened, if it did.
    pub fn played_at(&self, inject: &str) -> Option<DateTime<Utc>> {
        self.log.iter().find_map(|entry| match &entry.what {
            Happening::Played { id, .. } if id == inject => Some(entry.at),
            _ => None,
        })
    }

    /// A word of a script with the identifier of its case for each `{inject}`.
    pub fn with_ids(&self, word: &str) -> String {
        let mut written = word.to_owned();
        for entry in &self.log {
            let Happening::Played { id, case: Some(case), .. } = &entry.what else { continue };
            let named = format!("{{{id}}}");
            if written.contains(&named)
                && let Some(case) = self.desk.as_ref().and_then(|desk| desk.case(CaseKey(*case)).ok())
            {
                written = written.replace(&named, &case.id);
            }
        }
        written
    }

    /// When something next happens by itself, the end at the latest.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn next_at(&mut self) -> Result<DateTime<Utc>, Error> {
        let record = self.record()?;
        Ok(self.next_in(&record))
    }

    fn next_in(&self, record: &Record) -> DateTime<Utc> {
        let dropped = self.dropped();
        let due = self.cues.iter().filter_map(|cue| match plot::turn(cue, record, &dropped) {
            Turn::Due(at) => Some(at),
            _ => None,
        });
        due.min().unwrap_or(DateTime::<Utc>::MAX_UTC).min(self.scenario.ends_at())
    }

    /// Plays everything that is due until `to`, each at its time, and ends the
    /// drill where its time is over.
    ///
    /// # Errors
    /// When the store fails.
    pub fn advance(&mut self, to: DateTime<Utc>) -> Result<(), Error> {
        self.read_log()?;
        let end = self.scenario.ends_at();
        while !self.is_over() {
            let record = self.record()?;
            let Some((place, at)) = self.first_due(&record, to.min(end)) else { break };
            let at = at.max(self.played_to);
            self.come(place, at, &record)?;
        }
        if to >= end {
            self.end(end)?;
        }
        self.played_to = self.played_to.max(to);
        Ok(())
    }

    /// The cue that is due first until `to`: of several at one time the first of the scenario.
    fn first_due(&self, record: &Record, to: DateTime<Utc>) -> Option<(usize, DateTime<Utc>)> {
        let dropped = self.dropped();
        let due =
            self.cues.iter().enumerate().filter_map(|(place, cue)| match plot::turn(cue, record, &dropped) {
                Turn::Due(at) if at <= to => Some((place, at)),
                _ => None,
            });
        due.min_by_key(|(place, at)| (*at, *place))
    }

    /// A cue's time has come: it happens, unless something prevents it.
    fn come(&mut self, place: usize, at: DateTime<Utc>, record: &Record) -> Result<(), Error> {
        let Some(cue) = self.cues.get(place).cloned() else { return Ok(()) };
        if plot::is_prevented(&cue, record) {
            return self.note(at, SETUP, Happening::Dropped { id: cue.id });
        }
        self.play(&cue, at)
    }

    fn dropped(&self) -> BTreeSet<String> {
        let dropped = self.log.iter().filter_map(|entry| match &entry.what {
            Happening::Dropped { id } => Some(id.clone()),
            _ => None,
        });
        dropped.collect()
    }

    /// Ends the drill; its clock stands still from then on.
    fn end(&mut self, at: DateTime<Utc>) -> Result<(), Error> {
        if self.is_over() {
            return Ok(());
        }
        self.pace.pause().map_err(|error| Error::clock(&error))?;
        self.note(at, SETUP, Happening::Ended)
    }

    /// Ends the drill now.
    ///
    /// # Errors
    /// When the store fails.
    pub fn finish(&mut self) -> Result<(), Error> {
        let now = self.pace.now();
        self.advance(now)?;
        self.end(now)
    }

    /// Writes something down in the log.
    fn note(&mut self, at: DateTime<Utc>, by: &str, what: Happening) -> Result<(), Error> {
        self.log.push(Logged { at, by: by.to_owned(), what });
        let log = serde_json::to_string(&self.log).map_err(|error| Error::Damaged(error.to_string()))?;
        self.desk()?.set_aside(LOG, &log)?;
        Ok(())
    }

    fn desk(&mut self) -> Result<&mut Desk, Error> {
        self.desk
            .as_mut()
            .ok_or_else(|| Error::Damaged("the drill's store was closed after a failure".into()))
    }

    /// Lets somebody act at the stage's desk at a time.
    fn acting<T>(
        &mut self,
        who: &str,
        at: DateTime<Utc>,
        act: impl FnOnce(&mut Desk) -> Result<T, Error>,
    ) -> Result<T, Error> {
        self.desk()?;
        let away = || Error::Damaged("the drill's store was closed after a failure".into());
        let mut desk = self.desk.take().ok_or_else(away)?.handed_to(who, Clock::Frozen(at));
        let done = act(&mut desk);
        self.desk = Some(desk);
        done
    }

    /// What happened so far.
    fn record(&mut self) -> Result<Record, Error> {
        let (starts, ends) = (self.scenario.about.starts, self.scenario.ends_at());
        self.sit_at_present()?;
        let people = self.known_people()?;
        let log = self.log.clone();
        let desk = self.desk()?;
        let mut own_keys = Vec::new();
        for key in desk.keys()?.into_iter().filter(|key| key.secret) {
            let history = desk.key_history(&key.fingerprint)?;
            let made = (history.added.0, history.added.1.clone());
            let since = history.events.last().map_or(made, |event| (event.at, event.by.clone()));
            own_keys.push(OwnKey { ends: key.expires, is_usable: key.is_usable, since });
        }
        Ok(Record {
            starts,
            ends,
            cases: desk.chronicles()?,
            log,
            handovers: desk.handovers()?,
            own_keys,
            people: people.into_iter().collect(),
        })
    }

    /// The stage's desk stands where somebody acted last; what is so is seen from the present.
    fn sit_at_present(&mut self) -> Result<(), Error> {
        let now = self.pace.now().max(self.played_to);
        self.acting(SETUP, now, |_| Ok(()))
    }

    fn known_people(&mut self) -> Result<Vec<(String, Known)>, Error> {
        let mut people = Vec::new();
        for (key, member) in self.cast.members() {
            let fingerprint = |whose| member.key(whose).map(|key| key.fingerprint.clone());
            people.push((
                key.clone(),
                Known {
                    name: member.person.name.clone(),
                    email: member.person.email.to_lowercase(),
                    own: fingerprint(Whose::Own),
                    other: fingerprint(Whose::Other),
                    compared: Default::default(),
                },
            ));
        }
        let desk = self.desk()?;
        let all = desk.keys()?;
        for (_, known) in &mut people {
            let fingerprints = [known.own.clone(), known.other.clone()];
            for fingerprint in fingerprints.into_iter().flatten() {
                if let Some(key) = all.iter().find(|key| key.fingerprint == fingerprint) {
                    let history = desk.key_history(&key.fingerprint)?;
                    let compared = history.events.iter().filter(|event| event.what.starts_with(COMPARED));
                    let compared = compared.map(|event| (event.at, event.by.clone())).collect();
                    known.compared.insert(fingerprint, compared);
                }
            }
        }
        Ok(people)
    }
}

impl Error {
    fn clock(error: &std::io::Error) -> Self {
        Self::Damaged(format!("the drill's clock: {error}"))
    }
}
