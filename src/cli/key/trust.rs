//! Saying whose a key is, or that it is no longer to be used.

use std::io::IsTerminal as _;
use std::process::ExitCode;

use super::{shape, table};
use crate::cli::args::{KeyVerify, Seat};
use crate::cli::{Complaint, Output, Result, ask};

/// Notes that the person compared a fingerprint.
pub(super) fn verify(seat: &Seat, verify: &KeyVerify, output: &mut Output) -> Result<ExitCode> {
    let mut desk = seat.open()?;
    let key = desk.key_named(&verify.key)?;
    let how = match &verify.how {
        Some(how) => how.clone(),
        None if std::io::stdin().is_terminal() => {
            println!("{}", table(std::slice::from_ref(&key), desk.now()));
            ask("How did you compare the fingerprint (phone, met, web page; empty: not yet)", "")?
        }
        None => String::new(),
    };
    if how.trim().is_empty() {
        return Err(Complaint::misread("how the fingerprint was compared was not said; nothing was noted")
            .hint("say it with --how \"read out on the phone\""));
    }
    let key = desk.verify_key(&key.fingerprint, verify.address.as_deref(), &how)?;
    output.answer(|| table(std::slice::from_ref(&key), desk.now()), || shape(&key))?;
    Ok(ExitCode::SUCCESS)
}

/// Notes that a key is no longer to be used.
pub(super) fn retire(seat: &Seat, name: &str, why: &str, output: &mut Output) -> Result<ExitCode> {
    let mut desk = seat.open()?;
    let key = desk.key_named(name)?;
    let key = desk.retire_key(&key.fingerprint, why)?;
    output.answer(|| table(std::slice::from_ref(&key), desk.now()), || shape(&key))?;
    Ok(ExitCode::SUCCESS)
}
