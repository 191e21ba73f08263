//! Writing an answer: the message as it goes out, and its place in the case.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::draft::Draft;
use super::plan::{Plan, Protection};
use super::{Question, is_to};
use crate::desk::decide::{Work, to_events};
use crate::desk::{Desk, Error, Result};
use crate::mail::compose::{self, Envelope, File, HeaderProtection};
use crate::mail::{Raw, autocrypt};
use crate::pgp::compose::{SigningKey, encrypt_signed, sign_detached};
use crate::pgp::{self, cert, publish};
use crate::store::Role;
use crate::text;
use crate::triage::event::What;
use crate::triage::mark;
use crate::triage::message::{
    Attachment, Content, Direction, Encryption, NewMessage, Signature, SignatureStatus, Verdict,
};
use crate::triage::{Decision, Milestone, Person, Sitting, State};

/// Bytes of one answer with its enclosures.
const MAX_ANSWER: usize = 32 << 20;

/// A file that goes with an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enclosure {
    /// Its name.
    pub name: String,
    /// Its media type.
    pub media_type: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// An answer as it was kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// Its number in the store.
    pub message: i64,
    /// The message as it is to be sent.
    pub bytes: Vec<u8>,
    /// Fingerprint of the certificate that it is encrypted to.
    pub encrypted_to: Option<String>,
}

impl Desk {
    /// Writes the answer as planned and keeps it in the case. A case that was
    /// new counts as acknowledged with it.
    ///
    /// # Errors
    /// When there is nothing in it, it cannot be protected as planned, or the
    /// store fails. Nothing is kept then.
    pub fn answer(&mut self, plan: &Plan, draft: &Draft, enclosures: &[Enclosure]) -> Result<Answered> {
        if draft.text.trim().is_empty() {
            return Err(Error::Refused("there is nothing in the answer; it was not kept".into()));
        }
        let size = draft.text.len() + enclosures.iter().map(|file| file.bytes.len()).sum::<usize>();
        if size > MAX_ANSWER {
            let most = MAX_ANSWER >> 20;
            return Err(Error::Refused(format!("the answer is larger than {most} MiB; leave something out")));
        }
        let marked;
        let draft = if self.is_drill {
            let (subject, text) = (mark::marked(&draft.subject), mark::with_line(&draft.text));
            marked = Draft { subject, text };
            &marked
        } else {
            draft
        };
        let question = self.question(plan)?;
        let mut files = enclosures.to_vec();
        files.extend(self.own_certificate(plan)?);
        let letter = Letter { desk: self, plan, draft, question: &question, files: &files };
        let (bytes, message_id) = letter.write()?;
        self.keep_answer(plan, draft, &question, &files, bytes, message_id)
    }

    /// Our certificate as it goes with an answer.
    fn own_certificate(&self, plan: &Plan) -> Result<Option<Enclosure>> {
        let Some(signer) = plan.signer.as_ref().filter(|_| plan.encloses_key) else { return Ok(None) };
        let kept = self.kept(signer)?;
        let bytes = publish::armored(&kept.bytes).map_err(|error| Error::Refused(error.to_string()))?;
        // The name by which other programs recognise it (Autocrypt, Enigmail).
        let name =
            format!("OpenPGP_0x{}.asc", signer.get(signer.len().saturating_sub(16)..).unwrap_or(signer));
        Ok(Some(Enclosure { name, media_type: "application/pgp-keys".to_owned(), bytes }))
    }

    fn keep_answer(
        &mut self,
        plan: &Plan,
        draft: &Draft,
        question: &Question,
        files: &[Enclosure],
        bytes: Vec<u8>,
        message_id: String,
    ) -> Result<Answered> {
        let (actor, now) = (self.actor.clone(), self.now());
        let encrypted_to = match &plan.protection {
            Protection::Encrypted(to) => Some(to.fingerprint.clone()),
            Protection::Clear => None,
        };
        let new = NewMessage {
            direction: Direction::Out,
            digest: Raw::of(&bytes).digest,
            message_id: Some(message_id),
            answers: question.references.iter().rev().cloned().collect(),
            received_at: now,
            content: Content {
                from: self.sender(),
                to: vec![plan.to.clone()],
                date: Some(now),
                subject: draft.subject.clone(),
                text: draft.text.clone(),
                attachments: files.iter().map(listed).collect(),
                verdict: self.own_verdict(plan, now),
                defects: Vec::new(),
            },
            raw: bytes,
        };
        let rules = Arc::clone(&self.rules);
        let sitting = Sitting { actor: &actor, now, rules: &rules };
        let message = self.store.write(|writer| -> Result<i64> {
            let mut case = writer.case(plan.case)?;
            if !case.is_open_to(&actor) {
                return Err(Error::Restricted(case.id));
            }
            let message = writer.insert_message(case.key, &new)?;
            let batch = writer.begin_batch(&actor, now, Role::Do)?;
            let to = plan.to.short().to_owned();
            let mut entries = vec![What::Answered { message, to, encrypted_to: encrypted_to.clone() }];
            // The clocks are the first reporter's: who reported it as well does not stop them.
            let is_first = is_to(&case.reporter, plan);
            let heard = is_first.then_some(Decision::Reach(Milestone::Heard, Some(now)));
            let acknowledged =
                (is_first && case.state == State::New).then_some(Decision::State(State::Acknowledged, None));
            for decision in heard.into_iter().chain(acknowledged) {
                let changes = decision.changes(&case, &sitting).unwrap_or_default();
                entries.extend(to_events(&case, changes));
            }
            Work::by_a_person(writer, now).record(&mut case, batch, entries)?;
            writer.set_draft(case.key, &actor, None, now)?;
            Ok(message)
        })?;
        Ok(Answered { message, bytes: new.raw, encrypted_to })
    }

