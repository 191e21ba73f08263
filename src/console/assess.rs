//! What the overlays over a judgement hold: a CVSS vector and the answers of
//! SSVC in the making, and what people say in their own words.
//!
//! Knows no keys and no screen.

use crate::triage::cvss::{Cvss, Draft, Metric, Version};
use crate::triage::ssvc::{Answers, Question, Ssvc};
use crate::triage::{Assessment, CaseKey, Decision, Judgement};

/// The cases that an overlay is about, as of when it was opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// The cases.
    pub targets: Vec<CaseKey>,
    /// They in words. Safe text.
    pub about: String,
}

/// A CVSS vector while it is edited.
#[derive(Debug)]
pub struct Scoring {
    /// What it is about.
    pub subject: Subject,
    /// The vector, and the one that was begun in the other version.
    drafts: [Draft; 2],
    /// The one that is kept so far.
    pub before: Option<Cvss>,
    /// Index of the metric under the cursor, among those of the base.
    pub at: usize,
}

impl Scoring {
    /// Begins with what is kept, or with an empty vector of v4.0.
    pub fn new(subject: Subject, before: Option<Cvss>) -> Self {
        let draft = before.map_or_else(|| Draft::new(Version::V40), |cvss| cvss.draft());
        let other = if draft.version() == Version::V40 { Version::V31 } else { Version::V40 };
        Self { subject, drafts: [draft, Draft::new(other)], before, at: 0 }
    }

    /// The vector as it is.
    pub fn draft(&self) -> &Draft {
        let [draft, _] = &self.drafts;
        draft
    }

    fn draft_mut(&mut self) -> &mut Draft {
        let [draft, _] = &mut self.drafts;
        draft
    }

    /// The metrics of the base, in the order of the vector.
    pub fn metrics(&self) -> Vec<&'static Metric> {
        self.draft().version().metrics().iter().filter(|metric| metric.is_mandatory()).collect()
    }

    /// The metric under the cursor.
    pub fn metric(&self) -> Option<&'static Metric> {
        self.metrics().get(self.at).copied()
    }

    /// Goes so many metrics down, or up, and stops at the ends.
    pub fn go(&mut self, by: isize) {
        self.at = self.at.saturating_add_signed(by).min(self.metrics().len().saturating_sub(1));
    }

    /// Chooses the value with this code for the metric under the cursor, and
    /// goes on to the next one; false where it has no such value.
    pub fn choose(&mut self, code: &str) -> bool {
        let Some(metric) = self.metric() else { return false };
        match self.draft().with(metric.code, code) {
            Ok(draft) => {
                *self.draft_mut() = draft;
                self.go(1);
                true
            }
            Err(_) => false,
        }
    }

    /// Chooses the value beside the chosen one; the first or the last where none is.
    pub fn turn(&mut self, forward: bool) {
        let Some(metric) = self.metric() else { return };
        let last = metric.values.len().saturating_sub(1);
        let chosen = self.draft().value(metric.code);
        let at = chosen.and_then(|value| metric.values.iter().position(|known| known == value));
        let next = match (at, forward) {
            (None, true) => 0,
            (None, false) => last,
            (Some(at), true) => (at + 1).min(last),
            (Some(at), false) => at.saturating_sub(1),
        };
        let value = metric.values.get(next);
        if let Some(Ok(draft)) = value.map(|value| self.draft().with(metric.code, value.code)) {
            *self.draft_mut() = draft;
        }
    }

    /// Takes the value of the metric under the cursor away.
    pub fn erase(&mut self) {
        if let Some(metric) = self.metric() {
            *self.draft_mut() = self.draft().without(metric.code);
        }
    }

    /// Takes all values away.
    pub fn clear(&mut self) {
        *self.draft_mut() = Draft::new(self.draft().version());
        self.at = 0;
    }

    /// Goes to the other version, and back to what was begun there.
    pub fn switch(&mut self) {
        self.drafts.swap(0, 1);
        self.go(0);
    }

    /// Takes a whole vector in place of the one of its version.
    pub fn take(&mut self, vector: Draft) {
        let is_newest = |draft: &Draft| draft.version() == Version::V40;
        if is_newest(&vector) != is_newest(self.draft()) {
            self.drafts.swap(0, 1);
        }
        *self.draft_mut() = vector;
        self.at = self.metrics().iter().position(|metric| vector.value(metric.code).is_none()).unwrap_or(0);
    }

    /// Whether there is nothing in the vector.
    pub fn is_empty(&self) -> bool {
        self.draft().values().next().is_none()
    }
}

