//! All figures one by one, tidy: what a spreadsheet takes.

use chrono::TimeDelta;

use super::{Clocked, Metric, Named, Share, Spread, Statistics};

/// How much.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Amount {
    /// So many.
    Count(usize),
    /// From 0 to 1; `None` of nothing.
    Share(Option<f64>),
    /// So long; `None` where there was none.
    Time(Option<TimeDelta>),
}

/// One figure.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// What it is.
    pub metric: Metric,
    /// Which side of it: `median`, `p90`, `missing`; empty for the plain number.
    pub side: &'static str,
    /// Which of several: a clock, a lane, a state, a component; empty where there is one. Foreign text.
    pub group: String,
    /// The ISO week, such as `2026-W48`; empty for the whole period.
    pub week: String,
    /// How much.
    pub amount: Amount,
}

impl Figure {
    /// The name for programs: `time_to_prioritised_median`.
    pub fn code(&self) -> String {
        let metric = self.metric.code();
        if self.side.is_empty() { metric } else { format!("{metric}_{}", self.side) }
    }
}

/// Figures of one metric and group, as they come.
struct List(Vec<Figure>);

impl List {
    fn put(&mut self, metric: Metric, side: &'static str, group: &str, week: &str, amount: Amount) {
        let (group, week) = (group.to_owned(), week.to_owned());
        self.0.push(Figure { metric, side, group, week, amount });
    }

    fn count(&mut self, metric: Metric, group: &str, count: usize) {
        self.put(metric, "", group, "", Amount::Count(count));
    }

    fn share(&mut self, metric: Metric, group: &str, share: Share) {
        self.put(metric, "", group, "", Amount::Share(share.value()));
        self.put(metric, "part", group, "", Amount::Count(share.part));
        self.put(metric, "whole", group, "", Amount::Count(share.whole));
    }

    fn spread(&mut self, metric: Metric, group: &str, week: &str, spread: &Spread) {
        self.put(metric, "median", group, week, Amount::Time(spread.median));
        self.put(metric, "p90", group, week, Amount::Time(spread.p90));
        self.put(metric, "count", group, week, Amount::Count(spread.count));
        if week.is_empty() {
            self.put(metric, "missing", group, week, Amount::Count(spread.missing));
        }
    }

    fn clocked<K>(&mut self, [time, within]: [Metric; 2], group: &str, clock: &Clocked<K>) {
        self.spread(time, group, "", &clock.spread);
        self.share(within, group, clock.within);
    }

    fn group(&mut self, metric: Metric, group: &Named<'_>) {
        self.count(metric, group.name, group.cases);
        self.put(metric, "valid", group.name, "", Amount::Count(group.valid));
        self.put(metric, "open", group.name, "", Amount::Count(group.open));
    }
}

impl Statistics {
    /// All figures one by one.
    pub fn figures(&self) -> Vec<Figure> {
        let mut list = List(Vec::new());
        list.spread(Metric::ToPrioritised, "", "", &self.to_prioritised);
        list.count(Metric::Unprioritised, "", self.unprioritised);
        list.count(Metric::Received, "", self.received.cases);
        list.count(Metric::Noise, "", self.received.noise);
        list.count(Metric::Merged, "", self.received.merged);
        list.count(Metric::Restricted, "", self.received.restricted);
        list.count(Metric::Exploited, "", self.received.exploited);
        list.share(Metric::ValidShare, "", self.valid);
        list.share(Metric::NoiseShare, "", self.noise);
        list.spread(Metric::ToFixed, "", "", &self.to_fixed);
        self.weekly_figures(&mut list);
        self.clock_figures(&mut list);
        list.count(Metric::Open, "", self.backlog.open);
        list.count(Metric::BacklogNoise, "", self.backlog.noise);
        self.backlog
            .by_age
            .iter()
            .for_each(|(age, count)| list.count(Metric::BacklogAge, age.word(), *count));
        let states = self.backlog.by_state.iter();
        states.for_each(|(state, count)| list.count(Metric::BacklogState, state.word(), *count));
        for (metric, groups) in self.causes() {
            groups.iter().for_each(|group| list.group(metric, group));
        }
        list.spread(Metric::Window, "", "", &self.windows.closed);
        list.put(Metric::Window, "sum", "", "", Amount::Time(Some(self.windows.closed.sum)));
        list.count(Metric::OpenWindow, "", self.windows.open);
        list.put(Metric::OpenWindow, "sum", "", "", Amount::Time(Some(self.windows.open_sum)));
        list.0
    }

    fn weekly_figures(&self, list: &mut List) {
        for week in &self.weeks {
            let label = week.label();
            for (metric, count) in [
                (Metric::Received, week.received),
                (Metric::Noise, week.noise),
                (Metric::Acknowledged, week.acknowledged),
                (Metric::Prioritised, week.prioritised),
                (Metric::Fixed, week.fixed),
                (Metric::Open, week.open),
            ] {
                list.put(metric, "", "", &label, Amount::Count(count));
            }
            list.spread(Metric::ToPrioritised, "", &label, &week.to_prioritised);
        }
    }

    fn clock_figures(&self, list: &mut List) {
        for clock in &self.clocks {
            let name = clock.kind.word();
            list.clocked([Metric::ClockTime, Metric::WithinDeadline], name, clock);
            list.count(Metric::Running, name, clock.running);
            list.count(Metric::Overdue, name, clock.overdue);
        }
        for lane in &self.lanes {
            let name = lane.kind.word();
            list.clocked([Metric::AnswerTime, Metric::AnswerWithin], name, lane);
        }
    }
}
