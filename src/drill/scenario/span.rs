//! Spans and words as a scenario has them.

use std::fmt;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Deserializer, de};

/// A span of time: `13d 4h`, `20m`, `90s`, `2w`. Never negative, ten years at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span(pub TimeDelta);

/// The longest span that a scenario can mean.
const LONGEST: TimeDelta = TimeDelta::days(3_660);

impl Span {
    /// Nothing.
    pub const ZERO: Self = Self(TimeDelta::zero());

    /// Reads a span.
    ///
    /// # Errors
    /// In words, with the forms that are understood.
    pub fn read(text: &str) -> Result<Self, String> {
        let shown = || crate::text::line(text);
        let unreadable =
            || format!("'{}' is no span of time; write it as 20m, 3h, 13d 4h, 90s or 2w", shown());
        let mut sum = TimeDelta::zero();
        let mut pieces = 0;
        for piece in text.split_whitespace() {
            let unit = piece.chars().next_back().ok_or_else(unreadable)?;
            let count = piece.strip_suffix(unit).unwrap_or_default();
            let count: i64 = count.parse().ok().filter(|count| *count >= 0).ok_or_else(unreadable)?;
            let span = match unit {
                'w' => TimeDelta::try_weeks(count),
                'd' => TimeDelta::try_days(count),
                'h' => TimeDelta::try_hours(count),
                'm' => TimeDelta::try_minutes(count),
                's' => TimeDelta::try_seconds(count),
                _ => None,
            };
            sum = span.and_then(|span| sum.checked_add(&span)).ok_or_else(unreadable)?;
            pieces += 1;
        }
        if pieces == 0 {
            return Err(unreadable());
        }
        if sum > LONGEST {
            return Err(format!("'{}' is longer than ten years", shown()));
        }
        Ok(Self(sum))
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut left = self.0.num_seconds();
        let mut words = Vec::new();
        for (unit, seconds) in [("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1)] {
            if left >= seconds {
                words.push(format!("{}{unit}", left / seconds));
                left %= seconds;
            }
        }
        f.write_str(&if words.is_empty() { "0m".to_owned() } else { words.join(" ") })
    }
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::read(&text).map_err(de::Error::custom)
    }
}

/// An instant in RFC 3339.
pub(super) fn instant<'de, D: Deserializer<'de>>(deserializer: D) -> Result<DateTime<Utc>, D::Error> {
    let text = String::deserialize(deserializer)?;
    DateTime::parse_from_rfc3339(&text).map(|at| at.to_utc()).map_err(|_| {
        let shown = crate::text::line(&text);
        de::Error::custom(format!("'{shown}' is no instant; write it as 2026-03-02T09:00:00Z"))
    })
}

/// The same where it may be left out.
pub(super) fn maybe_instant<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<DateTime<Utc>>, D::Error> {
    instant(deserializer).map(Some)
}

/// Something read by its `FromStr`.
pub(super) fn word<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: std::str::FromStr<Err: fmt::Display>,
{
    let text = String::deserialize(deserializer)?;
    text.parse().map(Some).map_err(de::Error::custom)
}

/// One word or a list of words, each read by its `FromStr`.
pub(super) fn words<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: std::str::FromStr<Err: fmt::Display>,
{
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum OneOrMany {
        One(String),
        Many(Vec<String>),
    }
    let texts = match OneOrMany::deserialize(deserializer)? {
        OneOrMany::One(text) => vec![text],
        OneOrMany::Many(texts) => texts,
    };
    texts.iter().map(|text| text.parse().map_err(de::Error::custom)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_read_and_told() {
        for (text, told) in
            [("20m", "20m"), ("13d 4h", "13d 4h"), ("2w", "14d"), ("90s", "1m 30s"), ("0m", "0m")]
        {
            assert_eq!(Span::read(text).unwrap().to_string(), told);
        }
        for bad in ["", "5", "m", "-3d", "3x", "9999999999999999d", "4000d", "3ä", "1e3d"] {
            assert!(Span::read(bad).is_err(), "{bad}");
        }
    }
}
