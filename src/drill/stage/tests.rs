//! Drills played at the desk: what comes when, and what it is worth.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::{Drill, Mode, Seating};
use crate::desk::answer::{Draft, Wish};
use crate::desk::{Clock, Desk, Order, Place, Readers};
use crate::drill::bulletin::{Attend, Control, Stage};
use crate::drill::report::{Line, Report};
use crate::drill::scenario::Scenario;
use crate::triage::{CaseKey, Decision, Lane, LaneStep, Priority, Resolution, State};

const HEAD: &str = r#"
[drill]
title = "A test"
teaches = "nothing"
minutes = 5
starts = "2026-03-02T09:00:00Z"
lasts = "2d"
me = "ann"
briefing = "You are on call."

[company]
name = "Example"
address = "security@example.com"

[[person]]
key = "mara"
name = "Mara Lindt"
email = "mara@lindt.example"
openpgp = "known"

[[person]]
key = "noor"
name = "Noor Haddasin"
email = "noor@civic.example"

[[inject]]
id = "report"
after = "1h"
mail = { from = "mara", subject = "Heap overflow in TIFF", protection = "encrypted+signed", text = "The IFD count is not checked." }
"#;

/// A drill being played.
struct Game {
    _directory: tempfile::TempDir,
    drill: Drill,
    desk: Desk,
}

fn scenario(more: &str) -> Scenario {
    let has_marks = more.contains("[[mark]]");
    let mark = "[[mark]]\nwhat = \"w\"\npoints = 1\npractise = \"p\"\ncheck = { is = \"read\", case = \"report\" }\n";
    let text = format!("{HEAD}{more}\n{}", if has_marks { "" } else { mark });
    Scenario::read("test", &text)
        .unwrap_or_else(|wrong| panic!("{}", wrong.iter().map(|one| format!("{one}\n")).collect::<String>()))
}

impl Game {
    fn new(more: &str) -> Self {
        Self::of(scenario(more), 1, Mode::Headless)
    }

    fn of(scenario: Scenario, seed: u64, mode: Mode) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let place = Place::new(directory.path().join("store"));
        let (drill, desk) =
            Drill::begin(&place, scenario, seed, mode, None, Readers::in_this_process()).unwrap();
        drill.pace().pause().unwrap();
        Self { _directory: directory, drill, desk }
    }

    fn start(&self) -> DateTime<Utc> {
        self.drill.scenario().about.starts
    }

    /// Lets it run to so many minutes after the start.
    fn run(&mut self, minutes: i64) -> &mut Self {
        let to = self.start() + TimeDelta::minutes(minutes);
        while self.drill.next_at().unwrap() < to && !self.drill.is_over() {
            let next = self.drill.next_at().unwrap();
            self.drill.pace().set(next).unwrap();
            self.drill.advance(next).unwrap();
        }
        self.drill.pace().set(to).unwrap();
        self.drill.advance(to).unwrap();
        self
    }

    fn case(&self, id: &str) -> CaseKey {
        self.desk.key_of(id).unwrap()
    }

    fn decide(&mut self, id: &str, decision: Decision) {
        let case = self.case(id);
        let outcome = self.desk.decide(&[Order { case, seen: None, decision }]).unwrap();
        assert_eq!(outcome.refused, [], "{id}");
    }

    fn priority(&mut self, id: &str, level: u8) {
        self.decide(id, Decision::Priority(Priority::new(level)));
    }

    fn answer(&mut self, id: &str, wish: &Wish, text: &str) {
        let plan = self.desk.plan(self.case(id), wish).unwrap();
        let draft = Draft { subject: plan.subject.clone(), text: text.to_owned() };
        self.desk.answer(&plan, &draft, &[]).unwrap();
    }

    /// The points of each mark, at the end of the drill.
    fn points(&mut self) -> Vec<u32> {
        self.report().score.items.iter().map(|item| item.points).collect()
    }

    fn report(&mut self) -> Report {
        self.run(3 * 24 * 60).drill.report().unwrap()
    }

    fn titles(&mut self) -> Vec<String> {
        let all = self.drill.desk().unwrap().chronicles().unwrap();
        all.into_iter().map(|one| one.case.title).collect()
    }

    fn messages(&mut self) -> usize {
        self.drill.desk().unwrap().chronicles().unwrap().iter().map(|one| one.messages.len()).sum()
    }
}

