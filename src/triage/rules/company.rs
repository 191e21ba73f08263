//! What the configuration says about the company: its products and who has
//! them, who is on call, and which duties it has by law.
//!
//! - `[[product]]`: `name` (a `*` at its end stands for anything), `also`
//!   (words by which a mail names it), and an owner for each lane:
//!   `development = "ben"`, `QA = "cho"`, `PR = "dara"`, ...
//! - `[rota]`: `people` in their order, `from` (a day on which the first of
//!   them began), `days` of a shift (7), `at` (when it changes, `09:00`)
//! - `[regulation]`: `cra`, `nis2`, `member_states`, `company`
//! - `[checklist]`: `close`, lines that are asked before a case is closed

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use serde::Deserialize;

use crate::triage::calendar::Calendar;
use crate::triage::lane::Lane;
use crate::triage::words::fold;

/// A product, and who has it in each lane.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Product {
    /// Its name; a `*` at the end stands for anything.
    pub name: String,
    /// Words by which a mail names it.
    #[serde(default)]
    pub also: Vec<String>,
    /// Who has it, by lane.
    #[serde(flatten)]
    pub owners: BTreeMap<Lane, String>,
}

impl Product {
    /// Whether this is the product with that name.
    pub fn is(&self, name: &str) -> bool {
        match self.name.strip_suffix('*') {
            Some(beginning) => fold(name).starts_with(&fold(beginning)),
            None => fold(&self.name) == fold(name),
        }
    }
}

/// Who is on call when.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rota {
    /// Whose turn it is, in their order.
    pub people: Vec<String>,
    /// A day on which the first of them began.
    pub from: NaiveDate,
    /// Days of a shift.
    #[serde(default = "week")]
    pub days: u16,
    /// When a shift changes, in the calendar's zone.
    #[serde(default = "morning")]
    pub at: NaiveTime,
}

fn week() -> u16 {
    7
}

fn morning() -> NaiveTime {
    NaiveTime::from_hms_opt(9, 0, 0).unwrap_or_default()
}

/// One turn of the rota.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shift {
    /// Who has it.
    pub person: String,
    /// From when.
    pub from: DateTime<Utc>,
    /// Until when.
    pub until: DateTime<Utc>,
}

impl Rota {
    /// The shift at `at`, and those that follow it.
    pub fn shifts<'a>(
        &'a self,
        at: DateTime<Utc>,
        calendar: &'a Calendar,
    ) -> impl Iterator<Item = Shift> + 'a {
        let days = i64::from(self.days.max(1));
        let local = at.with_timezone(&calendar.zone).naive_local() - (self.at - NaiveTime::MIN);
        let number = (local.date() - self.from).num_days().div_euclid(days);
        let begins = move |number: i64| {
            let days = TimeDelta::try_days(number.saturating_mul(days)).unwrap_or_default();
            let date = self.from.checked_add_signed(days).unwrap_or(self.from);
            crate::triage::date::in_zone(date.and_time(self.at), &calendar.zone).unwrap_or(at)
        };
        (0..).map_while(move |step| {
            let number = number + step;
            let index = usize::try_from(number.rem_euclid(i64::try_from(self.people.len()).ok()?)).ok()?;
            let person = self.people.get(index)?.clone();
            Some(Shift { person, from: begins(number), until: begins(number + 1) })
        })
    }
}
