//! Who may know of what: certificates, people and messages that belong to cases
//! which are restricted to others.

use std::collections::BTreeSet;

use rusqlite::OptionalExtension as _;

use super::column::{collect, first};
use super::search::HIDDEN;
use super::{Result, Store, Writer};
use crate::triage::CaseKey;

/// Certificates of others that hidden cases lead to, and no open one: by a mail
/// that brought them or was signed by them, or by the address of a sender.
/// Whose they are would tell who reported what nobody else may know.
fn hidden_certs() -> String {
    format!(
        "WITH hidden AS ({HIDDEN}),
              secret AS (SELECT cert_mail.fingerprint FROM cert_mail
                         JOIN message ON message.id = cert_mail.message
                         WHERE message.case_id IN (SELECT id FROM hidden)
                         UNION
                         SELECT cert_address.fingerprint FROM message
                         JOIN cert_address ON cert_address.address = lower(message.from_email)
                         WHERE message.case_id IN (SELECT id FROM hidden) AND message.direction = 'in')
         SELECT fingerprint FROM secret JOIN cert USING (fingerprint)
         WHERE cert.secret = 0
           AND NOT EXISTS (SELECT 1 FROM cert_mail JOIN message ON message.id = cert_mail.message
                           WHERE cert_mail.fingerprint = secret.fingerprint
                             AND message.case_id NOT IN (SELECT id FROM hidden))
           AND NOT EXISTS (SELECT 1 FROM cert_address
                           JOIN cases ON cases.reporter_email = cert_address.address COLLATE NOCASE
                           WHERE cert_address.fingerprint = secret.fingerprint
                             AND cases.id NOT IN (SELECT id FROM hidden))"
    )
}

impl Store {
    /// The fingerprints of certificates that are not for `reader` to see.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn certs_hidden_from(&self, reader: &str) -> Result<BTreeSet<String>> {
        if self.hidden_from(reader)?.is_empty() {
            return Ok(BTreeSet::new());
        }
        let mut statement = self.connection.prepare_cached(&hidden_certs())?;
        Ok(collect(statement.query([reader])?, first)?.into_iter().collect())
    }

    /// Everybody whom a case that `reader` may see was ever assigned to, sorted.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn assignees(&self, reader: &str) -> Result<Vec<String>> {
        let sql = format!(
            "SELECT DISTINCT assignee FROM cases
             WHERE assignee IS NOT NULL AND id NOT IN ({HIDDEN}) ORDER BY assignee"
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        collect(statement.query([reader])?, first)
    }

    /// The case that holds a message.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn holder_of(&self, message: i64) -> Result<Option<CaseKey>> {
        let sql = "SELECT case_id FROM message WHERE id = ?1";
        let mut statement = self.connection.prepare_cached(sql)?;
        Ok(statement.query_row([message], |row| row.get(0).map(CaseKey)).optional()?)
    }
}

impl Writer<'_> {
    /// Notes that a mail brought a certificate, or was signed by it.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn note_bearer(&self, fingerprint: &str, message: i64) -> Result<()> {
        let sql = "INSERT OR IGNORE INTO cert_mail (fingerprint, message)
                   SELECT fingerprint, ?2 FROM cert WHERE fingerprint = ?1";
        self.transaction.prepare_cached(sql)?.execute((fingerprint, message))?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{plan, store};
    use super::*;

    #[test]
    fn certificates_are_judged_without_reading_all_messages() {
        let (_directory, store) = store();
        let plan = plan(&store, &hidden_certs());
        assert!(plan.contains("SEARCH message USING INDEX message_case"), "{plan}");
        assert!(!plan.contains("SCAN message") && !plan.contains("SCAN cases"), "{plan}");
        assert!(store.certs_hidden_from("ann").unwrap().is_empty());
    }
}
