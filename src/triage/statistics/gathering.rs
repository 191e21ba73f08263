//! Figures gathered case by case, so that none has to be kept.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};

use super::period::monday;
use super::spread::Times;
use super::tally::{ClockTally, GroupTally, WeekTally, clocked, groups, is_by_law};
use super::{Age, Backlog, Judgement, Period, Received, Share, Statistics, Week, Windows};
use crate::triage::calendar::Calendar;
use crate::triage::case::{Case, FoundIn};
use crate::triage::clocks::{Clock, Kind};
use crate::triage::lane::Lane;
use crate::triage::milestone::Milestone;
use crate::triage::state::{Resolution, State};

/// Weeks that are listed although nothing was received before or in them.
const QUIET_WEEKS: u64 = 52;

/// Most weeks that are listed: a hundred years.
const MAX_WEEKS: u64 = 5_200;

/// Figures over the cases that were added so far.
#[derive(Debug)]
pub struct Gathering<'a> {
    period: Period,
    calendar: &'a Calendar,
    now: DateTime<Utc>,
    received: Received,
    judged: Share,
    to_prioritised: Times,
    unprioritised: usize,
    to_fixed: Times,
    weeks: BTreeMap<NaiveDate, WeekTally>,
    clocks: BTreeMap<Kind, ClockTally>,
    lanes: BTreeMap<Lane, ClockTally>,
    backlog: Backlog,
    by_age: BTreeMap<Age, usize>,
    by_state: BTreeMap<State, usize>,
    phases: HashMap<Option<FoundIn>, GroupTally>,
    components: HashMap<String, GroupTally>,
    weaknesses: HashMap<String, GroupTally>,
    windows: Windows,
    closed_windows: Times,
}

impl<'a> Gathering<'a> {
    /// Figures over `period` at the present `now`, in the weeks of the calendar's zone.
    pub fn new(period: Period, calendar: &'a Calendar, now: DateTime<Utc>) -> Self {
        Self {
            period,
            calendar,
            now,
            received: Received::default(),
            judged: Share::default(),
            to_prioritised: Times::default(),
            unprioritised: 0,
            to_fixed: Times::default(),
            weeks: BTreeMap::new(),
            clocks: BTreeMap::new(),
            lanes: BTreeMap::new(),
            backlog: Backlog::default(),
            by_age: BTreeMap::new(),
            by_state: BTreeMap::new(),
            phases: HashMap::new(),
            components: HashMap::new(),
            weaknesses: HashMap::new(),
            windows: Windows::default(),
            closed_windows: Times::default(),
        }
    }

    /// Tells of cases that the reader may not see.
    pub fn restricted(&mut self, cases: usize) {
        self.received.restricted += cases;
    }

    /// Adds a case that the reader may see.
    pub fn add(&mut self, case: &Case) {
        let is_new_here = self.period.has(case.received_at);
        if case.merged_into.is_some() {
            self.received.merged += usize::from(is_new_here);
            return;
        }
        let judgement = Judgement::of(case);
        if is_new_here {
            self.receive(case, judgement);
        }
        if judgement.is_noise() {
            self.backlog.noise += usize::from(case.state.is_open());
            return;
        }
        self.flow(case);
        self.wait(case);
        self.window(case);
        for clock in case.wordless_clocks(&self.calendar.zone, self.now) {
            self.clock(&clock);
        }
        if is_new_here {
            self.lacking(case);
        }
    }

    fn week(&mut self, at: DateTime<Utc>) -> &mut WeekTally {
        self.weeks.entry(monday(self.calendar.date_of(at))).or_default()
    }

    /// What came in.
    fn receive(&mut self, case: &Case, judgement: Judgement) {
        let noise = usize::from(judgement.is_noise());
        let valid = usize::from(judgement == Judgement::Valid);
        self.received.cases += 1;
        self.received.noise += noise;
        self.judged.whole += usize::from(judgement.is_judged());
        self.judged.part += valid;
        let week = self.week(case.received_at);
        week.received += 1;
        week.noise += noise;
        if judgement.is_noise() {
            return;
        }
        self.received.exploited += usize::from(case.exploited);
        let count = |tally: &mut GroupTally| {
            tally.cases += 1;
            tally.valid += valid;
            tally.open += usize::from(case.state.is_open());
        };
        count(self.phases.entry(case.found_in).or_default());
        count(self.components.entry(place(case)).or_default());
        let weakness = case.assessment.weakness.map_or_else(String::new, |weakness| {
            format!("{weakness} {}", weakness.short_name().unwrap_or_default()).trim_end().to_owned()
        });
        count(self.weaknesses.entry(weakness).or_default());
    }

    /// What happened to it in the period, and whether it was open when.
    fn flow(&mut self, case: &Case) {
        let reached = |milestone| case.reached.get(&milestone).copied();
        let prioritised = case.priority.and(reached(Milestone::Prioritised));
        if let Some(at) = case.acknowledged_at.filter(|at| self.period.has(*at)) {
            self.week(at).acknowledged += 1;
        }
        if let Some(at) = prioritised.filter(|at| self.period.has(*at)) {
            self.to_prioritised.add(at - case.received_at);
            let week = self.week(at);
            week.prioritised += 1;
            week.to_prioritised.add(at - case.received_at);
        }
        if let Some(at) = reached(Milestone::Released).filter(|at| self.period.has(*at)) {
            self.to_fixed.add(at - case.received_at);
            self.week(at).fixed += 1;
        }
        let closed = match reached(Milestone::Closed) {
            _ if case.state.is_open() => None,
            Some(at) => Some(at.max(case.received_at)),
            // Closed, nobody knows when: it was open nobody knows how long.
            None => return,
        };
        if case.received_at < self.period.until {
            self.week(case.received_at).more_open += 1;
        }
        if let Some(at) = closed.filter(|at| *at < self.period.until) {
            self.week(at).more_open -= 1;
        }
    }

