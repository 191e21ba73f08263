//! The commands of fire drills.

mod args;
pub(super) mod history;

use std::process::ExitCode;

pub(super) use args::DrillCommand;

use super::args::Seat;
use super::{Output, Result};

/// Runs one of the commands.
pub(super) fn run(seat: &Seat, command: &DrillCommand, output: &mut Output) -> Result<ExitCode> {
    match command {
        DrillCommand::History => history::run(seat, output),
    }
}
