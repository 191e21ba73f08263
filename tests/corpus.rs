//! Everything in a corpus of real mail and keys that lies beside the
//! repository, taken in by the built program. Skipped where it is missing.
#![allow(clippy::unwrap_used)]

mod support;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::json;
use support::Bench;

fn corpus() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    let place = std::env::var_os("NINETY_CORPUS").map_or(beside, PathBuf::from);
    if place.is_dir() {
        return Some(place.canonicalize().unwrap());
    }
    println!("skipped: there is no corpus in {}", place.display());
    None
}

fn files(directory: &Path, found: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(directory).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_dir() {
            files(&entry.path(), found);
        } else {
            found.insert(entry.path().display().to_string());
        }
    }
}

#[test]
fn every_file_ends_as_a_message_or_a_named_failure() {
    let Some(corpus) = corpus() else { return };
    let bench = Bench::new();
    let (code, value) = bench.json(&["import", corpus.to_str().unwrap()]);
    assert_eq!(code, 1, "keys and texts are no mail");
    let messages = value["messages"].as_array().unwrap();
    let sum =
        ["new_messages", "already_there"].map(|figure| value[figure].as_u64().unwrap()).iter().sum::<u64>();
    let failed = value["failed"].as_array().unwrap();
    assert_eq!(value["read"].as_u64().unwrap(), sum + failed.len() as u64);
    assert_eq!(messages.len() as u64, value["read"].as_u64().unwrap());
    assert!(failed.iter().all(|failure| !failure["reason"].as_str().unwrap().is_empty()));

    let without_number = |source: &str| match source.rsplit_once('#') {
        Some((path, number)) if number.bytes().all(|b| b.is_ascii_digit()) => path.to_owned(),
        _ => source.to_owned(),
    };
    let told: BTreeSet<String> =
        messages.iter().map(|message| without_number(message["source"].as_str().unwrap())).collect();
    let mut there = BTreeSet::new();
    files(&corpus, &mut there);
    let lost: Vec<&String> = there.difference(&told).collect();
    assert!(lost.is_empty(), "not told of: {lost:?}");

    let (_, again) = bench.json(&["import", corpus.to_str().unwrap()]);
    assert_eq!(again["new_messages"], json!(0), "the same mail twice adds nothing");
}
