//! The query language: which cases to show, and in which order. The same in the
//! console's filter, in saved views, in `list`, and wherever cases are chosen.
//!
//! ```text
//! query  = [ either ]
//! either = both { ( "or" | "|" ) both }
//! both   = { term [ "and" ] }                all of them
//! term   = ( "not" | "-" ) term | "(" either ")" | word | "phrase" | field ":" value { "," value }
//! value  = "none" | text, "*" for any letters | [ "<" | "<=" | ">" | ">=" ] bound | bound ".." bound
//! ```
//!
//! - `not` binds closest, then what stands side by side, then `or`:
//!   `a b or not c d` is `(a b) or ((not c) d)`.
//! - The empty query lists the open cases, and closed ones with something
//!   unread. A query that asks for closed ones (`is:all`, `is:closed`,
//!   `state:closed`, a resolution, one identifier written out) looks at all
//!   cases, anywhere but under a `not`; the others look at the listed ones.
//! - Words are looked for in everything that a case and its messages say, the
//!   last word of each as a beginning. Between quotation marks they stand in
//!   this order, and every sign is only itself; `""` is the mark itself there.
//! - A word also finds the identifiers that begin with it, or end with it where
//!   it is their number: `SEC-2026`, `2026-0042`, `0042`.
//! - A comparison does not hold for a case that has no such value, so its `not` does.
//! - `sort:due,-received` says the order; `-` turns a field round. Cases without
//!   the value come last, and what is equal stays in the order of the queue.
//! - `me` is who reads the query. `7d` waits: it is counted from the present in
//!   which the query is answered, dates are days of the reader's zone.
//!
//! What a field is stands in one table, [`FIELDS`]. Nothing here knows how the
//! cases are kept, but for the names of columns in that table.

mod field;
mod help;
mod lexer;
mod parser;
mod print;
mod propose;
mod reading;
mod terms;
mod value;

use std::fmt;

pub use field::{Absent, FIELDS, Field, Kind};
pub use help::{Completion, complete, help};
pub use value::{Moment, Near, Pattern, Span, Test, Unit, Way, Window};

/// Longest query, in bytes.
pub const MAX_LENGTH: usize = 4_096;

/// How deep parentheses and `not` may nest.
pub const MAX_DEPTH: usize = 32;

/// Most words and values in one query: SQLite's statements may be 1,000 deep
/// (<https://sqlite.org/limits.html>), and each word is a search.
pub const MAX_TERMS: usize = 200;

/// Which cases, in which order. The empty one lists what is open.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Query {
    /// What must hold; `None` where nothing is asked.
    pub filter: Option<Expr>,
    /// By what to order, the first first; the order of the queue where it is empty.
    pub sort: Vec<SortKey>,
}

/// Conditions and how they are joined.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expr {
    /// All of them hold; at least two.
    And(Vec<Expr>),
    /// One of them holds; at least two.
    Or(Vec<Expr>),
    /// It does not hold.
    Not(Box<Expr>),
    /// It holds.
    Is(Condition),
}

/// One condition on a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// None: open and closed ones alike.
    Everything,
    /// These words, in this order, the last one as a beginning, anywhere in the case or its messages.
    Text(String),
    /// The field has one of these values.
    Field {
        /// Which field.
        field: &'static Field,
        /// The values; at least one.
        any: Vec<Test>,
    },
}

/// One step of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SortKey {
    /// By which field.
    pub field: &'static Field,
    /// Greatest first.
    pub descending: bool,
}

/// What could not be read: where it stands and what would be right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misread {
    /// Byte offset in the query.
    pub at: usize,
    /// Byte offset behind it.
    pub upto: usize,
    /// What is wrong, with the mend.
    pub why: String,
}

impl fmt::Display for Misread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "at character {}: {}", self.at + 1, self.why)
    }
}

impl std::error::Error for Misread {}

impl Query {
    /// Reads `given`; `me` stands for `actor`.
    ///
    /// # Errors
    /// [`Misread`] points at the place and says what would be right.
    pub fn read(given: &str, actor: &str) -> Result<Self, Misread> {
        parser::read(given, actor)
    }

    /// Whether closed cases are asked for too.
    pub fn wants_closed(&self) -> bool {
        self.filter.as_ref().is_some_and(|filter| filter.wants_closed(false))
    }
}

impl Expr {
    fn wants_closed(&self, negated: bool) -> bool {
        match self {
            Self::And(parts) | Self::Or(parts) => parts.iter().any(|part| part.wants_closed(negated)),
            Self::Not(inner) => inner.wants_closed(!negated),
            Self::Is(condition) => !negated && condition.names_closed(),
        }
    }

    /// Whether it asks for words.
    pub fn has_text(&self) -> bool {
        match self {
            Self::And(parts) | Self::Or(parts) => parts.iter().any(Self::has_text),
            Self::Not(inner) => inner.has_text(),
            Self::Is(condition) => matches!(condition, Condition::Text(_)),
        }
    }
}

impl Condition {
    /// Whether only somebody who wants closed cases says this.
    fn names_closed(&self) -> bool {
        match self {
            Self::Everything => true,
            Self::Text(_) => false,
            Self::Field { field, any } => any.iter().any(|test| match test {
                Test::Word(word) => field.name == "resolution" || (field.name == "state" && word == "closed"),
                Test::Like(pattern) => field.name == "id" && pattern.pieces.len() == 1,
                _ => false,
            }),
        }
    }
}

#[cfg(test)]
mod tests;
