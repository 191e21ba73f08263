//! Figures computed by hand.

mod properties;

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;

use super::*;
use crate::triage::calendar::Calendar;
use crate::triage::case::{Case, Merged, Priority};
use crate::triage::lane::LaneWork;
use crate::triage::message::Encryption;
use crate::triage::noise::Noise;
use crate::triage::{Milestone, Person, Resolution, Weakness};

fn at(text: &str) -> DateTime<Utc> {
    format!("{text}:00Z").parse().unwrap()
}

/// A Wednesday, in 2026-W48.
fn now() -> DateTime<Utc> {
    at("2026-11-25T12:00")
}

fn hours(count: i64) -> TimeDelta {
    TimeDelta::hours(count)
}

/// A report of this instant about which nobody has decided yet. Its reporter
/// publishes 90 days after.
fn report(received: &str) -> Case {
    let received_at = at(received);
    let mut case = Case::opened("SEC-1".into(), "it", Person::default(), received_at, Encryption::None);
    case.disclosure.at = received_at + TimeDelta::days(90);
    case
}

/// It was answered and got a priority so many hours after receipt.
fn triaged(received: &str, acknowledged: i64, prioritised: i64) -> Case {
    let mut case = report(received);
    case.state = State::Triaged;
    case.acknowledged_at = Some(case.received_at + hours(acknowledged));
    case.priority = Priority::new(2);
    case.reached.insert(Milestone::Prioritised, case.received_at + hours(prioritised));
    case.touched_at = case.received_at + hours(prioritised.max(acknowledged));
    case
}

fn closed(case: Case, resolution: Resolution, after: i64) -> Case {
    let mut case = Case { state: State::Closed, resolution: Some(resolution), ..case };
    case.reached.insert(Milestone::Closed, case.received_at + hours(after));
    case
}

fn reached(mut case: Case, milestone: Milestone, text: &str) -> Case {
    case.reached.insert(milestone, at(text));
    case
}

fn over(cases: &[Case], since: &str, until: Option<&str>) -> Statistics {
    let calendar = Calendar::default();
    let period = Period::asked(Some(at(since)), until.map(at), &calendar, now());
    gather(cases, period, &calendar)
}

fn gather(cases: &[Case], period: Period, calendar: &Calendar) -> Statistics {
    let mut gathering = Gathering::new(period, calendar, now());
    cases.iter().for_each(|case| gathering.add(case));
    gathering.finish()
}

fn clock(statistics: &Statistics, kind: Kind) -> &Clocked<Kind> {
    statistics.clocks.iter().find(|clock| clock.kind == kind).unwrap()
}

#[test]
fn an_empty_store_has_no_figures_and_no_trouble() {
    let statistics = over(&[], "2026-11-02T00:00", None);
    assert_eq!(statistics.weeks.len(), 4);
    assert_eq!((statistics.received, statistics.valid.value()), (Received::default(), None));
    assert_eq!(statistics.to_prioritised, Spread::default());
    assert!(statistics.clocks.iter().all(|clock| clock.within.value().is_none()));
    assert_eq!(statistics.clocks.len(), 9);
    assert!(statistics.figures().iter().all(|figure| match figure.amount {
        Amount::Count(count) => count == 0,
        Amount::Share(share) => share.is_none(),
        Amount::Time(time) => time.is_none_or(|time| time.is_zero()),
    }));
}

#[test]
fn weeks_are_iso_weeks_of_the_zone() {
    // A Sunday evening in UTC is Monday in Auckland, and in the first week of 2027 by ISO 8601.
    let calendar = Calendar { zone: Tz::Pacific__Auckland, ..Calendar::default() };
    let late = Case { received_at: at("2027-01-03T20:00"), ..report("2026-11-01T00:00") };
    let period = Period { since: at("2026-12-28T00:00"), until: at("2027-01-04T00:00") };
    let statistics = gather(std::slice::from_ref(&late), period, &calendar);
    let weeks: Vec<(String, usize)> =
        statistics.weeks.iter().map(|week| (week.label(), week.received)).collect();
    assert_eq!(weeks, [("2026-W53".into(), 0), ("2027-W01".into(), 1)]);
    let in_utc = gather(&[late], period, &Calendar::default());
    let weeks: Vec<(String, usize)> = in_utc.weeks.iter().map(|week| (week.label(), week.received)).collect();
    assert_eq!(weeks, [("2026-W53".into(), 1)]);
}

