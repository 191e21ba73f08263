//! Keys with their times: what plays a drill without a person.

use std::path::Path;

use chrono::TimeDelta;

use crate::cli::{Complaint, Result};
use crate::console::Key;
use crate::desk;
use crate::drill::Scenario;
use crate::drill::scenario::Span;
use crate::text;

/// Bytes of a script that are read at most.
const MOST: u64 = 1 << 20;

/// A script.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Script {
    pub(super) moments: Vec<Moment>,
}

/// What is done at a moment.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Moment {
    /// Its line in the file, from 1.
    pub(super) line: usize,
    pub(super) when: When,
    pub(super) what: Vec<Step>,
}

/// When.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum When {
    /// So long after the start.
    Start(TimeDelta),
    /// So long after the line before.
    Before(TimeDelta),
    /// So long after an inject.
    Inject(String, TimeDelta),
}

/// What.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// A key.
    Key(Key),
    /// Text that is typed; where an editor is open, all that is written in it.
    Text(String),
    /// Text that is written in the editor above what stands there.
    Above(String),
    /// A command of ninety.
    Command(Vec<String>),
}

/// Reads the script in a file.
pub(super) fn read(file: &Path, scenario: &Scenario) -> Result<Script> {
    use std::io::Read as _;
    let mut text = String::new();
    let read = std::fs::File::open(file).and_then(|file| file.take(MOST).read_to_string(&mut text));
    read.map_err(|source| desk::Error::file(file, source))?;
    let shown = text::line(&file.to_string_lossy());
    parse(&text, scenario).map_err(|(line, why)| Complaint::misread(format!("{shown}, line {line}: {why}")))
}

fn parse(text: &str, scenario: &Scenario) -> std::result::Result<Script, (usize, String)> {
    let mut moments: Vec<Moment> = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let number = number + 1;
        let trimmed = line.trim();
        if trimmed.is_empty() || trimmed.starts_with('#') {
            continue;
        }
        let at = |why: String| (number, why);
        if line.starts_with([' ', '\t']) {
            let nothing = || at("this line goes on from the one before, and there is none".to_owned());
            let last = moments.last_mut().ok_or_else(nothing)?;
            last.what.extend(steps(trimmed).map_err(at)?);
            continue;
        }
        let untimed = || at("write when, a colon, and keys: 10m: j Enter".to_owned());
        let (when, what) = trimmed.split_once(':').ok_or_else(untimed)?;
        let moment = Moment {
            line: number,
            when: self::when(when, scenario).map_err(at)?,
            what: steps(what).map_err(at)?,
        };
        moments.push(moment);
    }
    Ok(Script { moments })
}

fn when(text: &str, scenario: &Scenario) -> std::result::Result<When, String> {
    let text = text.trim();
    let span = |text: &str| Span::read(text).map(|span| span.0);
    if let Some(rest) = text.strip_prefix('@') {
        let (id, after) = rest.split_once(char::is_whitespace).unwrap_or((rest, "0m"));
        let stem = id.rsplit_once('-').map_or(id, |(stem, _)| stem);
        if scenario.inject(id).is_none() && scenario.inject(stem).is_none() {
            return Err(format!("the scenario has no inject '{}'", text::line(id)));
        }
        return Ok(When::Inject(id.to_owned(), span(after.trim().trim_start_matches('+'))?));
    }
    match text.strip_prefix('+') {
        Some(rest) => Ok(When::Before(span(rest)?)),
        None => Ok(When::Start(span(text)?)),
    }
}

fn steps(text: &str) -> std::result::Result<Vec<Step>, String> {
    if let Some(command) = text.trim().strip_prefix('$') {
        let words = words(command)?;
        return Ok(vec![Step::Command(words.into_iter().map(|word| word.text).collect())]);
    }
    words(text)?.into_iter().map(step).collect()
}

fn step(word: Word) -> std::result::Result<Step, String> {
    match word.quote {
        Quote::None => {
            word.text.parse().map(Step::Key).map_err(|error| format!("{error}; text stands in \"...\""))
        }
        Quote::Whole => Ok(Step::Text(word.text)),
        Quote::Above => Ok(Step::Above(word.text)),
    }
}

/// A word of a line.
struct Word {
    text: String,
    quote: Quote,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Quote {
    None,
    Whole,
    Above,
}

/// The words of a line: between blanks, or in quotes, where \n and \" mean what they do elsewhere.
fn words(text: &str) -> std::result::Result<Vec<Word>, String> {
    let mut words = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let (quote, opened) = match (rest.strip_prefix('"'), rest.strip_prefix("^\"")) {
            (Some(opened), _) => (Quote::Whole, opened),
            (_, Some(opened)) => (Quote::Above, opened),
            _ => (Quote::None, rest),
        };
        let (text, after) = if quote == Quote::None {
            let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
            (rest[..end].to_owned(), &rest[end..])
        } else {
            quoted(opened)?
        };
        words.push(Word { text, quote });
        rest = after.trim_start();
    }
    Ok(words)
}

/// What stands up to the closing quote, and what follows it.
fn quoted(text: &str) -> std::result::Result<(String, &str), String> {
    let mut said = String::new();
    let mut characters = text.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => return Ok((said, &text[at + 1..])),
            '\\' => match characters.next() {
                Some((_, 'n')) => said.push('\n'),
                Some((_, escaped)) => said.push(escaped),
                None => break,
            },
            other => said.push(other),
        }
    }
    Err("a text has no closing \"".to_owned())
}
