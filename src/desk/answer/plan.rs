//! How an answer will travel: to whom, under which subject, encrypted to which
//! key and signed by which; or why not, with the mend.

use super::draft::subject_of;
use super::{between, latest_in};
use crate::desk::keys::{Recipient, choose, last_signer};
use crate::desk::{Desk, Error, KeyListing, Result};
use crate::text;
use crate::triage::mark;
use crate::triage::message::{Direction, Encryption, Message};
use crate::triage::{Case, CaseKey, Person, Trust};

/// How somebody wants to answer; what is left open is chosen.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Wish {
    /// The certificate to encrypt to: a fingerprint or a key ID.
    pub key: Option<String>,
    /// In the clear, though nobody should.
    pub in_the_clear: bool,
    /// Asks the reporter for a certificate, in the clear, and says nothing else.
    pub asks_for_key: bool,
    /// The team key that signs: a fingerprint, a key ID, or words that fit one.
    pub signer: Option<String>,
    /// Whether our certificate goes with it; by itself with the first answer.
    pub encloses_key: Option<bool>,
    /// Which of the reporters of the case; the first, where nobody is named.
    pub to: Option<String>,
}

/// What protects an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Protection {
    /// Signed and encrypted to this certificate and to ourselves.
    Encrypted(Recipient),
    /// Nothing but a signature, where there is a key to sign with.
    Clear,
}

/// How an answer will travel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The case.
    pub case: CaseKey,
    /// Its identifier.
    pub id: String,
    /// To whom. Foreign text.
    pub to: Person,
    /// The subject that the reader sees. Foreign text.
    pub subject: String,
    /// What protects it.
    pub protection: Protection,
    /// Fingerprint of the team key that signs; `None` where there is none.
    pub signer: Option<String>,
    /// Whether that key is locked, so that a passphrase is needed first.
    pub needs_passphrase: bool,
    /// Whether our certificate goes with it.
    pub encloses_key: bool,
    /// It asks for a certificate and says nothing else.
    pub asks_for_key: bool,
    /// What the writer should know. Safe text.
    pub notes: Vec<String>,
}

impl Plan {
    /// How it travels, in one line for the person who writes. Safe text.
    pub fn how(&self) -> String {
        let signed = match &self.signer {
            Some(key) => format!("signed by {}", short(key)),
            None => "not signed (the team has no key)".to_owned(),
        };
        match &self.protection {
            Protection::Encrypted(to) => {
                let trust = to.trust.map_or("not compared".to_owned(), |trust| trust.to_string());
                format!("encrypted to {} ({trust}) and to us, {signed}", short(&to.fingerprint))
            }
            Protection::Clear => format!("IN THE CLEAR, everybody on the way can read it; {signed}"),
        }
    }

    /// To whom, in words. Safe text.
    pub fn to_words(&self) -> String {
        let (name, email) = (text::line(&self.to.name), text::line(&self.to.email));
        if name.is_empty() { email } else { format!("{name} <{email}>") }
    }

    /// The subject outside the protection: the tag by which an answer finds its
    /// case, and of the words nothing (RFC 9788, section 3.2.1, `[...]`).
    pub fn outer_subject(&self) -> String {
        match self.protection {
            Protection::Encrypted(_) => format!("[{}] [...]", self.id),
            Protection::Clear => self.subject.clone(),
        }
    }
}

/// What a refusal begins with that the team's own key is the cause of: no other
/// way to answer is a way around it.
pub const OUR_KEY: &str = "the team's own key";

fn short(fingerprint: &str) -> &str {
    fingerprint.get(..16).unwrap_or(fingerprint)
}

