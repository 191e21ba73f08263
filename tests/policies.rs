//! Disclosure policies, deadlines and the configuration through the program.
#![allow(clippy::unwrap_used)]

mod support;

use serde_json::{Value, json};
use support::Bench;

/// A program without a store.
fn bench() -> Bench {
    Bench::bare()
}

fn deadline(bench: &Bench, arguments: &[&str]) -> Value {
    let (code, value) =
        bench.json(&[&["deadline", "--received", "2026-09-01T10:00:00Z"], arguments].concat());
    assert_eq!(code, 0, "{value:#}");
    value
}

/// Standard error of a run that fails with `code`.
fn complaint(bench: &Bench, arguments: &[&str], code: i32) -> String {
    let output = bench.run(arguments);
    let errors = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {errors}");
    assert!(output.stdout.is_empty() && !errors.contains('\u{1b}'), "{errors:?}");
    errors
}

#[test]
fn a_deadline_is_computed_without_a_store_or_a_passphrase() {
    let bench = bench();
    std::fs::remove_file(bench.path("passphrase")).unwrap();
    for (arguments, date) in [
        (&["--policy", "default"][..], json!("2026-11-30T10:00:00Z")),
        (&["--policy", "90d"], json!("2026-11-30T10:00:00Z")),
        (&["--policy", "default", "--exploited", "2026-10-02T08:00:00+02:00"], json!("2026-10-09T06:00:00Z")),
        (&["--policy", "project-zero", "--fixed", "2026-10-18T10:00:00Z"], json!("2026-11-17T10:00:00Z")),
        (&["--policy", "P0", "--fixed", "2026-12-05T10:00:00Z", "--grace"], json!("2026-12-30T10:00:00Z")),
        (&["--policy", "P0", "--fixed", "2026-12-05T10:00:00Z"], json!("2026-11-30T10:00:00Z")),
        (&["--policy", "default", "--demanded", "2026-10-15"], json!("2026-10-15T00:00:00Z")),
        (&["--policy", "Microsoft"], Value::Null),
        (&[], json!("2026-11-30T10:00:00Z")),
    ] {
        let value = deadline(&bench, arguments);
        assert_eq!(value["disclosure_at"], date, "{arguments:?}: {value:#}");
        assert!(value["why"].as_str().unwrap().len() > 20, "{value:#}");
    }
    assert!(!bench.store().exists());
}

#[test]
fn the_shape_of_a_deadline() {
    let value = deadline(&bench(), &["--exploited", "2026-10-02"]);
    let why = "90 days from receipt on 2026-09-01 by policy default";
    let then = "shortened to 7 days on 2026-10-02: exploited";
    assert_eq!(
        value,
        json!({
            "policy": "default",
            "received_at": "2026-09-01T10:00:00Z",
            "disclosure_at": "2026-10-09T00:00:00Z",
            "why": format!("{why}; {then}"),
            "steps": [
                { "disclosure_at": "2026-11-30T10:00:00Z", "why": why },
                { "disclosure_at": "2026-10-09T00:00:00Z", "why": then },
            ],
            "days_left": -45,
            "working_days_left": -31,
        })
    );
    let none = deadline(&bench(), &["--policy", "mozilla"]);
    assert_eq!((&none["disclosure_at"], &none["days_left"]), (&Value::Null, &Value::Null));
    assert!(none["why"].as_str().unwrap().starts_with("no date by policy Mozilla"), "{none:#}");
}

#[test]
fn a_deadline_for_people_has_days_and_working_days() {
    let bench = bench();
    assert_eq!(
        bench.ok(&["deadline", "--received", "2026-11-20T12:00:00Z", "--policy", "enable security"]),
        "publish    Thu 2027-02-18 12:00 +00:00\n\
         left       87d left, 63 working days\n\
         why        90 days from receipt on 2026-11-20 by policy EnableSecurity\n"
    );
    let late = bench.ok(&["deadline", "--received", "2026-11-20 12:00", "--policy", "0"]);
    assert!(late.contains("left       OVERDUE 3d, 1 working day over\n"), "{late}");
    let none = bench.ok(&["deadline", "--received", "2026-11-20", "--policy", "MSRC"]);
    assert!(none.starts_with("publish    no date\nwhy        no date by policy Microsoft"), "{none}");
}

#[test]
fn local_times_are_those_of_the_machine() {
    let bench = bench();
    let run = |received: &str| {
        let arguments = ["--json", "deadline", "--received", received, "--policy", "30"];
        let output = bench.command(&arguments).env("TZ", "Europe/Berlin").output().unwrap();
        serde_json::from_slice::<Value>(&output.stdout).unwrap()["disclosure_at"].clone()
    };
    // Days have 24 hours: over the end of daylight saving the clock shows an hour less.
    assert_eq!(run("2026-10-01 12:00"), json!("2026-10-31T10:00:00Z"));
    assert_eq!(run("2026-10-01"), json!("2026-10-30T22:00:00Z"));
}

#[test]
fn policies_are_listed_and_shown() {
    let bench = bench();
    let table = bench.ok(&["policy", "list"]);
    for name in ["default", "30 days", "0 days", "Project Zero", "ZDI", "CERT/CC", "Kubernetes"] {
        assert!(table.lines().any(|line| line.starts_with(name)), "{name}: {table}");
    }
    let (code, list) = bench.json(&["policy", "list"]);
    assert_eq!((code, list.as_array().unwrap().len()), (0, table.lines().count() - 1));
    let (_, shown) = bench.json(&["policy", "show", "google project zero"]);
    let mut listed =
        list.as_array().unwrap().iter().find(|policy| policy["name"] == "Project Zero").unwrap().clone();
    listed["config"] = Value::Null;
    assert_eq!(shown, listed);
    for (field, value) in [("days", 90), ("after_fix_days", 30), ("grace_days", 14), ("in_the_wild_days", 7)]
    {
        assert_eq!(shown[field], value, "{shown:#}");
    }
    assert_eq!(shown["day_off"], "keep");
    let page = bench.ok(&["policy", "show", "zdi"]);
    assert!(page.contains("acknowledge    120 hours") && page.contains("not stated"), "{page}");
}

