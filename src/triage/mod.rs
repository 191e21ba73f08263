//! What a case is, and the rules it lives by.
//!
//! Pure: nothing here reads a clock, a file, a database or a terminal. Whoever
//! needs the present hands it in as `now`.

pub mod assessment;
pub mod calendar;
pub mod case;
pub mod clock;
pub mod clocks;
pub mod closing;
pub mod cvss;
pub mod date;
pub mod demand;
pub mod dossier;
pub mod drills;
pub mod event;
pub mod evidence;
pub mod handover;
pub mod hotspots;
pub mod lane;
pub mod mark;
pub mod message;
pub mod milestone;
pub mod noise;
pub mod order;
pub mod person;
mod phrases;
pub mod policy;
pub mod proposal;
pub mod query;
pub mod regulation;
pub mod reminder;
pub mod rules;
pub mod similar;
pub mod ssvc;
pub mod state;
pub mod statistics;
pub mod terms;
pub mod trust;
pub mod variants;
pub mod view;
pub mod weakness;
pub(crate) mod words;

pub use assessment::{Assessment, Judgement};
pub use case::{Case, CaseKey, FoundIn, Priority, Row};
pub use clocks::{Clock, Due};
pub use dossier::{Answer, Dossier, ReporterKey};
pub use event::{Change, Decision, Event, Field, Sitting, What};
pub use lane::{Lane, LaneStep};
pub use milestone::Milestone;
pub use person::Person;
pub use query::Query;
pub use state::{Resolution, State};
pub use terms::Terms;
pub use trust::{Origin, Trust};
pub use view::View;
pub use weakness::Weakness;
pub use words::UnknownWord;
