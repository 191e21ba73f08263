//! Standard output: text for people or one JSON document, never both.

use std::fs::OpenOptions;
use std::io::{self, IsTerminal as _, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use serde_json::Value;

use super::json::of;
use super::{Complaint, Result};
use crate::desk::Error;
use crate::triage::mark;

/// Where a command's answer goes.
pub(super) struct Output {
    json: bool,
    is_silent: bool,
    is_drill: bool,
}

impl Output {
    /// Text, or JSON where that was asked for.
    pub(super) fn new(json: bool) -> Self {
        Self { json, is_silent: false, is_drill: false }
    }

    /// Says nothing: for commands in a script whose own answer is the only one.
    pub(super) fn silent() -> Self {
        Self { json: false, is_silent: true, is_drill: false }
    }

    /// The same for the store of a drill: what leaves a terminal says so.
    pub(super) fn of_drill(self, is_drill: bool) -> Self {
        Self { is_drill, ..self }
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
        let answer = self.formed(text, json);
        self.bytes(answer.as_bytes())
    }

    /// Writes the answer to a reader who has to take all of it: one who goes
    /// before the end is an error here.
    pub(super) fn deliver(
        &mut self,
        text: impl FnOnce() -> String,
        json: impl FnOnce() -> Value,
    ) -> Result<()> {
        let answer = self.formed(text, json);
        if self.is_silent {
            return Ok(());
        }
        let mut out = io::stdout().lock();
        let written = out.write_all(answer.as_bytes()).and_then(|()| out.flush());
        written.map_err(|error| Complaint::failed(format!("standard output: {error}")))
    }

    /// The answer in its form. On a terminal standard error has said already
    /// that it is one of a drill.
    fn formed(&self, text: impl FnOnce() -> String, json: impl FnOnce() -> Value) -> String {
        if self.json {
            let document = if self.is_drill { marked(json()) } else { json() };
            return crate::text::json(&format!("{document:#}\n"));
        }
        let answer = text();
        let is_marked = answer.lines().next().is_some_and(|first| first.contains(mark::MARK));
        if self.is_drill && !is_marked && !answer.is_empty() && !io::stdout().is_terminal() {
            return format!("{}\n{answer}", mark::LINE);
        }
        answer
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

/// A document, or each one of a list, that says it is of a drill.
fn marked(document: Value) -> Value {
    match document {
        Value::Array(documents) => documents.into_iter().map(|one| of(true, one)).collect(),
        other => of(true, other),
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
