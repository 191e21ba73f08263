//! What the store says: the order of the queue, rows, and changes, our own
//! and other people's. The cursor stays on its case through all of it.

use std::collections::HashSet;

use chrono::{DateTime, Utc};

use crate::console::grooming::{Awaited, Question};
use crate::console::layout::Pane;
use crate::console::model::{Model, Notice};
use crate::console::msg::{Effect, Task, Urgent};
use crate::console::overlay::{Overlay, Purpose};
use crate::desk::Outcome;
use crate::drill::Control;
use crate::text;
use crate::triage::{CaseKey, Query, Row};

/// Rows kept beyond the pages around the cursor.
const MAX_ROWS: usize = 2_000;

impl Model {
    /// Takes the head of the queue, before its whole order is known, and asks for the rest.
    pub fn begin(&mut self, head: Vec<Row>) -> Vec<Effect> {
        self.queue.keys = head.iter().map(|row| row.key).collect();
        self.queue.rows = head.into_iter().map(|row| (row.key, row)).collect();
        let mut effects = self.follow();
        effects.extend(self.reorder());
        effects.extend([
            Effect::Work(Task::Count),
            Effect::Work(Task::People),
            Effect::Work(Task::LookAtOwnKeys),
        ]);
        effects.extend(self.drill.is_some().then_some(Effect::Work(Task::Drill(Control::Look))));
        effects
    }

    /// Asks for the cases that match `typed`.
    ///
    /// The query stays as it was where `typed` cannot be read.
    pub(super) fn ask(&mut self, typed: &str) -> Vec<Effect> {
        let Ok(query) = Query::read(typed, &self.actor) else { return Vec::new() };
        self.queue.text = typed.to_owned();
        self.queue.query = query;
        self.reorder()
    }

    fn reorder(&mut self) -> Vec<Effect> {
        self.queue.generation += 1;
        let (generation, query) = (self.queue.generation, self.queue.query.clone());
        vec![Effect::Work(Task::Order { generation, query })]
    }

    pub(super) fn ordered(&mut self, generation: u64, keys: Vec<CaseKey>) -> Vec<Effect> {
        if generation != self.queue.generation {
            return Vec::new();
        }
        let is_filtering = matches!(&self.overlay, Some(Overlay::Prompt(prompt)) if matches!(prompt.purpose, Purpose::Filter { .. }));
        let on = self.queue.seek.take().or(if is_filtering { None } else { self.current() });
        let screen_row = self.queue.cursor - self.queue.top.min(self.queue.cursor);
        let found = on.and_then(|key| keys.iter().position(|other| *other == key));
        let cursor = found.unwrap_or(if is_filtering { 0 } else { self.queue.cursor });
        self.queue.keys = keys;
        self.queue.complete = true;
        self.sort_out_marks();
        // The case keeps its place on the screen, not only the cursor its case.
        self.queue.top = cursor.saturating_sub(screen_row);
        let page = self.height(Pane::Queue);
        self.queue.go_to(cursor, page);
        self.hint_filter();
        self.read_missing_rows()
    }

    /// Asks for the rows around the cursor that were not read yet: the page,
    /// and the ones before and behind it, so that turning it costs one frame.
    pub(super) fn read_missing_rows(&mut self) -> Vec<Effect> {
        let height = self.height(Pane::Queue);
        let page_is_there = self.queue.page(height).iter().all(|key| self.queue.rows.contains_key(key));
        if page_is_there && !self.queue.page(height).is_empty() {
            return Vec::new();
        }
        let window = self.window(height);
        let missing: Vec<CaseKey> =
            window.iter().filter(|key| !self.queue.rows.contains_key(key)).copied().collect();
        if self.queue.rows.len() > MAX_ROWS {
            let kept: HashSet<CaseKey> = window.into_iter().collect();
            self.queue.rows.retain(|key, _| kept.contains(key));
        }
        if missing.is_empty() { Vec::new() } else { vec![Effect::ReadRows(missing)] }
    }

    /// The cases on the page, the one before and the one behind it.
    fn window(&self, height: usize) -> Vec<CaseKey> {
        let from = self.queue.top.saturating_sub(height).min(self.queue.keys.len());
        let to = self.queue.top.saturating_add(2 * height).min(self.queue.keys.len());
        self.queue.keys.get(from..to).unwrap_or_default().to_vec()
    }

    pub(super) fn take_rows(&mut self, rows: Vec<Row>) -> Vec<Effect> {
        self.queue.rows.extend(rows.into_iter().map(|row| (row.key, row)));
        Vec::new()
    }

