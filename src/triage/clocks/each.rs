//! Each clock of a case: what starts it, when it is due, what meets it.
//!
//! | clock | from | due | met by |
//! |---|---|---|---|
//! | acknowledge | receipt | `acknowledge_hours` | the first answer |
//! | triage | receipt | `triage_hours` | a priority |
//! | reporter update | the last answer, or the end of a wait | `update_days` | starts again with each answer |
//! | stalled | the last touch, or the end of a wait | `stalled_days` of the priority | starts again with each touch |
//! | hand-over answer, one a lane | the question | the time asked for, else `handover_hours` | the lane's answer |
//! | internal target | receipt | `target_percent` of the time until disclosure | the release |
//! | disclosure | receipt | the disclosure date | the details are public |
//! | roll-out | the release | `rollout_days` | roll-out complete |
//! | advisory | the disclosure | `advisory_hours` | the advisory is out |

use chrono::{DateTime, TimeDelta, Utc};

use super::facts::{Asked, Facts};
use super::span::{after, count, days, hours, in_words};
use super::{Clock, Course, Halt, Kind};
use crate::text;
use crate::triage::event::in_utc;

/// The clocks of a case at `now`, in the order of the process. A closed case
/// has none that counts: those that were left stand suspended or missed, and go
/// on when it is opened again.
pub fn clocks(facts: &Facts, now: DateTime<Utc>) -> Vec<Clock> {
    let closed = closed(facts);
    let waiting = closed.is_none().then(|| waiting(facts)).flatten();
    let without_reporter = waiting.as_ref().or(closed.as_ref());
    let ours = |course: Course| course.at(closed.as_ref(), now);
    let mut clocks = vec![
        acknowledged(facts, closed.as_ref(), now),
        triaged(facts, without_reporter, now),
        update(facts, without_reporter, now),
        stalled(facts).at(without_reporter, now),
    ];
    clocks.extend(facts.asked.iter().map(|asked| ours(answer(facts, asked))));
    clocks.extend([target(facts), disclosure(facts), rollout(facts), advisory(facts)].map(ours));
    clocks
}

fn closed(facts: &Facts) -> Option<Halt> {
    if facts.is_open {
        return None;
    }
    // A case from before closing was dated was last touched when it was closed.
    let since = facts.closed_at.or(facts.touched_at).unwrap_or(facts.received_at);
    Some(Halt { since, reason: words(facts, || format!("the case was closed on {}", in_utc(since))) })
}

fn waiting(facts: &Facts) -> Option<Halt> {
    let wait = facts.waiting.as_ref()?;
    let reason = words(facts, || {
        let words = text::line(&wait.reason);
        // Whoever only said what is awaited has not said of whom.
        let who = if words.starts_with("waiting") { "" } else { "waiting for the reporter: " };
        format!("{who}{words}, since {}", in_utc(wait.since))
    });
    Some(Halt { since: wait.since, reason })
}

/// A reason, where anybody reads it.
fn words(facts: &Facts, write: impl FnOnce() -> String) -> String {
    if facts.is_wordless { String::new() } else { write() }
}

/// `24 hours from receipt on 2026-11-23 09:02 UTC by policy default`.
fn by_policy(facts: &Facts, span: String, from: &str, start: DateTime<Utc>) -> String {
    words(facts, || {
        format!("{span} from {from} on {} by policy {}", in_utc(start), text::line(&facts.policy))
    })
}

fn acknowledge(facts: &Facts) -> Course {
    let within = facts.terms.acknowledge_hours;
    Course {
        kind: Kind::Acknowledge,
        of: None,
        started_at: Some(facts.received_at),
        due_at: Some(after(facts.received_at, hours(within))),
        met_at: facts.acknowledged_at,
        why: by_policy(facts, count(within, "hour"), "receipt", facts.received_at),
    }
}

