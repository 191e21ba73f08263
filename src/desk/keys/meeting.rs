//! What is known of a signer's key decides what its good signature is worth:
//! the arithmetic says that a key was there, people say whose it is.

use chrono::{DateTime, Utc};

use super::short;
use super::take::{KeepError, save};
use crate::desk::envelope::{Brought, Reading};
use crate::desk::{Desk, Error, Result};
use crate::store::{CertRecord, Role, Writer};
use crate::triage::event::What;
use crate::triage::message::{SignatureStatus, Verdict};
use crate::triage::trust::Standing;
use crate::triage::{Origin, Trust};

/// Keeps the certificates that a mail brought, then weighs its signature by
/// what the store knows of the key.
pub(in crate::desk) fn meet(
    writer: &Writer<'_>,
    reading: &mut Reading,
    actor: &str,
    at: DateTime<Utc>,
) -> Result<()> {
    let sender = reading.content.from.email.to_lowercase();
    for brought in &reading.brought {
        learn(writer, brought, &sender, actor, at)?;
    }
    weigh(writer, &mut reading.content.verdict, &sender, actor, at)
}

/// The certificates that a mail brought, and the one that signed it.
pub(in crate::desk) fn bearers(reading: &Reading) -> Vec<String> {
    let brought = reading.brought.iter().map(|brought| brought.certificate.fingerprint.clone());
    brought.chain(reading.content.verdict.signature.fingerprint.clone()).collect()
}

/// Keeps one certificate. It counts for the sender's address alone, and only
/// where it bears that; what is said of others is kept as hearsay.
fn learn(writer: &Writer<'_>, brought: &Brought, sender: &str, actor: &str, at: DateTime<Utc>) -> Result<()> {
    let cert = &brought.certificate;
    let record = CertRecord {
        fingerprint: cert.fingerprint.clone(),
        secret: false,
        handles: cert.handles.clone(),
        addresses: cert.emails.clone(),
        bytes: cert.public.clone(),
    };
    let fingerprint = record.fingerprint.clone();
    match save(writer, record, actor, at) {
        Ok(_) => {}
        // What does not go together with what is kept is nothing to learn from.
        Err(KeepError::Key(_)) => return Ok(()),
        Err(KeepError::Desk(error)) => return Err(error),
    }
    let claimed = brought.address.as_deref().map_or_else(|| sender.to_owned(), str::to_lowercase);
    let bears = cert.emails.contains(&claimed);
    writer.sight(&fingerprint, if bears { &claimed } else { "" }, brought.origin, at)?;
    if bears && claimed == sender && !sender.is_empty() {
        standing_with(writer, sender, &fingerprint, actor, at)?;
    }
    Ok::<(), Error>(())
}

/// What the key is taken for with `sender`; decided now where they first meet.
pub(super) fn standing_with(
    writer: &Writer<'_>,
    sender: &str,
    fingerprint: &str,
    actor: &str,
    at: DateTime<Utc>,
) -> Result<Standing> {
    if let Some(standing) = writer.standing(sender, fingerprint)? {
        return Ok(standing);
    }
    let others = writer.others_accepted(sender, fingerprint)?;
    let trust = Trust::on_first_sight(!others.is_empty());
    let standing = Standing { address: sender.to_lowercase(), trust, at, by: actor.to_owned() };
    writer.set_standing(fingerprint, &standing)?;
    Ok(standing)
}

/// Weighs a signature that is good and fits its sender, and notes that the key
/// and the sender were met.
fn weigh(
    writer: &Writer<'_>,
    verdict: &mut Verdict,
    sender: &str,
    actor: &str,
    at: DateTime<Utc>,
) -> Result<()> {
    let Some(fingerprint) = good_signer(verdict) else { return Ok(()) };
    let standing = standing_with(writer, sender, &fingerprint, actor, at)?;
    writer.sight(&fingerprint, sender, Origin::Signature, at)?;
    apply(writer, verdict, &fingerprint, &standing)
}

/// The fingerprint of the key whose signature is good over the whole message
/// and bears the sender's address.
fn good_signer(verdict: &Verdict) -> Option<String> {
    let is_good = matches!(
        verdict.signature.status,
        SignatureStatus::Verified | SignatureStatus::FirstUse | SignatureStatus::ChangedKey
    );
    verdict.signature.fingerprint.clone().filter(|_| is_good)
}

fn apply(writer: &Writer<'_>, verdict: &mut Verdict, fingerprint: &str, standing: &Standing) -> Result<()> {
    verdict.signature.status = standing.trust.worth();
    let since = standing.at.format("%Y-%m-%d");
    verdict.signature.reason = match standing.trust {
        Trust::Verified | Trust::Imported => None,
        Trust::FirstUse => Some(format!(
            "the key first came by mail on {since} and no person has compared it; read the fingerprint to the sender over another way, then 'ninety key verify {fingerprint}'"
        )),
        Trust::Candidate => {
            let known = writer.others_accepted(&standing.address, fingerprint)?;
            let known: Vec<&str> = known.iter().map(|other| short(other)).collect();
            Some(format!(
                "until now {} signed and was written to for this address; ask the sender over another way, then 'ninety key verify' the right one or 'ninety key retire' the wrong one",
                if known.is_empty() { "another key".to_owned() } else { known.join(", ") }
            ))
        }
        Trust::Retired => Some(format!(
            "its key was retired here on {since} by {}; ask the sender for the key that is used now",
            standing.by
        )),
    };
    Ok(())
}

impl Desk {
    /// Weighs again what was signed by a key about which somebody decided.
    pub(super) fn weigh_again(&mut self, fingerprint: &str) -> Result<()> {
        let (actor, now) = (self.actor.clone(), self.now());
        self.store.write(|writer| {
            for (message, sender) in writer.signed_by(fingerprint)? {
                let mut verdict = writer.verdict(message)?;
                let before = verdict.signature.status;
                let Some(standing) = writer.standing(&sender, fingerprint)? else { continue };
                apply(writer, &mut verdict, fingerprint, &standing)?;
                if verdict.signature.status == before {
                    continue;
                }
                writer.set_verdict(message, &verdict)?;
                let mut case = writer.case(writer.case_of(message)?)?;
                case.version += 1;
                let batch = writer.begin_batch(&actor, now, Role::Quiet)?;
                let what = What::Weighed { message, status: verdict.signature.status };
                writer.append(batch, &case, &what)?;
                writer.save_case(&case)?;
            }
            Ok(())
        })
    }
}
