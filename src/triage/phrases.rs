//! Set phrases in foreign prose, found in one pass: what the readers of a
//! report's text (weakness, noise) match with. Knows words, not what they mean.

use std::collections::HashMap;
use std::ops::Range;

/// A text as words: runs of letters and digits in lower case, `ß` as `ss`. What
/// stands between them does not matter, so `use-after-free` is `Use after Free`.
pub(crate) struct Words {
    folded: String,
    spans: Vec<Range<usize>>,
}

impl Words {
    /// The words of `text`.
    pub(crate) fn of(text: &str) -> Self {
        let mut words = Self { folded: String::with_capacity(text.len()), spans: Vec::new() };
        let mut start = 0;
        for character in text.chars() {
            if matches!(character, 'ß' | 'ẞ') {
                words.folded.push_str("ss");
            } else if character.is_alphanumeric() {
                words.folded.extend(character.to_lowercase());
            } else if !matches!(character, '\'' | '’') {
                words.end_word(start);
                start = words.folded.len();
            }
        }
        words.end_word(start);
        words
    }

    fn end_word(&mut self, start: usize) {
        if self.folded.len() > start {
            self.spans.push(start..self.folded.len());
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.spans.len()
    }

    pub(crate) fn get(&self, index: usize) -> Option<&str> {
        self.spans.get(index).map(|span| &self.folded[span.clone()])
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &str> {
        self.spans.iter().map(|span| &self.folded[span.clone()])
    }
}

/// Phrases to look for, each with a meaning.
pub(crate) struct Phrases<T> {
    by_first: HashMap<&'static str, Vec<Phrase<T>>>,
}

struct Phrase<T> {
    whole: &'static str,
    rest: Vec<&'static str>,
    meaning: T,
}

impl<T: Copy> Phrases<T> {
    /// `table` in lower case, the words of a phrase apart by single blanks.
    pub(crate) fn new(table: impl IntoIterator<Item = (&'static str, T)>) -> Self {
        let mut by_first: HashMap<_, Vec<Phrase<T>>> = HashMap::new();
        for (whole, meaning) in table {
            let mut words = whole.split(' ');
            let first = words.next().unwrap_or_default();
            by_first.entry(first).or_default().push(Phrase { whole, rest: words.collect(), meaning });
        }
        for same_start in by_first.values_mut() {
            same_start.sort_by_key(|phrase| std::cmp::Reverse(phrase.rest.len()));
        }
        Self { by_first }
    }

    /// Each place where a phrase stands, the longest one where several do; they do not overlap.
    pub(crate) fn hits<'a>(&'a self, words: &'a Words) -> impl Iterator<Item = (&'static str, T)> + 'a {
        let mut at = 0;
        std::iter::from_fn(move || {
            while at < words.len() {
                if let Some(phrase) = self.phrase_at(words, at) {
                    at += 1 + phrase.rest.len();
                    return Some((phrase.whole, phrase.meaning));
                }
                at += 1;
            }
            None
        })
    }

    fn phrase_at(&self, words: &Words, at: usize) -> Option<&Phrase<T>> {
        let same_start = self.by_first.get(words.get(at)?)?;
        same_start.iter().find(|phrase| {
            phrase.rest.iter().enumerate().all(|(offset, word)| words.get(at + 1 + offset) == Some(word))
        })
    }
}

/// Whether `phrase` is written as [`Phrases::new`] expects it.
#[cfg(test)]
pub(crate) fn is_folded(phrase: &str) -> bool {
    !phrase.is_empty() && Words::of(phrase).iter().collect::<Vec<_>>().join(" ") == phrase
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_are_found_whatever_stands_between_their_words() {
        let phrases = Phrases::new([("use after free", 1), ("use", 2), ("dont know", 3)]);
        let found = |text| phrases.hits(&Words::of(text)).map(|(_, meaning)| meaning).collect::<Vec<_>>();
        assert_eq!(found("A Use-After\r\nFree, and use; don’t know"), [1, 2, 3]);
        assert_eq!(found("used after free"), Vec::<i32>::new());
        assert_eq!(found("use after"), [2]);
    }

    #[test]
    fn nothing_is_lost_at_either_end() {
        assert_eq!(Words::of("a b").iter().collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(Words::of("--").len(), 0);
        assert_eq!(Words::of("ÜBER İ").iter().next(), Some("über"));
    }
}
