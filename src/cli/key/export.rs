//! Keys that leave: certificates, revocation certificates, the secret part
//! (asked twice), and the tree of a web key directory.

use std::fs;
use std::io::IsTerminal as _;
use std::path::Path;
use std::process::ExitCode;

use serde_json::json;

use crate::cli::args::{KeyExport, Seat};
use crate::cli::output::write_new;
use crate::cli::{Complaint, Output, Result, ask, passphrase};
use crate::desk::{Error, KeyListing};
use crate::text;

/// Writes a key.
pub(super) fn export(seat: &Seat, export: &KeyExport, output: &mut Output) -> Result<ExitCode> {
    let mut desk = seat.open()?;
    let key = desk.key_named(&export.key)?;
    let bytes = if export.secret {
        confirmed(&key, export.confirm.as_deref(), "This writes the SECRET key of the team.")?;
        let passphrase = match &export.key_passphrase_file {
            Some(file) => passphrase::from_file(file)?,
            None if key.is_locked => passphrase::of_key("Passphrase of this key: ")?,
            None => passphrase::choose_for_key()?,
        };
        desk.export_secret(&key.fingerprint, &passphrase)?.to_vec()
    } else if export.revocation {
        desk.revocation_of(&key.fingerprint)?
    } else {
        desk.export_key(&key.fingerprint)?
    };
    match &export.output {
        None => output.bytes(&bytes)?,
        Some(file) => {
            write_new(file, &bytes)?;
            let name = text::line(&file.to_string_lossy());
            output.answer(
                || format!("written to {name}\n"),
                || json!({ "file": name, "fingerprint": key.fingerprint }),
            )?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Writes the web key directory.
pub(super) fn publish(seat: &Seat, directory: &Path, output: &mut Output) -> Result<ExitCode> {
    let files = seat.open()?.web_key_directory()?;
    for file in &files {
        let path = directory.join(&file.path);
        let failed = |source| Error::file(&path, source);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(failed)?;
        }
        fs::write(&path, &file.bytes).map_err(failed)?;
    }
    let paths: Vec<&str> = files.iter().map(|file| file.path.as_str()).collect();
    let page = || {
        let root = text::line(&directory.to_string_lossy());
        format!("{}\ncopy {root}/.well-known to the root of the web server\n", paths.join("\n"))
    };
    output.answer(page, || json!({ "files": paths }))?;
    Ok(ExitCode::SUCCESS)
}

/// Asks a second time before something that cannot be taken back: the whole
/// fingerprint on the command line, or its end at a terminal.
pub(super) fn confirmed(key: &KeyListing, given: Option<&str>, what: &str) -> Result<()> {
    let squeezed =
        |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_uppercase();
    let last = key.fingerprint.get(key.fingerprint.len().saturating_sub(8)..).unwrap_or_default();
    let is_confirmed = match given {
        Some(given) => squeezed(given) == key.fingerprint,
        None if std::io::stdin().is_terminal() => {
            eprintln!("{what}\n{}", key.fingerprint);
            squeezed(&ask("Type the last 8 digits of its fingerprint to go on", "")?) == last
        }
        None => false,
    };
    if is_confirmed {
        return Ok(());
    }
    Err(Complaint::failed("not confirmed; nothing was done")
        .hint("give the whole fingerprint with --confirm, or answer at a terminal"))
}
