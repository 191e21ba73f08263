//! What a team did, held against what its scenario expected.

use chrono::{DateTime, Utc};
use serde::Serialize;

/// The marks of a drill.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Score {
    /// What was reached.
    pub points: u32,
    /// What could be reached.
    pub of: u32,
    /// One entry for each mark of the scenario, in its order.
    pub items: Vec<Item>,
}

/// One mark.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Item {
    /// What it is about: `the reporter was answered`.
    pub what: String,
    /// What was expected, in words.
    pub expected: String,
    /// What happened, in words. May hold foreign text.
    pub happened: String,
    /// When it happened, if it did.
    pub at: Option<DateTime<Utc>>,
    /// Points that it brought.
    pub points: u32,
    /// Points that it could bring.
    pub of: u32,
    /// What to read or to practise; empty where nothing was lost.
    pub practise: String,
}
