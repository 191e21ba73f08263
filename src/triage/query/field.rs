//! The fields of the language: one row each, from which reading, help,
//! proposals, completion and the store's statement follow.

use super::value::Way;
use crate::triage::case::FoundIn;
use crate::triage::clocks;
use crate::triage::message::Encryption;
use crate::triage::proposal::Flaw;
use crate::triage::ssvc::Outcome;
use crate::triage::state::{Resolution, State};

/// A field that can be asked for.
#[derive(Debug)]
pub struct Field {
    /// Its name.
    pub name: &'static str,
    /// Other names for it.
    pub aliases: &'static [&'static str],
    /// What its values are.
    pub kind: Kind,
    /// Under which names the store keeps it; a text may stand in any of several.
    pub columns: &'static [&'static str],
    /// How the store says that a case has none.
    pub absent: Absent,
    /// What it is, for the help, with an example where the name is not enough.
    pub about: &'static str,
}

impl PartialEq for Field {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Field {}

/// What the values of a field are, and so how they are read and compared.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// Words of a vocabulary; a beginning that only one of them has is enough.
    Words(fn() -> Vec<&'static str>),
    /// Whole numbers from 0 to this, with or without a letter before them.
    Level(char, i64),
    /// Numbers with one decimal from 0 to this many tenths, kept as a real number.
    Tenths(i64),
    /// A text compared as a whole, with `*` for any letters.
    Name,
    /// A name, among which `me` is who asks.
    Person,
    /// A text of which any part is compared.
    Part,
    /// A name in capital letters.
    Identifier,
    /// A list of names, kept as JSON.
    List,
    /// Yes or no.
    Flag,
    /// An instant, in seconds since 1970.
    Time(Way),
}

/// How the store says that a case has no value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Absent {
    /// It always has one.
    Never,
    /// By NULL, or an empty list.
    Null,
    /// By the end of time, behind all instants.
    EndOfTime,
}

/// A word of `is:` and what it is short for.
#[derive(Debug)]
pub struct Shorthand {
    /// The word.
    pub word: &'static str,
    /// The query that it stands for.
    pub query: &'static str,
}

/// The field of shorthands.
pub const IS: &str = "is";

/// The term that says the order.
pub const SORT: &str = "sort";

/// The shorthand that asks for nothing and takes nothing away: closed cases are listed too.
pub const ALL: &str = "all";

/// What can stand behind `is:`, besides [`ALL`].
pub const SHORTHANDS: &[Shorthand] = &[
    Shorthand { word: "open", query: "-state:closed" },
    Shorthand { word: "closed", query: "state:closed" },
    Shorthand { word: "unread", query: "unread:yes" },
    Shorthand { word: "exploited", query: "exploited:yes" },
    Shorthand { word: "encrypted", query: "-encryption:none" },
    Shorthand { word: "mine", query: "assignee:me" },
    Shorthand { word: "assigned", query: "-assignee:none" },
    Shorthand { word: "unassigned", query: "assignee:none" },
    Shorthand { word: "prioritised", query: "-priority:none" },
    Shorthand { word: "unprioritised", query: "priority:none" },
    Shorthand { word: "acknowledged", query: "-acknowledged:none" },
    Shorthand { word: "unacknowledged", query: "acknowledged:none" },
    Shorthand { word: "overdue", query: "due:<0h" },
    Shorthand { word: "stalled", query: "clock:stalled due:<0h" },
    Shorthand { word: "waiting", query: "waiting:yes" },
    Shorthand { word: "noise", query: "noise:yes" },
    Shorthand { word: "restricted", query: "restricted:yes" },
];

