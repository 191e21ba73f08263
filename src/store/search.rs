//! The order of the queue under a query: structured terms in SQL, words in the
//! full-text index, joined in memory by number, never row by row.

use rusqlite::types::Value;

use super::cases::ORDER;
use super::{Result, Store, Writer};
use crate::triage::message::Content;
use crate::triage::query::{Condition, Query, Term};
use crate::triage::{Case, CaseKey, Priority};

/// Longest text of one message that is indexed, in bytes; words behind it are not found.
const INDEXED_TEXT: usize = 1 << 20;

/// The case of each message by message number, so that a hit costs no read of its row.
#[derive(Debug, Default)]
pub(super) struct MessageMap {
    cases: Vec<u32>,
}

/// The order of the plain queue, kept until something is written.
#[derive(Debug)]
pub(super) struct Listed {
    data_version: i64,
    keys: Vec<CaseKey>,
}

impl MessageMap {
    fn case_of(&self, message: i64) -> Option<u32> {
        self.cases.get(usize::try_from(message).ok()?).copied()
    }
}

impl Store {
    /// Keys of all cases that `query` asks for, due first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn order(&mut self, query: &Query) -> Result<Vec<CaseKey>> {
        let mut keys = match statement(query) {
            (sql, _) if sql == ORDER => self.listed()?,
            (sql, values) => self.keys(&sql, values)?,
        };
        for term in &query.terms {
            if let Condition::Text(words) = &term.condition
                && let Some(expression) = match_expression(words)
            {
                let mut hits = self.hits(&expression)?;
                self.with_identifier(words, &mut hits)?;
                keys.retain(|key| hits.contains(*key) != term.negated);
            }
        }
        Ok(keys)
    }

    /// The plain queue, from memory where nobody has written since.
    fn listed(&mut self) -> Result<Vec<CaseKey>> {
        let data_version = self.read_data_version()?;
        if let Some(listed) = self.listed.as_ref().filter(|listed| listed.data_version == data_version) {
            return Ok(listed.keys.clone());
        }
        let keys = self.keys(ORDER, Vec::new())?;
        self.listed = Some(Listed { data_version, keys: keys.clone() });
        Ok(keys)
    }

    fn keys(&self, sql: &str, values: Vec<Value>) -> Result<Vec<CaseKey>> {
        let mut statement = self.connection.prepare_cached(sql)?;
        let rows = statement.query_map(rusqlite::params_from_iter(values), |row| row.get(0).map(CaseKey))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    fn hits(&mut self, expression: &str) -> Result<KeySet> {
        self.refresh_map()?;
        let mut statement =
            self.connection.prepare_cached("SELECT rowid FROM search WHERE search MATCH ?1")?;
        let mut rows = statement.query([expression])?;
        let mut hits = KeySet::default();
        while let Some(row) = rows.next()? {
            let rowid: i64 = row.get(0)?;
            if rowid < 0 {
                hits.insert(CaseKey(-rowid));
            } else if let Some(case) = self.search_map.case_of(rowid) {
                hits.insert(CaseKey(i64::from(case)));
            }
        }
        Ok(hits)
    }

    /// Adds the cases whose identifier begins with `words`.
    fn with_identifier(&self, words: &str, hits: &mut KeySet) -> Result<()> {
        let begins = words.to_ascii_uppercase();
        // Identifiers are letters, digits and hyphens, all of them before '~'.
        let sql = "SELECT id FROM cases WHERE code >= ?1 AND code < ?1 || '~'";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query([begins])?;
        while let Some(row) = rows.next()? {
            hits.insert(CaseKey(row.get(0)?));
        }
        Ok(())
    }

    /// Reads the messages that came since the map was last asked; they never change their case unseen.
    fn refresh_map(&mut self) -> Result<()> {
        let known = self.search_map.cases.len();
        // All of them stand in a narrow index; the few that came later are read by number.
        let sql = if known == 0 {
            "SELECT id, case_id FROM message INDEXED BY message_case WHERE ?1 = 0"
        } else {
            "SELECT id, case_id FROM message WHERE id >= ?1"
        };
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query([i64::try_from(known).unwrap_or(i64::MAX)])?;
        let cases = &mut self.search_map.cases;
        while let Some(row) = rows.next()? {
            let (message, case): (u32, u32) = (row.get(0)?, row.get(1)?);
            let place = message as usize;
            if place >= cases.len() {
                cases.resize(place + 1, 0);
            }
            if let Some(entry) = cases.get_mut(place) {
                *entry = case;
            }
        }
        Ok(())
    }
}

/// A set of case keys, one bit each.
#[derive(Debug, Default)]
struct KeySet {
    bits: Vec<u64>,
}

impl KeySet {
    fn insert(&mut self, key: CaseKey) {
        if let Ok(index) = usize::try_from(key.0) {
            if index / 64 >= self.bits.len() {
                self.bits.resize(index / 64 + 1, 0);
            }
            self.bits[index / 64] |= 1 << (index % 64);
        }
    }

    fn contains(&self, key: CaseKey) -> bool {
        usize::try_from(key.0)
            .ok()
            .and_then(|index| self.bits.get(index / 64).map(|word| word >> (index % 64) & 1 == 1))
            .unwrap_or(false)
    }
}

