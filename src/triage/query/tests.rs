//! What is read, what it means, and what is said where it cannot be read.

use chrono::{DateTime, FixedOffset, Utc};
use proptest::prelude::*;

use super::field::{IS, SHORTHANDS, SORT};
use super::*;

fn read(given: &str) -> Query {
    Query::read(given, "ann").unwrap_or_else(|misread| panic!("{given}: {misread}"))
}

/// The text without its line breaks.
fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn queries_are_read_with_the_precedence_that_is_promised() {
    for (given, same) in [
        // Side by side before 'or', 'not' before both.
        ("a b or c d", "(a b) or (c d)"),
        ("a or b or c", "a or b or c"),
        ("a | b|c", "a or b or c"),
        ("not a b", "-a b"),
        ("NOT a AND b OR c", "(-a b) or c"),
        ("-(a or b) c", "-(a or b) c"),
        ("not not a", "--a"),
        ("(((a)))", "a"),
        // Signs of the language inside words, and words of it between quotation marks.
        ("memcpy() (strcpy(3))", "\"memcpy()\" \"strcpy(3)\""),
        ("\"or\" \"say \"\"hi\"\"\"", "\"or\" \"say \"\"hi\"\"\""),
        ("https://x.example/a?b=c", "\"https://x.example/a?b=c\""),
        (
            "CVE-2026-1:2 std::string C:\\dir Re: mailto:a@b",
            "\"CVE-2026-1:2\" \"std::string\" \"C:\\dir\" \"Re:\" \"mailto:a@b\"",
        ),
        ("\"state:new\"", "\"state:new\""),
        // What says nothing is left out.
        ("- a -- \"\" .", "a"),
        ("", ""),
        // Fields.
        ("STATE:In_Progress,\"fix ready\"", "state:in_progress,fix_ready"),
        ("state:ack", "state:acknowledged"),
        ("found:gov policy:90", "found:0_day_by_repressive_governments policy:90"),
        ("prio:<=1 priority:p1..P3 prio:none,4", "priority:<=P1 priority:P1..P3 priority:none,P4"),
        ("owner:me,\"me\",none", "assignee:ann,\"me\",none"),
        ("product:web* component:\"a,b*c\"*", "product:web* component:\"a,b*c\"*"),
        ("-tag:noise exploited:true unread:0", "-tag:noise exploited:yes unread:no"),
        ("id:sec-2026-*", "id:SEC-2026-*"),
        ("due:<7d due:>=-12h due:today", "due:<7d due:>=-12h due:today"),
        ("received:2026-11-01..2026-11-07 age:>2w", "received:2026-11-01..2026-11-07 received:>2w"),
        ("received:>=\"2026-11-01 09:00\"", "received:>=2026-11-01T09:00:00"),
        ("received:<2026-11-01T09:00:00+01:00", "received:<2026-11-01T08:00:00Z"),
        ("encryption:none", "encryption:none"),
        ("is:mine", "assignee:ann"),
        ("-is:overdue,unread", "-(due:<0h or unread:yes)"),
        ("is:all", "is:all"),
        // The order stands anywhere outside of parentheses.
        ("a sort:due,-age b sort:prio", "a b sort:due,-received,priority"),
        ("a or b sort:title", "a or b sort:title"),
        ("sort:id", "sort:id"),
    ] {
        assert_eq!(read(given).to_string(), same, "{given}");
        assert_eq!(read(same), read(given), "{given}");
    }
}

#[test]
fn the_example_of_the_manual_reads_as_eight_terms() {
    let given =
        "state:new prio:<=1 due:<7d assignee:me product:web* exploited:yes -tag:noise \"use after free\"";
    let Some(Expr::And(terms)) = read(given).filter else { panic!("a conjunction") };
    assert_eq!(terms.len(), 8);
    assert_eq!(terms[7], Expr::Is(Condition::Text("use after free".to_owned())));
    assert!(folded(&help()).contains(given), "the help shows it");
    assert!(help().lines().all(|line| line.chars().count() <= 80), "on terminals of 80 columns");
}

