//! The cases that a query asks for, in its order. Fields are decided in one SQL
//! statement, words in the full-text index; both are joined in memory by number,
//! never row by row: a word that half of all messages have costs no read of them.

mod index;
mod remainder;
mod statement;
mod words;

use std::collections::BTreeSet;

use chrono::{DateTime, TimeZone};

use super::cases::ORDER;
use super::{Result, Store};
use crate::triage::CaseKey;
use crate::triage::query::Query;

pub(super) use index::Words;
use remainder::Remainder;
use statement::Statement;
use words::KeySet;
pub(super) use words::MessageMap;

/// The cases that are restricted to others than the reader.
pub(super) const HIDDEN: &str = "SELECT id FROM cases WHERE is_restricted = 1 AND NOT EXISTS
    (SELECT 1 FROM json_each(readers) WHERE value = ?1 COLLATE NOCASE)";

/// The order of the plain queue, kept until something is written.
#[derive(Debug)]
pub(super) struct Listed {
    data_version: i64,
    keys: Vec<CaseKey>,
}

impl Store {
    /// Keys of all cases that `query` asks for, in its order; the present is
    /// `now`, in the zone of the reader's dates. What is not for `reader` is
    /// only there where nothing is asked, and comes last.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn order<Z: TimeZone>(
        &mut self,
        query: &Query,
        now: &DateTime<Z>,
        reader: &str,
    ) -> Result<Vec<CaseKey>> {
        let statement = Statement::of(query, now, reader)?;
        let sets = statement.words.iter().map(|words| self.cases_with(words)).collect::<Result<Vec<_>>>()?;
        let Some(remainder) = &statement.remainder else {
            return if statement.sql == ORDER { self.listed_for(reader) } else { self.keys(&statement) };
        };
        let Some(set) = remainder.set(&sets) else { return self.matching(&statement, remainder, &sets) };
        let is_plain = statement.sql == ORDER;
        let mut keys = if is_plain { self.listed()? } else { self.keys(&statement)? };
        keys.retain(|key| set.contains(*key));
        if is_plain {
            let hidden = self.hidden_from(reader)?;
            keys.retain(|key| !hidden.contains(key));
        }
        Ok(keys)
    }

    /// The plain queue, with what is not for `reader` at its end: not even
    /// where such a case stands is for everybody.
    fn listed_for(&mut self, reader: &str) -> Result<Vec<CaseKey>> {
        let keys = self.listed()?;
        let hidden = self.hidden_from(reader)?;
        if hidden.is_empty() {
            return Ok(keys);
        }
        let (open, others): (Vec<CaseKey>, Vec<CaseKey>) =
            keys.into_iter().partition(|key| !hidden.contains(key));
        Ok(open.into_iter().chain(others.into_iter().collect::<BTreeSet<_>>()).collect())
    }

    /// The cases that `reader` may only know to exist.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn hidden_from(&self, reader: &str) -> Result<BTreeSet<CaseKey>> {
        let mut statement = self.connection.prepare_cached(HIDDEN)?;
        let rows = statement.query_map([reader], |row| row.get(0).map(CaseKey))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// The plain queue, from memory where nobody has written since.
    fn listed(&mut self) -> Result<Vec<CaseKey>> {
        let data_version = self.read_data_version()?;
        if let Some(listed) = self.listed.as_ref().filter(|listed| listed.data_version == data_version) {
            return Ok(listed.keys.clone());
        }
        let keys = self.keys(&Statement::fixed(ORDER))?;
        self.listed = Some(Listed { data_version, keys: keys.clone() });
        Ok(keys)
    }

    fn keys(&self, Statement { sql, values, .. }: &Statement) -> Result<Vec<CaseKey>> {
        let mut prepared = self.connection.prepare_cached(sql)?;
        let rows = prepared.query_map(rusqlite::params_from_iter(values), |row| row.get(0).map(CaseKey))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Decides each row by its columns and the words together.
    fn matching(
        &self,
        statement: &Statement,
        remainder: &Remainder,
        sets: &[KeySet],
    ) -> Result<Vec<CaseKey>> {
        let mut prepared = self.connection.prepare_cached(&statement.sql)?;
        let mut rows = prepared.query(rusqlite::params_from_iter(&statement.values))?;
        let (mut keys, mut columns) = (Vec::new(), vec![false; statement.columns]);
        while let Some(row) = rows.next()? {
            let key = CaseKey(row.get(0)?);
            for (place, column) in columns.iter_mut().enumerate() {
                *column = row.get(place + 1)?;
            }
            if remainder.holds(key, sets, &columns) {
                keys.push(key);
            }
        }
        Ok(keys)
    }
}

#[cfg(test)]
mod tests;
