//! What can go wrong with a database, told apart by what mends it.

use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;

/// A failure of the store.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A database lies there already.
    #[error("{0} exists already")]
    Exists(PathBuf),
    /// No database lies there.
    #[error("{0} does not exist")]
    Missing(PathBuf),
    /// The key does not fit, or the file is no database of ours.
    #[error("{0} cannot be decrypted: it is damaged, or key.pgp beside it belongs to another store")]
    NotDecryptable(PathBuf),
    /// A newer ninety has written it.
    #[error("this store has schema {found}, and this ninety knows schemas up to {known}")]
    Newer {
        /// Schema of the store.
        found: i64,
        /// The newest schema that this program knows.
        known: i64,
    },
    /// The disk does not take writes.
    #[error("{0} cannot be written: the disk or its permissions are read-only")]
    ReadOnly(PathBuf),
    /// The disk is full.
    #[error("the disk that holds {0} is full; the last change was not made, all before it stand")]
    Full(PathBuf),
    /// Another process holds the store for too long.
    #[error("another process has been writing to {0} for more than ten seconds")]
    Busy(PathBuf),
    /// A filesystem on which several processes cannot share a database.
    #[error("{0} lies on a network filesystem, on which a store cannot be shared safely")]
    Network(PathBuf),
    /// The write-ahead log could not be switched on.
    #[error("this filesystem does not support the write-ahead log that a store needs")]
    NoWal,
    /// A value in the database that this program does not understand.
    #[error("the store holds a value that this ninety cannot read: {0}")]
    Unreadable(String),
    /// No case with this identifier.
    #[error("there is no case {0}")]
    NoCase(String),
    /// Anything else that SQLite says.
    #[error("the database failed: {0}")]
    Sqlite(rusqlite::Error),
    /// Anything else that the operating system says.
    #[error("{0}: {1}")]
    Io(PathBuf, std::io::Error),
}

impl Error {
    /// The error that SQLite reports for the database at `path`.
    pub(super) fn at(path: &Path, error: rusqlite::Error) -> Self {
        Self::from(error).located(path)
    }

    /// Puts `path` where it was not known.
    pub(super) fn located(self, path: &Path) -> Self {
        match self {
            Self::NotDecryptable(_) => Self::NotDecryptable(path.to_owned()),
            Self::ReadOnly(_) => Self::ReadOnly(path.to_owned()),
            Self::Full(_) => Self::Full(path.to_owned()),
            Self::Busy(_) => Self::Busy(path.to_owned()),
            other => other,
        }
    }

    /// What to do about it.
    pub fn hint(&self) -> Option<&'static str> {
        Some(match self {
            Self::Exists(_) => "choose another directory with --store, or use the store that is there",
            Self::Missing(_) => {
                "make a store with 'ninety init', or name another with --store or NINETY_STORE"
            }
            Self::NotDecryptable(_) => "restore the directory from a backup, ninety.db and key.pgp together",
            Self::Newer { .. } => {
                "install the version of ninety that your colleagues use; the store was not touched"
            }
            Self::ReadOnly(_) => {
                "make the directory and its files writable for you (0700 and 0600), or mount the disk for writing"
            }
            Self::Full(_) => "free some space and try again",
            Self::Busy(_) => "wait for it, or find it with 'fuser' on ninety.db",
            Self::Network(_) | Self::NoWal => "keep the store on a local disk and reach it over SSH",
            Self::Unreadable(_) => "run 'ninety doctor'; restore from a backup if it reports damage",
            Self::NoCase(_) => "'ninety list is:all' shows every case",
            Self::Sqlite(_) | Self::Io(..) => return None,
        })
    }
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        let nowhere = || PathBuf::from("the store");
        match error.sqlite_error_code() {
            Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => Self::NotDecryptable(nowhere()),
            Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => {
                Self::ReadOnly(nowhere())
            }
            Some(ErrorCode::DiskFull) => Self::Full(nowhere()),
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy(nowhere()),
            _ => Self::Sqlite(error),
        }
    }
}
