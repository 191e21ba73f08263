//! Messages: narrow rows for lists, bodies and raw bytes apart.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension as _, Row as SqlRow, ToSql};

use super::column::{collect, first, instant, json, seconds, to_json, word};
use super::{Error, Result, Store, Writer};
use crate::triage::message::{Content, Encryption, Message, NewMessage, SignatureStatus, Verdict};
use crate::triage::{CaseKey, Person};

impl Store {
    /// The messages of a case, oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn messages(&self, case: CaseKey) -> Result<Vec<Message>> {
        let sql = "SELECT message.*, body.text FROM message JOIN body ON body.message = message.id
                   WHERE case_id = ?1 ORDER BY received_at, id";
        let mut statement = self.connection.prepare_cached(sql)?;
        collect(statement.query([case.0])?, message)
    }

    /// The bytes of a message as they came.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn raw(&self, message: i64) -> Result<Option<Vec<u8>>> {
        let sql = "SELECT bytes FROM raw WHERE message = ?1";
        Ok(self.connection.prepare_cached(sql)?.query_row([message], |row| row.get(0)).optional()?)
    }

    /// The case that holds the message with this Message-ID.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn case_with_message_id(&self, message_id: &str) -> Result<Option<CaseKey>> {
        let sql = "SELECT case_id FROM thread WHERE message_id = ?1 AND seen = 1 ORDER BY case_id LIMIT 1";
        let mut statement = self.connection.prepare_cached(sql)?;
        Ok(statement.query_row([message_id], |row| row.get(0).map(CaseKey)).optional()?)
    }

    /// Messages that could not be opened or whose signer was unknown: a new key may help.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn waiting_for_key(&self) -> Result<Vec<i64>> {
        let sql =
            "SELECT id FROM message WHERE encryption = 'failed' OR signature = 'unknown_key' ORDER BY id";
        let mut statement = self.connection.prepare_cached(sql)?;
        collect(statement.query([])?, first)
    }
}

