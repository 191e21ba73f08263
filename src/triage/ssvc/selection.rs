//! Answers as others exchange them: an SSVC SelectionList 2.0.0, in JSON.
//!
//! Written with the answers, the utility and the outcome that follow from
//! them. Read from anybody: decision points of other trees are passed over,
//! and what contradicts itself is refused.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::points::{self, DecisionPoint, NAMESPACE};
use super::{
    Answers, Automatable, Outcome, PublicSafetyImpact, Question, Row, SafetyImpact, Ssvc, Utility,
    ValueDensity,
};
use crate::text;

/// The version of the schema that is written and read.
const SCHEMA_VERSION: &str = "2.0.0";

/// Which values were chosen for which decision points, about what, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SelectionList {
    /// What was evaluated, such as a CVE identifier. Foreign text where the list was read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub target_ids: Vec<String>,
    /// When it was.
    pub timestamp: DateTime<Utc>,
    #[serde(rename = "schemaVersion")]
    schema_version: String,
    selections: Vec<Selection>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Selection {
    namespace: String,
    key: String,
    version: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    values: Vec<Selected>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Selected {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    key: String,
}

/// A selection list that could not be read: where, and why. Safe to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable(String);

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Unreadable {}

impl SelectionList {
    /// The list of these answers, the utility and the outcome.
    pub fn of(ssvc: &Ssvc, at: DateTime<Utc>, targets: &[String]) -> Self {
        let mut list = Self::of_row(&ssvc.row(), at, targets);
        let asked = [
            selection(&points::AUTOMATABLE, ssvc.automatable as usize),
            selection(&points::VALUE_DENSITY, ssvc.value_density as usize),
        ];
        list.selections.splice(1..1, asked);
        list
    }

    /// The list of a row, where only the utility is known and not what made it.
    pub fn of_row(row: &Row, at: DateTime<Utc>, targets: &[String]) -> Self {
        let mut target_ids: Vec<String> = Vec::new();
        for target in targets {
            if !target_ids.contains(target) {
                target_ids.push(target.clone());
            }
        }
        Self {
            target_ids,
            timestamp: at,
            schema_version: SCHEMA_VERSION.to_owned(),
            selections: vec![
                selection(&points::EXPLOITATION, row.exploitation as usize),
                selection(&points::UTILITY, row.utility as usize),
                selection(&points::TECHNICAL_IMPACT, row.technical_impact as usize),
                selection(&points::PUBLIC_SAFETY_IMPACT, row.public_safety_impact as usize),
                selection(&points::OUTCOME, row.outcome as usize),
            ],
        }
    }

    /// Reads a list from its JSON.
    ///
    /// # Errors
    /// [`Unreadable`] where it is no selection list of schema 2.0.0.
    pub fn read(json: &str) -> Result<Self, Unreadable> {
        let list: Self = serde_json::from_str(json).map_err(|error| {
            Unreadable(format!("not a selection list: {}", text::line(&error.to_string())))
        })?;
        if list.schema_version != SCHEMA_VERSION {
            return refuse(format!(
                "schemaVersion is '{}', not {SCHEMA_VERSION}",
                shown(&list.schema_version)
            ));
        }
        Ok(list)
    }

    /// The answers in it, and the utility where it is known. A decision point
    /// that is not in the list, or has several values, is left open.
    ///
    /// # Errors
    /// [`Unreadable`] where a version or a value is not known, or the list contradicts itself.
    pub fn answers(&self) -> Result<(Answers, Option<Utility>), Unreadable> {
        let mut answers = Answers::default();
        for question in Question::ALL {
            answers = answers.with(question, self.chosen(question.point())?);
        }
        answers.public_safety_impact = self.public_safety(answers.public_safety_impact)?;
        let utility = self.chosen(&points::UTILITY)?.map(|chosen| Utility::ALL[chosen]);
        let utility = deduce(&mut answers, utility)?;
        self.check_outcome(&answers, utility)?;
        Ok((answers, utility))
    }

    /// Public safety by its own decision point or by the four steps of safety impact.
    fn public_safety(
        &self,
        coarse: Option<PublicSafetyImpact>,
    ) -> Result<Option<PublicSafetyImpact>, Unreadable> {
        let fine = self
            .chosen(&points::SAFETY_IMPACT)?
            .map(|chosen| PublicSafetyImpact::from(SafetyImpact::ALL[chosen]));
        match (coarse, fine) {
            (Some(coarse), Some(fine)) if coarse != fine => refuse(format!(
                "Public Safety Impact is '{coarse}', but Safety Impact makes it '{fine}'; one of them is wrong"
            )),
            (coarse, fine) => Ok(coarse.or(fine)),
        }
    }

    /// An outcome in the list must be the one that its answers make.
    fn check_outcome(&self, answers: &Answers, utility: Option<Utility>) -> Result<(), Unreadable> {
        let stated = self.chosen(&points::OUTCOME)?.map(|chosen| Outcome::ALL[chosen]);
        let row = answers.row(utility);
        match (stated, row) {
            (Some(stated), Some(row)) if stated != row.outcome => {
                refuse(format!("the list says '{stated}', but {row}; an answer or the outcome is wrong"))
            }
            _ => Ok(()),
        }
    }

    /// Which choice of `point` the list has, counted from 0.
    fn chosen(&self, point: &DecisionPoint) -> Result<Option<usize>, Unreadable> {
        let mut found = None;
        let ours = |selection: &&Selection| selection.namespace == NAMESPACE && selection.key == point.key;
        for selection in self.selections.iter().filter(ours) {
            let major = |version: &str| version.split('.').next().map(str::to_owned);
            if major(&selection.version) != major(point.version) {
                let version = shown(&selection.version);
                return refuse(format!("{} has version '{version}'; known is {}", point.name, point.version));
            }
            let [value] = selection.values.as_slice() else { continue };
            let chosen = point.choices.iter().position(|choice| choice.key == value.key);
            let Some(chosen) = chosen else {
                let choices = point.choices.iter().map(|choice| format!("{} {}", choice.key, choice.name));
                let choices = choices.collect::<Vec<_>>().join(", ");
                return refuse(format!(
                    "{} has no value '{}'; it is one of {choices}",
                    point.name,
                    shown(&value.key)
                ));
            };
            if found.is_some_and(|before| before != chosen) {
                return refuse(format!("{} is there twice, with different values", point.name));
            }
            found = Some(chosen);
        }
        Ok(found)
    }
}

/// Fills in what follows for automatable and value density from one another and
/// the utility; the utility, where it is known then.
fn deduce(answers: &mut Answers, utility: Option<Utility>) -> Result<Option<Utility>, Unreadable> {
    let all = Automatable::ALL.into_iter().flat_map(|a| ValueDensity::ALL.map(|v| (a, v, Utility::of(a, v))));
    let possible: Vec<_> = all
        .filter(|(a, v, u)| {
            answers.automatable.is_none_or(|known| known == *a)
                && answers.value_density.is_none_or(|known| known == *v)
                && utility.is_none_or(|known| known == *u)
        })
        .collect();
    let Some(&(automatable, value_density, made)) = possible.first() else {
        return refuse("Utility contradicts Automatable and Value Density; one of the three is wrong");
    };
    if possible.iter().all(|(a, ..)| *a == automatable) {
        answers.automatable = Some(automatable);
    }
    if possible.iter().all(|(_, v, _)| *v == value_density) {
        answers.value_density = Some(value_density);
    }
    Ok(possible.iter().all(|(.., u)| *u == made).then_some(made))
}

fn selection(point: &DecisionPoint, chosen: usize) -> Selection {
    let choice = &point.choices[chosen];
    Selection {
        namespace: NAMESPACE.to_owned(),
        key: point.key.to_owned(),
        version: point.version.to_owned(),
        name: Some(point.name.to_owned()),
        values: vec![Selected { name: Some(choice.name.to_owned()), key: choice.key.to_owned() }],
    }
}

fn refuse<T>(why: impl Into<String>) -> Result<T, Unreadable> {
    Err(Unreadable(why.into()))
}

/// Foreign text, safe and not longer than it helps.
fn shown(foreign: &str) -> String {
    text::fit(&text::line(foreign), 40)
}
