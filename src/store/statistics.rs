//! All cases in one pass, as far as statistics read them.

use chrono::{DateTime, Utc};
use rusqlite::Row;
use rusqlite::types::{FromSql, ValueRef};
use serde::de::DeserializeOwned;

use super::column::instant;
use super::{Error, Result, Store};
use crate::triage::case::{Disclosure, DisclosureSource, Promise};
use crate::triage::message::Encryption;
use crate::triage::noise::Noise;
use crate::triage::{Assessment, Case, CaseKey, Person, Priority, Weakness};

/// Columns are read by their places: to look for their names would take longer
/// than to read them. `'{}'` and `'[]'` are not parsed.
pub(super) const ALL: &str =
    "SELECT id, state, resolution, priority, product, component, found_in, received_at,
    acknowledged_at, policy, terms, disclosure_at, exploited, cwe, reached, touched_at, lanes, waits,
    obligations, noise, merged_into FROM cases
    WHERE is_restricted = 0 OR EXISTS (SELECT 1 FROM json_each(readers) WHERE value = ?1 COLLATE NOCASE)";

impl Store {
    /// Hands out every case that `reader` may see, in no order, with what
    /// statistics need of it: where it stands, when it reached what, its
    /// clocks, where and what it is. Title, people, words and notes are empty.
    /// How many cases the reader may not see.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn each_case(&self, reader: &str, mut take: impl FnMut(&Case)) -> Result<usize> {
        let mut statement = self.connection.prepare_cached(ALL)?;
        let mut rows = statement.query([reader])?;
        while let Some(row) = rows.next()? {
            take(&narrow(row)?);
        }
        Ok(self.hidden_from(reader)?.len())
    }
}

fn narrow(row: &Row<'_>) -> Result<Case> {
    let at = |place| optional(row, place)?.map(instant).transpose();
    let received_at = instant(row.get(7)?)?;
    let nobody = Person::default();
    let mut case = Case::opened(String::new(), "", nobody, received_at, Encryption::None);
    case.title.clear();
    case.key = CaseKey(row.get(0)?);
    case.state = word(row, 1)?.unwrap_or(case.state);
    case.resolution = word(row, 2)?;
    case.priority = optional(row, 3)?.and_then(Priority::new);
    case.product = optional(row, 4)?;
    case.component = optional(row, 5)?;
    case.found_in = word(row, 6)?;
    case.acknowledged_at = at(8)?;
    case.promise = Promise { policy: row.get(9)?, terms: json(row, 10)?.unwrap_or_default() };
    case.disclosure = disclosure(at(11)?.unwrap_or(received_at));
    case.exploited = row.get(12)?;
    case.assessment = Assessment { weakness: word::<Weakness>(row, 13)?, ..Assessment::default() };
    case.reached = json(row, 14)?.unwrap_or_default();
    case.touched_at = at(15)?.unwrap_or(received_at);
    case.lanes = json(row, 16)?.unwrap_or_default();
    case.waits = json(row, 17)?.unwrap_or_default();
    case.obligations = json(row, 18)?.unwrap_or_default();
    case.noise = Noise { score: row.get(19)?, reasons: Vec::new() };
    case.merged_into = json(row, 20)?;
    Ok(case)
}

/// Where a disclosure date comes from is not read: no figure tells it.
fn disclosure(at: DateTime<Utc>) -> Disclosure {
    Disclosure { at, source: DisclosureSource::Policy, why: String::new() }
}

fn optional<T: FromSql>(row: &Row<'_>, place: usize) -> Result<Option<T>> {
    Ok(row.get(place)?)
}

/// The text at a place, not copied; none where there is none.
fn text<'a>(row: &'a Row<'_>, place: usize) -> Result<Option<&'a str>> {
    match row.get_ref(place)? {
        ValueRef::Null => Ok(None),
        value => value.as_str().map(Some).map_err(|error| Error::Unreadable(error.to_string())),
    }
}

fn word<T: std::str::FromStr>(row: &Row<'_>, place: usize) -> Result<Option<T>> {
    let read = |text: &str| text.parse().map_err(|_| unreadable(place, text));
    text(row, place)?.map(read).transpose()
}

/// A value kept as JSON; none where it is absent or empty.
fn json<T: DeserializeOwned>(row: &Row<'_>, place: usize) -> Result<Option<T>> {
    match text(row, place)? {
        None | Some("{}" | "[]") => Ok(None),
        Some(text) => serde_json::from_str(text).map(Some).map_err(|_| unreadable(place, text)),
    }
}

fn unreadable(place: usize, text: &str) -> Error {
    Error::Unreadable(format!("column {place} of a case: '{}'", crate::text::line(text)))
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;
    use crate::store::tests::{at, store};
    use crate::triage::case::{FoundIn, Merged};
    use crate::triage::clocks::{Wait, Waits};
    use crate::triage::lane::{Lane, LaneWork};
    use crate::triage::regulation::{Regime, Situation};
    use crate::triage::{Milestone, Resolution, State, Terms};

    /// A case with a value in everything that is read, and nothing else.
    fn full() -> Case {
        let now = at("2026-11-23T09:00:00Z");
        let since = now - TimeDelta::days(3);
        let plain = Case::opened("SEC-2026-0001".to_owned(), "", Person::default(), since, Encryption::None);
        Case {
            state: State::Closed,
            resolution: Some(Resolution::WontFix),
            priority: Priority::new(2),
            product: Some("portal".to_owned()),
            component: Some("login".to_owned()),
            found_in: Some(FoundIn::Qa),
            acknowledged_at: Some(now),
            promise: Promise {
                policy: "30 days".to_owned(),
                terms: Terms { triage_hours: 7, ..Terms::default() },
            },
            disclosure: disclosure(now + TimeDelta::days(9)),
            exploited: true,
            assessment: Assessment { weakness: Weakness::new(79), ..Assessment::default() },
            reached: [(Milestone::Prioritised, now), (Milestone::Closed, now)].into(),
            touched_at: now,
            lanes: vec![LaneWork::asked(Lane::Qa, Some("ben".to_owned()), None, "ann", now)],
            waits: Waits {
                now: Some(Wait { since: now, reason: "a version".to_owned() }),
                before: Vec::new(),
            },
            obligations: vec![Situation::new(Regime::Nis2)],
            noise: Noise { score: 60, reasons: Vec::new() },
            merged_into: Some(Merged { key: 9, id: "SEC-2026-0009".to_owned() }),
            ..plain
        }
    }

    fn gathered(store: &Store, reader: &str) -> (Vec<Case>, usize) {
        let mut cases = Vec::new();
        let hidden = store.each_case(reader, |case| cases.push(case.clone())).unwrap();
        (cases, hidden)
    }

    #[test]
    fn what_statistics_need_comes_back_the_same() {
        let (_directory, mut store) = store();
        let key = store.write(|writer| writer.insert_case(&full())).unwrap();
        let expected = Case { key, id: String::new(), title: String::new(), ..full() };
        assert_eq!(gathered(&store, "ann"), (vec![expected], 0));
    }

    #[test]
    fn restricted_cases_are_handed_to_their_readers_alone() {
        let (_directory, mut store) = store();
        let restricted = Case { readers: vec!["Ben".to_owned()], ..full() };
        store.write(|writer| writer.insert_case(&restricted)).unwrap();
        assert_eq!(gathered(&store, "ann"), (Vec::new(), 1));
        assert_eq!(gathered(&store, "ben").0.len(), 1);
    }
}
