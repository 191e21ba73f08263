//! `ninety doctor`: what is installed, and whether it is in order.

mod process;

use std::fmt::Write as _;
use std::io::IsTerminal as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::ExitCode;

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::args::Seat;
use super::json::instant;
use super::{Output, Result};
use crate::desk::{Desk, Place};
use crate::store::Store;
use crate::text;

/// A key that expires within this time is worth a warning.
const SOON: TimeDelta = TimeDelta::days(90);

/// How many offers that failed are named, the latest first.
const TOLD_FAILURES: i64 = 5;

/// One thing that was looked at.
struct Finding {
    what: &'static str,
    fine: bool,
    says: String,
}

/// Looks at everything that can be looked at; fails when something is not in order.
pub(super) fn run(seat: &Seat, output: &mut Output) -> Result<ExitCode> {
    let mut findings = vec![fine("ninety", env!("CARGO_PKG_VERSION"))];
    let place = seat.place()?;
    findings.extend(terminal());
    findings.push(editor_directory());
    findings.push(reader());
    findings.extend(process::configuration(seat));
    if place.is_taken() {
        findings.extend(permissions(&place));
        match seat.open() {
            Ok(mut desk) => {
                findings.extend(store(&desk)?);
                findings.extend(process::rota(&desk)?);
                findings.extend(process::obligations(&mut desk)?);
            }
            Err(complaint) => findings.push(wrong("store", complaint.into_message())),
        }
    } else {
        let directory = text::line(&place.directory().to_string_lossy());
        findings.push(wrong("store", format!("there is none in {directory}; make one with 'ninety init'")));
    }
    let healthy = findings.iter().all(|finding| finding.fine);
    output.answer(|| page(&findings), || shape(&findings, healthy))?;
    Ok(if healthy { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn fine(what: &'static str, says: impl Into<String>) -> Finding {
    Finding { what, fine: true, says: says.into() }
}

fn wrong(what: &'static str, says: impl Into<String>) -> Finding {
    Finding { what, fine: false, says: says.into() }
}

fn terminal() -> Vec<Finding> {
    let setting = |name: &str| std::env::var(name).unwrap_or_else(|_| "-".to_owned());
    let size = match crossterm::terminal::size() {
        Ok((columns, rows)) if std::io::stdout().is_terminal() => format!("{columns}x{rows}"),
        _ => "none on standard output".to_owned(),
    };
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].iter().map(|name| setting(name)).find(|value| value != "-");
    let says =
        format!("{size}, TERM {}, locale {}", setting("TERM"), locale.unwrap_or_else(|| "-".to_owned()));
    vec![fine("terminal", text::line(&says))]
}

/// Notes are edited in memory; without such a directory `$EDITOR` is refused.
fn editor_directory() -> Finding {
    match crate::console::memory_directory() {
        Some(directory) => {
            fine("editor", format!("drafts lie in {}", text::line(&directory.to_string_lossy())))
        }
        None => wrong(
            "editor",
            "no memory-backed directory for drafts; set XDG_RUNTIME_DIR to one, such as /dev/shm",
        ),
    }
}

/// Foreign mail is read in a process of its own; what holds that one back
/// depends on the kernel.
fn reader() -> Finding {
    match Seat::readers().walls() {
        Ok(Some(walls)) => fine("reader", walls.to_string()),
        Ok(None) => wrong("reader", "mail is read in this process"),
        Err(error) => wrong("reader", error.to_string()),
    }
}

fn permissions(place: &Place) -> Vec<Finding> {
    let directory = mode("directory", place.directory(), 0o700);
    let files = [("key file", place.key_file()), ("database", place.database())];
    std::iter::once(directory).chain(files.iter().map(|(what, path)| mode(what, path, 0o600))).collect()
}

fn mode(what: &'static str, path: &Path, wanted: u32) -> Finding {
    let shown = text::line(&path.to_string_lossy());
    match std::fs::metadata(path).map(|metadata| metadata.permissions().mode() & 0o777) {
        Ok(mode) if mode & !wanted == 0 => fine(what, format!("{shown} {mode:04o}")),
        Ok(mode) => wrong(what, format!("{shown} is {mode:04o}, readable by others; chmod {wanted:04o} it")),
        Err(error) => wrong(what, format!("{shown}: {error}")),
    }
}

fn store(desk: &Desk) -> Result<Vec<Finding>> {
    let store = desk.store();
    let (schema, sqlite, cipher) = store.versions().map_err(crate::desk::Error::from)?;
    let mut findings = vec![fine("store", format!("schema {schema}, SQLite {sqlite}, SQLCipher {cipher}"))];
    let damage = store.check().map_err(crate::desk::Error::from)?;
    findings.push(match damage.first() {
        None => fine("integrity", "every page is sound"),
        Some(first) => wrong(
            "integrity",
            format!("{} findings, the first: {}; restore from a backup", damage.len(), text::line(first)),
        ),
    });
    findings.push(fine("cases", store.count_cases().map_err(crate::desk::Error::from)?.to_string()));
    findings.extend(ledger(store).map_err(crate::desk::Error::from)?);
    findings.extend(keys(desk)?);
    Ok(findings)
}

/// What intake was ever offered. A failure is told, not judged: a stray file is no fault of the store.
fn ledger(store: &Store) -> crate::store::Result<Vec<Finding>> {
    let counts = store.ledger_counts()?;
    let words: Vec<String> = counts.iter().map(|(outcome, count)| format!("{count} {outcome}")).collect();
    let says = if words.is_empty() { "nothing was offered yet".to_owned() } else { words.join(", ") };
    let failures = store.latest_failures(TOLD_FAILURES)?.into_iter().map(|(at, source, reason)| {
        fine("not taken", format!("{} {}: {}", instant(at), text::line(&source), text::line(&reason)))
    });
    Ok(std::iter::once(fine("intake", says)).chain(failures).collect())
}

fn keys(desk: &Desk) -> Result<Vec<Finding>> {
    let keys = desk.keys()?;
    let mut findings = Vec::new();
    for key in keys.iter().filter(|key| key.secret) {
        let says = format!("{} {}", key.fingerprint, text::line(&key.fitness));
        let expires_soon = key.expires.is_some_and(|at| at < desk.now() + SOON);
        findings.push(match key.expires {
            _ if key.fitness != "usable" => {
                wrong("team key", format!("{says}; reporters cannot encrypt to it, old mail still opens"))
            }
            Some(at) if expires_soon => {
                wrong("team key", format!("{says}, expires on {}; renew it", at.format("%Y-%m-%d")))
            }
            _ => fine("team key", says),
        });
    }
    if findings.is_empty() {
        findings.push(wrong("team key", "none; take one in with 'ninety key import FILE'"));
    }
    let known = keys.iter().filter(|key| !key.secret).count();
    findings.push(fine("known certificates", known.to_string()));
    Ok(findings)
}

fn page(findings: &[Finding]) -> String {
    let mut page = String::new();
    for finding in findings {
        let mark = if finding.fine { "ok " } else { "BAD" };
        let _ = writeln!(page, "{mark}  {:<18}  {}", finding.what, finding.says);
    }
    page
}

fn shape(findings: &[Finding], healthy: bool) -> Value {
    let entry = |finding: &Finding| json!({ "what": finding.what, "ok": finding.fine, "says": finding.says });
    json!({ "ok": healthy, "findings": findings.iter().map(entry).collect::<Value>() })
}
