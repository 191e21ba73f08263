//! Everything that the console knows at one moment. Changed by `update` alone.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use chrono::{DateTime, SubsecRound as _, Utc};
use ratatui::layout::Size;

use crate::desk::answer::{Farewell, Plan, Wish};
use crate::triage::rules::{Rules, Shift};
use crate::triage::{CaseKey, Dossier, Query, Row, clock};

use super::commands::Command;
use super::drill::Drill;
use super::key::Key;
use super::layout::{Layout, Pane};
use super::msg::{Counts, Urgent};
use super::overlay::Overlay;
use super::paper::{Setting, Sheet, counted};
use super::zone::Zone;

/// The console's state.
#[derive(Debug)]
pub struct Model {
    /// The team's name. Foreign text.
    pub team: String,
    /// Who decides here. Foreign text.
    pub actor: String,
    /// The present, as of the last [`super::msg::Msg::Clock`].
    pub now: DateTime<Utc>,
    /// When this console began: what was decided before is not undone unasked.
    pub began_at: DateTime<Utc>,
    /// The zone that times are shown in.
    pub zone: Zone,
    /// The whole screen.
    pub screen: Size,
    /// The screen without the rows of the drill: what panes and overlays have.
    pub size: Size,
    /// The cases.
    pub queue: Queue,
    /// The pane that keys go to.
    pub focus: Pane,
    /// The pane about a case that is shown where there is room for one.
    pub lower: Pane,
    /// The case that the lower panes show.
    pub reading: Reading,
    /// What lies over the panes.
    pub overlay: Option<Overlay>,
    /// What happened last, until the next key.
    pub notice: Option<Notice>,
    /// The count that was typed before a command, such as 5 in `5j`.
    pub count: Option<usize>,
    /// What the header counts, once known.
    pub counts: Option<Counts>,
    /// What is urgent, once known: what comes to it rings.
    pub urgent: Option<Urgent>,
    /// Cases that we changed since that was counted: they do not ring.
    pub own: BTreeSet<CaseKey>,
    /// People that a case can be assigned to.
    pub people: Vec<String>,
    /// A note that was begun and left; offered again.
    pub draft: String,
    /// The cases that the editor's note is for.
    pub editing: Vec<CaseKey>,
    /// The answer that is in the editor, or waits for a passphrase.
    pub answering: Option<Answering>,
    /// A command that waits until its case was read.
    pub waiting: Option<Waiting>,
    /// Decisions that are not committed yet.
    pub unsaved: usize,
    /// Policies, calendar, owners.
    pub rules: Arc<Rules>,
    /// The drill that this console takes part in.
    pub drill: Option<Drill>,
}

/// A command that waits until its case was read, and the keys that were typed after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// The case.
    pub case: CaseKey,
    /// The command.
    pub command: Command,
    /// What was typed ahead.
    pub keys: Vec<Key>,
}

/// An answer under way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answering {
    /// It is planned again once the key that signs is open.
    Locked(CaseKey, Wish),
    /// It is being written; the text that the editor began with.
    Writing(Box<Plan>, String),
    /// Cases are closed with an answer once the key that signs is open.
    Leaving(Farewell),
}

/// The cases of the current query, and which of them the screen shows.
#[derive(Debug, Default)]
pub struct Queue {
    /// The query as it was typed.
    pub text: String,
    /// The query.
    pub query: Query,
    /// All cases that match, due first; only its head until `complete`.
    pub keys: Vec<CaseKey>,
    /// Whether `keys` holds all of them.
    pub complete: bool,
    /// Rows that were read, for the pages around the cursor.
    pub rows: HashMap<CaseKey, Row>,
    /// Index of the case under the cursor.
    pub cursor: usize,
    /// Index of the first case on the page.
    pub top: usize,
    /// Marked cases: decisions go to all of them.
    pub marked: BTreeSet<CaseKey>,
    /// The case that was marked last, where a range begins.
    pub anchor: Option<CaseKey>,
    /// Marked cases that are not among `keys`.
    pub unseen: usize,
    /// Cases that we just decided on; those that leave the queue by it lose their mark.
    pub decided: BTreeSet<CaseKey>,
    /// Cases that lost their mark so at the last decision; its undo marks them again.
    pub let_go: BTreeSet<CaseKey>,
    /// The case to put the cursor on when the next order arrives.
    pub seek: Option<CaseKey>,
    /// Counts the questions, so that late answers are told from current ones.
    pub generation: u64,
}

/// The case that the lower panes show, typeset.
#[derive(Debug, Default)]
pub struct Reading {
    /// The case with all that belongs to it.
    pub dossier: Option<Box<Dossier>>,
    /// The case that was asked for last.
    pub wanted: Option<CaseKey>,
    /// Whether quoted text is shown in full.
    pub unfolded: bool,
    /// The detail pane.
    pub detail: Sheet,
    /// The timeline pane.
    pub timeline: Sheet,
    /// The PGP pane.
    pub pgp: Sheet,
}

/// One line for the reader.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Safe text.
    pub text: String,
    /// Whether something did not work.
    pub is_complaint: bool,
}

