//! All I/O of the console, and its main loop: wait, drain, draw once.
//!
//! No input thread and no runtime: the loop sleeps in one `poll` over the
//! keyboard, the signals, the worker and the store's directory, without a
//! timeout while nothing is due, so an idle console costs nothing.

mod alarm;
mod clipboard;
mod editor;
mod effects;
mod input;
mod motion;
mod painter;
mod picture;
mod postroom;
mod signals;
mod terminal;
mod watch;
mod worker;

use std::io;
use std::os::fd::{AsFd, BorrowedFd};
use std::time::{Duration, Instant};

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::look::Look;
use super::model::Model;
use super::msg::{Effect, Msg, Reply};
use super::view::view;
use crate::desk::{self, Desk};
use crate::drill::Attend;

use alarm::Alarm;
use input::{Decoder, Input};
use painter::Painter;
use signals::Signals;
use watch::Watch;
use worker::Worker;

pub use editor::{edit, memory_directory};
#[cfg(test)]
pub(super) use picture::as_text;
pub use picture::{Rehearsal, first_screen};

#[cfg(test)]
pub(super) use painter::Painter as TestPainter;

/// How long keys rest before the panes follow the cursor: a held key sends
/// the queue's few bytes only.
const REST: Duration = Duration::from_millis(120);
/// How long an Escape waits for the rest of its sequence.
const ESCAPE: Duration = Duration::from_millis(30);
/// How long news of the store gather before they are looked at.
const NEWS: Duration = Duration::from_millis(300);

/// How long the words on a screen stay at least in a drill.
const DRILL_WORDS: Duration = Duration::from_millis(250);

