//! `ninety explain`: why a case stands where it stands.

use std::fmt::Write as _;
use std::process::ExitCode;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::{clocks, hanging};
use crate::cli::args::Seat;
use crate::cli::{Output, Result};
use crate::desk::{Explanation, Neighbour};
use crate::text;
use crate::triage::calendar::Calendar;
use crate::triage::clocks::Clock;

/// Explains the place of a case.
pub(super) fn run(seat: &Seat, id: &str, output: &mut Output) -> Result<ExitCode> {
    let mut desk = seat.open()?;
    let key = desk.key_of(id)?;
    let told = desk.explain(key)?;
    let (rules, now) = (desk.rules(), desk.now());
    output.answer(|| page(&told, &rules.calendar, now), || shape(&told, &rules.calendar, now))?;
    Ok(ExitCode::SUCCESS)
}

/// The clocks that count, what is due first before all.
fn counting(told: &Explanation, calendar: &Calendar, now: DateTime<Utc>) -> Vec<Clock> {
    let mut clocks = told.case.clocks(&calendar.zone, now);
    clocks.retain(|clock| clock.state.is_counting() && clock.due_at.is_some());
    clocks.sort_by_key(|clock| clock.due_at);
    clocks
}

fn page(told: &Explanation, calendar: &Calendar, now: DateTime<Utc>) -> String {
    let case = &told.case;
    let mut page = hanging(&format!("{}  ", case.id), &text::line(&case.title));
    let place = match told.place {
        Some(place) => format!("{place} of {} in the queue", told.of),
        None => "not in the queue of open cases".to_owned(),
    };
    let _ = writeln!(page, "place     {place}");
    for line in told.rank.explain() {
        page += &hanging("          ", &text::line(&line));
    }
    for (name, neighbour, sign) in [("above", &told.above, "ahead"), ("below", &told.below, "behind")] {
        let shown = neighbour.as_ref().map_or("nothing".to_owned(), |other| beside(told, other, sign));
        page += &hanging(&format!("{name:<10}"), &shown);
    }
    page.push('\n');
    for (number, clock) in counting(told, calendar, now).iter().enumerate() {
        let name = if number == 0 { "clocks    " } else { "          " };
        let left = clocks::left(clock, calendar, now);
        page += &hanging(name, &format!("{}, {left}: {}", clock.name(), text::line(&clock.why)));
    }
    page.push('\n');
    let proposed = told.proposal.priority;
    let _ = writeln!(page, "proposed  {proposed}");
    for reason in &told.proposal.reasons {
        page += &hanging("          ", &text::line(reason));
    }
    let chosen = match case.priority {
        Some(priority) if priority == proposed => format!("{priority}, as proposed"),
        Some(priority) => format!("{priority}, other than proposed"),
        None => "nobody has chosen yet".to_owned(),
    };
    let _ = writeln!(page, "chosen    {chosen}");
    if let Some(reason) = &case.assessment.reason {
        page += &hanging("          ", &text::line(reason));
    }
    page
}

/// `SEC-2026-0007 2 days 3 hours ahead: title`.
fn beside(told: &Explanation, other: &Neighbour, sign: &str) -> String {
    let apart = TimeDelta::seconds((told.rank.value - other.rank.value).abs());
    format!(
        "{} {} {sign}: {}",
        other.id,
        crate::triage::clocks::span_in_words(apart),
        text::line(&other.title)
    )
}

fn shape(told: &Explanation, calendar: &Calendar, now: DateTime<Utc>) -> Value {
    let case = &told.case;
    let parts = told.rank.parts.iter().map(|part| json!({ "why": part.words, "seconds": part.seconds }));
    let neighbour = |other: &Option<Neighbour>| {
        other.as_ref().map(|other| {
            json!({ "id": other.id, "title": other.title, "rank": other.rank.value,
                    "seconds_apart": (told.rank.value - other.rank.value).abs() })
        })
    };
    let running = counting(told, calendar, now);
    json!({
        "id": case.id,
        "place": told.place,
        "of": told.of,
        "rank": told.rank.value,
        "parts": parts.collect::<Value>(),
        "why": told.rank.explain(),
        "above": neighbour(&told.above),
        "below": neighbour(&told.below),
        "clocks": running.iter().map(|clock| clocks::shape(clock, calendar, now)).collect::<Value>(),
        "proposed": told.proposal.priority,
        "reasons": told.proposal.reasons,
        "priority": case.priority,
        "reason": case.assessment.reason,
    })
}
