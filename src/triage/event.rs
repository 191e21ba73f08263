//! What can happen to a case: decisions, the changes they make, and the
//! timeline entries that record them. Undo is a change back to what was.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::case::{Case, Disclosure, DisclosureSource, FoundIn, Priority};
use super::clock::Policy;
use super::date::Wish;
use super::message::{Encryption, SignatureStatus};
use super::state::{Refusal, Resolution, State};
use super::words::words;

/// How an instant is written for whoever reads: programs in UTC, people in their zone.
pub type When<'a> = &'a dyn Fn(DateTime<Utc>) -> String;

/// An instant in UTC.
pub fn in_utc(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%d %H:%M UTC").to_string()
}

/// What a person decides about a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// Another title.
    Title(String),
    /// Another state; closing names its resolution.
    State(State, Option<Resolution>),
    /// A priority, or none.
    Priority(Option<Priority>),
    /// An assignee, or nobody.
    Assignee(Option<String>),
    /// A product, or none.
    Product(Option<String>),
    /// A component, or none.
    Component(Option<String>),
    /// A found-in phase, or none.
    FoundIn(Option<FoundIn>),
    /// Another policy; a date that came from the policy moves with it.
    Policy(Policy),
    /// Another disclosure date.
    Disclosure(Wish),
    /// Abused in the wild, or not after all.
    Exploited(bool),
    /// Exactly these tags.
    Tags(Vec<String>),
    /// One more tag.
    Tag(String),
    /// One tag less.
    Untag(String),
    /// Looked at, or to be looked at again.
    Unread(bool),
    /// A remark for colleagues.
    Note(String),
}

impl Decision {
    /// The changes that this decision makes to `case`: none where it already is so.
    ///
    /// # Errors
    /// A [`Refusal`] where the state table does not allow it.
    pub fn changes(&self, case: &Case, now: DateTime<Utc>) -> Result<Vec<Change>, Refusal> {
        let wanted = match self {
            Decision::Title(title) => vec![Change::Title(title.clone())],
            Decision::State(to, resolution) => vec![Change::Standing(standing(case, *to, *resolution, now)?)],
            Decision::Priority(priority) => vec![Change::Priority(*priority)],
            Decision::Assignee(assignee) => vec![Change::Assignee(assignee.clone())],
            Decision::Product(product) => vec![Change::Product(product.clone())],
            Decision::Component(component) => vec![Change::Component(component.clone())],
            Decision::FoundIn(phase) => vec![Change::FoundIn(*phase)],
            Decision::Policy(policy) => policy_changes(case, *policy),
            Decision::Disclosure(wish) => vec![Change::Disclosure(wish.resolve(case, now))],
            Decision::Exploited(exploited) => vec![Change::Exploited(*exploited)],
            Decision::Tags(tags) => vec![Change::Tags(tidy(tags.clone()))],
            Decision::Tag(tag) => {
                let with = case.tags.iter().cloned().chain([tag.clone()]).collect();
                vec![Change::Tags(tidy(with))]
            }
            Decision::Untag(tag) => {
                vec![Change::Tags(case.tags.iter().filter(|kept| *kept != tag).cloned().collect())]
            }
            Decision::Unread(unread) => vec![Change::Unread(*unread)],
            Decision::Note(_) => Vec::new(),
        };
        Ok(wanted.into_iter().filter(|change| *change != change.current_in(case)).collect())
    }
}

fn standing(
    case: &Case,
    to: State,
    resolution: Option<Resolution>,
    now: DateTime<Utc>,
) -> Result<Standing, Refusal> {
    case.state.step(to, resolution)?;
    // Whoever goes on from "new" with a report has answered for it; closing spam has not.
    let answered = to.is_open() && to != State::New;
    let acknowledged_at = case.acknowledged_at.or(answered.then_some(now));
    Ok(Standing { state: to, resolution, acknowledged_at })
}

fn policy_changes(case: &Case, policy: Policy) -> Vec<Change> {
    let by_policy = Disclosure { at: policy.disclosure(case.received_at), source: DisclosureSource::Policy };
    let follows = case.disclosure.source == DisclosureSource::Policy;
    std::iter::once(Change::Policy(policy)).chain(follows.then_some(Change::Disclosure(by_policy))).collect()
}

/// Tags without blanks, sorted, each once.
fn tidy(mut tags: Vec<String>) -> Vec<String> {
    tags.iter_mut().for_each(|tag| *tag = tag.trim().to_owned());
    tags.retain(|tag| !tag.is_empty());
    tags.sort();
    tags.dedup();
    tags
}

/// State, resolution and first answer: they change together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// The state.
    pub state: State,
    /// How a closed case ended.
    pub resolution: Option<Resolution>,
    /// When the reporter was first answered.
    pub acknowledged_at: Option<DateTime<Utc>>,
}

