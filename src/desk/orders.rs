//! What is asked of the desk, and what came of it.

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
    /// What was done, in words: `priority P1 on 12 cases`. Safe to show.
    pub summary: String,
}
