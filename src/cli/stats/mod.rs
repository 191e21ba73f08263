//! `ninety stats`: figures over a time, as text, JSON, CSV, or a page with plots.

mod csv;
mod html;
mod json;
mod plot;
mod text;

use std::path::Path;
use std::process::ExitCode;

use chrono::{DateTime, Local, Utc};
use chrono_tz::Tz;
use serde_json::Value;

use super::args::{Seat, Stats as Asked};
use super::output::write_new;
use super::{Complaint, Output, Result, list};
use crate::text::line;
use crate::triage::statistics::Statistics;
use crate::triage::{Query, date, mark};

/// Figures with what belongs around them.
struct Told {
    /// Whom they are about. Safe text.
    team: String,
    /// What was asked for; empty for all cases. Safe text.
    query: String,
    /// The zone whose weeks they count.
    zone: Tz,
    /// The figures.
    statistics: Statistics,
    /// They are about a drill.
    is_drill: bool,
}

impl Told {
    /// `Mon 2026-08-31 to Wed 2026-11-25 (UTC)`.
    fn period(&self) -> String {
        let day = |at: DateTime<Utc>| at.with_timezone(&self.zone).format("%a %Y-%m-%d").to_string();
        let period = &self.statistics.period;
        format!("{} to {} ({})", day(period.since), day(period.last()), self.zone)
    }

    /// Which cases, in words.
    fn about(&self) -> String {
        if self.query.is_empty() { "all cases".to_owned() } else { format!("cases of: {}", self.query) }
    }

    /// Whom they are about, and what.
    fn title(&self) -> String {
        let drill = if self.is_drill { format!("{}: ", mark::MARK) } else { String::new() };
        format!("{drill}{}: reports and what became of them", self.team)
    }

    /// That there are cases which the reader may not see; nothing where there are none.
    fn restricted(&self) -> Option<String> {
        let (cases, verb) = match self.statistics.received.restricted {
            0 => return None,
            1 => ("1 case".to_owned(), "is"),
            count => (format!("{count} cases"), "are"),
        };
        Some(format!("{cases} of any time {verb} restricted to others, and in no figure"))
    }
}

/// Tells the figures in the form that was asked for.
pub(super) fn run(seat: &Seat, asked: &Asked, output: &mut Output) -> Result<ExitCode> {
    if output.is_json() && (asked.csv || asked.html.is_some()) {
        let complaint = Complaint::misread("--json goes with neither --csv nor --html");
        return Err(complaint.hint("ask for one form at a time"));
    }
    let now = seat.clock()?.now();
    let since = optional("since", asked.since.as_deref(), now)?;
    let until = optional("until", asked.until.as_deref(), now)?;
    if since.is_some_and(|since| since > now) {
        return Err(Complaint::misread("--since lies ahead, and nothing has happened since then")
            .hint("write an instant that is past, such as 30d ago"));
    }
    if let (Some(since), Some(until)) = (since, until)
        && since >= until
    {
        return Err(Complaint::misread("--since is not before --until").hint("exchange the two"));
    }
    let mut desk = seat.open()?;
    let words = list::joined(&asked.query);
    let query = Query::read(&words, desk.actor()).map_err(|misread| {
        Complaint::misread(misread.to_string()).hint("'ninety list --help' shows what a query can say")
    })?;
    let statistics = desk.statistics(since, until, &query)?;
    let zone = desk.rules().calendar.zone;
    let told = Told {
        team: line(&desk.team().name),
        query: line(&words),
        zone,
        statistics,
        is_drill: desk.is_drill(),
    };
    match &asked.html {
        Some(file) => write_page(file, &html::page(&told), output)?,
        None if asked.csv => output.bytes(csv::rows(&told).as_bytes())?,
        None if output.is_json() => output.answer(String::new, || json::document(&told))?,
        None => output.answer(|| text::page(&told), || Value::Null)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn write_page(file: &Path, page: &str, output: &mut Output) -> Result<()> {
    if file == Path::new("-") {
        return output.bytes(page.as_bytes());
    }
    write_new(file, page.as_bytes())?;
    output.bytes(format!("written to {}\n", line(&file.to_string_lossy())).as_bytes())
}

fn optional(name: &str, given: Option<&str>, now: DateTime<Utc>) -> Result<Option<DateTime<Utc>>> {
    let read = |given| date::moment(given, &Local, now);
    given.map(read).transpose().map_err(|why| Complaint::misread(format!("--{name}: {why}")))
}
