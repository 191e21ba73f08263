//! The answers one at a time, as a person gives them.

use super::points::{self, DecisionPoint};
use super::{
    Automatable, Exploitation, Outcome, PublicSafetyImpact, Row, Ssvc, TechnicalImpact, Utility, ValueDensity,
};
use crate::triage::words::words;

words! {
    /// The questions of the tree, in the order in which they are asked.
    pub enum Question ("question of SSVC") {
        /// For [`Exploitation`].
        Exploitation = "exploitation",
        /// For [`Automatable`].
        Automatable = "automatable",
        /// For [`ValueDensity`].
        ValueDensity = "value density",
        /// For [`TechnicalImpact`].
        TechnicalImpact = "technical impact",
        /// For [`PublicSafetyImpact`].
        PublicSafetyImpact = "public safety impact",
    }
}

impl Question {
    /// Its text, its choices with their keys, and what each means.
    pub fn point(self) -> &'static DecisionPoint {
        match self {
            Self::Exploitation => &points::EXPLOITATION,
            Self::Automatable => &points::AUTOMATABLE,
            Self::ValueDensity => &points::VALUE_DENSITY,
            Self::TechnicalImpact => &points::TECHNICAL_IMPACT,
            Self::PublicSafetyImpact => &points::PUBLIC_SAFETY_IMPACT,
        }
    }
}

/// The answers there are so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Answers {
    /// What is known of attacks.
    pub exploitation: Option<Exploitation>,
    /// Whether attacks can be automated.
    pub automatable: Option<Automatable>,
    /// How much an attacker gains with each system.
    pub value_density: Option<ValueDensity>,
    /// How much control an attack gives.
    pub technical_impact: Option<TechnicalImpact>,
    /// Harm to people.
    pub public_safety_impact: Option<PublicSafetyImpact>,
}

impl Answers {
    /// The first question without an answer.
    pub fn next(&self) -> Option<Question> {
        self.open().next()
    }

    /// The questions without an answer, in their order.
    pub fn open(&self) -> impl Iterator<Item = Question> {
        let answers = *self;
        Question::ALL.into_iter().filter(move |question| answers.chosen(*question).is_none())
    }

    /// Which of the question's choices is its answer, counted from 0.
    pub fn chosen(&self, question: Question) -> Option<usize> {
        match question {
            Question::Exploitation => self.exploitation.map(|answer| answer as usize),
            Question::Automatable => self.automatable.map(|answer| answer as usize),
            Question::ValueDensity => self.value_density.map(|answer| answer as usize),
            Question::TechnicalImpact => self.technical_impact.map(|answer| answer as usize),
            Question::PublicSafetyImpact => self.public_safety_impact.map(|answer| answer as usize),
        }
    }

    /// With the choice of this key (in any case) as the answer; none where the question has no such choice.
    pub fn answered(self, question: Question, key: &str) -> Option<Self> {
        let choices = question.point().choices;
        let chosen = choices.iter().position(|choice| choice.key.eq_ignore_ascii_case(key))?;
        Some(self.with(question, Some(chosen)))
    }

    /// Without an answer to this question.
    pub fn unanswered(self, question: Question) -> Self {
        self.with(question, None)
    }

    /// These answers, and those of `other` where these are open.
    pub fn or(self, other: Self) -> Self {
        Self {
            exploitation: self.exploitation.or(other.exploitation),
            automatable: self.automatable.or(other.automatable),
            value_density: self.value_density.or(other.value_density),
            technical_impact: self.technical_impact.or(other.technical_impact),
            public_safety_impact: self.public_safety_impact.or(other.public_safety_impact),
        }
    }

    /// The answers, once all are there.
    pub fn complete(&self) -> Option<Ssvc> {
        Some(Ssvc {
            exploitation: self.exploitation?,
            automatable: self.automatable?,
            value_density: self.value_density?,
            technical_impact: self.technical_impact?,
            public_safety_impact: self.public_safety_impact?,
        })
    }

    /// The row of the table, once it is known; `utility` stands in for the two answers that make it.
    pub fn row(&self, utility: Option<Utility>) -> Option<Row> {
        let made = self.automatable.zip(self.value_density).map(|(a, v)| Utility::of(a, v));
        Some(Row::of(
            self.exploitation?,
            made.or(utility)?,
            self.technical_impact?,
            self.public_safety_impact?,
        ))
    }

    /// What the tree can still advise, the least urgent first, whatever the open answers are.
    pub fn outcomes(&self) -> Vec<Outcome> {
        let mut outcomes = match (self.complete(), self.next()) {
            (Some(all), _) => vec![all.outcome()],
            (None, Some(open)) => {
                let choices = 0..open.point().choices.len();
                choices.flat_map(|chosen| self.with(open, Some(chosen)).outcomes()).collect()
            }
            (None, None) => Vec::new(),
        };
        outcomes.sort_unstable();
        outcomes.dedup();
        outcomes
    }

    pub(super) fn with(mut self, question: Question, chosen: Option<usize>) -> Self {
        fn of<T: Copy>(all: &[T], chosen: Option<usize>) -> Option<T> {
            chosen.and_then(|chosen| all.get(chosen).copied())
        }
        match question {
            Question::Exploitation => self.exploitation = of(&Exploitation::ALL, chosen),
            Question::Automatable => self.automatable = of(&Automatable::ALL, chosen),
            Question::ValueDensity => self.value_density = of(&ValueDensity::ALL, chosen),
            Question::TechnicalImpact => self.technical_impact = of(&TechnicalImpact::ALL, chosen),
            Question::PublicSafetyImpact => self.public_safety_impact = of(&PublicSafetyImpact::ALL, chosen),
        }
        self
    }
}

impl From<Ssvc> for Answers {
    fn from(all: Ssvc) -> Self {
        Self {
            exploitation: Some(all.exploitation),
            automatable: Some(all.automatable),
            value_density: Some(all.value_density),
            technical_impact: Some(all.technical_impact),
            public_safety_impact: Some(all.public_safety_impact),
        }
    }
}
