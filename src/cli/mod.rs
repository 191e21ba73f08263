//! The commands: one file each, plain text for people or `--json` for programs.
//!
//! Exit codes: 0 all done; 1 something failed or was refused, the rest was
//! done; 2 the command line or a value on it was not understood; 3 the store
//! could not be made or opened. `remind` has its own, which its help tells.

mod args;
mod arguments;
mod attachment;
mod complaint;
mod cvss;
mod deadline;
mod demo;
mod docs;
mod doctor;
mod drill;
mod fields;
mod hotspots;
mod import;
mod init;
mod json;
mod key;
mod list;
mod login;
mod merge;
mod named;
mod output;
mod passphrase;
mod policy;
mod process;
mod raw;
mod reply;
mod seat;
mod set;
mod show;
mod similar;
mod split;
mod ssvc;
mod stats;

use std::io::{self, BufRead as _, Write as _};
use std::process::ExitCode;

use clap::Parser as _;

use crate::console;

pub use args::Cli;
use args::Command;
use complaint::Complaint;
use output::Output;

/// The result of a command.
type Result<T> = std::result::Result<T, Complaint>;

/// Runs the program, or the child of it that reads foreign mail.
pub fn main() -> ExitCode {
    if let Some(code) = crate::desk::wall::run_child(std::env::args_os()) {
        return code;
    }
    keep_to_ourselves();
    let cli = Cli::parse_from(arguments::options_first(std::env::args_os()));
    let is_drill = cli.seat.place().is_ok_and(|place| place.drill_clock().exists());
    match run(&cli, &mut Output::new(cli.json).of_drill(is_drill)) {
        Ok(code) => code,
        Err(complaint) => complaint.print(),
    }
}

/// No file of ours is readable by others, and no crash writes memory to disk.
fn keep_to_ourselves() {
    rustix::process::umask(rustix::fs::Mode::RWXG | rustix::fs::Mode::RWXO);
    let none = rustix::process::Rlimit { current: Some(0), maximum: Some(0) };
    // Refused only where there is no such limit to set.
    let _ = rustix::process::setrlimit(rustix::process::Resource::Core, none);
}

fn run(cli: &Cli, output: &mut Output) -> Result<ExitCode> {
    match &cli.command {
        None => {
            let desk = init::open_or_lead(&cli.seat)?;
            if desk.is_drill() {
                return drill::sit_down(desk, &cli.seat.actor());
            }
            console::run(desk, console::Look::from_environment()).map_err(Complaint::of)?;
            Ok(ExitCode::SUCCESS)
        }
        Some(Command::Init(init)) => init::run(&cli.seat, init, output),
        Some(Command::Import(import)) => import::run(&cli.seat, import, output),
        Some(Command::List { query }) => list::run(&cli.seat, query, output),
        Some(Command::Show { case }) => show::run(&cli.seat, case, output),
        Some(Command::Set { words }) => set::set(&cli.seat, words, output),
        Some(Command::Note { case, text }) => set::note(&cli.seat, case, text, output),
        Some(Command::Merge { cases }) => merge::run(&cli.seat, cases, output),
        Some(Command::Split { case, messages }) => split::run(&cli.seat, case, messages, output),
        Some(Command::Similar { case }) => similar::run(&cli.seat, case, output),
        Some(Command::Hotspots) => hotspots::run(&cli.seat, output),
        Some(Command::Undo) => set::replay(&cli.seat, crate::desk::Desk::undo, output),
        Some(Command::Redo) => set::replay(&cli.seat, crate::desk::Desk::redo, output),
        Some(Command::Raw { case, message, output: file }) => {
            raw::run(&cli.seat, case, *message, file.as_deref(), output)
        }
        Some(Command::Attachment { case, message, number, output: file }) => {
            attachment::run(&cli.seat, case, *message, *number, file.as_deref(), output)
        }
        Some(Command::Reply(reply)) => reply::run(&cli.seat, reply, output),
        Some(Command::Key(command)) => key::run(&cli.seat, command, output),
        Some(Command::Ssvc(ssvc)) => ssvc::run(ssvc, output),
        Some(Command::Cvss { vector }) => cvss::run(vector, output),
        Some(Command::Policy(command)) => policy::run(&cli.seat, command, output),
        Some(Command::Deadline(asked)) => deadline::run(&cli.seat, asked, output),
        Some(Command::Process(command)) => process::run(&cli.seat, command, output),
        Some(Command::Stats(asked)) => stats::run(&cli.seat, asked, output),
        Some(Command::Drill { command }) => drill::run(&cli.seat, command.as_ref(), output),
        Some(Command::Demo) => demo::run(output),
        Some(Command::Doctor) => doctor::run(&cli.seat, output),
        Some(Command::Completions { shell }) => docs::completions(*shell, output),
        Some(Command::Man) => docs::man(output),
    }
}

/// Asks at the terminal; an empty answer is the default.
fn ask(question: &str, default: &str) -> Result<String> {
    let failed = |error: io::Error| Complaint::failed(format!("terminal: {error}"));
    let shown = if default.is_empty() { String::new() } else { format!(" [{default}]") };
    print!("{question}{shown}: ");
    io::stdout().flush().map_err(failed)?;
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line).map_err(failed)?;
    let typed = line.trim();
    Ok(if typed.is_empty() { default } else { typed }.to_owned())
}
