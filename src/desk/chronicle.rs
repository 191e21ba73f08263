//! All that a drill's store holds, for judging it.

use super::{Desk, Error, Result};
use crate::triage::handover::Handover;
use crate::triage::message::Message;
use crate::triage::{Case, Event};

/// A case with its messages and its timeline.
#[derive(Debug, Clone, PartialEq)]
pub struct Chronicle {
    /// The case.
    pub case: Case,
    /// Its messages, oldest first.
    pub messages: Vec<Message>,
    /// What happened, oldest first.
    pub timeline: Vec<Event>,
}

impl Desk {
    /// All cases of a drill, whoever may see them: what was restricted is judged as well.
    ///
    /// # Errors
    /// On a store that is no drill, where nobody looks around what was
    /// restricted; and when it cannot be read.
    pub fn chronicles(&self) -> Result<Vec<Chronicle>> {
        self.in_a_drill()?;
        let chronicle = |key| {
            Ok(Chronicle {
                case: self.store.case(key)?,
                messages: self.store.messages(key)?,
                timeline: self.store.timeline(key)?,
            })
        };
        self.store.case_keys()?.into_iter().map(chronicle).collect()
    }

    /// All hand-overs of a drill, oldest first.
    ///
    /// # Errors
    /// On a store that is no drill, and when it cannot be read.
    pub fn handovers(&self) -> Result<Vec<Handover>> {
        self.in_a_drill()?;
        Ok(self.store.handovers()?)
    }

    fn in_a_drill(&self) -> Result<()> {
        let refused = || Error::Refused("this is no drill".to_owned());
        self.is_drill().then_some(()).ok_or_else(refused)
    }
}
