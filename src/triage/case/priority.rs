//! How urgent a case is.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::triage::words::UnknownWord;

/// How urgent a case is; `P0` is worked on now, by everybody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Priority(u8);

impl Priority {
    /// P0 to P4, the most urgent first.
    pub const ALL: [Priority; 5] = [Priority(0), Priority(1), Priority(2), Priority(3), Priority(4)];

    /// The priority with this number, 0 to 4.
    pub fn new(level: u8) -> Option<Self> {
        Self::ALL.get(usize::from(level)).copied()
    }

    /// 0 to 4.
    pub fn level(self) -> u8 {
        self.0
    }
}

impl fmt::Display for Priority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "P{}", self.0)
    }
}

impl FromStr for Priority {
    type Err = UnknownWord;

    fn from_str(given: &str) -> Result<Self, UnknownWord> {
        let digits = given.strip_prefix(['P', 'p']).unwrap_or(given);
        digits.parse().ok().and_then(Self::new).ok_or_else(|| UnknownWord {
            what: "priority",
            given: given.to_owned(),
            known: vec!["P0", "P1", "P2", "P3", "P4"],
        })
    }
}

impl Serialize for Priority {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Priority {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let word = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        word.parse().map_err(serde::de::Error::custom)
    }
}
