//! Whether what a scenario says makes sense: every name that it uses is there,
//! nobody in it could be written to, and what counts can be reached.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::act::{Act, Inject, Mail, Protection};
use super::checks::{CaseIs, Check, Mark};
use super::read::{Reader, Tables};
use super::{OpenPgp, Person};
use crate::triage::rules::Rules;

/// The names by which the rest refers to things.
struct Names<'t> {
    people: BTreeMap<&'t str, &'t Person>,
    injects: BTreeMap<&'t str, &'t Inject>,
}

/// Notes all that makes no sense.
pub(super) fn look(reader: &mut Reader<'_>, name: &str, tables: &Tables, _rules: &Rules) {
    let names = Names {
        people: tables.people.iter().map(|one| (one.get_ref().key.as_str(), one.get_ref())).collect(),
        injects: tables.injects.iter().map(|one| (one.get_ref().id.as_str(), one.get_ref())).collect(),
    };
    head(reader, name, tables);
    people(reader, tables);
    for inject in &tables.injects {
        self::inject(reader, inject.span(), inject.get_ref(), &names, tables);
    }
    twice(reader, tables.injects.iter().map(|one| (one.span(), one.get_ref().id.as_str())), "inject");
    for hint in &tables.hints {
        checks(reader, &hint.span(), &hint.get_ref().until, &names);
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

fn inject(reader: &mut Reader<'_>, at: Range<usize>, inject: &Inject, names: &Names<'_>, tables: &Tables) {
    let id = crate::text::line(&inject.id);
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
    if inject.id.is_empty() || inject.id.len() > 40 || !inject.id.chars().all(is_plain) {
        reader.note(at.clone(), "id: letters, digits and hyphens, 40 at most");
    }
    match inject.acts().as_slice() {
        [] => reader
            .note(at.clone(), format!("'{id}' does nothing; give it a mail, note, lane, set or hand_over")),
        [_] => {}
        _ => reader.note(at.clone(), format!("'{id}' does several things; write an inject for each")),
    }
    if let Some(since) = &inject.since {
        named(reader, &at, since, names);
        if *since == inject.id {
            reader.note(at.clone(), format!("since: '{id}' cannot wait for itself"));
        }
    }
    if inject.before.is_some()
        && (inject.since.is_some() || !inject.when.is_empty() || !inject.unless.is_empty())
    {
        reader.note(
            at.clone(),
            "before: what lies before the start waits for nothing; leave since, when and unless out",
        );
    }
    if inject.times == 0 || inject.times > 500 {
        reader.note(at.clone(), "times: 1 to 500");
    }
    if inject.times > 1 && inject.mail().is_none() {
        reader.note(at.clone(), "times: only a mail comes several times");
    }
    checks(reader, &at, &inject.when, names);
    checks(reader, &at, &inject.unless, names);
    for act in inject.acts() {
        self::act(reader, &at, act, names, tables);
    }
}

fn act(reader: &mut Reader<'_>, at: &Range<usize>, act: Act<'_>, names: &Names<'_>, tables: &Tables) {
    match act {
        Act::Mail(mail) => self::mail(reader, at, mail, names),
        Act::Note(note) => named(reader, at, &note.case, names),
        Act::Lane(lane) => named(reader, at, &lane.case, names),
        Act::Set(set) => named(reader, at, &set.case, names),
        Act::HandOver(over) => {
            if tables.about.as_ref().is_some_and(|about| about.get_ref().me == over.by) {
                reader.note(at.clone(), "hand_over: nobody hands over to themselves; 'by' is a colleague");
            }
        }
    }
}

fn mail(reader: &mut Reader<'_>, at: &Range<usize>, mail: &Mail, names: &Names<'_>) {
    if mail.from.is_empty() {
        reader.note(at.clone(), "from: whose mail is it?");
    }
    for from in &mail.from {
        person(reader, at, from, names);
        let keyless = names.people.get(from.as_str()).is_some_and(|person| person.openpgp == OpenPgp::None);
        if keyless && (mail.protection.is_signed() || mail.encloses.is_some()) {
            let from = crate::text::line(from);
            reader.note(at.clone(), format!("'{from}' has no OpenPGP key to sign with or to enclose; give them one with openpgp = \"unseen\""));
        }
    }
    match &mail.re {
        Some(re) => {
            named(reader, at, re, names);
            if names.injects.get(re.as_str()).is_some_and(|inject| inject.mail().is_none()) {
                reader.note(at.clone(), format!("re: '{}' is no mail", crate::text::line(re)));
            }
        }
        None if mail.subject.trim().is_empty() && mail.variants.is_empty() => {
            reader.note(at.clone(), "a mail has a subject, or says with re = which one it answers");
        }
        None => {}
    }
    if mail.text.trim().is_empty() && mail.variants.is_empty() {
        reader.note(at.clone(), "the mail says nothing; give it a text");
    }
    if mail.altered == super::Altered::Text && mail.protection != Protection::Signed {
        reader.note(
            at.clone(),
            "altered: only what is signed and not encrypted can be altered unseen; protection = \"signed\"",
        );
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

fn checks(reader: &mut Reader<'_>, at: &Range<usize>, checks: &[Check], names: &Names<'_>) {
    for one in checks {
        check(reader, at, one, names);
    }
}

fn check(reader: &mut Reader<'_>, at: &Range<usize>, check: &Check, names: &Names<'_>) {
    match check {
        Check::Played { inject } => named(reader, at, inject, names),
        Check::Read { case } | Check::Noted { case, .. } => named(reader, at, case, names),
        Check::Case(CaseIs { case, .. }) => {
            named(reader, at, case, names);
        }
        Check::Opened { mail } => named(reader, at, mail, names),
        Check::Answered { case, to, since, .. } => {
            named(reader, at, case, names);
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
            named(reader, at, case, names);
            if words.iter().all(|word| word.trim().is_empty()) {
                reader.note(at.clone(), "leaked: which words would give it away?");
            }
        }
        Check::Merged { case, with } => {
            named(reader, at, case, names);
            named(reader, at, with, names);
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
        Check::Renewed { .. } | Check::HandedOver { .. } | Check::TakenOver | Check::Hinted => {}
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
