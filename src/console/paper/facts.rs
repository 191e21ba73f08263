//! The facts of a case, in the order in which whoever is woken at 3 a.m. needs
//! them: what it is, what is due, what somebody has to decide, who has it, how
//! bad it is. What is not known takes no line.

use chrono::{DateTime, TimeDelta, Utc};

use unicode_width::UnicodeWidthStr as _;

use super::wrap::wrap;
use super::{LABEL, Line, MEASURE, Piece, Role, Setting, foreign, ours, person, unbroken};
use crate::text;
use crate::triage::calendar::Calendar;
use crate::triage::case::DisclosureSource;
use crate::triage::clocks::Clock;
use crate::triage::lane::LaneStage;
use crate::triage::proposal::{Flaw, costs};
use crate::triage::{Case, Milestone, Weakness, clock};

/// What stands between two parts of a fact.
const SEPARATOR: &str = " · ";

/// Typesets the facts of `case`.
pub fn facts(case: &Case, setting: &Setting<'_>) -> Vec<Line> {
    let clocks = case.clocks(&setting.calendar.zone, setting.now);
    let mut lines: Vec<Line> = wrap(&text::line(&case.title), setting.width.min(MEASURE))
        .into_iter()
        .map(|line| Line::of(Role::Strong, line))
        .collect();
    let parts = [
        ("merged", merged(case)),
        ("restricted", restricted(case)),
        ("state", standing(case)),
        ("due", due(case, &clocks, setting)),
        ("proposed", proposed(case)),
        ("asks for", demand(case, setting)),
        ("waits", waiting(case, setting)),
        ("publish", disclosure(case, setting)),
        ("lanes", lanes(case, setting)),
        ("received", received(case, setting)),
        ("also by", also(case)),
        ("product", place(case)),
        ("CVSS", cvss(case)),
        ("SSVC", ssvc(case)),
        ("kind", kind(case)),
        ("weakness", case.assessment.weakness.map(Weakness::in_short).and_then(own)),
        ("affected", theirs(case.assessment.affected.as_deref())),
        ("fixed in", theirs(case.assessment.fixed_in.as_deref())),
        ("workaround", theirs(case.assessment.workaround.as_deref())),
        ("reason", theirs(case.assessment.reason.as_deref())),
        ("found in", found_in(case)),
        ("window", window(case, setting)),
        ("noise", noise(case)),
        ("tags", theirs(Some(case.tags.join(", ").as_str()))),
    ];
    for (label, value) in parts {
        lines.extend(value.into_iter().flat_map(|value| setting.fact(label, value)));
    }
    lines
}

/// The instants from which something in the facts is counted to the present.
pub fn counted(case: &Case, calendar: &Calendar, now: DateTime<Utc>) -> Vec<DateTime<Utc>> {
    let clocks = case.clocks(&calendar.zone, now);
    let due = clocks.iter().filter(|clock| clock.state.is_counting()).filter_map(|clock| clock.due_at);
    let lanes = case.lanes.iter().map(|work| work.asked_at);
    let others = [Some(case.received_at), Some(case.disclosure.at)];
    let others = others.into_iter().chain([
        case.demand.as_ref().map(|demand| demand.at),
        case.waits.now.as_ref().map(|wait| wait.since),
        case.reached.get(&Milestone::Vulnerable).copied(),
    ]);
    due.chain(lanes).chain(others.flatten()).collect()
}

fn own(words: impl Into<String>) -> Option<Vec<Piece>> {
    Some(vec![ours(Role::Plain, words)])
}

/// A few words behind a fact, on one line: what a key does about it.
fn hint(words: &str) -> Piece {
    let Piece { role, text } = unbroken(ours(Role::Faint, words));
    Piece { role, text: format!(" · {text}") }
}

/// Foreign words, where there are any.
fn theirs(words: Option<&str>) -> Option<Vec<Piece>> {
    words.filter(|words| !words.is_empty()).map(|words| vec![foreign(Role::Plain, words)])
}

fn merged(case: &Case) -> Option<Vec<Piece>> {
    let into = case.merged_into.as_ref()?;
    Some(vec![ours(Role::Warn, format!("into {}; go on there", text::line(&into.id)))])
}

