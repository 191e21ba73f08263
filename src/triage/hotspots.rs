//! Hot spots: bugs cluster, so the components and weakness classes in which
//! most were found are where the next ones are.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::case::Case;
use super::state::Resolution;
use super::weakness::Weakness;

/// How many cases there are in one place, and how old they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HotSpot<T> {
    /// The place.
    pub place: T,
    /// Cases that are open.
    pub open: usize,
    /// All of them.
    pub all: usize,
    /// When the oldest open one was received.
    pub oldest_open: Option<DateTime<Utc>>,
    /// When the latest of all was received.
    pub latest: DateTime<Utc>,
    /// Median age of the open ones; of an even number, the lower of the two in the middle.
    pub median_age: Option<TimeDelta>,
}

/// A part of a product; the part is `None` where only the product is known.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The product, as people wrote it first.
    pub product: Option<String>,
    /// The part of it, as people wrote it first.
    pub component: Option<String>,
}

/// Where bugs cluster. Both lists have the hottest first: the most open ones,
/// then the most in all, then the latest.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HotSpots {
    /// By product and component.
    pub components: Vec<HotSpot<Place>>,
    /// By weakness class.
    pub weaknesses: Vec<HotSpot<Weakness>>,
}

/// The hot spots of `cases` at `now`. What turned out to be no bug of its own
/// is left out: duplicates, spam, what is no vulnerability or out of scope.
pub fn hot_spots<'a>(cases: impl IntoIterator<Item = &'a Case>, now: DateTime<Utc>) -> HotSpots {
    let mut components: BTreeMap<Place, (Place, Vec<&Case>)> = BTreeMap::new();
    let mut weaknesses: BTreeMap<Weakness, (Weakness, Vec<&Case>)> = BTreeMap::new();
    for case in cases.into_iter().filter(|case| counts(case)) {
        let place = Place { product: case.product.clone(), component: case.component.clone() };
        if place.product.is_some() || place.component.is_some() {
            components.entry(folded(&place)).or_insert((place, Vec::new())).1.push(case);
        }
        if let Some(weakness) = case.assessment.weakness {
            weaknesses.entry(weakness).or_insert((weakness, Vec::new())).1.push(case);
        }
    }
    HotSpots { components: sorted(components, now), weaknesses: sorted(weaknesses, now) }
}

fn counts(case: &Case) -> bool {
    use Resolution::*;
    case.merged_into.is_none()
        && !matches!(
            case.resolution,
            Some(Duplicate | NotAVulnerability | NotReproducible | OutOfScope | Spam)
        )
}

/// The same place however it is written.
fn folded(place: &Place) -> Place {
    let fold = |name: &Option<String>| name.as_ref().map(|name| name.trim().to_lowercase());
    Place { product: fold(&place.product), component: fold(&place.component) }
}

fn sorted<K, T>(places: BTreeMap<K, (T, Vec<&Case>)>, now: DateTime<Utc>) -> Vec<HotSpot<T>> {
    let spots = places.into_values().filter_map(|(place, cases)| spot(place, &cases, now));
    let mut spots: Vec<HotSpot<T>> = spots.collect();
    spots.sort_by_key(|spot| std::cmp::Reverse((spot.open, spot.all, spot.latest)));
    spots
}

fn spot<T>(place: T, cases: &[&Case], now: DateTime<Utc>) -> Option<HotSpot<T>> {
    let mut open: Vec<DateTime<Utc>> =
        cases.iter().filter(|case| case.state.is_open()).map(|case| case.received_at).collect();
    open.sort();
    let median = open.get(open.len() / 2).map(|received| now - *received);
    Some(HotSpot {
        place,
        open: open.len(),
        all: cases.len(),
        oldest_open: open.first().copied(),
        latest: cases.iter().map(|case| case.received_at).max()?,
        median_age: median,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::triage::message::Encryption;
    use crate::triage::{Assessment, Person, State};

    fn now() -> DateTime<Utc> {
        "2026-11-23T12:00:00Z".parse().unwrap()
    }

    fn case(days: i64, product: &str, component: &str, weakness: u32) -> Case {
        let at = now() - TimeDelta::days(days);
        let opened = Case::opened(String::new(), "x", Person::default(), at, Encryption::None);
        let some = |name: &str| (!name.is_empty()).then(|| name.to_owned());
        let assessment = Assessment { weakness: Weakness::new(weakness), ..Assessment::default() };
        Case { product: some(product), component: some(component), assessment, ..opened }
    }

    fn closed(case: Case, resolution: Resolution) -> Case {
        Case { state: State::Closed, resolution: Some(resolution), ..case }
    }

    #[test]
    fn the_hottest_place_is_first_however_it_is_written() {
        let cases = [
            case(9, "Imaging", "TIFF reader", 787),
            case(3, "imaging ", "tiff reader", 79),
            closed(case(400, "imaging", "TIFF READER", 787), Resolution::Fixed),
            closed(case(1, "portal", "login", 79), Resolution::Fixed),
            closed(case(2, "portal", "login", 79), Resolution::Fixed),
            closed(case(2, "portal", "login", 79), Resolution::Spam),
            closed(case(2, "portal", "login", 79), Resolution::Duplicate),
            case(5, "", "", 0),
        ];
        let spots = hot_spots(&cases, now());
        let first = &spots.components[0];
        assert_eq!(first.place.component.as_deref(), Some("TIFF reader"));
        assert_eq!((first.open, first.all), (2, 3));
        assert_eq!(first.oldest_open, Some(now() - TimeDelta::days(9)));
        assert_eq!((first.latest, first.median_age), (now() - TimeDelta::days(3), Some(TimeDelta::days(3))));
        assert_eq!((spots.components[1].open, spots.components[1].all), (0, 2));
        assert_eq!((spots.components[1].oldest_open, spots.components.len()), (None, 2));
        let classes: Vec<(u32, usize)> =
            spots.weaknesses.iter().map(|spot| (spot.place.number(), spot.all)).collect();
        assert_eq!(classes, [(79, 3), (787, 2)]);
        assert_eq!(hot_spots(&[], now()), HotSpots::default());
    }
}
