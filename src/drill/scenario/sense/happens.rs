//! What happens: every inject does one thing, at a time that can come.

use std::ops::Range;

use super::super::OpenPgp;
use super::super::act::{Act, Altered, Inject, Mail, Protection, Whose};
use super::super::read::{Reader, Tables};
use super::asked::checks;
use super::{Names, case_of, named, person};

/// Notes what makes no sense of all injects.
pub(super) fn injects(reader: &mut Reader<'_>, tables: &Tables, names: &Names<'_>) {
    for inject in &tables.injects {
        self::inject(reader, inject.span(), inject.get_ref(), names, tables);
        if waits_for_itself(inject.get_ref(), names) {
            let id = crate::text::line(&inject.get_ref().id);
            reader.note(
                inject.span(),
                format!("since: '{id}' waits for what waits for it; nothing of that ever happens"),
            );
        }
    }
}

/// Whether an inject comes round to itself by what it comes after.
fn waits_for_itself(inject: &Inject, names: &Names<'_>) -> bool {
    let mut at = inject;
    for _ in 0..=names.injects.len() {
        let Some(next) = at.since.as_deref().and_then(|since| names.injects.get(since)) else { return false };
        if next.id == inject.id {
            return true;
        }
        at = next;
    }
    false
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
        Act::Note(note) => case_of(reader, at, &note.case, names),
        Act::Lane(lane) => case_of(reader, at, &lane.case, names),
        Act::Set(set) => case_of(reader, at, &set.case, names),
        Act::HandOver(_) => {}
    }
    let by = match act {
        Act::Note(remark) | Act::HandOver(remark) => &remark.by,
        Act::Lane(lane) => &lane.by,
        Act::Set(set) => &set.by,
        Act::Mail(_) => return,
    };
    let is_me = tables.about.as_ref().is_some_and(|about| about.get_ref().me.eq_ignore_ascii_case(by));
    if is_me || by.trim().is_empty() {
        reader.note(at.clone(), "by: a colleague; what the player does is the player's");
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
    let is_expired =
        |from: &&String| names.people.get(from.as_str()).is_some_and(|one| one.openpgp == OpenPgp::Expired);
    if mail.protection.is_signed()
        && mail.signer == Whose::Own
        && mail.from.iter().any(|from| is_expired(&from))
    {
        reader.note(at.clone(), "protection: nothing can be signed with a key that has expired");
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
    if mail.altered == Altered::Text && mail.protection != Protection::Signed {
        reader.note(
            at.clone(),
            "altered: only what is signed and not encrypted can be altered unseen; protection = \"signed\"",
        );
    }
}