impl Writer<'_> {
    /// The message and its case with this digest, where it was taken in before.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn message_with_digest(&self, digest: &[u8; 32]) -> Result<Option<(i64, CaseKey)>> {
        let sql = "SELECT id, case_id FROM message WHERE digest = ?1";
        let mut statement = self.transaction.prepare_cached(sql)?;
        Ok(statement.query_row([digest], |row| Ok((row.get(0)?, CaseKey(row.get(1)?)))).optional()?)
    }

    /// The case of a message.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn case_of(&self, message: i64) -> Result<CaseKey> {
        let sql = "SELECT case_id FROM message WHERE id = ?1";
        Ok(self.transaction.prepare_cached(sql)?.query_row([message], |row| row.get(0).map(CaseKey))?)
    }

    /// When a message reached us.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn received_at(&self, message: i64) -> Result<DateTime<Utc>> {
        let sql = "SELECT received_at FROM message WHERE id = ?1";
        let at: i64 = self.transaction.prepare_cached(sql)?.query_row([message], |row| row.get(0))?;
        instant(at)
    }

    /// How a message was encrypted and what its signature is worth, as it stands.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn protection(&self, message: i64) -> Result<(Encryption, SignatureStatus)> {
        let mut statement =
            self.transaction.prepare_cached("SELECT encryption, signature FROM message WHERE id = ?1")?;
        let found = collect(statement.query([message])?, |row| {
            Ok((word(row, "encryption")?, word(row, "signature")?))
        })?;
        found.into_iter().next().ok_or_else(|| Error::Unreadable(format!("message {message}")))
    }

    /// Messages whose standing depends on what people think of this key, with their senders.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn signed_by(&self, fingerprint: &str) -> Result<Vec<(i64, String)>> {
        let sql = "SELECT id, from_email FROM message
                   WHERE (signature = 'first_use' OR signature = 'changed_key')
                     AND json_extract(verdict, '$.signature.fingerprint') = ?1";
        let mut statement = self.transaction.prepare_cached(sql)?;
        collect(statement.query([fingerprint])?, |row| Ok((row.get(0)?, row.get(1)?)))
    }

    /// The verdict on a message as it stands.
    ///
    /// # Errors
    /// When there is no such message, or the database cannot be read.
    pub fn verdict(&self, message: i64) -> Result<Verdict> {
        let mut statement = self.transaction.prepare_cached("SELECT verdict FROM message WHERE id = ?1")?;
        let found = collect(statement.query([message])?, |row| json(row, "verdict"))?;
        found.into_iter().next().ok_or_else(|| Error::Unreadable(format!("message {message}")))
    }

    /// Replaces the verdict on a message.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn set_verdict(&self, message: i64, verdict: &Verdict) -> Result<()> {
        let sql = "UPDATE message SET encryption = ?2, signature = ?3, verdict = ?4 WHERE id = ?1";
        let (encryption, signature) = (verdict.encryption.code(), verdict.signature.status.code());
        self.transaction.prepare_cached(sql)?.execute((message, encryption, signature, to_json(verdict)?))?;
        Ok(())
    }

    /// How each message that came in for a case was encrypted.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn encryptions_in(&self, case: CaseKey) -> Result<Vec<Encryption>> {
        let mut statement = self
            .transaction
            .prepare_cached("SELECT encryption FROM message WHERE case_id = ?1 AND direction = 'in'")?;
        collect(statement.query([case.0])?, |row| word(row, "encryption"))
    }

    /// The subject of a message as it stands.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn subject_of(&self, message: i64) -> Result<String> {
        let sql = "SELECT subject FROM message WHERE id = ?1";
        Ok(self.transaction.prepare_cached(sql)?.query_row([message], |row| row.get(0))?)
    }

    /// Keeps a new message in `case` and returns its number.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn insert_message(&self, case: CaseKey, new: &NewMessage) -> Result<i64> {
        let sql = "INSERT INTO message (case_id, direction, digest, received_at, date, from_name, from_email,
                recipients, subject, encryption, signature, verdict, attachments, defects)
            VALUES (:case_id, :direction, :digest, :received_at, :date, :from_name, :from_email,
                :recipients, :subject, :encryption, :signature, :verdict, :attachments, :defects)";
        let content = Columns::of(&new.content)?;
        let (direction, received) = (new.direction.code(), seconds(new.received_at));
        let own: Named<'_> = &[
            (":case_id", &case.0),
            (":direction", &direction),
            (":digest", &new.digest),
            (":received_at", &received),
        ];
        self.transaction.prepare_cached(sql)?.execute([own, &content.named()].concat().as_slice())?;
        let id = self.transaction.last_insert_rowid();
        self.transaction
            .prepare_cached("INSERT INTO body (message, text) VALUES (?1, ?2)")?
            .execute((id, &new.content.text))?;
        self.transaction
            .prepare_cached("INSERT INTO raw (message, bytes) VALUES (?1, ?2)")?
            .execute((id, &new.raw))?;
        self.index_message(id, &new.content, true);
        self.link(case, new)?;
        Ok(id)
    }

    /// Replaces what a message says, once a key has opened it.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn set_content(&self, message: i64, content: &Content) -> Result<()> {
        let sql = "UPDATE message SET date = :date, from_name = :from_name, from_email = :from_email,
                recipients = :recipients, subject = :subject, encryption = :encryption, signature = :signature,
                verdict = :verdict, attachments = :attachments, defects = :defects WHERE id = :id";
        let columns = Columns::of(content)?;
        let own: Named<'_> = &[(":id", &message)];
        self.transaction.prepare_cached(sql)?.execute([own, &columns.named()].concat().as_slice())?;
        self.transaction
            .prepare_cached("UPDATE body SET text = ?2 WHERE message = ?1")?
            .execute((message, &content.text))?;
        self.index_message(message, content, false);
        Ok(())
    }

    /// Notes whose message this is and what it answers, so that answers find the case.
    fn link(&self, case: CaseKey, new: &NewMessage) -> Result<()> {
        let mut link = self
            .transaction
            .prepare_cached("INSERT OR IGNORE INTO thread (message_id, case_id, seen) VALUES (?1, ?2, ?3)")?;
        if let Some(id) = &new.message_id {
            link.execute((id, case.0, true))?;
        }
        for id in &new.answers {
            link.execute((id, case.0, false))?;
        }
        let people = std::iter::once(&new.content.from).chain(&new.content.to);
        let addresses: BTreeSet<String> = people.map(|person| person.email.to_lowercase()).collect();
        let mut join = self
            .transaction
            .prepare_cached("INSERT OR IGNORE INTO participant (case_id, address) VALUES (?1, ?2)")?;
        for address in addresses.iter().filter(|address| !address.is_empty()) {
            join.execute((case.0, address))?;
        }
        Ok(())
    }

    /// The case that a new message belongs to: the one that holds a message it
    /// answers (nearest first), or one whose messages already answer it.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn case_in_thread(&self, new: &NewMessage) -> Result<Option<CaseKey>> {
        let sql = "SELECT case_id FROM thread WHERE message_id = ?1 AND seen = ?2 ORDER BY case_id LIMIT 1";
        let mut find = self.transaction.prepare_cached(sql)?;
        let wanted =
            new.answers.iter().map(|id| (id, true)).chain(new.message_id.iter().map(|id| (id, false)));
        for (id, seen) in wanted {
            if let Some(case) = find.query_row((id, seen), |row| row.get(0)).optional()? {
                return Ok(Some(CaseKey(case)));
            }
        }
        Ok(None)
    }

    /// The case with identifier `id`, if `address` belongs to it.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn case_tagged(&self, id: &str, address: &str) -> Result<Option<CaseKey>> {
        let sql = "SELECT cases.id FROM cases JOIN participant ON participant.case_id = cases.id
                   WHERE cases.code = ?1 AND participant.address = ?2";
        let mut statement = self.transaction.prepare_cached(sql)?;
        let found = statement.query_row((id.to_ascii_uppercase(), address.to_lowercase()), |row| row.get(0));
        Ok(found.optional()?.map(CaseKey))
    }
}

