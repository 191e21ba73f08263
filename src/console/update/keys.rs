//! Keys of the key ring: found, shown, verified, retired, taken in, written out.

use tui_input::Input;
use zeroize::Zeroizing;

use crate::console::key::{Code, Key};
use crate::console::layout::Pane;
use crate::console::model::Model;
use crate::console::msg::{Effect, Task};
use crate::console::overlay::{Choice, Item, Overlay, Picker, Purpose, Yes};
use crate::desk::{KeyListing, Password};
use crate::text;
use crate::triage::Trust;

/// Lines of a card that one key of a page turns.
const PAGE: usize = 10;

impl Model {
    /// A picker over all keys; over the reporter's where the PGP pane has the focus.
    pub(super) fn open_keys(&mut self, keys: &[KeyListing]) -> Vec<Effect> {
        if keys.is_empty() {
            return self.complain("there is no key yet; I takes one in, 'ninety key new' makes one");
        }
        let items = keys.iter().map(|key| self.key_item(key)).collect();
        let mut picker = Picker::new("keys".to_owned(), Vec::new(), items);
        let reporter = self.reading.dossier.as_ref().map(|dossier| text::line(&dossier.case.reporter.email));
        if let Some(reporter) = reporter.filter(|_| self.focus == Pane::Pgp) {
            picker.input = Input::new(reporter);
        }
        self.show(Overlay::Picker(picker))
    }

    fn key_item(&self, key: &KeyListing) -> Item {
        let name = key.user_ids.first().map_or_else(|| "without a name".to_owned(), |id| text::line(id));
        let whose = if key.secret { "team" } else { "    " };
        let trust = match key.trust() {
            Some(Trust::Candidate) => "CHANGED KEY".to_owned(),
            Some(trust) => trust.to_string(),
            None => "not used yet".to_owned(),
        };
        let state = match key.expires {
            _ if key.is_locked => "locked".to_owned(),
            Some(at) if key.is_usable && at - self.now < chrono::TimeDelta::days(90) => {
                format!("ends in {}d", (at - self.now).num_days())
            }
            _ if key.is_usable => trust,
            _ => text::line(&key.fitness).chars().take(24).collect(),
        };
        Item {
            text: format!("{whose} {name}  {}", key.fingerprint),
            aside: state,
            refusal: None,
            choice: Choice::Key(key.fingerprint.clone()),
        }
    }

    pub(super) fn pressed_in_card(&mut self, key: Key) -> Vec<Effect> {
        let size = self.size;
        let Some(Overlay::Card { card, top }) = &mut self.overlay else { return Vec::new() };
        let last = crate::console::view::card_last_top(card, size);
        let (fingerprint, name) = (card.fingerprint.clone(), card.name.clone());
        match key.code {
            Code::Char('q') => self.overlay = None,
            Code::Char('j') | Code::Down => *top = (*top + 1).min(last),
            Code::Char('k') | Code::Up => *top = top.saturating_sub(1),
            Code::Char(' ' | 'f' | 'd') | Code::PageDown => *top = (*top + PAGE).min(last),
            Code::Char('b' | 'u') | Code::PageUp => *top = top.saturating_sub(PAGE),
            Code::Char('v') => {
                return self.open_key_prompt(Purpose::Verify(fingerprint), name, String::new());
            }
            Code::Char('x') => {
                let file = format!("{fingerprint}.asc");
                return self.open_key_prompt(Purpose::ExportKey(fingerprint), name, file);
            }
            Code::Char('R') => {
                let question = format!("no longer encrypt to {name}, nor trust what it signs?");
                return self.show(Overlay::Confirm { question, yes: Yes::Work(Task::Retire(fingerprint)) });
            }
            _ => {}
        }
        Vec::new()
    }

    fn open_key_prompt(&mut self, purpose: Purpose, name: String, text: String) -> Vec<Effect> {
        let effects = self.open_prompt(purpose, text);
        if let Some(Overlay::Prompt(prompt)) = &mut self.overlay {
            prompt.about = name;
        }
        effects
    }

    /// Takes the prompts that are about keys and files; `None` for the others.
    pub(super) fn submit_about_keys(&mut self) -> Option<Vec<Effect>> {
        let Some(Overlay::Prompt(prompt)) = &mut self.overlay else { return None };
        let purpose = prompt.purpose.clone();
        let is_ours = matches!(
            purpose,
            Purpose::Passphrase
                | Purpose::SaveAs(_)
                | Purpose::WriteFile(..)
                | Purpose::Verify(_)
                | Purpose::ImportKeys
                | Purpose::ExportKey(_)
        );
        if !is_ours {
            return None;
        }
        let typed = Zeroizing::new(prompt.input.value_and_reset());
        let case = prompt.targets.first().copied();
        self.overlay = None;
        let words = typed.trim();
        if words.is_empty() {
            self.answering = None;
            return Some(self.say("nothing done"));
        }
        let task = match purpose {
            Purpose::Passphrase => Task::Unlock(Password::from(typed.as_str())),
            Purpose::SaveAs(bytes) => Task::Save { path: words.to_owned(), bytes },
            Purpose::WriteFile(message, number) => {
                Task::WriteFile { case: case?, message, number, path: words.to_owned() }
            }
            Purpose::Verify(fingerprint) => Task::Verify(fingerprint, words.to_owned()),
            Purpose::ImportKeys => Task::ImportKeys(words.to_owned()),
            Purpose::ExportKey(fingerprint) => Task::ExportKey(fingerprint, words.to_owned()),
            _ => return None,
        };
        self.unsaved += 1;
        Some(vec![Effect::Work(task)])
    }
}
