//! What happened to a case, as far as its clocks need it.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::span::after;
use crate::triage::terms::Terms;

/// What happened to one case. Whoever keeps cases fills it in from the case
/// and its timeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// When the first message reached us.
    pub received_at: DateTime<Utc>,
    /// Whether nobody has gone on with it: its state is still the first one.
    pub is_new: bool,
    /// Whether work is left to do.
    pub is_open: bool,
    /// The first answer by a person.
    pub acknowledged_at: Option<DateTime<Utc>>,
    /// When it got a priority for the first time.
    pub prioritised_at: Option<DateTime<Utc>>,
    /// Its priority now, 0 to 4.
    pub priority: Option<u8>,
    /// The last time that the reporter got an answer.
    pub reporter_heard_at: Option<DateTime<Utc>>,
    /// The last time that a person did something in it.
    pub touched_at: Option<DateTime<Utc>>,
    /// The lanes that were asked, each with its latest question.
    pub asked: Vec<Asked>,
    /// When the fix was ready.
    pub fix_ready_at: Option<DateTime<Utc>>,
    /// When users could install the fix.
    pub released_at: Option<DateTime<Utc>>,
    /// When the fix was with its users.
    pub rolled_out_at: Option<DateTime<Utc>>,
    /// When the advisory was out.
    pub advisory_at: Option<DateTime<Utc>>,
    /// When the details became public. Not after `received_at` where they were
    /// public before they reached us: then there is no disclosure to miss.
    pub disclosed_at: Option<DateTime<Utc>>,
    /// When it was closed, unless it was opened again.
    pub closed_at: Option<DateTime<Utc>>,
    /// The disclosure date, and why it is that one.
    pub disclosure: Promise,
    /// That it waits for its reporter, if it does.
    pub waiting: Option<Wait>,
    /// The times that it waited for its reporter before, in any order.
    pub waited: Vec<Waited>,
    /// Name of the policy that `terms` are from.
    pub policy: String,
    /// The spans that its clocks count with.
    pub terms: Terms,
    /// Nobody reads the reasons of its clocks, as where thousands of cases are
    /// counted: those that take long to write stay empty.
    pub is_wordless: bool,
}

/// A disclosure date.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Promise {
    /// The date; `None` where the policy names none.
    pub at: Option<DateTime<Utc>>,
    /// Where it comes from, in words: `90 days from receipt on 2026-09-01 by policy default`.
    pub why: String,
}

/// That a case waits for its reporter.
///
/// It suspends the clocks that nobody but the reporter can move: **triage**
/// (what is missing cannot be judged), **reporter update** (the reporter has the
/// last word from us) and **stalled** (to wait is what there is to do). All
/// others go on: the answer to a report and to a hand-over are ours to give,
/// users wait for release, roll-out and advisory, the law waits for nobody, and
/// the disclosure date and the target within it stand whoever is silent.
///
/// When the wait is over ([`Waited`]), triage is due later by the time waited,
/// unless it was due before; reporter update and stalled start again, as the
/// answer asks for one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wait {
    /// Since when.
    pub since: DateTime<Utc>,
    /// What for, in words: `waiting for the reporter: a version number`. May hold foreign text.
    pub reason: String,
}

/// That a case waits for its reporter, and that it did before.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Waits {
    /// It waits.
    pub now: Option<Wait>,
    /// It waited.
    pub before: Vec<Waited>,
}

impl Waits {
    /// From `now` on it waits for what `reason` says, or for nothing any more.
    #[must_use]
    pub fn changed(&self, reason: Option<&str>, now: DateTime<Utc>) -> Self {
        let over = self.now.iter().map(|wait| Waited { since: wait.since, until: now });
        let before = self.before.iter().copied().chain(over).collect();
        let wait = reason.map(|reason| Wait { since: now, reason: reason.to_owned() });
        match (&self.now, &wait) {
            (None, None) => self.clone(),
            (Some(old), Some(new)) if old.reason == new.reason => self.clone(),
            _ => Self { now: wait, before },
        }
    }
}

/// A wait for the reporter that is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waited {
    /// When it began.
    pub since: DateTime<Utc>,
    /// When the reporter answered, or we went on without.
    pub until: DateTime<Utc>,
}

/// A lane that was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Which lane.
    pub lane: String,
    /// Who has the case there.
    pub owner: Option<String>,
    /// When it was asked.
    pub asked_at: DateTime<Utc>,
    /// When it accepted, or answered otherwise; the first of these.
    pub answered_at: Option<DateTime<Utc>>,
    /// Until when it was asked to answer, where that was said; else the policy's span counts.
    pub answer_due_at: Option<DateTime<Utc>>,
}

impl Facts {
    /// A case that has just come in.
    pub fn received(
        received_at: DateTime<Utc>,
        disclosure: Promise,
        policy: impl Into<String>,
        terms: Terms,
    ) -> Self {
        Self {
            received_at,
            is_new: true,
            is_open: true,
            acknowledged_at: None,
            prioritised_at: None,
            priority: None,
            reporter_heard_at: None,
            touched_at: None,
            asked: Vec::new(),
            fix_ready_at: None,
            released_at: None,
            rolled_out_at: None,
            advisory_at: None,
            disclosed_at: None,
            closed_at: None,
            disclosure,
            waiting: None,
            waited: Vec::new(),
            policy: policy.into(),
            terms,
            is_wordless: false,
        }
    }

    /// When the last wait for the reporter was over.
    pub(super) fn resumed_at(&self) -> Option<DateTime<Utc>> {
        self.waited.iter().map(|wait| wait.until).max()
    }

    /// How much later `due` is by the waits that began before it. Time that two
    /// waits share counts once.
    pub(super) fn waited_before(&self, due: DateTime<Utc>) -> TimeDelta {
        let mut waits = self.waited.clone();
        waits.sort_by_key(|wait| wait.since);
        let mut moved = due;
        let mut counted_until = self.received_at;
        for wait in waits.iter().filter(|wait| wait.until > wait.since) {
            let since = wait.since.max(counted_until);
            if since <= moved && wait.until > since {
                moved = after(moved, wait.until - since);
                counted_until = wait.until;
            }
        }
        moved - due
    }

    /// Whether the details were public before the report reached us.
    pub fn came_in_public(&self) -> bool {
        self.disclosed_at.is_some_and(|at| at <= self.received_at)
    }
}
