//! Which store, who acts, and what time it is.

use std::path::PathBuf;

use super::args::Seat;
use super::{Complaint, Result, passphrase};
use crate::desk::wall::Limits;
use crate::desk::{Clock, Config, Desk, Place, Readers};

impl Seat {
    /// The store that is meant: `--store`, `NINETY_STORE`, or the user's data directory.
    pub(super) fn place(&self) -> Result<Place> {
        let default =
            || directories::ProjectDirs::from("", "", "ninety").map(|dirs| dirs.data_dir().join("store"));
        let directory: Option<PathBuf> = self.store.clone().or_else(default);
        directory.map(Place::new).ok_or_else(|| {
            Complaint::misread("there is no home directory to keep a store in")
                .hint("name one with --store DIR")
        })
    }

    /// Who acts: `--as`, or the login name.
    pub(super) fn actor(&self) -> String {
        let login = || ["LOGNAME", "USER"].iter().find_map(|name| std::env::var(name).ok());
        let named = self.actor.clone().or_else(login).filter(|name| !name.trim().is_empty());
        named.unwrap_or_else(|| format!("uid {}", rustix::process::getuid().as_raw()))
    }

    /// The clock: real, or held by `NINETY_NOW`.
    pub(super) fn clock() -> Result<Clock> {
        let setting = std::env::var("NINETY_NOW").ok();
        Clock::from_setting(setting.as_deref()).map_err(Complaint::misread)
    }

    /// Who reads foreign mail: children that run this very program, even where
    /// its file has been replaced by a newer one since.
    pub(super) fn readers() -> Readers {
        let program = if cfg!(target_os = "linux") {
            PathBuf::from("/proc/self/exe")
        } else {
            std::env::current_exe().unwrap_or_else(|_| PathBuf::from("ninety"))
        };
        Readers::children(program, Limits::default())
    }

    /// The configuration, which may lie beside the store; the store itself need
    /// not be there.
    pub(super) fn config(&self) -> Result<Config> {
        let place = self.place().ok();
        Ok(Config::load(place.as_ref().map(Place::directory))?)
    }

    /// Opens the store.
    pub(super) fn open(&self) -> Result<Desk> {
        let (place, clock) = (self.place()?, Self::clock()?);
        if !place.is_taken() {
            return Err(crate::desk::Error::NoStore(place.directory().to_owned()).into());
        }
        // Before the passphrase: a mistake in the configuration is told at once.
        let rules = self.config()?.rules;
        let passphrase = passphrase::ask(self.passphrase_file.as_deref())?;
        Ok(place.open(&passphrase, &self.actor(), clock, Self::readers())?.under(rules))
    }
}
