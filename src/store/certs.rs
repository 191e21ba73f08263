//! Certificates of others and the team's own keys: bytes, handles, and what
//! people and mails said of them.

use chrono::{DateTime, Utc};
use rusqlite::OptionalExtension as _;
use zeroize::Zeroizing;

use super::column::{collect, first, instant, seconds, word};
use super::{Result, Store, Writer};
use crate::triage::trust::{Origin, Sighting, Standing, Trust};

/// A certificate or secret key as the store keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertRecord {
    /// Upper-case hexadecimal.
    pub fingerprint: String,
    /// Whether it is one of the team's own.
    pub secret: bool,
    /// Fingerprints and key IDs of all its keys; upper-case hexadecimal.
    pub handles: Vec<String>,
    /// Mail addresses of its user IDs; in lower case.
    pub addresses: Vec<String>,
    /// The OpenPGP packets.
    pub bytes: Vec<u8>,
}

/// A certificate or key as the store holds it.
#[derive(Clone, PartialEq, Eq)]
pub struct KeptCert {
    /// Upper-case hexadecimal.
    pub fingerprint: String,
    /// Whether it is one of the team's own.
    pub secret: bool,
    /// When it was taken in.
    pub added_at: DateTime<Utc>,
    /// By whom.
    pub added_by: String,
    /// The OpenPGP packets, with what is secret.
    pub bytes: Zeroizing<Vec<u8>>,
    /// The revocation certificate that was made with it, armored.
    pub revocation: Option<Vec<u8>>,
}

/// What somebody did with a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertEvent {
    /// When.
    pub at: DateTime<Utc>,
    /// Who.
    pub by: String,
    /// What, in words. May hold foreign text.
    pub what: String,
}

