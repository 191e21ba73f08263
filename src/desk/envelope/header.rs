//! Which headers count: those inside the protection where the payload says
//! that it carries them (RFC 9788, and the older `protected-headers="v1"`).

use crate::mail::{Content, Entity, Headers};

use super::peel::Layers;

/// Message-IDs of earlier messages that are kept.
const MAX_ANSWERS: usize = 100;

/// The headers that the root of a cryptographic payload protects.
pub(super) fn protected(payload: &Entity<'_>) -> Option<Headers> {
    if let Content::Message(mail) = &payload.content
        && is_wrapped(payload)
    {
        return Some(mail.headers.clone());
    }
    let is_marked = payload.parameter("hp").is_some_and(|hp| matches!(hp, "clear" | "cipher"))
        || payload.parameter("protected-headers") == Some("v1");
    is_marked.then(|| payload.headers.clone())
}

/// The oldest form: the whole message wrapped in another.
pub(super) fn is_wrapped(payload: &Entity<'_>) -> bool {
    payload.parameter("forwarded") == Some("no")
}

/// The headers of the message as a whole. An inner From that no good signature
/// binds does not replace the one that the mail servers saw.
pub(super) fn effective(outer: Headers, protected: Option<Headers>, layers: &mut Layers) -> Headers {
    let Some(inner) = protected else { return outer };
    let mut headers = Headers { received: outer.received, ..outer.clone() };
    headers.subject = inner.subject.or(headers.subject);
    layers.is_date_protected = inner.date.is_some();
    headers.date = inner.date.or(headers.date);
    headers.message_id = headers.message_id.or(inner.message_id);
    if !inner.to.is_empty() {
        headers.to = inner.to;
    }
    if !inner.in_reply_to.is_empty() || !inner.references.is_empty() {
        (headers.in_reply_to, headers.references) = (inner.in_reply_to, inner.references);
    }
    if inner.from_fields > 0 && !same_sender(&inner.from, &outer.from) {
        let address = inner.from.first().map(|person| person.email.clone()).unwrap_or_default();
        if inner.from.len() == 1 && layers.binds(&address) {
            layers.note("the sender inside the protection is another than outside; the signed one is shown");
            (headers.from, headers.from_fields) = (inner.from, inner.from_fields);
        } else {
            layers.note(format!(
                "inside the protection it says that it is from {address}, which no signature confirms"
            ));
        }
    }
    headers
}

fn same_sender(one: &[crate::triage::Person], other: &[crate::triage::Person]) -> bool {
    one.len() == other.len()
        && one.iter().zip(other).all(|(one, other)| same_address(&one.email, &other.email))
}

/// Whether two addresses are the same when they are compared as mail programs do.
pub(super) fn same_address(one: &str, other: &str) -> bool {
    !one.is_empty() && one.trim().to_lowercase() == other.trim().to_lowercase()
}

/// What a message answers, the nearest first: In-Reply-To, then References backwards.
pub(super) fn answers(headers: &Headers) -> Vec<String> {
    let mut answers: Vec<String> = Vec::new();
    for id in headers.in_reply_to.iter().chain(headers.references.iter().rev()) {
        if answers.len() < MAX_ANSWERS && !answers.contains(id) {
            answers.push(id.clone());
        }
    }
    answers
}
