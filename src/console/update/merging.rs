//! Merging the marked cases, and taking apart what does not belong together.

use crate::console::layout::Pane;
use crate::console::model::Model;
use crate::console::msg::{Effect, Task};
use crate::console::overlay::{Overlay, Yes};
use crate::console::paper::Line;
use crate::text;
use crate::triage::message::Direction;

impl Model {
    /// Asks the desk what a merge would do; its answer becomes the question.
    pub(super) fn ask_merge(&mut self) -> Vec<Effect> {
        let targets = self.targets();
        if targets.len() < 2 {
            return self.complain("merge: mark two cases at least with x; they go into the oldest of them");
        }
        vec![Effect::Work(Task::PlanMerge(targets))]
    }

    /// A duplicate as a whole, or the message on screen.
    pub(super) fn ask_split(&mut self) -> Vec<Effect> {
        let Some(dossier) = self.reading.dossier.as_ref() else { return Vec::new() };
        let case = &dossier.case;
        let (key, id) = (case.key, text::line(&case.id));
        if let Some(into) = &case.merged_into {
            let question = format!("take {id} out of {} again?", text::line(&into.id));
            return self.ask_before(question, Task::Split(key, Vec::new()));
        }
        let mut reports = dossier.messages.iter().filter(|message| message.direction == Direction::In);
        let opened_by = reports.next().map(|message| message.id);
        if reports.next().is_none() {
            return self
                .complain(format!("split: {id} has one mail; B takes a later one, or a duplicate, out"));
        }
        if self.focus == Pane::Queue {
            return self.complain(format!("split: Enter opens {id}, ] goes to the mail to take out, then B"));
        }
        let Some((message, from)) = self.message_on_screen() else {
            return self.complain("split: no message is on the screen; ] goes to the next one");
        };
        if Some(message) == opened_by {
            return self.complain(format!("split: this mail opened {id} and stays; ] goes to the next one"));
        }
        let question = format!("take the mail of {from} out of {id}, into a case of its own?");
        self.ask_before(question, Task::Split(key, vec![message]))
    }

    fn ask_before(&mut self, question: String, task: Task) -> Vec<Effect> {
        self.show(Overlay::Confirm { question, yes: Yes::Work(task) })
    }

    /// The message at the top of the detail pane, or the first below it; the last
    /// one where the pane cannot be scrolled further: its number, and from whom. Safe text.
    fn message_on_screen(&self) -> Option<(i64, String)> {
        let dossier = self.reading.dossier.as_ref()?;
        let sheet = &self.reading.detail;
        let last_top = sheet.last_top(self.height(Pane::Detail));
        let seen = if sheet.top >= last_top { sheet.lines.len() } else { sheet.top + 1 };
        let above = sheet.lines.iter().take(seen).filter(|line| Line::is_heading(line)).count();
        let message = dossier.messages.get(above.saturating_sub(1))?;
        Some((message.id, text::line(message.content.from.short())))
    }
}