#[test]
fn errors_point_at_the_place_and_propose() {
    for (given, at, upto, why) in [
        (
            "a stat:new",
            2,
            6,
            "'stat' is not a field; did you mean state? as a word it goes in quotation marks",
        ),
        ("javascript:x", 0, 10, "'javascript' is not a field; there are is, sort, state"),
        ("a state:wrnog", 2, 13, "'wrnog' is not a value of state; there are new, acknowledged"),
        ("state:nwe", 0, 9, "'nwe' is not a value of state; did you mean new?"),
        ("state:new,triagd", 10, 16, "'triagd' is not a value of state; did you mean triaged?"),
        ("state:re", 0, 8, "'re' could be fix_ready or released"),
        ("state:(new or triaged)", 0, 10, "several values stand side by side with commas: state:one,two"),
        ("prio:7", 0, 6, "'7' is not a value of priority; write priority: with P0 to P4, <=1, 0..2"),
        ("prio:<", 0, 6, "'' is not a value of priority"),
        ("prio:1..", 0, 8, "'' is not a value of priority"),
        ("prio:99999999999999999999", 0, 25, "is not a value of priority"),
        ("prio<=1", 0, 7, "a field has a colon behind it; write priority:<=1"),
        ("due=7d", 0, 6, "write due:7d"),
        ("product:", 0, 8, "product: needs a value right behind it"),
        ("product: web", 0, 8, "product: needs a value right behind it"),
        ("product:a,", 0, 10, "product: needs a value right behind it"),
        ("product:<a", 0, 10, "product has no order to compare by"),
        ("due:7d", 0, 6, "before or after that? Write due:<7d or due:>7d"),
        ("due:<soon", 0, 9, "'soon' is not a value of due; write due: with <7d"),
        ("due:<99999999w", 0, 14, "is not a value of due"),
        ("received:2026-02-30", 0, 19, "'2026-02-30' is not a value of received"),
        ("unread:maybe", 0, 12, "'maybe' is neither yes nor no"),
        ("is:uread", 0, 8, "'uread' is not a word for is:; did you mean unread?"),
        ("is:un", 0, 5, "'un' could be unread or unassigned or unprioritised or unacknowledged"),
        ("sort:deu", 0, 8, "'deu' is not a field to sort by; did you mean due?"),
        ("sort:tag", 0, 8, "'tag' is not a field to sort by"),
        ("(a sort:due)", 3, 11, "sort: orders the whole list"),
        ("-sort:due", 1, 9, "sort: orders the whole list"),
        ("a \"b c", 2, 6, "the quotation mark is not closed; end it with \""),
        ("a (b", 2, 4, "the parenthesis is not closed; end it with )"),
        ("a) b", 1, 2, "there is no parenthesis open"),
        ("()", 0, 1, "there is nothing between these parentheses"),
        ("a or", 2, 4, "there is nothing to look for on one side of this"),
        ("or a", 0, 2, "there is nothing to look for on one side of this"),
        ("a or or b", 2, 4, "there is nothing to look for on one side of this"),
        ("a or -", 2, 4, "there is nothing to look for on one side of this"),
        ("and a", 0, 3, "there is nothing to look for on one side of this"),
        ("a and", 2, 5, "there is nothing to look for on one side of this"),
        ("not", 0, 3, "there is nothing behind 'not'; as a word it goes in quotation marks"),
        ("a state:\u{1b}[2J", 2, 12, "'<ESC>[2J' is not a value of state"),
        ("ü state:x", 3, 10, "'x' is not a value of state"),
    ] {
        let misread = Query::read(given, "ann").expect_err(given);
        assert_eq!((misread.at, misread.upto), (at, upto), "{given}: {misread}");
        assert!(misread.why.contains(why), "{given}: {misread}");
        assert!(misread.to_string().starts_with(&format!("at character {}: ", at + 1)));
        assert!(given.get(misread.at..misread.upto).is_some(), "{given}: whole letters");
    }
}

