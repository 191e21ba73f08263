//! What can go wrong at the desk, with the mend.

use std::path::PathBuf;

use crate::{pgp, store};

/// A failure at the desk. Its text is safe to show.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// A file could not be read or written.
    #[error("{}: {source}", crate::text::line(&path.to_string_lossy()))]
    File {
        /// Which file.
        path: PathBuf,
        /// What the operating system says.
        source: std::io::Error,
    },
    /// A store lies in this directory already.
    #[error("{} holds a store already", crate::text::line(&.0.to_string_lossy()))]
    StoreExists(PathBuf),
    /// No store lies in this directory.
    #[error("there is no store in {}", crate::text::line(&.0.to_string_lossy()))]
    NoStore(PathBuf),
    /// The clock of a drill lies beside a real store, or should rule it.
    #[error("{} is a real store, and no drill: the clock of a drill must not rule it", crate::text::line(&.0.to_string_lossy()))]
    NoDrill(PathBuf),
    /// The key file could not be opened.
    #[error("{}: {source}", crate::text::line(&path.to_string_lossy()))]
    Sealed {
        /// The key file.
        path: PathBuf,
        /// Why.
        source: pgp::seal::SealError,
    },
    /// A key or certificate could not be taken.
    #[error("{}: {reason}", crate::text::line(.file))]
    Key {
        /// The file it came from.
        file: String,
        /// Why, in words.
        reason: String,
    },
    /// No process that reads mail could be started.
    #[error("no mail can be read, because its reader does not start: {}", crate::text::line(.0))]
    Reader(String),
    /// A passphrase is needed and nobody can be asked.
    #[error("{0}")]
    Passphrase(String),
    /// Something was asked for in a way that cannot be understood.
    #[error("{0}")]
    Misread(String),
    /// A decision that the state of the case does not allow.
    #[error("{0}")]
    Refused(String),
    /// A case that others restricted to themselves.
    #[error("{0} is restricted to other people")]
    Restricted(String),
}

impl Error {
    /// A failure of the operating system on `path`.
    pub fn file(path: impl Into<PathBuf>, source: std::io::Error) -> Self {
        Self::File { path: path.into(), source }
    }

    /// What to do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Store(error) => error.hint().map(str::to_owned),
            Self::NoStore(_) => {
                Some("make one with 'ninety init', or name another with --store or NINETY_STORE".into())
            }
            Self::StoreExists(_) => {
                Some("use it with 'ninety', or choose another directory with --store".into())
            }
            Self::NoDrill(_) => Some(
                "take clock.json and passphrase out of that directory; a real store goes by the machine's clock".into(),
            ),
            Self::Sealed { .. } => None,
            Self::File { source, .. } => match source.kind() {
                std::io::ErrorKind::PermissionDenied => Some("check who may read and write it".into()),
                std::io::ErrorKind::ReadOnlyFilesystem => {
                    Some("mount the disk for writing, or name another place".into())
                }
                std::io::ErrorKind::StorageFull => {
                    Some("free some space and try again; nothing was changed".into())
                }
                _ => None,
            },
            Self::Passphrase(_) => {
                Some("name a file that holds it with --passphrase-file or NINETY_PASSPHRASE_FILE".into())
            }
            Self::Reader(_) => Some(
                "make sure that ninety may start processes (memory, process limits, /proc mounted), then do the same again".into(),
            ),
            Self::Restricted(_) => Some("ask one of them, or whoever leads the team".into()),
            Self::Key { .. } | Self::Misread(_) | Self::Refused(_) => None,
        }
    }
}
