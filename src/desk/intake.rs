//! Intake: from offered bytes to cases. Parsing and opening run on all cores,
//! one writer keeps the order, and every message ends in the ledger.

mod pipeline;

use std::io::Read;
use std::path::PathBuf;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::envelope::Reading;
use super::keys::meeting;
use super::{Desk, Error, Result, noise};
use crate::mail::{Offer, Raw};
use crate::store::{Batch, Offered, Role, Writer};
use crate::triage::case::Demand;
use crate::triage::demand;
use crate::triage::event::{What, by_policy};
use crate::triage::mark;
use crate::triage::message::{Direction, Encryption, NewMessage};
use crate::triage::noise::Reading as Look;
use crate::triage::rules::Rules;
use crate::triage::{Case, CaseKey};

/// What became of one offered message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// Where it came from: a file, with `#n` for the n-th of an mbox. Foreign text.
    pub source: String,
    /// What became of it.
    pub offered: Offered,
    /// Identifier of its case.
    pub case: Option<String>,
    /// How much of it was encrypted.
    pub encryption: Option<Encryption>,
    /// What was wrong with it, though it was taken. May hold foreign text.
    pub remarks: Vec<String>,
}

impl Taken {
    /// A message that was not taken, and why.
    fn failed(source: String, reason: String) -> Self {
        Self { source, offered: Offered::Failed(reason), case: None, encryption: None, remarks: Vec::new() }
    }
}

/// What an intake did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Intake {
    /// One entry for each message offered, in their order.
    pub taken: Vec<Taken>,
}

/// How far an intake is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Progress {
    /// Messages read.
    pub messages: u64,
    /// Bytes read.
    pub bytes: u64,
    /// Bytes that there are, where that is known.
    pub total: u64,
}

/// A message on its way through the pipeline.
struct Prepared {
    source: String,
    size: usize,
    bytes_read: u64,
    mail: std::result::Result<Box<Mail>, String>,
}

/// A message that was read.
struct Mail {
    raw: Raw,
    reading: Reading,
    received_at: DateTime<Utc>,
    /// What its text shows by itself, should it open a case.
    look: Look,
    /// The date that it asks for: it is proposed to a person, never set.
    demand: Option<Demand>,
}

