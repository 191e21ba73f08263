//! The model drawn. Changes nothing: the same model and look give the same cells.
//!
//! Draws into a buffer and says where the cursor stands, instead of into
//! ratatui's `Frame`: the writer in `shell::painter` wants both whole buffers,
//! to erase blank tails and to rewrite short gaps.

mod assess;
mod band;
mod board;
mod case;
mod drill;
mod explain;
mod foot;
mod footer;
mod forecast;
mod help;
mod overlay;
mod question;
mod queue;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect, Size};
use ratatui::style::Style;
use unicode_width::UnicodeWidthStr as _;

use super::layout::{Layout, Pane};
use super::look::Look;
use super::model::Model;
use super::paper::Role;
use crate::text;
use crate::triage::mark::MARK;

pub use board::last_top as board_last_top;
pub use drill::{cue_lines, drill_last_top};
pub use explain::explain_last_top;
pub use forecast::forecast_last_top;
pub use help::help_last_top;
pub use overlay::card_last_top;
pub use question::question_last_top;

/// Draws `model` into `buffer`, which covers the whole screen, and says where
/// the terminal's cursor stands.
pub fn view(model: &Model, look: &Look, buffer: &mut Buffer) -> Option<Position> {
    let mut canvas = Canvas { buffer, look };
    let layout = model.layout();
    if let Some(area) = layout.header {
        header(model, area, &mut canvas);
    }
    let mut cursor = None;
    if let Some(area) = layout.queue {
        cursor = queue::draw(model, area, layout.inside(Pane::Queue), &mut canvas);
    }
    for pane in Pane::LOWER {
        if let Some(area) = layout.area(pane) {
            case::draw(model, pane, area, layout.inside(pane), &mut canvas);
        }
    }
    if model.focus != Pane::Queue {
        let inside = layout.inside(model.focus);
        cursor = (!inside.is_empty()).then_some(Position { x: inside.x, y: inside.y });
    }
    footer::draw(model, layout.footer, &mut canvas);
    cursor = overlay::draw(model, &layout, &mut canvas).or(cursor);
    band::draw(model, &mut canvas);
    mend_halves(buffer);
    look.plain(buffer);
    cursor.filter(|position| buffer.area.contains(*position))
}

fn header(model: &Model, area: Rect, canvas: &mut Canvas<'_>) {
    let day = model.zone.day(model.now);
    // In a drill the last row has the mark that its team's name begins with.
    let team = model.drill.as_ref().and_then(|_| model.team.strip_prefix(MARK)).unwrap_or(&model.team);
    let mut words =
        vec![format!(" {}", text::line(team.trim_start())), format!("as {}", text::line(&model.actor))];
    if let Some(shift) = model.on_call() {
        words.push(format!("on call {}", text::line(&shift.person)));
    }
    if let Some(counts) = model.counts {
        words.push(format!("{} unread", counts.unread));
        words.push(format!("{} overdue", counts.overdue));
    }
    let room = usize::from(area.width).saturating_sub(day.width() + 3);
    let shown = text::fit(&words.join(" · "), room);
    let team = words.first().map(|team| text::fit(team, room)).unwrap_or_default();
    canvas.put(area, 0, 0, &shown, Style::new());
    canvas.put(area, 0, 0, &team, canvas.look.role(Role::Strong));
    canvas.put_right(area, 0, &format!("{day} "), Style::new());
}

/// Blanks wide characters whose second half was drawn over, as by a box.
pub(super) fn mend_halves(buffer: &mut Buffer) {
    let width = usize::from(buffer.area.width).max(1);
    for row in buffer.content.chunks_mut(width) {
        for x in 0..row.len() {
            let is_wide = row.get(x).is_some_and(|cell| cell.symbol().width() > 1);
            let has_room = row.get(x + 1).is_some_and(|next| next.symbol() == " ");
            if is_wide
                && !has_room
                && let Some(cell) = row.get_mut(x)
            {
                cell.set_symbol(" ");
            }
        }
    }
}

/// A buffer that is drawn into by area, never outside.
struct Canvas<'a> {
    buffer: &'a mut Buffer,
    look: &'a Look,
}

impl Canvas<'_> {
    /// Safe text at column `x`, line `y` of `area`; what does not fit is left out.
    fn put(&mut self, area: Rect, x: u16, y: u16, text: &str, style: Style) -> u16 {
        let area = area.intersection(self.buffer.area);
        if x >= area.width || y >= area.height {
            return x;
        }
        let room = usize::from(area.width - x);
        // Over a rule or a row the new style stands alone.
        let style = Style::reset().patch(style);
        let (end, _) = self.buffer.set_stringn(area.x + x, area.y + y, text, room, style);
        end - area.x
    }

    /// Safe text that ends at the right edge of `area`, if there is room.
    fn put_right(&mut self, area: Rect, y: u16, text: &str, style: Style) {
        let width = text.width();
        if width <= usize::from(area.width) {
            self.put(area, area.width - width as u16, y, text, style);
        }
    }

    /// Blanks an area.
    fn clear(&mut self, area: Rect) {
        let area = area.intersection(self.buffer.area);
        for position in area.positions() {
            if let Some(cell) = self.buffer.cell_mut(position) {
                cell.reset();
            }
        }
    }

    /// A rule over the first line of `area` with a title at the left and words at the right.
    fn rule(&mut self, area: Rect, titles: &[(String, Style)], right: &str) {
        let line = "─".repeat(usize::from(area.width));
        let dim = self.look.rule();
        self.put(area, 0, 0, &line, dim);
        let room = Rect { width: area.width.saturating_sub(1), ..area };
        let mut x = 1;
        for (title, style) in titles {
            x = self.put(room, x, 0, title, *style) + 1;
        }
        let free = usize::from(room.width.saturating_sub(x + 1));
        if !right.is_empty() && right.width() <= free {
            self.put_right(room, 0, right, dim);
        }
    }
}

/// The title of a pane: `[Detail]` with the focus, ` Detail ` without.
fn title(model: &Model, pane: Pane, look: &Look) -> (String, Style) {
    if model.focus == pane {
        (format!("[{}]", pane.title()), look.focused())
    } else {
        (format!(" {} ", pane.title()), Style::new())
    }
}

/// A box in the middle of the screen: its outer and its inner area.
fn centred(size: Size, width: u16, height: u16) -> (Rect, Rect) {
    let width = width.min(size.width);
    let height = height.min(size.height);
    let outer = Rect::new((size.width - width) / 2, (size.height - height) / 2, width, height);
    let inner = Rect {
        x: outer.x + 2.min(width),
        y: outer.y + 1.min(height),
        width: width.saturating_sub(4),
        height: height.saturating_sub(2),
    };
    (outer, inner)
}

fn whole(layout: &Layout, size: Size) -> Rect {
    Rect::new(0, 0, size.width, layout.footer.bottom().min(size.height))
}
