//! Tokens to a tree, by recursive descent of bounded depth.

use super::lexer::{self, Lexeme, Token};
use super::terms::{Reader, Term};
use super::{Expr, MAX_DEPTH, MAX_LENGTH, Misread, Query, SortKey};

/// Reads a whole query.
pub(super) fn read(given: &str, actor: &str) -> Result<Query, Misread> {
    if given.len() > MAX_LENGTH {
        let why = format!("the query has {} bytes; {MAX_LENGTH} is the most", given.len());
        return Err(Misread { at: MAX_LENGTH, upto: given.len(), why });
    }
    let tokens = lexer::tokens(given)?;
    let mut parser =
        Parser { tokens: &tokens, end: given.len(), reader: Reader::new(actor), depth: 0, sort: Vec::new() };
    let filter = parser.either()?;
    match parser.tokens.first() {
        None => Ok(Query { filter, sort: parser.sort }),
        Some(stray) => Err(misread(stray, "there is no parenthesis open that this one could close")),
    }
}

struct Parser<'a> {
    /// Those that are still to be read.
    tokens: &'a [Token],
    /// Length of the query.
    end: usize,
    reader: Reader<'a>,
    depth: usize,
    sort: Vec<SortKey>,
}

fn misread(token: &Token, why: impl Into<String>) -> Misread {
    Misread { at: token.at, upto: token.upto, why: why.into() }
}

impl<'a> Parser<'a> {
    /// The next token, if it is this one.
    fn take(&mut self, wanted: &Lexeme) -> Option<&'a Token> {
        let (first, rest) = self.tokens.split_first()?;
        (first.lexeme == *wanted).then(|| {
            self.tokens = rest;
            first
        })
    }

    /// Branches between `or`; `None` where nothing is asked.
    fn either(&mut self) -> Result<Option<Expr>, Misread> {
        if let Some(or) = self.take(&Lexeme::Or) {
            return Err(misread(or, EMPTY_SIDE));
        }
        let first = self.both()?;
        let mut or = self.take(&Lexeme::Or);
        let mut branches = Vec::new();
        match (first, or) {
            (first, None) => return Ok(first),
            (None, Some(or)) => return Err(misread(or, EMPTY_SIDE)),
            (Some(first), Some(_)) => branches.push(first),
        }
        while let Some(here) = or {
            branches.push(self.both()?.ok_or_else(|| misread(here, EMPTY_SIDE))?);
            or = self.take(&Lexeme::Or);
        }
        Ok(Some(Expr::Or(branches)))
    }

    /// Terms side by side.
    fn both(&mut self) -> Result<Option<Expr>, Misread> {
        let mut terms = Vec::new();
        loop {
            match self.tokens.first().map(|token| &token.lexeme) {
                None | Some(Lexeme::Or | Lexeme::Close) => break,
                Some(Lexeme::And) => self.and(terms.is_empty())?,
                Some(_) => terms.extend(self.term()?),
            }
        }
        Ok(if terms.len() > 1 { Some(Expr::And(terms)) } else { terms.pop() })
    }

    /// `and` says what standing side by side says, but it needs both sides.
    fn and(&mut self, is_first: bool) -> Result<(), Misread> {
        let Some(and) = self.take(&Lexeme::And) else { return Ok(()) };
        let next = self.tokens.first().map(|token| &token.lexeme);
        let is_last = matches!(next, None | Some(Lexeme::Or | Lexeme::And | Lexeme::Close));
        if is_first || is_last { Err(misread(and, EMPTY_SIDE)) } else { Ok(()) }
    }

    fn term(&mut self) -> Result<Option<Expr>, Misread> {
        let Some((token, rest)) = self.tokens.split_first() else { return Ok(None) };
        self.tokens = rest;
        match &token.lexeme {
            Lexeme::Word(letters) => match self.reader.term(letters, token.at, token.upto)? {
                Term::Nothing => Ok(None),
                Term::Expr(expr) => Ok(Some(expr)),
                Term::Sort(keys) if self.depth == 0 => {
                    self.sort.extend(keys);
                    Ok(None)
                }
                Term::Sort(_) => Err(misread(
                    token,
                    "sort: orders the whole list; put it outside of parentheses and without a 'not'",
                )),
            },
            Lexeme::Not => {
                self.enter(token)?;
                if !self.tokens.first().is_some_and(|next| begins_a_term(&next.lexeme)) {
                    return Err(misread(
                        token,
                        "there is nothing behind 'not'; as a word it goes in quotation marks",
                    ));
                }
                let inner = self.term()?;
                self.depth -= 1;
                Ok(inner.map(|inner| Expr::Not(Box::new(inner))))
            }
            Lexeme::Open => {
                self.enter(token)?;
                if self.take(&Lexeme::Close).is_some() {
                    return Err(misread(token, "there is nothing between these parentheses"));
                }
                let inner = self.either()?;
                if self.take(&Lexeme::Close).is_none() {
                    let why = "the parenthesis is not closed; end it with )".to_owned();
                    return Err(Misread { at: token.at, upto: self.end, why });
                }
                self.depth -= 1;
                Ok(inner)
            }
            Lexeme::Close | Lexeme::Or | Lexeme::And => Ok(None),
        }
    }

    fn enter(&mut self, token: &Token) -> Result<(), Misread> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(misread(token, format!("this nests deeper than {MAX_DEPTH} levels")));
        }
        Ok(())
    }
}

const EMPTY_SIDE: &str =
    "there is nothing to look for on one side of this; as a word it goes in quotation marks";

fn begins_a_term(lexeme: &Lexeme) -> bool {
    matches!(lexeme, Lexeme::Word(_) | Lexeme::Open | Lexeme::Not)
}
