//! The report for a terminal: the points, and what each mark wanted.

use super::Report;
use super::said::{MARK, flowing, grade, hints, lost, period, points, team};
use crate::drill::Item;
use crate::text::wrap::wrap;
use crate::text::{fit, line};

/// Lines that one text takes at most: a mail must not push the rest off the screen.
const MOST: usize = 4;

/// The report in lines of at most `width` columns. All of it is safe to show.
pub fn text(report: &Report, width: usize) -> Vec<String> {
    let mut page = Page { width, lines: Vec::new() };
    page.hanging(&format!("{MARK}  "), &line(&report.title));
    page.hanging("", &format!("{}, {}", points(report), hints(report)));
    page.hanging("", &format!("{}, seed {}, {}", line(&report.mode), report.seed, line(&team(report))));
    page.hanging("", &period(report));
    page.lines.push(String::new());
    let widest = report.score.items.iter().map(|item| brought(item).len()).max().unwrap_or(0);
    report.score.items.iter().for_each(|item| page.item(item, widest));
    page.lines
}

/// `2/5`.
fn brought(item: &Item) -> String {
    format!("{}/{}", item.points, item.of)
}

/// Lines as they are laid.
struct Page {
    width: usize,
    lines: Vec<String>,
}

impl Page {
    /// One mark, its points as wide as the `widest`, so that all texts stand under each other.
    fn item(&mut self, item: &Item, widest: usize) {
        let first = format!("{}  {:>widest$}  ", grade(item), brought(item));
        let indent = " ".repeat(first.len());
        self.hanging(&first, &flowing(&item.what));
        if lost(item) == 0 {
            self.under(&indent, &item.happened);
            return;
        }
        self.under(&format!("{indent}expected: "), &item.expected);
        self.under(&format!("{indent}happened: "), &item.happened);
        self.under(&format!("{indent}practise: "), &item.practise);
    }

    /// A text below its mark; nothing where there is none.
    fn under(&mut self, first: &str, foreign: &str) {
        let said = flowing(foreign);
        if !said.is_empty() {
            self.hanging(first, &said);
        }
    }

    /// Safe text behind `first`, which is ASCII, and its further lines under
    /// it. Where `first` would take most of the width it has its own line.
    fn hanging(&mut self, first: &str, safe: &str) {
        let (mut first, mut indent) = (first, first.len());
        if indent * 2 > self.width {
            let own = first.trim();
            if !own.is_empty() {
                self.lines.push(fit(own, self.width));
            }
            (first, indent) = ("", 0);
        }
        let room = self.width.saturating_sub(indent);
        let safe = fit(safe, room.saturating_mul(MOST));
        for (number, part) in wrap(&safe, room).iter().enumerate() {
            let before = if number == 0 { first.to_owned() } else { " ".repeat(indent) };
            self.lines.push(fit(&format!("{before}{part}"), self.width));
        }
    }
}
