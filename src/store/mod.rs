//! The encrypted database. The only room with SQL; nothing outside knows that
//! it is SQLite. It keeps what it is given and decides nothing about it.

mod audience;
mod cases;
mod certs;
mod column;
mod drafts;
mod drills;
mod error;
mod handover;
mod intake;
mod likeness;
mod messages;
mod moves;
mod reminder;
mod schema;
mod search;
mod settings;
mod statistics;
mod timeline;

use std::cell::RefCell;
use std::fs::OpenOptions;
use std::io::ErrorKind;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Once;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};
use zeroize::Zeroizing;

pub use certs::{CertEvent, CertRecord, KeptCert};
pub use error::Error;
pub use intake::Offered;
pub use reminder::Told;
pub use settings::Settings;
pub use timeline::{Batch, Role};

#[cfg(test)]
pub(crate) use drills::tests::kept as kept_drill;

/// The result of everything in this room.
pub type Result<T> = std::result::Result<T, Error>;

/// The random key of a database.
pub type DatabaseKey = Zeroizing<[u8; 32]>;

/// How long a writer waits for another process before it gives up.
const BUSY: Duration = Duration::from_secs(10);

/// Most memory for decrypted pages, in KiB: a filter reads all cases and a bulk
/// intake much of the index, which would be decrypted over and over. It is only
/// taken as the database grows: 100,000 cases fill it.
const PAGE_CACHE: i64 = 64 * 1024;

/// An open, unlocked database.
pub struct Store {
    connection: Connection,
    path: PathBuf,
    data_version: i64,
    search_map: search::MessageMap,
    listed: Option<search::Listed>,
    signatures: RefCell<likeness::Signatures>,
}

/// Lets one thread alone start the library: SQLite calls itself ready before
/// SQLCipher is, and a key that a second thread sets in between is refused.
fn start_library() {
    static STARTED: Once = Once::new();
    STARTED.call_once(|| {
        // A failure shows again, and is told, when the store itself is opened.
        let _ = Connection::open_in_memory();
    });
}

impl Store {
    /// Makes a new database at `path`, which must not exist.
    ///
    /// # Errors
    /// When the file exists or the disk does not take it.
    pub fn create(path: &Path, key: &DatabaseKey) -> Result<Self> {
        // SQLite gives its log and shared memory the permissions of this file.
        match OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                return Err(Error::Exists(path.to_owned()));
            }
            Err(error) => return Err(Error::Io(path.to_owned(), error)),
        }
        Self::connect(path, key)
    }

    /// Opens the database at `path` and brings its schema up to date.
    ///
    /// # Errors
    /// A wrong key, a damaged file, a newer version and a disk that cannot be
    /// written are told apart.
    pub fn open(path: &Path, key: &DatabaseKey) -> Result<Self> {
        if !path.exists() {
            return Err(Error::Missing(path.to_owned()));
        }
        Self::connect(path, key)
    }

    fn connect(path: &Path, key: &DatabaseKey) -> Result<Self> {
        schema::refuse_network_filesystem(path)?;
        start_library();
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags).map_err(|error| Error::at(path, error))?;
        let mut store = Self {
            connection,
            path: path.to_owned(),
            data_version: 0,
            search_map: search::MessageMap::default(),
            listed: None,
            signatures: RefCell::default(),
        };
        store.prepare(key).map_err(|error| error.located(path))?;
        Ok(store)
    }

    fn prepare(&mut self, key: &DatabaseKey) -> Result<()> {
        // SQLCipher would write its errors to standard error, across the screen; they come back as errors.
        self.connection.execute_batch("PRAGMA cipher_log_level = NONE")?;
        let hex = Zeroizing::new(key.iter().map(|byte| format!("{byte:02x}")).collect::<String>());
        let pragma = Zeroizing::new(format!("PRAGMA key = \"x'{}'\"", hex.as_str()));
        self.connection.execute_batch(&pragma)?;
        self.connection.busy_timeout(BUSY)?;
        // The first read decrypts a page: a wrong key shows here.
        schema::version(&self.connection)?;
        self.connection.set_prepared_statement_cache_capacity(64);
        self.connection.pragma_update(None, "cache_size", -PAGE_CACHE)?;
        self.connection.pragma_update(None, "temp_store", "MEMORY")?;
        self.connection.pragma_update(None, "foreign_keys", true)?;
        let mode: String =
            self.connection.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0))?;
        if mode != "wal" {
            return Err(Error::NoWal);
        }
        self.connection.pragma_update(None, "synchronous", "FULL")?;
        schema::migrate(&mut self.connection)?;
        self.data_version = self.read_data_version()?;
        Ok(())
    }

    /// Where the database lies.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether another connection has committed since this was last asked.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn has_changed(&mut self) -> Result<bool> {
        let version = self.read_data_version()?;
        Ok(std::mem::replace(&mut self.data_version, version) != version)
    }

    fn read_data_version(&self) -> Result<i64> {
        Ok(self.connection.pragma_query_value(None, "data_version", |row| row.get(0))?)
    }

    /// Runs `work` in one transaction: all of it is kept, or nothing.
    ///
    /// # Errors
    /// Those of `work`, and those of the disk.
    pub fn write<T, E: From<Error>>(
        &mut self,
        work: impl FnOnce(&Writer<'_>) -> std::result::Result<T, E>,
    ) -> std::result::Result<T, E> {
        self.listed = None;
        // What a transaction read is not there if it fails.
        let signatures = self.signatures.take();
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(|error| Error::at(&self.path, error))?;
        let writer = Writer { transaction, unindexed: RefCell::default(), signatures: signatures.into() };
        let done = work(&writer)?;
        writer.index_words().map_err(|error| error.located(&self.path))?;
        let signatures = writer.signatures.take();
        writer.transaction.commit().map_err(|error| Error::at(&self.path, error))?;
        self.signatures = signatures.into();
        Ok(done)
    }

    /// Runs `work` in one transaction that is taken back: what it reads is one
    /// moment of the database, and nobody else waits for it.
    ///
    /// # Errors
    /// Those of `work`, and those of the disk.
    pub fn rehearse<T, E: From<Error>>(
        &mut self,
        work: impl FnOnce(&Writer<'_>) -> std::result::Result<T, E>,
    ) -> std::result::Result<T, E> {
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Deferred)
            .map_err(|error| Error::at(&self.path, error))?;
        work(&Writer { transaction, unindexed: RefCell::default(), signatures: RefCell::default() })
    }

    /// Checks every page of the database and the search index; the findings, none where it is sound.
    ///
    /// # Errors
    /// When the database cannot be read at all.
    pub fn check(&self) -> Result<Vec<String>> {
        let mut findings = self.strings("PRAGMA cipher_integrity_check")?;
        let sound = |line: &String| line != "ok";
        findings.extend(self.strings("PRAGMA quick_check")?.into_iter().filter(sound));
        Ok(findings)
    }

    fn strings(&self, sql: &str) -> Result<Vec<String>> {
        let mut statement = self.connection.prepare(sql)?;
        let rows = statement.query_map([], |row| row.get(0))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Version of the schema, of SQLite and of SQLCipher, for `doctor`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn versions(&self) -> Result<(i64, String, String)> {
        let cipher = self.strings("PRAGMA cipher_version")?.join("");
        Ok((schema::version(&self.connection)?, rusqlite::version().to_owned(), cipher))
    }
}

/// A transaction under way.
pub struct Writer<'a> {
    transaction: Transaction<'a>,
    unindexed: RefCell<Vec<search::Words>>,
    signatures: RefCell<likeness::Signatures>,
}

#[cfg(test)]
mod tests;
