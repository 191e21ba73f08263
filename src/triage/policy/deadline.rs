//! From a policy and what happened to the disclosure date and its reasons.

use chrono::{DateTime, TimeDelta, Utc};

use super::{DayOff, Policy};
use crate::triage::calendar::Calendar;

/// The instants that a disclosure date follows from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Facts {
    /// When the report reached us.
    pub received: DateTime<Utc>,
    /// Since when it is known to be exploited in the wild.
    pub exploited: Option<DateTime<Utc>>,
    /// When the fix is out, or is promised for.
    pub fixed: Option<DateTime<Utc>>,
    /// Whether the policy's grace was asked for and granted.
    pub grace: bool,
    /// When the reporter says that the details will be public.
    pub demanded: Option<DateTime<Utc>>,
}

impl Facts {
    /// A report, of which nothing else is known.
    pub fn received(received: DateTime<Utc>) -> Self {
        Self { received, exploited: None, fixed: None, grace: false, demanded: None }
    }
}

/// When the details become public, and why then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deadline {
    /// The date; none where neither the policy nor the reporter sets one.
    pub disclosure_at: Option<DateTime<Utc>>,
    /// The words of every step in one sentence.
    pub why: String,
    /// How the date came about, from the first to the one that stands.
    pub steps: Vec<Step>,
}

/// One reason, and the date that stood after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The date after this step.
    pub disclosure_at: Option<DateTime<Utc>>,
    /// The reason in words. The policy's name and note and the names of holidays
    /// stand in it as the configuration has them: foreign text.
    pub words: String,
}

/// The disclosure date that `policy` gives a case of these `facts`.
///
/// A fix that came in time sets the date where the policy says so, grace that
/// was granted holds off the date of a fix that did not. Exploitation only ever
/// brings the date forward, and so does the reporter, whose own date wins when
/// it is earlier and does not wait for a work day. Where the calendar ends the
/// date stays at its end.
pub fn deadline(policy: &Policy, facts: &Facts, calendar: &Calendar) -> Deadline {
    let mut course = Course { calendar, at: None, steps: Vec::new() };
    course.by_policy(policy, facts);
    course.by_exploitation(policy, facts);
    course.over_days_off(policy);
    course.by_demand(facts);
    let words: Vec<&str> = course.steps.iter().map(|step| step.words.as_str()).collect();
    Deadline { disclosure_at: course.at, why: words.join("; "), steps: course.steps }
}

/// The date on its way through the rules.
struct Course<'a> {
    calendar: &'a Calendar,
    at: Option<DateTime<Utc>>,
    steps: Vec<Step>,
}

