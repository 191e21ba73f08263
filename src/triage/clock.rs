//! How long is left, or was: instants in the words of a countdown.

use chrono::{DateTime, TimeDelta, Utc};

/// `start + span`, held at the end of time instead of overflowing.
fn after(start: DateTime<Utc>, span: TimeDelta) -> DateTime<Utc> {
    start.checked_add_signed(span).unwrap_or(DateTime::<Utc>::MAX_UTC)
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

/// A span in the words of a countdown: `3h`, `12d`; one below zero counts as none.
pub fn span(span: TimeDelta) -> String {
    coarse(span.max(TimeDelta::zero()))
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
