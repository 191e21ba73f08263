//! The screen of statistics: which page of it is shown, and what is on it.

use crate::triage::Query;
use crate::triage::statistics::{Metric, Statistics};

/// The pages of the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Page {
    /// Headline figures, and week by week.
    Overview,
    /// How the clocks did.
    Clocks,
    /// What is open.
    Backlog,
    /// Phases, components, weaknesses.
    Causes,
}

impl Page {
    /// In the order of Tab.
    pub const ALL: [Page; 4] = [Page::Overview, Page::Clocks, Page::Backlog, Page::Causes];

    /// Its name.
    pub fn title(self) -> &'static str {
        match self {
            Page::Overview => "Overview",
            Page::Clocks => "Clocks",
            Page::Backlog => "Backlog",
            Page::Causes => "Causes",
        }
    }

    /// The page so many behind it, round and round.
    pub fn turned(self, by: usize) -> Self {
        let at = Self::ALL.iter().position(|page| *page == self).unwrap_or(0);
        Self::ALL[(at + by) % Self::ALL.len()]
    }

    /// The figures on it.
    pub fn metrics(self) -> &'static [Metric] {
        use Metric::*;
        match self {
            Page::Overview => &[
                ToPrioritised,
                Unprioritised,
                ToFixed,
                Received,
                Noise,
                Merged,
                Restricted,
                ValidShare,
                NoiseShare,
                Exploited,
                Prioritised,
                Fixed,
                Open,
            ],
            Page::Clocks => &[WithinDeadline, ClockTime, Running, Overdue, AnswerTime, AnswerWithin],
            Page::Backlog => &[BacklogAge, BacklogState, BacklogNoise, Window, OpenWindow],
            Page::Causes => &[FoundIn, Component, Weakness, ValidShare],
        }
    }
}

/// The screen of statistics.
#[derive(Debug)]
pub struct Board {
    /// The page that is shown.
    pub page: Page,
    /// Whether the definitions of its figures are shown instead.
    pub defines: bool,
    /// Index of the first line shown, where there are more than fit.
    pub top: usize,
    /// Which cases the figures are over.
    pub query: Query,
    /// The same as it was typed; empty for all cases. Foreign text.
    pub text: String,
    /// The figures, once they were computed.
    pub statistics: Option<Box<Statistics>>,
}
