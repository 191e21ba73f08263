//! Weakness classes (CWE): their numbers and names, and which of them a text
//! speaks of. A guess is for a person to confirm; nothing here decides.

mod names;
mod spoken;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

pub use spoken::{Guess, guess};

/// A class of weakness by its CWE number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Weakness(u32);

impl Weakness {
    /// Largest number that is taken for one; MITRE has given out fewer than 1,500.
    const MAX: u32 = 9_999;

    /// The class with this CWE number, 1 to 9999, also when its name is not known here.
    pub fn new(number: u32) -> Option<Self> {
        (1..=Self::MAX).contains(&number).then_some(Self(number))
    }

    /// The CWE number.
    pub fn number(self) -> u32 {
        self.0
    }

    /// The name as MITRE gives it; `None` for a class that is rare here.
    pub fn name(self) -> Option<&'static str> {
        let at = names::NAMES.binary_search_by_key(&self.0, |&(number, _)| number).ok()?;
        names::NAMES.get(at).map(|&(_, name)| name)
    }

    /// The customary name where MITRE's has one in it (`Path Traversal`), else the whole.
    pub fn short_name(self) -> Option<&'static str> {
        let name = self.name()?;
        Some(name.split_once("('").and_then(|(_, rest)| rest.strip_suffix("')")).unwrap_or(name))
    }

    /// `CWE-22 Path Traversal`: with the customary name, where there is one.
    pub fn in_short(self) -> String {
        self.short_name().map_or_else(|| self.to_string(), |name| format!("{self} {name}"))
    }

    /// The classes that have a name here, by number.
    pub fn named() -> impl Iterator<Item = Self> {
        names::NAMES.iter().map(|&(number, _)| Self(number))
    }
}

/// `CWE-79`; with `{:#}` the name behind it, where there is one.
impl fmt::Display for Weakness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) if f.alternate() => write!(f, "CWE-{} {name}", self.0),
            _ => f.pad(&format!("CWE-{}", self.0)),
        }
    }
}

/// What was given instead of a CWE number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotAWeakness {
    given: String,
}

impl fmt::Display for NotAWeakness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let given = crate::text::line(&self.given);
        write!(f, "'{given}' is not a weakness class; write its CWE number, such as CWE-79 or 79")
    }
}

impl std::error::Error for NotAWeakness {}

impl FromStr for Weakness {
    type Err = NotAWeakness;

    fn from_str(given: &str) -> Result<Self, NotAWeakness> {
        let trimmed = given.trim();
        let digits = match trimmed.get(..3) {
            Some(prefix) if prefix.eq_ignore_ascii_case("cwe") => {
                trimmed[3..].trim_start_matches(['-', ' ', '_', ':'])
            }
            _ => trimmed,
        };
        let number = digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok()).flatten();
        number.and_then(Self::new).ok_or_else(|| NotAWeakness { given: given.to_owned() })
    }
}

impl Serialize for Weakness {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Weakness {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let word = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        word.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_people_write_them() {
        for given in ["79", "CWE-79", "cwe-79", "CWE 79", "cwe79", " CWE-0079 "] {
            assert_eq!(given.parse(), Ok(Weakness(79)), "{given}");
        }
        for given in ["", "0", "CWE-", "CWE-x", "-79", "+79", "10000", "99999999999999", "CVE-79", "ключ"]
        {
            let error = given.parse::<Weakness>().unwrap_err();
            assert!(error.to_string().contains("such as CWE-79"), "{given}");
        }
    }

    #[test]
    fn names_are_those_of_mitre_and_in_order() {
        assert!(names::NAMES.is_sorted_by(|a, b| a.0 < b.0));
        let xss = Weakness(79);
        assert_eq!(xss.short_name(), Some("Cross-site Scripting"));
        assert_eq!(Weakness(416).short_name(), Some("Use After Free"));
        assert_eq!(Weakness(352).short_name(), Some("Cross-Site Request Forgery (CSRF)"));
        assert_eq!(format!("{:#}", Weakness(787)), "CWE-787 Out-of-bounds Write");
        assert_eq!(format!("{:#}", Weakness(1395)), "CWE-1395");
        assert_eq!(format!("{xss:>8}"), "  CWE-79");
        assert_eq!(serde_json::from_str::<Weakness>("\"79\"").unwrap(), xss);
        assert_eq!(serde_json::to_string(&xss).unwrap(), "\"CWE-79\"");
        let top_25 = [
            79, 89, 352, 862, 787, 22, 416, 125, 78, 94, 120, 434, 476, 121, 502, 122, 863, 20, 284, 200,
            306, 918, 77, 639, 770, 287, 269, 119, 798, 190, 400,
        ];
        for number in top_25 {
            assert!(Weakness(number).name().is_some(), "{number}");
        }
    }
}
