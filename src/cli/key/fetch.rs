//! Certificates from the shared directory of this machine and, on request, from
//! the web. What would be asked is shown before anything leaves the machine.

use std::io::IsTerminal as _;
use std::process::ExitCode;

use serde_json::{Value, json};

use super::{shape, table};
use crate::cli::args::Seat;
use crate::cli::{Complaint, Output, Result, ask};
use crate::desk::{Desk, KeyImport, lookup};

/// Takes certificates in from the shared directory.
pub(super) fn collect(seat: &Seat, query: &str, output: &mut Output) -> Result<ExitCode> {
    let mut desk = seat.open()?;
    let done = desk.collect_keys(query)?;
    told(&desk, &done, output)
}

/// Asks the web key directory of an address.
pub(super) fn fetch(seat: &Seat, address: &str, yes: bool, output: &mut Output) -> Result<ExitCode> {
    let place = lookup(address)?;
    eprintln!("{}\n{}", place.advanced(), place.direct());
    if !cfg!(feature = "wkd") {
        return Err(Complaint::failed("this ninety was built without the web key directory")
            .hint("build it with 'cargo install --path . --features wkd', or fetch one of these and 'ninety key import FILE'"));
    }
    let question = format!("Ask these for {address}? Whoever runs them learns of it (yes, no)");
    let is_agreed = yes || (std::io::stdin().is_terminal() && ask(&question, "no")?.starts_with(['y', 'Y']));
    if !is_agreed {
        return Err(Complaint::failed("nothing was asked").hint("agree at a terminal, or say --yes"));
    }
    let mut desk = seat.open()?;
    let done = desk.fetch_keys(address, &get)?;
    told(&desk, &done, output)
}

/// Asks for one URL: https alone, no redirection, no cookie, ten seconds.
#[cfg(feature = "wkd")]
fn get(url: &str) -> std::result::Result<Option<Vec<u8>>, String> {
    use std::time::Duration;

    let agent: ureq::Agent = ureq::Agent::config_builder()
        .https_only(true)
        .max_redirects(0)
        .timeout_global(Some(Duration::from_secs(10)))
        .user_agent("")
        .build()
        .into();
    match agent.get(url).call() {
        Ok(mut answer) if answer.status() == 200 => {
            let body = answer.body_mut().with_config().limit(crate::desk::MAX_ANSWER).read_to_vec();
            body.map(Some).map_err(|error| error.to_string())
        }
        Ok(answer) => Err(format!("the server answers {}", answer.status())),
        Err(ureq::Error::StatusCode(404)) => Ok(None),
        Err(error) => Err(error.to_string()),
    }
}

#[cfg(not(feature = "wkd"))]
fn get(_: &str) -> std::result::Result<Option<Vec<u8>>, String> {
    Err("built without the web key directory".to_owned())
}

fn told(desk: &Desk, done: &KeyImport, output: &mut Output) -> Result<ExitCode> {
    let next = "next   compare the fingerprint over another way, then 'ninety key verify FINGERPRINT'\n";
    output.answer(
        || table(&done.held, desk.now()) + next,
        || {
            json!({ "keys": done.held.iter().map(shape).collect::<Value>(),
                    "opened": done.opened, "recognised": done.recognised })
        },
    )?;
    Ok(ExitCode::SUCCESS)
}
