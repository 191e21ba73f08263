//! Which cases to show: words and `field:value` terms, all of which must hold.

use std::fmt;

use super::case::Priority;
use super::state::State;

/// Terms that all must hold. The empty query asks for the open cases.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Query {
    /// The terms.
    pub terms: Vec<Term>,
}

/// One condition, or its opposite.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// Whether the condition must not hold.
    pub negated: bool,
    /// The condition.
    pub condition: Condition,
}

/// One condition on a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// These words, in this order, the last one as a prefix, anywhere in the case or its messages.
    Text(String),
    /// In this state.
    State(State),
    /// Of this priority; `None` asks for those without.
    Priority(Option<Priority>),
    /// Assigned to this person; `None` asks for those without.
    Assignee(Option<String>),
    /// Of this product.
    Product(String),
    /// Of this component.
    Component(String),
    /// With this tag.
    Tag(String),
    /// Abused in the wild, or not.
    Exploited(bool),
    /// With something new in it, or not.
    Unread(bool),
    /// Open and closed ones alike.
    All,
}

/// A term that could not be read: where it stands and what would be right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misread {
    /// Byte offset in the query.
    pub at: usize,
    /// What is wrong, with the mend.
    pub why: String,
}

impl fmt::Display for Misread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "at character {}: {}", self.at + 1, self.why)
    }
}

impl std::error::Error for Misread {}

/// The fields that can be asked for.
pub const FIELDS: &str = "state, prio, assignee, product, component, tag, exploited, unread, is";

impl Query {
    /// Reads `given`; `me` stands for `actor`.
    ///
    /// # Errors
    /// [`Misread`] points at the term and says what would be right.
    pub fn read(given: &str, actor: &str) -> Result<Self, Misread> {
        let terms = tokens(given).map(|token| term(token?, actor)).collect::<Result<_, _>>()?;
        Ok(Self { terms })
    }

    /// Whether closed cases are asked for too.
    pub fn wants_closed(&self) -> bool {
        self.terms.iter().any(|term| {
            !term.negated && matches!(term.condition, Condition::All | Condition::State(State::Closed))
        })
    }
}

struct Token<'a> {
    at: usize,
    text: &'a str,
    quoted: bool,
}

/// Splits at blanks outside quotation marks.
fn tokens(given: &str) -> impl Iterator<Item = Result<Token<'_>, Misread>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        at += given[at..].len() - given[at..].trim_start().len();
        let start = at;
        let mut in_quotes = false;
        let end = given[start..].find(|c: char| {
            in_quotes ^= c == '"';
            c.is_whitespace() && !in_quotes
        });
        let text = &given[start..end.map_or(given.len(), |end| start + end)];
        at = start + text.len();
        if text.is_empty() {
            return None;
        }
        Some(if in_quotes {
            Err(Misread { at: start, why: "the quotation mark is not closed; end it with \"".to_owned() })
        } else {
            Ok(Token { at: start, text, quoted: text.contains('"') })
        })
    })
}

fn term(token: Token<'_>, actor: &str) -> Result<Term, Misread> {
    let bare = token.text.strip_prefix('-').filter(|rest| !rest.is_empty());
    let negated = bare.is_some();
    let text = bare.unwrap_or(token.text);
    let condition = match text.split_once(':') {
        Some((field, value)) if is_field_like(field) => {
            condition(field, &value.replace('"', ""), actor).map_err(|why| Misread { at: token.at, why })?
        }
        _ if token.quoted => Condition::Text(text.replace('"', "")),
        _ => Condition::Text(text.to_owned()),
    };
    Ok(Term { negated, condition })
}

/// A field is letters before a colon; `https://` and `CVE-2026-1:` are words.
fn is_field_like(field: &str) -> bool {
    !field.is_empty()
        && field.chars().all(|c| c.is_ascii_alphabetic())
        && !matches!(field, "http" | "https" | "mailto")
}

fn condition(field: &str, value: &str, actor: &str) -> Result<Condition, String> {
    let nothing = matches!(value, "none" | "-" | "");
    Ok(match field {
        "state" => Condition::State(value.parse().map_err(|error| format!("{error}"))?),
        "prio" | "priority" if nothing => Condition::Priority(None),
        "prio" | "priority" => Condition::Priority(Some(value.parse().map_err(|error| format!("{error}"))?)),
        "assignee" | "owner" if nothing => Condition::Assignee(None),
        "assignee" | "owner" if value == "me" => Condition::Assignee(Some(actor.to_owned())),
        "assignee" | "owner" => Condition::Assignee(Some(value.to_owned())),
        "product" => Condition::Product(value.to_owned()),
        "component" => Condition::Component(value.to_owned()),
        "tag" => Condition::Tag(value.to_owned()),
        "exploited" => Condition::Exploited(yes_or_no(value)?),
        "unread" => Condition::Unread(yes_or_no(value)?),
        "is" => match value {
            "all" => Condition::All,
            "exploited" => Condition::Exploited(true),
            "unread" => Condition::Unread(true),
            other => {
                return Err(format!(
                    "'{}' is not known; is: takes all, unread or exploited",
                    crate::text::line(other)
                ));
            }
        },
        other => {
            return Err(format!(
                "'{}' is not a field; there are {FIELDS}; a word with a colon goes in quotation marks",
                crate::text::line(other)
            ));
        }
    })
}

fn yes_or_no(value: &str) -> Result<bool, String> {
    match value {
        "yes" | "true" | "1" => Ok(true),
        "no" | "false" | "0" => Ok(false),
        other => Err(format!("'{}' is neither yes nor no", crate::text::line(other))),
    }
}
