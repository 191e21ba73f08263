//! The case: one report on its way from mail to advisory.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::clock::{self, Due, Policy};
use super::message::Encryption;
use super::person::Person;
use super::state::{Resolution, State};
use super::words::{UnknownWord, words};

/// Row number of a case in its store. People see the identifier, `SEC-2026-0042`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CaseKey(pub i64);

words! {
    /// Where the disclosure date came from.
    pub enum DisclosureSource ("source of a disclosure date") {
        /// Computed from receipt by the case's policy.
        Policy = "policy",
        /// The reporter asked for it.
        Reporter = "reporter",
        /// Both sides agreed on it.
        Agreed = "agreed",
    }
}

words! {
    /// In which phase the vulnerability was found, from good to really bad
    /// (the table of the security-process chapter).
    pub enum FoundIn ("found-in phase") {
        /// During development.
        Development = "development",
        /// During quality assurance.
        Qa = "QA",
        /// After release, reported in confidence.
        ResponsibleDisclosure = "responsible disclosure",
        /// After release, through a bug bounty.
        BugBounty = "bug bounty",
        /// After release, published without warning.
        FullDisclosure = "full disclosure",
        /// Abused by cyber criminals (0-day).
        Criminals = "0-day by criminals",
        /// Abused by repressive governments (0-day).
        Governments = "0-day by repressive governments",
    }
}

/// How urgent a case is; `P0` is worked on now, by everybody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Priority(u8);

impl Priority {
    /// P0 to P4, the most urgent first.
    pub const ALL: [Priority; 5] = [Priority(0), Priority(1), Priority(2), Priority(3), Priority(4)];

    /// The priority with this number, 0 to 4.
    pub fn new(level: u8) -> Option<Self> {
        Self::ALL.get(usize::from(level)).copied()
    }

    /// 0 to 4.
    pub fn level(self) -> u8 {
        self.0
    }
}

impl fmt::Display for Priority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "P{}", self.0)
    }
}

impl FromStr for Priority {
    type Err = UnknownWord;

    fn from_str(given: &str) -> Result<Self, UnknownWord> {
        let digits = given.strip_prefix(['P', 'p']).unwrap_or(given);
        digits.parse().ok().and_then(Self::new).ok_or_else(|| UnknownWord {
            what: "priority",
            given: given.to_owned(),
            known: vec!["P0", "P1", "P2", "P3", "P4"],
        })
    }
}

impl Serialize for Priority {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Priority {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let word = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        word.parse().map_err(serde::de::Error::custom)
    }
}

/// What the disclosure date is and where it came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Disclosure {
    /// The instant.
    pub at: DateTime<Utc>,
    /// Where it came from.
    pub source: DisclosureSource,
}

/// Everything known about one case, without its messages and timeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// Row number in the store.
    pub key: CaseKey,
    /// Identifier, such as `SEC-2026-0042`.
    pub id: String,
    /// What it is about; the first message's subject until a person changes it. Foreign text.
    pub title: String,
    /// Where it stands.
    pub state: State,
    /// How it ended; set exactly when the state is closed.
    pub resolution: Option<Resolution>,
    /// How urgent; `None` until a person decided.
    pub priority: Option<Priority>,
    /// Who has it.
    pub assignee: Option<String>,
    /// Which product.
    pub product: Option<String>,
    /// Which part of the product.
    pub component: Option<String>,
    /// Who reported it. Foreign text.
    pub reporter: Person,
    /// In which phase it was found.
    pub found_in: Option<FoundIn>,
    /// When the first message reached us: every clock starts here.
    pub received_at: DateTime<Utc>,
    /// When the reporter was first answered.
    pub acknowledged_at: Option<DateTime<Utc>>,
    /// The rules its clocks follow.
    pub policy: Policy,
    /// When the details become public.
    pub disclosure: Disclosure,
    /// Whether it is abused in the wild.
    pub exploited: bool,
    /// Free words, sorted, without duplicates.
    pub tags: Vec<String>,
    /// Whether something came in that nobody has looked at.
    pub unread: bool,
    /// The protection of its messages, the worst first: failed, partial, whole, none.
    pub encryption: Encryption,
    /// Counts the changes; a change names the version it was decided on.
    pub version: i64,
}

impl Case {
    /// A case as its first message opens it: new, unread, nobody's, and due by
    /// the default policy. The store gives it its key.
    pub fn opened(
        id: String,
        subject: &str,
        reporter: Person,
        received_at: DateTime<Utc>,
        encryption: Encryption,
    ) -> Self {
        let policy = Policy::Ninety;
        Self {
            key: CaseKey(0),
            id,
            title: title_of(subject),
            state: State::New,
            resolution: None,
            priority: None,
            assignee: None,
            product: None,
            component: None,
            reporter,
            found_in: None,
            received_at,
            acknowledged_at: None,
            policy,
            disclosure: Disclosure { at: policy.disclosure(received_at), source: DisclosureSource::Policy },
            exploited: false,
            tags: Vec::new(),
            unread: true,
            encryption,
            version: 1,
        }
    }

    /// The clock that runs out first, if one runs.
    pub fn due(&self) -> Option<Due> {
        clock::next_due(self)
    }

    /// What the queue shows of it.
    pub fn row(&self) -> Row {
        Row {
            key: self.key,
            id: self.id.clone(),
            title: self.title.clone(),
            state: self.state,
            priority: self.priority,
            assignee: self.assignee.clone(),
            exploited: self.exploited,
            unread: self.unread,
            encryption: self.encryption,
            due: self.due(),
            version: self.version,
        }
    }
}

/// One line of the queue: narrow, so that a page of them is read at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Row number in the store.
    pub key: CaseKey,
    /// Identifier.
    pub id: String,
    /// Title. Foreign text.
    pub title: String,
    /// Where it stands.
    pub state: State,
    /// How urgent.
    pub priority: Option<Priority>,
    /// Who has it.
    pub assignee: Option<String>,
    /// Abused in the wild.
    pub exploited: bool,
    /// Something new in it.
    pub unread: bool,
    /// Protection of its messages.
    pub encryption: Encryption,
    /// The clock that runs out first.
    pub due: Option<Due>,
    /// Version that the row shows.
    pub version: i64,
}

/// Longest title that a subject becomes, in characters.
const MAX_TITLE: usize = 300;

/// The title that a subject makes. Foreign text.
pub fn title_of(subject: &str) -> String {
    let title: String = subject.trim().chars().take(MAX_TITLE).collect();
    if title.is_empty() { "(no subject)".to_owned() } else { title }
}
