//! `ninety hand` and `ninety restrict`: who works on a case, and who may see it.

use std::process::ExitCode;

use super::args::{Hand, Restrict};
use crate::cli::args::Seat;
use crate::cli::named::Named;
use crate::cli::{Complaint, Output, Result, set};
use crate::desk::{Desk, Order};
use crate::text;
use crate::triage::{CaseKey, Decision, Lane, LaneStep};

/// Takes a step of a lane in each of the cases.
pub(super) fn hand(seat: &Seat, hand: &Hand, output: &mut Output) -> Result<ExitCode> {
    let Some((lane, cases)) = hand.words.split_last() else {
        return Err(Complaint::misread("hand needs a case and a lane"));
    };
    let lane: Lane = lane.parse().map_err(|error: crate::triage::UnknownWord| {
        Complaint::misread(error.to_string())
            .hint("the lane stands last: ninety hand SEC-2026-0042 development --to ben")
    })?;
    let named = |name: &String| if name == "me" { seat.actor() } else { name.clone() };
    let step = if hand.accept {
        LaneStep::Accept
    } else if hand.done {
        LaneStep::Finish(hand.note.clone())
    } else if hand.drop {
        LaneStep::Drop
    } else {
        LaneStep::Ask { owner: hand.to.as_ref().map(named), note: hand.note.clone() }
    };
    let mut desk = seat.open()?;
    let named = Named::find(&desk, cases)?;
    let done = decide(&mut desk, &named, &Decision::Lane(lane, step), output)?;
    warn_of_the_blind(&desk, &named.keys, lane)?;
    Ok(done)
}

/// Closes cases to others, or opens them to everybody.
pub(super) fn restrict(seat: &Seat, restrict: &Restrict, output: &mut Output) -> Result<ExitCode> {
    let named = |name: &String| if name.trim() == "me" { seat.actor() } else { name.trim().to_owned() };
    let readers: Vec<String> = restrict.to.iter().flatten().map(named).collect();
    let is_named = readers.iter().any(|reader| !reader.is_empty());
    if !restrict.open && !is_named {
        return Err(Complaint::misread("nobody is named who may see the case")
            .hint("name them with --to me,ben, or let everybody see it with --open"));
    }
    let mut desk = seat.open()?;
    let named = Named::find(&desk, &restrict.cases)?;
    decide(&mut desk, &named, &Decision::Readers(readers), output)
}

/// One decision on all of the cases, told as `set` tells it.
fn decide(desk: &mut Desk, named: &Named, decision: &Decision, output: &mut Output) -> Result<ExitCode> {
    let order = |&case: &CaseKey| Order { case, seen: None, decision: decision.clone() };
    let orders: Vec<Order> = named.keys.iter().map(order).collect();
    let outcome = named.with_unknown(desk.decide(&orders)?);
    set::report(desk, &outcome, &named.keys, output)
}

/// Whoever is asked about a restricted case and may not see it cannot answer.
fn warn_of_the_blind(desk: &Desk, keys: &[CaseKey], lane: Lane) -> Result<()> {
    for key in keys {
        let case = desk.case(*key)?;
        let owner = case.lane(lane).and_then(|work| work.owner.as_deref());
        if let Some(owner) = owner.filter(|owner| !case.is_open_to(owner)) {
            let (owner, readers) = (text::line(owner), text::line(&case.readers.join(",")));
            eprintln!(
                "ninety: {owner} may not see {}; let them in with 'ninety restrict {} --to {readers},{owner}'",
                case.id, case.id
            );
        }
    }
    Ok(())
}
