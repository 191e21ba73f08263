//! Whether something is so by the record of a drill, since when, and by whom.

mod case;
mod letters;
mod words;

use chrono::{DateTime, Utc};

use super::record::{Played, Record, is_reading};
use super::scenario::{CaseIs, Check, Whose};
use crate::triage::What;
use crate::triage::handover::Handover;
use crate::triage::message::Encryption;

pub(super) use words::{expected, otherwise};

/// Since when something is so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    /// The moment from which it is so without a break.
    pub(super) at: DateTime<Utc>,
    /// Who made it so. Foreign text.
    pub(super) who: String,
    /// In words. May hold foreign text.
    pub(super) how: String,
}

impl Found {
    fn new(at: DateTime<Utc>, who: &str, how: impl Into<String>) -> Self {
        Self { at, who: who.to_owned(), how: how.into() }
    }
}

/// Since when `check` is so by the record; nothing where it is not so now.
pub(super) fn since(check: &Check, record: &Record) -> Option<Found> {
    match check {
        Check::Played { inject } => {
            let played = record.played(inject)?;
            Some(Found::new(played.at, "the scenario", "it happened"))
        }
        Check::Read { case } => read(record, record.played(case)?),
        Check::Opened { mail } => opened(record, mail),
        Check::Answered { .. } => letters::answered(check, record),
        Check::Leaked { case, words } => letters::leaked(record, case, words),
        Check::Noted { case, says } => noted(record, case, says),
        Check::Verified { person, key } => verified(record, person, *key),
        Check::Renewed { lasts } => renewed(record, record.ends + lasts.0),
        Check::HandedOver { to, says, since } => handed_over(record, to.as_deref(), says, since.as_deref()),
        Check::TakenOver => taken_over(record),
        Check::Hinted => {
            let hint = record
                .log
                .iter()
                .find(|entry| matches!(entry.what, super::record::Happening::Hint { .. }))?;
            Some(Found::new(hint.at, &hint.by, "a hint was asked for"))
        }
        Check::Merged { case, with } => merged(record, case, with),
        Check::Any { of } => of.iter().filter_map(|one| since(one, record)).min_by_key(|found| found.at),
        Check::Case(CaseIs { case, has }) => case::since(record, case, has),
        Check::Many { cases, least, has } => case::many(record, cases, *least, has),
    }
}

/// When somebody first looked at the case after the inject came.
fn read(record: &Record, played: Played<'_>) -> Option<Found> {
    let files = [record.own_case(played.id), record.holder(played.id)];
    let looks = files.into_iter().flatten().flat_map(|file| &file.timeline);
    let looks = looks.filter(|event| {
        event.at >= played.at && is_reading(&event.what) && !event.undo && !record.is_scripted(event)
    });
    let first = looks.min_by_key(|event| event.at)?;
    Some(Found::new(first.at, &first.actor, "looked at it"))
}

fn opened(record: &Record, mail: &str) -> Option<Found> {
    let played = record.played(mail)?;
    let message = played.message?;
    let looked = read(record, played)?;
    let holder = record.holder(mail)?;
    let kept = holder.messages.iter().find(|one| one.id == message)?;
    if kept.content.verdict.encryption == Encryption::Failed {
        return None;
    }
    let files = [record.own_case(mail), Some(holder)];
    let mut events = files.into_iter().flatten().flat_map(|file| &file.timeline);
    let by_key = events.find(|event| matches!(event.what, What::Opened { message: one } if one == message));
    Some(match by_key {
        Some(event) if event.at >= looked.at => {
            Found::new(event.at, &event.actor, "opened it with the team's key")
        }
        _ => Found { how: "read it decrypted".to_owned(), ..looked },
    })
}

fn noted(record: &Record, case: &str, says: &[String]) -> Option<Found> {
    let since = record.played(case)?.at;
    let files = [record.own_case(case), record.holder(case)];
    let events = files.into_iter().flatten().flat_map(|file| &file.timeline);
    let says_so = |what: &What| matches!(what, What::Noted { note } if letters::says(note, says));
    let first =
        events.filter(|event| event.at >= since && says_so(&event.what)).min_by_key(|event| event.at)?;
    Some(Found::new(first.at, &first.actor, "wrote a note"))
}

fn verified(record: &Record, person: &str, key: Whose) -> Option<Found> {
    let known = record.people.get(person)?;
    let fingerprint = match key {
        Whose::Own => known.own.as_ref()?,
        Whose::Other => known.other.as_ref()?,
    };
    let compared = known.compared.get(fingerprint)?;
    let (at, by) = compared.iter().find(|(at, _)| *at >= record.starts)?;
    Some(Found::new(*at, by, "compared the fingerprint and verified the key"))
}

fn renewed(record: &Record, until: DateTime<Utc>) -> Option<Found> {
    let lasting = |key: &&super::record::OwnKey| key.is_usable && key.ends.is_none_or(|ends| ends >= until);
    let key = record.own_keys.iter().filter(lasting).min_by_key(|key| key.since.0)?;
    let (at, by) = &key.since;
    Some(Found::new((*at).max(record.starts), by, "the team's key lasts"))
}

/// Whether a hand-over was written by the scenario.
fn is_scripted(record: &Record, handover: &Handover) -> bool {
    record.all_played().any(|played| played.at == handover.at && played.case.is_none())
}

fn handed_over(record: &Record, to: Option<&str>, says: &[String], since: Option<&str>) -> Option<Found> {
    let after = match since {
        Some(since) => record.played(since)?.at,
        None => record.starts,
    };
    let fits = |one: &&Handover| {
        one.at >= after
            && to.is_none_or(|to| one.to.eq_ignore_ascii_case(to))
            && letters::says(&one.note, says)
            && !is_scripted(record, one)
    };
    let first = record.handovers.iter().find(fits)?;
    Some(Found::new(first.at, &first.from, format!("handed over to {}", first.to)))
}

fn taken_over(record: &Record) -> Option<Found> {
    let accepted = record
        .handovers
        .iter()
        .filter(|one| is_scripted(record, one))
        .find_map(|one| Some((one.accepted_at?, one)));
    let (at, handover) = accepted?;
    Some(Found::new(at, &handover.to, format!("accepted the hand-over of {}", handover.from)))
}

fn merged(record: &Record, case: &str, with: &str) -> Option<Found> {
    let (one, other) = (record.holder(case)?, record.holder(with)?);
    if one.case.key != other.case.key {
        return None;
    }
    let files = [record.own_case(case)?, record.own_case(with)?];
    let merges = files.into_iter().filter_map(|file| {
        let into = |event: &&crate::triage::Event| {
            matches!(&event.what, What::Changed { after: crate::triage::Change::Merged(Some(_)), .. })
        };
        file.timeline.iter().rfind(into)
    });
    let last = merges.max_by_key(|event| event.at);
    let played = record.played(case)?.at.max(record.played(with)?.at);
    Some(match last {
        Some(event) => Found::new(event.at, &event.actor, format!("merged into {}", one.case.id)),
        None => Found::new(played, "the intake", "in one case from the start"),
    })
}
