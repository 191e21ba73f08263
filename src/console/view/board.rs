//! The screen of statistics: rows of figures, and below them charts of the weeks.

mod chart;
mod rows;

use ratatui::layout::{Rect, Size};
use ratatui::style::Style;
use unicode_width::UnicodeWidthStr as _;

use super::Canvas;
use crate::console::board::{Board, Page};
use crate::console::model::Model;
use crate::console::paper::{Role, wrap::wrap};
use crate::text;
use crate::triage::statistics::Statistics;

/// Lines above the figures: the title, and the names of the pages.
const HEAD: u16 = 2;

/// What stands between a label and its bar, and a bar and what follows it.
const GAP: usize = 2;

/// One line of figures.
enum Row {
    /// Words in a role.
    Words(Role, String),
    /// A name and its value, the value to be seen first.
    Fact(String, String),
    /// A name, a value, a bar from 0 to 1, and more at the right edge.
    Bar { name: String, label: String, share: f64, tail: String },
}

/// Draws the screen over everything but the notice.
pub(super) fn draw(board: &Board, model: &Model, screen: Rect, canvas: &mut Canvas<'_>) {
    let footer = Rect { y: screen.height.saturating_sub(1), height: 1.min(screen.height), ..screen };
    let above = Rect { height: screen.height.saturating_sub(1), ..screen };
    canvas.clear(above);
    if model.notice.is_none() {
        canvas.clear(footer);
        let keys = if board.defines {
            " j k scroll · ? or Esc back to the figures"
        } else {
            " Tab h l page · j k scroll · ? definitions · Esc back"
        };
        canvas.put(footer, 0, 0, &text::fit(keys, usize::from(footer.width)), Style::new());
    }
    head(board, model, above, canvas);
    let inside = inside(screen.as_size());
    let Some(statistics) = &board.statistics else {
        canvas.put(inside, 1, 0, "computing ...", canvas.look.role(Role::Faint));
        return;
    };
    let rows = rows_of(board, statistics, inside.width);
    draw_rows(&rows, board.top, inside, canvas);
    let used = u16::try_from(rows.len() + 1).unwrap_or(u16::MAX);
    if !board.defines && board.top == 0 && used < inside.height {
        let below = Rect { y: inside.y + used, height: inside.height - used, ..inside };
        chart::draw(board.page, statistics, below, canvas);
    }
}

/// The last line that the screen can begin with.
pub fn last_top(board: &Board, size: Size) -> usize {
    let inside = inside(size);
    let rows =
        board.statistics.as_ref().map_or(0, |statistics| rows_of(board, statistics, inside.width).len());
    rows.saturating_sub(usize::from(inside.height).max(1))
}

/// Where the figures lie on a screen of `size`.
fn inside(size: Size) -> Rect {
    let head = HEAD.min(size.height);
    Rect::new(0, head, size.width, size.height.saturating_sub(head + 1))
}

fn head(board: &Board, model: &Model, area: Rect, canvas: &mut Canvas<'_>) {
    let about = if board.text.trim().is_empty() { "all cases".to_owned() } else { text::line(&board.text) };
    let day = |at| model.zone.show(at).format("%d %b %Y").to_string();
    let when = board.statistics.as_ref().map_or(String::new(), |statistics| {
        format!("{} to {}", day(statistics.period.since), day(statistics.period.last()))
    });
    let title = (" Statistics ".to_owned(), canvas.look.focused());
    let room = usize::from(area.width).saturating_sub(when.width() + 20);
    canvas.rule(area, &[title, (format!(" {} ", text::fit(&about, room)), Style::new())], &when);
    let mut x = 1;
    for page in Page::ALL {
        let is_shown = page == board.page;
        let (name, style) = if is_shown {
            (format!("[{}]", page.title()), canvas.look.focused())
        } else {
            (format!(" {} ", page.title()), Style::new())
        };
        x = canvas.put(area, x, 1, &name, style);
    }
    if board.defines {
        canvas.put(area, x + 1, 1, "what they are", canvas.look.role(Role::Faint));
    }
}

fn rows_of(board: &Board, statistics: &Statistics, width: u16) -> Vec<Row> {
    if board.defines { definitions(board.page, usize::from(width)) } else { rows::of(board.page, statistics) }
}

fn definitions(page: Page, width: usize) -> Vec<Row> {
    let mut rows = Vec::new();
    for metric in page.metrics() {
        rows.push(Row::Words(Role::Strong, metric.to_string()));
        let lines = wrap(metric.definition(), width.saturating_sub(4).max(1));
        rows.extend(lines.into_iter().map(|line| Row::Words(Role::Plain, format!("  {line}"))));
    }
    rows
}

fn draw_rows(rows: &[Row], top: usize, area: Rect, canvas: &mut Canvas<'_>) {
    let name = |row: &Row| match row {
        Row::Bar { name, .. } | Row::Fact(name, _) => name.width(),
        Row::Words(..) => 0,
    };
    let label = |row: &Row| if let Row::Bar { label, .. } = row { label.width() } else { 0 };
    let width = usize::from(area.width);
    let names = rows.iter().map(name).max().unwrap_or(0).min(width * 2 / 5);
    let labels = rows.iter().map(label).max().unwrap_or(0);
    for (y, row) in rows.iter().skip(top).take(usize::from(area.height)).enumerate() {
        let y = y as u16;
        match row {
            Row::Words(role, words) => {
                canvas.put(area, 1, y, &text::fit(words, width.saturating_sub(1)), canvas.look.role(*role));
            }
            Row::Fact(name, value) => {
                canvas.put(area, 1, y, &text::fit(name, names), Style::new());
                let room = width.saturating_sub(names + GAP + 1);
                let style = canvas.look.role(Role::Strong);
                canvas.put(area, (names + GAP + 1) as u16, y, &text::fit(value, room), style);
            }
            Row::Bar { name, label, share, tail } => {
                canvas.put(area, 1, y, &text::fit(name, names), Style::new());
                let at = 1 + names + GAP + labels.saturating_sub(label.width());
                canvas.put(area, at as u16, y, label, canvas.look.role(Role::Strong));
                let from = 1 + names + GAP + labels + GAP;
                let room = width.saturating_sub(from + tail.width() + GAP);
                let filled = (share.clamp(0.0, 1.0) * room as f64).ceil() as usize;
                canvas.put(area, from as u16, y, &"█".repeat(filled), canvas.look.role(Role::Label));
                let inner = Rect { width: area.width.saturating_sub(1), ..area };
                canvas.put_right(inner, y, tail, Style::new());
            }
        }
    }
}
