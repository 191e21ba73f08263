//! Whether a report turned out to be a vulnerability.

use crate::triage::case::Case;
use crate::triage::state::{Resolution, State};

/// What people made of a report, as far as they did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Judgement {
    /// It stands at triaged or later, or was closed as fixed or as won't fix.
    Valid,
    /// It was closed as not a vulnerability, not reproducible or out of scope.
    Rejected,
    /// It was closed as a duplicate: judged with the other one.
    Duplicate,
    /// Nobody has judged it yet.
    Open,
    /// It was closed as spam.
    Spam,
    /// It is marked as likely noise, and nobody has judged it yet.
    LikelyNoise,
}

impl Judgement {
    /// The judgement over `case`. A priority, or a state from triaged on, is a
    /// judgement; the mark of likely noise is none and gives way to it.
    pub fn of(case: &Case) -> Self {
        let is_marked = case.noise.is_likely() && case.priority.is_none();
        match (case.state, case.resolution) {
            (State::Closed, Some(Resolution::Spam)) => Self::Spam,
            (State::Closed, Some(Resolution::Fixed | Resolution::WontFix)) => Self::Valid,
            (State::Closed, Some(Resolution::Duplicate)) => Self::Duplicate,
            (State::Closed, _) => Self::Rejected,
            (State::New | State::Acknowledged, _) if is_marked => Self::LikelyNoise,
            (State::New | State::Acknowledged, _) => Self::Open,
            _ => Self::Valid,
        }
    }

    /// Whether it is noise, which is counted apart.
    pub fn is_noise(self) -> bool {
        matches!(self, Self::Spam | Self::LikelyNoise)
    }

    /// Whether somebody judged the report itself.
    pub fn is_judged(self) -> bool {
        matches!(self, Self::Valid | Self::Rejected | Self::Spam)
    }
}