#[test]
fn mail_comes_at_its_time_really_encrypted_and_marked() {
    let mut game = Game::new("");
    game.run(59);
    assert_eq!(game.titles(), Vec::<String>::new());
    game.run(60);
    assert_eq!(game.titles(), ["Heap overflow in TIFF"]);
    let dossier = game.desk.dossier(game.case("DRILL-2026-0001")).unwrap();
    assert_eq!(dossier.case.received_at, game.start() + TimeDelta::hours(1));
    let verdict = &dossier.messages[0].content.verdict;
    assert_eq!(verdict.encryption, crate::triage::message::Encryption::Whole);
    assert_eq!(verdict.signature.status, crate::triage::message::SignatureStatus::Verified);
    assert!(dossier.messages[0].content.text.contains("TEST DRILL"));
    let raw = game.desk.raw(dossier.messages[0].id).unwrap().unwrap();
    let raw = String::from_utf8(raw).unwrap();
    assert!(raw.contains("Subject: [TEST DRILL] Heap"), "{raw}");
    assert!(!raw.contains("IFD"), "{raw}");
    assert!(game.desk.team().name.starts_with("TEST DRILL"));
}

#[test]
fn an_inject_waits_for_what_happens_and_is_prevented_by_what_did() {
    let more = r#"
[[inject]]
id = "annoyed"
since = "report"
after = "30m"
unless = [{ is = "answered", case = "report" }]
mail = { from = "mara", re = "report", text = "Did you get it?" }

[[inject]]
id = "thanks"
when = [{ is = "answered", case = "report", encrypted = true, says = ["90 days|ninety days"] }]
after = "10m"
mail = { from = "mara", re = "report", text = "Thank you." }
"#;
    // Nobody answers.
    let mut game = Game::new(more);
    game.run(89);
    assert_eq!(game.messages(), 1);
    game.run(90);
    assert_eq!(game.messages(), 2);
    game.run(600);
    assert_eq!(game.messages(), 2);
    // Somebody does, and the answer is what it should be: it joins the case.
    let mut game = Game::new(more);
    game.run(70).answer("DRILL-2026-0001", &Wish::default(), "We publish within ninety\ndays.");
    game.run(79);
    assert_eq!(game.messages(), 2);
    game.run(600);
    assert_eq!((game.messages(), game.titles().len()), (3, 1));
    // Somebody answers something else.
    let mut game = Game::new(more);
    game.run(70).answer("DRILL-2026-0001", &Wish::default(), "Whatever.\n\n> within 90 days");
    game.run(600);
    assert_eq!(game.messages(), 2, "what was quoted was not said");
}

#[test]
fn colleagues_act_and_what_lies_before_the_start_is_there() {
    let more = r#"
[[inject]]
id = "old"
before = "3d"
mail = { from = "noor", subject = "An old one", text = "It leaks." }

[[inject]]
id = "old-taken"
before = "2d"
set = { by = "ben", case = "old", state = "triaged", priority = "P2", assignee = "ben", read = true }

[[inject]]
id = "asked"
when = [{ is = "case", case = "report", has = { lane = "development" } }]
after = "1h"
lane = { by = "ben", case = "report", lane = "development", step = "accept" }

[[inject]]
id = "note"
since = "asked"
after = "1h"
note = { by = "ben", case = "report", text = "I can reproduce it." }

[[inject]]
id = "shift"
after = "2h"
hand_over = { by = "ben", text = "quiet" }

[[mark]]
what = "the shift was taken over"
points = 4
check = { is = "taken-over" }
practise = "rota accept"

[[mark]]
what = "the shift was handed over"
points = 4
check = { is = "handed-over", to = "cho" }
practise = "rota hand"
"#;
    let mut game = Game::new(more);
    let old = game.desk.case(game.case("DRILL-2026-0001")).unwrap();
    assert_eq!((old.state, old.assignee.as_deref()), (State::Triaged, Some("ben")));
    assert_eq!(old.received_at, game.start() - TimeDelta::days(3));
    game.run(100).decide(
        "DRILL-2026-0002",
        Decision::Lane(Lane::Development, LaneStep::Ask { owner: None, note: None }),
    );
    game.run(240);
    let case = game.desk.case(game.case("DRILL-2026-0002")).unwrap();
    assert_eq!(case.lane(Lane::Development).unwrap().owner.as_deref(), Some("ben"));
    assert_eq!(
        case.lane(Lane::Development).unwrap().accepted_at,
        Some(game.start() + TimeDelta::minutes(160))
    );
    game.desk.accept_handover().unwrap();
    game.run(300);
    game.desk.hand_over(Some("cho"), "all is well").unwrap();
    assert_eq!(game.points(), [4, 4]);
    // What a colleague did is what came; what the player did is what was done.
    let report = game.report();
    let of =
        |line, who: &str| report.timeline.iter().filter(|one| one.line == line && one.who == who).count();
    assert_eq!((of(Line::Came, "ben"), of(Line::Done, "ben")), (3, 0));
    assert!(of(Line::Done, "ann") >= 2);
    assert_eq!(report.team, ["ann"]);
}

