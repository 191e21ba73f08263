//! The team's own keys: made here, renewed, ended, published.

use std::time::Duration;

use chrono::{DateTime, Utc};

use super::KeyListing;
use crate::age;
use crate::desk::{Desk, Error, Result};
use crate::pgp::cert::{self, KeyError};
use crate::pgp::make::{Suite, make};
use crate::pgp::revoke::{Reason, revoke};
use crate::pgp::wkd::wkd;
use crate::pgp::{Password, Protected, lock, publish, renew};
use crate::store::CertRecord;
use crate::triage::trust::Standing;
use crate::triage::{Origin, Trust};

/// A file of what is published, by its path from the root of the web server.
pub struct Published {
    /// Relative, of letters, digits, `.`, `-` and `/` alone.
    pub path: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl Desk {
    /// Makes a team key. Its revocation certificate is made with it and kept.
    ///
    /// # Errors
    /// When name or address cannot stand in a key, or the store fails.
    pub fn make_key(
        &mut self,
        name: &str,
        address: &str,
        suite: Suite,
        valid_for: Duration,
    ) -> Result<KeyListing> {
        let made = make(name, address, suite, valid_for, self.now()).map_err(refused)?;
        let fingerprint = self.replace(&made.key, "made here")?;
        let (now, actor) = (self.now(), self.actor.clone());
        self.store.write(|writer| {
            writer.save_revocation(&fingerprint, &made.revocation)?;
            writer.sight(&fingerprint, address, Origin::Made, now)?;
            let standing =
                Standing { address: address.to_lowercase(), trust: Trust::Imported, at: now, by: actor };
            writer.set_standing(&fingerprint, &standing)
        })?;
        self.listed(&fingerprint)
    }

    /// Makes an age identity; its public recipient.
    ///
    /// # Errors
    /// When the store fails.
    pub fn make_identity(&mut self) -> Result<String> {
        let (identity, recipient) = age::generate();
        self.keep_identity(&recipient, &identity)?;
        Ok(recipient)
    }

    pub(super) fn keep_identity(&mut self, recipient: &str, identity: &[u8]) -> Result<()> {
        let (actor, now) = (self.actor.clone(), self.now());
        self.store.write(|writer| Ok(writer.save_age_identity(recipient, identity, &actor, now)?))
    }

    /// The public recipients of the team's age identities.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn age_recipients(&self) -> Result<Vec<String>> {
        Ok(self.store.age_identities()?.into_iter().map(|(recipient, _)| recipient).collect())
    }

    /// Moves the end of a team key to `until`.
    ///
    /// # Errors
    /// When its secret part is not here or stays locked, or the store fails.
    pub fn extend_key(
        &mut self,
        fingerprint: &str,
        until: DateTime<Utc>,
        passphrase: Option<&Password>,
    ) -> Result<KeyListing> {
        let now = self.now();
        let what = format!("extended to {}", until.format("%Y-%m-%d"));
        self.rework(fingerprint, passphrase, &what, |key| renew::extend(key, until, now))
    }

    /// Gives a team key new parts for signing and encrypting; the old ones end
    /// at `overlap_until` and still open old mail.
    ///
    /// # Errors
    /// As [`extend_key`](Self::extend_key).
    pub fn rotate_key(
        &mut self,
        fingerprint: &str,
        until: DateTime<Utc>,
        overlap_until: DateTime<Utc>,
        passphrase: Option<&Password>,
    ) -> Result<KeyListing> {
        let now = self.now();
        let what = format!("rotated, the old parts end on {}", overlap_until.format("%Y-%m-%d"));
        self.rework(fingerprint, passphrase, &what, |key| renew::rotate(key, until, overlap_until, now))
    }

    /// Ends a team key for good. It still opens what is encrypted to it.
    ///
    /// # Errors
    /// As [`extend_key`](Self::extend_key).
    pub fn revoke_key(
        &mut self,
        fingerprint: &str,
        reason: Reason,
        words: &str,
        passphrase: Option<&Password>,
    ) -> Result<KeyListing> {
        let now = self.now();
        let what = format!("revoked as {}: {words}", reason.word());
        self.rework(fingerprint, passphrase, &what, |key| revoke(key, reason, words, now))
    }

