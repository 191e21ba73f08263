//! Keys that a passphrase opened for a while. They are kept in memory alone,
//! and forgotten when the time is over.

use chrono::{DateTime, TimeDelta, Utc};

use super::{KeyImport, KeyListing};
use crate::desk::{Desk, Error, Result};
use crate::pgp::cert;
use crate::pgp::{Password, Protected, lock};

/// How long an opened key is kept, unless the setting says otherwise.
const KEPT_FOR: TimeDelta = TimeDelta::minutes(15);

/// Longest time that can be set: a working day.
const MAX_KEPT: TimeDelta = TimeDelta::hours(12);

/// Keys opened by a passphrase, until when.
#[derive(Default)]
pub(in crate::desk) struct Unlocked {
    keys: Vec<(String, Protected)>,
    until: Option<DateTime<Utc>>,
}

impl Unlocked {
    fn get(&self, fingerprint: &str, now: DateTime<Utc>) -> Option<&Protected> {
        let is_fresh = self.until.is_some_and(|until| now < until);
        self.keys.iter().find(|(kept, _)| is_fresh && kept == fingerprint).map(|(_, key)| key)
    }
}

impl Unlocked {
    /// Forgets one key.
    pub(super) fn forget(&mut self, fingerprint: &str) {
        self.keys.retain(|(kept, _)| kept != fingerprint);
    }
}

/// The time that `NINETY_UNLOCK_MINUTES` says, where it says one.
///
/// # Errors
/// When it is no number of minutes up to twelve hours.
pub fn kept_for(setting: Option<&str>) -> std::result::Result<TimeDelta, String> {
    let Some(setting) = setting else { return Ok(KEPT_FOR) };
    let minutes = setting.trim().parse::<u32>().ok().map(|minutes| TimeDelta::minutes(minutes.into()));
    minutes.filter(|time| *time <= MAX_KEPT).ok_or_else(|| {
        format!(
            "NINETY_UNLOCK_MINUTES is '{}'; give whole minutes from 0 to {}",
            crate::text::line(setting),
            MAX_KEPT.num_minutes()
        )
    })
}

impl Desk {
    /// The team's keys as they can be used now: those that were opened, else as they are kept.
    pub(in crate::desk) fn team_keys(&self) -> Result<Vec<Vec<u8>>> {
        let now = self.machine_now();
        let ours = self.store.kept_certs()?.into_iter().filter(|kept| kept.secret);
        Ok(ours
            .map(|kept| match self.unlocked.get(&kept.fingerprint, now) {
                Some(open) => open.to_vec(),
                None => kept.bytes.to_vec(),
            })
            .collect())
    }

    /// Opens every locked team key that `passphrase` fits, keeps them open for
    /// `time`, and reads what waited for them. The fingerprints that it opened.
    ///
    /// # Errors
    /// When no key is locked, or it opens none.
    pub fn unlock(&mut self, passphrase: &Password, time: TimeDelta) -> Result<(Vec<String>, KeyImport)> {
        let (mut opened, mut why) = (Vec::new(), None);
        for kept in self.store.kept_certs()?.into_iter().filter(|kept| kept.secret) {
            let read = cert::read(&kept.bytes, self.now()).ok();
            if !read.is_some_and(|read| read.found.iter().any(|found| found.is_locked)) {
                continue;
            }
            match lock::unlock(&kept.bytes, passphrase) {
                Ok(key) => opened.push((kept.fingerprint, key)),
                Err(error) => why = Some(error.to_string()),
            }
        }
        if opened.is_empty() {
            let why = why.unwrap_or_else(|| "no key of the team is locked".to_owned());
            return Err(Error::Refused(why));
        }
        let fingerprints = opened.iter().map(|(fingerprint, _)| fingerprint.clone()).collect();
        self.unlocked = Unlocked { keys: opened, until: Some(self.machine_now() + time) };
        let mut import = KeyImport::default();
        self.open_waiting(&mut import)?;
        Ok((fingerprints, import))
    }

    /// The team key with this fingerprint as it can be used now.
    pub(in crate::desk) fn usable(&self, fingerprint: &str) -> Result<Vec<u8>> {
        match self.unlocked.get(fingerprint, self.machine_now()) {
            Some(open) => Ok(open.to_vec()),
            None => Ok(self.kept(fingerprint)?.bytes.to_vec()),
        }
    }

    /// Whether a locked key was opened, and still is.
    pub(in crate::desk) fn is_open(&self, key: &KeyListing) -> bool {
        self.unlocked.get(&key.fingerprint, self.machine_now()).is_some()
    }

    /// Forgets every opened key.
    pub fn lock(&mut self) {
        self.unlocked = Unlocked::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_is_whole_minutes_within_a_day_of_work() {
        assert_eq!(kept_for(None), Ok(KEPT_FOR));
        assert_eq!(kept_for(Some(" 0 ")), Ok(TimeDelta::zero()));
        assert_eq!(kept_for(Some("720")), Ok(MAX_KEPT));
        assert!(kept_for(Some("721")).is_err() && kept_for(Some("soon")).is_err());
    }

    #[test]
    fn an_opened_key_is_forgotten_when_its_time_is_over() {
        let now: DateTime<Utc> = "2026-11-23T12:00:00Z".parse().unwrap();
        let until = Some(now + KEPT_FOR);
        let unlocked = Unlocked { keys: vec![("AB".to_owned(), vec![1].into())], until };
        assert!(unlocked.get("AB", now).is_some());
        assert!(unlocked.get("CD", now).is_none());
        assert!(unlocked.get("AB", now + KEPT_FOR).is_none());
    }
}
