//! The script turned into scenes: which mail comes when, and what the team
//! decided about it at which moment between then and now.

use chrono::{DateTime, TimeDelta, Utc};

use super::cast::{Cast, Member};
use super::script::{Attachment, FollowUp, Protection, Report, Script, distance};
use crate::desk::Order;
use crate::mail::compose::{self, Envelope, File};
use crate::pgp::{self, compose::SigningKey};
use crate::triage::date::Wish;
use crate::triage::{Assessment, CaseKey, Decision, Milestone, Priority, State, Weakness};

/// Why the script could not be played.
pub(super) enum Error {
    Script(String),
    OpenPgp(String),
}

/// Something that happens at a moment.
pub(super) struct Scene {
    pub(super) at: DateTime<Utc>,
    pub(super) actor: String,
    pub(super) act: Act,
}

/// What happens. `label` is the Message-ID of the report that it is about.
pub(super) enum Act {
    Mail { label: String, bytes: Vec<u8> },
    Decide { label: String, decisions: Vec<Decision> },
    Read { label: String },
}

/// Everything that happens, in no order.
pub(super) fn scenes(script: &Script, cast: &Cast, now: DateTime<Utc>) -> Result<Vec<Scene>, Error> {
    let mut scenes = Vec::new();
    for (number, report) in script.reports.iter().enumerate() {
        let story = Story { script, cast, now, report, label: format!("report-{number}@demo.example") };
        story.mails(&mut scenes)?;
        story.decisions(&mut scenes).map_err(Error::Script)?;
    }
    Ok(scenes)
}

/// The orders of several decisions about one case.
pub(super) fn orders(case: CaseKey, decisions: Vec<Decision>) -> Vec<Order> {
    decisions.into_iter().map(|decision| Order { case, seen: None, decision }).collect()
}

/// One report on its way.
struct Story<'a> {
    script: &'a Script,
    cast: &'a Cast,
    now: DateTime<Utc>,
    report: &'a Report,
    label: String,
}