#[test]
fn without_dates_a_period_has_thirteen_weeks_until_now() {
    let period = Period::asked(None, None, &Calendar::default(), now());
    assert_eq!((period.since, period.last()), (at("2026-08-31T00:00"), now()));
    assert!(period.has(now()) && !period.has(now() + TimeDelta::seconds(1)));
    let berlin = Calendar { zone: Tz::Europe__Berlin, ..Calendar::default() };
    // Summer time ends in between.
    assert_eq!(Period::asked(None, None, &berlin, now()).since, at("2026-08-30T22:00"));
    let to_come = Period::asked(Some(at("2030-01-01T00:00")), Some(at("2040-01-01T00:00")), &berlin, now());
    assert_eq!((to_come.since, to_come.until), (period.until, period.until));
    assert_eq!(gather(&[], to_come, &berlin).weeks.len(), 1);
}

#[test]
fn a_week_counts_what_happened_in_it() {
    let cases = [
        // W46: received on Monday; prioritised after 30 hours, on Tuesday.
        triaged("2026-11-09T08:00", 2, 30),
        // W46; prioritised nine days later, in W47.
        triaged("2026-11-11T08:00", 20, 9 * 24),
        // W47, nothing since.
        report("2026-11-17T08:00"),
        // W47, closed in the same week.
        closed(triaged("2026-11-18T08:00", 1, 10), Resolution::WontFix, 20),
        // Before the period; released in W48.
        reached(triaged("2026-11-01T08:00", 1, 1), Milestone::Released, "2026-11-24T08:00"),
    ];
    let statistics = over(&cases, "2026-11-09T00:00", None);
    let weeks: Vec<_> = statistics
        .weeks
        .iter()
        .map(|week| {
            let (w, counts) =
                (week.label(), [week.received, week.acknowledged, week.prioritised, week.fixed]);
            (w, counts, week.open, week.to_prioritised.median.map(|time| time.num_hours()))
        })
        .collect();
    assert_eq!(
        weeks,
        [
            ("2026-W46".into(), [2, 2, 1, 0], 3, Some(30)),
            ("2026-W47".into(), [2, 1, 2, 0], 4, Some(10)),
            ("2026-W48".into(), [0, 0, 0, 1], 4, None),
        ]
    );
    assert_eq!(statistics.to_prioritised.count, 3);
    assert_eq!(statistics.to_prioritised.median, Some(hours(30)));
    assert_eq!(statistics.to_prioritised.p90, Some(hours(216)));
    assert_eq!(statistics.to_fixed.median, Some(hours(23 * 24)));
    assert_eq!((statistics.unprioritised, statistics.backlog.open), (1, 4));
}

