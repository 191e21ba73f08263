//! What reaches somebody who looks elsewhere: the terminal's bell, and the
//! window's title with the counts. Both can be switched off, and neither costs
//! a byte while nothing changes.

use super::terminal;
use crate::console::msg::Counts;

/// What is wanted, and what the title says now.
#[derive(Debug, Default)]
pub struct Alarm {
    bell: bool,
    title: bool,
    shown: Option<Counts>,
}

impl Alarm {
    /// What the environment asks for: `NINETY_BELL=0` and `NINETY_TITLE=0`
    /// switch them off; a terminal that has no window has no title.
    pub fn from_environment() -> Self {
        Self::from_lookup(|name| std::env::var(name).ok())
    }

    fn from_lookup(get: impl Fn(&str) -> Option<String>) -> Self {
        let is_on = |name| get(name).as_deref() != Some("0");
        let has_window = !matches!(get("TERM").as_deref(), Some("dumb" | "linux"));
        Self { bell: is_on("NINETY_BELL"), title: is_on("NINETY_TITLE") && has_window, shown: None }
    }

    /// Rings, if that is wanted.
    ///
    /// # Errors
    /// The terminal is gone.
    pub fn ring(&self) -> std::io::Result<()> {
        terminal::send(if self.bell { b"\x07" } else { b"" })
    }

    /// Has the title say the counts, if it does not yet.
    ///
    /// # Errors
    /// The terminal is gone.
    pub fn tell(&mut self, counts: Option<Counts>) -> std::io::Result<()> {
        match self.news(counts) {
            Some(title) => terminal::entitle(&title),
            None => Ok(()),
        }
    }

    /// The title where it is another than the one that stands.
    fn news(&mut self, counts: Option<Counts>) -> Option<String> {
        let counts = counts.filter(|counts| self.title && self.shown != Some(*counts))?;
        self.shown = Some(counts);
        // Numbers alone: nothing foreign can reach a title.
        Some(format!("ninety: {} overdue, {} unread", counts.overdue, counts.unread))
    }

    /// Somebody else had the terminal: the title is to be said again.
    pub fn forget(&mut self) {
        self.shown = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alarm(pairs: &[(&str, &str)]) -> Alarm {
        Alarm::from_lookup(|name| {
            pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn the_environment_switches_both_off() {
        let both = |alarm: &Alarm| (alarm.bell, alarm.title);
        assert_eq!(both(&alarm(&[])), (true, true));
        assert_eq!(both(&alarm(&[("NINETY_BELL", "0")])), (false, true));
        assert_eq!(both(&alarm(&[("NINETY_TITLE", "0")])), (true, false));
        assert_eq!(both(&alarm(&[("NINETY_BELL", "1"), ("TERM", "linux")])), (true, false));
    }

    #[test]
    fn the_title_is_said_when_it_changes_and_only_then() {
        let mut alarm = alarm(&[]);
        let counts = |overdue, unread| Some(Counts { overdue, unread });
        assert_eq!(alarm.news(None), None);
        assert_eq!(alarm.news(counts(2, 5)).as_deref(), Some("ninety: 2 overdue, 5 unread"));
        assert_eq!(alarm.news(counts(2, 5)), None);
        assert_eq!(alarm.news(counts(3, 5)).as_deref(), Some("ninety: 3 overdue, 5 unread"));
        alarm.forget();
        assert!(alarm.news(counts(3, 5)).is_some());
    }
}
