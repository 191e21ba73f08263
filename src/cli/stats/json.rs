//! The figures as JSON. Fields are only ever added; times are whole seconds,
//! shares from 0 to 1, and what there is none of is null.

use serde_json::{Value, json};

use super::Told;
use crate::cli::json::{instant, of};
use crate::triage::statistics::{Backlog, Clocked, Group, Metric, Share, Spread, Statistics, Week};

/// All figures, each with its definition.
pub(super) fn document(told: &Told) -> Value {
    let statistics = &told.statistics;
    let received = &statistics.received;
    let document = json!({
        "since": instant(statistics.period.since),
        "until": instant(statistics.period.until),
        "now": instant(statistics.now),
        "zone": told.zone.name(),
        "query": told.query,
        "time_to_prioritised": timed(Metric::ToPrioritised, &statistics.to_prioritised),
        "waiting_for_a_priority": counted(Metric::Unprioritised, statistics.unprioritised),
        "time_to_fixed": timed(Metric::ToFixed, &statistics.to_fixed),
        "received": counted(Metric::Received, received.cases),
        "noise": counted(Metric::Noise, received.noise),
        "merged": counted(Metric::Merged, received.merged),
        "restricted": counted(Metric::Restricted, received.restricted),
        "exploited": counted(Metric::Exploited, received.exploited),
        "valid_share": shared(Metric::ValidShare, statistics.valid),
        "noise_share": shared(Metric::NoiseShare, statistics.noise),
        "weeks": statistics.weeks.iter().map(week).collect::<Value>(),
        "clocks": statistics.clocks.iter().map(|clock| clocked("clock", clock.kind.word(), clock)).collect::<Value>(),
        "lanes": statistics.lanes.iter().map(|lane| clocked("lane", lane.kind.word(), lane)).collect::<Value>(),
        "backlog": backlog(&statistics.backlog),
        "found_in": statistics.phases.iter().map(|phase| group("phase", json!(phase.of), phase)).collect::<Value>(),
        "components": named("component", &statistics.components),
        "weaknesses": named("weakness", &statistics.weaknesses),
        "windows": windows(statistics),
        "definitions": Metric::ALL.iter().map(|metric| (metric.code(), json!(metric.definition()))).collect::<serde_json::Map<_, _>>(),
    });
    of(told.is_drill, document)
}

fn counted(metric: Metric, value: usize) -> Value {
    json!({ "value": value, "definition": metric.definition() })
}

fn shared(metric: Metric, share: Share) -> Value {
    json!({
        "value": share.value(),
        "part": share.part,
        "whole": share.whole,
        "definition": metric.definition(),
    })
}

fn spread(spread: &Spread) -> Value {
    json!({
        "count": spread.count,
        "missing": spread.missing,
        "median_seconds": spread.median.map(|time| time.num_seconds()),
        "p90_seconds": spread.p90.map(|time| time.num_seconds()),
    })
}

fn timed(metric: Metric, times: &Spread) -> Value {
    let mut value = spread(times);
    value["definition"] = json!(metric.definition());
    value
}

fn week(week: &Week) -> Value {
    json!({
        "week": week.label(),
        "monday": week.monday.to_string(),
        "received": week.received,
        "noise": week.noise,
        "acknowledged": week.acknowledged,
        "prioritised": week.prioritised,
        "fixed": week.fixed,
        "open": week.open,
        "time_to_prioritised": spread(&week.to_prioritised),
    })
}

fn clocked<K>(what: &str, name: &str, clock: &Clocked<K>) -> Value {
    let mut value = spread(&clock.spread);
    value[what] = json!(name);
    value["met"] = json!(clock.within.part);
    value["missed"] = json!(clock.within.whole - clock.within.part);
    value["within_deadline"] = json!(clock.within.value());
    value["running"] = json!(clock.running);
    value["overdue"] = json!(clock.overdue);
    value
}

fn backlog(backlog: &Backlog) -> Value {
    json!({
        "open": backlog.open,
        "noise": backlog.noise,
        "by_age": backlog.by_age.iter().map(|(age, count)| json!({ "age": age.word(), "cases": count })).collect::<Value>(),
        "by_state": backlog.by_state.iter().map(|(state, count)| json!({ "state": state, "cases": count })).collect::<Value>(),
        "definition": Metric::BacklogAge.definition(),
    })
}

fn group<K>(what: &str, name: Value, group: &Group<K>) -> Value {
    let mut value = json!({ "cases": group.cases, "valid": group.valid, "open": group.open });
    value[what] = name;
    value
}

/// Groups by name; null where nobody said which.
fn named(what: &str, groups: &[Group<String>]) -> Value {
    let name = |name: &str| if name.is_empty() { Value::Null } else { json!(name) };
    groups.iter().map(|one| group(what, name(&one.of), one)).collect()
}

fn windows(statistics: &Statistics) -> Value {
    let windows = &statistics.windows;
    let mut value = timed(Metric::Window, &windows.closed);
    value["sum_seconds"] = json!(windows.closed.sum.num_seconds());
    value["open"] = json!({
        "count": windows.open,
        "sum_seconds": windows.open_sum.num_seconds(),
        "definition": Metric::OpenWindow.definition(),
    });
    value
}
