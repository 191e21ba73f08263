//! `ninety list`: the queue as text or JSON.

use std::fmt::Write as _;
use std::process::ExitCode;

use chrono::{DateTime, Utc};
use serde_json::Value;
use unicode_width::UnicodeWidthStr as _;

use super::args::Seat;
use super::{Complaint, Output, Result, json, process};
use crate::desk::Desk;
use crate::text;
use crate::triage::clock::countdown;
use crate::triage::message::Encryption;
use crate::triage::{CaseKey, Query, Row};

/// Lists the cases that the query asks for, in its order.
pub(super) fn run(seat: &Seat, words: &[String], output: &mut Output) -> Result<ExitCode> {
    let mut desk = seat.open()?;
    let joined = joined(words);
    let query = match joined.trim().strip_prefix('@') {
        Some(view) => process::view_query(&desk.rules().views, view, desk.actor())?,
        None => Query::read(&joined, desk.actor()).map_err(|misread| {
            Complaint::misread(misread.to_string()).hint("'ninety list --help' shows what a query can say")
        })?,
    };
    cases(&mut desk, &query, output)
}

/// The cases that `query` asks for, in its order. Of those that are restricted
/// to others it only tells that they exist.
pub(super) fn cases(desk: &mut Desk, query: &Query, output: &mut Output) -> Result<ExitCode> {
    let keys = desk.order(query)?;
    if output.is_json() {
        let cases = keys.iter().map(|key| shape(desk, *key)).collect::<Result<Value>>()?;
        output.answer(String::new, || cases)?;
    } else {
        let table = table(desk, &keys)?;
        output.answer(|| table, || Value::Null)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn shape(desk: &Desk, key: CaseKey) -> Result<Value> {
    match desk.case(key) {
        Ok(case) => Ok(json::case_at(desk, &case)),
        Err(crate::desk::Error::Restricted(id)) => Ok(serde_json::json!({ "id": id, "restricted": true })),
        Err(error) => Err(error.into()),
    }
}

/// The words as one query; a word that the shell kept together stays together,
/// unless it is written in the language itself.
pub(super) fn joined(words: &[String]) -> String {
    let quoted = |word: &String| {
        let whole = word.contains(char::is_whitespace) && !word.contains(['"', ':', '(', '|']);
        if whole && words.len() > 1 { format!("\"{word}\"") } else { word.clone() }
    };
    words.iter().map(quoted).collect::<Vec<_>>().join(" ")
}

/// Columns that an owner's name has at most.
const OWNER: usize = 10;

/// The least widths of the columns before the title.
const WIDTHS: [usize; 6] = [14, 3, 20, 12, OWNER, 4];

/// The rows in columns as wide as what stands in them, a blank between them at least.
fn table(desk: &Desk, keys: &[CaseKey]) -> Result<String> {
    let rows = desk.rows(keys)?;
    let cells: Vec<[String; 6]> = rows.iter().map(|row| cells(row, desk.now())).collect();
    let mut widths = WIDTHS;
    for (column, width) in widths.iter_mut().enumerate() {
        *width = cells.iter().map(|row| row[column].width()).fold(*width, usize::max);
    }
    let mut table = String::new();
    for (row, cells) in rows.iter().zip(&cells) {
        // Why there is no more follows at once.
        let shown = if row.is_hidden { 1 } else { cells.len() };
        for (cell, width) in cells.iter().zip(widths).take(shown) {
            let _ = write!(table, "{cell}{:blanks$} ", "", blanks = width.saturating_sub(cell.width()));
        }
        let _ = writeln!(table, "{}", text::line(&row.title));
    }
    if table.is_empty() {
        table.push_str("no case\n");
    }
    Ok(table)
}

/// What stands before the title of a row; of a restricted one its identifier
/// alone, so that not even a width tells more. Safe text.
fn cells(row: &Row, now: DateTime<Utc>) -> [String; 6] {
    if row.is_hidden {
        return [
            text::line(&row.id),
            String::new(),
            String::new(),
            String::new(),
            String::new(),
            String::new(),
        ];
    }
    [
        text::line(&row.id),
        row.priority.map_or("-".to_owned(), |priority| priority.to_string()),
        row.due.map_or(String::new(), |due| format!("{} {}", due.kind, countdown(due.at, now))),
        row.state.to_string(),
        text::fit(&text::line(row.assignee.as_deref().unwrap_or("-")), OWNER),
        flags(row),
    ]
}

/// `E` encrypted, `X` encrypted but not opened, `!` exploited, `*` unread.
fn flags(row: &Row) -> String {
    let encrypted = match row.encryption {
        Encryption::None => ' ',
        Encryption::Whole | Encryption::Partial => 'E',
        Encryption::Failed => 'X',
    };
    let mark = |on: bool, mark: char| if on { mark } else { ' ' };
    [encrypted, mark(row.exploited, '!'), mark(row.unread, '*')].iter().collect()
}
