//! What somebody was reminded of: once for each stage of a clock.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::column::{collect, instant, seconds, word};
use super::{Result, Store, Writer};
use crate::triage::CaseKey;
use crate::triage::reminder::Stage;

/// One stage of one clock of one case: the name of the clock, when it is due, how far it is.
pub type Told = (CaseKey, String, DateTime<Utc>, Stage);

impl Store {
    /// All that `actor` was ever reminded of.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn reminded(&self, actor: &str) -> Result<BTreeSet<Told>> {
        let sql = "SELECT case_id, clock, due_at, stage FROM reminder WHERE actor = ?1";
        let mut statement = self.connection.prepare_cached(sql)?;
        let told = collect(statement.query([actor])?, |row| {
            let key = CaseKey(row.get("case_id")?);
            Ok((key, row.get("clock")?, instant(row.get("due_at")?)?, word(row, "stage")?))
        })?;
        Ok(told.into_iter().collect())
    }
}

impl Writer<'_> {
    /// Notes that `actor` was reminded of it.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn mark_reminded(&self, actor: &str, told: &Told, at: DateTime<Utc>) -> Result<()> {
        let sql = "INSERT OR IGNORE INTO reminder (actor, case_id, clock, due_at, stage, at)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        let (key, clock, due, stage) = told;
        self.transaction.prepare_cached(sql)?.execute((
            actor,
            key.0,
            clock,
            seconds(*due),
            stage.code(),
            seconds(at),
        ))?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{at, store};
    use super::*;
    use crate::triage::message::Encryption;
    use crate::triage::{Case, Person};

    #[test]
    fn what_was_told_is_known_for_its_person_alone_and_noted_once() {
        let (_directory, mut store) = store();
        let now = at("2026-11-23T12:00:00Z");
        let case = Case::opened("SEC-2026-0001".into(), "x", Person::default(), now, Encryption::None);
        let key = store.write(|writer| writer.insert_case(&case)).unwrap();
        let told: Told = (key, "hand-over answer (QA)".into(), now, Stage::Day);
        for _ in 0..2 {
            store.write(|writer| writer.mark_reminded("ann", &told, now)).unwrap();
        }
        assert_eq!(store.reminded("ann").unwrap().into_iter().collect::<Vec<_>>(), [told]);
        assert!(store.reminded("ben").unwrap().is_empty());
    }
}
