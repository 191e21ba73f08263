//! What is known of a signer's key decides what its good signature is worth:
//! the arithmetic says that a key was there, people say whose it is.

use chrono::{DateTime, Utc};

use super::short;
use crate::desk::{Desk, Result};
use crate::store::{Role, Writer};
use crate::triage::event::What;
use crate::triage::message::{SignatureStatus, Verdict};
use crate::triage::trust::Standing;
use crate::triage::{Origin, Trust};

/// Weighs a signature that is good and fits its sender by what the store knows
/// of the key, and notes that the two were met.
pub(in crate::desk) fn weigh(
    writer: &Writer<'_>,
    verdict: &mut Verdict,
    sender: &str,
    actor: &str,
    at: DateTime<Utc>,
) -> Result<()> {
    let Some(fingerprint) = good_signer(verdict) else { return Ok(()) };
    let standing = match writer.standing(sender, &fingerprint)? {
        Some(standing) => standing,
        None => {
            let others = writer.others_accepted(sender, &fingerprint)?;
            let trust = Trust::on_first_sight(!others.is_empty());
            let standing = Standing { address: sender.to_lowercase(), trust, at, by: actor.to_owned() };
            writer.set_standing(&fingerprint, &standing)?;
            standing
        }
    };
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
