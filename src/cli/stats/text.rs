//! The figures as text for people, 80 columns wide, with bars of letters.

use std::fmt::Write as _;

use unicode_width::UnicodeWidthStr as _;

use super::Told;
use crate::console::wrap;
use crate::text::{fit, line};
use crate::triage::mark::LINE;
use crate::triage::statistics::{Clocked, Metric, Named, Statistics, brief, brief_or_none};

/// Columns of a page.
const WIDTH: usize = 80;

/// Groups that are listed; CSV and JSON have all.
const MOST: usize = 12;

/// The whole page.
pub(super) fn page(told: &Told) -> String {
    let mut page = Page(String::new());
    let statistics = &told.statistics;
    if told.is_drill {
        page.line(LINE);
    }
    page.line(&format!("{}, {}", told.period(), told.about()));
    if let Some(restricted) = told.restricted() {
        page.line(&restricted);
    }
    headline(&mut page, statistics);
    weeks(&mut page, statistics);
    clocks(&mut page, statistics);
    backlog(&mut page, statistics);
    page.heading("Judged");
    let (valid, noise) = (statistics.valid, statistics.noise);
    page.line(&format!("  valid      {:>6}  {} of {} judged", valid.in_words(), valid.part, valid.whole));
    page.line(&format!("  noise      {:>6}  {} of {} received", noise.in_words(), noise.part, noise.whole));
    page.line(&format!("  exploited  {:>6}", statistics.received.exploited));
    page.define(&[Metric::ValidShare, Metric::NoiseShare, Metric::Noise, Metric::Exploited]);
    for (metric, found) in statistics.causes() {
        groups(&mut page, metric, &found);
    }
    windows(&mut page, statistics);
    page.0
}

/// Text that grows by lines.
struct Page(String);

impl Page {
    fn line(&mut self, line: &str) {
        let _ = writeln!(self.0, "{}", fit(line.trim_end(), WIDTH));
    }

    fn heading(&mut self, title: &str) {
        let _ = writeln!(self.0, "\n{title}");
    }

    /// What the figures above are.
    fn define(&mut self, metrics: &[Metric]) {
        for metric in metrics {
            let words = format!("{metric}: {}", metric.definition());
            for (index, part) in wrap(&words, WIDTH - 6).into_iter().enumerate() {
                let _ = writeln!(self.0, "    {}{part}", if index == 0 { "" } else { "  " });
            }
        }
    }
}

fn headline(page: &mut Page, statistics: &Statistics) {
    page.heading("From receipt to prioritised");
    page.line(&format!("  {}", statistics.to_prioritised.in_words()));
    page.line(&format!("  {} waiting for a priority now", statistics.unprioritised));
    page.define(&[Metric::ToPrioritised, Metric::Unprioritised]);
    page.heading("From receipt to fixed");
    page.line(&format!("  {}", statistics.to_fixed.in_words()));
    page.define(&[Metric::ToFixed]);
}

fn weeks(page: &mut Page, statistics: &Statistics) {
    let received = &statistics.received;
    page.heading("Week by week");
    page.line(&format!(
        "  {} received, {} of them noise; {} more merged into others",
        received.cases, received.noise, received.merged
    ));
    page.line("  week      received            acknowl  prior  fixed   open   median      p90");
    let most = statistics.weeks.iter().map(|week| week.received).max().unwrap_or(0);
    for week in &statistics.weeks {
        page.line(&format!(
            "  {:<8}{:>5} {:<14}{:>8}{:>7}{:>7}{:>7}{:>9}{:>9}",
            week.label(),
            week.received,
            bar(week.received, most, 14),
            week.acknowledged,
            week.prioritised,
            week.fixed,
            week.open,
            brief_or_none(week.to_prioritised.median),
            brief_or_none(week.to_prioritised.p90),
        ));
    }
    page.define(&[Metric::Received, Metric::Merged, Metric::Acknowledged, Metric::Prioritised]);
    page.define(&[Metric::Fixed, Metric::Open]);
}

