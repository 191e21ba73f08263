//! Spans as people write them: `90 days`, `90-day`, `two weeks`, `in 30 Tagen`,
//! `90-Tage-Frist`, `neunzigtägig`.

use chrono::{DateTime, Months, TimeDelta, Utc};

use super::tokens::{Sentence, list};
use crate::triage::calendar::Calendar;

/// A span of time, as it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    pub count: u32,
    pub unit: Unit,
    /// It stands before a noun: `90-day deadline`.
    pub is_attribute: bool,
}

/// What a span counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    Hours,
    Days,
    WorkingDays,
    Weeks,
    Months,
}

/// Longest span that is taken for a demand, in days.
const LONGEST: u32 = 3 * 366;

impl Span {
    /// The instant this long after `start`, working days being those of
    /// `calendar`; `None` for nothing and for absurd lengths.
    pub(super) fn after(self, start: DateTime<Utc>, calendar: &Calendar) -> Option<DateTime<Utc>> {
        let days = match self.unit {
            Unit::Hours => self.count / 24,
            Unit::Days | Unit::WorkingDays => self.count,
            Unit::Weeks => self.count.checked_mul(7)?,
            Unit::Months => self.count.checked_mul(31)?,
        };
        if self.count == 0 || days > LONGEST {
            return None;
        }
        match self.unit {
            Unit::Hours => start.checked_add_signed(TimeDelta::try_hours(i64::from(self.count))?),
            Unit::Months => start.checked_add_months(Months::new(self.count)),
            Unit::WorkingDays => calendar.after_work_days(start, self.count),
            Unit::Days | Unit::Weeks => start.checked_add_signed(TimeDelta::try_days(i64::from(days))?),
        }
    }
}

/// The span that starts at token `at`, and the token behind it.
pub(super) fn read(s: &Sentence, at: usize) -> Option<(Span, usize)> {
    if s.is_glued(at) && s.is_mark(at.wrapping_sub(1), &['.', '-', '/', '$', '€', '+', '#']) {
        return None;
    }
    if let Some(span) = compound(s.word(at)) {
        return Some((span, at + 1));
    }
    let (count, next) = count(s, at)?;
    if s.is_mark(next, &['+']) && s.number(next + 1).is_some() {
        // `90+30 policy`: the first is the deadline, the second comes after a fix.
        let named = s.any_in(next + 2, next + 6, list!("policy disclosure rule deadline days day"));
        let span = Span { count, unit: Unit::Days, is_attribute: true };
        return named.then_some((span, next + 2));
    }
    let next = upper_end(s, next).unwrap_or(next);
    let hyphen = s.is_mark(next, &['-', '‑', '–']);
    let next = if hyphen { next + 1 } else { next };
    let mut working = false;
    let mut next = next;
    while matches!(
        s.word(next),
        "business" | "working" | "work" | "calendar" | "full" | "ganze" | "ganzen" | "volle" | "vollen"
    ) {
        working |= matches!(s.word(next), "business" | "working" | "work");
        next += 1;
    }
    let unit = match unit(s.word(next))? {
        Unit::Days if working => Unit::WorkingDays,
        unit => unit,
    };
    // `one day more than your plan` moves a date that is not told here.
    if matches!(s.word(next + 1), "more" | "longer" | "extra" | "laenger" | "mehr") {
        return None;
    }
    let behind = s.is_mark(next + 1, &['-', '‑']) && s.is_glued(next + 1);
    let adjective = s.word(next).contains("taegig")
        || s.word(next).contains("woechig")
        || s.word(next).contains("monatig");
    let before_noun = matches!(s.word(next), "day" | "week" | "month" | "hour") && (hyphen || count != 1);
    Some((Span { count, unit, is_attribute: behind || adjective || before_noun }, next + 1))
}

/// The number at `at` in digits or words, with a repetition in brackets behind it.
fn count(s: &Sentence, at: usize) -> Option<(u32, usize)> {
    let count = match s.number(at) {
        Some(count) => count,
        None => match number_word(s.word(at))? {
            // `forty-five`, `twenty one`.
            tens @ (20 | 30 | 40 | 60 | 90) => {
                let ones = if s.is_mark(at + 1, &['-']) { at + 2 } else { at + 1 };
                match number_word(s.word(ones))
                    .filter(|&ones| (1..10).contains(&ones) && s.word(at).ends_with("ty"))
                {
                    Some(value) => return Some((tens + value, in_brackets(s, ones + 1))),
                    None => tens,
                }
            }
            // `a` and `one` count only what is not said of every single day.
            1 if s.word(at).len() == 1 && unit(s.word(at + 1)).is_none_or(|unit| unit == Unit::Days) => {
                return None;
            }
            count => count,
        },
    };
    Some((count, in_brackets(s, at + 1)))
}

/// The token behind `(ninety)` or `(90)`.
fn in_brackets(s: &Sentence, at: usize) -> usize {
    if !s.is_mark(at, &['(']) {
        return at;
    }
    (at + 1..at + 5).find(|&index| s.is_mark(index, &[')'])).map_or(at, |close| close + 1)
}

/// `30-45 days`, `two to three weeks`: the token behind the upper end. The lower one counts.
fn upper_end(s: &Sentence, at: usize) -> Option<usize> {
    let to = s.is_mark(at, &['-', '–']) || matches!(s.word(at), "to" | "or" | "bis" | "oder" | "and" | "und");
    let (_, next) = count(s, at + 1).filter(|_| to)?;
    let unit_at = if s.is_mark(next, &['-']) { next + 1 } else { next };
    unit(s.word(unit_at)).map(|_| next)
}

