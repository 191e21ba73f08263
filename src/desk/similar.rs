//! What a case is like: looked for by its rare words and by its text, then
//! weighed against each that was found.

use std::collections::BTreeMap;

use super::{Desk, Result};
use crate::store::Store;
use crate::triage::hotspots::{HotSpots, hot_spots};
use crate::triage::mark;
use crate::triage::similar::{Profile, Similar, Subject, likeness};
use crate::triage::{Case, CaseKey, Query};

/// Similar cases that are told.
const TOLD: usize = 5;

/// Texts that may have a word for it to tell anything: of more, too many would have to be read.
const MOST: usize = 32;

/// Cases that are weighed: each costs reading its first mail again.
const WEIGHED: usize = 12;

impl Desk {
    /// The cases that are most like one, the likest first. What is restricted
    /// to others is left out, and so are duplicates, for which their case stands.
    ///
    /// # Errors
    /// When there is no such case, it is restricted to others, or the store cannot be read.
    pub fn similar(&self, key: CaseKey) -> Result<Vec<Similar>> {
        self.similar_to(&self.case(key)?)
    }

    pub(super) fn similar_to(&self, case: &Case) -> Result<Vec<Similar>> {
        let own = profile(&self.store, case)?;
        let mut similar = Vec::new();
        for key in self.candidates(case.key, &own)? {
            let other = self.store.case(key)?;
            if other.merged_into.is_some() || !other.is_open_to(&self.actor) {
                continue;
            }
            if let Some(found) = likeness(&own, &profile(&self.store, &other)?) {
                let (id, title) = (other.id, other.title);
                similar.push(Similar { key, id, title, score: found.score, reasons: found.reasons });
            }
        }
        similar.sort_by_key(|one| (std::cmp::Reverse(one.score), one.key));
        similar.truncate(TOLD);
        Ok(similar)
    }

    /// The cases that are worth a look, the likeliest first.
    fn candidates(&self, own: CaseKey, profile: &Profile) -> Result<Vec<CaseKey>> {
        let mut votes: BTreeMap<CaseKey, f64> = BTreeMap::new();
        for lead in profile.leads() {
            let Some(cases) = self.store.mentioning(&lead.words, MOST)? else { continue };
            let share = lead.weight / cases.len().max(1) as f64;
            for case in cases {
                *votes.entry(case).or_default() += share;
            }
        }
        // The same text once more is a candidate though all its words are common.
        for case in self.store.near(&profile.signature)?.into_iter().rev().take(WEIGHED) {
            *votes.entry(case).or_default() += 1.0;
        }
        votes.remove(&own);
        let mut ranked: Vec<(CaseKey, f64)> = votes.into_iter().collect();
        ranked.sort_by(|one, other| other.1.total_cmp(&one.1).then(one.0.cmp(&other.0)));
        Ok(ranked.into_iter().take(WEIGHED).map(|(key, _)| key).collect())
    }

    /// Where bugs cluster, over all cases that the actor may see.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn hot_spots(&mut self) -> Result<HotSpots> {
        let everything = Query::read("is:all", &self.actor)
            .map_err(|misread| super::Error::Misread(misread.to_string()))?;
        let keys = self.order(&everything)?;
        let mut cases =
            keys.iter().map(|key| self.store.case(*key)).collect::<crate::store::Result<Vec<_>>>()?;
        cases.retain(|case| case.is_open_to(&self.actor));
        Ok(hot_spots(&cases, self.now()))
    }
}

fn profile(store: &Store, case: &Case) -> Result<Profile> {
    let text = mark::without_line(&store.opening_text(case.key)?.unwrap_or_default());
    Ok(Profile::of(Subject {
        title: &case.title,
        text: &text,
        product: case.product.as_deref(),
        component: case.component.as_deref(),
        weakness: case.assessment.weakness,
        reporter: &case.reporter.email,
    }))
}

#[cfg(test)]
#[path = "similar_tests.rs"]
mod tests;
