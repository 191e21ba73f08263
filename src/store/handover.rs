//! Shifts handed over, and accepted.

use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension as _, Row as SqlRow};

use super::column::{collect, instant, json, seconds, to_json};
use super::{Result, Store, Writer};
use crate::triage::handover::Handover;

const LATEST: &str = "SELECT * FROM handover ORDER BY id DESC LIMIT 1";

impl Store {
    /// All hand-overs, oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn handovers(&self) -> Result<Vec<Handover>> {
        let mut statement = self.connection.prepare_cached("SELECT * FROM handover ORDER BY id")?;
        collect(statement.query([])?, handover)
    }

    /// The latest hand-over, accepted or not.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn latest_handover(&self) -> Result<Option<Handover>> {
        let mut statement = self.connection.prepare_cached(LATEST)?;
        statement.query_row([], |row| Ok(handover(row))).optional()?.transpose()
    }
}

impl Writer<'_> {
    /// The latest hand-over as this transaction sees it.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn latest_handover(&self) -> Result<Option<Handover>> {
        let mut statement = self.transaction.prepare_cached(LATEST)?;
        statement.query_row([], |row| Ok(handover(row))).optional()?.transpose()
    }

    /// Keeps a hand-over and returns its number; `handover.number` is not read.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn hand_over(&self, handover: &Handover) -> Result<i64> {
        let sql = "INSERT INTO handover (at, from_actor, to_actor, note, cases) VALUES (?1, ?2, ?3, ?4, ?5)";
        let Handover { at, from, to, note, items, .. } = handover;
        self.transaction.prepare_cached(sql)?.execute((seconds(*at), from, to, note, to_json(items)?))?;
        Ok(self.transaction.last_insert_rowid())
    }

    /// Notes that a hand-over was accepted.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn accept_handover(&self, number: i64, at: DateTime<Utc>) -> Result<()> {
        let sql = "UPDATE handover SET accepted_at = ?2 WHERE id = ?1";
        self.transaction.prepare_cached(sql)?.execute((number, seconds(at)))?;
        Ok(())
    }
}

fn handover(row: &SqlRow<'_>) -> Result<Handover> {
    Ok(Handover {
        number: row.get("id")?,
        at: instant(row.get("at")?)?,
        from: row.get("from_actor")?,
        to: row.get("to_actor")?,
        note: row.get("note")?,
        items: json(row, "cases")?,
        accepted_at: row.get::<_, Option<i64>>("accepted_at")?.map(instant).transpose()?,
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::{at, store};
    use super::*;
    use crate::triage::handover::{Item, Red};

    #[test]
    fn the_latest_one_counts_and_comes_back_the_same() {
        let (_directory, mut store) = store();
        assert_eq!(store.latest_handover().unwrap(), None);
        let item = Item { key: 7, id: "SEC-2026-0007".into(), why: vec![Red::Overdue, Red::Unanswered] };
        let mut handover = Handover {
            number: 0,
            at: at("2026-11-23T09:00:00Z"),
            from: "ann".into(),
            to: "ben".into(),
            note: "quiet".into(),
            items: vec![item],
            accepted_at: None,
        };
        let first = store.write(|writer| writer.hand_over(&handover)).unwrap();
        handover.number = store.write(|writer| writer.hand_over(&handover)).unwrap();
        assert!(handover.number > first);
        assert_eq!(store.latest_handover().unwrap().as_ref(), Some(&handover));
        let now = at("2026-11-23T09:05:00Z");
        store.write(|writer| writer.accept_handover(handover.number, now)).unwrap();
        assert_eq!(store.latest_handover().unwrap().unwrap().accepted_at, Some(now));
    }
}
