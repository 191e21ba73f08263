//! `ninety similar`: what is most like a case, and why.

use std::fmt::Write as _;
use std::process::ExitCode;

use super::args::Seat;
use super::{Output, Result, json};
use crate::text;
use crate::triage::similar::Similar;

/// Shows the similar cases.
pub(super) fn run(seat: &Seat, id: &str, output: &mut Output) -> Result<ExitCode> {
    let desk = seat.open()?;
    let similar = desk.similar(desk.key_of(id)?)?;
    output.answer(|| page(&similar), || json::similar(&similar))?;
    Ok(ExitCode::SUCCESS)
}

fn page(similar: &[Similar]) -> String {
    let mut page = String::new();
    for one in similar {
        let _ = writeln!(page, "{:<14} {:>3}  {}", text::line(&one.id), one.score, text::line(&one.title));
        for reason in &one.reasons {
            let _ = writeln!(page, "                    {}", text::line(reason));
        }
    }
    if page.is_empty() {
        page.push_str("no case is like it\n");
    }
    page
}
