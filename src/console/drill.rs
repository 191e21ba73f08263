//! What the console knows of the drill that it takes part in: how it stood
//! when it was last asked, and what of that is on the screen.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::zone::Zone;
use crate::drill::{Bulletin, Cue};
use crate::triage::date;

/// Shortest and longest real time that one day of a drill can take.
const DAY_TAKES: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(7 * 86_400));
/// From this real length of a day on the clock on the screen shows every minute.
const EVERY_MINUTE: Duration = Duration::from_secs(6 * 3_600);
/// From this one on every ten minutes, else every hour: no oftener than twice a second.
const EVERY_TEN: Duration = Duration::from_secs(72);

/// The drill, as the console knows it.
#[derive(Debug, Default)]
pub struct Drill {
    /// How it stood when it was last asked; none before the first answer.
    pub bulletin: Option<Bulletin>,
    /// Index of the first line that its overlay shows.
    pub top: usize,
    /// Index of the cue under the cursor.
    pub chosen: usize,
    /// Whether its overlay is to open as soon as nothing else is open.
    pub wants_to_open: bool,
    /// Whether it was asked since something was due.
    was_asked: bool,
}

/// What a prompt of the drill asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line {
    /// The time that it is to be.
    Time,
    /// A remark for the report.
    Comment,
}

impl Line {
    /// What stands in front of the line.
    pub fn label(self) -> &'static str {
        match self {
            Line::Time => "set the time of",
            Line::Comment => "remark on",
        }
    }
}

impl Drill {
    /// Takes in how it stands now. The overlay opens by itself at the start,
    /// except in a tour, and at the end.
    pub fn take(&mut self, bulletin: Bulletin) {
        let before = self.bulletin.as_ref();
        let ends_now = bulletin.is_over && before.is_none_or(|before| !before.is_over);
        if ends_now || before.is_none() && !bulletin.is_tour {
            self.wants_to_open = true;
            self.top = 0;
        }
        // One that does not move on is not asked over and over.
        self.was_asked = self.was_asked && before.is_some_and(|before| due_at(before) == due_at(&bulletin));
        self.chosen = self.chosen.min(bulletin.cues.len().saturating_sub(1));
        self.bulletin = Some(bulletin);
    }

    /// Whether something became due that it was not asked about yet; only the first time.
    pub fn falls_due(&mut self, now: DateTime<Utc>) -> bool {
        let is_due = self.next_due().is_some_and(|at| at <= now);
        self.was_asked |= is_due;
        is_due
    }

    fn next_due(&self) -> Option<DateTime<Utc>> {
        self.bulletin.as_ref().filter(|_| !self.was_asked).and_then(due_at)
    }

    /// The next instant at which it is to be asked, or its clock on the screen changes.
    pub fn changes_at(&self, now: DateTime<Utc>, zone: Zone) -> Option<DateTime<Utc>> {
        let bulletin = self.bulletin.as_ref()?;
        if bulletin.is_paused || bulletin.is_over {
            return None;
        }
        let minutes = match bulletin.day_takes {
            day if day >= EVERY_MINUTE => 1,
            day if day >= EVERY_TEN => 10,
            _ => 60,
        };
        let step = minutes * 60;
        // Hours begin where the reader's clock says so.
        let past = zone.show(now).naive_local().and_utc().timestamp().rem_euclid(step);
        let tick = now.checked_add_signed(TimeDelta::seconds(step - past));
        self.next_due().into_iter().chain(tick).min()
    }

    /// Rows that its hint takes on a screen of this height, besides the one of its mark.
    pub fn hint_rows(&self, height: u16) -> u16 {
        let Some(bulletin) = &self.bulletin else { return 0 };
        if bulletin.hint.is_none() && (!bulletin.is_tour || bulletin.is_over) {
            return 0;
        }
        match height {
            0..4 => 0,
            4..16 => 1,
            _ => 3,
        }
    }

    /// The cue under the cursor.
    pub fn cue(&self) -> Option<&Cue> {
        let bulletin = self.bulletin.as_ref().filter(|bulletin| bulletin.is_facilitator)?;
        bulletin.cues.get(self.chosen)
    }

    /// Why nothing more can happen in it, if so.
    pub fn no_more(&self) -> Option<&'static str> {
        match &self.bulletin {
            None => Some("the drill is still being read"),
            Some(bulletin) if bulletin.is_over => Some("the drill is over"),
            Some(_) => None,
        }
    }

    /// Why its clock cannot be touched, if so.
    pub fn no_pace(&self) -> Option<&'static str> {
        let kept = self.bulletin.as_ref().filter(|bulletin| !bulletin.may_pace).map(|bulletin| {
            if bulletin.is_exam() {
                "in an exam the clock waits for nobody"
            } else {
                "the facilitator of the drill keeps its clock"
            }
        });
        self.no_more().or(kept)
    }

    /// Why there is no hint, if so.
    pub fn no_hint(&self) -> Option<&'static str> {
        let is_without = self.bulletin.as_ref().is_some_and(|bulletin| !bulletin.may_hint);
        self.no_more().or(is_without.then_some("this drill gives no hints here"))
    }

    /// Why what the facilitator does cannot be done, if so.
    pub fn no_facilitator(&self) -> Option<&'static str> {
        let is_player = self.bulletin.as_ref().is_none_or(|bulletin| !bulletin.is_facilitator);
        is_player.then_some("only the facilitator of the drill does this")
    }

    /// The real time that a day takes when it is made half or twice as long; none beyond the limits.
    pub fn other_day(&self, is_faster: bool) -> Option<Duration> {
        let day = self.bulletin.as_ref()?.day_takes;
        let other = if is_faster { day / 2 } else { day.saturating_mul(2) };
        let other = other.clamp(DAY_TAKES.0, DAY_TAKES.1);
        (other != day).then_some(other)
    }
}

