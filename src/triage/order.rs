//! The order of the queue: one formula, and its explanation.
//!
//! ```text
//! rank = due first - priority - exploited - age + noise        in seconds, the smaller first
//! ```
//!
//! | part | seconds |
//! |---|---|
//! | due first | the instant at which the clock that is due first is due (Unix time); where no clock counts, 90 days after receipt |
//! | priority | P0 30 days, P1 14, P2 7, P3 2, P4 0; without one 7, as P2, until somebody judged |
//! | exploited | 150 days |
//! | age | a day for each 30 days that the case will be old when that clock is due, 30 days at most |
//! | noise | 30 days back, unless exploited |
//! | closed | behind every open case, the one that was closed last first; nothing else counts |
//!
//! So the rank says "as if it were due then". It does not know `now`: as time
//! goes by all ranks come nearer to it alike, and the order stays. A rank
//! changes only when something happens to its case, so it is stored with the
//! case and the database keeps the queue sorted by it.
//!
//! What follows from the numbers (tests below):
//! - Exploited at P0 with a clock that is due within 90 days stands above every
//!   case that is not exploited, unless that one is overdue by more than 30 days.
//! - A new report without a priority whose acknowledgement is due today stands
//!   above a P3 that is due in 30 days, and above a P1 that is due in 8.
//! - Of two that are due together the higher priority is first, then the older.
//! - Noise sinks behind what is due within a month, and comes up again when its
//!   turn has come: it is never lost.

use chrono::{DateTime, TimeDelta, Utc};

use super::case::Priority;
use super::clocks::{Clock, in_words};
use super::event::in_utc;

const DAY: i64 = 86_400;
/// Ahead for P0 to P4, and last without a priority.
const AHEAD: [i64; 6] = [30 * DAY, 14 * DAY, 7 * DAY, 2 * DAY, 0, 7 * DAY];
/// Ahead for exploitation in the wild: more than priority, age and the 90 days
/// of a disclosure window can make up for together.
const EXPLOITED: i64 = 150 * DAY;
/// Days of age that move a case a day ahead.
const AGE_SHARE: i64 = 30;
/// The most that age moves a case ahead.
const AGE_MOST: i64 = 30 * DAY;
/// Back for likely noise.
const NOISE: i64 = 30 * DAY;
/// From receipt to where a case stands that has no clock that counts.
const NO_CLOCK: TimeDelta = TimeDelta::days(90);
/// Behind every open case: later than the last instant of the calendar (about 8.2e12).
const CLOSED: i64 = 100_000_000_000_000;

/// What the place of a case in the queue hangs on.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// Its clock that is due first ([`running`](super::clocks::running)).
    pub due: Option<&'a Clock>,
    /// Its priority.
    pub priority: Option<Priority>,
    /// Whether it is abused in the wild.
    pub exploited: bool,
    /// Whether it is marked as likely noise.
    pub noise: bool,
    /// When its first message reached us.
    pub received_at: DateTime<Utc>,
    /// When it was closed, if it is.
    pub closed_at: Option<DateTime<Utc>>,
}

/// Where a case stands in the queue, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rank {
    /// The sort key, the smaller first: for an open case, Unix time in seconds.
    pub value: i64,
    /// What it is the sum of.
    pub parts: Vec<Part>,
}

/// One summand of a rank.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// What it stands for. Safe to show.
    pub words: String,
    /// What it adds.
    pub seconds: i64,
}

/// The rank of a case, by the formula of this module.
pub fn rank(place: &Place<'_>) -> Rank {
    let parts = match place.closed_at {
        Some(at) => closed(at),
        None => open(place),
    };
    Rank { value: parts.iter().map(|part| part.seconds).sum(), parts }
}

fn closed(at: DateTime<Utc>) -> Vec<Part> {
    vec![
        Part { words: "closed: behind every open case".to_owned(), seconds: CLOSED },
        Part { words: format!("closed on {}, the latest first", in_utc(at)), seconds: -at.timestamp() },
    ]
}

fn open(place: &Place<'_>) -> Vec<Part> {
    let (due, words) = match place.due.and_then(|clock| Some((clock.due_at?, clock.name()))) {
        Some((at, name)) => (at, format!("due first: {name} on {}", in_utc(at))),
        None => {
            let at = place.received_at.checked_add_signed(NO_CLOCK).unwrap_or(DateTime::<Utc>::MAX_UTC);
            (at, format!("no clock runs: {} from receipt, {}", in_words(NO_CLOCK), in_utc(at)))
        }
    };
    let mut parts = vec![Part { words, seconds: due.timestamp() }];
    let level = place.priority.map_or(5, |priority| usize::from(priority.level()));
    let who = place.priority.map_or("without a priority".to_owned(), |priority| priority.to_string());
    shift(&mut parts, -AHEAD[level], &who);
    if place.exploited {
        shift(&mut parts, -EXPLOITED, "exploited");
    }
    let age = (due.timestamp() - place.received_at.timestamp()).max(0);
    let old = in_words(TimeDelta::seconds(if age < DAY { age } else { age - age % DAY }));
    shift(&mut parts, -(age / AGE_SHARE).min(AGE_MOST), &format!("by then {old} old"));
    if place.noise && !place.exploited {
        shift(&mut parts, NOISE, "likely noise");
    }
    parts
}

/// Adds a part that moves the case, where it does.
fn shift(parts: &mut Vec<Part>, seconds: i64, who: &str) {
    if seconds != 0 {
        let direction = if seconds < 0 { "ahead" } else { "back" };
        let words = format!("{who}: {} {direction}", in_words(TimeDelta::seconds(seconds)));
        parts.push(Part { words, seconds });
    }
}

impl Rank {
    /// Why the case stands where it stands: a line for each part, and the sum.
    pub fn explain(&self) -> Vec<String> {
        let sum = match DateTime::from_timestamp(self.value, 0) {
            Some(at) if self.value < CLOSED / 2 => format!("stands as if due on {}", in_utc(at)),
            _ => "stands among the closed cases".to_owned(),
        };
        let lines = self.parts.iter().map(|part| part.words.clone());
        lines.chain([format!("{sum} (rank {})", self.value)]).collect()
    }
}

#[cfg(test)]
#[path = "order_tests.rs"]
mod tests;
