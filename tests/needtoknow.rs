//! Need-to-know: of a restricted case nobody else learns more than that it
//! exists, by whatever command.
#![allow(clippy::unwrap_used)]

mod support;

use chrono::{DateTime, TimeDelta, Utc};
use ninety::desk::{Clock, Place, Readers};
use ninety::mail::autocrypt;
use ninety::pgp::{cert, publish};
use ninety::triage::Query;
use serde_json::json;
use support::{Bench, NOW, mail};

/// The restricted case, and one that everybody may see.
const SECRET: &str = "SEC-2026-0001";
const OPEN: &str = "SEC-2026-0002";

/// Every word of the restricted case has this in it, and nothing else has.
const MARK: &str = "zq";

/// What stands in the configuration: owners of a product and a law.
const CONFIG: &str = "[regulation]\ncra = true\n[[product]]\nname = \"imaging\"\ndevelopment = \"ben\"\n\
    management = \"ben\"\nPR = \"ben\"\n[rota]\npeople = [\"ann\", \"eve\"]\nfrom = 2026-11-16\n";

fn now() -> DateTime<Utc> {
    NOW.parse().unwrap()
}

/// A store in which ann and zqben closed a case to all others, eve among
/// them, who had worked on it before. Returns the fingerprint of its reporter's key.
fn restricted() -> (Bench, String) {
    let bench = Bench::new();
    bench.file("store/config.toml", CONFIG);
    let (name, address) = ("Zqmara Lindt", "zqmara@zqlindt.example");
    let key = cert::generate(name, address, now() - TimeDelta::days(9)).unwrap();
    let keydata = publish::minimal(&key, address, now()).unwrap();
    let header = format!(
        "{}\nContent-Type: multipart/mixed; boundary=b\nMIME-Version: 1.0\n",
        autocrypt::write(address, &keydata, true).replace("\r\n", "\n")
    );
    let body = "--b\nContent-Type: text/plain\n\nzqbody of the report. We will publish zqsentence on 14 January 2027.\n\
        --b\nContent-Type: text/plain\nContent-Disposition: attachment; filename=zqfile.txt\n\nzqattached\n--b--";
    let report =
        mail("zqone@zqlindt.example", &format!("{name} <{address}>"), "zqtitle overflow", &header, body);
    bench.import(&bench.file("secret.eml", report));
    let other =
        mail("two@x.example", "Noor Haddad <noor@x.example>", "Path traversal", "", "A plain report.");
    bench.import(&bench.file("open.eml", other));
    for arguments in [
        &["--as", "eve", "set", SECRET, "tags=zqtag"][..],
        &["--as", "eve", "set", SECRET, "title=zqtitle by eve"],
        &["set", OPEN, "product=imaging", "priority=P2", "assignee=ben", "exploited=yes"],
        &["set", SECRET, "product=zqproduct", "component=zqcomponent", "assignee=zqdara", "priority=P1"],
        &["set", SECRET, "affected=zqversions", "workaround=zqaround", "reason=zqreason", "exploited=yes"],
        &["set", SECRET, "waiting=zqsample", "variants=done: zqvariant", "vulnerable_since=2020-01-01"],
        &["note", SECRET, "zqnote"],
        &["hand", SECRET, "QA", "--to", "zqcho", "--note", "zqquestion"],
        &["file", SECRET, "early-warning", "--reference", "zqreference"],
        &["rota", "hand", "--to", "eve"],
        &["restrict", SECRET, "--to", "me,zqben"],
    ] {
        bench.ok(arguments);
    }
    (bench, cert::read(&key, now()).unwrap().found.remove(0).fingerprint)
}

