//! Dates as people write them in mails, in English and German: in digits, with
//! the name of a month, with or without a year.

use chrono::{Datelike as _, Days, NaiveDate};

use super::hours::{self, Time};
use super::tokens::{List, Sentence};

/// A day that a sentence names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Day {
    pub date: NaiveDate,
    /// The time of day, in a zone of its own where one stands.
    pub time: Option<Time>,
    /// Day and month could be the other way round.
    pub is_ambiguous: bool,
    /// The year stands there.
    pub has_year: bool,
    /// A week, a month or `early`: the first day of it is meant here.
    pub is_rough: bool,
}

/// What was read, and the token behind it. A date that cannot lie ahead is
/// read over: `None`.
pub(super) type Read = (Option<Day>, usize);

/// Dates further ahead than this, in days, are slips or mischief.
const HORIZON: u64 = 3 * 366;

/// The number of the month with this name or abbreviation, folded.
pub(super) fn month(word: &str) -> Option<u32> {
    Some(match word {
        "january" | "januar" | "jaenner" | "jan" => 1,
        "february" | "februar" | "feber" | "feb" => 2,
        "march" | "maerz" | "mar" | "mrz" => 3,
        "april" | "apr" => 4,
        "may" | "mai" => 5,
        "june" | "juni" | "jun" => 6,
        "july" | "juli" | "jul" => 7,
        "august" | "aug" => 8,
        "september" | "sept" | "sep" => 9,
        "october" | "oktober" | "oct" | "okt" => 10,
        "november" | "nov" => 11,
        "december" | "dezember" | "dec" | "dez" => 12,
        _ => return None,
    })
}

/// The date that starts at token `at`, seen from `today`.
pub(super) fn read(sentence: &Sentence, at: usize, today: NaiveDate) -> Option<Read> {
    const OPENS: [char; 12] = ['(', '[', '"', '“', '„', ':', ',', '*', '_', '>', '=', '\''];
    let is_mid = sentence.word_before(at, 2) == "mid";
    if sentence.is_glued(at) && !is_mid && !sentence.is_mark(at.wrapping_sub(1), &OPENS) {
        return None;
    }
    let (day, next) = digits(sentence, at, today)
        .or_else(|| day_and_month(sentence, at, today))
        .or_else(|| month_and_day(sentence, at, today))
        .or_else(|| month_alone(sentence, at, today))?;
    let (time, next) = hours::read(sentence, next);
    Some((day.map(|day| Day { time, ..day }), next))
}

/// A day without a time, as it was named.
pub(super) fn plain(date: NaiveDate, has_year: bool) -> Day {
    Day { date, time: None, is_ambiguous: false, has_year, is_rough: false }
}

/// The day in its year or, where none is named, the next such day; `None` for what is past or absurd.
fn ahead(year: Option<u32>, month: u32, day: u32, today: NaiveDate) -> Option<NaiveDate> {
    let last = today.checked_add_days(Days::new(HORIZON))?;
    let of =
        |year: i32| NaiveDate::from_ymd_opt(year, month, day).filter(|date| (today..=last).contains(date));
    match year {
        Some(year) => of(i32::try_from(year).ok()?),
        // Eight years: 29 February may be as far as that around a century.
        None => (0..=8).find_map(|years| of(today.year().checked_add(years)?)),
    }
}

/// `2027-01-14`, `2027/01/14`, `14.01.2027`, `14.1.`, `01/14/2027`, `14-01-2027`.
fn digits(s: &Sentence, at: usize, today: NaiveDate) -> Option<Read> {
    let glue = |index: usize, mark: char| s.is_mark(index, &[mark]) && s.is_glued(index);
    let glued_number = |index: usize, digits| s.number_of(index, digits).filter(|_| s.is_glued(index));
    let separator = ['-', '.', '/'].into_iter().find(|&mark| glue(at + 1, mark))?;
    let second = glued_number(at + 2, 1..=2)?;
    if let Some(year) = s.number_of(at, 4..=4) {
        let day = glued_number(at + 4, 1..=2).filter(|_| glue(at + 3, separator))?;
        let day = ahead(Some(year), second, day, today).map(|date| plain(date, true));
        return unattached(s, at + 5).then_some((day, at + 5));
    }
    let first = s.number_of(at, 1..=2)?;
    let year = glued_number(at + 4, 4..=4)
        .or_else(|| glued_number(at + 4, 2..=2).filter(|_| is_dated(s, at)).map(|two| 2000 + two));
    let Some(year) = year.filter(|_| glue(at + 3, separator)) else {
        // `am 14.1.`: without a year only in German, only after a preposition.
        let day = ahead(None, second, first, today).map(|date| plain(date, false));
        let is_short =
            separator == '.' && is_dated(s, at) && (1..=12).contains(&second) && (1..=31).contains(&first);
        let next = if glue(at + 3, '.') { at + 4 } else { at + 3 };
        return (is_short && unattached(s, next) && s.number(next).is_none_or(|_| !s.is_glued(next)))
            .then_some((day, next));
    };
    let day_first = ahead(Some(year), second, first, today);
    let month_first = if separator == '/' { ahead(Some(year), first, second, today) } else { None };
    let is_ambiguous = day_first.is_some() && month_first.is_some() && day_first != month_first;
    let date = [day_first, month_first].into_iter().flatten().min();
    let day = date.map(|date| Day { is_ambiguous, ..plain(date, true) });
    unattached(s, at + 5).then_some((day, at + 5))
}

