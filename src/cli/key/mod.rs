//! `ninety key`: taking keys in, finding and showing them, saying whose they
//! are, and the team's own.

mod export;
mod fetch;
mod own;
mod show;
mod take;
mod trust;

use std::fmt::Write as _;
use std::process::ExitCode;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::args::{KeyCommand, KeyList, Seat};
use super::json::instant;
use super::{Complaint, Output, Result};
use crate::desk::KeyListing;
use crate::text;
use crate::triage::Trust;

/// A key that ends within this time is worth a word.
const SOON: TimeDelta = TimeDelta::days(90);

/// Runs one of the commands.
pub(super) fn run(seat: &Seat, command: &KeyCommand, output: &mut Output) -> Result<ExitCode> {
    match command {
        KeyCommand::Import(import) => take::import(seat, import, output),
        KeyCommand::List(list) => self::list(seat, list, output),
        KeyCommand::Show { key } => show::show(seat, key, output),
        KeyCommand::Export(export) => export::export(seat, export, output),
        KeyCommand::Verify(verify) => trust::verify(seat, verify, output),
        KeyCommand::Retire { key, why } => trust::retire(seat, key, why, output),
        KeyCommand::Unlock { key_passphrase_file } => {
            take::unlock(seat, key_passphrase_file.as_deref(), output)
        }
        KeyCommand::New(new) => own::new(seat, new, output),
        KeyCommand::Extend(term) => own::extend(seat, term, output),
        KeyCommand::Rotate { term, overlap } => own::rotate(seat, term, overlap, output),
        KeyCommand::Revoke(revoke) => own::revoke(seat, revoke, output),
        KeyCommand::Collect { query } => fetch::collect(seat, query, output),
        KeyCommand::Fetch { address, yes } => fetch::fetch(seat, address, *yes, output),
        KeyCommand::Publish { directory } => export::publish(seat, directory, output),
    }
}

fn list(seat: &Seat, list: &KeyList, output: &mut Output) -> Result<ExitCode> {
    let within = list.expiring.as_deref().map(time).transpose()?;
    let desk = seat.open()?;
    let query = list.query.join(" ");
    let keys = desk.find_keys(&query, within)?;
    let is_all = query.trim().is_empty() && within.is_none();
    let recipients = if is_all { desk.age_recipients()? } else { Vec::new() };
    let page = || {
        let mut page = table(&keys, desk.now());
        recipients.iter().for_each(|recipient| {
            let _ = writeln!(page, "team   age {recipient}");
        });
        match page.is_empty() {
            true if is_all => {
                "no keys; make one with 'ninety key new', or take one in with 'ninety key import FILE'\n"
                    .to_owned()
            }
            true => "no key fits\n".to_owned(),
            false => page,
        }
    };
    output.answer(page, || keys.iter().map(shape).collect())?;
    Ok(ExitCode::SUCCESS)
}

/// Keys as lines.
fn table(keys: &[KeyListing], now: DateTime<Utc>) -> String {
    let mut table = String::new();
    for key in keys {
        let kind = if key.secret { "team " } else { "known" };
        let _ = writeln!(
            table,
            "{kind}  {}  {}, {}, {}{}",
            key.fingerprint,
            text::line(&key.algorithm),
            ending(key, now),
            text::line(&key.fitness),
            standing(key),
        );
        for user_id in &key.user_ids {
            let _ = writeln!(table, "       {}", text::line(user_id));
        }
    }
    table
}

fn ending(key: &KeyListing, now: DateTime<Utc>) -> String {
    match key.expires {
        None => "does not expire".to_owned(),
        Some(at) if at > now && at <= now + SOON => {
            format!("ENDS on {} (in {} days)", at.format("%Y-%m-%d"), (at - now).num_days())
        }
        Some(at) => format!("until {}", at.format("%Y-%m-%d")),
    }
}

fn standing(key: &KeyListing) -> String {
    let locked = if key.is_locked { ", locked" } else { "" };
    let trust = match key.trust() {
        None => ", not used with any address yet".to_owned(),
        Some(Trust::Candidate) => ", CHANGED KEY: not accepted".to_owned(),
        Some(Trust::Imported) => String::new(),
        Some(trust) => format!(", {trust}"),
    };
    format!("{locked}{trust}")
}

fn shape(key: &KeyListing) -> Value {
    json!({
        "fingerprint": key.fingerprint,
        "kind": if key.secret { "team" } else { "known" },
        "user_ids": key.user_ids,
        "algorithm": key.algorithm,
        "created_at": instant(key.created),
        "expires_at": key.expires.map(instant),
        "fitness": key.fitness,
        "usable": key.is_usable,
        "locked": key.is_locked,
        "trust": key.trust().map(Trust::code),
        "standings": key.standings.iter().map(|standing| json!({
            "address": standing.address, "trust": standing.trust.code(),
            "since": instant(standing.at), "by": standing.by,
        })).collect::<Value>(),
    })
}

/// A time such as `30d`, `6w`, `18m` or `2y`: days, weeks, months of 30 and years of 365 days.
fn time(given: &str) -> Result<TimeDelta> {
    let given = given.trim();
    let misread = || {
        Complaint::misread(format!("'{}' is no time", text::line(given)))
            .hint("give a number with d, w, m or y, such as 90d or 2y")
    };
    let unit = given.chars().last().ok_or_else(misread)?;
    let days = match unit {
        'd' => 1,
        'w' => 7,
        'm' => 30,
        'y' => 365,
        _ => return Err(misread()),
    };
    let number = given.strip_suffix(unit).and_then(|number| number.parse::<u32>().ok()).filter(|n| *n > 0);
    let total = number.and_then(|number| number.checked_mul(days)).filter(|days| *days <= 100 * 365);
    total.map(|days| TimeDelta::days(days.into())).ok_or_else(misread)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_a_number_and_a_unit() {
        assert_eq!(time("90d").unwrap(), TimeDelta::days(90));
        assert_eq!(time(" 2y").unwrap(), TimeDelta::days(730));
        assert_eq!(time("18m").unwrap(), TimeDelta::days(540));
        for bad in ["", "y", "0d", "-1d", "5", "2 years", "999999999y", "101y", "é"] {
            assert!(time(bad).is_err(), "{bad}");
        }
    }
}
