//! What an answer may quote. Whoever gets hold of a message of ours that is
//! encrypted can hide it in a mail of their own and wait for the answer, so
//! nothing errant is opened here, not even tried ("Re: What's up Johnny?",
//! Müller and others, 2019).

use chrono::{DateTime, Utc};
use memchr::memmem;
use serde::{Deserialize, Serialize};

use crate::age;
use crate::mail::{self, Content, Entity, html_to_text};
use crate::pgp::armor::{self, Kind};
use crate::triage::message::{Encryption, SignatureStatus};

use super::peel::{self, Purpose};
use super::pieces::{self, Shape};
use super::{Keys, header, verdict};

/// Levels of parts that are searched for something encrypted; deeper ones count as such.
const MAX_DEPTH: usize = 32;

/// What an answer takes over from the message that it answers.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Quote {
    /// The text that may be quoted: of a message that was encrypted or verified
    /// as a whole what was inside, of one without any encryption its text.
    /// `None` where that is nothing. Foreign text, and secret where the message
    /// was encrypted.
    pub text: Option<String>,
    /// Its Message-ID, without angle brackets.
    pub message_id: Option<String>,
    /// Message-IDs that it answers itself, the nearest first.
    pub answers: Vec<String>,
}

/// What an answer to a message may take over.
pub fn quotable(raw: &[u8], keys: Keys<'_>, now: DateTime<Utc>) -> Quote {
    let mut mail = mail::parse(raw);
    let has_cipher = has_cipher(&mail.root, 0);
    let (payload, mut layers, _) = peel::peel(&mut mail.root, keys, now, Purpose::Quote);
    let headers = header::effective(mail.headers.clone(), payload.protected, &mut layers);
    let verdict = verdict::verdict(layers, &headers);
    let may_quote = match verdict.encryption {
        Encryption::Whole => true,
        Encryption::None => !has_cipher || verdict.signature.status == SignatureStatus::Verified,
        Encryption::Partial | Encryption::Failed => false,
    };
    let text = without_ciphertext(&payload.readable.text);
    Quote {
        text: (may_quote && !text.trim().is_empty()).then_some(text),
        message_id: headers.message_id.clone(),
        answers: header::answers(&headers),
    }
}

/// Whether anything in the message is encrypted, opened or not.
fn has_cipher(entity: &Entity<'_>, depth: usize) -> bool {
    let is_cipher = match entity.media_type.as_str() {
        "application/pgp-encrypted" | "application/pkcs7-mime" | "application/x-pkcs7-mime" => true,
        _ => depth > MAX_DEPTH || pieces::encrypted_file(entity).is_some(),
    };
    is_cipher
        || match &entity.content {
            Content::Parts(parts) => parts.iter().any(|part| has_cipher(part, depth + 1)),
            Content::Message(mail) => has_cipher(&mail.root, depth + 1),
            Content::Text(text) => {
                pieces::shape(entity) == Shape::InlineMessage || has_armor(text.as_bytes())
            }
            Content::Html(source) => {
                has_armor(source.as_bytes())
                    || pieces::may_hold_armor(source) && has_armor(html_to_text(source).as_bytes())
            }
            Content::Bytes(bytes) => pieces::shape(entity) == Shape::InlineMessage || has_armor(bytes),
        }
}

/// Whether there is an armored message anywhere, quoted or not, whole or not.
fn has_armor(bytes: &[u8]) -> bool {
    ["BEGIN PGP MESSAGE", "BEGIN AGE ENCRYPTED FILE"]
        .iter()
        .any(|words| memmem::find(bytes, words.as_bytes()).is_some())
}

/// A text without the armored messages in it.
fn without_ciphertext(text: &str) -> String {
    let bytes = text.as_bytes();
    let blocks = armor::blocks(bytes).into_iter();
    let messages = blocks.filter(|block| block.kind == Kind::Message).map(|block| block.range);
    let mut ranges: Vec<_> =
        messages.chain(armor::quoted_messages(bytes)).chain(age::armored(bytes)).collect();
    ranges.sort_by_key(|range| range.start);
    let (mut out, mut from) = (String::new(), 0);
    for range in ranges {
        // One that begins inside another went with that.
        out.push_str(text.get(from..range.start).unwrap_or_default());
        from = from.max(range.end);
    }
    out.push_str(text.get(from..).unwrap_or_default());
    out
}
