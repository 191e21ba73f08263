//! Plots as SVG to stand in a page: bars, with their values written on them,
//! and their title and what they show in words for whoever does not see them.
//! No colour stands in here: the page gives the classes theirs.

use std::fmt::Write as _;

use crate::text::{escaped, fit, line};

/// Width of a plot in its own units; the page scales it.
const WIDTH: f64 = 640.0;

/// Height that the tallest upright bar has.
const TALL: f64 = 110.0;

/// Room over an upright bar for its value, and under it for its name.
const MARGIN: f64 = 20.0;

/// Height of one lying bar with the gap below it.
const STEP: f64 = 22.0;

/// Where lying bars begin, behind their names, and how long the longest is:
/// behind it is room for `100 % (123 of 123)`.
const NAMES: f64 = 250.0;
const LONG: f64 = 260.0;

/// Names and values under and over upright bars, so that they do not touch.
const LABELS: usize = 13;

/// One bar.
pub(super) struct Bar {
    /// What it stands for. Foreign text.
    pub(super) name: String,
    /// How long it is.
    pub(super) value: f64,
    /// A second value above it, drawn as a line; such as a 90th percentile over a median.
    pub(super) mark: Option<f64>,
    /// The value in words.
    pub(super) words: String,
}

impl Bar {
    /// A bar for a count.
    pub(super) fn count(name: impl Into<String>, count: usize) -> Self {
        Self { name: name.into(), value: count as f64, mark: None, words: count.to_string() }
    }
}

/// Upright bars side by side: how something went over time. `id` is one of the
/// page's own, letters only.
pub(super) fn upright(id: &str, title: &str, bars: &[Bar]) -> String {
    let most = highest(bars);
    let step = WIDTH / bars.len().max(1) as f64;
    let width = (step * 0.7).min(60.0);
    let every = bars.len().div_ceil(LABELS).max(1);
    let mut svg = head(id, title, bars, TALL + 2.0 * MARGIN);
    let base = TALL + MARGIN;
    let _ = write!(svg, "<line class=\"axis\" x1=\"0\" y1=\"{base}\" x2=\"{WIDTH}\" y2=\"{base}\"></line>");
    for (index, bar) in bars.iter().enumerate() {
        let middle = step * (index as f64 + 0.5);
        let height = bar.value / most * TALL;
        let (x, y) = (middle - width / 2.0, base - height);
        let _ = write!(
            svg,
            "<rect class=\"bar\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\"></rect>"
        );
        if let Some(mark) = bar.mark {
            let (y, end) = (base - mark / most * TALL, x + width);
            let _ = write!(
                svg,
                "<line class=\"mark\" x1=\"{x:.1}\" y1=\"{y:.1}\" x2=\"{end:.1}\" y2=\"{y:.1}\"></line>"
            );
        }
        // Counted from the last bar: that is the week people look at.
        if (bars.len() - 1 - index).is_multiple_of(every) {
            text(&mut svg, middle, base + 14.0, "middle", &bar.name);
            if bar.value > 0.0 {
                let top = bar.mark.map_or(y, |mark| y.min(base - mark / most * TALL));
                text(&mut svg, middle, top - 4.0, "middle", &bar.words);
            }
        }
    }
    svg.push_str("</svg>");
    svg
}

/// Lying bars one below the other: how much there is of each sort.
pub(super) fn lying(id: &str, title: &str, bars: &[Bar]) -> String {
    lying_up_to(highest(bars), id, title, bars)
}

/// Lying bars for shares: the longest there can be is the whole.
pub(super) fn shares(id: &str, title: &str, bars: &[Bar]) -> String {
    lying_up_to(1.0, id, title, bars)
}

fn lying_up_to(most: f64, id: &str, title: &str, bars: &[Bar]) -> String {
    let mut svg = head(id, title, bars, bars.len().max(1) as f64 * STEP);
    for (index, bar) in bars.iter().enumerate() {
        let y = index as f64 * STEP;
        let width = bar.value / most * LONG;
        text(&mut svg, NAMES - 8.0, y + 14.0, "end", &fit(&line(&bar.name), 36));
        let _ = write!(
            svg,
            "<rect class=\"bar\" x=\"{NAMES}\" y=\"{:.1}\" width=\"{width:.1}\" height=\"{:.1}\"></rect>",
            y + 2.0,
            STEP - 6.0
        );
        text(&mut svg, NAMES + width + 6.0, y + 14.0, "start", &bar.words);
    }
    svg.push_str("</svg>");
    svg
}

/// What the longest bar stands for; never nothing.
fn highest(bars: &[Bar]) -> f64 {
    let values = bars.iter().flat_map(|bar| [Some(bar.value), bar.mark]).flatten();
    let most = values.fold(0.0, f64::max);
    if most > 0.0 { most } else { 1.0 }
}

fn head(id: &str, title: &str, bars: &[Bar], height: f64) -> String {
    let told: Vec<String> = bars.iter().map(|bar| format!("{} {}", bar.name, bar.words)).collect();
    let described = if told.is_empty() { "nothing in this time".to_owned() } else { told.join(", ") };
    format!(
        "<svg viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" aria-labelledby=\"{id}-title {id}-desc\">\
         <title id=\"{id}-title\">{}</title><desc id=\"{id}-desc\">{}</desc>",
        escaped(title),
        escaped(&described)
    )
}

fn text(svg: &mut String, x: f64, y: f64, anchor: &str, words: &str) {
    let _ = write!(svg, "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\">{}</text>", escaped(words));
}