/// A field of a case set to a value. The same type says what it was and what it became.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "field", content = "value", rename_all = "snake_case")]
pub enum Change {
    /// Title.
    Title(String),
    /// State with what belongs to it.
    Standing(Standing),
    /// Priority.
    Priority(Option<Priority>),
    /// Assignee.
    Assignee(Option<String>),
    /// Product.
    Product(Option<String>),
    /// Component.
    Component(Option<String>),
    /// Found-in phase.
    FoundIn(Option<FoundIn>),
    /// Disclosure policy.
    Policy(Policy),
    /// Disclosure date and its source.
    Disclosure(Disclosure),
    /// Abused in the wild.
    Exploited(bool),
    /// Tags.
    Tags(Vec<String>),
    /// Something new in it.
    Unread(bool),
}

words! {
    /// The fields that changes are about; two changes of one field by two people conflict.
    pub enum Field ("field") {
        /// Title.
        Title = "title",
        /// State and resolution.
        Standing = "state",
        /// Priority.
        Priority = "priority",
        /// Assignee.
        Assignee = "assignee",
        /// Product.
        Product = "product",
        /// Component.
        Component = "component",
        /// Found-in phase.
        FoundIn = "found in",
        /// Disclosure policy.
        Policy = "policy",
        /// Disclosure date.
        Disclosure = "disclosure",
        /// Abused in the wild.
        Exploited = "exploited",
        /// Tags.
        Tags = "tags",
        /// Something new in it.
        Unread = "unread",
    }
}

impl Change {
    /// The field that it sets.
    pub fn field(&self) -> Field {
        match self {
            Change::Title(_) => Field::Title,
            Change::Standing(_) => Field::Standing,
            Change::Priority(_) => Field::Priority,
            Change::Assignee(_) => Field::Assignee,
            Change::Product(_) => Field::Product,
            Change::Component(_) => Field::Component,
            Change::FoundIn(_) => Field::FoundIn,
            Change::Policy(_) => Field::Policy,
            Change::Disclosure(_) => Field::Disclosure,
            Change::Exploited(_) => Field::Exploited,
            Change::Tags(_) => Field::Tags,
            Change::Unread(_) => Field::Unread,
        }
    }

    /// The change that would set the same field to what `case` has now.
    pub fn current_in(&self, case: &Case) -> Change {
        match self {
            Change::Title(_) => Change::Title(case.title.clone()),
            Change::Standing(_) => Change::Standing(Standing {
                state: case.state,
                resolution: case.resolution,
                acknowledged_at: case.acknowledged_at,
            }),
            Change::Priority(_) => Change::Priority(case.priority),
            Change::Assignee(_) => Change::Assignee(case.assignee.clone()),
            Change::Product(_) => Change::Product(case.product.clone()),
            Change::Component(_) => Change::Component(case.component.clone()),
            Change::FoundIn(_) => Change::FoundIn(case.found_in),
            Change::Policy(_) => Change::Policy(case.policy),
            Change::Disclosure(_) => Change::Disclosure(case.disclosure),
            Change::Exploited(_) => Change::Exploited(case.exploited),
            Change::Tags(_) => Change::Tags(case.tags.clone()),
            Change::Unread(_) => Change::Unread(case.unread),
        }
    }

    /// Makes it so in `case`.
    pub fn apply(self, case: &mut Case) {
        match self {
            Change::Title(title) => case.title = title,
            Change::Standing(standing) => {
                case.state = standing.state;
                case.resolution = standing.resolution;
                case.acknowledged_at = standing.acknowledged_at;
            }
            Change::Priority(priority) => case.priority = priority,
            Change::Assignee(assignee) => case.assignee = assignee,
            Change::Product(product) => case.product = product,
            Change::Component(component) => case.component = component,
            Change::FoundIn(phase) => case.found_in = phase,
            Change::Policy(policy) => case.policy = policy,
            Change::Disclosure(disclosure) => case.disclosure = disclosure,
            Change::Exploited(exploited) => case.exploited = exploited,
            Change::Tags(tags) => case.tags = tags,
            Change::Unread(unread) => case.unread = unread,
        }
    }

    /// The value in words, for the timeline, instants as `when` has them. May hold foreign text.
    pub fn value(&self, when: When<'_>) -> String {
        let or_none = |value: &Option<String>| value.clone().unwrap_or_else(|| "nobody".to_owned());
        match self {
            Change::Title(title) => format!("'{title}'"),
            Change::Standing(Standing { state, resolution: Some(resolution), .. }) => {
                format!("{state} ({resolution})")
            }
            Change::Standing(Standing { state, .. }) => state.to_string(),
            Change::Priority(priority) => priority.map_or("none".to_owned(), |priority| priority.to_string()),
            Change::Assignee(assignee) => or_none(assignee),
            Change::Product(value) | Change::Component(value) => {
                value.clone().unwrap_or_else(|| "none".to_owned())
            }
            Change::FoundIn(phase) => phase.map_or("none".to_owned(), |phase| phase.to_string()),
            Change::Policy(policy) => policy.to_string(),
            Change::Disclosure(Disclosure { at, source }) => {
                format!("{} ({source})", when(*at))
            }
            Change::Exploited(exploited) | Change::Unread(exploited) => {
                if *exploited {
                    "yes".to_owned()
                } else {
                    "no".to_owned()
                }
            }
            Change::Tags(tags) if tags.is_empty() => "none".to_owned(),
            Change::Tags(tags) => tags.join(", "),
        }
    }
}

