//! The text of each report, to be pasted where the authority takes it.
//!
//! What stands in a report is what its Article asks for, in the Article's order;
//! what is not known is a marked blank ([`BLANK`]), never left out and never
//! guessed. "Where available" and "where applicable" are the Article's words:
//! such a blank may be struck out.

use std::fmt::Write as _;

use chrono::{DateTime, Utc};

use super::{Regime, Situation, Step};
use crate::text;
use crate::triage::event::in_utc;

/// What stands where something is not known.
pub const BLANK: &str = "[TO FILL IN]";

/// What is known for a report. All text may be foreign.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Report {
    /// Our identifier of the case.
    pub case: Option<String>,
    /// The manufacturer or the entity that reports.
    pub company: Option<String>,
    /// Whom the authority can ask.
    pub contact: Option<String>,
    /// The product with digital elements, or the service.
    pub product: Option<String>,
    /// Which versions of it.
    pub versions: Option<String>,
    /// What it is about, in a line.
    pub title: Option<String>,
    /// Identifiers that are assigned, such as a CVE number.
    pub identifiers: Option<String>,
    /// The kind of weakness, such as a CWE number: the general nature of the vulnerability.
    pub weakness: Option<String>,
    /// What happens, in detail.
    pub description: Option<String>,
    /// How severe: a score with its vector, or words.
    pub severity: Option<String>,
    /// What follows from it for users.
    pub impact: Option<String>,
    /// The general nature of the exploit, or of the incident.
    pub exploit: Option<String>,
    /// Who exploits it.
    pub actor: Option<String>,
    /// The threat or the cause that likely set it off.
    pub cause: Option<String>,
    /// Indicators of compromise.
    pub indicators: Option<String>,
    /// Corrective or mitigating measures taken.
    pub measures_taken: Option<String>,
    /// Mitigation that is going on.
    pub measures_ongoing: Option<String>,
    /// Corrective or mitigating measures that users can take.
    pub user_measures: Option<String>,
    /// The security update or other corrective measure that was made available.
    pub fix: Option<String>,
    /// The Member States where the product is available, or that are affected.
    pub member_states: Vec<String>,
    /// Whether it could reach, or reaches, beyond one Member State, and how.
    pub cross_border: Option<String>,
    /// Whether an unlawful or malicious act is suspected.
    pub malicious: Option<bool>,
    /// How sensitive we consider what is reported to be.
    pub sensitivity: Option<String>,
}

