//! The figures as one page with plots, for people who have no terminal: no
//! script, nothing from elsewhere, readable in the dark and on paper. Every
//! plot has its table beside it.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::TimeDelta;
use sha2::{Digest as _, Sha256};

use super::Told;
use super::plot::{Bar, lying, shares, upright};
use crate::text::escaped;
use crate::triage::mark::LINE;
use crate::triage::statistics::{
    Clocked, Metric, Named, Share, Spread, Statistics, Week, brief, brief_or_none,
};

/// How the page looks; the page allows no other style than this one.
const STYLE: &str = include_str!("../../../assets/statistics.css");

/// Groups that are drawn and listed; CSV and JSON have all.
const MOST: usize = 15;

/// The whole page.
pub(super) fn page(told: &Told) -> String {
    let statistics = &told.statistics;
    let mut page = head(told);
    cards(&mut page, statistics);
    weeks(&mut page, statistics);
    clocks(&mut page, statistics);
    backlog(&mut page, statistics);
    for (metric, found) in statistics.causes() {
        groups(&mut page, metric, &found);
    }
    windows(&mut page, statistics);
    let at = statistics.now.with_timezone(&told.zone).format("%Y-%m-%d %H:%M");
    let _ = writeln!(page, "</main><footer><p>ninety, {at} {}</p></footer></body></html>", told.zone);
    page
}

fn head(told: &Told) -> String {
    let hash = STANDARD.encode(Sha256::digest(STYLE.as_bytes()));
    let title = escaped(&told.title());
    let mut page = format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"/>\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-{hash}'; \
         base-uri 'none'; form-action 'none'\"/>\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\
         <meta name=\"color-scheme\" content=\"light dark\"/>\
         <title>{title}</title><style>{STYLE}</style></head>\n<body><header><h1>{title}</h1>\
         <p>{}, {}</p>",
        escaped(&told.period()),
        escaped(&told.about())
    );
    if told.is_drill {
        let _ = write!(page, "<h2>{}</h2>", escaped(LINE));
    }
    if let Some(restricted) = told.restricted() {
        let _ = write!(page, "<p>{}</p>", escaped(&restricted));
    }
    page.push_str("</header><main>\n");
    page
}

/// The definitions of the figures that stand above.
fn define(page: &mut String, metrics: &[Metric]) {
    page.push_str("<dl>");
    for metric in metrics {
        let _ = write!(page, "<dt>{metric}</dt><dd>{}</dd>", escaped(metric.definition()));
    }
    page.push_str("</dl>");
}

/// A table; the first cell of each row is its head. Cells are foreign text.
fn table(page: &mut String, caption: &str, heads: &[&str], rows: &[Vec<String>]) {
    let _ = write!(page, "<table><caption>{}</caption><thead><tr>", escaped(caption));
    heads.iter().for_each(|head| {
        let _ = write!(page, "<th scope=\"col\">{head}</th>");
    });
    page.push_str("</tr></thead><tbody>");
    for row in rows {
        page.push_str("<tr>");
        for (index, cell) in row.iter().enumerate() {
            let cell = escaped(cell);
            let _ = match index {
                0 => write!(page, "<th scope=\"row\">{cell}</th>"),
                _ => write!(page, "<td>{cell}</td>"),
            };
        }
        page.push_str("</tr>");
    }
    page.push_str("</tbody></table>\n");
}

fn section(page: &mut String, title: &str, body: impl FnOnce(&mut String)) {
    let _ = write!(page, "<section><h2>{}</h2>", escaped(title));
    body(page);
    page.push_str("</section>\n");
}