#[test]
fn time_decides_over_the_points() {
    let more = r#"
[[mark]]
what = "a priority"
points = 5
check = { is = "case", case = "report", has = { priority = ["P0", "P1"] } }
since = "report"
within = "1h"
late = "4h"
practise = "p"
"#;
    let tries: [(&[(i64, u8)], u32); 6] = [
        (&[(70, 1)], 5),
        (&[(120, 0)], 5),
        (&[(121, 1)], 2),
        (&[(400, 1)], 0),
        // Changed within what is right it was right from the first.
        (&[(70, 1), (500, 0)], 5),
        // Taken back, it is right from when it was right again.
        (&[(70, 1), (80, 3), (130, 1)], 2),
    ];
    for (priorities, points) in tries {
        let mut game = Game::new(more);
        for (minutes, level) in priorities {
            game.run(*minutes).priority("DRILL-2026-0001", *level);
        }
        assert_eq!(game.points(), [points], "{priorities:?}");
    }
    let mut game = Game::new(more);
    game.run(70).priority("DRILL-2026-0001", 1);
    game.desk.undo().unwrap();
    let report = game.report();
    assert_eq!(report.score.items[0].points, 0, "what was undone was not done");
    assert!(report.score.items[0].happened.contains("no priority"));
    assert_eq!(report.timeline.iter().filter(|one| one.line == Line::Late).count(), 1);
}

#[test]
fn what_must_not_happen_counts_only_where_it_could_have() {
    let more = r#"
[[inject]]
id = "clear"
after = "1h 30m"
mail = { from = "noor", subject = "Question", text = "How do I report something?" }

[[mark]]
what = "nothing leaked"
points = 5
never = true
check = { is = "leaked", case = "clear", words = ["TIFF", "how do I report"] }
given = { is = "answered", case = "clear" }
practise = "p"
"#;
    let clear = Wish { in_the_clear: true, ..Wish::default() };
    assert_eq!(Game::new(more).points(), [0]);
    for (text, points) in [
        ("Please ask for our key.", 5),
        ("It is in the tiff reader.", 0),
        ("Use our key.\n\n> How do I report\n> something?", 0),
        ("Use our key.\n\n> How do\n> I report", 0),
        ("Use our key.\n\n> How can I tell you something?", 5),
        ("> How do I report something?", 0),
    ] {
        let mut game = Game::new(more);
        game.run(100).answer("DRILL-2026-0002", &clear, text);
        assert_eq!(game.points(), [points], "{text}");
    }
}

#[test]
fn keys_are_told_apart() {
    let more = r#"
[[inject]]
id = "forged"
after = "2h"
mail = { from = "mara", re = "report", text = "Use my new key.", protection = "encrypted+signed", signer = "other", encloses = "other" }

[[mark]]
what = "the right one"
points = 3
check = { is = "verified", person = "mara", key = "own" }
before = { is = "answered", case = "report" }
practise = "p"

[[mark]]
what = "not the wrong one"
points = 3
never = true
check = { is = "verified", person = "mara", key = "other" }
given = { is = "read", case = "report" }
practise = "p"

[[mark]]
what = "encrypted to the right one"
points = 3
check = { is = "answered", case = "report", key = "own" }
practise = "p"
"#;
    let fingerprint = |game: &Game, whose| {
        game.drill.cast.member("mara").and_then(|mara| mara.key(whose)).unwrap().fingerprint.clone()
    };
    use crate::drill::scenario::Whose;
    let mut game = Game::new(more);
    game.run(130);
    let (case, own) = (game.case("DRILL-2026-0001"), fingerprint(&game, Whose::Own));
    game.desk.mark_read(case).unwrap();
    game.desk.verify_key(&own, None, "by phone").unwrap();
    game.run(140).answer("DRILL-2026-0001", &Wish::default(), "Thank you.");
    assert_eq!(game.points(), [3, 3, 3]);

    let mut game = Game::new(more);
    game.run(130);
    let (case, other) = (game.case("DRILL-2026-0001"), fingerprint(&game, Whose::Other));
    game.desk.mark_read(case).unwrap();
    game.desk.verify_key(&other, None, "it came by mail").unwrap();
    game.run(140).answer("DRILL-2026-0001", &Wish { key: Some(other), ..Wish::default() }, "Thank you.");
    let own = fingerprint(&game, Whose::Own);
    game.run(150);
    game.desk.verify_key(&own, None, "too late").unwrap();
    assert_eq!(game.points(), [0, 0, 0]);
}

