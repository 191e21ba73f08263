//! Deadlines: pure functions of the case, its policy and the present.

use chrono::{DateTime, TimeDelta, Utc};

use super::case::Case;
use super::state::State;
use super::words::words;

words! {
    /// How long a reporter waits before the details become public.
    pub enum Policy ("disclosure policy") {
        /// 90 days from receipt: the friendliest and the default.
        Ninety = "90 days",
        /// 30 days from receipt.
        Thirty = "30 days",
        /// Public already: nothing is left on the clock.
        Zero = "0 days",
    }
}

impl Policy {
    /// From receipt to disclosure, in days of 24 hours: zones and daylight saving do not move it.
    pub fn disclosure_days(self) -> i64 {
        match self {
            Policy::Ninety => 90,
            Policy::Thirty => 30,
            Policy::Zero => 0,
        }
    }

    /// From receipt to the first answer by a person.
    pub fn acknowledge_within(self) -> TimeDelta {
        match self {
            Policy::Ninety | Policy::Thirty => TimeDelta::hours(24),
            Policy::Zero => TimeDelta::hours(4),
        }
    }

    /// The policy with this many days, however it is written: `90`, `90d`, `90 days`.
    pub fn from_days(given: &str) -> Option<Self> {
        let days: i64 = given.trim().trim_end_matches("days").trim_end_matches('d').trim().parse().ok()?;
        Self::ALL.into_iter().find(|policy| policy.disclosure_days() == days)
    }

    /// The disclosure date of a report that reached us at `received`.
    pub fn disclosure(self, received: DateTime<Utc>) -> DateTime<Utc> {
        after(received, TimeDelta::days(self.disclosure_days()))
    }
}

/// `start + span`, held at the end of time instead of overflowing.
fn after(start: DateTime<Utc>, span: TimeDelta) -> DateTime<Utc> {
    start.checked_add_signed(span).unwrap_or(DateTime::<Utc>::MAX_UTC)
}

words! {
    /// Which clock a due instant belongs to.
    pub enum DueKind ("clock") {
        /// The reporter waits for a first answer.
        Acknowledge = "ack",
        /// The details become public.
        Disclosure = "publish",
    }
}

/// The instant at which a clock runs out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    /// Which clock.
    pub kind: DueKind,
    /// When.
    pub at: DateTime<Utc>,
}

/// The running clock of `case` that runs out first: the order of the queue.
/// A closed case has none, a published one nothing left to miss.
pub fn next_due(case: &Case) -> Option<Due> {
    if !case.state.is_open() {
        return None;
    }
    let acknowledge = (case.acknowledged_at.is_none() && case.state == State::New).then(|| Due {
        kind: DueKind::Acknowledge,
        at: after(case.received_at, case.policy.acknowledge_within()),
    });
    let disclosure =
        (case.state != State::Disclosed).then_some(Due { kind: DueKind::Disclosure, at: case.disclosure.at });
    [acknowledge, disclosure].into_iter().flatten().min_by_key(|due| due.at)
}

/// The time left until `at` in words: `89d left`, `18h left`, `OVERDUE 3h`.
pub fn countdown(at: DateTime<Utc>, now: DateTime<Utc>) -> String {
    let left = at - now;
    if left < TimeDelta::zero() {
        format!("OVERDUE {}", coarse(-left))
    } else {
        format!("{} left", coarse(left))
    }
}

/// How long ago `at` was, in words: `13h ago`, or `just now`.
pub fn ago(at: DateTime<Utc>, now: DateTime<Utc>) -> String {
    let span = now - at;
    if span < TimeDelta::minutes(1) { "just now".to_owned() } else { format!("{} ago", coarse(span)) }
}

/// The first instant after `now` at which [`countdown`] says something else.
/// A screen that shows it sleeps until then.
pub fn countdown_changes_at(at: DateTime<Utc>, now: DateTime<Utc>) -> DateTime<Utc> {
    let left = at - now;
    let step = unit(left.abs()).num_seconds();
    let past_step = left.num_seconds().abs() % step;
    let wait = if left < TimeDelta::zero() { step - past_step } else { past_step + 1 };
    after(now, TimeDelta::seconds(wait))
}

/// Days from two days on, hours from one hour on, else minutes; always rounded down.
fn coarse(span: TimeDelta) -> String {
    let step = unit(span);
    let count = span.num_seconds() / step.num_seconds();
    match step.num_seconds() {
        86_400 => format!("{count}d"),
        3_600 => format!("{count}h"),
        _ => format!("{count}m"),
    }
}

fn unit(span: TimeDelta) -> TimeDelta {
    if span >= TimeDelta::days(2) {
        TimeDelta::days(1)
    } else if span >= TimeDelta::hours(1) {
        TimeDelta::hours(1)
    } else {
        TimeDelta::minutes(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn countdowns_are_words() {
        let now = at("2026-11-23T22:00:00Z");
        for (due, words) in [
            ("2027-02-21T09:00:00Z", "89d left"),
            ("2026-11-25T22:00:00Z", "2d left"),
            ("2026-11-25T21:59:59Z", "47h left"),
            ("2026-11-24T16:00:00Z", "18h left"),
            ("2026-11-23T22:42:30Z", "42m left"),
            ("2026-11-23T22:00:00Z", "0m left"),
            ("2026-11-23T21:59:00Z", "OVERDUE 1m"),
            ("2026-11-23T19:00:00Z", "OVERDUE 3h"),
            ("2026-11-20T19:00:00Z", "OVERDUE 3d"),
        ] {
            assert_eq!(countdown(at(due), now), words, "{due}");
        }
    }

    #[test]
    fn ninety_days_are_ninety_days_over_daylight_saving_and_leap_days() {
        assert_eq!(Policy::Ninety.disclosure(at("2028-02-01T10:00:00Z")), at("2028-05-01T10:00:00Z"));
        assert_eq!(Policy::Ninety.disclosure(at("2026-11-23T09:02:00Z")), at("2027-02-21T09:02:00Z"));
        assert_eq!(Policy::Zero.disclosure(at("2026-11-23T09:02:00Z")), at("2026-11-23T09:02:00Z"));
    }

    #[test]
    fn policies_are_found_by_their_days() {
        for given in ["30", "30d", "30 days", " 30 "] {
            assert_eq!(Policy::from_days(given), Some(Policy::Thirty));
        }
        assert_eq!(Policy::from_days("45"), None);
    }

    proptest! {
        #![proptest_config(crate::seeded())]

        #[test]
        fn a_countdown_stands_until_it_is_said_to_change(left in -10_000_000_i64..10_000_000) {
            let now = at("2026-11-23T22:00:00Z");
            let due = now + TimeDelta::seconds(left);
            let change = countdown_changes_at(due, now);
            prop_assert!(change > now);
            prop_assert_eq!(countdown(due, change - TimeDelta::seconds(1)), countdown(due, now));
        }
    }
}
