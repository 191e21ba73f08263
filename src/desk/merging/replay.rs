//! Undo and redo of merges, after others have gone on working with the cases.

use crate::desk::{Outcome, Result};
use crate::store::Writer;
use crate::triage::{Case, CaseKey, Change, What};

use super::is_same;

/// Of the entries of a batch those that still fit. Messages that have gone
/// elsewhere since stay where they are; of a duplicate that was split or merged
/// again since nothing is touched, and that is said.
pub(in crate::desk) fn that_fit(
    writer: &Writer<'_>,
    entries: Vec<(CaseKey, What)>,
    outcome: &mut Outcome,
) -> Result<Vec<(CaseKey, What)>> {
    let mut torn = Vec::new();
    for (key, what) in &entries {
        let What::Changed { before: before @ Change::Merged(_), .. } = what else { continue };
        let case = writer.case(*key)?;
        if before.current_in(&case) != *before {
            outcome.refused.push((case.id, "it was split or merged again since; left as it is".to_owned()));
            torn.push(*key);
        }
    }
    let mut fit = Vec::new();
    for (key, what) in entries {
        let what = match what {
            _ if torn.contains(&key) => continue,
            What::Moved { from, to, .. } if torn.iter().any(|key| [from, to].contains(&key.0)) => continue,
            What::Moved { messages, from, to, ids, threads } => {
                let messages = still_in(writer, messages, CaseKey(from))?;
                if messages.is_empty() {
                    continue;
                }
                What::Moved { messages, from, to, ids, threads }
            }
            other => other,
        };
        fit.push((key, what));
    }
    Ok(fit)
}

/// Those of the messages that are in `case`.
pub(super) fn still_in(writer: &Writer<'_>, messages: Vec<i64>, case: CaseKey) -> Result<Vec<i64>> {
    let mut found = Vec::with_capacity(messages.len());
    for message in messages {
        if writer.place_of(message)? == Some(case) {
            found.push(message);
        }
    }
    Ok(found)
}

/// The entry as it fits the case now: who else reported it is a list that
/// several merges have written to, so only the entry's own people come and go.
pub(in crate::desk) fn rebased(case: &Case, what: What) -> What {
    let What::Changed { before: Change::AlsoBy(before), after: Change::AlsoBy(after) } = &what else {
        return what;
    };
    let has = |people: &[crate::triage::Person], one: &_| people.iter().any(|known| is_same(known, one));
    if case.also_by == *before {
        return what;
    }
    let mut people = case.also_by.clone();
    people.retain(|one| !has(before, one) || has(after, one));
    for one in after.iter().filter(|one| !has(before, one)) {
        if !has(&people, one) {
            people.push(one.clone());
        }
    }
    What::Changed { before: Change::AlsoBy(case.also_by.clone()), after: Change::AlsoBy(people) }
}
