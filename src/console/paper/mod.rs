//! The panes about one case, typeset: facts, messages and events as lines of
//! roles. `update` typesets when something changed; `view` only picks a window.
//!
//! Everything foreign passes `text` here. Knows no colours: roles become
//! styles in `look`.

mod detail;
mod explain;
mod facts;
mod left;
mod pgp;
mod timeline;

pub use detail::detail;
pub use explain::explain;
pub use facts::counted;
pub use pgp::pgp;
pub use timeline::timeline;

pub use crate::text::wrap;

use chrono::{DateTime, Utc};
use unicode_width::UnicodeWidthStr as _;

use super::zone::Zone;
use crate::triage::calendar::Calendar;

/// Widest line of running text, in columns: longer ones are hard to read.
const MEASURE: usize = 100;

/// What a piece of text is, which decides how it looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Ordinary text.
    Plain,
    /// Less important.
    Faint,
    /// A name in front of a value.
    Label,
    /// The one thing to see.
    Strong,
    /// The line above a message.
    Heading,
    /// Quoted from an earlier message.
    Quote,
    /// As it should be.
    Good,
    /// To be looked at.
    Warn,
    /// Wrong, late or dangerous.
    Bad,
}

/// Text in one role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// What it is.
    pub role: Role,
    /// Safe text without line breaks.
    pub text: String,
}

/// One line of a sheet.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Line(pub Vec<Piece>);

impl Line {
    /// A line in one role.
    pub fn of(role: Role, text: impl Into<String>) -> Self {
        Self(vec![Piece { role, text: text.into() }])
    }

    /// Whether a message begins here.
    pub fn is_heading(&self) -> bool {
        self.0.first().is_some_and(|piece| piece.role == Role::Heading)
    }
}

/// A typeset pane with the line at its top.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sheet {
    /// All lines.
    pub lines: Vec<Line>,
    /// Index of the first line shown.
    pub top: usize,
}

impl Sheet {
    /// The lines in a window of `height`.
    pub fn window(&self, height: usize) -> &[Line] {
        let top = self.top.min(self.lines.len());
        let end = (top + height).min(self.lines.len());
        self.lines.get(top..end).unwrap_or_default()
    }

    /// The last possible `top` for a window of `height`.
    pub fn last_top(&self, height: usize) -> usize {
        self.lines.len().saturating_sub(height.max(1))
    }

    /// Shows `top`, or the nearest line that fills the window.
    pub fn scroll_to(&mut self, top: usize, height: usize) {
        self.top = top.min(self.last_top(height));
    }
}

/// What typesetting has to know besides the case.
#[derive(Debug, Clone, Copy)]
pub struct Setting<'a> {
    /// Columns of the pane.
    pub width: usize,
    /// The present, for words like `13h ago`.
    pub now: DateTime<Utc>,
    /// The zone that times are shown in.
    pub zone: Zone,
    /// Whether quoted text is shown in full.
    pub unfolded: bool,
    /// The team's calendar, for working days.
    pub calendar: &'a Calendar,
}

/// A blank at which no line ends; it is shown as any other.
const UNBROKEN: char = '\u{a0}';

/// The same words on one line, where the line has room for them.
fn unbroken(piece: Piece) -> Piece {
    Piece { text: piece.text.replace(' ', &UNBROKEN.to_string()), ..piece }
}

/// Columns of the longest label with its distance.
const LABEL: usize = 11;

impl Setting<'_> {
    /// `label  value`, the value wrapped with a hanging indent.
    fn fact(&self, label: &str, value: Vec<Piece>) -> Vec<Line> {
        let indent = if self.width >= 36 { LABEL } else { 2 };
        let mut lines = self.hang(indent, &value);
        let head = Piece { role: Role::Label, text: format!("{label:<indent$}") };
        if indent == LABEL {
            if let Some(first) = lines.first_mut().and_then(|line| line.0.first_mut()) {
                *first = head;
            }
        } else {
            lines.insert(0, Line(vec![head]));
        }
        lines
    }

    /// Pieces wrapped to the width, every line indented.
    fn hang(&self, indent: usize, pieces: &[Piece]) -> Vec<Line> {
        let room = self.width.saturating_sub(indent).max(1);
        let fresh = || Line(vec![Piece { role: Role::Plain, text: " ".repeat(indent) }]);
        let mut lines = vec![fresh()];
        let mut used = 0;
        for Piece { role, text } in pieces {
            for word in text.split_inclusive(' ') {
                let bare = word.trim_end().width();
                if used > 0 && used + bare > room {
                    lines.push(fresh());
                    used = 0;
                }
                for part in wrap::wrap(word.trim_end(), room) {
                    if used > 0 && used + part.width() > room {
                        lines.push(fresh());
                        used = 0;
                    }
                    used += part.width();
                    push(&mut lines, *role, &part.replace(UNBROKEN, " "));
                }
                let blank = word.len() - word.trim_end().len();
                if blank > 0 && used > 0 && used < room {
                    push(&mut lines, *role, " ");
                    used += 1;
                }
            }
        }
        lines
    }
}

