//! The metrics of CVSS and their values, as data: codes and names are the
//! standard's (FIRST, CVSS v3.1 section 6 table 15 and v4.0 section 7 table 23),
//! and so is the order, which is that of a vector.
//!
//! Knows nothing of vectors or scores.

use super::Version;
use crate::triage::words::words;

words! {
    /// The group that a metric belongs to.
    pub enum Group ("metric group") {
        /// What is constant over time and environments. Mandatory.
        Base = "base",
        /// CVSS 3: what changes over time.
        Temporal = "temporal",
        /// CVSS 4: what changes with the attackers.
        Threat = "threat",
        /// What is particular to one place.
        Environmental = "environmental",
        /// CVSS 4: context that does not enter the score.
        Supplemental = "supplemental",
    }
}

/// One metric of a version.
#[derive(Debug, PartialEq, Eq)]
pub struct Metric {
    /// The code in the vector, such as `AV`.
    pub code: &'static str,
    /// The name, such as `Attack Vector`.
    pub name: &'static str,
    /// The group; those of the base are mandatory.
    pub group: Group,
    /// The values; `X` (Not Defined) comes first where the metric may be left out.
    pub values: &'static [Value],
}

impl Metric {
    /// Whether a vector without it has no score.
    pub fn is_mandatory(&self) -> bool {
        self.group == Group::Base
    }
}

/// One value of a metric.
#[derive(Debug, PartialEq, Eq)]
pub struct Value {
    /// The code in the vector, such as `N`.
    pub code: &'static str,
    /// The name, such as `Network`.
    pub name: &'static str,
}

/// The value of a metric that is left out.
pub(super) const NOT_DEFINED: &str = "X";

/// The most metrics that a version has.
pub(super) const MAX: usize = 32;

impl Version {
    /// The metrics in the order of a vector.
    pub fn metrics(self) -> &'static [Metric] {
        match self {
            Version::V30 | Version::V31 => &V3,
            Version::V40 => &V4,
        }
    }

    /// The metric with this code, in any case, and where it stands among [`Version::metrics`].
    pub(super) fn metric(self, code: &str) -> Option<(usize, &'static Metric)> {
        self.metrics().iter().enumerate().find(|(_, metric)| metric.code.eq_ignore_ascii_case(code))
    }
}

/// Values of a metric: `values![N "Network", A "Adjacent"]`, with a leading `X` for an optional one.
macro_rules! values {
    ($($code:ident $name:literal),+) => { &[$(Value { code: stringify!($code), name: $name }),+] };
}

/// Metrics of one group: `CODE "Name" [values]`.
macro_rules! metrics {
    ($($group:ident: $($code:ident $name:literal [$($value:ident $words:literal),+])+;)+) => {
        [$($(Metric {
            code: stringify!($code),
            name: $name,
            group: Group::$group,
            values: values![$($value $words),+],
        },)+)+]
    };
}

static V3: [Metric; 22] = metrics! {
    Base:
        AV "Attack Vector" [N "Network", A "Adjacent", L "Local", P "Physical"]
        AC "Attack Complexity" [L "Low", H "High"]
        PR "Privileges Required" [N "None", L "Low", H "High"]
        UI "User Interaction" [N "None", R "Required"]
        S "Scope" [U "Unchanged", C "Changed"]
        C "Confidentiality" [H "High", L "Low", N "None"]
        I "Integrity" [H "High", L "Low", N "None"]
        A "Availability" [H "High", L "Low", N "None"];
    Temporal:
        E "Exploit Code Maturity" [X "Not Defined", H "High", F "Functional", P "Proof-of-Concept", U "Unproven"]
        RL "Remediation Level" [X "Not Defined", U "Unavailable", W "Workaround", T "Temporary Fix", O "Official Fix"]
        RC "Report Confidence" [X "Not Defined", C "Confirmed", R "Reasonable", U "Unknown"];
    Environmental:
        CR "Confidentiality Requirement" [X "Not Defined", H "High", M "Medium", L "Low"]
        IR "Integrity Requirement" [X "Not Defined", H "High", M "Medium", L "Low"]
        AR "Availability Requirement" [X "Not Defined", H "High", M "Medium", L "Low"]
        MAV "Modified Attack Vector" [X "Not Defined", N "Network", A "Adjacent", L "Local", P "Physical"]
        MAC "Modified Attack Complexity" [X "Not Defined", L "Low", H "High"]
        MPR "Modified Privileges Required" [X "Not Defined", N "None", L "Low", H "High"]
        MUI "Modified User Interaction" [X "Not Defined", N "None", R "Required"]
        MS "Modified Scope" [X "Not Defined", U "Unchanged", C "Changed"]
        MC "Modified Confidentiality" [X "Not Defined", H "High", L "Low", N "None"]
        MI "Modified Integrity" [X "Not Defined", H "High", L "Low", N "None"]
        MA "Modified Availability" [X "Not Defined", H "High", L "Low", N "None"];
};

