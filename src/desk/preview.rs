//! What a batch of orders would do, told before it is done.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use super::decide::{describe, judge, steps, summarised};
use super::{Desk, Error, Order, Outcome};
use crate::store::Writer;
use crate::triage::closing::{self, Open};
use crate::triage::{Case, CaseKey, Decision, Sitting, State, What};

impl Desk {
    /// What [`decide`](Self::decide) would do now. Writes nothing, and holds nobody up.
    ///
    /// # Errors
    /// When the store fails.
    pub fn preview(&mut self, orders: &[Order]) -> Result<Outcome, Error> {
        let (actor, now, rules) = (self.actor.clone(), self.now(), Arc::clone(&self.rules));
        let sitting = Sitting { actor: &actor, now, rules: &rules };
        let outcome = self.store.rehearse(|writer| -> Result<Outcome, Error> {
            let mut outcome = Outcome::default();
            // Several orders of one case build on each other.
            let mut cases: HashMap<CaseKey, Case> = HashMap::new();
            for order in orders {
                let case = match cases.entry(order.case) {
                    Entry::Occupied(known) => known.into_mut(),
                    Entry::Vacant(place) => place.insert(writer.case(order.case)?),
                };
                match judge(writer, case, order, &sitting)? {
                    Err(reason) => outcome.refused.push((case.id.clone(), reason)),
                    Ok(what) if what.is_empty() => {}
                    Ok(what) => {
                        outcome.left_open.extend(left_open(writer, case, order, &sitting)?);
                        outcome.steps.extend(steps(&what));
                        for entry in what {
                            if let What::Changed { after, .. } = entry {
                                after.apply(case);
                            }
                        }
                        if !outcome.changed.contains(&order.case) {
                            outcome.changed.push(order.case);
                        }
                    }
                }
            }
            Ok(outcome)
        })?;
        Ok(summarised(outcome, &describe(orders)))
    }
}

/// What is open in a case that the order closes, before it does.
pub(super) fn left_open(
    writer: &Writer<'_>,
    case: &Case,
    order: &Order,
    sitting: &Sitting<'_>,
) -> Result<Vec<(String, Open)>, Error> {
    let Decision::State(State::Closed, Some(resolution)) = order.decision else { return Ok(Vec::new()) };
    if !case.state.is_open() {
        return Ok(Vec::new());
    }
    let drafting = writer.drafting(case.key)?;
    let items = closing::left_open(case, resolution, &drafting, sitting.rules, sitting.now);
    Ok(items.into_iter().map(|item| (case.id.clone(), item)).collect())
}
