//! Figures over what happened: the cases of the store gathered in one pass.

use std::collections::HashSet;

use chrono::{DateTime, Utc};

use super::{Desk, Result};
use crate::triage::query::{Condition, Expr};
use crate::triage::statistics::{Gathering, Period, Statistics};
use crate::triage::{CaseKey, Query};

impl Desk {
    /// The figures over the cases that `query` asks for, closed ones among
    /// them, from `since` to before `until`; [`Period::asked`] says what holds
    /// where these are not given.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn statistics(
        &mut self,
        since: Option<DateTime<Utc>>,
        until: Option<DateTime<Utc>>,
        query: &Query,
    ) -> Result<Statistics> {
        let (rules, now) = (self.rules(), self.now());
        let period = Period::asked(since, until, &rules.calendar, now);
        let mut gathering = Gathering::new(period, &rules.calendar, now);
        let chosen = self.chosen(query)?;
        let restricted = self.store.each_case(&self.actor, |case| {
            if chosen.as_ref().is_none_or(|keys| keys.contains(&case.key)) {
                gathering.add(case);
            }
        })?;
        // What cannot be seen is never what a query asks for.
        if chosen.is_none() {
            gathering.restricted(restricted);
        }
        Ok(gathering.finish())
    }

    /// The cases that `query` asks for, be they open or closed; `None` where it asks for nothing.
    fn chosen(&mut self, query: &Query) -> Result<Option<HashSet<CaseKey>>> {
        let Some(filter) = &query.filter else { return Ok(None) };
        let all = Expr::Is(Condition::Everything);
        let filter = Some(Expr::And(vec![all, filter.clone()]));
        let keys = self.order(&Query { filter, sort: Vec::new() })?;
        Ok(Some(keys.into_iter().collect()))
    }
}
