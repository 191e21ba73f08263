//! All policies by name.

use std::fmt;

use serde::Deserialize;

use super::{Entry, Policy};
use crate::triage::rules::Misread;
use crate::triage::terms::Terms;
use crate::triage::words::fold;

/// Characters of an unknown name that are compared with the known ones.
const COMPARED: usize = 60;

/// Names that are proposed for an unknown one.
const PROPOSED: usize = 3;

/// From here on two names are alike, of 1 (Jaro and Winkler).
const ALIKE: f64 = 0.7;

/// The policies there are: ninety's own first, then those that the field is
/// known by, then the team's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Book {
    policies: Vec<Policy>,
}

/// A name that no policy has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoPolicy {
    /// The name that was given.
    pub given: String,
    /// Names that are near to it; all there are, where none is.
    pub nearest: Vec<String>,
}

impl fmt::Display for NoPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let line = crate::text::line;
        write!(f, "'{}' is not a disclosure policy; is it ", crate::text::fit(&line(&self.given), COMPARED))?;
        for (index, name) in self.nearest.iter().enumerate() {
            let before = match index {
                0 => "",
                _ if index + 1 == self.nearest.len() => " or ",
                _ => ", ",
            };
            write!(f, "{before}'{}'", line(name))?;
        }
        write!(f, "?")
    }
}

impl std::error::Error for NoPolicy {}

impl Book {
    /// No policy at all.
    pub(in crate::triage) fn empty() -> Self {
        Self { policies: Vec::new() }
    }

    /// The policies that ninety comes with; their clocks count with `terms`
    /// where their sources name no spans of their own.
    ///
    /// # Errors
    /// [`Misread`], where the embedded file is at fault; a test holds that it is not.
    pub fn embedded(terms: &Terms) -> Result<Self, Misread> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct File {
            policy: Vec<Entry>,
        }
        let text = include_str!("../../../assets/policies.toml");
        let file: File = toml::from_str(text).map_err(|error| Misread::of(text, &error))?;
        let mut book = Self { policies: Vec::new() };
        for entry in file.policy {
            let at = entry.name.span();
            book.add(entry, terms).map_err(|problem| Misread::at(text, at, problem))?;
        }
        Ok(book)
    }

    /// Adds a policy, or changes the one that has its name.
    ///
    /// # Errors
    /// In words, where it is not whole or takes a name of another one.
    pub(in crate::triage) fn add(&mut self, entry: Entry, terms: &Terms) -> Result<(), String> {
        let place = self.policies.iter().position(|policy| fold(&policy.name) == fold(entry.name()));
        let policy = entry.over(place.map(|place| &self.policies[place]), terms)?;
        let others = || self.policies.iter().enumerate().filter(|(index, _)| Some(*index) != place);
        for name in names(&policy) {
            if let Some((_, other)) =
                others().find(|(_, other)| names(other).any(|taken| fold(taken) == fold(name)))
            {
                return Err(format!(
                    "'{name}' is a name of the policy '{}' already; to change that one, name it so",
                    other.name
                ));
            }
        }
        match place {
            Some(place) => self.policies[place] = policy,
            None => self.policies.push(policy),
        }
        Ok(())
    }

    /// All of them.
    pub fn policies(&self) -> &[Policy] {
        &self.policies
    }

    /// The policy that is meant by `given`: a name of it in any spelling, or a
    /// bare number of days (`90`, `90d`), which is `default` where that has so
    /// many, else the policy that is named by them.
    ///
    /// # Errors
    /// [`NoPolicy`] proposes the nearest names.
    pub fn find(&self, given: &str) -> Result<&Policy, NoPolicy> {
        let folded = fold(given);
        let named =
            |wanted: &str| self.policies.iter().find(|policy| names(policy).any(|name| fold(name) == wanted));
        let by_days = || {
            given.trim_start().starts_with(|c: char| c.is_ascii_digit()).then_some(())?;
            let days: i64 = folded.trim_end_matches(char::is_alphabetic).parse().ok()?;
            let unit = folded.trim_start_matches(|c: char| c.is_ascii_digit());
            let is_default = |policy: &&Policy| policy.days == Some(days);
            ["", "d", "day", "days"].contains(&unit).then_some(())?;
            named("default").filter(is_default).or_else(|| named(&format!("{days}days")))
        };
        named(&folded).or_else(by_days).ok_or_else(|| self.unknown(given, &folded))
    }

    fn unknown(&self, given: &str, folded: &str) -> NoPolicy {
        let compared: String = folded.chars().take(COMPARED).collect();
        let likeness = |policy: &Policy| {
            let of = |name: &str| {
                let known = fold(name);
                let part = compared.len() > 2 && (known.contains(&compared) || compared.contains(&known));
                if part { 1.0 } else { strsim::jaro_winkler(&known, &compared) }
            };
            names(policy).map(of).fold(0.0, f64::max)
        };
        let mut near: Vec<(f64, &Policy)> = self
            .policies
            .iter()
            .map(|policy| (likeness(policy), policy))
            .filter(|(like, _)| *like >= ALIKE)
            .collect();
        near.sort_by(|a, b| b.0.total_cmp(&a.0));
        let name = |policy: &Policy| policy.name.clone();
        let nearest = if near.is_empty() {
            self.policies.iter().map(name).collect()
        } else {
            near.into_iter().take(PROPOSED).map(|(_, policy)| name(policy)).collect()
        };
        NoPolicy { given: given.to_owned(), nearest }
    }
}

/// Every name of a policy, its own first.
fn names(policy: &Policy) -> impl Iterator<Item = &str> {
    std::iter::once(policy.name.as_str()).chain(policy.also.iter().map(String::as_str))
}
