//! `ninety hotspots`: where bugs cluster, and how old the open ones are.

use std::fmt::Write as _;
use std::process::ExitCode;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::args::Seat;
use super::json::instant;
use super::{Output, Result};
use crate::text;
use crate::triage::hotspots::{HotSpot, HotSpots, Place};

/// Columns of the name of a place; a longer one takes a line of its own.
const NAME: usize = 44;

/// Shows the components and weakness classes with the most cases.
pub(super) fn run(seat: &Seat, output: &mut Output) -> Result<ExitCode> {
    let mut desk = seat.open()?;
    let (spots, now) = (desk.hot_spots()?, desk.now());
    output.answer(|| page(&spots, now), || as_json(&spots))?;
    Ok(ExitCode::SUCCESS)
}

fn page(spots: &HotSpots, now: DateTime<Utc>) -> String {
    let mut page = String::new();
    section(&mut page, "component", &spots.components, now, name);
    section(&mut page, "weakness", &spots.weaknesses, now, |weakness| format!("{weakness:#}"));
    if page.is_empty() {
        page.push_str("no case has a component or a class of weakness yet\n");
    }
    page
}

fn section<T>(
    page: &mut String,
    what: &str,
    spots: &[HotSpot<T>],
    now: DateTime<Utc>,
    name: fn(&T) -> String,
) {
    if spots.is_empty() {
        return;
    }
    if !page.is_empty() {
        page.push('\n');
    }
    let _ = writeln!(page, "{what:<NAME$} open   all  oldest  median  latest");
    for spot in spots {
        let name = text::fit(&text::line(&name(&spot.place)), 80);
        let name = if name.chars().count() > NAME { format!("{name}\n{:NAME$}", "") } else { name };
        let days = |days: Option<i64>| days.map_or_else(|| "-".to_owned(), |days| format!("{days}d"));
        let _ = writeln!(
            page,
            "{name:<NAME$} {:>4} {:>5}  {:>6}  {:>6}  {:>6}",
            spot.open,
            spot.all,
            days(spot.oldest_open.map(|at| (now - at).num_days())),
            days(spot.median_age.map(|age| age.num_days())),
            days(Some((now - spot.latest).num_days())),
        );
    }
}

/// `imaging / TIFF reader`. Foreign text.
fn name(place: &Place) -> String {
    let parts: Vec<&str> =
        [&place.product, &place.component].into_iter().flatten().map(|part| part.trim()).collect();
    parts.join(" / ")
}

fn as_json(spots: &HotSpots) -> Value {
    let components = spots.components.iter().map(|spot| {
        let mut value = figures(spot);
        value["product"] = json!(spot.place.product);
        value["component"] = json!(spot.place.component);
        value
    });
    let weaknesses = spots.weaknesses.iter().map(|spot| {
        let mut value = figures(spot);
        value["weakness"] = json!(spot.place.to_string());
        value
    });
    json!({ "components": components.collect::<Value>(), "weaknesses": weaknesses.collect::<Value>() })
}

fn figures<T>(spot: &HotSpot<T>) -> Value {
    json!({
        "open": spot.open,
        "all": spot.all,
        "oldest_open_at": spot.oldest_open.map(instant),
        "latest_at": instant(spot.latest),
        "median_age_seconds": spot.median_age.map(|age| age.num_seconds()),
    })
}