fn restricted(case: &Case) -> Option<Vec<Piece>> {
    let readers = case.readers.join(", ");
    (!readers.is_empty()).then(|| vec![ours(Role::Warn, format!("only to {}", text::line(&readers)))])
}

fn standing(case: &Case) -> Option<Vec<Piece>> {
    let mut pieces = vec![ours(Role::Plain, case.state.word())];
    if let Some(resolution) = case.resolution {
        pieces.push(ours(Role::Plain, format!(" ({resolution})")));
    }
    match case.priority {
        Some(priority) => pieces.push(ours(Role::Plain, format!(" · {priority}"))),
        // A proposal without reasons of its own needs no line of its own.
        None if is_unjudged(case) => {
            let proposed = case.proposal().priority;
            pieces.push(ours(Role::Faint, format!(" · no priority yet, {proposed} proposed, = takes it")));
        }
        None => pieces.push(ours(Role::Faint, " · no priority yet")),
    }
    match &case.assignee {
        Some(assignee) => pieces.push(ours(Role::Plain, format!(" · {}", text::line(assignee)))),
        None => pieces.push(ours(Role::Faint, " · nobody has it")),
    }
    if case.exploited {
        pieces.push(ours(Role::Plain, " · "));
        pieces.push(ours(Role::Bad, "EXPLOITED"));
    }
    Some(pieces)
}

fn due(case: &Case, clocks: &[Clock], setting: &Setting<'_>) -> Option<Vec<Piece>> {
    let pieces = setting.counting(clocks);
    (case.merged_into.is_none() && !pieces.is_empty()).then_some(pieces)
}

/// Whether nothing is known yet that a priority could hang on.
fn is_unjudged(case: &Case) -> bool {
    let is_scored = case.assessment.cvss.is_some() || case.assessment.ssvc.is_some();
    let is_marked = case.exploited || case.found_in.is_some() || case.noise.is_likely();
    case.state.is_open() && !is_scored && !is_marked
}

/// The proposal, while a person has not decided so.
fn proposed(case: &Case) -> Option<Vec<Piece>> {
    let proposal = case.proposal();
    let is_settled = case.priority == Some(proposal.priority) || !case.state.is_open();
    if is_settled || (case.priority.is_none() && is_unjudged(case)) {
        return None;
    }
    let words = format!("{}: {}", proposal.priority, proposal.because());
    Some(vec![ours(Role::Plain, words), hint("= takes it")])
}

fn demand(case: &Case, setting: &Setting<'_>) -> Option<Vec<Piece>> {
    let demand = case.demand.as_ref()?;
    Some(vec![
        ours(Role::Warn, setting.zone.long(demand.at)),
        ours(Role::Plain, " · "),
        unbroken(setting.left(demand.at)),
        ours(Role::Plain, format!(" · \"{}\"", text::line(&demand.sentence))),
        hint("D takes it"),
    ])
}

fn waiting(case: &Case, setting: &Setting<'_>) -> Option<Vec<Piece>> {
    let wait = case.waits.now.as_ref()?;
    let since = setting.zone.short(wait.since, setting.now);
    let ago = clock::ago(wait.since, setting.now);
    Some(vec![foreign(Role::Plain, &wait.reason), ours(Role::Faint, format!(" · since {since} ({ago})"))])
}

fn disclosure(case: &Case, setting: &Setting<'_>) -> Option<Vec<Piece>> {
    let at = setting.zone.long(case.disclosure.at);
    let mut why = text::line(&case.disclosure.in_words());
    // A date that nothing has moved is explained in a word where there is no room for all.
    let is_plain = case.disclosure.source == DisclosureSource::Policy && !why.contains(';');
    if is_plain && LABEL + at.width() + SEPARATOR.width() + why.width() > setting.width {
        why = format!("by policy {}", text::line(&case.promise.policy));
    }
    Some(vec![ours(Role::Plain, at), ours(Role::Faint, format!("{SEPARATOR}{why}"))])
}

