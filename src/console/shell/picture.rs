//! The first frame without a terminal.

use ratatui::buffer::Buffer;
use ratatui::layout::{Rect, Size};

use super::worker;
use crate::console::look::Look;
use crate::console::model::Model;
use crate::console::msg::{Effect, Msg};
use crate::console::view::view;
use crate::console::zone::Zone;
use crate::desk::Desk;

/// The first frame as plain text, with the first case in the panes: what
/// `ninety demo` prints where there is no terminal.
pub fn first_screen(desk: &mut Desk, width: u16, height: u16) -> String {
    let look = Look { colour: false, ..Look::from_environment() };
    let mut model = model(desk, Size { width, height });
    let head = desk.first_rows(usize::from(height)).unwrap_or_default();
    let mut effects = model.begin(head);
    while let Some(effect) = effects.pop() {
        let reply = match effect {
            Effect::ReadRows(keys) => Msg::Rows(desk.rows(&keys).unwrap_or_default()),
            Effect::Work(task) => match worker::answer(desk, task) {
                Some(reply) => Msg::Reply(reply),
                None => continue,
            },
            _ => continue,
        };
        effects.extend(model.update(reply));
    }
    let mut buffer = Buffer::empty(Rect::new(0, 0, width, height));
    view(&model, &look, &mut buffer);
    as_text(&buffer)
}

/// The cells as lines, without blanks at their ends.
pub fn as_text(buffer: &Buffer) -> String {
    use unicode_width::UnicodeWidthStr as _;
    let mut out = String::new();
    for row in buffer.content.chunks(usize::from(buffer.area.width).max(1)) {
        let mut line = String::new();
        let mut x = 0;
        while let Some(cell) = row.get(x) {
            line.push_str(cell.symbol());
            x += cell.symbol().width().max(1);
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

/// A console for whoever sits at `desk`.
pub(super) fn model(desk: &Desk, size: Size) -> Model {
    Model::new(&desk.team().name, desk.actor(), desk.now(), Zone::Local, size)
}
