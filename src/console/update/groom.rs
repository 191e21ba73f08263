//! Grooming the queue: views, ranges of marks, and questions about many cases
//! that tell what would happen before it does.

use std::collections::BTreeSet;

use crate::console::grooming::{Answer, Awaited, Question, Views};
use crate::console::key::{Code, Key};
use crate::console::model::Model;
use crate::console::msg::{Effect, Task};
use crate::console::overlay::{Overlay, Yes};
use crate::console::paper::Role;
use crate::desk::{Order, Outcome, describe};
use crate::drill::Control;
use crate::text;
use crate::triage::closing::Open;
use crate::triage::{CaseKey, Decision, Resolution, State};

/// Identifiers that a reason names at most.
const MAX_NAMED: usize = 3;
/// Reasons that a question names at most.
const MAX_REASONS: usize = 8;
/// Fields of which a question tells from what to what.
const MAX_FIELDS: usize = 4;
/// Changes of a field that are named; columns that each takes at most.
const MAX_STEPS: usize = 4;
const MAX_STEP: usize = 44;

impl Model {
    /// The saved views over the panes; their counts follow.
    pub(super) fn open_views(&mut self) -> Vec<Effect> {
        let queries = self.rules.views.iter().map(|view| view.read(&self.actor).unwrap_or_default());
        let tally = Effect::Work(Task::Tally(queries.collect()));
        self.overlay = Some(Overlay::Views(Views { counts: Vec::new(), chosen: 0 }));
        vec![tally]
    }

    pub(super) fn tallied(&mut self, counts: Vec<usize>) -> Vec<Effect> {
        if let Some(Overlay::Views(views)) = &mut self.overlay {
            views.counts = counts;
        }
        Vec::new()
    }

    pub(super) fn pressed_in_views(&mut self, key: Key) -> Vec<Effect> {
        let count = self.rules.views.len().max(1);
        let Some(Overlay::Views(views)) = &mut self.overlay else { return Vec::new() };
        let named = |letter| self.rules.views.iter().position(|view| view.key == Some(letter));
        let chosen = match key.code {
            Code::Char(letter) if !key.ctrl => named(letter),
            Code::Enter => Some(views.chosen),
            Code::Down | Code::Tab => {
                views.chosen = (views.chosen + 1) % count;
                return Vec::new();
            }
            Code::Up | Code::BackTab => {
                views.chosen = (views.chosen + count - 1) % count;
                return Vec::new();
            }
            _ => return Vec::new(),
        };
        let Some(view) = chosen.and_then(|at| self.rules.views.get(at)) else {
            return self.complain(format!("no view has the key {key}; Up, Down and Enter choose one too"));
        };
        let query = view.query.clone();
        self.overlay = None;
        self.queue.seek = self.current();
        self.ask(&query)
    }

    /// The view whose cases the queue shows.
    pub fn view_shown(&self) -> Option<&str> {
        let shown = self.rules.views.iter().find(|view| view.query == self.queue.text);
        shown.map(|view| view.name.as_str())
    }

    /// Marks what is shown and was not, and the other way round.
    pub(super) fn invert_marks(&mut self) -> Vec<Effect> {
        if !self.queue.complete {
            return self.complain("invert: the queue is still being read");
        }
        for key in &self.queue.keys {
            if !self.queue.marked.remove(key) {
                self.queue.marked.insert(*key);
            }
        }
        self.say_marked()
    }

    /// Marks everything from the case that was marked last to the cursor.
    pub(super) fn mark_range(&mut self) -> Vec<Effect> {
        let anchor = self.queue.anchor.filter(|anchor| self.queue.marked.contains(anchor));
        let from = anchor.and_then(|anchor| self.queue.keys.iter().position(|key| *key == anchor));
        let Some(from) = from else {
            return self.complain("range: mark its first case with x, then go to its last one");
        };
        let (first, last) = (from.min(self.queue.cursor), from.max(self.queue.cursor));
        self.queue.marked.extend(self.queue.keys.get(first..=last).unwrap_or_default());
        self.queue.anchor = self.current();
        self.say_marked()
    }

