//! Similar cases: how much two reports have in common, and in what.
//!
//! A case becomes a [`Profile`] once; pairs of profiles are scored without
//! their texts. [`Signature`]s of 128 bytes find near-identical mass mails in a
//! linear scan. Nothing here merges or closes anything.

mod common;
mod leads;
mod score;
mod signature;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::case::CaseKey;
use super::evidence::Evidence;
use super::phrases::Words;

pub use leads::Lead;
pub use score::{Likeness, likeness};
pub use signature::{NEAR_IDENTICAL, SIGNATURE_BYTES, Signature};

/// Words of a profile at most: the telling ones, the most frequent first.
const MAX_WORDS: usize = 200;

/// Words of a text that are counted; what comes later is appendix.
const MAX_COUNTED: usize = 20_000;

/// A case that is like another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Similar {
    /// Its row number.
    pub key: CaseKey,
    /// Its identifier.
    pub id: String,
    /// Its title. Foreign text.
    pub title: String,
    /// 0 to 100; 100 for the same text.
    pub score: u8,
    /// What they have in common, the weightiest first. Foreign text.
    pub reasons: Vec<String>,
}

/// Reasons that one line shows.
const SHOWN: usize = 3;

impl Similar {
    /// `SEC-2026-0012 87: same component imaging, 8 rare words in common`. Foreign text.
    pub fn in_words(&self) -> String {
        let reasons: Vec<&str> = self.reasons.iter().take(SHOWN).map(String::as_str).collect();
        format!("{} {}: {}", self.id, self.score, reasons.join(", "))
    }
}

/// What is known of a case from outside its text. All of it is foreign text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Subject<'a> {
    /// The title of the case.
    pub title: &'a str,
    /// The readable text of its first message, or of all.
    pub text: &'a str,
    /// The product it is about.
    pub product: Option<&'a str>,
    /// The part of the product.
    pub component: Option<&'a str>,
    /// The weakness class that a person set.
    pub weakness: Option<super::weakness::Weakness>,
    /// The address of the reporter.
    pub reporter: &'a str,
}

/// What of a case tells it from others and shows it like others. Foreign text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Profile {
    /// Tells near-identical texts, in a scan over many.
    pub signature: Signature,
    /// Telling words of title and text and how often they stand there.
    pub words: BTreeMap<String, u16>,
    /// Telling words of the title.
    pub title: BTreeSet<String>,
    /// The product, in lower case.
    pub product: Option<String>,
    /// The component, in lower case.
    pub component: Option<String>,
    /// What can be checked in the text; `cwes` with the class that a person set,
    /// and else with those that the text speaks of.
    pub evidence: Evidence,
    /// The address of the reporter, in lower case.
    pub reporter: String,
}

impl Profile {
    /// The profile of a case. Linear in its text.
    pub fn of(subject: Subject<'_>) -> Self {
        let mut evidence = Evidence::of(subject.text);
        if let Some(weakness) = subject.weakness {
            evidence.cwes = BTreeSet::from([weakness]);
        } else if evidence.cwes.is_empty() {
            let spoken = format!("{}\n{}", subject.title, subject.text);
            evidence
                .cwes
                .extend(super::weakness::guess(&spoken).into_iter().take(2).map(|guess| guess.weakness));
        }
        let title = Words::of(subject.title);
        let text = Words::of(subject.text);
        let lower =
            |name: Option<&str>| name.map(|name| name.trim().to_lowercase()).filter(|name| !name.is_empty());
        Self {
            signature: Signature::of_words(title.iter().chain(text.iter())),
            words: telling(title.iter().chain(text.iter())),
            title: title
                .iter()
                .take(MAX_WORDS)
                .filter(|word| common::is_telling(word))
                .map(str::to_owned)
                .collect(),
            product: lower(subject.product),
            component: lower(subject.component),
            evidence,
            reporter: subject.reporter.trim().to_lowercase(),
        }
    }
}

/// The telling words and their counts; of too many the most frequent, then the longest.
fn telling<'a>(words: impl Iterator<Item = &'a str>) -> BTreeMap<String, u16> {
    let mut counts: BTreeMap<&str, u16> = BTreeMap::new();
    for word in words.take(MAX_COUNTED).filter(|word| common::is_telling(word)) {
        let count = counts.entry(word).or_default();
        *count = count.saturating_add(1);
    }
    let mut ranked: Vec<(&str, u16)> = counts.into_iter().collect();
    ranked.sort_by_key(|&(word, count)| (std::cmp::Reverse(count), std::cmp::Reverse(word.len()), word));
    ranked.into_iter().take(MAX_WORDS).map(|(word, count)| (word.to_owned(), count)).collect()
}

#[cfg(test)]
mod tests;
