//! `ninety rota`: who is on call, and the hand-over of a shift.

use std::fmt::Write as _;
use std::process::ExitCode;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::args::RotaCommand;
use super::hanging;
use crate::cli::args::Seat;
use crate::cli::json::instant;
use crate::cli::{Output, Result};
use crate::desk::{Desk, Listed, Turn};
use crate::text;
use crate::triage::clock::countdown;
use crate::triage::handover::{Handover, Red};

/// Turns that are shown after the present one.
const NEXT: usize = 4;

/// Shows the rota, or hands a shift over, or accepts one.
pub(super) fn run(seat: &Seat, command: Option<&RotaCommand>, output: &mut Output) -> Result<ExitCode> {
    let mut desk = seat.open()?;
    match command {
        None => show(&desk, output)?,
        Some(RotaCommand::Hand { to, note }) => {
            let handover = desk.hand_over(to.as_deref(), note)?;
            tell(&desk, &handover, output)?;
        }
        Some(RotaCommand::Accept) => {
            let handover = desk.accept_handover()?;
            tell(&desk, &handover, output)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn show(desk: &Desk, output: &mut Output) -> Result<()> {
    let turns = desk.turns(NEXT);
    let waiting = desk.open_handover()?;
    let listed = waiting.as_ref().map(|handover| desk.listed_in(handover)).transpose()?;
    let waiting = waiting.zip(listed);
    let page = || {
        let mut page = match &turns {
            Some(turns) => table(desk, turns),
            None => "no rota; write [rota] in the configuration\n".to_owned(),
        };
        if let Some((handover, listed)) = &waiting {
            let _ = write!(page, "\n{}", self::page(desk, handover, listed));
        }
        page
    };
    output.answer(page, || {
        json!({
            "on_call": turns.as_ref().and_then(|turns| turns.first()).map(|turn| &turn.shift.person),
            "until": turns.as_ref().and_then(|turns| turns.first()).map(|turn| instant(turn.shift.until)),
            "zone": desk.rules().calendar.zone.name(),
            "turns": turns.iter().flatten().map(turn).collect::<Value>(),
            "handover": waiting.as_ref().map(|(handover, listed)| shape(handover, listed)),
        })
    })
}

fn tell(desk: &Desk, handover: &Handover, output: &mut Output) -> Result<()> {
    let listed = desk.listed_in(handover)?;
    output.answer(|| page(desk, handover, &listed), || shape(handover, &listed))
}

/// An instant in the calendar's zone.
fn local(desk: &Desk, at: DateTime<Utc>) -> String {
    at.with_timezone(&desk.rules().calendar.zone).format("%a %Y-%m-%d %H:%M").to_string()
}

fn table(desk: &Desk, turns: &[Turn]) -> String {
    let mut table = String::new();
    for (number, Turn { shift, absent }) in turns.iter().enumerate() {
        let when = match number {
            0 => format!("until {}, {}", local(desk, shift.until), countdown(shift.until, desk.now())),
            _ => format!("from  {}", local(desk, shift.from)),
        };
        let away = absent
            .as_ref()
            .map_or(String::new(), |absence| format!("  AWAY from {} to {}", absence.from, absence.to));
        let name = ["on call", "next", ""][number.min(2)];
        let person = text::fit(&text::line(&shift.person), 12);
        let _ = writeln!(table, "{name:<8} {person:<12} {when}{away}");
    }
    table
}

fn turn(Turn { shift, absent }: &Turn) -> Value {
    let away = absent.as_ref().map(|absence| json!({ "from": absence.from, "to": absence.to }));
    json!({ "person": shift.person, "from": instant(shift.from), "until": instant(shift.until), "absent": away })
}

fn page(desk: &Desk, handover: &Handover, listed: &[Listed]) -> String {
    let (from, to) = (text::line(&handover.from), text::line(&handover.to));
    let stands = match handover.accepted_at {
        Some(at) => format!("accepted on {}", local(desk, at)),
        None => format!("NOT ACCEPTED YET; {to} does it with 'ninety rota accept'"),
    };
    let mut page = format!("hand-over from {from} to {to}, {}\n", local(desk, handover.at));
    page += &hanging("  ", &stands);
    if !handover.note.is_empty() {
        page += &hanging("  ", &text::line(&handover.note));
    }
    if listed.is_empty() {
        page.push_str("  nothing is red\n");
    }
    for item in listed {
        let told = match &item.title {
            Some(title) => {
                let why = item.why.iter().map(|red| red.word()).collect::<Vec<_>>().join(", ");
                format!("{why}: {}", text::line(title))
            }
            None => "restricted to other people".to_owned(),
        };
        page += &hanging(&format!("  {:<14} ", item.id), &told);
    }
    page
}

fn shape(handover: &Handover, listed: &[Listed]) -> Value {
    let case = |item: &Listed| match &item.title {
        Some(title) => {
            json!({ "id": item.id, "title": title, "why": item.why.iter().map(|red: &Red| red.code()).collect::<Vec<_>>() })
        }
        None => json!({ "id": item.id, "restricted": true }),
    };
    json!({
        "from": handover.from,
        "to": handover.to,
        "at": instant(handover.at),
        "note": handover.note,
        "accepted_at": handover.accepted_at.map(instant),
        "cases": listed.iter().map(case).collect::<Value>(),
    })
}
