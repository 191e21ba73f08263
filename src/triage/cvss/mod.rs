//! CVSS, the Common Vulnerability Scoring System of FIRST: vectors of v3.0,
//! v3.1 and v4.0, their scores, and the model of an editor that goes metric by
//! metric.
//!
//! The arithmetic is that of the crate `cvss`; the metrics, the reading and the
//! errors are ours. Knows nothing of cases.

mod draft;
mod metrics;
mod read;
mod score;
#[cfg(test)]
mod tests;

use std::fmt;
use std::str::FromStr;

use super::words::words;

pub use draft::Draft;
pub use metrics::{Group, Metric, Value};
pub use read::Misread;

words! {
    /// The version of the standard that a vector is of.
    pub enum Version ("version of CVSS") {
        /// CVSS v3.0 (2015).
        V30 = "3.0",
        /// CVSS v3.1 (2019).
        V31 = "3.1",
        /// CVSS v4.0 (2023).
        V40 = "4.0",
    }
}

words! {
    /// The qualitative severity rating (v3.1 section 5, v4.0 section 6), as FIRST writes it.
    pub enum Severity ("severity") {
        /// 0.0.
        None = "None",
        /// 0.1 to 3.9.
        Low = "Low",
        /// 4.0 to 6.9.
        Medium = "Medium",
        /// 7.0 to 8.9.
        High = "High",
        /// 9.0 to 10.0.
        Critical = "Critical",
    }
}

impl Severity {
    fn of(tenths: u8) -> Self {
        match tenths {
            0 => Self::None,
            1..=39 => Self::Low,
            40..=69 => Self::Medium,
            70..=89 => Self::High,
            _ => Self::Critical,
        }
    }
}

/// A complete vector with its score. As text and in serde it is the vector.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Cvss {
    vector: Draft,
    tenths: u8,
}

impl Cvss {
    /// The version that the vector is of.
    pub fn version(&self) -> Version {
        self.vector.version()
    }

    /// The score of all metrics that the vector has, 0.0 to 10.0: for v3 the
    /// environmental score where it has environmental metrics, else the temporal
    /// one where it has temporal metrics, else the base score.
    pub fn score(&self) -> f64 {
        f64::from(self.tenths) / 10.0
    }

    /// The score in tenths, 0 to 100.
    pub fn tenths(&self) -> u8 {
        self.tenths
    }

    /// The severity of the score.
    pub fn severity(&self) -> Severity {
        Severity::of(self.tenths)
    }

    /// The same vulnerability by its base metrics alone.
    pub fn base(&self) -> Self {
        Self::score_of(self.vector.base()).unwrap_or(*self)
    }

    /// What the score was made from: for v4 in the nomenclature of its section
    /// 1.3 (`CVSS-B` to `CVSS-BTE`), for v3 by the name of the score (`base`,
    /// `temporal`, `environmental`).
    pub fn nomenclature(&self) -> &'static str {
        let has = |group| self.vector.has(group);
        match self.version() {
            Version::V40 => match (has(Group::Threat), has(Group::Environmental)) {
                (false, false) => "CVSS-B",
                (true, false) => "CVSS-BT",
                (false, true) => "CVSS-BE",
                (true, true) => "CVSS-BTE",
            },
            Version::V30 | Version::V31 if has(Group::Environmental) => "environmental",
            Version::V30 | Version::V31 if has(Group::Temporal) => "temporal",
            Version::V30 | Version::V31 => "base",
        }
    }

    /// The vector, to be read or edited.
    pub fn draft(&self) -> Draft {
        self.vector
    }

    /// None while a mandatory metric is missing.
    fn score_of(vector: Draft) -> Option<Self> {
        score::tenths(&vector).map(|tenths| Self { vector, tenths })
    }
}

/// The vector in the standard's order, without what is not defined.
impl fmt::Display for Cvss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.vector, f)
    }
}

/// Reads a complete vector: metrics in any order, letters in any case.
impl FromStr for Cvss {
    type Err = Misread;

    fn from_str(given: &str) -> Result<Self, Misread> {
        let vector: Draft = given.parse()?;
        vector.complete().ok_or_else(|| Misread::missing(given.trim_end().len(), &vector.missing()))
    }
}

impl serde::Serialize for Cvss {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for Cvss {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let vector = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        vector.parse().map_err(serde::de::Error::custom)
    }
}