impl Store {
    /// All certificates and keys: the team's own first, then by fingerprint.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn kept_certs(&self) -> Result<Vec<KeptCert>> {
        self.kept("SELECT * FROM cert ORDER BY secret DESC, fingerprint", [])
    }

    /// Those with this fingerprint or key ID, of the primary key or a subkey.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn kept_certs_with_handle(&self, handle: &str) -> Result<Vec<KeptCert>> {
        let sql =
            "SELECT * FROM cert WHERE fingerprint IN (SELECT fingerprint FROM cert_key WHERE handle = ?1)
                   ORDER BY secret DESC, fingerprint";
        self.kept(sql, [handle.to_uppercase()])
    }

    fn kept(&self, sql: &str, parameters: impl rusqlite::Params) -> Result<Vec<KeptCert>> {
        let mut statement = self.connection.prepare_cached(sql)?;
        collect(statement.query(parameters)?, |row| {
            Ok(KeptCert {
                fingerprint: row.get("fingerprint")?,
                secret: row.get("secret")?,
                added_at: instant(row.get("added_at")?)?,
                added_by: row.get("added_by")?,
                bytes: Zeroizing::new(row.get("bytes")?),
                revocation: row.get("revocation")?,
            })
        })
    }

    /// What the certificate is taken for, address by address.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn standings(&self, fingerprint: &str) -> Result<Vec<Standing>> {
        let sql = "SELECT * FROM cert_trust WHERE fingerprint = ?1 ORDER BY address";
        let mut statement = self.connection.prepare_cached(sql)?;
        collect(statement.query([fingerprint])?, standing)
    }

    /// What the certificate is taken for with `address`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn standing(&self, address: &str, fingerprint: &str) -> Result<Option<Standing>> {
        standing_of(&self.connection, address, fingerprint)
    }

    /// The addresses that the certificate bears, in lower case.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn addresses_of(&self, fingerprint: &str) -> Result<Vec<String>> {
        let sql = "SELECT address FROM cert_address WHERE fingerprint = ?1 ORDER BY address";
        let mut statement = self.connection.prepare_cached(sql)?;
        collect(statement.query([fingerprint])?, first)
    }

    /// How often the certificate was met, and how.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn sightings(&self, fingerprint: &str) -> Result<Vec<Sighting>> {
        let sql = "SELECT * FROM cert_seen WHERE fingerprint = ?1 ORDER BY first_at, origin";
        let mut statement = self.connection.prepare_cached(sql)?;
        collect(statement.query([fingerprint])?, |row| {
            Ok(Sighting {
                address: row.get("address")?,
                origin: word(row, "origin")?,
                first_at: instant(row.get("first_at")?)?,
                last_at: instant(row.get("last_at")?)?,
                times: row.get("times")?,
            })
        })
    }

    /// What people did with a key, oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn cert_events(&self, fingerprint: &str) -> Result<Vec<CertEvent>> {
        let sql = "SELECT at, by, what FROM cert_event WHERE fingerprint = ?1 ORDER BY id";
        let mut statement = self.connection.prepare_cached(sql)?;
        collect(statement.query([fingerprint])?, |row| {
            Ok(CertEvent { at: instant(row.get("at")?)?, by: row.get("by")?, what: row.get("what")? })
        })
    }

    /// The age identities of the team with their public recipients.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn age_identities(&self) -> Result<Vec<(String, Zeroizing<Vec<u8>>)>> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT recipient, identity FROM age_identity ORDER BY added_at")?;
        collect(statement.query([])?, |row| Ok((row.get(0)?, Zeroizing::new(row.get(1)?))))
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

    /// What the certificate is taken for with `address`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn standing(&self, address: &str, fingerprint: &str) -> Result<Option<Standing>> {
        standing_of(&self.transaction, address, fingerprint)
    }

    /// The other certificates that are accepted for `address`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn others_accepted(&self, address: &str, fingerprint: &str) -> Result<Vec<String>> {
        let sql = "SELECT fingerprint, trust FROM cert_trust WHERE address = ?1 AND fingerprint <> ?2";
        let mut statement = self.transaction.prepare_cached(sql)?;
        let all = collect(statement.query((address.to_lowercase(), fingerprint))?, |row| {
            Ok((row.get("fingerprint")?, word::<Trust>(row, "trust")?))
        })?;
        Ok(all.into_iter().filter(|(_, trust)| trust.is_accepted()).map(|(other, _)| other).collect())
    }

    /// Decides what the certificate is taken for with an address.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn set_standing(&self, fingerprint: &str, standing: &Standing) -> Result<()> {
        let sql = "INSERT OR REPLACE INTO cert_trust (address, fingerprint, trust, at, by) VALUES (?1, ?2, ?3, ?4, ?5)";
        self.transaction.prepare_cached(sql)?.execute((
            standing.address.to_lowercase(),
            fingerprint,
            standing.trust.code(),
            seconds(standing.at),
            &standing.by,
        ))?;
        Ok(())
    }

    /// Notes that the certificate was met with `address` in this way once more.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn sight(&self, fingerprint: &str, address: &str, origin: Origin, at: DateTime<Utc>) -> Result<()> {
        let sql = "INSERT INTO cert_seen (fingerprint, address, origin, first_at, last_at, times)
                   VALUES (?1, ?2, ?3, ?4, ?4, 1)
                   ON CONFLICT DO UPDATE SET times = times + 1, first_at = min(first_at, excluded.first_at),
                       last_at = max(last_at, excluded.last_at)";
        let row = (fingerprint, address.to_lowercase(), origin.code(), seconds(at));
        self.transaction.prepare_cached(sql)?.execute(row)?;
        Ok(())
    }

    /// Notes what somebody did with a key.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn note_cert(&self, fingerprint: &str, by: &str, at: DateTime<Utc>, what: &str) -> Result<()> {
        let sql = "INSERT INTO cert_event (fingerprint, at, by, what) VALUES (?1, ?2, ?3, ?4)";
        self.transaction.prepare_cached(sql)?.execute((fingerprint, seconds(at), by, what))?;
        Ok(())
    }

    /// Keeps the revocation certificate of a key.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn save_revocation(&self, fingerprint: &str, revocation: &[u8]) -> Result<()> {
        let sql = "UPDATE cert SET revocation = ?2 WHERE fingerprint = ?1";
        self.transaction.prepare_cached(sql)?.execute((fingerprint, revocation))?;
        Ok(())
    }

    /// Keeps an age identity.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn save_age_identity(
        &self,
        recipient: &str,
        identity: &[u8],
        by: &str,
        at: DateTime<Utc>,
    ) -> Result<()> {
        let sql = "INSERT OR IGNORE INTO age_identity (recipient, identity, added_at, added_by) VALUES (?1, ?2, ?3, ?4)";
        self.transaction.prepare_cached(sql)?.execute((recipient, identity, seconds(at), by))?;
        Ok(())
    }
}

fn standing(row: &rusqlite::Row<'_>) -> Result<Standing> {
    Ok(Standing {
        address: row.get("address")?,
        trust: word(row, "trust")?,
        at: instant(row.get("at")?)?,
        by: row.get("by")?,
    })
}

fn standing_of(
    connection: &rusqlite::Connection,
    address: &str,
    fingerprint: &str,
) -> Result<Option<Standing>> {
    let sql = "SELECT * FROM cert_trust WHERE address = ?1 AND fingerprint = ?2";
    let mut statement = connection.prepare_cached(sql)?;
    let found = statement.query_row((address.to_lowercase(), fingerprint), |row| Ok(standing(row)));
    found.optional()?.transpose()
}