/// Why the console cannot run.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Input or output is no terminal.
    #[error("the console needs a terminal; 'ninety list' and 'ninety show' work without one")]
    NoTerminal,
    /// The terminal failed.
    #[error("the terminal: {0}")]
    Terminal(#[from] io::Error),
    /// The store failed before the first frame.
    #[error(transparent)]
    Desk(#[from] desk::Error),
}

/// Opens the console on the terminal and returns when the person leaves.
///
/// # Errors
/// [`Error`]: no terminal, or the store cannot be read.
pub fn run(desk: Desk, look: Look) -> Result<(), Error> {
    run_with(desk, look, None)
}

/// As [`run`], on the store of a drill: `session` is asked how it stands, and
/// the last row of the screen says at all times that it is one.
///
/// # Errors
/// [`Error`]: no terminal, or the store cannot be read.
pub fn run_drill(desk: Desk, look: Look, session: Box<dyn Attend>) -> Result<(), Error> {
    run_with(desk, look, Some(session))
}

fn run_with(desk: Desk, look: Look, session: Option<Box<dyn Attend>>) -> Result<(), Error> {
    if !terminal::is_there() {
        return Err(Error::NoTerminal);
    }
    let signals = Signals::listen()?;
    let hook = terminal::guard_panics();
    let result = Shell::open(desk, look, session, signals).and_then(|mut shell| shell.live());
    terminal::leave();
    std::panic::set_hook(hook);
    result
}

/// The console while it runs.
struct Shell {
    model: Model,
    look: Look,
    /// For rows, which take microseconds; everything else goes to the workers.
    desk: Desk,
    worker: Worker,
    /// For mail: what decrypts, signs or reads foreign text.
    mail: Worker,
    signals: Signals,
    watch: Watch,
    decoder: Decoder,
    painter: Painter,
    alarm: Alarm,
    buffer: Buffer,
    out: Vec<u8>,
    is_done: bool,
    /// When the last key came, while the panes are behind.
    last_key: Instant,
    /// When to look for news of the store.
    look_at: Option<Instant>,
    _guard: terminal::Guard,
}

impl Shell {
    fn open(
        desk: Desk,
        look: Look,
        session: Option<Box<dyn Attend>>,
        signals: Signals,
    ) -> Result<Self, Error> {
        let size = terminal::size();
        let mut model = picture::model(&desk, size, session.is_some());
        let head = desk.first_rows(usize::from(size.height))?;
        let effects = model.begin(head);
        let watch = Watch::on(desk.watch_dir());
        terminal::enter()?;
        let guard = terminal::Guard;
        // The first frame needs neither the worker nor the whole order.
        let mut painter = Painter::new(look.sync);
        let (mut buffer, mut out) = (Buffer::empty(Rect::ZERO), Vec::with_capacity(16 * 1024));
        draw(&model, &look, &mut painter, &mut buffer, &mut out)?;
        let worker = Worker::start(desk.second()?, session)?;
        let mail = Worker::start(desk.second()?, None)?;
        let mut shell = Self {
            model,
            look,
            desk,
            worker,
            mail,
            signals,
            watch,
            decoder: Decoder::default(),
            painter,
            alarm: Alarm::from_environment(),
            buffer,
            out,
            is_done: false,
            last_key: Instant::now(),
            look_at: None,
            _guard: guard,
        };
        shell.perform_all(effects)?;
        Ok(shell)
    }

    fn live(&mut self) -> Result<(), Error> {
        while !self.is_done {
            draw(&self.model, &self.look, &mut self.painter, &mut self.buffer, &mut self.out)?;
            self.alarm.tell(self.model.counts)?;
            let ready = self.wait()?;
            self.hear(ready)?;
        }
        terminal::leave();
        self.worker.finish();
        self.mail.finish();
        Ok(())
    }

    /// Sleeps until there is something to do.
    fn wait(&self) -> Result<Ready, Error> {
        let timeout = self.timeout();
        let (signals, worker, mail) = (self.signals.wake(), self.worker.wake(), self.mail.wake());
        let mut fds: Vec<PollFd<'_>> = [terminal::keyboard(), signals.as_fd(), worker.as_fd(), mail.as_fd()]
            .into_iter()
            .chain(self.watch.wake())
            .map(readable)
            .collect();
        let spec = timeout.map(|time| Timespec {
            tv_sec: time.as_secs() as i64,
            tv_nsec: i64::from(time.subsec_nanos()) as _,
        });
        match poll(&mut fds, spec.as_ref()) {
            // A signal: its pipe says which.
            Err(rustix::io::Errno::INTR) => return Ok(Ready::default()),
            other => other.map_err(io::Error::from)?,
        };
        let is_ready = |index: usize| fds.get(index).is_some_and(|fd| !fd.revents().is_empty());
        let is_gone = fds
            .first()
            .is_some_and(|fd| fd.revents().intersects(PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL));
        Ok(Ready { keys: is_ready(0), is_gone, news: is_ready(4) })
    }

    /// How long to sleep at most; `None` is until something happens.
    fn timeout(&self) -> Option<Duration> {
        let since_key = self.last_key.elapsed();
        let escape = self.decoder.is_waiting().then(|| ESCAPE.saturating_sub(since_key));
        let rest = self.wants_rest().then(|| REST.saturating_sub(since_key));
        let news = self.look_at.map(|at| at.saturating_duration_since(Instant::now()));
        let words = words_in(self.desk.real_until(self.model.changes_at()), self.desk.is_drill());
        [escape, rest, news, words, self.watch.pace()].into_iter().flatten().min()
    }

    fn wants_rest(&self) -> bool {
        self.model.overlay.is_none() && self.model.is_behind()
    }

    /// Takes in all that happened, before anything is drawn.
    fn hear(&mut self, ready: Ready) -> Result<(), Error> {
        self.signals.drain();
        self.take(Msg::Clock(self.desk.now()))?;
        if self.signals.ended() || ready.is_gone {
            self.is_done = true;
            return Ok(());
        }
        if self.signals.stopped() {
            self.perform(Effect::Suspend)?;
        }
        if self.signals.resized() {
            let size = terminal::size();
            self.take(Msg::Resized(size.width, size.height))?;
        }
        if ready.keys {
            self.read_keys()?;
        } else if self.decoder.is_waiting() && self.last_key.elapsed() >= ESCAPE {
            let inputs = self.decoder.give_up();
            self.take_inputs(inputs)?;
        }
        for reply in self.worker.replies().into_iter().chain(self.mail.replies()) {
            self.hear_reply(reply)?;
        }
        self.hear_news(ready.news)?;
        if self.wants_rest() && self.last_key.elapsed() >= REST {
            self.take(Msg::Rested)?;
        }
        Ok(())
    }

    fn hear_reply(&mut self, reply: Reply) -> Result<(), Error> {
        let is_of_drill = matches!(reply, Reply::Drilled(_));
        self.take(Msg::Reply(reply))?;
        // It may have set the clock, which then stands still.
        if is_of_drill { self.take(Msg::Clock(self.desk.now())) } else { Ok(()) }
    }

    /// The keyboard is drained before anything is drawn.
    fn read_keys(&mut self) -> Result<(), Error> {
        let mut bytes = [0; 4096];
        loop {
            let count = match rustix::io::read(terminal::keyboard(), &mut bytes) {
                Ok(count) => count,
                Err(rustix::io::Errno::INTR | rustix::io::Errno::AGAIN) => return Ok(()),
                Err(_) => 0,
            };
            self.last_key = Instant::now();
            if count == 0 {
                // The terminal is gone.
                self.is_done = true;
                return Ok(());
            }
            let inputs = self.decoder.feed(bytes.get(..count).unwrap_or_default());
            self.take_inputs(inputs)?;
            if self.is_done || !has_more() {
                return Ok(());
            }
        }
    }

    fn take_inputs(&mut self, inputs: Vec<Input>) -> Result<(), Error> {
        for input in inputs {
            self.take(match input {
                Input::Key(key) => Msg::Key(key),
                Input::Paste(text) => Msg::Pasted(text),
            })?;
        }
        Ok(())
    }

    /// News gather for a moment: an import in another process writes all the time.
    fn hear_news(&mut self, touched: bool) -> Result<(), Error> {
        if touched && let Some(fd) = self.watch.wake() {
            drain(fd);
        }
        if (touched || self.watch.pace().is_some()) && self.look_at.is_none() {
            self.look_at = Some(Instant::now() + self.watch.pace().unwrap_or(NEWS));
        }
        if self.look_at.is_some_and(|at| at <= Instant::now()) {
            self.look_at = None;
            self.take(Msg::StoreTouched)?;
        }
        Ok(())
    }

    fn take(&mut self, msg: Msg) -> Result<(), Error> {
        let effects = self.model.update(msg);
        self.perform_all(effects)
    }
}

/// How long until words on the screen change, given how long until the first of
/// them does. The clock of a drill may run so fast that they always do.
fn words_in(left: Option<Duration>, is_drill: bool) -> Option<Duration> {
    let least = if is_drill { DRILL_WORDS } else { Duration::ZERO };
    // A day is enough: the date changes by then anyway.
    Some((left?.min(Duration::from_secs(86_400)) + Duration::from_millis(5)).max(least))
}

/// What woke the loop.
#[derive(Debug, Default)]
struct Ready {
    keys: bool,
    is_gone: bool,
    news: bool,
}

/// Draws the model, and sends what changed since the last frame in one write.
fn draw(
    model: &Model,
    look: &Look,
    painter: &mut Painter,
    buffer: &mut Buffer,
    out: &mut Vec<u8>,
) -> Result<(), Error> {
    compose(model, look, painter, buffer, out);
    Ok(terminal::send(out)?)
}

/// Puts into `out` what the terminal has to be sent to show the model.
fn compose(model: &Model, look: &Look, painter: &mut Painter, buffer: &mut Buffer, out: &mut Vec<u8>) {
    buffer.resize(Rect::new(0, 0, model.screen.width, model.screen.height));
    buffer.reset();
    let cursor = view(model, look, buffer);
    out.clear();
    painter.paint(buffer, cursor, out);
}

fn readable(fd: BorrowedFd<'_>) -> PollFd<'_> {
    PollFd::from_borrowed_fd(fd, PollFlags::IN)
}

/// Whether the keyboard has more to read now.
fn has_more() -> bool {
    let mut fds = [readable(terminal::keyboard())];
    let now = Timespec { tv_sec: 0, tv_nsec: 0 };
    poll(&mut fds, Some(&now)).is_ok_and(|count| count > 0)
}

/// Empties a pipe that does not block.
fn drain(fd: impl AsFd) {
    let mut bytes = [0; 4096];
    while rustix::io::read(&fd, &mut bytes).is_ok_and(|count| count == bytes.len()) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fast_clock_does_not_redraw_all_the_time() {
        let (soon, later) = (Duration::from_millis(2), Duration::from_secs(3));
        assert_eq!(words_in(Some(soon), true), Some(DRILL_WORDS));
        assert_eq!(words_in(Some(later), true), Some(later + Duration::from_millis(5)));
        assert_eq!(words_in(Some(soon), false), Some(Duration::from_millis(7)));
        assert_eq!(words_in(Some(Duration::MAX), false), Some(Duration::from_millis(86_400_005)));
        assert_eq!(words_in(None, true), None);
    }
}
