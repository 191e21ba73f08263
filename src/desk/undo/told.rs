//! What an undo or a redo did, in the words of whoever decided it.

use std::collections::BTreeSet;

use crate::desk::decide::locally;
use crate::text;
use crate::triage::event::Standing;
use crate::triage::{Change, What};

/// Entries of one case that are spelled out; of more only the fields are named.
const MAX_SPELLED: usize = 2;

/// Entries that were written, gathered for one line.
#[derive(Debug, Default)]
pub(super) struct Told {
    cases: BTreeSet<String>,
    /// What follows from another entry alone is not among them.
    entries: Vec<What>,
}

impl Told {
    /// One more entry, of the case with this identifier.
    pub(super) fn add(&mut self, id: &str, what: What) {
        self.cases.insert(text::line(id));
        if !what.is_derived() {
            self.entries.push(what);
        }
    }

    /// `undone: SEC-2026-0042 priority P2 -> P1`, `undone on 9 cases: state, resolution`. Safe text.
    pub(super) fn done(&self, verb: &str, answered: bool) -> String {
        let what = self.what();
        let told = match (self.only_case(), self.cases.len()) {
            (_, 0) if answered => return format!("{verb}: nothing; an answer that was written stays"),
            (_, 0) => return format!("{verb}: nothing; there was nothing left to change"),
            (Some(id), _) => format!("{verb}: {id} {what}"),
            (None, count) => format!("{verb} on {count} cases: {what}"),
        };
        if answered { format!("{told}; the answer stays") } else { told }
    }

    /// `SEC-2026-0042: priority P2 -> P1`, `9 cases: state, resolution`. Safe text.
    pub(super) fn asked(&self, answered: bool) -> String {
        let what = self.what();
        let told = match (self.only_case(), self.cases.len()) {
            (_, 0) if answered => return "a case: nothing but the clocks; the answer stays".to_owned(),
            (_, 0) => return "cases that are closed to you by now".to_owned(),
            (Some(id), _) => format!("{id}: {what}"),
            (None, count) => format!("{count} cases: {what}"),
        };
        if answered { format!("{told}; the answer stays") } else { told }
    }

    fn only_case(&self) -> Option<&str> {
        self.cases.first().filter(|_| self.cases.len() == 1).map(String::as_str)
    }

    /// What changed: spelled out where it is little, else the fields.
    fn what(&self) -> String {
        let mut spelled: Vec<String> = Vec::new();
        let mut fields: Vec<String> = Vec::new();
        for what in &self.entries {
            let text = text::line(&what.text(&locally));
            if spelled.len() <= MAX_SPELLED && !spelled.contains(&text) {
                spelled.push(text);
            }
            for field in fields_of(what) {
                if !fields.contains(&field) {
                    fields.push(field);
                }
            }
        }
        let room = if self.cases.len() == 1 { MAX_SPELLED } else { 1 };
        match spelled.len() {
            0 => "the clocks".to_owned(),
            some if some <= room => spelled.join(", "),
            _ => fields.join(", "),
        }
    }
}

/// The fields that an entry is about, as people call them.
fn fields_of(what: &What) -> Vec<String> {
    match what {
        What::Changed { before: Change::Standing(before), after: Change::Standing(after) } => {
            standing(before, after)
        }
        What::Changed { after, .. } => vec![after.about()],
        What::Noted { .. } | What::NoteWithdrawn { .. } => vec!["note".to_owned()],
        What::Moved { .. } => vec!["messages".to_owned()],
        other => vec![text::line(other.kind())],
    }
}

fn standing(before: &Standing, after: &Standing) -> Vec<String> {
    let changed = [
        (before.state != after.state, "state"),
        (before.resolution != after.resolution, "resolution"),
        (before.acknowledged_at != after.acknowledged_at && before.state == after.state, "first answer"),
    ];
    changed.into_iter().filter(|(is, _)| *is).map(|(_, field)| field.to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::triage::event::Standing;
    use crate::triage::{Milestone, Priority, Resolution, State};

    fn priority(from: u8, to: u8) -> What {
        let change = |level| Change::Priority(Priority::new(level));
        What::Changed { before: change(from), after: change(to) }
    }

    fn heard() -> What {
        let change = |at| Change::Reached { milestone: Milestone::Heard, at };
        What::Changed { before: change(Some(chrono::DateTime::UNIX_EPOCH)), after: change(None) }
    }

    fn reopened() -> What {
        let standing =
            |state, resolution| Change::Standing(Standing { state, resolution, acknowledged_at: None });
        What::Changed {
            before: standing(State::Closed, Some(Resolution::Spam)),
            after: standing(State::New, None),
        }
    }

    fn told(entries: &[(&str, What)]) -> Told {
        let mut told = Told::default();
        entries.iter().for_each(|(id, what)| told.add(id, what.clone()));
        told
    }

    #[test]
    fn one_case_is_named_and_what_changed_spelled_out() {
        let one = told(&[("SEC-2026-0042", heard()), ("SEC-2026-0042", priority(2, 1))]);
        assert_eq!(one.done("undone", false), "undone: SEC-2026-0042 priority P2 -> P1");
        assert_eq!(one.asked(false), "SEC-2026-0042: priority P2 -> P1");
    }

    #[test]
    fn of_several_cases_the_fields_are_named_each_once() {
        let many = [("A", reopened()), ("A", priority(2, 1)), ("B", reopened()), ("B", heard())];
        let many = told(&many);
        assert_eq!(many.done("undone", false), "undone on 2 cases: state, resolution, priority");
        let alike = told(&[("A", priority(2, 1)), ("B", priority(2, 1))]);
        assert_eq!(alike.done("done again", false), "done again on 2 cases: priority P2 -> P1");
    }

    #[test]
    fn what_follows_from_an_answer_is_no_jargon() {
        let only = told(&[("A", heard())]);
        assert_eq!(only.done("undone", true), "undone: A the clocks; the answer stays");
        let nothing = told(&[]);
        assert_eq!(nothing.done("undone", true), "undone: nothing; an answer that was written stays");
    }
}