#[test]
fn what_is_not_understood_is_told_with_its_mend() {
    let bench = bench();
    for (arguments, part) in [
        (&["policy", "show", "projekt zero"][..], "'Project Zero'"),
        (&["policy", "show", "\u{1b}]0;x\u{7}"], "<ESC>"),
        (&["deadline", "--received", "2026-09-01", "--policy", "chromium"], "'Chromium S0'"),
        (&["deadline", "--received", "2026-02-30"], "--received: '2026-02-30' is not an instant"),
        (&["deadline", "--received", "\u{1b}[2J"], "<ESC>"),
        (&["deadline", "--received", "99999-01-01"], "is not an instant"),
        (&["deadline", "--received", "1969-12-31T10:00:00Z"], "is not an instant"),
        (&["deadline", "--received", "9999-12-01"], "out of the years 1970 to 9999"),
        (&["deadline", "--received", "2026-09-01", "--fixed", "soon"], "--fixed: 'soon'"),
        (&["deadline"], "--received"),
        (&["policy"], "list"),
    ] {
        let errors = complaint(&bench, arguments, 2);
        assert!(errors.contains(part), "{arguments:?}: {errors}");
    }
    bench.ok(&["deadline", "--received", "3d ago", "--fixed", "in 2w"]);
}

#[test]
fn the_teams_configuration_lies_beside_the_store_and_the_users_counts_after_it() {
    let bench = bench();
    let days = || deadline(&bench, &[])["disclosure_at"].clone();
    let policy = |days: u32| format!("[[policy]]\nname = \"default\"\ndays = {days}\n");
    bench.file(".config/ninety/config.toml", policy(10));
    assert_eq!(days(), json!("2026-09-11T10:00:00Z"));
    bench.file("store/config.toml", policy(20));
    assert_eq!(days(), json!("2026-09-21T10:00:00Z"));
    let named = bench.file("elsewhere.toml", policy(30));
    let output = bench
        .command(&["deadline", "--received", "2026-09-01", "--json"])
        .env("NINETY_CONFIG", named)
        .output()
        .unwrap();
    let value: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(value["disclosure_at"], "2026-10-01T00:00:00Z");
}

#[test]
fn holidays_move_a_date_and_leave_the_working_days() {
    let bench = bench();
    bench.file(
        "store/config.toml",
        "[calendar]\nzone = 'Europe/Berlin'\nholiday_files = ['de.ics']\n[[policy]]\nname = 'ours'\ndays = 32\n\
         in_the_wild_days = 7\nday_off = 'next work day'\n",
    );
    bench.file(
        "store/de.ics",
        "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:Christmas\r\nDTSTART;VALUE=DATE:20201225\r\n\
         RRULE:FREQ=YEARLY\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
    );
    // 32 days from Monday, 2026-11-23, are Friday, 2026-12-25; then comes a weekend.
    let page = bench.ok(&["deadline", "--policy", "ours", "--received", "2026-11-23T12:00:00Z"]);
    assert_eq!(
        page,
        "publish    Mon 2026-12-28 13:00 +01:00\n\
         left       35d left, 24 working days\n\
         why        32 days from receipt on 2026-11-23 by policy ours\n           \
         moved to the next work day, 2026-12-28: 2026-12-25 is Christmas\n"
    );
}

#[test]
fn a_mistake_in_the_configuration_names_file_line_and_mend() {
    let bench = bench();
    let path = bench.file("store/config.toml", "\n[calendar]\nzone = 'Mars/\u{202e}Olympus'\n");
    for arguments in [&["policy", "list"][..], &["deadline", "--received", "2026-09-01"]] {
        let errors = complaint(&bench, arguments, 2);
        let place = format!(
            "{}, line 3, column 8: [calendar] zone: 'Mars/<U+202E>Olympus' is not a time zone",
            path.display()
        );
        assert!(errors.contains(&place) && errors.contains("Europe/Berlin"), "{errors}");
    }
    let output = bench.command(&["policy", "list"]).env("NINETY_CONFIG", "/nowhere/x.toml").output().unwrap();
    let errors = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(errors.contains("/nowhere/x.toml, which is not there"), "{errors}");
}

#[test]
fn a_policy_of_the_team_is_there_with_its_words_made_safe() {
    let bench = bench();
    bench.file(
        "store/config.toml",
        "[[policy]]\nname = \"Our \\u001b[31mcustomers\"\ndays = 45\ntitle = \"two\\nlines\"\nsource = \"contract\"\n",
    );
    let page = bench.ok(&["policy", "show", "our [31m customers"]);
    assert!(page.starts_with("Our <ESC>[31mcustomers  two<LF>lines\n"), "{page:?}");
    let table = bench.ok(&["policy", "list"]);
    assert!(table.contains("45") && !table.contains('\u{1b}'), "{table:?}");
    let why = deadline(&bench, &["--policy", "our [31m customers"])["why"].as_str().unwrap().to_owned();
    assert!(why.ends_with("by policy Our \u{1b}[31mcustomers"), "{why:?}");
}
