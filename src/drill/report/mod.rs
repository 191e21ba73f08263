//! The after-action report: what came, what was done, what was late.
//!
//! Its texts come from mails, people and scenarios. Every form makes them safe
//! with `text` and escapes what means something in it; none reads a clock or a
//! zone, so that the same report gives the same bytes.

mod html;
mod json;
mod markdown;
mod picture;
mod said;
mod text;
mod ticks;

#[cfg(test)]
mod tests;

pub use html::html;
pub use json::json;
pub use markdown::markdown;
pub use text::text;

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::score::Score;

/// Everything that a report says. The same drill gives the same report, byte for byte.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Name of the scenario.
    pub name: String,
    /// Its title.
    pub title: String,
    /// What it teaches.
    pub teaches: String,
    /// What all that chance decides came from.
    pub seed: u64,
    /// Solo, team, exam or headless.
    pub mode: String,
    /// Who took part. Foreign text.
    pub team: Vec<String>,
    /// When it began, by its own clock.
    pub began: DateTime<Utc>,
    /// When it ended, by its own clock.
    pub ended: DateTime<Utc>,
    /// Hints that were shown.
    pub hints: usize,
    /// The marks.
    #[serde(flatten)]
    pub score: Score,
    /// What came, what was done and what was late, in the order of time.
    pub timeline: Vec<Entry>,
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// When.
    pub at: DateTime<Utc>,
    /// On which of the three lines it stands.
    pub line: Line,
    /// Who. Foreign text.
    pub who: String,
    /// What it was about: the identifier of a case, or nothing.
    pub case: String,
    /// What. Foreign text.
    pub what: String,
}

/// The three lines of the picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Line {
    /// It came from outside, or from a colleague whom the scenario plays.
    Came,
    /// The team did it.
    Done,
    /// It was late, or did not happen at all.
    Late,
    /// The facilitator remarked it.
    Remark,
}
