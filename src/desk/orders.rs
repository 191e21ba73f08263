//! What is asked of the desk, and what came of it.

use std::collections::BTreeMap;

use crate::triage::closing::Open;
use crate::triage::{CaseKey, Decision};

/// One decision about one case.
#[derive(Debug, Clone, PartialEq)]
pub struct Order {
    /// The case.
    pub case: CaseKey,
    /// The version that the person saw when they decided. Where the same field
    /// was changed since, the order is refused; `None` does not ask.
    pub seen: Option<i64>,
    /// The decision.
    pub decision: Decision,
}

/// What a batch of orders, an undo or a redo did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Outcome {
    /// The cases that changed.
    pub changed: Vec<CaseKey>,
    /// What was not done: the case's identifier and why, in words.
    pub refused: Vec<(String, String)>,
    /// What is still open in a case that is closed with it: the case's identifier, and what.
    pub left_open: Vec<(String, Open)>,
    /// What each decision changes: the field, and from what to what. Safe to show.
    pub steps: Vec<(String, String)>,
    /// What was done, in words: `priority P1 on 12 cases`. Safe to show.
    pub summary: String,
}

impl Outcome {
    /// What was done and what was not, in one line. Safe to show.
    pub fn in_words(&self) -> String {
        let Some((id, reason)) = self.refused.first() else { return self.summary.clone() };
        let refused = crate::text::line(&format!("{id}: {reason}"));
        match self.changed.len() {
            0 => refused,
            _ => format!("{}; {} left out, {refused}", self.summary, self.refused.len()),
        }
    }

    /// Why orders are refused, each reason with its cases; the commonest first.
    pub fn reasons(&self) -> Vec<(&str, Vec<&str>)> {
        grouped(self.refused.iter().map(|(id, why)| (why.as_str(), id.as_str())))
    }

    /// The fields that change in the order in which they do, each with its
    /// changes and how many cases they are, the commonest first.
    pub fn by_field(&self) -> Vec<(&str, Vec<(&str, usize)>)> {
        let mut fields: Vec<&str> = Vec::new();
        let mut counts: BTreeMap<(&str, &str), usize> = BTreeMap::new();
        for (field, step) in &self.steps {
            if !fields.contains(&field.as_str()) {
                fields.push(field);
            }
            *counts.entry((field, step)).or_default() += 1;
        }
        let steps_of = |field: &&str| {
            let of_it = counts.iter().filter(|((name, _), _)| name == field);
            let mut steps: Vec<(&str, usize)> = of_it.map(|((_, step), count)| (*step, *count)).collect();
            steps.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
            steps
        };
        fields.iter().map(|field| (*field, steps_of(field))).collect()
    }

    /// What is left open, each thing with its cases; the gravest first.
    pub fn open_items(&self) -> Vec<(&Open, Vec<&str>)> {
        let mut by_item: BTreeMap<&Open, Vec<&str>> = BTreeMap::new();
        for (id, item) in &self.left_open {
            by_item.entry(item).or_default().push(id);
        }
        by_item.into_iter().collect()
    }
}

/// Which cases a reason holds for, the commonest reason first.
pub(super) fn grouped<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>) -> Vec<(&'a str, Vec<&'a str>)> {
    let mut by_reason: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (reason, id) in pairs {
        by_reason.entry(reason).or_default().push(id);
    }
    let mut sorted: Vec<_> = by_reason.into_iter().collect();
    sorted.sort_by_key(|(_, ids)| std::cmp::Reverse(ids.len()));
    sorted
}
