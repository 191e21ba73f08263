//! `ninety set`, `note`, `undo` and `redo`: decisions from the command line.

use std::collections::BTreeSet;
use std::io::Read as _;
use std::process::ExitCode;

use serde_json::json;

use super::args::Seat;
use super::fields::Wanted;
use super::named::Named;
use super::{Complaint, Output, Result, json as shapes};
use crate::desk::{self, Desk, Order, Outcome};
use crate::text;
use crate::triage::{CaseKey, Decision};

/// Bytes of a note that are read from standard input at most.
const MAX_NOTE: u64 = 1 << 20;

/// Changes cases; what cannot be done is named, the rest is done.
pub(super) fn set(seat: &Seat, words: &[String], output: &mut Output) -> Result<ExitCode> {
    let (fields, cases): (Vec<&String>, Vec<&String>) = words.iter().partition(|word| word.contains('='));
    if cases.is_empty() || fields.is_empty() {
        return Err(Complaint::misread("set needs at least one case and one field=value")
            .hint("for example: ninety set SEC-2026-0042 priority=P1 assignee=me"));
    }
    let wanted = Wanted::read(&fields, &seat.actor(), seat.clock()?.now())?;
    let mut desk = seat.open()?;
    let named = Named::find(&desk, cases)?;
    let orders =
        named.keys.iter().map(|&key| wanted.orders(&desk.case(key)?)).collect::<Result<Vec<_>>>()?.concat();
    let outcome = named.with_unknown(desk.decide(&orders)?);
    report(&desk, &outcome, &named.keys, output)
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

/// Tells what was done and how the cases stand now; for people what was not
/// done on standard error alone, each thing once.
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
    let left_open: Vec<_> =
        outcome.left_open.iter().map(|(id, item)| json!({ "case": id, "what": item.to_string() })).collect();
    output.answer(
        || if outcome.summary.is_empty() { String::new() } else { format!("{}\n", outcome.summary) },
        || {
            json!({ "summary": outcome.in_words(), "changed": outcome.changed.len(), "refused": refused,
                   "left_open": left_open, "cases": cases })
        },
    )?;
    for (id, item) in &outcome.left_open {
        eprintln!("ninety: {id}: closed, though {item}");
    }
    let told: BTreeSet<&(String, String)> = outcome.refused.iter().collect();
    for (id, why) in told {
        eprintln!("ninety: {}", text::line(&format!("{id}: {why}")));
    }
    Ok(if outcome.refused.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn from_input() -> Result<String> {
    let mut note = String::new();
    let read = std::io::stdin().lock().take(MAX_NOTE).read_to_string(&mut note);
    read.map_err(|error| Complaint::failed(format!("standard input: {error}")))?;
    Ok(note)
}