/// Whether a preposition says that digits at `at` are a date and not a version.
fn is_dated(s: &Sentence, at: usize) -> bool {
    const ON: List = List::of("am bis zum vom ab dem den der vor on by until till before after date");
    s.any_before(at, 1, ON) || (at > 1 && s.is_mark(at - 1, &[':']))
}

/// Whether a date may end before `next`: no further digits or letters hang on to it.
fn unattached(s: &Sentence, next: usize) -> bool {
    let hangs = |index: usize| s.is_glued(index) && (s.number(index).is_some() || !s.word(index).is_empty());
    let iso_time = s.word(next) == "t" && s.number_of(next + 1, 2..=2).is_some();
    iso_time
        || !(hangs(next) || (s.is_mark(next, &['.', '-', '/', '_']) && s.is_glued(next) && hangs(next + 1)))
}

/// The day of a month at `at` with its ending (`14`, `14th`, `14.`), and the token behind it.
fn day_number(s: &Sentence, at: usize) -> Option<(u32, usize)> {
    let day = s.number_of(at, 1..=2).filter(|day| (1..=31).contains(day))?;
    let ending = s.is_glued(at + 1)
        && (matches!(s.word(at + 1), "st" | "nd" | "rd" | "th") || s.is_mark(at + 1, &['.']));
    Some((day, if ending { at + 2 } else { at + 1 }))
}

/// A year behind a month, and the token behind it.
fn year(s: &Sentence, at: usize) -> (Option<u32>, usize) {
    let behind_comma =
        if s.is_mark(at, &[',', '.']) && s.number_of(at + 1, 4..=4).is_some() { at + 1 } else { at };
    match s.number_of(behind_comma, 4..=4).filter(|year| (1970..=2999).contains(year)) {
        Some(year) => (Some(year), behind_comma + 1),
        None => (None, at),
    }
}

/// The name of a month at `at`, and the token behind it and its full stop.
fn month_name(s: &Sentence, at: usize) -> Option<(u32, usize)> {
    let number = month(s.word(at))?;
    let abbreviated =
        s.is_mark(at + 1, &['.']) && s.is_glued(at + 1) && s.word(at).len() <= 4 && at + 2 < s.len();
    Some((number, if abbreviated { at + 2 } else { at + 1 }))
}

/// `14 January 2027`, `14th of January`, `14. Januar`, `14-Jan-2027`, `14-16 January` (the first day).
fn day_and_month(s: &Sentence, at: usize, today: NaiveDate) -> Option<Read> {
    let (day, mut next) = day_number(s, at)?;
    let to = s.is_mark(next, &['-', '–', '/'])
        || matches!(s.word(next), "to" | "and" | "bis" | "und" | "or" | "oder");
    if let Some((_, behind)) = day_number(s, next + 1).filter(|_| to) {
        next = behind;
    }
    if matches!(s.word(next), "of" | "des") || (s.is_mark(next, &['-']) && s.is_glued(next)) {
        next += 1;
    }
    let (month, next) = month_name(s, next)?;
    let next =
        if s.is_mark(next, &['-']) && s.number_of(next + 1, 4..=4).is_some() { next + 1 } else { next };
    let (year, next) = year(s, next);
    Some((ahead(year, month, day, today).map(|date| plain(date, year.is_some())), next))
}

/// `January 14, 2027`, `Jan. 14th`, `January the 14th`.
fn month_and_day(s: &Sentence, at: usize, today: NaiveDate) -> Option<Read> {
    let (month, next) = month_name(s, at)?;
    let next = if s.word(next) == "the" || s.is_mark(next, &[',']) { next + 1 } else { next };
    let (day, next) = day_number(s, next)?;
    if s.is_glued(next) && s.number(next).is_some() {
        return None; // `March 4.2` is a version
    }
    let range = s.is_mark(next, &['-', '–']) && s.number_of(next + 1, 1..=2).is_some();
    let next = if range { day_number(s, next + 1).map_or(next, |(_, behind)| behind) } else { next };
    let (year, next) = year(s, next);
    Some((ahead(year, month, day, today).map(|date| plain(date, year.is_some())), next))
}

/// `in January 2027`, `Ende Januar`: the first day that it can mean.
fn month_alone(s: &Sentence, at: usize, today: NaiveDate) -> Option<Read> {
    let (month, next) = month_name(s, at)?;
    let (year, next) = year(s, next);
    let from = match s.word_before(at, 1) {
        "early" | "anfang" => 1,
        "mid" | "mitte" => 15,
        "late" => 20,
        "ende" => 31,
        "of" if s.word_before(at, 2) == "end" || s.word_before(at, 3) == "end" => 31,
        "of" if matches!(s.word_before(at, 2), "middle" | "mid") => 15,
        "of" if matches!(s.word_before(at, 2), "start" | "beginning") => 1,
        "in" | "im" | "during" | "by" | "until" | "before" | "next" | "bis" | "vor" => 1,
        _ if s.is_mark(at.wrapping_sub(1), &['-']) && s.word_before(at, 2) == "mid" => 15,
        _ if year.is_some() => 1,
        _ => return None,
    };
    let day = (28..=from.max(28)).rev().find_map(|last| ahead(year, month, from.min(last), today));
    let running =
        today.month() == month && year.is_none_or(|year| i64::from(year) == i64::from(today.year()));
    let date = if running && from < today.day() { Some(today) } else { day };
    Some((date.map(|date| Day { is_rough: true, ..plain(date, year.is_some()) }), next))
}
