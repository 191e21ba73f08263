//! The team's own keys: made, renewed, ended.

use std::path::Path;
use std::process::ExitCode;

use serde_json::json;

use super::export::confirmed;
use super::{shape, table, time};
use crate::cli::args::{KeyNew, KeyRevoke, KeyTerm, Seat};
use crate::cli::{Complaint, Output, Result, passphrase};
use crate::desk::{Desk, KeyListing};
use crate::pgp::Password;
use crate::pgp::make::Suite;
use crate::pgp::revoke::Reason;
use crate::text;

/// Makes a key, or an age identity.
pub(super) fn new(seat: &Seat, new: &KeyNew, output: &mut Output) -> Result<ExitCode> {
    let suite: Suite =
        new.kind.parse().map_err(|error| Complaint::misread(text::line(&format!("{error}"))))?;
    let valid = time(&new.valid)?.to_std().map_err(Complaint::of)?;
    let mut desk = seat.open()?;
    if new.age {
        let recipient = desk.make_identity()?;
        output.answer(|| format!("team   age {recipient}\n"), || json!({ "recipient": recipient }))?;
        return Ok(ExitCode::SUCCESS);
    }
    let team = desk.team().clone();
    let (name, address) =
        (new.name.as_ref().unwrap_or(&team.name), new.address.as_ref().unwrap_or(&team.address));
    let key = desk.make_key(name, address, suite, valid)?;
    let page = || {
        let fingerprint = &key.fingerprint;
        format!(
            "{}next   ninety key export {fingerprint} --output team.asc, and put it on your web page\n       \
             ninety key export {fingerprint} --revocation --output revocation.asc, and keep it apart from the key\n",
            table(std::slice::from_ref(&key), desk.now())
        )
    };
    output.answer(page, || shape(&key))?;
    Ok(ExitCode::SUCCESS)
}

/// Moves the end of a key.
pub(super) fn extend(seat: &Seat, term: &KeyTerm, output: &mut Output) -> Result<ExitCode> {
    let valid = time(&term.valid)?;
    let mut desk = seat.open()?;
    let (key, passphrase) = named(&desk, &term.key, term.key_passphrase_file.as_deref())?;
    let until = desk.now() + valid;
    let key = desk.extend_key(&key.fingerprint, until, passphrase.as_ref())?;
    told(&desk, &key, output)
}

/// Gives a key new parts.
pub(super) fn rotate(seat: &Seat, term: &KeyTerm, overlap: &str, output: &mut Output) -> Result<ExitCode> {
    let (valid, overlap) = (time(&term.valid)?, time(overlap)?);
    let mut desk = seat.open()?;
    let (key, passphrase) = named(&desk, &term.key, term.key_passphrase_file.as_deref())?;
    let now = desk.now();
    let key = desk.rotate_key(&key.fingerprint, now + valid, now + overlap, passphrase.as_ref())?;
    told(&desk, &key, output)
}

/// Ends a key for good.
pub(super) fn revoke(seat: &Seat, revoke: &KeyRevoke, output: &mut Output) -> Result<ExitCode> {
    let reason: Reason =
        revoke.reason.parse().map_err(|error| Complaint::misread(text::line(&format!("{error}"))))?;
    let mut desk = seat.open()?;
    let (key, passphrase) = named(&desk, &revoke.key, revoke.key_passphrase_file.as_deref())?;
    confirmed(&key, revoke.confirm.as_deref(), "This ends the key for good, and cannot be undone.")?;
    let key = desk.revoke_key(&key.fingerprint, reason, &revoke.words, passphrase.as_ref())?;
    told(&desk, &key, output)
}

/// A key by its name, with its passphrase where one is needed.
fn named(desk: &Desk, name: &str, file: Option<&Path>) -> Result<(KeyListing, Option<Password>)> {
    let key = desk.key_named(name)?;
    let passphrase = match file {
        Some(file) => Some(passphrase::from_file(file)?),
        None if key.is_locked && key.secret => Some(passphrase::of_key("Passphrase of this key: ")?),
        None => None,
    };
    Ok((key, passphrase))
}

fn told(desk: &Desk, key: &KeyListing, output: &mut Output) -> Result<ExitCode> {
    let page = || {
        format!(
            "{}next   publish it again: ninety key export {} --output FILE\n",
            table(std::slice::from_ref(key), desk.now()),
            key.fingerprint
        )
    };
    output.answer(page, || shape(key))?;
    Ok(ExitCode::SUCCESS)
}
