//! Which certificate an answer is encrypted to: the one that a person compared,
//! then the only one, then the one that the reporter signed with last; never
//! one that came by mail while another was in use.

use chrono::{DateTime, Utc};

use super::short;
use crate::desk::{Desk, Result};
use crate::pgp::{cert, fitness};
use crate::text;
use crate::triage::message::{Direction, Message, SignatureStatus};
use crate::triage::{Answer, Person, ReporterKey, Trust};

/// A certificate that bears the address to be written to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient {
    /// Upper-case hexadecimal.
    pub fingerprint: String,
    /// What it is taken for with the address; `None` where nobody ever used it with it.
    pub trust: Option<Trust>,
    /// Why nothing can be encrypted to it now.
    pub problem: Option<String>,
    /// In words.
    pub algorithm: String,
    /// When it expires.
    pub expires: Option<DateTime<Utc>>,
    /// The certificate.
    pub cert: Vec<u8>,
}

impl Desk {
    /// Every certificate that bears `address`.
    pub(in crate::desk) fn recipients(&self, address: &str) -> Result<Vec<Recipient>> {
        let mut all = Vec::new();
        for bytes in self.store.certs_for(address)? {
            let Ok(read) = cert::read(&bytes, self.now()) else { continue };
            for found in read.found {
                let problem = fitness::can_encrypt_to(&found.public, address, self.now()).err();
                all.push(Recipient {
                    trust: self.store.standing(address, &found.fingerprint)?.map(|standing| standing.trust),
                    problem: problem.map(|why| why.to_string()),
                    algorithm: found.algorithm,
                    expires: found.expires,
                    fingerprint: found.fingerprint,
                    cert: found.public,
                });
            }
        }
        Ok(all)
    }

    /// Every certificate that bears the reporter's address, with what is thought of it.
    pub(in crate::desk) fn keys_of(&self, address: &str) -> Result<Vec<ReporterKey>> {
        let mut keys = Vec::new();
        for known in self.recipients(address)? {
            let sightings = self.store.sightings(&known.fingerprint)?;
            let with = sightings.iter().filter(|seen| seen.address == address.to_lowercase());
            keys.push(ReporterKey {
                standing: self.store.standing(address, &known.fingerprint)?,
                seen: with.map(|seen| seen.times).sum(),
                fingerprint: known.fingerprint,
                algorithm: known.algorithm,
                expires: known.expires,
                problem: known.problem,
            });
        }
        Ok(keys)
    }

    /// Whether the reporter of `case` can be answered encrypted, and if not, why.
    pub(in crate::desk) fn answer_to(&self, person: &Person, messages: &[Message]) -> Result<Answer> {
        let address = &person.email;
        let known = self.recipients(address)?;
        Ok(match choose(&known, address, last_signer(messages, address)) {
            Ok(chosen) => Answer::Encrypted { fingerprint: chosen.fingerprint.clone() },
            Err(why) => Answer::NotPossible(why),
        })
    }
}

/// The key that signed the latest mail from `address`.
pub(in crate::desk) fn last_signer<'a>(messages: &'a [Message], address: &str) -> Option<&'a str> {
    let mut theirs = messages.iter().rev().filter(|message| {
        message.direction == Direction::In && message.content.from.email.eq_ignore_ascii_case(address)
    });
    theirs.find_map(|message| {
        let signature = &message.content.verdict.signature;
        let is_theirs = matches!(signature.status, SignatureStatus::Verified | SignatureStatus::FirstUse);
        signature.fingerprint.as_deref().filter(|_| is_theirs)
    })
}

/// The certificate to encrypt to, or why there is none, with the mend.
pub(in crate::desk) fn choose<'a>(
    known: &'a [Recipient],
    address: &str,
    last_signer: Option<&str>,
) -> std::result::Result<&'a Recipient, String> {
    if address.is_empty() {
        return Err("the report names no address to answer to".to_owned());
    }
    let usable = |wanted: fn(Trust) -> bool| {
        known
            .iter()
            .filter(move |one| one.problem.is_none() && one.trust.is_some_and(wanted))
            .collect::<Vec<_>>()
    };
    let verified = usable(|trust| trust == Trust::Verified);
    let others = usable(|trust| trust.is_accepted());
    let changed = usable(|trust| trust == Trust::Candidate);
    if verified.is_empty() && !changed.is_empty() {
        return Err(shout(&changed, &others, address));
    }
    let suitable = if verified.is_empty() { others } else { verified };
    match &suitable[..] {
        [only] => Ok(only),
        [] => Err(nothing(known, address)),
        several => {
            let signed = several.iter().find(|one| Some(one.fingerprint.as_str()) == last_signer);
            signed.copied().ok_or_else(|| {
                format!(
                    "{} certificates claim {} ({}); compare fingerprints with the reporter, then 'ninety key verify FINGERPRINT'",
                    several.len(),
                    text::line(address),
                    names(several)
                )
            })
        }
    }
}