    /// Decisions were committed: only now are they acknowledged.
    pub(super) fn decided(&mut self, outcome: &Outcome) -> Vec<Effect> {
        self.unsaved = self.unsaved.saturating_sub(1);
        self.queue.decided.extend(&outcome.changed);
        let mut words = outcome.summary.clone();
        if let Some((id, why)) = outcome.refused.first() {
            let more = match outcome.refused.len() {
                1 => String::new(),
                count => format!(", and {} more", count - 1),
            };
            let refused = format!("not done: {}: {}{more}", text::line(id), text::line(why));
            words = if outcome.changed.is_empty() { refused } else { format!("{words}; {refused}") };
        }
        if words.is_empty() {
            words = "nothing to change: it already was so".to_owned();
        }
        self.notice = Some(Notice { text: words, is_complaint: !outcome.refused.is_empty() });
        self.changed(&outcome.changed)
    }

    /// Reads what changed again: the rows at once, so that the queue shows it
    /// in the same frame as the notice.
    pub(super) fn changed(&mut self, keys: &[CaseKey]) -> Vec<Effect> {
        if keys.is_empty() {
            return Vec::new();
        }
        self.own.extend(keys);
        let known: Vec<CaseKey> =
            keys.iter().filter(|key| self.queue.rows.contains_key(key)).copied().collect();
        let mut effects = vec![Effect::ReadRows(known)];
        effects.extend(self.reorder());
        if let Some(key) = self.reading.wanted.filter(|key| keys.contains(key)) {
            effects.push(Effect::Work(Task::Open(key)));
        }
        effects.push(Effect::Work(Task::Count));
        effects.extend(self.refresh_board());
        effects
    }

    /// What was decided on and left the queue by it is done with: its mark goes,
    /// so that no later decision goes to it unseen. Other marks stay.
    fn sort_out_marks(&mut self) {
        let decided = std::mem::take(&mut self.queue.decided);
        if !decided.is_empty() {
            self.queue.let_go.clear();
        }
        if self.queue.marked.is_empty() {
            self.queue.unseen = 0;
            return;
        }
        let shown: HashSet<CaseKey> =
            self.queue.keys.iter().copied().filter(|key| self.queue.marked.contains(key)).collect();
        let is_let_go = |key: &CaseKey| !shown.contains(key) && decided.contains(key);
        self.queue.let_go.extend(self.queue.marked.iter().copied().filter(is_let_go));
        self.queue.marked.retain(|key| !is_let_go(key));
        self.queue.unseen = self.queue.marked.len() - shown.len();
    }

    /// The header counts anew; what became urgent, and not by our own hand, rings.
    pub(super) fn counted_anew(&mut self, urgent: Urgent) -> Vec<Effect> {
        let own = std::mem::take(&mut self.own);
        let is_new = |before: &[CaseKey], now: &[CaseKey]| {
            let known: HashSet<CaseKey> = before.iter().copied().collect();
            now.iter().any(|key| !known.contains(key) && !own.contains(key))
        };
        let rings = self.urgent.as_ref().is_some_and(|before| {
            is_new(&before.overdue, &urgent.overdue) || is_new(&before.unread, &urgent.unread)
        });
        self.counts = Some(urgent.counts());
        self.urgent = Some(urgent);
        if rings { vec![Effect::Ring] } else { Vec::new() }
    }

    /// A case that may not be shown has just become overdue: it is counted anew, once.
    pub(super) fn look_at_due(&mut self, now: DateTime<Utc>) -> Vec<Effect> {
        let Some(urgent) = &mut self.urgent else { return Vec::new() };
        if urgent.changes_at().is_none_or(|at| now < at) {
            return Vec::new();
        }
        urgent.next_due = None;
        vec![Effect::Work(Task::Count)]
    }

    /// A question that waited for what failed is closed.
    pub(super) fn drop_awaiting(&mut self) {
        let waits = |question: &Question| question.awaits != Awaited::Nothing;
        if matches!(&self.overlay, Some(Overlay::Question(question)) if waits(question)) {
            self.overlay = None;
        }
    }

    /// Somebody else changed the store: everything on the screen is read again.
    pub(super) fn reload(&mut self) -> Vec<Effect> {
        let window = self.window(self.height(Pane::Queue));
        self.queue.rows.retain(|key, _| window.contains(key));
        let mut effects = vec![Effect::ReadRows(window)];
        effects.extend(self.reorder());
        effects.extend(self.reading.wanted.map(|key| Effect::Work(Task::Open(key))));
        effects.extend([Effect::Work(Task::Count), Effect::Work(Task::People)]);
        effects.extend(self.refresh_board());
        effects
    }
}
