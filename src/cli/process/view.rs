//! `ninety view`: the saved views, and the cases of one.

use std::fmt::Write as _;
use std::process::ExitCode;

use serde_json::json;

use crate::cli::args::Seat;
use crate::cli::{Complaint, Output, Result, list};
use crate::text;
use crate::triage::{Query, View};

/// Lists the views, or the cases of the one that is named.
pub(super) fn run(seat: &Seat, name: &str, output: &mut Output) -> Result<ExitCode> {
    if name.trim().is_empty() {
        // Needs no store.
        let views = seat.config()?.rules.views;
        output.answer(|| table(&views), || json!(views))?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut desk = seat.open()?;
    let query = query(&desk.rules().views, name, desk.actor())?;
    list::cases(&mut desk, &query, output)
}

/// The query of the view of that name, for `actor`.
pub(in crate::cli) fn query(views: &[View], name: &str, actor: &str) -> Result<Query> {
    let names = views.iter().map(|view| text::line(&view.name)).collect::<Vec<_>>().join(", ");
    let unknown =
        || Complaint::misread(format!("no view is called '{}'; there are {names}", text::line(name)));
    let view = views.iter().find(|view| plain(&view.name) == plain(name)).ok_or_else(unknown)?;
    view.read(actor).map_err(|misread| {
        Complaint::misread(format!("view '{}': {misread}", text::line(&view.name)))
            .hint("'ninety list --help' shows what a query can say")
    })
}

/// Neither case nor blanks nor hyphens tell names apart.
fn plain(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn table(views: &[View]) -> String {
    let mut table = format!("{:<20} {:<3}  query\n", "view", "key");
    for view in views {
        let key = view.key.map_or("-".to_owned(), |key| text::line(&key.to_string()));
        let name = text::fit(&text::line(&view.name), 20);
        let _ = writeln!(table, "{name:<20} {key:<3}  {}", text::line(&view.query));
    }
    table
}
