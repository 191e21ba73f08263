//! The texts that answers begin with: ours, and those of the person's own
//! directory, which come first.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use chrono::Local;

use crate::desk::{Error, Result};
use crate::text;
use crate::triage::Case;

/// Asks the reporter for a certificate; says nothing of the report.
pub(super) const KEY: &str = "key";

/// Below an answer that goes in the clear.
pub(super) const INVITATION: &str = include_str!("../../../assets/replies/invitation.txt");

const OURS: [(&str, &str); 6] = [
    ("acknowledge", include_str!("../../../assets/replies/acknowledge.txt")),
    ("question", include_str!("../../../assets/replies/question.txt")),
    ("accepted", include_str!("../../../assets/replies/accepted.txt")),
    ("fixed", include_str!("../../../assets/replies/fixed.txt")),
    ("declined", include_str!("../../../assets/replies/declined.txt")),
    (KEY, include_str!("../../../assets/replies/key.txt")),
];

/// Bytes of a template that are read at most.
const MAX_FILE: u64 = 64 << 10;

/// Whom and what a template speaks of.
pub(super) struct Subject<'a> {
    pub(super) case: &'a Case,
    pub(super) actor: &'a str,
    pub(super) team: &'a str,
}

/// The template called `name`, from `directory` where it is there, else ours.
pub(super) fn find(name: &str, directory: Option<&Path>) -> Result<String> {
    if let Some(file) = directory.filter(|_| is_name(name)).map(|dir| dir.join(format!("{name}.txt")))
        && file.is_file()
    {
        return read(file);
    }
    OURS.iter().find(|(known, _)| *known == name).map(|(_, text)| (*text).to_owned()).ok_or_else(|| {
        let known: Vec<&str> = OURS.iter().map(|(known, _)| *known).collect();
        let own = directory.map_or(String::new(), |directory| {
            format!(", and files NAME.txt in {}", text::line(&directory.to_string_lossy()))
        });
        let shown = text::line(name);
        Error::Misread(format!("there is no template '{shown}'; there are {}{own}", known.join(", ")))
    })
}

/// Where a person's own templates lie: files `NAME.txt`.
pub fn own_directory() -> Option<PathBuf> {
    directories::ProjectDirs::from("", "", "ninety").map(|dirs| dirs.config_dir().join("replies"))
}

/// The names of the templates that say something of a report: ours, then the
/// others of `directory`, sorted. What is no name of a template is left out.
pub(super) fn names(directory: Option<&Path>) -> Vec<String> {
    let ours = OURS.iter().map(|(name, _)| (*name).to_owned()).filter(|name| name != KEY);
    let mut names: Vec<String> = ours.collect();
    let files = directory.and_then(|directory| std::fs::read_dir(directory).ok()).into_iter().flatten();
    let stem = |entry: std::io::Result<std::fs::DirEntry>| {
        let name = entry.ok()?.file_name().into_string().ok()?;
        name.strip_suffix(".txt").map(str::to_owned)
    };
    let is_new = |name: &String| is_name(name) && name != KEY && OURS.iter().all(|(known, _)| known != name);
    let mut own: Vec<String> = files.filter_map(stem).filter(is_new).collect();
    own.sort();
    names.append(&mut own);
    names
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'))
}

fn read(file: PathBuf) -> Result<String> {
    let mut text = String::new();
    let opened = File::open(&file).and_then(|opened| opened.take(MAX_FILE).read_to_string(&mut text));
    opened.map_err(|source| Error::file(file, source))?;
    Ok(text)
}

/// The template with its names filled in. Each is replaced once: what stands in
/// a name is not looked at again.
pub(super) fn filled(template: &str, subject: &Subject<'_>) -> String {
    let case = subject.case;
    let name = text::line(case.reporter.name.trim());
    let day = case.disclosure.at.with_timezone(&Local).format("%-d %B %Y").to_string();
    let value = |key: &str| match key {
        "greeting" if name.is_empty() => Some("Hello".to_owned()),
        "greeting" => Some(format!("Hello {name}")),
        "reporter" => Some(name.clone()),
        "case" => Some(case.id.clone()),
        "title" => Some(text::line(&case.title)),
        "disclosure" => Some(day.clone()),
        "actor" => Some(text::line(subject.actor)),
        "team" => Some(text::line(subject.team)),
        _ => None,
    };
    let mut out = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        match after.split_once('}').and_then(|(key, behind)| Some((value(key)?, behind))) {
            Some((value, behind)) => {
                out.push_str(&value);
                rest = behind;
            }
            None => {
                out.push('{');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::triage::Person;
    use crate::triage::message::Encryption;

    fn case(name: &str) -> Case {
        let reporter = Person { name: name.to_owned(), email: "mara@lindt.example".to_owned() };
        let at = "2026-11-23T12:00:00Z".parse().unwrap();
        Case::opened("SEC-2026-0042".to_owned(), "a title", reporter, at, Encryption::None)
    }

    fn said(template: &str, name: &str) -> String {
        filled(template, &Subject { case: &case(name), actor: "ann", team: "Example" })
    }

    #[test]
    fn every_template_of_ours_is_filled_in_completely() {
        for (name, text) in OURS {
            let said = said(text, "Mara");
            assert!(!said.contains(['{', '}']), "{name}: {said}");
            assert!(said.starts_with("Hello Mara,\n") && said.contains("SEC-2026-0042"));
        }
    }

    #[test]
    fn what_stands_in_a_name_is_not_filled_in_again() {
        assert_eq!(said("{greeting}, {nobody} {", "{actor} {"), "Hello {actor} {, {nobody} {");
        assert_eq!(said("{greeting},", " "), "Hello,");
    }

    #[test]
    fn asking_for_a_key_says_nothing_of_the_report() {
        let (_, text) = OURS.iter().find(|(name, _)| *name == KEY).unwrap();
        assert!(!text.contains("{title}") && !text.contains("decrypt"));
    }

    #[test]
    fn an_own_template_comes_first_and_a_name_is_no_path() {
        let directory = tempfile::tempdir().unwrap();
        std::fs::write(directory.path().join("question.txt"), "mine").unwrap();
        assert_eq!(find("question", Some(directory.path())).unwrap(), "mine");
        assert!(find("fixed", Some(directory.path())).unwrap().contains("released"));
        assert!(find("../question", Some(directory.path())).is_err());
        for name in ["not-ours.txt", "a b.txt", "\u{202e}x.txt", "key.txt", "notes.md"] {
            std::fs::write(directory.path().join(name), "x").unwrap();
        }
        let names = names(Some(directory.path()));
        assert_eq!(names, ["acknowledge", "question", "accepted", "fixed", "declined", "not-ours"]);
        let error = find("nothing", None).unwrap_err().to_string();
        assert!(error.contains("acknowledge, question, accepted, fixed, declined, key"), "{error}");
    }
}