#[test]
fn a_flood_is_shuffled_by_the_seed_and_counted() {
    let more = r#"
[[inject]]
id = "noise"
after = "1h"
times = 6
spread = "1h"
mail = { from = ["mara", "noor"], variants = [{ subject = "one", text = "1" }, { subject = "two", text = "2" }, { subject = "three", text = "3" }] }

[[mark]]
what = "closed"
points = 4
check = { is = "many", cases = "noise-*", least = 4, has = { state = "closed" } }
practise = "p"
"#;
    let flood = |seed| {
        let mut game = Game::of(scenario(more), seed, Mode::Headless);
        game.run(121);
        let all = game.drill.desk().unwrap().chronicles().unwrap();
        all.into_iter()
            .map(|one| (one.case.received_at, one.case.title, one.case.reporter.email))
            .collect::<Vec<_>>()
    };
    let one = flood(1);
    assert_eq!(one.len(), 7);
    assert_eq!(one, flood(1), "the same seed");
    assert_ne!(one, flood(2), "another seed");
    let close = |count: usize| {
        let mut game = Game::new(more);
        game.run(121);
        let noise: Vec<String> = game
            .drill
            .log
            .iter()
            .filter_map(|entry| match &entry.what {
                super::Happening::Played { id, case: Some(case), .. } if id.starts_with("noise") => {
                    Some(game.desk.case(CaseKey(*case)).unwrap().id)
                }
                _ => None,
            })
            .collect();
        for id in noise.iter().take(count) {
            game.decide(id, Decision::State(State::Closed, Some(Resolution::Spam)));
        }
        game.points()
    };
    assert_eq!((close(3), close(4)), (vec![0], vec![4]));
}

#[test]
fn duplicates_are_judged_as_one_case_and_restricted_ones_are_judged_too() {
    let more = r#"
[[inject]]
id = "again"
after = "2h"
mail = { from = "noor", subject = "Crash in image import", text = "It crashes." }

[[mark]]
what = "merged"
points = 2
check = { is = "merged", case = "report", with = "again" }
within = "3h"
practise = "p"

[[mark]]
what = "the second one has a priority"
points = 2
check = { is = "case", case = "again", has = { prioritised = true, restricted = true } }
practise = "p"

[[mark]]
what = "the second reporter was answered"
points = 2
check = { is = "answered", case = "again" }
practise = "p"
"#;
    let mut game = Game::new(more);
    game.run(130).priority("DRILL-2026-0001", 1);
    let cases = [game.case("DRILL-2026-0001"), game.case("DRILL-2026-0002")];
    game.desk.merge(&cases).unwrap();
    let wish = Wish { in_the_clear: true, to: Some("noor@civic.example".to_owned()), ..Wish::default() };
    let refused = game.desk.plan(cases[0], &wish);
    assert!(refused.is_ok(), "{refused:?}");
    game.answer("DRILL-2026-0001", &wish, "Thank you.");
    game.decide("DRILL-2026-0001", Decision::Readers(vec!["ann".to_owned()]));
    assert_eq!(game.points(), [2, 2, 2]);
    assert_eq!(Game::new(more).points(), [0, 0, 0]);
}

const HINTS: &str = r#"
[[hint]]
text = "Look around."

[[hint]]
text = "Read it."
until = [{ is = "read", case = "report" }]

[[mark]]
what = "unaided"
points = 5
never = true
check = { is = "hinted" }
given = { is = "read", case = "report" }
practise = "p"
"#;

