//! `ninety drill check` and `new`: scenarios written.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use serde_json::{Value, json};

use crate::cli::output::write_new;
use crate::cli::{Complaint, Output, Result};
use crate::drill::{Found, SKELETON, read_file};
use crate::text;

/// Tells all that is wrong with scenarios.
pub(super) fn run(files: &[PathBuf], output: &mut Output) -> Result<ExitCode> {
    let read = |file: &PathBuf| {
        read_file(file).map_err(|source| Complaint::from(crate::desk::Error::file(file, source)))
    };
    let found = files.iter().map(read).collect::<Result<Vec<Found>>>()?;
    let is_wrong = found.iter().any(|one| one.read.is_err());
    output.answer(|| found.iter().map(told).collect(), || found.iter().map(shape).collect())?;
    Ok(if is_wrong { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn path(found: &Found) -> String {
    found.file.as_ref().map_or_else(String::new, |file| text::line(&file.to_string_lossy()))
}

fn told(found: &Found) -> String {
    match &found.read {
        Ok(scenario) => {
            let points: u32 = scenario.marks.iter().map(|mark| mark.points).sum();
            let (injects, hints) = (scenario.injects.len(), scenario.hints.len());
            format!("{}: good; {injects} injects, {hints} hints, {points} points\n", path(found))
        }
        Err(wrong) => wrong.iter().map(|one| format!("{}, {one}\n", path(found))).collect(),
    }
}

fn shape(found: &Found) -> Value {
    let wrong = found.read.as_ref().err().into_iter().flatten();
    let wrong: Vec<Value> =
        wrong.map(|one| json!({ "line": one.line, "column": one.column, "problem": one.problem })).collect();
    json!({ "file": path(found), "good": found.read.is_ok(), "wrong": wrong })
}

/// Writes a scenario to begin with.
pub(super) fn new(file: &Path, output: &mut Output) -> Result<ExitCode> {
    let name = file.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
    if file.extension().is_none_or(|ending| ending != "toml") {
        let shown = text::line(&file.to_string_lossy());
        return Err(Complaint::misread(format!("'{shown}' does not end in .toml"))
            .hint("a scenario is a TOML file, such as our-first.toml"));
    }
    if let Err(wrong) = crate::drill::Scenario::read(&name, SKELETON) {
        let first = wrong.first().map(|one| one.problem.clone()).unwrap_or_default();
        return Err(Complaint::misread(first));
    }
    write_new(file, SKELETON.as_bytes())?;
    let shown = text::line(&file.to_string_lossy());
    output.answer(
        || format!("written to {shown}\nnext       change it, then 'ninety drill check {shown}' and 'ninety drill run {shown}'\n"),
        || json!({ "file": shown }),
    )?;
    Ok(ExitCode::SUCCESS)
}
