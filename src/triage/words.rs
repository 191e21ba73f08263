//! Closed vocabularies: enums with one word each, for the screen, for JSON and for reading back.

use std::fmt;

/// A word that is not in the vocabulary, with those that are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownWord {
    /// What the vocabulary names, such as `state`.
    pub what: &'static str,
    /// The word that was given.
    pub given: String,
    /// The words there are.
    pub known: Vec<&'static str>,
}

impl fmt::Display for UnknownWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let given = crate::text::line(&self.given);
        write!(f, "'{given}' is not a {}; it is one of {}", self.what, self.known.join(", "))
    }
}

impl std::error::Error for UnknownWord {}

/// How people type a word: case, spaces, hyphens, underscores and apostrophes do not matter.
pub(crate) fn fold(word: &str) -> String {
    folded(word).collect()
}

fn folded(word: &str) -> impl Iterator<Item = char> {
    word.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase)
}

/// Whether two words are typed alike. Copies neither: every word of every case that is read passes here.
pub(crate) fn is_alike(one: &str, other: &str) -> bool {
    folded(one).eq(folded(other))
}

/// The form of a word in JSON and in the database: `in progress` is `in_progress`.
pub(crate) fn code(word: &str) -> String {
    word.chars().filter(|&c| c != '\'').map(|c| if c == ' ' || c == '-' { '_' } else { c }).collect()
}

/// Defines an enum whose variants each have one word, with `ALL`, `word()` for
/// the screen, `code()` for JSON and the database, `FromStr`, `Display` and serde.
macro_rules! words {
    ($(#[$meta:meta])* pub enum $name:ident ($what:literal) { $($(#[$vmeta:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$vmeta])* $variant,)+ }

        impl $name {
            /// Every value, in the order of the process.
            pub const ALL: [$name; [$($word),+].len()] = [$($name::$variant),+];

            /// The word for people.
            pub fn word(self) -> &'static str {
                match self { $($name::$variant => $word,)+ }
            }

            /// The word for programs and the database.
            pub fn code(self) -> String {
                $crate::triage::words::code(self.word())
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.word())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::triage::words::UnknownWord;

            fn from_str(given: &str) -> Result<Self, Self::Err> {
                $name::ALL.into_iter().find(|value| $crate::triage::words::is_alike(value.word(), given)).ok_or_else(|| {
                    $crate::triage::words::UnknownWord { what: $what, given: given.to_owned(), known: $name::ALL.map($name::word).to_vec() }
                })
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.code())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let word = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
                word.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

pub(crate) use words;
