//! Fire drills: scripted incidents on a throw-away store, played and scored.
//!
//! ```text
//! scenario/  the TOML file: people, injects, hints, marks; all its mistakes with line and mend
//! cast, post made-up people, their keys and their mails; dice: all chance from one seed
//! record     what happened, gathered from the drill's store
//! judge/     whether something is so by that record, and since when. Pure
//! plot       which inject is due when. Pure
//! score      the marks held against the record. Pure
//! stage/     the drill while it runs: sets up, plays what is due, answers the console
//! report/    the after-action report: Markdown, JSON, HTML, text
//! library    ninety's own scenarios, and those of the user
//! ```
//!
//! Nothing here reaches a real store: a drill has its own directory, and its
//! mail says so in its subject, which the intake of a real store refuses.

mod bulletin;
mod cast;
mod dice;
mod judge;
mod library;
mod plot;
mod post;
mod record;
pub mod report;
pub mod scenario;
mod score;
mod stage;

pub use bulletin::{Attend, Bulletin, Control, Cue, Hint, Stage};
pub use library::{Found, Library, SKELETON, read_file};
pub use scenario::Scenario;
pub use score::{Item, Score};
pub use stage::{Drill, Mode, Seating};

use crate::desk;

/// Why a drill could not be set up or played.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A key could not be made or used.
    #[error("making the mail of the drill failed: {0}")]
    Key(String),
    /// What the store keeps of the drill is not what it should be.
    #[error("{0}")]
    Damaged(String),
    /// It is not allowed.
    #[error("{0}")]
    Refused(String),
    /// The desk failed.
    #[error(transparent)]
    Desk(#[from] desk::Error),
}

impl Error {
    fn compose(error: crate::pgp::compose::ComposeError) -> Self {
        Self::Key(error.to_string())
    }
}
