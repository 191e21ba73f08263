//! The drill: asked how it stands, its clock, and the keys of its overlay.

use ratatui::layout::Size;
use tui_input::Input;

use chrono::{DateTime, Utc};

use crate::console::drill::{Drill, Line, TIMES, read_time};
use crate::console::key::{Code, Key};
use crate::console::model::Model;
use crate::console::msg::{Effect, Reply, Task};
use crate::console::overlay::{Overlay, Prompt, Purpose, Yes};
use crate::drill::{Bulletin, Control, Stage};

/// Lines that one key of a page turns.
const PAGE: usize = 10;

impl Model {
    /// The same console, taking part in a drill.
    pub fn in_drill(self) -> Self {
        let mut model = Self { drill: Some(Drill::default()), ..self };
        model.size = model.room();
        model
    }

    /// What the drill leaves of the screen.
    pub(super) fn room(&self) -> Size {
        let Size { width, height } = self.screen;
        let taken = self.drill.as_ref().map_or(0, |drill| 1 + drill.hint_rows(height));
        Size { width, height: height.saturating_sub(taken) }
    }

    pub(super) fn ask_of_drill(&mut self, control: Control) -> Vec<Effect> {
        // It comes from the overlay, which a question has taken the place of.
        self.overlay = Some(Overlay::Drill);
        vec![Effect::Work(Task::Drill(control))]
    }

    /// Whether the clock of the drill waits while somebody writes in the editor:
    /// where one person plays it, and may stop it anyway.
    pub fn holds_clock(&self) -> bool {
        let bulletin = self.drill.as_ref().and_then(|drill| drill.bulletin.as_ref());
        bulletin.is_some_and(Bulletin::waits_for_the_writer)
    }

    /// The drill is asked again after whatever may have changed what happens in it.
    pub(super) fn look_after(&self, reply: &Reply) -> Option<Effect> {
        let may_matter = matches!(
            reply,
            Reply::Decided(_)
                | Reply::Undone(_)
                | Reply::Read(_)
                | Reply::Answered { .. }
                | Reply::Kept
                | Reply::Unlocked(_)
                | Reply::Done(_)
                | Reply::Moved
        );
        (self.drill.is_some() && may_matter).then_some(Effect::Work(Task::Drill(Control::Look)))
    }

    /// The store's files changed. One of a team asks the drill as well: that its
    /// clock was stopped stands beside the store.
    pub(super) fn store_touched(&mut self) -> Vec<Effect> {
        let bulletin = self.drill.as_ref().and_then(|drill| drill.bulletin.as_ref());
        let is_member = bulletin.is_some_and(|bulletin| !bulletin.is_over && bulletin.next_at.is_none());
        let look = is_member.then_some(Effect::Work(Task::Drill(Control::Look)));
        std::iter::once(Effect::Work(Task::LookForNews)).chain(look).collect()
    }

    /// Something became due in the drill: it is asked, once.
    pub(super) fn look_at_drill(&mut self, now: DateTime<Utc>) -> Option<Effect> {
        let drill = self.drill.as_mut()?;
        drill.falls_due(now).then_some(Effect::Work(Task::Drill(Control::Look)))
    }

    /// How the drill stands. What it played was written by another connection.
    pub(super) fn drilled(&mut self, bulletin: Bulletin) -> Vec<Effect> {
        let Some(drill) = &mut self.drill else { return Vec::new() };
        drill.take(bulletin);
        let mut effects = if self.room() == self.size { Vec::new() } else { self.lay_out() };
        self.hold_drill();
        effects.push(Effect::Work(Task::LookForNews));
        effects
    }

    /// Opens the overlay where it wants to open, and nothing else is under way.
    pub(super) fn open_drill_by_itself(&mut self) {
        let is_busy = self.overlay.is_some()
            || self.waiting.is_some()
            || self.answering.is_some()
            || !self.editing.is_empty();
        let is_open = matches!(self.overlay, Some(Overlay::Drill));
        let Some(drill) = self.drill.as_mut().filter(|drill| drill.wants_to_open) else { return };
        if is_open || !is_busy {
            drill.wants_to_open = false;
            self.overlay = Some(Overlay::Drill);
        }
    }

    /// Stops the drill's clock, or lets it run.
    pub(super) fn pause_or_go_on(&mut self) -> Vec<Effect> {
        let bulletin = self.drill.as_ref().and_then(|drill| drill.bulletin.as_ref());
        let is_paused = bulletin.is_some_and(|bulletin| bulletin.is_paused);
        vec![Effect::Work(Task::Drill(if is_paused { Control::Resume } else { Control::Pause }))]
    }

    pub(super) fn pressed_in_drill(&mut self, key: Key) -> Vec<Effect> {
        let Code::Char(letter) = key.code else { return self.move_in_drill(key) };
        let Some(drill) = &self.drill else { return Vec::new() };
        let refused = match letter {
            _ if key.ctrl => None,
            'p' | 'n' | 's' | '+' | '-' | 'E' => drill.no_pace(),
            'h' => drill.no_hint(),
            'i' => drill.no_facilitator().or(drill.no_more()),
            'c' => drill.no_facilitator(),
            _ => None,
        };
        if let Some(why) = refused {
            return self.complain(why);
        }
        match letter {
            _ if key.ctrl => self.move_in_drill(key),
            'p' => self.pause_or_go_on(),
            'n' => self.ask_of_drill(Control::Step),
            's' => self.open_drill_prompt(Line::Time),
            'c' => self.open_drill_prompt(Line::Comment),
            '+' | '-' => self.change_day(letter == '+'),
            'h' => self.ask_of_drill(Control::Hint),
            'i' => self.ask_to_play(),
            'E' => self.ask_to_end(Yes::Drill(Control::End)),
            _ => self.move_in_drill(key),
        }
    }

