//! `ninety import`: mail in, told message by message.

use std::fmt::Write as _;
use std::io::IsTerminal as _;
use std::process::ExitCode;

use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};

use super::args::{Import, Seat};
use super::{Complaint, Output, Result};
use crate::desk::{Intake, Progress, Taken};
use crate::store::Offered;
use crate::text;
use crate::triage::message::Encryption;

/// Takes in all that the paths hold.
pub(super) fn run(seat: &Seat, import: &Import, output: &mut Output) -> Result<ExitCode> {
    let mut desk = seat.open()?.asking_agent();
    let bar = bar();
    let mut show = |progress: Progress| {
        bar.set_length(progress.total);
        bar.set_position(progress.bytes);
        bar.set_message(format!("{} messages", progress.messages));
    };
    let intake = desk.import(&import.paths, &mut std::io::stdin(), &mut show);
    bar.finish_and_clear();
    let intake = intake.map_err(|error| {
        Complaint::from(error)
            .hint("mend that and import the same again: what was taken stays, and nothing is taken twice")
    })?;
    let failed: Vec<(&str, &str)> = intake.taken.iter().filter_map(failure).collect();
    output.answer(|| summary(&intake), || shape(&intake))?;
    for (source, reason) in &failed {
        eprintln!("ninety: not taken in: {}: {}", text::line(source), text::line(reason));
    }
    Ok(if failed.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Count, rate and time left, on a terminal only.
fn bar() -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style =
        ProgressStyle::with_template("{msg}  {bytes}/{total_bytes}  {bytes_per_sec}  {eta} left  [{bar:30}]");
    ProgressBar::new(0).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

fn failure(taken: &Taken) -> Option<(&str, &str)> {
    match &taken.offered {
        Offered::Failed(reason) => Some((&taken.source, reason)),
        _ => None,
    }
}

fn count(intake: &Intake, of: impl Fn(&Taken) -> bool) -> usize {
    intake.taken.iter().filter(|taken| of(taken)).count()
}

/// The figures of an intake, in the order in which they are told.
struct Figures {
    read: usize,
    new_messages: usize,
    new_cases: usize,
    joined: usize,
    already_there: usize,
    not_decrypted: usize,
    failed: usize,
}

impl Figures {
    fn of(intake: &Intake) -> Self {
        let new_cases = count(intake, |taken| matches!(taken.offered, Offered::New(..)));
        let joined = count(intake, |taken| matches!(taken.offered, Offered::Joined(..)));
        Self {
            read: intake.taken.len(),
            new_messages: new_cases + joined,
            new_cases,
            joined,
            already_there: count(intake, |taken| matches!(taken.offered, Offered::AlreadyThere(..))),
            not_decrypted: count(intake, |taken| taken.encryption == Some(Encryption::Failed)),
            failed: count(intake, |taken| matches!(taken.offered, Offered::Failed(_))),
        }
    }
}

fn summary(intake: &Intake) -> String {
    let figures = Figures::of(intake);
    let mut page = format!(
        "{} read: {} new cases, {} joined to cases, {} already there, {} failed\n",
        figures.read, figures.new_cases, figures.joined, figures.already_there, figures.failed
    );
    if figures.not_decrypted > 0 {
        let _ = writeln!(
            page,
            "{} could not be decrypted; they open by themselves when the key comes ('ninety key import FILE'), or is unlocked ('ninety key unlock')",
            figures.not_decrypted
        );
    }
    for taken in intake.taken.iter().filter(|taken| !taken.remarks.is_empty()) {
        let case = taken.case.as_deref().unwrap_or("-");
        let _ = writeln!(
            page,
            "{case}  {}: {}",
            text::line(&taken.source),
            text::line(&taken.remarks.join("; "))
        );
    }
    page
}

fn shape(intake: &Intake) -> Value {
    let figures = Figures::of(intake);
    let failed = intake.taken.iter().filter_map(failure);
    json!({
        "read": figures.read,
        "new_messages": figures.new_messages,
        "new_cases": figures.new_cases,
        "joined": figures.joined,
        "already_there": figures.already_there,
        "not_decrypted": figures.not_decrypted,
        "failed": failed.map(|(source, reason)| json!({ "source": source, "reason": reason })).collect::<Value>(),
        "messages": intake.taken.iter().map(entry).collect::<Value>(),
    })
}

fn entry(taken: &Taken) -> Value {
    let message = match taken.offered {
        Offered::New(_, message) | Offered::Joined(_, message) | Offered::AlreadyThere(_, message) => {
            Some(message)
        }
        Offered::Failed(_) => None,
    };
    json!({
        "source": taken.source,
        "outcome": taken.offered.code(),
        "case": taken.case,
        "message": message,
        "remarks": taken.remarks,
    })
}
