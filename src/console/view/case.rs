//! The panes about one case: a window on a sheet that `update` typeset.

use ratatui::layout::Rect;
use ratatui::style::Style;

use super::{Canvas, title};
use crate::console::layout::Pane;
use crate::console::model::Model;
use crate::text;

pub(super) fn draw(model: &Model, pane: Pane, area: Rect, inside: Rect, canvas: &mut Canvas<'_>) {
    draw_title(model, pane, area, inside, canvas);
    let sheet = model.reading.sheet(pane);
    // One blank column on either side.
    let text = Rect { x: inside.x + 1.min(inside.width), width: inside.width.saturating_sub(2), ..inside };
    for (index, line) in sheet.window(usize::from(inside.height)).iter().enumerate() {
        let mut x = 0;
        for piece in &line.0 {
            x = canvas.put(text, x, index as u16, &piece.text, canvas.look.role(piece.role));
        }
    }
    if model.reading.dossier.is_none() {
        let words = match model.current_row() {
            _ if model.queue.keys.is_empty() => "",
            Some(row) if row.is_hidden => crate::triage::case::HIDDEN,
            _ => "reading the case ...",
        };
        canvas.put(text, 0, 0, words, Style::new());
    }
}

/// The title names the case that is shown, which can be another than the one
/// under the cursor while keys are held; where one pane stands for three, the
/// other two are named as well.
fn draw_title(model: &Model, pane: Pane, area: Rect, inside: Rect, canvas: &mut Canvas<'_>) {
    let shows_all = model.layout().shows_all();
    let panes: &[Pane] = if shows_all { std::slice::from_ref(&pane) } else { &Pane::LOWER };
    let dim = canvas.look.rule();
    let mut titles: Vec<(String, Style)> = Vec::new();
    for other in panes {
        if *other == pane {
            titles.push(match title(model, pane, canvas.look) {
                (name, style) if model.focus == pane || shows_all => (name, style),
                (name, _) => (name, canvas.look.key()),
            });
        } else {
            titles.push((format!(" {} ", other.title().to_lowercase()), dim));
        }
    }
    let id = model.reading.dossier.as_ref().map(|dossier| text::line(&dossier.case.id)).unwrap_or_default();
    let sheet = model.reading.sheet(pane);
    let below = sheet.lines.len().saturating_sub(sheet.top + usize::from(inside.height));
    let more = if below > 0 {
        format!("{below} more line{} · ", if below == 1 { "" } else { "s" })
    } else {
        String::new()
    };
    let right = if id.is_empty() { String::new() } else { format!(" {more}{id} ") };
    canvas.rule(area, &titles, &right);
}
