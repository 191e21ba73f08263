//! `ninety split`: a duplicate out of its case, or messages into one of their own.

use std::process::ExitCode;

use super::args::Seat;
use super::{Output, Result, set};

/// Splits the case.
pub(super) fn run(seat: &Seat, id: &str, messages: &[i64], output: &mut Output) -> Result<ExitCode> {
    let mut desk = seat.open()?.asking_agent();
    let case = desk.key_of(id)?;
    let outcome = if messages.is_empty() { desk.split(case)? } else { desk.detach(case, messages)? };
    set::report(&desk, &outcome, &outcome.changed, output)
}
