//! `ninety drill run`: a drill set up, played, scored and thrown away.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::atomic::Ordering;
use std::time::Duration;

use super::args::Run;
use super::{headless, play, report, scenario};
use crate::cli::args::Seat;
use crate::cli::{Complaint, Output, Result, ask};
use crate::console;
use crate::desk::{Desk, Place};
use crate::drill::report::{Report, json, text};
use crate::drill::scenario::Span;
use crate::drill::{Drill, Mode};
use crate::pgp;

/// Columns of the result.
const WIDTH: usize = 80;

/// Plays a drill in the way that was asked for.
pub(super) fn run(seat: &Seat, asked: &Run, output: &mut Output) -> Result<ExitCode> {
    report::check_names(&asked.report)?;
    let scenario = scenario(&asked.scenario)?;
    let script = asked.script.as_deref().map(|file| super::script::read(file, &scenario)).transpose()?;
    if script.is_none() {
        needs_terminal()?;
    }
    let seed = asked.seed.map_or_else(any_seed, Ok)?;
    let day = asked.day.as_deref().map(day).transpose()?;
    let mode = match (&script, &asked.team, asked.exam) {
        (Some(_), ..) => Mode::Headless,
        (_, Some(_), _) => Mode::Team,
        (.., true) => Mode::Exam,
        _ => Mode::Solo,
    };
    // Made now, so that what cannot be kept in the end is told before.
    let own = if asked.keep { Some(seat.open()?) } else { None };
    let is_ended = play::outlive_signals()?;
    let done = match &asked.team {
        Some(directory) => {
            let place = Place::new(directory);
            let drill =
                Drill::begin(&place, scenario, seed, mode, day, Seat::readers()).map_err(Complaint::of)?;
            play::facilitated(drill, directory)?
        }
        None => {
            let directory = play::throw_away()?;
            let place = Place::new(directory.path());
            let drill =
                Drill::begin(&place, scenario, seed, mode, day, Seat::readers()).map_err(Complaint::of)?;
            match script {
                Some(script) => headless::run(drill, &script)?,
                None => play::alone(drill)?,
            }
        }
    };
    let asks = asked.script.is_none() && !output.is_json() && !is_ended.load(Ordering::Relaxed);
    finish(seat, &done, asked, own, asks, output)
}

/// Tells the result, writes the reports, and keeps the score where that was
/// asked for. People are asked at the end as well: the drill is gone afterwards.
fn finish(
    seat: &Seat,
    report: &Report,
    asked: &Run,
    own: Option<Desk>,
    asks: bool,
    output: &mut Output,
) -> Result<ExitCode> {
    super::report::write_all(report, &asked.report)?;
    output.answer(|| text(report, WIDTH).join("\n") + "\n", || json(report))?;
    if asks && asked.report.is_empty() {
        ask_for_report(report)?;
    }
    let own = match own {
        Some(own) => Some(own),
        None if asks && wants_to_keep(seat)? => Some(seat.open()?),
        None => None,
    };
    if let Some(mut own) = own {
        own.keep_drill(super::report::record(report, &seat.actor()))?;
    }
    if asks {
        println!(
            "\n'ninety drill run {} --seed {}' plays the same again.",
            crate::text::line(&asked.scenario),
            report.seed
        );
    }
    Ok(ExitCode::SUCCESS)
}

/// Asks for a file until one can be written, or none is wanted.
fn ask_for_report(report: &Report) -> Result<()> {
    loop {
        let file = ask("\nReport to write, .md, .html or .json (empty: none)", "")?;
        if file.is_empty() {
            return Ok(());
        }
        match super::report::write_all(report, &[PathBuf::from(&file)]) {
            Ok(()) => return Ok(()),
            Err(complaint) => println!("{}", complaint.into_message()),
        }
    }
}

/// Whether the score goes into the person's own store, if there is one.
fn wants_to_keep(seat: &Seat) -> Result<bool> {
    if !seat.place()?.is_taken() {
        return Ok(false);
    }
    let answer = ask("Keep the score in your own store, for 'ninety drill history'? (y or n)", "n")?;
    Ok(answer.eq_ignore_ascii_case("y") || answer.eq_ignore_ascii_case("yes"))
}

/// A day of the drill in real time.
fn day(given: &str) -> Result<Duration> {
    let span = Span::read(given).map_err(Complaint::misread)?;
    let day = span.0.to_std().ok().filter(|day| *day >= Duration::from_secs(1));
    day.ok_or_else(|| Complaint::misread("a day takes one second at least").hint("for example --day 10s"))
}

/// A seed that is short enough to be told to somebody.
fn any_seed() -> Result<u64> {
    let random = pgp::random_id().map_err(|error| Complaint::failed(error.to_string()))?;
    let digits: String = random.chars().filter(char::is_ascii_hexdigit).take(5).collect();
    Ok(u64::from_str_radix(&digits, 16).unwrap_or(1) % 100_000)
}

/// Whether there is a terminal to play at.
pub(super) fn needs_terminal() -> Result<()> {
    use std::io::IsTerminal as _;
    if std::io::stdin().is_terminal() && std::io::stdout().is_terminal() {
        return Ok(());
    }
    Err(Complaint::failed(console::Error::NoTerminal.to_string())
        .hint("--script FILE plays a drill without one"))
}
