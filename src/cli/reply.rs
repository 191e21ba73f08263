//! `ninety reply`: the answer to a reporter, signed and encrypted.

use std::io::{IsTerminal as _, Read as _};
use std::path::Path;
use std::process::ExitCode;

use serde_json::json;

use super::args::{Reply, Seat};
use super::json::of;
use super::output::write_new;
use super::{Complaint, Output, Result, passphrase};
use crate::console;
use crate::desk::answer::{Draft, Enclosure, Plan, Wish, own_directory};
use crate::desk::{Desk, Error, kept_for};
use crate::text;
use crate::triage::mark;

/// Bytes of a text or an enclosure that are read at most.
const MAX_FILE: u64 = 24 << 20;

/// Answers the reporter of a case.
pub(super) fn run(seat: &Seat, reply: &Reply, output: &mut Output) -> Result<ExitCode> {
    let mut desk = seat.open()?.asking_agent();
    let case = desk.key_of(&reply.case)?;
    let wish = Wish {
        key: reply.key.clone(),
        in_the_clear: reply.plaintext,
        asks_for_key: reply.ask_for_key,
        signer: reply.sign_with.clone(),
        encloses_key: reply.attach_key.then_some(true),
        to: reply.to.clone(),
    };
    let mut plan = desk.plan(case, &wish)?;
    if plan.needs_passphrase {
        unlock(&mut desk, reply.key_passphrase_file.as_deref())?;
        plan = desk.plan(case, &wish)?;
    }
    if let Some(subject) = &reply.subject {
        plan.subject.clone_from(subject);
    }
    for note in &plan.notes {
        eprintln!("ninety: {note}");
    }
    // Before anything is written: a name that is taken is told at once.
    if let Some(file) = reply.output.as_deref().filter(|file| *file != Path::new("-") && file.exists()) {
        return Err(Complaint::failed(format!("{} exists", text::line(&file.to_string_lossy())))
            .hint("name another file; none is overwritten"));
    }
    let draft = draft(&mut desk, reply, &plan)?;
    let enclosures = reply.attach.iter().map(|file| enclosure(file)).collect::<Result<Vec<_>>>()?;
    let answered = desk.answer(&plan, &draft, &enclosures)?;
    let told = match reply.output.as_deref() {
        Some(file) if file == Path::new("-") => {
            output.bytes(&answered.bytes)?;
            return Ok(ExitCode::SUCCESS);
        }
        Some(file) => {
            write_new(file, &answered.bytes)?;
            format!("written to {}", text::line(&file.to_string_lossy()))
        }
        None => format!("kept in the case; 'ninety raw {} {}' writes it", reply.case, answered.message),
    };
    let drill = if desk.is_drill() { format!("{}: ", mark::MARK) } else { String::new() };
    let page = || format!("{drill}{} to {}, {}\n{told}\n", plan.id, plan.to_words(), plan.how());
    output.answer(page, || {
        let document = json!({ "case": plan.id, "message": answered.message, "to": plan.to.email,
                "encrypted_to": answered.encrypted_to, "signed_by": plan.signer,
                "file": reply.output.as_ref().map(|file| file.to_string_lossy()) });
        of(desk.is_drill(), document)
    })?;
    Ok(ExitCode::SUCCESS)
}

fn unlock(desk: &mut Desk, file: Option<&Path>) -> Result<()> {
    let setting = std::env::var("NINETY_UNLOCK_MINUTES").ok();
    let time = kept_for(setting.as_deref()).map_err(Complaint::misread)?;
    let passphrase = match file {
        Some(file) => passphrase::from_file(file)?,
        None => passphrase::of_key("Passphrase of the key that signs: ")?,
    };
    // At least as long as it takes to write this answer.
    desk.unlock(&passphrase, time.max(chrono::TimeDelta::minutes(15)))?;
    Ok(())
}

/// The answer: as it is given, or as somebody edits it.
fn draft(desk: &mut Desk, reply: &Reply, plan: &Plan) -> Result<Draft> {
    let templates = own_directory();
    let (template, quotes) = (reply.template.as_deref(), !reply.no_quote);
    if plan.asks_for_key {
        let text = desk.begin(plan, None, None, false)?;
        return Ok(Draft { subject: plan.subject.clone(), text });
    }
    if let Some(file) = &reply.text {
        return Ok(Draft { subject: plan.subject.clone(), text: read_text(file)? });
    }
    if !std::io::stdin().is_terminal() || !std::io::stdout().is_terminal() {
        let Some(template) = template else {
            return Err(Complaint::misread("there is no text, and no terminal to write one")
                .hint("give it with --text FILE (- for standard input), or name a --template"));
        };
        let text = desk.begin(plan, Some(template), templates.as_deref(), quotes)?;
        return Ok(Draft { subject: plan.subject.clone(), text });
    }
    let begun = desk.draft(plan, template, templates.as_deref(), quotes)?;
    let edited = console::edit("answer.txt", &begun).map_err(Complaint::failed)?;
    if edited == begun {
        return Err(Complaint::failed("nothing was written; no answer was made"));
    }
    // Whatever fails from here on, what was written is there the next time.
    desk.keep_draft(plan.case, Some(&edited))?;
    Ok(Draft::read(&edited, &plan.subject))
}

fn read_text(file: &Path) -> Result<String> {
    let bytes = if file == Path::new("-") {
        let mut bytes = Vec::new();
        let read = std::io::stdin().take(MAX_FILE).read_to_end(&mut bytes);
        read.map_err(|source| Error::file("standard input", source))?;
        bytes
    } else {
        read(file)?
    };
    String::from_utf8(bytes).map_err(|_| {
        Complaint::misread(format!("{} is not UTF-8", text::line(&file.to_string_lossy())))
            .hint("convert it, or send it along with --attach")
    })
}

fn read(file: &Path) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let opened =
        std::fs::File::open(file).and_then(|opened| opened.take(MAX_FILE + 1).read_to_end(&mut bytes));
    opened.map_err(|source| Error::file(file, source))?;
    if bytes.len() as u64 > MAX_FILE {
        let name = text::line(&file.to_string_lossy());
        return Err(Complaint::failed(format!("{name} is larger than {} MiB", MAX_FILE >> 20))
            .hint("send it in another way"));
    }
    Ok(bytes)
}

fn enclosure(file: &Path) -> Result<Enclosure> {
    let name = file.file_name().map_or("file".to_owned(), |name| name.to_string_lossy().into_owned());
    let media_type = match file.extension().and_then(|ending| ending.to_str()) {
        Some("txt" | "md" | "log" | "patch" | "diff") => "text/plain",
        Some("pdf") => "application/pdf",
        _ => "application/octet-stream",
    };
    Ok(Enclosure { name, media_type: media_type.to_owned(), bytes: read(file)? })
}