#[test]
fn a_clock_is_decided_once() {
    let cases = [
        triaged("2026-11-10T00:00", 5, 40),
        // Answered a day late, in the week after it was due.
        triaged("2026-11-13T12:00", 48, 50),
        // Never answered: it was due a day later and is owed.
        report("2026-11-18T12:00"),
        // Not due yet.
        report("2026-11-25T06:00"),
        // Closed before it was due: it stands still.
        closed(report("2026-11-18T12:00"), Resolution::NotAVulnerability, 3),
        // Closed after it was due: missed, and no longer owed.
        closed(report("2026-11-18T12:00"), Resolution::NotAVulnerability, 30),
    ];
    let all = over(&cases, "2026-11-01T00:00", None);
    let acknowledge = clock(&all, Kind::Acknowledge);
    assert_eq!(acknowledge.within, Share { part: 1, whole: 4 });
    assert_eq!((acknowledge.running, acknowledge.overdue), (1, 1));
    // 1 - 3/4.
    assert_eq!(acknowledge.within.value(), Some(0.25));
    assert_eq!((acknowledge.spread.median, acknowledge.spread.p90), (Some(hours(5)), Some(hours(48))));
    // The late one was due on the 14th and met on the 15th.
    let due_in = over(&cases, "2026-11-14T00:00", Some("2026-11-15T00:00"));
    assert_eq!(clock(&due_in, Kind::Acknowledge).within, Share { part: 0, whole: 1 });
    assert_eq!(clock(&due_in, Kind::Acknowledge).spread.count, 0);
    let met_in = over(&cases, "2026-11-15T00:00", Some("2026-11-16T00:00"));
    assert_eq!(clock(&met_in, Kind::Acknowledge).within, Share::default());
    assert_eq!(clock(&met_in, Kind::Acknowledge).spread.median, Some(hours(48)));
}

#[test]
fn clocks_that_start_again_have_no_share() {
    let statistics = over(&[triaged("2026-09-01T00:00", 1, 2)], "2026-08-01T00:00", None);
    let stalled = clock(&statistics, Kind::Stalled);
    assert_eq!((stalled.within, stalled.overdue), (Share::default(), 1));
}

#[test]
fn lanes_answer_in_their_time() {
    let mut case = triaged("2026-11-10T00:00", 1, 2);
    let ask = |lane, asked: &str, answered: Option<&str>| LaneWork {
        accepted_at: answered.map(at),
        ..LaneWork::asked(lane, None, None, "ann", at(asked))
    };
    case.set_lane(
        Lane::Development,
        Some(ask(Lane::Development, "2026-11-10T08:00", Some("2026-11-10T11:00"))),
    );
    case.set_lane(Lane::Qa, Some(ask(Lane::Qa, "2026-11-20T08:00", Some("2026-11-23T08:00"))));
    case.set_lane(Lane::Pr, Some(ask(Lane::Pr, "2026-11-25T08:00", None)));
    let statistics = over(&[case], "2026-11-09T00:00", None);
    let lanes: Vec<_> = statistics
        .lanes
        .iter()
        .map(|lane| (lane.kind, lane.spread.median, lane.within.part, lane.within.whole, lane.running))
        .collect();
    assert_eq!(
        lanes,
        [
            (Lane::Development, Some(hours(3)), 1, 1, 0),
            (Lane::Qa, Some(hours(72)), 0, 1, 0),
            (Lane::Pr, None, 0, 0, 1),
        ]
    );
    assert_eq!(clock(&statistics, Kind::Answer).within, Share { part: 1, whole: 2 });
}

#[test]
fn noise_is_counted_apart_and_gives_way_to_a_judgement() {
    let marked = |case: Case| Case { noise: Noise { score: 80, reasons: Vec::new() }, ..case };
    let cases = [
        report("2026-11-10T00:00"),
        marked(report("2026-11-10T00:00")),
        marked(triaged("2026-11-10T00:00", 1, 2)),
        closed(report("2026-11-10T00:00"), Resolution::Spam, 2),
        closed(marked(report("2026-11-10T00:00")), Resolution::OutOfScope, 2),
    ];
    let statistics = over(&cases, "2026-11-09T00:00", None);
    assert_eq!((statistics.received.cases, statistics.received.noise), (5, 2));
    assert_eq!(statistics.noise.value(), Some(0.4));
    assert_eq!((statistics.backlog.open, statistics.backlog.noise), (2, 1));
    // Valid: the triaged one. Judged: that, the spam, and what is out of scope.
    assert_eq!(statistics.valid, Share { part: 1, whole: 3 });
    // The unanswered one, and the one that was closed before it was due.
    assert_eq!(clock(&statistics, Kind::Acknowledge).within, Share { part: 1, whole: 2 });
}

