//! The rows of a drill at the foot of the screen. The last one says in every
//! frame and over every overlay that this is one: nobody may take a scripted
//! incident for a real one, nor a real one for a script.

use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_width::UnicodeWidthStr as _;

use super::Canvas;
use crate::console::drill::{Drill, spell};
use crate::console::model::Model;
use crate::console::paper::{Role, wrap::wrap};
use crate::drill::{Bulletin, Hint};
use crate::text;
use crate::triage::mark::MARK;

pub(super) fn draw(model: &Model, canvas: &mut Canvas<'_>) {
    let Some(drill) = &model.drill else { return };
    let top = model.size.height;
    let area = Rect { y: top, height: model.screen.height.saturating_sub(top), ..canvas.buffer.area };
    canvas.clear(area);
    let Some(last) = area.height.checked_sub(1) else { return };
    if let Some(hint) = drill.bulletin.as_ref().and_then(|bulletin| bulletin.hint.as_ref()) {
        hint_rows(hint, Rect { height: last, ..area }, canvas);
    }
    let width = usize::from(area.width);
    let words = text::fit(&mark(model, drill, width), width);
    canvas.put(area, 0, last, &format!("{words:<width$}"), canvas.look.chosen());
}

/// What to do next, in as many rows as there are; the overlay has all of it.
fn hint_rows(hint: &Hint, area: Rect, canvas: &mut Canvas<'_>) {
    let room = usize::from(area.width).saturating_sub(2).max(1);
    let number = format!("{}/{}", hint.number, hint.of);
    let mut lines = wrap(&format!("{number}  {}", hint.text), room);
    let rows = usize::from(area.height);
    if lines.len() > rows && rows > 0 {
        let rest = lines.split_off(rows - 1).join(" ");
        lines.push(text::fit(&rest, room));
    }
    for (y, line) in lines.iter().take(rows).enumerate() {
        canvas.put(area, 1, y as u16, line, Style::new());
    }
    if rows > 0 && number.width() < room {
        canvas.put(area, 1, 0, &number, canvas.look.role(Role::Strong));
    }
}

/// The mark and the time, and of the rest what there is room for.
fn mark(model: &Model, drill: &Drill, width: usize) -> String {
    let time = model.zone.show(model.now);
    let begin = format!(" {MARK}  {}", time.format("%a %-d %b %H:%M"));
    if begin.width() > width {
        return format!(" {MARK} {}", time.format("%H:%M"));
    }
    let Some(bulletin) = &drill.bulletin else { return begin };
    let keys = if model.overlay.is_some() { String::new() } else { keys(drill) };
    let pace = format!("  a day in {}", spell(bulletin.day_takes));
    let pace = if bulletin.is_over { String::new() } else { pace };
    let (long, short) = standing(bulletin);
    let forms = [
        format!("{begin}{pace}{long}{keys}"),
        format!("{begin}{long}{keys}"),
        format!("{begin}{long}"),
        format!("{begin}{short}"),
        format!(" {MARK}  {}{short}", time.format("%-d %b %H:%M")),
    ];
    forms.into_iter().find(|form| form.width() <= width).unwrap_or(begin)
}

/// How it stands, in full and in short.
fn standing(bulletin: &Bulletin) -> (String, String) {
    match bulletin.score {
        Some((points, of)) if bulletin.is_over => {
            (format!("  OVER {points} of {of} points"), format!("  OVER {points}/{of}"))
        }
        _ => {
            let word = match (bulletin.is_over, bulletin.is_paused) {
                (true, _) => "OVER",
                (false, true) => "PAUSED",
                (false, false) => "running",
            };
            (format!("  {word}"), format!("  {word}"))
        }
    }
}

/// The keys that do something now: under an overlay they would go to it.
fn keys(drill: &Drill) -> String {
    let is_paused = drill.bulletin.as_ref().is_some_and(|bulletin| bulletin.is_paused);
    let pause = match (drill.no_pace(), is_paused) {
        (Some(_), _) => "",
        (None, false) => "  z pause",
        (None, true) => "  z go on",
    };
    let is_tour = drill.bulletin.as_ref().is_some_and(|bulletin| bulletin.is_tour && !bulletin.is_over);
    let step = if is_tour { "  . next step" } else { "" };
    format!("{step}{pause}  Ctrl-t drill")
}
