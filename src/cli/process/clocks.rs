//! `ninety clocks`: every clock of a case.

use std::fmt::Write as _;
use std::process::ExitCode;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::{WIDTH, hanging, paragraph};
use crate::cli::args::Seat;
use crate::cli::json::instant;
use crate::cli::{Output, Result};
use crate::text;
use crate::triage::calendar::Calendar;
use crate::triage::clock::countdown;
use crate::triage::clocks::{Clock, ClockState};
use crate::triage::{Case, CaseKey};

/// Shows the clocks of a case.
pub(super) fn run(seat: &Seat, id: &str, output: &mut Output) -> Result<ExitCode> {
    let desk = seat.open()?;
    let key: CaseKey = desk.key_of(id)?;
    let (case, rules, now) = (desk.case(key)?, desk.rules(), desk.now());
    let clocks = case.clocks(&rules.calendar.zone, now);
    let page = || page(&case, &clocks, &rules.calendar, now);
    output.answer(page, || clocks.iter().map(|clock| shape(clock, &rules.calendar, now)).collect())?;
    Ok(ExitCode::SUCCESS)
}

/// The clock as `clocks --json` has it.
pub(super) fn shape(clock: &Clock, calendar: &Calendar, now: DateTime<Utc>) -> Value {
    let owed = clock.due_at.filter(|_| clock.state.is_counting());
    json!({
        "name": clock.name(),
        "kind": clock.kind.code(),
        "of": clock.of,
        "started_at": clock.started_at.map(instant),
        "due_at": clock.due_at.map(instant),
        "state": clock.state.code(),
        "met_at": met_at(&clock.state).map(instant),
        "detail": clock.state.to_string(),
        "why": clock.why,
        "days_left": owed.map(|due| (due - now).num_days()),
        "working_days_left": owed.map(|due| calendar.working_days(now, due)),
        "seconds_left": owed.map(|due| (due - now).num_seconds()),
        "zone": calendar.zone.name(),
    })
}

/// The clocks as `list --json` and `show --json` have them: what is due when, and how it stands.
pub(in crate::cli) fn summary(case: &Case, calendar: &Calendar, now: DateTime<Utc>) -> Value {
    let entry = |clock: &Clock| json!({ "name": clock.name(), "due_at": clock.due_at.map(instant), "state": clock.state.code() });
    case.clocks(&calendar.zone, now).iter().map(entry).collect()
}

fn met_at(state: &ClockState) -> Option<DateTime<Utc>> {
    use crate::triage::clocks::End;
    match state {
        ClockState::Met { at } | ClockState::Missed { end: Some(End::Met(at)), .. } => Some(*at),
        _ => None,
    }
}

fn page(case: &Case, clocks: &[Clock], calendar: &Calendar, now: DateTime<Utc>) -> String {
    let local = |at: DateTime<Utc>| at.with_timezone(&calendar.zone);
    let title = text::line(&case.title);
    let mut page = hanging(&format!("{}  ", case.id), &title);
    let present = local(now).format("%a %Y-%m-%d %H:%M %:z");
    let _ = writeln!(page, "now {present}, days of {}\n", calendar.zone.name());
    let width = clocks.iter().map(|clock| clock.name().len()).max().unwrap_or_default();
    let _ = writeln!(page, "{:<width$} {:<11} {:<16} left", "clock", "state", "due");
    for clock in clocks {
        let due = clock.due_at.map_or("-".to_owned(), |at| local(at).format("%Y-%m-%d %H:%M").to_string());
        let before = format!("{:<width$} {:<11} {due:<16} ", clock.name(), clock.state.word());
        let left = left(clock, calendar, now);
        // Working days go first where there is no room.
        let is_wide = before.len() + left.len() > WIDTH;
        let left = if is_wide { left.split(" (").next().unwrap_or_default() } else { &left };
        let _ = writeln!(page, "{}", format!("{before}{left}").trim_end());
    }
    page.push('\n');
    for clock in clocks {
        let told = match &clock.state {
            ClockState::NotStarted | ClockState::Running => clock.why.clone(),
            state => format!("{}; {state}", clock.why),
        };
        page += &paragraph(&text::line(&format!("{}: {told}", clock.name())));
    }
    page
}

/// `88d left (61wd)`, `OVERDUE 3h`: what is left of a clock that counts, in days and in working days.
pub(in crate::cli) fn left(clock: &Clock, calendar: &Calendar, now: DateTime<Utc>) -> String {
    let Some(due) = clock.due_at.filter(|_| clock.state.is_counting()) else { return String::new() };
    let working = calendar.working_days(now, due).abs();
    let days = (due - now).num_days() != 0;
    let shown = if days { format!(" ({working}wd)") } else { String::new() };
    format!("{}{shown}", countdown(due, now))
}
