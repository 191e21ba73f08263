//! Every mistake of a scenario has its line and its mend.

use super::*;
use crate::drill::SKELETON;

/// What is wrong with the skeleton once `from` in it is `to`.
fn wrong(from: &str, to: &str) -> Vec<String> {
    assert!(SKELETON.contains(from), "{from}");
    let text = SKELETON.replacen(from, to, 1);
    match Scenario::read("test", &text) {
        Ok(_) => Vec::new(),
        Err(wrong) => wrong.iter().map(ToString::to_string).collect(),
    }
}

/// The line of the skeleton on which `text` first stands.
fn line_of(text: &str) -> usize {
    SKELETON.lines().position(|line| line.contains(text)).unwrap() + 1
}

#[test]
fn the_skeleton_can_be_played_as_it_stands() {
    let scenario = Scenario::read("test", SKELETON).unwrap();
    assert_eq!((scenario.injects.len(), scenario.marks.len()), (2, 3));
    assert_eq!(scenario.ends_at() - scenario.about.starts, chrono::TimeDelta::days(1));
    assert_eq!(scenario.rules.products.len(), 1);
}

#[test]
fn the_skeleton_tells_of_every_setting() {
    // What is commented out can be played as well.
    let text: String = SKELETON
        .lines()
        .map(|line| match line.strip_prefix('#') {
            Some(rest) if rest.starts_with(|c: char| c.is_ascii_alphabetic() || c == '[') => {
                format!("{rest}\n")
            }
            _ => format!("{line}\n"),
        })
        .collect();
    // Some of it says the same thing in another way, or names what only an example has.
    let text = text
        .replace("before = \"3d\" ", "# ")
        .replace("times = 20 ", "# ")
        .replace("altered = \"text\"", "# ")
        .replace("re = \"another-inject\"", "# ")
        .replace("variants = [{", "# [{");
    if let Err(wrong) = Scenario::read("test", &text) {
        panic!("{}", wrong.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"));
    }
}

#[test]
fn every_mistake_is_told_with_its_place_and_its_mend() {
    let cases: &[(&str, &str, &str)] = &[
        ("teaches =", "teach =", "unknown field `teach`"),
        ("minutes = 5 ", "minutes = 0 ", "minutes: how long a person takes"),
        ("lasts = \"1d\"", "lasts = \"1y\"", "'1y' is no span of time; write it as 20m"),
        ("starts = \"2026", "starts = \"soon 2026", "is no instant; write it as"),
        ("address = \"security@example.com\"", "address = \"security@ninety.dev\"", "could be somebody's"),
        ("email = \"mara@lindt.example\"", "email = \"mara@lindt.io\"", "could be somebody's"),
        ("openpgp = \"known\"", "openpgp = \"trusted\"", "unknown variant `trusted`"),
        (
            "since = \"report\"\nafter",
            "since = \"rapport\"\nafter",
            "there is no inject 'rapport'; there are annoyed, report",
        ),
        ("from = \"mara\"", "from = \"maria\"", "there is no person 'maria'; there are mara"),
        ("re = \"report\"", "re = \"annoyed2\"", "there is no inject 'annoyed2'"),
        ("is = \"read\"", "is = \"seen\"", "unknown variant `seen`"),
        ("priority = [\"P1\", \"P2\"]", "priority = \"P7\"", "P7"),
        ("points = 5", "points = 0", "points: 1 to 100"),
        (
            "given = { is = \"answered\", case = \"report\" }",
            "",
            "whoever does nothing would get these points",
        ),
        ("late = \"8h\"", "late = \"1h\"", "late: half of the points are given until then"),
        ("development = \"ben\"", "develop = \"ben\"", "develop"),
        ("[[mark]]", "[[marks]]", "'marks' is no part of a scenario"),
        ("[[person]]", "[person]", "two pairs of brackets"),
        ("[drill]", "[drill", ""),
        ("since = \"report\"\nafter", "since = \"annoyed\"\nafter", "waits for what waits for it"),
        (
            "[[hint]]",
            "[[inject]]\nid = \"n\"\nnote = { by = \"ann\", case = \"report\", text = \"x\" }\n[[hint]]",
            "by: a colleague",
        ),
        (
            "[[hint]]",
            "[[inject]]\nid = \"n\"\nnote = { by = \"ben\", case = \"n\", text = \"x\" }\n[[hint]]",
            "'n' is no mail",
        ),
    ];
    for (from, to, told) in cases {
        let wrong = wrong(from, to);
        assert!(wrong.iter().any(|one| one.contains(told)), "{to}: {wrong:?}");
        assert!(wrong.iter().all(|one| one.starts_with("line ")), "{to}: {wrong:?}");
    }
}

#[test]
fn a_mistake_in_one_table_does_not_hide_those_in_others() {
    let text = SKELETON
        .replacen("minutes = 5", "minutes = 500", 1)
        .replacen("openpgp = \"known\"", "openpgp = \"trusted\"", 1)
        .replacen("points = 5", "points = \"five\"", 1);
    let wrong = Scenario::read("test", &text).unwrap_err();
    let lines: Vec<usize> = wrong.iter().map(|one| one.line).collect();
    for needle in ["[drill]", "openpgp = \"known\"", "points = 5"] {
        assert!(lines.contains(&line_of(needle)), "{needle}: {wrong:?}");
    }
    assert!(lines.is_sorted());
}

#[test]
fn a_mistake_in_the_rules_is_told_at_its_line() {
    let wrong = wrong("zone = \"Europe/Berlin\"", "zone = \"Europe/Berln\"");
    assert!(wrong[0].starts_with(&format!("line {}", line_of("Europe/Berlin"))), "{wrong:?}");
}

#[test]
fn what_is_no_scenario_is_told_and_nothing_panics() {
    for text in [
        "",
        "x",
        "[drill]\n",
        "\u{0}",
        "[[inject]]\nid = \"\"\n",
        "drill = 1",
        "[drill]\ntitle = 3\n[company]\n",
    ] {
        assert!(!Scenario::read("test", text).unwrap_err().is_empty(), "{text:?}");
    }
    assert!(Scenario::read("A b", SKELETON).is_err());
    let large = format!("{SKELETON}\n# {}", "x".repeat(1 << 20));
    assert!(Scenario::read("test", &large).unwrap_err()[0].problem.contains("1 MiB"));
}
