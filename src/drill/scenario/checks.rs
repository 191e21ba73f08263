//! What can be asked of the timeline: for injects, hints and marks alike.

use serde::Deserialize;

use super::act::Whose;
use super::span::{Span, maybe_instant, words};
use crate::triage::lane::{Lane, LaneStage};
use crate::triage::regulation::Step;
use crate::triage::ssvc::Outcome;
use crate::triage::{FoundIn, Milestone, Priority, Resolution, State, Weakness};

/// Something that is so from a moment on, or is not so.
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "is", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Check {
    /// The inject happened.
    Played {
        /// Which.
        inject: String,
    },
    /// Somebody of the team looked at the case.
    Read {
        /// The inject whose case it is.
        case: String,
    },
    /// The mail was decrypted and looked at.
    Opened {
        /// The inject that brought it.
        mail: String,
    },
    /// An answer was written to somebody.
    Answered {
        /// The inject whose case it is.
        case: String,
        /// Key of the person that it goes to: who sent that inject, where nobody is named.
        to: Option<String>,
        /// Whether it must be encrypted, or must not be.
        encrypted: Option<bool>,
        /// To whose key it must be encrypted.
        key: Option<Whose>,
        /// What it must say: of each entry one of the words between `|`.
        #[serde(default)]
        says: Vec<String>,
        /// What it must not say.
        #[serde(default)]
        never: Vec<String>,
        /// Only answers after this inject count.
        since: Option<String>,
    },
    /// A note was written that says this.
    Noted {
        /// The inject whose case it is.
        case: String,
        /// Of each entry one of the words between `|`.
        #[serde(default)]
        says: Vec<String>,
    },
    /// A person compared a certificate with its holder.
    Verified {
        /// Key of the holder.
        person: String,
        /// The true one, or the other one.
        #[serde(default)]
        key: Whose,
    },
    /// The team's own key can be used for so long after the end.
    Renewed {
        /// How long.
        lasts: Span,
    },
    /// The shift was handed over by somebody of the team.
    HandedOver {
        /// To whom; anybody, where nobody is named.
        to: Option<String>,
        /// What the note must say: of each entry one of the words between `|`.
        #[serde(default)]
        says: Vec<String>,
        /// Only those after this inject count.
        since: Option<String>,
    },
    /// The hand-over that waited was accepted.
    TakenOver,
    /// A hint was shown.
    Hinted,
    /// Something that the report said left the box in the clear: subject, text, quoted text.
    Leaked {
        /// The inject whose case it is.
        case: String,
        /// Words that would give it away.
        words: Vec<String>,
    },
    /// The case of one inject was merged with that of another.
    Merged {
        /// The one.
        case: String,
        /// The other.
        with: String,
    },
    /// One of these is so.
    Any {
        /// Which.
        of: Vec<Check>,
    },
    /// The case is like this.
    Case(CaseIs),
    /// So many cases are like this.
    Many {
        /// The injects whose cases are counted: `noise-*`.
        cases: String,
        /// How many of them at least.
        least: u16,
        /// What they are like.
        has: Wanted,
    },
}

/// What a case is like.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseIs {
    /// The inject whose case it is.
    pub case: String,
    /// What it is like.
    pub has: Wanted,
}

/// What a case is like; what is not said does not matter.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Wanted {
    /// One of these states.
    #[serde(deserialize_with = "words")]
    pub state: Vec<State>,
    /// One of these resolutions.
    #[serde(deserialize_with = "words")]
    pub resolution: Vec<Resolution>,
    /// One of these priorities.
    #[serde(deserialize_with = "words")]
    pub priority: Vec<Priority>,
    /// It has a priority.
    pub prioritised: Option<bool>,
    /// The reporter was answered, or counts as such.
    pub acknowledged: Option<bool>,
    /// This person has it; `anybody` for somebody at all.
    pub assignee: Option<String>,
    /// It is in this product.
    pub product: Option<String>,
    /// It is in this component.
    pub component: Option<String>,
    /// It was found in one of these phases.
    #[serde(deserialize_with = "words")]
    pub found_in: Vec<FoundIn>,
    /// It is exploited in the wild.
    pub exploited: Option<bool>,
    /// One of these weaknesses.
    #[serde(deserialize_with = "words")]
    pub weakness: Vec<Weakness>,
    /// One of these outcomes of SSVC.
    #[serde(deserialize_with = "words")]
    pub ssvc: Vec<Outcome>,
    /// It has a CVSS vector.
    pub cvss: Option<bool>,
    /// It says which versions are affected.
    pub affected: Option<bool>,
    /// It says which version has the fix.
    pub fixed_in: Option<bool>,
    /// It says what users can do until the fix.
    pub workaround: Option<bool>,
    /// It has this tag.
    pub tag: Option<String>,
    /// Only some may see it.
    pub restricted: Option<bool>,
    /// It waits for the reporter.
    pub waiting: Option<bool>,
    /// The hunt for variants is over or waived.
    pub variants: Option<bool>,
    /// It counts as noise.
    pub noise: Option<bool>,
    /// The details become public at this instant, within the hour.
    #[serde(deserialize_with = "maybe_instant")]
    pub disclosure: Option<chrono::DateTime<chrono::Utc>>,
    /// The details become public at this instant or before.
    #[serde(deserialize_with = "maybe_instant")]
    pub disclosure_by: Option<chrono::DateTime<chrono::Utc>>,
    /// The details become public so long after receipt, within the hour.
    pub disclosure_after: Option<Span>,
    /// This lane.
    pub lane: Option<Lane>,
    /// How far that lane is, at least.
    pub stage: Option<LaneStage>,
    /// It has reached this milestone.
    pub milestone: Option<Milestone>,
    /// This report was filed with the authority.
    pub filed: Option<Step>,
}

/// `[[mark]]`: something that counts.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mark {
    /// What it is about.
    pub what: String,
    /// Points.
    pub points: u32,
    /// What is expected.
    pub check: Check,
    /// It must not happen.
    #[serde(default)]
    pub never: bool,
    /// It counts only where this happened: what nobody did cannot have been done wrong.
    pub given: Option<Check>,
    /// It must happen before this does.
    pub before: Option<Check>,
    /// Within this time all points.
    pub within: Option<Span>,
    /// Within this time half of them.
    pub late: Option<Span>,
    /// From when the time counts: an inject; the start, where none is named.
    pub since: Option<String>,
    /// What to read or to practise.
    pub practise: String,
}
