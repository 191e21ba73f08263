//! The clocks of a case: when each was started, when it is due, how it stands,
//! and why, in words.
//!
//! Pure functions of what happened to the case ([`Facts`]) and of `now`. This
//! module must not know where those facts are kept, how a disclosure date was
//! found (that is the policy's business, which hands over the date and its
//! reason), or which days people work: a clock counts instants.
//!
//! The same [`Clock`] carries the deadlines of the law
//! ([`regulation`](super::regulation)).

mod each;
mod facts;
mod span;
#[cfg(test)]
mod tests;

use std::fmt;

use chrono::{DateTime, TimeDelta, Utc};

use super::event::in_utc;
use super::words::words;

pub use each::clocks;
pub use facts::{Asked, Facts, Promise, Wait, Waited, Waits};
pub use span::in_words as span_in_words;
pub(super) use span::{after, hours, in_words};

words! {
    /// What a clock counts towards.
    pub enum Kind ("clock") {
        /// The first answer by a person.
        Acknowledge = "acknowledge",
        /// A priority.
        Triage = "triage",
        /// The next word to the reporter.
        Update = "reporter update",
        /// The next touch by anybody.
        Stalled = "stalled",
        /// The answer of a lane that was asked.
        Answer = "hand-over answer",
        /// The release, by our own aim.
        Target = "internal target",
        /// The details become public.
        Disclosure = "disclosure",
        /// The released fix is with its users.
        Rollout = "roll-out",
        /// The advisory is out.
        Advisory = "advisory",
        /// The first report that a law asks for.
        EarlyWarning = "early warning",
        /// The second report that a law asks for.
        Notification = "notification",
        /// The report of an incident that goes on.
        ProgressReport = "progress report",
        /// The last report that a law asks for.
        FinalReport = "final report",
    }
}

impl Kind {
    /// The word for a narrow column, at most eight characters.
    pub fn short(self) -> &'static str {
        match self {
            Kind::Acknowledge => "ack",
            Kind::Triage => "triage",
            Kind::Update => "update",
            Kind::Stalled => "stalled",
            Kind::Answer => "answer",
            Kind::Target => "target",
            Kind::Disclosure => "publish",
            Kind::Rollout => "roll-out",
            Kind::Advisory => "advisory",
            Kind::EarlyWarning => "warning",
            Kind::Notification => "notify",
            Kind::ProgressReport => "progress",
            Kind::FinalReport => "final",
        }
    }
}

/// How a clock stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClockState {
    /// What it counts from has not happened, or there is nothing to count to.
    NotStarted,
    /// It counts, and is not due yet.
    Running,
    /// What it waited for happened in time.
    Met {
        /// When that was.
        at: DateTime<Utc>,
    },
    /// It was due before what it waited for happened.
    Missed {
        /// By how much: until now, or until its end.
        by: TimeDelta,
        /// What ended it; `None` while it is still owed.
        end: Option<End>,
    },
    /// It stands still, and may go on.
    Suspended {
        /// Why, in words. Safe to show.
        reason: String,
    },
}

/// What ended a clock that was missed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// What it waited for happened late, at this instant.
    Met(DateTime<Utc>),
    /// It came to stand still at this instant: the case was closed, or waits for the reporter.
    Halted(DateTime<Utc>),
}

impl ClockState {
    /// The word for people; programs get it with `_` for the blank.
    pub fn word(&self) -> &'static str {
        match self {
            ClockState::NotStarted => "not started",
            ClockState::Running => "running",
            ClockState::Met { .. } => "met",
            ClockState::Missed { .. } => "missed",
            ClockState::Suspended { .. } => "suspended",
        }
    }

    /// The word for programs.
    pub fn code(&self) -> String {
        super::words::code(self.word())
    }

    /// Whether somebody still has to do what it waits for: it runs, or was missed and is still owed.
    pub fn is_counting(&self) -> bool {
        matches!(self, ClockState::Running | ClockState::Missed { end: None, .. })
    }
}

