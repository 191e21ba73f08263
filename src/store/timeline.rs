//! The timeline: batches of events, appended and never changed. Undo and redo
//! are further batches; which batch they take back is noted beside them.

use chrono::{DateTime, Utc};
use rusqlite::OptionalExtension as _;

use super::column::{collect, instant, json, seconds, to_json};
use super::{Result, Store, Writer};
use crate::triage::event::{Event, What};
use crate::triage::{Case, CaseKey, Field};

/// Why a batch was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// A decision, which can be undone.
    Do,
    /// It takes this batch back.
    Undo(i64),
    /// It makes this batch again.
    Redo(i64),
    /// Intake and looking: nothing that a person would undo.
    Quiet,
}

/// A batch being written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Batch(i64);

impl Store {
    /// What happened to a case, oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn timeline(&self, case: CaseKey) -> Result<Vec<Event>> {
        let sql = "SELECT batch, at, actor, role, what FROM event JOIN batch ON batch.id = event.batch
                   WHERE case_id = ?1 ORDER BY event.id";
        let mut statement = self.connection.prepare_cached(sql)?;
        collect(statement.query([case.0])?, |row| {
            Ok(Event {
                batch: row.get("batch")?,
                at: instant(row.get("at")?)?,
                actor: row.get("actor")?,
                undo: row.get::<_, String>("role")? == "undo",
                what: json(row, "what")?,
            })
        })
    }
}

impl Writer<'_> {
    /// Begins a batch. A new decision ends what could be redone.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn begin_batch(&self, actor: &str, at: DateTime<Utc>, role: Role) -> Result<Batch> {
        let (word, target, undone) = match role {
            Role::Do => ("do", None, None),
            Role::Undo(target) => ("undo", Some(target), Some(1)),
            Role::Redo(target) => ("redo", Some(target), Some(0)),
            Role::Quiet => ("quiet", None, None),
        };
        if role == Role::Do {
            let sql = "UPDATE batch SET undone = 2 WHERE actor = ?1 AND role = 'do' AND undone = 1";
            self.transaction.prepare_cached(sql)?.execute([actor])?;
        }
        if let (Some(target), Some(undone)) = (target, undone) {
            let sql = "UPDATE batch SET undone = ?2 WHERE id = ?1";
            self.transaction.prepare_cached(sql)?.execute((target, undone))?;
        }
        let sql = "INSERT INTO batch (actor, at, role, target) VALUES (?1, ?2, ?3, ?4)";
        self.transaction.prepare_cached(sql)?.execute((actor, seconds(at), word, target))?;
        Ok(Batch(self.transaction.last_insert_rowid()))
    }

    /// Appends an entry to the timeline of `case`.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn append(&self, batch: Batch, case: &Case, what: &What) -> Result<()> {
        let field = match what {
            What::Changed { after, .. } => Some(after.field().code()),
            _ => None,
        };
        let sql = "INSERT INTO event (case_id, version, batch, field, what) VALUES (?1, ?2, ?3, ?4, ?5)";
        let what = to_json(what)?;
        self.transaction.prepare_cached(sql)?.execute((case.key.0, case.version, batch.0, field, what))?;
        Ok(())
    }

    /// The latest decision of `actor` that is in force: what undo takes back.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn undoable(&self, actor: &str) -> Result<Option<i64>> {
        self.batch("SELECT max(id) FROM batch WHERE actor = ?1 AND role = 'do' AND undone = 0", actor)
    }

    /// The decision that `actor` took back last: what redo makes again.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn redoable(&self, actor: &str) -> Result<Option<i64>> {
        self.batch("SELECT min(id) FROM batch WHERE actor = ?1 AND role = 'do' AND undone = 1", actor)
    }

    /// When a batch was made.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn made_at(&self, batch: i64) -> Result<DateTime<Utc>> {
        let sql = "SELECT at FROM batch WHERE id = ?1";
        instant(self.transaction.prepare_cached(sql)?.query_row([batch], |row| row.get(0))?)
    }

    /// When somebody last worked on a case; what was taken back since does not count.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn worked_on_at(&self, case: CaseKey) -> Result<Option<DateTime<Utc>>> {
        let sql = "SELECT max(batch.at) FROM event JOIN batch ON batch.id = event.batch
                   WHERE event.case_id = ?1 AND batch.role = 'do' AND batch.undone = 0";
        let at: Option<i64> = self.transaction.prepare_cached(sql)?.query_row([case.0], |row| row.get(0))?;
        at.map(instant).transpose()
    }

    fn batch(&self, sql: &str, actor: &str) -> Result<Option<i64>> {
        Ok(self.transaction.prepare_cached(sql)?.query_row([actor], |row| row.get(0))?)
    }

    /// The entries of a batch in their order.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn entries(&self, batch: i64) -> Result<Vec<(CaseKey, What)>> {
        let sql = "SELECT case_id, what FROM event WHERE batch = ?1 ORDER BY id";
        let mut statement = self.transaction.prepare_cached(sql)?;
        collect(statement.query([batch])?, |row| Ok((CaseKey(row.get("case_id")?), json(row, "what")?)))
    }

    /// Who changed `field` of `case` after it had `version`, if anybody did.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn changed_since(&self, case: CaseKey, version: i64, field: Field) -> Result<Option<String>> {
        let sql = "SELECT actor FROM event JOIN batch ON batch.id = event.batch
                   WHERE case_id = ?1 AND version > ?2 AND field = ?3 ORDER BY event.id DESC LIMIT 1";
        let mut statement = self.transaction.prepare_cached(sql)?;
        Ok(statement.query_row((case.0, version, field.code()), |row| row.get(0)).optional()?)
    }

    /// The remarks on a case that stand, oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn notes(&self, case: CaseKey) -> Result<Vec<String>> {
        let sql = "SELECT what FROM event WHERE case_id = ?1 AND field IS NULL ORDER BY id";
        let mut statement = self.transaction.prepare_cached(sql)?;
        let mut standing = Vec::new();
        for what in collect(statement.query([case.0])?, |row| json(row, "what"))? {
            match what {
                What::Noted { note } => standing.push(note),
                What::NoteWithdrawn { note } => standing.retain(|kept| *kept != note),
                _ => {}
            }
        }
        Ok(standing)
    }
}
