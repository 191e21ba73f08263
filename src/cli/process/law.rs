//! `ninety aware`, `file` and `draft`: the duties to report.

use std::process::ExitCode;

use chrono::{DateTime, Local, Utc};
use serde_json::json;

use super::args::{Aware, Draft, File};
use crate::cli::args::Seat;
use crate::cli::json::of;
use crate::cli::{Complaint, Output, Result, set};
use crate::desk::{Desk, Error};
use crate::text;
use crate::triage::date;
use crate::triage::regulation::{Instants, Regime, Step};

/// What the regimes are called on the command line.
const REGIMES: [(&str, Regime); 3] =
    [("cra", Regime::CraVulnerability), ("cra-incident", Regime::CraIncident), ("nis2", Regime::Nis2)];

/// Sets the instants of a situation; without any the awareness, to now.
pub(super) fn aware(seat: &Seat, aware: &Aware, output: &mut Output) -> Result<ExitCode> {
    let regime = aware.regime.as_deref().map(regime).transpose()?;
    let now = seat.clock()?.now();
    let read = |name: &str, given: &Option<String>| {
        given.as_deref().map(|given| moment(name, given, now)).transpose()
    };
    let mut instants = Instants {
        first_signal: read("first-signal", &aware.first_signal)?,
        aware: read("at", &aware.at)?,
        measure: read("measure", &aware.measure)?,
        handled: read("handled", &aware.handled)?,
    };
    if instants == Instants::default() {
        instants.aware = Some(now);
    }
    let mut desk = seat.open()?;
    let key = desk.key_of(&aware.case)?;
    let outcome = desk.aware(key, regime, &instants).map_err(|error| mended(error, seat))?;
    set::report(&desk, &outcome, &[key], output)
}

/// Records that a report was submitted.
pub(super) fn file(seat: &Seat, file: &File, output: &mut Output) -> Result<ExitCode> {
    let regime = file.regime.as_deref().map(regime).transpose()?;
    let (step, now) = (step(&file.step)?, seat.clock()?.now());
    let at = moment("at", &file.at, now)?;
    let mut desk = seat.open()?;
    let key = desk.key_of(&file.case)?;
    let filed = desk.file(key, regime, step, at, &file.reference, file.again);
    let outcome = filed.map_err(|error| mended(error, seat))?;
    set::report(&desk, &outcome, &[key], output)
}

/// Prints the text of a report.
pub(super) fn draft(seat: &Seat, draft: &Draft, output: &mut Output) -> Result<ExitCode> {
    let regime = draft.regime.as_deref().map(regime).transpose()?;
    let step = step(&draft.step)?;
    let desk: Desk = seat.open()?;
    let key = desk.key_of(&draft.case)?;
    let (regime, page) = desk.draft_report(key, regime, step).map_err(|error| mended(error, seat))?;
    output.answer(
        || page.clone(),
        || {
            let id = draft.case.trim().to_ascii_uppercase();
            of(desk.is_drill(), json!({ "id": id, "regime": regime, "step": step, "text": page }))
        },
    )?;
    Ok(ExitCode::SUCCESS)
}

/// A refusal, with the file that says otherwise.
fn mended(error: Error, seat: &Seat) -> Complaint {
    let is_duty = matches!(&error, Error::Refused(why) if why.contains("[regulation]"));
    let complaint = Complaint::from(error);
    match seat.config().map(|config| config.path) {
        Ok(Some(path)) if is_duty => {
            complaint.hint(format!("the configuration is {}", text::line(&path.to_string_lossy())))
        }
        Ok(None) if is_duty => complaint.hint(
            "there is no configuration yet; write config.toml beside the store, or name one with NINETY_CONFIG",
        ),
        _ => complaint,
    }
}

fn moment(name: &str, given: &str, now: DateTime<Utc>) -> Result<DateTime<Utc>> {
    date::moment(given, &Local, now).map_err(|why| Complaint::misread(format!("--{name}: {why}")))
}

fn regime(given: &str) -> Result<Regime> {
    let short = REGIMES.iter().find(|(name, _)| name.eq_ignore_ascii_case(given.trim()));
    let named = || given.parse::<Regime>().ok();
    short.map(|(_, regime)| *regime).or_else(named).ok_or_else(|| {
        let names = REGIMES.map(|(name, _)| name).join(", ");
        Complaint::misread(format!("'{}' is not a regime; it is one of {names}", text::line(given)))
    })
}

/// A step by its word, or by a part of it that no other has: `warning`, `final`.
fn step(given: &str) -> Result<Step> {
    let part = given.trim().to_lowercase();
    let having: Vec<Step> =
        Step::ALL.into_iter().filter(|step| !part.is_empty() && step.word().contains(&part)).collect();
    match given.parse::<Step>() {
        Ok(step) => Ok(step),
        Err(_) if having.len() == 1 => Ok(having[0]),
        Err(unknown) => Err(Complaint::misread(unknown.to_string())),
    }
}