#[test]
fn hostile_queries_are_refused_in_words() {
    let why = |given: &str| Query::read(given, "ann").expect_err("refused").why;
    assert!(why(&"a".repeat(MAX_LENGTH + 1)).contains("4096 is the most"));
    assert!(why(&"a ".repeat(MAX_TERMS + 1)).contains("more than 200"));
    assert!(why(&format!("state:{}", "new,".repeat(MAX_TERMS + 1))).contains("more than 200"));
    assert!(
        why(&format!("{}a{}", "(".repeat(MAX_DEPTH + 1), ")".repeat(MAX_DEPTH + 1))).contains("nests deeper")
    );
    assert!(why(&format!("{}a", "-".repeat(MAX_LENGTH - 1))).contains("nests deeper"));
    assert!(why(&"(".repeat(MAX_LENGTH)).contains("nests deeper"));
    assert!(Query::read(&"a ".repeat(MAX_TERMS), "ann").is_ok());
    assert!(Query::read(&format!("{}a{}", "(".repeat(MAX_DEPTH), ")".repeat(MAX_DEPTH)), "ann").is_ok());
}

#[test]
fn closed_cases_are_looked_at_when_they_are_asked_for() {
    for (given, wanted) in [
        ("", false),
        ("a", false),
        ("state:new", false),
        ("is:open", false),
        ("-state:closed", false),
        ("is:all", true),
        ("is:closed", true),
        ("a (b or state:new,closed)", true),
        ("-(-state:closed)", true),
        ("-is:open", true),
        ("resolution:spam", true),
        ("resolution:none", false),
        ("id:SEC-2026-0001", true),
        ("id:SEC-2026-*", false),
    ] {
        assert_eq!(read(given).wants_closed(), wanted, "{given}");
    }
}

#[test]
fn every_row_of_the_table_can_be_asked_and_stands_alone() {
    let mut seen: Vec<&str> = vec![IS, SORT];
    for field in FIELDS {
        for name in field.names() {
            assert!(!seen.contains(&name), "{name} stands for two fields");
            assert!(name.bytes().all(|byte| byte.is_ascii_lowercase()), "{name} cannot be read as a field");
            assert_eq!(Field::named(&name.to_uppercase()), Some(field));
            seen.push(name);
        }
        assert!(!field.columns.is_empty(), "{}", field.name);
        for value in field.values() {
            let query = read(&format!("{}:{value}", field.name));
            assert_eq!(read(&query.to_string()), query, "{}:{value}", field.name);
        }
        if field.sorts() {
            assert_eq!(read(&format!("sort:-{}", field.name)).sort, [SortKey { field, descending: true }]);
        }
        assert!(folded(&help()).contains(field.about), "{}", field.name);
    }
    for shorthand in SHORTHANDS {
        assert_eq!(read(&format!("is:{}", shorthand.word)), read(shorthand.query), "{}", shorthand.word);
        assert!(help().contains(shorthand.word));
    }
}

#[test]
fn numbers_with_a_decimal_are_tenths() {
    static SCORE: Field = Field {
        name: "score",
        aliases: &[],
        kind: Kind::Tenths(100),
        columns: &["score"],
        absent: Absent::Null,
        about: "",
    };
    for (given, expected) in [
        ("7", Some(Span::Exactly(70))),
        (">=7.5", Some(Span::From(75))),
        ("4.0..6.9", Some(Span::Between(40, 69))),
        ("10.0", Some(Span::Exactly(100))),
        ("10.1", None),
        ("7.55", None),
        ("-1", None),
        ("7.", None),
    ] {
        let letters: Vec<lexer::Letter> =
            given.char_indices().map(|(at, sign)| lexer::Letter { at, sign, quoted: false }).collect();
        let found = reading::test(&SCORE, &letters, "ann").ok();
        assert_eq!(found, expected.map(Test::Number), "{given}");
        if let Some(test) = found {
            let condition = Condition::Field { field: &SCORE, any: vec![test] };
            assert!(condition.to_string().starts_with("score:"), "{condition}");
        }
    }
}

