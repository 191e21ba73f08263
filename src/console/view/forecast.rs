//! A decision with all that follows from it, before it is made.

use ratatui::layout::Size;

use super::Canvas;
use super::overlay::{WIDE, framed};
use crate::console::overlay::Forecast;
use crate::console::paper::{Role, wrap::wrap};

/// Columns of the label in front of a line.
const LABEL: usize = 11;

pub(super) fn draw(forecast: &Forecast, size: Size, canvas: &mut Canvas<'_>) {
    let width = usize::from(WIDE.min(size.width)).saturating_sub(4).max(1);
    let hang = if width > 3 * LABEL { LABEL } else { 2 };
    let mut lines = Vec::new();
    for line in &forecast.lines {
        let mut parts = wrap(line, width).into_iter();
        lines.extend(parts.next());
        let rest: Vec<String> = parts.collect();
        let rest = wrap(&rest.join(" "), width.saturating_sub(hang).max(1));
        lines.extend(
            rest.into_iter().filter(|part| !part.is_empty()).map(|part| format!("{:hang$}{part}", "")),
        );
    }
    let height = (lines.len() as u16 + 2).min(size.height.saturating_sub(2).max(3));
    let inner = framed(&forecast.question, "y yes · n no", size, WIDE, height, canvas);
    for (y, line) in lines.iter().take(usize::from(inner.height)).enumerate() {
        canvas.put(inner, 0, y as u16, line, canvas.look.role(Role::Plain));
    }
}
