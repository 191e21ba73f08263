//! What somebody says about when things happened under a regime.

use chrono::{DateTime, Utc};

use super::{Regime, Situation};

/// Instants to be set in a [`Situation`]; those that are left out stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Instants {
    /// The first sign of it.
    pub first_signal: Option<DateTime<Utc>>,
    /// From when on the company counts as aware.
    pub aware: Option<DateTime<Utc>>,
    /// When a corrective or mitigating measure was available to users.
    pub measure: Option<DateTime<Utc>>,
    /// When the incident was handled.
    pub handled: Option<DateTime<Utc>>,
}

impl Instants {
    /// Those that are said, with what they are.
    pub fn named(&self) -> impl Iterator<Item = (&'static str, DateTime<Utc>)> {
        let all = [
            ("first signal", self.first_signal),
            ("aware", self.aware),
            ("measure available", self.measure),
            ("handled", self.handled),
        ];
        all.into_iter().filter_map(|(what, at)| Some((what, at?)))
    }

    /// Sets them.
    ///
    /// # Errors
    /// In words, where one means nothing under the regime or they contradict each other.
    pub fn set(&self, situation: &mut Situation) -> Result<(), String> {
        let regime = situation.regime;
        if self.measure.is_some() && regime != Regime::CraVulnerability {
            return Err(format!(
                "a measure starts no clock of a {regime}; say when it was handled, or leave it out"
            ));
        }
        if self.handled.is_some() && regime != Regime::Nis2 {
            return Err(format!("that it was handled starts no clock of a {regime}; leave it out"));
        }
        let first_signal_at = self.first_signal.or(situation.first_signal_at);
        let aware_at = self.aware.or(situation.aware_at);
        if let (Some(signal), Some(aware)) = (first_signal_at, aware_at)
            && signal > aware
        {
            return Err("the first signal would come after the awareness; set both".to_owned());
        }
        situation.first_signal_at = first_signal_at;
        situation.aware_at = aware_at;
        situation.measure_available_at = self.measure.or(situation.measure_available_at);
        situation.handled_at = self.handled.or(situation.handled_at);
        Ok(())
    }
}

impl Situation {
    /// What was said and filed so far, instants as `when` has them:
    /// `CRA vulnerability, aware 2026-11-23 11:00 UTC, early warning filed ...`. May hold foreign text.
    pub fn in_words(&self, when: &dyn Fn(DateTime<Utc>) -> String) -> String {
        let instants = Instants {
            first_signal: self.first_signal_at,
            aware: self.aware_at,
            measure: self.measure_available_at,
            handled: self.handled_at,
        };
        let said = instants.named().map(|(what, at)| format!("{what} {}", when(at)));
        let filed = self.filings.iter().map(|filing| {
            let number =
                if filing.reference.is_empty() { String::new() } else { format!(" as {}", filing.reference) };
            format!("{} filed {} by {}{number}", filing.step, when(filing.at), filing.by)
        });
        std::iter::once(self.regime.to_string()).chain(said).chain(filed).collect::<Vec<_>>().join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_is_set_and_what_makes_no_sense_is_refused() {
        let at = |hour: u32| -> DateTime<Utc> { format!("2026-11-23T{hour:02}:00:00Z").parse().unwrap() };
        let mut situation = Situation::new(Regime::CraVulnerability);
        let both = Instants { first_signal: Some(at(8)), aware: Some(at(9)), ..Instants::default() };
        both.set(&mut situation).unwrap();
        Instants { measure: Some(at(10)), ..Instants::default() }.set(&mut situation).unwrap();
        assert_eq!((situation.first_signal_at, situation.aware_at), (Some(at(8)), Some(at(9))));
        assert_eq!(situation.measure_available_at, Some(at(10)));
        let before = situation.clone();
        for wrong in [
            Instants { first_signal: Some(at(11)), ..Instants::default() },
            Instants { aware: Some(at(7)), ..Instants::default() },
            Instants { handled: Some(at(12)), ..Instants::default() },
        ] {
            assert!(wrong.set(&mut situation).is_err(), "{wrong:?}");
            assert_eq!(situation, before);
        }
        let measure = Instants { measure: Some(at(10)), ..Instants::default() };
        assert!(measure.set(&mut Situation::new(Regime::Nis2)).unwrap_err().contains("NIS2 incident"));
    }
}
