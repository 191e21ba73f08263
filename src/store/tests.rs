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
    assert_eq!(store.order(&Query::default(), &at("2026-11-23T12:00:00Z"), "ann").unwrap(), due_first);
    let rows: Vec<CaseKey> = store.first_rows(2, "ann").unwrap().iter().map(|row| row.key).collect();
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
        let hits =
            store.order(&Query::read(query, "ann").unwrap(), &at("2026-11-23T12:00:00Z"), "ann").unwrap();
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
    assert_eq!(store.versions().unwrap().0, 4);
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

/// A database as an earlier version left it: these migrations, then these rows.
fn earlier(path: &std::path::Path, migrations: &[&str], rows: &str) {
    let hex: String = key(1).iter().map(|byte| format!("{byte:02x}")).collect();
    let connection = Connection::open(path).unwrap();
    connection.execute_batch(&format!("PRAGMA key = \"x'{hex}'\"")).unwrap();
    migrations.iter().for_each(|migration| connection.execute_batch(migration).unwrap());
    connection.execute_batch(rows).unwrap();
    connection.pragma_update(None, "user_version", migrations.len() as i64).unwrap();
}

#[test]
fn cases_of_the_second_schema_keep_what_was_promised_and_get_their_place() {
    use crate::triage::{Milestone, Priority};

    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("ninety.db");
    let received = at("2026-11-01T09:00:00Z").timestamp();
    let day = 86_400;
    let rows = format!(
        "INSERT INTO cases (id, code, title, state, priority, reporter_name, reporter_email, received_at,
             acknowledged_at, policy, disclosure_at, disclosure_source, exploited, tags, unread, encryption,
             version, listed, due_at)
         VALUES (1, 'SEC-2026-0001', 'one', 'released', 1, 'Mara', 'm@x', {received}, {received} + {day},
                 '0_days', {received}, 'policy', 1, '[]', 0, 'none', 4, 1, 0),
                (2, 'SEC-2026-0002', 'two', 'new', NULL, 'Mara', 'm@x', {received}, NULL,
                 '90_days', {received} + 90 * {day}, 'policy', 0, '[]', 1, 'none', 1, 1, 0);
         INSERT INTO batch (id, actor, at, role) VALUES (1, 'ann', {received} + 2 * {day}, 'do'),
                (2, 'ben', {received} + 3 * {day}, 'do');
         INSERT INTO event (case_id, version, batch, field, what) VALUES
                (1, 2, 1, 'priority', '{{\"kind\":\"changed\",\"before\":{{\"field\":\"priority\",\"value\":null}},\"after\":{{\"field\":\"priority\",\"value\":\"P1\"}}}}'),
                (1, 3, 1, 'policy', '{{\"kind\":\"changed\",\"before\":{{\"field\":\"policy\",\"value\":\"90_days\"}},\"after\":{{\"field\":\"policy\",\"value\":\"0_days\"}}}}'),
                (1, 4, 2, 'exploited', '{{\"kind\":\"changed\",\"before\":{{\"field\":\"exploited\",\"value\":false}},\"after\":{{\"field\":\"exploited\",\"value\":true}}}}');"
    );
    let migrations = [
        include_str!("../../assets/migrations/0001_desk.sql"),
        include_str!("../../assets/migrations/0002_keys.sql"),
    ];
    earlier(&path, &migrations, &rows);

    let mut store = Store::open(&path, &key(1)).unwrap();
    let one = store.case(CaseKey(1)).unwrap();
    assert_eq!((one.promise.policy.as_str(), one.promise.terms.acknowledge_hours), ("0 days", 4));
    assert_eq!(one.priority, Priority::new(1));
    let reached = |milestone| one.reached.get(&milestone).map(|at| (at.timestamp() - received) / day);
    assert_eq!(reached(Milestone::Prioritised), Some(2));
    assert_eq!(reached(Milestone::Exploited), Some(3));
    assert_eq!(reached(Milestone::Heard), Some(1));
    assert_eq!(one.touched_at.timestamp(), received + 3 * day);
    let two = store.case(CaseKey(2)).unwrap();
    assert_eq!(two.promise, crate::triage::case::Promise::default());
    // The queue is laid anew: what is abused comes first.
    assert_eq!(
        store.order(&Query::default(), &at("2026-11-23T12:00:00Z"), "ann").unwrap(),
        [CaseKey(1), CaseKey(2)]
    );
    let told: Vec<String> = store
        .timeline(CaseKey(1))
        .unwrap()
        .iter()
        .map(|event| event.text(&crate::triage::event::in_utc))
        .collect();
    assert_eq!(told[1], "policy default -> 0 days");
}

#[test]
fn a_store_of_the_third_schema_keeps_its_cases_and_gets_a_history_of_drills() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("ninety.db");
    let received = at("2026-11-01T09:00:00Z").timestamp();
    let rows = format!(
        "INSERT INTO cases (id, code, title, state, reporter_name, reporter_email, received_at, policy,
             disclosure_at, disclosure_source, exploited, tags, unread, encryption, version, listed, due_at)
         VALUES (1, 'SEC-2026-0001', 'one', 'new', 'Mara', 'm@x', {received}, 'default', {received}, 'policy',
                 0, '[\"tiff\"]', 1, 'none', 1, 1, 0);
         INSERT INTO likeness VALUES (1, x'0102');
         INSERT INTO handover VALUES (1, {received}, 'ann', 'ben', 'quiet', '[]', NULL);"
    );
    let migrations = [
        include_str!("../../assets/migrations/0001_desk.sql"),
        include_str!("../../assets/migrations/0002_keys.sql"),
        include_str!("../../assets/migrations/0003_triage.sql"),
    ];
    earlier(&path, &migrations, &rows);

    let mut store = Store::open(&path, &key(1)).unwrap();
    assert_eq!(store.versions().unwrap().0, 4);
    let one = store.case(CaseKey(1)).unwrap();
    assert_eq!(
        (one.id.as_str(), one.title.as_str(), one.tags),
        ("SEC-2026-0001", "one", vec!["tiff".into()])
    );
    assert_eq!(store.latest_handover().unwrap().unwrap().note, "quiet");
    assert_eq!(store.drills().unwrap(), []);
    let drill = super::drills::tests::kept("2026-11-23T12:00:00Z");
    store.write(|writer| writer.keep_drill(&drill)).unwrap();
    assert_eq!(store.drills().unwrap(), [drill]);
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