#[test]
fn times_become_instants_when_the_present_is_known() {
    let utc = |text: &str| text.parse::<DateTime<Utc>>().unwrap().timestamp();
    let now: DateTime<FixedOffset> = "2026-11-23T00:30:00+01:00".parse().unwrap();
    let (due, received) = (Way::Ahead, Way::Ago);
    for (way, given, from, before) in [
        (due, "<7d", None, Some("2026-11-29T23:30:00Z")),
        (due, "<=7d", None, Some("2026-11-29T23:30:01Z")),
        (due, ">7d", Some("2026-11-29T23:30:01Z"), None),
        (due, "<-2h", None, Some("2026-11-22T21:30:00Z")),
        (due, "today", Some("2026-11-22T23:00:00Z"), Some("2026-11-23T23:00:00Z")),
        (due, "<=tomorrow", None, Some("2026-11-24T23:00:00Z")),
        (due, "0h..2w", Some("2026-11-22T23:30:00Z"), Some("2026-12-06T23:30:01Z")),
        (received, ">30d", None, Some("2026-10-23T23:30:00Z")),
        (received, ">=30d", None, Some("2026-10-23T23:30:01Z")),
        (received, "<30d", Some("2026-10-23T23:30:01Z"), None),
        (received, "<=30d", Some("2026-10-23T23:30:00Z"), None),
        (received, "30d..60d", Some("2026-09-23T23:30:00Z"), Some("2026-10-23T23:30:01Z")),
        (received, ">=2026-11-01", Some("2026-10-31T23:00:00Z"), None),
        (received, ">2026-11-01", Some("2026-11-01T23:00:00Z"), None),
        (received, "<=2026-11-01", None, Some("2026-11-01T23:00:00Z")),
        (received, "yesterday", Some("2026-11-21T23:00:00Z"), Some("2026-11-22T23:00:00Z")),
        (received, "<2026-11-01T09:00", None, Some("2026-11-01T08:00:00Z")),
        (received, ">=2026-11-01T09:00:00Z", Some("2026-11-01T09:00:00Z"), None),
    ] {
        let name = if way == Way::Ahead { "due" } else { "received" };
        let Some(Expr::Is(Condition::Field { any, .. })) = read(&format!("{name}:{given}")).filter else {
            panic!("{given}")
        };
        let [Test::Time(span)] = any[..] else { panic!("{given}") };
        let expected = Window { from: from.map(utc), before: before.map(utc) };
        assert_eq!(span.window(way, &now), expected, "{name}:{given}");
    }
}

#[test]
fn the_end_of_what_is_typed_is_completed() {
    for (typed, from, words) in [
        ("sta", 0, &["state:"][..]),
        ("a -reso", 3, &["resolution:"]),
        ("state:n", 6, &["new"]),
        ("(state:new,tr", 11, &["triaged"]),
        ("is:un", 3, &["unread", "unassigned", "unprioritised", "unacknowledged"]),
        ("sort:due,-rec", 10, &["received"]),
        ("assignee:", 9, &["me", "none"]),
        ("due:<", 4, &[]),
        ("nothing", 0, &[]),
        ("", 0, &[]),
        ("é ", 3, &[]),
    ] {
        let expected = Completion { from, words: words.iter().map(|word| (*word).to_owned()).collect() };
        assert_eq!(complete(typed), expected, "{typed}");
    }
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof!["[a-z]{1,8}", "(and|or|not|none|me|is:all)", "[ -~äß漢\u{202e}]{0,6}[a-z0-9][ -~]{0,6}"]
}

fn moment() -> impl Strategy<Value = Moment> {
    let date = (1970..9999, 1_u32..=12, 1_u32..=28);
    prop_oneof![
        (-5_000_i64..5_000, prop::sample::select(Unit::ALL.to_vec()))
            .prop_map(|(count, unit)| Moment::Away(count, unit)),
        prop::sample::select(Near::ALL.to_vec()).prop_map(Moment::Near),
        date.prop_map(|(y, m, d)| Moment::Day(chrono::NaiveDate::from_ymd_opt(y, m, d).unwrap())),
        (0_i64..250_000_000_000)
            .prop_map(|second| Moment::Local(DateTime::from_timestamp(second, 0).unwrap().naive_utc())),
        (0_i64..250_000_000_000).prop_map(|second| Moment::At(DateTime::from_timestamp(second, 0).unwrap())),
    ]
}

fn span<T: Copy + std::fmt::Debug + 'static>(
    end: impl Strategy<Value = T> + Clone + 'static,
) -> BoxedStrategy<Span<T>> {
    prop_oneof![
        end.clone().prop_map(Span::Exactly),
        end.clone().prop_map(Span::Below),
        end.clone().prop_map(Span::UpTo),
        end.clone().prop_map(Span::Above),
        end.clone().prop_map(Span::From),
        (end.clone(), end).prop_map(|(one, other)| Span::Between(one, other)),
    ]
    .boxed()
}

