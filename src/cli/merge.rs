//! `ninety merge`: duplicates into the oldest case.

use std::process::ExitCode;

use super::args::Seat;
use super::{Output, Result, set};
use crate::desk;

/// Merges the cases.
pub(super) fn run(seat: &Seat, cases: &[String], output: &mut Output) -> Result<ExitCode> {
    let mut desk = seat.open()?;
    let keys = cases.iter().map(|id| desk.key_of(id)).collect::<desk::Result<Vec<_>>>()?;
    let outcome = desk.merge(&keys)?;
    set::report(&desk, &outcome, &keys, output)
}
