//! `ninety drill`: fire drills listed, played, scored, written down.

mod args;
mod check;
mod headless;
pub(super) mod history;
mod list;
mod play;
mod report;
mod run;
mod script;

use std::process::ExitCode;

pub(super) use args::{DRILL_HELP, DrillCommand};
pub(super) use play::sit_down;

use super::args::Seat;
use super::{Complaint, Output, Result};
use crate::drill::{Library, Scenario};
use crate::text;

/// Runs one of the commands; without one the drills are listed.
pub(super) fn run(seat: &Seat, command: Option<&DrillCommand>, output: &mut Output) -> Result<ExitCode> {
    match command {
        None | Some(DrillCommand::List) => list::run(seat, output),
        Some(DrillCommand::Run(asked)) => run::run(seat, asked, output),
        Some(DrillCommand::Join { directory, role }) => play::join(seat, directory, role.as_deref()),
        Some(DrillCommand::Report { directory, output: files }) => {
            report::run(seat, directory, files, output)
        }
        Some(DrillCommand::Check { files }) => check::run(files, output),
        Some(DrillCommand::New { file }) => check::new(file, output),
        Some(DrillCommand::History) => history::run(seat, output),
    }
}

/// The scenarios that there are.
fn library() -> Library {
    let dirs = directories::ProjectDirs::from("", "", "ninety");
    Library::new(dirs.map(|dirs| dirs.config_dir().join("drills")))
}

/// The scenario with this name, or in this file.
fn scenario(name: &str) -> Result<Scenario> {
    let shown = text::line(name);
    let found = library().find(name).map_err(|source| crate::desk::Error::file(name, source))?;
    let none = || {
        Complaint::misread(format!("there is no drill '{shown}'"))
            .hint("'ninety drill' lists them; a file is named with its .toml")
    };
    match found.ok_or_else(none)?.read {
        Ok(scenario) => Ok(*scenario),
        Err(wrong) => {
            let first = wrong.first().map(ToString::to_string).unwrap_or_default();
            Err(Complaint::misread(format!("{shown}, {first}"))
                .hint("'ninety drill check FILE' tells all that is wrong with a scenario"))
        }
    }
}
