//! A drill played by people: alone, with a facilitator, as one of a team.

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

use super::run::needs_terminal;
use crate::cli::args::Seat;
use crate::cli::{Complaint, Result};
use crate::console;
use crate::desk::Desk;
use crate::drill::report::Report;
use crate::drill::{Drill, Scenario, Seating};
use crate::text;

/// A directory that goes with this command, in memory where there is such a place.
pub(super) fn throw_away() -> Result<tempfile::TempDir> {
    let home = console::memory_directory().unwrap_or_else(std::env::temp_dir);
    tempfile::Builder::new().prefix("ninety-drill-").tempdir_in(home).map_err(Complaint::of)
}

/// Whether a signal has asked this command to end. From now on one ends the
/// console and not the process: the store of a drill goes when the command ends.
pub(super) fn outlive_signals() -> Result<Arc<AtomicBool>> {
    let is_ended = Arc::new(AtomicBool::new(false));
    for signal in [SIGHUP, SIGINT, SIGTERM] {
        signal_hook::flag::register(signal, Arc::clone(&is_ended)).map_err(Complaint::of)?;
    }
    Ok(is_ended)
}

/// One person plays; leaving the console ends the drill.
pub(super) fn alone((drill, desk): (Drill, Desk)) -> Result<Report> {
    let again = desk.second()?;
    console::run_drill(desk, console::Look::from_environment(), Box::new(drill)).map_err(Complaint::of)?;
    ended(&again)
}

/// A facilitator sees the scenario; the others join. Leaving the console ends the drill.
pub(super) fn facilitated((mut drill, desk): (Drill, Desk), directory: &Path) -> Result<Report> {
    let shown = text::line(&directory.to_string_lossy());
    println!("The others join with: ninety drill join {shown}");
    drill.seat("facilitator").map_err(Complaint::of)?;
    let clock = crate::desk::Clock::Drill(drill.pace().clone());
    let desk = desk.handed_to("facilitator", clock);
    let again = desk.second()?;
    console::run_drill(desk, console::Look::from_environment(), Box::new(drill)).map_err(Complaint::of)?;
    let report = ended(&again)?;
    println!("The store stays in {shown}; 'ninety drill report {shown}' writes the report again.");
    Ok(report)
}

/// Ends the drill if it still runs, and tells how it went.
fn ended(desk: &Desk) -> Result<Report> {
    let mut drill = Drill::open(desk, Seating::Player).map_err(Complaint::of)?;
    drill.finish().and_then(|()| drill.report()).map_err(Complaint::of)
}

/// Takes part in a drill that somebody else runs.
pub(super) fn join(seat: &Seat, directory: &Path, role: Option<&str>) -> Result<ExitCode> {
    needs_terminal()?;
    let desk = seat.at(directory).open()?;
    let who = match role {
        Some(role) => {
            let drill = Drill::open(&desk, Seating::Member).map_err(Complaint::of)?;
            holder(drill.scenario(), role)?
        }
        None => seat.actor(),
    };
    sit_down(desk, &who)
}

/// Sits down at the store of a drill, as one of its team.
pub(in crate::cli) fn sit_down(desk: Desk, who: &str) -> Result<ExitCode> {
    let mut drill = Drill::open(&desk, Seating::Member).map_err(Complaint::of)?;
    drill.seat(who).map_err(Complaint::of)?;
    let clock = crate::desk::Clock::Drill(drill.pace().clone());
    console::run_drill(desk.handed_to(who, clock), console::Look::from_environment(), Box::new(drill))
        .map_err(Complaint::of)?;
    Ok(ExitCode::SUCCESS)
}

/// Who has a role.
fn holder(scenario: &Scenario, role: &str) -> Result<String> {
    let found = scenario.roles.iter().find(|one| one.name.eq_ignore_ascii_case(role));
    found.map(|one| one.person.clone()).ok_or_else(|| {
        let roles: Vec<String> = scenario
            .roles
            .iter()
            .map(|one| format!("{} ({})", text::line(&one.name), text::line(&one.does)))
            .collect();
        let known = if roles.is_empty() {
            "this scenario has none; name yourself with --as".to_owned()
        } else {
            roles.join(", ")
        };
        Complaint::misread(format!("there is no role '{}'", text::line(role))).hint(known)
    })
}
