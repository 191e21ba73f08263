//! The timeline as a picture: remarks, what came, what was done and what was
//! late, each on its line over one axis of time. SVG to stand in a page, which
//! gives the classes their colours; the shapes differ for whoever sees none.

use std::fmt::Write as _;

use super::said::{minute, word};
use super::ticks::Axis;
use super::{Entry, Line, Report};
use crate::text::{escaped, fit, line};

/// Width of the picture in its own units; the page scales it.
const WIDTH: f64 = 960.0;
/// Where the axis begins, behind the names of the lines, and how long it is.
const LEFT: f64 = 80.0;
const LONG: f64 = 850.0;
/// Room that a mark takes, with a gap.
const STEP: f64 = 12.0;
/// Marks above each other at most; further ones are counted.
const ROWS: usize = 6;
/// Width that a count of further marks has to itself.
const COLUMN: f64 = 25.0;
/// Room under the axis for its names.
const NAMES: f64 = 36.0;
/// Columns of a tooltip: a page must not carry whole mails in it.
const TOLD: usize = 200;

/// The lines of the picture, from above.
const LINES: [Line; 4] = [Line::Remark, Line::Came, Line::Done, Line::Late];

/// The picture.
pub(super) fn picture(report: &Report) -> String {
    let axis = Axis::over(report);
    let bands: Vec<Band<'_>> = LINES.into_iter().map(|line| Band::of(line, report, &axis)).collect();
    let base: f64 = bands.iter().map(Band::height).sum();
    let mut svg = head(report, &bands, base + NAMES);
    ticks(&mut svg, &axis, base);
    let mut bottom = 0.0;
    for band in &bands {
        bottom += band.height();
        band.draw(&mut svg, bottom);
    }
    svg.push_str("</svg>");
    svg
}

