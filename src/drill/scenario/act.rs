//! What happens in a scenario, and when.

use serde::Deserialize;

use super::checks::Check;
use super::span::{Span, word, words};
use crate::triage::lane::Lane;
use crate::triage::{FoundIn, Priority, Resolution, State, Weakness};

/// `[[inject]]`: something that happens.
///
/// It happens `after` a span that begins with the start, with the inject named
/// in `since`, or with the moment from which all of `when` are so, whichever is
/// latest; never where one of `unless` is so by then.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Inject {
    /// Its name.
    pub id: String,
    /// How long after.
    #[serde(default = "zero")]
    pub after: Span,
    /// It lies before the start by this much: what the player finds.
    pub before: Option<Span>,
    /// Chance moves it later by up to this much.
    #[serde(default = "zero")]
    pub spread: Span,
    /// The inject that it comes after.
    pub since: Option<String>,
    /// What must be so first.
    #[serde(default)]
    pub when: Vec<Check>,
    /// What prevents it.
    #[serde(default)]
    pub unless: Vec<Check>,
    /// It comes so often, each time with another of the variants of its mail.
    #[serde(default = "one")]
    pub times: u16,
    /// A mail comes.
    mail: Option<Mail>,
    /// A colleague writes a note.
    note: Option<Remark>,
    /// A colleague answers for a lane.
    lane: Option<LaneAct>,
    /// A colleague sets something.
    set: Option<Setting>,
    /// A colleague hands the shift over to the player.
    hand_over: Option<Remark>,
}

fn zero() -> Span {
    Span::ZERO
}

fn one() -> u16 {
    1
}

/// What an inject does.
#[derive(Debug, Clone, Copy)]
pub enum Act<'a> {
    /// A mail comes.
    Mail(&'a Mail),
    /// A colleague writes a note.
    Note(&'a Remark),
    /// A colleague answers for a lane.
    Lane(&'a LaneAct),
    /// A colleague sets something.
    Set(&'a Setting),
    /// A colleague hands the shift over to the player.
    HandOver(&'a Remark),
}

impl Inject {
    /// All that it says it does: one in a scenario that makes sense.
    pub fn acts(&self) -> Vec<Act<'_>> {
        let mut acts: Vec<Act<'_>> = self.mail.iter().map(Act::Mail).collect();
        acts.extend(self.note.iter().map(Act::Note));
        acts.extend(self.lane.iter().map(Act::Lane));
        acts.extend(self.set.iter().map(Act::Set));
        acts.extend(self.hand_over.iter().map(Act::HandOver));
        acts
    }

    /// What it does; nothing in one that makes no sense.
    pub fn act(&self) -> Option<Act<'_>> {
        self.acts().into_iter().next()
    }

    /// Its mail, if it is one.
    pub fn mail(&self) -> Option<&Mail> {
        self.mail.as_ref()
    }
}

/// A mail as it comes.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mail {
    /// Keys of who may have sent it; chance chooses where there are several.
    #[serde(deserialize_with = "words")]
    pub from: Vec<String>,
    /// Subject; for an answer it may be left out.
    #[serde(default)]
    pub subject: String,
    /// Text.
    #[serde(default)]
    pub text: String,
    /// Other subjects and texts, for one that comes several times.
    #[serde(default)]
    pub variants: Vec<Letter>,
    /// The inject whose mail it answers.
    pub re: Option<String>,
    /// How it is protected.
    #[serde(default)]
    pub protection: Protection,
    /// Whose key signs it.
    #[serde(default)]
    pub signer: Whose,
    /// What was done to it on the way.
    #[serde(default)]
    pub altered: Altered,
    /// The certificate that comes with it.
    #[serde(default)]
    pub encloses: Option<Whose>,
    /// Files.
    #[serde(default)]
    pub files: Vec<File>,
}

/// A subject and a text.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Letter {
    /// Subject.
    pub subject: String,
    /// Text.
    pub text: String,
}

/// How a mail is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Protection {
    /// Not at all.
    #[default]
    None,
    /// Encrypted to the team.
    Encrypted,
    /// Signed.
    Signed,
    /// Both.
    #[serde(rename = "encrypted+signed")]
    EncryptedSigned,
    /// Encrypted to a key that nobody holds.
    Unreadable,
}

impl Protection {
    /// Whether it has a signature.
    pub fn is_signed(self) -> bool {
        matches!(self, Self::Signed | Self::EncryptedSigned)
    }
}

/// Whose key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Whose {
    /// The sender's own.
    #[default]
    Own,
    /// One that bears the sender's address and is not theirs.
    Other,
}

/// What was done to a mail on the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Altered {
    /// Nothing.
    #[default]
    Nothing,
    /// The text was changed after it was signed.
    Text,
}

/// A file that comes with a mail.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    /// Its name, as hostile as it may be.
    pub name: String,
    /// Its media type.
    pub media_type: String,
    /// What is in it.
    pub text: String,
}

/// What a colleague says.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Remark {
    /// Who.
    pub by: String,
    /// The inject whose case it is about; a shift is handed over without one.
    #[serde(default)]
    pub case: String,
    /// What.
    pub text: String,
}

/// What a colleague answers for a lane.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LaneAct {
    /// Who.
    pub by: String,
    /// The inject whose case it is about.
    pub case: String,
    /// Which lane.
    pub lane: Lane,
    /// What they do.
    pub step: Answering,
    /// What came of it.
    pub text: Option<String>,
}

/// A step that a lane answers with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answering {
    /// They take it.
    Accept,
    /// They are done.
    Done,
}

/// What a colleague sets. What is not said stays.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Setting {
    /// Who.
    pub by: String,
    /// The inject whose case it is about.
    pub case: String,
    /// State.
    pub state: Option<State>,
    /// How it ended, where the state is closed.
    pub resolution: Option<Resolution>,
    /// Exploited in the wild.
    pub exploited: Option<bool>,
    /// Priority.
    #[serde(default, deserialize_with = "word")]
    pub priority: Option<Priority>,
    /// Assignee.
    pub assignee: Option<String>,
    /// Product.
    pub product: Option<String>,
    /// Component.
    pub component: Option<String>,
    /// In which phase it was found.
    #[serde(default)]
    pub found_in: Option<FoundIn>,
    /// Class of weakness.
    #[serde(default, deserialize_with = "word")]
    pub weakness: Option<Weakness>,
    /// Versions that have it.
    pub affected: Option<String>,
    /// Version that has it no more.
    pub fixed_in: Option<String>,
    /// What users can do until then.
    pub workaround: Option<String>,
    /// Looked at.
    pub read: Option<bool>,
    /// The reporter heard from the team.
    pub heard: Option<bool>,
}
