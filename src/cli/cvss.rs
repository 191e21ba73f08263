//! `ninety cvss`: the score of a vector, without a store.

use std::fmt::Write as _;
use std::process::ExitCode;

use serde_json::{Value, json};

use super::{Complaint, Output, Result};
use crate::triage::cvss::{Cvss, Misread};

/// Scores a vector.
pub(super) fn run(given: &str, output: &mut Output) -> Result<ExitCode> {
    let cvss: Cvss = given.parse().map_err(complaint)?;
    output.answer(|| table(&cvss), || shape(&cvss))?;
    Ok(ExitCode::SUCCESS)
}

fn complaint(misread: Misread) -> Complaint {
    Complaint::misread(format!("vector, at character {}: {}", misread.at + 1, misread.why)).hint(misread.mend)
}

/// The score, the canonical vector, and what each of its metrics says.
fn table(cvss: &Cvss) -> String {
    let mut table =
        format!("{:.1} {}, CVSS {} {}\n{cvss}\n", cvss.score(), cvss.severity(), cvss.version(), label(cvss));
    let mut group = None;
    for (metric, value) in cvss.draft().values() {
        if group != Some(metric.group) {
            group = Some(metric.group);
            let _ = writeln!(table, "{}", metric.group);
        }
        let _ = writeln!(table, "  {:<4} {:<41} {}", metric.code, metric.name, value.name);
    }
    table
}

/// `base score`, or the nomenclature of v4.
fn label(cvss: &Cvss) -> String {
    match cvss.nomenclature() {
        named if named.starts_with("CVSS") => format!("({named})"),
        named => format!("({named} score)"),
    }
}

fn shape(cvss: &Cvss) -> Value {
    let base = cvss.base();
    let metrics: Vec<Value> = cvss
        .draft()
        .values()
        .map(|(metric, value)| {
            json!({
                "metric": metric.code,
                "name": metric.name,
                "group": metric.group,
                "value": value.code,
                "value_name": value.name,
            })
        })
        .collect();
    json!({
        "version": cvss.version(),
        "score": cvss.score(),
        "severity": cvss.severity(),
        "nomenclature": cvss.nomenclature(),
        "base_score": base.score(),
        "base_severity": base.severity(),
        "vector": cvss,
        "metrics": metrics,
    })
}
