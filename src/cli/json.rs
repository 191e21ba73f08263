//! The JSON shapes of cases, messages and timelines. Fields are only ever added.

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};

use crate::triage::event::{Event, What, in_utc};
use crate::triage::message::Message;
use crate::triage::similar::Similar;
use crate::triage::{Answer, Case, Dossier, Person};

/// An instant: RFC 3339 in UTC.
pub(super) fn instant(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

fn person(person: &Person) -> Value {
    json!({ "name": person.name, "email": person.email })
}

/// One case, as `list --json` has it.
pub(super) fn case(case: &Case) -> Value {
    let due = case.due();
    json!({
        "id": case.id,
        "title": case.title,
        "state": case.state,
        "resolution": case.resolution,
        "priority": case.priority,
        "assignee": case.assignee,
        "product": case.product,
        "component": case.component,
        "reporter": person(&case.reporter),
        "found_in": case.found_in,
        "received_at": instant(case.received_at),
        "acknowledged_at": case.acknowledged_at.map(instant),
        "policy": case.promise.policy,
        "disclosure_at": instant(case.disclosure.at),
        "disclosure_source": case.disclosure.source,
        "due_at": due.map(|due| instant(due.at)),
        "due": due.map(|due| due.kind),
        "exploited": case.exploited,
        "tags": case.tags,
        "noise": { "likely": case.noise.is_likely(), "score": case.noise.score, "reasons": case.noise.reasons },
        "merged_into": case.merged_into.as_ref().map(|into| &into.id),
        "also_by": case.also_by.iter().map(person).collect::<Value>(),
        "unread": case.unread,
        "encryption": case.encryption,
        "version": case.version,
    })
}

/// One case with its messages and timeline, as `show --json` has it.
pub(super) fn dossier(dossier: &Dossier) -> Value {
    let mut value = case(&dossier.case);
    value["messages"] = dossier.messages.iter().map(message).collect();
    value["timeline"] = dossier.timeline.iter().map(event).collect();
    value["answer"] = match &dossier.answer {
        Answer::Encrypted { fingerprint } => json!({ "encrypted": true, "fingerprint": fingerprint }),
        Answer::NotPossible(why) => json!({ "encrypted": false, "why": why }),
    };
    value["similar"] = similar(&dossier.similar);
    value
}

/// Similar cases, as `similar --json` has them.
pub(super) fn similar(similar: &[Similar]) -> Value {
    let one = |one: &Similar| json!({ "case": one.id, "title": one.title, "score": one.score, "reasons": one.reasons });
    similar.iter().map(one).collect()
}

fn message(message: &Message) -> Value {
    let content = &message.content;
    let verdict = &content.verdict;
    json!({
        "id": message.id,
        "direction": message.direction,
        "from": person(&content.from),
        "to": content.to.iter().map(person).collect::<Value>(),
        "date": content.date.map(instant),
        "received_at": instant(message.received_at),
        "subject": content.subject,
        "text": content.text,
        "encryption": verdict.encryption,
        "encryption_detail": verdict.encryption_detail,
        "opened_with": verdict.opened_with,
        "recipients": verdict.recipients,
        "signature": {
            "status": verdict.signature.status,
            "fingerprint": verdict.signature.fingerprint,
            "signer": verdict.signature.signer,
            "made_at": verdict.signature.made_at.map(instant),
            "reason": verdict.signature.reason,
        },
        "coverage": verdict.coverage,
        "notes": verdict.notes,
        "attachments": content.attachments,
        "defects": content.defects,
    })
}

fn event(event: &Event) -> Value {
    let mut value = json!({
        "at": instant(event.at),
        "actor": event.actor,
        "kind": event.what.kind(),
        "text": event.text(&in_utc),
        "batch": event.batch,
        "undo": event.undo,
    });
    if let What::Changed { before, after } = &event.what {
        value["before"] = json!(before);
        value["after"] = json!(after);
    }
    value
}
