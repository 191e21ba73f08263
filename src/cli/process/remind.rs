//! `ninety remind`: what became due or will soon, for cron or a timer.

use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::args::Remind;
use super::clocks::shape;
use super::courier;
use crate::cli::args::Seat;
use crate::cli::complaint::Kind;
use crate::cli::json::{instant, of};
use crate::cli::{Complaint, Output, Result};
use crate::desk::{Desk, Reminder};
use crate::drill::scenario::Span;
use crate::text;
use crate::triage::calendar::Calendar;
use crate::triage::clock::countdown;
use crate::triage::date;
use crate::triage::mark::TAG;

/// Something new was told.
const NEWS: u8 = 1;

/// Tells what is new, and notes what was told.
pub(super) fn run(seat: &Seat, asked: &Remind, output: &mut Output) -> Result<ExitCode> {
    let within = date::span(&asked.within).map_err(|why| Complaint::misread(format!("--within: {why}")))?;
    let patience = patience(&asked.patience)?;
    let program = asked.exec.as_deref().map(|path| Program { path, patience });
    let told = tell(seat, within, patience, program.as_ref(), output);
    // Exit code 1 stands for news here.
    told.map_err(|complaint| complaint.instead_of(Kind::Failed, Kind::Untold))
}

/// Who is handed the lines, and how long each may take.
struct Program<'a> {
    path: &'a Path,
    patience: Duration,
}

fn patience(given: &str) -> Result<Duration> {
    let span = Span::read(given).map_err(|why| Complaint::misread(format!("--patience: {why}")))?;
    match span.0.to_std() {
        Ok(patience) if !patience.is_zero() => Ok(patience),
        _ => {
            Err(Complaint::misread("--patience: no program can be told in no time")
                .hint("write it as 30s or 2m"))
        }
    }
}

fn tell(
    seat: &Seat,
    within: TimeDelta,
    patience: Duration,
    program: Option<&Program<'_>>,
    output: &mut Output,
) -> Result<ExitCode> {
    let mut desk = seat.open()?;
    // What another one tells meanwhile is known when this one reads.
    let _turn = desk.turn_to_tell(patience)?;
    let reminders = desk.reminders(within)?;
    let (rules, now, is_drill) = (desk.rules(), desk.now(), desk.is_drill());
    match program {
        Some(program) => hand_over(&mut desk, &reminders, program, &rules.calendar, now)?,
        None => {
            let lines = || reminders.iter().map(|one| format!("{}\n", line(one, is_drill, now))).collect();
            let shapes =
                || reminders.iter().map(|one| of(is_drill, entry(one, &rules.calendar, now))).collect();
            // What nobody read was not told.
            output.deliver(lines, shapes)?;
            desk.mark_reminded(&reminders)?;
        }
    }
    Ok(if reminders.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(NEWS) })
}

/// Runs the program once a line; what it took is noted before the next.
fn hand_over(
    desk: &mut Desk,
    reminders: &[Reminder],
    program: &Program<'_>,
    calendar: &Calendar,
    now: DateTime<Utc>,
) -> Result<()> {
    let mut failed = Vec::new();
    for reminder in reminders {
        let document = of(desk.is_drill(), entry(reminder, calendar, now));
        match run_program(program, reminder, &document) {
            Ok(()) => desk.mark_reminded(std::slice::from_ref(reminder))?,
            Err(why) => failed.push(format!("{}: {why}", reminder.case.id)),
        }
    }
    let Some(first) = failed.first() else { return Ok(()) };
    let name = text::line(&program.path.to_string_lossy());
    let (count, all) = (failed.len(), reminders.len());
    Err(Complaint::failed(format!(
        "{count} of {all} reminders could not be handed to {name}, the first of {first}"
    ))
    .hint("what it did not take comes again the next time"))
}

/// The program with the words of the reminder as arguments and its JSON, in
/// one line, on standard input.
fn run_program(program: &Program<'_>, reminder: &Reminder, entry: &Value) -> std::result::Result<(), String> {
    let Some(clock) = reminder.clocks.first() else { return Ok(()) };
    let due = clock.due_at.map(instant).unwrap_or_default();
    let arguments = [reminder.case.id.clone(), reminder.stage.code().to_owned(), clock.name(), due];
    courier::hand(program.path, &arguments, text::json(&format!("{entry}\n")), program.patience)
}

/// `SEC-2026-0042  P1  overdue by a day: acknowledge, OVERDUE 26h (and triage) - title`.
/// That of a drill says so in front.
fn line(reminder: &Reminder, is_drill: bool, now: DateTime<Utc>) -> String {
    let case = &reminder.case;
    let told = |clock: &crate::triage::Clock| match clock.due_at {
        Some(due) => format!("{} {}", clock.name(), countdown(due, now)),
        None => clock.name(),
    };
    let clocks = reminder.clocks.iter().map(told).collect::<Vec<_>>().join(", ");
    let drill = if is_drill { format!("{TAG} ") } else { String::new() };
    format!(
        "{drill}{:<14} {:<3} {:<10} {}: {clocks}  {}",
        case.id,
        case.priority.map_or("-".to_owned(), |priority| priority.to_string()),
        text::fit(&text::line(case.assignee.as_deref().unwrap_or("-")), 10),
        reminder.stage,
        text::line(&case.title),
    )
}

fn entry(reminder: &Reminder, calendar: &Calendar, now: DateTime<Utc>) -> Value {
    let case = &reminder.case;
    json!({
        "id": case.id,
        "title": case.title,
        "stage": reminder.stage,
        "priority": case.priority,
        "assignee": case.assignee,
        "exploited": case.exploited,
        "clocks": reminder.clocks.iter().map(|clock| shape(clock, calendar, now)).collect::<Value>(),
    })
}