#[test]
fn hints_are_shown_until_they_are_done_and_an_exam_has_none() {
    let mut game = Game::of(scenario(HINTS), 1, Mode::Solo);
    game.run(70);
    let ask = |game: &mut Game, control| game.drill.attend(&control);
    assert_eq!(ask(&mut game, Control::Look).unwrap().hint, None);
    let hint = ask(&mut game, Control::Hint).unwrap().hint.unwrap();
    assert_eq!((hint.number, hint.of, hint.text.as_str()), (1, 2, "Look around."));
    assert_eq!(ask(&mut game, Control::Hint).unwrap().hint.unwrap().text, "Read it.");
    let case = game.case("DRILL-2026-0001");
    game.desk.mark_read(case).unwrap();
    assert_eq!(ask(&mut game, Control::Look).unwrap().hint, None, "it is done");
    assert!(ask(&mut game, Control::Hint).unwrap_err().contains("no further hint"));
    let report = game.report();
    assert_eq!((report.hints, report.score.points), (2, 0));

    let mut exam = Game::of(scenario(HINTS), 1, Mode::Exam);
    exam.run(70);
    assert!(ask(&mut exam, Control::Hint).is_err() && ask(&mut exam, Control::Pause).is_err());
    let bulletin = ask(&mut exam, Control::Look).unwrap();
    assert!(!bulletin.may_hint && !bulletin.may_pace && !bulletin.is_facilitator && bulletin.cues.is_empty());
    let case = exam.case("DRILL-2026-0001");
    exam.desk.mark_read(case).unwrap();
    assert_eq!(exam.points(), [5]);
}

#[test]
fn a_tour_always_shows_what_to_do_next() {
    let text = format!("{HEAD}{HINTS}").replacen("me = \"ann\"", "me = \"ann\"\ntour = true", 1);
    let mut game = Game::of(Scenario::read("test", &text).unwrap(), 1, Mode::Solo);
    game.run(70);
    let told = |game: &mut Game, control| game.drill.attend(&control).unwrap().hint.map(|hint| hint.number);
    assert_eq!(told(&mut game, Control::Look), Some(1));
    assert_eq!(told(&mut game, Control::Hint), Some(2), "one that only tells is passed");
    let case = game.case("DRILL-2026-0001");
    game.desk.mark_read(case).unwrap();
    assert_eq!(told(&mut game, Control::Look), None);
}

#[test]
fn a_team_has_one_facilitator_who_plays_and_remarks() {
    let more = "\n[[inject]]\nid = \"late\"\nafter = \"20h\"\nmail = { from = \"noor\", subject = \"Late\", text = \"x\" }\n";
    let mut game = Game::of(scenario(more), 1, Mode::Team);
    game.run(70);
    let bulletin = game.drill.attend(&Control::Look).unwrap();
    let stages: Vec<Stage> = bulletin.cues.iter().map(|cue| cue.stage).collect();
    let at = |hours| game.start() + TimeDelta::hours(hours);
    assert_eq!(stages, [Stage::Played(at(1)), Stage::Due(at(20))]);
    assert_eq!(bulletin.next_at, Some(at(20)));
    // A member sees the clock and nothing of what is to come.
    let member = game.desk.second().unwrap().handed_to("ben", Clock::Drill(game.drill.pace().clone()));
    let mut member = Drill::open(&member, Seating::Member).unwrap();
    member.seat("ben").unwrap();
    let seen = member.attend(&Control::Look).unwrap();
    assert!(seen.cues.is_empty() && !seen.may_pace && seen.next_at.is_none());
    for control in [
        Control::Pause,
        Control::Step,
        Control::Play("late".into()),
        Control::Comment("x".into()),
        Control::End,
    ] {
        assert!(member.attend(&control).is_err(), "{control:?}");
    }
    game.drill.attend(&Control::Play("late".into())).unwrap();
    assert_eq!(game.titles(), ["Heap overflow in TIFF", "Late"]);
    assert!(game.drill.attend(&Control::Play("late".into())).is_err(), "once is enough");
    game.drill.attend(&Control::Comment("they hesitate".into())).unwrap();
    let over = game.drill.attend(&Control::End).unwrap();
    assert!(over.is_over && over.is_paused && over.score == Some((0, 1)));
    assert!(member.attend(&Control::Look).unwrap().is_over);
    let report = game.drill.report().unwrap();
    assert_eq!(report.team, ["ben"]);
    assert!(report.timeline.iter().any(|one| one.line == Line::Remark && one.what == "they hesitate"));
}

