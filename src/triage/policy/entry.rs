//! A policy as it is written in a file: what a person says of it. What is not
//! said of a known policy stays as it is, so the team changes one number of
//! `default` by naming that number.

use serde::Deserialize;
use serde::de::{Deserializer, Error as _};
use toml::Spanned;

use super::{DayOff, MAX_DAYS, Policy};
use crate::triage::terms::Terms;
use crate::triage::words::fold;

/// Characters of a name that are read at most.
const MAX_NAME: usize = 60;

/// One `[[policy]]` of a file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::triage) struct Entry {
    pub(in crate::triage) name: Spanned<Name>,
    #[serde(default)]
    also: Option<Vec<Name>>,
    title: Option<String>,
    note: Option<String>,
    source: Option<String>,
    days: Option<Limit>,
    after_fix_days: Option<Limit>,
    grace_days: Option<Days>,
    in_the_wild_days: Option<Limit>,
    in_the_wild_grace_days: Option<Days>,
    day_off: Option<DayOff>,
    terms: Option<TermsEntry>,
}

impl Entry {
    /// The name that it goes by.
    pub(in crate::triage) fn name(&self) -> &str {
        &self.name.get_ref().0
    }

    /// The policy that this makes of `known`, or a new one with these `terms`.
    ///
    /// # Errors
    /// In words, where a new policy says nothing of its days.
    pub(super) fn over(self, known: Option<&Policy>, terms: &Terms) -> Result<Policy, String> {
        let name = self.name.into_inner().0;
        if known.is_none() && self.days.is_none() {
            return Err(format!(
                "policy '{name}' says no days; add days = 45, or days = \"none\" where no limit is fixed"
            ));
        }
        let blank = || Policy {
            title: String::new(),
            name,
            also: Vec::new(),
            note: String::new(),
            source: "the configuration".to_owned(),
            days: None,
            after_fix_days: None,
            grace_days: 0,
            in_the_wild_days: None,
            in_the_wild_grace_days: 0,
            day_off: DayOff::Keep,
            terms: terms.clone(),
        };
        let base = known.cloned().unwrap_or_else(blank);
        let limit = |said: Option<Limit>, base| said.map_or(base, |limit| limit.0);
        let days = |said: Option<Days>, base| said.map_or(base, |days| days.0);
        Ok(Policy {
            name: base.name,
            also: self.also.map_or(base.also, |names| names.into_iter().map(|name| name.0).collect()),
            title: self.title.unwrap_or(base.title),
            note: self.note.unwrap_or(base.note),
            source: self.source.unwrap_or(base.source),
            days: limit(self.days, base.days),
            after_fix_days: limit(self.after_fix_days, base.after_fix_days),
            grace_days: days(self.grace_days, base.grace_days),
            in_the_wild_days: limit(self.in_the_wild_days, base.in_the_wild_days),
            in_the_wild_grace_days: days(self.in_the_wild_grace_days, base.in_the_wild_grace_days),
            day_off: self.day_off.unwrap_or(base.day_off),
            terms: self.terms.map_or_else(|| base.terms.clone(), |said| said.over(&base.terms)),
        })
    }
}

/// What a file says of [`Terms`].
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(in crate::triage) struct TermsEntry {
    acknowledge_hours: Option<Hours>,
    triage_hours: Option<Hours>,
    update_days: Option<SomeDays>,
    stalled_days: Option<[SomeDays; 6]>,
    handover_hours: Option<Hours>,
    target_percent: Option<Percent>,
    rollout_days: Option<SomeDays>,
    advisory_hours: Option<Hours>,
}

impl TermsEntry {
    /// `base`, with what is said here.
    pub(in crate::triage) fn over(&self, base: &Terms) -> Terms {
        let hours = |said: &Option<Hours>, base| said.as_ref().map_or(base, |hours| hours.0);
        Terms {
            acknowledge_hours: hours(&self.acknowledge_hours, base.acknowledge_hours),
            triage_hours: hours(&self.triage_hours, base.triage_hours),
            update_days: self.update_days.as_ref().map_or(base.update_days, |days| days.0),
            stalled_days: self
                .stalled_days
                .as_ref()
                .map_or(base.stalled_days, |days| days.each_ref().map(|days| days.0)),
            handover_hours: hours(&self.handover_hours, base.handover_hours),
            target_percent: self.target_percent.as_ref().map_or(base.target_percent, |percent| percent.0),
            rollout_days: self.rollout_days.as_ref().map_or(base.rollout_days, |days| days.0),
            advisory_hours: hours(&self.advisory_hours, base.advisory_hours),
        }
    }
}

/// The name of a policy: something is left of it when it is folded.
#[derive(Debug)]
pub(in crate::triage) struct Name(String);

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?.trim().to_owned();
        if fold(&name).is_empty() || name.chars().count() > MAX_NAME {
            return Err(D::Error::custom(format!(
                "a policy is named by 1 to {MAX_NAME} characters, letters or digits among them"
            )));
        }
        Ok(Self(name))
    }
}

/// A number of days, or `"none"`.
#[derive(Debug)]
struct Limit(Option<i64>);

impl<'de> Deserialize<'de> for Limit {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match toml::Value::deserialize(deserializer)? {
            toml::Value::Integer(days) => within(days, 0, MAX_DAYS, "days").map(|days| Self(Some(days))),
            toml::Value::String(word) if fold(&word) == "none" => Ok(Self(None)),
            other => Err(D::Error::custom(format!(
                "a {} is no number of days; write 0 to {MAX_DAYS}, or \"none\"",
                other.type_str()
            ))),
        }
    }
}

/// Defines a number that is refused outside of its range, with the range.
macro_rules! bounded {
    ($($(#[$meta:meta])* $name:ident = $least:literal to $most:expr, $unit:literal;)+) => { $(
        $(#[$meta])*
        #[derive(Debug)]
        struct $name(i64);

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                within(i64::deserialize(deserializer)?, $least, $most, $unit).map(Self)
            }
        }
    )+ };
}

bounded! {
    /// Days, none among them.
    Days = 0 to MAX_DAYS, "days";
    /// Days of a clock: at least one, or everything would be due always.
    SomeDays = 1 to MAX_DAYS, "days";
    /// Hours of a clock: at least one, as of its days.
    Hours = 1 to MAX_DAYS * 24, "hours";
    /// A share of the time there is: some of it.
    Percent = 1 to 100, "percent";
}

fn within<E: serde::de::Error>(number: i64, least: i64, most: i64, unit: &str) -> Result<i64, E> {
    if (least..=most).contains(&number) {
        Ok(number)
    } else {
        Err(E::custom(format!("{number} is out of range; write {least} to {most} {unit}")))
    }
}
