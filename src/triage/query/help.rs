//! What the language tells about itself: its help, and how a word could go on.

use std::fmt::Write as _;

use super::field::{FIELDS, Field, IS, Kind, SORT, names, shorthands};
use crate::triage::words::{code, fold};

/// Columns of the help: it is read on terminals of 80.
const WIDTH: usize = 78;

/// Columns before what a field is.
const INDENT: usize = 20;

/// The language on one page, from the table of its fields.
pub fn help() -> String {
    let mut page = String::from(
        "Terms side by side must all hold; 'or' (also |), 'not' (also a leading -) and\n\
         parentheses join them otherwise, 'or' last. Words are searched in cases and\n\
         messages, the last one as a beginning, \"words in quotation marks\" in this order.\n\n\
         Fields: field:value, field:one,other for either, field:none for those without.\n\
         * stands for any letters; h, d and w are hours, days and weeks from now.\n",
    );
    for field in FIELDS {
        let about = match field.kind {
            Kind::Words(words) => {
                format!("{}: {}", field.about, words().into_iter().map(code).collect::<Vec<_>>().join(", "))
            }
            Kind::Flag => format!("{}: yes, no", field.about),
            _ => field.about.to_owned(),
        };
        entry(&mut page, &field.names().collect::<Vec<_>>().join(", "), &about);
    }
    entry(&mut page, IS, &shorthands().collect::<Vec<_>>().join(", "));
    entry(
        &mut page,
        SORT,
        &format!("fields, the first counts most, - turns one round: {SORT}:due,-received"),
    );
    page.push_str(
        "\nClosed cases are left out unless something in them is unread; is:all, is:closed,\n\
         state:closed, a resolution and one whole id ask for them.\n\n\
         Example:\n  state:new prio:<=1 due:<7d assignee:me product:web* exploited:yes -tag:noise\n  \
         \"use after free\"",
    );
    page
}

/// A line of the list, and as many more as it takes.
fn entry(page: &mut String, names: &str, about: &str) {
    let _ = write!(page, "  {names:<width$}", width = INDENT - 2);
    let mut column = INDENT;
    // Names that fill their column have the next line to themselves.
    if names.len() + 2 >= INDENT {
        let _ = write!(page, "\n{:INDENT$}", "");
        column = INDENT;
    }
    for word in about.split(' ') {
        if column + word.len() > WIDTH {
            page.truncate(page.trim_end().len());
            let _ = write!(page, "\n{:INDENT$}", "");
            column = INDENT;
        }
        page.push_str(word);
        page.push(' ');
        column += word.len() + 1;
    }
    page.truncate(page.trim_end().len());
    page.push('\n');
}

/// How the end of a query could go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    /// Byte offset from which a word of `words` goes in.
    pub from: usize,
    /// What could stand there, in the order of the help.
    pub words: Vec<String>,
}

/// What the word at the end of `typed` could become: names of fields with
/// their colon, or values where they are a closed set.
pub fn complete(typed: &str) -> Completion {
    let from = typed
        .rfind(|sign: char| sign.is_whitespace() || matches!(sign, '(' | '|' | '"'))
        .map_or(0, |at| at + typed[at..].chars().next().map_or(0, char::len_utf8));
    let dashes = typed[from..].len() - typed[from..].trim_start_matches('-').len();
    let from = from + dashes;
    match typed[from..].split_once(':') {
        None => {
            let begun = &typed[from..];
            let fits = |name: &&str| !begun.is_empty() && begins(name, begun);
            Completion { from, words: names().filter(fits).map(|name| format!("{name}:")).collect() }
        }
        Some((name, value)) => {
            let last = value.rfind([',', '-']).filter(|at| value.as_bytes()[*at] == b',' || name == SORT);
            let from = from + name.len() + 1 + last.map_or(0, |at| at + 1);
            let begun = &typed[from..];
            let words = values(name).into_iter().filter(|word| begins(word, begun)).collect();
            Completion { from, words }
        }
    }
}

fn begins(word: &str, begun: &str) -> bool {
    let folded = fold(begun);
    begun.is_empty() || (!folded.is_empty() && fold(word).starts_with(&folded))
}

fn values(name: &str) -> Vec<String> {
    if name.eq_ignore_ascii_case(IS) {
        shorthands().map(str::to_owned).collect()
    } else if name.eq_ignore_ascii_case(SORT) {
        FIELDS.iter().filter(|field| field.sorts()).map(|field| field.name.to_owned()).collect()
    } else {
        Field::named(name).map(Field::values).unwrap_or_default()
    }
}
