//! The last line: what is possible now, or what just happened.

use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_width::UnicodeWidthStr as _;

use super::Canvas;
use crate::console::commands::{Command, TABLE};
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
    hints(model, area, canvas);
}

/// The commands with a hint that can be used now, as many as fit.
fn hints(model: &Model, area: Rect, canvas: &mut Canvas<'_>) {
    let possible = TABLE.iter().filter(|entry| {
        !entry.hint.is_empty() && entry.scope.holds_in(model.focus) && entry.command.refusal(model).is_none()
    });
    let mut x = 1;
    for entry in possible {
        let key = match entry.command {
            Command::Priority0 => "0-4",
            _ => entry.keys.first().copied().unwrap_or_default(),
        };
        let width = (key.width() + 1 + entry.hint.width()) as u16;
        if x + width > area.width {
            return;
        }
        x = canvas.put(area, x, 0, key, canvas.look.key()) + 1;
        x = canvas.put(area, x, 0, entry.hint, Style::new()) + 2;
    }
}
