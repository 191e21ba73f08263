//! The panes about one case: following the cursor, and typesetting.

use crate::console::layout::Pane;
use crate::console::model::Model;
use crate::console::msg::{Effect, Task};
use crate::console::paper::{self, Sheet};
use crate::text;
use crate::triage::{CaseKey, Dossier};

impl Model {
    /// Asks for the case under the cursor, if the lower panes show another.
    pub(super) fn follow(&mut self) -> Vec<Effect> {
        if !self.is_behind() {
            return Vec::new();
        }
        self.reading.wanted = self.current();
        self.waiting = None;
        // Of a case that is not for us there is nothing to read.
        let is_hidden = self.current_row().is_some_and(|row| row.is_hidden);
        match self.reading.wanted.filter(|_| !is_hidden) {
            Some(key) => vec![Effect::Work(Task::Open(key))],
            None => {
                self.reading.dossier = None;
                self.typeset();
                Vec::new()
            }
        }
    }

    pub(super) fn opened(&mut self, dossier: Box<Dossier>) -> Vec<Effect> {
        // An answer to a question that is no longer asked.
        if self.reading.wanted != Some(dossier.case.key) {
            return Vec::new();
        }
        let is_same = self.reading.dossier.as_ref().is_some_and(|shown| shown.case.key == dossier.case.key);
        let (key, row) = (dossier.case.key, dossier.case.row());
        self.queue.rows.insert(key, row);
        self.reading.dossier = Some(dossier);
        if !is_same {
            self.reading.unfolded = false;
            for pane in Pane::LOWER {
                self.reading.sheet_mut(pane).top = 0;
            }
        }
        self.typeset();
        // The newest event is the one that matters.
        self.reading.timeline.scroll_to(usize::MAX, self.height(Pane::Timeline));
        self.hold_explanation();
        self.go_on(key)
    }

    pub(super) fn not_opened(&mut self, key: CaseKey, why: &str) -> Vec<Effect> {
        if self.reading.wanted != Some(key) {
            return Vec::new();
        }
        self.reading.dossier = None;
        self.waiting = None;
        self.typeset();
        self.complain(text::line(why))
    }

    /// Sets the lower panes for the widths that they have now.
    pub(super) fn typeset(&mut self) {
        for pane in Pane::LOWER {
            let lines = match (&self.reading.dossier, self.layout().area(pane)) {
                (Some(dossier), Some(area)) => {
                    // One blank column on either side.
                    let setting = self.setting(usize::from(area.width.saturating_sub(2)));
                    match pane {
                        Pane::Timeline => paper::timeline(dossier, &setting),
                        Pane::Pgp => paper::pgp(dossier, &setting),
                        Pane::Detail | Pane::Queue => paper::detail(dossier, &setting),
                    }
                }
                _ => Vec::new(),
            };
            self.set_sheet(pane, lines);
        }
    }

    fn set_sheet(&mut self, pane: Pane, lines: Vec<paper::Line>) {
        let height = self.height(pane);
        let sheet: &mut Sheet = self.reading.sheet_mut(pane);
        let was_hidden = sheet.lines.is_empty();
        let was_at_end = sheet.top >= sheet.last_top(height);
        sheet.lines = lines;
        if pane == Pane::Timeline && (was_hidden || was_at_end) {
            sheet.top = usize::MAX;
        }
        sheet.scroll_to(sheet.top, height);
    }

    pub(super) fn copy_ids(&mut self) -> Vec<Effect> {
        let rows = self.targets().into_iter().filter_map(|key| self.queue.rows.get(&key));
        let ids: Vec<String> = rows.map(|row| text::line(&row.id)).collect();
        let what = match ids.as_slice() {
            [one] => one.clone(),
            many => format!("{} identifiers", many.len()),
        };
        vec![Effect::Copy { text: ids.join("\n"), what }]
    }

    pub(super) fn copy_text(&mut self) -> Vec<Effect> {
        let Some(dossier) = &self.reading.dossier else { return Vec::new() };
        let texts: Vec<String> =
            dossier.messages.iter().map(|message| text::block(&message.content.text)).collect();
        let what = format!("the text of {}", text::line(&dossier.case.id));
        vec![Effect::Copy { text: texts.join("\n\n"), what }]
    }
}
