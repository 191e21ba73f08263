//! The commands of the process: clocks and places in the queue, lanes, views,
//! reminders, shifts, and the duties by law.

mod args;
mod clocks;
mod courier;
mod explain;
mod hand;
mod law;
mod remind;
mod rota;
mod view;

use std::process::ExitCode;

pub(super) use args::ProcessCommand;
pub(super) use clocks::{left as clock_left, summary as clock_summary};
pub(super) use view::query as view_query;

use super::args::Seat;
use super::{Output, Result};

/// Columns of a page: it is read on terminals of 80.
const WIDTH: usize = 79;

/// Runs one of the commands.
pub(super) fn run(seat: &Seat, command: &ProcessCommand, output: &mut Output) -> Result<ExitCode> {
    match command {
        ProcessCommand::Clocks { case } => clocks::run(seat, case, output),
        ProcessCommand::Explain { case } => explain::run(seat, case, output),
        ProcessCommand::Hand(hand) => hand::hand(seat, hand, output),
        ProcessCommand::Restrict(restrict) => hand::restrict(seat, restrict, output),
        ProcessCommand::View { name } => view::run(seat, &name.join(" "), output),
        ProcessCommand::Remind(asked) => remind::run(seat, asked, output),
        ProcessCommand::Rota { command } => rota::run(seat, command.as_ref(), output),
        ProcessCommand::Aware(aware) => law::aware(seat, aware, output),
        ProcessCommand::File(file) => law::file(seat, file, output),
        ProcessCommand::Draft(draft) => law::draft(seat, draft, output),
    }
}

/// `text` in lines of the page behind `first`, further ones set in as far.
fn hanging(first: &str, text: &str) -> String {
    let indent = unicode_width::UnicodeWidthStr::width(first);
    set(first, &" ".repeat(indent), text, WIDTH.saturating_sub(indent))
}

/// `text` in lines of the page, further ones set in by four.
fn paragraph(text: &str) -> String {
    set("", "    ", text, WIDTH - 4)
}

fn set(first: &str, rest: &str, text: &str, width: usize) -> String {
    let lines = crate::console::wrap(text, width);
    let line =
        |(number, line): (usize, &String)| format!("{}{line}\n", if number == 0 { first } else { rest });
    lines.iter().enumerate().map(line).collect()
}
