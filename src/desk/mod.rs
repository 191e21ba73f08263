//! The desk: store, keys and clock brought together. Everything that the
//! console and the commands can do is a method here, once.

pub mod answer;
mod away;
mod chronicle;
mod clock;
mod config;
mod decide;
mod drills;
mod duties;
pub mod envelope;
mod error;
mod explain;
mod intake;
mod keys;
mod merging;
mod noise;
mod orders;
mod preview;
mod remind;
mod rota;
mod similar;
mod statistics;
mod undo;
mod vault;
pub mod wall;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Local, Utc};

pub use chronicle::Chronicle;
pub use clock::{Clock, Pace};
pub use config::Config;
pub(crate) use decide::NOT_FOR_YOU;
pub use decide::describe;
pub use error::Error;
pub use explain::{Explanation, Neighbour};
pub use intake::{Intake, Progress, Taken};
pub use keys::{
    AtHand, COMPARED, KeyHistory, KeyImport, KeyListing, MAX_ANSWER, Published, Recipient, kept_for, lookup,
};
pub use merging::MergePlan;
pub use orders::{Order, Outcome};
pub use remind::Reminder;
pub use rota::{Listed, Turn};
pub use undo::{Earlier, Undone};
pub use vault::Place;

/// A passphrase: zeroed when dropped, never shown by `Debug`.
pub use crate::pgp::Password;
/// What became of an offered message.
pub use crate::store::Offered;
pub use wall::Readers;

use crate::store::{DatabaseKey, Settings, Store};
use crate::triage::message::{Attachment, Message};
use crate::triage::rules::Rules;
use crate::triage::{Case, CaseKey, Dossier, Query, Row};

/// The result of everything at the desk.
pub type Result<T> = std::result::Result<T, Error>;

/// Whom the store serves.
pub type Team = Settings;

/// Under this name a store says that it is a drill, whatever the value.
const DRILL: &str = "drill";

/// An open store with somebody sitting in front of it.
pub struct Desk {
    store: Store,
    key: DatabaseKey,
    place: Place,
    team: Team,
    actor: String,
    clock: Clock,
    unlocked: keys::Unlocked,
    may_ask_agent: bool,
    readers: Readers,
    rules: Arc<Rules>,
    is_drill: bool,
}

impl Desk {
    fn seated(
        store: Store,
        key: DatabaseKey,
        place: Place,
        actor: &str,
        clock: Clock,
        readers: Readers,
    ) -> Result<Self> {
        let team = store.settings()?;
        let (actor, unlocked) = (actor.to_owned(), Default::default());
        let is_drill = says_drill(store.setting(DRILL)?.as_deref());
        let (rules, may_ask_agent) = (Arc::default(), false);
        Ok(Self { store, key, place, team, actor, clock, unlocked, may_ask_agent, readers, rules, is_drill })
    }

    /// A second desk on the same store, for another thread.
    ///
    /// # Errors
    /// When the store cannot be opened again.
    pub fn second(&self) -> Result<Self> {
        let store = Store::open(&self.place.database(), &self.key)?;
        let (key, place, readers) = (self.key.clone(), self.place.clone(), self.readers.clone());
        let desk = Self::seated(store, key, place, &self.actor, self.clock.clone(), readers)?;
        Ok(Self { rules: Arc::clone(&self.rules), ..desk })
    }

    /// The same desk under these rules, instead of those that ninety comes with.
    #[must_use]
    pub fn under(self, rules: Rules) -> Self {
        Self { rules: Arc::new(rules), ..self }
    }

    /// The rules that decisions are made by.
    pub fn rules(&self) -> Arc<Rules> {
        Arc::clone(&self.rules)
    }

    /// The present outside a drill: a key that was unlocked stays open by it, for
    /// the clock of a drill runs through a quarter of an hour in no time.
    fn machine_now(&self) -> DateTime<Utc> {
        match &self.clock {
            Clock::Drill(_) => Clock::Real.now(),
            other => other.now(),
        }
    }

    /// Who acts.
    pub fn actor(&self) -> &str {
        &self.actor
    }

    /// The present.
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// How long the machine's clock runs until it is `at` here, nothing where
    /// that is past; `None` while the clock stands still, so that nothing on a
    /// screen ages.
    pub fn real_until(&self, at: DateTime<Utc>) -> Option<Duration> {
        self.clock.real_until(at)
    }

    /// The clock of the drill, where the desk follows one.
    pub fn pace(&self) -> Option<&Pace> {
        match &self.clock {
            Clock::Drill(pace) => Some(pace),
            Clock::Real | Clock::Frozen(_) => None,
        }
    }

    /// Whether the store is that of a drill: nothing in it is real.
    pub fn is_drill(&self) -> bool {
        self.is_drill
    }

