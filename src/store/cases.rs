//! Cases: the page of the queue, the order of all of it, one case whole.

use chrono::{DateTime, Datelike, Utc};
use rusqlite::{Connection, OptionalExtension as _, Row as SqlRow, named_params};

use super::column::{collect, first, instant, json, optional_json, optional_word, seconds, to_json, word};
use super::{Error, Result, Store, Writer};
use crate::triage::case::{Disclosure, Promise};
use crate::triage::noise::Noise;
use crate::triage::{Case, CaseKey, Person, Priority, Row, Terms};

/// The due instant of a case on which no clock runs: behind all others.
pub(super) const NEVER: i64 = i64::MAX;

const BY_KEY: &str = "SELECT * FROM cases WHERE id = ?1";
pub(super) const HEAD: &str = "SELECT * FROM cases WHERE listed = 1 ORDER BY rank, id LIMIT ?1";
pub(super) const ORDER: &str = "SELECT id FROM cases WHERE listed = 1 ORDER BY rank, id";

impl Store {
    /// The first `limit` rows of the queue as `reader` may see them. Reads nothing else.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn first_rows(&self, limit: usize, reader: &str) -> Result<Vec<Row>> {
        let hidden = self.hidden_from(reader)?;
        let mut statement = self.connection.prepare_cached(HEAD)?;
        let most = i64::try_from(limit.saturating_add(hidden.len())).unwrap_or(i64::MAX);
        let rows = collect(statement.query([most])?, |row| Ok(seen_by(&case(row)?, reader)))?;
        let (open, others): (Vec<Row>, Vec<Row>) = rows.into_iter().partition(|row| !row.is_hidden);
        Ok(open.into_iter().chain(others).take(limit).collect())
    }

    /// The rows of `keys` as `reader` may see them, in that order; those that are gone are left out.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn rows(&self, keys: &[CaseKey], reader: &str) -> Result<Vec<Row>> {
        let found = keys.iter().map(|key| load(&self.connection, *key));
        found
            .filter_map(|case| case.map(|case| case.map(|case| seen_by(&case, reader))).transpose())
            .collect()
    }

    /// The case whole.
    ///
    /// # Errors
    /// [`Error::NoCase`], or when the database cannot be read.
    pub fn case(&self, key: CaseKey) -> Result<Case> {
        load(&self.connection, key)?.ok_or_else(|| Error::NoCase(format!("number {}", key.0)))
    }

    /// All cases, in the order in which they were opened.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn case_keys(&self) -> Result<Vec<CaseKey>> {
        let mut statement = self.connection.prepare_cached("SELECT id FROM cases ORDER BY id")?;
        collect(statement.query([])?, |row| Ok(CaseKey(row.get(0)?)))
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

    /// How many cases an address has opened since an instant.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn cases_of_since(&self, address: &str, since: DateTime<Utc>) -> Result<usize> {
        let sql = "SELECT count(*) FROM cases WHERE reporter_email = ?1 COLLATE NOCASE AND received_at >= ?2";
        let mut statement = self.transaction.prepare_cached(sql)?;
        let count: i64 = statement.query_row((address, seconds(since)), |row| row.get(0))?;
        Ok(usize::try_from(count).unwrap_or_default())
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
        save(&self.transaction, case)
    }
}

/// Derives again what the database keeps of each case for the order and for
/// queries: after a migration from a version that derived it otherwise.
pub(super) fn derive_all(connection: &Connection) -> Result<()> {
    let mut statement = connection.prepare("SELECT id FROM cases ORDER BY id")?;
    let keys: Vec<i64> = collect(statement.query([])?, first)?;
    for key in keys {
        if let Some(case) = load(connection, CaseKey(key))? {
            save(connection, &case)?;
        }
    }
    Ok(())
}

