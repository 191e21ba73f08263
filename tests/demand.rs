//! The mails of a corpus that lies beside the repository, read for disclosure
//! dates: hardly any of them is a report. Skipped where it is missing.
#![allow(clippy::unwrap_used)]

use std::path::{Path, PathBuf};

use chrono::Utc;
use ninety::mail;
use ninety::triage::demand;

fn corpus() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    let place = std::env::var_os("NINETY_CORPUS").map_or(beside, PathBuf::from);
    if place.is_dir() {
        return Some(place);
    }
    eprintln!("skipped: there is no corpus in {}", place.display());
    None
}

fn files(directory: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files(&path, found) } else { found.push(path) }
    }
}

#[test]
fn ordinary_mail_demands_nothing() {
    let Some(corpus) = corpus() else { return };
    let mut all = Vec::new();
    files(&corpus, &mut all);
    let received = "2026-11-23T09:02:00Z".parse().unwrap();
    let (mut read, mut demands) = (0, Vec::new());
    for file in all {
        let bytes = std::fs::read(&file).unwrap();
        if bytes.len() > mail::MAX_MESSAGE {
            continue;
        }
        let text = mail::render(&mail::parse(&bytes).root).text;
        read += 1;
        let found = demand::propose(&text, received, &Utc);
        demands.extend(found.into_iter().map(|demand| format!("{}: {}", file.display(), demand.sentence)));
    }
    assert!(read > 100, "{read} files are no corpus");
    assert!(demands.len() <= 3, "{} in {read} files:\n{}", demands.len(), demands.join("\n"));
}
