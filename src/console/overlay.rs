//! What can lie over the panes: one enum, so that two at once cannot be written.

use tui_input::Input;

use crate::desk::Order;
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
        /// What is decided on yes.
        orders: Vec<Order>,
    },
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
