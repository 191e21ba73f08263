//! What a person decides about a case, and the changes that it makes.

use chrono::{DateTime, Utc};

use super::change::{Change, Standing};
use crate::triage::assessment::{Assessment, Judgement};
use crate::triage::case::{Case, Disclosure, DisclosureSource, FoundIn, MAX_TITLE, Priority, Promise};
use crate::triage::date::{OutOfYears, Wish};
use crate::triage::lane::{Lane, LaneStep, LaneWork, NotAsked};
use crate::triage::milestone::Milestone;
use crate::triage::policy::{self, deadline};
use crate::triage::proposal::AS_PROPOSED;
use crate::triage::regulation::{Regime, Situation};
use crate::triage::rules::Rules;
use crate::triage::state::{self, Resolution, State};
use crate::triage::variants::{self, NotHunted, Variants};

/// Who decides, when, and by which rules.
#[derive(Debug, Clone, Copy)]
pub struct Sitting<'a> {
    /// Who.
    pub actor: &'a str,
    /// When.
    pub now: DateTime<Utc>,
    /// Policies, calendar, owners, obligations.
    pub rules: &'a Rules,
}

/// What a person decides about a case.
#[derive(Debug, Clone, PartialEq)]
pub enum Decision {
    /// Another title.
    Title(String),
    /// Another state; closing names its resolution.
    State(State, Option<Resolution>),
    /// A priority, or none.
    Priority(Option<Priority>),
    /// Why the priority is what it is.
    Reason(Option<String>),
    /// The priority that is proposed for the case as it is then, with the reasons for it.
    AsProposed,
    /// An assignee, or nobody.
    Assignee(Option<String>),
    /// A product, or none.
    Product(Option<String>),
    /// A component, or none.
    Component(Option<String>),
    /// A found-in phase, or none.
    FoundIn(Option<FoundIn>),
    /// Another policy, by its name; a date that came from the policy moves with it.
    Policy(String),
    /// Another disclosure date.
    Disclosure(Wish),
    /// The date that the reporter asked for in a mail: taken, or not.
    Demand(bool),
    /// Abused in the wild, or not after all.
    Exploited(bool),
    /// Another judgement: scores, weakness, versions, workaround.
    Assess(Assessment),
    /// One part of the judgement; the others stay.
    Judge(Judgement),
    /// A milestone was reached at an instant, or was not.
    Reach(Milestone, Option<DateTime<Utc>>),
    /// A step of a lane.
    Lane(Lane, LaneStep),
    /// We wait for the reporter, and for what; or not any more.
    Wait(Option<String>),
    /// How the hunt for variants stands.
    Variants(Option<Variants>),
    /// Who alone may see the case; nobody named opens it to all.
    Readers(Vec<String>),
    /// Obligations by law: what happened and what was filed.
    Obligations(Vec<Situation>),
    /// Marked as likely noise, or not.
    Noise(u8),
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

/// Why a decision cannot be carried out on a case.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The state table does not allow it.
    #[error("{0}")]
    State(state::Refusal),
    /// A lane cannot take this step.
    #[error(transparent)]
    Lane(#[from] NotAsked),
    /// The hunt for variants is open.
    #[error(transparent)]
    Variants(#[from] NotHunted),
    /// No policy has this name.
    #[error("{0}")]
    Policy(String),
    /// A date that cannot be written.
    #[error(transparent)]
    Date(#[from] OutOfYears),
    /// A title that no line of a queue holds.
    #[error(
        "a title has {MAX_TITLE} characters at most, and this one has {0}; shorten it, and put the rest into a note"
    )]
    LongTitle(usize),
    /// A title of nothing but blanks.
    #[error("a case needs a title")]
    NoTitle,
    /// No mail asked for a date.
    #[error("no mail of this case asks for a date; set one with d, or disclosure=DATE")]
    NoDemand,
    /// Only those who may see a case can close it to others.
    #[error("{0} would no longer see the case; name {0} among those who may")]
    LocksOut(String),
    /// A duplicate that another case holds is not worked on by itself.
    #[error("it was merged into {0}, which has its messages; take it out again first: B, or 'ninety split'")]
    Merged(String),
}

impl Decision {
    /// The changes that this decision makes to `case`: none where it already is so.
    ///
    /// # Errors
    /// A [`Refusal`] that says what is allowed instead.
    pub fn changes(&self, case: &Case, sitting: &Sitting<'_>) -> Result<Vec<Change>, Refusal> {
        let now = sitting.now;
        let wanted = match self {
            Decision::Title(title) => vec![title_change(title)?],
            Decision::State(to, resolution) => state_changes(case, *to, *resolution, sitting)?,
            Decision::Priority(priority) => priority_changes(case, *priority, now),
            Decision::AsProposed => proposed_changes(case, now),
            Decision::Reason(reason) => {
                vec![Change::Assessment(Assessment { reason: reason.clone(), ..case.assessment.clone() })]
            }
            Decision::Assignee(assignee) => vec![Change::Assignee(assignee.clone())],
            Decision::Product(product) => vec![Change::Product(product.clone())],
            Decision::Component(component) => vec![Change::Component(component.clone())],
            Decision::FoundIn(phase) => vec![Change::FoundIn(*phase)],
            Decision::Policy(name) => policy_changes(case, name, sitting)?,
            Decision::Disclosure(wish) => {
                vec![Change::Disclosure(wish.resolve(case, &sitting.rules.by_policy(case), now)?)]
            }
            Decision::Demand(taken) => demand_changes(case, *taken)?,
            Decision::Exploited(true) => exploited_changes(case, sitting),
            Decision::Exploited(false) => not_exploited_changes(case, sitting),
            Decision::Assess(assessment) => vec![Change::Assessment(assessment.clone())],
            Decision::Judge(part) => vec![Change::Assessment(case.assessment.judged(part))],
            Decision::Reach(milestone, at) => reach_changes(case, *milestone, *at, sitting),
            Decision::Lane(lane, step) => vec![lane_change(case, *lane, step, sitting)?],
            Decision::Wait(reason) => vec![Change::Waiting(case.waits.changed(reason.as_deref(), now))],
            Decision::Variants(variants) => vec![Change::Variants(variants.clone())],
            Decision::Readers(readers) => vec![readers_change(case, readers, sitting.actor)?],
            Decision::Obligations(situations) => vec![Change::Obligations(situations.clone())],
            Decision::Noise(score) => vec![Change::Noise(*score)],
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

/// A title as subjects make them: not blank, and no longer than theirs.
fn title_change(title: &str) -> Result<Change, Refusal> {
    let title = title.trim();
    match title.chars().count() {
        0 => Err(Refusal::NoTitle),
        count if count > MAX_TITLE => Err(Refusal::LongTitle(count)),
        _ => Ok(Change::Title(title.to_owned())),
    }
}

fn state_changes(
    case: &Case,
    to: State,
    resolution: Option<Resolution>,
    sitting: &Sitting<'_>,
) -> Result<Vec<Change>, Refusal> {
    case.state.step(to, resolution).map_err(Refusal::State)?;
    if let Some(merged) = case.merged_into.as_ref().filter(|_| to.is_open()) {
        return Err(Refusal::Merged(merged.id.clone()));
    }
    if resolution == Some(Resolution::Fixed) && variants::are_asked_for(case) {
        variants::hunted(case.variants.as_ref())?;
    }
    let now = sitting.now;
    // Whoever goes on from "new" with a report has answered for it; closing spam has not.
    let answered = to.is_open() && to != State::New;
    let acknowledged_at = case.acknowledged_at.or(answered.then_some(now));
    let mut changes = vec![Change::Standing(Standing { state: to, resolution, acknowledged_at })];
    let reached = match to {
        State::FixReady => Some(Milestone::FixReady),
        State::Released => Some(Milestone::Released),
        State::Disclosed => Some(Milestone::Disclosed),
        State::Closed => Some(Milestone::Closed),
        _ => None,
    };
    changes.extend(
        reached
            .filter(|milestone| to != case.state || !case.reached.contains_key(milestone))
            .map(|milestone| Change::Reached { milestone, at: Some(now) }),
    );
    if case.state == State::Closed && to != State::Closed {
        changes.push(Change::Reached { milestone: Milestone::Closed, at: None });
    }
    // Some policies give users time to install a fix before the details follow.
    if to == State::Released && case.disclosure.source == DisclosureSource::Policy {
        let mut later = case.clone();
        later.reached.insert(Milestone::Released, now);
        changes.extend(by_policy(&later, sitting.rules).map(Change::Disclosure));
    }
    Ok(changes)
}

fn priority_changes(case: &Case, priority: Option<Priority>, now: DateTime<Utc>) -> Vec<Change> {
    let first = case.reached.get(&Milestone::Prioritised).copied();
    let at = priority.is_some().then(|| first.unwrap_or(now));
    let mut changes =
        vec![Change::Priority(priority), Change::Reached { milestone: Milestone::Prioritised, at }];
    // The reasons of a proposal speak for its priority, and for no other.
    let reason = case.assessment.reason.as_deref().unwrap_or_default();
    if priority != case.priority && reason.starts_with(AS_PROPOSED) {
        changes.push(Change::Assessment(Assessment { reason: None, ..case.assessment.clone() }));
    }
    changes
}

fn proposed_changes(case: &Case, now: DateTime<Utc>) -> Vec<Change> {
    let proposal = case.proposal();
    let mut changes = priority_changes(case, Some(proposal.priority), now);
    changes.retain(|change| !matches!(change, Change::Assessment(_)));
    let reason = Some(format!("{AS_PROPOSED}{}", proposal.because()));
    changes.push(Change::Assessment(Assessment { reason, ..case.assessment.clone() }));
    changes
}

/// The disclosure date that the policy of `case` gives; `None` where it sets
/// none, or is no longer known.
pub(crate) fn by_policy(case: &Case, rules: &Rules) -> Option<Disclosure> {
    let policy = rules.book.find(&case.promise.policy).ok()?;
    let facts = policy::Facts {
        received: case.received_at,
        exploited: case.reached.get(&Milestone::Exploited).copied(),
        fixed: case.reached.get(&Milestone::Released).copied(),
        grace: false,
        demanded: None,
    };
    let found = deadline(policy, &facts, &rules.calendar);
    Some(Disclosure { at: found.disclosure_at?, source: DisclosureSource::Policy, why: found.why })
}

fn policy_changes(case: &Case, name: &str, sitting: &Sitting<'_>) -> Result<Vec<Change>, Refusal> {
    let policy = sitting.rules.book.find(name).map_err(|error| Refusal::Policy(error.to_string()))?;
    let promise = Promise { policy: policy.name.clone(), terms: policy.terms.clone() };
    let mut changes = vec![Change::Policy(promise.clone())];
    if case.disclosure.source == DisclosureSource::Policy {
        let with = Case { promise, ..case.clone() };
        changes.extend(by_policy(&with, sitting.rules).map(Change::Disclosure));
    }
    Ok(changes)
}

/// The reporter's date wins when it is earlier; a later one is an agreement.
fn demand_changes(case: &Case, taken: bool) -> Result<Vec<Change>, Refusal> {
    let demand = case.demand.as_ref().ok_or(Refusal::NoDemand)?;
    let mut changes = vec![Change::Demand(None)];
    if taken {
        let is_earlier = demand.at <= case.disclosure.at;
        let source = if is_earlier { DisclosureSource::Reporter } else { DisclosureSource::Agreed };
        let why = format!("the reporter wrote: \"{}\"", demand.sentence);
        changes.push(Change::Disclosure(Disclosure { at: demand.at, source, why }));
    }
    Ok(changes)
}

/// Abused in the wild: everything that follows from it, so that one undo takes all of it back.
fn exploited_changes(case: &Case, sitting: &Sitting<'_>) -> Vec<Change> {
    let now = sitting.now;
    let since = case.reached.get(&Milestone::Exploited).copied().unwrap_or(now);
    let mut abused = case.clone();
    abused.reached.insert(Milestone::Exploited, since);
    let mut changes =
        vec![Change::Exploited(true), Change::Reached { milestone: Milestone::Exploited, at: Some(since) }];
    changes.extend(priority_changes(case, Priority::new(0), now));
    changes.extend(
        by_policy(&abused, sitting.rules).filter(|new| new.at < case.disclosure.at).map(Change::Disclosure),
    );
    for (lane, note) in [
        (Lane::Development, "exploited in the wild: is there a workaround that users can apply now?"),
        (Lane::Management, "exploited in the wild"),
        (Lane::Pr, "exploited in the wild: prepare the statement"),
    ] {
        let is_asked = case.lane(lane).is_some_and(|work| work.done_at.is_none());
        if !is_asked {
            let owner = sitting.rules.owner(case.product.as_deref(), lane);
            let work = LaneWork::asked(lane, owner, Some(note.to_owned()), sitting.actor, now);
            changes.push(Change::Lane { lane, work: Some(work) });
        }
    }
    changes.push(Change::Obligations(obligations(case, sitting)));
    changes
}

/// The obligations of a case that is abused: the law's clock starts with the
/// decision that it is, which is this one.
fn obligations(case: &Case, sitting: &Sitting<'_>) -> Vec<Situation> {
    let mut situations = case.obligations.clone();
    let regime = Regime::CraVulnerability;
    if !sitting.rules.regulation.is_subject_to(regime) {
        return situations;
    }
    if !situations.iter().any(|known| known.regime == regime) {
        situations.push(Situation::new(regime));
    }
    for situation in situations.iter_mut().filter(|known| known.regime == regime) {
        situation.first_signal_at.get_or_insert(sitting.now);
        situation.aware_at.get_or_insert(sitting.now);
    }
    situations
}

fn not_exploited_changes(case: &Case, sitting: &Sitting<'_>) -> Vec<Change> {
    let mut calmer = case.clone();
    calmer.reached.remove(&Milestone::Exploited);
    let mut changes =
        vec![Change::Exploited(false), Change::Reached { milestone: Milestone::Exploited, at: None }];
    if case.disclosure.source == DisclosureSource::Policy {
        changes.extend(by_policy(&calmer, sitting.rules).map(Change::Disclosure));
    }
    changes
}

fn reach_changes(
    case: &Case,
    milestone: Milestone,
    at: Option<DateTime<Utc>>,
    sitting: &Sitting<'_>,
) -> Vec<Change> {
    let mut changes = vec![Change::Reached { milestone, at }];
    let moves_the_date = matches!(milestone, Milestone::Exploited | Milestone::Released);
    if moves_the_date && case.disclosure.source == DisclosureSource::Policy {
        let mut with = case.clone();
        match at {
            Some(at) => with.reached.insert(milestone, at),
            None => with.reached.remove(&milestone),
        };
        changes.extend(by_policy(&with, sitting.rules).map(Change::Disclosure));
    }
    changes
}

fn lane_change(case: &Case, lane: Lane, step: &LaneStep, sitting: &Sitting<'_>) -> Result<Change, Refusal> {
    let before = case.lane(lane);
    let mut work = step.after(lane, before, sitting.actor, sitting.now)?;
    if let Some(work) = work.as_mut().filter(|work| work.owner.is_none()) {
        work.owner = sitting.rules.owner(case.product.as_deref(), lane);
    }
    Ok(Change::Lane { lane, work })
}

/// Whoever restricts a case stays among those who see it.
fn readers_change(case: &Case, readers: &[String], actor: &str) -> Result<Change, Refusal> {
    if let Some(merged) = &case.merged_into {
        return Err(Refusal::Merged(merged.id.clone()));
    }
    let readers = tidy(readers.to_vec());
    if !readers.is_empty() && !readers.iter().any(|reader| reader.eq_ignore_ascii_case(actor)) {
        return Err(Refusal::LocksOut(crate::text::line(actor)));
    }
    debug_assert!(case.is_open_to(actor));
    Ok(Change::Readers(readers))
}

/// Words without blanks, sorted, each once.
fn tidy(mut words: Vec<String>) -> Vec<String> {
    words.iter_mut().for_each(|word| *word = word.trim().to_owned());
    words.retain(|word| !word.is_empty());
    words.sort();
    words.dedup();
    words
}