    /// The certificate, armored.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn export_key(&self, fingerprint: &str) -> Result<Vec<u8>> {
        publish::armored(&self.kept(fingerprint)?.bytes).map_err(refused)
    }

    /// A team key with its secret part, locked by `passphrase`, armored. A key
    /// that is kept locked goes out as it is.
    ///
    /// # Errors
    /// When it has no secret part here, or the store fails.
    pub fn export_secret(&mut self, fingerprint: &str, passphrase: &Password) -> Result<Protected> {
        let kept = self.kept(fingerprint)?;
        let key: Protected = kept.bytes.to_vec().into();
        let locked = match lock::lock(&key, passphrase) {
            Err(KeyError::Locked) => lock::unlock(&key, passphrase).map(|_| key),
            other => other,
        };
        let armored = locked.and_then(|key| publish::armored_secret(&key)).map_err(refused)?;
        self.note(fingerprint, "exported with its secret part")?;
        Ok(armored)
    }

    /// The revocation certificate that was made with a key, armored.
    ///
    /// # Errors
    /// When there is none.
    pub fn revocation_of(&self, fingerprint: &str) -> Result<Vec<u8>> {
        let none = || {
            Error::Refused(
                "no revocation certificate was made with this key; revoke it with 'ninety key revoke'".into(),
            )
        };
        self.kept(fingerprint)?.revocation.ok_or_else(none)
    }

    /// The web key directory of the team's usable certificates.
    ///
    /// # Errors
    /// When no address of the team can be published, or the store fails.
    pub fn web_key_directory(&self) -> Result<Vec<Published>> {
        let mut files: Vec<Published> = Vec::new();
        for kept in self.store.kept_certs()?.into_iter().filter(|kept| kept.secret) {
            for address in self.store.addresses_of(&kept.fingerprint)? {
                let is_retired = self
                    .store
                    .standing(&address, &kept.fingerprint)?
                    .is_some_and(|standing| standing.trust == Trust::Retired);
                let minimal = publish::minimal(&kept.bytes, &address, self.now());
                let (Some(place), Some(minimal), false) = (wkd(&address), minimal, is_retired) else {
                    continue;
                };
                match files.iter_mut().find(|file| file.path == place.path()) {
                    // A directory may hold several certificates of an address.
                    Some(file) => file.bytes.extend(minimal),
                    None => files.push(Published { path: place.path(), bytes: minimal }),
                }
                if !files.iter().any(|file| file.path == place.policy()) {
                    files.push(Published { path: place.policy(), bytes: Vec::new() });
                }
            }
        }
        if files.is_empty() {
            return Err(Error::Refused(
                "no key of the team can be published; make one with 'ninety key new'".into(),
            ));
        }
        Ok(files)
    }

    /// Changes a team key, locked again as it was.
    fn rework(
        &mut self,
        fingerprint: &str,
        passphrase: Option<&Password>,
        what: &str,
        work: impl FnOnce(&[u8]) -> std::result::Result<Protected, KeyError>,
    ) -> Result<KeyListing> {
        let kept = self.kept(fingerprint)?;
        if !kept.secret {
            return Err(Error::Refused(
                "this is the key of somebody else; only its holder can change it".into(),
            ));
        }
        let is_locked = self.listed(fingerprint)?.is_locked;
        let changed = match (is_locked, passphrase) {
            (false, _) => work(&kept.bytes),
            (true, None) => Err(KeyError::Locked),
            (true, Some(passphrase)) => lock::unlock(&kept.bytes, passphrase)
                .and_then(|open| work(&open))
                .and_then(|changed| lock::lock(&changed, passphrase)),
        };
        self.replace(&changed.map_err(refused)?, what)?;
        self.unlocked.forget(fingerprint);
        self.listed(fingerprint)
    }

    /// Keeps a key of ours as it is now.
    fn replace(&mut self, key: &[u8], what: &str) -> Result<String> {
        let read = cert::read(key, self.now()).map_err(refused)?;
        let found = read.found.into_iter().next().ok_or_else(|| refused(KeyError::None(None)))?;
        let record = CertRecord {
            fingerprint: found.fingerprint.clone(),
            secret: true,
            handles: found.handles,
            addresses: found.emails,
            bytes: key.to_vec(),
        };
        let (actor, now) = (self.actor.clone(), self.now());
        self.store.write(|writer| {
            writer.save_cert(&record, &actor, now)?;
            writer.note_cert(&record.fingerprint, &actor, now, what)
        })?;
        Ok(found.fingerprint)
    }

    fn note(&mut self, fingerprint: &str, what: &str) -> Result<()> {
        let (actor, now) = (self.actor.clone(), self.now());
        self.store.write(|writer| Ok(writer.note_cert(fingerprint, &actor, now, what)?))
    }

    /// The key as it is listed.
    pub(super) fn listed(&self, fingerprint: &str) -> Result<KeyListing> {
        let gone = || Error::Refused(format!("the key {fingerprint} cannot be read"));
        self.listing_of(fingerprint)?.ok_or_else(gone)
    }
}

fn refused(error: KeyError) -> Error {
    Error::Refused(error.to_string())
}
