//! The case: one report on its way from mail to advisory.

mod priority;
mod promise;

use chrono::{DateTime, TimeZone, Utc};
use serde::{Deserialize, Serialize};

use super::assessment::Assessment;
use super::clocks::{self, Clock, Due, Waits};
use super::lane::{Lane, LaneWork};
use super::message::Encryption;
use super::milestone::{Milestone, Reached};
use super::noise::Noise;
use super::order::{self, Place, Rank};
use super::person::Person;
use super::proposal::{self, Evidence, Proposal};
use super::regulation::{self, Situation};
use super::ssvc::Ssvc;
use super::state::{Resolution, State};
use super::variants::Variants;
use super::words::words;

pub use priority::Priority;
pub use promise::{DEFAULT_POLICY, Demand, Disclosure, DisclosureSource, Promise};

/// Row number of a case in its store. People see the identifier, `SEC-2026-0042`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CaseKey(pub i64);

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

/// The case that a duplicate was merged into.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Merged {
    /// Its row number.
    pub key: i64,
    /// Its identifier.
    pub id: String,
}

/// Everything known about one case, without its messages and timeline.
#[derive(Debug, Clone, PartialEq)]
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
    pub promise: Promise,
    /// When the details become public.
    pub disclosure: Disclosure,
    /// A date that the reporter asked for, and nobody has decided about.
    pub demand: Option<Demand>,
    /// Whether it is abused in the wild.
    pub exploited: bool,
    /// Scores, weakness, versions, workaround.
    pub assessment: Assessment,
    /// The instants that it reached.
    pub reached: Reached,
    /// When a person last did something about it.
    pub touched_at: DateTime<Utc>,
    /// What lanes have to do, in their order.
    pub lanes: Vec<LaneWork>,
    /// That it waits for the reporter, and did before.
    pub waits: Waits,
    /// How the hunt for variants ended; `None` while it is open.
    pub variants: Option<Variants>,
    /// Obligations by law, and what was filed.
    pub obligations: Vec<Situation>,
    /// Who alone may see it; empty for everybody.
    pub readers: Vec<String>,
    /// How likely it is noise.
    pub noise: Noise,
    /// The case that it was merged into.
    pub merged_into: Option<Merged>,
    /// Who reported it as well, in duplicates that were merged into it. Foreign text.
    pub also_by: Vec<Person>,
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
    /// A case as its first message opens it: new, unread, nobody's, and without
    /// a disclosure date of its own yet: the desk's rules give it one. The store gives it its key.
    pub fn opened(
        id: String,
        subject: &str,
        reporter: Person,
        received_at: DateTime<Utc>,
        encryption: Encryption,
    ) -> Self {
        let disclosure = Disclosure { at: received_at, source: DisclosureSource::Policy, why: String::new() };
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
            promise: Promise::default(),
            disclosure,
            demand: None,
            exploited: false,
            assessment: Assessment::default(),
            reached: Reached::new(),
            touched_at: received_at,
            lanes: Vec::new(),
            waits: Waits::default(),
            variants: None,
            obligations: Vec::new(),
            readers: Vec::new(),
            noise: Noise::default(),
            merged_into: None,
            also_by: Vec::new(),
            tags: Vec::new(),
            unread: true,
            encryption,
            version: 1,
        }
    }

    /// What one lane has to do.
    pub fn lane(&self, lane: Lane) -> Option<&LaneWork> {
        self.lanes.iter().find(|work| work.lane == lane)
    }

    /// Gives a lane something else to do, or nothing.
    pub fn set_lane(&mut self, lane: Lane, work: Option<LaneWork>) {
        self.lanes.retain(|known| known.lane != lane);
        self.lanes.extend(work);
        self.lanes.sort_by_key(|work| work.lane);
    }

    /// Whether `actor` may see more of it than that it exists.
    pub fn is_open_to(&self, actor: &str) -> bool {
        self.readers.is_empty() || self.readers.iter().any(|reader| reader.eq_ignore_ascii_case(actor))
    }

    /// All clocks of the case, with their states at `now`; days and months of
    /// the law are those of `zone`.
    pub fn clocks<Z: TimeZone>(&self, zone: &Z, now: DateTime<Utc>) -> Vec<Clock> {
        let by_law = self.obligations.iter().flat_map(|situation| regulation::clocks(situation, zone, now));
        clocks::clocks(&self.facts(), now).into_iter().chain(by_law).collect()
    }

    /// The same clocks without their reasons: for counting.
    pub(super) fn wordless_clocks<Z: TimeZone>(&self, zone: &Z, now: DateTime<Utc>) -> Vec<Clock> {
        let facts = clocks::Facts { is_wordless: true, ..self.facts() };
        let by_law = self.obligations.iter().flat_map(|situation| regulation::clocks(situation, zone, now));
        clocks::clocks(&facts, now).into_iter().chain(by_law).collect()
    }

    /// The clock that is due first of those that count. Which one that is does not hang on the present.
    fn running(&self) -> Option<Clock> {
        let clocks = self.clocks(&Utc, self.received_at);
        let is_over = self.merged_into.is_some();
        clocks::running(&clocks).filter(|_| !is_over).cloned()
    }

    /// When the clock that is due first runs out, if one counts.
    pub fn due(&self) -> Option<Due> {
        self.running().and_then(|clock| Some(Due { kind: clock.kind, at: clock.due_at? }))
    }

    /// The internal target, while nothing is released.
    pub fn target(&self) -> Option<DateTime<Utc>> {
        let clocks = clocks::clocks(&self.facts(), self.received_at);
        let target = clocks.into_iter().find(|clock| clock.kind == clocks::Kind::Target)?;
        target.due_at.filter(|_| target.state.is_counting())
    }

    /// Where it stands in the queue, and why.
    pub fn rank(&self) -> Rank {
        let closed = || self.reached.get(&Milestone::Closed).copied().unwrap_or(self.received_at);
        order::rank(&Place {
            due: self.running().as_ref(),
            priority: self.priority,
            exploited: self.exploited,
            noise: self.noise.is_likely(),
            received_at: self.received_at,
            closed_at: (!self.state.is_open()).then(closed),
        })
    }

    /// The priority that the scores, the phase and exploitation speak for.
    pub fn proposal(&self) -> Proposal {
        let assessment = &self.assessment;
        proposal::propose(&Evidence {
            cvss: assessment.cvss.map(|cvss| cvss.score()),
            ssvc: assessment.ssvc.as_ref().map(Ssvc::outcome),
            exploited: self.exploited,
            found_in: self.found_in,
            flaw: assessment.flaw,
            noise: self.noise.is_likely(),
        })
    }

    /// What its clocks count with.
    fn facts(&self) -> clocks::Facts {
        let reached = |milestone| self.reached.get(&milestone).copied();
        let asked = |work: &LaneWork| clocks::Asked {
            lane: work.lane.to_string(),
            owner: work.owner.clone(),
            asked_at: work.asked_at,
            answered_at: work.answered_at(),
            answer_due_at: None,
        };
        let disclosed = reached(Milestone::Disclosed);
        clocks::Facts {
            received_at: self.received_at,
            is_new: self.state == State::New,
            is_open: self.state.is_open(),
            acknowledged_at: self.acknowledged_at,
            prioritised_at: reached(Milestone::Prioritised),
            priority: self.priority.map(Priority::level),
            reporter_heard_at: reached(Milestone::Heard),
            touched_at: Some(self.touched_at),
            asked: self.lanes.iter().map(asked).collect(),
            fix_ready_at: reached(Milestone::FixReady),
            released_at: reached(Milestone::Released),
            rolled_out_at: reached(Milestone::RolledOut),
            advisory_at: reached(Milestone::Advisory),
            // A state that came in without its milestone counts as reached on receipt.
            disclosed_at: disclosed.or((self.state == State::Disclosed).then_some(self.received_at)),
            closed_at: reached(Milestone::Closed),
            disclosure: clocks::Promise { at: Some(self.disclosure.at), why: self.disclosure.in_words() },
            waiting: self.waits.now.clone(),
            waited: self.waits.before.clone(),
            policy: self.promise.policy.clone(),
            terms: self.promise.terms.clone(),
            is_wordless: false,
        }
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
            target: self.target(),
            noise: self.noise.is_likely(),
            is_hidden: false,
            version: self.version,
        }
    }

    /// What somebody sees of it who may only know that it exists.
    pub fn hidden_row(&self) -> Row {
        Row {
            title: HIDDEN.to_owned(),
            priority: None,
            assignee: None,
            exploited: false,
            unread: false,
            encryption: Encryption::None,
            due: None,
            target: None,
            noise: false,
            is_hidden: true,
            ..self.row()
        }
    }
}

/// What stands for the title of a case that is not for everybody.
pub const HIDDEN: &str = "restricted: not for you to see";

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
    /// The internal target, while nothing is released.
    pub target: Option<DateTime<Utc>>,
    /// Likely noise.
    pub noise: bool,
    /// The reader may only know that it exists.
    pub is_hidden: bool,
    /// Version that the row shows.
    pub version: i64,
}

/// Longest title of a case, in characters.
pub const MAX_TITLE: usize = 300;

/// The title that a subject makes. Foreign text.
pub fn title_of(subject: &str) -> String {
    let title: String = subject.trim().chars().take(MAX_TITLE).collect();
    if title.is_empty() { "(no subject)".to_owned() } else { title }
}
