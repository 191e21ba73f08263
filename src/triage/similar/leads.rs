//! Where to look for similar cases: the words of a profile that few others
//! have, so that a store of any size is asked a few short questions.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use super::Profile;
use super::score::EVERYWHERE;

/// Telling words that are looked for: the most frequent ones are what the
/// report is about, the longest ones are the rarest.
const FREQUENT: usize = 12;
const LONGEST: usize = 20;

/// Findings of one kind that are looked for.
const EACH: usize = 8;

/// Words to look for, and how much a case that has them is worth a look.
#[derive(Debug, Clone, PartialEq)]
pub struct Lead {
    /// The words, as one phrase. Foreign text.
    pub words: String,
    /// From 1; a lead that many follow is worth less in the end.
    pub weight: f64,
}

impl Profile {
    /// What to look for, the weightiest first.
    pub fn leads(&self) -> Vec<Lead> {
        let evidence = &self.evidence;
        let functions = evidence.functions.iter().filter(|function| !EVERYWHERE.contains(&function.as_str()));
        let mut leads: Vec<Lead> = Vec::new();
        let mut add = |words: &String, weight: f64| {
            if words.chars().any(char::is_alphanumeric) && leads.iter().all(|known| known.words != *words) {
                leads.push(Lead { words: words.clone(), weight });
            }
        };
        evidence.cves.iter().chain(&evidence.hashes).take(EACH).for_each(|words| add(words, 4.0));
        functions.take(EACH).for_each(|words| add(words, 4.0));
        evidence.files.iter().chain(&evidence.links).take(EACH).for_each(|words| add(words, 3.0));
        self.title.iter().take(EACH).for_each(|words| add(words, 2.0));
        self.component.iter().for_each(|words| add(words, 1.0));
        self.telling().into_iter().for_each(|words| add(words, 1.0));
        leads
    }

    fn telling(&self) -> BTreeSet<&String> {
        let mut words: Vec<(&String, u16)> = self.words.iter().map(|(word, count)| (word, *count)).collect();
        words.sort_by_key(|(word, count)| (Reverse(*count), Reverse(word.len()), *word));
        let frequent: Vec<&String> = words.iter().take(FREQUENT).map(|(word, _)| *word).collect();
        words.sort_by_key(|(word, _)| (Reverse(word.len()), *word));
        words.into_iter().take(LONGEST).map(|(word, _)| word).chain(frequent).collect()
    }
}
