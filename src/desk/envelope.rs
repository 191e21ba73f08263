//! Provisional.
use chrono::{DateTime, Utc};

use crate::pgp::Keyring;
use crate::triage::message::Content;

/// A message read.
#[derive(Debug)]
pub struct Reading {
    pub message_id: Option<String>,
    pub answers: Vec<String>,
    pub received: Option<DateTime<Utc>>,
    pub content: Content,
}

pub fn read(_raw: &[u8], _keyring: &Keyring<'_>, _now: DateTime<Utc>) -> Reading {
    Reading {
        message_id: None,
        answers: vec![],
        received: None,
        content: Content {
            from: Default::default(),
            to: vec![],
            date: None,
            subject: String::new(),
            text: String::new(),
            attachments: vec![],
            verdict: crate::triage::message::Verdict::unprotected(),
            defects: vec![],
        },
    }
}
