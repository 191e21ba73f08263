//! `ninety show`: one case with its messages and its timeline.

mod work;

use std::fmt::Write as _;
use std::process::ExitCode;

use chrono::{DateTime, Local, Utc};

use super::args::Seat;
use super::{Output, Result, json};
use crate::text;
use crate::triage::calendar::Calendar;
use crate::triage::clock::{ago, countdown};
use crate::triage::message::{Message, SignatureStatus};
use crate::triage::{Answer, Case, Dossier, Person};

/// Shows one case.
pub(super) fn run(seat: &Seat, id: &str, output: &mut Output) -> Result<ExitCode> {
    let desk = seat.open()?;
    let dossier = desk.dossier(desk.key_of(id)?)?;
    output
        .answer(|| page(&dossier, &desk.rules().calendar, desk.now()), || json::dossier(&desk, &dossier))?;
    Ok(ExitCode::SUCCESS)
}

fn page(dossier: &Dossier, calendar: &Calendar, now: DateTime<Utc>) -> String {
    let mut page = facts(&dossier.case, now);
    page += &work::facts(&dossier.case, calendar, now);
    let answer = match &dossier.answer {
        Answer::Encrypted { fingerprint } => format!("can be encrypted to {fingerprint}"),
        Answer::NotPossible(why) => text::line(why),
    };
    fact(&mut page, "answer", answer);
    for one in &dossier.similar {
        fact(&mut page, "similar", text::line(&one.in_words()));
    }
    for message in &dossier.messages {
        let _ = write!(page, "\n{}", letter(message));
    }
    page.push_str("\ntimeline\n");
    for event in dossier.timeline.iter().filter(|event| !event.what.is_derived()) {
        let _ = writeln!(
            page,
            "  {}  {}  {}",
            local(event.at),
            text::line(&event.actor),
            text::line(&event.text(&local))
        );
    }
    page
}

fn facts(case: &Case, now: DateTime<Utc>) -> String {
    let or_none = |value: &Option<String>| text::line(value.as_deref().unwrap_or("-"));
    let mut page = format!("{}  {}\n", case.id, text::line(&case.title));
    let state = match case.resolution {
        Some(resolution) => format!("{} as {resolution}", case.state),
        None => case.state.to_string(),
    };
    fact(&mut page, "state", state);
    fact(&mut page, "priority", case.priority.map_or("-".to_owned(), |priority| priority.to_string()));
    fact(&mut page, "assignee", or_none(&case.assignee));
    fact(&mut page, "product", or_none(&case.product));
    fact(&mut page, "component", or_none(&case.component));
    fact(&mut page, "reporter", person(&case.reporter));
    for person in &case.also_by {
        fact(&mut page, "also by", self::person(person));
    }
    if let Some(into) = &case.merged_into {
        fact(&mut page, "merged", format!("into {}, which has its messages", text::line(&into.id)));
    }
    fact(&mut page, "found in", case.found_in.map_or("-".to_owned(), |phase| phase.to_string()));
    fact(&mut page, "received", format!("{} ({})", local(case.received_at), ago(case.received_at, now)));
    let acknowledged = case.acknowledged_at.map_or("not yet".to_owned(), local);
    fact(&mut page, "answered", acknowledged);
    let left = if case.state.is_open() { countdown(case.disclosure.at, now) } else { "closed".to_owned() };
    fact(
        &mut page,
        "publish",
        format!("{} by {}, {left}", local(case.disclosure.at), case.disclosure.source),
    );
    fact(&mut page, "why", text::line(&case.disclosure.in_words()));
    if let Some(demand) = &case.demand {
        let (at, sentence) = (local(demand.at), text::line(&demand.sentence));
        fact(&mut page, "asked for", format!("{at}: \"{sentence}\"; demand=take or demand=drop"));
    }
    fact(&mut page, "exploited", if case.exploited { "YES".to_owned() } else { "no".to_owned() });
    if !case.tags.is_empty() {
        fact(&mut page, "tags", text::line(&case.tags.join(", ")));
    }
    page
}

fn letter(message: &Message) -> String {
    let content = &message.content;
    let mut page = format!("message {} ({})\n", message.id, message.direction);
    fact(&mut page, "from", person(&content.from));
    fact(&mut page, "date", content.date.map_or("-".to_owned(), local));
    fact(&mut page, "subject", text::line(&content.subject));
    let verdict = &content.verdict;
    let detail = verdict
        .encryption_detail
        .as_deref()
        .map_or(String::new(), |detail| format!(", {}", text::line(detail)));
    fact(&mut page, "encrypted", format!("{}{detail}", verdict.encryption));
    let signature = &verdict.signature;
    let mut signed = signature.status.to_string();
    if signature.status != SignatureStatus::None {
        for more in [&signature.signer, &signature.fingerprint, &signature.reason].into_iter().flatten() {
            let _ = write!(signed, ", {}", text::line(more));
        }
    }
    fact(&mut page, "signed", signed);
    for (name, lines) in [("note", &verdict.notes), ("defect", &content.defects)] {
        lines.iter().for_each(|line| fact(&mut page, name, text::line(line)));
    }
    for attachment in &content.attachments {
        let (name, kind) = (text::line(&attachment.name), text::line(&attachment.media_type));
        fact(&mut page, "attached", format!("{name} ({kind}, {} bytes)", attachment.size));
    }
    for line in text::block(&content.text).lines() {
        let _ = writeln!(page, "  | {line}");
    }
    page
}

/// `Mara Lindt <mara@lindt.example>`, or what there is of it.
fn person(person: &Person) -> String {
    match (text::line(&person.name), text::line(&person.email)) {
        (name, email) if name.is_empty() && email.is_empty() => "unknown".to_owned(),
        (name, email) if name.is_empty() => email,
        (name, email) => format!("{name} <{email}>"),
    }
}

fn fact(page: &mut String, name: &str, value: impl AsRef<str>) {
    let _ = writeln!(page, "  {name:<10} {}", value.as_ref());
}

/// An instant in the user's zone, with its offset.
fn local(at: DateTime<Utc>) -> String {
    at.with_timezone(&Local).format("%Y-%m-%d %H:%M %:z").to_string()
}