fn cards(page: &mut String, statistics: &Statistics) {
    let received = &statistics.received;
    let shared = |share: Share, of: &str| format!("{} of {} {of}", share.part, share.whole);
    let prioritised = statistics.to_prioritised;
    let cards = [
        (brief_or_none(prioritised.median), "from receipt to prioritised, median".to_owned()),
        (
            brief_or_none(prioritised.p90),
            format!("90th percentile, over {}{}", prioritised.count, missing(&prioritised)),
        ),
        (
            brief_or_none(statistics.to_fixed.median),
            format!("from receipt to fixed, median{}", missing(&statistics.to_fixed)),
        ),
        (received.cases.to_string(), format!("received, {} of them noise", received.noise)),
        (
            statistics.backlog.open.to_string(),
            format!("open, {} without a priority", statistics.unprioritised),
        ),
        (statistics.valid.in_words(), format!("valid, {}", shared(statistics.valid, "judged"))),
        (statistics.noise.in_words(), format!("noise, {}", shared(statistics.noise, "received"))),
        (received.exploited.to_string(), "exploited in the wild".to_owned()),
    ];
    section(page, "At a glance", |page| {
        page.push_str("<div class=\"cards\">");
        for (value, words) in cards {
            let (value, words) = (escaped(&value), escaped(&words));
            let _ = write!(page, "<div><p class=\"value\">{value}</p><p>{words}</p></div>");
        }
        page.push_str("</div>");
        define(
            page,
            &[Metric::ToPrioritised, Metric::ToFixed, Metric::Received, Metric::Noise, Metric::Merged],
        );
        define(page, &[Metric::Unprioritised, Metric::ValidShare, Metric::NoiseShare, Metric::Exploited]);
    });
}

fn weeks(page: &mut String, statistics: &Statistics) {
    let weeks = &statistics.weeks;
    let counted = |count: fn(&Week) -> usize| -> Vec<Bar> {
        weeks.iter().map(|week| Bar::count(week.monday.format("W%V").to_string(), count(week))).collect()
    };
    let timed = |week: &Week| {
        let days = |time: Option<TimeDelta>| time.map(|time| time.num_seconds() as f64 / 86_400.0);
        let spread = &week.to_prioritised;
        Bar {
            name: week.monday.format("W%V").to_string(),
            value: days(spread.median).unwrap_or(0.0),
            mark: days(spread.p90),
            words: brief_or_none(spread.median),
        }
    };
    section(page, "Week by week", |page| {
        page.push_str("<div class=\"plots\">");
        for (id, title, bars) in [
            ("received", "Received", counted(|week| week.received)),
            ("acknowledged", "Acknowledged", counted(|week| week.acknowledged)),
            ("prioritised", "Prioritised", counted(|week| week.prioritised)),
            ("fixed", "Fixed", counted(|week| week.fixed)),
            ("open", "Open at the end of the week", counted(|week| week.open)),
            (
                "time",
                "Time to prioritised: median, and 90th percentile as a line",
                weeks.iter().map(timed).collect(),
            ),
        ] {
            figure(page, title, &upright(id, title, &bars));
        }
        page.push_str("</div>");
        let heads =
            ["week", "received", "noise", "acknowledged", "prioritised", "fixed", "open", "median", "p90"];
        let rows: Vec<Vec<String>> = weeks.iter().map(week_row).collect();
        table(page, "Week by week", &heads, &rows);
        define(
            page,
            &[Metric::Received, Metric::Acknowledged, Metric::Prioritised, Metric::Fixed, Metric::Open],
        );
    });
}

fn week_row(week: &Week) -> Vec<String> {
    let counts = [week.received, week.noise, week.acknowledged, week.prioritised, week.fixed, week.open];
    let times = [week.to_prioritised.median, week.to_prioritised.p90];
    let cells = counts.map(|count| count.to_string()).into_iter().chain(times.map(brief_or_none));
    std::iter::once(week.label()).chain(cells).collect()
}

fn figure(page: &mut String, caption: &str, svg: &str) {
    let _ = write!(page, "<figure><figcaption>{}</figcaption>{svg}</figure>", escaped(caption));
}

fn clocks(page: &mut String, statistics: &Statistics) {
    let heads = ["clock", "in time", "decided", "share", "median", "p90", "missing", "running", "overdue"];
    section(page, "Clocks", |page| {
        let decided = statistics.clocks.iter().filter(|clock| clock.within.whole > 0);
        let bars: Vec<Bar> = decided.map(|clock| share_bar(clock.kind.word(), clock.within)).collect();
        figure(page, "Within deadline", &shares("within", "Within deadline, share by clock", &bars));
        let rows: Vec<_> =
            statistics.clocks.iter().map(|clock| clock_row(clock.kind.word(), clock)).collect();
        table(page, "Clocks", &heads, &rows);
        define(page, &[Metric::WithinDeadline, Metric::ClockTime, Metric::Running, Metric::Overdue]);
    });
    if statistics.lanes.is_empty() {
        return;
    }
    section(page, "Hand-over answers by lane", |page| {
        let rows: Vec<_> = statistics.lanes.iter().map(|lane| clock_row(lane.kind.word(), lane)).collect();
        table(page, "Hand-over answers by lane", &heads, &rows);
        define(page, &[Metric::AnswerTime, Metric::AnswerWithin]);
    });
}

