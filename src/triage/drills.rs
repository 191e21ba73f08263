//! Fire drills that a team kept, and what they say about how it does: the
//! latest runs against those before, and what to practise next.
//!
//! Percentages are rounded down, so that 100 means that nothing was lost.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

#[cfg(test)]
#[path = "drills_tests.rs"]
mod tests;

/// Runs that a mean is over, and as many before them that it is held against.
pub const RECENT: usize = 5;

/// Latest drills that what to practise is read out of.
pub const LATEST: usize = 10;

/// One drill as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DrillRecord {
    /// When it was kept, by the real clock.
    pub at: DateTime<Utc>,
    /// Name of the scenario. Foreign text.
    pub name: String,
    /// Its title. Foreign text.
    pub title: String,
    /// What all that chance decided came from.
    pub seed: u64,
    /// Solo, team, exam or headless.
    pub mode: String,
    /// Points that were reached.
    pub score: u32,
    /// Points that could be reached.
    pub of: u32,
    /// Hints that were shown.
    pub hints: usize,
    /// Who took part. Foreign text.
    pub people: Vec<String>,
    /// When it began, by its own clock.
    pub began: DateTime<Utc>,
    /// When it ended, by its own clock.
    pub ended: DateTime<Utc>,
    /// The marks, in the order of the scenario.
    pub items: Vec<DrillItem>,
}

/// One mark of a drill.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DrillItem {
    /// What it is about: `the reporter was answered`. Foreign text.
    pub what: String,
    /// Points that it brought.
    pub points: u32,
    /// Points that it could bring.
    pub of: u32,
}

impl DrillRecord {
    /// The score in percent; `None` where nothing could be reached.
    pub fn percent(&self) -> Option<u32> {
        let percent = (u64::from(self.score) * 100).checked_div(u64::from(self.of))?;
        u32::try_from(percent).ok()
    }
}

/// How a scenario went, run by run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScenarioTrend {
    /// Its name.
    pub name: String,
    /// Its title in the latest run.
    pub title: String,
    /// How often it was played.
    pub runs: usize,
    /// Percentage of the latest run.
    pub last: Option<u32>,
    /// Highest percentage of all runs.
    pub best: Option<u32>,
    /// The latest run against the one before, in percentage points.
    pub change: Option<i64>,
}

/// How somebody does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Form {
    /// In how many drills.
    pub runs: usize,
    /// Mean percentage of the latest [`RECENT`] runs.
    pub mean: Option<u32>,
    /// That mean against the mean of up to [`RECENT`] runs before, in percentage points.
    pub change: Option<i64>,
}

/// How one person does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonTrend {
    /// Who, as written in the latest drill.
    pub name: String,
    /// How that person does.
    pub form: Form,
}

/// A mark that loses points.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Weak {
    /// What it is about.
    pub what: String,
    /// How often it lost points.
    pub lost: usize,
    /// How often it was asked.
    pub asked: usize,
    /// Points that it lost in all.
    pub points: u64,
}

/// What the history says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Trends {
    /// By name of the scenario.
    pub scenarios: Vec<ScenarioTrend>,
    /// By name: it is no ranking.
    pub people: Vec<PersonTrend>,
    /// All drills together.
    pub team: Form,
    /// What lost points most often in the [`LATEST`] drills first.
    pub practise: Vec<Weak>,
}

/// What `drills` say, which stand with the newest first.
pub fn trends(drills: &[DrillRecord]) -> Trends {
    Trends {
        scenarios: scenarios(drills),
        people: people(drills),
        team: form(drills.iter().map(DrillRecord::percent)),
        practise: practise(drills.get(..LATEST).unwrap_or(drills)),
    }
}

fn scenarios(drills: &[DrillRecord]) -> Vec<ScenarioTrend> {
    let mut runs: BTreeMap<&str, Vec<&DrillRecord>> = BTreeMap::new();
    for drill in drills {
        runs.entry(&drill.name).or_default().push(drill);
    }
    runs.into_values().filter_map(|runs| scenario(&runs)).collect()
}

fn scenario(runs: &[&DrillRecord]) -> Option<ScenarioTrend> {
    let latest = runs.first()?;
    let (last, before) = (latest.percent(), runs.get(1).and_then(|run| run.percent()));
    Some(ScenarioTrend {
        name: latest.name.clone(),
        title: latest.title.clone(),
        runs: runs.len(),
        last,
        best: runs.iter().filter_map(|run| run.percent()).max(),
        change: difference(last, before),
    })
}

fn people(drills: &[DrillRecord]) -> Vec<PersonTrend> {
    let mut runs: BTreeMap<String, (&str, Vec<Option<u32>>)> = BTreeMap::new();
    for drill in drills {
        // Whoever is named twice in a drill took part once.
        let named = drill.people.iter().map(|name| name.trim()).filter(|name| !name.is_empty());
        let once: BTreeMap<String, &str> = named.map(|name| (name.to_lowercase(), name)).collect();
        for (folded, name) in once {
            runs.entry(folded).or_insert((name, Vec::new())).1.push(drill.percent());
        }
    }
    let trend = |(name, percents): (&str, Vec<Option<u32>>)| PersonTrend {
        name: name.to_owned(),
        form: form(percents.into_iter()),
    };
    runs.into_values().map(trend).collect()
}

/// Of percentages, the newest first.
fn form(percents: impl Iterator<Item = Option<u32>>) -> Form {
    let all: Vec<Option<u32>> = percents.collect();
    let scored: Vec<u32> = all.iter().copied().flatten().collect();
    let mut spans = scored.chunks(RECENT);
    let (recent, before) = (spans.next().and_then(mean), spans.next().and_then(mean));
    Form { runs: all.len(), mean: recent, change: difference(recent, before) }
}

fn mean(percents: &[u32]) -> Option<u32> {
    let sum: u64 = percents.iter().copied().map(u64::from).sum();
    u32::try_from(sum.checked_div(percents.len() as u64)?).ok()
}

fn difference(now: Option<u32>, before: Option<u32>) -> Option<i64> {
    Some(i64::from(now?) - i64::from(before?))
}

fn practise(drills: &[DrillRecord]) -> Vec<Weak> {
    let mut marks: BTreeMap<&str, Weak> = BTreeMap::new();
    for item in drills.iter().flat_map(|drill| &drill.items) {
        let none = || Weak { what: item.what.clone(), lost: 0, asked: 0, points: 0 };
        let mark = marks.entry(&item.what).or_insert_with(none);
        let missing = item.of.saturating_sub(item.points);
        mark.asked += 1;
        mark.lost += usize::from(missing > 0);
        mark.points += u64::from(missing);
    }
    let mut weak: Vec<Weak> = marks.into_values().filter(|mark| mark.lost > 0).collect();
    // Of those that lost as often, what cost most; the order of names otherwise stays.
    weak.sort_by_key(|mark| std::cmp::Reverse((mark.lost, mark.points)));
    weak
}
