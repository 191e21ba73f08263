//! One word of a query to its condition.

use super::field::{ALL, FIELDS, Field, IS, SHORTHANDS, SORT, names, shorthands};
use super::lexer::{Letter, text};
use super::propose::{nearest, pick};
use super::reading::test;
use super::{Condition, Expr, MAX_TERMS, Misread, SortKey};
use crate::text::line;

/// What a word says.
pub(super) enum Term {
    /// Nothing that could be looked for: a lone hyphen, empty quotation marks.
    Nothing,
    /// A condition, or several for a shorthand.
    Expr(Expr),
    /// An order.
    Sort(Vec<SortKey>),
}

/// Reads words for somebody, and counts them.
pub(super) struct Reader<'a> {
    actor: &'a str,
    count: usize,
}

/// Bytes of the query, from and to.
type Place = (usize, usize);

fn misread((at, upto): Place, why: impl Into<String>) -> Misread {
    Misread { at, upto, why: why.into() }
}

/// Where the letters stand, or what they stand in if there are none.
fn place(letters: &[Letter], around: Place) -> Place {
    match (letters.first(), letters.last()) {
        (Some(first), Some(last)) => (first.at, last.at + last.sign.len_utf8()),
        _ => around,
    }
}

/// Where one of several values stands; an only one is the matter of the whole term.
fn place_of(one: &[Letter], value: &[Letter], whole: Place) -> Place {
    if one.len() == value.len() { whole } else { place(one, whole) }
}

impl<'a> Reader<'a> {
    pub(super) fn new(actor: &'a str) -> Self {
        Self { actor, count: 0 }
    }

    /// What the word from `at` to `upto` says.
    pub(super) fn term(&mut self, letters: &[Letter], at: usize, upto: usize) -> Result<Term, Misread> {
        let whole = (at, upto);
        if let Some((name, value)) = name_and_value(letters) {
            let given = text(name);
            if given.eq_ignore_ascii_case(IS) {
                return self.shorthands(value, whole);
            }
            if given.eq_ignore_ascii_case(SORT) {
                return self.sort(value, whole);
            }
            if let Some(field) = Field::named(&given) {
                return Ok(Term::Expr(Expr::Is(self.condition(field, value, whole)?)));
            }
            if !is_plain_word(&given, value) {
                return Err(misread(place(name, whole), unknown_field(&given)));
            }
        }
        if let Some(why) = comparison_without_colon(letters) {
            return Err(misread(whole, why));
        }
        let words = text(letters);
        if !words.contains(char::is_alphanumeric) {
            return Ok(Term::Nothing);
        }
        self.count(whole)?;
        Ok(Term::Expr(Expr::Is(Condition::Text(words))))
    }

    fn count(&mut self, at: Place) -> Result<(), Misread> {
        self.count += 1;
        if self.count > MAX_TERMS {
            return Err(misread(at, format!("there are more than {MAX_TERMS} words and values")));
        }
        Ok(())
    }

    fn condition(
        &mut self,
        field: &'static Field,
        value: &[Letter],
        whole: Place,
    ) -> Result<Condition, Misread> {
        let mut any = Vec::new();
        for one in value.split(|letter| letter.is(',')) {
            let here = place_of(one, value, whole);
            self.count(here)?;
            any.push(test(field, one, self.actor).map_err(|why| misread(here, why))?);
        }
        Ok(Condition::Field { field, any })
    }

    /// `is:` with one word or several, of which one must hold.
    fn shorthands(&mut self, value: &[Letter], whole: Place) -> Result<Term, Misread> {
        let mut any = Vec::new();
        for one in value.split(|letter| letter.is(',')) {
            let here = place_of(one, value, whole);
            self.count(here)?;
            let known: Vec<&str> = shorthands().collect();
            let word = pick(&text(one), &known).map_err(|why| misread(here, why.about("a word for is:")))?;
            if word == ALL {
                any.push(Expr::Is(Condition::Everything));
            } else if let Some(known) = SHORTHANDS.iter().find(|known| known.word == word) {
                any.extend(super::parser::read(known.query, self.actor)?.filter);
            }
        }
        let one = if any.len() == 1 { any.pop() } else { Some(Expr::Or(any)) };
        Ok(one.map_or(Term::Nothing, Term::Expr))
    }

    fn sort(&mut self, value: &[Letter], whole: Place) -> Result<Term, Misread> {
        let mut keys = Vec::new();
        for one in value.split(|letter| letter.is(',')) {
            let here = place_of(one, value, whole);
            self.count(here)?;
            let (descending, name) = match one.split_first() {
                Some((sign, rest)) if sign.is('-') => (true, rest),
                _ => (false, one),
            };
            let given = text(name);
            let field = Field::named(&given).filter(|field| field.sorts());
            let field = field.ok_or_else(|| misread(here, unknown_order(&given)))?;
            keys.push(SortKey { field, descending });
        }
        Ok(Term::Sort(keys))
    }
}

/// What stands before and behind the colon of a field: the name is letters, none of them quoted.
fn name_and_value(letters: &[Letter]) -> Option<(&[Letter], &[Letter])> {
    let colon = letters.iter().position(|letter| letter.is(':'))?;
    let (name, rest) = letters.split_at(colon);
    let is_name =
        !name.is_empty() && name.iter().all(|letter| !letter.quoted && letter.sign.is_ascii_alphabetic());
    is_name.then_some((name, rest.get(1..)?))
}

/// Whether the word only looks like a field: an address with its scheme,
/// `std::string`, `C:\dir`, `Re:`.
fn is_plain_word(name: &str, value: &[Letter]) -> bool {
    let next = |place: usize| value.get(place).map(|letter| letter.sign);
    let has_scheme = next(0) == Some('/') && next(1) == Some('/');
    let is_drive = name.len() == 1 && matches!(next(0), Some('\\' | '/'));
    has_scheme || is_drive || name.eq_ignore_ascii_case("mailto") || matches!(next(0), None | Some(':'))
}

fn unknown_field(given: &str) -> String {
    let mend = nearest(given, names()).map_or_else(
        || format!("there are {};", names().collect::<Vec<_>>().join(", ")),
        |meant| format!("did you mean {meant}?"),
    );
    format!("'{}' is not a field; {mend} as a word it goes in quotation marks", line(given))
}

fn unknown_order(given: &str) -> String {
    let fields = || FIELDS.iter().filter(|field| field.sorts());
    let known = || fields().flat_map(Field::names);
    let mend = nearest(given, known()).map_or_else(
        || format!("there are {}", fields().map(|field| field.name).collect::<Vec<_>>().join(", ")),
        |meant| format!("did you mean {meant}?"),
    );
    format!("'{}' is not a field to sort by; {mend}", line(given))
}

/// `prio<=1` is not a word that anybody looks for.
fn comparison_without_colon(letters: &[Letter]) -> Option<String> {
    let sign = letters.iter().position(|letter| ['<', '>', '='].iter().any(|sign| letter.is(*sign)))?;
    let (name, value) = letters.split_at(sign);
    let field = Field::named(&text(name))?;
    let value = line(text(value).trim_start_matches('='));
    let name = field.name;
    Some(format!("a field has a colon behind it; write {name}:{value}, or as words in quotation marks"))
}
