//! A query as text that reads back as the same query, as long as it is not
//! longer than a query may be.

use std::fmt::{self, Display, Formatter, Write as _};

use chrono::SecondsFormat;

use super::field::{ALL, Field, IS, Kind, SORT};
use super::value::{Moment, Pattern, Span, Test};
use super::{Condition, Expr, Query, SortKey};

impl Display for Query {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.filter {
            // At the top no parentheses are needed.
            Some(Expr::And(parts)) => joined(f, parts, " ")?,
            Some(Expr::Or(parts)) => joined(f, parts, " or ")?,
            Some(other) => other.fmt(f)?,
            None => {}
        }
        for (number, SortKey { field, descending }) in self.sort.iter().enumerate() {
            let before = match (number, &self.filter) {
                (0, None) => format!("{SORT}:"),
                (0, Some(_)) => format!(" {SORT}:"),
                _ => ",".to_owned(),
            };
            write!(f, "{before}{}{}", if *descending { "-" } else { "" }, field.name)?;
        }
        Ok(())
    }
}

impl Display for Expr {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let (parts, between) = match self {
            Self::And(parts) => (parts, " "),
            Self::Or(parts) => (parts, " or "),
            Self::Not(inner) => return write!(f, "-{inner}"),
            Self::Is(condition) => return condition.fmt(f),
        };
        f.write_char('(')?;
        joined(f, parts, between)?;
        f.write_char(')')
    }
}

fn joined(f: &mut Formatter<'_>, parts: &[Expr], between: &str) -> fmt::Result {
    for (number, part) in parts.iter().enumerate() {
        write!(f, "{}{part}", if number > 0 { between } else { "" })?;
    }
    Ok(())
}

impl Display for Condition {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Everything => write!(f, "{IS}:{ALL}"),
            Self::Text(words) => quoted(f, words, &["and", "or", "not"]),
            Self::Field { field, any } => {
                for (number, test) in any.iter().enumerate() {
                    if number == 0 {
                        write!(f, "{}:", field.name)?
                    } else {
                        f.write_char(',')?
                    };
                    value(f, field, test)?;
                }
                Ok(())
            }
        }
    }
}

/// `text` as it is, or between quotation marks where a sign of it, or all of it, would mean more.
fn quoted(f: &mut Formatter<'_>, text: &str, reserved: &[&str]) -> fmt::Result {
    let is_plain = |sign: char| sign.is_alphanumeric() || matches!(sign, '-' | '_' | '.' | '@' | '/');
    let means_itself = !text.starts_with('-')
        && !text.is_empty()
        && text.chars().all(is_plain)
        && !reserved.iter().any(|word| word.eq_ignore_ascii_case(text));
    if means_itself { f.write_str(text) } else { write!(f, "\"{}\"", text.replace('"', "\"\"")) }
}

fn value(f: &mut Formatter<'_>, field: &Field, test: &Test) -> fmt::Result {
    match test {
        Test::Absent => f.write_str("none"),
        Test::Flag(yes) => f.write_str(if *yes { "yes" } else { "no" }),
        Test::Word(code) => f.write_str(code),
        Test::Like(Pattern { pieces }) => {
            for (number, piece) in pieces.iter().enumerate() {
                if number > 0 {
                    f.write_char('*')?;
                }
                if !piece.is_empty() {
                    quoted(f, piece, &["none", "me"])?;
                }
            }
            Ok(())
        }
        Test::Number(span) => bounds(f, span, |f, number| match field.kind {
            Kind::Level(letter, _) => write!(f, "{letter}{number}"),
            _ => write!(f, "{}.{}", number / 10, number % 10),
        }),
        Test::Time(span) => bounds(f, span, |f, moment| moment.fmt(f)),
    }
}

fn bounds<T>(
    f: &mut Formatter<'_>,
    span: &Span<T>,
    one: impl Fn(&mut Formatter<'_>, &T) -> fmt::Result,
) -> fmt::Result {
    let (sign, end) = match span {
        Span::Exactly(end) => ("", end),
        Span::Below(end) => ("<", end),
        Span::UpTo(end) => ("<=", end),
        Span::Above(end) => (">", end),
        Span::From(end) => (">=", end),
        Span::Between(first, last) => {
            one(f, first)?;
            f.write_str("..")?;
            return one(f, last);
        }
    };
    f.write_str(sign)?;
    one(f, end)
}

impl Display for Moment {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Away(count, unit) => write!(f, "{count}{unit}"),
            Self::Near(day) => day.fmt(f),
            Self::Day(day) => day.format("%Y-%m-%d").fmt(f),
            Self::Local(at) => at.format("%Y-%m-%dT%H:%M:%S").fmt(f),
            Self::At(at) => f.write_str(&at.to_rfc3339_opts(SecondsFormat::Secs, true)),
        }
    }
}
