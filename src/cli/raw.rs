//! `ninety raw`: a message as it came, or as it is to be sent.

use std::path::Path;
use std::process::ExitCode;

use serde_json::json;

use super::args::Seat;
use super::output::write_new;
use super::{Complaint, Output, Result};
use crate::text;

/// Writes the bytes of one message of a case.
pub(super) fn run(
    seat: &Seat,
    id: &str,
    message: i64,
    file: Option<&Path>,
    output: &mut Output,
) -> Result<ExitCode> {
    let desk = seat.open()?;
    let dossier = desk.dossier(desk.key_of(id)?)?;
    let numbers: Vec<String> = dossier.messages.iter().map(|message| message.id.to_string()).collect();
    if !dossier.messages.iter().any(|one| one.id == message) {
        return Err(Complaint::failed(format!("{} has no message {message}", dossier.case.id))
            .hint(format!("it has {}", numbers.join(", "))));
    }
    let bytes = desk.raw(message)?.unwrap_or_default();
    match file {
        None => output.bytes(&bytes)?,
        Some(file) => {
            write_new(file, &bytes)?;
            let name = text::line(&file.to_string_lossy());
            output
                .answer(|| format!("written to {name}\n"), || json!({ "file": name, "message": message }))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}
