//! The script of the demonstration, as it stands in assets/demo.toml.

use chrono::TimeDelta;
use serde::Deserialize;

/// The whole script.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Script {
    pub(super) team: TeamScript,
    #[serde(rename = "reporter")]
    pub(super) reporters: Vec<Reporter>,
    #[serde(rename = "report")]
    pub(super) reports: Vec<Report>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TeamScript {
    pub(super) name: String,
    pub(super) address: String,
    pub(super) colleagues: Vec<String>,
    pub(super) me: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Reporter {
    pub(super) key: String,
    pub(super) name: String,
    pub(super) email: String,
    pub(super) pgp: bool,
}

/// A report and what the team has made of it. Times are distances from now.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Report {
    pub(super) from: String,
    pub(super) ago: String,
    pub(super) protection: Protection,
    pub(super) subject: String,
    pub(super) text: String,
    #[serde(default)]
    pub(super) attachments: Vec<Attachment>,
    pub(super) state: Option<String>,
    pub(super) resolution: Option<String>,
    pub(super) priority: Option<u8>,
    pub(super) assignee: Option<String>,
    pub(super) product: Option<String>,
    pub(super) component: Option<String>,
    pub(super) found_in: Option<String>,
    pub(super) weakness: Option<u32>,
    pub(super) vulnerable: Option<String>,
    pub(super) rolled_out: Option<String>,
    pub(super) policy: Option<u16>,
    pub(super) disclosure: Option<String>,
    /// When the reporter heard from the team last, unless it was a few days ago.
    pub(super) heard: Option<String>,
    #[serde(default)]
    pub(super) exploited: bool,
    #[serde(default)]
    pub(super) tags: Vec<String>,
    pub(super) unread: Option<bool>,
    #[serde(default)]
    pub(super) notes: Vec<Note>,
    #[serde(default)]
    pub(super) follow_ups: Vec<FollowUp>,
}

/// How a mail is protected, or how that went wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Protection {
    None,
    Encrypted,
    Signed,
    #[serde(rename = "encrypted+signed")]
    EncryptedSigned,
    /// Encrypted to a key that nobody holds.
    Unreadable,
    /// Signed by somebody else.
    WrongSigner,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Attachment {
    pub(super) name: String,
    pub(super) media_type: String,
    pub(super) text: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Note {
    pub(super) by: String,
    pub(super) ago: String,
    pub(super) text: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FollowUp {
    pub(super) from: String,
    pub(super) ago: String,
    pub(super) protection: Protection,
    pub(super) text: String,
}

impl Script {
    /// Reads a script; the error names the line.
    pub(super) fn read(text: &str) -> Result<Self, String> {
        toml::from_str(text).map_err(|error| error.to_string())
    }
}

/// `13d 4h`, `20m`: a distance in days, hours and minutes.
pub(super) fn distance(text: &str) -> Result<TimeDelta, String> {
    let unreadable = || format!("'{text}' is no distance; write it as 13d 4h or 20m");
    text.split_whitespace().try_fold(TimeDelta::zero(), |sum, piece| {
        let (count, unit) = piece.split_at_checked(piece.len() - 1).ok_or_else(unreadable)?;
        let count: i64 = count.parse().map_err(|_| unreadable())?;
        let span = match unit {
            "d" => TimeDelta::try_days(count),
            "h" => TimeDelta::try_hours(count),
            "m" => TimeDelta::try_minutes(count),
            _ => None,
        };
        Ok(sum + span.ok_or_else(unreadable)?)
    })
}
