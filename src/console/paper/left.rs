//! How long is left, in days and in working days.

use chrono::{DateTime, TimeDelta, Utc};

use super::{Piece, Role, Setting, ours, unbroken};
use crate::triage::clock;
use crate::triage::clocks::Clock;

impl Setting<'_> {
    /// `6d left (4wd)`, `18h left`, `OVERDUE 3d (1wd)`: working days by the
    /// team's calendar, where another day is meant than today.
    pub fn left(&self, at: DateTime<Utc>) -> Piece {
        let words = clock::countdown(at, self.now);
        let is_today = self.calendar.date_of(at) == self.calendar.date_of(self.now);
        let working = self.calendar.working_days(self.now, at).abs();
        let words = if is_today { words } else { format!("{words} ({working}wd)") };
        ours(urgency(at, self.now), words)
    }

    /// The clocks that count, due first: `triage OVERDUE 3h · publish 89d left (64wd)`.
    pub(super) fn counting(&self, clocks: &[Clock]) -> Vec<Piece> {
        let mut counting: Vec<(DateTime<Utc>, &Clock)> = clocks
            .iter()
            .filter(|clock| clock.state.is_counting())
            .filter_map(|clock| Some((clock.due_at?, clock)))
            .collect();
        counting.sort_by_key(|(due, _)| *due);
        let mut pieces = Vec::new();
        for (due, clock) in counting {
            if !pieces.is_empty() {
                pieces.push(ours(Role::Faint, " · "));
            }
            // The words of the queue's column, which names one of them.
            let of = clock.of.as_ref().map_or(String::new(), |of| format!("({of}) "));
            let Piece { role, text } = self.left(due);
            pieces.push(unbroken(ours(role, format!("{} {of}{text}", clock.kind.short()))));
        }
        pieces
    }
}

fn urgency(at: DateTime<Utc>, now: DateTime<Utc>) -> Role {
    if at < now {
        Role::Bad
    } else if at - now < TimeDelta::days(1) {
        Role::Warn
    } else {
        Role::Plain
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::console::zone::Zone;
    use crate::triage::calendar::Calendar;

    #[test]
    fn days_and_working_days_stand_side_by_side() {
        let mut calendar = Calendar::default();
        calendar.holidays.insert("2026-11-26".parse().unwrap(), "a holiday".to_owned());
        let zone = Zone::Fixed(chrono::FixedOffset::east_opt(3600).unwrap());
        // A Monday, 22 o'clock.
        let now = "2026-11-23T22:00:00Z".parse().unwrap();
        let setting = Setting { width: 80, now, zone, unfolded: false, calendar: &calendar };
        for (at, words, role) in [
            ("2026-11-23T23:30:00Z", "1h left", Role::Warn),
            ("2026-11-24T16:00:00Z", "18h left (1wd)", Role::Warn),
            ("2026-11-30T22:00:00Z", "7d left (4wd)", Role::Plain),
            ("2026-11-23T19:00:00Z", "OVERDUE 3h", Role::Bad),
            ("2026-11-20T19:00:00Z", "OVERDUE 3d (1wd)", Role::Bad),
        ] {
            assert_eq!(setting.left(at.parse().unwrap()), ours(role, words), "{at}");
        }
        // Thirty hours over a weekend are no working day at all.
        let friday = "2026-11-27T22:00:00Z".parse().unwrap();
        let over = Setting { now: friday, ..setting };
        assert_eq!(over.left("2026-11-29T04:00:00Z".parse().unwrap()).text, "30h left (0wd)");
    }
}