fn one_test(field: &'static Field) -> BoxedStrategy<Test> {
    let pattern = prop::collection::vec(text(), 1..3).prop_map(|pieces| Test::Like(Pattern { pieces }));
    let test = match field.kind {
        Kind::Words(words) => prop::sample::select(words())
            .prop_map(|word| Test::Word(crate::triage::words::code(word)))
            .boxed(),
        Kind::Level(_, highest) => span(0..=highest).prop_map(Test::Number).boxed(),
        Kind::Tenths(highest) => span(0..=highest).prop_map(Test::Number).boxed(),
        Kind::Flag => any::<bool>().prop_map(Test::Flag).boxed(),
        Kind::Time(_) => span(moment().boxed())
            .prop_filter("a wait is before or after", |span| !matches!(span, Span::Exactly(Moment::Away(..))))
            .prop_map(Test::Time)
            .boxed(),
        Kind::Identifier => pattern
            .prop_map(|test| match test {
                Test::Like(Pattern { pieces }) => Test::Like(Pattern {
                    pieces: pieces.into_iter().map(|piece| piece.to_ascii_uppercase()).collect(),
                }),
                other => other,
            })
            .boxed(),
        Kind::Name | Kind::Person | Kind::Part | Kind::List => pattern.boxed(),
    };
    if field.absent == Absent::Never { test } else { prop_oneof![4 => test, 1 => Just(Test::Absent)].boxed() }
}

fn condition() -> impl Strategy<Value = Condition> {
    let field = prop::sample::select(FIELDS.iter().collect::<Vec<_>>());
    let field = field.prop_flat_map(|field| {
        prop::collection::vec(one_test(field), 1..3).prop_map(move |any| Condition::Field { field, any })
    });
    prop_oneof![1 => Just(Condition::Everything), 3 => text().prop_map(Condition::Text), 6 => field]
}

fn query() -> impl Strategy<Value = Query> {
    let expr = condition().prop_map(Expr::Is).prop_recursive(4, 16, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 2..4).prop_map(Expr::And),
            prop::collection::vec(inner.clone(), 2..4).prop_map(Expr::Or),
            inner.prop_map(|inner| Expr::Not(Box::new(inner))),
        ]
    });
    let sortable = FIELDS.iter().filter(|field| field.sorts()).collect::<Vec<_>>();
    let key = (prop::sample::select(sortable), any::<bool>())
        .prop_map(|(field, descending)| SortKey { field, descending });
    (prop::option::of(expr), prop::collection::vec(key, 0..3))
        .prop_map(|(filter, sort)| Query { filter, sort })
}

proptest! {
    #![proptest_config(crate::seeded())]

    #[test]
    fn what_is_printed_reads_back_as_the_same(query in query()) {
        let printed = query.to_string();
        prop_assume!(printed.len() <= MAX_LENGTH);
        let read = Query::read(&printed, "ann");
        prop_assert_eq!(read.as_ref(), Ok(&query), "{}", printed);
    }

    #[test]
    fn nothing_that_is_typed_panics(given in "\\PC{0,60}") {
        let _ = complete(&given);
        if let Err(misread) = Query::read(&given, "ann") {
            prop_assert!(given.get(misread.at..misread.upto).is_some(), "{:?}", misread);
        }
    }

    #[test]
    fn nothing_made_of_its_own_signs_panics(
        given in "(state|due|prio|is|sort|tag|id|[a-z]|[ \"()|:,*<>=.-]|none|me|or|and|not|[0-9]+d?|ü){0,30}",
    ) {
        let _ = complete(&given);
        match Query::read(&given, "ann") {
            Ok(query) => {
                let printed = query.to_string();
                let read = Query::read(&printed, "ann");
                prop_assert_eq!(read.as_ref(), Ok(&query), "{} as {}", given, printed);
            }
            Err(misread) => prop_assert!(given.get(misread.at..misread.upto).is_some(), "{:?}", misread),
        }
    }

    #[test]
    fn no_window_leaves_the_numbers(span in span(moment().boxed()), second in -8_000_000_000_000_i64..8_000_000_000_000) {
        if let Some(now) = DateTime::from_timestamp(second, 0) {
            for way in [Way::Ahead, Way::Ago] {
                let _ = span.window(way, &now);
            }
        }
    }
}