    /// What still waits.
    fn wait(&mut self, case: &Case) {
        if !case.state.is_open() {
            return;
        }
        self.unprioritised += usize::from(case.priority.is_none());
        self.backlog.open += 1;
        *self.by_age.entry(Age::of(self.now - case.received_at)).or_default() += 1;
        *self.by_state.entry(case.state).or_default() += 1;
    }

    fn window(&mut self, case: &Case) {
        let since = case.reached.get(&Milestone::Vulnerable).copied();
        let is_left_so = case.state.is_open() || case.resolution == Some(Resolution::WontFix);
        match (since, case.reached.get(&Milestone::RolledOut).copied()) {
            (Some(since), Some(until)) if self.period.has(until) => self.closed_windows.add(until - since),
            (None, Some(until)) if self.period.has(until) => self.closed_windows.lack(),
            (Some(since), None) if is_left_so && since <= self.now => {
                self.windows.open += 1;
                let sum = self.windows.open_sum.checked_add(&(self.now - since));
                self.windows.open_sum = sum.unwrap_or(TimeDelta::MAX);
            }
            _ => {}
        }
    }

    fn clock(&mut self, clock: &Clock) {
        self.clocks.entry(clock.kind).or_default().count(clock, &self.period);
        let lane = || clock.of.as_deref()?.parse().ok();
        if clock.kind == Kind::Answer
            && let Some(lane) = lane()
        {
            self.lanes.entry(lane).or_default().count(clock, &self.period);
        }
    }

    /// What must have happened to a case of the period and is not on record.
    fn lacking(&mut self, case: &Case) {
        let lacks = |milestone| !case.reached.contains_key(&milestone);
        let is_fixed = case.resolution == Some(Resolution::Fixed)
            || matches!(case.state, State::Released | State::Disclosed);
        if case.acknowledged_at.is_none() && case.state.is_open() && case.state != State::New {
            self.clocks.entry(Kind::Acknowledge).or_default().times.lack();
        }
        if case.priority.is_some() && lacks(Milestone::Prioritised) {
            self.clocks.entry(Kind::Triage).or_default().times.lack();
            self.to_prioritised.lack();
        }
        if is_fixed && lacks(Milestone::Released) {
            self.clocks.entry(Kind::Target).or_default().times.lack();
            self.to_fixed.lack();
        }
    }

    /// The figures.
    pub fn finish(mut self) -> Statistics {
        let weeks = self.list_weeks();
        let Received { cases, noise, .. } = self.received;
        let mut components = groups(self.components);
        let mut weaknesses = groups(self.weaknesses);
        for named in [&mut components, &mut weaknesses] {
            named.sort_by(|a, b| b.cases.cmp(&a.cases).then_with(|| a.of.cmp(&b.of)));
        }
        let mut phases = groups(self.phases);
        // Those about which nobody said anything come last.
        phases.sort_by_key(|group| (group.of.is_none(), group.of));
        let buckets = |age: Age| (age, self.by_age.get(&age).copied().unwrap_or(0));
        let states = State::ALL.into_iter().filter(|state| state.is_open());
        let backlog = Backlog {
            by_age: Age::ALL.map(buckets).to_vec(),
            by_state: states.map(|state| (state, self.by_state.get(&state).copied().unwrap_or(0))).collect(),
            ..self.backlog
        };
        Statistics {
            period: self.period,
            now: self.now,
            received: self.received,
            to_prioritised: self.to_prioritised.spread(),
            unprioritised: self.unprioritised,
            to_fixed: self.to_fixed.spread(),
            weeks,
            clocks: clocked(self.clocks, |kind| !is_by_law(kind), &Kind::ALL),
            lanes: clocked(self.lanes, |_| false, &Lane::ALL),
            backlog,
            valid: self.judged,
            noise: Share { part: noise, whole: cases },
            phases,
            components,
            weaknesses,
            windows: Windows { closed: self.closed_windows.spread(), ..self.windows },
        }
    }

    /// The weeks of the period from the first one on that anything happened in,
    /// and the quiet ones of its last year.
    fn list_weeks(&mut self) -> Vec<Week> {
        let back = |from: NaiveDate, weeks: u64| from.checked_sub_days(Days::new(7 * weeks)).unwrap_or(from);
        let first = monday(self.calendar.date_of(self.period.since));
        let last = monday(self.calendar.date_of(self.period.last()));
        let earliest = self.weeks.keys().next().copied().unwrap_or(last);
        let from = first.max(earliest.min(back(last, QUIET_WEEKS))).max(back(last, MAX_WEEKS));
        let tallies = std::mem::take(&mut self.weeks);
        let mut open: i64 = tallies.range(..from).map(|(_, tally)| tally.more_open).sum();
        let mut tallies: BTreeMap<NaiveDate, WeekTally> = tallies.into_iter().collect();
        let mondays = from.iter_weeks().take_while(|monday| *monday <= last);
        mondays
            .map(|monday| {
                let tally = tallies.remove(&monday).unwrap_or_default();
                open += tally.more_open;
                tally.week(monday, open)
            })
            .collect()
    }
}

/// Where a case is: `portal / login`, `portal`; empty where nobody said so.
fn place(case: &Case) -> String {
    match (&case.product, &case.component) {
        (Some(product), Some(component)) => format!("{product} / {component}"),
        (Some(one), None) | (None, Some(one)) => one.clone(),
        (None, None) => String::new(),
    }
}