fn save(connection: &Connection, case: &Case) -> Result<()> {
    let sql = "UPDATE cases SET title = :title, state = :state, resolution = :resolution,
        priority = :priority, assignee = :assignee, product = :product, component = :component,
        reporter_name = :reporter_name, reporter_email = :reporter_email, found_in = :found_in,
        received_at = :received_at, acknowledged_at = :acknowledged_at, policy = :policy, terms = :terms,
        disclosure_at = :disclosure_at, disclosure_source = :disclosure_source,
        disclosure_why = :disclosure_why, demand = :demand, exploited = :exploited,
        assessment = :assessment, reached = :reached, lanes = :lanes, waits = :waits,
        variants = :variants, obligations = :obligations, readers = :readers, noise = :noise,
        noise_why = :noise_why, merged_into = :merged_into, also_by = :also_by,
        touched_at = :touched_at, tags = :tags, unread = :unread, encryption = :encryption,
        version = :version, cvss = :cvss, ssvc = :ssvc, flaw = :flaw, cwe = :cwe, asked = :asked,
        asked_of = :asked_of, is_waiting = :is_waiting, has_demand = :has_demand,
        is_noise = :is_noise, is_restricted = :is_restricted,
        listed = :listed, due_at = :due_at, due_kind = :due_kind, rank = :rank WHERE id = :id";
    let (due, terms) = (case.due(), &case.promise.terms);
    let assessment = &case.assessment;
    let open_lanes: Vec<_> = case.lanes.iter().filter(|work| work.done_at.is_none()).collect();
    connection.prepare_cached(sql)?.execute(named_params! {
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
        ":policy": case.promise.policy,
        ":terms": (*terms != Terms::default()).then(|| to_json(terms)).transpose()?,
        ":disclosure_at": seconds(case.disclosure.at),
        ":disclosure_source": case.disclosure.source.code(),
        ":disclosure_why": case.disclosure.why,
        ":demand": case.demand.as_ref().map(to_json).transpose()?,
        ":exploited": case.exploited,
        ":assessment": to_json(assessment)?,
        ":reached": to_json(&case.reached)?,
        ":lanes": to_json(&case.lanes)?,
        ":waits": to_json(&case.waits)?,
        ":variants": case.variants.as_ref().map(to_json).transpose()?,
        ":obligations": to_json(&case.obligations)?,
        ":readers": to_json(&case.readers)?,
        ":noise": case.noise.score,
        ":noise_why": to_json(&case.noise.reasons)?,
        ":merged_into": case.merged_into.as_ref().map(to_json).transpose()?,
        ":also_by": to_json(&case.also_by)?,
        ":touched_at": seconds(case.touched_at),
        ":tags": to_json(&case.tags)?,
        ":unread": case.unread,
        ":encryption": case.encryption.code(),
        ":version": case.version,
        ":cvss": assessment.cvss.map(|cvss| cvss.score()),
        ":ssvc": assessment.ssvc.as_ref().map(|ssvc| ssvc.outcome().code()),
        ":flaw": assessment.flaw.map(|flaw| flaw.code()),
        ":cwe": assessment.weakness.map(|weakness| format!("CWE-{}", weakness.number())),
        ":asked": to_json(&open_lanes.iter().map(|work| work.lane).collect::<Vec<_>>())?,
        ":asked_of": to_json(&open_lanes.iter().filter_map(|work| work.owner.as_ref()).collect::<Vec<_>>())?,
        ":is_waiting": case.waits.now.is_some(),
        ":has_demand": case.demand.is_some(),
        ":is_noise": case.noise.is_likely(),
        ":is_restricted": !case.readers.is_empty(),
        ":listed": case.state.is_open() || case.unread,
        ":due_at": due.map_or(NEVER, |due| seconds(due.at)),
        ":due_kind": due.map(|due| due.kind.code()),
        ":rank": case.rank().value,
    })?;
    Ok(())
}

/// What `reader` sees of a case in the queue.
fn seen_by(case: &Case, reader: &str) -> Row {
    if case.is_open_to(reader) { case.row() } else { case.hidden_row() }
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
        promise: Promise {
            policy: row.get("policy")?,
            terms: optional_json(row, "terms")?.unwrap_or_default(),
        },
        disclosure: Disclosure {
            at: instant(row.get("disclosure_at")?)?,
            source: word(row, "disclosure_source")?,
            why: row.get("disclosure_why")?,
        },
        demand: optional_json(row, "demand")?,
        exploited: row.get("exploited")?,
        assessment: json(row, "assessment")?,
        reached: json(row, "reached")?,
        touched_at: instant(row.get("touched_at")?)?,
        lanes: json(row, "lanes")?,
        waits: json(row, "waits")?,
        variants: optional_json(row, "variants")?,
        obligations: json(row, "obligations")?,
        readers: json(row, "readers")?,
        noise: Noise { score: row.get("noise")?, reasons: json(row, "noise_why")? },
        merged_into: optional_json(row, "merged_into")?,
        also_by: json(row, "also_by")?,
        tags: json(row, "tags")?,
        unread: row.get("unread")?,
        encryption: word(row, "encryption")?,
        version: row.get("version")?,
    })
}
