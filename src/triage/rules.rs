//! The rules that a team works by: everything that its configuration says.
//!
//! The configuration is one TOML file (`assets/config.toml` is an example with
//! every setting). This module reads its text; it opens no file: who hands the
//! text in also hands in the calendars that it names.
//!
//! - `[terms]` - the spans of the clocks, as [`Terms`] has them:
//!   `acknowledge_hours`, `triage_hours`, `update_days`, `stalled_days` (six:
//!   P0 to P4, and without a priority), `handover_hours`, `target_percent`,
//!   `rollout_days`, `advisory_hours`. They hold under every policy that names
//!   no spans of its own.
//! - `[[policy]]` - a disclosure policy. With the `name` of one that is there
//!   it changes what it says and leaves the rest; a new one says its `days`.
//!   - `days`: from receipt to the details, or `"none"` where no limit is fixed
//!   - `after_fix_days`: from a fix in time to the details; `"none"`: a fix
//!     does not move the date
//!   - `grace_days`: more days for a fix that is nearly there, on request
//!   - `in_the_wild_days`, `in_the_wild_grace_days`: the same from when it is
//!     known to be exploited; `"none"`: exploitation sets no date
//!   - `day_off`: `"keep"`, or `"next work day"` for a date on a day off
//!   - `also` (further names), `title`, `note`, `source`: for people
//!   - `terms.…`: spans under this policy
//! - `[calendar]`
//!   - `zone`: an IANA name such as `"Europe/Berlin"`; `"UTC"` without it
//!   - `work_days`: such as `["mon", "tue", "wed", "thu", "fri"]`
//!   - `work_hours`: such as `"09:00-17:00"`
//!   - `holiday_files`: iCalendar files, relative to the configuration
//!   - `holidays`: `{ date = 2026-12-24, name = "Christmas Eve" }`, or
//!     `date = "12-24"` for every year
//!   - `absences`: `{ person = "ann", from = 2026-12-21, to = 2027-01-04 }`,
//!     the last day included
//!
//! - `[[product]]`, `[rota]`, `[regulation]`, `[checklist]`: see the module `company`
//! - `[view.NAME]` - a saved view: `query`, and a `key` that shows it
//!
//! Anything else is an error, and every error names its line and column, the
//! table and the setting, and what to write.

mod calendar;
mod company;
mod misread;
mod mistake;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use super::calendar::Calendar;
use super::case::{Case, DEFAULT_POLICY, Disclosure, Promise};
use super::event::by_policy;
use super::lane::Lane;
use super::policy::{Book, Entry, TermsEntry};
use super::regulation::Subject;
use super::terms::Terms;
use super::view::{View, ViewTable};
use super::words::fold;

pub use company::{Product, Rota, Shift};
pub use misread::Misread;

/// Everything that the configuration says about the work.
#[derive(Debug, Clone, PartialEq)]
pub struct Rules {
    /// The disclosure policies by name.
    pub book: Book,
    /// When the team works.
    pub calendar: Calendar,
    /// The spans of the clocks where a policy names none.
    pub terms: Terms,
    /// The products and who has them.
    pub products: Vec<Product>,
    /// Who is on call.
    pub rota: Option<Rota>,
    /// Duties by law.
    pub regulation: Subject,
    /// What is asked before a case is closed.
    pub checklist: Vec<String>,
    /// Saved views: those from the start and the team's own.
    pub views: Vec<View>,
}

/// The file as serde reads it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    terms: TermsEntry,
    #[serde(default)]
    policy: Vec<Entry>,
    #[serde(default)]
    calendar: calendar::Section,
    #[serde(default)]
    regulation: Subject,
    #[serde(default)]
    product: Vec<Spanned<Product>>,
    rota: Option<Spanned<company::Turns>>,
    #[serde(default)]
    checklist: company::Checklist,
    view: Option<Spanned<BTreeMap<String, ViewTable>>>,
}

impl Rules {
    /// The rules in `text`; an empty one gives those that ninety comes with.
    /// `open` gives the text of a calendar file that is named in it, or says
    /// why not.
    ///
    /// # Errors
    /// [`Misread`] names the place, what is wrong with it and what to write.
    pub fn read(text: &str, open: impl Fn(&str) -> Result<String, String>) -> Result<Self, Misread> {
        let file: File = toml::from_str(text).map_err(|error| Misread::of(text, &error))?;
        let terms = file.terms.over(&Terms::default());
        let mut book = Book::embedded(&terms)?;
        let mut said: Vec<String> = Vec::new();
        for entry in file.policy {
            let (at, name) = (entry.name.span(), fold(entry.name()));
            if said.contains(&name) {
                return Err(Misread::at(text, at, format!("the policy '{}' is there twice", entry.name())));
            }
            said.push(name);
            book.add(entry, &terms).map_err(|problem| Misread::at(text, at, problem))?;
        }
        let calendar = file.calendar.read(open).map_err(|(at, problem)| Misread::at(text, at, problem))?;
        let products = company::products(file.product).map_err(|(at, why)| Misread::at(text, at, why))?;
        let rota =
            file.rota.map(company::rota).transpose().map_err(|(at, why)| Misread::at(text, at, why))?;
        let views = match file.view {
            None => View::from_the_start(),
            Some(own) => View::with_own(own.get_ref()).map_err(|wrong| {
                let wrong: Vec<String> = wrong.iter().map(ToString::to_string).collect();
                Misread::at(text, own.span(), wrong.join("; "))
            })?,
        };
        let (regulation, checklist) = (file.regulation, file.checklist.close);
        Ok(Self { book, calendar, terms, products, rota, regulation, checklist, views })
    }

    /// What a reporter is promised about whose report nobody has decided yet.
    pub fn promise(&self) -> Promise {
        match self.book.find(DEFAULT_POLICY) {
            Ok(policy) => Promise { policy: policy.name.clone(), terms: policy.terms.clone() },
            Err(_) => Promise::default(),
        }
    }

    /// The disclosure date that a case has by its policy; the one that stands where that says nothing.
    pub fn by_policy(&self, case: &Case) -> Disclosure {
        by_policy(case, self).unwrap_or_else(|| case.disclosure.clone())
    }

    /// Who has a lane of this product.
    pub fn owner(&self, product: Option<&str>, lane: Lane) -> Option<String> {
        let product = product?;
        self.products.iter().find(|known| known.is(product))?.owners.get(&lane).cloned()
    }
}

/// A value that is wrong in itself, and where.
type Wrong = (std::ops::Range<usize>, String);

/// `problem` at the place of `value`.
fn wrong<T>(value: &Spanned<T>, problem: String) -> Wrong {
    (value.span(), problem)
}

impl Default for Rules {
    /// Those that ninety comes with.
    fn default() -> Self {
        // A test holds that the embedded policies are whole; without them there are no dates to give.
        Self::read("", |_| Err(String::new())).unwrap_or_else(|_| Self {
            book: Book::empty(),
            calendar: Calendar::default(),
            terms: Terms::default(),
            products: Vec::new(),
            rota: None,
            regulation: Subject::default(),
            checklist: Vec::new(),
            views: View::from_the_start(),
        })
    }
}
