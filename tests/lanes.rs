//! Lanes, the fields of `set`, the rota and its hand-over, views.
#![allow(clippy::unwrap_used)]

mod support;

use serde_json::{Value, json};
use support::{Bench, mail};

const CASE: &str = "SEC-2026-0001";
const OTHER: &str = "SEC-2026-0002";
const MARA: &str = "Mara Lindt <mara@lindt.example>";

const CONFIG: &str = "[calendar]\nabsences = [{ person = \"ben\", from = 2026-11-20, to = 2026-11-24 }]\n\
    [rota]\npeople = [\"ann\", \"ben\", \"cho\"]\nfrom = 2026-11-16\n\
    [[product]]\nname = \"imaging*\"\ndevelopment = \"ben\"\nQA = \"cho\"\n\
    [[product]]\nname = \"portal\"\n\
    [view.web]\nkey = \"W\"\nquery = \"product:portal\"\n";

fn bench() -> Bench {
    let bench = Bench::new();
    bench.file("store/config.toml", CONFIG);
    let asks = "We will publish the details on 14 January 2027.";
    for (number, subject) in [(1, "Heap overflow"), (2, "Path traversal")] {
        let report = mail(&format!("{number}@lindt.example"), MARA, subject, "", asks);
        bench.import(&bench.file(&format!("{number}.eml"), report));
    }
    bench
}

fn show(bench: &Bench, id: &str) -> Value {
    bench.json(&["show", id]).1
}

