//! What the law asks for in a case: the instants that start its clocks, what
//! was filed, and the texts to paste.

use std::cell::Cell;

use chrono::{DateTime, Utc};

use super::{Desk, Error, Order, Outcome, Result};
use crate::text;
use crate::triage::mark;
use crate::triage::regulation::{Filing, Instants, Regime, Report, Situation, Step, draft};
use crate::triage::{Case, CaseKey, Decision, Milestone};

impl Desk {
    /// The regime that is meant in a case where none is named: the one that the
    /// case is under, else the only one that the company is subject to.
    ///
    /// # Errors
    /// When the company is not subject to it, or several could be meant.
    pub fn regime(&self, case: &Case, named: Option<Regime>) -> Result<Regime> {
        let subject = &self.rules.regulation;
        let only = |regimes: Vec<Regime>| match regimes[..] {
            [one] => Some(one),
            _ => None,
        };
        let under = || only(case.obligations.iter().map(|situation| situation.regime).collect());
        let by_company = || match (subject.cra, subject.nis2) {
            (false, true) => Some(Regime::Nis2),
            (true, false) => Some(Regime::CraVulnerability),
            _ => None,
        };
        let unclear = || {
            Error::Misread(
                "several regimes could be meant; name one with --regime cra, cra-incident or nis2".into(),
            )
        };
        if !subject.cra && !subject.nis2 {
            return Err(not_subject(named.unwrap_or(Regime::CraVulnerability)));
        }
        let regime = named.or_else(under).or_else(by_company).ok_or_else(unclear)?;
        if subject.is_subject_to(regime) { Ok(regime) } else { Err(not_subject(regime)) }
    }

    /// Notes that a report was submitted. A further filing of the same step
    /// corrects the first, which is the one that counts; so it is taken only
    /// where the person says that it is one, with `again`.
    ///
    /// # Errors
    /// When the company has no such duty, the instant lies ahead, the step was
    /// filed already, or the store fails.
    pub fn file(
        &mut self,
        key: CaseKey,
        regime: Option<Regime>,
        step: Step,
        at: DateTime<Utc>,
        reference: &str,
        again: bool,
    ) -> Result<Outcome> {
        let by = self.actor.clone();
        self.not_ahead("filed", at)?;
        let filing = Filing { step, at, by, reference: reference.trim().to_owned() };
        let (done, corrects) = (format!("{step} filed"), Cell::new(false));
        let mut outcome = self.change_situation(key, regime, &done, |situation| {
            if let Some(aware) = situation.aware_at.filter(|aware| filing.at < *aware) {
                return Err(Error::Refused(format!(
                    "filed before the company was aware of it, on {}; give the right --at, or mend the awareness with 'ninety aware'",
                    crate::triage::event::in_utc(aware)
                )));
            }
            match situation.filed(step) {
                _ if situation.filings.contains(&filing) => {}
                Some(first) if !again => return Err(filed_already(first)),
                earlier => {
                    corrects.set(earlier.is_some());
                    situation.filings.push(filing.clone());
                }
            }
            Ok(())
        })?;
        if corrects.get() {
            outcome.summary.push_str(", as a correction: what was filed first counts");
        }
        Ok(outcome)
    }

    /// Sets the instants of a situation.
    ///
    /// # Errors
    /// When the company has no such duty, an instant lies ahead or makes no
    /// sense under the regime, or the store fails.
    pub fn aware(&mut self, key: CaseKey, regime: Option<Regime>, instants: &Instants) -> Result<Outcome> {
        for (what, at) in instants.named() {
            self.not_ahead(what, at)?;
        }
        let said: Vec<&str> = instants.named().map(|(what, _)| what).collect();
        let done = format!("noted: {}", said.join(", "));
        self.change_situation(key, regime, &done, |situation| instants.set(situation).map_err(Error::Refused))
    }

    fn not_ahead(&self, what: &str, at: DateTime<Utc>) -> Result<()> {
        if at <= self.now() {
            return Ok(());
        }
        let at = crate::triage::event::in_utc(at);
        Err(Error::Misread(format!("{what} on {at}, which lies ahead; say it when it has happened")))
    }

