//! The people of the demonstration and their keys, made on the spot.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use super::Error;
use super::script::Script;
use crate::pgp::{self, Protected};
use crate::triage::Person;

/// Everybody who writes, with their keys.
pub(super) struct Cast {
    team: Person,
    team_key: Protected,
    lost_key: Protected,
    reporters: HashMap<String, Member>,
}

/// A reporter.
pub(super) struct Member {
    pub(super) person: Person,
    pub(super) key: Option<Protected>,
}

impl Cast {
    /// Makes the keys, dated `born`.
    pub(super) fn make(script: &Script, born: DateTime<Utc>) -> Result<Self, Error> {
        let team = Person { name: script.team.name.clone(), email: script.team.address.clone() };
        let mut reporters = HashMap::new();
        for reporter in &script.reporters {
            let person = Person { name: reporter.name.clone(), email: reporter.email.clone() };
            let key = reporter.pgp.then(|| key(&person, born)).transpose()?;
            reporters.insert(reporter.key.clone(), Member { person, key });
        }
        Ok(Self { team_key: key(&team, born)?, lost_key: key(&team, born)?, team, reporters })
    }

    /// The team.
    pub(super) fn team(&self) -> &Person {
        &self.team
    }

    /// The team's key.
    pub(super) fn team_key(&self) -> &[u8] {
        &self.team_key
    }

    /// A key that once was the team's and that nobody holds any more.
    pub(super) fn lost_key(&self) -> &[u8] {
        &self.lost_key
    }

    /// The reporter with this name in the script.
    pub(super) fn member(&self, key: &str) -> Option<&Member> {
        self.reporters.get(key)
    }

    /// Some other reporter's key: what a wrong signature is made with.
    pub(super) fn key_of_another(&self, person: &Person) -> Option<&[u8]> {
        let mut others: Vec<&Member> =
            self.reporters.values().filter(|member| member.person != *person).collect();
        others.sort_by(|a, b| a.person.email.cmp(&b.person.email));
        others.into_iter().find_map(|member| member.key.as_deref())
    }

    /// The certificates that the team knows: everybody's, without the secret parts.
    pub(super) fn certificates(&self) -> Vec<Vec<u8>> {
        let keys = self.reporters.values().filter_map(|member| member.key.as_deref());
        keys.filter_map(pgp::cert::public_part).collect()
    }
}

fn key(person: &Person, born: DateTime<Utc>) -> Result<Protected, Error> {
    pgp::cert::generate(&person.name, &person.email, born).map_err(|error| Error::OpenPgp(error.to_string()))
}
