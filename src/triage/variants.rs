//! The hunt for variants: bugs cluster, so whoever fixed one looks for similar
//! ones before the case closes.

use serde::{Deserialize, Serialize};

use super::case::Case;
use super::milestone::Milestone;
use super::state::{Resolution, State};

/// How the hunt of a case stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "hunt", content = "words", rename_all = "snake_case")]
pub enum Variants {
    /// Done; what was found.
    Done(String),
    /// Not to be done, and why.
    Waived(String),
}

/// A valid bug is not closed as fixed before its variants were hunted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "nobody has looked for similar issues yet ('ninety similar CASE' begins the hunt); say what came of it (variants=done:WORDS) or why not (variants=waived:WHY), in the console with V"
)]
pub struct NotHunted;

/// Whether the hunt is over.
///
/// # Errors
/// [`NotHunted`] where it is not.
pub fn hunted(variants: Option<&Variants>) -> Result<(), NotHunted> {
    variants.map(|_| ()).ok_or(NotHunted)
}

/// Whether the variants of a case are hunted before it closes as fixed: it was
/// found valid and a fix came of it. What was closed otherwise without ever
/// having a fix, or is closed as fixed already, is not asked again.
pub fn are_asked_for(case: &Case) -> bool {
    let had_fix = [Milestone::FixReady, Milestone::Released].iter().any(|it| case.reached.contains_key(it));
    match case.state {
        State::New | State::Acknowledged => false,
        State::Closed => had_fix && case.resolution != Some(Resolution::Fixed),
        State::Triaged | State::InProgress | State::FixReady | State::Released | State::Disclosed => true,
    }
}

impl Variants {
    /// Reads `done:WORDS` or `waived:WHY`.
    ///
    /// # Errors
    /// In words, with the form that is understood.
    pub fn read(given: &str) -> Result<Self, String> {
        let (kind, words) = given.split_once(':').unwrap_or((given, ""));
        let words = words.trim().to_owned();
        match (kind.trim().to_ascii_lowercase().as_str(), words.is_empty()) {
            ("done", _) => Ok(Variants::Done(words)),
            ("waived", false) => Ok(Variants::Waived(words)),
            ("waived", true) => Err("say why the hunt is waived: waived:WHY".to_owned()),
            _ => Err(format!(
                "'{}' is no outcome of a hunt; write done:WHAT WAS FOUND or waived:WHY",
                crate::text::line(given)
            )),
        }
    }
}

impl std::fmt::Display for Variants {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (kind, words) = match self {
            Variants::Done(words) => ("done", words),
            Variants::Waived(words) => ("waived", words),
        };
        f.write_str(kind)?;
        if words.is_empty() { Ok(()) } else { write!(f, ": {words}") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::triage::message::Encryption;
    use crate::triage::rules::Rules;
    use crate::triage::{Decision, Person, Sitting};

    #[test]
    fn only_a_valid_bug_that_is_fixed_is_asked_for_its_hunt() {
        let now = "2026-11-23T12:00:00Z".parse().unwrap();
        let opened = Case::opened("SEC-2026-0001".into(), "x", Person::default(), now, Encryption::None);
        let reached = [(Milestone::FixReady, now)].into();
        let fixed = Case { state: State::Released, reached, ..opened.clone() };
        let spam = Case { state: State::Closed, resolution: Some(Resolution::Spam), ..opened.clone() };
        let reopened = Case { reached: fixed.reached.clone(), ..spam.clone() };
        let done = Case { resolution: Some(Resolution::Fixed), ..reopened.clone() };
        let hunted = Case { variants: Some(Variants::Done(String::new())), ..fixed.clone() };
        let rules = Rules::default();
        let closes = |case: &Case, as_what| {
            let sitting = Sitting { actor: "ann", now, rules: &rules };
            Decision::State(State::Closed, Some(as_what)).changes(case, &sitting).map(|_| ())
        };
        for (case, asked) in
            [(&fixed, true), (&reopened, true), (&spam, false), (&done, false), (&hunted, false)]
        {
            let refused = closes(case, Resolution::Fixed).map_err(|why| why.to_string());
            assert_eq!(refused.is_err(), asked, "{:?} {refused:?}", case.state);
            if let Err(why) = refused {
                assert!(why.contains("variants=done:WORDS") && why.contains("with V"), "{why}");
            }
        }
        for other in Resolution::ALL.into_iter().filter(|other| *other != Resolution::Fixed) {
            assert_eq!(closes(&fixed, other), Ok(()), "{other}");
        }
    }

    #[test]
    fn an_outcome_is_read_and_a_waiver_needs_its_reason() {
        assert_eq!(
            Variants::read("done: two more in the GIF reader"),
            Ok(Variants::Done("two more in the GIF reader".into()))
        );
        assert_eq!(
            Variants::read("Waived: third-party code").unwrap().to_string(),
            "waived: third-party code"
        );
        assert!(Variants::read("waived").unwrap_err().contains("say why"));
        assert!(Variants::read("later").unwrap_err().contains("done:WHAT"));
        assert!(hunted(None).is_err() && hunted(Some(&Variants::Done(String::new()))).is_ok());
    }
}