fn share_bar(name: &str, share: Share) -> Bar {
    let words = format!("{} ({} of {})", share.in_words(), share.part, share.whole);
    Bar { name: name.to_owned(), value: share.value().unwrap_or(0.0), mark: None, words }
}

fn clock_row<K>(name: &str, clock: &Clocked<K>) -> Vec<String> {
    let Clocked { spread, within, running, overdue, .. } = clock;
    let mut row = vec![name.to_owned(), within.part.to_string(), within.whole.to_string(), within.in_words()];
    row.extend([brief_or_none(spread.median), brief_or_none(spread.p90), spread.missing.to_string()]);
    row.extend([running.to_string(), overdue.to_string()]);
    row
}

fn backlog(page: &mut String, statistics: &Statistics) {
    let backlog = &statistics.backlog;
    let ages: Vec<(&str, usize)> = backlog.by_age.iter().map(|(age, count)| (age.word(), *count)).collect();
    let states: Vec<(&str, usize)> =
        backlog.by_state.iter().map(|(state, count)| (state.word(), *count)).collect();
    section(page, "Backlog", |page| {
        let _ = write!(
            page,
            "<p>{} open now; {} more are marked as likely noise.</p><div class=\"plots\">",
            backlog.open, backlog.noise
        );
        for (id, title, counts) in [("ages", "By age", &ages), ("states", "By state", &states)] {
            let bars: Vec<Bar> = counts.iter().map(|(name, count)| Bar::count(*name, *count)).collect();
            figure(page, title, &lying(id, &format!("Backlog {}", title.to_lowercase()), &bars));
        }
        page.push_str("</div>");
        for (head, counts) in [("age", &ages), ("state", &states)] {
            let rows: Vec<_> =
                counts.iter().map(|(name, count)| vec![(*name).to_owned(), count.to_string()]).collect();
            table(page, &format!("Backlog by {head}"), &[head, "cases"], &rows);
        }
        define(page, &[Metric::BacklogAge, Metric::BacklogState, Metric::BacklogNoise]);
    });
}

fn groups(page: &mut String, metric: Metric, groups: &[Named<'_>]) {
    let title = metric.heading();
    section(page, &title, |page| {
        let shown = || groups.iter().take(MOST);
        let bars: Vec<Bar> = shown().map(|group| Bar::count(group.name, group.cases)).collect();
        figure(page, &title, &lying(&metric.code(), &title, &bars));
        let row = |group: &Named<'_>| {
            let counts = [group.cases, group.valid, group.open].map(|count| count.to_string());
            std::iter::once(group.name.to_owned()).chain(counts).collect()
        };
        table(
            page,
            &title,
            &[metric.word(), "cases", "valid", "open"],
            &shown().map(row).collect::<Vec<_>>(),
        );
        if groups.len() > MOST {
            let _ = write!(page, "<p>and {} more, which the CSV has</p>", groups.len() - MOST);
        }
        define(page, &[metric]);
    });
}

fn windows(page: &mut String, statistics: &Statistics) {
    let (windows, closed) = (&statistics.windows, &statistics.windows.closed);
    let row = |name: &str, cells: [String; 5]| std::iter::once(name.to_owned()).chain(cells).collect();
    let rows: Vec<Vec<String>> = vec![
        row(
            "closed",
            [
                closed.count.to_string(),
                brief_or_none(closed.median),
                brief_or_none(closed.p90),
                brief(closed.sum),
                closed.missing.to_string(),
            ],
        ),
        row("open", [windows.open.to_string(), "-".into(), "-".into(), brief(windows.open_sum), "-".into()]),
    ];
    section(page, "Windows of vulnerability", |page| {
        table(
            page,
            "Windows of vulnerability",
            &["windows", "count", "median", "p90", "sum", "missing"],
            &rows,
        );
        define(page, &[Metric::Window, Metric::OpenWindow]);
    });
}

/// `, 3 not on record`; nothing where all are.
fn missing(spread: &Spread) -> String {
    if spread.missing > 0 { format!(", {} not on record", spread.missing) } else { String::new() }
}

#[cfg(test)]
mod tests;