/// What somebody else does, by command. Those that know no cases do nothing here.
fn deeds(bench: &Bench, fingerprint: &str) -> Vec<(&'static str, Vec<Vec<String>>)> {
    let file = |name: &str| bench.path(name).to_string_lossy().into_owned();
    let answer = mail(
        "three@zqlindt.example",
        "Noor Haddad <noor@x.example>",
        "Re: hello",
        "In-Reply-To: <zqone@zqlindt.example>\n",
        "an answer",
    );
    bench.file("answer.eml", answer);
    let words = |line: &str| line.split(' ').map(str::to_owned).collect::<Vec<_>>();
    let all = |lines: &[&str]| lines.iter().map(|line| words(line)).collect::<Vec<_>>();
    let case = |line: &str| words(&line.replace("CASE", SECRET));
    let cases = |lines: &[&str]| lines.iter().map(|line| case(line)).collect::<Vec<_>>();
    let key = |line: &str| words(&line.replace("KEY", fingerprint));
    let none = Vec::new;
    vec![
        (
            "list",
            all(&[
                "list",
                "list is:all",
                "list zqtitle",
                "list zqbod",
                "list -plain",
                "list product:zqproduct",
                "list tag:zqtag",
                "list assignee:zqdara",
                "list is:exploited",
                "list priority:1",
                "list sort:title",
                "list id:SEC-2026-0001",
                "list zqnote or plain",
                "list @stalled",
                "list not traversal",
            ]),
        ),
        ("show", cases(&["show CASE", "show SEC-2026-0002"])),
        ("raw", cases(&["raw CASE 1", "raw SEC-2026-0002 1"])),
        ("attachment", cases(&["attachment CASE 1", "attachment CASE 1 1 --output -"])),
        ("note", cases(&["note CASE text"])),
        ("set", cases(&["set CASE priority=P3", "set CASE assignee=me", "set CASE cwe=79"])),
        (
            "reply",
            cases(&[
                "reply CASE --template acknowledge",
                "reply CASE --ask-for-key",
                "reply SEC-2026-0002 --template acknowledge --plaintext",
            ]),
        ),
        ("undo", all(&["undo", "undo", "undo"])),
        ("redo", all(&["redo", "redo"])),
        (
            "import",
            vec![vec!["import".into(), file("answer.eml")], vec!["import".into(), file("answer.eml")]],
        ),
        (
            "key",
            [
                key("key list"),
                key("key list lindt"),
                key("key list KEY"),
                key("key show KEY"),
                key("key export KEY"),
                key("key verify KEY --how phone"),
                key("key retire KEY"),
                key("key list --expiring 900d"),
                key("key unlock"),
            ]
            .to_vec(),
        ),
        ("clocks", cases(&["clocks CASE", "clocks SEC-2026-0002"])),
        ("explain", cases(&["explain CASE", "explain SEC-2026-0002"])),
        ("hand", cases(&["hand CASE QA --accept", "hand CASE PR --to eve"])),
        ("restrict", cases(&["restrict CASE --open", "restrict CASE --to me"])),
        (
            "view",
            vec![
                words("view"),
                words("view mine"),
                words("view all-open"),
                words("view waiting-for-others"),
                words("view due-this-week"),
            ],
        ),
        ("remind", all(&["remind --within 9999d", "remind --exec /bin/cat --within 99999d"])),
        ("rota", all(&["rota", "rota accept", "rota hand --to ann", "rota"])),
        ("aware", cases(&["aware CASE"])),
        ("file", cases(&["file CASE notification"])),
        ("draft", cases(&["draft CASE notification", "draft SEC-2026-0002 notification"])),
        ("doctor", all(&["doctor"])),
        // Those of other parts of the program, where they are there.
        ("merge", cases(&["merge CASE SEC-2026-0002", "merge SEC-2026-0002 CASE"])),
        ("split", cases(&["split CASE", "split CASE 1"])),
        ("similar", cases(&["similar CASE", "similar SEC-2026-0002"])),
        ("hotspots", all(&["hotspots"])),
        ("stats", all(&["stats", "stats is:all", "stats --csv", "stats --html -"])),
        // The history of drills stands apart from the cases.
        ("drill", all(&["drill history"])),
        // They know no cases.
        ("init", none()),
        ("ssvc", none()),
        ("cvss", none()),
        ("policy", none()),
        ("deadline", none()),
        ("demo", none()),
        ("completions", none()),
        ("man", none()),
        ("help", none()),
    ]
}

/// The commands that the help lists.
fn commands(bench: &Bench) -> Vec<String> {
    let help = bench.ok(&["--help"]);
    let listed = help.split("Commands:\n").nth(1).unwrap().split("\n\n").next().unwrap().to_owned();
    let name = |line: &str| {
        line.strip_prefix("  ")?.split(' ').next().filter(|name| !name.is_empty()).map(str::to_owned)
    };
    listed.lines().filter_map(name).collect()
}

