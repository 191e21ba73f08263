//! The people of a drill and their keys: made when it starts, from its seed.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::Error;
use super::dice::Dice;
use super::scenario::{self, OpenPgp, Scenario, Span, Whose};
use crate::pgp::{self, Protected, made_up};
use crate::triage::Person;

/// Keys of made-up people are older than anything that they write.
const KEY_AGE: TimeDelta = TimeDelta::days(400);
/// Whoever bears somebody else's address has made the key for it lately.
const OTHER_AGE: TimeDelta = TimeDelta::days(9);
/// How long they are valid, unless a scenario says otherwise.
const VALIDITY: TimeDelta = TimeDelta::days(1_100);
/// How long before the start an expired key ended.
const EXPIRED_SINCE: TimeDelta = TimeDelta::days(3);

/// Everybody of a drill, with their keys.
pub(super) struct Cast {
    pub(super) team: Person,
    pub(super) team_key: Key,
    /// A key that once was the team's and that nobody holds any more.
    pub(super) lost_key: Key,
    members: BTreeMap<String, Member>,
}

/// Somebody who writes.
pub(super) struct Member {
    pub(super) person: Person,
    pub(super) openpgp: OpenPgp,
    own: Option<Key>,
    other: Option<Key>,
}

/// A key with its secret part.
pub(super) struct Key {
    pub(super) secret: Protected,
    pub(super) public: Vec<u8>,
    /// Upper-case hexadecimal.
    pub(super) fingerprint: String,
}

impl Member {
    /// Their key, or the one that only bears their address.
    pub(super) fn key(&self, whose: Whose) -> Option<&Key> {
        match whose {
            Whose::Own => self.own.as_ref(),
            Whose::Other => self.other.as_ref(),
        }
    }
}

impl Cast {
    /// Makes all keys.
    pub(super) fn make(scenario: &Scenario, seed: Dice) -> Result<Self, Error> {
        let starts = scenario.about.starts;
        let team = Person { name: team_name(scenario), email: scenario.company.address.clone() };
        let ends = scenario.company.key_ends.as_deref().map(signed_span).transpose();
        let ends = ends.map_err(|why| Error::Key(format!("key_ends: {why}")))?;
        let team_valid = ends.map_or(VALIDITY, |after| KEY_AGE + after);
        let mut members = BTreeMap::new();
        for one in &scenario.people {
            members.insert(one.key.clone(), member(one, starts, seed)?);
        }
        let key = |label: &str, valid: TimeDelta| key(&team, &seed.bytes(label), starts - KEY_AGE, valid);
        Ok(Self { team_key: key("team", team_valid)?, lost_key: key("lost", VALIDITY)?, team, members })
    }

    /// The person with this key in the scenario.
    pub(super) fn member(&self, key: &str) -> Option<&Member> {
        self.members.get(key)
    }

    /// Everybody, by their keys in the scenario.
    pub(super) fn members(&self) -> impl Iterator<Item = (&String, &Member)> {
        self.members.iter()
    }
}

/// The team as reporters see it: nobody can take it for the real one.
pub(super) fn team_name(scenario: &Scenario) -> String {
    format!("{} {}", crate::triage::mark::MARK, scenario.company.name)
}

fn member(one: &scenario::Person, starts: DateTime<Utc>, seed: Dice) -> Result<Member, Error> {
    let person = Person { name: one.name.clone(), email: one.email.clone() };
    let valid = if one.openpgp == OpenPgp::Expired { KEY_AGE - EXPIRED_SINCE } else { VALIDITY };
    let make = |label: &str, age, valid| {
        let seed = seed.bytes(&format!("{label}/{}", one.key));
        (one.openpgp != OpenPgp::None).then(|| key(&person, &seed, starts - age, valid)).transpose()
    };
    let (own, other) = (make("own", KEY_AGE, valid)?, make("other", OTHER_AGE, VALIDITY)?);
    Ok(Member { own, other, openpgp: one.openpgp, person })
}

fn key(person: &Person, seed: &[u8; 32], born: DateTime<Utc>, valid: TimeDelta) -> Result<Key, Error> {
    let failed = |error: pgp::cert::KeyError| Error::Key(error.to_string());
    let valid = valid.to_std().unwrap_or(Duration::ZERO);
    let secret = made_up::key(&person.name, &person.email, seed, born, valid).map_err(failed)?;
    let found = pgp::cert::read(&secret, born).map_err(failed)?.found;
    let fingerprint = found.into_iter().next().map(|found| found.fingerprint).unwrap_or_default();
    let public = pgp::cert::public_part(&secret).unwrap_or_default();
    Ok(Key { secret, public, fingerprint })
}

/// `30d` or `-2d`.
pub(super) fn signed_span(text: &str) -> Result<TimeDelta, String> {
    match text.trim().strip_prefix('-') {
        Some(rest) => {
            let span = Span::read(rest)?.0;
            if span < KEY_AGE { Ok(-span) } else { Err("a key ended less than 400 days ago".to_owned()) }
        }
        None => Ok(Span::read(text)?.0),
    }
}
