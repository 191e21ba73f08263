//! The fields of `ninety set`: what `name=value` wants of a case.

mod assess;

use chrono::{DateTime, Local, Utc};

use super::{Complaint, Result};
use crate::desk::Order;
use crate::text;
use crate::triage::date::{self, Wish};
use crate::triage::variants::Variants;
use crate::triage::{Case, Decision, Milestone, Resolution, State};
use assess::Part;

const FIELD_NAMES: &str = "title, state, resolution, priority, reason, assignee, product, component, found_in, \
kind, cwe, affected, fixed_in, workaround, cvss, ssvc, policy, disclosure, demand, exploited, noise, waiting, \
variants, vulnerable_since, rolled_out, advisory, tags, unread";

/// The score of what a person calls noise.
const NOISE: u8 = 100;

/// What all fields of a command line want together.
#[derive(Debug, Default)]
pub(super) struct Wanted {
    decisions: Vec<Decision>,
    /// Parts of the assessment: all of them are one decision.
    parts: Vec<Part>,
}

impl Wanted {
    /// Reads `name=value`; state and resolution are one.
    pub(super) fn read(fields: &[&String], actor: &str, now: DateTime<Utc>) -> Result<Self> {
        let mut wanted = Self::default();
        let mut state: Option<State> = None;
        let mut resolution: Option<Resolution> = None;
        for field in fields {
            let (name, value) = field.split_once('=').unwrap_or((field, ""));
            let (name, value) = (name.trim().to_ascii_lowercase().replace('-', "_"), value.trim());
            match name.as_str() {
                "state" => state = Some(read(&name, value)?),
                "resolution" => resolution = Some(read(&name, value)?),
                name => match Part::read(name, value)? {
                    Some(part) => wanted.parts.push(part),
                    None => wanted.decisions.push(decision(name, value, actor, now)?),
                },
            }
        }
        // Priority and date follow from exploitation, unless the same line says others.
        wanted.decisions.sort_by_key(|decision| !matches!(decision, Decision::Exploited(_)));
        match (state, resolution) {
            (None, None) => {}
            (None, Some(_)) => {
                return Err(
                    Complaint::misread("a resolution says how a case was closed").hint("add state=closed")
                );
            }
            // Last: what closing asks for may stand on the same line.
            (Some(state), resolution) => wanted.decisions.push(Decision::State(state, resolution)),
        }
        Ok(wanted)
    }

    /// The orders for one case.
    pub(super) fn orders(&self, case: &Case) -> Result<Vec<Order>> {
        let mut orders = Vec::new();
        if !self.parts.is_empty() {
            let mut assessment = case.assessment.clone();
            for part in &self.parts {
                part.set(&mut assessment)?;
            }
            // The whole of it is replaced, so nobody may have changed it meanwhile.
            let decision = Decision::Assess(assessment);
            orders.push(Order { case: case.key, seen: Some(case.version), decision });
        }
        let order = |decision: &Decision| Order { case: case.key, seen: None, decision: decision.clone() };
        orders.extend(self.decisions.iter().map(order));
        Ok(orders)
    }
}

/// The value, or nothing where it says so.
fn optional(value: &str) -> Option<String> {
    (!matches!(value, "" | "none" | "-")).then(|| value.to_owned())
}

fn decision(name: &str, value: &str, actor: &str, now: DateTime<Utc>) -> Result<Decision> {
    Ok(match name {
        "title" if value.is_empty() => return Err(Complaint::misread("a case needs a title")),
        "title" => Decision::Title(value.to_owned()),
        "priority" | "prio" => Decision::Priority(optional_word(name, value)?),
        "assignee" | "owner" if value == "me" => Decision::Assignee(Some(actor.to_owned())),
        "assignee" | "owner" => Decision::Assignee(optional(value)),
        "product" => Decision::Product(optional(value)),
        "component" => Decision::Component(optional(value)),
        "found_in" => Decision::FoundIn(optional_word(name, value)?),
        "policy" => Decision::Policy(value.to_owned()),
        "disclosure" | "disclosure_at" => Decision::Disclosure(
            Wish::read(value, &Local).map_err(|error| Complaint::misread(error.to_string()))?,
        ),
        "demand" => match value.to_ascii_lowercase().as_str() {
            "take" => Decision::Demand(true),
            "drop" => Decision::Demand(false),
            other => {
                let given = text::line(other);
                return Err(Complaint::misread(format!("demand: '{given}' is neither take nor drop")));
            }
        },
        "exploited" => Decision::Exploited(yes_or_no(name, value)?),
        "noise" => Decision::Noise(if yes_or_no(name, value)? { NOISE } else { 0 }),
        "waiting" => Decision::Wait(optional(value).filter(|words| !words.eq_ignore_ascii_case("no"))),
        "variants" => Decision::Variants(match optional(value) {
            Some(value) => {
                Some(Variants::read(&value).map_err(|why| Complaint::misread(format!("variants: {why}")))?)
            }
            None => None,
        }),
        "vulnerable_since" => reached(Milestone::Vulnerable, name, value, now)?,
        "rolled_out" => reached(Milestone::RolledOut, name, value, now)?,
        "advisory" => reached(Milestone::Advisory, name, value, now)?,
        "unread" => Decision::Unread(yes_or_no(name, value)?),
        "tags" | "tag" => match value.split_at_checked(1) {
            Some(("+", tag)) => Decision::Tag(tag.to_owned()),
            Some(("-", tag)) if !tag.is_empty() => Decision::Untag(tag.to_owned()),
            _ => Decision::Tags(
                optional(value).map_or_else(Vec::new, |tags| tags.split(',').map(str::to_owned).collect()),
            ),
        },
        other => {
            let complaint = Complaint::misread(format!("'{}' is not a field of a case", text::line(other)));
            return Err(complaint.hint(format!("fields are {FIELD_NAMES}")));
        }
    })
}

/// A milestone that was reached, or was not after all.
fn reached(milestone: Milestone, name: &str, value: &str, now: DateTime<Utc>) -> Result<Decision> {
    let Some(value) = optional(value) else { return Ok(Decision::Reach(milestone, None)) };
    let at = date::moment(&value, &Local, now)
        .map_err(|why| Complaint::misread(format!("{}: {why}", text::line(name))))?;
    if at > now {
        return Err(Complaint::misread(format!("{}: that lies ahead", text::line(name)))
            .hint("say it when it has happened"));
    }
    Ok(Decision::Reach(milestone, Some(at)))
}

fn read<T: std::str::FromStr<Err: std::fmt::Display>>(name: &str, value: &str) -> Result<T> {
    value.trim().parse().map_err(|error| Complaint::misread(format!("{}: {error}", text::line(name))))
}

fn optional_word<T: std::str::FromStr<Err: std::fmt::Display>>(name: &str, value: &str) -> Result<Option<T>> {
    optional(value).map(|value| read(name, &value)).transpose()
}

fn yes_or_no(name: &str, value: &str) -> Result<bool> {
    match value.to_ascii_lowercase().as_str() {
        "yes" | "true" | "1" => Ok(true),
        "no" | "false" | "0" => Ok(false),
        other => Err(Complaint::misread(format!("{name}: '{}' is neither yes nor no", text::line(other)))),
    }
}
