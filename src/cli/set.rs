//! `ninety set`, `note`, `undo` and `redo`: decisions from the command line.

use std::io::Read as _;
use std::process::ExitCode;

use chrono::Local;
use serde_json::json;

use super::args::Seat;
use super::{Complaint, Output, Result, json as shapes};
use crate::desk::{self, Desk, Order, Outcome};
use crate::text;
use crate::triage::date::Wish;
use crate::triage::{CaseKey, Decision, Resolution, State};

/// Bytes of a note that are read from standard input at most.
const MAX_NOTE: u64 = 1 << 20;

const FIELD_NAMES: &str = "title, state, resolution, priority, assignee, product, component, found_in, policy, \
disclosure, exploited, tags, unread, noise";

/// Changes cases; what cannot be done is named, the rest is done.
pub(super) fn set(seat: &Seat, words: &[String], output: &mut Output) -> Result<ExitCode> {
    let (fields, cases): (Vec<&String>, Vec<&String>) = words.iter().partition(|word| word.contains('='));
    if cases.is_empty() || fields.is_empty() {
        return Err(Complaint::misread("set needs at least one case and one field=value")
            .hint("for example: ninety set SEC-2026-0042 priority=P1 assignee=me"));
    }
    let decisions = decisions(&fields, &seat.actor())?;
    let mut desk = seat.open()?;
    let keys = cases.iter().map(|id| desk.key_of(id)).collect::<desk::Result<Vec<_>>>()?;
    let orders: Vec<Order> = keys
        .iter()
        .flat_map(|&case| {
            decisions.iter().map(move |decision| Order { case, seen: None, decision: decision.clone() })
        })
        .collect();
    let outcome = desk.decide(&orders)?;
    report(&desk, &outcome, &keys, output)
}

/// Adds a note.
pub(super) fn note(seat: &Seat, id: &str, given: &str, output: &mut Output) -> Result<ExitCode> {
    let note = if given == "-" { from_input()? } else { given.to_owned() };
    let note = note.trim().to_owned();
    if note.is_empty() {
        return Err(Complaint::misread("the note is empty")
            .hint("give its text, or - and the text on standard input"));
    }
    let mut desk = seat.open()?;
    let case = desk.key_of(id)?;
    let outcome = desk.decide(&[Order { case, seen: None, decision: Decision::Note(note) }])?;
    report(&desk, &outcome, &[case], output)
}

/// Undoes or redoes the actor's latest change.
pub(super) fn replay(
    seat: &Seat,
    step: impl FnOnce(&mut Desk) -> desk::Result<Outcome>,
    output: &mut Output,
) -> Result<ExitCode> {
    let mut desk = seat.open()?;
    let outcome = step(&mut desk)?;
    report(&desk, &outcome, &outcome.changed, output)
}

/// Tells what came of a batch, and the cases as they are now.
pub(super) fn report(
    desk: &Desk,
    outcome: &Outcome,
    keys: &[CaseKey],
    output: &mut Output,
) -> Result<ExitCode> {
    let cases =
        keys.iter().map(|key| Ok(shapes::case(&desk.case(*key)?))).collect::<Result<serde_json::Value>>()?;
    let refused: Vec<_> =
        outcome.refused.iter().map(|(id, why)| json!({ "case": id, "reason": why })).collect();
    output.answer(
        || format!("{}\n", outcome.summary),
        || json!({ "summary": outcome.summary, "changed": outcome.changed.len(), "refused": refused, "cases": cases }),
    )?;
    for (id, why) in &outcome.refused {
        eprintln!("ninety: {id}: {why}");
    }
    Ok(if outcome.refused.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn from_input() -> Result<String> {
    let mut note = String::new();
    let read = std::io::stdin().lock().take(MAX_NOTE).read_to_string(&mut note);
    read.map_err(|error| Complaint::failed(format!("standard input: {error}")))?;
    Ok(note)
}

/// The decisions that the fields ask for; state and resolution are one.
fn decisions(fields: &[&String], actor: &str) -> Result<Vec<Decision>> {
    let mut decisions = Vec::new();
    let mut state: Option<State> = None;
    let mut resolution: Option<Resolution> = None;
    for field in fields {
        let (name, value) = field.split_once('=').unwrap_or((field, ""));
        match name.trim().to_ascii_lowercase().as_str() {
            "state" => state = Some(read(name, value)?),
            "resolution" => resolution = Some(read(name, value)?),
            name => decisions.push(decision(name, value.trim(), actor)?),
        }
    }
    match (state, resolution) {
        (None, None) => {}
        (None, Some(_)) => {
            return Err(
                Complaint::misread("a resolution says how a case was closed").hint("add state=closed")
            );
        }
        (Some(state), resolution) => decisions.push(Decision::State(state, resolution)),
    }
    Ok(decisions)
}

fn decision(name: &str, value: &str, actor: &str) -> Result<Decision> {
    let optional = || (!matches!(value, "" | "none" | "-")).then(|| value.to_owned());
    Ok(match name {
        "title" if value.is_empty() => return Err(Complaint::misread("a case needs a title")),
        "title" => Decision::Title(value.to_owned()),
        "priority" | "prio" => Decision::Priority(optional().map(|value| read(name, &value)).transpose()?),
        "assignee" | "owner" if value == "me" => Decision::Assignee(Some(actor.to_owned())),
        "assignee" | "owner" => Decision::Assignee(optional()),
        "product" => Decision::Product(optional()),
        "component" => Decision::Component(optional()),
        "found_in" | "found-in" => Decision::FoundIn(optional().map(|value| read(name, &value)).transpose()?),
        "policy" => Decision::Policy(value.to_owned()),
        "disclosure" | "disclosure_at" => Decision::Disclosure(
            Wish::read(value, &Local).map_err(|error| Complaint::misread(error.to_string()))?,
        ),
        "exploited" => Decision::Exploited(yes_or_no(name, value)?),
        "noise" => Decision::Noise(if yes_or_no(name, value)? { 100 } else { 0 }),
        "unread" => Decision::Unread(yes_or_no(name, value)?),
        "tags" | "tag" => match value.split_at_checked(1) {
            Some(("+", tag)) => Decision::Tag(tag.to_owned()),
            Some(("-", tag)) if !tag.is_empty() => Decision::Untag(tag.to_owned()),
            _ => Decision::Tags(
                optional().map_or_else(Vec::new, |tags| tags.split(',').map(str::to_owned).collect()),
            ),
        },
        other => {
            let complaint = Complaint::misread(format!("'{}' is not a field of a case", text::line(other)));
            return Err(complaint.hint(format!("fields are {FIELD_NAMES}")));
        }
    })
}

fn read<T: std::str::FromStr<Err: std::fmt::Display>>(name: &str, value: &str) -> Result<T> {
    value.trim().parse().map_err(|error| Complaint::misread(format!("{}: {error}", text::line(name))))
}

fn yes_or_no(name: &str, value: &str) -> Result<bool> {
    match value.to_ascii_lowercase().as_str() {
        "yes" | "true" | "1" => Ok(true),
        "no" | "false" | "0" => Ok(false),
        other => Err(Complaint::misread(format!("{name}: '{}' is neither yes nor no", text::line(other)))),
    }
}
