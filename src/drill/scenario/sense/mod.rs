//! Whether what a scenario says makes sense: every name that it uses is there,
//! nobody in it could be written to, and what counts can be reached.

mod asked;
mod happens;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::Person;
use super::act::Inject;
use super::checks::Mark;
use super::read::{Reader, Tables};
use asked::{check, checks};

/// Characters of a hint that three rows of 80 columns hold, whatever its words.
const MAX_HINT: usize = 215;

/// The names by which the rest refers to things.
struct Names<'t> {
    people: BTreeMap<&'t str, &'t Person>,
    injects: BTreeMap<&'t str, &'t Inject>,
}

/// Notes all that makes no sense.
pub(super) fn look(reader: &mut Reader<'_>, name: &str, tables: &Tables) {
    let names = Names {
        people: tables.people.iter().map(|one| (one.get_ref().key.as_str(), one.get_ref())).collect(),
        injects: tables.injects.iter().map(|one| (one.get_ref().id.as_str(), one.get_ref())).collect(),
    };
    head(reader, name, tables);
    people(reader, tables);
    happens::injects(reader, tables, &names);
    twice(reader, tables.injects.iter().map(|one| (one.span(), one.get_ref().id.as_str())), "inject");
    for hint in &tables.hints {
        let (at, hint) = (hint.span(), hint.get_ref());
        let shown: String = hint.text.split_whitespace().collect::<Vec<_>>().join(" ");
        let is_tour = tables.about.as_ref().is_some_and(|about| about.get_ref().tour);
        if shown.is_empty() {
            reader.note(at.clone(), "text: say what to do");
        }
        if is_tour && shown.chars().count() > MAX_HINT {
            reader.note(at.clone(), format!("text: the three rows of a tour hold {MAX_HINT} characters"));
        }
        checks(reader, &at, &hint.until, &names);
    }
    for mark in &tables.marks {
        self::mark(reader, mark.span(), mark.get_ref(), &names);
    }
}

fn head(reader: &mut Reader<'_>, name: &str, tables: &Tables) {
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if name.is_empty() || name.len() > 40 || !name.chars().all(is_plain) {
        reader.note(0..0, "a scenario is named by its file: small letters, digits and hyphens, 40 at most, such as first-report.toml");
    }
    let complete = reader.wrong.is_empty();
    if tables.about.is_none() && complete {
        reader.note(0..0, "there is no [drill]; 'ninety drill new' writes a scenario to begin with");
    }
    if tables.company.is_none() && complete {
        reader.note(0..0, "there is no [company]: whose mail is it?");
    }
    if let Some(about) = &tables.about {
        let (at, about) = (about.span(), about.get_ref());
        if about.day.0 < chrono::TimeDelta::seconds(1) {
            reader.note(at.clone(), "day: a day takes one second at least");
        }
        if about.lasts.0 < chrono::TimeDelta::minutes(1) {
            reader.note(at.clone(), "lasts: a drill lasts a minute at least");
        }
        if !(1..=240).contains(&about.minutes) {
            reader.note(at.clone(), "minutes: how long a person takes, 1 to 240");
        }
        for (field, text) in [
            ("title", &about.title),
            ("teaches", &about.teaches),
            ("me", &about.me),
            ("briefing", &about.briefing),
        ] {
            if text.trim().is_empty() {
                reader.note(at.clone(), format!("{field}: say something"));
            }
        }
    }
    if let Some(company) = &tables.company {
        let (at, company) = (company.span(), company.get_ref());
        address(reader, at.clone(), "address", &company.address);
        if company.passphrase.as_ref().is_some_and(String::is_empty) {
            reader.note(at.clone(), "passphrase: an empty one locks nothing; leave it out");
        }
        if let Some(ends) = &company.key_ends
            && let Err(why) = crate::drill::cast::signed_span(ends)
        {
            reader.note(at, format!("key_ends: {why}"));
        }
    }
    if complete && tables.marks.iter().map(|mark| mark.get_ref().points).sum::<u32>() == 0 {
        reader.note(0..0, "nothing counts: write at least one [[mark]] with points");
    }
}

