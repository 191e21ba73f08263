//! Reading a vector as people paste it, with an error that points at the place.
//!
//! Knows nothing of scores.

use std::fmt;

use super::draft::Draft;
use super::metrics::{MAX, Metric};
use super::{Group, Version};
use crate::text;

/// More than the longest vector there is, and little enough to refuse without reading.
const MAX_LENGTH: usize = 400;

/// A vector that could not be read: where, why, and what would be right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misread {
    /// Byte offset in the vector.
    pub at: usize,
    /// What is wrong. Safe to show.
    pub why: String,
    /// What would be right. Safe to show.
    pub mend: String,
}

impl fmt::Display for Misread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "at character {}: {}; {}", self.at + 1, self.why, self.mend)
    }
}

impl std::error::Error for Misread {}

impl Misread {
    fn new(at: usize, why: impl Into<String>, mend: impl Into<String>) -> Self {
        Self { at, why: why.into(), mend: mend.into() }
    }

    /// Mandatory metrics that are not there, all of them.
    pub(super) fn missing(at: usize, metrics: &[&Metric]) -> Self {
        let named: Vec<String> =
            metrics.iter().map(|metric| format!("{} ({})", metric.code, metric.name)).collect();
        let is = if metrics.len() == 1 { "is" } else { "are" };
        let forms = metrics
            .iter()
            .map(|metric| format!("/{}:{}", metric.code, value_codes(metric)))
            .collect::<String>();
        Self::new(at, format!("{} {is} missing", listed(&named)), format!("add {forms}, one value each"))
    }
}

/// Reads a vector in which mandatory metrics may be missing.
pub(super) fn read(given: &str) -> Result<Draft, Misread> {
    if given.len() > MAX_LENGTH {
        let mend = format!("a vector has at most {MAX_LENGTH} characters");
        return Err(Misread::new(MAX_LENGTH, "this is too long for a vector", mend));
    }
    let vector = given.trim_end();
    let start = vector.len() - vector.trim_start().len();
    if let Some((at, odd)) =
        vector.char_indices().skip_while(|(at, _)| *at < start).find(|(_, c)| !is_usual(*c))
    {
        let shown = text::line(&odd.to_string());
        return Err(Misread::new(
            at,
            format!("'{shown}' is in no vector"),
            "a vector has letters, digits, : . and /",
        ));
    }
    let mut parts = vector[start..].split('/').scan(start, |at, part| {
        let begins = *at;
        *at += part.len() + 1;
        Some((begins, part))
    });
    let version = version(parts.next().unwrap_or((start, "")))?;
    let mut named = [false; MAX];
    parts.try_fold(Draft::new(version), |draft, (at, part)| metric(draft, &mut named, at, part))
}

fn is_usual(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, ':' | '.' | '/')
}

/// The version in the first part.
fn version((at, part): (usize, &str)) -> Result<Version, Misread> {
    const MEND: &str = "begin with CVSS:3.1/ or CVSS:4.0/";
    match part.split_once(':') {
        Some((prefix, number)) if prefix.eq_ignore_ascii_case("CVSS") => number.parse().map_err(|_| {
            Misread::new(at + prefix.len() + 1, format!("version '{}' is not supported", shown(number)), MEND)
        }),
        _ => Err(Misread::new(at, "a vector begins with its version", MEND)),
    }
}

/// `draft` with one more metric, as it stands in a vector; `named` tells which were there before.
fn metric(draft: Draft, named: &mut [bool; MAX], at: usize, part: &str) -> Result<Draft, Misread> {
    let Some((code, value)) = part.split_once(':') else {
        let why = if part.is_empty() {
            "nothing stands here".to_owned()
        } else {
            format!("'{}' has no value", shown(part))
        };
        return Err(Misread::new(at, why, "metrics are written as AV:N, with / between them"));
    };
    let (index, chosen) =
        choose(draft.version(), code, value).map_err(|wrong| Misread { at: at + wrong.at, ..wrong })?;
    if std::mem::replace(&mut named[index], true) {
        let metric = &draft.version().metrics()[index];
        let why = format!("{} ({}) is given twice", metric.code, metric.name);
        return Err(Misread::new(at, why, format!("keep one {}:", metric.code)));
    }
    Ok(draft.put(index, chosen))
}

/// Where the metric and the value with these codes stand in [`Version::metrics`];
/// an error points into `CODE:VALUE`.
pub(super) fn choose(version: Version, code: &str, value: &str) -> Result<(usize, usize), Misread> {
    let (index, metric) = version.metric(code).ok_or_else(|| unknown(version, code))?;
    let chosen = metric.values.iter().position(|known| known.code.eq_ignore_ascii_case(value));
    let chosen = chosen.ok_or_else(|| {
        let why = format!("{} ({}) has no value '{}'", metric.code, metric.name, shown(value));
        let names = metric.values.iter().map(|value| format!("{} {}", value.code, value.name));
        Misread::new(code.len() + 1, why, format!("it is one of {}", names.collect::<Vec<_>>().join(", ")))
    })?;
    Ok((index, chosen))
}

fn unknown(version: Version, code: &str) -> Misread {
    let elsewhere = Version::ALL.into_iter().rev().find(|other| other.metric(code).is_some());
    let why = match elsewhere {
        Some(other) => format!("'{}' is a metric of CVSS {other}, not of {version}", shown(code)),
        None => format!("'{}' is not a metric of CVSS {version}", shown(code)),
    };
    let codes = |group: Group| {
        let metrics = version.metrics().iter().filter(|metric| metric.group == group);
        metrics.map(|metric| metric.code).collect::<Vec<_>>().join(" ")
    };
    let groups =
        Group::ALL.into_iter().map(|group| (group, codes(group))).filter(|(_, codes)| !codes.is_empty());
    let known: Vec<String> = groups.map(|(group, codes)| format!("{group}: {codes}")).collect();
    Misread::new(0, why, format!("there are {}", known.join("; ")))
}

/// Foreign text, safe and not longer than it helps.
fn shown(foreign: &str) -> String {
    text::fit(&text::line(foreign), 40)
}

fn value_codes(metric: &Metric) -> String {
    metric.values.iter().map(|value| value.code).collect::<Vec<_>>().join("|")
}

/// `a`, `a and b`, `a, b and c`.
fn listed(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [rest @ .., last] => format!("{} and {last}", rest.join(", ")),
    }
}
