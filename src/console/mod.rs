//! The full-screen console.
//!
//! ```text
//! shell      the terminal, signals, the worker: all I/O, the main loop
//!   | Msg            ^ Effect
//! update     the model changes; no I/O
//! model      everything known at one moment; overlay, assess, board, layout, paper belong to it
//! view       the model drawn into cells; changes nothing
//! commands   the one table of keys, names and descriptions; key, look, zone
//! ```
//!
//! Knows the desk and the case, and of a drill what it shows; never the store,
//! mail or OpenPGP.

mod assess;
mod board;
mod commands;
mod drill;
mod grooming;
mod key;
mod layout;
mod look;
mod model;
mod msg;
mod overlay;
mod paper;
mod shell;
mod update;
mod view;
mod zone;

#[cfg(test)]
mod tests;

pub use commands::{Reference, reference};
pub use key::{Code, Key, UnknownKey};
pub use look::Look;
pub use paper::wrap::wrap;
pub use shell::{Error, Rehearsal, edit, first_screen, memory_directory, run, run_drill};
