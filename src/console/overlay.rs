//! What can lie over the panes: one enum, so that two at once cannot be written.

use tui_input::Input;

use super::board::Board;
use super::msg::{Card, Task};
use crate::desk::Order;
use crate::desk::answer::{Draft, Plan};
use crate::triage::{CaseKey, State};

/// Something over the panes that takes the keys.
#[derive(Debug)]
pub enum Overlay {
    /// All commands with their keys.
    Help {
        /// Index of the first line shown.
        top: usize,
    },
    /// A list to choose from, narrowed by typing.
    Picker(Picker),
    /// One line to be typed, at the foot of the screen.
    Prompt(Prompt),
    /// A question to be answered with y or n.
    Confirm {
        /// The question. Safe text.
        question: String,
        /// What happens on yes.
        yes: Yes,
    },
    /// An answer that was written, before it is kept.
    Letter(Box<Letter>),
    /// Figures over what happened, on the whole screen.
    Statistics(Board),
    /// A key in full.
    Card {
        /// The key.
        card: Box<Card>,
        /// Index of the first line shown.
        top: usize,
    },
}

/// What happens when a question is answered with yes.
#[derive(Debug, Clone, PartialEq)]
pub enum Yes {
    /// These are decided.
    Decide(Vec<Order>),
    /// This is done.
    Work(Task),
}

/// An answer that was written, before it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// How it will travel.
    pub plan: Plan,
    /// What was written.
    pub draft: Draft,
    /// The text as it was edited, with the lines on top.
    pub edited: String,
}

/// What a prompt is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Purpose {
    /// Narrow the queue while typing.
    Filter {
        /// The query before, restored by Esc.
        before: String,
        /// The case that the cursor was on before.
        on: Option<CaseKey>,
    },
    /// A disclosure date.
    Date,
    /// A note.
    Note,
    /// A title.
    Title,
    /// A product.
    Product,
    /// The passphrase of a key of the team; then the answer goes on, if one waits.
    Passphrase,
    /// Where an answer is written to.
    SaveAs(Vec<u8>),
    /// How a fingerprint was compared.
    Verify(String),
    /// The file that keys are taken from.
    ImportKeys,
    /// The file that a certificate is written to.
    ExportKey(String),
}

impl Purpose {
    /// What stands in front of the line.
    pub fn label(&self) -> &'static str {
        match self {
            Purpose::Filter { .. } => "filter",
            Purpose::Date => "publish",
            Purpose::Note => "note",
            Purpose::Title => "title",
            Purpose::Product => "product",
            Purpose::Passphrase => "passphrase of",
            Purpose::SaveAs(_) => "write as .eml:",
            Purpose::Verify(_) => "how did you compare",
            Purpose::ImportKeys => "take keys in from",
            Purpose::ExportKey(_) => "write certificate of",
        }
    }
}

/// A line being typed.
#[derive(Debug)]
pub struct Prompt {
    /// What it is for.
    pub purpose: Purpose,
    /// The cases that it is about, as of when it was opened.
    pub targets: Vec<CaseKey>,
    /// The targets in words. Safe text.
    pub about: String,
    /// The line.
    pub input: Input,
    /// What Enter would do, or what is wrong. Safe text.
    pub hint: Result<String, String>,
}

/// What is chosen in a picker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Choice {
    /// A command, from the palette.
    Command(super::commands::Command),
    /// An assignee, or nobody.
    Assignee(Option<String>),
    /// A state.
    State(State),
    /// A resolution: the case closes.
    Resolution(crate::triage::Resolution),
    /// A key, to be shown in full.
    Key(String),
}

/// One line of a picker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// What is read. Safe text.
    pub text: String,
    /// What stands at the right: a key, a reason. Safe text.
    pub aside: String,
    /// Why it cannot be chosen now. Safe text.
    pub refusal: Option<String>,
    /// What choosing it means.
    pub choice: Choice,
}

/// A list to choose from.
#[derive(Debug)]
pub struct Picker {
    /// What is chosen. Safe text.
    pub title: String,
    /// The cases that it is about, as of when it was opened.
    pub targets: Vec<CaseKey>,
    /// All lines.
    pub items: Vec<Item>,
    /// What was typed to narrow them.
    pub input: Input,
    /// Index of the chosen line among the matching ones.
    pub chosen: usize,
    /// Whether a name that is not in the list may be typed.
    pub is_open: bool,
}

impl Picker {
    /// A picker with nothing typed yet.
    pub fn new(title: String, targets: Vec<CaseKey>, items: Vec<Item>) -> Self {
        Self { title, targets, items, input: Input::default(), chosen: 0, is_open: false }
    }

    /// The lines that match what was typed: every word, anywhere.
    pub fn matching(&self) -> Vec<&Item> {
        let typed = self.input.value().to_lowercase();
        let words: Vec<&str> = typed.split_whitespace().collect();
        let fits = |item: &&Item| {
            let text = item.text.to_lowercase();
            words.iter().all(|word| text.contains(word))
        };
        self.items.iter().filter(fits).collect()
    }

    /// The line that Enter would choose. An open picker makes one of what was
    /// typed where nothing matches.
    pub fn choice(&self) -> Option<Item> {
        if let Some(item) = self.matching().get(self.chosen) {
            return Some((*item).clone());
        }
        let typed = self.input.value().trim();
        (self.is_open && !typed.is_empty()).then(|| Item {
            text: crate::text::line(typed),
            aside: "new".to_owned(),
            refusal: None,
            choice: Choice::Assignee(Some(typed.to_owned())),
        })
    }
}
