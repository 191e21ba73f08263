//! Charts of the weeks, as many as the screen has room for.

use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::{Modifier, Style};
use ratatui::text::Line;
use ratatui::widgets::{Bar, BarChart, Widget as _};

use super::Canvas;
use crate::console::board::Page;
use crate::console::paper::Role;
use crate::triage::statistics::{Statistics, Week};

/// Height from which charts stand in two rows: a title, four lines of bars, the weeks.
const TWO_ROWS: u16 = 12;

/// The least that a chart can be read on: columns and lines.
const LEAST: (u16, u16) = (20, 5);

/// Narrowest and widest bar, and the gap between two.
const NARROW: u16 = 2;
const WIDE: u16 = 8;
const GAP: u16 = 1;

/// Steps of a bar's value for each of the chart's own.
const FINE: u64 = 1_000;

/// One number a week.
struct Series {
    title: String,
    values: Vec<u64>,
}

/// Draws the charts that belong to `page` into `area`.
pub(super) fn draw(page: Page, statistics: &Statistics, area: Rect, canvas: &mut Canvas<'_>) {
    let weeks = &statistics.weeks;
    let counted = |title: &str, count: fn(&Week) -> usize| Series {
        title: format!("{title} a week"),
        values: weeks.iter().map(|week| count(week) as u64).collect(),
    };
    let series = match page {
        Page::Overview => vec![
            counted("Received", |week| week.received),
            counted("Prioritised", |week| week.prioritised),
            counted("Acknowledged", |week| week.acknowledged),
            counted("Fixed", |week| week.fixed),
        ],
        Page::Clocks => vec![
            times("median", weeks, |week| week.to_prioritised.median),
            times("90th percentile", weeks, |week| week.to_prioritised.p90),
        ],
        Page::Backlog => {
            let title = "Open at the end of each week".to_owned();
            vec![Series { title, values: weeks.iter().map(|week| week.open as u64).collect() }]
        }
        Page::Causes => Vec::new(),
    };
    for (series, place) in series.iter().zip(places(area, series.len())) {
        chart(series, weeks, place, canvas);
    }
}

/// Times in hours, or in days where an hour says too little.
fn times(what: &str, weeks: &[Week], time: fn(&Week) -> Option<chrono::TimeDelta>) -> Series {
    let hours: Vec<u64> = weeks
        .iter()
        .map(|week| time(week).map_or(0, |time| u64::try_from((time.num_minutes() + 30) / 60).unwrap_or(0)))
        .collect();
    let is_long = hours.iter().any(|hours| *hours >= 100);
    let (unit, values) = if is_long {
        ("days", hours.iter().map(|hours| hours.div_ceil(24)).collect())
    } else {
        ("hours", hours)
    };
    Series { title: format!("Time to prioritised, {what} in {unit}"), values }
}

/// Side by side in pairs; the second pair only where there is room for it.
fn places(area: Rect, count: usize) -> Vec<Rect> {
    let rows = if area.height >= TWO_ROWS && count > 2 { 2 } else { 1 };
    let columns = if count == 1 { 1 } else { 2 };
    let lines = Layout::vertical(vec![Constraint::Fill(1); rows]).spacing(1).split(area);
    let split = |line: &Rect| {
        let inner = Rect { x: line.x + 1.min(line.width), width: line.width.saturating_sub(2), ..*line };
        Layout::horizontal(vec![Constraint::Fill(1); columns]).spacing(2).split(inner).to_vec()
    };
    lines.iter().flat_map(split).collect()
}

fn chart(series: &Series, weeks: &[Week], area: Rect, canvas: &mut Canvas<'_>) {
    let area = area.intersection(canvas.buffer.area);
    if area.width < LEAST.0 || area.height < LEAST.1 {
        return;
    }
    canvas.put(
        area,
        0,
        0,
        &crate::text::fit(&series.title, usize::from(area.width)),
        canvas.look.role(Role::Heading),
    );
    let plot = Rect { y: area.y + 1, height: area.height - 1, ..area };
    // The newest weeks, where there is no room for all.
    let most = usize::from((plot.width + GAP) / (NARROW + GAP));
    let skipped = weeks.len().saturating_sub(most);
    let count = (weeks.len() - skipped).max(1) as u16;
    let width = ((plot.width + GAP) / count).saturating_sub(GAP).clamp(NARROW, WIDE);
    let highest = series.values.iter().skip(skipped).max().copied().unwrap_or(0).max(1);
    // Something is never drawn as nothing.
    let least = (highest * FINE).div_ceil(u64::from(plot.height.saturating_sub(1).max(1)) * 8);
    let bar = |(week, value): (&Week, &u64)| {
        let height = if *value == 0 { 0 } else { (value * FINE).max(least) };
        let label = Line::from(week.monday.format("%V").to_string());
        Bar::default().value(height).text_value(value.to_string()).label(label)
    };
    let bars: Vec<Bar<'_>> = weeks.iter().zip(&series.values).skip(skipped).map(bar).collect();
    let style = canvas.look.role(Role::Label);
    BarChart::vertical(bars)
        .max(highest * FINE)
        .bar_width(width)
        .bar_gap(GAP)
        .bar_style(style)
        .value_style(style.add_modifier(Modifier::REVERSED))
        .label_style(Style::new())
        .render(plot, canvas.buffer);
}
