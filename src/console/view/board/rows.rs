//! The figures of each page as rows.

use super::Row;
use crate::console::board::Page;
use crate::console::paper::Role;
use crate::text;
use crate::triage::statistics::{Clocked, Share, Statistics, brief, brief_or_none};

/// The rows of a page.
pub(super) fn of(page: Page, statistics: &Statistics) -> Vec<Row> {
    match page {
        Page::Overview => overview(statistics),
        Page::Clocks => clocks(statistics),
        Page::Backlog => backlog(statistics),
        Page::Causes => causes(statistics),
    }
}

fn overview(statistics: &Statistics) -> Vec<Row> {
    let received = &statistics.received;
    let fact = |name: &str, value: String| Row::Fact(name.to_owned(), value);
    let shared =
        |share: Share, of: &str| format!("{} ({} of {} {of})", share.in_words(), share.part, share.whole);
    let mut rows = vec![
        fact("receipt to prioritised", statistics.to_prioritised.in_words()),
        fact("receipt to fixed", statistics.to_fixed.in_words()),
        fact(
            "received",
            format!("{}, {} of them noise; {} merged", received.cases, received.noise, received.merged),
        ),
        fact(
            "open now",
            format!("{}, {} without a priority", statistics.backlog.open, statistics.unprioritised),
        ),
        fact("valid", format!("{}; {} exploited", shared(statistics.valid, "judged"), received.exploited)),
    ];
    if received.restricted > 0 {
        let restricted = format!("{} of any time, in no figure", received.restricted);
        rows.push(fact("restricted to others", restricted));
    }
    rows
}

fn clocks(statistics: &Statistics) -> Vec<Row> {
    let mut rows = vec![table_head("in time", "median      p90 running overdue")];
    rows.extend(statistics.clocks.iter().map(|clock| clocked(clock.kind.word(), clock)));
    if !statistics.lanes.is_empty() {
        rows.push(Row::Words(Role::Heading, "Hand-over answers by lane".to_owned()));
        rows.extend(statistics.lanes.iter().map(|lane| clocked(lane.kind.word(), lane)));
    }
    rows
}

/// The heads of the columns, as a row without a bar.
fn table_head(label: &str, tail: &str) -> Row {
    Row::Bar { name: String::new(), label: label.to_owned(), share: 0.0, tail: tail.to_owned() }
}

fn clocked<K>(name: &str, clock: &Clocked<K>) -> Row {
    let Share { part, whole } = clock.within;
    let label = if whole > 0 {
        format!("{part}/{whole} {:>5}", clock.within.in_words())
    } else {
        format!("- {:>5}", "-")
    };
    let tail = format!(
        "{:>7}{:>9}{:>8}{:>8}",
        brief_or_none(clock.spread.median),
        brief_or_none(clock.spread.p90),
        clock.running,
        clock.overdue
    );
    Row::Bar { name: name.to_owned(), label, share: clock.within.value().unwrap_or(0.0), tail }
}

fn backlog(statistics: &Statistics) -> Vec<Row> {
    let backlog = &statistics.backlog;
    let bar = |name: &str, count: usize| Row::Bar {
        name: name.to_owned(),
        label: count.to_string(),
        share: part(count, backlog.open),
        tail: String::new(),
    };
    let heading = |words: String| Row::Words(Role::Heading, words);
    let mut rows =
        vec![heading(format!("{} open now, by age; {} more likely noise", backlog.open, backlog.noise))];
    rows.extend(backlog.by_age.iter().map(|(age, count)| bar(age.word(), *count)));
    rows.push(heading("By state".to_owned()));
    rows.extend(backlog.by_state.iter().map(|(state, count)| bar(state.word(), *count)));
    let windows = &statistics.windows;
    rows.push(heading("Windows of vulnerability".to_owned()));
    let sum = if windows.closed.count > 0 {
        format!("; {} together", brief(windows.closed.sum))
    } else {
        String::new()
    };
    rows.push(Row::Words(Role::Plain, format!("closed: {}{sum}", windows.closed.in_words())));
    let open = format!("open: {}, for {} together", windows.open, brief(windows.open_sum));
    rows.push(Row::Words(Role::Plain, open));
    rows
}

fn causes(statistics: &Statistics) -> Vec<Row> {
    let mut rows = Vec::new();
    for (metric, groups) in statistics.causes() {
        rows.push(Row::Words(Role::Heading, metric.heading()));
        if groups.is_empty() {
            rows.push(Row::Words(Role::Faint, "none in this time".to_owned()));
            continue;
        }
        let all: usize = groups.iter().map(|group| group.cases).sum();
        rows.push(table_head("cases", "valid   open"));
        rows.extend(groups.iter().map(|group| Row::Bar {
            name: text::line(group.name),
            label: group.cases.to_string(),
            share: part(group.cases, all),
            tail: format!("{:>5}{:>7}", group.valid, group.open),
        }));
    }
    rows
}

fn part(count: usize, whole: usize) -> f64 {
    Share { part: count, whole }.value().unwrap_or(0.0)
}