/// Every field, in the order of the help.
pub static FIELDS: &[Field] = &[
    Field {
        name: "state",
        aliases: &[],
        kind: Kind::Words(|| State::ALL.map(State::word).to_vec()),
        columns: &["state"],
        absent: Absent::Never,
        about: "where the case stands",
    },
    Field {
        name: "resolution",
        aliases: &[],
        kind: Kind::Words(|| Resolution::ALL.map(Resolution::word).to_vec()),
        columns: &["resolution"],
        absent: Absent::Null,
        about: "how a closed case ended",
    },
    Field {
        name: "priority",
        aliases: &["prio"],
        kind: Kind::Level('P', 4),
        columns: &["priority"],
        absent: Absent::Null,
        about: "how urgent: prio:0, prio:<=1, prio:P1..P3",
    },
    Field {
        name: "assignee",
        aliases: &["owner"],
        kind: Kind::Person,
        columns: &["assignee"],
        absent: Absent::Null,
        about: "who has it: assignee:me",
    },
    Field {
        name: "product",
        aliases: &[],
        kind: Kind::Name,
        columns: &["product"],
        absent: Absent::Null,
        about: "product:web*, product:\"Imaging Library\"",
    },
    Field {
        name: "component",
        aliases: &[],
        kind: Kind::Name,
        columns: &["component"],
        absent: Absent::Null,
        about: "which part of the product",
    },
    Field {
        name: "tag",
        aliases: &["tags"],
        kind: Kind::List,
        columns: &["tags"],
        absent: Absent::Null,
        about: "one of its tags: -tag:noise",
    },
    Field {
        name: "exploited",
        aliases: &[],
        kind: Kind::Flag,
        columns: &["exploited"],
        absent: Absent::Never,
        about: "abused in the wild",
    },
    Field {
        name: "unread",
        aliases: &[],
        kind: Kind::Flag,
        columns: &["unread"],
        absent: Absent::Never,
        about: "with something that nobody has looked at",
    },
    Field {
        name: "due",
        aliases: &[],
        kind: Kind::Time(Way::Ahead),
        columns: &["due_at"],
        absent: Absent::EndOfTime,
        about: "when its next clock runs out: due:<7d (overdue ones too), due:<=2026-12-24, due:today",
    },
    Field {
        name: "received",
        aliases: &["age"],
        kind: Kind::Time(Way::Ago),
        columns: &["received_at"],
        absent: Absent::Never,
        about: "how long ago, or when: received:>30d (longer ago), received:>=2026-11-01",
    },
    Field {
        name: "acknowledged",
        aliases: &[],
        kind: Kind::Time(Way::Ago),
        columns: &["acknowledged_at"],
        absent: Absent::Null,
        about: "how long ago, or when the reporter was first answered",
    },
    Field {
        name: "reporter",
        aliases: &["from"],
        kind: Kind::Name,
        columns: &["reporter_name", "reporter_email"],
        absent: Absent::Never,
        about: "name or address: reporter:*@example.org",
    },
    Field {
        name: "found",
        aliases: &["phase"],
        kind: Kind::Words(|| FoundIn::ALL.map(FoundIn::word).to_vec()),
        columns: &["found_in"],
        absent: Absent::Null,
        about: "in which phase it was found",
    },
    Field {
        name: "policy",
        aliases: &[],
        kind: Kind::Name,
        columns: &["policy"],
        absent: Absent::Never,
        about: "the disclosure policy that its clocks follow",
    },
    Field {
        name: "clock",
        aliases: &[],
        kind: Kind::Words(|| clocks::Kind::ALL.map(clocks::Kind::word).to_vec()),
        columns: &["due_kind"],
        absent: Absent::Null,
        about: "the clock that runs out next: clock:acknowledge, clock:stalled",
    },
    Field {
        name: "disclosure",
        aliases: &["publish"],
        kind: Kind::Time(Way::Ahead),
        columns: &["disclosure_at"],
        absent: Absent::Never,
        about: "when the details become public: disclosure:<30d",
    },
    Field {
        name: "touched",
        aliases: &[],
        kind: Kind::Time(Way::Ago),
        columns: &["touched_at"],
        absent: Absent::Never,
        about: "when somebody last did something about it: touched:>7d (longer ago)",
    },
    Field {
        name: "lane",
        aliases: &["lanes"],
        kind: Kind::List,
        columns: &["asked"],
        absent: Absent::Null,
        about: "a lane that was asked and is not done: lane:development",
    },
    Field {
        name: "asked",
        aliases: &[],
        kind: Kind::List,
        columns: &["asked_of"],
        absent: Absent::Null,
        about: "who has such a lane: asked:ben",
    },
    Field {
        name: "waiting",
        aliases: &[],
        kind: Kind::Flag,
        columns: &["is_waiting"],
        absent: Absent::Never,
        about: "waiting for the reporter",
    },
    Field {
        name: "demand",
        aliases: &[],
        kind: Kind::Flag,
        columns: &["has_demand"],
        absent: Absent::Never,
        about: "the reporter asks for a date, and nobody has decided about it",
    },
    Field {
        name: "cvss",
        aliases: &["score"],
        kind: Kind::Tenths(100),
        columns: &["cvss"],
        absent: Absent::Null,
        about: "CVSS score: cvss:>=7.0",
    },
    Field {
        name: "ssvc",
        aliases: &[],
        kind: Kind::Words(|| Outcome::ALL.map(Outcome::word).to_vec()),
        columns: &["ssvc"],
        absent: Absent::Null,
        about: "what SSVC says",
    },
    Field {
        name: "flaw",
        aliases: &["kind"],
        kind: Kind::Words(|| Flaw::ALL.map(Flaw::word).to_vec()),
        columns: &["flaw"],
        absent: Absent::Null,
        about: "a bug in the program, or a flaw in its design",
    },
    Field {
        name: "cwe",
        aliases: &["weakness"],
        kind: Kind::Identifier,
        columns: &["cwe"],
        absent: Absent::Null,
        about: "class of weakness: cwe:CWE-79",
    },
    Field {
        name: "noise",
        aliases: &[],
        kind: Kind::Flag,
        columns: &["is_noise"],
        absent: Absent::Never,
        about: "likely spam, scanner output or written in bulk",
    },
    Field {
        name: "restricted",
        aliases: &[],
        kind: Kind::Flag,
        columns: &["is_restricted"],
        absent: Absent::Never,
        about: "for named people alone",
    },
    Field {
        name: "encryption",
        aliases: &[],
        kind: Kind::Words(|| Encryption::ALL.map(Encryption::word).to_vec()),
        columns: &["encryption"],
        absent: Absent::Never,
        about: "how its messages were encrypted, the worst of them",
    },
    Field {
        name: "title",
        aliases: &["subject"],
        kind: Kind::Part,
        columns: &["title"],
        absent: Absent::Never,
        about: "a part of the title: title:\"use after\"",
    },
    Field {
        name: "id",
        aliases: &["case"],
        kind: Kind::Identifier,
        columns: &["code"],
        absent: Absent::Never,
        about: "identifier: id:SEC-2026-0042, id:SEC-2026-*",
    },
];

