//! Why a case stands where it stands in the queue.

use super::{Desk, Result};
use crate::triage::order::Rank;
use crate::triage::proposal::Proposal;
use crate::triage::{Case, CaseKey, Query};

/// A case in its place, and what put it there.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// The case.
    pub case: Case,
    /// What its place is computed from.
    pub rank: Rank,
    /// The priority that speaks for itself, with its reasons.
    pub proposal: Proposal,
    /// Its place in the queue, counted from 1, among those that the actor may
    /// see; none where it does not stand there.
    pub place: Option<usize>,
    /// How many stand there.
    pub of: usize,
    /// The one before it.
    pub above: Option<Neighbour>,
    /// The one behind it.
    pub below: Option<Neighbour>,
}

/// A case next to another one in the queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Neighbour {
    /// Its identifier.
    pub id: String,
    /// Its title. Foreign text.
    pub title: String,
    /// What its place is computed from.
    pub rank: Rank,
}

impl Desk {
    /// Why a case stands where it stands. Nothing is told of cases that are
    /// restricted to others.
    ///
    /// # Errors
    /// When it is restricted to others, or the store cannot be read.
    pub fn explain(&mut self, key: CaseKey) -> Result<Explanation> {
        let case = self.case(key)?;
        let mut queue = self.order(&Query::default())?;
        // What is hidden stands at the end, wherever it belongs.
        let hidden = self.store.hidden_from(&self.actor)?;
        queue.retain(|key| !hidden.contains(key));
        let index = queue.iter().position(|one| *one == key);
        let at = |index: Option<usize>| index.and_then(|index| queue.get(index)).copied();
        let above = at(index.and_then(|index| index.checked_sub(1)));
        let below = at(index.map(|index| index + 1));
        Ok(Explanation {
            rank: case.rank(),
            proposal: case.proposal(),
            place: index.map(|index| index + 1),
            of: queue.len(),
            above: above.map(|key| self.neighbour(key)).transpose()?,
            below: below.map(|key| self.neighbour(key)).transpose()?,
            case,
        })
    }

    fn neighbour(&self, key: CaseKey) -> Result<Neighbour> {
        let case = self.case(key)?;
        Ok(Neighbour { rank: case.rank(), id: case.id, title: case.title })
    }
}
