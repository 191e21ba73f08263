//! Which store, who acts, and what time it is.

use std::path::PathBuf;

use super::args::Seat;
use super::{Complaint, Result, login, passphrase};
use crate::desk::wall::Limits;
use crate::desk::{Clock, Config, Desk, Error, Pace, Place, Readers};
use crate::pgp::seal::SealError;
use crate::triage::mark;

impl Seat {
    /// The same person at the store in another directory.
    pub(super) fn at(&self, directory: &std::path::Path) -> Self {
        Self {
            store: Some(directory.to_owned()),
            passphrase_file: self.passphrase_file.clone(),
            actor: self.actor.clone(),
            is_quiet: self.is_quiet,
        }
    }

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
        self.actor.clone().filter(|name| !name.trim().is_empty()).unwrap_or_else(login::name)
    }

    /// The clock: that of the drill whose store is meant, else the machine's.
    pub(super) fn clock(&self) -> Result<Clock> {
        match self.place() {
            Ok(place) if place.drill_clock().exists() => {
                Pace::open(place.directory()).map(Clock::Drill).map_err(Complaint::failed)
            }
            _ => Self::machine_clock(),
        }
    }

    /// The machine's clock, or what `NINETY_NOW` holds it at.
    pub(super) fn machine_clock() -> Result<Clock> {
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
    /// not be there. A drill has its own, whatever the environment names.
    pub(super) fn config(&self) -> Result<Config> {
        let place = self.place().ok();
        let of_drill = place.as_ref().filter(|place| place.drill_clock().exists());
        if let Some(own) = of_drill.map(Place::config_file).filter(|own| own.exists()) {
            return Ok(Config::read(&own)?);
        }
        Ok(Config::load(place.as_ref().map(Place::directory))?)
    }

    /// Opens the store. That it is a drill is said on standard error.
    pub(super) fn open(&self) -> Result<Desk> {
        let (place, clock) = (self.place()?, self.clock()?);
        if !place.is_taken() {
            return Err(crate::desk::Error::NoStore(place.directory().to_owned()).into());
        }
        // Before the passphrase: a mistake in the configuration is told at once.
        let rules = self.config()?.rules;
        let desk = self.unlocked(&place, &clock)?;
        if desk.is_drill() && !self.is_quiet {
            eprintln!("{}: this store is an exercise; nothing in it is real", mark::MARK);
        }
        Ok(desk.under(rules))
    }

    /// Opens the store by its passphrase. That of a drill lies beside it, and
    /// comes first: the one that the environment names is for the real store.
    fn unlocked(&self, place: &Place, clock: &Clock) -> Result<Desk> {
        let open = |passphrase| place.open(&passphrase, &self.actor(), clock.clone(), Self::readers());
        let own = place.drill_passphrase();
        if !place.drill_clock().exists() || !own.exists() {
            return Ok(open(passphrase::ask(self.passphrase_file.as_deref())?)?);
        }
        match (open(passphrase::from_file(&own)?), &self.passphrase_file) {
            (Err(Error::Sealed { source: SealError::WrongPassphrase, .. }), Some(given)) => {
                Ok(open(passphrase::from_file(given)?)?)
            }
            (Err(error @ Error::Sealed { source: SealError::WrongPassphrase, .. }), None) => {
                Err(Complaint::from(error).hint(
                    "it is not the one in the file passphrase there; where the store is no drill, take that file and clock.json away",
                ))
            }
            (opened, _) => Ok(opened?),
        }
    }
}
