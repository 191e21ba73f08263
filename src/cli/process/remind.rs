//! `ninety remind`: what became due or will soon, for cron or a timer.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::args::Remind;
use super::clocks::shape;
use crate::cli::args::Seat;
use crate::cli::complaint::Kind;
use crate::cli::json::{instant, of};
use crate::cli::{Complaint, Output, Result};
use crate::desk::{Desk, Reminder};
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
    let told = tell(seat, within, asked.exec.as_deref(), output);
    // Exit code 1 stands for news here.
    told.map_err(|complaint| complaint.instead_of(Kind::Failed, Kind::Untold))
}

fn tell(seat: &Seat, within: TimeDelta, program: Option<&Path>, output: &mut Output) -> Result<ExitCode> {
    let mut desk = seat.open()?;
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
    program: &Path,
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
    let name = text::line(&program.to_string_lossy());
    let (count, all) = (failed.len(), reminders.len());
    Err(Complaint::failed(format!(
        "{count} of {all} reminders could not be handed to {name}, the first of {first}"
    ))
    .hint("what it did not take comes again the next time"))
}

/// The program with the words of the reminder as arguments and its JSON on
/// standard input.
fn run_program(program: &Path, reminder: &Reminder, entry: &Value) -> std::result::Result<(), String> {
    let Some(clock) = reminder.clocks.first() else { return Ok(()) };
    let due = clock.due_at.map(instant).unwrap_or_default();
    let failed = |error: std::io::Error| text::line(&error.to_string());
    let mut child = Command::new(program)
        .args([reminder.case.id.clone(), reminder.stage.code(), clock.name(), due])
        .stdin(Stdio::piped())
        .spawn()
        .map_err(failed)?;
    let document = text::json(&format!("{entry:#}\n"));
    let written = child.stdin.take().map_or(Ok(()), |mut input| input.write_all(document.as_bytes()));
    let status = child.wait().map_err(failed)?;
    match written {
        // A program that reads nothing of it may be content with its arguments.
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(failed(error)),
        _ if status.success() => Ok(()),
        _ => Err(status.to_string()),
    }
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
