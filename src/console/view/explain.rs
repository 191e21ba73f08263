//! Why the case stands where it stands, over the panes.

use ratatui::layout::Size;

use super::Canvas;
use super::overlay::framed;
use crate::console::model::Model;
use crate::console::paper::{self, Line};
use crate::text;

/// Widest box, in columns: reasons are sentences.
const WIDE: u16 = 100;

fn lines(model: &Model) -> Vec<Line> {
    let width = usize::from(WIDE.min(model.size.width)).saturating_sub(4);
    let dossier = model.reading.dossier.as_ref();
    dossier.map(|dossier| paper::explain(&dossier.case, &model.setting(width))).unwrap_or_default()
}

fn height(lines: usize, size: Size) -> u16 {
    u16::try_from(lines + 2).unwrap_or(u16::MAX).min(size.height.saturating_sub(2).max(3))
}

/// The last line that the explanation can begin with.
pub fn explain_last_top(model: &Model) -> usize {
    let lines = lines(model).len();
    lines.saturating_sub(usize::from(height(lines, model.size).saturating_sub(2)))
}

pub(super) fn draw(model: &Model, top: usize, canvas: &mut Canvas<'_>) {
    let lines = lines(model);
    let id = model.reading.dossier.as_ref().map(|dossier| text::line(&dossier.case.id)).unwrap_or_default();
    let height = height(lines.len(), model.size);
    let title = format!("why {id} stands here");
    let inner = framed(&title, "j and k scroll · Esc closes", model.size, WIDE, height, canvas);
    for (y, line) in lines.iter().skip(top).take(usize::from(inner.height)).enumerate() {
        let mut x = 0;
        for piece in &line.0 {
            x = canvas.put(inner, x, y as u16, &piece.text, canvas.look.role(piece.role));
        }
    }
}