static V4: [Metric; MAX] = metrics! {
    Base:
        AV "Attack Vector" [N "Network", A "Adjacent", L "Local", P "Physical"]
        AC "Attack Complexity" [L "Low", H "High"]
        AT "Attack Requirements" [N "None", P "Present"]
        PR "Privileges Required" [N "None", L "Low", H "High"]
        UI "User Interaction" [N "None", P "Passive", A "Active"]
        VC "Vulnerable System Confidentiality" [H "High", L "Low", N "None"]
        VI "Vulnerable System Integrity" [H "High", L "Low", N "None"]
        VA "Vulnerable System Availability" [H "High", L "Low", N "None"]
        SC "Subsequent System Confidentiality" [H "High", L "Low", N "None"]
        SI "Subsequent System Integrity" [H "High", L "Low", N "None"]
        SA "Subsequent System Availability" [H "High", L "Low", N "None"];
    Threat:
        E "Exploit Maturity" [X "Not Defined", A "Attacked", P "POC", U "Unreported"];
    Environmental:
        CR "Confidentiality Requirement" [X "Not Defined", H "High", M "Medium", L "Low"]
        IR "Integrity Requirement" [X "Not Defined", H "High", M "Medium", L "Low"]
        AR "Availability Requirement" [X "Not Defined", H "High", M "Medium", L "Low"]
        MAV "Modified Attack Vector" [X "Not Defined", N "Network", A "Adjacent", L "Local", P "Physical"]
        MAC "Modified Attack Complexity" [X "Not Defined", L "Low", H "High"]
        MAT "Modified Attack Requirements" [X "Not Defined", N "None", P "Present"]
        MPR "Modified Privileges Required" [X "Not Defined", N "None", L "Low", H "High"]
        MUI "Modified User Interaction" [X "Not Defined", N "None", P "Passive", A "Active"]
        MVC "Modified Vulnerable System Confidentiality" [X "Not Defined", H "High", L "Low", N "None"]
        MVI "Modified Vulnerable System Integrity" [X "Not Defined", H "High", L "Low", N "None"]
        MVA "Modified Vulnerable System Availability" [X "Not Defined", H "High", L "Low", N "None"]
        MSC "Modified Subsequent System Confidentiality" [X "Not Defined", H "High", L "Low", N "Negligible"]
        MSI "Modified Subsequent System Integrity" [X "Not Defined", S "Safety", H "High", L "Low", N "Negligible"]
        MSA "Modified Subsequent System Availability" [X "Not Defined", S "Safety", H "High", L "Low", N "Negligible"];
    Supplemental:
        S "Safety" [X "Not Defined", N "Negligible", P "Present"]
        AU "Automatable" [X "Not Defined", N "No", Y "Yes"]
        R "Recovery" [X "Not Defined", A "Automatic", U "User", I "Irrecoverable"]
        V "Value Density" [X "Not Defined", D "Diffuse", C "Concentrated"]
        RE "Vulnerability Response Effort" [X "Not Defined", L "Low", M "Moderate", H "High"]
        U "Provider Urgency" [X "Not Defined", Clear "Clear", Green "Green", Amber "Amber", Red "Red"];
};
