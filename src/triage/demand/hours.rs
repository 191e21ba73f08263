//! The time of day behind a date: `at 14:00 UTC`, `um 14 Uhr`.

use chrono::{FixedOffset, NaiveTime};

use super::tokens::Sentence;

/// A time of day, in a zone of its own where one is named.
pub(super) type Time = (NaiveTime, Option<FixedOffset>);

/// `at 14:00 UTC`, `T12:00:00Z`, `um 14 Uhr`, `5 pm`, and the token behind it.
pub(super) fn read(s: &Sentence, at: usize) -> (Option<Time>, usize) {
    let mut start = at;
    for _ in 0..2 {
        if matches!(s.word(start), "at" | "um" | "t") || s.is_mark(start, &[',', '@']) {
            start += 1;
        }
    }
    let clock = |hour: u32, minute: u32, next: usize| {
        let (hour, next) = match s.word(next) {
            "pm" if hour < 12 => (hour + 12, next + 1),
            "am" if hour == 12 => (0, next + 1),
            "am" | "pm" | "uhr" => (hour, next + 1),
            _ => (hour, next),
        };
        let (offset, next) = zone(s, next);
        NaiveTime::from_hms_opt(hour, minute, 0).map(|time| ((time, offset), next))
    };
    let read = s.number_of(start, 1..=2).and_then(|hour| {
        let minute = s
            .number_of(start + 2, 2..=2)
            .filter(|_| s.is_mark(start + 1, &[':', '.']) && s.is_glued(start + 2));
        match minute {
            Some(minute) if s.is_mark(start + 3, &[':']) && s.number_of(start + 4, 2..=2).is_some() => {
                clock(hour, minute, start + 5)
            }
            Some(minute) => clock(hour, minute, start + 3),
            None if matches!(s.word(start + 1), "am" | "pm" | "uhr") => clock(hour, 0, start + 1),
            None => None,
        }
    });
    read.map_or((None, at), |(time, next)| (Some(time), next))
}

/// The zone that is named at `at`, and the token behind it.
fn zone(s: &Sentence, at: usize) -> (Option<FixedOffset>, usize) {
    let east = |hours: i32| FixedOffset::east_opt(hours * 3600);
    let named = match s.word(at) {
        "utc" | "gmt" | "z" => east(0),
        "cet" | "mez" => east(1),
        "cest" | "mesz" => east(2),
        "est" => east(-5),
        "edt" => east(-4),
        "pst" => east(-8),
        "pdt" => east(-7),
        _ => None,
    };
    let signed = s.is_mark(at, &['+', '-']) && s.is_glued(at + 1);
    let (hours, minutes) = (s.number_of(at + 1, 2..=2), s.number_of(at + 3, 2..=2));
    match (named, hours, minutes) {
        (None, Some(hours), Some(minutes))
            if signed && s.is_mark(at + 2, &[':']) && hours <= 14 && minutes < 60 =>
        {
            let seconds = i32::try_from(hours * 3600 + minutes * 60).unwrap_or_default();
            let offset = if s.is_mark(at, &['-']) {
                FixedOffset::west_opt(seconds)
            } else {
                FixedOffset::east_opt(seconds)
            };
            (offset, at + 4)
        }
        (Some(offset), ..) => (Some(offset), at + 1),
        _ => (None, at),
    }
}