impl Course<'_> {
    fn step(&mut self, at: Option<DateTime<Utc>>, words: String) {
        self.at = at;
        self.steps.push(Step { disclosure_at: at, words });
    }

    fn day(&self, at: DateTime<Utc>) -> String {
        self.calendar.date_of(at).to_string()
    }

    fn by_policy(&mut self, policy: &Policy, facts: &Facts) {
        let name = &policy.name;
        let Some(days) = policy.days else {
            let mut words = format!("no date by policy {name}, which fixes no limit");
            if !policy.note.is_empty() {
                words = format!("{words} ({})", policy.note);
            }
            return self.step(None, words);
        };
        let window = Window::of(policy, facts, facts.received, days, policy.grace_days);
        let received = self.day(facts.received);
        self.step(
            Some(window.limit),
            format!("{days} {} from receipt on {received} by policy {name}", noun(days)),
        );
        self.after(&window, facts);
    }

    fn by_exploitation(&mut self, policy: &Policy, facts: &Facts) {
        let Some(exploited) = facts.exploited else { return };
        let on = self.day(exploited);
        let Some(days) = policy.in_the_wild_days else {
            let words = format!("exploited since {on}, for which policy {} names no days", policy.name);
            return self.step(self.at, words);
        };
        let start = exploited.max(facts.received);
        let window = Window::of(policy, facts, start, days, policy.in_the_wild_grace_days);
        let (stood, before) = (self.at, self.steps.len());
        let how = if stood.is_some() { "shortened to " } else { "" };
        self.step(Some(window.limit), format!("{how}{days} {} on {on}: exploited", noun(days)));
        self.after(&window, facts);
        if stood.is_some_and(|stood| Some(stood) <= self.at) {
            // Never later because of exploitation.
            self.steps.truncate(before);
            self.step(stood, format!("exploited on {on}, which brings it no further forward"));
        }
    }

    /// What a fix, or grace for one, makes of the limit of a window.
    fn after(&mut self, window: &Window, facts: &Facts) {
        let Some(moved) = window.moved(facts) else { return };
        let on = |at: DateTime<Utc>| self.day(at);
        let words = match moved {
            Moved::InTime { fixed, after, .. } => {
                format!("details {after} {} after the fix on {}", noun(after), on(fixed))
            }
            Moved::InGrace { fixed, after, .. } => {
                format!(
                    "details {after} {} after the limit: fixed on {} within the grace of {} {}",
                    noun(after),
                    on(fixed),
                    window.grace,
                    noun(window.grace)
                )
            }
            Moved::ByGrace { .. } => format!("{} {} of grace granted", window.grace, noun(window.grace)),
        };
        self.step(Some(moved.at()), words);
    }

    fn over_days_off(&mut self, policy: &Policy) {
        let (Some(at), DayOff::NextWorkDay) = (self.at, policy.day_off) else { return };
        let next = self.calendar.next_work_day(at);
        if next != at {
            let off = self.calendar.day_off(self.calendar.date_of(at)).unwrap_or("a day off");
            let words = format!("moved to the next work day, {}: {} is {off}", self.day(next), self.day(at));
            self.step(Some(next), words);
        }
    }

    fn by_demand(&mut self, facts: &Facts) {
        let Some(demanded) = facts.demanded else { return };
        let on = self.day(demanded);
        match self.at {
            Some(at) if at < demanded => {
                self.step(self.at, format!("the reporter's date, {on}, is later and needs to be agreed"));
            }
            Some(at) if at == demanded => {
                self.step(self.at, format!("the reporter's date, {on}, is the same"))
            }
            Some(_) => self.step(Some(demanded), format!("the reporter's date, {on}, is earlier and wins")),
            None => self.step(Some(demanded), format!("the reporter's date, {on}, stands")),
        }
    }
}

/// A limit with what may come after it.
struct Window {
    limit: DateTime<Utc>,
    after: Option<i64>,
    grace: i64,
}

/// Where a fix or grace takes the date.
#[derive(Clone, Copy)]
enum Moved {
    InTime { fixed: DateTime<Utc>, after: i64, at: DateTime<Utc> },
    InGrace { fixed: DateTime<Utc>, after: i64, at: DateTime<Utc> },
    ByGrace { at: DateTime<Utc> },
}

impl Moved {
    fn at(self) -> DateTime<Utc> {
        match self {
            Self::InTime { at, .. } | Self::InGrace { at, .. } | Self::ByGrace { at } => at,
        }
    }
}

impl Window {
    fn of(policy: &Policy, facts: &Facts, start: DateTime<Utc>, days: i64, grace: i64) -> Self {
        let grace = if facts.grace { grace } else { 0 };
        Self { limit: later(start, days), after: policy.after_fix_days, grace }
    }

    fn moved(&self, facts: &Facts) -> Option<Moved> {
        let held_off = later(self.limit, self.grace);
        // A fix from before the report counts from the report.
        let fixed = facts.fixed.map(|fixed| fixed.max(facts.received));
        match (fixed, self.after) {
            (Some(fixed), Some(after)) if fixed <= self.limit => {
                Some(Moved::InTime { fixed, after, at: later(fixed, after) })
            }
            // The grace uses up days of those after the fix: Project Zero 90+30
            // with a fix in days 91 to 104 is day 120.
            (Some(fixed), Some(after)) if fixed <= held_off => {
                Some(Moved::InGrace { fixed, after, at: later(self.limit, after).max(fixed) })
            }
            _ => (self.grace > 0).then_some(Moved::ByGrace { at: held_off }),
        }
    }
}

/// `days` days of 24 hours after `start`, held at the end of time.
fn later(start: DateTime<Utc>, days: i64) -> DateTime<Utc> {
    let span = TimeDelta::try_days(days).unwrap_or(TimeDelta::MAX);
    start.checked_add_signed(span).unwrap_or(DateTime::<Utc>::MAX_UTC)
}

fn noun(days: i64) -> &'static str {
    if days == 1 { "day" } else { "days" }
}