    fn change_situation(
        &mut self,
        key: CaseKey,
        regime: Option<Regime>,
        done: &str,
        change: impl Fn(&mut Situation) -> Result<()>,
    ) -> Result<Outcome> {
        let case = self.case(key)?;
        let regime = self.regime(&case, regime)?;
        let mut situations = case.obligations;
        let known = situations.iter().position(|known| known.regime == regime);
        let place = known.unwrap_or_else(|| {
            situations.push(Situation::new(regime));
            situations.len() - 1
        });
        change(&mut situations[place])?;
        let decision = Decision::Obligations(situations);
        let mut outcome = self.decide(&[Order { case: key, seen: Some(case.version), decision }])?;
        if !outcome.changed.is_empty() {
            outcome.summary = format!("{done} ({regime})");
        }
        Ok(outcome)
    }

    /// The text of a report, ready to be pasted; what is not known is a marked
    /// blank in it. Safe text.
    ///
    /// # Errors
    /// When the company has no such duty, or the store cannot be read.
    pub fn draft_report(&self, key: CaseKey, regime: Option<Regime>, step: Step) -> Result<(Regime, String)> {
        let case = self.case(key)?;
        let regime = self.regime(&case, regime)?;
        let known = case.obligations.iter().find(|situation| situation.regime == regime).cloned();
        let situation = known.unwrap_or_else(|| Situation::new(regime));
        let page = draft(step, &situation, &self.report(&case));
        Ok((regime, if self.is_drill { mark::with_line(&page) } else { page }))
    }

    /// What a case and the configuration know of a report.
    fn report(&self, case: &Case) -> Report {
        let (assessment, subject, team) = (&case.assessment, &self.rules.regulation, &self.team);
        let some = |text: &str| (!text.trim().is_empty()).then(|| text.to_owned());
        let released = case.reached.get(&Milestone::Released).copied();
        let fix = assessment.fixed_in.as_ref().map(|version| match released {
            Some(at) => format!("fixed in {version}, released on {}", crate::triage::event::in_utc(at)),
            None => format!("fixed in {version}"),
        });
        let exploited = case.reached.get(&Milestone::Exploited).copied().filter(|_| case.exploited);
        let cves: Vec<&str> = case
            .tags
            .iter()
            .filter(|tag| tag.to_ascii_uppercase().starts_with("CVE-"))
            .map(String::as_str)
            .collect();
        Report {
            case: Some(case.id.clone()),
            company: some(&subject.company),
            contact: some(&format!("{} <{}>", team.name, team.address)),
            product: case.product.clone(),
            versions: assessment.affected.clone(),
            title: some(&case.title),
            identifiers: some(&cves.join(", ")),
            weakness: assessment.weakness.map(|weakness| format!("{weakness:#}")),
            severity: assessment
                .cvss
                .map(|cvss| format!("CVSS {:.1} {}, {cvss}", cvss.score(), cvss.severity())),
            exploit: exploited
                .map(|at| format!("known to be exploited since {}", crate::triage::event::in_utc(at))),
            user_measures: assessment.workaround.clone(),
            measures_taken: fix.clone().filter(|_| released.is_some()),
            fix: fix.filter(|_| released.is_some()),
            member_states: subject.member_states.clone(),
            malicious: case.exploited.then_some(true),
            ..Report::default()
        }
    }
}

fn filed_already(first: &Filing) -> Error {
    let reference = text::line(&first.reference);
    let number = if reference.is_empty() { String::new() } else { format!(" as {reference}") };
    Error::Refused(format!(
        "the {} was filed already, on {} by {}{number}, and what was filed first counts; where this one corrects it, add --again",
        first.step,
        crate::triage::event::in_utc(first.at),
        text::line(&first.by)
    ))
}

fn not_subject(regime: Regime) -> Error {
    let (law, setting) = match regime {
        Regime::CraVulnerability | Regime::CraIncident => ("the Cyber Resilience Act", "cra = true"),
        Regime::Nis2 => ("NIS2", "nis2 = true"),
    };
    Error::Refused(text::line(&format!(
        "the configuration does not say that the company is subject to {law}; if it is, write '{setting}' under [regulation] in it"
    )))
}
