//! What can lie over the panes: one enum, so that two at once cannot be written.

use tui_input::Input;

use super::assess::{Asking, Saying, Scoring};
use super::board::Board;
use super::drill::Line;
use super::msg::{Card, Task};
use crate::desk::Order;
use crate::desk::answer::{Draft, Plan};
use crate::drill::Control;
use crate::triage::proposal::Flaw;
use crate::triage::{CaseKey, FoundIn, State, Weakness};

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
    /// A question that tells what would happen.
    Question(Box<super::grooming::Question>),
    /// The saved views.
    Views(super::grooming::Views),
    /// A decision with all that follows from it, to be answered with y or n.
    Forecast(Forecast),
    /// A CVSS vector that is edited.
    Scoring(Box<Scoring>),
    /// The questions of SSVC.
    Asking(Box<Asking>),
    /// Why the case in the lower panes stands where it stands, its clocks and its proposal.
    Explain {
        /// Index of the first line shown.
        top: usize,
    },
    /// An answer that was written, before it is kept.
    Letter(Box<Letter>),
    /// Figures over what happened, on the whole screen.
    Statistics(Board),
    /// The drill; the model keeps where it is scrolled to, for it comes back after its questions.
    Drill,
    /// A key in full.
    Card {
        /// The key.
        card: Box<Card>,
        /// Index of the first line shown.
        top: usize,
    },
}

/// A decision with all that follows from it.
#[derive(Debug, Clone, PartialEq)]
pub struct Forecast {
    /// The question. Safe text.
    pub question: String,
    /// What follows, a line each. Safe text.
    pub lines: Vec<String>,
    /// Index of the first line shown.
    pub top: usize,
    /// What happens on yes.
    pub yes: Yes,
}

/// What happens when a question is answered with yes.
#[derive(Debug, Clone, PartialEq)]
pub enum Yes {
    /// These are decided.
    Decide(Vec<Order>),
    /// This is done.
    Work(Task),
    /// This is asked of the drill, whose overlay comes back either way.
    Drill(Control),
    /// The drill ends.
    EndDrill,
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
    /// Lanes, waits, variants, readers.
    Groom(super::grooming::Groom),
    /// A disclosure date.
    Date,
    /// A note.
    Note,
    /// A title.
    Title,
    /// A product.
    Product,
    /// Something about a case in a person's own words.
    Say(Saying),
    /// A whole CVSS vector.
    Vector,
    /// The passphrase of a key of the team; then the answer goes on, if one waits.
    Passphrase,
    /// Where an answer is written to.
    SaveAs(Vec<u8>),
    /// Where an attachment is written to: the message, and its number in the list, from 1.
    WriteFile(i64, usize),
    /// How a fingerprint was compared.
    Verify(String),
    /// The file that keys are taken from.
    ImportKeys,
    /// The file that a certificate is written to.
    ExportKey(String),
    /// Something about the drill.
    Drill(Line),
}

impl Purpose {
    /// What stands in front of the line.
    pub fn label(&self) -> &'static str {
        match self {
            Purpose::Filter { .. } => "filter",
            Purpose::Groom(groom) => groom.label(),
            Purpose::Date => "publish",
            Purpose::Note => "note",
            Purpose::Title => "title",
            Purpose::Product => "product",
            Purpose::Say(saying) => saying.label(),
            Purpose::Vector => "CVSS of",
            Purpose::Passphrase => "passphrase of",
            Purpose::SaveAs(_) => "write as .eml:",
            Purpose::WriteFile(..) => "write in the clear to",
            Purpose::Verify(_) => "how did you compare",
            Purpose::ImportKeys => "take keys in from",
            Purpose::ExportKey(_) => "write certificate of",
            Purpose::Drill(line) => line.label(),
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
    /// The part of the line that cannot be read: byte offsets of its begin and its end.
    pub wrong: Option<std::ops::Range<usize>>,
}

/// What is chosen in a picker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Choice {
    /// A command, from the palette.
    Command(super::commands::Command),
    /// An assignee, or nobody.
    Assignee(Option<String>),
    /// A lane and its steps, a hunt, a template.
    Groom(super::grooming::Pick),
    /// A state.
    State(State),
    /// A resolution: the case closes.
    Resolution(crate::triage::Resolution),
    /// Whom to answer, by the address.
    Reporter(String),
    /// A key, to be shown in full.
    Key(String),
    /// An attachment: the message, and its number in the list, from 1.
    File(i64, usize),
    /// A found-in phase, or none.
    FoundIn(Option<FoundIn>),
    /// A kind of flaw, or none.
    Flaw(Option<Flaw>),
    /// A class of weakness, or none.
    Weakness(Option<Weakness>),
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
    /// What such a name stands for; none where it cannot be read.
    pub read: fn(&str) -> Option<Choice>,
}

impl Picker {
    /// A picker with nothing typed yet.
    pub fn new(title: String, targets: Vec<CaseKey>, items: Vec<Item>) -> Self {
        let read = |typed: &str| Some(Choice::Assignee(Some(typed.to_owned())));
        Self { title, targets, items, input: Input::default(), chosen: 0, is_open: false, read }
    }

    /// The lines that match what was typed: every word, anywhere. The line that
    /// is what was typed comes first, then those that begin so: `closed` is no `disclosed`.
    pub fn matching(&self) -> Vec<&Item> {
        let typed = self.input.value().to_lowercase();
        let words: Vec<&str> = typed.split_whitespace().collect();
        let fits = |item: &&Item| {
            let text = item.text.to_lowercase();
            words.iter().all(|word| text.contains(word))
        };
        let mut found: Vec<&Item> = self.items.iter().filter(fits).collect();
        found.sort_by_key(|item| {
            let text = item.text.to_lowercase();
            (text != typed.trim(), !text.starts_with(typed.trim()))
        });
        found
    }

    /// The line that Enter would choose. An open picker makes one of what was
    /// typed where nothing matches.
    pub fn choice(&self) -> Option<Item> {
        if let Some(item) = self.matching().get(self.chosen) {
            return Some((*item).clone());
        }
        let typed = self.input.value().trim();
        let choice = (self.read)(typed).filter(|_| self.is_open && !typed.is_empty())?;
        Some(Item { text: crate::text::line(typed), aside: "new".to_owned(), refusal: None, choice })
    }
}
