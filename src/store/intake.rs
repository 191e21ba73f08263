//! The intake ledger: every message ever offered, and what became of it.

use chrono::{DateTime, Utc};

use super::column::{collect, instant, seconds};
use super::{Result, Store, Writer};
use crate::triage::CaseKey;

/// What became of an offered message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Offered {
    /// It opened a case.
    New(CaseKey, i64),
    /// It joined a case.
    Joined(CaseKey, i64),
    /// It was taken in before.
    AlreadyThere(CaseKey, i64),
    /// It could not be taken in; in words.
    Failed(String),
}

impl Offered {
    /// The word for programs and the ledger.
    pub fn code(&self) -> &'static str {
        match self {
            Offered::New(..) => "new",
            Offered::Joined(..) => "joined",
            Offered::AlreadyThere(..) => "already_there",
            Offered::Failed(_) => "failed",
        }
    }
}

impl Writer<'_> {
    /// Notes what became of an offered message.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn enter(
        &self,
        at: DateTime<Utc>,
        actor: &str,
        source: &str,
        digest: Option<&[u8; 32]>,
        offered: &Offered,
    ) -> Result<()> {
        let (case, message, reason) = match offered {
            Offered::New(case, message)
            | Offered::Joined(case, message)
            | Offered::AlreadyThere(case, message) => (Some(case.0), Some(message), None),
            Offered::Failed(reason) => (None, None, Some(reason)),
        };
        let sql = "INSERT INTO intake (at, actor, source, digest, outcome, case_id, message, reason)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
        let mut statement = self.transaction.prepare_cached(sql)?;
        statement.execute((seconds(at), actor, source, digest, offered.code(), case, message, reason))?;
        Ok(())
    }
}

impl Store {
    /// How many messages were ever offered, by what became of them.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn ledger_counts(&self) -> Result<Vec<(String, i64)>> {
        let sql = "SELECT outcome, count(*) FROM intake GROUP BY outcome ORDER BY outcome";
        let mut statement = self.connection.prepare_cached(sql)?;
        collect(statement.query([])?, |row| Ok((row.get(0)?, row.get(1)?)))
    }

    /// The latest offers that could not be taken: when, from where, and why. Foreign text.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn latest_failures(&self, limit: i64) -> Result<Vec<(DateTime<Utc>, String, String)>> {
        let sql = "SELECT at, source, reason FROM intake WHERE outcome = 'failed' ORDER BY id DESC LIMIT ?1";
        let mut statement = self.connection.prepare_cached(sql)?;
        collect(statement.query([limit])?, |row| Ok((instant(row.get(0)?)?, row.get(1)?, row.get(2)?)))
    }
}
