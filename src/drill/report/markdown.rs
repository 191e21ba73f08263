//! The report as Markdown, to be kept with the team's papers. Foreign text in
//! it is only text: it opens no link, picture, table, code or HTML.

use std::fmt::Write as _;

use super::said::{
    ITEM_HEADS, MARK, day, flowing, grade, hints, lost, minute_or_none, period, points, team, word,
};
use super::{Entry, Report};
use crate::drill::Item;
use crate::text::line;

/// The whole report.
pub fn markdown(report: &Report) -> String {
    let mut page = head(report);
    items(&mut page, &report.score.items);
    practise(&mut page, &report.score.items);
    timeline(&mut page, &report.timeline);
    page
}

fn head(report: &Report) -> String {
    let mut page = format!("**{MARK}**\n\n# {}\n\n", plain(&line(&report.title)));
    for (name, said) in [
        ("Scenario", line(&report.name)),
        ("Teaches", flowing(&report.teaches)),
        ("Seed", report.seed.to_string()),
        ("Mode", line(&report.mode)),
        ("Who", line(&team(report))),
    ] {
        let _ = writeln!(page, "- {name}: {}", plain(&said));
    }
    // These are our own words, which need no escape.
    let _ = writeln!(page, "- When: {}", period(report));
    let _ = writeln!(page, "- Result: **{}**", points(report));
    let _ = writeln!(page, "- Help: {} used", hints(report));
    page
}

/// The heads of a table.
fn heads(page: &mut String, heads: &[&str]) {
    let _ = writeln!(page, "| {} |", heads.join(" | "));
    let _ = writeln!(page, "|{}", " --- |".repeat(heads.len()));
}

fn items(page: &mut String, items: &[Item]) {
    page.push_str("\n## The marks\n\n");
    if items.is_empty() {
        page.push_str("The scenario gives none.\n");
        return;
    }
    heads(page, &ITEM_HEADS);
    for item in items {
        let texts = [&item.what, &item.expected, &item.happened].map(|text| plain(&flowing(text)));
        let (points, at) = (format!("{} of {}", item.points, item.of), minute_or_none(item.at));
        let _ = writeln!(page, "| {points} | {} | {} | {at} |", grade(item), texts.join(" | "));
    }
}

fn practise(page: &mut String, items: &[Item]) {
    let mut found = items.iter().filter(|item| lost(item) > 0).peekable();
    page.push_str("\n## What to practise\n\n");
    if found.peek().is_none() {
        page.push_str("Nothing: no point was lost.\n");
    }
    for item in found {
        let (what, advice) = (plain(&flowing(&item.what)), plain(&flowing(&item.practise)));
        let advice = if advice.is_empty() { "the scenario gives no advice" } else { &advice };
        let _ = writeln!(page, "- {} lost, {what}: {advice}", lost(item));
    }
}

fn timeline(page: &mut String, timeline: &[Entry]) {
    page.push_str("\n## The timeline\n");
    if timeline.is_empty() {
        page.push_str("\nNothing happened.\n");
    }
    for entries in timeline.chunk_by(|one, next| one.at.date_naive() == next.at.date_naive()) {
        let Some(first) = entries.first() else { continue };
        let _ = writeln!(page, "\n### {}\n", day(first.at));
        heads(page, &["UTC", "line", "who", "case", "what"]);
        for entry in entries {
            let texts = [&entry.who, &entry.case, &entry.what].map(|text| plain(&line(text)));
            let at = entry.at.format("%H:%M");
            let _ = writeln!(page, "| {at} | {} | {} |", word(entry.line), texts.join(" | "));
        }
    }
}

/// Safe text of one line with a backslash before all that Markdown could read
/// as more than a letter. Dots and colons stay bare where a blank follows, as
/// in running text; elsewhere readers make links of `www.` and `x://`. Behind
/// an `@` comes a blank: some readers link addresses and call people whatever
/// stands before it.
fn plain(safe: &str) -> String {
    let safe = safe.trim();
    let mut out = String::with_capacity(safe.len());
    let mut characters = safe.chars().peekable();
    // `- `, `+ `, `= `, `1. ` open something only at the beginning.
    let mut is_start = true;
    while let Some(character) = characters.next() {
        let ends_here = characters.peek().is_none_or(|next| next.is_whitespace());
        let means_something = match character {
            '.' | ':' => !ends_here || is_start,
            '-' | '+' | '=' => is_start,
            _ => "\\`*_{}[]()<>#!|~&@$^".contains(character),
        };
        if means_something {
            out.push('\\');
        }
        is_start = is_start && character.is_ascii_digit();
        out.push(character);
        if character == '@' && !ends_here {
            out.push(' ');
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn what_means_something_is_escaped_and_the_rest_is_not() {
        assert_eq!(plain("The reporter was answered: in 2 h."), "The reporter was answered: in 2 h.");
        assert_eq!(plain("a](http://x) ![b]"), "a\\]\\(http\\://x\\) \\!\\[b\\]");
        assert_eq!(plain("www.x.y a@b <i>"), "www\\.x\\.y a\\@ b \\<i\\>");
        assert_eq!(plain("`c` \\| x"), "\\`c\\` \\\\\\| x");
        assert_eq!(plain("1. x"), "1\\. x");
        assert_eq!(plain(" - x-y"), "\\- x-y");
        assert_eq!(plain("==="), "\\===");
    }
}
