//! The scenarios that there are: ninety's own, and those in the user's directory.

use std::path::{Path, PathBuf};

use super::Scenario;
use crate::triage::rules::Misread;

/// What `ninety drill new` writes.
pub const SKELETON: &str = include_str!("../../assets/drill.toml");

/// The scenarios of these names, with their texts.
macro_rules! own {
    ($($name:literal),+ $(,)?) => {
        &[$(($name, include_str!(concat!("../../assets/drills/", $name, ".toml"))),)+]
    };
}

/// ninety's own, in the order in which a newcomer should play them.
const OWN: &[(&str, &str)] = own![
    "first-steps",
    "queue-tour",
    "first-encrypted",
    "monday-flood",
    "expired-key",
    "forged-signature",
    "shift-change",
    "seven-days",
    "two-reporters",
    "silent-vendor",
    "press-call",
    "embargo-leak",
    "exploited-holiday",
    "day-90",
];

/// A scenario that was found.
#[derive(Debug, Clone)]
pub struct Found {
    /// Its name.
    pub name: String,
    /// Its file; none for one of ninety's own.
    pub file: Option<PathBuf>,
    /// What it says, or all that is wrong with it.
    pub read: Result<Box<Scenario>, Vec<Misread>>,
}

/// Where scenarios are looked for.
#[derive(Debug, Clone)]
pub struct Library {
    directory: Option<PathBuf>,
}

impl Library {
    /// ninety's own and those in `directory`.
    pub fn new(directory: Option<PathBuf>) -> Self {
        Self { directory }
    }

    /// All of them: ninety's own first, then the user's by name. One of the
    /// user's takes the place of ninety's own with the same name.
    pub fn all(&self) -> Vec<Found> {
        let users = self.users();
        let own = OWN.iter().map(|(name, text)| found(name, None, text));
        let mut all: Vec<Found> = own.filter(|own| !users.iter().any(|user| user.name == own.name)).collect();
        all.extend(users);
        all
    }

    fn users(&self) -> Vec<Found> {
        let Some(directory) = &self.directory else { return Vec::new() };
        let Ok(entries) = std::fs::read_dir(directory) else { return Vec::new() };
        let mut files: Vec<PathBuf> = entries
            .filter_map(|entry| Some(entry.ok()?.path()))
            .filter(|path| path.extension().is_some_and(|ending| ending == "toml"))
            .collect();
        files.sort();
        files.iter().map(|file| read_file(file).unwrap_or_else(|error| unreadable(file, &error))).collect()
    }

    /// The one with this name, or in this file.
    ///
    /// # Errors
    /// When the file cannot be read; nothing where there is none of this name.
    pub fn find(&self, name: &str) -> std::io::Result<Option<Found>> {
        let path = Path::new(name);
        if name.contains('/') || path.extension().is_some_and(|ending| ending == "toml") {
            return read_file(path).map(Some);
        }
        Ok(self.all().into_iter().find(|found| found.name == name))
    }
}

/// Reads the scenario in a file.
///
/// # Errors
/// When the file cannot be read as text.
pub fn read_file(path: &Path) -> std::io::Result<Found> {
    use std::io::Read as _;
    // A little more than a scenario may have, so that one that is too large is told so.
    const MOST: u64 = (1 << 20) + 1;
    let mut text = String::new();
    std::fs::File::open(path)?.take(MOST).read_to_string(&mut text)?;
    let name = path.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
    Ok(found(&name, Some(path.to_owned()), &text))
}

/// A file that is there and cannot be read: it stands in the list, and says why.
fn unreadable(path: &Path, error: &std::io::Error) -> Found {
    let name = path.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
    let why = Misread::at("", 0..0, format!("the file cannot be read: {error}"));
    Found { name, file: Some(path.to_owned()), read: Err(vec![why]) }
}

fn found(name: &str, file: Option<PathBuf>, text: &str) -> Found {
    Found { name: name.to_owned(), file, read: Scenario::read(name, text).map(Box::new) }
}
