//! A message as a tree of MIME entities, borrowed from its bytes.

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::parse::parse;
use crate::triage::Person;

/// One message: its headers, its MIME tree, and what is wrong with it.
#[derive(Debug, Clone)]
pub struct Mail<'a> {
    /// The outer headers.
    pub headers: Headers,
    /// The MIME tree.
    pub root: Entity<'a>,
    /// What is malformed, in words; it was read nevertheless.
    pub defects: Vec<String>,
}

/// The headers that ninety reads. All strings are foreign text, decoded
/// (RFC 2047, RFC 2231) but not yet safe to show.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Headers {
    /// Mailboxes of all From fields together.
    pub from: Vec<Person>,
    /// How many From fields there are; more than one is an attack or a defect.
    pub from_fields: usize,
    /// Mailboxes of To and Cc.
    pub to: Vec<Person>,
    /// Date field: a claim of the sender.
    pub date: Option<DateTime<Utc>>,
    /// Subject; `None` where the field is missing.
    pub subject: Option<String>,
    /// Message-ID without angle brackets.
    pub message_id: Option<String>,
    /// In-Reply-To, without angle brackets.
    pub in_reply_to: Vec<String>,
    /// References in their order, without angle brackets.
    pub references: Vec<String>,
    /// Time of the topmost Received field: our own server's word.
    pub received: Option<DateTime<Utc>>,
}

/// One MIME entity.
#[derive(Debug, Clone)]
pub struct Entity<'a> {
    /// `type/subtype` in lower case; `text/plain` where none is given (RFC 2045, section 5.2).
    pub media_type: String,
    /// Parameters of Content-Type, names in lower case, values decoded. Foreign text.
    pub parameters: Vec<(String, String)>,
    /// File name from Content-Disposition or Content-Type. Foreign text, never a path.
    pub file_name: Option<String>,
    /// Whether Content-Disposition says `attachment`.
    pub is_attachment: bool,
    /// Headers of this entity: those that protect a payload (RFC 9788) stand here.
    pub headers: Headers,
    /// Header, blank line and body exactly as they came, without the line break
    /// that belongs to the boundary: what a detached signature covers (RFC 3156, section 5).
    pub raw: &'a [u8],
    /// The body exactly as it came, transfer encoding not undone.
    pub encoded: &'a [u8],
    /// What is inside.
    pub content: Content<'a>,
}

/// What is inside an entity, with transfer encoding and charset undone.
#[derive(Debug, Clone)]
pub enum Content<'a> {
    /// Any text type but HTML.
    Text(Cow<'a, str>),
    /// HTML, as source.
    Html(Cow<'a, str>),
    /// Anything else.
    Bytes(Cow<'a, [u8]>),
    /// The parts of a multipart.
    Parts(Vec<Entity<'a>>),
    /// A message/rfc822 or message/global.
    Message(Box<Mail<'a>>),
}

impl Entity<'_> {
    /// The body with its transfer encoding undone and its charset left alone.
    pub fn decoded(&self) -> Vec<u8> {
        match &self.content {
            Content::Bytes(bytes) => bytes.to_vec(),
            Content::Message(_) | Content::Parts(_) => self.encoded.to_vec(),
            Content::Text(_) | Content::Html(_) => self.decoded_text(),
        }
    }

    fn decoded_text(&self) -> Vec<u8> {
        let header = self.raw.get(..self.raw.len() - self.encoded.len()).unwrap_or_default();
        let is_encoding = |line: &&[u8]| {
            let name = b"content-transfer-encoding:";
            line.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name))
        };
        let encoding =
            header.split(|byte| *byte == b'\n').find(is_encoding).unwrap_or_default().trim_ascii_end();
        let part =
            [b"Content-Type: application/octet-stream\r\n", encoding, b"\r\n\r\n", self.encoded].concat();
        match parse(&part).root.content {
            Content::Bytes(bytes) => bytes.into_owned(),
            _ => self.encoded.to_vec(),
        }
    }

    /// The value of a Content-Type parameter; `name` in lower case.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}
