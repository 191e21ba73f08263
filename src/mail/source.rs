//! Intake sources: walks files, Maildirs and directories, tells by content what
//! each file is, and hands out messages one by one within bounded memory.
//! Whatever is found ends as an offer, taken or refused by name.

use std::fs::{self, File, FileType};
use std::io::{self, Read};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use super::mbox;
use super::offer::{Gathered, Offer, Raw, Refused};
use super::sniff::{ENOUGH, Kind, envelope, sniff};
use super::stream::Stream;

/// Directories inside each other that are walked.
const MAX_DIRECTORIES: usize = 64;

/// The path that means standard input.
const STDIN: &str = "-";

/// Bytes in all files that `paths` lead to, for progress; standard input counts nothing.
pub fn total_bytes(paths: &[PathBuf]) -> u64 {
    let mut total = 0;
    for path in paths {
        let _ = walk(path, &mut |found| {
            if let Found::File { path, .. } = found {
                total += fs::metadata(path).map_or(0, |metadata| metadata.len());
            }
            ControlFlow::Continue(())
        });
    }
    total
}

/// Hands every message that `paths` lead to, and every refusal, to `each`, in
/// order, until it breaks off. `stdin` is read where a path is `-`.
pub fn offers(paths: &[PathBuf], stdin: &mut dyn Read, each: &mut dyn FnMut(Offer) -> ControlFlow<()>) {
    let mut intake = Intake { each, bytes_done: 0 };
    for path in paths {
        let flow = if path.as_os_str() == STDIN {
            intake.stream(STDIN, stdin, Expect::Anything)
        } else {
            walk(path, &mut |found| match found {
                Found::File { path, expect } => intake.file(path, expect),
                Found::Refused { path, reason } => intake.refuse(name(path), reason),
            })
        };
        if flow.is_break() {
            return;
        }
    }
}

/// What is known of a file before it is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Expect {
    /// Nothing.
    Anything,
    /// Its name says that it is mail: text is taken even if it has no headers.
    Mail,
    /// Its place or name says that it is one message: it is taken whatever is in it.
    OneMessage,
}

/// What the walk comes upon.
enum Found<'p> {
    File { path: &'p Path, expect: Expect },
    Refused { path: &'p Path, reason: String },
}

type Visit<'v> = dyn FnMut(Found<'_>) -> ControlFlow<()> + 'v;

/// Visits what `path` leads to, in sorted order.
fn walk(path: &Path, visit: &mut Visit<'_>) -> ControlFlow<()> {
    if path.as_os_str() == STDIN {
        return ControlFlow::Continue(());
    }
    match fs::metadata(path) {
        Ok(metadata) if metadata.is_dir() => {
            let mut count = 0_u64;
            let mut counted = |found: Found<'_>| {
                count += 1;
                visit(found)
            };
            directory(path, 0, &mut counted)?;
            if count == 0 {
                visit(Found::Refused { path, reason: "there is no mail in this directory".to_owned() })?;
            }
            ControlFlow::Continue(())
        }
        Ok(_) => visit(Found::File { path, expect: expect_of(path) }),
        Err(error) => visit(Found::Refused { path, reason: unreadable(&error) }),
    }
}

fn directory(path: &Path, depth: usize, visit: &mut Visit<'_>) -> ControlFlow<()> {
    let entries = match sorted(path) {
        Ok(entries) => entries,
        Err(error) => return visit(Found::Refused { path, reason: unreadable(&error) }),
    };
    if depth >= MAX_DIRECTORIES {
        let reason =
            format!("directories are nested deeper than {MAX_DIRECTORIES}; give the inner one by name");
        return visit(Found::Refused { path, reason });
    }
    let has = |name: &str| entries.iter().any(|(path, kind)| kind.is_dir() && path.ends_with(name));
    let is_maildir = has("cur") || has("new") && has("tmp");
    for (path, kind) in &entries {
        if is_maildir {
            maildir_entry(path, *kind, depth, visit)?;
        } else if kind.is_dir() {
            directory(path, depth + 1, visit)?;
        } else {
            leaf(path, *kind, expect_of(path), visit)?;
        }
    }
    ControlFlow::Continue(())
}

/// Visits one entry of a Maildir: messages lie in `cur` and `new`, folders
/// beside them. A mail server's own files are passed over; anything else that
/// lies there may be a report that somebody put in the wrong place.
fn maildir_entry(path: &Path, kind: FileType, depth: usize, visit: &mut Visit<'_>) -> ControlFlow<()> {
    if path.ends_with("tmp") || !kind.is_dir() && is_of_a_server(path) {
        return ControlFlow::Continue(());
    }
    if !kind.is_dir() {
        return leaf(path, kind, expect_of(path), visit);
    }
    if !path.ends_with("cur") && !path.ends_with("new") {
        let is_hidden = path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
        let is_folder = path.join("cur").is_dir() || path.join("new").is_dir();
        return if is_folder || !is_hidden {
            directory(path, depth + 1, visit)
        } else {
            ControlFlow::Continue(())
        };
    }
    match sorted(path) {
        Ok(entries) => entries.iter().try_for_each(|(path, kind)| match kind {
            kind if kind.is_dir() => directory(path, depth + 1, visit),
            kind => leaf(path, *kind, Expect::OneMessage, visit),
        }),
        Err(error) => visit(Found::Refused { path, reason: unreadable(&error) }),
    }
}

/// Whether a file beside `cur` and `new` belongs to Dovecot, Courier, maildrop or Cyrus.
fn is_of_a_server(path: &Path) -> bool {
    const BEGINNINGS: [&str; 7] =
        [".", "dovecot", "courier", "maildirfolder", "maildirsize", "subscriptions", "cyrus."];
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    BEGINNINGS.iter().any(|beginning| name.starts_with(beginning))
}