#[test]
fn valid_is_what_was_not_found_to_be_otherwise() {
    use Resolution::*;
    let cases: Vec<Case> = Resolution::ALL
        .into_iter()
        .map(|resolution| closed(report("2026-11-10T00:00"), resolution, 9))
        .chain([report("2026-11-10T00:00"), triaged("2026-11-10T00:00", 1, 1)])
        .collect();
    let judged: Vec<Judgement> = cases.iter().map(Judgement::of).collect();
    let as_expected = |resolution| match resolution {
        Fixed | WontFix => Judgement::Valid,
        Duplicate => Judgement::Duplicate,
        NotAVulnerability | NotReproducible | OutOfScope => Judgement::Rejected,
        Spam => Judgement::Spam,
    };
    let mut expected: Vec<Judgement> = Resolution::ALL.into_iter().map(as_expected).collect();
    expected.extend([Judgement::Open, Judgement::Valid]);
    assert_eq!(judged, expected);
    assert_eq!(over(&cases, "2026-11-09T00:00", None).valid, Share { part: 3, whole: 7 });
}

#[test]
fn a_merged_case_counts_once() {
    let merged_into = Some(Merged { key: 1, id: "SEC-1".into() });
    let twin = Case { merged_into, ..triaged("2026-11-11T00:00", 1, 1) };
    let statistics = over(&[triaged("2026-11-10T00:00", 2, 3), twin], "2026-11-09T00:00", None);
    assert_eq!((statistics.received.cases, statistics.received.merged), (1, 1));
    assert_eq!(statistics.to_prioritised.median, Some(hours(3)));
    assert_eq!(statistics.backlog.open, 1);
}

#[test]
fn what_is_not_on_record_is_missing_and_never_made_up() {
    let mut undated = triaged("2026-11-10T00:00", 1, 1);
    undated.acknowledged_at = None;
    undated.reached.clear();
    let backwards = triaged("2026-11-10T00:00", 1, -5);
    let mut unreleased = closed(triaged("2026-11-10T00:00", 1, 1), Resolution::Fixed, 9);
    unreleased.reached.remove(&Milestone::Closed);
    let statistics = over(&[undated, backwards, unreleased], "2026-11-09T00:00", None);
    let (prioritised, fixed) = (statistics.to_prioritised, statistics.to_fixed);
    assert_eq!((prioritised.count, prioritised.missing), (1, 2));
    assert_eq!((fixed.count, fixed.missing), (0, 1));
    assert_eq!(clock(&statistics, Kind::Acknowledge).spread.missing, 1);
    // Nobody knows how long the third was open.
    assert_eq!(statistics.weeks.iter().map(|week| week.open).collect::<Vec<_>>(), [2, 2, 2]);
}

#[test]
fn windows_of_vulnerability_close_with_the_roll_out() {
    use Milestone::{RolledOut, Vulnerable};
    let since = |case, text| reached(case, Vulnerable, text);
    let cases = [
        reached(since(triaged("2026-11-01T00:00", 1, 1), "2026-10-01T00:00"), RolledOut, "2026-11-10T00:00"),
        reached(since(triaged("2026-11-01T00:00", 1, 1), "2026-11-01T00:00"), RolledOut, "2026-11-11T00:00"),
        reached(triaged("2026-11-01T00:00", 1, 1), RolledOut, "2026-11-11T00:00"),
        reached(since(triaged("2026-11-01T00:00", 1, 1), "2026-11-12T00:00"), RolledOut, "2026-11-11T00:00"),
        since(triaged("2026-11-01T00:00", 1, 1), "2026-11-15T12:00"),
        closed(since(report("2026-11-01T00:00"), "2026-11-15T12:00"), Resolution::NotReproducible, 2),
        since(closed(triaged("2026-11-01T00:00", 1, 1), Resolution::WontFix, 9), "2026-11-20T12:00"),
    ];
    let windows = over(&cases, "2026-11-09T00:00", None).windows;
    let days = TimeDelta::days;
    assert_eq!((windows.closed.count, windows.closed.missing), (2, 2));
    assert_eq!((windows.closed.median, windows.closed.p90), (Some(days(10)), Some(days(40))));
    assert_eq!(windows.closed.sum, days(50));
    assert_eq!((windows.open, windows.open_sum), (2, days(15)));
}

