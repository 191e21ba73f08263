//! Queries on a real store: which cases, in which order.

use chrono::{DateTime, Utc};
use proptest::prelude::*;
use rusqlite::types::Value;

use super::super::cases::ORDER;
use super::super::tests::{at, plan, store};
use super::statement::Statement;
use super::*;
use crate::triage::case::Promise;
use crate::triage::message::Encryption;
use crate::triage::milestone::Reached;
use crate::triage::query::{Absent, FIELDS, MAX_DEPTH, MAX_TERMS};
use crate::triage::rules::Rules;
use crate::triage::{Case, FoundIn, Milestone, Person, Priority, Resolution, State, Terms};

fn now() -> DateTime<Utc> {
    at("2026-11-23T12:00:00Z")
}

fn case(number: u32, title: &str, received: &str, reporter: (&str, &str)) -> Case {
    let reporter = Person { name: reporter.0.to_owned(), email: reporter.1.to_owned() };
    let id = format!("SEC-2026-000{number}");
    let opened = Case::opened(id, title, reporter, at(received), Encryption::None);
    // Only acknowledgement and disclosure are near: the other clocks have their own tests.
    let never = 1_000_000;
    let terms = Terms {
        triage_hours: never,
        update_days: never,
        stalled_days: [never; 6],
        target_percent: 100,
        ..Terms::default()
    };
    let promise = Promise { terms, ..Promise::default() };
    let disclosure = Rules::default().by_policy(&opened);
    Case { unread: false, promise, disclosure, ..opened }
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

/// Eight cases: 5 to 7 are closed, closed and unread, and published.
fn cases() -> Vec<Case> {
    let some = |text: &str| Some(text.to_owned());
    let (mara, eve) = (("Mara Lindt", "mara@lindt.example"), ("", "Eve@Evil.example"));
    let one = case(1, "Heap overflow in the TIFF reader", "2026-11-23T09:00:00Z", mara);
    let two = case(2, "Use after free in the login", "2026-10-01T10:00:00Z", mara);
    let three = case(3, "SSRF through the tester", "2026-11-01T00:00:00Z", eve);
    let four = case(4, "Login page leaks", "2026-09-01T00:00:00Z", eve);
    let five = case(5, "Buy 100%_off [now]", "2026-08-01T10:00:00Z", eve);
    let six = case(6, "Fixed long ago", "2026-07-01T10:00:00Z", mara);
    let seven = case(7, "Published already", "2026-06-01T10:00:00Z", mara);
    let eight = case(8, "Full disclosure on a list", "2026-11-20T10:00:00Z", ("*", "list@lists.example"));
    let promise = Promise { policy: "0 days".to_owned(), ..eight.promise.clone() };
    let told = Reached::from([(Milestone::Advisory, seven.received_at)]);
    let mut cases = vec![
        Case { unread: true, encryption: Encryption::Whole, ..one },
        Case {
            state: State::Acknowledged,
            acknowledged_at: Some(at("2026-10-02T10:00:00Z")),
            priority: Priority::new(0),
            assignee: some("ann"),
            product: some("Web Portal"),
            component: some("web_form"),
            tags: words(&["a\"noise", "noise"]),
            exploited: true,
            ..two
        },
        Case {
            state: State::Triaged,
            priority: Priority::new(1),
            assignee: some("Ben"),
            product: some("web shop"),
            component: some("webXform"),
            tags: words(&["a,b", "noisy", "x\\"]),
            ..three
        },
        Case {
            state: State::InProgress,
            priority: Priority::new(2),
            assignee: some("me"),
            product: some("Imaging"),
            found_in: Some(FoundIn::BugBounty),
            ..four
        },
        Case { state: State::Closed, resolution: Some(Resolution::Spam), ..five },
        Case { state: State::Closed, resolution: Some(Resolution::Fixed), unread: true, ..six },
        Case { state: State::Disclosed, assignee: some("ann"), reached: told, ..seven },
        Case { promise, found_in: Some(FoundIn::FullDisclosure), ..eight },
    ];
    if let Some(eight) = cases.last_mut() {
        eight.disclosure.at = eight.received_at;
    }
    cases
}

/// A store of these cases.
fn filled() -> (tempfile::TempDir, Store) {
    let (directory, mut store) = store();
    store
        .write(|writer| {
            for case in cases() {
                let key = writer.insert_case(&case)?;
                writer.index_case(&Case { key, ..case })?;
            }
            Ok::<_, super::super::Error>(())
        })
        .unwrap();
    (directory, store)
}

/// The numbers of the cases that `query` asks for.
fn found(store: &mut Store, query: &str) -> Vec<i64> {
    let query = Query::read(query, "ann").unwrap_or_else(|misread| panic!("{query}: {misread}"));
    store.order(&query, &now(), "ann").unwrap().into_iter().map(|key| key.0).collect()
}

#[test]
fn a_query_finds_these_cases_in_this_order() {
    let (_directory, mut store) = filled();
    // What no order is asked for stands in that of the queue.
    let queue = found(&mut store, "is:all");
    assert_eq!(queue, [2, 8, 1, 4, 3, 7, 5, 6]);
    for (query, expected) in [
        ("", &[8, 1, 4, 2, 3, 6, 7][..]),
        ("is:all", &[8, 1, 4, 2, 3, 5, 6, 7]),
        ("is:open", &[8, 1, 4, 2, 3, 7]),
        ("is:closed", &[5, 6]),
        ("-is:open", &[5, 6]),
        ("state:new", &[8, 1]),
        ("state:new,triaged", &[8, 1, 3]),
        ("-state:new", &[4, 2, 3, 6, 7]),
        ("state:closed or state:new", &[8, 1, 5, 6]),
        ("resolution:spam", &[5]),
        ("resolution:none", &[8, 1, 4, 2, 3, 7]),
        // Comparisons do not hold without a value, and so their opposite does.
        ("prio:0", &[2]),
        ("prio:<=1", &[2, 3]),
        ("prio:>1", &[4]),
        ("prio:2..1", &[4, 3]),
        ("-prio:<=1", &[8, 1, 4, 6, 7]),
        ("prio:none", &[8, 1, 6, 7]),
        ("prio:none,0", &[8, 1, 2, 6, 7]),
        ("-(prio:0 or prio:none)", &[4, 3]),
        // Names, their gaps and their letters.
        ("assignee:me", &[2, 7]),
        ("assignee:\"me\"", &[4]),
        ("owner:BEN", &[3]),
        ("assignee:none", &[8, 1, 6]),
        ("-assignee:ann", &[8, 1, 4, 3, 6]),
        ("product:web*", &[2, 3]),
        ("product:*portal", &[2]),
        ("product:*", &[4, 2, 3]),
        ("-product:web*", &[8, 1, 4, 6, 7]),
        ("product:web", &[]),
        ("component:web_form*", &[2]),
        ("component:web*form", &[2, 3]),
        ("reporter:*@lindt.example", &[1, 2, 6, 7]),
        ("reporter:\"mara lindt\"", &[1, 2, 6, 7]),
        ("from:eve@evil.example", &[4, 3]),
        ("from:\"*\"", &[8]),
        ("title:login", &[4, 2]),
        ("title:\"100%_\" is:all", &[5]),
        ("title:use*free", &[2]),
        ("id:sec-2026-0005", &[5]),
        ("0004", &[4]),
        ("2026-0004", &[4]),
        ("2026-0005", &[]),
        ("2026-0005 is:all", &[5]),
        ("004", &[]),
        ("id:SEC-2026-*", &[8, 1, 4, 2, 3, 6, 7]),
        ("id:\"[S]EC\"*", &[]),
        // Tags are compared whole, whatever signs they are made of.
        ("tag:noise", &[2]),
        ("tag:NOISE,noisy", &[2, 3]),
        ("-tag:nois*", &[8, 1, 4, 6, 7]),
        ("tag:\"a,b\"", &[3]),
        ("tag:b", &[]),
        ("tag:\"x\\\"", &[3]),
        ("tag:\"a\"\"noise\"", &[2]),
        ("tag:none", &[8, 1, 4, 6, 7]),
        ("exploited:yes", &[2]),
        ("-exploited:yes state:new", &[8, 1]),
        ("unread:yes", &[1, 6]),
        ("is:encrypted", &[1]),
        ("encryption:none state:new", &[8]),
        ("found:bounty", &[4]),
        ("found:none", &[1, 2, 3, 6, 7]),
        ("policy:\"0 days\"", &[8]),
        // Times.
        ("is:overdue", &[8]),
        ("due:<7d", &[8, 1, 4]),
        ("due:>7d", &[2, 3, 7]),
        ("due:today..tomorrow", &[1]),
        ("due:none", &[6]),
        ("-due:>7d", &[8, 1, 4, 6]),
        ("due:2026-11-30", &[4]),
        ("received:<1d", &[1]),
        ("received:>30d", &[4, 2, 6, 7]),
        ("received:>=2026-11-01", &[8, 1, 3]),
        ("received:2026-10-01..2026-11-01", &[2, 3]),
        ("is:acknowledged", &[2]),
        ("acknowledged:>7w", &[2]),
        ("is:unacknowledged is:open prio:none", &[8, 1, 7]),
        // Words, alone and among fields.
        ("login", &[4, 2]),
        ("\"use after\" login", &[2]),
        ("-login", &[8, 1, 3, 6, 7]),
        ("login or tiff", &[1, 4, 2]),
        ("login -(prio:0 or tester)", &[4]),
        ("login or prio:1", &[4, 2, 3]),
        ("-(login or prio:1)", &[8, 1, 6, 7]),
        ("-(login -prio:0) is:all", &[8, 1, 2, 3, 5, 6, 7]),
        ("(login or buy) is:all", &[4, 2, 5]),
        ("sec-2026-000 is:open", &[8, 1, 4, 2, 3, 7]),
        ("-- login", &[4, 2]),
        // Orders; what has no value is last in both directions.
        ("sort:received", &[7, 6, 4, 2, 3, 8, 1]),
        ("sort:-received", &[1, 8, 3, 2, 4, 6, 7]),
        ("sort:prio", &[2, 3, 4, 8, 1, 7, 6]),
        ("sort:-prio", &[4, 3, 2, 8, 1, 7, 6]),
        ("sort:-due", &[7, 3, 2, 4, 1, 8, 6]),
        ("sort:state,-id", &[8, 1, 2, 3, 4, 7, 6]),
        ("sort:assignee", &[2, 7, 3, 4, 8, 1, 6]),
        ("sort:title login", &[4, 2]),
        ("sort:reporter,id", &[3, 4, 8, 1, 2, 6, 7]),
        // The example of the manual.
        ("prio:<=1 due:<9w assignee:me product:web* exploited:yes -tag:noisy \"use after free\"", &[2]),
    ] {
        let mut expected = expected.to_vec();
        if !query.contains("sort:") {
            expected.sort_by_key(|key| queue.iter().position(|listed| listed == key));
        }
        assert_eq!(found(&mut store, query), expected, "{query}");
    }
}

#[test]
fn dates_are_days_of_the_reader() {
    let (_directory, mut store) = filled();
    let query = Query::read("received:2026-10-31", "ann").unwrap();
    let west = now().with_timezone(&chrono::FixedOffset::west_opt(3_600).unwrap());
    assert_eq!(store.order(&query, &west, "ann").unwrap(), [CaseKey(3)]);
    assert_eq!(store.order(&query, &now(), "ann").unwrap(), []);
}

#[test]
fn every_field_has_its_columns_and_every_value_runs() {
    let (_directory, mut store) = filled();
    for field in FIELDS {
        let mut values = field.values();
        values.extend(["x*y", "<7d", ">=2026-01-01", "today", ">=1", "1..2"].map(str::to_owned));
        let all = cases().len();
        for value in values {
            let Ok(yes) = Query::read(&format!("is:all {}:{value}", field.name), "ann") else { continue };
            let no = Query::read(&format!("is:all -{}:{value}", field.name), "ann").unwrap();
            let (yes, no) =
                (store.order(&yes, &now(), "ann").unwrap(), store.order(&no, &now(), "ann").unwrap());
            assert_eq!(yes.len() + no.len(), all, "{}:{value} or not", field.name);
        }
        if field.absent != Absent::Never {
            let (with, without) =
                (format!("-{}:none is:all", field.name), format!("{}:none is:all", field.name));
            let both = found(&mut store, &with).len() + found(&mut store, &without).len();
            assert_eq!(both, all, "{}", field.name);
        }
        for turn in ["", "-"].into_iter().filter(|_| field.sorts()) {
            assert_eq!(found(&mut store, &format!("is:all sort:{turn}{}", field.name)).len(), all);
        }
    }
}

#[test]
fn nothing_of_a_query_becomes_sql() {
    let hostile = "'; DROP TABLE cases; --";
    let (_directory, mut store) = filled();
    for field in ["product", "tag", "reporter", "title", "id", "assignee", "component"] {
        let query = Query::read(&format!("{field}:\"{hostile}\"*,\"{hostile}\""), "ann").unwrap();
        let Statement { sql, values, .. } = Statement::of(&query, &now(), "ann").unwrap();
        assert!(!sql.contains("DROP"), "{sql}");
        assert_eq!(sql.matches('?').count(), values.len(), "{sql}");
        assert_eq!(store.order(&query, &now(), "ann").unwrap(), []);
    }
    let query = Query::read(&format!("\"{hostile}\""), "ann").unwrap();
    assert_eq!(store.order(&query, &now(), "ann").unwrap(), []);
    assert_eq!(store.count_cases().unwrap(), 8);
}

#[test]
fn the_greatest_query_that_is_read_is_answered() {
    let (_directory, mut store) = filled();
    let many = vec!["tag:a*"; MAX_TERMS].join(" or ");
    assert_eq!(found(&mut store, &many), [2, 3].map(i64::from));
    let words = vec!["nothing"; MAX_TERMS].join(" or ");
    assert_eq!(found(&mut store, &words), Vec::<i64>::new());
    let list = format!("id:{}x", "a,".repeat(MAX_TERMS - 1));
    assert_eq!(found(&mut store, &list), Vec::<i64>::new());
    let deep = format!("{}prio:0{}", "-(".repeat(MAX_DEPTH / 2), ")".repeat(MAX_DEPTH / 2));
    assert_eq!(found(&mut store, &deep), [2]);
}

#[test]
fn a_plain_query_is_answered_from_the_queue_and_others_read_each_case_once() {
    let (_directory, store) = store();
    let statement = |query: &str| Statement::of(&Query::read(query, "ann").unwrap(), &now(), "ann").unwrap();
    for plain in ["", "words", "words or \"others\" -(more)"] {
        assert_eq!(statement(plain).sql, ORDER, "{plain}");
    }
    for filtered in ["is:unread", "state:new prio:<=1 -tag:noise", "words or prio:0", "sort:title"] {
        let plan = plan(&store, &statement(filtered).sql);
        assert!(plan.starts_with("SCAN cases\n"), "{filtered}: one walk through the table: {plan}");
        assert!(!plan.contains("cases_queue"), "{filtered}: {plan}");
    }
    let one = plan(&store, &statement("id:SEC-2026-0001").sql);
    assert!(one.contains("USING INDEX sqlite_autoindex_cases_1 (code=?)"), "{one}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..crate::seeded() })]

    /// Of any two conditions, joined in any way: the sets are those of logic.
    #[test]
    fn joining_is_that_of_sets(one in condition(), other in condition()) {
        let (_directory, mut store) = filled();
        let mut found = |query: String| {
            let mut keys = found(&mut store, &format!("is:all ({query})"));
            keys.sort_unstable();
            keys
        };
        let (a, b) = (found(one.to_owned()), found(other.to_owned()));
        let whole: Vec<i64> = (1..=8).collect();
        let those = |fits: &dyn Fn(&i64) -> bool| whole.iter().copied().filter(|key| fits(key)).collect::<Vec<_>>();
        prop_assert_eq!(found(format!("{one} {other}")), those(&|key| a.contains(key) && b.contains(key)));
        prop_assert_eq!(found(format!("{one} or {other}")), those(&|key| a.contains(key) || b.contains(key)));
        prop_assert_eq!(found(format!("-({one} or {other})")), those(&|key| !a.contains(key) && !b.contains(key)));
        prop_assert_eq!(found(format!("-({one} {other})")), those(&|key| !(a.contains(key) && b.contains(key))));
    }
}

fn condition() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "login",
        "tiff",
        "prio:<=1",
        "assignee:me",
        "tag:nois*",
        "due:<7d",
        "product:*",
        "state:closed",
        "-unread:yes",
        "acknowledged:none",
        "-(login or prio:2)",
        "sec-2026-000",
        "found:none,bounty",
    ])
}

#[test]
fn values_are_bound_in_the_order_of_their_marks() {
    let query = Query::read("(words or prio:3) state:new sort:state", "ann").unwrap();
    let Statement { sql, values, .. } = Statement::of(&query, &now(), "ann").unwrap();
    assert_eq!(
        sql,
        "SELECT id, ifnull((priority >= ? AND priority < ?), 0) FROM cases WHERE +listed = 1 AND (state = ?) \
         AND (is_restricted = 0 OR EXISTS (SELECT 1 FROM json_each(readers) WHERE value = ? COLLATE NOCASE)) \
         ORDER BY instr(?, ' ' || state || ' '), rank, id"
    );
    let [Value::Integer(3), Value::Integer(4), Value::Text(state), Value::Text(reader), Value::Text(states)] =
        &values[..]
    else {
        panic!("{values:?}")
    };
    assert_eq!((state.as_str(), reader.as_str()), ("new", "ann"));
    assert!(states.starts_with(" new  acknowledged "));
}
