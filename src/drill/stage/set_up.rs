//! A drill's store made, and opened again.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::{Drill, Error, FACTS, Facts, Happening, LOG, Mode, SETUP, Seating};
use crate::desk::{Clock, Desk, Pace, Password, Place, Readers, Team};
use crate::drill::cast::{Cast, team_name};
use crate::drill::dice::Dice;
use crate::drill::plot;
use crate::drill::scenario::{OpenPgp, Scenario, Whose};
use crate::pgp;

/// What identifiers begin with: they mark every list, message and export.
const PREFIX: &str = "DRILL";

/// Keys were taken in this long before the start.
const SETTLED: TimeDelta = TimeDelta::days(300);

impl Drill {
    /// Makes the store of a drill at `place`, with all that lies before its
    /// start, and a desk on it for whoever plays. `day` is the real time that
    /// one of its days takes, instead of the scenario's.
    ///
    /// # Errors
    /// When something lies there already, or the disk does not take it.
    pub fn begin(
        place: &Place,
        scenario: Scenario,
        seed: u64,
        mode: Mode,
        day: Option<Duration>,
        readers: Readers,
    ) -> Result<(Self, Desk), Error> {
        let (starts, dice) = (scenario.about.starts, Dice(seed));
        let cast = Cast::make(&scenario, dice)?;
        let passphrase = throw_away()?;
        let team = Team {
            name: team_name(&scenario),
            address: scenario.company.address.clone(),
            prefix: PREFIX.to_owned(),
        };
        let secret = Password::from(passphrase.as_str());
        let mut desk = place.create(&secret, &team, SETUP, Clock::Frozen(starts - SETTLED), readers)?;
        let facts = Facts { name: scenario.name.clone(), text: scenario.text.clone(), seed, mode };
        desk.set_aside(FACTS, &to_json(&facts)?)?;
        write_private(&place.drill_passphrase(), &format!("{passphrase}\n"))?;
        write_private(&place.config_file(), &scenario.company.rules)?;
        let day = day.or_else(|| scenario.about.day.0.to_std().ok()).unwrap_or(Duration::from_secs(10));
        let begins_paused = matches!(mode, Mode::Solo | Mode::Team) && !scenario.about.tour;
        let pace = Pace::create(place.directory(), starts, day, begins_paused);
        let pace = pace.map_err(|error| Error::clock(&error))?;
        let seating = if mode == Mode::Team { Seating::Facilitator } else { Seating::Player };
        let desk = desk.under(scenario.rules.clone());
        let mut drill = Self {
            cues: plot::cues(&scenario, dice),
            seed: dice,
            mode,
            seating,
            cast,
            desk: Some(desk),
            pace,
            log: Vec::new(),
            played_to: starts - SETTLED,
            shown: None,
            scenario,
        };
        drill.take_keys(starts - SETTLED)?;
        drill.play_what_lies_before()?;
        drill.played_to = starts;
        let player = drill.player()?;
        Ok((drill, player))
    }

    /// Opens a drill whose store `desk` is on, as one of those who take part.
    ///
    /// # Errors
    /// When it is no drill, or its store cannot be read.
    pub fn open(desk: &Desk, seating: Seating) -> Result<Self, Error> {
        let no_drill = || Error::Refused("this store is no drill; 'ninety drill run' makes one".to_owned());
        let facts = desk.aside(FACTS)?.ok_or_else(no_drill)?;
        let damaged =
            |what: &str| Error::Damaged(format!("what the store keeps of the drill is damaged: {what}"));
        let facts: Facts = serde_json::from_str(&facts).map_err(|error| damaged(&error.to_string()))?;
        let scenario = Scenario::read(&facts.name, &facts.text)
            .map_err(|wrong| damaged(&wrong.first().map(ToString::to_string).unwrap_or_default()))?;
        let dice = Dice(facts.seed);
        let pace = desk.pace().cloned().ok_or_else(no_drill)?;
        let mut drill = Self {
            cast: Cast::make(&scenario, dice)?,
            cues: plot::cues(&scenario, dice),
            seed: dice,
            mode: facts.mode,
            seating,
            played_to: pace.now(),
            desk: Some(desk.second()?),
            pace,
            log: Vec::new(),
            shown: None,
            scenario,
        };
        drill.read_log()?;
        Ok(drill)
    }

    /// Reads what others have written into the log.
    pub(super) fn read_log(&mut self) -> Result<(), Error> {
        if let Some(log) = self.desk()?.aside(LOG)? {
            let damaged =
                |error: serde_json::Error| Error::Damaged(format!("the drill's log is damaged: {error}"));
            self.log = serde_json::from_str(&log).map_err(damaged)?;
        }
        Ok(())
    }

    /// Notes that somebody takes part.
    ///
    /// # Errors
    /// When the store fails.
    pub fn seat(&mut self, who: &str) -> Result<(), Error> {
        let now = self.pace.now();
        self.note(now, who, Happening::Joined)
    }

    /// A desk for whoever plays.
    fn player(&mut self) -> Result<Desk, Error> {
        let (me, clock) = (self.scenario.about.me.clone(), Clock::Drill(self.pace.clone()));
        Ok(self.desk()?.second()?.handed_to(&me, clock))
    }

    /// The team's key, and the certificates that it knows.
    fn take_keys(&mut self, at: DateTime<Utc>) -> Result<(), Error> {
        let team = match &self.scenario.company.passphrase {
            Some(passphrase) => {
                let locked =
                    pgp::lock::lock(&self.cast.team_key.secret, &Password::from(passphrase.as_str()));
                locked.map_err(|error| Error::Key(error.to_string()))?
            }
            None => self.cast.team_key.secret.clone(),
        };
        let known: Vec<(Vec<u8>, String, OpenPgp)> = self
            .cast
            .members()
            .filter(|(_, member)| !matches!(member.openpgp, OpenPgp::None | OpenPgp::Unseen))
            .filter_map(|(_, member)| Some((member.key(Whose::Own)?, member.openpgp)))
            .map(|(key, openpgp)| (key.public.clone(), key.fingerprint.clone(), openpgp))
            .collect();
        self.acting(SETUP, at, |desk| {
            desk.take_key(&team)?;
            for (public, fingerprint, openpgp) in &known {
                desk.take_key(public)?;
                if *openpgp == OpenPgp::Verified {
                    desk.verify_key(fingerprint, None, "compared at a conference")?;
                }
            }
            Ok(())
        })
    }

    /// What the player finds: everything that the scenario puts before the start, in the order of time.
    fn play_what_lies_before(&mut self) -> Result<(), Error> {
        let starts = self.scenario.about.starts;
        let before = |cue: &plot::Cue| cue.inject.before.map(|before| starts - before.0 + cue.later);
        let mut early: Vec<(DateTime<Utc>, plot::Cue)> =
            self.cues.iter().filter_map(|cue| Some((before(cue)?.min(starts), cue.clone()))).collect();
        early.sort_by_key(|(at, _)| *at);
        early.into_iter().try_for_each(|(at, cue)| self.play(&cue, at))
    }
}

/// A passphrase that nobody has to remember: it lies beside the store.
fn throw_away() -> Result<String, Error> {
    pgp::random_id().map_err(|error| Error::Key(error.to_string()))
}

fn to_json(facts: &Facts) -> Result<String, Error> {
    serde_json::to_string(facts).map_err(|error| Error::Damaged(error.to_string()))
}

/// Writes a new file beside the store that only its owner reads.
fn write_private(path: &Path, text: &str) -> Result<(), Error> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true).mode(0o600);
    let written = options.open(path).and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(|source| Error::Desk(crate::desk::Error::file(path, source)))
}