    /// Who writes: the team.
    fn sender(&self) -> Person {
        Person { name: text::line(&self.team.name), email: self.team.address.clone() }
    }

    fn own_verdict(&self, plan: &Plan, now: DateTime<Utc>) -> Verdict {
        let signature = plan.signer.as_ref().map_or_else(Signature::none, |fingerprint| Signature {
            status: SignatureStatus::Verified,
            fingerprint: Some(fingerprint.clone()),
            signer: Some(self.sender().short().to_owned()),
            made_at: Some(now),
            reason: None,
        });
        let covers = plan.signer.is_some().then(|| "the whole message".to_owned());
        match &plan.protection {
            Protection::Clear => Verdict { signature, coverage: covers, ..Verdict::unprotected() },
            Protection::Encrypted(to) => Verdict {
                encryption: Encryption::Whole,
                encryption_detail: Some("PGP/MIME, by us".to_owned()),
                opened_with: plan.signer.clone(),
                recipients: std::iter::once(&to.fingerprint).chain(&plan.signer).cloned().collect(),
                signature,
                coverage: covers,
                notes: Vec::new(),
            },
        }
    }
}

fn listed(file: &Enclosure) -> Attachment {
    Attachment { name: file.name.clone(), media_type: file.media_type.clone(), size: file.bytes.len() as u64 }
}

/// An answer about to be written.
struct Letter<'a> {
    desk: &'a Desk,
    plan: &'a Plan,
    draft: &'a Draft,
    question: &'a Question,
    files: &'a [Enclosure],
}

impl Letter<'_> {
    /// The message and its Message-ID.
    fn write(&self) -> Result<(Vec<u8>, String)> {
        let from = self.desk.sender();
        let domain = from.email.rsplit_once('@').map_or("localhost", |(_, domain)| domain);
        let unique = pgp::random_id().map_err(|error| Error::Refused(error.to_string()))?;
        let message_id = format!("{unique}@{domain}");
        let autocrypt = self.autocrypt()?;
        let outer_subject = match self.plan.protection {
            Protection::Encrypted(_) if self.desk.is_drill => mark::marked(&self.plan.outer_subject()),
            Protection::Encrypted(_) => self.plan.outer_subject(),
            Protection::Clear => self.draft.subject.clone(),
        };
        let envelope = Envelope {
            from: &from,
            to: &self.plan.to,
            subject: &outer_subject,
            date: self.desk.now(),
            message_id: &message_id,
            in_reply_to: self.question.message_id.as_deref(),
            references: &self.question.references,
            autocrypt: autocrypt.as_deref(),
        };
        let bytes = match &self.plan.protection {
            Protection::Encrypted(to) => self.encrypted(&envelope, &to.cert)?,
            Protection::Clear => self.clear(&envelope)?,
        };
        Ok((bytes, message_id))
    }

    fn encrypted(&self, envelope: &Envelope<'_>, to: &[u8]) -> Result<Vec<u8>> {
        let payload = self.payload(envelope, HeaderProtection::Cipher);
        let signer = self.signer()?.ok_or_else(|| Error::Refused("there is no key to sign with".into()))?;
        let ours = cert::public_part(&signer).unwrap_or_default();
        let message =
            self.signing(&signer, |key| encrypt_signed(&payload, &[to, &ours], Some(key), self.desk.now()))?;
        Ok(compose::encrypted(envelope, &message))
    }

    fn clear(&self, envelope: &Envelope<'_>) -> Result<Vec<u8>> {
        let payload = self.payload(envelope, HeaderProtection::Clear);
        let Some(signer) = self.signer()? else { return Ok(compose::plain(envelope, &payload)) };
        let signature = self.signing(&signer, |key| sign_detached(&payload, key, self.desk.now()))?;
        Ok(compose::signed(envelope, &payload, &signature))
    }

    fn payload(&self, envelope: &Envelope<'_>, protection: HeaderProtection) -> Vec<u8> {
        let files: Vec<File<'_>> = self
            .files
            .iter()
            .map(|file| File { name: &file.name, media_type: &file.media_type, bytes: &file.bytes })
            .collect();
        compose::protected(envelope, &self.draft.subject, &self.draft.text, &files, protection)
    }

    /// The key that signs, as it can be used now.
    fn signer(&self) -> Result<Option<Vec<u8>>> {
        self.plan.signer.as_deref().map(|signer| self.desk.usable(signer)).transpose()
    }

    /// Signs with the key itself where it is here, else through the agent.
    fn signing(
        &self,
        signer: &[u8],
        sign: impl Fn(SigningKey<'_>) -> std::result::Result<Vec<u8>, pgp::compose::ComposeError>,
    ) -> Result<Vec<u8>> {
        let done = match self.desk.agent_for(signer) {
            Some(agent) => sign(SigningKey::InAgent { cert: signer, agent: &agent }),
            None => sign(SigningKey::Here(signer)),
        };
        done.map_err(|error| Error::Refused(error.to_string()))
    }

    /// Our Autocrypt field. It must name the address in From.
    fn autocrypt(&self) -> Result<Option<String>> {
        let Some(signer) = self.signer()? else { return Ok(None) };
        let address = &self.desk.team.address;
        let minimal = publish::minimal(&signer, address, self.desk.now());
        let field = minimal.map(|keydata| autocrypt::write(address, &keydata, true));
        Ok(field.and_then(|field| field.strip_prefix("Autocrypt: ").map(|value| value.replace("\r\n", ""))))
    }
}