#[test]
fn the_backlog_is_by_age_and_by_state() {
    let cases = [
        report("2026-11-25T00:00"),
        report("2026-11-18T12:00"),
        report("2026-11-18T12:01"),
        triaged("2026-10-26T12:00", 1, 1),
        triaged("2026-05-29T12:00", 1, 1),
        triaged("2026-05-30T12:00", 1, 1),
        closed(triaged("2026-10-26T12:00", 1, 1), Resolution::WontFix, 9),
    ];
    let backlog = over(&cases, "2026-11-09T00:00", None).backlog;
    let ages: Vec<usize> = backlog.by_age.iter().map(|(_, count)| *count).collect();
    assert_eq!((ages, backlog.open), (vec![2, 1, 1, 1, 1], 6));
    let states: Vec<_> = backlog.by_state.iter().filter(|(_, count)| *count > 0).copied().collect();
    assert_eq!(states, [(State::New, 3), (State::Triaged, 3)]);
}

#[test]
fn causes_are_counted_by_what_people_said() {
    let said = |product: &str, component: Option<&str>, cwe: Option<u32>, phase| {
        let mut case = triaged("2026-11-10T00:00", 1, 1);
        case.product = Some(product.to_owned());
        case.component = component.map(str::to_owned);
        case.assessment.weakness = cwe.and_then(Weakness::new);
        case.found_in = phase;
        case
    };
    let mut cases = vec![
        said("portal", Some("login"), Some(79), Some(FoundIn::BugBounty)),
        said("portal", Some("login"), Some(79), Some(FoundIn::Qa)),
        closed(said("portal", None, None, None), Resolution::OutOfScope, 3),
        report("2026-11-10T00:00"),
    ];
    cases[0].exploited = true;
    let statistics = over(&cases, "2026-11-09T00:00", None);
    let group = |group: &Group<String>| (group.of.clone(), [group.cases, group.valid, group.open]);
    let components: Vec<_> = statistics.components.iter().map(group).collect();
    assert_eq!(
        components,
        [("portal / login".into(), [2, 2, 2]), (String::new(), [1, 0, 1]), ("portal".into(), [1, 0, 0])]
    );
    let weaknesses: Vec<_> = statistics.weaknesses.iter().map(group).collect();
    assert_eq!(weaknesses[0].0, "");
    assert_eq!(weaknesses[1], ("CWE-79 Cross-site Scripting".into(), [2, 2, 2]));
    let phases: Vec<_> = statistics.phases.iter().map(|group| (group.of, group.cases)).collect();
    assert_eq!(phases, [(Some(FoundIn::Qa), 1), (Some(FoundIn::BugBounty), 1), (None, 2)]);
    assert_eq!(statistics.received.exploited, 1);
}

#[test]
fn quiet_years_before_the_first_case_are_not_listed() {
    let statistics = over(&[report("2026-11-10T00:00")], "1970-01-01T00:00", None);
    assert_eq!(statistics.weeks.len(), 53);
    let statistics = over(&[report("2020-01-06T00:00")], "1970-01-01T00:00", None);
    assert_eq!(statistics.weeks.first().map(Week::label), Some("2020-W02".into()));
    assert_eq!(statistics.weeks.last().map(|week| week.open), Some(1));
}

#[test]
fn every_figure_has_a_definition_and_a_name_of_its_own() {
    let figures = over(&[triaged("2026-11-10T00:00", 1, 1)], "2026-11-09T00:00", None).figures();
    let mut names: Vec<_> =
        figures.iter().map(|figure| (figure.code(), figure.group.clone(), figure.week.clone())).collect();
    let count = names.len();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), count);
    for metric in Metric::ALL {
        assert!(metric.definition().ends_with('.') && metric.definition().is_ascii(), "{metric}");
        assert!(!metric.definition().contains("  "), "{metric}");
    }
}
