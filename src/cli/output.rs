//! Standard output: text for people or one JSON document, never both.

use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use serde_json::Value;

use super::{Complaint, Result};
use crate::desk::Error;

/// Where a command's answer goes.
pub(super) struct Output {
    json: bool,
    is_silent: bool,
}

impl Output {
    /// Text, or JSON where that was asked for.
    pub(super) fn new(json: bool) -> Self {
        Self { json, is_silent: false }
    }

    /// Says nothing: for commands in a script whose own answer is the only one.
    pub(super) fn silent() -> Self {
        Self { json: false, is_silent: true }
    }

    /// Whether JSON was asked for.
    pub(super) fn is_json(&self) -> bool {
        self.json
    }

    /// Writes the answer in the form that was asked for. `text` must be safe already.
    pub(super) fn answer(
        &mut self,
        text: impl FnOnce() -> String,
        json: impl FnOnce() -> Value,
    ) -> Result<()> {
        let answer = if self.json { crate::text::json(&format!("{:#}\n", json())) } else { text() };
        self.bytes(answer.as_bytes())
    }

    /// Writes the answer to a reader who has to take all of it: one who goes
    /// before the end is an error here.
    pub(super) fn deliver(
        &mut self,
        text: impl FnOnce() -> String,
        json: impl FnOnce() -> Value,
    ) -> Result<()> {
        let answer = if self.json { crate::text::json(&format!("{:#}\n", json())) } else { text() };
        if self.is_silent {
            return Ok(());
        }
        let mut out = io::stdout().lock();
        let written = out.write_all(answer.as_bytes()).and_then(|()| out.flush());
        written.map_err(|error| Complaint::failed(format!("standard output: {error}")))
    }

    /// Writes bytes as they are.
    pub(super) fn bytes(&mut self, bytes: &[u8]) -> Result<()> {
        if self.is_silent {
            return Ok(());
        }
        let mut out = io::stdout().lock();
        match out.write_all(bytes).and_then(|()| out.flush()) {
            // Whoever reads has seen enough, as `head` has.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            written => written.map_err(|error| Complaint::failed(format!("standard output: {error}"))),
        }
    }
}

/// Writes a new file that only its owner reads. Never over another one.
pub(super) fn write_new(path: &Path, bytes: &[u8]) -> Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true).mode(0o600);
    let written =
        options.open(path).and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()));
    written.map_err(|source| {
        let is_there = source.kind() == io::ErrorKind::AlreadyExists;
        let complaint = Complaint::from(Error::file(path, source));
        if is_there { complaint.hint("name another file; none is overwritten") } else { complaint }
    })
}
