//! What can happen to a case: decisions, the changes they make, and the
//! timeline entries that record them. Undo is a change back to what was.

mod change;
mod decision;
mod what;

use chrono::{DateTime, Utc};

pub use change::{Change, Field, Standing};
pub(crate) use decision::by_policy;
pub use decision::{Decision, Refusal, Sitting};
pub use what::{Event, What};

/// How an instant is written for whoever reads: programs in UTC, people in their zone.
pub type When<'a> = &'a dyn Fn(DateTime<Utc>) -> String;

/// An instant in UTC.
pub fn in_utc(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%d %H:%M UTC").to_string()
}
