//! What lies over the panes while a queue is groomed: questions about many
//! cases, the list of views, and what prompts and pickers of lanes, waits,
//! variants and readers are for.

use super::overlay::Yes;
use super::paper::Role;
use crate::desk::Order;
use crate::desk::answer::Farewell;
use crate::triage::{Lane, Resolution};

/// What a prompt of this kind is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Groom {
    /// Whom to ask in a lane, and for what.
    Ask(Lane),
    /// What came of a lane's work.
    Finish(Lane),
    /// What the reporter is to send.
    Wait,
    /// What the hunt for variants found.
    Hunted,
    /// Why there is no hunt for variants.
    Waived,
    /// Who alone may see the cases.
    Readers,
}

impl Groom {
    /// What stands in front of the line.
    pub fn label(&self) -> &'static str {
        match self {
            Groom::Ask(_) => "ask",
            Groom::Finish(_) => "what came of it in",
            Groom::Wait => "wait for the reporter in",
            Groom::Hunted => "variants found for",
            Groom::Waived => "why no variant hunt for",
            Groom::Readers => "who may see",
        }
    }
}

/// What is chosen in a picker of this kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pick {
    /// A lane; then what it is to do.
    Lane(Lane),
    /// A step of a lane.
    Step(Lane, Step),
    /// How the hunt for variants stands.
    Hunt(Hunt),
    /// A template; then how the cases end.
    Template(String),
    /// How cases end that are answered from this template.
    Farewell(String, Resolution),
}

/// A step of a lane.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// It is asked.
    Ask,
    /// I take it.
    Accept,
    /// Its part is done.
    Finish,
    /// It is not needed.
    Drop,
}

/// How a hunt for variants stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hunt {
    /// It is over.
    Done,
    /// It is not to be.
    Waived,
    /// It is still to be done.
    Open,
}

/// A question that tells what would happen before it does.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// What is asked about. Safe text.
    pub title: String,
    /// What would happen. Safe text.
    pub lines: Vec<(Role, String)>,
    /// What can be answered besides Esc; one of them is `y` where anything can be done.
    pub answers: Vec<Answer>,
    /// Index of the first line shown.
    pub top: usize,
    /// What is still being found out; until then there is nothing to say yes to.
    pub awaits: Awaited,
}

/// What a question waits for.
#[derive(Debug, Clone, PartialEq)]
pub enum Awaited {
    /// Nothing: it tells everything.
    Nothing,
    /// What these would do.
    Preview(Vec<Order>),
    /// What this would do.
    Farewell(Farewell),
}

/// One answer to a question.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The key that gives it.
    pub key: char,
    /// What it means, for the foot of the box. Safe text.
    pub words: String,
    /// What happens then; `None` does nothing.
    pub then: Option<Yes>,
}

impl Answer {
    /// An answer that does something.
    pub fn doing(key: char, words: impl Into<String>, then: Yes) -> Self {
        Self { key, words: words.into(), then: Some(then) }
    }

    /// The answer that does nothing.
    pub fn no() -> Self {
        Self { key: 'n', words: "no".to_owned(), then: None }
    }
}

impl Question {
    /// A question that is still being looked into.
    pub fn awaiting(title: String, awaits: Awaited) -> Self {
        let lines = vec![(Role::Faint, "looking what that would do ...".to_owned())];
        Self { title, lines, answers: vec![Answer::no()], top: 0, awaits }
    }

    /// The answers for the foot: `y do it · n no`.
    pub fn foot(&self) -> String {
        let answers: Vec<String> =
            self.answers.iter().map(|answer| format!("{} {}", answer.key, answer.words)).collect();
        answers.join(" · ")
    }
}

/// The saved views, to choose one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Views {
    /// How many cases each of them shows, in their order, once that is known.
    pub counts: Vec<usize>,
    /// Index of the chosen one.
    pub chosen: usize,
}
