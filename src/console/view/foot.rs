//! What is asked and typed at the foot of the screen.

use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use unicode_width::UnicodeWidthStr as _;

use super::Canvas;
use crate::console::overlay::{Prompt, Purpose};
use crate::console::paper::{Role, wrap::wrap};
use crate::text;

/// Blanks the line `above` the last one and writes `words`; the cursor stands behind them.
fn bottom_line(
    words: &str,
    screen: Rect,
    above: u16,
    style: Style,
    canvas: &mut Canvas<'_>,
) -> Option<Position> {
    let y = screen.height.checked_sub(above + 1)?;
    let line = Rect { y, height: 1, ..screen };
    canvas.clear(line);
    let end = canvas.put(line, 0, 0, &text::fit(words, usize::from(line.width)), style);
    Some(Position { x: end.min(line.width.saturating_sub(1)), y })
}

/// Rows at the foot of the screen that a question or a hint takes at most.
const MAX_FOOT: usize = 4;

/// The same for several lines: the last of them is `above` the last line of the screen.
fn bottom_lines(
    lines: &[String],
    screen: Rect,
    above: u16,
    style: Style,
    canvas: &mut Canvas<'_>,
) -> Option<Position> {
    let room = usize::from(screen.height.saturating_sub(above)).saturating_sub(1).clamp(1, MAX_FOOT);
    let mut shown = lines.to_vec();
    if shown.len() > room {
        // What it is about stands first; the mend, and how a question can be answered, last.
        shown.drain(room - 1..lines.len() - 1);
        if let Some(cut) = shown.len().checked_sub(2).and_then(|at| shown.get_mut(at)) {
            cut.push_str(" …");
        }
    }
    let mut cursor = None;
    for (line, below) in shown.iter().zip((0..shown.len() as u16).rev()) {
        cursor = bottom_line(line, screen, above + below, style, canvas);
    }
    cursor
}

/// A question with the keys that answer it, which stay together.
pub(super) fn confirm_lines(question: &str, screen: Rect, canvas: &mut Canvas<'_>) -> Option<Position> {
    const KEYS: &str = "y yes · n no";
    let width = usize::from(screen.width);
    let mut lines = behind(" ", question, width);
    match lines.last_mut() {
        Some(last) if last.width() + KEYS.width() + 2 < width => last.push_str(&format!("  {KEYS}")),
        _ => lines.push(format!(" {KEYS}")),
    }
    bottom_lines(&lines, screen, 0, canvas.look.role(Role::Strong), canvas)
}

/// `words` in lines of this width, the first behind `sign`, the others set in as far.
fn behind(sign: &str, words: &str, width: usize) -> Vec<String> {
    let lines = wrap(words, width.saturating_sub(sign.width() + 1).max(1)).into_iter().enumerate();
    let blank = " ".repeat(sign.width());
    lines.map(|(index, line)| format!("{}{line}", if index == 0 { sign } else { &blank })).collect()
}

pub(super) fn prompt_lines(prompt: &Prompt, screen: Rect, canvas: &mut Canvas<'_>) -> Option<Position> {
    let width = usize::from(screen.width);
    let (hint, style) = match &prompt.hint {
        Ok(hint) => (behind(" ", hint, width), canvas.look.role(Role::Faint)),
        // Two columns are left for the sign that something is left out.
        Err(wrong) => (behind("!", wrong, width.saturating_sub(2)), canvas.look.role(Role::Warn)),
    };
    if screen.height > 2 {
        bottom_lines(&hint, screen, 1, style, canvas);
    }
    let label = match &prompt.purpose {
        Purpose::Filter { .. } => " /".to_owned(),
        purpose => format!(" {} {}: ", purpose.label(), prompt.about),
    };
    let label = text::fit(&label, usize::from(screen.width) / 2);
    bottom_line(&label, screen, 0, canvas.look.role(Role::Strong), canvas)?;
    let start = label.width() as u16;
    let line = Rect { x: start, y: screen.height - 1, width: screen.width.saturating_sub(start), height: 1 };
    if prompt.purpose == Purpose::Passphrase {
        let dots = tui_input::Input::new("*".repeat(prompt.input.value().chars().count()));
        return input(&dots, line, canvas);
    }
    let cursor = input(&prompt.input, line, canvas);
    if let Some(wrong) = &prompt.wrong {
        mark_wrong(&prompt.input, wrong, line, canvas);
    }
    cursor
}

/// Marks what cannot be read: its columns are underlined; at the end of the
/// line it is the blank behind it.
fn mark_wrong(input: &tui_input::Input, wrong: &std::ops::Range<usize>, line: Rect, canvas: &mut Canvas<'_>) {
    let room = usize::from(line.width.saturating_sub(1)).max(1);
    let skipped = input.visual_scroll(room);
    let columns_to = |at: usize| {
        input.value().get(..at).unwrap_or(input.value()).width().saturating_sub(skipped).min(room) as u16
    };
    let (from, upto) = (columns_to(wrong.start), columns_to(wrong.end));
    let style = canvas.look.role(Role::Bad).add_modifier(ratatui::style::Modifier::UNDERLINED);
    for x in from..upto.max(from + 1) {
        if let Some(cell) = canvas.buffer.cell_mut((line.x + x, line.y)) {
            cell.set_style(style);
        }
    }
}

/// The typed line, scrolled so that its cursor is seen.
pub(super) fn input(input: &tui_input::Input, line: Rect, canvas: &mut Canvas<'_>) -> Option<Position> {
    if line.is_empty() {
        return None;
    }
    let room = usize::from(line.width - 1).max(1);
    let skipped = input.visual_scroll(room);
    let mut dropped = 0;
    let shown: String = input
        .value()
        .chars()
        .skip_while(|c| {
            let is_left = dropped < skipped;
            dropped += if is_left { unicode_width::UnicodeWidthChar::width(*c).unwrap_or(0) } else { 0 };
            is_left
        })
        .collect();
    canvas.put(line, 0, 0, &shown, Style::new());
    let x = (input.visual_cursor().saturating_sub(skipped)).min(room) as u16;
    Some(Position { x: line.x + x.min(line.width - 1), y: line.y })
}
