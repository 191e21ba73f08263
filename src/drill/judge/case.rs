//! What a case is like, held against what is wanted of it.

use chrono::TimeDelta;

use super::Found;
use crate::drill::record::Record;
use crate::drill::scenario::Wanted;
use crate::triage::{Case, Lane};

/// A date is right within this.
const RIGHT_WITHIN: TimeDelta = TimeDelta::minutes(59);

/// The moment from which the case is as wanted without a break; nothing where it is not now.
pub(super) fn since(record: &Record, inject: &str, wanted: &Wanted) -> Option<Found> {
    let course = record.course(inject);
    let mut moments = course.iter().rev().take_while(|moment| fits(&moment.case, wanted));
    let mut first = moments.next()?;
    for moment in moments {
        first = moment;
    }
    let told = values(&first.case, wanted).join(", ");
    Some(Found::new(first.at, &first.who, format!("{}: {told}", first.case.id)))
}

/// The moment from which so many cases are as wanted.
pub(super) fn many(record: &Record, pattern: &str, least: u16, wanted: &Wanted) -> Option<Found> {
    let start = pattern.strip_suffix('*').unwrap_or(pattern);
    let played = record.all_played().filter(|played| played.id.starts_with(start));
    let mut found: Vec<Found> = played.filter_map(|played| since(record, played.id, wanted)).collect();
    found.sort_by_key(|one| one.at);
    let count = found.len();
    let last = found.into_iter().nth(usize::from(least).checked_sub(1)?)?;
    Some(Found { how: format!("{count} cases are so"), ..last })
}

/// How many cases are as wanted.
pub(super) fn count(record: &Record, pattern: &str, wanted: &Wanted) -> usize {
    let start = pattern.strip_suffix('*').unwrap_or(pattern);
    let played = record.all_played().filter(|played| played.id.starts_with(start));
    played.filter(|played| since(record, played.id, wanted).is_some()).count()
}

fn fits(case: &Case, wanted: &Wanted) -> bool {
    let assessment = &case.assessment;
    let within = |at: chrono::DateTime<chrono::Utc>| (case.disclosure.at - at).abs() <= RIGHT_WITHIN;
    let is = |wanted: Option<bool>, is: bool| wanted.is_none_or(|wanted| wanted == is);
    let among = |list: &[crate::triage::State]| list.is_empty() || list.contains(&case.state);
    among(&wanted.state)
        && in_list(&wanted.resolution, case.resolution.as_ref())
        && in_list(&wanted.priority, case.priority.as_ref())
        && in_list(&wanted.found_in, case.found_in.as_ref())
        && in_list(&wanted.weakness, assessment.weakness.as_ref())
        && in_list(&wanted.ssvc, assessment.ssvc.map(|ssvc| ssvc.outcome()).as_ref())
        && is(wanted.prioritised, case.priority.is_some())
        && is(wanted.acknowledged, case.acknowledged_at.is_some())
        && is(wanted.exploited, case.exploited)
        && is(wanted.cvss, assessment.cvss.is_some())
        && is(wanted.affected, assessment.affected.is_some())
        && is(wanted.fixed_in, assessment.fixed_in.is_some())
        && is(wanted.workaround, assessment.workaround.is_some())
        && is(wanted.restricted, !case.readers.is_empty())
        && is(wanted.waiting, case.waits.now.is_some())
        && is(wanted.variants, case.variants.is_some())
        && is(wanted.noise, case.noise.is_likely())
        && wanted.assignee.as_deref().is_none_or(|who| has(case.assignee.as_deref(), who))
        && wanted.product.as_deref().is_none_or(|what| has(case.product.as_deref(), what))
        && wanted.component.as_deref().is_none_or(|what| has(case.component.as_deref(), what))
        && wanted.tag.as_ref().is_none_or(|tag| case.tags.iter().any(|one| one.eq_ignore_ascii_case(tag)))
        && wanted.disclosure.is_none_or(within)
        && wanted.disclosure_by.is_none_or(|at| case.disclosure.at <= at)
        && wanted.disclosure_after.is_none_or(|span| within(case.received_at + span.0))
        && wanted.lane.is_none_or(|lane| lane_fits(case, lane, wanted))
        && wanted.milestone.is_none_or(|milestone| case.reached.contains_key(&milestone))
        && wanted.filed.is_none_or(|step| case.obligations.iter().any(|duty| duty.covered(step).is_some()))
}

fn in_list<T: PartialEq>(list: &[T], value: Option<&T>) -> bool {
    list.is_empty() || value.is_some_and(|value| list.contains(value))
}

/// `anybody` is somebody at all.
fn has(value: Option<&str>, wanted: &str) -> bool {
    value.is_some_and(|value| wanted == "anybody" || value.eq_ignore_ascii_case(wanted))
}

