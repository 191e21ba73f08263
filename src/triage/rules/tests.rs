use std::cell::RefCell;

use chrono::{DateTime, Utc};
use proptest::prelude::*;

use super::*;
use crate::triage::policy::{DayOff, Facts, deadline};

const EXAMPLE: &str = include_str!("../../../assets/config.toml");

fn no_files(name: &str) -> Result<String, String> {
    Err(format!("'{name}' is not there"))
}

fn read(text: &str) -> Rules {
    Rules::read(text, no_files).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

#[test]
fn nothing_said_is_what_ninety_comes_with() {
    let rules = read("");
    assert_eq!(rules.book, Book::embedded(&Terms::default()).unwrap());
    assert_eq!((rules.calendar, rules.terms), (Calendar::default(), Terms::default()));
    assert_eq!((rules.products.len(), rules.rota, rules.checklist.len()), (0, None, 0));
    assert!(!rules.regulation.cra && !rules.regulation.nis2, "the law's clocks are off unless asked for");
}

/// The example with its settings in force: lines behind a `#` that are no prose,
/// which has one space before it.
fn uncommented(text: &str) -> String {
    let setting = |line: &str| match line.strip_prefix('#') {
        Some(rest) if !rest.starts_with(' ') || rest.starts_with("  ") => rest.to_owned(),
        _ => line.to_owned(),
    };
    text.lines().map(setting).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_example_changes_nothing_as_it_is_and_every_setting_in_it_is_read() {
    assert_eq!(read(EXAMPLE), read(""));
    let opened = RefCell::new(Vec::new());
    let open = |name: &str| {
        opened.borrow_mut().push(name.to_owned());
        Ok("BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:Unity\nDTSTART:20261003\nEND:VEVENT\nEND:VCALENDAR"
            .to_owned())
    };
    let rules = Rules::read(&uncommented(EXAMPLE), open).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(opened.into_inner(), ["holidays/germany.ics"]);
    assert_eq!(rules.terms, Terms { acknowledge_hours: 12, ..Terms::default() });
    assert_eq!(rules.book.find("default").unwrap().days, Some(60));
    let own = rules.book.find("our customers").unwrap();
    assert_eq!((own.days, own.after_fix_days, own.grace_days), (Some(45), Some(14), 10));
    assert_eq!(
        (own.in_the_wild_days, own.in_the_wild_grace_days, own.day_off),
        (Some(5), 2, DayOff::NextWorkDay)
    );
    assert_eq!(own.terms, Terms { acknowledge_hours: 8, ..rules.terms.clone() });
    let calendar = &rules.calendar;
    assert_eq!(calendar.zone, chrono_tz::Europe::Berlin);
    assert_eq!(calendar.day_off("2026-10-03".parse().unwrap()), Some("Unity"));
    assert_eq!(calendar.day_off("2026-12-24".parse().unwrap()), Some("Christmas Eve"));
    assert_eq!(calendar.day_off("2027-12-31".parse().unwrap()), Some("New Year's Eve"));
    assert_eq!(calendar.absences.len(), 1);
}

#[test]
fn a_known_policy_keeps_what_is_not_said_of_it() {
    let before = read("");
    let rules = read("[[policy]]\nname = 'project-zero'\ngrace_days = 7\nterms.acknowledge_hours = 1\n");
    let (old, new) = (before.book.find("P0").unwrap(), rules.book.find("P0").unwrap());
    let mut expected = old.clone();
    (expected.grace_days, expected.terms.acknowledge_hours) = (7, 1);
    assert_eq!(new, &expected);
    assert_eq!(rules.book.policies().len(), before.book.policies().len());
    let none = read("[[policy]]\nname = 'default'\ndays = 'none'\nin_the_wild_days = \"none\"\n");
    let found = deadline(
        none.book.find("default").unwrap(),
        &Facts::received(at("2026-09-01T10:00:00Z")),
        &none.calendar,
    );
    assert_eq!(found.disclosure_at, None);
}

#[test]
fn terms_hold_under_every_policy_that_names_none() {
    let rules = read("[terms]\nacknowledge_hours = 6\nupdate_days = 3\nstalled_days = [1, 1, 2, 3, 5, 8]\n");
    for policy in rules.book.policies() {
        assert_eq!(policy.terms.update_days, 3, "{}", policy.name);
        assert_eq!(policy.terms.stalled_days, [1, 1, 2, 3, 5, 8]);
    }
    let hours = |name| rules.book.find(name).unwrap().terms.acknowledge_hours;
    assert_eq!((hours("default"), hours("0 days"), hours("ZDI")), (6, 4, 120));
}

#[test]
fn ninety_days_are_ninety_whatever_default_became() {
    let rules = read("[[policy]]\nname = 'default'\ndays = 60\n[[policy]]\nname = '45 days'\ndays = 45\n");
    let name = |given| rules.book.find(given).map(|policy| policy.name.clone()).ok();
    assert_eq!(name("60").as_deref(), Some("default"));
    assert_eq!(name("45d").as_deref(), Some("45 days"));
    assert_eq!(name("90"), None);
}

#[test]
fn the_company_is_read_and_anything_else_is_refused() {
    let rules = read(
        "[regulation]\ncra = true\n[[product]]\nname = 'Imaging*'\ndevelopment = 'ben'\nQA = 'cho'\n\
         [rota]\npeople = ['ann', 'ben']\nfrom = 2026-11-02\n[checklist]\nclose = ['credit given']\n\
         [view.web]\nkey = 'b'\nquery = 'product:web*'\n",
    );
    assert!(rules.regulation.cra && !rules.regulation.nis2);
    assert_eq!(rules.owner(Some("imaging library"), Lane::Development).as_deref(), Some("ben"));
    assert_eq!(rules.owner(Some("imaging library"), Lane::Pr), None);
    assert_eq!(rules.owner(Some("portal"), Lane::Qa), None);
    assert_eq!(rules.checklist, ["credit given"]);
    assert!(rules.views.iter().any(|view| view.name == "web" && view.key == Some('b')));
    for (text, part) in [
        ("[regulations]\n", "did you mean 'regulation'?"),
        ("[rota]\npeople = []\nfrom = 2026-11-02\n", "name who takes turns"),
        ("[rota]\npeople = ['ann']\nfrom = 2026-11-02\ndays = 0\n", "at least one day"),
        ("[[product]]\nname = 'a'\n[[product]]\nname = 'A'\n", "there twice"),
        ("[view.x]\nquery = 'stat:new'\n", "its query cannot be read"),
    ] {
        let error = Rules::read(text, no_files).unwrap_err().to_string();
        assert!(error.contains(part), "{text}: {error}");
    }
}

#[test]
fn turns_are_taken_in_their_order_on_both_sides_of_the_first_day() {
    let rules = read(
        "[calendar]\nzone = 'Europe/Berlin'\n[rota]\npeople = ['ann', 'ben', 'cho']\nfrom = 2026-10-19\n",
    );
    let rota = rules.rota.unwrap();
    let turn = |when: &str| rota.shifts(at(when), &rules.calendar).next().unwrap();
    let first = turn("2026-10-19T07:00:00Z");
    assert_eq!((first.person.as_str(), first.from), ("ann", at("2026-10-19T07:00:00Z")));
    // Over the end of summer time a shift is an hour longer.
    assert_eq!(first.until, at("2026-10-26T08:00:00Z"));
    assert_eq!(turn("2026-10-19T06:59:00Z").person, "cho");
    assert_eq!(turn("2026-10-26T08:00:00Z").person, "ben");
    let names: Vec<String> =
        rota.shifts(at("2026-11-23T12:00:00Z"), &rules.calendar).take(4).map(|shift| shift.person).collect();
    assert_eq!(names, ["cho", "ann", "ben", "cho"]);
}

/// What is written, the place in it, and a part of the answer.
const MISTAKES: [(&str, (usize, usize), &str); 43] = [
    ("[calender]\n", (1, 2), "'calender' is not a table of the configuration; did you mean 'calendar'?"),
    (
        "zone = 'UTC'\n",
        (1, 1),
        "'zone' is not a table of the configuration; there are terms, policy, calendar",
    ),
    ("[calendar]\n\nzones = 'UTC'\n", (3, 1), "[calendar] has no setting 'zones'; did you mean 'zone'?"),
    ("[calendar]\nzone = 'Berlin'\n", (2, 8), "'Berlin' is not a time zone"),
    (
        "[calendar]\nzone = 2\n",
        (2, 8),
        "[calendar] zone: integer 2 does not fit; write text in quotation marks",
    ),
    ("[calendar]\nwork_days = ['mon', 'moonday']\n", (2, 13), "'moonday' is not a day of the week"),
    ("[calendar]\nwork_days = []\n", (2, 13), "no day is worked"),
    ("[calendar]\nwork_hours = '17:00-09:00'\n", (2, 14), "are no work hours; write them as 09:00-17:00"),
    ("[calendar]\nholiday_files = ['a.ics']\n", (2, 18), "a.ics: 'a.ics' is not there"),
    ("[[calendar.holidays]]\nname = 'x'\ndate = '2026-02-30'\n", (3, 8), "'2026-02-30' is not a date"),
    ("[[calendar.holidays]]\nname = 'x'\ndate = '02-30'\n", (3, 8), "'02-30' is not a date"),
    ("[[calendar.holidays]]\nname = 'x'\ndate = 2026-02-03T10:00:00\n", (3, 8), "is not a date"),
    ("[[calendar.holidays]]\nname = 'x'\ndate = 20260203\n", (3, 8), "'20260203' is not a date"),
    ("[[calendar.holidays]]\nname = 'x'\ndate = 2026-02-30\n", (3, 8), ""),
    ("[[calendar.holidays]]\nname = 'x'\n", (1, 1), "[[calendar.holidays]] says no date; add date = ..."),
    (
        "[calendar]\nabsences = [{ person = 'ann', from = 2026-12-24, to = 2026-12-23 }]\n",
        (2, 13),
        "ends on 2026-12-23, before",
    ),
    (
        "[calendar]\nabsences = [{ person = 'ann', from = '12-24', to = 2026-12-23 }]\n",
        (2, 38),
        "a date with its year",
    ),
    (
        "[terms]\nacknowledge_hours = -1\n",
        (2, 21),
        "[terms] acknowledge_hours: -1 is out of range; write 1 to 876600 hours",
    ),
    ("[terms]\nupdate_days = 0\n", (2, 15), "0 is out of range; write 1 to 36525 days"),
    ("[terms]\ntarget_percent = 101\n", (2, 18), "101 is out of range; write 1 to 100 percent"),
    (
        "[terms]\nstalled_days = [1, 2, 3]\n",
        (2, 16),
        "[terms] stalled_days: a list of 3 does not fit; write a list of 6",
    ),
    ("[terms]\nstalled_days = [1, 2, 3, -4, 5, 6]\n", (2, 16), "-4 is out of range"),
    ("[terms]\nack = 1\n", (2, 1), "[terms] has no setting 'ack'; did you mean 'acknowledge_hours'?"),
    ("[terms]\nacknowledge_hours = 0\n", (2, 21), "0 is out of range; write 1 to 876600 hours"),
    ("[terms]\nrollout_days = 0\n", (2, 16), "[terms] rollout_days: 0 is out of range; write 1"),
    (
        "[regulation]\ncra = 'yes'\n",
        (2, 7),
        "[regulation] cra: string \"yes\" does not fit; write true or false",
    ),
    ("[rota]\npeople = 'ann'\n", (2, 10), "[rota] people: string \"ann\" does not fit; write a list in [ ]"),
    ("[calendar\nzone = 'UTC'\n", (1, 10), "this is not TOML: "),
    ("[[policy]]\ndays = 9\n", (1, 1), "[[policy]] says no name; add name = ..."),
    ("[[policy]]\nname = 'ours'\n", (2, 8), "policy 'ours' says no days"),
    ("[[policy]]\nname = '--'\ndays = 9\n", (2, 8), "letters or digits"),
    ("[[policy]]\nname = 'ours'\ndays = -5\n", (3, 8), "-5 is out of range; write 0 to 36525 days"),
    ("[[policy]]\nname = 'ours'\ndays = 36526\n", (3, 8), "36526 is out of range"),
    ("[[policy]]\nname = 'ours'\ndays = 9223372036854775807\n", (3, 8), "is out of range"),
    ("[[policy]]\nname = 'ours'\ndays = 92233720368547758070\n", (3, 8), ""),
    ("[[policy]]\nname = 'ours'\ndays = 'soon'\n", (3, 8), "a string is no number of days"),
    ("[[policy]]\nname = 'ours'\ndays = 4.5\n", (3, 8), "a float is no number of days"),
    (
        "[[policy]]\nname = 'ours'\ndays = 9\nday_off = 'friday'\n",
        (4, 11),
        "it is one of keep, next work day",
    ),
    (
        "[[policy]]\nname = 'ours'\ndays = 9\nterms.triage = 1\n",
        (4, 7),
        "[[policy]] terms has no setting 'triage'; did you mean 'triage_hours'?",
    ),
    ("[[policy]]\nname = 'ours'\ndays = 9\n[[policy]]\nname = 'O-urs'\n", (5, 8), "'O-urs' is there twice"),
    (
        "[[policy]]\nname = 'P0'\ndays = 9\n",
        (2, 8),
        "of the policy 'Project Zero' already; to change that one, name it so",
    ),
    (
        "[[policy]]\nname = 'ours'\nalso = ['talos']\ndays = 9\n",
        (2, 8),
        "'talos' is a name of the policy 'Cisco Talos'",
    ),
    ("# ä\n[calendar\n", (2, 10), ""),
];

#[test]
fn every_mistake_is_told_with_its_place() {
    for (text, place, part) in MISTAKES {
        let error = Rules::read(text, no_files).map(|_| text).unwrap_err();
        assert_eq!((error.line, error.column), place, "{text}{error}");
        assert!(error.problem.contains(part), "{text}{error}");
        assert!(!error.problem.is_empty() && !error.problem.contains('\n'), "{text}{error}");
    }
}

#[test]
fn what_is_wrong_in_a_holiday_file_is_told_where_it_is_named() {
    let open = |_: &str| Ok("BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:\u{1b}[2J\nEND:VEVENT\n".to_owned());
    let error = Rules::read("[calendar]\nholiday_files = [\n  'de.ics',\n]\n", open).unwrap_err();
    assert_eq!(
        error.to_string(),
        "line 3, column 3: de.ics: the event '<ESC>[2J' has no DTSTART that can be read"
    );
}

#[test]
fn columns_are_characters() {
    let error = Rules::read("[[policy]]\nname = 'äöü'\n\"ä\\u0000ö\" = 1\n", no_files).unwrap_err();
    assert_eq!((error.line, error.column), (3, 1), "{error}");
    let error = Rules::read("[calendar]\nholidays = [{ name = 'äöü', date = 'x' }]\n", no_files).unwrap_err();
    assert_eq!((error.line, error.column), (2, 36), "{error}");
}

proptest! {
    #![proptest_config(crate::seeded())]

    #[test]
    fn no_text_makes_it_panic(text in "(\\[\\[?(policy|calendar|terms)\\]\\]?\n|(name|days|zone|holidays) = ('\\PC{0,8}'|[-0-9T:.]{0,12}|\\[.{0,8}\\])\n|\\PC{0,12}\n){0,8}") {
        if let Err(error) = Rules::read(&text, no_files) {
            let is_safe = !error.problem.contains(['\n', '\u{1b}']);
            prop_assert!(error.line >= 1 && error.column >= 1 && is_safe, "{:?}", error);
        }
    }
}
