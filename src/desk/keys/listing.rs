//! Keys as they are listed and searched.

use chrono::{DateTime, TimeDelta, Utc};
use zeroize::Zeroizing;

use crate::desk::{Desk, Error, Result};
use crate::pgp::cert;
use crate::pgp::fitness::Fitness;
use crate::store::{CertEvent, KeptCert};
use crate::triage::Trust;
use crate::triage::trust::{Sighting, Standing};

/// A key that ends within this time is worth a warning.
const SOON: TimeDelta = TimeDelta::days(90);

/// A key or certificate as it is listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyListing {
    /// Upper-case hexadecimal.
    pub fingerprint: String,
    /// Whether it is one of the team's own.
    pub secret: bool,
    /// Whether a passphrase is needed before it can be used.
    pub is_locked: bool,
    /// All user IDs. Foreign text.
    pub user_ids: Vec<String>,
    /// In words: `EdDSA/ECDH`, `RSA-4096`.
    pub algorithm: String,
    /// When it was made.
    pub created: DateTime<Utc>,
    /// When it expires.
    pub expires: Option<DateTime<Utc>>,
    /// Whether it can be used now, and if not, why.
    pub fitness: String,
    /// Whether it can be used now.
    pub is_usable: bool,
    /// What it is taken for, address by address.
    pub standings: Vec<Standing>,
}

impl KeyListing {
    /// What it is taken for where people have to look: a candidate before all else.
    pub fn trust(&self) -> Option<Trust> {
        let loudest = |trust: &Trust| match trust {
            Trust::Candidate => 0,
            Trust::Retired => 1,
            Trust::Verified => 2,
            Trust::Imported => 3,
            Trust::FirstUse => 4,
        };
        self.standings.iter().map(|standing| standing.trust).min_by_key(loudest)
    }

    /// That it ends soon, for those who can renew it. Safe text.
    pub fn ending_soon(&self, now: DateTime<Utc>) -> Option<String> {
        let at = self.expires.filter(|at| *at <= now + SOON)?;
        let day = at.format("%Y-%m-%d");
        let fingerprint = super::short(&self.fingerprint);
        Some(if at > now {
            let left = (at - now).num_days();
            format!(
                "the team's key {fingerprint} ends on {day}, in {left} days; renew it with 'ninety key extend'"
            )
        } else {
            format!("the team's key {fingerprint} ended on {day}; renew it with 'ninety key extend'")
        })
    }

    /// Whether every word of `query` stands in a user ID or a fingerprint. Blanks
    /// in a fingerprint do not matter.
    fn is_meant(&self, query: &str) -> bool {
        let squeezed: String = query.chars().filter(|c| !c.is_whitespace()).collect();
        let hex = squeezed.trim_start_matches("0x").to_uppercase();
        let is_hex = hex.len() >= 4 && hex.bytes().all(|byte| byte.is_ascii_hexdigit());
        if is_hex && self.fingerprint.contains(&hex) {
            return true;
        }
        let said = self.user_ids.join("\n").to_lowercase();
        query.to_lowercase().split_whitespace().all(|word| said.contains(word))
    }

    /// Whether it ends between now and `within` from now.
    fn is_expiring(&self, now: DateTime<Utc>, within: TimeDelta) -> bool {
        self.expires.is_some_and(|at| at > now && at <= now + within)
    }
}

/// One key with its history.
#[derive(Clone, PartialEq, Eq)]
pub struct KeyHistory {
    /// As it is listed.
    pub listing: KeyListing,
    /// The key as it is kept, with what is secret.
    pub bytes: Zeroizing<Vec<u8>>,
    /// How often it was met, and how.
    pub sightings: Vec<Sighting>,
    /// What people did with it, oldest first.
    pub events: Vec<CertEvent>,
    /// Whether the store has its revocation certificate.
    pub has_revocation: bool,
    /// When it was taken in, and by whom.
    pub added: (DateTime<Utc>, String),
}

