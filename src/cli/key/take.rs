//! Taking keys in, and opening what waited for them.

use std::fmt::Write as _;
use std::path::Path;
use std::process::ExitCode;

use serde_json::{Value, json};

use super::{shape, table};
use crate::cli::args::{KeyImport, Seat};
use crate::cli::{Complaint, Output, Result, passphrase};
use crate::desk::{self, kept_for};
use crate::text;

/// Takes keys in and opens what waited for them.
pub(super) fn import(seat: &Seat, import: &KeyImport, output: &mut Output) -> Result<ExitCode> {
    let passphrase = import.key_passphrase_file.as_deref().map(passphrase::from_file).transpose()?;
    let mut desk = seat.open()?.asking_agent();
    let done = if import.agent {
        desk.import_agent_keys(&import.files)?
    } else {
        desk.import_keys(&import.files, passphrase.as_ref())?
    };
    for skipped in &done.skipped {
        eprintln!("ninety: left out: {}", text::line(skipped));
    }
    let page = || {
        let mut page = table(&done.held, desk.now());
        for recipient in &done.identities {
            let _ = writeln!(page, "team   age {recipient}");
        }
        if done.held.iter().any(|key| key.is_locked) {
            page.push_str("a key stays locked; 'ninety key unlock' opens what waits for it\n");
        }
        page + &told(&done)
    };
    output.answer(page, || {
        json!({ "keys": done.held.iter().map(shape).collect::<Value>(), "skipped": done.skipped,
                "identities": done.identities, "opened": done.opened, "recognised": done.recognised })
    })?;
    Ok(ExitCode::SUCCESS)
}

/// Opens what waits for locked keys, and for keys in the GnuPG agent.
pub(super) fn unlock(seat: &Seat, file: Option<&Path>, output: &mut Output) -> Result<ExitCode> {
    let setting = std::env::var("NINETY_UNLOCK_MINUTES").ok();
    let time = kept_for(setting.as_deref()).map_err(Complaint::misread)?;
    let mut desk = seat.open()?.asking_agent();
    let is_locked = desk.keys()?.iter().any(|key| key.secret && key.is_locked);
    let (opened, done) = if is_locked {
        let passphrase = match file {
            Some(file) => passphrase::from_file(file)?,
            None => passphrase::of_key("Passphrase of the team's key: ")?,
        };
        desk.unlock(&passphrase, time)?
    } else {
        (Vec::new(), desk.open_again()?)
    };
    let page = || {
        let mut page = String::new();
        for fingerprint in &opened {
            let _ = writeln!(page, "opened {fingerprint}");
        }
        let told = told(&done);
        page + if told.is_empty() { "nothing waited for it\n" } else { &told }
    };
    output
        .answer(page, || json!({ "keys": opened, "opened": done.opened, "recognised": done.recognised }))?;
    Ok(ExitCode::SUCCESS)
}

fn told(done: &desk::KeyImport) -> String {
    let mut page = String::new();
    if done.opened > 0 {
        let _ = writeln!(page, "{} messages opened that waited for this key", done.opened);
    }
    if done.recognised > 0 {
        let _ = writeln!(page, "{} messages whose signer is known now", done.recognised);
    }
    page
}
