//! `ninety policy`: the disclosure policies by name.

use std::fmt::Write as _;
use std::process::ExitCode;

use serde_json::json;

use super::args::{PolicyCommand, Seat};
use super::{Complaint, Output, Result};
use crate::text;
use crate::triage::policy::{Book, Policy};

/// Lists the policies, or shows one. Needs no store.
pub(super) fn run(seat: &Seat, command: &PolicyCommand, output: &mut Output) -> Result<ExitCode> {
    let config = seat.config()?;
    let book = &config.rules.book;
    match command {
        PolicyCommand::List => output.answer(|| table(book), || json!(book.policies()))?,
        PolicyCommand::Show { name } => {
            let policy = find(book, name)?;
            let file = config.path.as_ref().map(|path| path.to_string_lossy());
            let mut value = json!(policy);
            value["config"] = json!(file);
            output.answer(|| page(policy, file.as_deref()), || value)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The policy of that name.
pub(super) fn find<'a>(book: &'a Book, name: &str) -> Result<&'a Policy> {
    book.find(name).map_err(|unknown| {
        Complaint::misread(unknown.to_string())
            .hint("'ninety policy list' shows all; the configuration may add more")
    })
}

fn table(book: &Book) -> String {
    let mut table =
        format!("{:<18} {:>5} {:>9} {:>6} {:>8}  says\n", "policy", "days", "after fix", "grace", "in wild");
    for policy in book.policies() {
        let _ = writeln!(
            table,
            "{:<18} {:>5} {:>9} {:>6} {:>8}  {}",
            text::fit(&text::line(&policy.name), 18),
            days(policy.days),
            days(policy.after_fix_days),
            days(Some(policy.grace_days).filter(|days| *days > 0)),
            days(policy.in_the_wild_days),
            text::line(&policy.title),
        );
    }
    table
}

fn days(days: Option<i64>) -> String {
    days.map_or("-".to_owned(), |days| days.to_string())
}

fn page(policy: &Policy, file: Option<&str>) -> String {
    let mut page = format!("{}  {}\n", text::line(&policy.name), text::line(&policy.title));
    let mut fact = |name: &str, value: String| {
        let _ = writeln!(page, "  {name:<14} {value}");
    };
    let or = |days: Option<i64>, none: &str| days.map_or(none.to_owned(), |days| format!("{days} days"));
    if !policy.also.is_empty() {
        fact("also", text::line(&policy.also.join(", ")));
    }
    fact("details", or(policy.days, "no fixed limit"));
    fact("after a fix", or(policy.after_fix_days, "the date stays"));
    fact("grace", or(Some(policy.grace_days).filter(|days| *days > 0), "none"));
    fact("in the wild", or(policy.in_the_wild_days, "no days named"));
    if policy.in_the_wild_grace_days > 0 {
        fact("  grace", or(Some(policy.in_the_wild_grace_days), ""));
    }
    fact("on a day off", policy.day_off.to_string());
    let terms = &policy.terms;
    fact("acknowledge", format!("{} hours", terms.acknowledge_hours));
    fact("triage", format!("{} hours", terms.triage_hours));
    fact("update", format!("every {} days", terms.update_days));
    fact(
        "stalled",
        format!("{} days (P0 to P4, without)", terms.stalled_days.map(|days| days.to_string()).join(", ")),
    );
    fact("hand-over", format!("{} hours", terms.handover_hours));
    fact("target", format!("{} % of the time to disclosure", terms.target_percent));
    fact("roll-out", format!("{} days", terms.rollout_days));
    fact("advisory", format!("{} hours", terms.advisory_hours));
    if !policy.note.is_empty() {
        fact("note", text::line(&policy.note));
    }
    fact("source", text::line(&policy.source));
    if let Some(file) = file {
        fact("configuration", text::line(file));
    }
    page
}
