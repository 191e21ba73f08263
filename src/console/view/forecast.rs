//! A decision with all that follows from it, before it is made.

use ratatui::layout::Size;

use super::Canvas;
use super::overlay::{WIDE, framed};
use crate::console::overlay::Forecast;
use crate::console::paper::{Role, wrap::wrap};

/// Columns of the label in front of a line.
const LABEL: usize = 11;

/// The lines as they fit on a screen of this size.
fn lines(forecast: &Forecast, size: Size) -> Vec<String> {
    let width = usize::from(WIDE.min(size.width)).saturating_sub(4).max(1);
    let hang = if width > 3 * LABEL { LABEL } else { 2 };
    let mut lines = Vec::new();
    for line in &forecast.lines {
        let mut parts = wrap(line, width).into_iter();
        lines.extend(parts.next());
        let rest = wrap(&parts.collect::<Vec<_>>().join(" "), width.saturating_sub(hang).max(1));
        lines.extend(
            rest.into_iter().filter(|part| !part.is_empty()).map(|part| format!("{:hang$}{part}", "")),
        );
    }
    lines
}

fn height(lines: usize, size: Size) -> u16 {
    u16::try_from(lines + 2).unwrap_or(u16::MAX).min(size.height.saturating_sub(2).max(3))
}

/// The last line that it can begin with on a screen of this size.
pub fn forecast_last_top(forecast: &Forecast, size: Size) -> usize {
    let lines = lines(forecast, size).len();
    lines.saturating_sub(usize::from(height(lines, size).saturating_sub(2)))
}

pub(super) fn draw(forecast: &Forecast, size: Size, canvas: &mut Canvas<'_>) {
    let lines = lines(forecast, size);
    let height = height(lines.len(), size);
    let below = lines.len().saturating_sub(forecast.top + usize::from(height.saturating_sub(2)));
    let foot =
        if below > 0 { format!("y yes · n no · j {below} more lines") } else { "y yes · n no".to_owned() };
    let inner = framed(&forecast.question, &foot, size, WIDE, height, canvas);
    for (y, line) in lines.iter().skip(forecast.top).take(usize::from(inner.height)).enumerate() {
        canvas.put(inner, 0, y as u16, line, canvas.look.role(Role::Plain));
    }
}
