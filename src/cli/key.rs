//! `ninety key`: taking keys in, and listing them.

use std::fmt::Write as _;
use std::process::ExitCode;

use serde_json::{Value, json};

use super::args::{KeyImport, Seat};
use super::json::instant;
use super::{Output, Result, passphrase};
use crate::desk::KeyListing;
use crate::text;

/// Takes keys in and opens what waited for them.
pub(super) fn import(seat: &Seat, import: &KeyImport, output: &mut Output) -> Result<ExitCode> {
    let passphrase = import.key_passphrase_file.as_deref().map(passphrase::from_file).transpose()?;
    let mut desk = seat.open()?;
    let done = desk.import_keys(&import.files, passphrase.as_ref())?;
    for skipped in &done.skipped {
        eprintln!("ninety: left out: {}", text::line(skipped));
    }
    output.answer(
        || {
            let mut page = table(&done.held);
            if done.opened > 0 {
                let _ = writeln!(page, "{} messages opened that waited for this key", done.opened);
            }
            if done.recognised > 0 {
                let _ = writeln!(page, "{} messages whose signer is known now", done.recognised);
            }
            page
        },
        || {
            json!({ "keys": done.held.iter().map(shape).collect::<Value>(), "skipped": done.skipped,
                   "opened": done.opened, "recognised": done.recognised })
        },
    )?;
    Ok(ExitCode::SUCCESS)
}

/// Lists all keys.
pub(super) fn list(seat: &Seat, output: &mut Output) -> Result<ExitCode> {
    let keys = seat.open()?.keys()?;
    output.answer(|| table(&keys), || keys.iter().map(shape).collect())?;
    Ok(ExitCode::SUCCESS)
}

fn table(keys: &[KeyListing]) -> String {
    if keys.is_empty() {
        return "no keys; take one in with 'ninety key import FILE'\n".to_owned();
    }
    let mut table = String::new();
    for key in keys {
        let kind = if key.secret { "team " } else { "known" };
        let expires =
            key.expires.map_or("does not expire".to_owned(), |at| format!("until {}", at.format("%Y-%m-%d")));
        let _ = writeln!(
            table,
            "{kind}  {}  {}, {expires}, {}",
            key.fingerprint,
            text::line(&key.algorithm),
            text::line(&key.fitness)
        );
        for user_id in &key.user_ids {
            let _ = writeln!(table, "       {}", text::line(user_id));
        }
    }
    table
}

fn shape(key: &KeyListing) -> Value {
    json!({
        "fingerprint": key.fingerprint,
        "kind": if key.secret { "team" } else { "known" },
        "user_ids": key.user_ids,
        "algorithm": key.algorithm,
        "created_at": instant(key.created),
        "expires_at": key.expires.map(instant),
        "fitness": key.fitness,
    })
}
