//! What words have a part in, and so no statement can decide.

use super::words::KeySet;
use crate::triage::CaseKey;

/// Words, and what the statement says beside them.
#[derive(Debug)]
pub(super) enum Remainder {
    /// All of them hold.
    All(Vec<Remainder>),
    /// One of them holds.
    Any(Vec<Remainder>),
    /// It does not hold.
    Not(Box<Remainder>),
    /// What the statement says in this column, counted from 0 behind the number of the case.
    Column(usize),
    /// The case has these of the words.
    Words(usize),
}

impl Remainder {
    /// The cases for which it holds, of which `sets` have the words; `None`
    /// where columns have a part in it.
    pub(super) fn set(&self, sets: &[KeySet]) -> Option<KeySet> {
        let all = |parts: &[Self]| parts.iter().map(|part| part.set(sets)).collect::<Option<Vec<_>>>();
        Some(match self {
            Self::All(parts) => {
                all(parts)?.into_iter().fold(KeySet::everything(), |one, other| one.both(&other))
            }
            Self::Any(parts) => {
                all(parts)?.into_iter().fold(KeySet::default(), |one, other| one.either(&other))
            }
            Self::Not(inner) => inner.set(sets)?.others(),
            Self::Column(_) => return None,
            Self::Words(place) => sets.get(*place)?.clone(),
        })
    }

    /// Whether it holds for the case, whose row says `columns`.
    pub(super) fn holds(&self, key: CaseKey, sets: &[KeySet], columns: &[bool]) -> bool {
        match self {
            Self::All(parts) => parts.iter().all(|part| part.holds(key, sets, columns)),
            Self::Any(parts) => parts.iter().any(|part| part.holds(key, sets, columns)),
            Self::Not(inner) => !inner.holds(key, sets, columns),
            Self::Column(place) => columns.get(*place).copied().unwrap_or(false),
            Self::Words(place) => sets.get(*place).is_some_and(|set| set.contains(key)),
        }
    }
}
