//! The report as one page: no script, nothing from elsewhere, readable in the
//! dark and on paper. What the picture shows stands below it as a table.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

use super::picture::picture;
use super::said::{
    ITEM_HEADS, MARK, counted, flowing, grade, hints, lost, minute, minute_or_none, period, points, team,
    word,
};
use super::{Entry, Report};
use crate::drill::Item;
use crate::text::escaped;

/// How the page looks, as the pages of `ninety stats` do; it allows no other style.
pub(super) const STYLE: &str =
    concat!(include_str!("../../../assets/statistics.css"), include_str!("../../../assets/drill.css"));

/// The whole page.
pub fn html(report: &Report) -> String {
    let mut page = head(report);
    facts(&mut page, report);
    section(&mut page, "The marks", |page| items(page, &report.score.items));
    section(&mut page, "What to practise", |page| practise(page, &report.score.items));
    section(&mut page, "The timeline", |page| {
        let _ = write!(page, "<figure class=\"timeline\">{}</figure>", picture(report));
        timeline(page, &report.timeline);
    });
    let _ = writeln!(page, "</main><footer><p>ninety, {MARK}</p></footer></body></html>");
    page
}

fn head(report: &Report) -> String {
    let hash = STANDARD.encode(Sha256::digest(STYLE.as_bytes()));
    let title = escaped(&report.title);
    format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"/>\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-{hash}'; \
         base-uri 'none'; form-action 'none'\"/>\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\
         <meta name=\"color-scheme\" content=\"light dark\"/>\
         <title>{MARK}: {title}</title><style>{STYLE}</style></head>\n\
         <body><p class=\"banner\">{MARK}</p><header><h1>{title}</h1><p>{}</p><p>{}</p></header><main>\n",
        escaped(&flowing(&report.teaches)),
        period(report)
    )
}

fn facts(page: &mut String, report: &Report) {
    let missed: u32 = report.score.items.iter().map(lost).sum();
    section(page, "At a glance", |page| {
        let _ = write!(
            page,
            "<div class=\"cards\"><div><p class=\"value\">{}</p><p>{} lost</p></div>\
             <div><p class=\"value\">{}</p><p>used</p></div></div><dl>",
            points(report),
            counted(i64::from(missed), "point"),
            hints(report)
        );
        for (name, said) in [
            ("scenario", report.name.clone()),
            ("seed", report.seed.to_string()),
            ("mode", report.mode.clone()),
            ("who", team(report)),
        ] {
            let _ = write!(page, "<dt>{name}</dt><dd>{}</dd>", escaped(&said));
        }
        page.push_str("</dl>");
    });
}

fn section(page: &mut String, title: &str, body: impl FnOnce(&mut String)) {
    let _ = write!(page, "<section><h2>{title}</h2>");
    body(page);
    page.push_str("</section>\n");
}

/// A table of texts; the first cell of a row is its head, and the class of the
/// row colours the second, which says the same in a word. Cells are foreign.
fn table(page: &mut String, caption: &str, heads: &[&str], rows: impl Iterator<Item = Row>) {
    let _ = write!(page, "<table class=\"words\"><caption>{caption}</caption><thead><tr>");
    for head in heads {
        let _ = write!(page, "<th scope=\"col\">{head}</th>");
    }
    page.push_str("</tr></thead><tbody>");
    for Row { class, head, cells } in rows {
        let _ = write!(page, "<tr class=\"{class}\"><th scope=\"row\">{}</th>", escaped(&head));
        for cell in cells {
            let _ = write!(page, "<td>{}</td>", escaped(&cell));
        }
        page.push_str("</tr>\n");
    }
    page.push_str("</tbody></table>\n");
}

/// One row of a table.
struct Row {
    class: &'static str,
    head: String,
    cells: Vec<String>,
}

fn items(page: &mut String, items: &[Item]) {
    let row = |item: &Item| {
        let missed = match lost(item) {
            0 => String::new(),
            lost => format!(", {lost} lost"),
        };
        let texts = [&item.what, &item.expected, &item.happened].map(|text| flowing(text));
        let cells = std::iter::once(format!("{}{missed}", grade(item))).chain(texts);
        Row {
            class: grade(item),
            head: format!("{} of {}", item.points, item.of),
            cells: cells.chain([minute_or_none(item.at)]).collect(),
        }
    };
    table(page, "What was expected, and what happened", &ITEM_HEADS, items.iter().map(row));
}

fn practise(page: &mut String, items: &[Item]) {
    let found: Vec<&Item> = items.iter().filter(|item| lost(item) > 0).collect();
    if found.is_empty() {
        page.push_str("<p>Nothing: no point was lost.</p>");
        return;
    }
    page.push_str("<ul class=\"words\">");
    for item in found {
        let (what, advice) = (flowing(&item.what), flowing(&item.practise));
        let advice = if advice.is_empty() { "the scenario gives no advice" } else { &advice };
        let (what, advice) = (escaped(&what), escaped(advice));
        let _ = write!(page, "<li>{} lost, {what}: <strong>{advice}</strong></li>", lost(item));
    }
    page.push_str("</ul>");
}

fn timeline(page: &mut String, timeline: &[Entry]) {
    let row = |entry: &Entry| Row {
        class: word(entry.line),
        head: minute(entry.at),
        cells: vec![word(entry.line).to_owned(), entry.who.clone(), entry.case.clone(), entry.what.clone()],
    };
    let heads = ["when (UTC)", "line", "who", "case", "what"];
    table(page, "The same as a table", &heads, timeline.iter().map(row));
}
