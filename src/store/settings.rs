//! What a store is for: set when it is made.

use rusqlite::OptionalExtension as _;

use super::{Result, Store, Writer};

/// Whom the store serves and how its cases are named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The team, as reporters know it.
    pub name: String,
    /// The address that reports come to.
    pub address: String,
    /// What identifiers begin with: `SEC` in `SEC-2026-0042`.
    pub prefix: String,
}

impl Store {
    /// The settings.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn settings(&self) -> Result<Settings> {
        let get = |name: &str, otherwise: &str| -> Result<String> {
            Ok(self.setting(name)?.unwrap_or_else(|| otherwise.to_owned()))
        };
        Ok(Settings { name: get("name", "")?, address: get("address", "")?, prefix: get("prefix", "SEC")? })
    }

    /// The setting of this name, if it was ever set.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub(crate) fn setting(&self, name: &str) -> Result<Option<String>> {
        let sql = "SELECT value FROM setting WHERE name = ?1";
        Ok(self.connection.prepare_cached(sql)?.query_row([name], |row| row.get(0)).optional()?)
    }
}

impl Writer<'_> {
    /// Replaces the settings.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn set_settings(&self, settings: &Settings) -> Result<()> {
        for (name, value) in
            [("name", &settings.name), ("address", &settings.address), ("prefix", &settings.prefix)]
        {
            self.set_setting(name, value)?;
        }
        Ok(())
    }

    /// Replaces the setting of this name.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub(crate) fn set_setting(&self, name: &str, value: &str) -> Result<()> {
        let sql = "INSERT OR REPLACE INTO setting (name, value) VALUES (?1, ?2)";
        self.transaction.prepare_cached(sql)?.execute([name, value])?;
        Ok(())
    }
}
