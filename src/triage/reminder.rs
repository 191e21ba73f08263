//! When somebody is to be told of a clock: once as it comes near, once when it
//! is due, and again as it stays behind.

use chrono::{DateTime, TimeDelta, Utc};

use super::words::words;

words! {
    /// How far a clock is that somebody is reminded of.
    pub enum Stage ("stage of a reminder") {
        /// It is due before long.
        Soon = "soon",
        /// It was due less than a day ago.
        Due = "due",
        /// It was due a day ago.
        Day = "overdue by a day",
        /// It was due three days ago.
        Days = "overdue by three days",
        /// It was due a week ago.
        Week = "overdue by a week",
        /// It was due two weeks ago.
        Weeks = "overdue by two weeks",
        /// It was due a month ago.
        Month = "overdue by a month",
    }
}

/// From when on after its due instant a clock is in each stage, the latest first.
const BEHIND: [(TimeDelta, Stage); 6] = [
    (TimeDelta::days(30), Stage::Month),
    (TimeDelta::days(14), Stage::Weeks),
    (TimeDelta::days(7), Stage::Week),
    (TimeDelta::days(3), Stage::Days),
    (TimeDelta::days(1), Stage::Day),
    (TimeDelta::zero(), Stage::Due),
];

impl Stage {
    /// The stage of a clock that is due at `due`; none while there is more time
    /// left than `within`. As time goes by it only ever gets later.
    pub fn of(due: DateTime<Utc>, now: DateTime<Utc>, within: TimeDelta) -> Option<Self> {
        let behind = now - due;
        let reached = BEHIND.into_iter().find(|(since, _)| behind >= *since).map(|(_, stage)| stage);
        reached.or((-behind <= within).then_some(Self::Soon))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_stage_is_reached_at_its_instant() {
        let due: DateTime<Utc> = "2026-11-23T12:00:00Z".parse().unwrap();
        let table = [
            (-86_401, None),
            (-86_400, Some(Stage::Soon)),
            (-1, Some(Stage::Soon)),
            (0, Some(Stage::Due)),
            (86_399, Some(Stage::Due)),
            (86_400, Some(Stage::Day)),
            (3 * 86_400, Some(Stage::Days)),
            (7 * 86_400 - 1, Some(Stage::Days)),
            (7 * 86_400, Some(Stage::Week)),
            (14 * 86_400, Some(Stage::Weeks)),
            (4000 * 86_400, Some(Stage::Month)),
        ];
        for (seconds, stage) in table {
            let now = due + TimeDelta::seconds(seconds);
            assert_eq!(Stage::of(due, now, TimeDelta::days(1)), stage, "{seconds}");
        }
        assert_eq!(Stage::of(due, due - TimeDelta::seconds(1), TimeDelta::zero()), None);
    }

    proptest! {
        #![proptest_config(crate::seeded())]
        #[test]
        fn a_stage_never_comes_back(first in -10_000_000_i64..10_000_000, more in 0_i64..10_000_000) {
            let due = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
            let at = |seconds| Stage::of(due, due + TimeDelta::seconds(seconds), TimeDelta::days(1));
            prop_assert!(at(first) <= at(first + more));
        }
    }
}
