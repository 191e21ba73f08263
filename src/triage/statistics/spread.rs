//! Times taken, and shares: the two shapes of figure that are more than a count.

use chrono::TimeDelta;

/// How long something took, over several times.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Spread {
    /// Over how many times.
    pub count: usize,
    /// How many are not on record, or run backwards.
    pub missing: usize,
    /// Half of the times are at most this; `None` where there are none.
    pub median: Option<TimeDelta>,
    /// Nine of ten times are at most this; `None` where there are none.
    pub p90: Option<TimeDelta>,
    /// All of them together.
    pub sum: TimeDelta,
}

/// So many of so many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Share {
    /// Those that are it.
    pub part: usize,
    /// All of them.
    pub whole: usize,
}

impl Spread {
    /// `median 5.2 h, 90th percentile 2.1 d, over 41; 2 not on record`.
    pub fn in_words(&self) -> String {
        let missing =
            if self.missing > 0 { format!("; {} not on record", self.missing) } else { String::new() };
        match (self.median, self.p90) {
            (Some(median), Some(p90)) => {
                let (median, p90) = (brief(median), brief(p90));
                format!("median {median}, 90th percentile {p90}, over {}{missing}", self.count)
            }
            _ => format!("none in this time{missing}"),
        }
    }
}

impl Share {
    /// From 0 to 1; `None` of nothing.
    pub fn value(self) -> Option<f64> {
        (self.whole > 0).then(|| self.part as f64 / self.whole as f64)
    }

    /// `92 %`, rounded; `-` of nothing.
    pub fn in_words(self) -> String {
        self.value().map_or("-".to_owned(), |share| format!("{:.0} %", share * 100.0))
    }
}

/// Times that are being gathered.
#[derive(Debug, Clone, Default)]
pub(super) struct Times {
    taken: Vec<TimeDelta>,
    missing: usize,
}

impl Times {
    /// A time; one that runs backwards is none.
    pub(super) fn add(&mut self, time: TimeDelta) {
        if time < TimeDelta::zero() {
            self.missing += 1;
        } else {
            self.taken.push(time);
        }
    }

    /// A time that is not on record.
    pub(super) fn lack(&mut self) {
        self.missing += 1;
    }

    pub(super) fn spread(mut self) -> Spread {
        self.taken.sort_unstable();
        let sum = self
            .taken
            .iter()
            .fold(TimeDelta::zero(), |sum, time| sum.checked_add(time).unwrap_or(TimeDelta::MAX));
        Spread {
            count: self.taken.len(),
            missing: self.missing,
            median: nearest_rank(&self.taken, 50),
            p90: nearest_rank(&self.taken, 90),
            sum,
        }
    }
}

/// The smallest of the sorted `times` that at least `percent` of them do not exceed.
fn nearest_rank(times: &[TimeDelta], percent: usize) -> Option<TimeDelta> {
    let rank = (times.len() * percent).div_ceil(100);
    times.get(rank.checked_sub(1)?).copied()
}

/// A time in a few letters: `42 min`, `5.2 h`, `12.3 d`; hours from 90 minutes
/// and days from 48 hours on.
pub fn brief(time: TimeDelta) -> String {
    let minutes = time.num_seconds() as f64 / 60.0;
    if minutes < 90.0 {
        format!("{minutes:.0} min")
    } else if minutes < 48.0 * 60.0 {
        format!("{:.1} h", minutes / 60.0)
    } else {
        format!("{:.1} d", minutes / (24.0 * 60.0))
    }
}

/// The same; `-` where there is none.
pub fn brief_or_none(time: Option<TimeDelta>) -> String {
    time.map_or("-".to_owned(), brief)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spread(hours: &[i64]) -> Spread {
        let mut times = Times::default();
        hours.iter().for_each(|hours| times.add(TimeDelta::hours(*hours)));
        times.spread()
    }

    #[test]
    fn percentiles_are_times_that_were_taken() {
        let hours = |hours| Some(TimeDelta::hours(hours));
        for (taken, median, p90) in [
            (&[][..], None, None),
            (&[7], hours(7), hours(7)),
            (&[2, 9], hours(2), hours(9)),
            (&[9, 1, 5], hours(5), hours(9)),
            (&[1, 2, 3, 4, 5, 6, 7, 8, 9, 10], hours(5), hours(9)),
            (&[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], hours(6), hours(10)),
            (&[100, 1, 1, 1, 1, 1, 1, 1, 1, 1], hours(1), hours(1)),
        ] {
            let found = spread(taken);
            assert_eq!((found.median, found.p90, found.count), (median, p90, taken.len()), "{taken:?}");
        }
    }

    #[test]
    fn a_time_that_runs_backwards_is_missing() {
        let found = spread(&[-1, 3]);
        assert_eq!((found.count, found.missing, found.median), (1, 1, Some(TimeDelta::hours(3))));
        assert_eq!(found.sum, TimeDelta::hours(3));
    }

    #[test]
    fn times_are_brief() {
        for (seconds, words) in [
            (0, "0 min"),
            (89 * 60, "89 min"),
            (90 * 60, "1.5 h"),
            (47 * 3_600, "47.0 h"),
            (48 * 3_600, "2.0 d"),
            (295 * 3_600, "12.3 d"),
        ] {
            assert_eq!(brief(TimeDelta::seconds(seconds)), words);
        }
    }

    #[test]
    fn a_share_of_nothing_is_none() {
        assert_eq!((Share::default().value(), Share::default().in_words().as_str()), (None, "-"));
        let share = Share { part: 11, whole: 12 };
        assert_eq!(share.in_words(), "92 %");
    }
}