impl Field {
    /// The field of this name or alias, however its letters are written.
    pub fn named(given: &str) -> Option<&'static Field> {
        FIELDS.iter().find(|field| field.names().any(|name| name.eq_ignore_ascii_case(given)))
    }

    /// Its name and its aliases.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        std::iter::once(self.name).chain(self.aliases.iter().copied())
    }

    /// Its values where they are a closed set: what completion offers.
    pub fn values(&self) -> Vec<String> {
        let mut values = match self.kind {
            Kind::Words(words) => words().into_iter().map(crate::triage::words::code).collect(),
            Kind::Level(letter, highest) => (0..=highest).map(|level| format!("{letter}{level}")).collect(),
            Kind::Flag => vec!["yes".to_owned(), "no".to_owned()],
            Kind::Person => vec!["me".to_owned()],
            Kind::Tenths(_) | Kind::Name | Kind::Part | Kind::Identifier | Kind::List | Kind::Time(_) => {
                Vec::new()
            }
        };
        if self.absent != Absent::Never {
            values.push("none".to_owned());
        }
        values
    }

    /// Whether cases can be put in the order of its values.
    pub fn sorts(&self) -> bool {
        !matches!(self.kind, Kind::List)
    }
}

/// Everything that can stand before a colon.
pub fn names() -> impl Iterator<Item = &'static str> {
    [IS, SORT].into_iter().chain(FIELDS.iter().flat_map(Field::names))
}

/// The words that can stand behind `is:`.
pub fn shorthands() -> impl Iterator<Item = &'static str> {
    std::iter::once(ALL).chain(SHORTHANDS.iter().map(|shorthand| shorthand.word))
}
