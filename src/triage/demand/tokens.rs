//! A sentence as the tokens that dates, spans and their surroundings are read from.

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Letters, with apostrophes inside.
    Word,
    /// Up to nine digits; more is no date and no span.
    Number(u32),
    /// Anything else that is not blank.
    Mark(char),
    /// A link or an address: opaque, so that words and dates inside it count for nothing.
    Link,
}

/// A piece of a sentence.
#[derive(Debug, Clone)]
pub(super) struct Token {
    pub kind: Kind,
    /// A word in lower case, umlauts written out; empty for the rest.
    pub word: String,
    /// Where it starts in the sentence, in bytes.
    pub at: usize,
    /// Where it ends.
    pub end: usize,
    /// Whether a blank stands before it.
    pub spaced: bool,
}

/// A sentence and its tokens. Looking outside finds nothing and never panics.
#[derive(Debug, Clone, Default)]
pub(super) struct Sentence {
    pub text: String,
    pub tokens: Vec<Token>,
}

/// Lower case, umlauts and `ß` written out: `Veröffentlichung` is `veroeffentlichung`.
pub(super) fn fold(word: &str) -> String {
    let mut folded = String::with_capacity(word.len());
    for character in word.chars().flat_map(char::to_lowercase) {
        match character {
            'ä' => folded.push_str("ae"),
            'ö' => folded.push_str("oe"),
            'ü' => folded.push_str("ue"),
            'ß' => folded.push_str("ss"),
            '’' => folded.push('\''),
            other => folded.push(other),
        }
    }
    folded
}

/// Words, apart by blanks, with a mask that tells at a glance of most other
/// words that they are not among them: every word of every mail is asked about.
#[derive(Clone, Copy)]
pub(super) struct List {
    words: &'static str,
    mask: u128,
}

impl List {
    pub(super) const fn of(words: &'static str) -> Self {
        let (bytes, mut mask, mut from, mut at) = (words.as_bytes(), 0, 0, 0);
        while at <= bytes.len() {
            if at == bytes.len() || bytes[at] == b' ' {
                mask |= bit(bytes, from, at);
                from = at + 1;
            }
            at += 1;
        }
        Self { words, mask }
    }
}

/// The bit of the word from `from` up to `to`: its ends and its length.
const fn bit(bytes: &[u8], from: usize, to: usize) -> u128 {
    if from >= to {
        return 0;
    }
    let mix = bytes[from] as usize * 5 + bytes[to - 1] as usize * 3 + (to - from) * 29;
    1 << (mix % 128)
}

/// A [`List`] that is made while compiling.
macro_rules! list {
    ($words:literal) => {
        const { $crate::triage::demand::tokens::List::of($words) }
    };
}
pub(super) use list;

/// Whether `word` is one of `list`.
pub(super) fn is_one_of(word: &str, list: List) -> bool {
    let (word, words) = (word.as_bytes(), list.words.as_bytes());
    if list.mask & bit(word, 0, word.len()) == 0 {
        return false;
    }
    let ends = |at: usize| words.get(at).is_none_or(|byte| *byte == b' ');
    let begins = |at: usize| at == 0 || words[at - 1] == b' ';
    (0..words.len()).any(|at| {
        words[at] == word[0] && begins(at) && ends(at + word.len()) && words[at..].starts_with(word)
    })
}

impl Sentence {
    /// Reads `text`.
    pub(super) fn of(text: &str) -> Self {
        let mut sentence = Self { text: text.to_owned(), tokens: Vec::new() };
        let mut at = 0;
        let mut spaced = true;
        while let Some(first) = text[at..].chars().next() {
            if first.is_whitespace() {
                at += first.len_utf8();
                spaced = true;
                continue;
            }
            let (kind, length) = token(&text[at..], first, spaced);
            let word = if kind == Kind::Word { fold(&text[at..at + length]) } else { String::new() };
            sentence.tokens.push(Token { kind, word, at, end: at + length, spaced });
            at += length;
            spaced = false;
        }
        sentence
    }

    /// This sentence and the one that goes on from it.
    pub(super) fn followed_by(&self, next: &Self) -> Self {
        Self::of(&format!("{} {}", self.text, next.text))
    }

