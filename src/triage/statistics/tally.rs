//! Counts that grow with each case, and the figures that come of them.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;

use super::spread::Times;
use super::{Clocked, Group, Period, Share, Week};
use crate::triage::clocks::{Clock, ClockState, End, Kind};

/// What happened in a week.
#[derive(Debug, Default)]
pub(super) struct WeekTally {
    pub(super) received: usize,
    pub(super) noise: usize,
    pub(super) acknowledged: usize,
    pub(super) prioritised: usize,
    pub(super) fixed: usize,
    pub(super) to_prioritised: Times,
    /// Cases received less cases closed.
    pub(super) more_open: i64,
}

/// How the clocks of a kind did.
#[derive(Debug, Default)]
pub(super) struct ClockTally {
    pub(super) times: Times,
    pub(super) within: Share,
    pub(super) running: usize,
    pub(super) overdue: usize,
}

/// The cases of a sort.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct GroupTally {
    pub(super) cases: usize,
    pub(super) valid: usize,
    pub(super) open: usize,
}

impl WeekTally {
    /// The figures of the week with this Monday, at whose end so many cases were open.
    pub(super) fn week(self, monday: NaiveDate, open: i64) -> Week {
        Week {
            monday,
            received: self.received,
            noise: self.noise,
            acknowledged: self.acknowledged,
            prioritised: self.prioritised,
            fixed: self.fixed,
            open: usize::try_from(open).unwrap_or(0),
            to_prioritised: self.to_prioritised.spread(),
        }
    }
}

impl ClockTally {
    /// Counts a clock that a case has.
    pub(super) fn count(&mut self, clock: &Clock, period: &Period) {
        let met = match clock.state {
            ClockState::Met { at } | ClockState::Missed { end: Some(End::Met(at)), .. } => Some(at),
            _ => None,
        };
        if let (Some(start), Some(met)) = (clock.started_at, met.filter(|at| period.has(*at))) {
            self.times.add(met - start);
        }
        let Some(due) = clock.due_at else { return };
        let decided = match clock.state {
            ClockState::Met { at } => Some((at, true)),
            ClockState::Missed { .. } => Some((due, false)),
            _ => None,
        };
        if let Some((_, in_time)) = decided.filter(|(at, _)| period.has(*at) && !starts_again(clock.kind)) {
            self.within.whole += 1;
            self.within.part += usize::from(in_time);
        }
        self.running += usize::from(clock.state == ClockState::Running);
        self.overdue += usize::from(matches!(clock.state, ClockState::Missed { end: None, .. }));
    }
}

/// Clocks that are never met, but start again.
fn starts_again(kind: Kind) -> bool {
    matches!(kind, Kind::Update | Kind::Stalled)
}

/// Clocks that only some companies have.
pub(super) fn is_by_law(kind: Kind) -> bool {
    matches!(kind, Kind::EarlyWarning | Kind::Notification | Kind::ProgressReport | Kind::FinalReport)
}

/// The groups, in no order.
pub(super) fn groups<K>(tallies: HashMap<K, GroupTally>) -> Vec<Group<K>> {
    let group = |(of, GroupTally { cases, valid, open })| Group { of, cases, valid, open };
    tallies.into_iter().map(group).collect()
}

/// The tallies in the order of `all`, with those that are told even when nothing was counted.
pub(super) fn clocked<K: Copy + Ord>(
    mut tallies: BTreeMap<K, ClockTally>,
    is_told: impl Fn(K) -> bool,
    all: &[K],
) -> Vec<Clocked<K>> {
    let told = all.iter().filter_map(|kind| {
        let tally = tallies.remove(kind).or_else(|| is_told(*kind).then(ClockTally::default))?;
        let ClockTally { times, within, running, overdue } = tally;
        Some(Clocked { kind: *kind, spread: times.spread(), within, running, overdue })
    });
    told.collect()
}
