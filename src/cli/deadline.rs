//! `ninety deadline`: the disclosure date of a report by a policy, and why.

use std::fmt::Write as _;
use std::process::ExitCode;

use chrono::{DateTime, Local, Utc};
use serde_json::{Value, json};

use super::args::{Deadline as Asked, Seat};
use super::json::instant;
use super::{Complaint, Output, Result, policy};
use crate::text;
use crate::triage::calendar::Calendar;
use crate::triage::clock::countdown;
use crate::triage::date;
use crate::triage::policy::{Deadline, Facts, Policy, deadline};

/// Computes a disclosure date. Needs no store.
pub(super) fn run(seat: &Seat, asked: &Asked, output: &mut Output) -> Result<ExitCode> {
    let now = seat.clock()?.now();
    let optional = |name: &str, given: Option<&str>| given.map(|given| read(name, given, now)).transpose();
    let facts = Facts {
        received: read("received", &asked.received, now)?,
        exploited: optional("exploited", asked.exploited.as_deref())?,
        fixed: optional("fixed", asked.fixed.as_deref())?,
        grace: asked.grace,
        demanded: optional("demanded", asked.demanded.as_deref())?,
    };
    let rules = seat.config()?.rules;
    let policy = policy::find(&rules.book, &asked.policy)?;
    let found = deadline(policy, &facts, &rules.calendar);
    let dates = found.steps.iter().filter_map(|step| step.disclosure_at).chain(found.disclosure_at);
    if !dates.into_iter().all(date::is_writable) {
        return Err(Complaint::misread(date::OutOfYears.to_string()));
    }
    output.answer(
        || page(&found, &rules.calendar, now),
        || shape(policy, &facts, &found, &rules.calendar, now),
    )?;
    Ok(ExitCode::SUCCESS)
}

fn read(name: &str, given: &str, now: DateTime<Utc>) -> Result<DateTime<Utc>> {
    date::moment(given, &Local, now).map_err(|why| Complaint::misread(format!("--{name}: {why}")))
}

fn page(found: &Deadline, calendar: &Calendar, now: DateTime<Utc>) -> String {
    let mut page = String::new();
    let mut fact = |name: &str, value: &str| {
        let _ = writeln!(page, "{name:<10} {value}");
    };
    match found.disclosure_at {
        Some(at) => {
            let local = at.with_timezone(&calendar.zone).format("%a %Y-%m-%d %H:%M %:z");
            fact("publish", &local.to_string());
            fact("left", &format!("{}, {}", countdown(at, now), working(calendar.working_days(now, at))));
        }
        None => fact("publish", "no date"),
    }
    for (index, step) in found.steps.iter().enumerate() {
        fact(if index == 0 { "why" } else { "" }, &text::line(&step.words));
    }
    page
}

/// `61 working days`, `3 working days over`.
fn working(days: i64) -> String {
    let noun = if days.abs() == 1 { "day" } else { "days" };
    format!("{} working {noun}{}", days.abs(), if days < 0 { " over" } else { "" })
}

fn shape(policy: &Policy, facts: &Facts, found: &Deadline, calendar: &Calendar, now: DateTime<Utc>) -> Value {
    let at = found.disclosure_at;
    let steps = found
        .steps
        .iter()
        .map(|step| json!({ "disclosure_at": step.disclosure_at.map(instant), "why": step.words }));
    json!({
        "policy": policy.name,
        "received_at": instant(facts.received),
        "disclosure_at": at.map(instant),
        "why": found.why,
        "steps": steps.collect::<Value>(),
        "days_left": at.map(|at| (at - now).num_days()),
        "working_days_left": at.map(|at| calendar.working_days(now, at)),
    })
}
