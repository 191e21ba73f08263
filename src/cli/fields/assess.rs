//! The parts of an assessment on the command line: scores, weakness, versions.

use super::{optional, optional_word, read};
use crate::cli::{Complaint, Result};
use crate::text;
use crate::triage::assessment::Assessment;
use crate::triage::cvss::Cvss;
use crate::triage::proposal::Flaw;
use crate::triage::ssvc::{Answers, PublicSafetyImpact, Question};
use crate::triage::weakness::Weakness;

/// One part, set or emptied.
#[derive(Debug)]
pub(super) enum Part {
    Flaw(Option<Flaw>),
    Cvss(Option<Cvss>),
    Ssvc(Option<Answers>),
    Weakness(Option<Weakness>),
    Affected(Option<String>),
    FixedIn(Option<String>),
    Workaround(Option<String>),
    Reason(Option<String>),
}

impl Part {
    /// The part of this name; none where a field is about something else.
    pub(super) fn read(name: &str, value: &str) -> Result<Option<Self>> {
        Ok(Some(match name {
            "kind" | "flaw" if value.eq_ignore_ascii_case("design") => Part::Flaw(Some(Flaw::Design)),
            "kind" | "flaw" => Part::Flaw(optional_word(name, value)?),
            "cvss" => Part::Cvss(optional(value).map(|vector| cvss(&vector)).transpose()?),
            "ssvc" => Part::Ssvc(optional(value).map(|answers| ssvc(&answers)).transpose()?),
            "cwe" | "weakness" => Part::Weakness(optional_word(name, value)?),
            "affected" => Part::Affected(optional(value)),
            "fixed_in" => Part::FixedIn(optional(value)),
            "workaround" => Part::Workaround(optional(value)),
            "reason" => Part::Reason(optional(value)),
            _ => return Ok(None),
        }))
    }

    /// Makes it so. Answers of the tree that are not said stay as they are.
    pub(super) fn set(&self, assessment: &mut Assessment) -> Result<()> {
        match self {
            Part::Flaw(flaw) => assessment.flaw = *flaw,
            Part::Cvss(cvss) => assessment.cvss = *cvss,
            Part::Ssvc(None) => assessment.ssvc = None,
            Part::Ssvc(Some(answers)) => {
                let known = assessment.ssvc.map(Answers::from).unwrap_or_default();
                let all = answers.or(known);
                assessment.ssvc = Some(all.complete().ok_or_else(|| open(&all))?);
            }
            Part::Weakness(weakness) => assessment.weakness = *weakness,
            Part::Affected(affected) => assessment.affected.clone_from(affected),
            Part::FixedIn(version) => assessment.fixed_in.clone_from(version),
            Part::Workaround(words) => assessment.workaround.clone_from(words),
            Part::Reason(words) => assessment.reason.clone_from(words),
        }
        Ok(())
    }
}

fn cvss(vector: &str) -> Result<Cvss> {
    vector.parse().map_err(|misread: crate::triage::cvss::Misread| {
        Complaint::misread(format!("cvss, at character {}: {}", misread.at + 1, misread.why))
            .hint(misread.mend)
    })
}

/// The answers in the order of the questions, or those that are named.
fn ssvc(given: &str) -> Result<Answers> {
    let words: Vec<&str> = given.split([',', ';']).map(str::trim).filter(|word| !word.is_empty()).collect();
    let is_named = words.iter().any(|word| word.contains('='));
    if !is_named && words.len() != Question::ALL.len() {
        let count = words.len();
        return Err(Complaint::misread(format!("ssvc: {count} answers, there are five questions")).hint(
            "write all in their order, such as active,yes,diffuse,total,minimal, or name some: exploitation=active,automatable=yes",
        ));
    }
    let mut answers = Answers::default();
    for (number, word) in words.into_iter().enumerate() {
        let (question, word) = match word.split_once('=') {
            Some((question, word)) => (read("ssvc", question)?, word),
            None if is_named => {
                let given = text::line(word);
                return Err(Complaint::misread(format!("ssvc: which question does '{given}' answer?"))
                    .hint("name all of them, or none: exploitation=active,automatable=yes"));
            }
            None => (Question::ALL[number], word),
        };
        answer(&mut answers, question, word)?;
    }
    Ok(answers)
}

fn answer(answers: &mut Answers, question: Question, word: &str) -> Result<()> {
    let name = format!("ssvc, {question}");
    match question {
        Question::Exploitation => answers.exploitation = Some(read(&name, word)?),
        Question::Automatable => answers.automatable = Some(read(&name, word)?),
        Question::ValueDensity => answers.value_density = Some(read(&name, word)?),
        Question::TechnicalImpact => answers.technical_impact = Some(read(&name, word)?),
        Question::PublicSafetyImpact => {
            let impact = PublicSafetyImpact::read(word);
            answers.public_safety_impact =
                Some(impact.map_err(|error| Complaint::misread(format!("{name}: {error}")))?);
        }
    }
    Ok(())
}

/// Names the questions that are still open.
fn open(answers: &Answers) -> Complaint {
    let open: Vec<String> = answers.open().map(|question| question.to_string()).collect();
    Complaint::misread(format!("ssvc: without an answer: {}", open.join(", ")))
        .hint("'ninety ssvc --help' tells what each answer means")
}
