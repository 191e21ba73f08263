//! What was expected and what is so instead, in words for the report.

use super::case;
use crate::drill::record::Record;
use crate::drill::scenario::{CaseIs, Check, Wanted, Whose};

/// What `check` asks for. May hold foreign text.
pub(in crate::drill) fn expected(check: &Check, record: &Record) -> String {
    let name = |key: &str| record.people.get(key).map_or_else(|| key.to_owned(), |known| known.name.clone());
    let alternatives = |words: &[String]| {
        let one = |entry: &String| {
            entry.split('|').map(|word| format!("'{}'", word.trim())).collect::<Vec<_>>().join(" or ")
        };
        words.iter().map(one).collect::<Vec<_>>().join(", and ")
    };
    match check {
        Check::Played { inject } => format!("'{inject}' happened"),
        Check::Read { case } => format!("'{case}' was read"),
        Check::Opened { mail } => format!("'{mail}' was decrypted and read"),
        Check::Answered { case, to, encrypted, key, says, never, .. } => {
            let sender = || record.played(case).and_then(|played| played.from);
            let whom = to.as_deref().or_else(sender).map_or_else(|| format!("who wrote '{case}'"), name);
            let mut said = format!("an answer to {whom}");
            match (encrypted, key) {
                (_, Some(Whose::Own)) => said.push_str(", encrypted to their own key"),
                (_, Some(Whose::Other)) => said.push_str(", encrypted to the other key"),
                (Some(true), None) => said.push_str(", encrypted"),
                (Some(false), None) => said.push_str(", in the clear"),
                (None, None) => {}
            }
            if !says.is_empty() {
                said.push_str(&format!(", that says {}", alternatives(says)));
            }
            if !never.is_empty() {
                said.push_str(&format!(", that does not say {}", alternatives(never)));
            }
            said
        }
        Check::Noted { case, says } if says.is_empty() => format!("a note on '{case}'"),
        Check::Noted { case, says } => format!("a note on '{case}' that says {}", alternatives(says)),
        Check::Verified { person, key: Whose::Own } => {
            format!("the key of {} compared and verified", name(person))
        }
        Check::Verified { person, key: Whose::Other } => {
            format!("a key verified that bears the address of {} and is not theirs", name(person))
        }
        Check::Renewed { lasts } => format!("a key of the team that lasts {lasts} longer than the drill"),
        Check::HandedOver { to, says, .. } => {
            let whom = to.as_ref().map_or_else(String::new, |to| format!(" to {to}"));
            let said = if says.is_empty() {
                String::new()
            } else {
                format!(", with a note that says {}", alternatives(says))
            };
            format!("the shift handed over{whom}{said}")
        }
        Check::TakenOver => "the hand-over accepted".to_owned(),
        Check::Hinted => "a hint asked for".to_owned(),
        Check::Leaked { case, .. } => format!("something of '{case}' written in the clear"),
        Check::Merged { case, with } => format!("'{case}' and '{with}' in one case"),
        Check::Any { of } => of.iter().map(|one| expected(one, record)).collect::<Vec<_>>().join(", or "),
        Check::Case(CaseIs { case, has }) => format!("'{case}': {}", wanted(has)),
        Check::Many { cases, least, has } => format!("{least} of '{cases}' at least: {}", wanted(has)),
    }
}

/// What is so instead of what `check` asks for. May hold foreign text.
pub(in crate::drill) fn otherwise(check: &Check, record: &Record) -> String {
    let missing = |inject: &str| record.played(inject).is_none().then(|| format!("'{inject}' never came"));
    match check {
        Check::Case(CaseIs { case, has }) => match record.holder(case) {
            Some(holder) => format!("{}: {}", holder.case.id, case::values(&holder.case, has).join(", ")),
            None => missing(case).unwrap_or_default(),
        },
        Check::Many { cases, has, .. } => format!("{} cases are so", case::count(record, cases, has)),
        Check::Answered { case, .. } | Check::Noted { case, .. } | Check::Read { case } => {
            missing(case).unwrap_or_else(|| "it did not happen".to_owned())
        }
        Check::Opened { mail } => missing(mail).unwrap_or_else(|| "it was not".to_owned()),
        Check::Merged { .. } => "they are two cases".to_owned(),
        _ => "it did not happen".to_owned(),
    }
}

/// What a case should be like.
fn wanted(has: &Wanted) -> String {
    fn list<T: ToString>(values: &[T]) -> String {
        values.iter().map(ToString::to_string).collect::<Vec<_>>().join(" or ")
    }
    let mut said: Vec<String> = Vec::new();
    let mut add = |is: bool, words: String| {
        if is {
            said.push(words);
        }
    };
    let yes = |is: Option<bool>, yes: &str, no: &str| if is == Some(true) { yes } else { no }.to_owned();
    add(!has.state.is_empty(), list(&has.state));
    add(!has.resolution.is_empty(), list(&has.resolution));
    add(!has.priority.is_empty(), list(&has.priority));
    add(has.prioritised.is_some(), yes(has.prioritised, "a priority", "no priority"));
    add(has.acknowledged.is_some(), yes(has.acknowledged, "acknowledged", "not acknowledged"));
    add(has.assignee.is_some(), format!("assigned to {}", has.assignee.clone().unwrap_or_default()));
    add(has.product.is_some(), format!("in {}", has.product.clone().unwrap_or_default()));
    add(has.component.is_some(), format!("in {}", has.component.clone().unwrap_or_default()));
    add(!has.found_in.is_empty(), format!("found in {}", list(&has.found_in)));
    add(has.exploited.is_some(), yes(has.exploited, "marked as exploited", "not exploited"));
    add(!has.weakness.is_empty(), list(&has.weakness));
    add(!has.ssvc.is_empty(), format!("SSVC {}", list(&has.ssvc)));
    add(has.cvss.is_some(), yes(has.cvss, "CVSS scored", "no CVSS"));
    add(has.affected.is_some(), yes(has.affected, "affected versions said", "affected versions not said"));
    add(has.fixed_in.is_some(), yes(has.fixed_in, "fixed version said", "fixed version not said"));
    add(has.workaround.is_some(), yes(has.workaround, "workaround said", "no workaround"));
    add(has.tag.is_some(), format!("tagged {}", has.tag.clone().unwrap_or_default()));
    add(has.restricted.is_some(), yes(has.restricted, "restricted", "open to the whole team"));
    add(has.waiting.is_some(), yes(has.waiting, "waits for the reporter", "does not wait for the reporter"));
    add(
        has.variants.is_some(),
        yes(has.variants, "the hunt for variants done or waived", "no hunt for variants"),
    );
    add(has.noise.is_some(), yes(has.noise, "noise", "not noise"));
    if let Some(at) = has.disclosure {
        add(true, format!("disclosure {}", case::told(at)));
    }
    if let Some(at) = has.disclosure_by {
        add(true, format!("disclosure {} or before", case::told(at)));
    }
    if let Some(after) = has.disclosure_after {
        add(true, format!("disclosure {after} after receipt"));
    }
    if let Some(lane) = has.lane {
        add(true, format!("{lane} {}", has.stage.map_or("asked", |stage| stage.word())));
    }
    if let Some(milestone) = has.milestone {
        add(true, milestone.to_string());
    }
    if let Some(step) = has.filed {
        add(true, format!("{step} filed"));
    }
    said.join(", ")
}
