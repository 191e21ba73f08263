//! How the model changes: a message in, effects out, no I/O.

mod assess;
mod at_hand;
mod complete;
mod decide;
mod drill;
mod explain;
mod exploited;
mod farewell;
mod files;
mod groom;
mod keys;
mod lanes;
mod merging;
mod moves;
mod news;
mod prompts;
mod reading;
mod reply;
mod score;
mod statistics;
mod undo;

use super::commands::{Command, command_for};
use super::key::{Code, Key};
use super::layout::Pane;
use super::model::{Model, Notice};
use super::msg::{Effect, Msg, Reply, Task};
use super::overlay::{Overlay, Purpose, Yes};
use crate::drill::Control;

/// Longest count that a person can mean.
const MAX_COUNT: usize = 9_999_999;

impl Model {
    /// Takes one message and says what is to be done about it.
    pub fn update(&mut self, msg: Msg) -> Vec<Effect> {
        let effects = self.take(msg);
        self.open_drill_by_itself();
        effects
    }

    fn take(&mut self, msg: Msg) -> Vec<Effect> {
        match msg {
            Msg::Key(key) => self.pressed(key),
            Msg::Pasted(text) => self.pasted(&text),
            Msg::Resized(width, height) => self.resized(width, height),
            Msg::Clock(now) => self.clock(now),
            Msg::Rested => self.follow(),
            Msg::StoreTouched => self.store_touched(),
            Msg::Rows(rows) => self.take_rows(rows),
            Msg::Reply(reply) => self.take_reply(reply),
            Msg::Edited(result) => self.edited(result),
            Msg::Copied(Ok(what)) => self.say(format!("copied {what}")),
            Msg::Copied(Err(why)) => self.complain(why),
        }
    }

    fn pressed(&mut self, key: Key) -> Vec<Effect> {
        self.notice = None;
        if self.typed_ahead(key) {
            return Vec::new();
        }
        if key == Key::ctrl('c') && self.overlay.is_some() {
            return self.close_overlay();
        }
        if self.overlay.is_some() {
            return self.pressed_in_overlay(key);
        }
        if let Some(digit) = self.counted(key) {
            self.count = Some((self.count.unwrap_or(0) * 10 + digit).min(MAX_COUNT));
            return Vec::new();
        }
        match command_for(key, self.focus) {
            Some(command) => self.run(command),
            None => {
                self.count = None;
                self.complain(format!("{key} does nothing here; ? shows the keys"))
            }
        }
    }

    /// The digit by which `key` lengthens the count. A count begins with 5 to
    /// 9: 0 to 4 alone set the priority, the commonest decision of all.
    fn counted(&self, key: Key) -> Option<usize> {
        let Code::Char(character) = key.code else { return None };
        let digit = character.to_digit(10).filter(|_| !key.ctrl)?;
        (self.count.is_some() || digit >= 5).then_some(digit as usize)
    }

    /// Starts a command, or says why it cannot be used now.
    pub(super) fn run(&mut self, command: Command) -> Vec<Effect> {
        let count = self.count.take();
        if let Some(why) = command.refusal(self) {
            return self.complain(format!("{}: {why}", command.entry().name));
        }
        if let Some(effects) = self.read_before(command) {
            return effects;
        }
        match command {
            Command::Explain => self.show(Overlay::Explain { top: 0 }),
            Command::Help => self.show(Overlay::Help { top: 0 }),
            Command::Statistics => self.open_board(),
            Command::Drill => self.show(Overlay::Drill),
            Command::Pause => self.pause_or_go_on(),
            Command::Palette => self.open_palette(),
            Command::Repaint => vec![Effect::Repaint],
            Command::Suspend => vec![Effect::Suspend],
            Command::Quit => self.ask_before_the_end().unwrap_or_else(|| vec![Effect::Quit]),
            Command::QuitNow => vec![Effect::Quit],
            Command::NextHint => vec![Effect::Work(Task::Drill(Control::Hint))],
            Command::Undo => self.undo(),
            Command::Redo => self.redo(),
            Command::Filter => self.open_filter(),
            Command::CopyId => self.copy_ids(),
            Command::CopyText => self.copy_text(),
            Command::WriteFile => self.open_files(),
            Command::Views => self.open_views(),
            Command::Farewell => vec![Effect::Work(Task::Templates)],
            Command::Merge => self.ask_merge(),
            Command::Split => self.ask_split(),
            Command::Reply => self.reply(),
            Command::Unlock => self.open_prompt(Purpose::Passphrase, String::new()),
            Command::Keys => vec![Effect::Work(Task::Keys)],
            Command::ImportKeys => self.open_prompt(Purpose::ImportKeys, String::new()),
            _ => self.run_move(command, count).unwrap_or_else(|| self.run_decision(command)),
        }
    }

