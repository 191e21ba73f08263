//! `ninety demo`: the console on a throw-away store.

use std::io::IsTerminal as _;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

use super::args::Seat;
use super::{Complaint, Output, Result};
use crate::console;
use crate::demo;
use crate::desk::Place;

/// Size of the picture that is printed where there is no terminal.
const PICTURE: (u16, u16) = (120, 36);

/// Fills a store in a temporary directory, opens the console on it, and removes it.
pub(super) fn run(output: &mut Output) -> Result<ExitCode> {
    // The directory goes when this function ends, so a signal must end it, not the process.
    let ended = Arc::new(AtomicBool::new(false));
    for signal in [SIGHUP, SIGINT, SIGTERM] {
        signal_hook::flag::register(signal, Arc::clone(&ended)).map_err(Complaint::of)?;
    }
    let home = console::memory_directory().unwrap_or_else(std::env::temp_dir);
    let directory =
        tempfile::Builder::new().prefix("ninety-demo-").tempdir_in(home).map_err(Complaint::of)?;
    let clock = Seat::machine_clock()?;
    let place = Place::new(directory.path());
    let desk = demo::fill(&place, clock.now(), clock.clone(), Seat::readers()).map_err(Complaint::of)?;
    if ended.load(Ordering::Relaxed) {
        return Ok(ExitCode::FAILURE);
    }
    if std::io::stdin().is_terminal() && std::io::stdout().is_terminal() {
        console::run(desk, console::Look::from_environment()).map_err(Complaint::of)?;
        output.bytes(b"'ninety drill run first-steps' is a guided tour of the first five minutes.\n")?;
    } else {
        let (columns, rows) = PICTURE;
        let picture = console::first_screen(desk, columns, rows)?;
        output.bytes(picture.as_bytes())?;
        output.bytes(b"\n")?;
    }
    Ok(ExitCode::SUCCESS)
}