/// What happened, as the timeline keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum What {
    /// A message came in and opened or joined the case.
    Received {
        /// The message's number in the store.
        message: i64,
        /// The sender. Foreign text.
        from: String,
        /// How much of it was encrypted.
        encryption: Encryption,
        /// Whether it opened the case.
        opened_case: bool,
    },
    /// The disclosure date that the case began with.
    DeadlineSet {
        /// The date and where it came from.
        disclosure: Disclosure,
        /// The policy it follows.
        policy: Policy,
    },
    /// A message that could not be decrypted before was opened by a new key.
    Opened {
        /// The message's number in the store.
        message: i64,
    },
    /// A message whose signer was unknown before was checked with a new certificate.
    Recognised {
        /// The message's number in the store.
        message: i64,
    },
    /// Somebody decided about the key of a signature, which now counts otherwise.
    Weighed {
        /// The message's number in the store.
        message: i64,
        /// What the signature is worth now.
        status: SignatureStatus,
    },
    /// An answer to the reporter was written.
    Answered {
        /// The message's number in the store.
        message: i64,
        /// To whom. Foreign text.
        to: String,
        /// Fingerprint of the certificate that it was encrypted to; `None` in the clear.
        encrypted_to: Option<String>,
    },
    /// A field got another value.
    Changed {
        /// What it was.
        before: Change,
        /// What it became.
        after: Change,
    },
    /// A remark.
    Noted {
        /// Its text.
        note: String,
    },
    /// A remark was taken back; its text stays in the timeline.
    NoteWithdrawn {
        /// Its text.
        note: String,
    },
}

impl What {
    /// The event in the past tense, one word, for programs.
    pub fn kind(&self) -> &'static str {
        match self {
            What::Received { opened_case: true, .. } => "received",
            What::Received { .. } => "joined",
            What::DeadlineSet { .. } => "deadline_set",
            What::Opened { .. } => "opened",
            What::Recognised { .. } => "recognised",
            What::Weighed { .. } => "weighed",
            What::Answered { .. } => "answered",
            What::Noted { .. } => "noted",
            What::NoteWithdrawn { .. } => "note_withdrawn",
            What::Changed { after, .. } => match after {
                Change::Title(_) => "retitled",
                Change::Standing(Standing { state: State::Closed, .. }) => "closed",
                Change::Standing(_) => "state_changed",
                Change::Priority(_) => "prioritised",
                Change::Assignee(_) => "assigned",
                Change::Product(_) | Change::Component(_) => "located",
                Change::FoundIn(_) => "phase_set",
                Change::Policy(_) => "policy_set",
                Change::Disclosure(_) => "disclosure_moved",
                Change::Exploited(_) => "exploited",
                Change::Tags(_) => "tagged",
                Change::Unread(false) => "read",
                Change::Unread(true) => "marked_unread",
            },
        }
    }

    /// The event in words, instants as `when` has them. May hold foreign text.
    pub fn text(&self, when: When<'_>) -> String {
        match self {
            What::Received { from, encryption, opened_case, .. } => {
                let how = match encryption {
                    Encryption::None => "in the clear",
                    Encryption::Whole => "encrypted, opened",
                    Encryption::Partial => "partly encrypted",
                    Encryption::Failed => "encrypted, could not be opened",
                };
                let verb = if *opened_case { "reported by" } else { "mail from" };
                format!("{verb} {from}, {how}")
            }
            What::DeadlineSet { disclosure, policy } => {
                format!("disclosure {}, {policy} from receipt", when(disclosure.at))
            }
            What::Opened { .. } => "a new key opened an encrypted message".to_owned(),
            What::Recognised { .. } => "a new certificate tells who signed a message".to_owned(),
            What::Weighed { status, .. } => {
                format!("the key of a signature was decided on; it counts as {status}")
            }
            What::Answered { to, encrypted_to: Some(_), .. } => format!("answer to {to}, encrypted"),
            What::Answered { to, encrypted_to: None, .. } => format!("answer to {to}, in the clear"),
            What::Noted { note } => note.clone(),
            What::NoteWithdrawn { note } => format!("note withdrawn: {note}"),
            What::Changed { after: Change::Unread(false), .. } => "looked at".to_owned(),
            What::Changed { after: Change::Unread(true), .. } => "marked unread".to_owned(),
            What::Changed { before, after } => {
                format!("{} {} -> {}", after.field(), before.value(when), after.value(when))
            }
        }
    }
}

/// One entry of a case's timeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Entries of one batch were made, and are undone, together.
    pub batch: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// Who.
    pub actor: String,
    /// Whether it takes back an earlier batch.
    pub undo: bool,
    /// What.
    pub what: What,
}

impl Event {
    /// The entry in words, instants as `when` has them. May hold foreign text.
    pub fn text(&self, when: When<'_>) -> String {
        let text = self.what.text(when);
        if self.undo { format!("undo: {text}") } else { text }
    }
}
