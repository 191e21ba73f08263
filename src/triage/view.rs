//! Saved views: queries with a name, and a key to get there.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::query::{Misread, Query};

/// A query with a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct View {
    /// What it is called.
    pub name: String,
    /// The key that shows it.
    pub key: Option<char>,
    /// The query as it was written: `me` and times are read anew each time.
    pub query: String,
}

/// The views that are there from the start: name, key, query.
const FROM_THE_START: [(&str, char, &str); 6] = [
    ("mine", 'm', "is:open assignee:me"),
    ("due this week", 'w', "is:open due:<7d"),
    ("unacknowledged", 'u', "is:open is:unacknowledged sort:received"),
    ("waiting for others", 'o', "is:open (-lane:none or is:waiting)"),
    ("stalled", 's', "is:open is:stalled sort:touched"),
    ("all open", 'a', "is:open"),
];

/// The table `[view.NAME]` of a configuration file.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ViewTable {
    /// The key that shows it.
    pub key: Option<char>,
    /// What it shows.
    pub query: String,
}

/// A view that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unusable {
    /// Which one.
    pub name: String,
    /// What is wrong with it.
    pub why: Flaw,
}

/// What can be wrong with a view.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Flaw {
    /// Its query cannot be read.
    Query(Misread),
    /// Another view of the configuration has its key.
    Key(char, String),
}

impl fmt::Display for Unusable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = crate::text::line(&self.name);
        match &self.why {
            Flaw::Query(misread) => write!(f, "view '{name}': its query cannot be read {misread}"),
            Flaw::Key(key, other) => {
                let (key, other) = (crate::text::line(&key.to_string()), crate::text::line(other));
                write!(f, "view '{name}': the key {key} is already that of '{other}'; give it another")
            }
        }
    }
}

impl std::error::Error for Unusable {}

impl View {
    /// The views that are there from the start.
    pub fn from_the_start() -> Vec<Self> {
        let view = |(name, key, query): (&str, char, &str)| Self {
            name: name.to_owned(),
            key: Some(key),
            query: query.to_owned(),
        };
        FROM_THE_START.into_iter().map(view).collect()
    }

    /// Those from the start with `own` ones: of two with one name the own one
    /// stands, in its place; a key that an own one takes is gone from the other.
    ///
    /// # Errors
    /// All [`Unusable`] ones together.
    pub fn with_own(own: &BTreeMap<String, ViewTable>) -> Result<Vec<Self>, Vec<Unusable>> {
        let mut wrong = Vec::new();
        let mut views = Self::from_the_start();
        let mut keys: BTreeMap<char, &str> = BTreeMap::new();
        for (name, ViewTable { key, query }) in own {
            let flaw = |why| Unusable { name: name.clone(), why };
            wrong.extend(Query::read(query, "me").err().map(|misread| flaw(Flaw::Query(misread))));
            if let Some(key) = *key {
                match keys.get(&key) {
                    Some(other) => wrong.push(flaw(Flaw::Key(key, (*other).to_owned()))),
                    None => {
                        keys.insert(key, name);
                        let holders = views.iter_mut().filter(|view| view.key == Some(key));
                        holders.for_each(|view| view.key = None);
                    }
                }
            }
            let view = Self { name: name.clone(), key: *key, query: query.clone() };
            match views.iter_mut().find(|view| view.name == *name) {
                Some(place) => *place = view,
                None => views.push(view),
            }
        }
        if wrong.is_empty() { Ok(views) } else { Err(wrong) }
    }

    /// The query, read for `actor`.
    ///
    /// # Errors
    /// [`Misread`] points at the place.
    pub fn read(&self, actor: &str) -> Result<Query, Misread> {
        Query::read(&self.query, actor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tables(text: &str) -> BTreeMap<String, ViewTable> {
        #[derive(Deserialize)]
        struct File {
            view: BTreeMap<String, ViewTable>,
        }
        toml::from_str::<File>(text).unwrap().view
    }

    #[test]
    fn every_view_from_the_start_reads_and_has_a_key_of_its_own() {
        let views = View::from_the_start();
        for view in &views {
            assert!(view.read("ann").is_ok(), "{}", view.name);
            assert_eq!(views.iter().filter(|other| other.key == view.key).count(), 1, "{}", view.name);
            assert_eq!(views.iter().filter(|other| other.name == view.name).count(), 1, "{}", view.name);
        }
    }

    #[test]
    fn own_views_replace_add_and_take_keys() {
        let own = tables(
            "[view.stalled]\nquery = 'received:>7d'\n[view.web]\nkey = 'm'\nquery = 'product:web* sort:-received'\n",
        );
        let views = View::with_own(&own).unwrap();
        let named = |name: &str| views.iter().find(|view| view.name == name).unwrap();
        assert_eq!(views.len(), View::from_the_start().len() + 1);
        assert_eq!((named("stalled").query.as_str(), named("stalled").key), ("received:>7d", None));
        assert_eq!((named("web").key, named("mine").key), (Some('m'), None));
    }

    #[test]
    fn everything_wrong_is_told_at_once() {
        let own = tables(
            "[view.a]\nkey = 'x'\nquery = 'stat:new'\n[view.b]\nkey = 'x'\nquery = ''\n[view.\"c\\u001b\"]\nquery = '('\n",
        );
        let told: Vec<String> = View::with_own(&own).unwrap_err().iter().map(ToString::to_string).collect();
        assert_eq!(told.len(), 3);
        assert!(
            told[0].starts_with("view 'a': its query cannot be read at character 1: 'stat' is not a field")
        );
        assert_eq!(told[1], "view 'b': the key x is already that of 'a'; give it another");
        assert!(told[2].starts_with("view 'c<ESC>': "), "{}", told[2]);
    }

    #[test]
    fn a_table_says_what_it_is_and_nothing_else() {
        assert!(toml::from_str::<ViewTable>("query = 'a'\ncolour = 'red'").is_err());
        assert!(toml::from_str::<ViewTable>("key = 'ab'\nquery = 'a'").is_err());
        assert!(toml::from_str::<ViewTable>("key = 'a'").is_err());
    }
}
