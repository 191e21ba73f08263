//! The hunt for variants: bugs cluster, so whoever fixed one looks for similar
//! ones before the case closes.

use serde::{Deserialize, Serialize};

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
