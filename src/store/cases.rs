//! Cases: the page of the queue, the order of all of it, one case whole.

use chrono::{DateTime, Datelike, Utc};
use rusqlite::{Connection, OptionalExtension as _, Row as SqlRow, named_params};

use super::column::{collect, first, instant, json, optional_word, seconds, to_json, word};
use super::{Error, Result, Store, Writer};
use crate::triage::case::Disclosure;
use crate::triage::{Case, CaseKey, Person, Priority, Row};

/// The due instant of a case on which no clock runs: behind all others.
pub(super) const NEVER: i64 = i64::MAX;

const BY_KEY: &str = "SELECT * FROM cases WHERE id = ?1";
pub(super) const HEAD: &str = "SELECT * FROM cases WHERE listed = 1 ORDER BY due_at, id LIMIT ?1";
pub(super) const ORDER: &str = "SELECT id FROM cases WHERE listed = 1 ORDER BY due_at, id";

impl Store {
    /// The first `limit` rows of the queue, due first. Reads nothing else.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn first_rows(&self, limit: usize) -> Result<Vec<Row>> {
        let mut statement = self.connection.prepare_cached(HEAD)?;
        collect(statement.query([i64::try_from(limit).unwrap_or(i64::MAX)])?, |row| Ok(case(row)?.row()))
    }

    /// The rows of `keys`, in that order; those that are gone are left out.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn rows(&self, keys: &[CaseKey]) -> Result<Vec<Row>> {
        let found = keys.iter().map(|key| load(&self.connection, *key));
        found.filter_map(|case| case.map(|case| case.map(|case| case.row())).transpose()).collect()
    }

    /// The case whole.
    ///
    /// # Errors
    /// [`Error::NoCase`], or when the database cannot be read.
    pub fn case(&self, key: CaseKey) -> Result<Case> {
        load(&self.connection, key)?.ok_or_else(|| Error::NoCase(format!("number {}", key.0)))
    }

    /// The case with this identifier; case does not matter.
    ///
    /// # Errors
    /// [`Error::NoCase`], or when the database cannot be read.
    pub fn key_of(&self, id: &str) -> Result<CaseKey> {
        let sql = "SELECT id FROM cases WHERE code = ?1";
        let code = id.trim().to_ascii_uppercase();
        let found = self.connection.prepare_cached(sql)?.query_row([&code], |row| row.get(0)).optional()?;
        found.map(CaseKey).ok_or_else(|| Error::NoCase(crate::text::line(id)))
    }

    /// Everybody whom a case was ever assigned to, sorted.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn assignees(&self) -> Result<Vec<String>> {
        let sql = "SELECT DISTINCT assignee FROM cases WHERE assignee IS NOT NULL ORDER BY assignee";
        let mut statement = self.connection.prepare_cached(sql)?;
        collect(statement.query([])?, first)
    }

    /// How many cases there are. Reads an index from end to end: for `doctor`, never for a screen.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn count_cases(&self) -> Result<i64> {
        Ok(self.connection.query_row("SELECT count(*) FROM cases", [], |row| row.get(0))?)
    }
}

