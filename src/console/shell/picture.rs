//! The console without a terminal: for a picture of the first frame, and for
//! benchmarks that count and time what a terminal would be sent.

use ratatui::buffer::Buffer;
use ratatui::layout::{Rect, Size};

use super::painter::Painter;
use super::worker;
use crate::console::key::Key;
use crate::console::look::Look;
use crate::console::model::Model;
use crate::console::msg::{Effect, Msg};
use crate::console::zone::Zone;
use crate::desk::{self, Desk};

/// The first frame as plain text, with the first case in the panes: what
/// `ninety demo` prints where there is no terminal.
///
/// # Errors
/// When the store cannot be read.
pub fn first_screen(desk: Desk, width: u16, height: u16) -> desk::Result<String> {
    let look = Look { colour: false, ..Look::from_environment() };
    let (mut rehearsal, _) = Rehearsal::open(desk, look, width, height)?;
    rehearsal.settle();
    Ok(as_text(&rehearsal.buffer))
}

/// A console whose terminal is a count of bytes.
pub struct Rehearsal {
    desk: Desk,
    look: Look,
    model: Model,
    painter: Painter,
    buffer: Buffer,
    out: Vec<u8>,
    waiting: Vec<Effect>,
}

impl Rehearsal {
    /// Draws the first frame, as the console does before it has read anything
    /// but one page; with the bytes that a terminal would have been sent.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn open(desk: Desk, look: Look, width: u16, height: u16) -> desk::Result<(Self, usize)> {
        let mut model = model(&desk, Size { width, height });
        let waiting = model.begin(desk.first_rows(usize::from(height))?);
        let painter = Painter::new(look.sync);
        let (buffer, out) = (Buffer::empty(Rect::ZERO), Vec::new());
        let mut rehearsal = Self { desk, look, model, painter, buffer, out, waiting };
        let bytes = rehearsal.draw();
        Ok((rehearsal, bytes))
    }

    /// Does all that the workers would do, until nothing is left to do, and
    /// draws; the bytes that a terminal would have been sent.
    pub fn settle(&mut self) -> usize {
        while let Some(effect) = self.waiting.pop() {
            let reply = match effect {
                Effect::ReadRows(keys) => Msg::Rows(self.desk.rows(&keys).unwrap_or_default()),
                Effect::Work(task) => match worker::answer(&mut self.desk, task) {
                    Some(reply) => Msg::Reply(reply),
                    None => continue,
                },
                _ => continue,
            };
            self.waiting.extend(self.model.update(reply));
        }
        self.draw()
    }

    /// Types one character and draws; the bytes that a terminal would have been sent.
    pub fn press(&mut self, character: char) -> usize {
        let effects = self.model.update(Msg::Key(Key::char(character)));
        self.waiting.extend(effects);
        self.draw()
    }

    fn draw(&mut self) -> usize {
        super::compose(&self.model, &self.look, &mut self.painter, &mut self.buffer, &mut self.out);
        self.out.len()
    }
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
    let model = Model::new(&desk.team().name, desk.actor(), desk.now(), Zone::Local, size);
    Model { rules: desk.rules(), ..model }
}