fn lane_fits(case: &Case, lane: Lane, wanted: &Wanted) -> bool {
    case.lane(lane).is_some_and(|work| wanted.stage.is_none_or(|stage| work.stage() >= stage))
}

/// What the case has of all that is asked for, in words. May hold foreign text.
pub(super) fn values(case: &Case, wanted: &Wanted) -> Vec<String> {
    let assessment = &case.assessment;
    let or = |value: Option<String>, none: &str| value.unwrap_or_else(|| none.to_owned());
    let yes = |is: bool, yes: &str, no: &str| if is { yes } else { no }.to_owned();
    let asked: [(bool, String); 24] = [
        (!wanted.state.is_empty(), case.state.to_string()),
        (!wanted.resolution.is_empty(), or(case.resolution.map(|one| one.to_string()), "not closed")),
        (
            !wanted.priority.is_empty() || wanted.prioritised.is_some(),
            or(case.priority.map(|one| one.to_string()), "no priority"),
        ),
        (
            wanted.acknowledged.is_some(),
            yes(case.acknowledged_at.is_some(), "acknowledged", "not acknowledged"),
        ),
        (
            wanted.assignee.is_some(),
            or(case.assignee.as_ref().map(|who| format!("assigned to {who}")), "assigned to nobody"),
        ),
        (wanted.product.is_some(), or(case.product.clone(), "no product")),
        (wanted.component.is_some(), or(case.component.clone(), "no component")),
        (
            !wanted.found_in.is_empty(),
            or(case.found_in.map(|one| format!("found in {one}")), "no found-in phase"),
        ),
        (wanted.exploited.is_some(), yes(case.exploited, "exploited", "not marked as exploited")),
        (!wanted.weakness.is_empty(), or(assessment.weakness.map(|one| one.to_string()), "no weakness")),
        (
            !wanted.ssvc.is_empty(),
            or(assessment.ssvc.map(|one| format!("SSVC {}", one.outcome())), "no SSVC"),
        ),
        (wanted.cvss.is_some(), yes(assessment.cvss.is_some(), "CVSS scored", "no CVSS")),
        (
            wanted.affected.is_some(),
            yes(assessment.affected.is_some(), "affected versions said", "affected versions not said"),
        ),
        (
            wanted.fixed_in.is_some(),
            yes(assessment.fixed_in.is_some(), "fixed version said", "fixed version not said"),
        ),
        (
            wanted.workaround.is_some(),
            yes(assessment.workaround.is_some(), "workaround said", "no workaround"),
        ),
        (
            wanted.tag.is_some(),
            format!("tags {}", if case.tags.is_empty() { "none".to_owned() } else { case.tags.join(", ") }),
        ),
        (wanted.restricted.is_some(), yes(!case.readers.is_empty(), "restricted", "open to the whole team")),
        (
            wanted.waiting.is_some(),
            yes(case.waits.now.is_some(), "waits for the reporter", "does not wait for the reporter"),
        ),
        (
            wanted.variants.is_some(),
            or(case.variants.as_ref().map(|one| format!("variants {one}")), "no hunt for variants"),
        ),
        (wanted.noise.is_some(), yes(case.noise.is_likely(), "noise", "not noise")),
        (
            wanted.disclosure.or(wanted.disclosure_by).is_some() || wanted.disclosure_after.is_some(),
            format!("disclosure {}", told(case.disclosure.at)),
        ),
        (wanted.lane.is_some(), lane_told(case, wanted)),
        (wanted.milestone.is_some(), milestone_told(case, wanted)),
        (wanted.filed.is_some(), filed_told(case, wanted)),
    ];
    asked.into_iter().filter(|(is, _)| *is).map(|(_, told)| told).collect()
}

/// An instant as reports have it.
pub(super) fn told(at: chrono::DateTime<chrono::Utc>) -> String {
    at.format("%Y-%m-%d %H:%M UTC").to_string()
}

fn lane_told(case: &Case, wanted: &Wanted) -> String {
    let Some(lane) = wanted.lane else { return String::new() };
    match case.lane(lane) {
        Some(work) => format!("{lane} {}", work.stage()),
        None => format!("{lane} not asked"),
    }
}

fn milestone_told(case: &Case, wanted: &Wanted) -> String {
    let Some(milestone) = wanted.milestone else { return String::new() };
    match case.reached.get(&milestone) {
        Some(at) => format!("{milestone} {}", told(*at)),
        None => format!("not {milestone}"),
    }
}

fn filed_told(case: &Case, wanted: &Wanted) -> String {
    let Some(step) = wanted.filed else { return String::new() };
    let filed = case.obligations.iter().find_map(|duty| duty.covered(step));
    match filed {
        Some(filing) => format!("{} filed {}", filing.step, told(filing.at)),
        None => format!("{step} not filed"),
    }
}
