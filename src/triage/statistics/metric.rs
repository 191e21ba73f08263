//! What each figure is, in words: the definitions that stand beside them.

use crate::triage::words::words;

words! {
    /// A figure.
    pub enum Metric ("figure") {
        /// Cases received.
        Received = "received",
        /// Noise among them.
        Noise = "noise",
        /// Merged cases.
        Merged = "merged",
        /// Cases that the reader may not see.
        Restricted = "restricted",
        /// First answers.
        Acknowledged = "acknowledged",
        /// Priorities given.
        Prioritised = "prioritised",
        /// Releases.
        Fixed = "fixed",
        /// Open at the end of a week.
        Open = "open",
        /// From receipt to a priority.
        ToPrioritised = "time to prioritised",
        /// Without a priority.
        Unprioritised = "waiting for a priority",
        /// From receipt to a release.
        ToFixed = "time to fixed",
        /// From the start of a clock to what it waits for.
        ClockTime = "clock time",
        /// Met in time.
        WithinDeadline = "within deadline",
        /// Clocks that count now.
        Running = "clocks running",
        /// Clocks that are overdue now.
        Overdue = "clocks overdue",
        /// From a question to a lane to its answer.
        AnswerTime = "hand-over answer time",
        /// Answers of lanes in time.
        AnswerWithin = "hand-over within deadline",
        /// Open cases by age.
        BacklogAge = "backlog by age",
        /// Open cases by state.
        BacklogState = "backlog by state",
        /// Open noise.
        BacklogNoise = "backlog of noise",
        /// Valid share.
        ValidShare = "valid share",
        /// Noise share.
        NoiseShare = "noise share",
        /// Exploited in the wild.
        Exploited = "exploited",
        /// By found-in phase.
        FoundIn = "found in",
        /// By product and component.
        Component = "component",
        /// By weakness class.
        Weakness = "weakness",
        /// Windows of vulnerability that closed.
        Window = "window of vulnerability",
        /// Windows of vulnerability that are open.
        OpenWindow = "open window of vulnerability",
    }
}

impl Metric {
    /// What stands over a list of it.
    pub fn heading(self) -> String {
        match self {
            Metric::FoundIn => "Found in".to_owned(),
            other => format!("By {other}"),
        }
    }

    /// What is counted, in words; one or two sentences.
    pub fn definition(self) -> &'static str {
        match self {
            Metric::Received => {
                "Cases whose first message came in during the period, noise among them. \
                 A case that was merged into another counts once, as that other."
            }
            Metric::Noise => {
                "Of the received ones: closed as spam, or marked as likely noise and not judged by \
                 anybody yet. Noise is in no other figure but the received ones."
            }
            Metric::Merged => {
                "Cases of the period that were merged into another. They are in no other figure."
            }
            Metric::Restricted => {
                "Cases of any time that you may not see. They are in no other figure; their dates are not told."
            }
            Metric::Acknowledged => {
                "Cases whose reporter a person answered for the first time in the period."
            }
            Metric::Prioritised => "Cases that got their first priority in the period: triage is done.",
            Metric::Fixed => "Cases whose fix was released in the period, so that users can install it.",
            Metric::Open => {
                "Cases that were received before the end of the week and not closed before it. One that was \
                 opened again counts as open all the time."
            }
            Metric::ToPrioritised => {
                "From the receipt of the first message to the first priority, of the cases that got it in the \
                 period. Calendar time; the percentiles are nearest-rank."
            }
            Metric::Unprioritised => "Open cases without a priority, now.",
            Metric::ToFixed => {
                "Window of exposure: from the receipt of the first message to the release of the fix, of the \
                 cases released in the period."
            }
            Metric::ClockTime => {
                "From the start of a clock to what it waits for, in time or late, of those met in the period. \
                 Median and 90th percentile are nearest-rank."
            }
            Metric::WithinDeadline => {
                "1 - missed / total over the clocks decided in the period (HackerOne's definition): met in \
                 time, or due without having been met, whether they were met late or are still owed. Those \
                 that run or stand still are left out."
            }
            Metric::Running => {
                "Clocks that count now and are not due yet. The clocks for updates and for stalled cases \
                 start again with each answer or touch, so they have no times and no share."
            }
            Metric::Overdue => "Clocks that were due before now, and what they wait for is still owed.",
            Metric::AnswerTime => {
                "From the latest question to a lane to its accepting or answering, of the answers in the period."
            }
            Metric::AnswerWithin => {
                "1 - missed / total over the latest questions to a lane that were decided in the period, as \
                 within deadline."
            }
            Metric::BacklogAge => "Cases that are open now, by whole days since receipt; without noise.",
            Metric::BacklogState => "Cases that are open now, by state; without noise.",
            Metric::BacklogNoise => {
                "Cases that are open now, marked as likely noise and not judged by anybody."
            }
            Metric::ValidShare => {
                "Valid / judged, of the cases received in the period. Valid: stands at triaged or later, or was \
                 closed as fixed or won't fix. Judged: valid, or closed as not a vulnerability, not \
                 reproducible, out of scope or spam. Duplicates are judged with the case that they repeat."
            }
            Metric::NoiseShare => "Noise / received, of the cases received in the period.",
            Metric::Exploited => {
                "Cases received in the period that are exploited in the wild, without noise."
            }
            Metric::FoundIn => {
                "Cases received in the period, without noise, by the phase in which the vulnerability was \
                 found; the earlier the better."
            }
            Metric::Component => "Cases received in the period, without noise, by product and component.",
            Metric::Weakness => "Cases received in the period, without noise, by weakness class (CWE).",
            Metric::Window => {
                "From the first vulnerable release to the end of the roll-out of the fix, of the cases whose \
                 roll-out ended in the period."
            }
            Metric::OpenWindow => {
                "Cases that are open or won't be fixed, without noise, whose vulnerable release is on record and \
                 whose roll-out has not ended; their sum is until now."
            }
        }
    }
}