    fn say_marked(&mut self) -> Vec<Effect> {
        match self.queue.marked.len() {
            0 => self.say("nothing is marked"),
            count => self.say(format!("marked {count}; decisions go to all of them; Esc drops the marks")),
        }
    }

    /// One case is decided at once, for undo is one key away; many are asked about.
    pub(super) fn decide_all(&mut self, orders: Vec<Order>) -> Vec<Effect> {
        if cases_of(&orders).len() < 2 { self.decide(orders) } else { self.ask_about(orders) }
    }

    /// Asks once about all orders, and tells first what they would do.
    pub(super) fn ask_about(&mut self, orders: Vec<Order>) -> Vec<Effect> {
        let title = format!("{} · {}", describe(&orders), self.targets_in_words());
        let question = Question::awaiting(title, Awaited::Preview(orders.clone()));
        self.overlay = Some(Overlay::Question(Box::new(question)));
        vec![Effect::Work(Task::Preview(orders))]
    }

    /// Closing tells what is open, also where it is one case.
    pub(super) fn close_cases(&mut self, targets: &[CaseKey], resolution: Resolution) -> Vec<Effect> {
        let orders = self.orders(targets, &Decision::State(State::Closed, Some(resolution)));
        self.ask_about(orders)
    }

    /// What the orders would do: asked about, where there is anything to tell.
    pub(super) fn previewed(&mut self, orders: Vec<Order>, outcome: &Outcome) -> Vec<Effect> {
        let all = cases_of(&orders);
        let unseen = self.unseen_of(&all);
        let Some(Overlay::Question(question)) = &mut self.overlay else { return Vec::new() };
        if question.awaits != Awaited::Preview(orders.clone()) {
            return Vec::new();
        }
        if all.len() == 1 && outcome.left_open.is_empty() {
            self.overlay = None;
            return self.decide(orders);
        }
        question.awaits = Awaited::Nothing;
        question.lines = told(outcome, all.len(), unseen);
        let words =
            if all.len() == 1 { "do it".to_owned() } else { format!("do it on {}", outcome.changed.len()) };
        question.answers = match outcome.changed.len() {
            0 => vec![Answer::no()],
            _ => vec![Answer::doing('y', words, Yes::Decide(orders)), Answer::no()],
        };
        Vec::new()
    }

    /// How many of `cases` the queue does not show.
    pub(super) fn unseen_of(&self, cases: &BTreeSet<CaseKey>) -> usize {
        let shown = self.queue.keys.iter().filter(|key| cases.contains(key)).count();
        cases.len().saturating_sub(shown)
    }

    pub(super) fn pressed_in_question(&mut self, key: Key) -> Vec<Effect> {
        let last = crate::console::view::question_last_top(self);
        let Some(Overlay::Question(question)) = &mut self.overlay else { return Vec::new() };
        let letter = match key.code {
            Code::Down | Code::Char('j') => {
                question.top = (question.top + 1).min(last);
                return Vec::new();
            }
            Code::Up | Code::Char('k') => {
                question.top = question.top.saturating_sub(1);
                return Vec::new();
            }
            Code::Enter => 'y',
            Code::Char('q') => 'n',
            Code::Char(letter) if !key.ctrl => letter.to_ascii_lowercase(),
            _ => return Vec::new(),
        };
        let Some(answer) = question.answers.iter().find(|answer| answer.key == letter) else {
            return Vec::new();
        };
        let then = answer.then.clone();
        self.overlay = None;
        match then {
            None => self.say("nothing done"),
            Some(Yes::Decide(orders)) => self.decide(orders),
            Some(Yes::Work(task)) => {
                self.unsaved += usize::from(task.writes());
                if matches!(task, Task::SayFarewell(..)) {
                    self.say("answering and closing; what is done is told at the end");
                }
                vec![Effect::Work(task)]
            }
            Some(Yes::Drill(control)) => self.ask_of_drill(control),
            Some(Yes::EndDrill) => vec![Effect::Work(Task::Drill(Control::End))],
        }
    }
}

