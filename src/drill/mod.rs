//! Fire drills: scripted incidents on a throw-away store, played and scored.

mod bulletin;
pub mod report;
mod score;

pub use bulletin::{Attend, Bulletin, Control, Cue, Hint, Stage};
pub use score::{Item, Score};