/// `met on 2026-11-23 12:40 UTC`, `missed by 3 hours`, `suspended: waiting for the reporter`.
impl fmt::Display for ClockState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ClockState::NotStarted | ClockState::Running => f.write_str(self.word()),
            ClockState::Met { at } => write!(f, "met on {}", in_utc(*at)),
            ClockState::Missed { by, end: None } => write!(f, "missed by {}", in_words(*by)),
            ClockState::Missed { by, end: Some(End::Met(at)) } => {
                write!(f, "missed by {}, met on {}", in_words(*by), in_utc(*at))
            }
            ClockState::Missed { by, end: Some(End::Halted(at)) } => {
                write!(f, "missed by {}, halted on {}", in_words(*by), in_utc(*at))
            }
            ClockState::Suspended { reason } => write!(f, "suspended: {reason}"),
        }
    }
}

/// One clock of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clock {
    /// What it counts towards.
    pub kind: Kind,
    /// Which of several of its kind: the lane that was asked, the regime of the law. Safe to show.
    pub of: Option<String>,
    /// What it counts from; `None` where that has not happened.
    pub started_at: Option<DateTime<Utc>>,
    /// When it is due; `None` where that cannot be said yet.
    pub due_at: Option<DateTime<Utc>>,
    /// How it stands.
    pub state: ClockState,
    /// Where its instants come from, in words. Safe to show.
    pub why: String,
}

impl Clock {
    /// The name for people: `triage`, `hand-over answer (development)`.
    pub fn name(&self) -> String {
        match &self.of {
            Some(of) => format!("{} ({of})", self.kind),
            None => self.kind.to_string(),
        }
    }
}

/// The instant at which a clock runs out: what a row of the queue says of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    /// Which clock.
    pub kind: Kind,
    /// When.
    pub at: DateTime<Utc>,
}

/// A clock before it is known how it stands.
pub(super) struct Course {
    pub kind: Kind,
    pub of: Option<String>,
    pub started_at: Option<DateTime<Utc>>,
    pub due_at: Option<DateTime<Utc>>,
    pub met_at: Option<DateTime<Utc>>,
    pub why: String,
}

/// What makes a clock stand still, and since when.
pub(super) struct Halt {
    pub since: DateTime<Utc>,
    pub reason: String,
}

impl Course {
    /// A clock that waits for something to start it.
    fn not_started(kind: Kind, why: impl Into<String>) -> Self {
        Self { kind, of: None, started_at: None, due_at: None, met_at: None, why: why.into() }
    }

    /// The clock at `now`. What was due before `halt` stays missed.
    pub fn at(self, halt: Option<&Halt>, now: DateTime<Utc>) -> Clock {
        let state = match (self.due_at, self.met_at) {
            (Some(due), Some(met)) if met > due => {
                ClockState::Missed { by: met - due, end: Some(End::Met(met)) }
            }
            (_, Some(met)) => ClockState::Met { at: met },
            (None, None) => ClockState::NotStarted,
            (Some(due), None) => match halt {
                Some(halt) if halt.since > due => {
                    ClockState::Missed { by: halt.since - due, end: Some(End::Halted(halt.since)) }
                }
                Some(halt) => ClockState::Suspended { reason: halt.reason.clone() },
                None if now > due => ClockState::Missed { by: now - due, end: None },
                None => ClockState::Running,
            },
        };
        let Self { kind, of, started_at, due_at, why, .. } = self;
        Clock { kind, of, started_at, due_at, state, why }
    }
}

/// The clock that is due first of those that count (missed ones that are still
/// owed among them): what the queue shows of a case, and what its place in the
/// queue hangs on. Which one that is depends on what happened, not on `now`.
/// Of two that are due together it is the one that stands first. The internal
/// target is not among them: an aim that was missed must not stand before the
/// date at which the details become public.
pub fn running(clocks: &[Clock]) -> Option<&Clock> {
    let counts =
        |clock: &&Clock| clock.kind != Kind::Target && clock.state.is_counting() && clock.due_at.is_some();
    clocks.iter().filter(counts).min_by_key(|clock| clock.due_at)
}

/// The next instant at which one of `clocks` stands otherwise although nothing
/// happened, in whole seconds as [`countdown_changes_at`] counts: a running
/// clock is missed a second after it was due. `None` where only people can
/// change something. What a screen prints of a missed clock grows; for that it
/// asks `countdown_changes_at`.
///
/// [`countdown_changes_at`]: super::clock::countdown_changes_at
pub fn changes_at(clocks: &[Clock]) -> Option<DateTime<Utc>> {
    let running = clocks.iter().filter(|clock| clock.state == ClockState::Running);
    running.filter_map(|clock| clock.due_at).min().map(|due| after(due, TimeDelta::seconds(1)))
}
