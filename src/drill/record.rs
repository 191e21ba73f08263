//! What happened in a drill: its cases with their timelines, its keys, its
//! hand-overs, and the log of what the scenario itself did.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::desk::Chronicle;
use crate::triage::handover::Handover;
use crate::triage::{Case, CaseKey, Change, Event, What};

/// Everything that a drill is judged by.
#[derive(Debug, Clone)]
pub(super) struct Record {
    /// When it began.
    pub(super) starts: DateTime<Utc>,
    /// When it ends by itself.
    pub(super) ends: DateTime<Utc>,
    /// All cases.
    pub(super) cases: Vec<Chronicle>,
    /// What the scenario did.
    pub(super) log: Vec<Logged>,
    /// Shifts handed over, oldest first.
    pub(super) handovers: Vec<Handover>,
    /// The team's own keys.
    pub(super) own_keys: Vec<OwnKey>,
    /// Everybody who writes, by their keys in the scenario.
    pub(super) people: BTreeMap<String, Known>,
}

/// A key of the team.
#[derive(Debug, Clone)]
pub(super) struct OwnKey {
    /// When it expires, and whether it can be used at all.
    pub(super) ends: Option<DateTime<Utc>>,
    pub(super) is_usable: bool,
    /// When it became what it is, and by whom.
    pub(super) since: (DateTime<Utc>, String),
}

/// What is known of somebody who writes.
#[derive(Debug, Clone, Default)]
pub(super) struct Known {
    pub(super) name: String,
    /// In lower case.
    pub(super) email: String,
    /// Fingerprints: their own key, and the one that only bears their address.
    pub(super) own: Option<String>,
    pub(super) other: Option<String>,
    /// When somebody said of these two that they were compared, and who, oldest first.
    pub(super) compared: BTreeMap<String, Vec<(DateTime<Utc>, String)>>,
}

/// Something that the scenario or the facilitator did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Logged {
    pub(super) at: DateTime<Utc>,
    pub(super) by: String,
    #[serde(flatten)]
    pub(super) what: Happening,
}

/// What it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(super) enum Happening {
    /// An inject happened.
    Played {
        /// Its name; with a number behind, where it comes several times.
        id: String,
        /// Row number of the case that it is about.
        case: Option<i64>,
        /// Number of its message.
        message: Option<i64>,
        /// Key of who sent it.
        from: Option<String>,
        /// What came, in words.
        told: String,
    },
    /// An inject was prevented.
    Dropped {
        /// Its name.
        id: String,
    },
    /// A hint was shown.
    Hint {
        /// Its place among the hints, from 0.
        place: usize,
    },
    /// The facilitator remarked something.
    Remark {
        /// What.
        text: String,
    },
    /// Somebody took a seat.
    Joined,
    /// It was ended.
    Ended,
}

/// A case as it was from a moment on.
#[derive(Debug, Clone)]
pub(super) struct Moment {
    pub(super) at: DateTime<Utc>,
    pub(super) who: String,
    pub(super) case: Case,
}

/// What the log says of an inject that happened.
#[derive(Debug, Clone, Copy)]
pub(super) struct Played<'r> {
    pub(super) id: &'r str,
    pub(super) at: DateTime<Utc>,
    pub(super) case: Option<CaseKey>,
    pub(super) message: Option<i64>,
    pub(super) from: Option<&'r str>,
}

impl Record {
    /// All injects that happened, in the order in which they did.
    pub(super) fn all_played(&self) -> impl Iterator<Item = Played<'_>> {
        self.log.iter().filter_map(|entry| match &entry.what {
            Happening::Played { id, case, message, from, .. } => Some(Played {
                id,
                at: entry.at,
                case: case.map(CaseKey),
                message: *message,
                from: from.as_deref(),
            }),
            _ => None,
        })
    }

    /// Whether the scenario did this, by a colleague.
    pub(super) fn is_scripted(&self, event: &Event) -> bool {
        let same = |entry: &Logged| entry.at == event.at && entry.by == event.actor;
        self.log.iter().any(|entry| same(entry) && matches!(entry.what, Happening::Played { .. }))
    }

    /// The inject with this name, if it happened.
    pub(super) fn played(&self, id: &str) -> Option<Played<'_>> {
        self.all_played().find(|played| played.id == id)
    }

    /// The case that an inject opened or joined, as it was kept first.
    pub(super) fn own_case(&self, inject: &str) -> Option<&Chronicle> {
        self.with_key(self.played(inject)?.case?)
    }

    fn with_key(&self, key: CaseKey) -> Option<&Chronicle> {
        self.cases.iter().find(|one| one.case.key == key)
    }

    /// The case that holds what an inject brought now: its own, or the one that it was merged into.
    pub(super) fn holder(&self, inject: &str) -> Option<&Chronicle> {
        let mut at = self.own_case(inject)?;
        // A merge goes into an older case, so this ends.
        for _ in 0..self.cases.len() {
            let Some(into) = &at.case.merged_into else { break };
            at = self.with_key(CaseKey(into.key))?;
        }
        Some(at)
    }

    /// How the case of an inject went: as its own, and from a merge on as the one that holds it.
    pub(super) fn course(&self, inject: &str) -> Vec<Moment> {
        let (Some(own), Some(holder)) = (self.own_case(inject), self.holder(inject)) else {
            return Vec::new();
        };
        let mut course = course(own);
        if own.case.key == holder.case.key {
            return course;
        }
        let merged = course.iter().rposition(|moment| moment.case.merged_into.is_none());
        let merged = merged.map_or(0, |last| last + 1);
        let Some(since) = course.get(merged).map(|moment| (moment.at, moment.who.clone())) else {
            return course;
        };
        course.truncate(merged);
        let held = self::course(holder);
        let before = held.iter().rfind(|moment| moment.at <= since.0).cloned();
        course.extend(before.map(|moment| Moment { at: since.0, who: since.1, ..moment }));
        course.extend(held.into_iter().filter(|moment| moment.at > since.0));
        course
    }
}

/// How a case went, moment by moment: what it is now, with the changes of its timeline taken back.
pub(super) fn course(chronicle: &Chronicle) -> Vec<Moment> {
    let mut case = chronicle.case.clone();
    let mut course = Vec::new();
    for event in chronicle.timeline.iter().rev() {
        course.push(Moment { at: event.at, who: event.actor.clone(), case: case.clone() });
        if let What::Changed { before, .. } = &event.what {
            before.clone().apply(&mut case);
        }
    }
    course.reverse();
    course
}

/// Whether an event says that somebody looked at the case.
pub(super) fn is_reading(what: &What) -> bool {
    matches!(what, What::Changed { after: Change::Unread(false), .. })
}