/// Appends to the last line, to its last piece where that has the same role.
fn push(lines: &mut [Line], role: Role, text: &str) {
    let Some(line) = lines.last_mut() else { return };
    let first = line.0.len() == 1;
    match line.0.last_mut() {
        Some(last) if last.role == role && !first => last.text.push_str(text),
        _ => line.0.push(Piece { role, text: text.to_owned() }),
    }
}

/// A piece of foreign text on one line.
fn foreign(role: Role, text: &str) -> Piece {
    Piece { role, text: crate::text::line(text) }
}

/// A piece of our own words.
fn ours(role: Role, text: impl Into<String>) -> Piece {
    Piece { role, text: text.into() }
}

/// A person as `Name <address>`. Foreign text made safe.
fn person(person: &crate::triage::Person) -> String {
    let shown = match (person.name.is_empty(), person.email.is_empty()) {
        (true, true) => "unknown".to_owned(),
        (true, false) => person.email.clone(),
        (false, true) => person.name.clone(),
        (false, false) => format!("{} <{}>", person.name, person.email),
    };
    crate::text::line(&shown)
}

/// `7C1E 44D2 ...`: hexadecimal in groups of four.
fn grouped(fingerprint: &str) -> String {
    let safe = crate::text::line(fingerprint);
    let characters: Vec<char> = safe.chars().collect();
    let groups: Vec<String> = characters.chunks(4).map(|group| group.iter().collect()).collect();
    groups.join(" ")
}

/// The line above a message: `── mail 1 of 2 · in · Mara Lindt · 23 Nov 09:02 ──`.
fn heading(setting: &Setting<'_>, text: &str) -> Line {
    let fitted = crate::text::fit(text, setting.width.saturating_sub(4));
    let tail = setting.width.saturating_sub(fitted.width() + 4);
    Line::of(Role::Heading, format!("── {fitted} {}", "─".repeat(tail)))
}

#[cfg(test)]
mod tests {
    use super::*;

    static CALENDAR: std::sync::LazyLock<Calendar> = std::sync::LazyLock::new(Calendar::default);

    fn setting(width: usize) -> Setting<'static> {
        let now = "2026-11-23T22:00:00Z".parse().unwrap();
        let zone = Zone::Fixed(chrono::FixedOffset::east_opt(3600).unwrap());
        Setting { width, now, zone, unfolded: false, calendar: &CALENDAR }
    }

    fn text(lines: &[Line]) -> Vec<String> {
        lines.iter().map(|line| line.0.iter().map(|piece| piece.text.as_str()).collect()).collect()
    }

    #[test]
    fn facts_hang_under_their_label() {
        let lines =
            setting(36).fact("publish", vec![ours(Role::Plain, "in ninety days or a little earlier")]);
        assert_eq!(text(&lines), ["publish    in ninety days or a ", "           little earlier"]);
    }

    #[test]
    fn a_word_longer_than_the_line_goes_over_several() {
        let lines = setting(20).hang(10, &[ours(Role::Plain, "x".repeat(25))]);
        assert_eq!(lines.len(), 3);
    }

    #[test]
    fn a_window_never_leaves_the_sheet() {
        let mut sheet = Sheet { lines: vec![Line::default(); 10], top: 0 };
        sheet.scroll_to(99, 4);
        assert_eq!((sheet.top, sheet.window(4).len()), (6, 4));
        sheet.scroll_to(3, 40);
        assert_eq!(sheet.top, 0);
    }
}
