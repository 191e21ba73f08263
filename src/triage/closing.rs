//! What is still open in a case that somebody is about to close. A hint, never
//! a refusal: what must not happen, the case itself refuses.

use std::fmt;

use chrono::{DateTime, Utc};

use super::case::Case;
use super::event::in_utc;
use super::lane::Lane;
use super::milestone::Milestone;
use super::regulation;
use super::rules::Rules;
use super::state::Resolution;

/// One thing that is not done.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Open {
    /// A report that a law asks for is not filed: which, and until when.
    Law(String, DateTime<Utc>),
    /// Nobody has answered the reporter.
    Unanswered,
    /// The reporter asks for a date, and nobody has decided about it.
    Demand,
    /// Nobody has looked for similar issues.
    Variants,
    /// A lane was asked and is not done.
    Lane(Lane),
    /// Nobody has recorded that the fix is with its users.
    Rollout,
    /// The advisory is not out.
    Advisory,
    /// Somebody was writing an answer. Foreign text.
    Draft(String),
    /// A line of the company's own checklist. Foreign text.
    Own(String),
}

/// In words, with the mend where there is one. Safe to show.
impl fmt::Display for Open {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Open::Law(report, due) => write!(f, "the {report} is not filed, due {}", in_utc(*due)),
            Open::Unanswered => f.write_str("the reporter was never answered"),
            Open::Demand => f.write_str("the reporter asks for a date that nobody has decided about"),
            Open::Variants => f.write_str("nobody has looked for similar issues"),
            Open::Lane(lane) => write!(f, "{lane} was asked and is not done"),
            Open::Rollout => f.write_str("the roll-out of the fix is not recorded"),
            Open::Advisory => f.write_str("the advisory is not out"),
            Open::Draft(who) => write!(f, "an answer that {} began is not sent", crate::text::line(who)),
            Open::Own(line) => write!(f, "not confirmed: {}", crate::text::line(line)),
        }
    }
}

/// What is open in `case` if it were closed at `now` with this resolution, the
/// gravest first, then the company's own checklist. `drafting` are those who
/// have an answer under way.
pub fn left_open(
    case: &Case,
    resolution: Resolution,
    drafting: &[String],
    rules: &Rules,
    now: DateTime<Utc>,
) -> Vec<Open> {
    // What users have to be told about.
    let is_valid = matches!(resolution, Resolution::Fixed | Resolution::WontFix);
    let reached = |milestone| case.reached.contains_key(&milestone);
    let mut open = by_law(case, rules, now);
    let built_in = [
        (resolution != Resolution::Spam && case.acknowledged_at.is_none(), Open::Unanswered),
        (is_valid && case.demand.is_some(), Open::Demand),
        (is_valid && case.variants.is_none(), Open::Variants),
        (resolution == Resolution::Fixed && !reached(Milestone::RolledOut), Open::Rollout),
        (is_valid && !reached(Milestone::Advisory), Open::Advisory),
    ];
    open.extend(built_in.into_iter().filter(|(is_open, _)| *is_open).map(|(_, item)| item));
    open.extend(case.lanes.iter().filter(|work| work.done_at.is_none()).map(|work| Open::Lane(work.lane)));
    open.extend(drafting.iter().cloned().map(Open::Draft));
    open.extend(rules.checklist.iter().cloned().map(Open::Own));
    open
}

/// The reports that count: the law knows no closed cases.
fn by_law(case: &Case, rules: &Rules, now: DateTime<Utc>) -> Vec<Open> {
    let zone = &rules.calendar.zone;
    let clocks = case.obligations.iter().flat_map(|situation| regulation::clocks(situation, zone, now));
    let counting = clocks.filter(|clock| clock.state.is_counting());
    counting.filter_map(|clock| Some(Open::Law(clock.name(), clock.due_at?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::triage::lane::LaneWork;
    use crate::triage::message::Encryption;
    use crate::triage::regulation::{Regime, Situation};
    use crate::triage::variants::Variants;
    use crate::triage::{Person, case::Demand};

    fn now() -> DateTime<Utc> {
        "2026-11-23T12:00:00Z".parse().unwrap()
    }

    fn case() -> Case {
        let reporter = Person { name: "Mara".into(), email: "mara@lindt.example".into() };
        Case::opened("SEC-2026-0042".into(), "Heap overflow", reporter, now(), Encryption::None)
    }

    fn told(case: &Case, resolution: Resolution, rules: &Rules) -> Vec<String> {
        left_open(case, resolution, &[], rules, now()).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn what_is_asked_hangs_on_how_it_ends() {
        let rules = Rules::default();
        let unanswered = "the reporter was never answered";
        let similar = "nobody has looked for similar issues";
        let advisory = "the advisory is not out";
        let rollout = "the roll-out of the fix is not recorded";
        for (resolution, wanted) in [
            (Resolution::Spam, vec![]),
            (Resolution::Duplicate, vec![unanswered]),
            (Resolution::NotAVulnerability, vec![unanswered]),
            (Resolution::WontFix, vec![unanswered, similar, advisory]),
            (Resolution::Fixed, vec![unanswered, similar, rollout, advisory]),
        ] {
            assert_eq!(told(&case(), resolution, &rules), wanted, "{resolution}");
        }
    }

    #[test]
    fn what_is_done_is_not_asked_again() {
        let mut done = case();
        done.acknowledged_at = Some(now());
        done.variants = Some(Variants::Waived("third-party code".into()));
        done.reached.extend([(Milestone::RolledOut, now()), (Milestone::Advisory, now())]);
        let asked = LaneWork::asked(Lane::Qa, None, None, "ann", now());
        done.set_lane(Lane::Qa, Some(LaneWork { done_at: Some(now()), ..asked.clone() }));
        assert_eq!(told(&done, Resolution::Fixed, &Rules::default()), Vec::<String>::new());
        done.set_lane(Lane::Pr, Some(LaneWork { lane: Lane::Pr, ..asked }));
        assert_eq!(told(&done, Resolution::Spam, &Rules::default()), ["PR was asked and is not done"]);
        done.demand = Some(Demand { at: now(), sentence: "We publish today.".into() });
        assert_eq!(told(&done, Resolution::Fixed, &Rules::default()).len(), 2);
    }

    #[test]
    fn the_law_comes_first_and_the_companys_own_lines_last() {
        let rules =
            Rules::read("[checklist]\nclose = ['credits are agreed \\u001b[2J']", |_| Err(String::new()));
        let rules = rules.unwrap();
        let mut abused = case();
        abused.obligations =
            vec![Situation { aware_at: Some(now()), ..Situation::new(Regime::CraVulnerability) }];
        let open = left_open(&abused, Resolution::Spam, &["ben\u{1b}".into()], &rules, now());
        let told: Vec<String> = open.iter().map(ToString::to_string).collect();
        assert_eq!(
            told,
            [
                "the early warning (CRA vulnerability) is not filed, due 2026-11-24 12:00 UTC",
                "the notification (CRA vulnerability) is not filed, due 2026-11-26 12:00 UTC",
                "an answer that ben<ESC> began is not sent",
                "not confirmed: credits are agreed \\u001b[2J",
            ]
        );
    }
}