/// A case that went on without a first answer on record is not asked for one.
fn acknowledged(facts: &Facts, closed: Option<&Halt>, now: DateTime<Utc>) -> Clock {
    let gone_on = facts.is_open && !facts.is_new && facts.acknowledged_at.is_none();
    let unknown = gone_on.then(|| off_record(facts, "when the reporter was first answered"));
    acknowledge(facts).at(unknown.as_ref().or(closed), now)
}

/// A priority whose date is not on record is not asked for again.
fn triaged(facts: &Facts, halt: Option<&Halt>, now: DateTime<Utc>) -> Clock {
    let undated = facts.priority.is_some() && facts.prioritised_at.is_none();
    let unknown = undated.then(|| off_record(facts, "when it got its priority"));
    triage(facts).at(unknown.as_ref().or(halt), now)
}

fn off_record(facts: &Facts, what: &str) -> Halt {
    Halt { since: facts.received_at, reason: format!("{what} is not on record") }
}

fn triage(facts: &Facts) -> Course {
    let within = facts.terms.triage_hours;
    let by = by_policy(facts, count(within, "hour"), "receipt", facts.received_at);
    let why = match (facts.priority, facts.prioritised_at) {
        (None, Some(at)) => format!("{by}; it had a priority on {}, and has none now", in_utc(at)),
        _ => by,
    };
    let by_terms = after(facts.received_at, hours(within));
    let waited = facts.waited_before(by_terms);
    let later = if waited.is_zero() {
        String::new()
    } else {
        format!("; {} later, the time that we waited for the reporter", in_words(waited))
    };
    Course {
        kind: Kind::Triage,
        of: None,
        started_at: Some(facts.received_at),
        due_at: Some(after(by_terms, waited)),
        met_at: facts.priority.and(facts.prioritised_at),
        why: format!("{why}{later}"),
    }
}

fn update(facts: &Facts, halt: Option<&Halt>, now: DateTime<Utc>) -> Clock {
    let Some(heard) = facts.reporter_heard_at.max(facts.acknowledged_at) else {
        let why = "starts with the first answer; until then the reporter waits for the acknowledgement";
        return Course::not_started(Kind::Update, why).at(halt, now);
    };
    let within = facts.terms.update_days;
    let (start, from) = latest(heard, "the last answer", facts);
    let course = Course {
        kind: Kind::Update,
        of: None,
        started_at: Some(start),
        due_at: Some(after(start, days(within))),
        met_at: None,
        why: by_policy(facts, count(within, "day"), from, start),
    };
    // Once all is public the reporter reads it like everybody.
    match facts.disclosed_at {
        Some(at) if halt.is_none() => {
            let reason = format!("the details are public since {}; no update is owed", in_utc(at));
            course.at(Some(&Halt { since: at, reason }), now)
        }
        _ => course.at(halt, now),
    }
}

/// What a clock starts again from: `last`, or the end of a wait for the reporter after it.
fn latest(last: DateTime<Utc>, from: &'static str, facts: &Facts) -> (DateTime<Utc>, &'static str) {
    let resumed = facts.resumed_at().filter(|at| *at > last);
    resumed.map_or((last, from), |at| (at, "the end of the wait for the reporter"))
}

fn stalled(facts: &Facts) -> Course {
    let level = facts.priority.map(|level| level.min(4));
    let within = facts.terms.stalled_days[level.map_or(5, usize::from)];
    let who = level.map_or("a case without a priority".to_owned(), |level| format!("a P{level}"));
    let (start, from) = match facts.touched_at {
        Some(at) => latest(at, "the last touch", facts),
        None => latest(facts.received_at, "receipt (nobody touched it since)", facts),
    };
    Course {
        kind: Kind::Stalled,
        of: None,
        started_at: Some(start),
        due_at: Some(after(start, days(within))),
        met_at: None,
        why: format!("{}, for {who}", by_policy(facts, count(within, "day"), from, start)),
    }
}

