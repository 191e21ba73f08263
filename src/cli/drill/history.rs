//! `ninety drill history`: the drills that were kept, the trends in them, and
//! what to practise next.

use std::fmt::Write as _;
use std::process::ExitCode;

use chrono_tz::Tz;
use serde_json::{Value, json};
use unicode_width::UnicodeWidthStr as _;

use crate::cli::args::Seat;
use crate::cli::json::instant;
use crate::cli::{Output, Result};
use crate::console::wrap;
use crate::text::{fit, line};
use crate::triage::drills::{
    DrillRecord, Form, LATEST, PersonTrend, RECENT, ScenarioTrend, Trends, Weak, trends,
};

/// Columns of a page.
const WIDTH: usize = 80;

/// Columns of the name of a scenario or a person.
const NAME: usize = 24;

/// Marks to practise that are listed; JSON has all.
const MOST: usize = 8;

/// Shows the history.
pub(in crate::cli) fn run(seat: &Seat, output: &mut Output) -> Result<ExitCode> {
    let desk = seat.open()?;
    let drills = desk.drills()?;
    let (trends, zone) = (trends(&drills), desk.rules().calendar.zone);
    output.answer(|| page(&drills, &trends, zone), || document(&drills, &trends))?;
    Ok(ExitCode::SUCCESS)
}

fn page(drills: &[DrillRecord], trends: &Trends, zone: Tz) -> String {
    if drills.is_empty() {
        return "no drill was kept yet\n".to_owned();
    }
    let mut page = row(&["date      ", &name("scenario"), "score", "hints"], "people");
    drills.iter().for_each(|drill| page += &listed(drill, zone));
    page += &format!("\nScenarios, the last run against the one before\n{}", row(&SCENARIOS, "title"));
    trends.scenarios.iter().for_each(|trend| page += &scenario(trend));
    let _ =
        write!(page, "\nPeople, the last {RECENT} runs against the {RECENT} before\n{}", row(&PEOPLE, ""));
    trends.people.iter().for_each(|person| page += &form(&line(&person.name), &person.form));
    page += &form("(all drills)", &trends.team);
    practise(&mut page, &trends.practise);
    page
}

/// The heads of the figures, as wide as these.
const SCENARIOS: [&str; 5] = ["scenario                ", "runs", "last", "best", "change"];
const PEOPLE: [&str; 4] = ["person                  ", "runs", "mean", "change"];

/// One row: cells that have their widths, and a text behind them that goes on below itself.
fn row(cells: &[&str], rest: &str) -> String {
    let first = format!("{}  ", cells.join("  "));
    let indent = first.width();
    let lines = wrap(rest, WIDTH.saturating_sub(indent));
    let mut row = String::new();
    for (number, part) in lines.iter().enumerate() {
        let before = if number == 0 { first.as_str() } else { &" ".repeat(indent) };
        let _ = writeln!(row, "{}", format!("{before}{part}").trim_end());
    }
    row
}

/// A name in its column. Expects safe text.
fn name(name: &str) -> String {
    let shown = fit(name, NAME);
    format!("{shown}{}", " ".repeat(NAME.saturating_sub(shown.width())))
}

fn percent(percent: Option<u32>) -> String {
    percent.map_or_else(|| "-".to_owned(), |percent| format!("{percent}%"))
}

/// `+5`, `-3`, `0`; `-` where there is nothing to hold it against.
fn change(change: Option<i64>) -> String {
    match change {
        None => "-".to_owned(),
        Some(0) => "0".to_owned(),
        Some(points) => format!("{points:+}"),
    }
}

fn listed(drill: &DrillRecord, zone: Tz) -> String {
    let date = drill.at.with_timezone(&zone).format("%Y-%m-%d").to_string();
    let people = drill.people.iter().map(|person| line(person)).collect::<Vec<_>>().join(", ");
    let (score, hints) = (format!("{:>5}", percent(drill.percent())), format!("{:>5}", drill.hints));
    row(&[&date, &name(&line(&drill.name)), &score, &hints], &people)
}

fn scenario(trend: &ScenarioTrend) -> String {
    let (runs, last) = (format!("{:>4}", trend.runs), format!("{:>4}", percent(trend.last)));
    let (best, change) = (format!("{:>4}", percent(trend.best)), format!("{:>6}", change(trend.change)));
    row(&[&name(&line(&trend.name)), &runs, &last, &best, &change], &line(&trend.title))
}

fn form(who: &str, form: &Form) -> String {
    let (runs, mean) = (format!("{:>4}", form.runs), format!("{:>4}", percent(form.mean)));
    row(&[&name(who), &runs, &mean, &format!("{:>6}", change(form.change))], "")
}

fn practise(page: &mut String, weak: &[Weak]) {
    if weak.is_empty() {
        return;
    }
    let _ = writeln!(page, "\nTo practise next: what lost points most often in the last {LATEST} drills");
    *page += &row(&["   lost", "points"], "what");
    for mark in weak.iter().take(MOST) {
        let (lost, points) = (format!("{} of {}", mark.lost, mark.asked), format!("{:>6}", mark.points));
        *page += &row(&[&format!("{lost:>7}"), &points], &line(&mark.what));
    }
    if let Some(more) = weak.len().checked_sub(MOST).filter(|more| *more > 0) {
        let _ = writeln!(page, "and {more} more, which --json lists");
    }
}

/// The whole history. Fields are only ever added; what there is none of is null.
fn document(drills: &[DrillRecord], trends: &Trends) -> Value {
    json!({
        "drills": drills.iter().map(drill).collect::<Value>(),
        "people": trends.people.iter().map(person).collect::<Value>(),
        "team": figures(&trends.team),
        "scenarios": trends.scenarios.iter().map(figures_of).collect::<Value>(),
        "practise": trends.practise.iter().map(weak).collect::<Value>(),
    })
}

fn drill(drill: &DrillRecord) -> Value {
    json!({
        "at": instant(drill.at),
        "name": drill.name,
        "title": drill.title,
        "seed": drill.seed,
        "mode": drill.mode,
        "score": drill.score,
        "of": drill.of,
        "percent": drill.percent(),
        "hints": drill.hints,
        "people": drill.people,
        "began": instant(drill.began),
        "ended": instant(drill.ended),
        "items": drill.items,
    })
}

fn figures(form: &Form) -> Value {
    json!({ "runs": form.runs, "mean_percent": form.mean, "change": form.change })
}

fn person(person: &PersonTrend) -> Value {
    let mut value = figures(&person.form);
    value["name"] = json!(person.name);
    value
}

fn figures_of(trend: &ScenarioTrend) -> Value {
    json!({
        "name": trend.name,
        "title": trend.title,
        "runs": trend.runs,
        "last_percent": trend.last,
        "best_percent": trend.best,
        "change": trend.change,
    })
}

fn weak(mark: &Weak) -> Value {
    json!({ "what": mark.what, "lost": mark.lost, "asked": mark.asked, "points": mark.points })
}
