//! The store on a real encrypted file.

use chrono::{DateTime, Utc};

use super::cases::{HEAD, ORDER};
use super::*;
use crate::triage::message::Encryption;
use crate::triage::{Case, CaseKey, Person, Query};

fn key(byte: u8) -> DatabaseKey {
    Zeroizing::new([byte; 32])
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn case(id: &str, received: &str) -> Case {
    let reporter = Person { name: "Mara".to_owned(), email: "mara@lindt.example".to_owned() };
    let case = Case::opened(id.to_owned(), &format!("report {id}"), reporter, at(received), Encryption::None);
    Case { tags: vec!["tiff".to_owned()], ..case }
}

/// A store in a directory that goes with it.
fn store() -> (tempfile::TempDir, Store) {
    let directory = tempfile::tempdir().unwrap();
    let store = Store::create(&directory.path().join("ninety.db"), &key(1)).unwrap();
    (directory, store)
}

fn plan(store: &Store, sql: &str) -> String {
    let mut statement = store.connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
    let parameters = vec![1_i64; statement.parameter_count()];
    let rows = statement.query_map(rusqlite::params_from_iter(parameters), |row| row.get::<_, String>(3));
    rows.unwrap().map(|row| row.unwrap()).collect::<Vec<_>>().join("\n")
}

#[test]
fn hot_queries_walk_their_index_and_sort_nothing() {
    let (_directory, store) = store();
    assert_eq!(plan(&store, HEAD), "SEARCH cases USING INDEX cases_queue (listed=?)");
    assert_eq!(plan(&store, ORDER), "SEARCH cases USING COVERING INDEX cases_queue (listed=?)");
    let by_digest = "SELECT id, case_id FROM message WHERE digest = ?1";
    assert!(plan(&store, by_digest).contains("USING INDEX sqlite_autoindex_message"));
    let waiting =
        "SELECT id FROM message WHERE encryption = 'failed' OR signature = 'unknown_key' ORDER BY id";
    assert!(plan(&store, waiting).contains("USING INDEX message_waiting"), "{}", plan(&store, waiting));
    let thread = "SELECT case_id FROM thread WHERE message_id = ?1 AND seen = ?2 ORDER BY case_id LIMIT 1";
    assert!(plan(&store, thread).contains("USING PRIMARY KEY (message_id=?)"));
}

#[test]
fn what_is_kept_comes_back_the_same() {
    let (_directory, mut store) = store();
    let kept =
        store.write(|writer| writer.insert_case(&case("SEC-2026-0001", "2026-11-23T09:00:00Z"))).unwrap();
    let expected = Case { key: kept, ..case("SEC-2026-0001", "2026-11-23T09:00:00Z") };
    assert_eq!(store.case(kept).unwrap(), expected);
    assert_eq!(store.key_of("sec-2026-0001").unwrap(), kept);
}

#[test]
fn the_queue_is_in_the_order_of_what_is_due() {
    let (_directory, mut store) = store();
    let keys: Vec<CaseKey> = ["2026-11-20", "2026-11-18", "2026-11-19"]
        .iter()
        .enumerate()
        .map(|(number, day)| {
            let case = case(&format!("SEC-2026-000{number}"), &format!("{day}T09:00:00Z"));
            store.write(|writer| writer.insert_case(&case)).unwrap()
        })
        .collect();
    let due_first = [keys[1], keys[2], keys[0]];
    assert_eq!(store.order(&Query::default()).unwrap(), due_first);
    let rows: Vec<CaseKey> = store.first_rows(2).unwrap().iter().map(|row| row.key).collect();
    assert_eq!(rows, due_first[..2]);
}

#[test]
fn another_key_opens_nothing() {
    let (directory, store) = store();
    drop(store);
    let path = directory.path().join("ninety.db");
    assert!(matches!(Store::open(&path, &key(2)), Err(Error::NotDecryptable(_))));
    assert!(Store::open(&path, &key(1)).is_ok());
}

#[test]
fn a_store_of_a_newer_version_is_left_alone() {
    let (directory, store) = store();
    store.connection.pragma_update(None, "user_version", 99).unwrap();
    drop(store);
    let path = directory.path().join("ninety.db");
    assert!(matches!(Store::open(&path, &key(1)), Err(Error::Newer { found: 99, .. })));
}

#[test]
fn a_failing_transaction_leaves_nothing() {
    let (_directory, mut store) = store();
    let failed: Result<()> = store.write(|writer| {
        writer.insert_case(&case("SEC-2026-0001", "2026-11-23T09:00:00Z"))?;
        Err(Error::NoCase("stop".to_owned()))
    });
    assert!(failed.is_err());
    assert_eq!(store.count_cases().unwrap(), 0);
}

#[test]
fn two_processes_share_a_store_and_see_each_other() {
    let (directory, mut first) = store();
    let mut second = Store::open(&directory.path().join("ninety.db"), &key(1)).unwrap();
    assert!(!second.has_changed().unwrap());
    first.write(|writer| writer.insert_case(&case("SEC-2026-0001", "2026-11-23T09:00:00Z"))).unwrap();
    assert!(second.has_changed().unwrap());
    assert!(!second.has_changed().unwrap());
    assert!(!first.has_changed().unwrap(), "one's own changes are no news");
    assert_eq!(second.count_cases().unwrap(), 1);
}

#[test]
fn two_writers_race_and_both_are_kept() {
    let (directory, first) = store();
    let path = directory.path().join("ninety.db");
    drop(first);
    let write = |prefix: &'static str| {
        let path = path.clone();
        std::thread::spawn(move || {
            let mut store = Store::open(&path, &key(1)).unwrap();
            for _ in 0..20 {
                store
                    .write(|writer| {
                        let id = writer.next_id(prefix, at("2026-11-23T09:00:00Z"))?;
                        writer.insert_case(&case(&id, "2026-11-23T09:00:00Z"))
                    })
                    .unwrap();
            }
        })
    };
    let (one, two) = (write("A"), write("B"));
    one.join().unwrap();
    two.join().unwrap();
    let store = Store::open(&path, &key(1)).unwrap();
    assert_eq!(store.count_cases().unwrap(), 40);
    assert!(store.check().unwrap().is_empty());
}