/// When it is to be asked again.
fn due_at(bulletin: &Bulletin) -> Option<DateTime<Utc>> {
    let goes_on = !bulletin.is_paused && !bulletin.is_over;
    goes_on.then(|| bulletin.next_at.map_or(bulletin.ends_at, |at| at.min(bulletin.ends_at)))
}

/// The forms of a time of the drill, for hints.
pub const TIMES: &str = "+30m, +2h, +1d, 14:30, 2026-03-05 09:00";

/// The instant that a person typed for the clock of a drill; it lies ahead.
///
/// # Errors
/// In words, with the forms that are understood.
pub fn read_time(given: &str, zone: Zone, now: DateTime<Utc>) -> Result<DateTime<Utc>, String> {
    let typed = given.trim();
    let at = match typed.strip_prefix('+') {
        Some(span) => span_ahead(span.trim()).and_then(|span| now.checked_add_signed(span)),
        None => next_time_of_day(typed, zone, now).or_else(|| zone.instant(typed)),
    };
    let at =
        at.ok_or_else(|| format!("'{}' is no time of a drill; write {TIMES}", crate::text::line(typed)))?;
    if at <= now {
        return Err("the clock of a drill never goes back".to_owned());
    }
    Ok(at)
}

/// A span with minutes, which are too short for the dates of cases.
fn span_ahead(given: &str) -> Option<TimeDelta> {
    let minutes = given.strip_suffix("min").or_else(|| given.strip_suffix('m'));
    match minutes {
        Some(count) => TimeDelta::try_minutes(count.trim().parse::<u32>().ok()?.into()),
        None => date::span(given).ok(),
    }
}

/// `14:30`, today or, where that is past, tomorrow.
fn next_time_of_day(typed: &str, zone: Zone, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let time = chrono::NaiveTime::parse_from_str(typed, "%H:%M").ok()?;
    let today = zone.show(now).date_naive();
    [Some(today), today.succ_opt()]
        .into_iter()
        .flatten()
        .filter_map(|day| zone.instant(&format!("{day} {}", time.format("%H:%M"))))
        .find(|at| *at > now)
}

/// A real span of time: `40m`, `1h 30m`, `7d`.
pub fn spell(span: Duration) -> String {
    let mut left = span.as_secs();
    let mut words = Vec::new();
    for (unit, seconds) in [("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1)] {
        if left >= seconds && words.len() < 2 {
            words.push(format!("{}{unit}", left / seconds));
            left %= seconds;
        } else if !words.is_empty() {
            // The units stand next to each other: no `7d 3s`.
            break;
        }
    }
    if words.is_empty() { "0s".to_owned() } else { words.join(" ") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::FixedOffset;

    #[test]
    fn a_time_is_a_span_ahead_a_time_of_day_or_an_instant() {
        let zone = Zone::Fixed(FixedOffset::east_opt(3600).unwrap());
        let now: DateTime<Utc> = "2026-03-03T13:05:00Z".parse().unwrap();
        let table = [
            ("+30m", "2026-03-03T13:35:00Z"),
            ("+2h", "2026-03-03T15:05:00Z"),
            ("+ 1d", "2026-03-04T13:05:00Z"),
            ("14:30", "2026-03-03T13:30:00Z"),
            ("14:05", "2026-03-04T13:05:00Z"),
            ("9:00", "2026-03-04T08:00:00Z"),
            ("2026-03-05 09:00", "2026-03-05T08:00:00Z"),
        ];
        for (typed, expected) in table {
            assert_eq!(read_time(typed, zone, now), Ok(expected.parse().unwrap()), "{typed}");
        }
        for typed in ["", "+", "soon", "-2h", "25:00", "+1x"] {
            assert!(read_time(typed, zone, now).unwrap_err().contains("write +30m"), "{typed}");
        }
        assert!(read_time("2026-03-01", zone, now).unwrap_err().contains("never goes back"));
    }

    #[test]
    fn a_real_span_has_two_units_at_most() {
        let spelled = |seconds| spell(Duration::from_secs(seconds));
        assert_eq!([0, 1, 90, 2_400, 5_400].map(spelled), ["0s", "1s", "1m 30s", "40m", "1h 30m"]);
        assert_eq!([86_400, 7 * 86_400 + 3].map(spelled), ["1d", "7d"]);
    }
}