/// Nothing of a drill can be delivered: the names are reserved by RFC 2606 and RFC 6761.
fn address(reader: &mut Reader<'_>, at: Range<usize>, field: &str, address: &str) {
    let lower = address.to_lowercase();
    let domain = lower.rsplit_once('@').map_or("", |(_, domain)| domain);
    let top = domain.rsplit('.').next().unwrap_or_default();
    let reserved = ["example.com", "example.org", "example.net"];
    let is_reserved = matches!(top, "example" | "test" | "invalid")
        || reserved.iter().any(|one| domain == *one || domain.ends_with(&format!(".{one}")));
    if !is_reserved || lower.starts_with('@') || lower.contains(char::is_whitespace) {
        let given = crate::text::line(address);
        reader.note(
            at,
            format!("{field}: '{given}' could be somebody's; take an address under .example, .test, .invalid, example.com, example.org or example.net"),
        );
    }
}

fn people(reader: &mut Reader<'_>, tables: &Tables) {
    twice(reader, tables.people.iter().map(|one| (one.span(), one.get_ref().key.as_str())), "person");
    for person in &tables.people {
        let (at, person) = (person.span(), person.get_ref());
        address(reader, at.clone(), "email", &person.email);
        if person.key.trim().is_empty() || person.name.trim().is_empty() {
            reader.note(at, "a person has a key, by which the rest names them, and a name");
        }
    }
    twice(reader, tables.roles.iter().map(|one| (one.span(), one.get_ref().name.as_str())), "role");
}

fn twice<'t>(reader: &mut Reader<'_>, names: impl Iterator<Item = (Range<usize>, &'t str)>, what: &str) {
    let mut seen = BTreeSet::new();
    for (at, name) in names {
        if !seen.insert(name) {
            reader.note(at, format!("the {what} '{}' is there twice", crate::text::line(name)));
        }
    }
}

fn mark(reader: &mut Reader<'_>, at: Range<usize>, mark: &Mark, names: &Names<'_>) {
    if mark.points == 0 || mark.points > 100 {
        reader.note(at.clone(), "points: 1 to 100");
    }
    for (field, text) in [("what", &mark.what), ("practise", &mark.practise)] {
        if text.trim().is_empty() {
            reader.note(at.clone(), format!("{field}: say something"));
        }
    }
    if mark.never && mark.given.is_none() {
        reader.note(at.clone(), "never: whoever does nothing would get these points; say with given = {...} what must have been done");
    }
    if mark.never && (mark.within.is_some() || mark.late.is_some() || mark.before.is_some()) {
        reader.note(at.clone(), "never: leave within, late and before out");
    }
    if mark.late.is_some() && (mark.within.is_none() || mark.late <= mark.within) {
        reader.note(at.clone(), "late: half of the points are given until then, so it is longer than within");
    }
    if let Some(since) = &mark.since {
        named(reader, &at, since, names);
    }
    for check in std::iter::once(&mark.check).chain(&mark.given).chain(&mark.before) {
        self::check(reader, &at, check, names);
    }
}

fn named(reader: &mut Reader<'_>, at: &Range<usize>, id: &str, names: &Names<'_>) {
    let is_copy = || {
        id.rsplit_once('-').is_some_and(|(stem, number)| {
            let number: Option<u16> = number.parse().ok();
            names.injects.get(stem).is_some_and(|inject| {
                inject.times > 1 && number.is_some_and(|number| (1..=inject.times).contains(&number))
            })
        })
    };
    let is_there = names.injects.get(id).is_some_and(|inject| inject.times == 1);
    if !is_there && !is_copy() {
        let known: Vec<&str> = names.injects.keys().copied().collect();
        reader.note(
            at.clone(),
            format!(
                "there is no inject '{}'; there are {}",
                crate::text::line(id),
                crate::text::line(&known.join(", "))
            ),
        );
    }
}

fn person(reader: &mut Reader<'_>, at: &Range<usize>, key: &str, names: &Names<'_>) {
    if !names.people.contains_key(key) {
        let known: Vec<&str> = names.people.keys().copied().collect();
        reader.note(
            at.clone(),
            format!(
                "there is no person '{}'; there are {}",
                crate::text::line(key),
                crate::text::line(&known.join(", "))
            ),
        );
    }
}

/// A name that stands for a case: that of an inject that brings a mail.
fn case_of(reader: &mut Reader<'_>, at: &Range<usize>, id: &str, names: &Names<'_>) {
    named(reader, at, id, names);
    if names.injects.get(id).is_some_and(|inject| inject.mail().is_none()) {
        reader.note(at.clone(), format!("'{}' is no mail, so there is no case of it", crate::text::line(id)));
    }
}
