//! Who is on call, and how a shift goes from one person to the next.

use chrono::{DateTime, Utc};

use super::{Desk, Error, Result};
use crate::text;
use crate::triage::calendar::Absence;
use crate::triage::handover::{Handover, Item, Red};
use crate::triage::rules::Shift;
use crate::triage::{CaseKey, Query};

/// A shift of the rota, and whether its person is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Turn {
    /// Who, from when, until when.
    pub shift: Shift,
    /// When that person is away in it.
    pub absent: Option<Absence>,
}

/// One case of a hand-over as the actor sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Identifier of the case.
    pub id: String,
    /// What it is about; none where the case is restricted to others. Foreign text.
    pub title: Option<String>,
    /// Why it is on the list; nothing where the case is restricted to others.
    pub why: Vec<Red>,
}

impl Desk {
    /// The shift of now and the `next` ones; none where the configuration has no rota.
    pub fn turns(&self, next: usize) -> Option<Vec<Turn>> {
        let (rota, calendar) = (self.rules.rota.as_ref()?, &self.rules.calendar);
        let turn = |shift: Shift| {
            // The end is the first instant of the next one.
            let last = calendar.date_of(shift.until - chrono::TimeDelta::seconds(1));
            let first = calendar.date_of(shift.from.max(self.now()));
            let is_away = |absence: &&Absence| {
                absence.person.eq_ignore_ascii_case(&shift.person)
                    && absence.from <= last
                    && first <= absence.to
            };
            Turn { absent: calendar.absences.iter().find(is_away).cloned(), shift }
        };
        Some(rota.shifts(self.now(), calendar).take(next.saturating_add(1)).map(turn).collect())
    }

    /// Hands the shift over: a list of what is open and red, for `to` to
    /// accept; for the next person of the rota where nobody is named.
    ///
    /// # Errors
    /// When nobody can be told to take over, or the store fails.
    pub fn hand_over(&mut self, to: Option<&str>, note: &str) -> Result<Handover> {
        let to = match to.map(str::trim).filter(|to| !to.is_empty()) {
            Some(to) => to.to_owned(),
            None => self.successor()?,
        };
        if to.eq_ignore_ascii_case(&self.actor) {
            return Err(Error::Refused("nobody hands over to themselves; name another with --to".into()));
        }
        let mut handover = Handover {
            number: 0,
            at: self.now(),
            from: self.actor.clone(),
            to,
            note: note.trim().to_owned(),
            items: self.red()?,
            accepted_at: None,
        };
        handover.number = self.store.write(|writer| writer.hand_over(&handover))?;
        Ok(handover)
    }

    /// Who takes over: whoever is on call by now, else the next one who is there.
    fn successor(&self) -> Result<String> {
        let nobody = || {
            Error::Refused(
                "nobody is next; name who takes over with --to, or write a [rota] in the configuration"
                    .into(),
            )
        };
        let people = self.rules.rota.as_ref().map_or(1, |rota| rota.people.len());
        let turns = self.turns(people).ok_or_else(nobody)?;
        let is_there = |shift: &Shift| {
            let takes_over = shift.from.max(self.now());
            let mut away = self.rules.calendar.absent(takes_over);
            !away.any(|absence| absence.person.eq_ignore_ascii_case(&shift.person))
        };
        let fits =
            |turn: &&Turn| is_there(&turn.shift) && !turn.shift.person.eq_ignore_ascii_case(&self.actor);
        turns.iter().find(fits).map(|turn| turn.shift.person.clone()).ok_or_else(nobody)
    }

    /// What is open and red of all that the actor may see, in the order of the queue.
    fn red(&mut self) -> Result<Vec<Item>> {
        let (zone, now) = (self.rules.calendar.zone, self.now());
        let mut items = Vec::new();
        for case in self.open_cases()? {
            let why = Red::of(&case, &zone, now);
            if !why.is_empty() {
                items.push(Item { key: case.key.0, id: case.id, why });
            }
        }
        Ok(items)
    }

    /// All cases of the queue that the actor may see, whole.
    pub(super) fn open_cases(&mut self) -> Result<Vec<crate::triage::Case>> {
        let mut keys = self.order(&Query::default())?;
        let hidden = self.store.hidden_from(&self.actor)?;
        keys.retain(|key| !hidden.contains(key));
        keys.iter().map(|key| self.case(*key)).collect()
    }

    /// The hand-over that waits for somebody to accept it.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn open_handover(&self) -> Result<Option<Handover>> {
        Ok(self.store.latest_handover()?.filter(|handover| handover.accepted_at.is_none()))
    }

    /// Accepts the hand-over that waits.
    ///
    /// # Errors
    /// When none waits, it is for somebody else, or the store fails.
    pub fn accept_handover(&mut self) -> Result<Handover> {
        let (actor, now) = (self.actor.clone(), self.now());
        self.store.write(|writer| -> Result<Handover> {
            let waiting = writer.latest_handover()?.filter(|handover| handover.accepted_at.is_none());
            let none = || Error::Refused("no hand-over waits; 'ninety rota hand' writes one".into());
            let mut handover = waiting.ok_or_else(none)?;
            if !handover.to.eq_ignore_ascii_case(&actor) {
                let to = text::line(&handover.to);
                return Err(Error::Refused(format!(
                    "the hand-over is for {to}; {to} accepts it, or it is written anew with 'ninety rota hand --to {}'",
                    text::line(&actor)
                )));
            }
            writer.accept_handover(handover.number, now)?;
            handover.accepted_at = Some(now);
            Ok(handover)
        })
    }

    /// The list of a hand-over as the actor may see it.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn listed_in(&self, handover: &Handover) -> Result<Vec<Listed>> {
        let listed = |item: &Item| match self.case(CaseKey(item.key)) {
            Ok(case) => Ok(Listed { id: case.id, title: Some(case.title), why: item.why.clone() }),
            Err(Error::Restricted(id)) => Ok(Listed { id, title: None, why: Vec::new() }),
            Err(error) => Err(error),
        };
        handover.items.iter().map(listed).collect()
    }

    /// That a hand-over waits and for whom, in a line. Safe text.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn handover_alarm(&self) -> Result<Option<String>> {
        Ok(self.open_handover()?.map(|handover| alarm(&handover, self.now())))
    }
}

/// `hand-over by ann waits 3h for ben to accept it`.
fn alarm(handover: &Handover, now: DateTime<Utc>) -> String {
    let (from, to) = (text::line(&handover.from), text::line(&handover.to));
    let since = crate::triage::clock::ago(handover.at, now);
    format!("hand-over by {from}, {since}, waits for {to} to accept it")
}
