//! What somebody probably meant.

use crate::text::line;
use crate::triage::words::{code, fold};

/// Longest word for which a proposal is looked for.
const LONGEST: usize = 40;

/// The word of `known` nearest to `given`, if one is near: about one slip in three letters.
pub(super) fn nearest<'a>(given: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let given: Vec<char> = given.chars().take(LONGEST + 1).flat_map(char::to_lowercase).collect();
    if given.is_empty() || given.len() > LONGEST {
        return None;
    }
    known
        .map(|word| (distance(&given, &word.to_lowercase().chars().collect::<Vec<_>>()), word))
        .filter(|(slips, word)| *slips <= given.len().max(word.len()).div_ceil(3))
        .min_by_key(|(slips, _)| *slips)
        .map(|(_, word)| word)
}

/// Letters to add, drop, change, or exchange with their neighbour (optimal string alignment).
fn distance(one: &[char], other: &[char]) -> usize {
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=other.len()).collect();
    for (row, letter) in one.iter().enumerate() {
        let mut current = vec![row + 1];
        for (column, match_letter) in other.iter().enumerate() {
            let changed = last[column] + usize::from(letter != match_letter);
            let mut best = changed.min(last[column + 1] + 1).min(current[column] + 1);
            if row > 0 && column > 0 && *letter == other[column - 1] && one[row - 1] == *match_letter {
                best = best.min(before_last[column - 1] + 1);
            }
            current.push(best);
        }
        before_last = std::mem::replace(&mut last, current);
    }
    last[other.len()]
}

/// Why no word was picked.
pub(super) struct Unpicked {
    given: String,
    /// Those that it could be short for.
    candidates: Vec<String>,
    meant: Option<String>,
    known: Vec<String>,
}

impl Unpicked {
    /// In words, of which `what` none was.
    pub(super) fn about(self, what: &str) -> String {
        let given = line(&self.given);
        match self.meant {
            _ if !self.candidates.is_empty() => {
                format!("'{given}' could be {}", self.candidates.join(" or "))
            }
            Some(meant) => format!("'{given}' is not {what}; did you mean {meant}?"),
            None => format!("'{given}' is not {what}; there are {}", self.known.join(", ")),
        }
    }
}

/// The word of `known` that is given: whole, or by a beginning of one of its
/// parts that no other has.
pub(super) fn pick<'a>(given: &str, known: &[&'a str]) -> Result<&'a str, Unpicked> {
    let folded = fold(given);
    if let Some(word) = known.iter().find(|word| fold(word) == folded) {
        return Ok(word);
    }
    let begins = |word: &str| {
        let ends = word.match_indices(' ').filter_map(|(at, _)| word.get(at + 1..));
        std::iter::once(word).chain(ends).any(|end| fold(end).starts_with(&folded))
    };
    let fitting: Vec<&str> =
        known.iter().copied().filter(|word| !folded.is_empty() && begins(word)).collect();
    if let [word] = fitting[..] {
        return Ok(word);
    }
    let codes: Vec<String> = known.iter().map(|word| code(word)).collect();
    Err(Unpicked {
        given: given.to_owned(),
        candidates: fitting.into_iter().map(code).collect(),
        meant: nearest(given, codes.iter().map(String::as_str)).map(str::to_owned),
        known: codes,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_counted_and_strangers_left_alone() {
        let known = ["state", "priority", "prio", "due"];
        for (given, meant) in [
            ("stat", Some("state")),
            ("sttae", Some("state")),
            ("PRO", Some("prio")),
            ("prioritty", Some("priority")),
            ("deu", Some("due")),
            ("wholly-other", None),
            ("", None),
        ] {
            assert_eq!(nearest(given, known.into_iter()), meant, "{given}");
        }
        assert_eq!(nearest(&"x".repeat(1_000_000), known.into_iter()), None);
    }
}