impl Desk {
    /// Takes in everything that `paths` hold (`-` is `input`), telling `progress` as it goes.
    ///
    /// # Errors
    /// When the store fails. What was committed until then stays, and offering
    /// it again adds nothing.
    pub fn import(
        &mut self,
        paths: &[PathBuf],
        input: &mut (dyn Read + Send),
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Intake> {
        pipeline::run(self, paths, input, progress)
    }

    /// Takes in one message from memory.
    ///
    /// # Errors
    /// When the store fails.
    pub fn receive(&mut self, source: &str, bytes: &[u8]) -> Result<Taken> {
        let keys = self.at_hand()?;
        let mut reader = self.readers.reader(&keys);
        let now = self.now();
        let offer = Offer { source: source.to_owned(), taken: Ok(Raw::of(bytes)), bytes_done: 0 };
        let one = prepared(offer, &self.rules, self.is_drill, now, |raw| reader.read(&raw.bytes, now))?;
        let nothing = || Error::Misread("the intake kept nothing".into());
        self.keep(vec![one])?.pop().ok_or_else(nothing)
    }

    /// Keeps a number of prepared messages in one transaction.
    fn keep(&mut self, prepared: Vec<Prepared>) -> Result<Vec<Taken>> {
        let (actor, now, prefix) = (self.actor.clone(), self.now(), self.team.prefix.clone());
        let (rules, is_drill) = (Arc::clone(&self.rules), self.is_drill);
        self.store.write(|writer| {
            let batch = writer.begin_batch(&actor, now, Role::Quiet)?;
            let mut desk =
                Keeper { writer, batch, prefix: &prefix, actor: &actor, now, rules: &rules, is_drill };
            let mut taken = Vec::with_capacity(prepared.len());
            for (place, one) in in_order_of_time(prepared) {
                let digest = one.mail.as_ref().ok().map(|mail| mail.raw.digest);
                let entry = desk.take(one)?;
                writer.enter(now, &actor, &entry.source, digest.as_ref(), &entry.offered)?;
                taken.push((place, entry));
            }
            taken.sort_by_key(|(place, _)| *place);
            Ok(taken.into_iter().map(|(_, entry)| entry).collect())
        })
    }
}

/// The messages oldest first, with the place in which they were offered: a
/// Maildir holds answers before what they answer, and cases are numbered by age.
fn in_order_of_time(prepared: Vec<Prepared>) -> Vec<(usize, Prepared)> {
    let claimed = |one: &Prepared| one.mail.as_ref().ok().and_then(|mail| received(&mail.raw, &mail.reading));
    let mut numbered: Vec<_> = prepared.into_iter().enumerate().collect();
    numbered.sort_by_cached_key(|(place, one)| (claimed(one), *place));
    numbered
}

/// When a message reached us: our own server's word, the mailbox's, then the sender's claim.
fn received(raw: &Raw, reading: &Reading) -> Option<DateTime<Utc>> {
    let claims = reading.headers.received.or(raw.envelope_date).or(reading.content.date);
    claims.filter(|at| at.timestamp() > 0)
}

/// One transaction of an intake.
struct Keeper<'a, 'b> {
    writer: &'a Writer<'b>,
    batch: Batch,
    prefix: &'a str,
    actor: &'a str,
    now: DateTime<Utc>,
    rules: &'a Rules,
    is_drill: bool,
}

/// Merges that are followed from a duplicate to the case that holds it.
const MAX_MERGES: usize = 16;

impl Keeper<'_, '_> {
    fn take(&mut self, prepared: Prepared) -> Result<Taken> {
        let Mail { raw, mut reading, received_at, look, demand } = match prepared.mail {
            Ok(mail) => *mail,
            Err(reason) => return Ok(Taken::failed(prepared.source, reason)),
        };
        if let Some((message, case)) = self.writer.message_with_digest(&raw.digest)? {
            let id = self.writer.case(case)?.id;
            let offered = Offered::AlreadyThere(case, message);
            return Ok(Taken {
                source: prepared.source,
                offered,
                case: Some(id),
                encryption: None,
                remarks: Vec::new(),
            });
        }
        if let Some(reason) = misled(&reading.outer_subject, self.is_drill) {
            return Ok(Taken::failed(prepared.source, reason.to_owned()));
        }
        let remarks = reading.content.defects.clone();
        let encryption = reading.content.verdict.encryption;
        meeting::meet(self.writer, &mut reading, self.actor, received_at)?;
        let bearers = meeting::bearers(&reading);
        let new = new_message(raw, reading, received_at);
        let (offered, id) = match self.case_for(&new)? {
            Some(key) => self.join(key, &new, demand)?,
            None => self.open_case(&new, look, demand)?,
        };
        if let Offered::New(_, message) | Offered::Joined(_, message) = offered {
            for fingerprint in &bearers {
                self.writer.note_bearer(fingerprint, message)?;
            }
        }
        Ok(Taken { source: prepared.source, offered, case: Some(id), encryption: Some(encryption), remarks })
    }

    /// The case that a message belongs to: by thread, or by the tag in its
    /// subject where the sender belongs to that case. Never by subject alone.
    fn case_for(&self, new: &NewMessage) -> Result<Option<CaseKey>> {
        let mut found = self.writer.case_in_thread(new)?;
        for tag in case_tags(&new.content.subject) {
            if found.is_none() {
                found = self.writer.case_tagged(tag, &new.content.from.email)?;
            }
        }
        found.map(|key| self.standing_for(key)).transpose()
    }

    /// The case that holds a duplicate now, however often it was merged.
    fn standing_for(&self, mut key: CaseKey) -> Result<CaseKey> {
        for _ in 0..MAX_MERGES {
            match self.writer.case(key)?.merged_into {
                Some(merged) => key = CaseKey(merged.key),
                None => break,
            }
        }
        Ok(key)
    }

    fn join(&self, key: CaseKey, new: &NewMessage, demand: Option<Demand>) -> Result<(Offered, String)> {
        let mut case = self.writer.case(key)?;
        let message = self.writer.insert_message(key, new)?;
        case.version += 1;
        self.record(&case, message, new, false)?;
        case.unread = true;
        case.encryption = case.encryption.worst(new.content.verdict.encryption);
        case.waits = case.waits.changed(None, self.now);
        case.demand = demand.or(case.demand);
        self.writer.save_case(&case)?;
        Ok((Offered::Joined(key, message), case.id))
    }

