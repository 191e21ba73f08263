//! Where a store lies, and the lock on it: a directory with the encrypted
//! database and its key, sealed for a passphrase, beside it.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{Read as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::{Clock, Desk, Error, Readers, Result, Team, clock, config};
use crate::pgp::{self, Password};
use crate::store::{DatabaseKey, Store};

/// Bytes of a key file that are read at most; ours has about 500.
const MAX_KEY_FILE: u64 = 64 << 10;

/// The directory of a store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    directory: PathBuf,
}

impl Place {
    /// The store in `directory`, whether it exists or not.
    pub fn new(directory: impl Into<PathBuf>) -> Self {
        Self { directory: directory.into() }
    }

    /// The directory.
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// The encrypted database.
    pub fn database(&self) -> PathBuf {
        self.directory.join("ninety.db")
    }

    /// Its key, sealed: an OpenPGP message.
    pub fn key_file(&self) -> PathBuf {
        self.directory.join("key.pgp")
    }

    /// The configuration that lies beside it, where there is one.
    pub fn config_file(&self) -> PathBuf {
        self.directory.join(config::NAME)
    }

    /// The clock of the drill whose store it is; no other store has one.
    pub fn drill_clock(&self) -> PathBuf {
        self.directory.join(clock::FILE)
    }

    /// The passphrase of the store of a drill, which protects nothing.
    pub fn drill_passphrase(&self) -> PathBuf {
        self.directory.join("passphrase")
    }

    /// Whether a store lies there, whole or in part.
    pub fn is_taken(&self) -> bool {
        self.database().exists() || self.key_file().exists()
    }

    /// Makes a new store, whose mail is read by `readers`. Where that fails, nothing is left behind.
    ///
    /// # Errors
    /// When a store lies there already, or the disk does not take it.
    pub fn create(
        &self,
        passphrase: &Password,
        team: &Team,
        actor: &str,
        clock: Clock,
        readers: Readers,
    ) -> Result<Desk> {
        if self.is_taken() {
            return Err(Error::StoreExists(self.directory.clone()));
        }
        let made_directory = !self.directory.exists();
        self.make_directory()?;
        let made = self.fill(passphrase, team, actor, clock, readers);
        if made.is_err() {
            self.clear(made_directory);
        }
        made
    }

    fn fill(
        &self,
        passphrase: &Password,
        team: &Team,
        actor: &str,
        clock: Clock,
        readers: Readers,
    ) -> Result<Desk> {
        let sealed_at = self.key_file();
        let failed = |source| Error::Sealed { path: sealed_at.clone(), source };
        let key = database_key(&pgp::seal::fresh_key().map_err(failed)?)
            .ok_or_else(|| Error::Misread("a fresh key has 32 bytes".into()))?;
        let sealed = pgp::seal::seal(&key, passphrase).map_err(failed)?;
        write_private(&sealed_at, &sealed).map_err(|source| Error::file(&sealed_at, source))?;
        let mut store = Store::create(&self.database(), &key)?;
        store.write(|writer| writer.set_settings(team))?;
        Desk::seated(store, key, self.clone(), actor, clock, readers)
    }

    /// Creates the directory, or makes an existing one private.
    fn make_directory(&self) -> Result<()> {
        let failed = |source| Error::file(&self.directory, source);
        DirBuilder::new().recursive(true).mode(0o700).create(&self.directory).map_err(failed)?;
        let private = std::os::unix::fs::PermissionsExt::from_mode(0o700);
        std::fs::set_permissions(&self.directory, private).map_err(failed)
    }

    /// Takes away a store that was not finished. Only files that this process made are there.
    fn clear(&self, directory_too: bool) {
        let database = self.database();
        for suffix in ["", "-wal", "-shm", "-journal"] {
            let mut file = database.clone().into_os_string();
            file.push(suffix);
            let _ = std::fs::remove_file(file);
        }
        let _ = std::fs::remove_file(self.key_file());
        if directory_too {
            let _ = std::fs::remove_dir(&self.directory);
        }
    }

    /// Opens the store with its passphrase; its mail is read by `readers`. Changes nothing where that fails.
    ///
    /// # Errors
    /// No store there, a wrong passphrase, a damaged key file, a real store
    /// with the clock of a drill, and the failures of the store.
    pub fn open(&self, passphrase: &Password, actor: &str, clock: Clock, readers: Readers) -> Result<Desk> {
        let path = self.key_file();
        let sealed = self.sealed_key()?;
        let opened = pgp::seal::unseal(&sealed, passphrase)
            .map_err(|source| Error::Sealed { path: path.clone(), source })?;
        let damaged =
            || Error::Sealed { path, source: pgp::seal::SealError::Damaged("not a 32-byte key".into()) };
        let key = database_key(&opened).ok_or_else(damaged)?;
        let store = Store::open(&self.database(), &key)?;
        let is_bent = matches!(clock, Clock::Drill(_)) || self.drill_clock().exists();
        let desk = Desk::seated(store, key, self.clone(), actor, clock, readers)?;
        // Deadlines of real reports must not run by the clock of an exercise.
        if is_bent && !desk.is_drill() { Err(Error::NoDrill(self.directory.clone())) } else { Ok(desk) }
    }

    fn sealed_key(&self) -> Result<Vec<u8>> {
        if !self.is_taken() {
            return Err(Error::NoStore(self.directory.clone()));
        }
        let path = self.key_file();
        let mut sealed = Vec::new();
        File::open(&path)
            .and_then(|file| file.take(MAX_KEY_FILE).read_to_end(&mut sealed))
            .map_err(|source| Error::file(&path, source))?;
        Ok(sealed)
    }
}

fn database_key(bytes: &[u8]) -> Option<DatabaseKey> {
    <[u8; 32]>::try_from(bytes).ok().map(Zeroizing::new)
}

/// Writes a new file that only its owner can read, and waits until the disk has it.
fn write_private(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}
