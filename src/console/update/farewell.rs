//! Closing cases with an answer from a template: chosen, told, done.

use crate::console::grooming::{Answer, Awaited, Pick, Question};
use crate::console::model::{Answering, Model};
use crate::console::msg::{Effect, Task};
use crate::console::overlay::{Choice, Item, Overlay, Picker, Purpose, Yes};
use crate::console::paper::Role;
use crate::desk::answer::{Farewell, Leave};
use crate::text;
use crate::triage::{CaseKey, Resolution};

use super::groom::{open_lines, reasons, unseen_line};

/// The template that most closings begin with.
const USUAL: &str = "declined";

impl Model {
    pub(super) fn open_templates(&mut self, mut names: Vec<String>) -> Vec<Effect> {
        if self.overlay.is_some() {
            return Vec::new();
        }
        names.sort_by_key(|name| name != USUAL);
        let item = |name: String| Item {
            text: text::line(&name),
            aside: String::new(),
            refusal: None,
            choice: Choice::Groom(Pick::Template(name)),
        };
        let title = format!("answer {} with, then close", self.targets_in_words());
        let items = names.into_iter().map(item).collect();
        self.overlay = Some(Overlay::Picker(Picker::new(title, self.targets(), items)));
        Vec::new()
    }

    pub(super) fn open_farewell_ends(&mut self, template: String, targets: Vec<CaseKey>) -> Vec<Effect> {
        let title =
            format!("answer with '{}' and close {} as", text::line(&template), self.targets_in_words());
        let item = |resolution: Resolution| Item {
            text: resolution.to_string(),
            aside: String::new(),
            refusal: None,
            choice: Choice::Groom(Pick::Farewell(template.clone(), resolution)),
        };
        // Who is told that a case is closed is seldom told that it was fixed just now.
        let mut ends = Resolution::ALL;
        ends.rotate_left(1);
        let items = ends.into_iter().map(item).collect();
        self.overlay = Some(Overlay::Picker(Picker::new(title, targets, items)));
        Vec::new()
    }

    pub(super) fn plan_farewell(
        &mut self,
        template: String,
        resolution: Resolution,
        targets: &[CaseKey],
    ) -> Vec<Effect> {
        let seen = |key: &CaseKey| (*key, self.queue.rows.get(key).map(|row| row.version));
        let cases = targets.iter().map(seen).collect();
        self.await_farewell(Farewell { cases, resolution, template })
    }

    /// Has it planned; the question is open until it is.
    pub(super) fn await_farewell(&mut self, farewell: Farewell) -> Vec<Effect> {
        let (template, resolution) = (text::line(&farewell.template), farewell.resolution);
        let title = format!("answer with '{template}', close as {resolution}");
        let question = Question::awaiting(title, Awaited::Farewell(farewell.clone()));
        self.overlay = Some(Overlay::Question(Box::new(question)));
        vec![Effect::Work(Task::PlanFarewell(farewell))]
    }

    /// It can be told what would happen; or first the passphrase.
    pub(super) fn farewell_planned(&mut self, leave: Box<Leave>) -> Vec<Effect> {
        let cases = leave.farewell.cases.iter().map(|(case, _)| *case).collect();
        let unseen = self.unseen_of(&cases);
        let Some(Overlay::Question(question)) = &mut self.overlay else { return Vec::new() };
        if question.awaits != Awaited::Farewell(leave.farewell.clone()) {
            return Vec::new();
        }
        if leave.needs_passphrase {
            self.answering = Some(Answering::Leaving(leave.farewell));
            return self.open_prompt(Purpose::Passphrase, String::new());
        }
        question.awaits = Awaited::Nothing;
        question.lines = told(&leave, unseen);
        question.answers = answers(leave);
        Vec::new()
    }
}

fn told(leave: &Leave, unseen: usize) -> Vec<(Role, String)> {
    let (encrypted, clear, all) = (leave.encrypted.len(), leave.clear.len(), leave.farewell.cases.len());
    let mut lines = vec![(
        Role::Strong,
        format!("{encrypted} of {all} cases: answered signed and encrypted, then closed"),
    )];
    if clear > 0 {
        let words = "their reports came in the clear and no key is known: left out, unless you say that they are answered IN THE CLEAR";
        lines.push((Role::Bad, format!("{clear} of {all}: {words}")));
    }
    lines.extend(unseen_line(unseen));
    lines.extend(reasons(&leave.reasons(), "left out"));
    let outcome = crate::desk::Outcome { left_open: leave.left_open.clone(), ..Default::default() };
    lines.extend(open_lines(&outcome.open_items(), all));
    lines.push((Role::Faint, "undo opens the cases again; answers stay written".to_owned()));
    lines
}

fn answers(leave: Box<Leave>) -> Vec<Answer> {
    let (encrypted, clear) = (leave.encrypted.len(), leave.clear.len());
    let mut answers = Vec::new();
    if encrypted > 0 {
        let yes = Yes::Work(Task::SayFarewell(leave.clone(), false));
        answers.push(Answer::doing('y', format!("answer and close {encrypted}"), yes));
    }
    if clear > 0 {
        let words = if encrypted > 0 {
            format!("also {clear} IN THE CLEAR")
        } else {
            format!("answer {clear} IN THE CLEAR and close")
        };
        answers.push(Answer::doing('c', words, Yes::Work(Task::SayFarewell(leave, true))));
    }
    answers.push(Answer::no());
    answers
}