impl Writer<'_> {
    /// The case whole, as this transaction sees it.
    ///
    /// # Errors
    /// [`Error::NoCase`], or when the database cannot be read.
    pub fn case(&self, key: CaseKey) -> Result<Case> {
        load(&self.transaction, key)?.ok_or_else(|| Error::NoCase(format!("number {}", key.0)))
    }

    /// The next identifier of the year of `now`, such as `SEC-2026-0042`. Never given out twice.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn next_id(&self, prefix: &str, now: DateTime<Utc>) -> Result<String> {
        let sql = "INSERT INTO counter (year, last) VALUES (?1, 1)
                   ON CONFLICT (year) DO UPDATE SET last = last + 1 RETURNING last";
        let number: i64 = self.transaction.prepare_cached(sql)?.query_row([now.year()], |row| row.get(0))?;
        Ok(format!("{prefix}-{}-{number:04}", now.year()))
    }

    /// Keeps a new case and returns its key; `case.key` is not read.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn insert_case(&self, case: &Case) -> Result<CaseKey> {
        self.transaction.prepare_cached("INSERT INTO cases (code, title, state, reporter_name, reporter_email, received_at, policy, disclosure_at, disclosure_source, exploited, tags, unread, encryption, version, listed, due_at) VALUES (?1, '', '', '', '', 0, '', 0, '', 0, '', 0, '', 0, 0, 0)")?.execute([&case.id])?;
        let key = CaseKey(self.transaction.last_insert_rowid());
        self.save_case(&Case { key, ..case.clone() })?;
        Ok(key)
    }

    /// Keeps `case` as it is now.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn save_case(&self, case: &Case) -> Result<()> {
        let sql = "UPDATE cases SET title = :title, state = :state, resolution = :resolution,
            priority = :priority, assignee = :assignee, product = :product, component = :component,
            reporter_name = :reporter_name, reporter_email = :reporter_email, found_in = :found_in,
            received_at = :received_at, acknowledged_at = :acknowledged_at, policy = :policy,
            disclosure_at = :disclosure_at, disclosure_source = :disclosure_source,
            exploited = :exploited, tags = :tags, unread = :unread, encryption = :encryption,
            version = :version, listed = :listed, due_at = :due_at WHERE id = :id";
        self.transaction.prepare_cached(sql)?.execute(named_params! {
            ":id": case.key.0,
            ":title": case.title,
            ":state": case.state.code(),
            ":resolution": case.resolution.map(|resolution| resolution.code()),
            ":priority": case.priority.map(Priority::level),
            ":assignee": case.assignee,
            ":product": case.product,
            ":component": case.component,
            ":reporter_name": case.reporter.name,
            ":reporter_email": case.reporter.email,
            ":found_in": case.found_in.map(|phase| phase.code()),
            ":received_at": seconds(case.received_at),
            ":acknowledged_at": case.acknowledged_at.map(seconds),
            ":policy": case.policy.code(),
            ":disclosure_at": seconds(case.disclosure.at),
            ":disclosure_source": case.disclosure.source.code(),
            ":exploited": case.exploited,
            ":tags": to_json(&case.tags)?,
            ":unread": case.unread,
            ":encryption": case.encryption.code(),
            ":version": case.version,
            ":listed": case.state.is_open() || case.unread,
            ":due_at": case.due().map_or(NEVER, |due| seconds(due.at)),
        })?;
        Ok(())
    }
}

fn load(connection: &Connection, key: CaseKey) -> Result<Option<Case>> {
    let mut statement = connection.prepare_cached(BY_KEY)?;
    let mut rows = statement.query([key.0])?;
    rows.next()?.map(case).transpose()
}

fn case(row: &SqlRow<'_>) -> Result<Case> {
    let priority = row.get::<_, Option<u8>>("priority")?;
    Ok(Case {
        key: CaseKey(row.get("id")?),
        id: row.get("code")?,
        title: row.get("title")?,
        state: word(row, "state")?,
        resolution: optional_word(row, "resolution")?,
        priority: priority.and_then(Priority::new),
        assignee: row.get("assignee")?,
        product: row.get("product")?,
        component: row.get("component")?,
        reporter: Person { name: row.get("reporter_name")?, email: row.get("reporter_email")? },
        found_in: optional_word(row, "found_in")?,
        received_at: instant(row.get("received_at")?)?,
        acknowledged_at: row.get::<_, Option<i64>>("acknowledged_at")?.map(instant).transpose()?,
        policy: word(row, "policy")?,
        disclosure: Disclosure {
            at: instant(row.get("disclosure_at")?)?,
            source: word(row, "disclosure_source")?,
        },
        exploited: row.get("exploited")?,
        tags: json(row, "tags")?,
        unread: row.get("unread")?,
        encryption: word(row, "encryption")?,
        version: row.get("version")?,
    })
}