impl Model {
    /// An empty console for `actor` of `team` on a screen of `size`.
    pub fn new(team: &str, actor: &str, now: DateTime<Utc>, zone: Zone, size: Size) -> Self {
        Self {
            team: team.to_owned(),
            actor: actor.to_owned(),
            now,
            // The store keeps whole seconds.
            began_at: now.trunc_subsecs(0),
            zone,
            screen: size,
            size,
            queue: Queue::default(),
            focus: Pane::Queue,
            lower: Pane::Detail,
            reading: Reading::default(),
            overlay: None,
            notice: None,
            count: None,
            counts: None,
            urgent: None,
            own: BTreeSet::new(),
            people: Vec::new(),
            draft: String::new(),
            editing: Vec::new(),
            answering: None,
            waiting: None,
            unsaved: 0,
            rules: Arc::default(),
            drill: None,
        }
    }

    /// Where everything lies.
    pub fn layout(&self) -> Layout {
        Layout::of(self.size, self.focus, self.lower)
    }

    /// Lines of `pane` below its head; at least 1, so that paging always moves.
    pub fn height(&self, pane: Pane) -> usize {
        usize::from(self.layout().inside(pane).height).max(1)
    }

    /// The case under the cursor.
    pub fn current(&self) -> Option<CaseKey> {
        self.queue.keys.get(self.queue.cursor).copied()
    }

    /// The row under the cursor, once it was read.
    pub fn current_row(&self) -> Option<&Row> {
        self.current().and_then(|key| self.queue.rows.get(&key))
    }

    /// The cases that a decision goes to: the marked ones, else the one under the cursor.
    pub fn targets(&self) -> Vec<CaseKey> {
        if self.queue.marked.is_empty() {
            self.current().into_iter().collect()
        } else {
            self.queue.marked.iter().copied().collect()
        }
    }

    /// The targets in words: `SEC-2026-0042`, or `3 cases`.
    pub fn targets_in_words(&self) -> String {
        match self.targets().as_slice() {
            [one] => self.queue.rows.get(one).map_or("1 case".to_owned(), |row| crate::text::line(&row.id)),
            many => format!("{} cases", many.len()),
        }
    }

    /// Whether the lower panes show another case than the cursor is on, so
    /// that they should follow once the keys rest.
    pub fn is_behind(&self) -> bool {
        self.layout().shows_a_case() && self.reading.wanted != self.current()
    }

    /// Whose shift it is, where there is a rota.
    pub fn on_call(&self) -> Option<Shift> {
        self.rules.rota.as_ref()?.shifts(self.now, &self.rules.calendar).next()
    }

    /// What typesetting on this many columns has to know.
    pub fn setting(&self, width: usize) -> Setting<'_> {
        Setting {
            width: width.max(1),
            now: self.now,
            zone: self.zone,
            unfolded: self.reading.unfolded,
            calendar: &self.rules.calendar,
        }
    }

    /// The next instant at which something on the screen reads differently
    /// without anybody's doing: countdowns and the date. Until then the
    /// console sleeps.
    pub fn changes_at(&self) -> DateTime<Utc> {
        let shown = self.queue.page(self.height(Pane::Queue)).iter();
        let shown = shown.filter_map(|key| self.queue.rows.get(key));
        let rows = shown.flat_map(|row| row.due.map(|due| due.at).into_iter().chain(row.target));
        let case = self.reading.dossier.as_ref().map(|dossier| &dossier.case);
        let facts = case.into_iter().flat_map(|case| counted(case, &self.rules.calendar, self.now));
        let words = rows.chain(facts).map(|at| clock::countdown_changes_at(at, self.now));
        let urgent = self.urgent.as_ref().and_then(|urgent| urgent.changes_at());
        let shift = self.on_call().map(|shift| shift.until).filter(|until| *until > self.now);
        // Dates are those of the reader, working days those of the team.
        let days = [self.zone.next_day(self.now), self.rules.calendar.next_day(self.now)].map(Some);
        let drill = self.drill.as_ref().and_then(|drill| drill.changes_at(self.now, self.zone));
        let rest = days.into_iter().chain([urgent, shift, drill]);
        words.chain(rest.flatten()).min().unwrap_or(DateTime::<Utc>::MAX_UTC)
    }
}

impl Queue {
    /// The cases on a page of `height` rows.
    pub fn page(&self, height: usize) -> &[CaseKey] {
        let top = self.top.min(self.keys.len());
        let end = top.saturating_add(height).min(self.keys.len());
        self.keys.get(top..end).unwrap_or_default()
    }

    /// Moves the cursor to `index` or the nearest case, and turns the page
    /// when it leaves the one that is shown: few bytes, and the eye keeps its place.
    pub fn go_to(&mut self, index: usize, height: usize) {
        self.cursor = index.min(self.keys.len().saturating_sub(1));
        let last_top = self.keys.len().saturating_sub(height);
        if self.cursor < self.top || self.cursor >= self.top.saturating_add(height) {
            self.top = self.cursor / height.max(1) * height.max(1);
        }
        self.top = self.top.min(last_top);
    }
}

impl Reading {
    /// The sheet of a lower pane.
    pub fn sheet(&self, pane: Pane) -> &Sheet {
        match pane {
            Pane::Timeline => &self.timeline,
            Pane::Pgp => &self.pgp,
            Pane::Detail | Pane::Queue => &self.detail,
        }
    }

    /// The sheet of a lower pane, to scroll it.
    pub fn sheet_mut(&mut self, pane: Pane) -> &mut Sheet {
        match pane {
            Pane::Timeline => &mut self.timeline,
            Pane::Pgp => &mut self.pgp,
            Pane::Detail | Pane::Queue => &mut self.detail,
        }
    }
}