impl Desk {
    /// All keys that the actor may see: the team's own first, then the known
    /// certificates. Those that only restricted cases lead to are left out.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn keys(&self) -> Result<Vec<KeyListing>> {
        let hidden = self.store.certs_hidden_from(&self.actor)?;
        let mut listings = Vec::new();
        for kept in self.store.kept_certs()?.iter().filter(|kept| !hidden.contains(&kept.fingerprint)) {
            listings.extend(self.listing(kept)?);
        }
        Ok(listings)
    }

    /// Those that `query` names by address, name or fingerprint, and, with
    /// `within`, end in that time.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn find_keys(&self, query: &str, within: Option<TimeDelta>) -> Result<Vec<KeyListing>> {
        let now = self.now();
        let mut keys = self.keys()?;
        keys.retain(|key| key.is_meant(query) && within.is_none_or(|within| key.is_expiring(now, within)));
        Ok(keys)
    }

    /// What the team has to know of its own keys before anything else: those in
    /// use that end soon. Safe text.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn key_warnings(&self) -> Result<Vec<String>> {
        let now = self.now();
        let mut ours = Vec::new();
        for kept in self.store.kept_certs()?.iter().filter(|kept| kept.secret) {
            ours.extend(self.listing(kept)?.filter(|key| key.trust() != Some(Trust::Retired)));
        }
        // Where a newer key is good for longer, the older one may end in peace.
        let is_replaced = ours.iter().any(|key| key.is_usable && key.ending_soon(now).is_none());
        ours.retain(|_| !is_replaced);
        Ok(ours.iter().filter_map(|key| key.ending_soon(now)).collect())
    }

    /// The one key that `name` means: a fingerprint, a key ID, or words that fit one alone.
    ///
    /// # Errors
    /// When none or several fit, or the store cannot be read.
    pub fn key_named(&self, name: &str) -> Result<KeyListing> {
        let handle: String = name.chars().filter(|c| !c.is_whitespace()).collect();
        let mut exact = self.store.kept_certs_with_handle(handle.trim_start_matches("0x"))?;
        let hidden = self.store.certs_hidden_from(&self.actor)?;
        exact.retain(|kept| !hidden.contains(&kept.fingerprint));
        let mut found = Vec::new();
        for kept in &exact {
            found.extend(self.listing(kept)?);
        }
        if found.is_empty() {
            found = self.find_keys(name, None)?;
        }
        let shown = crate::text::line(name);
        match found.len() {
            1 => Ok(found.remove(0)),
            0 => Err(Error::Refused(format!("no key fits '{shown}'; 'ninety key list' shows all"))),
            several => Err(Error::Refused(format!(
                "{several} keys fit '{shown}': {}; name one by its fingerprint",
                found.iter().take(5).map(|key| super::short(&key.fingerprint)).collect::<Vec<_>>().join(", ")
            ))),
        }
    }

    /// The key that `name` means with all that is known of it.
    ///
    /// # Errors
    /// When none or several fit, or the store cannot be read.
    pub fn key_history(&self, name: &str) -> Result<KeyHistory> {
        let listing = self.key_named(name)?;
        let kept = self.kept(&listing.fingerprint)?;
        Ok(KeyHistory {
            bytes: kept.bytes,
            sightings: self.store.sightings(&listing.fingerprint)?,
            events: self.store.cert_events(&listing.fingerprint)?,
            has_revocation: kept.revocation.is_some(),
            added: (kept.added_at, kept.added_by),
            listing,
        })
    }

    /// The stored key with this fingerprint.
    pub(in crate::desk) fn kept(&self, fingerprint: &str) -> Result<KeptCert> {
        let gone = || Error::Refused(format!("the key {fingerprint} is no longer there"));
        let mut kept = self.store.kept_certs_with_handle(fingerprint)?;
        kept.retain(|kept| kept.fingerprint == fingerprint);
        kept.pop().ok_or_else(gone)
    }

    pub(super) fn listing_of(&self, fingerprint: &str) -> Result<Option<KeyListing>> {
        self.listing(&self.kept(fingerprint)?)
    }

    fn listing(&self, kept: &KeptCert) -> Result<Option<KeyListing>> {
        let Ok(read) = cert::read(&kept.bytes, self.now()) else { return Ok(None) };
        let Some(found) = read.found.into_iter().next() else { return Ok(None) };
        Ok(Some(KeyListing {
            standings: self.store.standings(&kept.fingerprint)?,
            secret: kept.secret,
            is_locked: found.is_locked,
            is_usable: found.fitness == Fitness::Usable,
            fitness: found.fitness.to_string(),
            fingerprint: found.fingerprint,
            user_ids: found.user_ids,
            algorithm: found.algorithm,
            created: found.created,
            expires: found.expires,
        }))
    }
}
