//! Days that are named from today on: `tomorrow`, `next Friday`, `Ende des Monats`.

use chrono::{Datelike as _, Days, Months, NaiveDate, Weekday};

use super::dates::{self, Day, Read, plain};
use super::tokens::{List, Sentence, list};

/// `tomorrow`, `next Friday`, `end of the month`, `nächste Woche`, seen from `today`.
pub(super) fn read(s: &Sentence, at: usize, today: NaiveDate) -> Option<Read> {
    let exact = |date: Option<NaiveDate>, next| Some((date.map(|date| plain(date, true)), next));
    let rough = |date: Option<NaiveDate>, next| {
        Some((date.map(|date| Day { is_rough: true, ..plain(date, true) }), next))
    };
    let days = |days| today.checked_add_days(Days::new(days));
    match s.word(at) {
        "day" if s.reads(at, &["day", "after", "tomorrow"]) => exact(days(2), at + 3),
        "uebermorgen" => exact(days(2), at + 1),
        "tomorrow" => exact(days(1), at + 1),
        "morgen" if !s.any_before(at, 1, list!("guten heute am jeden gestern schoenen")) && at > 0 => {
            exact(days(1), at + 1)
        }
        "end" if s.word(at + 1) == "of" => {
            end_of(s, at + 2).and_then(|(unit, next)| rough(last_of(unit, today), next))
        }
        "ende" => end_of(s, at + 1).and_then(|(unit, next)| rough(last_of(unit, today), next)),
        "monatsende" => rough(last_of("month", today), at + 1),
        "jahresende" => rough(last_of("year", today), at + 1),
        "wochenende" => rough(last_of("weekend", today), at + 1),
        "next" | "kommende" | "kommenden" | "naechste" | "naechsten" | "naechster" | "coming" => {
            match s.word(at + 1) {
                "week" | "woche" => rough(after(today, Weekday::Mon), at + 2),
                "month" | "monat" => rough(last_of("month", today).and_then(|last| last.succ_opt()), at + 2),
                "year" | "jahr" => rough(NaiveDate::from_ymd_opt(today.year() + 1, 1, 1), at + 2),
                _ => None,
            }
        }
        word => {
            let day = weekday(word)?;
            const NOT: List = List::of(
                "last every each patch black previous past letzten vergangenen jeden letzte seit \
                 since letztem",
            );
            let dated = [at + 1, at + 2, at + 3].iter().any(|&next| dates::read(s, next, today).is_some());
            if s.any_before(at, 1, NOT) || dated { None } else { exact(after(today, day), at + 1) }
        }
    }
}

/// The unit of `of the month`, `des Monats`, `of this year`, and the token behind it.
fn end_of(s: &Sentence, at: usize) -> Option<(&'static str, usize)> {
    let start = if matches!(s.word(at), "the" | "this" | "des" | "der" | "dieses" | "dieser" | "diesen") {
        at + 1
    } else {
        at
    };
    let unit = match s.word(start) {
        "month" | "monats" => "month",
        "year" | "jahres" => "year",
        "week" | "woche" => "week",
        "quarter" | "quartals" => "quarter",
        _ => return None,
    };
    Some((unit, start + 1))
}

/// The last day of the running `unit`: Friday for a week.
fn last_of(unit: &str, today: NaiveDate) -> Option<NaiveDate> {
    let month_end = |month: u32| {
        NaiveDate::from_ymd_opt(today.year(), month, 1)?.checked_add_months(Months::new(1))?.pred_opt()
    };
    match unit {
        "month" => month_end(today.month()),
        "quarter" => month_end(today.month().div_ceil(3) * 3),
        "year" => month_end(12),
        "weekend" => after(today, Weekday::Sat),
        _ => after(today.pred_opt()?, Weekday::Fri),
    }
}

/// The first `day` after `today`.
fn after(today: NaiveDate, day: Weekday) -> Option<NaiveDate> {
    let days = today.weekday().days_since(day);
    today.checked_add_days(Days::new(7 - u64::from(days)))
}

fn weekday(word: &str) -> Option<Weekday> {
    Some(match word {
        "monday" | "montag" => Weekday::Mon,
        "tuesday" | "dienstag" => Weekday::Tue,
        "wednesday" | "mittwoch" => Weekday::Wed,
        "thursday" | "donnerstag" => Weekday::Thu,
        "friday" | "freitag" => Weekday::Fri,
        "saturday" | "samstag" | "sonnabend" => Weekday::Sat,
        "sunday" | "sonntag" => Weekday::Sun,
        _ => return None,
    })
}
