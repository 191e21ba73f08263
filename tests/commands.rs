//! The commands as scripts use them: the built program, a hermetic
//! environment, JSON shapes and exit codes.
#![allow(clippy::unwrap_used)]

mod support;

use std::os::unix::fs::PermissionsExt as _;

use serde_json::json;
use support::{Bench, mail};

const MARA: &str = "Mara Lindt <mara@lindt.example>";

fn imported(bench: &Bench) -> String {
    let report =
        mail("one@lindt.example", MARA, "Heap overflow in the TIFF reader", "", "A crafted IFD count.");
    let value = bench.import(&bench.file("one.eml", report));
    value["messages"][0]["case"].as_str().unwrap().to_owned()
}

#[test]
fn init_makes_a_private_store_once() {
    let bench = Bench::new();
    let mode = |name: &str| std::fs::metadata(bench.store().join(name)).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode("."), 0o700);
    assert_eq!(mode("ninety.db"), 0o600);
    assert_eq!(mode("key.pgp"), 0o600);
    let again = bench.run(&["init"]);
    assert_eq!(again.status.code(), Some(3));
    assert!(String::from_utf8_lossy(&again.stderr).contains("holds a store already"));
}

#[test]
fn a_wrong_passphrase_is_told_from_a_damaged_key_file() {
    let bench = Bench::new();
    let wrong = bench.file("wrong", "not it\n");
    let output = bench.command(&["list"]).env("NINETY_PASSPHRASE_FILE", wrong).output().unwrap();
    assert_eq!(output.status.code(), Some(3));
    assert!(String::from_utf8_lossy(&output.stderr).contains("wrong passphrase"));

    let key_file = bench.store().join("key.pgp");
    let mut key = std::fs::read(&key_file).unwrap();
    let middle = key.len() / 2;
    key[middle] ^= 0x15;
    std::fs::write(&key_file, key).unwrap();
    let output = bench.run(&["list"]);
    assert_eq!(output.status.code(), Some(3));
    assert!(String::from_utf8_lossy(&output.stderr).contains("damaged"));
}

#[test]
fn without_a_store_every_command_says_how_to_make_one() {
    let bench = Bench::bare();
    for arguments in [&["list"][..], &["show", "SEC-2026-0001"], &["undo"], &["key", "list"]] {
        let output = bench.run(arguments);
        assert_eq!(output.status.code(), Some(3), "{arguments:?}");
        assert!(String::from_utf8_lossy(&output.stderr).contains("ninety init"), "{arguments:?}");
    }
}

#[test]
fn import_tells_every_message_and_never_takes_one_twice() {
    let bench = Bench::new();
    let mbox = format!(
        "From a@b Sun Nov 22 10:00:00 2026\n{}\nFrom a@b Sun Nov 22 10:00:00 2026\n{}\n",
        mail("one@x.example", MARA, "First", "", "one"),
        mail("two@x.example", MARA, "Re: First", "In-Reply-To: <one@x.example>\n", "two"),
    );
    let path = bench.file("in.mbox", mbox);
    let value = bench.import(&path);
    assert_eq!((&value["read"], &value["new_cases"], &value["joined"]), (&json!(2), &json!(1), &json!(1)));
    assert_eq!(value["messages"][1]["source"], json!(format!("{}#2", path.display())));
    assert_eq!(value["messages"][1]["outcome"], json!("joined"));
    assert_eq!(value["messages"][0]["case"], value["messages"][1]["case"]);
    let again = bench.import(&path);
    assert_eq!((&again["new_messages"], &again["already_there"]), (&json!(0), &json!(2)));
}

#[test]
fn what_cannot_be_taken_is_named_and_the_rest_is_taken() {
    let bench = Bench::new();
    let good = bench.file("good.eml", mail("g@x.example", MARA, "Good", "", "text"));
    let missing = bench.path("missing.eml");
    let (code, value) = bench.json(&["import", missing.to_str().unwrap(), good.to_str().unwrap()]);
    assert_eq!(code, 1);
    assert_eq!((&value["read"], &value["new_messages"]), (&json!(2), &json!(1)));
    assert_eq!(value["failed"][0]["source"], json!(missing.to_str().unwrap()));
}

#[test]
fn a_subject_alone_joins_nothing_and_a_tag_only_from_somebody_of_the_case() {
    let bench = Bench::new();
    let id = imported(&bench);
    let same_subject =
        mail("two@x.example", "Eve <eve@x.example>", "Re: Heap overflow in the TIFF reader", "", "me too");
    assert_eq!(bench.import(&bench.file("2.eml", same_subject))["new_cases"], json!(1));
    let stranger = mail("three@x.example", "Eve <eve@x.example>", &format!("[{id}] hello"), "", "let me in");
    assert_eq!(bench.import(&bench.file("3.eml", stranger))["new_cases"], json!(1));
    let reporter = mail("four@x.example", MARA, &format!("[{}] more", id.to_lowercase()), "", "more");
    let joined = bench.import(&bench.file("4.eml", reporter));
    assert_eq!(joined["messages"][0]["case"], json!(id));
}

