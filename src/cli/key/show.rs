//! One key in full.

use std::fmt::Write as _;
use std::process::ExitCode;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use crate::cli::args::Seat;
use crate::cli::json::instant;
use crate::cli::{Complaint, Output, Result};
use crate::desk::KeyHistory;
use crate::pgp::detail::{Detail, SecretPart, detail};
use crate::text;

/// Shows a key.
pub(super) fn show(seat: &Seat, name: &str, output: &mut Output) -> Result<ExitCode> {
    let desk = seat.open()?;
    let history = desk.key_history(name)?;
    let detail = detail(&history.bytes, desk.now()).map_err(Complaint::of)?;
    output.answer(|| page(&history, &detail), || shape(&history, &detail))?;
    Ok(ExitCode::SUCCESS)
}

fn page(history: &KeyHistory, detail: &Detail) -> String {
    let mut page = format!("{}\n", grouped(&detail.fingerprint));
    let mut fact = |name: &str, value: String| {
        let _ = writeln!(page, "  {name:<10} {}", text::line(&value));
    };
    let key = &history.listing;
    fact("kind", if key.secret { "a key of the team" } else { "a certificate" }.to_owned());
    fact("version", format!("{}, made {}", detail.version, day(detail.created)));
    fact("ends", detail.expires.map_or("never".to_owned(), day));
    fact("now", detail.fitness.to_string());
    fact("strength", detail.strength.clone());
    fact("reads", detail.features.join(", "));
    for id in &detail.user_ids {
        let primary = if id.is_primary { " (primary)" } else { "" };
        fact("user ID", format!("{}{primary}, {}", id.text, id.fitness));
    }
    for part in &detail.keys {
        let secret = secret(part.secret).map_or(String::new(), |word| format!(", secret part {word}"));
        let ends = part.expires.map_or(String::new(), |at| format!(", until {}", day(at)));
        fact(
            "part",
            format!(
                "{} {} to {}{ends}, {}{secret}",
                part.fingerprint,
                part.algorithm,
                part.purpose.words(),
                part.fitness
            ),
        );
    }
    fact("taken in", format!("{} by {}", day(history.added.0), history.added.1));
    for standing in &key.standings {
        fact(
            "counts",
            format!(
                "{} for {}, since {} by {}",
                standing.trust,
                standing.address,
                day(standing.at),
                standing.by
            ),
        );
    }
    for seen in &history.sightings {
        let with = if seen.address.is_empty() { "no address of its own" } else { &seen.address };
        fact(
            "seen",
            format!(
                "{} times with {with} ({}), first {}, last {}",
                seen.times,
                seen.origin,
                day(seen.first_at),
                day(seen.last_at)
            ),
        );
    }
    for event in &history.events {
        fact("record", format!("{} {}: {}", day(event.at), event.by, event.what));
    }
    if key.secret {
        let has = if history.has_revocation { "here; 'ninety key export --revocation'" } else { "none here" };
        fact("revocation", has.to_owned());
    }
    page
}

fn shape(history: &KeyHistory, detail: &Detail) -> Value {
    let mut value = super::shape(&history.listing);
    let parts = detail.keys.iter().map(|part| {
        json!({
            "fingerprint": part.fingerprint, "algorithm": part.algorithm, "purpose": part.purpose.words(),
            "created_at": instant(part.created), "expires_at": part.expires.map(instant),
            "fitness": part.fitness.to_string(), "secret": secret(part.secret),
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

fn secret(part: SecretPart) -> Option<&'static str> {
    match part {
        SecretPart::None => None,
        SecretPart::Open => Some("open"),
        SecretPart::Locked => Some("locked"),
        SecretPart::Elsewhere => Some("elsewhere"),
    }
}

/// In groups of four, as people read it out.
fn grouped(fingerprint: &str) -> String {
    let digits: Vec<char> = fingerprint.chars().collect();
    digits.chunks(4).map(|four| four.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

fn day(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%d").to_string()
}