fn answer(facts: &Facts, asked: &Asked) -> Course {
    let within = facts.terms.handover_hours;
    let owner = asked.owner.as_deref().map_or(String::new(), |owner| format!(" of {}", text::line(owner)));
    let question = format!("the question to {}{owner}", text::line(&asked.lane));
    let why = match asked.answer_due_at {
        Some(_) => format!("the time asked for in {question} on {}", in_utc(asked.asked_at)),
        None => by_policy(facts, count(within, "hour"), &question, asked.asked_at),
    };
    Course {
        kind: Kind::Answer,
        of: Some(text::line(&asked.lane)),
        started_at: Some(asked.asked_at),
        due_at: Some(asked.answer_due_at.unwrap_or_else(|| after(asked.asked_at, hours(within)))),
        met_at: asked.answered_at,
        why,
    }
}

fn target(facts: &Facts) -> Course {
    let Some(disclosure) = facts.disclosure.at.filter(|_| !facts.came_in_public()) else {
        return Course::not_started(Kind::Target, "there is no disclosure date to be ahead of");
    };
    let window = disclosure - facts.received_at;
    if window <= TimeDelta::zero() {
        return Course::not_started(Kind::Target, "there is no time between receipt and disclosure");
    }
    let percent = facts.terms.target_percent.clamp(0, 100);
    // At most 2^43 seconds lie between two instants of the calendar: the product fits.
    let share = TimeDelta::seconds(window.num_seconds() * percent / 100);
    let part = if percent == 50 { "half".to_owned() } else { format!("{percent} %") };
    Course {
        kind: Kind::Target,
        of: None,
        started_at: Some(facts.received_at),
        due_at: Some(after(facts.received_at, share)),
        met_at: facts.released_at,
        why: words(facts, || {
            format!(
                "a release after {part} of the {} until disclosure, from receipt on {}",
                in_words(window),
                in_utc(facts.received_at)
            )
        }),
    }
}

fn disclosure(facts: &Facts) -> Course {
    let known = text::line(&facts.disclosure.why);
    let (due_at, why) = match facts.disclosed_at {
        Some(at) if at <= facts.received_at => {
            let why = format!("public on {}, before it reached us: nothing is left to miss", in_utc(at));
            (None, why)
        }
        _ if facts.disclosure.at.is_none() && known.is_empty() => {
            (None, format!("policy {} names no date", text::line(&facts.policy)))
        }
        _ => (facts.disclosure.at, known),
    };
    let started_at = due_at.map(|_| facts.received_at);
    Course { kind: Kind::Disclosure, of: None, started_at, due_at, met_at: facts.disclosed_at, why }
}

fn rollout(facts: &Facts) -> Course {
    let within = facts.terms.rollout_days;
    let why = match facts.released_at {
        Some(at) => by_policy(facts, count(within, "day"), "the release", at),
        None => match facts.fix_ready_at {
            Some(at) => format!("starts with the release; the fix is ready since {}", in_utc(at)),
            None => "starts with the release; there is no fix yet".to_owned(),
        },
    };
    Course {
        kind: Kind::Rollout,
        of: None,
        started_at: facts.released_at,
        due_at: facts.released_at.map(|at| after(at, days(within))),
        met_at: facts.rolled_out_at,
        why,
    }
}

fn advisory(facts: &Facts) -> Course {
    let within = facts.terms.advisory_hours;
    // Nobody can warn of what has not reached them.
    let started_at = facts.disclosed_at.map(|at| at.max(facts.received_at));
    let from = if facts.came_in_public() { "receipt of what was public" } else { "the disclosure" };
    let why = started_at.map_or_else(
        || "starts with the disclosure".to_owned(),
        |at| by_policy(facts, count(within, "hour"), from, at),
    );
    Course {
        kind: Kind::Advisory,
        of: None,
        started_at,
        due_at: started_at.map(|at| after(at, hours(within))),
        met_at: facts.advisory_at,
        why,
    }
}
