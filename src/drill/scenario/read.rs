//! A scenario's text to a scenario, or to all that is wrong with it. Each table
//! is read by itself, so that a mistake in one does not hide those in another.

use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeTable, DeValue, Error, ValueDeserializer};

use super::{About, Company, Inject, Mark, Person, Role, Scenario, Tip, sense};
use crate::triage::rules::{Misread, Rules};

/// Bytes of a scenario that are read at most.
const MAX_SCENARIO: usize = 1 << 20;

/// The tables of a scenario as they were read, with their places.
#[derive(Debug, Default)]
pub(super) struct Tables {
    pub(super) about: Option<Spanned<About>>,
    pub(super) company: Option<Spanned<Company>>,
    pub(super) people: Vec<Spanned<Person>>,
    pub(super) roles: Vec<Spanned<Role>>,
    pub(super) injects: Vec<Spanned<Inject>>,
    pub(super) hints: Vec<Spanned<Tip>>,
    pub(super) marks: Vec<Spanned<Mark>>,
}

/// What was read and what was wrong, while a text is being read.
pub(super) struct Reader<'t> {
    pub(super) text: &'t str,
    pub(super) wrong: Vec<Misread>,
}

impl Scenario {
    /// Reads the scenario `name` from `text`.
    ///
    /// # Errors
    /// All that is wrong with it, in the order of its lines, each with the mend.
    pub fn read(name: &str, text: &str) -> Result<Self, Vec<Misread>> {
        let mut reader = Reader { text, wrong: Vec::new() };
        if text.len() > MAX_SCENARIO {
            reader.note(0..0, "the file is larger than 1 MiB; a scenario is a few pages");
            return Err(reader.wrong);
        }
        let tables = reader.tables();
        let rules = tables.company.as_ref().map_or_else(Rules::default, |company| reader.rules(company));
        sense::look(&mut reader, name, &tables);
        let Reader { mut wrong, .. } = reader;
        let (Some(about), Some(company), true) = (tables.about, tables.company, wrong.is_empty()) else {
            wrong.sort_by_key(|one| (one.line, one.column));
            return Err(wrong);
        };
        Ok(Self {
            name: name.to_owned(),
            text: text.to_owned(),
            about: about.into_inner(),
            company: company.into_inner(),
            rules,
            people: inner(tables.people),
            roles: inner(tables.roles),
            injects: inner(tables.injects),
            hints: inner(tables.hints),
            marks: inner(tables.marks),
        })
    }
}

fn inner<T>(spanned: Vec<Spanned<T>>) -> Vec<T> {
    spanned.into_iter().map(Spanned::into_inner).collect()
}

impl Reader<'_> {
    /// Something is wrong at a place.
    pub(super) fn note(&mut self, at: std::ops::Range<usize>, problem: impl AsRef<str>) {
        self.wrong.push(Misread::at(self.text, at, problem));
    }

    fn tables(&mut self) -> Tables {
        let (whole, mistakes) = DeTable::parse_recoverable(self.text);
        let text = self.text;
        self.wrong.extend(mistakes.iter().map(|error| Misread::of(text, error)));
        let mut tables = Tables::default();
        if !self.wrong.is_empty() {
            // What was recovered from a text that is no TOML would only give mistakes that follow from others.
            return tables;
        }
        for (key, value) in whole.into_inner() {
            let at = key.span();
            match key.get_ref().as_ref() {
                "drill" => tables.about = self.one(value),
                "company" => tables.company = self.one(value),
                "person" => tables.people = self.many(value),
                "role" => tables.roles = self.many(value),
                "inject" => tables.injects = self.many(value),
                "hint" => tables.hints = self.many(value),
                "mark" => tables.marks = self.many(value),
                other => self.note(
                    at,
                    format!(
                        "'{}' is no part of a scenario; the parts are [drill], [company], [[person]], [[role]], [[inject]], [[hint]] and [[mark]]",
                        crate::text::line(other)
                    ),
                ),
            }
        }
        tables
    }

    /// A table, at its place.
    fn one<T: DeserializeOwned>(&mut self, value: Spanned<DeValue<'_>>) -> Option<Spanned<T>> {
        let span = value.span();
        match T::deserialize(ValueDeserializer::from(value)) {
            Ok(read) => Some(Spanned::new(span, read)),
            Err(error) => {
                self.misread(&error, &span);
                None
            }
        }
    }

    fn many<T: DeserializeOwned>(&mut self, value: Spanned<DeValue<'_>>) -> Vec<Spanned<T>> {
        let span = value.span();
        match value.into_inner() {
            DeValue::Array(entries) => entries.into_iter().filter_map(|entry| self.one(entry)).collect(),
            _ => {
                self.note(span, "this is a list of tables; write its name in two pairs of brackets: [[...]]");
                Vec::new()
            }
        }
    }

    /// What serde says of a table: at its own place, or at the table's.
    fn misread(&mut self, error: &Error, table: &std::ops::Range<usize>) {
        let at = error.span().filter(|span| span.end > 0).unwrap_or_else(|| table.clone());
        self.note(at, error.message().trim().replace('\n', ", "));
    }

    /// The company's configuration; its mistakes are told at their lines in the scenario.
    fn rules(&mut self, company: &Spanned<Company>) -> Rules {
        let text = &company.get_ref().rules;
        let no_files =
            |_: &str| Err("a scenario names no calendar files; write the holidays down".to_owned());
        match Rules::read(text, no_files) {
            Ok(rules) => rules,
            Err(misread) => {
                let first = self
                    .text
                    .find("rules")
                    .map_or(0, |at| self.text.get(..at).unwrap_or_default().matches('\n').count());
                let line = first + misread.line + usize::from(!text.is_empty());
                self.wrong.push(Misread { line, ..misread });
                Rules::default()
            }
        }
    }
}