#[test]
fn the_clock_is_stepped_set_and_never_turned_back() {
    let mut game = Game::of(scenario(""), 1, Mode::Solo);
    let start = game.start();
    let stepped = game.drill.attend(&Control::Step).unwrap();
    assert_eq!(
        (game.drill.pace().now(), stepped.next_at),
        (start + TimeDelta::hours(1), Some(start + TimeDelta::days(2)))
    );
    assert_eq!(game.titles().len(), 1);
    game.drill.attend(&Control::Set(start + TimeDelta::hours(3))).unwrap();
    assert_eq!(game.desk.now(), start + TimeDelta::hours(3), "every clock follows");
    assert!(game.drill.attend(&Control::Set(start)).is_err());
    assert_eq!(
        game.drill.attend(&Control::Day(Duration::from_secs(60))).unwrap().day_takes,
        Duration::from_secs(60)
    );
    assert!(!game.drill.attend(&Control::Resume).unwrap().is_paused);
    assert!(game.drill.attend(&Control::Pause).unwrap().is_paused);
    // Its end cannot be passed.
    let over = game.drill.attend(&Control::Set(start + TimeDelta::days(9))).unwrap();
    assert!(over.is_over);
    assert_eq!(game.drill.pace().now(), start + TimeDelta::days(2));
    assert!(game.drill.attend(&Control::Resume).is_err());
}

#[test]
fn a_drill_goes_on_where_another_process_left_it() {
    let mut game = Game::new("");
    game.run(70).priority("DRILL-2026-0001", 1);
    let mut again = Drill::open(&game.desk, Seating::Player).unwrap();
    let key = |drill: &Drill| {
        drill
            .cast
            .member("mara")
            .unwrap()
            .key(crate::drill::scenario::Whose::Own)
            .unwrap()
            .fingerprint
            .clone()
    };
    assert_eq!(key(&again), key(&game.drill), "the same people with the same keys");
    again.finish().unwrap();
    assert!(game.drill.attend(&Control::Look).unwrap().is_over);
    assert_eq!(again.report().unwrap(), game.drill.report().unwrap());
}

#[test]
fn a_key_of_ours_that_has_ended_is_named_and_its_renewal_is_seen_at_once() {
    let more = r#"
[[inject]]
id = "complaint"
after = "30m"
unless = [{ is = "renewed", lasts = "30d" }]
mail = { from = "noor", subject = "Your key", text = "It has expired." }

[[inject]]
id = "sealed"
when = [{ is = "renewed", lasts = "30d" }]
after = "2h"
mail = { from = "mara", subject = "The report", text = "It is here.", protection = "encrypted+signed" }

[[mark]]
what = "renewed"
points = 3
check = { is = "renewed", lasts = "30d" }
since = "complaint"
within = "1h"
practise = "p"
"#;
    let text = format!("{HEAD}{more}").replacen("address = \"sec", "key_ends = \"-2d\"\naddress = \"sec", 1);
    let text = text.replace("protection = \"encrypted+signed\", text = \"The IFD", "text = \"The IFD");
    let mut game = Game::of(Scenario::read("test", &text).unwrap(), 1, Mode::Headless);
    game.run(61);
    let why = game.desk.plan(game.case("DRILL-2026-0002"), &Wish::default()).unwrap_err().to_string();
    assert!(why.contains("ended on 2026-02-28") && why.contains("key extend"), "{why}");
    let ours = game.desk.keys().unwrap().into_iter().find(|key| key.secret).unwrap();
    game.desk.extend_key(&ours.fingerprint, game.start() + TimeDelta::days(400), None).unwrap();
    game.run(180);
    assert_eq!(game.titles().len(), 2, "not before its time");
    game.run(181);
    assert_eq!(game.titles().len(), 3);
    let dossier = game.desk.dossier(game.case("DRILL-2026-0003")).unwrap();
    assert_eq!(dossier.messages[0].content.verdict.encryption, crate::triage::message::Encryption::Whole);
    assert!(game.desk.plan(game.case("DRILL-2026-0002"), &Wish::default()).is_ok());
    assert_eq!(game.points(), [3]);
}
