//! Answers under way: kept encrypted with everything else, never in a file.

use chrono::{DateTime, Utc};
use rusqlite::OptionalExtension as _;

use super::column::{collect, first, seconds};
use super::{Result, Store, Writer};
use crate::triage::CaseKey;

impl Store {
    /// The answer that `actor` was writing in a case.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn draft(&self, case: CaseKey, actor: &str) -> Result<Option<String>> {
        let sql = "SELECT text FROM draft WHERE case_id = ?1 AND actor = ?2";
        let mut statement = self.connection.prepare_cached(sql)?;
        Ok(statement.query_row((case.0, actor), |row| row.get(0)).optional()?)
    }
}

impl Writer<'_> {
    /// Who has an answer under way in a case, sorted.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn drafting(&self, case: CaseKey) -> Result<Vec<String>> {
        let sql = "SELECT actor FROM draft WHERE case_id = ?1 ORDER BY actor";
        let mut statement = self.transaction.prepare_cached(sql)?;
        collect(statement.query([case.0])?, first)
    }

    /// Keeps the answer that `actor` is writing, or forgets it.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn set_draft(&self, case: CaseKey, actor: &str, text: Option<&str>, at: DateTime<Utc>) -> Result<()> {
        match text {
            Some(text) => {
                let sql = "INSERT OR REPLACE INTO draft (case_id, actor, at, text) VALUES (?1, ?2, ?3, ?4)";
                self.transaction.prepare_cached(sql)?.execute((case.0, actor, seconds(at), text))?
            }
            None => {
                let sql = "DELETE FROM draft WHERE case_id = ?1 AND actor = ?2";
                self.transaction.prepare_cached(sql)?.execute((case.0, actor))?
            }
        };
        Ok(())
    }
}