/// Who is asked, since when, and what came of it.
fn lanes(case: &Case, setting: &Setting<'_>) -> Option<Vec<Piece>> {
    let mut pieces = Vec::new();
    for work in &case.lanes {
        if !pieces.is_empty() {
            pieces.push(ours(Role::Faint, " · "));
        }
        let role = if work.stage() == LaneStage::Asked { Role::Warn } else { Role::Plain };
        let since = work.done_at.or(work.accepted_at).unwrap_or(work.asked_at);
        pieces.push(ours(role, format!("{} {}", work.lane, text::line(&work.in_words()))));
        pieces.push(ours(Role::Faint, format!(" ({})", clock::ago(since, setting.now))));
    }
    (!pieces.is_empty()).then_some(pieces)
}

fn received(case: &Case, setting: &Setting<'_>) -> Option<Vec<Piece>> {
    let (now, zone) = (setting.now, setting.zone);
    let ago = clock::ago(case.received_at, now);
    let from = person(&case.reporter);
    let received = format!("{} ({ago}) from {from}", zone.short(case.received_at, now));
    let mut pieces = vec![ours(Role::Plain, received)];
    if let Some(at) = case.acknowledged_at {
        pieces.push(ours(Role::Faint, format!(" · answered {}", zone.short(at, now))));
    }
    if let Some(at) = case.reached.get(&Milestone::Prioritised) {
        let within = clock::span(*at - case.received_at);
        pieces.push(hint(&format!("prioritised {within} after receipt")));
    }
    Some(pieces)
}

/// Who reported it as well.
fn also(case: &Case) -> Option<Vec<Piece>> {
    let also: Vec<String> = case.also_by.iter().map(person).collect();
    (!also.is_empty()).then(|| vec![ours(Role::Plain, also.join(", "))])
}

fn place(case: &Case) -> Option<Vec<Piece>> {
    let place: Vec<String> =
        [&case.product, &case.component].into_iter().flatten().map(|part| text::line(part)).collect();
    (!place.is_empty()).then(|| vec![ours(Role::Plain, place.join(" · "))])
}

fn cvss(case: &Case) -> Option<Vec<Piece>> {
    let cvss = case.assessment.cvss?;
    let score = format!("{:.1} {}", cvss.score(), cvss.severity());
    Some(vec![ours(Role::Plain, score), ours(Role::Faint, format!(" · {cvss}"))])
}

fn ssvc(case: &Case) -> Option<Vec<Piece>> {
    let row = case.assessment.ssvc?.row();
    let words = format!(" · {row} (row {})", row.number());
    Some(vec![ours(Role::Plain, row.outcome.word()), ours(Role::Faint, words)])
}

fn kind(case: &Case) -> Option<Vec<Piece>> {
    let flaw = case.assessment.flaw?;
    let mut pieces = vec![ours(Role::Plain, flaw.word())];
    if flaw == Flaw::Design && case.state.is_open() {
        pieces.push(ours(Role::Warn, " · it takes longer than a bug: the deadline needs a plan"));
    }
    Some(pieces)
}

fn found_in(case: &Case) -> Option<Vec<Piece>> {
    let phase = case.found_in?;
    let costs = costs(phase);
    let words = format!(
        " · window {} · fix {} · damage {} · PR {}",
        costs.window, costs.money, costs.damage, costs.pr
    );
    Some(vec![ours(Role::Plain, phase.word()), ours(Role::Faint, words)])
}

/// From the first release that has it until the fix was rolled out.
fn window(case: &Case, setting: &Setting<'_>) -> Option<Vec<Piece>> {
    let opened = *case.reached.get(&Milestone::Vulnerable)?;
    let closed = case.reached.get(&Milestone::RolledOut).copied();
    let days = (closed.unwrap_or(setting.now) - opened).max(TimeDelta::zero()).num_days();
    let from = setting.zone.short(opened, setting.now);
    own(match closed {
        Some(closed) => format!("{days}d, from {from} to {}", setting.zone.short(closed, setting.now)),
        None => format!("{days}d so far, open since {from}"),
    })
}

/// What is no likely noise is told by the explanation alone.
fn noise(case: &Case) -> Option<Vec<Piece>> {
    if !case.noise.is_likely() {
        return None;
    }
    let mut pieces = vec![ours(Role::Warn, format!("{} of 100 · likely noise", case.noise.score))];
    let reasons = case.noise.reasons_for_it();
    if !reasons.is_empty() {
        pieces.push(ours(Role::Faint, format!(" · {}", reasons.join(", "))));
    }
    Some(pieces)
}
