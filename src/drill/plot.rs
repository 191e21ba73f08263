//! Which inject is due when, by the record of what happened so far.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::dice::Dice;
use super::judge;
use super::record::Record;
use super::scenario::{Inject, Letter, Mail, Scenario};

/// One coming of an inject: those that come several times are several.
#[derive(Debug, Clone)]
pub(super) struct Cue {
    /// The name of the inject; with a number behind, where it comes several times.
    pub(super) id: String,
    /// The inject.
    pub(super) inject: Inject,
    /// Which of its mail's variants it is.
    pub(super) variant: Option<Letter>,
    /// Who sends its mail.
    pub(super) from: Option<String>,
    /// How much later than it says chance makes it come.
    pub(super) later: chrono::TimeDelta,
}

/// How a cue stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Turn {
    /// It comes at this time, unless something prevents it.
    Due(DateTime<Utc>),
    /// It waits for something.
    Waiting,
    /// It happened.
    Played(DateTime<Utc>),
    /// Something prevented it.
    Dropped,
}

/// All cues of a scenario with this seed, in the order of the scenario.
pub(super) fn cues(scenario: &Scenario, seed: Dice) -> Vec<Cue> {
    scenario.injects.iter().flat_map(|inject| comings(inject, seed)).collect()
}

fn comings(inject: &Inject, seed: Dice) -> Vec<Cue> {
    let variants = inject.mail().map_or(&[][..], |mail| &mail.variants[..]);
    let order = seed.shuffled(&format!("variants/{}", inject.id), variants.len());
    let is_one = inject.times <= 1;
    (0..usize::from(inject.times.max(1)))
        .map(|number| {
            let id = if is_one { inject.id.clone() } else { format!("{}-{}", inject.id, number + 1) };
            let variant =
                order.get(number % order.len().max(1)).and_then(|place| variants.get(*place)).cloned();
            let from = inject.mail().and_then(|mail| sender(mail, seed, &id));
            let later = seed.up_to(&format!("time/{id}"), inject.spread.0);
            Cue { inject: inject.clone(), variant, from, later, id }
        })
        .collect()
}

fn sender(mail: &Mail, seed: Dice, id: &str) -> Option<String> {
    let place = seed.below(&format!("from/{id}"), mail.from.len() as u64);
    mail.from.get(usize::try_from(place).ok()?).cloned()
}

/// How a cue stands by the record. Those of `dropped` never come.
pub(super) fn turn(cue: &Cue, record: &Record, dropped: &BTreeSet<String>) -> Turn {
    if let Some(played) = record.played(&cue.id) {
        return Turn::Played(played.at);
    }
    if dropped.contains(&cue.id) {
        return Turn::Dropped;
    }
    match due(cue, record) {
        Some(at) => Turn::Due(at),
        None => Turn::Waiting,
    }
}

/// When it comes, once all that it waits for is so.
fn due(cue: &Cue, record: &Record) -> Option<DateTime<Utc>> {
    let inject = &cue.inject;
    if let Some(before) = inject.before {
        return Some(record.starts - before.0);
    }
    let mut from = record.starts;
    if let Some(since) = &inject.since {
        from = from.max(record.played(since)?.at);
    }
    for check in &inject.when {
        from = from.max(judge::since(check, record)?.at);
    }
    Some(from + inject.after.0 + cue.later)
}

/// Whether something prevents it.
pub(super) fn is_prevented(cue: &Cue, record: &Record) -> bool {
    cue.inject.unless.iter().any(|check| judge::since(check, record).is_some())
}
