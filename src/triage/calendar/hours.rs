//! The hours of a work day.

use std::fmt;
use std::str::FromStr;

use chrono::{NaiveTime, Timelike as _};

/// From when to when a work day goes, in whole minutes, such as `09:00-17:00`;
/// `24:00` is the end of the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WorkHours {
    opens: NaiveTime,
    /// None: at the end of the day.
    closes: Option<NaiveTime>,
}

impl WorkHours {
    /// When work begins.
    pub fn opens(&self) -> NaiveTime {
        self.opens
    }

    /// When work ends; none at the end of the day.
    pub fn closes(&self) -> Option<NaiveTime> {
        self.closes
    }
}

impl Default for WorkHours {
    fn default() -> Self {
        let hour = |hour| NaiveTime::MIN.with_hour(hour).unwrap_or(NaiveTime::MIN);
        Self { opens: hour(9), closes: Some(hour(17)) }
    }
}

impl fmt::Display for WorkHours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let closes = self.closes.map_or("24:00".to_owned(), |time| time.format("%H:%M").to_string());
        write!(f, "{}-{closes}", self.opens.format("%H:%M"))
    }
}

impl FromStr for WorkHours {
    type Err = String;

    fn from_str(given: &str) -> Result<Self, String> {
        let unreadable = || format!("'{given}' are no work hours; write them as 09:00-17:00");
        let time = |text: &str| NaiveTime::parse_from_str(text.trim(), "%H:%M").ok();
        let (opens, closes) = given.split_once('-').ok_or_else(unreadable)?;
        let opens = time(opens).ok_or_else(unreadable)?;
        let closes = match closes.trim() {
            "24:00" => None,
            text => Some(time(text).filter(|closes| *closes > opens).ok_or_else(unreadable)?),
        };
        Ok(Self { opens, closes })
    }
}