    pub(super) fn len(&self) -> usize {
        self.tokens.len()
    }

    /// The word at `index`; empty where there is none.
    pub(super) fn word(&self, index: usize) -> &str {
        self.tokens.get(index).map_or("", |token| &token.word)
    }

    /// The word `back` tokens before `index`; empty where there is none.
    pub(super) fn word_before(&self, index: usize, back: usize) -> &str {
        index.checked_sub(back).map_or("", |at| self.word(at))
    }

    pub(super) fn number(&self, index: usize) -> Option<u32> {
        match self.tokens.get(index)?.kind {
            Kind::Number(number) => Some(number),
            _ => None,
        }
    }

    /// The number at `index` if it has this many digits.
    pub(super) fn number_of(&self, index: usize, digits: std::ops::RangeInclusive<usize>) -> Option<u32> {
        let token = self.tokens.get(index)?;
        self.number(index).filter(|_| digits.contains(&(token.end - token.at)))
    }

    pub(super) fn is_mark(&self, index: usize, marks: &[char]) -> bool {
        matches!(self.tokens.get(index), Some(Token { kind: Kind::Mark(mark), .. }) if marks.contains(mark))
    }

    /// Whether a token stands at `index` without a blank before it.
    pub(super) fn is_glued(&self, index: usize) -> bool {
        self.tokens.get(index).is_some_and(|token| !token.spaced)
    }

    /// Whether the words from `index` on are these.
    pub(super) fn reads(&self, index: usize, words: &[&str]) -> bool {
        words.iter().enumerate().all(|(offset, word)| self.word(index + offset) == *word)
    }

    /// Whether one of `words` stands in the tokens from `from` up to `to`.
    pub(super) fn any_in(&self, from: usize, to: usize, words: List) -> bool {
        (from..to.min(self.len())).any(|index| is_one_of(self.word(index), words))
    }

    /// Whether one of `words` stands in the `reach` tokens before `index`.
    pub(super) fn any_before(&self, index: usize, reach: usize, words: List) -> bool {
        self.any_in(index.saturating_sub(reach), index, words)
    }
}

/// The kind of the token that `rest` starts with, and its length in bytes.
fn token(rest: &str, first: char, spaced: bool) -> (Kind, usize) {
    if spaced {
        let chunk = rest.split(char::is_whitespace).next().unwrap_or_default();
        if chunk.contains("://") || chunk.starts_with("www.") || chunk.contains('@') {
            return (Kind::Link, chunk.len());
        }
    }
    let run = |keep: fn(char) -> bool| rest.find(|c: char| !keep(c)).unwrap_or(rest.len());
    if first.is_ascii_digit() {
        let length = run(|c| c.is_ascii_digit());
        let number = if length <= 9 { rest[..length].parse().ok() } else { None };
        (number.map_or(Kind::Mark('#'), Kind::Number), length)
    } else if first.is_alphabetic() {
        (Kind::Word, run(|c| c.is_alphabetic() || matches!(c, '\'' | '’')))
    } else {
        (Kind::Mark(first), first.len_utf8())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_falls_into_words_numbers_and_marks() {
        let sentence =
            Sentence::of("We’ll veröffentlichen 90-day (14th) https://x.test/disclosure 99999999999");
        assert_eq!(sentence.word(0), "we'll");
        assert_eq!(sentence.word(1), "veroeffentlichen");
        assert_eq!((sentence.number(2), sentence.word(4)), (Some(90), "day"));
        assert!(sentence.is_mark(3, &['-']) && sentence.is_glued(3));
        assert!(sentence.reads(7, &["th"]) && !sentence.reads(7, &["th", "x"]));
        assert_eq!(sentence.tokens[9].kind, Kind::Link);
        assert_eq!(sentence.tokens[10].kind, Kind::Mark('#'));
        assert_eq!(sentence.word(99), "");
    }

    #[test]
    fn a_word_is_found_whole_among_others() {
        for (word, found) in [
            ("date", true),
            ("up", true),
            ("to", true),
            ("dat", false),
            ("te", false),
            ("p", false),
            ("", false),
        ] {
            assert_eq!(is_one_of(word, list!("date up to")), found, "{word}");
        }
    }
}