fn head(report: &Report, bands: &[Band<'_>], height: f64) -> String {
    let counted = |band: &Band<'_>| format!("{} {}", word(band.line), band.count());
    let counts: Vec<String> = bands.iter().map(counted).collect();
    let described = format!(
        "From {} to {} UTC. Entries on each line: {}. The table below says the same.",
        minute(report.began),
        minute(report.ended),
        counts.join(", ")
    );
    format!(
        "<svg viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" aria-labelledby=\"timeline-title timeline-desc\">\
         <title id=\"timeline-title\">What came, what was done and what was late</title>\
         <desc id=\"timeline-desc\">{}</desc>",
        escaped(&described)
    )
}

fn ticks(svg: &mut String, axis: &Axis, base: f64) {
    for tick in axis.ticks() {
        let x = LEFT + tick.share * LONG;
        let _ = write!(
            svg,
            "<line class=\"axis\" x1=\"{x:.1}\" y1=\"0.0\" x2=\"{x:.1}\" y2=\"{:.1}\"></line>",
            base + 4.0
        );
        text(svg, x, base + 17.0, "middle", &tick.name);
        if let Some(below) = &tick.below {
            text(svg, x, base + 31.0, "middle", below);
        }
    }
}

fn text(svg: &mut String, x: f64, y: f64, anchor: &str, words: &str) {
    let _ = write!(svg, "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\">{}</text>", escaped(words));
}

/// One line of the picture, with its entries laid out.
struct Band<'a> {
    line: Line,
    /// The entries with their place: how far right, and how high.
    marks: Vec<(&'a Entry, f64, usize)>,
    /// How many more there are in each column.
    more: Vec<usize>,
}

impl<'a> Band<'a> {
    fn of(line: Line, report: &'a Report, axis: &Axis) -> Self {
        let mut entries: Vec<&Entry> = report.timeline.iter().filter(|entry| entry.line == line).collect();
        entries.sort_by_key(|entry| entry.at);
        let mut band = Self { line, marks: Vec::new(), more: vec![0; (LONG / COLUMN) as usize] };
        // Where the last mark of each row stands.
        let mut last = [f64::NEG_INFINITY; ROWS];
        for entry in entries {
            let along = axis.share(entry.at) * LONG;
            // The lowest row with room: marks keep their instant, and none hides another.
            match last.iter().position(|before| before + STEP <= along) {
                Some(row) => {
                    last[row] = along;
                    band.marks.push((entry, LEFT + along, row));
                }
                None => band.count_more(along),
            }
        }
        band
    }

    fn count_more(&mut self, along: f64) {
        let column = ((along / COLUMN) as usize).min(self.more.len().saturating_sub(1));
        if let Some(more) = self.more.get_mut(column) {
            *more += 1;
        }
    }

    fn count(&self) -> usize {
        self.marks.len() + self.more.iter().sum::<usize>()
    }

    /// Its height, by the marks that stand above each other in it.
    fn height(&self) -> f64 {
        let rows = self.marks.iter().map(|(_, _, row)| row + 1).max().unwrap_or(0).max(2);
        let counts = if self.more.iter().any(|more| *more > 0) { STEP } else { 0.0 };
        rows as f64 * STEP + counts + STEP
    }

    fn draw(&self, svg: &mut String, bottom: f64) {
        let end = LEFT + LONG;
        let _ = write!(
            svg,
            "<line class=\"axis\" x1=\"{LEFT:.1}\" y1=\"{bottom:.1}\" x2=\"{end:.1}\" y2=\"{bottom:.1}\"></line>"
        );
        text(svg, LEFT - 12.0, bottom - 4.0, "end", word(self.line));
        for (entry, x, row) in &self.marks {
            mark(svg, entry, *x, bottom - 7.0 - *row as f64 * STEP);
        }
        for (column, more) in self.more.iter().enumerate().filter(|(_, more)| **more > 0) {
            let x = LEFT + (column as f64 + 0.5) * COLUMN;
            further(svg, x, bottom - ROWS as f64 * STEP - 4.0, *more);
        }
    }
}

/// A count of marks that have no room, never wider than its column.
fn further(svg: &mut String, x: f64, y: f64, more: usize) {
    let words = format!("+{more}");
    let squeezed = if words.len() > 3 { " textLength=\"23\" lengthAdjust=\"spacingAndGlyphs\"" } else { "" };
    let _ = write!(
        svg,
        "<text class=\"more\" x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"middle\"{squeezed}>{words}\
         <title>{more} more, which the table has</title></text>"
    );
}

fn mark(svg: &mut String, entry: &Entry, x: f64, y: f64) {
    let class = word(entry.line);
    let _ = match entry.line {
        Line::Came => {
            write!(
                svg,
                "<circle class=\"{class}\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"5.0\">{}</circle>",
                told(entry)
            )
        }
        Line::Done => {
            let (x, y) = (x - 4.5, y - 4.5);
            write!(
                svg,
                "<rect class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"9.0\" height=\"9.0\">{}</rect>",
                told(entry)
            )
        }
        Line::Late => {
            polygon(svg, entry, &[(x, y - 5.5), (x + 5.5, y), (x, y + 5.5), (x - 5.5, y)]);
            Ok(())
        }
        // A flag on its pole.
        Line::Remark => {
            let cloth = [(x, y - 5.5), (x + 8.0, y - 2.5), (x + 1.5, y + 0.5)];
            let pole = [(x + 1.5, y + 6.0), (x, y + 6.0)];
            polygon(svg, entry, &[&cloth[..], &pole[..]].concat());
            Ok(())
        }
    };
}

fn polygon(svg: &mut String, entry: &Entry, corners: &[(f64, f64)]) {
    let points: Vec<String> = corners.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
    let class = word(entry.line);
    let _ =
        write!(svg, "<polygon class=\"{class}\" points=\"{}\">{}</polygon>", points.join(" "), told(entry));
}

/// The tooltip of a mark.
fn told(entry: &Entry) -> String {
    let about = [&entry.who, &entry.case, &entry.what].map(|text| line(text));
    let about: Vec<&str> = about.iter().map(String::as_str).filter(|text| !text.is_empty()).collect();
    let words = format!("{} UTC: {}", minute(entry.at), about.join(", "));
    format!("<title>{}</title>", escaped(&fit(&words, TOLD)))
}