/// One thing that a report says: its heading, and what is known of it.
type Entry = (&'static str, fn(&Situation, &Report) -> Option<String>);

const COMPANY: Entry = ("Manufacturer", |_, report| report.company.clone());
const ENTITY: Entry = ("Entity", |_, report| report.company.clone());
const CONTACT: Entry = ("Contact", |_, report| report.contact.clone());
const PRODUCT: Entry = ("Product with digital elements", |_, report| report.product.clone());
const SERVICE: Entry = ("Service concerned", |_, report| report.product.clone());
const VERSIONS: Entry = ("Versions", |_, report| report.versions.clone());
const VULNERABILITY: Entry = ("Vulnerability", |_, report| report.title.clone());
const INCIDENT: Entry = ("Incident", |_, report| report.title.clone());
const IDENTIFIERS: Entry = ("Identifiers, where available", |_, report| report.identifiers.clone());
const AWARE: Entry = ("Aware since", |situation, _| situation.aware_at.map(in_utc));
const SIGNAL: Entry = ("First signal, where available", |situation, _| situation.first_signal_at.map(in_utc));
const STATES: Entry =
    ("Member States where the product has been made available, where applicable", |_, report| states(report));
const MALICIOUS: Entry = ("Suspected of being caused by unlawful or malicious acts", |_, report| {
    report.malicious.map(|suspected| if suspected { "yes" } else { "no" }.to_owned())
});
const WEAKNESS: Entry = ("General nature of the vulnerability", |_, report| report.weakness.clone());
const EXPLOIT: Entry = ("General nature of the exploit", |_, report| report.exploit.clone());
const NATURE: Entry = ("Nature of the incident", |_, report| report.exploit.clone());
const ASSESSMENT: Entry = ("Initial assessment", |_, report| report.description.clone());
const DESCRIPTION: Entry = ("Description", |_, report| report.description.clone());
const SEVERITY: Entry = ("Severity", |_, report| report.severity.clone());
const IMPACT: Entry = ("Impact", |_, report| report.impact.clone());
const TAKEN: Entry = ("Corrective or mitigating measures taken", |_, report| report.measures_taken.clone());
const BY_USERS: Entry =
    ("Corrective or mitigating measures that users can take", |_, report| report.user_measures.clone());
const SENSITIVITY: Entry =
    ("Sensitivity of this information, where applicable", |_, report| report.sensitivity.clone());
const ACTOR: Entry =
    ("Malicious actor that has exploited or is exploiting it, where available", |_, report| {
        report.actor.clone()
    });
const FIX: Entry =
    ("Security update or other corrective measures made available", |_, report| report.fix.clone());
const AVAILABLE: Entry =
    ("Measure available since", |situation, _| situation.measure_available_at.map(in_utc));
const CAUSE: Entry =
    ("Type of threat or root cause likely to have triggered it", |_, report| report.cause.clone());
const APPLIED: Entry = ("Applied mitigation measures", |_, report| report.measures_taken.clone());
const ONGOING: Entry = ("Ongoing mitigation measures", |_, report| report.measures_ongoing.clone());
const INDICATORS: Entry =
    ("Indicators of compromise, where available", |_, report| report.indicators.clone());
const COULD_CROSS: Entry =
    ("Possible cross-border impact, where applicable", |_, report| report.cross_border.clone());
const CROSSED: Entry = ("Cross-border impact, where applicable", |_, report| report.cross_border.clone());
const AFFECTED: Entry = ("Member States affected, where applicable", |_, report| states(report));
const HANDLED: Entry = ("Handled on", |situation, _| situation.handled_at.map(in_utc));

fn states(report: &Report) -> Option<String> {
    (!report.member_states.is_empty()).then(|| report.member_states.join(", "))
}

/// What the Article has a report say, in its order, and which point of it that is.
fn entries(regime: Regime, step: Step) -> (&'static str, &'static [Entry]) {
    use Regime::{CraIncident, CraVulnerability, Nis2};
    match (regime, step) {
        (CraVulnerability, Step::EarlyWarning) => ("14(2)(a)", &[STATES, SIGNAL]),
        (CraVulnerability, Step::Notification) => {
            ("14(2)(b)", &[WEAKNESS, EXPLOIT, TAKEN, BY_USERS, SENSITIVITY, STATES])
        }
        (CraVulnerability, Step::ProgressReport) => ("14(6)", &[EXPLOIT, TAKEN, ONGOING, BY_USERS]),
        (CraVulnerability, Step::FinalReport) => {
            ("14(2)(c)", &[DESCRIPTION, SEVERITY, IMPACT, ACTOR, FIX, AVAILABLE])
        }
        (CraIncident, Step::EarlyWarning) => ("14(4)(a)", &[MALICIOUS, STATES, SIGNAL]),
        (CraIncident, Step::Notification) => {
            ("14(4)(b)", &[NATURE, ASSESSMENT, TAKEN, BY_USERS, SENSITIVITY, STATES])
        }
        (CraIncident, Step::ProgressReport) => ("14(6)", &[NATURE, ASSESSMENT, TAKEN, ONGOING, BY_USERS]),
        (CraIncident, Step::FinalReport) => {
            ("14(4)(c)", &[DESCRIPTION, SEVERITY, IMPACT, CAUSE, APPLIED, ONGOING])
        }
        (Nis2, Step::EarlyWarning) => ("23(4)(a)", &[MALICIOUS, COULD_CROSS, AFFECTED, SIGNAL]),
        (Nis2, Step::Notification) => {
            ("23(4)(b)", &[MALICIOUS, COULD_CROSS, AFFECTED, ASSESSMENT, SEVERITY, IMPACT, INDICATORS])
        }
        (Nis2, Step::ProgressReport) => {
            ("23(4)(e)", &[DESCRIPTION, SEVERITY, IMPACT, CAUSE, APPLIED, ONGOING, CROSSED])
        }
        (Nis2, Step::FinalReport) => (
            "23(4)(d)",
            &[DESCRIPTION, SEVERITY, IMPACT, CAUSE, APPLIED, ONGOING, CROSSED, AFFECTED, HANDLED],
        ),
    }
}

/// What every report of a regime begins with: who reports what, since when.
fn head(regime: Regime) -> &'static [Entry] {
    match regime {
        Regime::CraVulnerability => &[COMPANY, CONTACT, PRODUCT, VERSIONS, VULNERABILITY, IDENTIFIERS, AWARE],
        Regime::CraIncident => &[COMPANY, CONTACT, PRODUCT, VERSIONS, INCIDENT, AWARE],
        Regime::Nis2 => &[ENTITY, CONTACT, SERVICE, INCIDENT, AWARE],
    }
}

