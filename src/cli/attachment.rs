//! `ninety attachment`: what is attached to a message, as it was before it was
//! sent. Its name is the sender's and names no file here: the person does.

use std::io::IsTerminal as _;
use std::path::Path;
use std::process::ExitCode;

use serde_json::json;

use super::args::Seat;
use super::output::write_new;
use super::raw::message_of;
use super::{Complaint, Output, Result};
use crate::text;
use crate::triage::message::Message;

/// Lists the attachments of a message, or writes one of them.
pub(super) fn run(
    seat: &Seat,
    id: &str,
    message: i64,
    number: Option<usize>,
    file: Option<&Path>,
    output: &mut Output,
) -> Result<ExitCode> {
    let desk = seat.open()?;
    let message = message_of(&desk, id, message)?;
    let Some(number) = number else {
        output.answer(|| list(&message), || json!(message.content.attachments))?;
        return Ok(ExitCode::SUCCESS);
    };
    let (attachment, bytes) = desk.attachment(&message, number)?;
    match file {
        Some(file) if file != Path::new("-") => {
            write_new(file, &bytes)?;
            let (place, name) = (text::line(&file.to_string_lossy()), text::line(&attachment.name));
            output.answer(
                || format!("{name}, {} bytes, written in the clear to {place}\n", bytes.len()),
                || json!({ "file": place, "name": attachment.name, "size": bytes.len() }),
            )?;
        }
        None if std::io::stdout().is_terminal() => {
            return Err(Complaint::misread("an attachment is not for a terminal")
                .hint("name a file with --output FILE, or send standard output to a program"));
        }
        _ => output.bytes(&bytes)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn list(message: &Message) -> String {
    let attachments = &message.content.attachments;
    if attachments.is_empty() {
        return format!("message {} has no attachments\n", message.id);
    }
    let line = |(index, attachment): (usize, &crate::triage::message::Attachment)| {
        let (name, kind) = (text::line(&attachment.name), text::line(&attachment.media_type));
        format!("{:>3}  {name} ({kind}, {} bytes)\n", index + 1, attachment.size)
    };
    attachments.iter().enumerate().map(line).collect()
}
