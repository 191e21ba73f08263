//! Which texts are alike: the signatures of all cases, in memory after they
//! were first asked for, and the cases that mention something.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension as _};

use super::column::{collect, first};
use super::{Result, Store, Writer};
use crate::triage::CaseKey;
use crate::triage::similar::Signature;

/// Longest text that a case is known by, in characters.
const MAX_TEXT: i64 = 65_536;

/// The signature of each case that has one.
#[derive(Debug, Default)]
pub(super) struct Signatures {
    cases: Vec<(CaseKey, Signature)>,
    /// How often one had been replaced when they were read.
    replaced: i64,
}

impl Signatures {
    /// Reads those that came since; all of them where one was replaced since.
    fn refresh(&mut self, connection: &Connection) -> Result<()> {
        let sql = "SELECT CAST(value AS INTEGER) FROM setting WHERE name = 'signatures_replaced'";
        let replaced = connection.prepare_cached(sql)?.query_row([], |row| row.get(0)).optional()?;
        let replaced: i64 = replaced.unwrap_or_default();
        if replaced != self.replaced {
            *self = Self { cases: Vec::new(), replaced };
        }
        let known = self.cases.last().map_or(0, |(key, _)| key.0);
        let sql = "SELECT case_id, signature FROM likeness WHERE case_id > ?1 ORDER BY case_id";
        let mut statement = connection.prepare_cached(sql)?;
        let mut rows = statement.query([known])?;
        while let Some(row) = rows.next()? {
            if let Some(signature) = Signature::from_bytes(row.get_ref(1)?.as_blob().unwrap_or_default()) {
                self.cases.push((CaseKey(row.get(0)?), signature));
            }
        }
        Ok(())
    }

    fn near(&self, signature: &Signature) -> Vec<CaseKey> {
        self.cases.iter().filter(|(_, other)| signature.is_near(other)).map(|(key, _)| *key).collect()
    }
}

impl Store {
    /// The cases whose text is nearly the one with this signature, oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn near(&self, signature: &Signature) -> Result<Vec<CaseKey>> {
        let mut signatures = self.signatures.borrow_mut();
        signatures.refresh(&self.connection)?;
        Ok(signatures.near(signature))
    }

    /// The cases in which `words` stand as a phrase, in their messages or in
    /// what people wrote about them; `None` where more than `most` texts have them.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn mentioning(&self, words: &str, most: usize) -> Result<Option<Vec<CaseKey>>> {
        let sql = "SELECT rowid FROM search WHERE search MATCH ?1 LIMIT ?2";
        let phrase = format!("\"{}\"", words.replace(['"', '\0'], " "));
        let limit = i64::try_from(most).unwrap_or(i64::MAX).saturating_add(1);
        let mut statement = self.connection.prepare_cached(sql)?;
        let texts: Vec<i64> = collect(statement.query((phrase, limit))?, first)?;
        if texts.len() > most {
            return Ok(None);
        }
        // Only now are rows of messages read: of a common word none.
        let mut case_of = self.connection.prepare_cached("SELECT case_id FROM message WHERE id = ?1")?;
        let mut cases = Vec::with_capacity(texts.len());
        for text in texts {
            let case = if text < 0 { -text } else { case_of.query_row([text], |row| row.get(0))? };
            cases.push(CaseKey(case));
        }
        Ok(Some(cases))
    }

    /// The text that a case is known by: the beginning of the first mail that
    /// came in for it. Foreign text.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn opening_text(&self, case: CaseKey) -> Result<Option<String>> {
        Ok(opening(&self.connection, case)?.map(|(_, _, text)| text))
    }
}

impl Writer<'_> {
    /// The cases whose text is nearly the one with this signature, oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn near(&self, signature: &Signature) -> Result<Vec<CaseKey>> {
        let mut signatures = self.signatures.borrow_mut();
        signatures.refresh(&self.transaction)?;
        Ok(signatures.near(signature))
    }

    /// Keeps the signature of the text of a case.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn set_signature(&self, case: CaseKey, signature: &Signature) -> Result<()> {
        let sql = "SELECT 1 FROM likeness WHERE case_id = ?1";
        let is_there = self.transaction.prepare_cached(sql)?.exists([case.0])?;
        // Whoever keeps them in memory reads on from the last one.
        let is_behind = self.signatures.borrow().cases.last().is_some_and(|(last, _)| case <= *last);
        let sql = "INSERT OR REPLACE INTO likeness (case_id, signature) VALUES (?1, ?2)";
        self.transaction.prepare_cached(sql)?.execute((case.0, signature.to_bytes()))?;
        if is_there || is_behind {
            self.forget_signatures()?;
        }
        Ok(())
    }

    /// Everybody reads all signatures again.
    fn forget_signatures(&self) -> Result<()> {
        let sql = "INSERT INTO setting (name, value) VALUES ('signatures_replaced', '1')
                   ON CONFLICT (name) DO UPDATE SET value = value + 1";
        self.transaction.prepare_cached(sql)?.execute([])?;
        Ok(())
    }

    /// The first mail that came in for a case: its number, subject and the
    /// beginning of its text. Foreign text.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn opening(&self, case: CaseKey) -> Result<Option<(i64, String, String)>> {
        opening(&self.transaction, case)
    }

    /// The cases that are restricted to some people.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn restricted(&self) -> Result<BTreeSet<CaseKey>> {
        let mut statement =
            self.transaction.prepare_cached("SELECT id FROM cases WHERE is_restricted = 1")?;
        Ok(collect(statement.query([])?, first)?.into_iter().map(CaseKey).collect())
    }
}

/// Gives a signature to every case that has none: those of an older store.
pub(super) fn sign_all(connection: &Connection) -> Result<()> {
    let sql = "SELECT cases.id FROM cases LEFT JOIN likeness ON likeness.case_id = cases.id
               WHERE likeness.case_id IS NULL ORDER BY cases.id";
    let mut statement = connection.prepare(sql)?;
    let mut keep = connection.prepare("INSERT INTO likeness (case_id, signature) VALUES (?1, ?2)")?;
    for case in collect(statement.query([])?, first::<i64>)? {
        if let Some((_, subject, text)) = opening(connection, CaseKey(case))? {
            keep.execute((case, Signature::of(&format!("{subject}\n{text}")).to_bytes()))?;
        }
    }
    Ok(())
}

fn opening(connection: &Connection, case: CaseKey) -> Result<Option<(i64, String, String)>> {
    let sql = "SELECT message.id, subject, substr(body.text, 1, ?2) FROM message JOIN body ON body.message = message.id
               WHERE case_id = ?1 AND direction = 'in' ORDER BY received_at, message.id LIMIT 1";
    let mut statement = connection.prepare_cached(sql)?;
    let row = statement.query_row((case.0, MAX_TEXT), |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)));
    Ok(row.optional()?)
}

#[cfg(test)]
#[path = "likeness_tests.rs"]
mod tests;
