//! Messages on their way from one case to another, and the cases that hold
//! duplicates.

use rusqlite::OptionalExtension as _;

use super::column::{collect, first};
use super::{Result, Store, Writer};
use crate::triage::{CaseKey, Field};

/// The cases that were merged into one: key in `merged_into`.
pub(super) const MERGED_INTO: &str = "SELECT id FROM cases
    WHERE merged_into IS NOT NULL AND json_extract(merged_into, '$.key') = ?1 ORDER BY id";

impl Store {
    /// The duplicates that a case holds, oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn merged_into(&self, case: CaseKey) -> Result<Vec<CaseKey>> {
        let mut statement = self.connection.prepare_cached(MERGED_INTO)?;
        Ok(collect(statement.query([case.0])?, first)?.into_iter().map(CaseKey).collect())
    }

    /// The messages that came to a case, or were written in it, after a batch.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn messages_since(&self, case: CaseKey, batch: i64) -> Result<Vec<i64>> {
        let sql = "SELECT json_extract(what, '$.message') FROM event
                   WHERE case_id = ?1 AND batch > ?2 AND json_extract(what, '$.kind') IN ('received', 'answered')
                     AND json_extract(what, '$.message') IN (SELECT id FROM message WHERE case_id = ?1)
                   ORDER BY id";
        let mut statement = self.connection.prepare_cached(sql)?;
        collect(statement.query((case.0, batch))?, first)
    }

    /// Whether a case holds the message with this Message-ID.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn holds_message_id(&self, case: CaseKey, message_id: &str) -> Result<bool> {
        let sql = "SELECT 1 FROM thread WHERE message_id = ?1 AND case_id = ?2 AND seen = 1";
        let mut statement = self.connection.prepare_cached(sql)?;
        Ok(statement.exists((message_id, case.0))?)
    }

    /// The latest batch that changed `field` of a case.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn last_batch(&self, case: CaseKey, field: Field) -> Result<Option<i64>> {
        let sql = "SELECT max(batch) FROM event WHERE case_id = ?1 AND field = ?2";
        let mut statement = self.connection.prepare_cached(sql)?;
        Ok(statement.query_row((case.0, field.code()), |row| row.get(0))?)
    }
}

impl Writer<'_> {
    /// The duplicates that a case holds, oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn merged_into(&self, case: CaseKey) -> Result<Vec<CaseKey>> {
        let mut statement = self.transaction.prepare_cached(MERGED_INTO)?;
        Ok(collect(statement.query([case.0])?, first)?.into_iter().map(CaseKey).collect())
    }

    /// The numbers of the messages of a case, oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn messages_of(&self, case: CaseKey) -> Result<Vec<i64>> {
        let sql = "SELECT id FROM message WHERE case_id = ?1 ORDER BY received_at, id";
        let mut statement = self.transaction.prepare_cached(sql)?;
        collect(statement.query([case.0])?, first)
    }

    /// The case of a message; `None` where there is no such message.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn place_of(&self, message: i64) -> Result<Option<CaseKey>> {
        let sql = "SELECT case_id FROM message WHERE id = ?1";
        let mut statement = self.transaction.prepare_cached(sql)?;
        Ok(statement.query_row([message], |row| row.get(0).map(CaseKey)).optional()?)
    }

    /// Moves messages from one case to another, and with `threads` the mails
    /// that answer them from then on. Those that are no longer in `from` stay.
    ///
    /// Whoever wrote or was written to in them belongs to the other case then,
    /// and no longer to the first, unless other messages of it say so; a case
    /// that is left without messages keeps its people, so that mail which
    /// names it is still known.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn move_messages(
        &self,
        messages: &[i64],
        threads: &[String],
        from: CaseKey,
        to: CaseKey,
    ) -> Result<()> {
        let people = self.people_in(messages, from)?;
        let sql = "UPDATE message SET case_id = ?3 WHERE id = ?1 AND case_id = ?2";
        let mut statement = self.transaction.prepare_cached(sql)?;
        for message in messages {
            statement.execute((message, from.0, to.0))?;
        }
        let mut statement = self.transaction.prepare_cached(
            "UPDATE OR REPLACE thread SET case_id = ?3 WHERE message_id = ?1 AND case_id = ?2",
        )?;
        for thread in threads {
            statement.execute((thread, from.0, to.0))?;
        }
        self.take_people_along(&people, from, to)?;
        // Whoever keeps in memory which message is whose has to read it again.
        let sql = "INSERT INTO setting (name, value) VALUES ('moves', '1')
                   ON CONFLICT (name) DO UPDATE SET value = value + 1";
        self.transaction.prepare_cached(sql)?.execute([])?;
        Ok(())
    }

    /// The addresses in those of `messages` that are in `case`, in lower case.
    fn people_in(&self, messages: &[i64], case: CaseKey) -> Result<Vec<String>> {
        let sql = "SELECT from_email FROM message WHERE id = ?1 AND case_id = ?2
                   UNION SELECT json_extract(value, '$.email') FROM message, json_each(recipients)
                   WHERE message.id = ?1 AND case_id = ?2";
        let mut statement = self.transaction.prepare_cached(sql)?;
        let mut people: Vec<String> = Vec::new();
        for message in messages {
            people.extend(collect(statement.query((message, case.0))?, first::<String>)?);
        }
        people.retain(|address| !address.is_empty());
        people.iter_mut().for_each(|address| *address = address.to_lowercase());
        people.sort();
        people.dedup();
        Ok(people)
    }

    fn take_people_along(&self, people: &[String], from: CaseKey, to: CaseKey) -> Result<()> {
        let left = self.messages_of(from)?;
        let staying = self.people_in(&left, from)?;
        let mut join = self
            .transaction
            .prepare_cached("INSERT OR IGNORE INTO participant (case_id, address) VALUES (?1, ?2)")?;
        let mut leave =
            self.transaction.prepare_cached("DELETE FROM participant WHERE case_id = ?1 AND address = ?2")?;
        for address in people {
            join.execute((to.0, address))?;
            if !left.is_empty() && staying.binary_search(address).is_err() {
                leave.execute((from.0, address))?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
impl Store {
    /// Who leads to which case: message-ids and participants, for tests.
    pub(crate) fn threads(&self) -> Result<Vec<(String, i64, i64)>> {
        let sql = "SELECT message_id, case_id, seen FROM thread
                   UNION ALL SELECT address, case_id, 2 FROM participant ORDER BY 1, 2, 3";
        let mut statement = self.connection.prepare_cached(sql)?;
        collect(statement.query([])?, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
    }
}