#[test]
fn a_decision_is_kept_undone_and_redone() {
    let bench = Bench::new();
    let id = imported(&bench);
    bench.ok(&[
        "set",
        &id,
        "priority=P1",
        "assignee=me",
        "state=acknowledged",
        "exploited=yes",
        "tags=+tiff",
    ]);
    let (_, case) = bench.json(&["show", &id]);
    assert_eq!(case["priority"], json!("P1"));
    assert_eq!(case["assignee"], json!("ann"));
    assert_eq!(case["state"], json!("acknowledged"));
    assert_eq!(case["acknowledged_at"], json!(support::NOW));
    assert_eq!(case["tags"], json!(["tiff"]));
    bench.ok(&["undo"]);
    let (_, case) = bench.json(&["show", &id]);
    assert_eq!((&case["priority"], &case["state"]), (&json!(null), &json!("new")));
    assert_eq!(case["acknowledged_at"], json!(null));
    bench.ok(&["redo"]);
    let (_, case) = bench.json(&["show", &id]);
    assert_eq!(case["priority"], json!("P1"));
    assert!(case["timeline"].as_array().unwrap().len() >= 17, "every step stays in the timeline");
}

#[test]
fn dates_are_read_as_people_write_them() {
    let bench = Bench::new();
    let id = imported(&bench);
    let date = |wish: &str| {
        bench.ok(&["set", &id, &format!("disclosure={wish}")]);
        bench.json(&["show", &id]).1["disclosure_at"].as_str().unwrap().to_owned()
    };
    assert_eq!(date("30d from receipt"), "2026-12-22T10:00:00Z");
    assert_eq!(date("+7d"), "2026-12-29T10:00:00Z");
    assert_eq!(date("2026-12-24 reporter"), "2026-12-24T00:00:00Z");
    assert_eq!(bench.json(&["show", &id]).1["disclosure_source"], json!("reporter"));
    assert_eq!(date("policy"), "2027-02-20T10:00:00Z");
    let refused = bench.run(&["set", &id, "disclosure=soon"]);
    assert_eq!(refused.status.code(), Some(2));
}