impl Story<'_> {
    fn before(&self, ago: &str) -> Result<DateTime<Utc>, String> {
        Ok(self.now - distance(ago)?)
    }

    fn mails(&self, scenes: &mut Vec<Scene>) -> Result<(), Error> {
        let report = self.report;
        let first = FollowUp {
            from: report.from.clone(),
            ago: report.ago.clone(),
            protection: report.protection,
            text: report.text.clone(),
        };
        scenes.push(self.mail(&first, None, &report.attachments)?);
        for (number, follow_up) in report.follow_ups.iter().enumerate() {
            scenes.push(self.mail(follow_up, Some(number), &[])?);
        }
        Ok(())
    }

    /// A mail of the thread: the report itself, or the n-th that follows it.
    fn mail(
        &self,
        mail: &FollowUp,
        follows: Option<usize>,
        attachments: &[Attachment],
    ) -> Result<Scene, Error> {
        let at = self.before(&mail.ago).map_err(Error::Script)?;
        let nobody = || Error::Script(format!("there is no reporter '{}'", mail.from));
        let sender = self.cast.member(&mail.from).ok_or_else(nobody)?;
        let reply = follows.map(|number| {
            (format!("follow-{number}-{}", self.label), format!("Re: {}", self.report.subject))
        });
        let (message_id, subject) = match &reply {
            Some((id, subject)) => (id.as_str(), subject.as_str()),
            None => (self.label.as_str(), self.report.subject.as_str()),
        };
        let envelope = Envelope {
            from: &sender.person,
            to: self.cast.team(),
            subject,
            date: at,
            message_id,
            in_reply_to: follows.map(|_| self.label.as_str()),
            references: &[],
            autocrypt: None,
        };
        let files: Vec<File<'_>> = attachments
            .iter()
            .map(|file| File { name: &file.name, media_type: &file.media_type, bytes: file.text.as_bytes() })
            .collect();
        let payload = compose::payload(&mail.text, &files);
        let bytes = self.protect(&envelope, &payload, mail.protection, sender)?;
        Ok(Scene { at, actor: "intake".to_owned(), act: Act::Mail { label: message_id.to_owned(), bytes } })
    }

    fn protect(
        &self,
        envelope: &Envelope<'_>,
        payload: &[u8],
        protection: Protection,
        sender: &Member,
    ) -> Result<Vec<u8>, Error> {
        let at = envelope.date;
        let own = || {
            let keyless = || Error::Script(format!("{} has no key to sign with", sender.person.email));
            sender.key.as_deref().ok_or_else(keyless)
        };
        let encrypt = |to: &[u8], signer: Option<&[u8]>| {
            pgp::compose::encrypt_signed(payload, &[to], signer.map(SigningKey::Here), at)
                .map(|message| compose::encrypted(envelope, &message))
                .map_err(|error| Error::OpenPgp(error.to_string()))
        };
        let sign = |signer: &[u8]| {
            pgp::compose::sign_detached(payload, SigningKey::Here(signer), at)
                .map(|signature| compose::signed(envelope, payload, &signature))
                .map_err(|error| Error::OpenPgp(error.to_string()))
        };
        match protection {
            Protection::None => Ok(compose::plain(envelope, payload)),
            Protection::Signed => sign(own()?),
            Protection::WrongSigner => {
                let nobody = || Error::Script("nobody else has a key".to_owned());
                sign(self.cast.key_of_another(&sender.person).ok_or_else(nobody)?)
            }
            Protection::Encrypted => encrypt(self.cast.team_key(), None),
            Protection::EncryptedSigned => encrypt(self.cast.team_key(), Some(own()?)),
            Protection::Unreadable => encrypt(self.cast.lost_key(), None),
        }
    }

    /// What the team made of it: the way to its state in even steps between
    /// receipt and now, and the notes at their own times.
    fn decisions(&self, scenes: &mut Vec<Scene>) -> Result<(), String> {
        let report = self.report;
        let received = self.before(&report.ago)?;
        let first_colleague = self.script.team.colleagues.first();
        let who = report.assignee.as_ref().or(first_colleague).cloned().unwrap_or_default();
        let steps = self.steps()?;
        let pause = (self.now - received) / i32::try_from(steps.len() + 2).unwrap_or(i32::MAX);
        // Nobody leaves a report for weeks and then decides on it step by step.
        let pause = pause.min(TimeDelta::days(4));
        // The first answer and the priority come sooner, some within hours and some not.
        let soon = TimeDelta::hours(2 + report.subject.len() as i64 % 36).min(pause);
        let mut at = received;
        for (number, decisions) in steps.into_iter().enumerate() {
            at += if number < 2 { soon } else { pause };
            scenes.push(Scene {
                at,
                actor: who.clone(),
                act: Act::Decide { label: self.label.clone(), decisions },
            });
        }
        if let Some(ago) = &report.rolled_out {
            let at = self.before(ago)?;
            let decisions = vec![Decision::Reach(Milestone::RolledOut, Some(at))];
            let act = Act::Decide { label: self.label.clone(), decisions };
            scenes.push(Scene { at, actor: who.clone(), act });
        }
        for note in &report.notes {
            let decisions = vec![Decision::Note(note.text.trim().to_owned())];
            let act = Act::Decide { label: self.label.clone(), decisions };
            scenes.push(Scene { at: self.before(&note.ago)?, actor: note.by.clone(), act });
        }
        let is_new = report.state.as_deref().is_none_or(|state| state == "new");
        if !is_new {
            scenes.extend(self.last_word(&who)?);
        }
        if !report.unread.unwrap_or(is_new) {
            let act = Act::Read { label: self.label.clone() };
            scenes.push(Scene { at: self.now - TimeDelta::minutes(5), actor: who, act });
        }
        Ok(())
    }

    /// The last word that the reporter had from the team, and what is told
    /// when the details are public.
    fn last_word(&self, who: &str) -> Result<Option<Scene>, String> {
        let received = self.before(&self.report.ago)?;
        let at = self.before(self.report.heard.as_deref().unwrap_or("3d"))?;
        if at <= received {
            return Ok(None);
        }
        let mut decisions = vec![Decision::Reach(Milestone::Heard, Some(at))];
        if self.report.state.as_deref() == Some("disclosed") {
            decisions.push(Decision::Reach(Milestone::RolledOut, Some(at)));
            decisions.push(Decision::Reach(Milestone::Advisory, Some(at)));
        }
        Ok(Some(Scene {
            at,
            actor: who.to_owned(),
            act: Act::Decide { label: self.label.clone(), decisions },
        }))
    }

    fn steps(&self) -> Result<Vec<Vec<Decision>>, String> {
        let report = self.report;
        let state: State =
            report.state.as_deref().unwrap_or("new").parse().map_err(|error| format!("{error}"))?;
        let mut steps: Vec<Vec<Decision>> = vec![self.facts()?];
        let way = [
            State::Acknowledged,
            State::Triaged,
            State::InProgress,
            State::FixReady,
            State::Released,
            State::Disclosed,
        ];
        let resolution =
            report.resolution.as_deref().map(str::parse).transpose().map_err(|error| format!("{error}"))?;
        let reached = if state == State::Closed { State::Acknowledged } else { state };
        steps.extend(
            way.into_iter().filter(|step| *step <= reached).map(|step| vec![Decision::State(step, None)]),
        );
        if state == State::Closed {
            steps.push(vec![Decision::State(state, resolution)]);
        }
        if let Some(date) = &report.disclosure {
            let wish = Wish::read(date, &Utc).map_err(|error| error.to_string())?;
            steps.push(vec![Decision::Disclosure(wish)]);
        }
        steps.retain(|decisions| !decisions.is_empty());
        Ok(steps)
    }

    /// What was written down about it at once.
    fn facts(&self) -> Result<Vec<Decision>, String> {
        let report = self.report;
        let mut facts = Vec::new();
        if let Some(days) = report.policy {
            facts.push(Decision::Policy(days.to_string()));
        }
        if let Some(phase) = &report.found_in {
            facts.push(Decision::FoundIn(Some(phase.parse().map_err(|error| format!("{error}"))?)));
        }
        facts.extend(report.product.clone().map(|product| Decision::Product(Some(product))));
        facts.extend(report.component.clone().map(|component| Decision::Component(Some(component))));
        facts.extend(report.assignee.clone().map(|assignee| Decision::Assignee(Some(assignee))));
        facts.extend(
            report.priority.and_then(Priority::new).map(|priority| Decision::Priority(Some(priority))),
        );
        if let Some(weakness) = report.weakness.and_then(Weakness::new) {
            let assessment = Assessment { weakness: Some(weakness), ..Assessment::default() };
            facts.push(Decision::Assess(assessment));
        }
        if let Some(ago) = &report.vulnerable {
            facts.push(Decision::Reach(Milestone::Vulnerable, Some(self.before(ago)?)));
        }
        facts.extend(report.exploited.then_some(Decision::Exploited(true)));
        facts.extend((!report.tags.is_empty()).then(|| Decision::Tags(report.tags.clone())));
        Ok(facts)
    }
}
