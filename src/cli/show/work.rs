//! What people judged and did: the part of `ninety show` about the work on a case.

use chrono::{DateTime, Utc};

use super::{fact, local, person};
use crate::cli::process;
use crate::text;
use crate::triage::calendar::Calendar;
use crate::triage::{Case, Milestone};

/// The facts that are there; what nobody said is left out.
pub(super) fn facts(case: &Case, calendar: &Calendar, now: DateTime<Utc>) -> String {
    let mut page = String::new();
    let mut say = |name: &str, words: &str| fact(&mut page, name, text::line(words));
    say("policy", &case.promise.policy);
    if let Some(at) = case.reached.get(&Milestone::Prioritised).filter(|_| case.priority.is_some()) {
        let span = crate::triage::clocks::span_in_words(*at - case.received_at);
        say("judged", &format!("{span} after receipt"));
    }
    for (name, value) in case.assessment.parts() {
        if let Some(value) = value {
            say(name, &value);
        }
    }
    for work in &case.lanes {
        say(work.lane.word(), &work.in_words());
    }
    if let Some(wait) = &case.waits.now {
        say("waiting", &format!("{}, since {}", wait.reason, local(wait.since)));
    }
    if let Some(variants) = &case.variants {
        say("variants", &variants.to_string());
    }
    if case.noise.is_likely() {
        let reasons = case.noise.reasons_for_it().join(", ");
        let why = if reasons.is_empty() { String::new() } else { format!(": {reasons}") };
        say("noise", &format!("likely ({} of 100){why}", case.noise.score));
    }
    if !case.readers.is_empty() {
        say("only for", &case.readers.join(", "));
    }
    if let Some(merged) = &case.merged_into {
        say("merged", &format!("into {}", merged.id));
    }
    for other in &case.also_by {
        say("also by", &person(other));
    }
    for (milestone, at) in &case.reached {
        say("reached", &format!("{milestone} {}", local(*at)));
    }
    for situation in &case.obligations {
        say("by law", &situation.in_words(&local));
    }
    for clock in case.clocks(&calendar.zone, now).iter().filter(|clock| clock.state.is_counting()) {
        say("clock", &format!("{}, {}", clock.name(), process::clock_left(clock, calendar, now)));
    }
    page
}
