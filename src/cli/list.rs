//! `ninety list`: the queue as text or JSON.

use std::fmt::Write as _;
use std::process::ExitCode;

use serde_json::Value;

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

fn table(desk: &Desk, keys: &[CaseKey]) -> Result<String> {
    let mut table = String::new();
    for row in desk.rows(keys)? {
        if row.is_hidden {
            let _ = writeln!(table, "{:<14} {}", row.id, text::line(&row.title));
            continue;
        }
        let due =
            row.due.map_or(String::new(), |due| format!("{} {}", due.kind, countdown(due.at, desk.now())));
        let _ = writeln!(
            table,
            "{:<14} {:<3} {:<20} {:<12} {:<10} {:<4} {}",
            row.id,
            row.priority.map_or("-".to_owned(), |priority| priority.to_string()),
            due,
            row.state,
            text::fit(&text::line(row.assignee.as_deref().unwrap_or("-")), 10),
            flags(&row),
            text::line(&row.title),
        );
    }
    if table.is_empty() {
        table.push_str("no case\n");
    }
    Ok(table)
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
