//! A throw-away store full of made-up reports, a third of them really encrypted
//! and signed. Fills the store through the same desk as everybody else, so the
//! demonstration shows the product and nothing made for show.

mod cast;
mod plot;
mod script;

use chrono::{DateTime, TimeDelta, Utc};

use crate::desk::{self, Clock, Desk, Place, Readers, Team};
use crate::pgp::Password;
use cast::Cast;
use plot::{Act, Scene};
use script::Script;

/// What the demonstration is made of.
const SCRIPT: &str = include_str!("../../assets/demo.toml");

/// Keys of the made-up people are older than the oldest report.
const KEY_AGE: TimeDelta = TimeDelta::days(200);

/// Why a demonstration could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The script is not what it should be.
    #[error("assets/demo.toml: {0}")]
    Script(String),
    /// A key or a message could not be made.
    #[error("making the demonstration's mail failed: {0}")]
    OpenPgp(String),
    /// The desk failed.
    #[error(transparent)]
    Desk(#[from] desk::Error),
}

/// Fills a new store at `place`, whose mail is read by `readers`. The passphrase is random and kept nowhere:
/// once the desk is gone, nobody opens that store again.
///
/// # Errors
/// When the disk does not take it.
pub fn fill(place: &Place, now: DateTime<Utc>, clock: Clock, readers: Readers) -> Result<Desk, Error> {
    let script = Script::read(SCRIPT).map_err(Error::Script)?;
    let cast = Cast::make(&script, now - KEY_AGE)?;
    let passphrase = throw_away_passphrase()?;
    let team = Team {
        name: script.team.name.clone(),
        address: script.team.address.clone(),
        prefix: "SEC".to_owned(),
    };
    let mut desk = place.create(&passphrase, &team, &script.team.me, clock.clone(), readers)?;
    desk.take_key(cast.team_key())?;
    for certificate in cast.certificates() {
        desk.take_key(&certificate)?;
    }
    let scenes = plot::scenes(&script, &cast, now).map_err(|error| match error {
        plot::Error::Script(why) => Error::Script(why),
        plot::Error::OpenPgp(why) => Error::OpenPgp(why),
    })?;
    play(desk, scenes, &script.team.me, clock)
}

/// Plays the scenes in the order of time, each at its time and by its actor.
fn play(mut desk: Desk, mut scenes: Vec<Scene>, me: &str, clock: Clock) -> Result<Desk, Error> {
    scenes.sort_by_key(|scene| scene.at);
    for scene in scenes {
        desk = desk.handed_to(&scene.actor, Clock::Frozen(scene.at));
        match scene.act {
            Act::Mail { label, bytes } => {
                desk.receive(&label, &bytes)?;
            }
            Act::Decide { label, decisions } => {
                let case = desk.case_of_message(&label)?;
                desk.decide(&plot::orders(case, decisions))?;
            }
            Act::Read { label } => {
                let case = desk.case_of_message(&label)?;
                desk.mark_read(case)?;
            }
        }
    }
    Ok(desk.handed_to(me, clock))
}

fn throw_away_passphrase() -> Result<Password, Error> {
    let random = crate::pgp::seal::fresh_key().map_err(|error| Error::OpenPgp(error.to_string()))?;
    Ok(Password::from(&random[..]))
}
