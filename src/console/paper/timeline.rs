//! The timeline pane: what happened, newest last.

use crate::text;
use crate::triage::{Dossier, Event, What};

use super::{Line, Role, Setting, ours};

/// Typesets the timeline of `dossier`.
pub fn timeline(dossier: &Dossier, setting: &Setting<'_>) -> Vec<Line> {
    let shown = dossier.timeline.iter().filter(|event| !event.what.is_derived());
    shown.flat_map(|event| entry(event, setting)).collect()
}

fn entry(event: &Event, setting: &Setting<'_>) -> Vec<Line> {
    let when = setting.zone.short(event.at, setting.now);
    let role = match (&event.what, event.undo) {
        (_, true) | (What::Changed { .. } | What::NoteWithdrawn { .. }, _) => Role::Plain,
        (What::Noted { .. }, false) => Role::Strong,
        (What::Received { .. } | What::Opened { .. } | What::Recognised { .. }, false) => Role::Good,
        (What::Answered { .. }, false) => Role::Good,
        (What::DeadlineSet { .. } | What::Weighed { .. } | What::Moved { .. }, false) => Role::Plain,
    };
    let who = text::line(&event.actor);
    let words = text::block(&event.text(&|at| setting.zone.long(at)));
    let mut lines = Vec::new();
    for (index, part) in words.lines().enumerate() {
        let mut pieces = Vec::new();
        if index == 0 && !who.is_empty() {
            pieces.push(ours(Role::Label, format!("{who} ")));
        }
        pieces.push(ours(role, part));
        // Under the time where there is room, else below it.
        let indent = if setting.width >= 36 { 14 } else { 2 };
        lines.extend(setting.hang(indent, &pieces));
    }
    let stamp = ours(Role::Faint, format!("{when:<14}"));
    if setting.width >= 36 {
        if let Some(first) = lines.first_mut().and_then(|line: &mut Line| line.0.first_mut()) {
            *first = stamp;
        }
    } else {
        lines.insert(0, Line(vec![stamp]));
    }
    lines
}
