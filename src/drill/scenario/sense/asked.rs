//! What is asked of the timeline: every name in it is there.

use std::ops::Range;

use super::super::OpenPgp;
use super::super::act::Inject;
use super::super::checks::{CaseIs, Check};
use super::super::read::Reader;
use super::{Names, case_of, named, person};

/// Notes what makes no sense of several checks.
pub(super) fn checks(reader: &mut Reader<'_>, at: &Range<usize>, checks: &[Check], names: &Names<'_>) {
    for one in checks {
        check(reader, at, one, names);
    }
}

/// Notes what makes no sense of a check.
pub(super) fn check(reader: &mut Reader<'_>, at: &Range<usize>, check: &Check, names: &Names<'_>) {
    match check {
        Check::Played { inject } => named(reader, at, inject, names),
        Check::Read { case } | Check::Noted { case, .. } | Check::Case(CaseIs { case, .. }) => {
            case_of(reader, at, case, names);
        }
        Check::Opened { mail } => case_of(reader, at, mail, names),
        Check::Answered { case, to, since, .. } => {
            case_of(reader, at, case, names);
            to.iter().for_each(|to| person(reader, at, to, names));
            since.iter().for_each(|since| named(reader, at, since, names));
        }
        Check::Verified { person: whose, .. } => {
            person(reader, at, whose, names);
            if names.people.get(whose.as_str()).is_some_and(|person| person.openpgp == OpenPgp::None) {
                reader.note(at.clone(), format!("'{}' has no OpenPGP key", crate::text::line(whose)));
            }
        }
        Check::Leaked { case, words } => {
            case_of(reader, at, case, names);
            if words.iter().all(|word| word.trim().is_empty()) {
                reader.note(at.clone(), "leaked: which words would give it away?");
            }
        }
        Check::Merged { case, with } => {
            case_of(reader, at, case, names);
            case_of(reader, at, with, names);
        }
        Check::Many { cases, least, .. } => {
            let start = cases.strip_suffix('*').unwrap_or(cases);
            let is_meant = |inject: &&&Inject| match inject.times {
                0 | 1 => inject.id.starts_with(start),
                _ => format!("{}-1", inject.id).starts_with(start),
            };
            let found = names.injects.values().filter(is_meant);
            let count: u32 = found.map(|inject| u32::from(inject.times)).sum();
            if count < u32::from(*least) || *least == 0 {
                reader.note(
                    at.clone(),
                    format!("'{}' means {count} cases, so least is 1 to {count}", crate::text::line(cases)),
                );
            }
        }
        Check::Any { of } if of.is_empty() => {
            reader.note(at.clone(), "any: of what? list at least one check")
        }
        Check::Any { of } => checks(reader, at, of, names),
        Check::HandedOver { since, .. } => since.iter().for_each(|since| named(reader, at, since, names)),
        Check::Renewed { .. } | Check::TakenOver | Check::Hinted => {}
    }
}