    fn show(&mut self, overlay: Overlay) -> Vec<Effect> {
        self.overlay = Some(overlay);
        Vec::new()
    }

    pub(super) fn say(&mut self, text: impl Into<String>) -> Vec<Effect> {
        self.notice = Some(Notice { text: text.into(), is_complaint: false });
        Vec::new()
    }

    pub(super) fn complain(&mut self, text: impl Into<String>) -> Vec<Effect> {
        self.notice = Some(Notice { text: text.into(), is_complaint: true });
        Vec::new()
    }

    fn resized(&mut self, width: u16, height: u16) -> Vec<Effect> {
        self.screen = ratatui::layout::Size { width, height };
        self.lay_out()
    }

    /// Lays everything out anew for the rows that the drill leaves.
    fn lay_out(&mut self) -> Vec<Effect> {
        self.size = self.room();
        let page = self.height(Pane::Queue);
        // The cursor keeps its case; the page is laid anew around it.
        self.queue.go_to(self.queue.cursor, page);
        self.typeset();
        self.hold_explanation();
        self.hold_board();
        self.hold_drill();
        self.read_missing_rows()
    }

    fn clock(&mut self, now: chrono::DateTime<chrono::Utc>) -> Vec<Effect> {
        // Typesetting again is for when a word changes, not for every key.
        let is_due = now < self.now || now >= self.changes_at();
        self.now = now;
        if is_due {
            self.typeset();
        }
        let mut effects = self.look_at_due(now);
        effects.extend(self.look_at_drill(now));
        effects
    }

    fn take_reply(&mut self, reply: Reply) -> Vec<Effect> {
        let follows = self.look_after(&reply);
        let mut effects = self.take_answer(reply);
        effects.extend(follows);
        effects
    }

    fn take_answer(&mut self, reply: Reply) -> Vec<Effect> {
        match reply {
            Reply::Ordered { generation, keys } => self.ordered(generation, keys),
            Reply::Counted(urgent) => self.counted_anew(urgent),
            Reply::Previewed(orders, outcome) => self.previewed(orders, &outcome),
            Reply::Tallied(counts) => self.tallied(counts),
            Reply::Templates(names) => self.open_templates(names),
            Reply::FarewellPlanned(leave) => self.farewell_planned(leave),
            Reply::Opened(dossier) => self.opened(dossier),
            Reply::NotOpened(key, why) => self.not_opened(key, &why),
            Reply::Decided(outcome) => self.decided(&outcome),
            Reply::Undone(outcome) => self.undone(&outcome),
            Reply::UndoAsks(earlier) => self.ask_undo(&earlier),
            Reply::Asked(question, task) => self.show(Overlay::Confirm { question, yes: Yes::Work(task) }),
            Reply::Read(key) => self.changed(&[key]),
            Reply::Moved => self.reload(),
            Reply::People(people) => {
                self.people = people;
                Vec::new()
            }
            Reply::Planned(plan, text) => self.planned(plan, text),
            Reply::NotPlanned { case, why, instead } => self.not_planned(case, &why, instead),
            Reply::Answered { case, id, told, bytes } => self.answer_kept(case, &id, told, bytes),
            Reply::Unlocked(told) => self.unlocked(told),
            Reply::Warned(warnings) => match warnings.into_iter().next() {
                Some(warning) => self.complain(warning),
                None => Vec::new(),
            },
            Reply::Keys(keys) => self.open_keys(&keys),
            Reply::Card(card) => self.show(Overlay::Card { card, top: 0 }),
            Reply::Statistics(query, statistics) => self.take_statistics(&query, statistics),
            Reply::Drilled(bulletin) => self.drilled(*bulletin),
            Reply::Kept => {
                self.unsaved = self.unsaved.saturating_sub(1);
                Vec::new()
            }
            Reply::Done(told) => {
                self.unsaved = self.unsaved.saturating_sub(1);
                let mut effects = self.reload();
                effects.extend(self.say(told));
                effects
            }
            Reply::Failed { label, why, writes } => {
                self.unsaved = self.unsaved.saturating_sub(usize::from(writes));
                self.drop_awaiting();
                self.waiting = None;
                self.complain(format!("{label}: {why}"))
            }
        }
    }
}
