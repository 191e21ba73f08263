//! The lanes that a case runs in at once: each has an owner, is asked with a
//! note, accepts, and answers when its work is done.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::words::words;

words! {
    /// Whose work it is.
    pub enum Lane ("lane") {
        /// Judging reports and answering reporters.
        Triage = "triage",
        /// Finding the cause and writing the fix.
        Development = "development",
        /// Showing that the fix fixes, and nothing else breaks.
        Qa = "QA",
        /// Deciding what costs money or reputation.
        Management = "management",
        /// Telling the public.
        Pr = "PR",
        /// Telling customers.
        Support = "support",
    }
}

words! {
    /// How far a lane is.
    pub enum LaneStage ("stage of a lane") {
        /// Nobody has answered yet.
        Asked = "asked",
        /// Somebody has taken it.
        Accepted = "accepted",
        /// Its part is done.
        Done = "done",
    }
}

/// What one lane was asked, and how far it is. A case has one of these a lane.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LaneWork {
    /// The lane.
    pub lane: Lane,
    /// Who has it there.
    pub owner: Option<String>,
    /// What it was asked, or what it answered last.
    pub note: Option<String>,
    /// Since when.
    pub asked_at: DateTime<Utc>,
    /// Who asked.
    pub asked_by: String,
    /// When somebody took it.
    pub accepted_at: Option<DateTime<Utc>>,
    /// When its part was done.
    pub done_at: Option<DateTime<Utc>>,
}

impl LaneWork {
    /// A lane that is asked now.
    pub fn asked(
        lane: Lane,
        owner: Option<String>,
        note: Option<String>,
        by: &str,
        now: DateTime<Utc>,
    ) -> Self {
        Self { lane, owner, note, asked_at: now, asked_by: by.to_owned(), accepted_at: None, done_at: None }
    }

    /// How far it is.
    pub fn stage(&self) -> LaneStage {
        match (self.accepted_at, self.done_at) {
            (_, Some(_)) => LaneStage::Done,
            (Some(_), None) => LaneStage::Accepted,
            (None, None) => LaneStage::Asked,
        }
    }

    /// When the lane answered at all.
    pub fn answered_at(&self) -> Option<DateTime<Utc>> {
        self.accepted_at.or(self.done_at)
    }

    /// In words: `asked of ben: please reproduce`. May hold foreign text.
    pub fn in_words(&self) -> String {
        let mut words = match (self.stage(), &self.owner) {
            (LaneStage::Asked, Some(owner)) => format!("asked of {owner}"),
            (LaneStage::Asked, None) => "asked, nobody has it".to_owned(),
            (stage, Some(owner)) => format!("{stage} by {owner}"),
            (stage, None) => stage.to_string(),
        };
        if let Some(note) = &self.note {
            words.push_str(": ");
            words.push_str(note);
        }
        words
    }
}

/// What somebody wants of a lane.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LaneStep {
    /// It is asked, with a note; without an owner the product's takes it.
    Ask {
        /// Who is asked.
        owner: Option<String>,
        /// For what.
        note: Option<String>,
    },
    /// Whoever says so takes it.
    Accept,
    /// Its part is done, with what came of it.
    Finish(Option<String>),
    /// It is not needed after all.
    Drop,
}

/// A step that a lane cannot take now, with the mend.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{lane} was not asked about this case; ask it first")]
pub struct NotAsked {
    /// The lane.
    pub lane: Lane,
}

impl LaneStep {
    /// What the lane has after this step; `None` where it has nothing to do any more.
    ///
    /// # Errors
    /// [`NotAsked`] for a lane that nobody asked.
    pub fn after(
        &self,
        lane: Lane,
        before: Option<&LaneWork>,
        actor: &str,
        now: DateTime<Utc>,
    ) -> Result<Option<LaneWork>, NotAsked> {
        let known = || before.cloned().ok_or(NotAsked { lane });
        Ok(match self {
            LaneStep::Ask { owner, note } => {
                let owner = owner.clone().or_else(|| before.and_then(|work| work.owner.clone()));
                Some(LaneWork::asked(lane, owner, note.clone(), actor, now))
            }
            LaneStep::Accept => {
                let known = known()?;
                Some(LaneWork {
                    owner: Some(actor.to_owned()),
                    accepted_at: Some(now),
                    done_at: None,
                    ..known
                })
            }
            LaneStep::Finish(note) => {
                let known = known()?;
                let note = note.clone().or_else(|| known.note.clone());
                let owner = known.owner.clone().or_else(|| Some(actor.to_owned()));
                Some(LaneWork { owner, note, done_at: Some(now), ..known })
            }
            LaneStep::Drop => {
                known()?;
                None
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(hour: u32) -> DateTime<Utc> {
        format!("2026-11-23T{hour:02}:00:00Z").parse().unwrap()
    }

    #[test]
    fn a_lane_is_asked_accepts_and_is_done() {
        let ask = LaneStep::Ask { owner: Some("ben".into()), note: Some("reproduce it".into()) };
        let asked = ask.after(Lane::Qa, None, "ann", at(9)).unwrap().unwrap();
        assert_eq!(
            (asked.stage(), asked.in_words().as_str()),
            (LaneStage::Asked, "asked of ben: reproduce it")
        );
        let accepted = LaneStep::Accept.after(Lane::Qa, Some(&asked), "cho", at(10)).unwrap().unwrap();
        assert_eq!((accepted.stage(), accepted.owner.as_deref()), (LaneStage::Accepted, Some("cho")));
        let done = LaneStep::Finish(Some("it crashes".into()));
        let done = done.after(Lane::Qa, Some(&accepted), "ben", at(11)).unwrap().unwrap();
        assert_eq!((done.stage(), done.answered_at()), (LaneStage::Done, Some(at(10))));
        assert_eq!(done.in_words(), "done by cho: it crashes");
        // Asked again, the owner stays and the answer is awaited anew.
        let ask = LaneStep::Ask { owner: None, note: None };
        let again = ask.after(Lane::Qa, Some(&done), "ann", at(12)).unwrap().unwrap();
        assert_eq!((again.stage(), again.owner.as_deref()), (LaneStage::Asked, Some("cho")));
        assert_eq!(LaneStep::Drop.after(Lane::Qa, Some(&again), "ann", at(13)), Ok(None));
    }

    #[test]
    fn nobody_accepts_what_was_not_asked() {
        for step in [LaneStep::Accept, LaneStep::Finish(None), LaneStep::Drop] {
            let refused = step.after(Lane::Pr, None, "ann", at(9)).unwrap_err();
            assert_eq!(refused.to_string(), "PR was not asked about this case; ask it first");
        }
    }
}
