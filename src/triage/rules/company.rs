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
use toml::Spanned;
use toml::value::Datetime;

use super::Wrong;
use crate::triage::calendar::Calendar;
use crate::triage::lane::Lane;
use crate::triage::words::fold;

/// What is asked before something is done for good.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Checklist {
    /// Before a case is closed.
    pub(super) close: Vec<String>,
}

/// The products, each once.
pub(super) fn products(given: Vec<Spanned<Product>>) -> Result<Vec<Product>, Wrong> {
    let mut products: Vec<Product> = Vec::new();
    for product in given {
        let (at, product) = (product.span(), product.into_inner());
        if product.name.trim().is_empty() {
            return Err((at, "a product needs a name".to_owned()));
        }
        if products.iter().any(|known| fold(&known.name) == fold(&product.name)) {
            return Err((at, format!("the product '{}' is there twice; keep one", product.name)));
        }
        products.push(product);
    }
    Ok(products)
}

/// The table `[rota]` as it is written.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Turns {
    people: Vec<String>,
    from: Datetime,
    days: Option<u16>,
    at: Option<String>,
}

/// The rota, with somebody in it.
pub(super) fn rota(given: Spanned<Turns>) -> Result<Rota, Wrong> {
    let at = given.span();
    let Turns { people, from, days, at: time } = given.into_inner();
    let wrong = |why: &str| Err((at.clone(), why.to_owned()));
    if people.is_empty() || people.iter().any(|person| person.trim().is_empty()) {
        return wrong("name who takes turns: people = [\"ann\", \"ben\"]");
    }
    let days = days.unwrap_or(WEEK);
    if days == 0 {
        return wrong("a shift has at least one day: days = 7");
    }
    let date = from.date.filter(|_| from.time.is_none());
    let date = date.and_then(|date| {
        NaiveDate::from_ymd_opt(date.year.into(), date.month.into(), date.day.into())
    });
    let Some(from) = date else {
        return wrong("'from' is a day on which the first one began, such as 2026-11-02");
    };
    let time = time.as_deref().unwrap_or("09:00");
    let Ok(at) = NaiveTime::parse_from_str(time, "%H:%M") else {
        return wrong("'at' is the time at which shifts change, such as \"09:00\"");
    };
    Ok(Rota { people, from, days, at })
}

/// Days of a shift, unless they are given.
const WEEK: u16 = 7;

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
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rota {
    /// Whose turn it is, in their order.
    pub people: Vec<String>,
    /// A day on which the first of them began.
    pub from: NaiveDate,
    /// Days of a shift.
    pub days: u16,
    /// When a shift changes, in the calendar's zone.
    pub at: NaiveTime,
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
