//! Merging the marked cases, and taking apart what does not belong together.

use crate::console::layout::Pane;
use crate::console::model::Model;
use crate::console::msg::{Effect, Task};
use crate::console::overlay::{Overlay, Yes};
use crate::console::paper::Line;
use crate::text;

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
        let Some(case) = self.reading.dossier.as_ref().map(|dossier| &dossier.case) else {
            return Vec::new();
        };
        let (key, id) = (case.key, text::line(&case.id));
        if let Some(into) = &case.merged_into {
            let question = format!("take {id} out of {} again?", text::line(&into.id));
            return self.ask_before(question, Task::Split(key, Vec::new()));
        }
        let Some((message, from)) = self.message_on_screen() else {
            return self.complain("split: no message is on the screen; ] goes to the next one");
        };
        let question = format!("take the mail of {from} out of {id}, into a case of its own?");
        self.ask_before(question, Task::Split(key, vec![message]))
    }

    fn ask_before(&mut self, question: String, task: Task) -> Vec<Effect> {
        self.show(Overlay::Confirm { question, yes: Yes::Work(task) })
    }

    /// The message at the top of the detail pane, or the first below it: its
    /// number, and from whom. Safe text.
    fn message_on_screen(&self) -> Option<(i64, String)> {
        let dossier = self.reading.dossier.as_ref()?;
        let sheet = &self.reading.detail;
        let top = sheet.top.min(sheet.last_top(self.height(Pane::Detail)));
        let above = sheet.lines.iter().take(top + 1).filter(|line| Line::is_heading(line)).count();
        let message = dossier.messages.get(above.saturating_sub(1))?;
        Some((message.id, text::line(message.content.from.short())))
    }
}