fn clocks(page: &mut Page, statistics: &Statistics) {
    page.heading("Clocks");
    page.line("  clock            in time  share              median      p90 running overdue");
    statistics.clocks.iter().for_each(|clock| page.line(&clocked(clock.kind.word(), clock)));
    page.define(&[Metric::WithinDeadline, Metric::ClockTime, Metric::Running, Metric::Overdue]);
    if statistics.lanes.is_empty() {
        return;
    }
    page.heading("Hand-over answers by lane");
    statistics.lanes.iter().for_each(|lane| page.line(&clocked(lane.kind.word(), lane)));
    page.define(&[Metric::AnswerTime, Metric::AnswerWithin]);
}

fn clocked<K>(name: &str, clock: &Clocked<K>) -> String {
    let within = clock.within;
    format!(
        "  {:<16}{:>8}{:>7} {:<10}{:>9}{:>9}{:>8}{:>8}",
        name,
        if within.whole > 0 { format!("{}/{}", within.part, within.whole) } else { "-".to_owned() },
        within.in_words(),
        bar(within.part, within.whole, 10),
        brief_or_none(clock.spread.median),
        brief_or_none(clock.spread.p90),
        clock.running,
        clock.overdue,
    )
}

fn backlog(page: &mut Page, statistics: &Statistics) {
    let backlog = &statistics.backlog;
    page.heading("Backlog");
    page.line(&format!("  {} open now; {} more are marked as likely noise", backlog.open, backlog.noise));
    for (age, count) in &backlog.by_age {
        page.line(&format!("  {:<20}{count:>5} {}", age.word(), bar(*count, backlog.open, 40)));
    }
    page.line("");
    for (state, count) in &backlog.by_state {
        page.line(&format!("  {:<20}{count:>5} {}", state.word(), bar(*count, backlog.open, 40)));
    }
    page.define(&[Metric::BacklogAge, Metric::BacklogState, Metric::BacklogNoise]);
}

fn groups(page: &mut Page, metric: Metric, groups: &[Named<'_>]) {
    let all: usize = groups.iter().map(|group| group.cases).sum();
    page.heading(&metric.heading());
    page.line(&format!("  {:<36}{:>6}{:<17}{:>7}{:>7}", "", "cases", "", "valid", "open"));
    for group in groups.iter().take(MOST) {
        let name = fit(&line(group.name), 34);
        // Wide letters take two columns, which a width in a format does not know.
        let gap = " ".repeat(36_usize.saturating_sub(name.width()));
        let bar = bar(group.cases, all, 16);
        page.line(&format!("  {name}{gap}{:>6} {bar:<16}{:>7}{:>7}", group.cases, group.valid, group.open));
    }
    if groups.is_empty() {
        page.line("  none in this time");
    }
    if groups.len() > MOST {
        page.line(&format!("  and {} more; --csv and --json have all", groups.len() - MOST));
    }
    page.define(&[metric]);
}

fn windows(page: &mut Page, statistics: &Statistics) {
    let windows = &statistics.windows;
    page.heading("Windows of vulnerability");
    page.line(&format!("  {}; {} together", windows.closed.in_words(), brief(windows.closed.sum)));
    page.line(&format!("  {} open now, for {} together", windows.open, brief(windows.open_sum)));
    page.define(&[Metric::Window, Metric::OpenWindow]);
}

/// A bar of `#`: something is never drawn as nothing.
fn bar(value: usize, most: usize, columns: usize) -> String {
    "#".repeat((value * columns).div_ceil(most.max(1)).min(columns))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_shows_whatever_there_is() {
        for (value, most, columns) in [(0, 0, 0), (0, 10, 0), (1, 1_000, 1), (5, 10, 4), (10, 10, 8)] {
            assert_eq!(bar(value, most, 8).len(), columns, "{value} of {most}");
        }
    }
}