/// The cases that orders are about, each once.
pub(super) fn cases_of(orders: &[Order]) -> BTreeSet<CaseKey> {
    orders.iter().map(|order| order.case).collect()
}

/// What a batch would do to `all` cases, `unseen` of which the queue does not show.
fn told(outcome: &Outcome, all: usize, unseen: usize) -> Vec<(Role, String)> {
    let refused: BTreeSet<&str> = outcome.refused.iter().map(|(id, _)| id.as_str()).collect();
    let changed = outcome.changed.len();
    let mut lines = Vec::new();
    if all > 1 {
        lines.push((Role::Strong, format!("{changed} of {all} cases")));
    }
    let so_already = all.saturating_sub(changed + refused.len());
    if so_already > 0 {
        lines.push((
            Role::Faint,
            format!("{so_already} already {} so", if so_already == 1 { "is" } else { "are" }),
        ));
    }
    lines.extend(unseen_line(unseen));
    if all > 1 {
        lines.extend(step_lines(outcome));
    }
    lines.extend(reasons(&outcome.reasons(), "refused"));
    lines.extend(open_lines(&outcome.open_items(), all));
    lines
}

/// From what to what, a line a field: `priority  3 P2 -> P1, 2 none -> P1`.
fn step_lines(outcome: &Outcome) -> Vec<(Role, String)> {
    let fields = outcome.by_field();
    let line = |(field, steps): &(&str, Vec<(&str, usize)>)| {
        let shown = steps.iter().take(MAX_STEPS);
        let mut said: Vec<String> =
            shown.map(|(step, count)| format!("{count} {}", text::fit(step, MAX_STEP))).collect();
        let others: usize = steps.iter().skip(MAX_STEPS).map(|(_, count)| count).sum();
        if others > 0 {
            said.push(format!("{others} otherwise"));
        }
        (Role::Plain, format!("{field}: {}", said.join(", ")))
    };
    let mut lines: Vec<(Role, String)> = fields.iter().take(MAX_FIELDS).map(line).collect();
    let rest: Vec<&str> = fields.iter().skip(MAX_FIELDS).map(|(field, _)| *field).collect();
    if !rest.is_empty() {
        lines.push((Role::Plain, format!("and {}", rest.join(", "))));
    }
    lines
}

pub(super) fn unseen_line(unseen: usize) -> Option<(Role, String)> {
    (unseen > 0)
        .then(|| (Role::Warn, format!("{unseen} of them the queue does not show: they were marked before")))
}

/// `2 refused: why (SEC-2026-0001, SEC-2026-0002)`.
pub(super) fn reasons(reasons: &[(&str, Vec<&str>)], verb: &str) -> Vec<(Role, String)> {
    let line = |(why, ids): &(&str, Vec<&str>)| {
        let named: Vec<String> = ids.iter().take(MAX_NAMED).map(|id| text::line(id)).collect();
        let more = if ids.len() > MAX_NAMED { ", ..." } else { "" };
        let text = format!("{} {verb}: {} ({}{more})", ids.len(), text::line(why), named.join(", "));
        (Role::Warn, text)
    };
    let mut lines: Vec<(Role, String)> = reasons.iter().take(MAX_REASONS).map(line).collect();
    let rest: usize = reasons.iter().skip(MAX_REASONS).map(|(_, ids)| ids.len()).sum();
    if rest > 0 {
        lines.push((Role::Warn, format!("{rest} more {verb}, for other reasons")));
    }
    lines
}

/// The checklist: what is still open, a line each.
pub(super) fn open_lines(items: &[(&Open, Vec<&str>)], all: usize) -> Vec<(Role, String)> {
    if items.is_empty() {
        return Vec::new();
    }
    let line = |(item, ids): &(&Open, Vec<&str>)| match all {
        1 => (Role::Plain, format!("- {item}")),
        _ => (Role::Plain, format!("- {item} ({} of them)", ids.len())),
    };
    let head = (Role::Heading, "before it closes".to_owned());
    std::iter::once(head).chain(items.iter().map(line)).collect()
}
