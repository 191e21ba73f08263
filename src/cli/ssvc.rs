//! `ninety ssvc`: the outcome of the supplier's tree, without a store.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::process::ExitCode;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::args::{Seat, Ssvc as Given};
use super::{Complaint, Output, Result};
use crate::desk::Error;
use crate::text;
use crate::triage::ssvc::{
    Answers, DecisionPoint, PublicSafetyImpact, Question, Row, SelectionList, Utility,
};

/// Bytes of a selection list that are read at most.
const MAX_LIST: u64 = 1 << 20;

/// Answers the tree and says which row did.
pub(super) fn run(given: &Given, output: &mut Output) -> Result<ExitCode> {
    let now = Seat::machine_clock()?.now();
    let list = given.selections.as_deref().map(read_list).transpose()?;
    let (answers, utility) = answers(given, list.as_ref())?;
    let row = answers.row(utility).ok_or_else(|| missing(&answers, utility))?;
    let kept = list.map(|list| list.target_ids).unwrap_or_default();
    let targets = if given.target.is_empty() { &kept } else { &given.target };
    output.answer(|| words(&row, &answers), || shape(&row, &answers, now, targets))?;
    Ok(ExitCode::SUCCESS)
}

/// The answers of the command line over those of the list, and the utility where it is known.
fn answers(given: &Given, list: Option<&SelectionList>) -> Result<(Answers, Option<Utility>)> {
    use Question as Q;
    let answers = Answers {
        exploitation: told(&given.exploitation, Q::Exploitation.point(), str::parse)?,
        automatable: told(&given.automatable, Q::Automatable.point(), str::parse)?,
        value_density: told(&given.value_density, Q::ValueDensity.point(), str::parse)?,
        technical_impact: told(&given.technical_impact, Q::TechnicalImpact.point(), str::parse)?,
        public_safety_impact: told(
            &given.public_safety_impact,
            Q::PublicSafetyImpact.point(),
            PublicSafetyImpact::read,
        )?,
    };
    let utility = told(&given.utility, Utility::point(), str::parse)?;
    let Some(list) = list else { return Ok((answers, utility)) };
    let (mut kept, mut kept_utility) = list.answers().map_err(|error| {
        Complaint::misread(format!("selection list: {error}"))
            .hint("correct the list, or give the answers as options")
    })?;
    // A utility that is told replaces the two answers of the list that make it, and they it.
    if utility.is_some() {
        (kept.automatable, kept.value_density) = (None, None);
    }
    if answers.automatable.is_some() || answers.value_density.is_some() {
        kept_utility = None;
    }
    Ok((answers.or(kept), utility.or(kept_utility)))
}

/// What an option says, where it is given.
fn told<T, E: std::fmt::Display>(
    given: &Option<String>,
    point: &DecisionPoint,
    read: impl Fn(&str) -> std::result::Result<T, E>,
) -> Result<Option<T>> {
    let misread = |error| Complaint::misread(format!("{}: {error}", option(point))).hint(point.meanings());
    given.as_deref().map(read).transpose().map_err(misread)
}

/// The option that answers a decision point, such as `--value-density`.
fn option(point: &DecisionPoint) -> String {
    format!("--{}", point.name.to_lowercase().replace(' ', "-"))
}

/// Names all questions that are still open.
fn missing(answers: &Answers, utility: Option<Utility>) -> Complaint {
    let of_utility = |question| matches!(question, Question::Automatable | Question::ValueDensity);
    let open: Vec<Question> =
        answers.open().filter(|question| utility.is_none() || !of_utility(*question)).collect();
    let names: Vec<String> = open.iter().map(|question| question.to_string()).collect();
    let options = open.iter().map(|question| {
        let words = question.point().choices.iter().map(|choice| choice.name.to_lowercase());
        let words = words.collect::<Vec<_>>().join("|");
        format!("{} '{words}'", option(question.point()))
    });
    let options = options.collect::<Vec<_>>().join(" ");
    let instead = if open.iter().any(|question| of_utility(*question)) {
        "; --utility 'laborious|efficient|super effective' stands for automatable and value density"
    } else {
        ""
    };
    Complaint::misread(format!("without an answer: {}", names.join(", ")))
        .hint(format!("add {options}{instead}"))
}

fn read_list(path: &Path) -> Result<SelectionList> {
    let name = text::line(&path.to_string_lossy());
    let mut list = String::new();
    let source: io::Result<Box<dyn Read>> = if path == Path::new("-") {
        Ok(Box::new(io::stdin().lock()))
    } else {
        File::open(path).map(|file| Box::new(file) as Box<dyn Read>)
    };
    let read = source.and_then(|source| source.take(MAX_LIST + 1).read_to_string(&mut list));
    read.map_err(|error| Complaint::from(Error::file(path, error)))?;
    if list.len() as u64 > MAX_LIST {
        return Err(Complaint::misread(format!("{name}: too large for a selection list"))
            .hint("it is read up to 1 MiB"));
    }
    SelectionList::read(&list).map_err(|error| {
        Complaint::misread(format!("{name}: {error}")).hint("give an SSVC SelectionList 2.0.0 in JSON")
    })
}

fn words(row: &Row, answers: &Answers) -> String {
    let made = answers.automatable.zip(answers.value_density);
    let utility = made.map_or(String::new(), |(automatable, density)| {
        format!("utility {}: automatable {automatable}, value density {density}\n", row.utility)
    });
    format!(
        "{}: {}\n{utility}{row} (row {}, counted from 0, of {})\n",
        row.outcome,
        row.outcome.meaning(),
        row.number(),
        Row::TABLE
    )
}

fn shape(row: &Row, answers: &Answers, now: DateTime<Utc>, targets: &[String]) -> Value {
    let list = match answers.complete() {
        Some(ssvc) => SelectionList::of(&ssvc, now, targets),
        None => SelectionList::of_row(row, now, targets),
    };
    json!({
        "utility": row.utility.word(),
        "outcome": row.outcome.word(),
        "meaning": row.outcome.meaning(),
        "automatable": answers.automatable.map(|answer| answer.word()),
        "value_density": answers.value_density.map(|answer| answer.word()),
        "row": {
            "table": Row::TABLE,
            "number": row.number(),
            "exploitation": row.exploitation.word(),
            "utility": row.utility.word(),
            "technical_impact": row.technical_impact.word(),
            "public_safety_impact": row.public_safety_impact.word(),
            "outcome": row.outcome.word(),
        },
        "why": row.to_string(),
        "selection_list": list,
    })
}