impl Desk {
    /// Plans the answer to the reporter of a case.
    ///
    /// # Errors
    /// A case that others restricted; and refusals with the mend: nobody to write to, no certificate or several,
    /// an expired, revoked or other person's key, an answer in the clear to an
    /// encrypted report.
    pub fn plan(&self, case: CaseKey, wish: &Wish) -> Result<Plan> {
        let case = self.case(case)?;
        let to = addressee(&case, wish.to.as_deref())?;
        let all = self.store.messages(case.key)?;
        let is_encrypted = |message: &Message| message.content.verdict.encryption != Encryption::None;
        let any_encrypted = all.iter().any(is_encrypted);
        let messages = between(all, &case, &to);
        if let Err(why) = writable(&to.email) {
            return Err(Error::Refused(format!("{}: {why}", case.id)));
        }
        let mut notes = Vec::new();
        let protection = self.protection(&case.id, &to, &messages, wish, &mut notes)?;
        if protection == Protection::Clear && !wish.asks_for_key && any_encrypted {
            notes.push(
                "another report in this case came encrypted: say nothing of it in the clear".to_owned(),
            );
        }
        let signer = self.signer(wish.signer.as_deref(), &mut notes)?;
        if signer.is_none() && protection != Protection::Clear {
            return Err(Error::Refused(format!("{OUR_KEY}: {}", self.why_no_signer()?)));
        }
        notes.extend(signer.as_ref().and_then(|key| key.ending_soon(self.now())));
        let answered = latest_in(&messages).map_or("", |message| message.content.subject.as_str());
        let is_first = !messages.iter().any(|message| message.direction == Direction::Out);
        let subject = if wish.asks_for_key {
            format!("[{}] your OpenPGP certificate", case.id)
        } else {
            subject_of(answered, &case.id)
        };
        let subject = if self.is_drill { mark::marked(&subject) } else { subject };
        Ok(Plan {
            encloses_key: signer.is_some() && (wish.encloses_key.unwrap_or(is_first) || wish.asks_for_key),
            needs_passphrase: signer.as_ref().is_some_and(|key| key.is_locked && !self.is_open(key)),
            signer: signer.map(|key| key.fingerprint),
            asks_for_key: wish.asks_for_key,
            case: case.key,
            id: case.id,
            subject,
            to,
            protection,
            notes,
        })
    }

    /// Why no key of the team can sign now, with the mend.
    fn why_no_signer(&self) -> Result<String> {
        let now = self.now();
        let ended = |key: &KeyListing| key.expires.filter(|at| *at <= now);
        let ours = self.keys()?.into_iter().filter(|key| key.secret && key.trust() != Some(Trust::Retired));
        let last = ours.filter_map(|key| Some((ended(&key)?, key.fingerprint))).max();
        Ok(match last {
            Some((at, fingerprint)) => format!(
                "it ended on {}; renew it with 'ninety key extend {}'",
                at.format("%Y-%m-%d"),
                short(&fingerprint)
            ),
            None => "none can sign now; make one with 'ninety key new', or renew or unlock the one there is"
                .to_owned(),
        })
    }

    fn protection(
        &self,
        id: &str,
        to: &Person,
        messages: &[Message],
        wish: &Wish,
        notes: &mut Vec<String>,
    ) -> Result<Protection> {
        let came_encrypted = messages.iter().any(|message| {
            message.direction == Direction::In && message.content.verdict.encryption != Encryption::None
        });
        if wish.asks_for_key {
            return Ok(Protection::Clear);
        }
        if wish.in_the_clear && came_encrypted {
            return Err(Error::Refused(format!(
                "{id} came encrypted, so it is not answered in the clear; encrypt the answer, or ask for a certificate with 'ninety reply {id} --ask-for-key'"
            )));
        }
        if wish.in_the_clear {
            if self.recipients(&to.email)?.iter().any(|one| one.problem.is_none()) {
                notes
                    .push("a key of the reporter is known: without --plaintext this is encrypted".to_owned());
            }
            return Ok(Protection::Clear);
        }
        let known = self.recipients(&to.email)?;
        let chosen = match &wish.key {
            Some(name) => self.named(&known, name, to)?,
            None => choose(&known, &to.email, last_signer(messages, &to.email)).map_err(|why| {
                let mend = if came_encrypted || known.iter().any(|one| one.problem.is_none()) {
                    format!("or ask for one with 'ninety reply {id} --ask-for-key'")
                } else {
                    "or answer in the clear with --plaintext".to_owned()
                };
                Error::Refused(format!("{why}; {mend}"))
            })?,
        };
        match chosen.trust {
            Some(Trust::Verified) => {}
            Some(Trust::Candidate) => {
                notes.push("this is ANOTHER key than before; you chose it by hand".to_owned());
            }
            _ => notes.push("no person has compared this key with its holder".to_owned()),
        }
        Ok(Protection::Encrypted(chosen.clone()))
    }

