//! `ninety drill report`, and what is written down at the end of a drill.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use crate::cli::args::Seat;
use crate::cli::output::write_new;
use crate::cli::{Complaint, Output, Result};
use crate::drill::report::{Report, html, json, markdown};
use crate::drill::{Drill, Mode, Seating};
use crate::text;
use crate::triage::drills::{DrillItem, DrillRecord};

/// Writes the report of the drill in a directory.
pub(super) fn run(seat: &Seat, directory: &Path, files: &[PathBuf], output: &mut Output) -> Result<ExitCode> {
    let seat = seat.at(directory);
    let desk = seat.open()?;
    let report =
        Drill::open(&desk, Seating::Member).and_then(|mut drill| drill.report()).map_err(Complaint::of)?;
    write_all(&report, files)?;
    if files.is_empty() {
        output.answer(|| markdown(&report), || json(&report))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Writes a report in the forms that its files are named for.
pub(super) fn write_all(report: &Report, files: &[PathBuf]) -> Result<()> {
    check_names(files)?;
    files.iter().try_for_each(|file| write_new(file, formed(report, file).as_bytes()))
}

/// Whether files are named for a form that there is: asked before a drill, not after it.
pub(super) fn check_names(files: &[PathBuf]) -> Result<()> {
    for file in files {
        if form(file).is_none() {
            let shown = text::line(&file.to_string_lossy());
            return Err(Complaint::misread(format!("'{shown}' names no form of a report"))
                .hint("end it in .md, .json or .html"));
        }
        if file.exists() {
            let shown = text::line(&file.to_string_lossy());
            return Err(Complaint::misread(format!("'{shown}' is there already"))
                .hint("name another file; none is overwritten"));
        }
    }
    Ok(())
}

fn form(file: &Path) -> Option<fn(&Report) -> String> {
    match file.extension()?.to_str()? {
        "md" => Some(markdown),
        "html" => Some(html),
        "json" => Some(|report| text::json(&format!("{:#}\n", json(report)))),
        _ => None,
    }
}

fn formed(report: &Report, file: &Path) -> String {
    form(file).map_or_else(String::new, |form| form(report))
}

/// A report as the history keeps it. Who plays alone has a name of the scenario
/// there; the history knows them as `who`.
pub(super) fn record(report: &Report, who: &str) -> DrillRecord {
    let items = report.score.items.iter();
    let is_team = report.mode == Mode::Team.word();
    let people = if is_team { report.team.clone() } else { vec![who.to_owned()] };
    DrillRecord {
        // The desk that keeps it says when that was.
        at: report.ended,
        name: report.name.clone(),
        title: report.title.clone(),
        seed: report.seed,
        mode: report.mode.clone(),
        score: report.score.points,
        of: report.score.of,
        hints: report.hints,
        people,
        began: report.began,
        ended: report.ended,
        items: items
            .map(|item| DrillItem { what: item.what.clone(), points: item.points, of: item.of })
            .collect(),
    }
}