fn unit(word: &str) -> Option<Unit> {
    Some(match word {
        "hour" | "hours" | "hrs" | "h" | "stunde" | "stunden" => Unit::Hours,
        "day" | "days" | "d" | "tag" | "tage" | "tagen" | "tages" | "kalendertage" | "kalendertagen" => {
            Unit::Days
        }
        "werktage" | "werktagen" | "arbeitstage" | "arbeitstagen" => Unit::WorkingDays,
        "week" | "weeks" | "woche" | "wochen" => Unit::Weeks,
        "month" | "months" | "monat" | "monate" | "monaten" | "monats" => Unit::Months,
        _ => adjective(word)?,
    })
}

/// `tägig`, `wöchige`, `monatigen`.
fn adjective(word: &str) -> Option<Unit> {
    [("taegig", Unit::Days), ("woechig", Unit::Weeks), ("monatig", Unit::Months)]
        .into_iter()
        .find_map(|(stem, unit)| word.strip_prefix(stem).filter(|ending| ending.len() <= 2).map(|_| unit))
}

/// `neunzigtägige`, `zweiwöchig`, `fortnight`.
fn compound(word: &str) -> Option<Span> {
    if word == "fortnight" {
        return Some(Span { count: 2, unit: Unit::Weeks, is_attribute: false });
    }
    ["taegig", "woechig", "monatig"].into_iter().find_map(|stem| {
        let at = word.find(stem)?;
        let count = number_word(&word[..at])?;
        Some(Span { count, unit: adjective(&word[at..])?, is_attribute: true })
    })
}

/// A number in words, English and German, folded.
fn number_word(word: &str) -> Option<u32> {
    Some(match word {
        "a" | "one" | "ein" | "eine" | "einem" | "einer" | "eines" => 1,
        "two" | "zwei" => 2,
        "three" | "drei" => 3,
        "four" | "vier" => 4,
        "five" | "fuenf" => 5,
        "six" | "sechs" => 6,
        "seven" | "sieben" => 7,
        "eight" | "acht" => 8,
        "nine" | "neun" => 9,
        "ten" | "zehn" => 10,
        "eleven" | "elf" => 11,
        "twelve" | "zwoelf" => 12,
        "fourteen" | "vierzehn" => 14,
        "fifteen" | "fuenfzehn" => 15,
        "twenty" | "zwanzig" => 20,
        "einundzwanzig" => 21,
        "thirty" | "dreissig" => 30,
        "forty" | "vierzig" => 40,
        "fuenfundvierzig" => 45,
        "sixty" | "sechzig" => 60,
        "ninety" | "neunzig" => 90,
        "hundert" => 100,
        "hundertzwanzig" | "einhundertzwanzig" => 120,
        "hundertachtzig" => 180,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_read_as_people_write_them() {
        for (text, count, unit, is_attribute) in [
            ("90 days", 90, Unit::Days, false),
            ("90-day deadline", 90, Unit::Days, true),
            ("90 day policy", 90, Unit::Days, true),
            ("90d", 90, Unit::Days, false),
            ("48h", 48, Unit::Hours, false),
            ("ninety (90) days", 90, Unit::Days, false),
            ("90 (ninety) calendar days", 90, Unit::Days, false),
            ("forty-five days", 45, Unit::Days, false),
            ("thirty days", 30, Unit::Days, false),
            ("90+30 disclosure policy", 90, Unit::Days, true),
            ("30-45 days", 30, Unit::Days, false),
            ("two to three weeks", 2, Unit::Weeks, false),
            ("ten business days", 10, Unit::WorkingDays, false),
            ("a month", 1, Unit::Months, false),
            ("fortnight", 2, Unit::Weeks, false),
            ("30 Tagen", 30, Unit::Days, false),
            ("90-Tage-Frist", 90, Unit::Days, true),
            ("90-tägige Frist", 90, Unit::Days, true),
            ("neunzigtägigen Frist", 90, Unit::Days, true),
            ("zwei Wochen", 2, Unit::Weeks, false),
            ("einem Monat", 1, Unit::Months, false),
            ("fünf Werktagen", 5, Unit::WorkingDays, false),
            ("dreißig Tage", 30, Unit::Days, false),
        ] {
            let read = read(&Sentence::of(text), 0).map(|(span, _)| span);
            assert_eq!(read, Some(Span { count, unit, is_attribute }), "{text}");
        }
        for text in ["day", "90", "90 users", "a day", "a bug", "99999999999 days", "90+30", "-3 days"] {
            assert_eq!(read(&Sentence::of(text), 0), None, "{text}");
        }
    }

    #[test]
    fn spans_end_where_the_calendar_says() {
        let friday: DateTime<Utc> = "2026-11-27T10:00:00Z".parse().unwrap();
        for (count, unit, expected) in [
            (5, Unit::WorkingDays, "2026-12-04T10:00:00Z"),
            (1, Unit::WorkingDays, "2026-11-30T10:00:00Z"),
            (3, Unit::Months, "2027-02-27T10:00:00Z"),
            (2, Unit::Weeks, "2026-12-11T10:00:00Z"),
            (48, Unit::Hours, "2026-11-29T10:00:00Z"),
        ] {
            let span = Span { count, unit, is_attribute: false };
            assert_eq!(
                span.after(friday, &Calendar::default()),
                Some(expected.parse().unwrap()),
                "{count} {unit:?}"
            );
        }
        for (count, unit) in [
            (0, Unit::Days),
            (2_000, Unit::Days),
            (u32::MAX, Unit::Weeks),
            (u32::MAX, Unit::Months),
            (u32::MAX, Unit::Hours),
        ] {
            let span = Span { count, unit, is_attribute: false };
            assert_eq!(span.after(friday, &Calendar::default()), None, "{count} {unit:?}");
        }
    }
}
