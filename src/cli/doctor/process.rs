//! Whether the configuration fits the team, and what of the process is overdue.

use super::{Finding, fine, wrong};
use crate::cli::Result;
use crate::cli::args::Seat;
use crate::desk::Desk;
use crate::text;
use crate::triage::clock::countdown;
use crate::triage::clocks::Kind;
use crate::triage::rules::Rules;
use crate::triage::{Lane, Query};

/// Turns of the rota that are looked at, the present one among them.
const TURNS: usize = 4;

/// Which file is read, and what in it cannot be meant.
pub(super) fn configuration(seat: &Seat) -> Vec<Finding> {
    let config = match seat.config() {
        Ok(config) => config,
        Err(complaint) => return vec![wrong("configuration", complaint.into_message())],
    };
    let file = config.path.as_ref().map(|path| text::line(&path.to_string_lossy()));
    let says = file.unwrap_or_else(|| "none; everything is as ninety comes".to_owned());
    std::iter::once(fine("configuration", says)).chain(ownerless(&config.rules)).collect()
}

/// Products of which somebody would have to be asked, and nobody is named.
fn ownerless(rules: &Rules) -> Vec<Finding> {
    let missing = |lanes: &[Lane]| lanes.iter().map(|lane| lane.word()).collect::<Vec<_>>().join(", ");
    let mut findings = Vec::new();
    for product in &rules.products {
        let name = text::line(&product.name);
        let without: Vec<Lane> = [Lane::Development, Lane::Management, Lane::Pr]
            .into_iter()
            .filter(|lane| !product.owners.contains_key(lane))
            .collect();
        if product.owners.is_empty() {
            findings.push(wrong("product", format!("{name} has no owners; name them in its [[product]]")));
        } else if !without.is_empty() {
            // Those are asked when a case is exploited.
            let says = format!("{name} has nobody for {}; name them in its [[product]]", missing(&without));
            findings.push(wrong("product", says));
        }
    }
    findings
}

/// Who is on call, whether they are there, and whether a shift was taken over.
pub(super) fn rota(desk: &Desk) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for (number, turn) in desk.turns(TURNS - 1).unwrap_or_default().into_iter().enumerate() {
        let person = text::line(&turn.shift.person);
        let day = |at: chrono::DateTime<chrono::Utc>| {
            at.with_timezone(&desk.rules().calendar.zone).format("%Y-%m-%d").to_string()
        };
        let when = match number {
            0 => format!("{person} is on call until {}", day(turn.shift.until)),
            _ => format!("{person} is on call from {}", day(turn.shift.from)),
        };
        match turn.absent {
            Some(absence) => findings.push(wrong(
                "rota",
                format!("{when}, but away from {} to {}; swap the turn", absence.from, absence.to),
            )),
            None if number == 0 => findings.push(fine("rota", when)),
            None => {}
        }
    }
    findings.extend(desk.handover_alarm()?.map(|alarm| wrong("hand-over", alarm)));
    Ok(findings)
}

/// The reports that a law still asks for, of cases that whoever asks may see.
pub(super) fn obligations(desk: &mut Desk) -> Result<Vec<Finding>> {
    let Ok(all) = Query::read("is:all", desk.actor()) else { return Ok(Vec::new()) };
    let (zone, now) = (desk.rules().calendar.zone, desk.now());
    let mut findings = Vec::new();
    for key in desk.order(&all)? {
        let case = desk.case(key)?;
        if case.obligations.is_empty() {
            continue;
        }
        let clocks = case.clocks(&zone, now);
        for clock in clocks.iter().filter(|clock| is_by_law(clock.kind) && clock.state.is_counting()) {
            let Some(due) = clock.due_at else { continue };
            let says = format!("{} {}, {}", case.id, clock.name(), countdown(due, now));
            findings.push(if due < now { wrong("obligation", says) } else { fine("obligation", says) });
        }
    }
    Ok(findings)
}

fn is_by_law(kind: Kind) -> bool {
    matches!(kind, Kind::EarlyWarning | Kind::Notification | Kind::ProgressReport | Kind::FinalReport)
}
