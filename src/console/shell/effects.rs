//! What the model asks for, done.

use super::painter::Painter;
use super::worker::Worker;
use super::{Error, Shell, clipboard, editor, signals, terminal};
use crate::console::msg::{Effect, Msg, Reply, Task};
use crate::desk::Pace;

impl Shell {
    pub(super) fn perform_all(&mut self, effects: Vec<Effect>) -> Result<(), Error> {
        effects.into_iter().try_for_each(|effect| self.perform(effect))
    }

    /// Does one thing, and takes in what comes of it.
    pub(super) fn perform(&mut self, effect: Effect) -> Result<(), Error> {
        match effect {
            Effect::ReadRows(keys) => {
                let msg = match self.desk.rows(&keys) {
                    Ok(rows) => Msg::Rows(rows),
                    Err(error) => Msg::Reply(Reply::Failed {
                        label: "reading the queue",
                        why: crate::text::line(&error.to_string()),
                        writes: false,
                    }),
                };
                self.take(msg)
            }
            Effect::Work(task) => match self.worker_for(&task).ask(task) {
                Some(reply) => self.take(Msg::Reply(reply)),
                None => Ok(()),
            },
            Effect::Copy { text, what } => {
                let result = clipboard::sequence(&text);
                if let Ok(sequence) = &result {
                    terminal::send(sequence.as_bytes())?;
                }
                self.take(Msg::Copied(result.map(|_| what)))
            }
            Effect::Edit(name, text) => {
                terminal::leave();
                let held = self.hold_clock();
                let result = self.signals.lend(|| editor::edit(name, &text));
                if let Some(pace) = held {
                    pace.resume()?;
                }
                self.come_back()?;
                self.take(Msg::Edited(result))
            }
            Effect::Ring => Ok(self.alarm.ring()?),
            Effect::Suspend => {
                terminal::leave();
                signals::stop()?;
                self.come_back()
            }
            Effect::Repaint => {
                self.painter.forget();
                Ok(())
            }
            Effect::Quit => {
                self.is_done = true;
                Ok(())
            }
        }
    }

    /// Stops the clock of a drill that one person plays, while they write: what
    /// takes a minute of theirs is not to take hours of the drill.
    fn hold_clock(&self) -> Option<Pace> {
        let pace = self.desk.pace().filter(|_| self.model.holds_clock())?;
        pace.pause().ok()?;
        Some(pace.clone())
    }

    /// Whatever reads mail, decrypts or signs does not hold up the queue.
    fn worker_for(&self, task: &Task) -> &Worker {
        if task.is_for_mail() { &self.mail } else { &self.worker }
    }

    /// Takes the terminal again after somebody else had it.
    fn come_back(&mut self) -> Result<(), Error> {
        terminal::enter()?;
        self.painter = Painter::new(self.look.sync);
        self.alarm.forget();
        let size = terminal::size();
        self.take(Msg::Resized(size.width, size.height))
    }
}
