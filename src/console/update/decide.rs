//! Decisions: from a command to orders for the desk.

use crate::console::commands::Command;
use crate::console::model::{Answering, Model};
use crate::console::msg::{Effect, Task};
use crate::console::overlay::{Choice, Item, Overlay, Picker, Purpose};
use crate::desk::Order;
use crate::text;
use crate::triage::{CaseKey, Decision, Priority, Resolution, State};

impl Model {
    /// Runs a command that decides something about the targets.
    pub(super) fn run_decision(&mut self, command: Command) -> Vec<Effect> {
        if let Some(effects) = self.run_judgement(command) {
            return effects;
        }
        match command {
            Command::Take => {
                let me = self.actor.clone();
                self.decide_or_ask(Decision::Assignee(Some(me)))
            }
            Command::Assign => self.open_assign(),
            Command::Priority0 => self.prioritise(0),
            Command::Priority1 => self.prioritise(1),
            Command::Priority2 => self.prioritise(2),
            Command::Priority3 => self.prioritise(3),
            Command::Priority4 => self.prioritise(4),
            Command::NoPriority => self.decide_or_ask(Decision::Priority(None)),
            Command::State => self.open_states(),
            Command::Date => self.open_prompt(Purpose::Date, String::new()),
            Command::Exploited => self.ask_exploited(),
            Command::Note => {
                let draft = std::mem::take(&mut self.draft);
                self.open_prompt(Purpose::Note, draft)
            }
            Command::LongNote => {
                self.editing = self.targets();
                vec![Effect::Edit("note.txt", self.draft.clone())]
            }
            Command::Title => self.open_title(),
            Command::Lanes => self.open_lanes(),
            Command::Wait => self.wait_or_go_on(),
            Command::Demand => self.ask_demand(),
            Command::Variants => self.open_variants(),
            Command::Restrict => self.open_readers(),
            Command::Product => self.open_prompt(Purpose::Product, String::new()),
            Command::MarkUnread => self.decide_or_ask(Decision::Unread(true)),
            _ => Vec::new(),
        }
    }

    fn prioritise(&mut self, level: u8) -> Vec<Effect> {
        self.decide_or_ask(Decision::Priority(Priority::new(level)))
    }

    pub(super) fn decide_or_ask(&mut self, decision: Decision) -> Vec<Effect> {
        let orders = self.orders(&self.targets(), &decision);
        self.decide_all(orders)
    }

    /// The orders of one decision about `targets`, each with the version that the screen shows.
    pub(super) fn orders(&self, targets: &[CaseKey], decision: &Decision) -> Vec<Order> {
        let order = |key: &CaseKey| Order {
            case: *key,
            seen: self.queue.rows.get(key).map(|row| row.version),
            decision: decision.clone(),
        };
        targets.iter().map(order).collect()
    }

    /// Sends orders to the desk. They are acknowledged when they are committed.
    pub(super) fn decide(&mut self, orders: Vec<Order>) -> Vec<Effect> {
        if orders.is_empty() {
            return Vec::new();
        }
        self.unsaved += 1;
        vec![Effect::Work(Task::Decide(orders))]
    }

    fn open_title(&mut self) -> Vec<Effect> {
        if self.targets().len() > 1 {
            return self.complain("title: a title belongs to one case; Esc drops the marks");
        }
        let title = self.current_row().map(|row| text::line(&row.title)).unwrap_or_default();
        self.open_prompt(Purpose::Title, title)
    }

    fn open_assign(&mut self) -> Vec<Effect> {
        let item = |name: &str, aside: &str, choice: Option<String>| Item {
            text: name.to_owned(),
            aside: aside.to_owned(),
            refusal: None,
            choice: Choice::Assignee(choice),
        };
        let mut items = vec![item(&text::line(&self.actor), "me", Some(self.actor.clone()))];
        let others = self.people.iter().filter(|name| **name != self.actor);
        items.extend(others.map(|name| item(&text::line(name), "", Some(name.clone()))));
        items.push(item("nobody", "", None));
        let mut picker = Picker::new(format!("assign {} to", self.targets_in_words()), self.targets(), items);
        picker.is_open = true;
        self.show(Overlay::Picker(picker))
    }

    /// Only the states that may follow; for several cases, those that may follow one of them.
    fn open_states(&mut self) -> Vec<Effect> {
        let targets = self.targets();
        let from: Vec<State> =
            targets.iter().filter_map(|key| self.queue.rows.get(key)).map(|row| row.state).collect();
        let may_follow =
            |state: &State| from.is_empty() || from.iter().any(|from| from.next().contains(state));
        let items = State::ALL.into_iter().filter(may_follow).map(|state| Item {
            text: state.to_string(),
            aside: if state == State::Closed { "asks how".to_owned() } else { String::new() },
            refusal: None,
            choice: Choice::State(state),
        });
        let picker =
            Picker::new(format!("state of {}", self.targets_in_words()), targets.clone(), items.collect());
        self.show(Overlay::Picker(picker))
    }

    /// How a case ended, asked before it is closed.
    pub(super) fn open_resolutions(&mut self, targets: Vec<CaseKey>) -> Vec<Effect> {
        let states: Vec<State> =
            targets.iter().filter_map(|key| self.queue.rows.get(key)).map(|row| row.state).collect();
        let refusal = |resolution: Resolution| {
            let refused = states.iter().map(|state| state.step(State::Closed, Some(resolution)));
            // Several cases: the desk says which of them cannot.
            let all: Result<Vec<()>, _> = refused.collect();
            all.err().filter(|_| states.len() == 1).map(|refusal| refusal.to_string())
        };
        let item = |resolution: Resolution| Item {
            text: resolution.to_string(),
            aside: if refusal(resolution).is_some() { "not yet".to_owned() } else { String::new() },
            refusal: refusal(resolution),
            choice: Choice::Resolution(resolution),
        };
        let items = Resolution::ALL.into_iter().map(item).collect();
        let picker = Picker::new(format!("close {} as", self.targets_in_words()), targets, items);
        self.show(Overlay::Picker(picker))
    }

    pub(super) fn edited(&mut self, result: Result<String, String>) -> Vec<Effect> {
        if let Some(Answering::Writing(plan, begun)) = self.answering.take() {
            return self.answer_written(plan, &begun, result);
        }
        let targets = std::mem::take(&mut self.editing);
        match result {
            Err(why) => self.complain(why),
            Ok(text) if text.trim().is_empty() => self.say("no note: the text was empty"),
            Ok(text) => {
                self.draft.clear();
                let note = Decision::Note(text.trim_end().to_owned());
                let orders = self.orders(&targets, &note);
                self.decide_all(orders)
            }
        }
    }
}
