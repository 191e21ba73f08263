//! The last line: what is possible now, or what just happened.

use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_width::UnicodeWidthStr as _;

use super::Canvas;
use crate::console::commands::{Command, Entry, TABLE};
use crate::console::model::Model;
use crate::console::paper::Role;
use crate::text;

pub(super) fn draw(model: &Model, area: Rect, canvas: &mut Canvas<'_>) {
    if let Some(notice) = &model.notice {
        let (sign, style) = if notice.is_complaint {
            ("!", canvas.look.role(Role::Bad))
        } else {
            (" ", canvas.look.role(Role::Strong))
        };
        let words = text::fit(&format!("{sign}{}", notice.text), usize::from(area.width));
        canvas.put(area, 0, 0, &words, style);
        return;
    }
    // While something lies over the panes it takes the keys, and says itself which.
    if model.overlay.is_none() {
        hints(model, area, canvas);
    }
}

/// The commands with a hint that can be used now, as many as fit; help at the
/// right end always, for it leads to all others.
fn hints(model: &Model, area: Rect, canvas: &mut Canvas<'_>) {
    let possible = TABLE.iter().filter(|entry| {
        !entry.hint.is_empty() && entry.scope.holds_in(model.focus) && entry.command.refusal(model).is_none()
    });
    let (help, others): (Vec<&Entry>, Vec<&Entry>) =
        possible.partition(|entry| entry.command == Command::Help);
    let help_at = area.width.saturating_sub(help.first().map_or(0, |entry| width(entry) + 1));
    let mut x = 1;
    for entry in others {
        if x + width(entry) + 2 <= help_at {
            x = hint(entry, x, area, canvas) + 2;
        }
    }
    for entry in help {
        hint(entry, help_at.max(1), area, canvas);
    }
}

/// The key that stands for the command in the hints.
fn key(entry: &Entry) -> &'static str {
    match entry.command {
        Command::Priority0 => "0-4",
        _ => entry.keys.first().copied().unwrap_or_default(),
    }
}

fn width(entry: &Entry) -> u16 {
    (key(entry).width() + 1 + entry.hint.width()) as u16
}

fn hint(entry: &Entry, x: u16, area: Rect, canvas: &mut Canvas<'_>) -> u16 {
    let x = canvas.put(area, x, 0, key(entry), canvas.look.key()) + 1;
    canvas.put(area, x, 0, entry.hint, Style::new())
}