#[test]
fn a_change_that_the_table_forbids_says_what_it_allows() {
    let bench = Bench::new();
    let id = imported(&bench);
    let output = bench.run(&["set", &id, "state=released"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("it can become acknowledged, triaged, closed"));
    assert_eq!(bench.json(&["show", &id]).1["state"], json!("new"));
}

#[test]
fn closing_names_what_is_left_open_and_does_it_all_the_same() {
    let bench = Bench::new();
    let id = imported(&bench);
    bench.file("store/config.toml", "[checklist]\nclose = ['credits are agreed']\n");
    let output = bench.run(&["set", &id, "state=closed", "resolution=won't fix"]);
    assert!(output.status.success());
    let told = String::from_utf8(output.stderr).unwrap();
    let lines: Vec<&str> = told.lines().collect();
    let closed = |what: &str| format!("ninety: {id}: closed, though {what}");
    assert_eq!(
        lines,
        [
            closed("the reporter was never answered"),
            closed("nobody has looked for similar issues"),
            closed("the advisory is not out"),
            closed("not confirmed: credits are agreed"),
        ]
    );
    let (code, value) = bench.json(&["set", &id, "state=closed", "resolution=spam"]);
    assert_eq!((code, value["left_open"].as_array().map(Vec::len)), (0, Some(0)), "it was closed already");
}

#[test]
fn notes_come_from_the_line_and_from_standard_input() {
    use std::io::Write as _;
    let bench = Bench::new();
    let id = imported(&bench);
    bench.ok(&["note", &id, "asked for a sample"]);
    let mut child = bench.command(&["note", &id, "-"]).stdin(std::process::Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all("two\nlines\n".as_bytes()).unwrap();
    assert!(child.wait().unwrap().success());
    let (_, case) = bench.json(&["show", &id]);
    let texts: Vec<&str> =
        case["timeline"].as_array().unwrap().iter().filter_map(|e| e["text"].as_str()).collect();
    assert!(texts.contains(&"asked for a sample") && texts.contains(&"two\nlines"));
}

#[test]
fn hostile_text_reaches_no_terminal() {
    let bench = Bench::new();
    let subject = "=?utf-8?B?G1syShtdMDtvd25lZAcgwpsxbSDigK5mZHA=?=";
    let report = mail(
        "h@x.example",
        "=?utf-8?B?G1szMW1FdmU=?= <e@x.example>",
        subject,
        "",
        "body \x1b[2J \u{9b}1m \u{202e}",
    );
    let value = bench.import(&bench.file("h.eml", report));
    let id = value["messages"][0]["case"].as_str().unwrap().to_owned();
    for arguments in [&["list"][..], &["show", &id], &["--json", "list"], &["--json", "show", &id]] {
        let page = bench.ok(arguments);
        let bad = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
        assert!(!page.contains(bad), "{arguments:?}: {page:?}");
    }
    assert!(bench.ok(&["list"]).contains("<ESC>[2J"));
}

#[test]
fn list_filters_and_points_at_what_it_cannot_read() {
    let bench = Bench::new();
    let id = imported(&bench);
    bench.import(
        &bench
            .file("2.eml", mail("two@x.example", "Eve <eve@x.example>", "SSRF in the tester", "", "webhook")),
    );
    let ids = |query: &str| {
        let (_, cases) = bench.json(&["list", query]);
        cases
            .as_array()
            .unwrap()
            .iter()
            .map(|case| case["id"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(ids("crafted"), std::slice::from_ref(&id));
    assert_eq!(ids("\"ifd count\""), std::slice::from_ref(&id));
    assert_eq!(ids("-crafted").len(), 1);
    bench.ok(&["set", &id, "priority=0"]);
    assert_eq!(ids("prio:0 state:new"), std::slice::from_ref(&id));
    assert_eq!(ids("prio:none").len(), 1);
    bench.ok(&["set", &id, "state=closed", "resolution=spam", "unread=no"]);
    assert_eq!(ids("").len(), 1);
    assert_eq!(ids("is:all").len(), 2);
    assert_eq!(ids("(crafted or webhook) is:all sort:-id").len(), 2);
    assert_eq!(ids("is:all prio:<=1 received:>1d -tag:noise"), std::slice::from_ref(&id));
    assert_eq!(ids("is:all received:2026-11-22 -prio:none"), std::slice::from_ref(&id));
    assert!(bench.ok(&["list", "--help"]).contains("prio:<=1"), "the help describes the language");
    let misread = bench.run(&["list", "state:wrong"]);
    assert_eq!(misread.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&misread.stderr).contains("at character 1"));
    let misread = bench.run(&["list", "crafted stat:new"]);
    let told = String::from_utf8_lossy(&misread.stderr).into_owned();
    assert!(told.contains("at character 9: 'stat' is not a field; did you mean state?"), "{told}");
}

#[test]
fn a_report_leaves_no_word_in_the_clear_on_disk() {
    let bench = Bench::new();
    let secret = "zyxomorphic sentence nobody else writes";
    bench.import(&bench.file("s.eml", mail("s@x.example", MARA, "Secret", "", secret)));
    std::fs::remove_file(bench.path("s.eml")).unwrap();
    let mut files = 0;
    for entry in std::fs::read_dir(bench.store()).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        files += 1;
        assert!(!bytes.windows(11).any(|window| window == b"zyxomorphic"));
        assert!(!bytes.windows(5).any(|window| window == b"lindt"));
    }
    assert!(files >= 2);
}

#[test]
fn doctor_completions_and_the_manual_answer() {
    let bench = Bench::new();
    let (code, findings) = bench.json(&["doctor"]);
    assert_eq!(code, 1, "a store without a team key is not in order");
    for what in ["integrity", "intake"] {
        assert!(findings["findings"].as_array().unwrap().iter().any(|f| f["what"] == json!(what)), "{what}");
    }
    assert!(bench.ok(&["completions", "bash"]).contains("ninety"));
    assert!(bench.ok(&["man"]).contains(".TH ninety"));
}

#[test]
fn the_demonstration_shows_itself_without_a_terminal_and_leaves_nothing() {
    let bench = Bench::bare();
    let picture = bench.command(&["demo"]).env("TMPDIR", bench.path(".")).output().unwrap();
    assert!(picture.status.success(), "{}", String::from_utf8_lossy(&picture.stderr));
    let picture = String::from_utf8(picture.stdout).unwrap();
    assert!(picture.contains("SEC-2026-"), "{picture}");
    assert!(
        !std::fs::read_dir(bench.path("."))
            .unwrap()
            .any(|entry| { entry.unwrap().file_name().to_string_lossy().starts_with("ninety-demo-") })
    );
}

#[test]
fn an_intake_that_is_killed_loses_nothing_and_is_finished_by_another() {
    use std::io::Write as _;
    let bench = Bench::new();
    let mbox: String = (0..5_000)
        .map(|number| {
            let report = mail(&format!("{number}@x.example"), MARA, &format!("Report {number}"), "", "text");
            format!("From a@b Sun Nov 22 10:00:00 2026\n{report}\n")
        })
        .collect();
    let mut child = bench.command(&["import", "-"]).stdin(std::process::Stdio::piped()).spawn().unwrap();
    // Its input stays open, so it is still at work when it is killed, wherever it is.
    let mut input = child.stdin.take().unwrap();
    input.write_all(mbox.as_bytes()).unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    let findings = bench.json(&["doctor"]).1;
    let integrity = findings["findings"].as_array().unwrap().iter().find(|f| f["what"] == json!("integrity"));
    assert_eq!(integrity.unwrap()["ok"], json!(true));
    let kept = bench.json(&["list"]).1.as_array().unwrap().len();
    let value = bench.import(&bench.file("all.mbox", mbox));
    assert_eq!(value["read"], json!(5_000));
    assert_eq!(value["already_there"], json!(kept), "what was kept is whole, and there once");
    assert_eq!(bench.json(&["list"]).1.as_array().unwrap().len(), 5_000);
}