/// The text of the report `step`, ready to be pasted: lines of `heading: text`,
/// with [`BLANK`] for what is not known. Foreign text in it is safe to show.
pub fn draft(step: Step, situation: &Situation, report: &Report) -> String {
    let regime = situation.regime;
    let (article, entries) = entries(regime, step);
    let (law, of, to) = match regime {
        Regime::CraVulnerability => (CRA, "an actively exploited vulnerability", TO_PLATFORM),
        Regime::CraIncident => {
            (CRA, "a severe incident having an impact on the security of a product", TO_PLATFORM)
        }
        Regime::Nis2 => (NIS2, "a significant incident", "the CSIRT or the competent authority"),
    };
    let name = match step {
        Step::ProgressReport if regime != Regime::Nis2 => "intermediate report".to_owned(),
        step => step.to_string(),
    };
    let mut page = format!("{} of {of}\n{law}, Article {article}\nTo: {to}\n", name.to_uppercase());
    if let Some(case) = &report.case {
        let _ = writeln!(page, "Our reference: {}", text::line(case));
    }
    earlier(&mut page, step, situation);
    page.push('\n');
    for (heading, known) in head(regime).iter().chain(entries) {
        entry(&mut page, heading, known(situation, report).as_deref());
    }
    page
}

const CRA: &str = "Regulation (EU) 2024/2847 (Cyber Resilience Act)";
const NIS2: &str = "Directive (EU) 2022/2555 (NIS2)";
const TO_PLATFORM: &str =
    "the CSIRT designated as coordinator and ENISA, through the single reporting platform";

/// The reports that this one follows.
fn earlier(page: &mut String, step: Step, situation: &Situation) {
    let mut before: Vec<(DateTime<Utc>, String)> = Step::ALL
        .into_iter()
        .filter(|other| *other < step)
        .filter_map(|other| situation.filed(other))
        .map(|filing| {
            let reference = text::line(&filing.reference);
            let number =
                if reference.is_empty() { String::new() } else { format!(", reference {reference}") };
            (filing.at, format!("Follows: {} of {}{number}", filing.step, in_utc(filing.at)))
        })
        .collect();
    before.sort();
    for (_, line) in before {
        let _ = writeln!(page, "{line}");
    }
}

/// `heading: text`; further lines of the text are set in, so that none can pass for a heading.
fn entry(page: &mut String, heading: &str, known: Option<&str>) {
    let known = known.map(text::block).filter(|known| !known.trim().is_empty());
    let shown = known.as_deref().map_or(BLANK.to_owned(), |known| known.trim().replace('\n', "\n  "));
    let _ = writeln!(page, "{heading}: {shown}");
}