fn refused(bench: &Bench, line: &[&str]) -> (Option<i32>, String) {
    let output = bench.run(line);
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
fn a_lane_is_asked_takes_it_and_is_done() {
    let bench = bench();
    bench.ok(&["set", CASE, OTHER, "product=imaging-core"]);
    // The product's owner is asked where nobody is named, in all cases at once.
    bench.ok(&["hand", CASE, OTHER, "development", "--note", "please reproduce"]);
    for id in [CASE, OTHER] {
        let lane = show(&bench, id)["lanes"][0].clone();
        let told = (&lane["lane"], &lane["stage"], &lane["owner"], &lane["note"], &lane["asked_by"]);
        assert_eq!(
            told,
            (
                &json!("development"),
                &json!("asked"),
                &json!("ben"),
                &json!("please reproduce"),
                &json!("ann")
            )
        );
    }
    // Who is away is asked all the same, and whoever asks is told.
    let told = bench.ok(&["hand", OTHER, "development", "--to", "ben"]);
    assert!(told.contains("ben is away until 2026-11-24"), "{told}");
    let told = bench.ok(&["set", CASE, "assignee=ben"]);
    assert!(told.contains("assigned to ben; ben is away until 2026-11-24"), "{told}");
    assert!(!bench.ok(&["set", CASE, "assignee=cho"]).contains("away"));
    bench.ok(&["hand", CASE, "qa", "--to", "me"]);
    assert_eq!(show(&bench, CASE)["lanes"][1]["owner"], json!("ann"));
    bench.ok(&["--as", "dara", "hand", CASE, "development", "--accept"]);
    let lane = show(&bench, CASE)["lanes"][0].clone();
    assert_eq!(
        (&lane["stage"], &lane["owner"], &lane["accepted_at"]),
        (&json!("accepted"), &json!("dara"), &json!(support::NOW))
    );
    bench.ok(&["--as", "dara", "hand", CASE, "development", "--done", "--note", "fixed in 4.7"]);
    let lane = show(&bench, CASE)["lanes"][0].clone();
    assert_eq!((&lane["stage"], &lane["note"]), (&json!("done"), &json!("fixed in 4.7")));
    bench.ok(&["hand", CASE, "QA", "--drop"]);
    assert_eq!(show(&bench, CASE)["lanes"].as_array().unwrap().len(), 1);
    bench.ok(&["undo"]);
    assert_eq!(show(&bench, CASE)["lanes"][1]["owner"], json!("ann"));
}

#[test]
fn one_undo_takes_back_what_several_cases_were_asked() {
    let bench = bench();
    let lanes = || [CASE, OTHER].map(|id| show(&bench, id)["lanes"].as_array().unwrap().len());
    bench.ok(&["hand", CASE, OTHER, "support"]);
    assert_eq!(lanes(), [1, 1]);
    bench.ok(&["undo"]);
    assert_eq!(lanes(), [0, 0]);
    bench.ok(&["redo"]);
    assert_eq!(lanes(), [1, 1]);
}

#[test]
fn what_a_lane_cannot_do_is_refused_with_the_mend() {
    let bench = bench();
    for (line, code, why) in [
        (&["hand", CASE, "PR", "--accept"][..], 1, "PR was not asked about this case; ask it first"),
        (&["hand", CASE, "--to", "ben"], 2, "CASE... LANE"),
        (&["hand", CASE, "sales"], 2, "'sales' is not a lane; it is one of triage, development, QA"),
        (&["hand", "development", CASE], 2, "the lane stands last"),
        (&["hand", CASE, "PR", "--accept", "--done"], 2, "cannot be used with"),
        (&["hand", CASE, "PR", "--to", "ben", "--done"], 2, "cannot be used with"),
        (&["hand", "SEC-2026-0099", "PR"], 1, "SEC-2026-0099"),
    ] {
        let (got, told) = refused(&bench, line);
        assert_eq!(got, Some(code), "{line:?}: {told}");
        assert!(told.contains(why), "{line:?}: {told}");
    }
    assert_eq!(show(&bench, CASE)["lanes"], json!([]));
}

#[test]
fn every_judgement_can_be_set_and_emptied() {
    let bench = bench();
    let vector = "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N";
    let cvss = format!("cvss={vector}");
    bench.ok(&[
        "set",
        CASE,
        &cvss,
        "ssvc=active,yes,diffuse,total,minimal",
        "kind=design flaw",
        "cwe=79",
        "affected=4.1",
        "fixed_in=4.7",
        "workaround=a=b",
        "reason=public",
    ]);
    let case = show(&bench, CASE);
    let judged = &case["assessment"];
    assert_eq!((&judged["cvss"]["vector"], &judged["cvss"]["score"]), (&json!(vector), &json!(9.3)));
    assert_eq!(
        (&judged["ssvc"]["outcome"], &judged["ssvc"]["utility"]),
        (&json!("out-of-cycle"), &json!("efficient"))
    );
    assert_eq!(
        (&judged["kind"], &judged["cwe"], &judged["workaround"]),
        (&json!("design_flaw"), &json!("CWE-79"), &json!("a=b"))
    );
    assert_eq!(
        (&judged["affected"], &judged["fixed_in"], &judged["reason"]),
        (&json!("4.1"), &json!("4.7"), &json!("public"))
    );
    // Some answers change and the others stay; the same on several cases is judged on each.
    bench.ok(&["set", CASE, "ssvc=automatable=no,public-safety-impact=catastrophic"]);
    let ssvc = show(&bench, CASE)["assessment"]["ssvc"].clone();
    assert_eq!(
        (&ssvc["automatable"], &ssvc["public_safety_impact"], &ssvc["exploitation"]),
        (&json!("no"), &json!("significant"), &json!("active"))
    );
    bench.ok(&["set", CASE, OTHER, "kind=bug"]);
    assert_eq!(
        (&show(&bench, CASE)["assessment"]["affected"], &show(&bench, OTHER)["assessment"]["affected"]),
        (&json!("4.1"), &json!(null))
    );
    bench.ok(&[
        "set",
        CASE,
        "cvss=none",
        "ssvc=none",
        "kind=none",
        "cwe=none",
        "affected=none",
        "fixed-in=none",
        "workaround=none",
        "reason=none",
    ]);
    assert!(show(&bench, CASE)["assessment"].as_object().unwrap().values().all(Value::is_null));
}

#[test]
fn the_steps_of_a_case_can_be_set() {
    let bench = bench();
    assert_eq!(show(&bench, CASE)["demand"]["at"], json!("2027-01-14T00:00:00Z"));
    bench.ok(&[
        "set",
        CASE,
        "demand=take",
        "waiting=a sample",
        "variants=waived: third party",
        "noise=yes",
        "vulnerable_since=2020-05-01",
        "rolled_out=2h ago",
        "advisory=now",
        "priority=P2",
    ]);
    let case = show(&bench, CASE);
    assert_eq!(
        (&case["demand"], &case["disclosure_at"], &case["disclosure_source"]),
        (&json!(null), &json!("2027-01-14T00:00:00Z"), &json!("reporter"))
    );
    assert!(case["disclosure_why"].as_str().unwrap().contains("the details on 14 January 2027"));
    assert_eq!(
        (&case["waiting"]["reason"], &case["variants"]),
        (&json!("a sample"), &json!("waived: third party"))
    );
    assert_eq!((&case["noise"]["likely"], &case["prioritised_after"]), (&json!(true), &json!(26 * 3600)));
    assert_eq!(
        case["reached"],
        json!({ "vulnerable_since": "2020-05-01T00:00:00Z", "prioritised": support::NOW,
        "rolled_out": "2026-11-23T10:00:00Z", "advisory": support::NOW })
    );
    let listed = bench.json(&["list", "id:SEC-2026-0001"]).1[0].clone();
    for field in [
        "policy",
        "disclosure_why",
        "demand",
        "clocks",
        "assessment",
        "lanes",
        "waiting",
        "variants",
        "obligations",
        "readers",
        "noise",
        "merged_into",
        "also_by",
        "reached",
        "prioritised_after",
        "rank",
    ] {
        assert!(listed.get(field).is_some(), "list --json has {field}");
        assert_eq!(listed[field], case[field], "{field}");
    }
    assert_eq!(listed["clocks"][0]["name"], json!("acknowledge"));
    bench.ok(&["set", CASE, "waiting=no", "variants=none", "noise=no", "rolled_out=none", "priority=none"]);
    let case = show(&bench, CASE);
    assert_eq!(
        (&case["waiting"], &case["variants"], &case["prioritised_after"]),
        (&json!(null), &json!(null), &json!(null))
    );
    bench.ok(&["set", OTHER, "demand=drop"]);
    let other = show(&bench, OTHER);
    assert_eq!((&other["demand"], &other["disclosure_source"]), (&json!(null), &json!("policy")));
}

#[test]
fn values_that_are_not_understood_name_the_place_and_the_mend() {
    let bench = bench();
    for (field, why) in [
        ("cvss=CVSS:3.1/AV:N", "cvss, at character"),
        ("ssvc=active,yes", "ssvc: 2 answers, there are five questions"),
        ("ssvc=exploitation=active", "ssvc: without an answer: automatable, value density"),
        ("ssvc=exploitation=active,yes", "which question does 'yes' answer?"),
        ("ssvc=active,maybe,diffuse,total,minimal", "ssvc, automatable: 'maybe'"),
        ("kind=typo", "kind: 'typo' is not a kind of flaw; it is one of bug, design flaw"),
        ("cwe=xss", "such as CWE-79"),
        ("variants=later", "done:WHAT WAS FOUND or waived:WHY"),
        ("demand=yes", "neither take nor drop"),
        ("noise=perhaps", "neither yes nor no"),
        ("rolled_out=in 2d", "lies ahead"),
        ("advisory=soon", "advisory: 'soon' is not an instant; write it as now, 3d ago"),
        ("colour=red", "fields are title, state"),
    ] {
        let (code, told) = refused(&bench, &["set", CASE, "priority=P1", field]);
        assert_eq!(code, Some(2), "{field}: {told}");
        assert!(told.contains(why), "{field}: {told}");
        assert_eq!(show(&bench, CASE)["priority"], json!(null), "{field}: nothing is done by halves");
    }
    bench.ok(&["set", OTHER, "demand=drop"]);
    let (code, told) = refused(&bench, &["set", OTHER, "demand=take"]);
    assert!(code == Some(1) && told.contains("no mail of this case asks for a date"), "{told}");
    let help = bench.ok(&["set", "--help"]);
    for field in ["cvss", "ssvc", "waiting", "variants", "rolled_out", "demand", "noise"] {
        assert!(help.contains(field), "{field}");
    }
}

#[test]
fn the_rota_says_who_is_on_call_and_who_is_away() {
    let bench = bench();
    let (_, rota) = bench.json(&["rota"]);
    assert_eq!(
        (&rota["on_call"], &rota["until"], &rota["handover"]),
        (&json!("ben"), &json!("2026-11-30T09:00:00Z"), &json!(null))
    );
    let people: Vec<&Value> = rota["turns"].as_array().unwrap().iter().map(|turn| &turn["person"]).collect();
    assert_eq!(people, [&json!("ben"), &json!("cho"), &json!("ann"), &json!("ben"), &json!("cho")]);
    assert_eq!(rota["turns"][0]["absent"], json!({ "from": "2026-11-20", "to": "2026-11-24" }));
    assert_eq!(rota["turns"][3]["absent"], json!(null));
    let page = bench.ok(&["rota"]);
    assert!(
        page.starts_with("on call  ben          until Mon 2026-11-30 09:00, 6d left  AWAY from 2026-11-20"),
        "{page}"
    );
    let (_, findings) = bench.json(&["doctor"]);
    let findings = findings["findings"].as_array().unwrap().clone();
    let says = |what: &str| {
        let all = findings.iter().filter(|one| one["what"] == json!(what));
        all.map(|one| one["says"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert!(says("configuration")[0].ends_with("store/config.toml"));
    assert_eq!(says("product").len(), 2, "{findings:#?}");
    assert!(says("product")[1].starts_with("portal has no owners"));
    assert!(says("rota")[0].contains("ben is on call until 2026-11-30, but away"));
}

#[test]
fn a_shift_is_handed_over_and_accepted() {
    let bench = bench();
    bench.ok(&["set", CASE, "exploited=yes", "state=acknowledged"]);
    // Ben is on call and away: the next one who is there takes over.
    let (code, handover) = bench.json(&["rota", "hand", "--note", "watch the first"]);
    assert_eq!(
        (code, &handover["from"], &handover["to"], &handover["note"]),
        (0, &json!("ann"), &json!("cho"), &json!("watch the first"))
    );
    assert_eq!(
        handover["cases"][0],
        json!({ "id": CASE, "title": "Heap overflow", "why": ["exploited", "lane_without_an_answer"] })
    );
    assert_eq!(handover["cases"][1]["why"], json!(["overdue", "unacknowledged"]));
    assert_eq!(bench.json(&["rota"]).1["handover"]["accepted_at"], json!(null));
    let told = |bench: &Bench| {
        let (_, findings) = bench.json(&["doctor"]);
        let all = findings["findings"].as_array().unwrap().clone();
        all.into_iter().find(|one| one["what"] == json!("hand-over")).map(|one| one["says"].clone())
    };
    assert_eq!(told(&bench), Some(json!("hand-over by ann, just now, waits for cho to accept it")));
    let (code, why) = refused(&bench, &["--as", "ben", "rota", "accept"]);
    assert!(code == Some(1) && why.contains("the hand-over is for cho"), "{why}");
    bench.ok(&["--as", "Cho", "rota", "accept"]);
    assert_eq!((told(&bench), &bench.json(&["rota"]).1["handover"]), (None, &json!(null)));
    let (code, why) = refused(&bench, &["--as", "cho", "rota", "accept"]);
    assert!(code == Some(1) && why.contains("no hand-over waits"), "{why}");
    let (code, why) = refused(&bench, &["rota", "hand", "--to", "ann"]);
    assert!(code == Some(1) && why.contains("nobody hands over to themselves"), "{why}");
    bench.file("store/config.toml", "");
    let (code, why) = refused(&bench, &["rota", "hand"]);
    assert!(code == Some(1) && why.contains("--to") && why.contains("[rota]"), "{why}");
    assert!(bench.ok(&["rota"]).contains("no rota; write [rota] in the configuration"));
}

#[test]
fn a_view_is_a_query_with_a_name() {
    let bench = bench();
    bench.ok(&["set", OTHER, "product=portal", "assignee=me", "state=acknowledged"]);
    let (_, views) = bench.json(&["view"]);
    let web = views.as_array().unwrap().iter().find(|view| view["name"] == json!("web")).unwrap().clone();
    assert_eq!(web, json!({ "name": "web", "key": "W", "query": "product:portal" }));
    let ids = |line: &[&str]| {
        let (code, cases) = bench.json(line);
        assert_eq!(code, 0, "{line:?}");
        cases
            .as_array()
            .unwrap()
            .iter()
            .map(|case| case["id"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    for (line, expected) in [
        (&["view", "web"][..], &[OTHER][..]),
        (&["view", "Mine"], &[OTHER]),
        (&["list", "@mine"], &[OTHER]),
        (&["view", "all", "open"], &[CASE, OTHER]),
        (&["list", "@all-open"], &[CASE, OTHER]),
        (&["view", "unacknowledged"], &[CASE]),
    ] {
        assert_eq!(ids(line), expected, "{line:?}");
    }
    let (code, why) = refused(&bench, &["list", "@nothing"]);
    assert!(code == Some(2) && why.contains("no view is called 'nothing'; there are mine"), "{why}");
}
