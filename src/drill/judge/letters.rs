//! What the team wrote to others: to whom, how it was protected, what it said.

use super::Found;
use crate::drill::record::{Known, Record};
use crate::drill::scenario::{Check, Whose};
use crate::triage::message::{Direction, Encryption, Message};
use crate::triage::{Event, What};

/// An answer that was written.
struct Written<'r> {
    message: &'r Message,
    who: &'r str,
    encrypted_to: Option<&'r str>,
}

/// All answers in the case that holds what an inject brought.
fn written<'r>(record: &'r Record, case: &str) -> Vec<Written<'r>> {
    let Some(holder) = record.holder(case) else { return Vec::new() };
    let files = [record.own_case(case), Some(holder)];
    let events: Vec<&Event> = files.into_iter().flatten().flat_map(|file| &file.timeline).collect();
    let ours = holder.messages.iter().filter(|message| message.direction == Direction::Out);
    ours.filter_map(|message| {
        events.iter().find_map(|event| match &event.what {
            What::Answered { message: number, encrypted_to, .. } if *number == message.id => {
                Some(Written { message, who: &event.actor, encrypted_to: encrypted_to.as_deref() })
            }
            _ => None,
        })
    })
    .collect()
}

/// The first answer that is as it should be.
pub(super) fn answered(check: &Check, record: &Record) -> Option<Found> {
    let Check::Answered { case, to, encrypted, key, says, never, since } = check else { return None };
    let played = record.played(case)?;
    let after = match since {
        Some(since) => record.played(since)?.at,
        None => played.at,
    };
    let person = record.people.get(to.as_deref().or(played.from)?)?;
    let fits = |one: &&Written<'_>| {
        one.message.received_at >= after
            && is_to(one.message, person)
            && encrypted.is_none_or(|must| one.encrypted_to.is_some() == must)
            && key.is_none_or(|whose| {
                one.encrypted_to.is_some() && one.encrypted_to == fingerprint(person, whose)
            })
            && self::says(&own_words(one.message), says)
            && !never.iter().any(|word| one_of(&own_words(one.message), word))
    };
    let all = written(record, case);
    let first = all.iter().find(fits)?;
    let how = if first.encrypted_to.is_some() { "encrypted" } else { "in the clear" };
    Some(Found::new(first.message.received_at, first.who, format!("answered {}, {how}", person.name)))
}

fn fingerprint(person: &Known, whose: Whose) -> Option<&str> {
    match whose {
        Whose::Own => person.own.as_deref(),
        Whose::Other => person.other.as_deref(),
    }
}

fn is_to(message: &Message, person: &Known) -> bool {
    message.content.to.iter().any(|to| to.email.to_lowercase() == person.email)
}

/// The first message that gives something away: subject, text, quoted text.
pub(super) fn leaked(record: &Record, case: &str, words: &[String]) -> Option<Found> {
    let all = written(record, case);
    let mut clear = all.iter().filter(|one| one.message.content.verdict.encryption == Encryption::None);
    clear.find_map(|one| {
        let text = one.message.content.text.lines().map(|line| line.trim_start_matches(['>', ' ']));
        let said =
            std::iter::once(one.message.content.subject.as_str()).chain(text).collect::<Vec<_>>().join("\n");
        let word = words.iter().find(|word| one_of(&said, word))?;
        let how = format!("'{word}' went out in the clear");
        Some(Found::new(one.message.received_at, one.who, how))
    })
}

/// The text without what was quoted. Its subject is that of the report.
fn own_words(message: &Message) -> String {
    message.content.text.lines().filter(|line| !line.starts_with('>')).collect::<Vec<_>>().join("\n")
}

/// Whether `text` says of each entry one of the words between `|`.
pub(super) fn says(text: &str, entries: &[String]) -> bool {
    entries.iter().all(|entry| one_of(text, entry))
}

/// Whether `text` says one of the words between `|`, in any case and on however
/// many lines; `thank` is said by `thanks`, `pin` not by `keeping`.
fn one_of(text: &str, words: &str) -> bool {
    let plain = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    let text = plain(text);
    let begins = |at: usize| !text[..at].ends_with(char::is_alphanumeric);
    let is_said = |word: &str| text.match_indices(word).any(|(at, _)| begins(at));
    words.split('|').map(plain).any(|word| !word.is_empty() && is_said(&word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_word_of_each_entry_is_enough() {
        let entries = ["90 days|ninety days".to_owned(), "thank".to_owned()];
        assert!(says("Thanks! We fix it within\nninety   days.", &entries));
        assert!(!says("We fix it within ninety days.", &entries));
        assert!(!says("keeping", &["pin".to_owned()]) && says("a PIN", &["pin".to_owned()]));
        assert!(says("anything", &[]));
        assert!(!says("anything", &["|".to_owned()]));
    }
}
