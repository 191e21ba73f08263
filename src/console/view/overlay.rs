//! What lies over the panes.

use ratatui::layout::{Position, Rect, Size};
use ratatui::style::Style;
use unicode_width::UnicodeWidthStr as _;

use super::foot::{confirm_lines, input, prompt_lines};
use super::{Canvas, assess, centred, explain, forecast, whole};
use crate::console::layout::Layout;
use crate::console::model::Model;
use crate::console::msg::Card;
use crate::console::overlay::{Letter, Overlay, Picker};
use crate::console::paper::{Role, wrap::wrap};
use crate::desk::answer::Protection;
use crate::text;

/// Widest box, in columns.
pub(super) const WIDE: u16 = 76;

/// Columns that the text of a picker's line has at least, where it is that long.
const MIN_TEXT: usize = 16;

/// Draws the overlay, if there is one, and says where its cursor stands.
pub(super) fn draw(model: &Model, layout: &Layout, canvas: &mut Canvas<'_>) -> Option<Position> {
    match model.overlay.as_ref()? {
        Overlay::Help { top } => {
            super::help::draw(model.size, *top, canvas);
            None
        }
        Overlay::Picker(picker) => picker_box(picker, model.size, canvas),
        Overlay::Prompt(prompt) => prompt_lines(prompt, whole(layout, model.size), canvas),
        Overlay::Confirm { question, .. } => confirm_lines(question, whole(layout, model.size), canvas),
        Overlay::Question(question) => super::question::question_box(question, model.size, canvas),
        Overlay::Views(views) => super::question::views_box(views, model, canvas),
        Overlay::Forecast(shown) => {
            forecast::draw(shown, model.size, canvas);
            None
        }
        Overlay::Scoring(scoring) => assess::scoring(scoring, model.size, canvas),
        Overlay::Asking(asking) => assess::asking(asking, model.size, canvas),
        Overlay::Explain { top } => {
            explain::draw(model, *top, canvas);
            None
        }
        Overlay::Statistics(board) => {
            let screen = whole(layout, model.size);
            super::board::draw(board, model, screen, canvas);
            // On the names of the pages, as the queue's is on its row.
            (screen.height > 1).then_some(Position { x: 1.min(screen.width.saturating_sub(1)), y: 1 })
        }
        Overlay::Drill => super::drill::draw(model, canvas),
        Overlay::Letter(letter) => {
            letter_box(letter, model.size, canvas);
            None
        }
        Overlay::Card { card, top } => {
            card_box(card, *top, model.size, canvas);
            None
        }
    }
}

/// A framed box with a title; what is inside.
pub(super) fn framed(
    title: &str,
    foot: &str,
    size: Size,
    width: u16,
    height: u16,
    canvas: &mut Canvas<'_>,
) -> Rect {
    let (outer, inner) = centred(size, width, height);
    canvas.clear(outer);
    let dim = canvas.look.rule();
    let bar = "─".repeat(usize::from(outer.width.saturating_sub(2)));
    let last = outer.height.saturating_sub(1);
    canvas.put(outer, 0, 0, &format!("┌{bar}┐"), dim);
    for y in 1..last {
        canvas.put(outer, 0, y, "│", dim);
        canvas.put(outer, outer.width.saturating_sub(1), y, "│", dim);
    }
    canvas.put(outer, 0, last, &format!("└{bar}┘"), dim);
    let fitted = text::fit(title, usize::from(outer.width).saturating_sub(6));
    canvas.put(outer, 2, 0, &format!(" {fitted} "), canvas.look.focused());
    let fitted = text::fit(foot, usize::from(outer.width).saturating_sub(6));
    canvas.put(outer, 2, last, &format!(" {fitted} "), dim);
    inner
}

/// An answer before it is kept: to whom, what stands outside, how it is protected.
fn letter_box(letter: &Letter, size: Size, canvas: &mut Canvas<'_>) {
    let plan = &letter.plan;
    let width = usize::from(WIDE.min(size.width)).saturating_sub(2).max(1);
    let is_clear = plan.protection == Protection::Clear;
    let mut lines: Vec<(Role, String)> = Vec::new();
    let mut fact = |role: Role, name: &str, value: String| {
        for (index, part) in wrap(&value, width.saturating_sub(9).max(1)).into_iter().enumerate() {
            lines.push((role, format!("{:<8} {part}", if index == 0 { name } else { "" })));
        }
    };
    fact(Role::Plain, "to", plan.to_words());
    fact(Role::Plain, "subject", text::line(&letter.draft.subject));
    if !is_clear {
        fact(Role::Faint, "outside", text::line(&plan.outer_subject()));
    }
    fact(if is_clear { Role::Bad } else { Role::Good }, "how", plan.how());
    if plan.encloses_key {
        fact(Role::Plain, "with", "our certificate".to_owned());
    }
    plan.notes.iter().for_each(|note| fact(Role::Warn, "note", note.clone()));
    lines.push((Role::Plain, String::new()));
    let body = text::block(&letter.draft.text);
    lines.extend(body.lines().flat_map(|line| wrap(line, width)).map(|line| (Role::Plain, line)));
    let height = (lines.len() as u16 + 2).min(size.height.saturating_sub(2).max(3));
    let title = format!("answer {}", text::line(&plan.id));
    let foot = if plan.asks_for_key { "y keep · Esc drop" } else { "y keep · e edit · Esc put aside" };
    let inner = framed(&title, foot, size, WIDE, height, canvas);
    for (y, (role, line)) in lines.iter().take(usize::from(inner.height)).enumerate() {
        canvas.put(inner, 0, y as u16, line, canvas.look.role(*role));
    }
}

