//! The configuration: where its file lies, and the rules that it gives.
//!
//! What it may say is described in [`crate::triage::rules`].

use std::ffi::OsStr;
use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use super::{Error, Result};
use crate::triage::calendar::ics;
use crate::triage::rules::Rules;

/// Bytes of a configuration that are read at most.
const MAX_CONFIG: u64 = 1 << 20;

/// The name of a configuration in a directory.
pub(super) const NAME: &str = "config.toml";

/// The rules, and the file that they were read from.
#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    /// What it says; where there is no file, what ninety comes with.
    pub rules: Rules,
    /// The file; none where there is none.
    pub path: Option<PathBuf>,
}

impl Config {
    /// Reads the configuration: the file that the environment's `NINETY_CONFIG`
    /// names, else `config.toml` in the directory of the store, which is the
    /// team's, else `config.toml` in the user's configuration directory. Only
    /// one is read. Where there is none, everything is as ninety comes.
    ///
    /// # Errors
    /// When a file cannot be read or understood: its name, the line, the mend.
    pub fn load(store: Option<&Path>) -> Result<Self> {
        let named = std::env::var_os("NINETY_CONFIG");
        let user = directories::ProjectDirs::from("", "", "ninety");
        match find(named.as_deref(), store, user.as_ref().map(|dirs| dirs.config_dir())) {
            Some(path) => Self::read(&path),
            None => Ok(Self { rules: rules("", Path::new(NAME))?, path: None }),
        }
    }

    /// Reads the configuration in `path`.
    ///
    /// # Errors
    /// When it or a file that it names cannot be read or understood.
    pub fn read(path: &Path) -> Result<Self> {
        let text = text_of(path, MAX_CONFIG).map_err(|problem| misread(path, &problem))?;
        Ok(Self { rules: rules(&text, path)?, path: Some(path.to_owned()) })
    }
}

/// The file that counts: the one that is named, be it there or not, else the
/// first that is there.
fn find(named: Option<&OsStr>, store: Option<&Path>, user: Option<&Path>) -> Option<PathBuf> {
    let named = named.filter(|name| !name.is_empty()).map(PathBuf::from);
    let lying = || {
        [store, user].into_iter().flatten().map(|directory| directory.join(NAME)).find(|path| path.exists())
    };
    named.or_else(lying)
}

fn rules(text: &str, path: &Path) -> Result<Rules> {
    let beside = |name: &str| {
        let file = path.parent().unwrap_or(Path::new("")).join(name);
        text_of(&file, ics::MAX_BYTES as u64)
    };
    Rules::read(text, beside).map_err(|error| misread(path, &error.to_string()))
}

fn misread(path: &Path, problem: &str) -> Error {
    Error::Misread(crate::text::line(&format!("{}, {problem}", path.display())))
}

/// The text of a file; otherwise why it is none, and the mend.
fn text_of(path: &Path, most: u64) -> std::result::Result<String, String> {
    let failed = |error: std::io::Error| match error.kind() {
        std::io::ErrorKind::NotFound => "which is not there; make it, or name another file".to_owned(),
        _ => format!("which cannot be read: {error}"),
    };
    // Opening a pipe would wait for somebody to write into it.
    if !std::fs::metadata(path).map_err(failed)?.is_file() {
        return Err("which is not a file; name a file".to_owned());
    }
    let mut bytes = Vec::new();
    File::open(path).and_then(|file| file.take(most + 1).read_to_end(&mut bytes)).map_err(failed)?;
    if bytes.len() as u64 > most {
        return Err(format!("which is larger than {} MiB; make it smaller", most >> 20));
    }
    String::from_utf8(bytes).map_err(|error| {
        let good = error.utf8_error().valid_up_to();
        let line = error.as_bytes()[..good].iter().filter(|byte| **byte == b'\n').count() + 1;
        format!("line {line}: not UTF-8; convert it")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_named_file_counts_before_the_teams_and_the_teams_before_the_users() {
        let home = tempfile::tempdir().unwrap();
        let (store, user) = (home.path().join("store"), home.path().join("user"));
        for directory in [&store, &user] {
            std::fs::create_dir(directory).unwrap();
        }
        let found = |named: Option<&str>| find(named.map(OsStr::new), Some(&store), Some(&user));
        assert_eq!(found(None), None);
        std::fs::write(user.join(NAME), "").unwrap();
        assert_eq!(found(None), Some(user.join(NAME)));
        assert_eq!(find(None, None, Some(&user)), Some(user.join(NAME)));
        std::fs::write(store.join(NAME), "").unwrap();
        assert_eq!(found(None), Some(store.join(NAME)));
        assert_eq!(found(Some("")), Some(store.join(NAME)));
        assert_eq!(found(Some("missing.toml")), Some(PathBuf::from("missing.toml")));
    }

    #[test]
    fn holiday_files_lie_beside_the_configuration() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join(NAME);
        std::fs::create_dir(home.path().join("days")).unwrap();
        std::fs::write(&path, "[calendar]\nholiday_files = ['days/de.ics']\n").unwrap();
        let read = || Config::read(&path).map_err(|error| error.to_string());
        let place = format!("{}, line 2, column 18: days/de.ics", path.display());
        assert_eq!(
            read().unwrap_err(),
            format!("{place}: which is not there; make it, or name another file")
        );
        let holidays = home.path().join("days/de.ics");
        std::fs::write(
            &holidays,
            "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20261003\nEND:VEVENT\nEND:VCALENDAR\n",
        )
        .unwrap();
        assert_eq!(read().unwrap().rules.calendar.holidays.len(), 1);
        std::fs::write(&holidays, vec![b' '; ics::MAX_BYTES + 1]).unwrap();
        assert!(read().unwrap_err().contains("larger than 4 MiB"));
        std::fs::write(&holidays, b"BEGIN:VCALENDAR\n\xe9").unwrap();
        assert_eq!(read().unwrap_err(), format!("{place}: line 2: not UTF-8; convert it"));
    }

    #[test]
    fn what_is_no_small_file_is_refused() {
        let home = tempfile::tempdir().unwrap();
        let read = |name: &str| Config::read(&home.path().join(name)).unwrap_err().to_string();
        assert!(read("").contains("which is not a file"));
        assert!(read("missing").contains("which is not there"));
        std::fs::write(home.path().join("large"), vec![b'#'; (1 << 20) + 1]).unwrap();
        assert!(read("large").contains("larger than 1 MiB"));
    }
}