/// The answers of SSVC while they are given.
#[derive(Debug)]
pub struct Asking {
    /// What it is about.
    pub subject: Subject,
    /// The identifier of the case that a selection list names.
    pub id: String,
    /// The answers so far.
    pub answers: Answers,
    /// Those that are kept so far.
    pub before: Option<Ssvc>,
    /// Index of the question that is asked; one more than the last where all were.
    pub at: usize,
}

impl Asking {
    /// Begins with what is kept, or with the first question.
    pub fn new(subject: Subject, id: String, before: Option<Ssvc>) -> Self {
        let answers = before.map(Answers::from).unwrap_or_default();
        let at = if before.is_some() { Question::ALL.len() } else { 0 };
        Self { subject, id, answers, before, at }
    }

    /// The question that is asked; none where all were.
    pub fn question(&self) -> Option<Question> {
        Question::ALL.get(self.at).copied()
    }

    /// Goes so many questions on, or back, and stops at the ends.
    pub fn go(&mut self, by: isize) {
        self.at = self.at.saturating_add_signed(by).min(Question::ALL.len());
    }

    /// Answers the question that is asked, and goes on to the next one that is
    /// open; false where it has no such choice.
    pub fn answer(&mut self, key: &str) -> bool {
        let Some(question) = self.question() else { return false };
        let Some(answers) = self.answers.answered(question, key) else { return false };
        self.answers = answers;
        let open = answers.next().and_then(|open| Question::ALL.iter().position(|known| *known == open));
        self.at = open.unwrap_or(Question::ALL.len());
        true
    }

    /// Takes the answer to the question that is asked away.
    pub fn erase(&mut self) {
        if let Some(question) = self.question() {
            self.answers = self.answers.unanswered(question);
        }
    }

    /// Takes all answers away.
    pub fn clear(&mut self) {
        (self.answers, self.at) = (Answers::default(), 0);
    }
}

/// What people say about a case in their own words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Saying {
    /// Why the priority is what it is.
    Reason,
    /// Versions that have it.
    Affected,
    /// The version that has it no more.
    FixedIn,
    /// What users can do until then.
    Workaround,
}

impl Saying {
    /// What stands in front of the line.
    pub fn label(self) -> &'static str {
        match self {
            Saying::Reason => "why this priority for",
            Saying::Affected => "affected by",
            Saying::FixedIn => "fixes",
            Saying::Workaround => "workaround for",
        }
    }

    /// What Enter does.
    pub fn hint(self) -> &'static str {
        match self {
            Saying::Reason => "Enter keeps why you chose it; empty takes it away",
            Saying::Affected => "versions, such as 4.1 to 4.6; Enter keeps them, empty takes them away",
            Saying::FixedIn => "the version that has it no more; Enter keeps it, empty takes it away",
            Saying::Workaround => "what users can do now; Enter keeps it, empty takes it away",
        }
    }

    /// What is said so far. Foreign text.
    pub fn said(self, assessment: &Assessment) -> Option<&str> {
        match self {
            Saying::Reason => assessment.reason.as_deref(),
            Saying::Affected => assessment.affected.as_deref(),
            Saying::FixedIn => assessment.fixed_in.as_deref(),
            Saying::Workaround => assessment.workaround.as_deref(),
        }
    }

    /// The decision to say `words`.
    pub fn decision(self, words: Option<String>) -> Decision {
        match self {
            Saying::Reason => Decision::Reason(words),
            Saying::Affected => Decision::Judge(Judgement::Affected(words)),
            Saying::FixedIn => Decision::Judge(Judgement::FixedIn(words)),
            Saying::Workaround => Decision::Judge(Judgement::Workaround(words)),
        }
    }
}
