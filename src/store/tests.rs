//! The store on a real encrypted file.

use chrono::{DateTime, Utc};

use super::cases::{HEAD, ORDER};
use super::*;
use crate::triage::message::Encryption;
use crate::triage::{Case, CaseKey, Person, Query};

fn key(byte: u8) -> DatabaseKey {
    Zeroizing::new([byte; 32])
}

pub(super) fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn case(id: &str, received: &str) -> Case {
    let reporter = Person { name: "Mara".to_owned(), email: "mara@lindt.example".to_owned() };
    let case = Case::opened(id.to_owned(), &format!("report {id}"), reporter, at(received), Encryption::None);
    Case { tags: vec!["tiff".to_owned()], ..case }
}

/// A store in a directory that goes with it.
pub(super) fn store() -> (tempfile::TempDir, Store) {
    let directory = tempfile::tempdir().unwrap();
    let store = Store::create(&directory.path().join("ninety.db"), &key(1)).unwrap();
    (directory, store)
}

pub(super) fn plan(store: &Store, sql: &str) -> String {
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
    assert_eq!(store.order(&Query::default(), &at("2026-11-23T12:00:00Z")).unwrap(), due_first);
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
        let hits = store.order(&Query::read(query, "ann").unwrap(), &at("2026-11-23T12:00:00Z")).unwrap();
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

#[test]
fn a_store_of_the_first_schema_opens_and_keeps_what_it_knew() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("ninety.db");
    let hex: String = key(1).iter().map(|byte| format!("{byte:02x}")).collect();
    let first = Connection::open(&path).unwrap();
    first.execute_batch(&format!("PRAGMA key = \"x'{hex}'\"")).unwrap();
    first.execute_batch(include_str!("../../assets/migrations/0001_desk.sql")).unwrap();
    first
        .execute_batch(
            "INSERT INTO cert VALUES ('AA', 0, 1000, 'ann', x'01'), ('BB', 1, 2000, 'ben', x'02');
             INSERT INTO cert_key VALUES ('AA', 'AA'), ('BB', 'BB');
             INSERT INTO cert_address VALUES ('mara@lindt.example', 'AA'), ('security@example.org', 'BB');
             PRAGMA user_version = 1;",
        )
        .unwrap();
    drop(first);

    let store = Store::open(&path, &key(1)).unwrap();
    assert_eq!(store.versions().unwrap().0, 2);
    let standing = store.standing("Mara@Lindt.example", "AA").unwrap().unwrap();
    assert_eq!((standing.trust, standing.by.as_str()), (crate::triage::Trust::Imported, "ann"));
    assert_eq!(standing.at.timestamp(), 1000);
    assert_eq!(store.sightings("BB").unwrap()[0].first_at.timestamp(), 2000);
    let kept = store.kept_certs().unwrap();
    assert_eq!(
        kept.iter().map(|cert| (cert.fingerprint.as_str(), cert.secret)).collect::<Vec<_>>(),
        [("BB", true), ("AA", false)]
    );
    assert!(kept.iter().all(|cert| cert.revocation.is_none()));
}

#[test]
fn what_is_thought_of_a_certificate_is_kept_by_address() {
    use crate::triage::trust::Standing;
    use crate::triage::{Origin, Trust};
    let (_directory, mut store) = store();
    let now = at("2026-11-23T12:00:00Z");
    let record = |fingerprint: &str| CertRecord {
        fingerprint: fingerprint.into(),
        secret: false,
        handles: vec![fingerprint.into()],
        addresses: vec!["mara@lindt.example".into()],
        bytes: vec![1],
    };
    let standing =
        |trust| Standing { address: "Mara@lindt.example".into(), trust, at: now, by: "ann".into() };
    store
        .write(|writer| {
            for (fingerprint, trust) in [("AA", Trust::FirstUse), ("BB", Trust::Candidate)] {
                writer.save_cert(&record(fingerprint), "ann", now)?;
                writer.set_standing(fingerprint, &standing(trust))?;
                writer.sight(fingerprint, "mara@lindt.example", Origin::Attached, now)?;
            }
            writer.sight("AA", "mara@lindt.example", Origin::Attached, now + chrono::TimeDelta::days(1))?;
            assert_eq!(writer.others_accepted("MARA@lindt.example", "BB")?, ["AA"]);
            assert_eq!(writer.others_accepted("mara@lindt.example", "AA")?, Vec::<String>::new());
            writer.note_cert("AA", "ben", now, "retired: left")
        })
        .unwrap();
    let seen = store.sightings("AA").unwrap();
    assert_eq!((seen[0].times, seen[0].first_at), (2, now));
    assert_eq!(store.cert_events("AA").unwrap()[0].what, "retired: left");
    assert_eq!(store.standing("mara@lindt.example", "BB").unwrap().unwrap().trust, Trust::Candidate);
}
