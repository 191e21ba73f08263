//! Commands that need the whole case and not only its row: they wait until it
//! was read, which takes a moment, and what is typed meanwhile waits with them.

use crate::console::commands::Command;
use crate::console::key::{Code, Key};
use crate::console::model::{Model, Waiting};
use crate::console::msg::{Effect, Task};
use crate::triage::{Case, CaseKey};

/// Keys that are kept while a case is read; more are somebody leaning on the keyboard.
const MAX_AHEAD: usize = 64;

impl Model {
    /// The one case that decisions go to, once it was read.
    pub(super) fn case_at_hand(&self) -> Option<&Case> {
        let case = self.reading.dossier.as_ref().map(|dossier| &dossier.case)?;
        (self.targets() == [case.key]).then_some(case)
    }

    /// Reads the case under the cursor before `command` runs, where it needs more than its row.
    pub(super) fn read_before(&mut self, command: Command) -> Option<Vec<Effect>> {
        let case = self.current()?;
        let is_there = self.reading.dossier.as_ref().is_some_and(|shown| shown.case.key == case);
        // These are about the case under the cursor, whatever is marked.
        let is_about_it =
            matches!(command, Command::Explain | Command::Reply | Command::Split) || self.targets() == [case];
        if !needs_its_case(command) || is_there || !is_about_it {
            return None;
        }
        self.waiting = Some(Waiting { case, command, keys: Vec::new() });
        self.reading.wanted = Some(case);
        Some(vec![Effect::Work(Task::Open(case))])
    }

    /// Keeps what is typed while a command waits; `Esc` and `Ctrl-c` call the command off.
    pub(super) fn typed_ahead(&mut self, key: Key) -> bool {
        let Some(waiting) = &mut self.waiting else { return false };
        if key == Key::plain(Code::Esc) || key == Key::ctrl('c') {
            self.waiting = None;
        } else if waiting.keys.len() < MAX_AHEAD {
            waiting.keys.push(key);
        }
        true
    }

    /// The case was read: runs what waited for it, and then what was typed after it.
    pub(super) fn go_on(&mut self, read: CaseKey) -> Vec<Effect> {
        if self.waiting.as_ref().is_none_or(|waiting| waiting.case != read) {
            return Vec::new();
        }
        let Some(waiting) = self.waiting.take() else { return Vec::new() };
        let mut effects = self.run(waiting.command);
        for key in waiting.keys {
            effects.extend(self.pressed(key));
        }
        effects
    }
}

fn needs_its_case(command: Command) -> bool {
    matches!(
        command,
        Command::Cvss
            | Command::Ssvc
            | Command::Weakness
            | Command::Reason
            | Command::Affected
            | Command::FixedIn
            | Command::Workaround
            | Command::Exploited
            | Command::Lanes
            | Command::Wait
            | Command::Demand
            | Command::Variants
            | Command::Restrict
            | Command::Reply
            | Command::Split
            | Command::Explain
    )
}