    /// The certificate that somebody chose by name; a usable one that bears the address.
    fn named<'a>(&self, known: &'a [Recipient], name: &str, to: &Person) -> Result<&'a Recipient> {
        let key = self.key_named(name)?;
        let address = text::line(&to.email);
        let Some(found) = known.iter().find(|one| one.fingerprint == key.fingerprint) else {
            let whose = key.user_ids.first().map_or_else(|| "nobody".to_owned(), |id| text::line(id));
            return Err(Error::Refused(format!(
                "{} is the key of {whose}, not of {address}; name one that bears that address",
                short(&key.fingerprint)
            )));
        };
        if found.trust == Some(Trust::Retired) {
            return Err(Error::Refused(format!(
                "{} was retired here; 'ninety key verify' it first if that was wrong",
                short(&found.fingerprint)
            )));
        }
        match &found.problem {
            Some(why) => Err(Error::Refused(format!("{}: {why}", short(&found.fingerprint)))),
            None => Ok(found),
        }
    }

    /// The team key that signs: the one named, else the newest that can sign,
    /// bears our address and every program can check.
    pub(in crate::desk) fn signer(
        &self,
        name: Option<&str>,
        notes: &mut Vec<String>,
    ) -> Result<Option<KeyListing>> {
        if let Some(name) = name {
            let key = self.key_named(name)?;
            if !key.secret {
                return Err(Error::Refused(format!("{} is no key of the team", short(&key.fingerprint))));
            }
            return Ok(Some(key));
        }
        let mut ours: Vec<KeyListing> = self.keys()?.into_iter().filter(|key| key.secret).collect();
        ours.retain(|key| key.is_usable && key.trust() != Some(Trust::Retired));
        let address = self.team.address.to_lowercase();
        let bears = |key: &KeyListing| key.standings.iter().any(|standing| standing.address == address);
        // A fingerprint of version 4 has 40 digits; GnuPG knows no other.
        let is_common = |key: &KeyListing| key.fingerprint.len() == 40;
        let best = ours.into_iter().max_by_key(|key| (bears(key), is_common(key), key.created));
        if best.as_ref().is_some_and(|key| !bears(key)) {
            notes.push(format!(
                "our key does not bear {}, so readers will see a signature by another sender",
                text::line(&self.team.address)
            ));
        }
        Ok(best)
    }
}

/// Whom an answer goes to: the reporter of the case, or the one of them that was named.
fn addressee(case: &Case, named: Option<&str>) -> Result<Person> {
    let id = text::line(&case.id);
    if let Some(into) = &case.merged_into {
        let (into, to) = (text::line(&into.id), text::line(&case.reporter.email));
        return Err(Error::Refused(format!(
            "{id} was merged into {into}; answer there: 'ninety reply {into} --to {to}'"
        )));
    }
    let Some(named) = named else { return Ok(case.reporter.clone()) };
    let named = named.trim();
    let is_named = |person: &&Person| person.email.to_lowercase() == named.to_lowercase();
    let reporters = || std::iter::once(&case.reporter).chain(&case.also_by);
    reporters().find(is_named).cloned().ok_or_else(|| {
        let known: Vec<String> = reporters().map(|person| text::line(&person.email)).collect();
        Error::Refused(format!(
            "{} did not report {id}; an answer goes to one of its reporters: {}",
            text::line(named),
            known.join(", ")
        ))
    })
}

/// Whether an address can stand in a header and be handed to a mail program:
/// nothing that ends a field, separates addresses or looks like an option.
fn writable(address: &str) -> std::result::Result<(), &'static str> {
    let (local, domain) = address.rsplit_once('@').unwrap_or_default();
    if local.is_empty() || domain.is_empty() {
        return Err("the report names no address to answer to");
    }
    let steers = |c: char| c.is_control() || c.is_whitespace() || "<>,;:\"()[]\\".contains(c);
    if address.contains(steers) || address.starts_with('-') || text::line(address) != address {
        return Err("the reporter's address is none that can be written to; answer in another way");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_addresses_are_written_to() {
        assert_eq!(writable("mara@lindt.example"), Ok(()));
        assert_eq!(writable("mära@lindt.example"), Ok(()));
        for bad in ["", "mara", "@x", "a@", "-oQ@x", "a b@x", "a@x\nBcc: b@y", "a@x,b@y", "a@x\u{202e}"] {
            assert!(writable(bad).is_err(), "{bad:?}");
        }
    }
}
