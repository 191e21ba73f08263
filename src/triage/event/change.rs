//! Changes: a field of a case set to a value. The same type says what it was
//! and what it became, so undo is a change back.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::When;
use crate::triage::assessment::Assessment;
use crate::triage::case::{Case, Demand, Disclosure, FoundIn, Merged, Priority, Promise};
use crate::triage::clocks::Waits;
use crate::triage::lane::{Lane, LaneWork};
use crate::triage::milestone::Milestone;
use crate::triage::person::Person;
use crate::triage::regulation::Situation;
use crate::triage::state::{Resolution, State};
use crate::triage::variants::Variants;
use crate::triage::words::words;

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
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
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
    /// Disclosure policy, and the spans that it promises.
    Policy(Promise),
    /// Disclosure date and its source.
    Disclosure(Disclosure),
    /// The date that the reporter asked for, while nobody has decided about it.
    Demand(Option<Demand>),
    /// Abused in the wild.
    Exploited(bool),
    /// Scores, weakness, versions, workaround.
    Assessment(Assessment),
    /// A milestone.
    Reached {
        /// Which.
        milestone: Milestone,
        /// When; `None` where it was not reached.
        at: Option<DateTime<Utc>>,
    },
    /// What a lane has to do.
    Lane {
        /// Which.
        lane: Lane,
        /// What; `None` where nothing.
        work: Option<LaneWork>,
    },
    /// That it waits for the reporter, and did before.
    Waiting(Waits),
    /// How the hunt for variants ended.
    Variants(Option<Variants>),
    /// Who alone may see it.
    Readers(Vec<String>),
    /// Obligations by law.
    Obligations(Vec<Situation>),
    /// How likely it is noise, 0 to 100.
    Noise(u8),
    /// The case that holds it now.
    Merged(Option<Merged>),
    /// Who reported it as well.
    AlsoBy(Vec<Person>),
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
        /// The date that the reporter asked for.
        Demand = "reporter's date",
        /// Abused in the wild.
        Exploited = "exploited",
        /// Scores, weakness, versions, workaround.
        Assessment = "assessment",
        /// Milestones.
        Reached = "milestone",
        /// Lanes.
        Lane = "lane",
        /// Waiting for the reporter.
        Waiting = "waiting",
        /// The hunt for variants.
        Variants = "variants",
        /// Who may see it.
        Readers = "readers",
        /// Obligations by law.
        Obligations = "obligations",
        /// Likely noise.
        Noise = "noise",
        /// The case that holds it now.
        Merged = "merged into",
        /// Who reported it as well.
        AlsoBy = "also reported by",
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
            Change::Demand(_) => Field::Demand,
            Change::Exploited(_) => Field::Exploited,
            Change::Assessment(_) => Field::Assessment,
            Change::Reached { .. } => Field::Reached,
            Change::Lane { .. } => Field::Lane,
            Change::Waiting(_) => Field::Waiting,
            Change::Variants(_) => Field::Variants,
            Change::Readers(_) => Field::Readers,
            Change::Obligations(_) => Field::Obligations,
            Change::Noise(_) => Field::Noise,
            Change::Merged(_) => Field::Merged,
            Change::AlsoBy(_) => Field::AlsoBy,
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
            Change::Policy(_) => Change::Policy(case.promise.clone()),
            Change::Disclosure(_) => Change::Disclosure(case.disclosure.clone()),
            Change::Demand(_) => Change::Demand(case.demand.clone()),
            Change::Exploited(_) => Change::Exploited(case.exploited),
            Change::Assessment(_) => Change::Assessment(case.assessment.clone()),
            Change::Reached { milestone, .. } => {
                Change::Reached { milestone: *milestone, at: case.reached.get(milestone).copied() }
            }
            Change::Lane { lane, .. } => Change::Lane { lane: *lane, work: case.lane(*lane).cloned() },
            Change::Waiting(_) => Change::Waiting(case.waits.clone()),
            Change::Variants(_) => Change::Variants(case.variants.clone()),
            Change::Readers(_) => Change::Readers(case.readers.clone()),
            Change::Obligations(_) => Change::Obligations(case.obligations.clone()),
            Change::Noise(_) => Change::Noise(case.noise.score),
            Change::Merged(_) => Change::Merged(case.merged_into.clone()),
            Change::AlsoBy(_) => Change::AlsoBy(case.also_by.clone()),
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
            Change::Policy(promise) => case.promise = promise,
            Change::Disclosure(disclosure) => case.disclosure = disclosure,
            Change::Demand(demand) => case.demand = demand,
            Change::Exploited(exploited) => case.exploited = exploited,
            Change::Assessment(assessment) => case.assessment = assessment,
            Change::Reached { milestone, at: Some(at) } => {
                case.reached.insert(milestone, at);
            }
            Change::Reached { milestone, at: None } => {
                case.reached.remove(&milestone);
            }
            Change::Lane { lane, work } => case.set_lane(lane, work),
            Change::Waiting(waits) => case.waits = waits,
            Change::Variants(variants) => case.variants = variants,
            Change::Readers(readers) => case.readers = readers,
            Change::Obligations(situations) => case.obligations = situations,
            Change::Noise(score) => case.noise.score = score,
            Change::Merged(merged) => case.merged_into = merged,
            Change::AlsoBy(people) => case.also_by = people,
            Change::Tags(tags) => case.tags = tags,
            Change::Unread(unread) => case.unread = unread,
        }
    }

    /// The event in the past tense, one word, for programs.
    pub fn kind(&self) -> &'static str {
        match self {
            Change::Title(_) => "retitled",
            Change::Standing(Standing { state: State::Closed, .. }) => "closed",
            Change::Standing(_) => "state_changed",
            Change::Priority(_) => "prioritised",
            Change::Assignee(_) => "assigned",
            Change::Product(_) | Change::Component(_) => "located",
            Change::FoundIn(_) => "phase_set",
            Change::Policy(_) => "policy_set",
            Change::Disclosure(_) => "disclosure_moved",
            Change::Demand(_) => "demand_answered",
            Change::Exploited(_) => "exploited",
            Change::Assessment(_) => "assessed",
            Change::Reached { .. } => "reached",
            Change::Lane { work: Some(work), .. } => match work.stage() {
                crate::triage::lane::LaneStage::Asked => "lane_asked",
                crate::triage::lane::LaneStage::Accepted => "lane_accepted",
                crate::triage::lane::LaneStage::Done => "lane_done",
            },
            Change::Lane { work: None, .. } => "lane_dropped",
            Change::Waiting(_) => "waiting",
            Change::Variants(_) => "variants_hunted",
            Change::Readers(_) => "restricted",
            Change::Obligations(_) => "obligations_set",
            Change::Noise(_) => "noise_judged",
            Change::Merged(Some(_)) => "merged",
            Change::Merged(None) => "split",
            Change::AlsoBy(_) => "reporters_changed",
            Change::Tags(_) => "tagged",
            Change::Unread(false) => "read",
            Change::Unread(true) => "marked_unread",
        }
    }

    /// What it is about, in words: the field, or which lane or milestone.
    pub fn about(&self) -> String {
        match self {
            Change::Reached { milestone, .. } => milestone.to_string(),
            Change::Lane { lane, .. } => lane.to_string(),
            other => other.field().to_string(),
        }
    }

    /// The value in words, for the timeline, instants as `when` has them. May hold foreign text.
    pub fn value(&self, when: When<'_>) -> String {
        let yes = |is: bool| if is { "yes" } else { "no" }.to_owned();
        let or = |value: Option<String>, none: &str| value.unwrap_or_else(|| none.to_owned());
        match self {
            Change::Title(title) => format!("'{title}'"),
            Change::Standing(Standing { state, resolution: Some(resolution), .. }) => {
                format!("{state} ({resolution})")
            }
            Change::Standing(Standing { state, .. }) => state.to_string(),
            Change::Priority(priority) => or(priority.map(|priority| priority.to_string()), "none"),
            Change::Assignee(assignee) => or(assignee.clone(), "nobody"),
            Change::Product(value) | Change::Component(value) => or(value.clone(), "none"),
            Change::FoundIn(phase) => or(phase.map(|phase| phase.to_string()), "none"),
            Change::Policy(promise) => promise.policy.clone(),
            Change::Disclosure(Disclosure { at, source, why }) if why.is_empty() => {
                format!("{} ({source})", when(*at))
            }
            Change::Disclosure(Disclosure { at, source, why }) => format!("{} ({source}: {why})", when(*at)),
            Change::Demand(demand) => or(demand.as_ref().map(|demand| when(demand.at)), "decided"),
            Change::Exploited(is) | Change::Unread(is) => yes(*is),
            Change::Assessment(assessment) => assessment.in_words(),
            Change::Reached { at, .. } => or(at.map(when), "no"),
            Change::Lane { work, .. } => or(work.as_ref().map(LaneWork::in_words), "not asked"),
            Change::Waiting(waits) => or(waits.now.as_ref().map(|wait| wait.reason.clone()), "nobody"),
            Change::Variants(variants) => or(variants.as_ref().map(Variants::to_string), "open"),
            Change::Readers(readers) if readers.is_empty() => "everybody".to_owned(),
            Change::Readers(words) | Change::Tags(words) => {
                or((!words.is_empty()).then(|| words.join(", ")), "none")
            }
            Change::Obligations(situations) => {
                let said: Vec<String> = situations.iter().map(|situation| situation.in_words(when)).collect();
                or((!said.is_empty()).then(|| said.join("; ")), "none")
            }
            Change::Noise(score) => score.to_string(),
            Change::Merged(merged) => or(merged.as_ref().map(|merged| merged.id.clone()), "none"),
            Change::AlsoBy(people) => {
                let names: Vec<&str> = people.iter().map(Person::short).collect();
                or((!names.is_empty()).then(|| names.join(", ")), "nobody else")
            }
        }
    }
}