fn card_lines(card: &Card, size: Size) -> Vec<String> {
    let width = usize::from(WIDE.min(size.width)).saturating_sub(2).max(1);
    let broken = |line: &String| {
        let mut lines = wrap(line, width).into_iter();
        let first = lines.next();
        // What does not fit goes on below its value.
        let rest = lines.flat_map(|line| wrap(&line, width.saturating_sub(4).max(1)));
        first.into_iter().chain(rest.map(|line| format!("    {line}"))).collect::<Vec<_>>()
    };
    card.lines.iter().flat_map(broken).collect()
}

/// The last line that a card can begin with on a screen of this size.
pub fn card_last_top(card: &Card, size: Size) -> usize {
    let lines = card_lines(card, size).len();
    let height = (lines as u16 + 2).min(size.height.saturating_sub(2).max(3));
    lines.saturating_sub(usize::from(height.saturating_sub(2)))
}

fn card_box(card: &Card, top: usize, size: Size, canvas: &mut Canvas<'_>) {
    let lines = card_lines(card, size);
    let height = (lines.len() as u16 + 2).min(size.height.saturating_sub(2).max(3));
    let foot = if card.is_ours { "x export · Esc" } else { "v verify · R retire · x export · Esc" };
    let inner = framed(&card.name, foot, size, WIDE, height, canvas);
    for (y, line) in lines.iter().skip(top).take(usize::from(inner.height)).enumerate() {
        canvas.put(inner, 0, y as u16, line, Style::new());
    }
}

fn picker_box(picker: &Picker, size: Size, canvas: &mut Canvas<'_>) -> Option<Position> {
    let widest =
        picker.items.iter().map(|item| item.text.width() + item.aside.width() + 8).max().unwrap_or(0);
    let width = (widest.max(picker.title.width() + 8).clamp(36, usize::from(WIDE))) as u16;
    // Sized for all lines, so that narrowing does not make the box jump.
    let extra = u16::from(picker.is_open);
    let height = (picker.items.len() as u16 + extra + 3).min(size.height.saturating_sub(2).max(3));
    let foot = if picker.is_open { "type a name · Enter · Esc" } else { "type to narrow · Enter · Esc" };
    let inner = framed(&picker.title, foot, size, width, height, canvas);
    let typed = Rect { height: inner.height.min(1), ..inner };
    canvas.put(typed, 0, 0, "> ", canvas.look.role(Role::Strong));
    let field = Rect { x: typed.x + 2.min(typed.width), width: typed.width.saturating_sub(2), ..typed };
    let cursor = input(&picker.input, field, canvas);
    let list = Rect { y: inner.y + typed.height, height: inner.height - typed.height, ..inner };
    list_lines(picker, list, canvas);
    cursor
}

fn list_lines(picker: &Picker, list: Rect, canvas: &mut Canvas<'_>) {
    let matching = picker.matching();
    let page = usize::from(list.height).max(1);
    let top = picker.chosen / page * page;
    for (index, item) in matching.iter().enumerate().skip(top).take(page) {
        let line = Rect { y: list.y + (index - top) as u16, height: 1, ..list };
        let is_chosen = index == picker.chosen;
        let style = match (is_chosen, item.refusal.is_some()) {
            (_, true) => canvas.look.role(Role::Faint),
            (true, false) => canvas.look.chosen(),
            (false, false) => Style::new(),
        };
        canvas.put(line, 0, 0, if is_chosen { ">" } else { " " }, Style::new());
        let beside = usize::from(line.width).saturating_sub(item.aside.width() + 4);
        // Where both do not fit, what is chosen is read before what stands beside it.
        if beside >= item.text.width().min(MIN_TEXT) {
            canvas.put(line, 2, 0, &text::fit(&item.text, beside), style);
            canvas.put_right(line, 0, &item.aside, canvas.look.role(Role::Faint));
        } else {
            let room = usize::from(line.width).saturating_sub(2);
            canvas.put(line, 2, 0, &text::fit(&item.text, room), style);
        }
    }
    if matching.is_empty() {
        let words = match picker.choice() {
            Some(item) => format!("Enter takes '{}'", item.text),
            None => "nothing matches".to_owned(),
        };
        canvas.put(list, 2, 0, &words, canvas.look.role(Role::Faint));
    }
}