    /// What was laid aside in the store under a name.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn aside(&self, name: &str) -> Result<Option<String>> {
        Ok(self.store.setting(name)?)
    }

    /// Lays something aside in the store, under a name of its own: the store
    /// keeps what it knows of the team in the same place. Under `drill`
    /// anything makes the store that of a drill.
    ///
    /// # Errors
    /// When the store fails.
    pub fn set_aside(&mut self, name: &str, value: &str) -> Result<()> {
        self.store.write(|writer| writer.set_setting(name, value))?;
        if name == DRILL {
            self.is_drill = says_drill(Some(value));
        }
        Ok(())
    }

    /// The same desk with another person in front of it, or another time.
    pub fn handed_to(mut self, actor: &str, clock: Clock) -> Self {
        actor.clone_into(&mut self.actor);
        self.clock = clock;
        self
    }

    /// The same desk, where the GnuPG agent may be asked for keys of the team
    /// that are not here. It may prompt on the terminal.
    #[must_use]
    pub fn asking_agent(self) -> Self {
        Self { may_ask_agent: true, ..self }
    }

    /// Whom the store serves.
    pub fn team(&self) -> &Team {
        &self.team
    }

    /// The directory of the store: what changes in it was changed by somebody.
    pub fn watch_dir(&self) -> &Path {
        self.place.directory()
    }

    /// The head of the queue: open cases, due first. Reads nothing else.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn first_rows(&self, limit: usize) -> Result<Vec<Row>> {
        Ok(self.store.first_rows(limit, &self.actor)?)
    }

    /// Keys of all cases that `query` asks for, in its order: due first, where it names none.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn order(&mut self, query: &Query) -> Result<Vec<CaseKey>> {
        Ok(self.store.order(query, &self.now().with_timezone(&Local), &self.actor)?)
    }

    /// The rows of `keys`, in that order.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn rows(&self, keys: &[CaseKey]) -> Result<Vec<Row>> {
        Ok(self.store.rows(keys, &self.actor)?)
    }

    /// One case without its messages and timeline.
    ///
    /// # Errors
    /// When there is none, it is restricted to others, or the store cannot be read.
    pub fn case(&self, key: CaseKey) -> Result<Case> {
        let case = self.store.case(key)?;
        if case.is_open_to(&self.actor) { Ok(case) } else { Err(Error::Restricted(case.id)) }
    }

    /// The case with this identifier, for whoever may see it.
    ///
    /// # Errors
    /// When there is none, it is restricted to others, or the store cannot be read.
    pub fn key_of(&self, id: &str) -> Result<CaseKey> {
        Ok(self.case(self.store.key_of(id)?)?.key)
    }

    /// The case that holds the message with this Message-ID.
    ///
    /// # Errors
    /// When there is none, or the store cannot be read.
    pub fn case_of_message(&self, message_id: &str) -> Result<CaseKey> {
        let none =
            || crate::store::Error::NoCase(format!("with the message {}", crate::text::line(message_id)));
        Ok(self.store.case_with_message_id(message_id)?.ok_or_else(none)?)
    }

    /// One case with all that belongs to it.
    ///
    /// # Errors
    /// When there is none, or the store cannot be read.
    pub fn dossier(&self, key: CaseKey) -> Result<Dossier> {
        let case = self.case(key)?;
        let messages = self.store.messages(key)?;
        let answer = self.answer_to(&case.reporter, &messages)?;
        let others =
            case.also_by.iter().map(|person| self.answer_to(person, &messages)).collect::<Result<_>>()?;
        let keys = self.keys_of(&case.reporter.email)?;
        let similar = self.similar_to(&case)?;
        Ok(Dossier { messages, timeline: self.store.timeline(key)?, case, answer, others, keys, similar })
    }

    /// The bytes of a message as they came.
    ///
    /// # Errors
    /// When its case is restricted to others, or the store cannot be read.
    pub fn raw(&self, message: i64) -> Result<Option<Vec<u8>>> {
        let Some(key) = self.store.holder_of(message)? else { return Ok(None) };
        self.case(key)?;
        Ok(self.store.raw(message)?)
    }

    /// An attachment of a message by its number in the list of the message,
    /// from 1, with its bytes.
    ///
    /// # Errors
    /// When there is none, or the store cannot be read.
    pub fn attachment(&self, message: &Message, number: usize) -> Result<(Attachment, Vec<u8>)> {
        let listed = &message.content.attachments;
        let index = number.checked_sub(1).filter(|index| *index < listed.len());
        let found = index.and_then(|index| Some((listed.get(index)?, u32::try_from(index).ok()?)));
        let Some((attachment, index)) = found else {
            let count = listed.len();
            return Err(Error::Refused(format!("message {} has {count} attachments", message.id)));
        };
        let raw = self.store.raw(message.id)?.unwrap_or_default();
        let keys = self.at_hand()?;
        let bytes = self.readers.reader(&keys).attachment(&raw, self.now(), index)?;
        let closed =
            || Error::Refused("the attachment does not open now; a key may be locked, or gone".to_owned());
        Ok((attachment.clone(), bytes.ok_or_else(closed)?))
    }

    /// Everybody whom a case can be assigned to: who has had one that the actor may see, and who acts.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn people(&self) -> Result<Vec<String>> {
        let mut people = self.store.assignees(&self.actor)?;
        if let Err(place) = people.binary_search(&self.actor) {
            people.insert(place, self.actor.clone());
        }
        Ok(people)
    }

    /// Whether another process has changed the store since this was last asked.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn has_changed(&mut self) -> Result<bool> {
        Ok(self.store.has_changed()?)
    }

    /// Who reads its mail.
    pub fn readers(&self) -> &Readers {
        &self.readers
    }

    /// The store itself, for `doctor`.
    pub fn store(&self) -> &Store {
        &self.store
    }
}

/// Whether what is laid aside under [`DRILL`] says that the store is one.
fn says_drill(value: Option<&str>) -> bool {
    value.is_some_and(|value| !value.is_empty())
}