/// Another key than before: it may be the reporter's new one, or somebody else's.
fn shout(changed: &[&Recipient], before: &[&Recipient], address: &str) -> String {
    let known = if before.is_empty() {
        "no key that can still be used is known for it".to_owned()
    } else {
        format!("until now it was {}", names(before))
    };
    format!(
        "CHANGED KEY: {} came by mail for {}, {known}; ask the reporter over another way, then 'ninety key verify' the right one or 'ninety key retire' the wrong one",
        names(changed),
        text::line(address)
    )
}

fn nothing(known: &[Recipient], address: &str) -> String {
    let problems = known.iter().filter_map(|one| {
        let retired = || "the key was retired here; verify it again or ask for a new one".to_owned();
        let why = match one.trust {
            Some(Trust::Retired) => Some(retired()),
            Some(_) => one.problem.clone(),
            None => Some("nobody has compared it; 'ninety key verify' it first".to_owned()),
        };
        why.map(|why| format!("{}: {why}", short(&one.fingerprint)))
    });
    let problems: Vec<String> = problems.collect();
    if problems.is_empty() {
        format!(
            "no certificate for {} is known; ask for it and take it in with 'ninety key import FILE'",
            text::line(address)
        )
    } else {
        problems.join("; ")
    }
}

fn names(recipients: &[&Recipient]) -> String {
    recipients.iter().map(|one| short(&one.fingerprint)).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(fingerprint: &str, trust: Trust, problem: Option<&str>) -> Recipient {
        let problem = problem.map(str::to_owned);
        let (fingerprint, trust) = (fingerprint.to_owned(), Some(trust));
        Recipient { fingerprint, trust, problem, algorithm: String::new(), expires: None, cert: Vec::new() }
    }

    fn chosen(known: &[Recipient], signer: Option<&str>) -> std::result::Result<String, String> {
        choose(known, "mara@lindt.example", signer).map(|one| one.fingerprint.clone())
    }

    #[test]
    fn the_only_one_is_taken_and_a_compared_one_before_all_others() {
        assert_eq!(chosen(&[one("AA", Trust::FirstUse, None)], None).unwrap(), "AA");
        let known = [one("AA", Trust::Imported, None), one("BB", Trust::Verified, None)];
        assert_eq!(chosen(&known, Some("AA")).unwrap(), "BB");
        let shadowed = [one("BB", Trust::Verified, None), one("CC", Trust::Candidate, None)];
        assert_eq!(chosen(&shadowed, None).unwrap(), "BB");
    }

    #[test]
    fn of_several_the_one_that_signed_last_or_none() {
        let known = [one("AA", Trust::Imported, None), one("BB", Trust::FirstUse, None)];
        assert_eq!(chosen(&known, Some("BB")).unwrap(), "BB");
        assert!(chosen(&known, None).unwrap_err().contains("2 certificates claim"));
    }

    #[test]
    fn a_changed_key_is_shouted_and_never_taken() {
        let known = [one("AA", Trust::FirstUse, None), one("BB", Trust::Candidate, None)];
        let why = chosen(&known, Some("BB")).unwrap_err();
        assert!(why.starts_with("CHANGED KEY: BB came by mail") && why.contains("until now it was AA"));
        assert!(chosen(&[one("BB", Trust::Candidate, None)], None).is_err());
    }

    #[test]
    fn what_cannot_be_used_says_why() {
        let expired = one("AA", Trust::Verified, Some("the key is expired on 2024-01-01"));
        assert!(chosen(&[expired], None).unwrap_err().contains("AA: the key is expired"));
        assert!(chosen(&[one("AA", Trust::Retired, None)], None).unwrap_err().contains("retired"));
        assert!(chosen(&[], None).unwrap_err().contains("ninety key import"));
        assert!(choose(&[], "", None).is_err());
    }
}
