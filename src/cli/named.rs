//! The cases that a command line names: those that are there, and those that are not.

use crate::desk::{Desk, Error, NOT_FOR_YOU, Outcome};
use crate::store;
use crate::text;
use crate::triage::CaseKey;

use super::Result;

/// What a command that takes several cases was given.
#[derive(Debug, Default)]
pub(super) struct Named {
    /// The cases that are there and that the actor may see, each once.
    pub(super) keys: Vec<CaseKey>,
    /// What was named besides, and why nothing is done with it.
    unknown: Vec<(String, String)>,
}

impl Named {
    /// Looks the cases up. One that is not there stops none of the others.
    pub(super) fn find<'a>(desk: &Desk, ids: impl IntoIterator<Item = &'a String>) -> Result<Self> {
        let mut named = Self::default();
        for id in ids {
            match desk.key_of(id) {
                Ok(key) if named.keys.contains(&key) => {}
                Ok(key) => named.keys.push(key),
                Err(Error::Store(store::Error::NoCase(id))) => {
                    named.unknown.push((id, "there is no such case".to_owned()));
                }
                Err(Error::Restricted(id)) => {
                    named.unknown.push((text::line(&id), NOT_FOR_YOU.to_owned()));
                }
                Err(error) => return Err(error.into()),
            }
        }
        Ok(named)
    }

    /// The outcome on those that are there, with the others among what was refused.
    pub(super) fn with_unknown(&self, mut outcome: Outcome) -> Outcome {
        if !self.unknown.is_empty() && outcome.changed.is_empty() {
            outcome.summary.clear();
        }
        outcome.refused.extend(self.unknown.iter().cloned());
        outcome
    }
}
