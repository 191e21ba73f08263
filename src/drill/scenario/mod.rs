//! A scenario: who is there, what happens when, what the player is told, and
//! what counts in the end. One TOML file each; `assets/drills/` has ninety's
//! own, and `assets/drill.toml` is a skeleton with every setting explained.

mod act;
mod checks;
mod read;
mod sense;
mod span;
#[cfg(test)]
mod tests;

use chrono::{DateTime, Utc};
use serde::Deserialize;

use crate::triage::rules::Rules;

pub use act::{
    Act, Altered, Answering, File, Inject, LaneAct, Letter, Mail, Protection, Remark, Setting, Whose,
};
pub use checks::{CaseIs, Check, Mark, Wanted};
pub use span::Span;

/// A scenario that was read and makes sense.
#[derive(Debug, Clone)]
pub struct Scenario {
    /// Its name: that of its file, without `.toml`.
    pub name: String,
    /// The file as it was read.
    pub text: String,
    /// What it is about.
    pub about: About,
    /// Where it plays.
    pub company: Company,
    /// The rules that the company works by.
    pub rules: Rules,
    /// Everybody who appears.
    pub people: Vec<Person>,
    /// What each of a team does.
    pub roles: Vec<Role>,
    /// What happens.
    pub injects: Vec<Inject>,
    /// What the player is told.
    pub hints: Vec<Tip>,
    /// What counts.
    pub marks: Vec<Mark>,
}

/// `[drill]`: what it is about.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct About {
    /// What it is called.
    pub title: String,
    /// What it teaches.
    pub teaches: String,
    /// How long it takes a person, in minutes of real time.
    pub minutes: u32,
    /// When it begins, by its own clock: an instant in RFC 3339.
    #[serde(deserialize_with = "span::instant")]
    pub starts: DateTime<Utc>,
    /// When it ends by itself, after the start.
    pub lasts: Span,
    /// Real time that one day of it takes.
    #[serde(default = "ten_seconds")]
    pub day: Span,
    /// The hints always stand on the screen.
    #[serde(default)]
    pub tour: bool,
    /// Who the player is.
    pub me: String,
    /// What the player knows at the start.
    pub briefing: String,
}

fn ten_seconds() -> Span {
    Span(chrono::TimeDelta::seconds(10))
}

/// `[company]`: where it plays.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Company {
    /// The team's name.
    pub name: String,
    /// The address that reports come to.
    pub address: String,
    /// The passphrase that the team's key is locked with; not locked without one.
    pub passphrase: Option<String>,
    /// How long after the start the team's key expires; it may have before: `-2d`.
    pub key_ends: Option<String>,
    /// The configuration, as in `config.toml`.
    #[serde(default)]
    pub rules: String,
}

/// `[[person]]`: somebody who appears.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// The short name that the rest of the scenario uses.
    pub key: String,
    /// Name as in From.
    pub name: String,
    /// Address as in From.
    pub email: String,
    /// What the team knows of their OpenPGP certificate.
    #[serde(default)]
    pub openpgp: OpenPgp,
}

/// What the team knows of somebody's OpenPGP certificate at the start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OpenPgp {
    /// There is none.
    #[default]
    None,
    /// There is one that the team has never seen.
    Unseen,
    /// The team has it.
    Known,
    /// The team has it and has compared it.
    Verified,
    /// The team has it, and it has expired.
    Expired,
}

/// `[[role]]`: what one of a team does.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Role {
    /// Its name.
    pub name: String,
    /// Who has it: a name as in `assignee`.
    pub person: String,
    /// What they do.
    pub does: String,
}

/// `[[hint]]`: what the player is told to do next.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tip {
    /// What to do, with the keys.
    pub text: String,
    /// It is done once all of these are so; without any, once the player asks for the next.
    #[serde(default)]
    pub until: Vec<Check>,
}

impl Scenario {
    /// The person with this key.
    pub fn person(&self, key: &str) -> Option<&Person> {
        self.people.iter().find(|person| person.key == key)
    }

    /// The inject with this name.
    pub fn inject(&self, id: &str) -> Option<&Inject> {
        self.injects.iter().find(|inject| inject.id == id)
    }

    /// When it ends by itself.
    pub fn ends_at(&self) -> DateTime<Utc> {
        self.about.starts + self.about.lasts.0
    }
}
