//! A query as its tokens. Quotation marks take every other sign its meaning, so
//! each letter remembers whether it stood between them.

use super::Misread;

/// One letter of a word: where it stands, and whether between quotation marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Letter {
    /// Byte offset in the query.
    pub at: usize,
    /// The letter.
    pub sign: char,
    /// Between quotation marks it is never anything but itself.
    pub quoted: bool,
}

impl Letter {
    /// Whether it is this sign and means it.
    pub fn is(&self, sign: char) -> bool {
        self.sign == sign && !self.quoted
    }
}

/// What a token is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Lexeme {
    /// `(` before a term.
    Open,
    /// `)` behind one.
    Close,
    /// `or`, `|`.
    Or,
    /// `and`, which may be left out.
    And,
    /// `not`, or `-` before a term.
    Not,
    /// A word, a phrase, or a field with its value.
    Word(Vec<Letter>),
}

/// A token and the bytes of the query that it covers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    /// First byte.
    pub at: usize,
    /// Byte behind the last.
    pub upto: usize,
    /// What it is.
    pub lexeme: Lexeme,
}

/// The letters as text.
pub(super) fn text(letters: &[Letter]) -> String {
    letters.iter().map(|letter| letter.sign).collect()
}

/// All tokens of `given`.
pub(super) fn tokens(given: &str) -> Result<Vec<Token>, Misread> {
    let mut tokens = Vec::new();
    let mut at = 0;
    loop {
        let rest = given[at..].trim_start();
        at = given.len() - rest.len();
        let Some(first) = rest.chars().next() else { return Ok(tokens) };
        let sign = match first {
            '(' => Some(Lexeme::Open),
            ')' => Some(Lexeme::Close),
            '|' => Some(Lexeme::Or),
            '-' if negates(rest) => Some(Lexeme::Not),
            _ => None,
        };
        let token = match sign {
            Some(lexeme) => Token { at, upto: at + 1, lexeme },
            None => word(given, at)?,
        };
        at = token.upto;
        tokens.push(token);
    }
}

/// Whether the hyphen before `rest` belongs to a term; a lone one says nothing.
fn negates(rest: &str) -> bool {
    rest.chars().nth(1).is_some_and(|next| !next.is_whitespace() && next != ')' && next != '|')
}

/// The word at `at`: up to a blank, a bar, or a parenthesis that it did not open itself.
fn word(given: &str, at: usize) -> Result<Token, Misread> {
    let mut letters = Vec::new();
    let mut opened = 0_usize;
    let mut quote = None;
    let mut signs = given[at..].char_indices().map(|(offset, sign)| (at + offset, sign)).peekable();
    let mut upto = given.len();
    while let Some((place, sign)) = signs.next() {
        if sign == '"' {
            let doubled = quote.is_some() && signs.next_if(|(_, next)| *next == '"').is_some();
            if doubled {
                letters.push(Letter { at: place, sign, quoted: true });
            } else {
                quote = if quote.is_some() { None } else { Some(place) };
            }
            continue;
        }
        let quoted = quote.is_some();
        if !quoted && ends_word(sign, &mut opened) {
            upto = place;
            break;
        }
        letters.push(Letter { at: place, sign, quoted });
    }
    if let Some(place) = quote {
        let why = "the quotation mark is not closed; end it with \"".to_owned();
        return Err(Misread { at: place, upto: given.len(), why });
    }
    Ok(Token { at, upto, lexeme: lexeme(letters) })
}

/// Whether the sign is no longer part of a word in which so many parentheses are open.
fn ends_word(sign: char, opened: &mut usize) -> bool {
    match sign {
        '(' => *opened += 1,
        ')' if *opened > 0 => *opened -= 1,
        ')' | '|' => return true,
        _ => {}
    }
    sign.is_whitespace()
}

/// `and`, `or` and `not` are words only between quotation marks.
fn lexeme(letters: Vec<Letter>) -> Lexeme {
    let bare = letters.len() <= 3 && letters.iter().all(|letter| !letter.quoted);
    match bare.then(|| text(&letters).to_ascii_lowercase()).as_deref() {
        Some("or") => Lexeme::Or,
        Some("and") => Lexeme::And,
        Some("not") => Lexeme::Not,
        _ => Lexeme::Word(letters),
    }
}
