//! How likely a report is noise: judged as it opens a case, and once more when
//! what could not be read then opens.

use chrono::{DateTime, TimeDelta, Utc};

use super::Result;
use crate::store::Writer;
use crate::triage::event::Field;
use crate::triage::message::{Content, Encryption, SignatureStatus};
use crate::triage::noise::{Noise, Reading, Sample};
use crate::triage::rules::Rules;
use crate::triage::{Case, CaseKey};

/// The time in which many reports by one sender count as many.
const WINDOW: TimeDelta = TimeDelta::days(7);

/// What the text of a message shows by itself.
pub(super) fn look(content: &Content, rules: &Rules) -> Reading {
    let names = rules.products.iter().flat_map(|one| std::iter::once(&one.name).chain(&one.also));
    let products: Vec<&str> = names.map(|name| name.trim_end_matches('*')).collect();
    Reading::of(&sample(content, &products))
}

/// How likely a report that opens a case at `now` is noise. It sinks in the
/// queue; nothing is closed by itself.
pub(super) fn of_new(
    writer: &Writer<'_>,
    content: &Content,
    look: Reading,
    now: DateTime<Utc>,
) -> Result<Noise> {
    let recent = writer.cases_of_since(&content.from.email, now - WINDOW)?;
    judged(writer, content, look, recent, None)
}

/// How likely the report of `case` is noise, now that it can be read; `None`
/// where a person has said whether it is.
pub(super) fn of_opened(
    writer: &Writer<'_>,
    case: &Case,
    content: &Content,
    look: Reading,
) -> Result<Option<Noise>> {
    if writer.changed_since(case.key, 0, Field::Noise)?.is_some() {
        return Ok(None);
    }
    let since = case.received_at - WINDOW;
    let recent = writer.cases_of_since(&content.from.email, since)?;
    // The case itself is one of them by now, unless its sender turned out to be another.
    let own = usize::from(case.reporter.email.eq_ignore_ascii_case(&content.from.email));
    judged(writer, content, look, recent.saturating_sub(own), Some(case.key)).map(Some)
}

fn judged(
    writer: &Writer<'_>,
    content: &Content,
    look: Reading,
    recent_from_sender: usize,
    own: Option<CaseKey>,
) -> Result<Noise> {
    let signature = content.verdict.signature.status;
    let near_identical = near_identical(writer, &look, own)?;
    Ok(look.noise(&Sample {
        signed: signature != SignatureStatus::None,
        verified: signature == SignatureStatus::Verified,
        recent_from_sender,
        near_identical,
        ..sample(content, &[])
    }))
}

/// How many other cases have nearly the same text; of restricted ones not even that is told.
fn near_identical(writer: &Writer<'_>, look: &Reading, own: Option<CaseKey>) -> Result<usize> {
    let mut near = writer.near(&look.signature)?;
    near.retain(|key| Some(*key) != own);
    if near.is_empty() {
        return Ok(0);
    }
    let restricted = writer.restricted()?;
    Ok(near.iter().filter(|key| !restricted.contains(key)).count())
}

/// What of a message tells noise from reports by itself.
fn sample<'a>(content: &'a Content, products: &'a [&'a str]) -> Sample<'a> {
    Sample {
        subject: &content.subject,
        text: &content.text,
        from: &content.from.email,
        products,
        encrypted: content.verdict.encryption != Encryption::None,
        attachments: content.attachments.len(),
        ..Sample::default()
    }
}
