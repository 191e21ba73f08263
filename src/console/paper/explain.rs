//! Why a case stands where it stands: its place, every clock, the proposal, and
//! what speaks for and against noise.

use super::{Line, Piece, Role, Setting, foreign, ours};
use crate::triage::Case;
use crate::triage::clocks::{Clock, ClockState, End};

/// Typesets the explanation of `case`.
pub fn explain(case: &Case, setting: &Setting<'_>) -> Vec<Line> {
    let mut lines = vec![Line::of(Role::Heading, "its place in the queue")];
    for part in case.rank().explain() {
        lines.extend(setting.hang(2, &[ours(Role::Plain, part)]));
    }
    lines.push(Line::default());
    lines.push(Line::of(Role::Heading, "its clocks"));
    for clock in case.clocks(&setting.calendar.zone, setting.now) {
        lines.extend(setting.hang(2, &course(&clock, setting)));
        lines.extend(setting.hang(4, &[ours(Role::Faint, clock.why.clone())]));
    }
    lines.push(Line::default());
    lines.push(Line::of(Role::Heading, "its priority"));
    lines.extend(setting.hang(2, &chosen(case)));
    let proposal = case.proposal();
    lines.extend(setting.hang(2, &[ours(Role::Plain, format!("proposed: {}", proposal.priority))]));
    for reason in proposal.reasons {
        lines.extend(setting.hang(4, &[ours(Role::Faint, reason)]));
    }
    lines.push(Line::default());
    lines.push(Line::of(Role::Heading, "its noise"));
    let likely = if case.noise.is_likely() { "likely" } else { "not likely" };
    lines.extend(setting.hang(2, &[ours(Role::Plain, format!("{} of 100: {likely}", case.noise.score))]));
    for reason in case.noise.reasons_for_it() {
        lines.extend(setting.hang(4, &[ours(Role::Faint, reason.clone())]));
    }
    lines
}

/// `triage · OVERDUE 3h · started 22 Nov 19:04 · due Mon 23 Nov 2026 19:04 +01:00`.
fn course(clock: &Clock, setting: &Setting<'_>) -> Vec<Piece> {
    let mut pieces = vec![ours(Role::Strong, clock.name()), ours(Role::Plain, " · ")];
    pieces.push(standing(clock, setting));
    if let Some(at) = clock.started_at {
        pieces.push(ours(Role::Plain, format!(" · started {}", setting.zone.short(at, setting.now))));
    }
    if let Some(at) = clock.due_at {
        pieces.push(ours(Role::Plain, format!(" · due {}", setting.zone.long(at))));
    }
    pieces
}

fn standing(clock: &Clock, setting: &Setting<'_>) -> Piece {
    let at = |at| setting.zone.short(at, setting.now);
    match (&clock.state, clock.due_at) {
        (ClockState::NotStarted, _) => ours(Role::Faint, "not started"),
        (ClockState::Running, Some(due)) => {
            let left = setting.left(due);
            Piece { text: format!("running, {}", left.text), ..left }
        }
        (ClockState::Missed { end: None, .. }, Some(due)) => {
            let left = setting.left(due);
            Piece { text: format!("missed, {}", left.text), ..left }
        }
        (ClockState::Running | ClockState::Missed { end: None, .. }, None) => {
            ours(Role::Plain, clock.state.word())
        }
        (ClockState::Met { at: met }, _) => ours(Role::Good, format!("met {}", at(*met))),
        (ClockState::Missed { end: Some(End::Met(met)), .. }, _) => {
            ours(Role::Warn, format!("missed, met {}", at(*met)))
        }
        (ClockState::Missed { end: Some(End::Halted(halt)), .. }, _) => {
            ours(Role::Warn, format!("missed, halted {}", at(*halt)))
        }
        (ClockState::Suspended { reason }, _) => ours(Role::Faint, format!("suspended: {reason}")),
    }
}

/// What a person chose, and why.
fn chosen(case: &Case) -> Vec<Piece> {
    let chosen =
        case.priority.map_or("nobody has chosen one".to_owned(), |chosen| format!("chosen: {chosen}"));
    let mut pieces = vec![ours(Role::Plain, chosen)];
    if let Some(reason) = &case.assessment.reason {
        pieces.push(ours(Role::Plain, ", "));
        pieces.push(foreign(Role::Plain, reason));
    }
    pieces
}