#[test]
fn words_of_cases_and_messages_are_found_by_prefix_and_phrase() {
    let (_directory, mut store) = store();
    let mut case = case("SEC-2026-0001", "2026-11-23T09:00:00Z");
    case.product = Some("Imaging Library".to_owned());
    let kept = store
        .write(|writer| {
            case.key = writer.insert_case(&case)?;
            writer.index_case(&case).map(|()| case.key)
        })
        .unwrap();
    for (query, found) in [
        ("rep", true),
        ("sec-2026-00", true),
        ("SEC-2025", false),
        ("\"imaging lib\"", true),
        ("tiff", true),
        ("nothing", false),
        ("-tiff", false),
        ("--", true),
    ] {
        let hits = store.order(&Query::read(query, "ann").unwrap()).unwrap();
        assert_eq!(hits == [kept], found, "{query}");
    }
}

#[test]
fn a_full_disk_takes_nothing_and_what_was_there_stays() {
    let (_directory, mut store) = store();
    store.write(|writer| writer.insert_case(&case("SEC-2026-0001", "2026-11-23T09:00:00Z"))).unwrap();
    // SQLite answers as it does to a disk without room.
    let pages: i64 = store.connection.pragma_query_value(None, "page_count", |row| row.get(0)).unwrap();
    store.connection.pragma_update(None, "max_page_count", pages).unwrap();
    let long = Case { title: "x".repeat(1 << 20), ..case("SEC-2026-0002", "2026-11-23T09:00:00Z") };
    assert!(matches!(store.write(|writer| writer.insert_case(&long)), Err(Error::Full(_))));
    assert_eq!(store.count_cases().unwrap(), 1);
    assert!(store.check().unwrap().is_empty());
}
