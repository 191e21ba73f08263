//! Fire drills that were kept. They stand apart from everything else.

use rusqlite::Row as SqlRow;

use super::column::{collect, instant, json, seconds, to_json};
use super::{Error, Result, Store, Writer};
use crate::triage::drills::DrillRecord;

const NEWEST_FIRST: &str = "SELECT * FROM drill ORDER BY at DESC, id DESC";

impl Store {
    /// All drills that were kept, the newest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn drills(&self) -> Result<Vec<DrillRecord>> {
        let mut statement = self.connection.prepare_cached(NEWEST_FIRST)?;
        collect(statement.query([])?, drill)
    }
}

impl Writer<'_> {
    /// Keeps a drill.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn keep_drill(&self, drill: &DrillRecord) -> Result<()> {
        let sql = "INSERT INTO drill (at, name, title, seed, mode, score, \"of\", hints, people, items, began, ended)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)";
        self.transaction.prepare_cached(sql)?.execute((
            seconds(drill.at),
            &drill.name,
            &drill.title,
            drill.seed.to_string(),
            &drill.mode,
            drill.score,
            drill.of,
            i64::try_from(drill.hints).unwrap_or(i64::MAX),
            to_json(&drill.people)?,
            to_json(&drill.items)?,
            seconds(drill.began),
            seconds(drill.ended),
        ))?;
        Ok(())
    }
}

fn drill(row: &SqlRow<'_>) -> Result<DrillRecord> {
    let (seed, hints): (String, i64) = (row.get("seed")?, row.get("hints")?);
    let unreadable = |what: &str, value: &str| {
        Error::Unreadable(format!("{what} '{}' of a drill", crate::text::line(value)))
    };
    Ok(DrillRecord {
        at: instant(row.get("at")?)?,
        name: row.get("name")?,
        title: row.get("title")?,
        seed: seed.parse().map_err(|_| unreadable("seed", &seed))?,
        mode: row.get("mode")?,
        score: row.get("score")?,
        of: row.get("of")?,
        hints: usize::try_from(hints).map_err(|_| unreadable("hints", &hints.to_string()))?,
        people: json(row, "people")?,
        began: instant(row.get("began")?)?,
        ended: instant(row.get("ended")?)?,
        items: json(row, "items")?,
    })
}

#[cfg(test)]
impl Store {
    /// Every row of every table but that of drills, to see that nothing moved.
    pub(crate) fn all_but_drills(&self) -> std::collections::BTreeMap<String, Vec<String>> {
        let tables = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> 'drill'";
        let rows = |table: &String| {
            let mut statement = self.connection.prepare(&format!("SELECT * FROM \"{table}\"")).unwrap();
            let columns = statement.column_count();
            let row = |row: &SqlRow<'_>| {
                let values = (0..columns).map(|column| format!("{:?}", row.get_ref(column).unwrap()));
                Ok(values.collect::<Vec<_>>().join(", "))
            };
            statement.query_map([], row).unwrap().map(|row| row.unwrap()).collect()
        };
        self.strings(tables).unwrap().into_iter().map(|table| (table.clone(), rows(&table))).collect()
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::super::tests::{at, plan, store};
    use super::*;
    use crate::triage::drills::DrillItem;

    /// A drill that was kept at this instant.
    pub(crate) fn kept(when: &str) -> DrillRecord {
        let item = |what: &str, points, of| DrillItem { what: what.into(), points, of };
        DrillRecord {
            at: at(when),
            name: "leaked-report".into(),
            title: "The report that was on the web already".into(),
            seed: u64::MAX,
            mode: "team".into(),
            score: 13,
            of: 20,
            hints: 2,
            people: vec!["ann".into(), "Zo\u{eb} \u{1b}[31m".into()],
            began: at("2031-01-01T00:00:00Z"),
            ended: at("2031-01-03T18:00:00Z"),
            items: vec![item("the reporter was answered", 10, 10), item("the date held", 3, 10)],
        }
    }

    #[test]
    fn drills_come_back_the_same_with_the_newest_first() {
        let (_directory, mut store) = store();
        assert_eq!(store.drills().unwrap(), []);
        let older = kept("2026-11-20T09:00:00Z");
        let newer = DrillRecord { seed: 0, ..kept("2026-11-23T09:00:00Z") };
        // Of two in the same second the one that was kept later is the newer.
        let newest = DrillRecord { people: Vec::new(), items: Vec::new(), ..newer.clone() };
        for drill in [&newer, &newest, &older] {
            store.write(|writer| writer.keep_drill(drill)).unwrap();
        }
        assert_eq!(store.drills().unwrap(), [newest, newer, older]);
        assert_eq!(plan(&store, NEWEST_FIRST), "SCAN drill USING INDEX drill_latest");
    }

    #[test]
    fn a_drill_that_cannot_be_read_is_told_and_not_guessed() {
        for broken in ["seed = '-1'", "hints = -1", "items = '[{}]'", "score = -1"] {
            let (_directory, mut store) = store();
            store.write(|writer| writer.keep_drill(&kept("2026-11-20T09:00:00Z"))).unwrap();
            store.connection.execute_batch(&format!("UPDATE drill SET {broken}")).unwrap();
            assert!(store.drills().is_err(), "{broken}");
        }
    }
}
