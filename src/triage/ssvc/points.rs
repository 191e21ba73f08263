//! The decision points of the supplier's tree as data: how a selection list
//! names them, and what a picker shows.
//!
//! Keys, names and versions are CERT/CC's; questions and meanings are in our
//! own words. The options stand in the order of the enums.

/// A question of the tree, or what follows from the answers.
#[derive(Debug, PartialEq, Eq)]
pub struct DecisionPoint {
    /// Its key in the namespace `ssvc`, such as `E`.
    pub key: &'static str,
    /// The version that the options are of.
    pub version: &'static str,
    /// Its name, such as `Exploitation`.
    pub name: &'static str,
    /// What a person is asked.
    pub question: &'static str,
    /// What can be answered.
    pub choices: &'static [Choice],
}

impl DecisionPoint {
    /// Every choice and when it is the right one, in a line.
    pub fn meanings(&self) -> String {
        let choices =
            self.choices.iter().map(|choice| format!("{}: {}", choice.name.to_lowercase(), choice.meaning));
        choices.collect::<Vec<_>>().join("; ")
    }
}

/// One answer to a decision point.
#[derive(Debug, PartialEq, Eq)]
pub struct Choice {
    /// Its key in the decision point, such as `A`.
    pub key: &'static str,
    /// Its name, such as `Active`.
    pub name: &'static str,
    /// When it is the right answer, in a line.
    pub meaning: &'static str,
}

/// The namespace of CERT/CC's decision points.
pub(super) const NAMESPACE: &str = "ssvc";

const fn choice(key: &'static str, name: &'static str, meaning: &'static str) -> Choice {
    Choice { key, name, meaning }
}

pub(super) static EXPLOITATION: DecisionPoint = DecisionPoint {
    key: "E",
    version: "1.1.0",
    name: "Exploitation",
    question: "What is known of attacks with it?",
    choices: &[
        choice("N", "None", "no sign of attacks, and nobody has published how to attack"),
        choice("P", "Public PoC", "a proof of concept is public, or everybody in the field knows how"),
        choice("A", "Active", "reliable evidence that real attackers use it"),
    ],
};

pub(super) static AUTOMATABLE: DecisionPoint = DecisionPoint {
    key: "A",
    version: "2.0.0",
    name: "Automatable",
    question: "Can an attacker automate it from finding targets to exploiting them?",
    choices: &[
        choice(
            "N",
            "No",
            "a step of the way (finding, weaponizing, delivering, exploiting) needs a person each time",
        ),
        choice("Y", "Yes", "a program can do every step reliably, target after target"),
    ],
};

pub(super) static VALUE_DENSITY: DecisionPoint = DecisionPoint {
    key: "VD",
    version: "1.0.0",
    name: "Value Density",
    question: "How much does an attacker gain with one attacked system?",
    choices: &[
        choice("D", "Diffuse", "little: one user's device or account"),
        choice("C", "Concentrated", "much: a server or service of many, mostly run by professionals"),
    ],
};

pub(super) static TECHNICAL_IMPACT: DecisionPoint = DecisionPoint {
    key: "TI",
    version: "1.0.0",
    name: "Technical Impact",
    question: "How much control over the software does an attack give?",
    choices: &[
        choice("P", "Partial", "limited control or disclosure, or full control only by luck"),
        choice("T", "Total", "full control of what the software does, or all that it knows"),
    ],
};

pub(super) static PUBLIC_SAFETY_IMPACT: DecisionPoint = DecisionPoint {
    key: "PSI",
    version: "2.0.1",
    name: "Public Safety Impact",
    question: "Can people, the environment or livelihoods come to harm?",
    choices: &[
        choice("M", "Minimal", "minor injuries or losses at worst (safety impact negligible)"),
        choice(
            "S",
            "Significant",
            "major injuries, deaths or ruin (safety impact marginal, critical or catastrophic)",
        ),
    ],
};

pub(super) static SAFETY_IMPACT: DecisionPoint = DecisionPoint {
    key: "SI",
    version: "2.0.1",
    name: "Safety Impact",
    question: "How badly can people, the environment or livelihoods come to harm?",
    choices: &[
        choice("N", "Negligible", "minor injuries, minor damage, losses of several people"),
        choice("M", "Marginal", "major injuries, major damage, ruin of several people"),
        choice("R", "Critical", "loss of life, serious damage, a shaken society"),
        choice("C", "Catastrophic", "many deaths, extreme damage, collapse"),
    ],
};

pub(super) static UTILITY: DecisionPoint = DecisionPoint {
    key: "U",
    version: "1.0.1",
    name: "Utility",
    question: "How useful is an exploit to an attacker?",
    choices: &[
        choice("L", "Laborious", "not automatable, and value density diffuse"),
        choice("E", "Efficient", "either automatable, or value density concentrated"),
        choice("S", "Super Effective", "automatable, and value density concentrated"),
    ],
};

pub(super) static OUTCOME: DecisionPoint = DecisionPoint {
    key: "DSOI",
    version: "1.0.0",
    name: "Defer, Scheduled, Out-of-Cycle, Immediate",
    question: "When is a patch developed?",
    choices: &[
        choice("D", "Defer", "no work on a patch for now"),
        choice("S", "Scheduled", "a patch in the regular work, for a regular release"),
        choice("O", "Out-of-Cycle", "a patch before the next regular release; other work waits"),
        choice("I", "Immediate", "a patch as fast as can be, with everybody it takes"),
    ],
};