#[test]
fn no_word_of_a_restricted_case_reaches_anybody_else() {
    let (bench, fingerprint) = restricted();
    let deeds = deeds(&bench, &fingerprint);
    let known = commands(&bench);
    assert!(known.len() > 20, "{known:?}");
    for command in &known {
        assert!(
            deeds.iter().any(|(name, _)| name == command),
            "what does '{command}' tell of a restricted case?"
        );
    }
    let mut leaks = Vec::new();
    for (name, lines) in deeds.iter().filter(|(name, _)| known.iter().any(|known| known == name)) {
        for line in lines {
            for form in [&["--as", "eve"][..], &["--as", "eve", "--json"]] {
                let arguments: Vec<&str> =
                    form.iter().copied().chain(line.iter().map(String::as_str)).collect();
                let output = bench.run(&arguments);
                let told =
                    [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
                let told = told.concat();
                // A fingerprint that was typed here may come back in an error.
                if told.to_lowercase().contains(MARK) || told.contains(&fingerprint) && name != &"key" {
                    leaks.push(format!("{arguments:?}: {told}"));
                }
                if line.iter().any(|word| word == SECRET) {
                    assert_eq!(output.status.code(), Some(1), "{arguments:?}: {told}");
                    let is_said = told.contains(SECRET) && told.contains("is restricted to other people");
                    assert!(is_said, "{arguments:?}: {told}");
                }
            }
        }
    }
    assert!(leaks.is_empty(), "{}", leaks.join("\n\n"));
    // Nothing was changed either, and whoever may see it sees all of it.
    let case = bench.json(&["show", SECRET]).1;
    assert_eq!((&case["title"], &case["priority"]), (&json!("zqtitle by eve"), &json!("P0")));
    assert_eq!(case["readers"], json!(["ann", "zqben"]));
    for arguments in [
        &["list"][..],
        &["key", "list"],
        &["explain", SECRET],
        &["draft", SECRET, "final"],
        &["list", "zqnote"],
    ] {
        assert!(bench.ok(arguments).to_lowercase().contains(MARK), "{arguments:?}");
    }
    assert!(bench.ok(&["--as", "ZQBen", "list"]).contains("zqtitle"));
}

#[test]
fn that_it_exists_is_all_that_a_listing_tells() {
    let (bench, _) = restricted();
    let (_, listed) = bench.json(&["--as", "eve", "list"]);
    let rows = listed.as_array().unwrap();
    assert_eq!(rows.len(), 2);
    assert_eq!(rows[1], json!({ "id": SECRET, "restricted": true }));
    assert_eq!(rows[0]["restricted"], json!(false));
    let text = bench.ok(&["--as", "eve", "list"]);
    let line = text.lines().find(|line| line.starts_with(SECRET)).unwrap();
    assert_eq!(line, format!("{SECRET}  restricted: not for you to see"));
    // Opened again, everybody sees it.
    bench.ok(&["restrict", SECRET, "--open"]);
    assert!(bench.ok(&["--as", "eve", "show", SECRET]).contains("zqbody"));
    assert!(bench.ok(&["--as", "eve", "key", "list"]).contains("zqmara"));
    bench.ok(&["undo"]);
    assert_eq!(bench.run(&["--as", "eve", "show", SECRET]).status.code(), Some(1));
}

#[test]
fn whoever_restricts_a_case_stays_among_its_readers() {
    let (bench, _) = restricted();
    let refused = bench.run(&["restrict", OPEN, "--to", "ben"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("name ann among those who may"));
    for wrong in [
        &["restrict", OPEN][..],
        &["restrict", OPEN, "--to", ","],
        &["restrict", OPEN, "--to", "me", "--open"],
    ] {
        assert_eq!(bench.run(wrong).status.code(), Some(2), "{wrong:?}");
    }
    // Whoever is asked and may not see it is named, with the mend.
    let asked = bench.run(&["hand", SECRET, "PR", "--to", "ben"]);
    let told = String::from_utf8_lossy(&asked.stderr).into_owned();
    assert!(
        asked.status.success() && told.contains(&format!("'ninety restrict {SECRET} --to ann,zqben,ben'")),
        "{told}"
    );
}

#[test]
fn the_desk_of_somebody_else_knows_neither_people_nor_messages_of_it() {
    let (bench, _) = restricted();
    let open = |actor: &str| {
        let passphrase = "correct horse battery staple".into();
        let place = Place::new(bench.store());
        place.open(&passphrase, actor, Clock::Frozen(now()), Readers::in_this_process()).unwrap()
    };
    let mut eve = open("eve");
    assert_eq!(eve.people().unwrap(), ["ben", "eve"]);
    assert_eq!(open("ann").people().unwrap(), ["ann", "ben", "zqdara"]);
    assert!(eve.raw(1).unwrap_err().to_string().contains("restricted"));
    assert!(open("ann").raw(1).unwrap().is_some());
    let keys = eve.order(&Query::default()).unwrap();
    let rows = eve.rows(&keys).unwrap();
    assert!(rows.iter().any(|row| row.is_hidden));
    assert!(
        !format!("{rows:?}").contains(MARK) && !format!("{:?}", eve.first_rows(9).unwrap()).contains(MARK)
    );
    let handover = eve.open_handover().unwrap().unwrap();
    assert!(!format!("{:?}", eve.listed_in(&handover).unwrap()).contains(MARK));
}
