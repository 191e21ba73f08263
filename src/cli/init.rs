//! `ninety init`, and the same questions at the console's first start.

use std::io::{self, IsTerminal as _};
use std::path::PathBuf;
use std::process::ExitCode;

use serde_json::json;

use super::args::{Init, Seat};
use super::{Complaint, Output, Result, ask, passphrase};
use crate::desk::{Desk, Place, Team};
use crate::text;

/// Makes a store from the command line's answers; what is missing is asked for at a terminal.
pub(super) fn run(seat: &Seat, init: &Init, output: &mut Output) -> Result<ExitCode> {
    let place = seat.place()?;
    let desk = make(seat, init, &place)?;
    let directory = text::line(&place.directory().to_string_lossy());
    let keys = desk.keys()?;
    output.answer(
        || {
            let key = match keys.first() {
                Some(key) => format!("team key   {}\n", key.fingerprint),
                None => "team key   none yet; take one in with 'ninety key import FILE'\n".to_owned(),
            };
            format!("store      {directory}\n{key}next       ninety import MAILBOX, then ninety\n")
        },
        || {
            json!({ "store": directory, "address": desk.team().address, "name": desk.team().name,
                   "keys": keys.iter().map(|key| &key.fingerprint).collect::<Vec<_>>() })
        },
    )?;
    Ok(ExitCode::SUCCESS)
}

/// Opens the store for the console; where there is none, leads through making one.
pub(super) fn open_or_lead(seat: &Seat) -> Result<Desk> {
    let place = seat.place()?;
    if place.is_taken() || !io::stdin().is_terminal() || !io::stdout().is_terminal() {
        return seat.open();
    }
    println!(
        "There is no store in {} yet. Four questions make one.\n",
        text::line(&place.directory().to_string_lossy())
    );
    let import_key = ask("Secret OpenPGP key file of the team (empty: later)", "")?;
    let init = Init {
        address: None,
        name: None,
        prefix: "SEC".to_owned(),
        import_key: Some(PathBuf::from(&import_key)).filter(|_| !import_key.is_empty()),
        key_passphrase_file: None,
    };
    make(seat, &init, &place)
}

fn make(seat: &Seat, init: &Init, place: &Place) -> Result<Desk> {
    if place.is_taken() {
        return Err(crate::desk::Error::StoreExists(place.directory().to_owned()).into());
    }
    if place.drill_clock().exists() {
        return Err(crate::desk::Error::NoDrill(place.directory().to_owned()).into());
    }
    let team = Team {
        address: answer(init.address.as_deref(), "Address that reports come to", "security@localhost")?,
        name: answer(init.name.as_deref(), "Name of the team", "Security team")?,
        prefix: prefix(&init.prefix)?,
    };
    let key_passphrase = init.key_passphrase_file.as_deref().map(passphrase::from_file).transpose()?;
    let chosen = passphrase::choose(seat.passphrase_file.as_deref())?;
    let mut desk = place.create(&chosen, &team, &seat.actor(), Seat::machine_clock()?, Seat::readers())?;
    if let Some(file) = &init.import_key
        && let Err(error) = desk.import_keys(&[file], key_passphrase.as_ref())
    {
        // The store itself is sound: keep it, and say what is missing.
        let again = format!(
            "the store was made; take the key in with 'ninety key import {}'",
            text::line(&file.to_string_lossy())
        );
        return Err(Complaint::from(error).hint(again));
    }
    Ok(desk)
}

/// The answer from the command line, from a terminal, or the default.
fn answer(given: Option<&str>, question: &str, default: &str) -> Result<String> {
    match given {
        Some(given) => Ok(given.trim().to_owned()),
        None if io::stdin().is_terminal() => ask(question, default),
        None => Ok(default.to_owned()),
    }
}

/// A prefix is letters and digits, so that an identifier can be told in any subject.
fn prefix(given: &str) -> Result<String> {
    let fits = (1..=12).contains(&given.len()) && given.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if fits {
        Ok(given.to_ascii_uppercase())
    } else {
        Err(Complaint::misread(format!("'{}' cannot begin identifiers", text::line(given)))
            .hint("use 1 to 12 letters and digits, such as SEC"))
    }
}
