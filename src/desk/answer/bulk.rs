//! Closing many cases, each with an answer from one template: planned as a
//! whole and told before anything is written, then answered one by one and
//! closed in one batch. What cannot be answered as it should be is left out.

use std::path::Path;

use super::plan::{Plan, Protection, Wish};
use super::{Draft, template};
use crate::desk::{Desk, Error, Order, Outcome, Result};
use crate::text;
use crate::triage::closing::Open;
use crate::triage::{CaseKey, Decision, Resolution, State};

/// Cases to be closed, how, and which template their reporters are sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Farewell {
    /// The cases, each with the version that the person saw.
    pub cases: Vec<(CaseKey, Option<i64>)>,
    /// How they end.
    pub resolution: Resolution,
    /// Name of the template.
    pub template: String,
}

/// What a farewell would do.
#[derive(Debug, Clone, PartialEq)]
pub struct Leave {
    /// What was asked for.
    pub farewell: Farewell,
    /// Cases whose answer is signed and encrypted.
    pub encrypted: Vec<CaseKey>,
    /// Cases whose report came in the clear, and that can be answered in the clear alone.
    pub clear: Vec<CaseKey>,
    /// What is left out: the case's identifier and why, in words.
    pub left_out: Vec<(String, String)>,
    /// What is still open in the cases: the identifier, and what.
    pub left_open: Vec<(String, Open)>,
    /// Whether the key that signs has to be opened first.
    pub needs_passphrase: bool,
}

impl Leave {
    /// Why cases are left out, each reason with its cases; the commonest first.
    pub fn reasons(&self) -> Vec<(&str, Vec<&str>)> {
        crate::desk::orders::grouped(self.left_out.iter().map(|(id, why)| (why.as_str(), id.as_str())))
    }
}

impl Farewell {
    fn orders(&self, fits: impl Fn(CaseKey) -> bool, sees: bool) -> Vec<Order> {
        let decision = || Decision::State(State::Closed, Some(self.resolution));
        let cases = self.cases.iter().filter(|(case, _)| fits(*case));
        cases
            .map(|(case, seen)| Order { case: *case, seen: seen.filter(|_| sees), decision: decision() })
            .collect()
    }
}

impl Desk {
    /// The templates that an answer at the end can begin with: those of the
    /// directory and ours, each once. Safe text.
    pub fn templates(&self, directory: Option<&Path>) -> Vec<String> {
        template::names(directory)
    }

    /// What closing these cases with an answer would do. Writes nothing.
    ///
    /// # Errors
    /// When there is no such template, or the store cannot be read.
    pub fn plan_farewell(&mut self, farewell: &Farewell, directory: Option<&Path>) -> Result<Leave> {
        template::find(&farewell.template, directory)?;
        let preview = self.preview(&farewell.orders(|_| true, true))?;
        let mut leave = Leave {
            farewell: farewell.clone(),
            encrypted: Vec::new(),
            clear: Vec::new(),
            left_out: preview.refused,
            left_open: preview.left_open,
            needs_passphrase: false,
        };
        // Here every one of them is answered.
        leave.left_open.retain(|(_, item)| *item != Open::Unanswered);
        for case in preview.changed {
            match self.farewell_plan(case, true) {
                Ok(plan) => {
                    leave.needs_passphrase |= plan.needs_passphrase;
                    match plan.protection {
                        Protection::Encrypted(_) => leave.encrypted.push(case),
                        Protection::Clear => leave.clear.push(case),
                    }
                }
                Err(Error::Refused(why)) => leave.left_out.push((self.case(case)?.id, text::line(&why))),
                Err(other) => return Err(other),
            }
        }
        Ok(leave)
    }

    /// Answers and closes: the answers stay whatever is undone, the closing is
    /// one batch. Cases that can only be answered in the clear are done where
    /// `in_the_clear` says so. What changed since it was planned is left out.
    ///
    /// # Errors
    /// When the store fails; what was answered until then is kept.
    pub fn say_farewell(
        &mut self,
        leave: &Leave,
        in_the_clear: bool,
        directory: Option<&Path>,
    ) -> Result<Outcome> {
        let farewell = &leave.farewell;
        let wanted =
            |case: CaseKey| leave.encrypted.contains(&case) || in_the_clear && leave.clear.contains(&case);
        let preview = self.preview(&farewell.orders(wanted, true))?;
        let (mut refused, mut answered) = (preview.refused, Vec::new());
        for case in preview.changed {
            let may_be_clear = in_the_clear && leave.clear.contains(&case);
            match self.farewell_to(case, may_be_clear, &farewell.template, directory) {
                Ok(()) => answered.push(case),
                Err(Error::Refused(why)) => refused.push((self.case(case)?.id, text::line(&why))),
                Err(other) => return Err(other),
            }
        }
        // Answering changed the cases, so the version that was seen is an old one.
        let mut outcome = self.decide(&farewell.orders(|case| answered.contains(&case), false))?;
        refused.append(&mut outcome.refused);
        outcome.refused = refused;
        outcome.summary = format!(
            "answered {}, closed {} as {}",
            answered.len(),
            outcome.changed.len(),
            farewell.resolution
        );
        Ok(outcome)
    }

    fn farewell_to(
        &mut self,
        case: CaseKey,
        may_be_clear: bool,
        template: &str,
        directory: Option<&Path>,
    ) -> Result<()> {
        let plan = self.farewell_plan(case, may_be_clear)?;
        let text = self.begin(&plan, Some(template), directory, true)?;
        let draft = Draft { subject: plan.subject.clone(), text };
        self.answer(&plan, &draft, &[])?;
        Ok(())
    }

    /// Encrypted where that can be; else in the clear where the report came so.
    /// Several keys, or another than before, are for a person to look at.
    fn farewell_plan(&self, case: CaseKey, may_be_clear: bool) -> Result<Plan> {
        let refused = match self.plan(case, &Wish::default()) {
            Err(Error::Refused(why)) => why,
            other => return other,
        };
        let address = self.case(case)?.reporter.email;
        if !may_be_clear || !self.recipients(&address)?.is_empty() {
            return Err(Error::Refused(refused));
        }
        let clear = self.plan(case, &Wish { in_the_clear: true, ..Wish::default() });
        clear.map_err(|error| match error {
            Error::Refused(_) => Error::Refused(refused),
            other => other,
        })
    }
}
