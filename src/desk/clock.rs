//! The one clock: real, held still for tests and demonstrations, or that of a drill.

mod pace;

use std::time::Duration;

use chrono::{DateTime, SubsecRound as _, Utc};

pub(super) use pace::FILE;
pub use pace::Pace;

/// Where `now` comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Clock {
    /// The machine's clock.
    Real,
    /// It stands still at this instant.
    Frozen(DateTime<Utc>),
    /// It runs as somebody set it, for all who take part in a drill.
    Drill(Pace),
}

impl Clock {
    /// The clock that `NINETY_NOW` asks for: an instant in RFC 3339, or none.
    ///
    /// # Errors
    /// The text, where it is no such instant.
    pub fn from_setting(setting: Option<&str>) -> Result<Self, String> {
        match setting.map(str::trim) {
            None | Some("") => Ok(Self::Real),
            Some(text) => match DateTime::parse_from_rfc3339(text) {
                Ok(at) => Ok(Self::Frozen(at.to_utc())),
                Err(_) => Err(format!(
                    "NINETY_NOW is '{}', which is not an instant; write it as 2026-11-23T22:04:00Z",
                    crate::text::line(text)
                )),
            },
        }
    }

    /// The present, in whole seconds: the store keeps no finer ones.
    pub fn now(&self) -> DateTime<Utc> {
        match self {
            Self::Real => Utc::now().trunc_subsecs(0),
            Self::Frozen(at) => *at,
            Self::Drill(pace) => pace.now(),
        }
    }

    /// How long the machine's clock runs until it is `at` here, nothing where
    /// that is past; `None` while this clock stands still.
    pub fn real_until(&self, at: DateTime<Utc>) -> Option<Duration> {
        match self {
            Self::Real => Some((at - Utc::now()).to_std().unwrap_or_default()),
            Self::Frozen(_) => None,
            Self::Drill(pace) => pace.real_until(at),
        }
    }
}
