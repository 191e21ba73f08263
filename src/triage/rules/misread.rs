//! What is wrong in a file of rules, and where.

use std::fmt;
use std::ops::Range;

use super::mistake;

/// A place in a text, what is wrong with it and what to write there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misread {
    /// The line, from 1.
    pub line: usize,
    /// The character in it, from 1.
    pub column: usize,
    /// What is wrong, and what to write instead. Safe to show.
    pub problem: String,
}

impl Misread {
    /// `problem` at a span of `text`.
    pub(crate) fn at(text: &str, span: Range<usize>, problem: impl AsRef<str>) -> Self {
        let before = text.get(..span.start).unwrap_or(text);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().map_or(0, |rest| rest.chars().count()) + 1;
        Self { line, column, problem: crate::text::line(problem.as_ref()) }
    }

    /// What `toml` says of `text`.
    pub(crate) fn of(text: &str, error: &toml::de::Error) -> Self {
        let message = error.message().trim().replace('\n', ", ");
        let span = error.span().unwrap_or(0..0);
        let problem = mistake::in_words(text, span.start, &message);
        Self::at(text, span, problem)
    }
}

impl fmt::Display for Misread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}: {}", self.line, self.column, self.problem)
    }
}

impl std::error::Error for Misread {}
