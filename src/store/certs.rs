//! Certificates of others and the team's own keys, as bytes with their handles.

use chrono::{DateTime, Utc};

use super::column::{collect, first, seconds};
use super::{Result, Store, Writer};

/// A certificate or secret key as the store keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertRecord {
    /// Upper-case hexadecimal.
    pub fingerprint: String,
    /// Whether it is one of the team's own, with its secret part.
    pub secret: bool,
    /// Fingerprints and key IDs of all its keys; upper-case hexadecimal.
    pub handles: Vec<String>,
    /// Mail addresses of its user IDs; in lower case.
    pub addresses: Vec<String>,
    /// The OpenPGP packets.
    pub bytes: Vec<u8>,
}

impl Store {
    /// The team's own keys.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn team_keys(&self) -> Result<Vec<Vec<u8>>> {
        self.certs_by("SELECT bytes FROM cert WHERE secret = 1 ORDER BY added_at DESC, fingerprint", [])
    }

    /// All certificates of others.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn known_certs(&self) -> Result<Vec<Vec<u8>>> {
        self.certs_by("SELECT bytes FROM cert WHERE secret = 0 ORDER BY fingerprint", [])
    }

    /// Every fingerprint and key ID of the certificates of others, each with
    /// the position of its certificate in [`known_certs`](Self::known_certs).
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn known_handles(&self) -> Result<Vec<(String, usize)>> {
        let sql = "SELECT handle, position FROM cert_key JOIN
                   (SELECT fingerprint, row_number() OVER (ORDER BY fingerprint) - 1 AS position
                    FROM cert WHERE secret = 0) USING (fingerprint)";
        let mut statement = self.connection.prepare_cached(sql)?;
        collect(statement.query([])?, |row| {
            let position: i64 = row.get(1)?;
            Ok((row.get(0)?, usize::try_from(position).unwrap_or(usize::MAX)))
        })
    }

    /// Certificates with a user ID of this address.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn certs_for(&self, address: &str) -> Result<Vec<Vec<u8>>> {
        let sql = "SELECT bytes FROM cert JOIN cert_address USING (fingerprint) WHERE address = ?1 ORDER BY fingerprint";
        self.certs_by(sql, [address.to_lowercase()])
    }

    fn certs_by(&self, sql: &str, parameters: impl rusqlite::Params) -> Result<Vec<Vec<u8>>> {
        let mut statement = self.connection.prepare_cached(sql)?;
        collect(statement.query(parameters)?, first)
    }
}

impl Writer<'_> {
    /// The kept bytes of the certificate with this fingerprint and whether it is the team's own.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn cert(&self, fingerprint: &str) -> Result<Option<(Vec<u8>, bool)>> {
        let mut statement =
            self.transaction.prepare_cached("SELECT bytes, secret FROM cert WHERE fingerprint = ?1")?;
        let mut rows = statement.query([fingerprint])?;
        rows.next()?.map(|row| Ok((row.get(0)?, row.get(1)?))).transpose()
    }

    /// Keeps a certificate, or replaces the one with its fingerprint.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn save_cert(&self, cert: &CertRecord, by: &str, at: DateTime<Utc>) -> Result<()> {
        let sql =
            "INSERT INTO cert (fingerprint, secret, added_at, added_by, bytes) VALUES (?1, ?2, ?3, ?4, ?5)
                   ON CONFLICT (fingerprint) DO UPDATE SET secret = excluded.secret, bytes = excluded.bytes";
        let mut save = self.transaction.prepare_cached(sql)?;
        save.execute((&cert.fingerprint, cert.secret, seconds(at), by, &cert.bytes))?;
        for (sql, values) in [
            ("INSERT OR IGNORE INTO cert_key (fingerprint, handle) VALUES (?1, ?2)", &cert.handles),
            ("INSERT OR IGNORE INTO cert_address (fingerprint, address) VALUES (?1, ?2)", &cert.addresses),
        ] {
            let mut statement = self.transaction.prepare_cached(sql)?;
            for value in values {
                statement.execute([&cert.fingerprint, value])?;
            }
        }
        Ok(())
    }
}