type Named<'a> = &'a [(&'static str, &'a dyn ToSql)];

/// What a message says, as its columns have it.
struct Columns<'a> {
    content: &'a Content,
    date: Option<i64>,
    recipients: String,
    encryption: String,
    signature: String,
    verdict: String,
    attachments: String,
    defects: String,
}

impl<'a> Columns<'a> {
    fn of(content: &'a Content) -> Result<Self> {
        Ok(Self {
            content,
            date: content.date.map(seconds),
            recipients: to_json(&content.to)?,
            encryption: content.verdict.encryption.code(),
            signature: content.verdict.signature.status.code(),
            verdict: to_json(&content.verdict)?,
            attachments: to_json(&content.attachments)?,
            defects: to_json(&content.defects)?,
        })
    }

    fn named(&self) -> [(&'static str, &dyn ToSql); 10] {
        [
            (":date", &self.date),
            (":from_name", &self.content.from.name),
            (":from_email", &self.content.from.email),
            (":recipients", &self.recipients),
            (":subject", &self.content.subject),
            (":encryption", &self.encryption),
            (":signature", &self.signature),
            (":verdict", &self.verdict),
            (":attachments", &self.attachments),
            (":defects", &self.defects),
        ]
    }
}

fn message(row: &SqlRow<'_>) -> Result<Message> {
    Ok(Message {
        id: row.get("id")?,
        direction: word(row, "direction")?,
        received_at: instant(row.get("received_at")?)?,
        content: Content {
            from: Person { name: row.get("from_name")?, email: row.get("from_email")? },
            to: json(row, "recipients")?,
            date: row.get::<_, Option<i64>>("date")?.map(instant).transpose()?,
            subject: row.get("subject")?,
            text: row.get("text")?,
            attachments: json(row, "attachments")?,
            verdict: json(row, "verdict")?,
            defects: json(row, "defects")?,
        },
    })
}
