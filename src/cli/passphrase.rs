//! Where passphrases come from: a file, a systemd credential, or the terminal without echo.

use std::fs::File;
use std::io::{BufRead as _, BufReader, IsTerminal as _, Read as _};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::{Complaint, Result};
use crate::desk::Error;
use crate::pgp::Password;

/// Bytes of a passphrase file that are read at most.
const MAX_FILE: u64 = 4096;

/// Name of the credential in a systemd unit: `LoadCredential=ninety.passphrase:…`.
/// <https://systemd.io/CREDENTIALS/>
const CREDENTIAL: &str = "ninety.passphrase";

/// The passphrase of a store that exists.
pub(super) fn ask(file: Option<&Path>) -> Result<Password> {
    match from_file_or_credential(file)? {
        Some(passphrase) => Ok(passphrase),
        None => prompt("Passphrase: "),
    }
}

/// The passphrase of a new store: asked for twice at a terminal.
pub(super) fn choose(file: Option<&Path>) -> Result<Password> {
    if let Some(passphrase) = from_file_or_credential(file)? {
        return Ok(passphrase);
    }
    let passphrase = prompt("New passphrase: ")?;
    let again = prompt("The same again: ")?;
    if passphrase != again {
        return Err(Error::Passphrase("the two passphrases differ; nothing was made".into()).into());
    }
    Ok(passphrase)
}

/// The passphrase of a key, asked for at a terminal.
pub(super) fn of_key(question: &str) -> Result<Password> {
    if !std::io::stdin().is_terminal() {
        return Err(Complaint::failed(
            "the key is locked, and there is no terminal to ask for its passphrase",
        )
        .hint("name a file that holds it with --key-passphrase-file"));
    }
    prompt(question)
}

/// A passphrase for a key that leaves, asked for twice.
pub(super) fn choose_for_key() -> Result<Password> {
    let passphrase = of_key("Passphrase to lock it with: ")?;
    if passphrase != prompt("The same again: ")? {
        return Err(Complaint::failed("the two passphrases differ; nothing was written"));
    }
    Ok(passphrase)
}

/// The first line of `path`.
pub(super) fn from_file(path: &Path) -> Result<Password> {
    let failed = |source| Error::file(path, source);
    let file = File::open(path).map_err(failed)?;
    let mut line = Zeroizing::new(Vec::new());
    BufReader::new(file.take(MAX_FILE)).read_until(b'\n', &mut line).map_err(failed)?;
    let end = line.iter().rposition(|byte| !matches!(byte, b'\r' | b'\n')).map_or(0, |last| last + 1);
    if end == 0 {
        let name = crate::text::line(&path.to_string_lossy());
        return Err(
            Error::Passphrase(format!("the first line of {name} is empty, and a passphrase is not")).into()
        );
    }
    Ok(Password::from(&line[..end]))
}

fn from_file_or_credential(file: Option<&Path>) -> Result<Option<Password>> {
    if let Some(path) = file {
        return from_file(path).map(Some);
    }
    let credential =
        std::env::var_os("CREDENTIALS_DIRECTORY").map(|directory| PathBuf::from(directory).join(CREDENTIAL));
    credential.filter(|path| path.exists()).map(|path| from_file(&path)).transpose()
}

fn prompt(question: &str) -> Result<Password> {
    if !std::io::stdin().is_terminal() {
        return Err(Error::Passphrase(
            "the store is locked, and there is no terminal to ask for its passphrase".into(),
        )
        .into());
    }
    let typed = rpassword::prompt_password(question)
        .map(Zeroizing::new)
        .map_err(|source| Error::file("/dev/tty", source))?;
    if typed.is_empty() {
        return Err(Error::Passphrase("an empty passphrase protects nothing; nothing was done".into()).into());
    }
    Ok(Password::from(typed.as_str()))
}
