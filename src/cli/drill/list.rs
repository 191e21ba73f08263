//! `ninety drill list`: what each drill teaches, how long it takes, how it went last.

use std::process::ExitCode;

use serde_json::{Value, json};

use super::library;
use crate::cli::args::Seat;
use crate::cli::{Output, Result};
use crate::drill::Found;
use crate::text;
use crate::triage::drills::DrillRecord;

/// Columns of the list.
const WIDTH: usize = 80;

/// Lists the drills.
pub(super) fn run(seat: &Seat, output: &mut Output) -> Result<ExitCode> {
    let found = library().all();
    let kept = kept(seat);
    output.answer(
        || table(&found, kept.as_deref()),
        || found.iter().map(|one| shape(one, kept.as_deref().unwrap_or_default())).collect(),
    )?;
    Ok(ExitCode::SUCCESS)
}

/// The drills that the user's store has kept; none where it cannot be opened without asking for a passphrase.
fn kept(seat: &Seat) -> Option<Vec<DrillRecord>> {
    seat.passphrase_file.as_ref()?;
    if !seat.place().ok()?.is_taken() {
        return None;
    }
    seat.open().ok()?.drills().ok()
}

fn last<'k>(kept: &'k [DrillRecord], name: &str) -> Option<&'k DrillRecord> {
    kept.iter().find(|record| record.name == name)
}

fn shape(found: &Found, kept: &[DrillRecord]) -> Value {
    let last = last(kept, &found.name);
    match &found.read {
        Ok(scenario) => json!({
            "name": found.name, "title": scenario.about.title, "teaches": scenario.about.teaches,
            "minutes": scenario.about.minutes, "tour": scenario.about.tour,
            "last_score": last.map(|record| record.score), "last_of": last.map(|record| record.of),
            "file": found.file,
        }),
        Err(wrong) => json!({
            "name": found.name, "title": Value::Null, "teaches": Value::Null, "minutes": Value::Null,
            "tour": false, "last_score": Value::Null, "last_of": Value::Null, "file": found.file,
            "wrong": wrong.iter().map(ToString::to_string).collect::<Vec<_>>(),
        }),
    }
}

fn table(found: &[Found], kept: Option<&[DrillRecord]>) -> String {
    let mut told =
        "Fire drills: the real console, a store that is thrown away, nothing real in it.\n\n".to_owned();
    for one in found {
        told.push_str(&entry(one, kept.unwrap_or_default()));
    }
    told.push_str("\nninety drill run NAME    plays one; a newcomer begins with the first\n");
    if kept.is_none() {
        told.push_str("Last scores stand here when --passphrase-file names your store's passphrase.\n");
    }
    told
}

fn entry(found: &Found, kept: &[DrillRecord]) -> String {
    let name = text::line(&found.name);
    let Ok(scenario) = &found.read else {
        return format!("{name:<18} cannot be read; 'ninety drill check' tells why\n");
    };
    let about = &scenario.about;
    let score =
        last(kept, &found.name).map_or("-".to_owned(), |record| format!("{}/{}", record.score, record.of));
    let title = text::fit(&text::line(&about.title), 42);
    let mut told = format!("{name:<18} {title:<42} {:>3} min {score:>8}\n", about.minutes);
    for line in text::wrap::wrap(&text::line(&about.teaches), WIDTH - 21) {
        told.push_str(&format!("                     {line}\n"));
    }
    told
}
