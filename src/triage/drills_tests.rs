//! Trends out of tables of drills.

use super::*;

/// The `number`th drill from now on back: this many of a hundred points.
fn drill(number: usize, name: &str, percent: u32, people: &[&str]) -> DrillRecord {
    let at = DateTime::from_timestamp(1_800_000_000 - number as i64 * 86_400, 0).unwrap();
    DrillRecord {
        at,
        name: name.into(),
        title: format!("{name} {number}"),
        seed: 7,
        mode: "team".into(),
        score: percent,
        of: 100,
        hints: 0,
        people: people.iter().map(|&name| name.to_owned()).collect(),
        began: at,
        ended: at,
        items: Vec::new(),
    }
}

/// Drills of one person, the newest first.
fn runs(percents: &[u32]) -> Vec<DrillRecord> {
    percents.iter().enumerate().map(|(number, percent)| drill(number, "leak", *percent, &["ann"])).collect()
}

fn item(what: &str, points: u32, of: u32) -> DrillItem {
    DrillItem { what: what.into(), points, of }
}

#[test]
fn a_score_in_percent_is_a_hundred_only_where_nothing_was_lost() {
    for (score, of, percent) in [
        (0, 7, Some(0)),
        (2, 3, Some(66)),
        (999, 1000, Some(99)),
        (7, 7, Some(100)),
        (u32::MAX, u32::MAX, Some(100)),
        (0, 0, None),
    ] {
        let record = DrillRecord { score, of, ..drill(0, "leak", 0, &[]) };
        assert_eq!(record.percent(), percent, "{score} of {of}");
    }
}

#[test]
fn a_scenario_is_held_against_its_run_before() {
    for (percents, runs_of_it, last, best, change) in [
        (&[80][..], 1, 80, 80, None),
        (&[80, 70], 2, 80, 80, Some(10)),
        (&[60, 90, 10], 3, 60, 90, Some(-30)),
        (&[70, 70], 2, 70, 70, Some(0)),
    ] {
        let found = trends(&runs(percents)).scenarios.remove(0);
        assert_eq!(
            (found.runs, found.last, found.best),
            (runs_of_it, Some(last), Some(best)),
            "{percents:?}"
        );
        assert_eq!(found.change, change, "{percents:?}");
        assert_eq!(found.title, "leak 0", "the latest title");
    }
    // Other scenarios in between do not matter.
    let mixed = [drill(0, "zero", 50, &[]), drill(1, "leak", 90, &[]), drill(2, "zero", 20, &[])];
    let found = trends(&mixed).scenarios;
    let told = found.iter().map(|one| (one.name.as_str(), one.change)).collect::<Vec<_>>();
    assert_eq!(told, [("leak", None), ("zero", Some(30))]);
}

#[test]
fn a_mean_is_over_five_runs_and_held_against_the_five_before() {
    for (percents, mean, change) in [
        (&[][..], None, None),
        (&[80], Some(80), None),
        (&[80, 81], Some(80), None),
        (&[90, 90, 90, 90, 90], Some(90), None),
        (&[90, 90, 90, 90, 90, 60], Some(90), Some(30)),
        (&[50, 50, 50, 50, 50, 80, 80, 80, 80, 80], Some(50), Some(-30)),
        (&[50, 50, 50, 50, 50, 50, 50, 50, 50, 50, 0, 0], Some(50), Some(0)),
    ] {
        let found = trends(&runs(percents));
        assert_eq!(found.team, Form { runs: percents.len(), mean, change }, "{percents:?}");
        assert_eq!(found.people.first().map(|person| person.form), found.people.first().map(|_| found.team));
        assert_eq!(found.people.len(), percents.len().min(1));
    }
}

#[test]
fn a_drill_without_marks_is_a_run_and_moves_no_mean() {
    let mut drills = runs(&[0, 80, 70]);
    drills[0].of = 0;
    let found = trends(&drills);
    assert_eq!(found.team, Form { runs: 3, mean: Some(75), change: None });
    let scenario = &found.scenarios[0];
    assert_eq!((scenario.last, scenario.best, scenario.change), (None, Some(80), None));
}

#[test]
fn a_person_is_one_however_the_name_is_written_and_listed_by_name() {
    let drills = [
        drill(0, "leak", 90, &["Ben", "ann", "ANN ", ""]),
        drill(1, "leak", 50, &["Ann"]),
        drill(2, "leak", 10, &["zoe"]),
    ];
    let found = trends(&drills).people;
    let told: Vec<_> = found.iter().map(|one| (one.name.as_str(), one.form.runs, one.form.mean)).collect();
    assert_eq!(told, [("ANN", 2, Some(70)), ("Ben", 1, Some(90)), ("zoe", 1, Some(10))]);
}

#[test]
fn what_loses_points_most_often_is_practised_first() {
    let mut drills = runs(&[50; 12]);
    drills[0].items = vec![item("answer", 0, 5), item("date", 1, 20), item("key", 3, 3)];
    drills[1].items = vec![item("answer", 4, 5), item("date", 20, 20), item("credit", 0, 1)];
    drills[9].items = vec![item("bonus", 9, 5)];
    // The eleventh is too long ago.
    drills[10].items = vec![item("credit", 0, 50), item("old", 0, 50)];
    let weak = |what: &str, lost, asked, points| Weak { what: what.into(), lost, asked, points };
    let expected = [weak("answer", 2, 2, 6), weak("date", 1, 2, 19), weak("credit", 1, 1, 1)];
    assert_eq!(trends(&drills).practise, expected);
}

#[test]
fn no_drills_say_nothing() {
    assert_eq!(trends(&[]), Trends::default());
}
