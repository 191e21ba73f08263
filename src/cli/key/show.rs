//! One key in full.

use std::process::ExitCode;

use serde_json::{Value, json};

use crate::cli::args::Seat;
use crate::cli::json::instant;
use crate::cli::{Complaint, Output, Result};
use crate::desk::KeyHistory;
use crate::pgp::detail::{Detail, detail};

/// Shows a key.
pub(super) fn show(seat: &Seat, name: &str, output: &mut Output) -> Result<ExitCode> {
    let desk = seat.open()?;
    let history = desk.key_history(name)?;
    let detail = detail(&history.bytes, desk.now()).map_err(Complaint::of)?;
    output.answer(|| history.told(desk.now()).join("\n") + "\n", || shape(&history, &detail))?;
    Ok(ExitCode::SUCCESS)
}

fn shape(history: &KeyHistory, detail: &Detail) -> Value {
    let mut value = super::shape(&history.listing);
    let parts = detail.keys.iter().map(|part| {
        json!({
            "fingerprint": part.fingerprint, "algorithm": part.algorithm, "purpose": part.purpose.words(),
            "created_at": instant(part.created), "expires_at": part.expires.map(instant),
            "fitness": part.fitness.to_string(), "secret": part.secret.word(),
        })
    });
    let ids = detail.user_ids.iter().map(|id| {
        json!({ "text": id.text, "email": id.email, "fitness": id.fitness.to_string(), "primary": id.is_primary })
    });
    let seen = history.sightings.iter().map(|seen| {
        json!({
            "address": seen.address, "origin": seen.origin.code(), "times": seen.times,
            "first_at": instant(seen.first_at), "last_at": instant(seen.last_at),
        })
    });
    let record = history
        .events
        .iter()
        .map(|event| json!({ "at": instant(event.at), "by": event.by, "what": event.what }));
    let more = json!({
        "version": detail.version, "strength": detail.strength, "features": detail.features,
        "ids": ids.collect::<Value>(), "parts": parts.collect::<Value>(),
        "seen": seen.collect::<Value>(), "record": record.collect::<Value>(),
        "added_at": instant(history.added.0), "added_by": history.added.1,
        "revocation": history.has_revocation,
    });
    if let (Value::Object(value), Value::Object(more)) = (&mut value, more) {
        value.extend(more);
    }
    value
}
