//! The after-action report of a drill.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::{Drill, Error, Happening};
use crate::drill::record::Record;
use crate::drill::report::{Entry, Line, Report};
use crate::drill::score::{Score, score};
use crate::triage::Event;

impl Drill {
    /// What came, what was done and what was late, with the marks.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn report(&mut self) -> Result<Report, Error> {
        self.read_log()?;
        let record = self.record()?;
        Ok(self.reported(&record))
    }

    pub(super) fn reported(&self, record: &Record) -> Report {
        let score = score(&self.scenario.marks, record);
        let ended = self.log.iter().find(|entry| entry.what == Happening::Ended);
        let mut timeline = came(record);
        timeline.extend(done(record));
        let ended = ended.map_or_else(|| self.pace.now(), |entry| entry.at);
        timeline.extend(late(&score, ended));
        timeline.sort_by_key(|entry| (entry.at, entry.line as u8));
        Report {
            name: self.scenario.name.clone(),
            title: self.scenario.about.title.clone(),
            teaches: self.scenario.about.teaches.clone(),
            seed: self.seed.0,
            mode: self.mode.to_string(),
            team: self.team(record),
            began: record.starts,
            ended,
            hints: record.log.iter().filter(|entry| matches!(entry.what, Happening::Hint { .. })).count(),
            score,
            timeline,
        }
    }

    /// Who took part: who plays by the scenario, who took a seat, and who did something.
    fn team(&self, record: &Record) -> Vec<String> {
        let seated = record.log.iter().filter(|entry| entry.what == Happening::Joined);
        let mut people: BTreeSet<String> = seated.map(|entry| entry.by.clone()).collect();
        people.extend(own_events(record).map(|(event, _)| event.actor.clone()));
        if people.is_empty() {
            people.insert(self.scenario.about.me.clone());
        }
        people.into_iter().collect()
    }
}

/// What the scenario did from the start on, and what was remarked.
fn came(record: &Record) -> Vec<Entry> {
    let entry = |at, line, who: &str, case: Option<i64>, what: &str| Entry {
        at,
        line,
        who: who.to_owned(),
        case: case.and_then(|key| id_of(record, key)).unwrap_or_default(),
        what: what.to_owned(),
    };
    let since_start = record.log.iter().filter(|logged| logged.at >= record.starts);
    let entries = since_start.filter_map(|logged| {
        Some(match &logged.what {
            Happening::Played { case, told, .. } => entry(logged.at, Line::Came, &logged.by, *case, told),
            Happening::Remark { text } => entry(logged.at, Line::Remark, &logged.by, None, text),
            Happening::Hint { place } => {
                entry(logged.at, Line::Remark, &logged.by, None, &format!("asked for hint {}", place + 1))
            }
            Happening::Dropped { .. } | Happening::Joined | Happening::Ended => return None,
        })
    });
    entries.collect()
}

fn id_of(record: &Record, key: i64) -> Option<String> {
    record.cases.iter().find(|one| one.case.key.0 == key).map(|one| one.case.id.clone())
}

/// What people did by themselves, with the identifier of the case.
fn own_events(record: &Record) -> impl Iterator<Item = (&Event, &str)> {
    let scripted: BTreeSet<(DateTime<Utc>, &str)> =
        record.log.iter().map(|entry| (entry.at, entry.by.as_str())).collect();
    let events =
        record.cases.iter().flat_map(|file| file.timeline.iter().map(|event| (event, file.case.id.as_str())));
    events.filter(move |(event, _)| {
        event.at >= record.starts && !scripted.contains(&(event.at, event.actor.as_str()))
    })
}

fn done(record: &Record) -> Vec<Entry> {
    let when = |at: DateTime<Utc>| at.format("%Y-%m-%d %H:%M UTC").to_string();
    let shown = own_events(record).filter(|(event, _)| !event.what.is_derived());
    let mut entries: Vec<Entry> = shown
        .map(|(event, id)| Entry {
            at: event.at,
            line: Line::Done,
            who: event.actor.clone(),
            case: id.to_owned(),
            what: event.text(&when),
        })
        .collect();
    entries.extend(record.handovers.iter().filter_map(|handover| {
        Some(Entry {
            at: handover.accepted_at?,
            line: Line::Done,
            who: handover.to.clone(),
            case: String::new(),
            what: format!("accepted the hand-over of {}", handover.from),
        })
    }));
    entries
}

/// What was late or did not happen at all: the marks that lost points.
fn late(score: &Score, ended: DateTime<Utc>) -> Vec<Entry> {
    let lost = score.items.iter().filter(|item| item.points < item.of);
    let entry = |item: &crate::drill::Item| Entry {
        at: item.at.unwrap_or(ended),
        line: Line::Late,
        who: String::new(),
        case: String::new(),
        what: format!("{}: {}", item.what, item.happened),
    };
    lost.map(entry).collect()
}
