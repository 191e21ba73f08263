//! The rooms of the crate and the doors between them, read from the `use` lines.
#![allow(clippy::unwrap_used)]

use std::path::Path;

/// What each room may use of the crate, besides itself.
const DOORS: [(&str, &[&str]); 10] = [
    ("triage", &["text"]),
    ("store", &["triage", "text"]),
    ("mail", &["triage", "text"]),
    ("pgp", &["triage", "text"]),
    ("age", &[]),
    ("desk", &["triage", "text", "store", "mail", "pgp", "age"]),
    ("drill", &["triage", "text", "mail", "pgp", "desk"]),
    ("demo", &["triage", "text", "mail", "pgp", "desk", "drill"]),
    ("console", &["triage", "text", "desk", "drill"]),
    // The command line tells intake's outcomes and store errors apart.
    ("cli", &["triage", "text", "store", "pgp", "desk", "drill", "demo", "console"]),
];

/// The files of a room: those in its directory, or the one that it is.
fn sources(directory: &Path, found: &mut Vec<(String, String)>) {
    if !directory.is_dir() {
        let file = directory.with_extension("rs");
        found.push((file.display().to_string(), std::fs::read_to_string(&file).unwrap()));
        return;
    }
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else {
            found.push((path.display().to_string(), std::fs::read_to_string(&path).unwrap()));
        }
    }
}

/// The rooms that follow `crate::` in code (not in comments).
fn rooms_used(source: &str) -> Vec<String> {
    let code = source.lines().filter(|line| !line.trim_start().starts_with("//"));
    let joined = code.collect::<Vec<_>>().join("\n");
    let mut rooms = Vec::new();
    for rest in joined.split("crate::").skip(1) {
        if let Some(group) = rest.strip_prefix('{') {
            let names = group.split('}').next().unwrap_or_default();
            rooms.extend(
                names.split(',').map(|name| name.trim().split("::").next().unwrap_or_default().to_owned()),
            );
        } else {
            rooms.push(
                rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default().to_owned(),
            );
        }
    }
    rooms
}

#[test]
fn doors_open_one_way() {
    let mut wrong = Vec::new();
    for (room, may_use) in DOORS {
        let mut files = Vec::new();
        sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(room), &mut files);
        assert!(!files.is_empty(), "{room} has no files");
        for (file, source) in files {
            for used in rooms_used(&source) {
                let is_room = DOORS.iter().any(|(name, _)| *name == used);
                if is_room && used != room && !may_use.contains(&used.as_str()) {
                    wrong.push(format!("{file} uses {used}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn sql_stays_in_the_store() {
    let mut files = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut files);
    let outside =
        files.iter().filter(|(file, source)| !file.contains("/src/store/") && source.contains("rusqlite"));
    assert_eq!(outside.map(|(file, _)| file).collect::<Vec<_>>(), Vec::<&String>::new());
}