    fn open_case(&self, new: &NewMessage, look: Look, demand: Option<Demand>) -> Result<(Offered, String)> {
        let id = self.writer.next_id(self.prefix, self.now)?;
        let content = &new.content;
        let encryption = content.verdict.encryption;
        let mut case = Case::opened(id, &content.subject, content.from.clone(), new.received_at, encryption);
        case.promise = self.rules.promise();
        if let Some(disclosure) = by_policy(&case, self.rules) {
            case.disclosure = disclosure;
        }
        case.demand = demand;
        let signature = look.signature;
        case.noise = noise::of_new(self.writer, content, look, self.now)?;
        case.key = self.writer.insert_case(&case)?;
        self.writer.set_signature(case.key, &signature)?;
        let message = self.writer.insert_message(case.key, new)?;
        self.record(&case, message, new, true)?;
        let what = What::DeadlineSet { disclosure: case.disclosure.clone(), policy: case.promise.clone() };
        self.writer.append(self.batch, &case, &what)?;
        Ok((Offered::New(case.key, message), case.id))
    }

    fn record(&self, case: &Case, message: i64, new: &NewMessage, opened_case: bool) -> Result<()> {
        let from = new.content.from.short().to_owned();
        let encryption = new.content.verdict.encryption;
        let what = What::Received { message, from, encryption, opened_case };
        Ok(self.writer.append(self.batch, case, &what)?)
    }
}

/// Why mail with this subject belongs into another kind of store: nothing of a
/// drill may reach a real one, and no real report may get lost in a drill.
fn misled(outer_subject: &str, is_drill: bool) -> Option<&'static str> {
    match (mark::is_marked(outer_subject), is_drill) {
        (true, false) => Some(
            "its subject says [TEST DRILL], and this store is a real one; import it into the store of the drill",
        ),
        (false, true) => Some(
            "its subject does not say [TEST DRILL], so it may be real, and this store is a drill; import it into the real store",
        ),
        (true, true) | (false, false) => None,
    }
}

fn new_message(raw: Raw, reading: Reading, received_at: DateTime<Utc>) -> NewMessage {
    NewMessage {
        direction: Direction::In,
        digest: raw.digest,
        message_id: reading.message_id,
        answers: reading.answers,
        received_at,
        content: reading.content,
        raw: raw.bytes,
    }
}

/// Identifiers in brackets, such as `[SEC-2026-0042]`.
fn case_tags(subject: &str) -> impl Iterator<Item = &str> {
    subject.split('[').skip(1).filter_map(|rest| rest.split_once(']')).map(|(tag, _)| tag.trim()).filter(
        |tag| {
            let mut pieces = tag.rsplitn(3, '-');
            let digits = |piece: Option<&str>| {
                piece.is_some_and(|p| !p.is_empty() && p.bytes().all(|b| b.is_ascii_digit()))
            };
            digits(pieces.next())
                && digits(pieces.next())
                && pieces.next().is_some_and(|prefix| !prefix.is_empty())
        },
    )
}

/// An offer read: its reading, or why there is none.
fn prepared(
    offer: Offer,
    rules: &Rules,
    is_drill: bool,
    now: DateTime<Utc>,
    read: impl FnOnce(&Raw) -> Result<Reading>,
) -> Result<Prepared> {
    let (size, mail) = match offer.taken {
        Ok(raw) => {
            let mut reading = read(&raw)?;
            if is_drill {
                reading.leave_out_mark();
            }
            reading.content.defects.splice(0..0, raw.defects.iter().cloned());
            let look = noise::look(&reading.content, rules);
            let received_at = received(&raw, &reading).map_or(now, |at| at.min(now));
            let demand = demand::surest(&reading.content.text, received_at, &rules.calendar);
            (raw.bytes.len(), Ok(Box::new(Mail { raw, reading, received_at, look, demand })))
        }
        Err(refused) => (0, Err(refused.reason)),
    };
    Ok(Prepared { source: offer.source, size, bytes_read: offer.bytes_done, mail })
}
