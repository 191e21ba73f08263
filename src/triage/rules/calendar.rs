//! The section `[calendar]`.

use chrono::NaiveDate;
use chrono_tz::Tz;
use serde::Deserialize;
use serde::de::{Deserializer, Error as _};
use toml::{Spanned, Value};

use super::{Wrong, wrong};
use crate::triage::calendar::{Absence, Calendar, WorkHours, ics};

/// The calendar as it is written.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Section {
    zone: Option<Zone>,
    work_days: Option<Spanned<Vec<Weekday>>>,
    work_hours: Option<Hours>,
    holiday_files: Vec<Spanned<String>>,
    holidays: Vec<Holiday>,
    absences: Vec<Spanned<Away>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Holiday {
    date: Day,
    name: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Away {
    person: String,
    from: Date,
    to: Date,
}

impl Section {
    /// The calendar; `open` gives the text of a holiday file.
    pub(super) fn read(self, open: impl Fn(&str) -> Result<String, String>) -> Result<Calendar, Wrong> {
        let mut calendar = Calendar::default();
        if let Some(zone) = self.zone {
            calendar.zone = zone.0;
        }
        if let Some(days) = self.work_days {
            calendar.work_days = [false; 7];
            days.get_ref().iter().for_each(|day| calendar.work_days[day.0] = true);
            if days.get_ref().is_empty() {
                return Err(wrong(&days, "no day is worked; name one day of the week at least".to_owned()));
            }
        }
        if let Some(hours) = self.work_hours {
            calendar.work_hours = hours.0;
        }
        for file in &self.holiday_files {
            let problem = |problem| wrong(file, format!("{}: {problem}", file.get_ref()));
            let text = open(file.get_ref()).map_err(problem)?;
            calendar.holidays.extend(ics::holidays(&text, calendar.zone).map_err(problem)?);
        }
        for holiday in self.holidays {
            let dates = holiday.date.dates().into_iter().map(|date| (date, holiday.name.clone()));
            calendar.holidays.extend(dates);
        }
        for away in self.absences {
            let (from, to) = (away.get_ref().from.0, away.get_ref().to.0);
            if to < from {
                return Err(wrong(&away, format!("the absence ends on {to}, before it begins on {from}")));
            }
            calendar.absences.push(Absence { person: away.into_inner().person, from, to });
        }
        Ok(calendar)
    }
}

/// The name of a zone.
#[derive(Debug)]
struct Zone(Tz);

impl<'de> Deserialize<'de> for Zone {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        let unknown = || {
            format!("'{name}' is not a time zone; write an IANA name such as \"Europe/Berlin\", or \"UTC\"")
        };
        name.parse().map(Self).map_err(|_| D::Error::custom(unknown()))
    }
}

/// A day of the week, as its number from Monday.
#[derive(Debug)]
struct Weekday(usize);

impl<'de> Deserialize<'de> for Weekday {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        let day: Result<chrono::Weekday, _> = name.parse();
        let unknown = || format!("'{name}' is not a day of the week; write \"mon\" to \"sun\"");
        day.map(|day| Self(day.num_days_from_monday() as usize)).map_err(|_| D::Error::custom(unknown()))
    }
}

/// The hours of a work day.
#[derive(Debug)]
struct Hours(WorkHours);

impl<'de> Deserialize<'de> for Hours {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map(Self).map_err(D::Error::custom)
    }
}

/// A date, with or without quotation marks.
#[derive(Debug)]
struct Date(NaiveDate);

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Day::deserialize(deserializer)? {
            Day::Once(date) => Ok(Self(date)),
            Day::Yearly { .. } => {
                Err(D::Error::custom("a date with its year is needed here, such as 2026-12-24"))
            }
        }
    }
}

/// A date, or a day of every year.
#[derive(Debug)]
enum Day {
    Once(NaiveDate),
    Yearly { month: u32, day: u32 },
}

impl Day {
    fn of(text: &str) -> Option<Self> {
        let once = || NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().map(Self::Once);
        // 2000 had a 29th of February.
        let yearly = || {
            let (month, day) = text.split_once('-')?;
            let (month, day) = (month.parse().ok()?, day.parse().ok()?);
            NaiveDate::from_ymd_opt(2000, month, day).map(|_| Self::Yearly { month, day })
        };
        yearly().or_else(once)
    }

    fn dates(&self) -> Vec<NaiveDate> {
        match *self {
            Self::Once(date) => vec![date],
            Self::Yearly { month, day } => {
                ics::YEARS.filter_map(|year| NaiveDate::from_ymd_opt(year, month, day)).collect()
            }
        }
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = match Value::deserialize(deserializer)? {
            Value::String(text) => text,
            Value::Datetime(date) => date.to_string(),
            Value::Integer(number) => number.to_string(),
            other => other.type_str().to_owned(),
        };
        let unreadable =
            || format!("'{text}' is not a date; write it as 2026-12-24, or as \"12-24\" for every year");
        Self::of(text.trim()).ok_or_else(|| D::Error::custom(unreadable()))
    }
}