fn leaf(path: &Path, kind: FileType, expect: Expect, visit: &mut Visit<'_>) -> ControlFlow<()> {
    if kind.is_file() {
        return visit(Found::File { path, expect });
    }
    let reason = if kind.is_symlink() {
        "it is a symbolic link, and these are not followed; give its target by name"
    } else {
        "it is no ordinary file; give it by name to read it all the same"
    };
    visit(Found::Refused { path, reason: reason.to_owned() })
}

fn sorted(path: &Path) -> io::Result<Vec<(PathBuf, FileType)>> {
    let entry =
        |entry: io::Result<fs::DirEntry>| entry.and_then(|entry| Ok((entry.path(), entry.file_type()?)));
    let mut entries = fs::read_dir(path)?.map(entry).collect::<io::Result<Vec<_>>>()?;
    entries.sort_by(|(one, _), (other, _)| one.cmp(other));
    Ok(entries)
}

fn expect_of(path: &Path) -> Expect {
    let extension = path.extension().unwrap_or_default().to_ascii_lowercase();
    match extension.as_encoded_bytes() {
        b"eml" => Expect::OneMessage,
        b"mbox" | b"mbx" | b"msg" => Expect::Mail,
        _ => Expect::Anything,
    }
}

/// The name of a path, as a source.
fn name(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

fn unreadable(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file; look at the spelling of the path".to_owned(),
        io::ErrorKind::PermissionDenied => {
            "it may not be read; give yourself the right to (chmod u+r), or run as its owner".to_owned()
        }
        _ => format!("it could not be read: {error}"),
    }
}

/// Hands out what it reads.
struct Intake<'e> {
    each: &'e mut dyn FnMut(Offer) -> ControlFlow<()>,
    bytes_done: u64,
}

impl Intake<'_> {
    fn file(&mut self, path: &Path, expect: Expect) -> ControlFlow<()> {
        match File::open(path) {
            Ok(mut file) => {
                let done = self.bytes_done + file.metadata().map_or(0, |metadata| metadata.len());
                self.stream(&name(path), &mut file, expect)?;
                self.bytes_done = done.max(self.bytes_done);
                ControlFlow::Continue(())
            }
            Err(error) => self.refuse(name(path), unreadable(&error)),
        }
    }

    fn stream(&mut self, source: &str, reader: &mut dyn Read, expect: Expect) -> ControlFlow<()> {
        let mut stream = Stream::new(reader);
        stream.fill(ENOUGH);
        let before = self.bytes_done;
        let kind = sniff(stream.window().get(..ENOUGH).unwrap_or(stream.window()));
        match kind {
            Kind::Empty if stream.error.is_none() => {
                self.refuse(source.to_owned(), "the file is empty".to_owned())?
            }
            Kind::Empty => {}
            Kind::Mbox if expect != Expect::OneMessage => self.mbox(source, &mut stream, before)?,
            Kind::Other(reason) if expect != Expect::OneMessage => {
                self.refuse(source.to_owned(), reason.to_owned())?;
            }
            Kind::Text if expect == Expect::Anything => {
                let reason = "it is text without mail headers; rename it to .eml to take it as a message";
                self.refuse(source.to_owned(), reason.to_owned())?;
            }
            _ => {
                let raw = one_message(&mut stream);
                self.bytes_done = before + stream.consumed;
                self.offer(source.to_owned(), Ok(raw))?;
            }
        }
        if let Some(error) = stream.error {
            let reason = format!("reading stopped after {} bytes: {error}", stream.consumed);
            self.refuse(source.to_owned(), reason)?;
        }
        ControlFlow::Continue(())
    }

    fn mbox(&mut self, source: &str, stream: &mut Stream<'_>, before: u64) -> ControlFlow<()> {
        let mut number = 0_u64;
        while let Some(raw) = mbox::next(stream) {
            number += 1;
            self.bytes_done = before + stream.consumed;
            self.offer(format!("{source}#{number}"), Ok(raw))?;
        }
        ControlFlow::Continue(())
    }

    fn refuse(&mut self, source: String, reason: String) -> ControlFlow<()> {
        self.offer(source, Err(Refused { reason }))
    }

    fn offer(&mut self, source: String, taken: Result<Raw, Refused>) -> ControlFlow<()> {
        (self.each)(Offer { source, taken, bytes_done: self.bytes_done })
    }
}

/// The whole stream as one message, without a mailbox line before it.
fn one_message(stream: &mut Stream<'_>) -> Raw {
    let first = super::fields::first_line(stream.window());
    let envelope_date = envelope(first);
    let skipped = if envelope_date.is_some() { first.len() } else { 0 };
    let is_mailbox =
        envelope_date.is_some() && holds_another(stream.window().get(skipped..).unwrap_or_default());
    stream.consume(skipped);
    let mut gathered = Gathered::default();
    while stream.fill(1) {
        gathered.push(stream.window());
        stream.consume(usize::MAX);
    }
    let mut defects = Vec::new();
    if is_mailbox {
        defects.push(
            "lines in it look like further messages of a mailbox; name it .mbox to take them apart"
                .to_owned(),
        );
    }
    if stream.error.is_some() {
        defects.push("reading it stopped before its end: this message is cut off".to_owned());
    }
    gathered.finish(envelope_date, defects)
}

/// Whether something in `text` looks like the line between two messages of a mailbox.
fn holds_another(text: &[u8]) -> bool {
    memchr::memmem::find_iter(text, b"\n\nFrom ").any(|at| {
        let line = text.get(at + 2..).unwrap_or_default();
        envelope(super::fields::first_line(line)).is_some()
    })
}
