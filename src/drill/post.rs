//! The mails of made-up people: really encrypted, really signed, and marked in
//! subject and text, so that nobody takes one for real.

use chrono::{DateTime, TimeDelta, Utc};

use super::Error;
use super::cast::{Cast, Key, Member};
use super::scenario::{Altered, Protection, Whose};
use crate::mail::compose::{self, Envelope, File};
use crate::pgp::{self, compose::SigningKey, publish};

/// A mail about to be sent.
pub(super) struct Parcel<'a> {
    /// Message-ID without angle brackets.
    pub(super) id: &'a str,
    /// The message that it answers.
    pub(super) answers: Option<&'a str>,
    pub(super) from: &'a Member,
    pub(super) subject: &'a str,
    pub(super) text: &'a str,
    pub(super) at: DateTime<Utc>,
    pub(super) protection: Protection,
    pub(super) signer: Whose,
    pub(super) altered: Altered,
    pub(super) encloses: Option<Whose>,
    pub(super) files: Vec<File<'a>>,
    /// The team's certificate as it is now.
    pub(super) team_cert: &'a [u8],
}

impl Parcel<'_> {
    /// The mail as it comes in.
    pub(super) fn bytes(&self, cast: &Cast) -> Result<Vec<u8>, Error> {
        let subject = format!("{} {}", crate::triage::mark::TAG, self.subject);
        let envelope = Envelope {
            from: &self.from.person,
            to: &cast.team,
            subject: &subject,
            date: self.at,
            message_id: self.id,
            in_reply_to: self.answers,
            references: &[],
            autocrypt: None,
        };
        let text = format!("{}\n\n-- \n{}\n", self.text.trim_end(), crate::triage::mark::LINE);
        let enclosed = self.enclosed()?;
        let mut files = self.files.clone();
        if let Some((name, bytes)) = &enclosed {
            files.push(File { name, media_type: "application/pgp-keys", bytes });
        }
        self.protected(&envelope, &text, &files, cast)
    }

    fn protected(
        &self,
        envelope: &Envelope<'_>,
        text: &str,
        files: &[File<'_>],
        cast: &Cast,
    ) -> Result<Vec<u8>, Error> {
        let payload = compose::payload(text, files);
        match self.protection {
            Protection::None => Ok(compose::plain(envelope, &payload)),
            Protection::Signed => {
                let signature =
                    pgp::compose::sign_detached(&payload, SigningKey::Here(&self.signer()?.secret), self.at);
                let signature = signature.map_err(Error::compose)?;
                let sent = match self.altered {
                    Altered::Nothing => payload,
                    Altered::Text => compose::payload(&altered(text), files),
                };
                Ok(compose::signed(envelope, &sent, &signature))
            }
            Protection::Encrypted => self.encrypted(envelope, &payload, self.team_cert, None),
            Protection::EncryptedSigned => {
                self.encrypted(envelope, &payload, self.team_cert, Some(self.signer()?))
            }
            Protection::Unreadable => self.encrypted(envelope, &payload, &cast.lost_key.public, None),
        }
    }

    fn encrypted(
        &self,
        envelope: &Envelope<'_>,
        payload: &[u8],
        to: &[u8],
        signer: Option<&Key>,
    ) -> Result<Vec<u8>, Error> {
        let write = |at| {
            let signer = signer.map(|key| SigningKey::Here(&key.secret));
            pgp::compose::encrypt_signed(payload, &[to], signer, at)
        };
        // Programs are about that encrypt to a key that has expired.
        let message = write(self.at).or_else(|_| write(self.at - TimeDelta::days(200)));
        Ok(compose::encrypted(envelope, &message.map_err(Error::compose)?))
    }

    fn signer(&self) -> Result<&Key, Error> {
        let keyless = || Error::Key(format!("{} has no key to sign with", self.from.person.email));
        self.from.key(self.signer).ok_or_else(keyless)
    }

    /// The certificate that comes with it, by the name that programs give it.
    fn enclosed(&self) -> Result<Option<(String, Vec<u8>)>, Error> {
        let Some(key) = self.encloses.and_then(|whose| self.from.key(whose)) else { return Ok(None) };
        let armored = publish::armored(&key.public).map_err(|error| Error::Key(error.to_string()))?;
        let id = key.fingerprint.get(key.fingerprint.len().saturating_sub(16)..).unwrap_or_default();
        Ok(Some((format!("OpenPGP_0x{id}.asc"), armored)))
    }
}

/// The same text with other words in it than were signed.
fn altered(text: &str) -> String {
    match text.find("not ") {
        Some(at) => format!("{}{}", &text[..at], &text[at + 4..]),
        None => format!("{text}\n"),
    }
}