/// The SQL of the terms that are no words, with its parameters.
fn statement(query: &Query) -> (String, Vec<Value>) {
    let mut conditions = Vec::new();
    let mut values = Vec::new();
    if !query.wants_closed() {
        conditions.push("listed = 1".to_owned());
    }
    for Term { negated, condition } in &query.terms {
        let (column, value) = match condition {
            Condition::Text(_) | Condition::All => continue,
            Condition::State(state) => ("state", Value::Text(state.code())),
            Condition::Priority(priority) => {
                ("priority", optional(*priority, |p: Priority| Value::from(p.level())))
            }
            Condition::Assignee(name) => ("assignee COLLATE NOCASE", optional(name.clone(), Value::Text)),
            Condition::Product(name) => ("product COLLATE NOCASE", Value::Text(name.clone())),
            Condition::Component(name) => ("component COLLATE NOCASE", Value::Text(name.clone())),
            Condition::Exploited(exploited) => ("exploited", Value::from(*exploited)),
            Condition::Unread(unread) => ("unread", Value::from(*unread)),
            Condition::Tag(tag) => {
                let not = if *negated { "NOT " } else { "" };
                conditions.push(format!(
                    "{not}EXISTS (SELECT 1 FROM json_each(tags) WHERE value = ? COLLATE NOCASE)"
                ));
                values.push(Value::Text(tag.clone()));
                continue;
            }
        };
        let is = if *negated { "IS NOT" } else { "IS" };
        conditions.push(format!("{column} {is} ?"));
        values.push(value);
    }
    if conditions.len() == 1 && values.is_empty() {
        return (ORDER.to_owned(), values);
    }
    let filter =
        if conditions.is_empty() { String::new() } else { format!("WHERE {} ", conditions.join(" AND ")) };
    (format!("SELECT id FROM cases {filter}ORDER BY due_at, id"), values)
}

fn optional<T>(value: Option<T>, to_value: impl Fn(T) -> Value) -> Value {
    value.map_or(Value::Null, to_value)
}

/// Fewest letters of a last word that is taken as a beginning: shorter ones
/// begin too many words to be of use, and cost as much as all of those. Scripts
/// without blanks are not bound by it: there a whole sentence is one word.
const PREFIX: usize = 3;

/// `words` as an FTS5 expression: a phrase whose last word is a beginning.
/// `None` where it holds nothing that could be found.
fn match_expression(words: &str) -> Option<String> {
    let last = words.rsplit(|c: char| !c.is_alphanumeric()).find(|word| !word.is_empty())?;
    let beginning = if last.chars().count() >= PREFIX || !last.is_ascii() { " *" } else { "" };
    Some(format!("\"{}\"{beginning}", words.replace(['"', '\0'], " ")))
}

impl Writer<'_> {
    /// Brings the words of a message into the index. A new one is only added:
    /// looking for what it might replace would cost more than all the rest.
    pub(super) fn index_message(&self, message: i64, content: &Content, is_new: bool) {
        let mut end = content.text.len().min(INDEXED_TEXT);
        while !content.text.is_char_boundary(end) {
            end -= 1;
        }
        let mut words = format!("{}\n{}", content.subject, &content.text[..end]);
        for person in std::iter::once(&content.from).chain(&content.to) {
            words.extend(["\n", &person.name, " ", &person.email]);
        }
        for attachment in &content.attachments {
            words.extend(["\n", &attachment.name]);
        }
        self.index(message, words, is_new);
    }

    /// Brings what people wrote about a case into the index: needed once they
    /// changed it, for until then its words are those of its messages.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn index_case(&self, case: &Case) -> Result<()> {
        let mut words = case.title.clone();
        for value in [&case.product, &case.component, &case.assignee].into_iter().flatten().chain(&case.tags)
        {
            words.extend(["\n", value]);
        }
        for note in self.notes(case.key)? {
            words.extend(["\n", &note]);
        }
        self.index(-case.key.0, words, false);
        Ok(())
    }

    fn index(&self, rowid: i64, words: String, is_new: bool) {
        self.unindexed.borrow_mut().push(Words { rowid, words, is_new });
    }

    /// Writes the words that were gathered, once all rows of the transaction
    /// stand: a statement on another table in between would make the index
    /// write out what it holds in memory, message by message.
    pub(super) fn index_words(&self) -> Result<()> {
        let mut unindexed = self.unindexed.take();
        // Stable: of two texts for one row the later one stays.
        unindexed.sort_by_key(|words| words.rowid);
        for Words { rowid, words, is_new } in unindexed {
            let sql = if is_new {
                "INSERT INTO search (rowid, text) VALUES (?1, ?2)"
            } else {
                "INSERT OR REPLACE INTO search (rowid, text) VALUES (?1, ?2)"
            };
            self.transaction.prepare_cached(sql)?.execute((rowid, words))?;
        }
        Ok(())
    }
}

/// Words that wait for the end of their transaction.
pub(super) struct Words {
    rowid: i64,
    words: String,
    is_new: bool,
}
