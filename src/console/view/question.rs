//! The boxes of grooming: a question that tells what would happen, and the views.

use ratatui::layout::{Position, Rect, Size};
use ratatui::style::Style;
use unicode_width::UnicodeWidthStr as _;

use super::Canvas;
use super::overlay::{WIDE, framed};
use crate::console::grooming::{Question, Views};
use crate::console::model::Model;
use crate::console::overlay::Overlay;
use crate::console::paper::{Role, wrap::wrap};
use crate::text;

fn lines_of(question: &Question, size: Size) -> Vec<(Role, String)> {
    let width = usize::from(WIDE.min(size.width)).saturating_sub(4).max(1);
    let broken = |(role, line): &(Role, String)| {
        let role = *role;
        // What does not fit goes on below, set in.
        let lines = wrap(line, width.saturating_sub(2).max(1)).into_iter().enumerate();
        lines
            .map(move |(index, line)| (role, if index == 0 { line } else { format!("  {line}") }))
            .collect::<Vec<_>>()
    };
    question.lines.iter().flat_map(broken).collect()
}

fn height(lines: usize, size: Size) -> u16 {
    u16::try_from(lines).unwrap_or(u16::MAX).saturating_add(2).min(size.height.saturating_sub(2).max(3))
}

/// The last line that the question over the panes can begin with.
pub fn question_last_top(model: &Model) -> usize {
    let Some(Overlay::Question(question)) = &model.overlay else { return 0 };
    let lines = lines_of(question, model.size).len();
    lines.saturating_sub(usize::from(height(lines, model.size).saturating_sub(2)))
}

pub(super) fn question_box(question: &Question, size: Size, canvas: &mut Canvas<'_>) -> Option<Position> {
    let lines = lines_of(question, size);
    let inner = framed(&question.title, &question.foot(), size, WIDE, height(lines.len(), size), canvas);
    for (y, (role, line)) in lines.iter().skip(question.top).take(usize::from(inner.height)).enumerate() {
        canvas.put(inner, 0, y as u16, line, canvas.look.role(*role));
    }
    (!inner.is_empty()).then_some(Position { x: inner.x, y: inner.y })
}

/// One line a view: its key, its name, how many cases it shows, its query.
pub(super) fn views_box(views: &Views, model: &Model, canvas: &mut Canvas<'_>) -> Option<Position> {
    let all = &model.rules.views;
    let inner = framed(
        "views",
        "key, or Up Down Enter · Esc",
        model.size,
        WIDE,
        height(all.len(), model.size),
        canvas,
    );
    let names = all.iter().map(|view| text::line(&view.name).width()).max().unwrap_or(0).clamp(4, 24) as u16;
    let page = usize::from(inner.height).max(1);
    let top = views.chosen / page * page;
    for (index, view) in all.iter().enumerate().skip(top).take(page) {
        let line = Rect { y: inner.y + (index - top) as u16, height: 1, ..inner };
        let is_chosen = index == views.chosen;
        let key = view.key.map_or(" ".to_owned(), |key| text::line(&key.to_string()));
        let count = views.counts.get(index).map_or(String::new(), usize::to_string);
        canvas.put(line, 0, 0, if is_chosen { ">" } else { " " }, Style::new());
        canvas.put(line, 2, 0, &key, canvas.look.key());
        let style = if is_chosen { canvas.look.chosen() } else { Style::new() };
        canvas.put(line, 4, 0, &text::fit(&text::line(&view.name), usize::from(names)), style);
        let counted = Rect {
            x: line.x + (names + 5).min(line.width),
            width: 6.min(line.width.saturating_sub(names + 5)),
            ..line
        };
        canvas.put_right(counted, 0, &count, Style::new());
        let room = usize::from(line.width.saturating_sub(names + 13));
        let query = text::fit(&text::line(&view.query), room);
        canvas.put(line, names + 13, 0, &query, canvas.look.role(Role::Faint));
    }
    let row = (views.chosen - top) as u16;
    (row < inner.height).then_some(Position { x: inner.x, y: inner.y + row })
}
