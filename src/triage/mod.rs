//! What a case is, and the rules it lives by.
//!
//! Pure: nothing here reads a clock, a file, a database or a terminal. Whoever
//! needs the present hands it in as `now`.

pub mod case;
pub mod clock;
pub mod date;
pub mod demand;
pub mod dossier;
pub mod event;
pub mod evidence;
pub mod message;
pub mod noise;
pub mod person;
mod phrases;
pub mod query;
pub mod similar;
pub mod state;
pub mod terms;
pub mod trust;
pub mod weakness;
mod words;

pub use case::{Case, CaseKey, FoundIn, Priority, Row};
pub use clock::{Due, DueKind, Policy};
pub use dossier::{Answer, Dossier, ReporterKey};
pub use event::{Change, Decision, Event, Field, What};
pub use person::Person;
pub use query::Query;
pub use state::{Resolution, State};
pub use terms::Terms;
pub use trust::{Origin, Trust};
pub use weakness::Weakness;
pub use words::UnknownWord;
