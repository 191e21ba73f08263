//! `ninety raw`: a message as it came, or as it is to be sent.

use std::path::Path;
use std::process::ExitCode;

use serde_json::json;

use super::args::Seat;
use super::output::write_new;
use super::{Complaint, Output, Result};
use crate::desk::Desk;
use crate::text;
use crate::triage::message::Message;

/// Writes the bytes of one message of a case.
pub(super) fn run(
    seat: &Seat,
    id: &str,
    message: i64,
    file: Option<&Path>,
    output: &mut Output,
) -> Result<ExitCode> {
    let desk = seat.open()?;
    message_of(&desk, id, message)?;
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

/// The message of a case with this number.
pub(super) fn message_of(desk: &Desk, id: &str, number: i64) -> Result<Message> {
    let dossier = desk.dossier(desk.key_of(id)?)?;
    let numbers: Vec<String> = dossier.messages.iter().map(|message| message.id.to_string()).collect();
    dossier.messages.into_iter().find(|message| message.id == number).ok_or_else(|| {
        Complaint::failed(format!("{} has no message {number}", dossier.case.id))
            .hint(format!("it has {}", numbers.join(", ")))
    })
}
