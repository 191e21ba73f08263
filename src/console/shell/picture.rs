//! The console without a terminal: for a picture of the first frame, for
//! drills that a script plays, and for benchmarks that count and time what a
//! terminal would be sent.

use std::collections::VecDeque;

use chrono::{DateTime, Utc};

use ratatui::buffer::Buffer;
use ratatui::layout::{Rect, Size};

use super::painter::Painter;
use super::worker;
use crate::console::key::Key;
use crate::console::look::Look;
use crate::console::model::Model;
use crate::console::msg::{Effect, Msg, Reply, Task};
use crate::console::zone::Zone;
use crate::desk::{self, Desk};
use crate::drill::Attend;

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

/// A console whose terminal is a count of bytes. It writes into its store and
/// nowhere else: files that a person would name are not written.
pub struct Rehearsal {
    desk: Desk,
    session: Option<Box<dyn Attend>>,
    look: Look,
    model: Model,
    painter: Painter,
    buffer: Buffer,
    out: Vec<u8>,
    /// What is to be done, in the order in which it was asked for.
    waiting: VecDeque<Effect>,
    /// What lies in the editor: the name of its file, and the text to begin with.
    in_editor: Option<(&'static str, String)>,
    has_quit: bool,
}

impl Rehearsal {
    /// Draws the first frame, as the console does before it has read anything
    /// but one page; with the bytes that a terminal would have been sent.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn open(desk: Desk, look: Look, width: u16, height: u16) -> desk::Result<(Self, usize)> {
        Self::start(desk, None, look, width, height)
    }

    /// A console that takes part in a drill, with all that it does at first done.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn attend(
        desk: Desk,
        session: Box<dyn Attend>,
        look: Look,
        width: u16,
        height: u16,
    ) -> desk::Result<Self> {
        let (mut rehearsal, _) = Self::start(desk, Some(session), look, width, height)?;
        rehearsal.rest();
        Ok(rehearsal)
    }

    fn start(
        desk: Desk,
        session: Option<Box<dyn Attend>>,
        look: Look,
        width: u16,
        height: u16,
    ) -> desk::Result<(Self, usize)> {
        let mut model = model(&desk, Size { width, height }, session.is_some());
        let waiting = model.begin(desk.first_rows(usize::from(height))?).into();
        let painter = Painter::new(look.sync);
        let (buffer, out) = (Buffer::empty(Rect::ZERO), Vec::new());
        let (in_editor, has_quit) = (None, false);
        let mut rehearsal =
            Self { desk, session, look, model, painter, buffer, out, waiting, in_editor, has_quit };
        let bytes = rehearsal.draw();
        Ok((rehearsal, bytes))
    }

    /// Does all that the workers would do, until nothing is left to do, and
    /// draws; the bytes that a terminal would have been sent.
    pub fn settle(&mut self) -> usize {
        while let Some(effect) = self.waiting.pop_front() {
            match effect {
                Effect::ReadRows(keys) => {
                    let rows = self.desk.rows(&keys).unwrap_or_default();
                    self.take(Msg::Rows(rows));
                }
                Effect::Work(task) => self.work(task),
                Effect::Edit(name, text) => self.in_editor = Some((name, text)),
                Effect::Copy { what, .. } => self.take(Msg::Copied(Ok(what))),
                Effect::Quit => self.has_quit = true,
                Effect::Ring | Effect::Suspend | Effect::Repaint => {}
            }
        }
        self.draw()
    }

    fn take(&mut self, msg: Msg) {
        self.waiting.extend(self.model.update(msg));
    }

    fn work(&mut self, task: Task) {
        let writes_a_file = matches!(task, Task::Save { .. } | Task::WriteFile { .. } | Task::ExportKey(..));
        let reply = if writes_a_file {
            Some(Reply::Done("not written: this is a rehearsal".to_owned()))
        } else {
            worker::answer(&mut self.desk, &mut self.session, task)
        };
        let is_of_drill = matches!(reply, Some(Reply::Drilled(_)));
        if let Some(reply) = reply {
            self.take(Msg::Reply(reply));
        }
        // It may have set the clock.
        if is_of_drill && self.desk.now() > self.model.now {
            self.take(Msg::Clock(self.desk.now()));
        }
    }

    /// Settles, and lets the keys rest, so that the panes follow the cursor.
    fn rest(&mut self) {
        self.settle();
        if self.model.overlay.is_none() && self.model.is_behind() {
            self.take(Msg::Rested);
            self.settle();
        }
    }

    /// Presses a key, and does all that follows from it.
    pub fn key(&mut self, key: Key) {
        self.take(Msg::Key(key));
        self.rest();
    }

    /// Types text, key by key.
    pub fn type_in(&mut self, text: &str) {
        text.chars().for_each(|character| self.key(Key::char(character)));
    }

    /// Pastes text.
    pub fn paste(&mut self, text: &str) {
        self.take(Msg::Pasted(text.to_owned()));
        self.rest();
    }

    /// It is now this late.
    pub fn clock(&mut self, now: DateTime<Utc>) {
        self.take(Msg::Clock(now));
        self.rest();
    }

    /// Another process wrote into the store, maybe.
    pub fn touched(&mut self) {
        self.take(Msg::StoreTouched);
        self.rest();
    }

    /// What waits in the editor: the name of its file, and the text to begin with.
    pub fn pending_edit(&self) -> Option<(&str, &str)> {
        self.in_editor.as_ref().map(|(name, text)| (*name, text.as_str()))
    }

    /// The editor closes with this text, or did not start; nothing where none is open.
    pub fn edited(&mut self, result: Result<String, String>) {
        if self.in_editor.take().is_some() {
            self.take(Msg::Edited(result));
            self.rest();
        }
    }

    /// What the last line says happened, and whether that is a complaint.
    pub fn notice(&self) -> Option<(String, bool)> {
        self.model.notice.as_ref().map(|notice| (notice.text.clone(), notice.is_complaint))
    }

    /// The screen as text, a line a row.
    pub fn screen(&self) -> String {
        as_text(&self.buffer)
    }

    /// Whether the person left.
    pub fn has_quit(&self) -> bool {
        self.has_quit
    }

    /// Types one character and draws; the bytes that a terminal would have been sent.
    pub fn press(&mut self, character: char) -> usize {
        self.take(Msg::Key(Key::char(character)));
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

/// A console for whoever sits at `desk`, maybe taking part in a drill.
pub(super) fn model(desk: &Desk, size: Size, is_drill: bool) -> Model {
    let model = Model::new(&desk.team().name, desk.actor(), desk.now(), Zone::Local, size);
    let model = Model { rules: desk.rules(), ..model };
    if is_drill { model.in_drill() } else { model }
}
