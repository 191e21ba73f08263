//! The value of a field, read by what kind of field it is.

use super::field::{Absent, Field, Kind};
use super::lexer::{Letter, text};
use super::propose::pick;
use super::value::{Moment, Pattern, Span, Test};
use crate::text::line;
use crate::triage::words::{code, fold};

/// One value of `field`.
pub(super) fn test(field: &Field, given: &[Letter], actor: &str) -> Result<Test, String> {
    if given.is_empty() {
        return Err(format!("{0}: needs a value right behind it; {0}:{1}", field.name, sample(field)));
    }
    if given.first().is_some_and(|first| first.is('(')) {
        return Err(format!("several values stand side by side with commas: {}:one,two", field.name));
    }
    let word = text(given);
    let bare = given.iter().all(|letter| !letter.quoted);
    if bare && field.absent != Absent::Never && (word.eq_ignore_ascii_case("none") || word == "-") {
        return Ok(Test::Absent);
    }
    match field.kind {
        Kind::Words(words) => Ok(Test::Word(code(
            pick(&word, &words()).map_err(|why| why.about(&format!("a value of {}", field.name)))?,
        ))),
        Kind::Level(..) | Kind::Tenths(_) => number(field, given).map(Test::Number),
        Kind::Flag => match fold(&word).as_str() {
            "yes" | "true" | "1" => Ok(Test::Flag(true)),
            "no" | "false" | "0" => Ok(Test::Flag(false)),
            _ => Err(format!("'{}' is neither yes nor no", line(&word))),
        },
        Kind::Person if bare && word.eq_ignore_ascii_case("me") => {
            Ok(Test::Like(Pattern { pieces: vec![actor.to_owned()] }))
        }
        Kind::Person | Kind::Name | Kind::Part | Kind::List => pattern(field, given).map(Test::Like),
        Kind::Identifier => {
            let Pattern { pieces } = pattern(field, given)?;
            let pieces = pieces.into_iter().map(|piece| piece.to_ascii_uppercase()).collect();
            Ok(Test::Like(Pattern { pieces }))
        }
        Kind::Time(_) => time(field, given).map(Test::Time),
    }
}

/// A number, in steps of the field.
fn number(field: &Field, given: &[Letter]) -> Result<Span<i64>, String> {
    match field.kind {
        Kind::Tenths(highest) => {
            let forms = format!("0 to {}, >=7, 4.0..6.9", highest / 10);
            bounds(field, given, |given| tenths(given).filter(|tenths| *tenths <= highest), &forms)
        }
        Kind::Level(letter, highest) => {
            let level = |given: &str| {
                let digits = given.strip_prefix([letter, letter.to_ascii_lowercase()]).unwrap_or(given);
                whole_number(digits).filter(|level| *level <= highest)
            };
            bounds(field, given, level, &format!("{letter}0 to {letter}{highest}, <=1, 0..2"))
        }
        _ => Err(format!("{} has no numbers", field.name)),
    }
}

/// A time; a distance from now needs to say on which side of it.
fn time(field: &Field, given: &[Letter]) -> Result<Span<Moment>, String> {
    let forms = "<7d, >12h, <=2026-12-24, 2026-12-01..2026-12-24, today";
    match bounds(field, given, Moment::read, forms)? {
        Span::Exactly(away @ Moment::Away(..)) => {
            Err(format!("before or after that? Write {0}:<{away} or {0}:>{away}", field.name))
        }
        span => Ok(span),
    }
}

/// A text with its gaps.
fn pattern(field: &Field, given: &[Letter]) -> Result<Pattern, String> {
    if given.first().is_some_and(|first| first.is('<') || first.is('>')) {
        let name = field.name;
        return Err(format!(
            "{name} has no order to compare by; a name with this sign goes in quotation marks"
        ));
    }
    Ok(Pattern { pieces: given.split(|letter| letter.is('*')).map(text).collect() })
}

/// `<=x`, `x..y`, `x`.
fn bounds<T: Copy>(
    field: &Field,
    given: &[Letter],
    read: impl Fn(&str) -> Option<T>,
    forms: &str,
) -> Result<Span<T>, String> {
    let one = |letters: &[Letter]| {
        let word = text(letters);
        read(word.trim()).ok_or_else(|| {
            format!(
                "'{}' is not a value of {name}; write {name}: with {forms}",
                line(&word),
                name = field.name
            )
        })
    };
    let sign = |place: usize, sign: char| given.get(place).is_some_and(|letter| letter.is(sign));
    match (sign(0, '<'), sign(0, '>'), sign(1, '=')) {
        (true, _, true) => return one(&given[2..]).map(Span::UpTo),
        (true, _, false) => return one(&given[1..]).map(Span::Below),
        (_, true, true) => return one(&given[2..]).map(Span::From),
        (_, true, false) => return one(&given[1..]).map(Span::Above),
        _ => {}
    }
    let dots = given.windows(2).position(|two| two.iter().all(|letter| letter.is('.')));
    match dots {
        Some(at) => Ok(Span::Between(one(&given[..at])?, one(&given[at + 2..])?)),
        None if sign(0, '=') => one(&given[1..]).map(Span::Exactly),
        None => one(given).map(Span::Exactly),
    }
}

/// A number of few digits, without a sign.
fn whole_number(digits: &str) -> Option<i64> {
    let plain = !digits.is_empty() && digits.len() <= 9 && digits.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| digits.parse().ok()).flatten()
}

/// `7`, `7.5`.
fn tenths(given: &str) -> Option<i64> {
    let (whole, part) = given.split_once('.').unwrap_or((given, "0"));
    let part = (part.len() == 1).then(|| whole_number(part)).flatten()?;
    Some(whole_number(whole)? * 10 + part)
}

/// What a value can look like.
fn sample(field: &Field) -> String {
    match field.kind {
        Kind::Words(_) | Kind::Level(..) | Kind::Flag => field.values().join(", "),
        Kind::Tenths(_) => ">=7".to_owned(),
        Kind::Name | Kind::List => "name, or web* for all that begin so".to_owned(),
        Kind::Person => "me, a name, or none".to_owned(),
        Kind::Part => "\"some words\"".to_owned(),
        Kind::Identifier => "SEC-2026-0042".to_owned(),
        Kind::Time(_) => "<7d, today, or >=2026-11-01".to_owned(),
    }
}
