//! Undo and redo. What was decided today and in this console is taken back by
//! one key; about anything older a person is asked.

use crate::console::model::Model;
use crate::console::msg::{Effect, Task};
use crate::console::overlay::{Overlay, Yes};
use crate::desk::{Earlier, Outcome};

impl Model {
    /// Takes back the last decision.
    pub(super) fn undo(&mut self) -> Vec<Effect> {
        let since = self.zone.midnight(self.now).max(self.began_at);
        self.unsaved += 1;
        vec![Effect::Work(Task::Undo(since))]
    }

    /// Makes it again.
    pub(super) fn redo(&mut self) -> Vec<Effect> {
        self.unsaved += 1;
        vec![Effect::Work(Task::Redo)]
    }

    /// The last decision is old: asked about, where nothing else is being asked or typed.
    pub(super) fn ask_undo(&mut self, earlier: &Earlier) -> Vec<Effect> {
        self.unsaved = self.unsaved.saturating_sub(1);
        let when = self.zone.moment(earlier.at, self.now);
        if self.overlay.is_some() {
            return self.complain(format!("undo: your last change is of {when}; u asks about it"));
        }
        let question = format!("undo your change of {when} on {}?", earlier.words);
        self.show(Overlay::Confirm { question, yes: Yes::Work(Task::UndoBatch(earlier.batch)) })
    }

    /// A decision was taken back: what it had sent away from the queue, and so
    /// out of the marks, is marked as before.
    pub(super) fn undone(&mut self, outcome: &Outcome) -> Vec<Effect> {
        let let_go = std::mem::take(&mut self.queue.let_go);
        self.queue.marked.extend(let_go.into_iter().filter(|key| outcome.changed.contains(key)));
        self.decided(outcome)
    }
}
