//! The report as JSON, for programs. Fields are only ever added; times are
//! RFC 3339 in UTC, and what did not happen is null.

use serde_json::{Value, json};

use super::said::{MARK, instant, word};
use super::{Entry, Report};
use crate::drill::Item;
use crate::text::{block, line};

/// The whole report as one object.
pub fn json(report: &Report) -> Value {
    json!({
        "drill": true,
        "test": MARK,
        "name": line(&report.name),
        "title": line(&report.title),
        "teaches": block(&report.teaches),
        "seed": report.seed,
        "mode": line(&report.mode),
        "team": report.team.iter().map(|who| line(who)).collect::<Vec<_>>(),
        "began": instant(report.began),
        "ended": instant(report.ended),
        "hints": report.hints,
        "score": report.score.points,
        "of": report.score.of,
        "items": report.score.items.iter().map(item).collect::<Value>(),
        "timeline": report.timeline.iter().map(entry).collect::<Value>(),
    })
}

fn item(item: &Item) -> Value {
    json!({
        "what": line(&item.what),
        "expected": block(&item.expected),
        "happened": block(&item.happened),
        "at": item.at.map(instant),
        "points": item.points,
        "of": item.of,
        "practise": block(&item.practise),
    })
}

fn entry(entry: &Entry) -> Value {
    json!({
        "at": instant(entry.at),
        "line": word(entry.line),
        "who": line(&entry.who),
        "case": line(&entry.case),
        "what": line(&entry.what),
    })
}