    fn ask_to_end(&mut self, yes: Yes) -> Vec<Effect> {
        let question = "end the drill now, and score it?".to_owned();
        self.show(Overlay::Confirm { question, yes })
    }

    /// Leaving a drill ends it for whoever plays it; nobody does that by a key too many.
    pub(super) fn ask_before_the_end(&mut self) -> Option<Vec<Effect>> {
        let bulletin = self.drill.as_ref()?.bulletin.as_ref()?;
        let plays = !bulletin.is_over && bulletin.next_at.is_some();
        plays.then(|| self.ask_to_end(Yes::EndDrill))
    }

    fn change_day(&mut self, is_faster: bool) -> Vec<Effect> {
        match self.drill.as_ref().and_then(|drill| drill.other_day(is_faster)) {
            Some(day) => self.ask_of_drill(Control::Day(day)),
            None => self.complain("a day of the drill takes from 1s to 7d"),
        }
    }

    /// Asks before the cue under the cursor is played.
    fn ask_to_play(&mut self) -> Vec<Effect> {
        let Some(cue) = self.drill.as_ref().and_then(Drill::cue) else {
            return self.complain("there is nothing to play");
        };
        if matches!(cue.stage, Stage::Played(_)) {
            return self.complain(format!("{} was played already", cue.id));
        }
        let question = format!("play {} now: {}?", cue.id, cue.what);
        let yes = Yes::Drill(Control::Play(cue.id.clone()));
        self.show(Overlay::Confirm { question, yes })
    }

    fn open_drill_prompt(&mut self, line: Line) -> Vec<Effect> {
        let purpose = Purpose::Drill(line);
        let hint = self.drill_hint(line, "");
        let about = "the drill".to_owned();
        let (targets, input) = (Vec::new(), Input::default());
        self.show(Overlay::Prompt(Prompt { purpose, targets, about, input, hint, wrong: None }))
    }

    /// What Enter would do at a prompt of the drill, or what is wrong.
    pub(super) fn drill_hint(&self, line: Line, typed: &str) -> Result<String, String> {
        match line {
            Line::Comment => Ok("Enter keeps it for the report; Esc goes back".to_owned()),
            Line::Time if typed.trim().is_empty() => Ok(TIMES.to_owned()),
            Line::Time => {
                let at = read_time(typed, self.zone, self.now)?;
                Ok(format!("{} · everything until then happens at once", self.zone.long(at)))
            }
        }
    }

    /// Takes the prompts of the drill; `None` for the others.
    pub(super) fn submit_to_drill(&mut self) -> Option<Vec<Effect>> {
        let Some(Overlay::Prompt(Prompt { purpose: Purpose::Drill(line), input, .. })) = &self.overlay else {
            return None;
        };
        let typed = input.value().trim().to_owned();
        if typed.is_empty() {
            self.overlay = Some(Overlay::Drill);
            return Some(self.say("nothing done"));
        }
        let control = match line {
            Line::Comment => Control::Comment(typed),
            Line::Time => match read_time(&typed, self.zone, self.now) {
                Ok(at) => Control::Set(at),
                // The hint says what is wrong.
                Err(_) => return Some(Vec::new()),
            },
        };
        Some(self.ask_of_drill(control))
    }

    /// Moves among the cues of a facilitator; scrolls for everybody else.
    fn move_in_drill(&mut self, key: Key) -> Vec<Effect> {
        let Some(drill) = &mut self.drill else { return Vec::new() };
        let has_cues = drill.cue().is_some();
        let mut moved = false;
        match (key.code, key.ctrl) {
            (Code::Char('t'), true) | (Code::Char('q'), false) => self.overlay = None,
            (Code::Char('j') | Code::Down, false) if has_cues => {
                drill.chosen += 1;
                moved = true;
            }
            (Code::Char('k') | Code::Up, false) if has_cues => {
                drill.chosen = drill.chosen.saturating_sub(1);
                moved = true;
            }
            (Code::Char('j') | Code::Down, false) => drill.top += 1,
            (Code::Char('k') | Code::Up, false) => drill.top = drill.top.saturating_sub(1),
            (Code::Char(' ') | Code::PageDown, _) | (Code::Char('f' | 'd'), true) => drill.top += PAGE,
            (Code::PageUp, _) | (Code::Char('b' | 'u'), true) => drill.top = drill.top.saturating_sub(PAGE),
            (Code::Char('g') | Code::Home, false) => drill.top = 0,
            (Code::Char('G') | Code::End, false) => drill.top = usize::MAX,
            _ => {}
        }
        self.hold_drill();
        if moved {
            self.show_cue();
        }
        Vec::new()
    }

    /// Scrolls so that the cue under the cursor is seen.
    fn show_cue(&mut self) {
        let (lines, height) = crate::console::view::cue_lines(self);
        if let Some(drill) = &mut self.drill {
            drill.top = drill.top.max(lines.end.saturating_sub(height)).min(lines.start);
        }
        self.hold_drill();
    }

    /// Keeps the overlay inside its lines and the cursor inside the cues.
    pub(super) fn hold_drill(&mut self) {
        if !matches!(self.overlay, Some(Overlay::Drill)) {
            return;
        }
        let last = crate::console::view::drill_last_top(self);
        if let Some(drill) = &mut self.drill {
            let cues = drill.bulletin.as_ref().map_or(0, |bulletin| bulletin.cues.len());
            drill.chosen = drill.chosen.min(cues.saturating_sub(1));
            drill.top = drill.top.min(last);
        }
    }
}
