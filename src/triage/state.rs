//! The life of a case: its states, how a closed one ended, and which may follow which.

use std::fmt;

use super::words::words;

words! {
    /// Where a case stands on its way from mail to advisory.
    pub enum State ("state") {
        /// Nobody has answered yet.
        New = "new",
        /// The reporter knows that a person has read it.
        Acknowledged = "acknowledged",
        /// Judged: it has a priority, and somebody's lane it is.
        Triaged = "triaged",
        /// Being fixed.
        InProgress = "in progress",
        /// The fix exists and waits for its release.
        FixReady = "fix ready",
        /// Users can install the fix.
        Released = "released",
        /// The advisory is public.
        Disclosed = "disclosed",
        /// Done; the resolution says how.
        Closed = "closed",
    }
}

words! {
    /// How a closed case ended.
    pub enum Resolution ("resolution") {
        /// A fix removed it.
        Fixed = "fixed",
        /// Another case holds it.
        Duplicate = "duplicate",
        /// It works as it should.
        NotAVulnerability = "not a vulnerability",
        /// We could not make it happen.
        NotReproducible = "not reproducible",
        /// Real, and left as it is.
        WontFix = "won't fix",
        /// Not our product or not covered.
        OutOfScope = "out of scope",
        /// No report at all.
        Spam = "spam",
    }
}

/// A change of state that the table does not allow, with what it allows instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// `to` may not follow `from`.
    NotNext {
        /// The state the case is in.
        from: State,
        /// The state that was asked for.
        to: State,
    },
    /// Closing needs to say how the case ended.
    NeedsResolution,
    /// Only a closed case has a resolution.
    ResolutionWithoutClosing,
    /// `fixed` was asked for where no fix exists yet.
    NoFixYet {
        /// The state the case is in.
        from: State,
    },
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotNext { from, to } => {
                let allowed: Vec<&str> = from.next().iter().map(|state| state.word()).collect();
                write!(f, "a case that is {from} cannot become {to}; it can become {}", allowed.join(", "))
            }
            Self::NeedsResolution => write!(
                f,
                "closing a case needs its resolution: {}",
                Resolution::ALL.map(Resolution::word).join(", ")
            ),
            Self::ResolutionWithoutClosing => {
                write!(f, "only a closed case has a resolution; set the state to closed with it")
            }
            Self::NoFixYet { from } => write!(
                f,
                "a case that is {from} has no fix yet, so it cannot be closed as fixed; make it fix ready first, or choose another resolution"
            ),
        }
    }
}

impl State {
    /// The states that may follow this one. The whole table of the process:
    /// forward along it, back where work has to be done again, and out of it
    /// from everywhere that a report can turn out to be none.
    pub fn next(self) -> &'static [State] {
        use State::*;
        match self {
            New => &[Acknowledged, Triaged, Closed],
            Acknowledged => &[Triaged, Closed],
            Triaged => &[InProgress, Closed],
            InProgress => &[Triaged, FixReady, Closed],
            FixReady => &[InProgress, Released, Closed],
            Released => &[InProgress, Disclosed, Closed],
            Disclosed => &[InProgress, Closed],
            Closed => &[Triaged],
        }
    }

    /// Whether the case may go from this state to `to`, closing with `resolution`.
    ///
    /// # Errors
    /// The [`Refusal`] says what is allowed instead.
    pub fn step(self, to: State, resolution: Option<Resolution>) -> Result<(), Refusal> {
        let closes = to == State::Closed;
        match resolution {
            None if closes => return Err(Refusal::NeedsResolution),
            Some(_) if !closes => return Err(Refusal::ResolutionWithoutClosing),
            _ => {}
        }
        // A closed case may be closed otherwise: "spam" can turn out to be a duplicate.
        if self == to && !closes {
            return Ok(());
        }
        if self != to && !self.next().contains(&to) {
            return Err(Refusal::NotNext { from: self, to });
        }
        let has_fix = matches!(self, State::FixReady | State::Released | State::Disclosed | State::Closed);
        if resolution == Some(Resolution::Fixed) && !has_fix {
            return Err(Refusal::NoFixYet { from: self });
        }
        Ok(())
    }

    /// Whether work is left to do.
    pub fn is_open(self) -> bool {
        self != State::Closed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_can_be_left_and_reached() {
        for state in State::ALL {
            assert!(!state.next().is_empty(), "{state} is a dead end");
            if state != State::New {
                assert!(
                    State::ALL.iter().any(|from| from.next().contains(&state)),
                    "{state} cannot be reached"
                );
            }
        }
    }

    #[test]
    fn closing_names_a_resolution_and_nothing_else_does() {
        assert_eq!(State::New.step(State::Closed, None), Err(Refusal::NeedsResolution));
        assert_eq!(
            State::New.step(State::Triaged, Some(Resolution::Spam)),
            Err(Refusal::ResolutionWithoutClosing)
        );
        assert_eq!(State::New.step(State::Closed, Some(Resolution::Spam)), Ok(()));
    }

    #[test]
    fn a_fix_is_needed_to_close_as_fixed() {
        let refused = State::Triaged.step(State::Closed, Some(Resolution::Fixed));
        assert_eq!(refused, Err(Refusal::NoFixYet { from: State::Triaged }));
        assert_eq!(State::Released.step(State::Closed, Some(Resolution::Fixed)), Ok(()));
    }

    #[test]
    fn a_refusal_says_what_is_allowed() {
        let refusal = State::New.step(State::Released, None).unwrap_err().to_string();
        assert_eq!(
            refusal,
            "a case that is new cannot become released; it can become acknowledged, triaged, closed"
        );
    }
}
