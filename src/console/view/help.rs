//! The help: all commands with their keys, and what the signs mean.

use ratatui::layout::{Rect, Size};
use ratatui::style::Style;

use super::Canvas;
use super::overlay::{WIDE, framed};
use crate::console::commands::TABLE;
use crate::console::paper::{Role, wrap::wrap};
use crate::text;

/// What the marks of the queue mean.
const LEGEND: [&str; 7] = [
    "*  unread",
    "E  encrypted; e in part; ! could not be opened",
    "X  exploited in the wild",
    "+  marked: decisions go to all marked cases",
    "ack  until the first answer is due",
    "pub  until the details become public",
    "8j 50G  a count goes before a movement; it begins with 5 to 9, because 0 to 4 set the priority",
];

/// From this width on the lines stand in two columns.
const TWO_COLUMNS: u16 = 2 * WIDE;
/// Widest box with two columns: lines do not get longer by more.
const WIDEST: u16 = 192;
/// Columns between the two.
const GAP: u16 = 3;

enum Line {
    Group(&'static str),
    /// Keys, and what they do; of a description that goes on below there are no keys.
    Command(String, String),
    Words(String),
}

/// How the help lies on a screen of one size.
struct Sheet {
    lines: Vec<Line>,
    width: u16,
    height: u16,
    columns: u16,
}

impl Sheet {
    fn of(size: Size) -> Self {
        let (width, columns) =
            if size.width >= TWO_COLUMNS { (size.width.min(WIDEST), 2) } else { (WIDE.min(size.width), 1) };
        let column = column_width(width.saturating_sub(4), columns);
        let lines = lines(column);
        let rows = u16::try_from(lines.len()).unwrap_or(u16::MAX).div_ceil(columns);
        let height = rows.saturating_add(2).min(size.height.saturating_sub(2).max(3));
        Self { lines, width, height, columns }
    }

    /// How many lines are seen at once.
    fn page(&self) -> usize {
        usize::from(self.height.saturating_sub(2)) * usize::from(self.columns)
    }
}

fn column_width(inner: u16, columns: u16) -> u16 {
    inner.saturating_sub((columns - 1) * GAP) / columns
}

/// Columns of the keys.
fn keys_width(column: u16) -> u16 {
    if column >= 50 { 20 } else { 10 }
}

fn lines(column: u16) -> Vec<Line> {
    let keys = keys_width(column);
    let room = |used: u16| usize::from(column.saturating_sub(used)).max(1);
    let mut lines = Vec::new();
    let mut group = "";
    for entry in TABLE {
        if entry.group != group {
            group = entry.group;
            lines.push(Line::Group(group));
        }
        let bound = text::fit(&entry.keys.join(" "), usize::from(keys) - 1);
        for (index, does) in wrap(entry.does, room(keys + 1)).into_iter().enumerate() {
            lines.push(Line::Command(if index == 0 { bound.clone() } else { String::new() }, does));
        }
    }
    lines.push(Line::Group("Signs"));
    for sign in LEGEND {
        for (index, words) in wrap(sign, room(5)).into_iter().enumerate() {
            lines.push(Line::Words(if index == 0 { words } else { format!("    {words}") }));
        }
    }
    lines
}

/// The last line that the help can begin with on a screen of this size.
pub fn help_last_top(size: Size) -> usize {
    let sheet = Sheet::of(size);
    sheet.lines.len().saturating_sub(sheet.page())
}

pub(super) fn draw(size: Size, top: usize, canvas: &mut Canvas<'_>) {
    let sheet = Sheet::of(size);
    let (page, all) = (sheet.page(), sheet.lines.len());
    let last = (top + page).min(all);
    let foot = if page >= all {
        "Esc closes".to_owned()
    } else {
        format!("{}-{last} of {all} · j k PgDn PgUp G · Esc closes", (top + 1).min(last))
    };
    let inner = framed("help", &foot, size, sheet.width, sheet.height, canvas);
    let column = column_width(inner.width, sheet.columns);
    let rows = usize::from(inner.height).max(1);
    for (index, line) in sheet.lines.iter().skip(top).take(page).enumerate() {
        let beside = (index / rows) as u16 * (column + GAP);
        let area = Rect {
            x: inner.x + beside.min(inner.width),
            y: inner.y + (index % rows) as u16,
            width: column.min(inner.width.saturating_sub(beside)),
            height: 1.min(inner.height),
        };
        line.draw(area, canvas);
    }
}

impl Line {
    fn draw(&self, area: Rect, canvas: &mut Canvas<'_>) {
        match self {
            Line::Group(name) => {
                canvas.put(area, 0, 0, name, canvas.look.role(Role::Heading));
            }
            Line::Command(bound, does) => {
                canvas.put(area, 1, 0, bound, canvas.look.key());
                canvas.put(area, keys_width(area.width) + 1, 0, does, Style::new());
            }
            Line::Words(words) => {
                canvas.put(area, 1, 0, words, Style::new());
            }
        }
    }
}
