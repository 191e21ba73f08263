//! From raw bytes to what a message says and what protects it: the
//! cryptographic envelope of RFC 9787, opened layer by layer, and the one
//! verdict over the whole message. Knows nothing of cases or the database.
//!
//! The envelope is made of the layers from the outermost part inwards with
//! nothing beside them. Everything else that is signed or encrypted is errant:
//! it may be opened for reading, inside its own frame, and gives no status.

mod attached;
mod brought;
mod errant;
mod frame;
mod header;
mod opening;
mod peel;
mod pieces;
mod quote;
mod verdict;

pub use brought::{Brought, Certificate};
pub use frame::{FRAME_END, FRAME_START, OUTSIDE_END, OUTSIDE_START};
pub use quote::{Quote, quotable};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::age::Identity;
use crate::mail::{self, Headers};
use crate::pgp::Keyring;
use crate::triage::mark;
use crate::triage::message::{Content, Encryption, SignatureStatus, Verdict};

use peel::Purpose;

/// The keys at hand while a message is read.
#[derive(Clone, Copy)]
pub struct Keys<'a> {
    /// OpenPGP: the team's keys, and everybody's certificates.
    pub pgp: &'a Keyring<'a>,
    /// The team's age identities.
    pub age: &'a [Identity],
}

/// A message as it was read with the keys at hand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    /// The headers that count: the protected ones where the payload has them.
    pub headers: Headers,
    /// The subject that everybody on the way could read. Foreign text.
    pub outer_subject: String,
    /// What it says.
    pub content: Content,
    /// Message-ID without angle brackets.
    pub message_id: Option<String>,
    /// Message-IDs that it answers, the nearest first.
    pub answers: Vec<String>,
    /// Certificates that it brings.
    pub brought: Vec<Brought>,
}

impl Reading {
    /// Leaves the mark of a drill out of the subject: in the store of a drill
    /// all mail has it, so that it tells nothing and hides what the mail is about.
    pub fn leave_out_mark(&mut self) {
        self.content.subject = mark::unmarked(&self.content.subject);
    }
}

/// Reads one message. Never fails: what cannot be opened says so in its
/// verdict. A message that brings the certificate of its signer is read once
/// more with it, and is never verified by that: what it is worth is for the
/// desk to say.
pub fn read(raw: &[u8], keys: Keys<'_>, now: DateTime<Utc>) -> Reading {
    let reading = read_with(raw, keys, now);
    let signature = &reading.content.verdict.signature;
    let brings_signer = signature.status == SignatureStatus::UnknownKey
        && signature.fingerprint.as_ref().is_some_and(|issuer| {
            reading.brought.iter().any(|brought| brought.certificate.handles.contains(issuer))
        });
    if !brings_signer {
        return reading;
    }
    let also = brought::Also { keyring: keys.pgp, brought: &reading.brought };
    let mut reading = read_with(raw, Keys { pgp: &keys.pgp.knowing(&also), ..keys }, now);
    let signature = &mut reading.content.verdict.signature;
    if signature.status == SignatureStatus::Verified {
        signature.status = SignatureStatus::FirstUse;
        signature.reason = Some("its key came with the message itself".to_owned());
    }
    reading
}

fn read_with(raw: &[u8], keys: Keys<'_>, now: DateTime<Utc>) -> Reading {
    let mut mail = mail::parse(raw);
    let announced = brought::announced(&mail.root);
    let (payload, mut layers, gathered) = peel::peel(&mut mail.root, keys, now, Purpose::Read);
    let headers = header::effective(mail.headers.clone(), payload.protected, &mut layers);
    let (brought, remarks) = gathered.finish(&announced, &mail.headers, &headers);
    remarks.into_iter().for_each(|remark| layers.note(remark));
    let mut defects = mail.defects;
    for defect in payload.defects.into_iter().chain(payload.readable.notes) {
        if !defects.contains(&defect) {
            defects.push(defect);
        }
    }
    let content = Content {
        from: headers.from.first().cloned().unwrap_or_default(),
        to: headers.to.clone(),
        date: headers.date,
        subject: headers.subject.clone().unwrap_or_default(),
        text: payload.readable.text,
        attachments: payload.readable.attachments,
        verdict: verdict::verdict(layers, &headers),
        defects,
    };
    Reading {
        message_id: headers.message_id.clone(),
        answers: header::answers(&headers),
        outer_subject: mail.headers.subject.unwrap_or_default(),
        headers,
        content,
        brought,
    }
}

/// The bytes of the attachment with this number, from 0, in the list that
/// [`read`] gives of the same message with the same keys.
pub fn attachment(raw: &[u8], keys: Keys<'_>, now: DateTime<Utc>, number: usize) -> Option<Vec<u8>> {
    let peeled = |purpose| {
        let mut mail = mail::parse(raw);
        peel::peel(&mut mail.root, keys, now, purpose).0
    };
    let payload = peeled(Purpose::Read);
    let own = payload.readable.attachments.len() - payload.errant_files;
    let purpose = number.checked_sub(own).map_or(Purpose::File(number), Purpose::ErrantFile);
    peeled(purpose).file
}

/// A message whose body nobody dares to touch: `why` stands in its verdict and
/// among its defects. `headers` where at least those could be read.
pub fn unopened(headers: Option<Headers>, why: &str) -> Reading {
    let mut defects = vec![format!("it is {why}")];
    if headers.is_none() {
        defects.push("its headers could not be read either".to_owned());
    }
    let headers = headers.unwrap_or_default();
    let verdict = Verdict {
        encryption: Encryption::Failed,
        encryption_detail: Some(why.to_owned()),
        ..Verdict::unprotected()
    };
    let content = Content {
        from: headers.from.first().cloned().unwrap_or_default(),
        to: headers.to.clone(),
        date: headers.date,
        subject: headers.subject.clone().unwrap_or_default(),
        text: String::new(),
        attachments: Vec::new(),
        verdict,
        defects,
    };
    let (message_id, answers) = (headers.message_id.clone(), header::answers(&headers));
    let outer_subject = content.subject.clone();
    Reading { message_id, answers, outer_subject, headers, content, brought: Vec::new() }
}

#[cfg(test)]
mod tests;
