//! The JSON shapes of cases, messages and timelines. Fields are only ever added.

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};

use crate::desk::Desk;
use crate::triage::event::{Event, What, in_utc};
use crate::triage::lane::LaneWork;
use crate::triage::message::Message;
use crate::triage::regulation::{Filing, Situation};
use crate::triage::similar::Similar;
use crate::triage::{Answer, Assessment, Case, Dossier, Milestone, Person};

/// An instant: RFC 3339 in UTC.
pub(super) fn instant(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// A document, which says so where it is about a drill.
pub(super) fn of(is_drill: bool, mut document: Value) -> Value {
    if let Some(fields) = document.as_object_mut().filter(|_| is_drill) {
        fields.insert("drill".to_owned(), Value::Bool(true));
    }
    document
}

fn person(person: &Person) -> Value {
    json!({ "name": person.name, "email": person.email })
}

/// One case, as `list --json` has it, without what depends on the present.
pub(super) fn case(case: &Case) -> Value {
    let due = case.due();
    let mut value = json!({
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
        "noise": { "likely": case.noise.is_likely(), "score": case.noise.score, "reasons": case.noise.reasons_for_it() },
        "merged_into": case.merged_into.as_ref().map(|into| &into.id),
        "also_by": case.also_by.iter().map(person).collect::<Value>(),
        "unread": case.unread,
        "encryption": case.encryption,
        "version": case.version,
    });
    if let (Value::Object(value), Value::Object(more)) = (&mut value, work(case)) {
        value.extend(more);
    }
    value
}

/// The judgements over a case and the steps of the work on it.
fn work(case: &Case) -> Value {
    let reached = |milestone: &Milestone| case.reached.get(milestone).copied();
    let prioritised = reached(&Milestone::Prioritised).filter(|_| case.priority.is_some());
    let milestones = case.reached.iter().map(|(milestone, at)| (milestone.code(), json!(instant(*at))));
    json!({
        "disclosure_why": case.disclosure.in_words(),
        "demand": case.demand.as_ref().map(|demand| json!({ "at": instant(demand.at), "sentence": demand.sentence })),
        "assessment": assessment(&case.assessment),
        "lanes": case.lanes.iter().map(lane).collect::<Value>(),
        "waiting": case.waits.now.as_ref().map(|wait| json!({ "since": instant(wait.since), "reason": wait.reason })),
        "variants": case.variants.as_ref().map(ToString::to_string),
        "obligations": case.obligations.iter().map(situation).collect::<Value>(),
        "restricted": !case.readers.is_empty(),
        "readers": case.readers,
        "noise": { "score": case.noise.score, "likely": case.noise.is_likely(), "reasons": case.noise.reasons_for_it() },
        "merged_into": case.merged_into.as_ref().map(|merged| &merged.id),
        "also_by": case.also_by.iter().map(person).collect::<Value>(),
        "touched_at": instant(case.touched_at),
        "reached": milestones.collect::<serde_json::Map<String, Value>>(),
        "prioritised_after": prioritised.map(|at| (at - case.received_at).num_seconds()),
        "rank": case.rank().value,
    })
}

fn assessment(assessment: &Assessment) -> Value {
    let cvss = assessment.cvss.as_ref();
    let ssvc = assessment.ssvc.as_ref();
    json!({
        "kind": assessment.flaw,
        "cvss": cvss.map(|cvss| json!({
            "vector": cvss, "version": cvss.version().word(), "score": cvss.score(), "severity": cvss.severity().word(),
        })),
        "ssvc": ssvc.map(|ssvc| json!({
            "exploitation": ssvc.exploitation.word(), "automatable": ssvc.automatable.word(),
            "value_density": ssvc.value_density.word(), "utility": ssvc.utility().word(),
            "technical_impact": ssvc.technical_impact.word(),
            "public_safety_impact": ssvc.public_safety_impact.word(), "outcome": ssvc.outcome().word(),
        })),
        "cwe": assessment.weakness.map(|weakness| weakness.to_string()),
        "affected": assessment.affected,
        "fixed_in": assessment.fixed_in,
        "workaround": assessment.workaround,
        "reason": assessment.reason,
    })
}

fn lane(work: &LaneWork) -> Value {
    json!({
        "lane": work.lane, "stage": work.stage(), "owner": work.owner, "note": work.note,
        "asked_at": instant(work.asked_at), "asked_by": work.asked_by,
        "accepted_at": work.accepted_at.map(instant), "done_at": work.done_at.map(instant),
    })
}

fn situation(situation: &Situation) -> Value {
    let filing = |filing: &Filing| json!({ "step": filing.step, "at": instant(filing.at), "by": filing.by, "reference": filing.reference });
    json!({
        "regime": situation.regime,
        "first_signal_at": situation.first_signal_at.map(instant),
        "aware_at": situation.aware_at.map(instant),
        "measure_available_at": situation.measure_available_at.map(instant),
        "handled_at": situation.handled_at.map(instant),
        "filings": situation.filings.iter().map(filing).collect::<Value>(),
    })
}

/// One case with its clocks as they stand now.
pub(super) fn case_at(desk: &Desk, case: &Case) -> Value {
    let mut value = self::case(case);
    value["clocks"] = super::process::clock_summary(case, &desk.rules().calendar, desk.now());
    value
}

/// One case with its messages and timeline, as `show --json` has it.
pub(super) fn dossier(desk: &Desk, dossier: &Dossier) -> Value {
    let mut value = case_at(desk, &dossier.case);
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
