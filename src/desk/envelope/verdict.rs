//! The one verdict over a message, out of what its layers said (RFC 9787, section 4).

use chrono::{DateTime, Duration, Utc};

use crate::mail::Headers;
use crate::pgp::{Checked, Outcome};
use crate::triage::message::{Encryption, Signature, SignatureStatus, Verdict};

use super::header::same_address;
use super::peel::{Cipher, Layers, Place};

/// How much later than its Date a message may be signed; later is somebody
/// else's mail put under an old date.
const MAX_SIGNED_AFTER: Duration = Duration::hours(1);

/// How much earlier; earlier is an old signed text sent again.
const MAX_SIGNED_BEFORE: Duration = Duration::days(7);

/// The verdict, given the headers that count.
pub(super) fn verdict(layers: Layers, headers: &Headers) -> Verdict {
    let mut notes = layers.notes;
    let (encryption, cipher) = encryption(&layers.ciphers);
    if encryption == Encryption::Whole && layers.ciphers.iter().any(|cipher| cipher.is_errant) {
        notes.push("inside it are parts that are encrypted once more".to_owned());
    }
    let judged = layers
        .signatures
        .iter()
        .map(|(place, checked)| judge(*place, checked, headers, layers.is_date_protected));
    let unchecked = layers.unchecked.iter().map(|(_, why)| Signature {
        status: SignatureStatus::Invalid,
        reason: Some(format!("the signature cannot be checked: it is {why}")),
        ..Signature::none()
    });
    let signature = judged.chain(unchecked).min_by_key(|signature| rank(signature.status));
    let signature = signature.unwrap_or_else(Signature::none);
    Verdict {
        encryption,
        encryption_detail: cipher.map(detail),
        opened_with: cipher.and_then(|cipher| cipher.how.opened_with.clone()),
        recipients: cipher.map(|cipher| cipher.how.recipients.clone()).unwrap_or_default(),
        coverage: coverage(
            encryption,
            &signature,
            layers.signatures.iter().any(|(place, _)| *place == Place::Envelope),
        ),
        signature,
        notes,
    }
}

/// How much was encrypted, and the layer that says how.
fn encryption(ciphers: &[Cipher]) -> (Encryption, Option<&Cipher>) {
    let envelope = || ciphers.iter().filter(|cipher| !cipher.is_errant);
    if let Some(closed) = envelope().find(|cipher| cipher.failure.is_some()) {
        return (Encryption::Failed, Some(closed));
    }
    if let Some(open) = envelope().next() {
        return (Encryption::Whole, Some(open));
    }
    match ciphers.iter().find(|cipher| cipher.failure.is_some()) {
        Some(closed) => (Encryption::Failed, Some(closed)),
        None if ciphers.is_empty() => (Encryption::None, None),
        None => (Encryption::Partial, ciphers.first()),
    }
}

fn detail(cipher: &Cipher) -> String {
    match (&cipher.failure, &cipher.how.cipher) {
        (Some(failure), _) => failure.clone(),
        (None, Some(algorithm)) => format!("{}, {algorithm}", cipher.form),
        (None, None) => cipher.form.to_owned(),
    }
}

fn coverage(encryption: Encryption, signature: &Signature, covers_all: bool) -> Option<String> {
    let whole = matches!(encryption, Encryption::Whole) || (encryption == Encryption::None && covers_all);
    match (encryption, signature.status) {
        (Encryption::None, SignatureStatus::None) | (Encryption::Failed, _) => None,
        _ if whole => Some("the whole message".to_owned()),
        _ => Some("only a part of the message; the rest is unprotected".to_owned()),
    }
}

/// What one signature is worth for the whole message.
fn judge(place: Place, checked: &Checked, headers: &Headers, is_date_protected: bool) -> Signature {
    let (status, reason) = match (&checked.outcome, place) {
        (Outcome::Good, Place::Envelope) => good(checked, headers, is_date_protected),
        (Outcome::Good, Place::Outside) => (
            SignatureStatus::Partial,
            Some(
                "it is around the encryption: it says who passed the message on, not who wrote it".to_owned(),
            ),
        ),
        (Outcome::Good, Place::Repaired) => (
            SignatureStatus::Partial,
            Some(
                "a mail gateway broke the structure around it; ask for the message in another way".to_owned(),
            ),
        ),
        (Outcome::Good, Place::Errant) => {
            (SignatureStatus::Partial, Some("it covers only a part of the message".to_owned()))
        }
        (Outcome::UnknownKey, _) => (SignatureStatus::UnknownKey, Some(checked.outcome.to_string())),
        (other, _) => (SignatureStatus::Invalid, Some(other.to_string())),
    };
    Signature {
        status,
        fingerprint: checked.fingerprint.clone(),
        signer: checked.signer.clone(),
        made_at: checked.made_at,
        reason,
    }
}

/// A good signature over the whole payload: whether it speaks for the sender, and of this message.
/// A Date inside the protection cannot be put over an old text, so only one outside is compared.
fn good(checked: &Checked, headers: &Headers, is_date_protected: bool) -> (SignatureStatus, Option<String>) {
    let [sender] = &headers.from[..] else {
        return (
            SignatureStatus::OtherSigner,
            Some("the message does not name exactly one sender".to_owned()),
        );
    };
    if headers.from_fields != 1 {
        return (SignatureStatus::OtherSigner, Some("the message has more than one From header".to_owned()));
    }
    if !checked.emails.iter().any(|email| same_address(email, &sender.email)) {
        let reason =
            "its key does not carry the address in From; ask the sender over another way whose key it is";
        return (SignatureStatus::OtherSigner, Some(reason.to_owned()));
    }
    match (checked.made_at, headers.date) {
        (Some(made), Some(date)) if !is_date_protected && !is_near(made, date) => {
            let reason = format!(
                "it was made on {} but the message is dated {}: an old text may have been sent again",
                made.format("%Y-%m-%d %H:%M"),
                date.format("%Y-%m-%d %H:%M")
            );
            (SignatureStatus::Invalid, Some(reason))
        }
        _ => (SignatureStatus::Verified, None),
    }
}

fn is_near(made: DateTime<Utc>, date: DateTime<Utc>) -> bool {
    let after = made.signed_duration_since(date);
    after <= MAX_SIGNED_AFTER && after >= -MAX_SIGNED_BEFORE
}

/// Which signature stands for the message when there are several.
fn rank(status: SignatureStatus) -> u8 {
    match status {
        SignatureStatus::Verified => 0,
        SignatureStatus::FirstUse => 1,
        SignatureStatus::ChangedKey => 2,
        SignatureStatus::OtherSigner => 3,
        SignatureStatus::Partial => 4,
        SignatureStatus::UnknownKey => 5,
        SignatureStatus::Invalid => 6,
        SignatureStatus::None => 7,
    }
}
