//! Words to the cases that have them, from the full-text index.

use rusqlite::OptionalExtension as _;

use super::super::{Result, Store};
use crate::triage::CaseKey;

/// The case of each message by message number, so that a hit costs no read of its row.
#[derive(Debug, Default)]
pub(in crate::store) struct MessageMap {
    cases: Vec<u32>,
    /// How often messages had moved between cases when it was read.
    moves: i64,
}

impl MessageMap {
    fn case_of(&self, message: i64) -> Option<u32> {
        self.cases.get(usize::try_from(message).ok()?).copied()
    }
}

impl Store {
    /// The cases in which `words` stand, or that are called so: all of them
    /// where there is nothing in the words that could be found.
    pub(super) fn cases_with(&mut self, words: &str) -> Result<KeySet> {
        let Some(expression) = match_expression(words) else { return Ok(KeySet::everything()) };
        let mut hits = self.hits(&expression)?;
        self.with_identifier(words, &mut hits)?;
        Ok(hits)
    }

    fn hits(&mut self, expression: &str) -> Result<KeySet> {
        self.refresh_map()?;
        let mut statement =
            self.connection.prepare_cached("SELECT rowid FROM search WHERE search MATCH ?1")?;
        let mut rows = statement.query([expression])?;
        let mut hits = KeySet::default();
        while let Some(row) = rows.next()? {
            let rowid: i64 = row.get(0)?;
            if rowid < 0 {
                hits.insert(CaseKey(-rowid));
            } else if let Some(case) = self.search_map.case_of(rowid) {
                hits.insert(CaseKey(i64::from(case)));
            }
        }
        Ok(hits)
    }

    /// Adds the cases whose identifier begins with `words`, or ends with a number such as `2026-0042`.
    fn with_identifier(&self, words: &str, hits: &mut KeySet) -> Result<()> {
        // Identifiers are letters, digits and hyphens, all of them before '~'.
        let begins = "SELECT id FROM cases WHERE code >= ?1 AND code < ?1 || '~'";
        self.add_hits(begins, &words.to_ascii_uppercase(), hits)?;
        if is_tail(words) {
            self.add_hits("SELECT id FROM cases WHERE code GLOB '*-' || ?1", words, hits)?;
        }
        Ok(())
    }

    fn add_hits(&self, sql: &str, value: &str, hits: &mut KeySet) -> Result<()> {
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query([value])?;
        while let Some(row) = rows.next()? {
            hits.insert(CaseKey(row.get(0)?));
        }
        Ok(())
    }

    /// Reads the messages that came since the map was last asked; all of them
    /// where some have moved to another case since.
    fn refresh_map(&mut self) -> Result<()> {
        let sql = "SELECT CAST(value AS INTEGER) FROM setting WHERE name = 'moves'";
        let moves = self.connection.prepare_cached(sql)?.query_row([], |row| row.get(0)).optional()?;
        let moves: i64 = moves.unwrap_or_default();
        if moves != self.search_map.moves {
            self.search_map = MessageMap { cases: Vec::new(), moves };
        }
        let known = self.search_map.cases.len();
        // All of them stand in a narrow index; the few that came later are read by number.
        let sql = if known == 0 {
            "SELECT id, case_id FROM message INDEXED BY message_case WHERE ?1 = 0"
        } else {
            "SELECT id, case_id FROM message WHERE id >= ?1"
        };
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query([i64::try_from(known).unwrap_or(i64::MAX)])?;
        let cases = &mut self.search_map.cases;
        while let Some(row) = rows.next()? {
            let (message, case): (u32, u32) = (row.get(0)?, row.get(1)?);
            let place = message as usize;
            if place >= cases.len() {
                cases.resize(place + 1, 0);
            }
            if let Some(entry) = cases.get_mut(place) {
                *entry = case;
            }
        }
        Ok(())
    }
}

/// Whether `words` can be the end of an identifier: its number, with or without the year.
fn is_tail(words: &str) -> bool {
    let is_number = |part: &str| part.len() >= 4 && part.bytes().all(|byte| byte.is_ascii_digit());
    match words.split_once('-') {
        Some((year, number)) => year.len() == 4 && is_number(year) && is_number(number),
        None => is_number(words),
    }
}

/// A set of case keys, one bit each.
#[derive(Debug, Clone, Default)]
pub(super) struct KeySet {
    bits: Vec<u64>,
    /// Whether the keys behind the last bit are in it.
    beyond: bool,
}

impl KeySet {
    /// The set of all keys.
    pub(super) fn everything() -> Self {
        Self { bits: Vec::new(), beyond: true }
    }

    fn insert(&mut self, key: CaseKey) {
        if let Ok(index) = usize::try_from(key.0) {
            if index / 64 >= self.bits.len() {
                self.bits.resize(index / 64 + 1, 0);
            }
            self.bits[index / 64] |= 1 << (index % 64);
        }
    }

    /// Whether the key is in it.
    pub(super) fn contains(&self, key: CaseKey) -> bool {
        usize::try_from(key.0).is_ok_and(|index| self.word(index / 64) >> (index % 64) & 1 == 1)
    }

    fn word(&self, place: usize) -> u64 {
        let beyond = if self.beyond { u64::MAX } else { 0 };
        self.bits.get(place).copied().unwrap_or(beyond)
    }

    /// The keys that are in both.
    pub(super) fn both(&self, other: &Self) -> Self {
        self.joined(other, |one, other| one & other, self.beyond && other.beyond)
    }

    /// The keys that are in one of them.
    pub(super) fn either(&self, other: &Self) -> Self {
        self.joined(other, |one, other| one | other, self.beyond || other.beyond)
    }

    /// The keys that are not in it.
    pub(super) fn others(self) -> Self {
        Self { bits: self.bits.into_iter().map(|word| !word).collect(), beyond: !self.beyond }
    }

    fn joined(&self, other: &Self, join: impl Fn(u64, u64) -> u64, beyond: bool) -> Self {
        let length = self.bits.len().max(other.bits.len());
        Self { bits: (0..length).map(|place| join(self.word(place), other.word(place))).collect(), beyond }
    }
}

/// Fewest letters of a last word that is taken as a beginning: shorter ones
/// begin too many words to be of use, and cost as much as all of those. Scripts
/// without blanks are not bound by it: there a whole sentence is one word.
const PREFIX: usize = 3;

/// `words` as an FTS5 expression: a phrase whose last word is a beginning.
/// `None` where it holds nothing that could be found.
fn match_expression(words: &str) -> Option<String> {
    let last = words.rsplit(|c: char| !c.is_alphanumeric()).find(|word| !word.is_empty())?;
    let beginning = if last.chars().count() >= PREFIX || !last.is_ascii() { " *" } else { "" };
    Some(format!("\"{}\"{beginning}", words.replace(['"', '\0'], " ")))
}
