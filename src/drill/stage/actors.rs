//! What made-up people and colleagues do when their cue comes.

use chrono::{DateTime, Utc};

use super::{Drill, Error, Happening, INTAKE};
use crate::desk::Offered;
use crate::desk::Order;
use crate::drill::plot::Cue;
use crate::drill::post::Parcel;
use crate::drill::scenario::{Act, Answering, LaneAct, Mail, Remark, Setting};
use crate::mail::compose::File;
use crate::triage::{CaseKey, Decision, Judgement, LaneStep, Milestone};

impl Drill {
    /// Plays a cue at a time.
    pub(super) fn play(&mut self, cue: &Cue, at: DateTime<Utc>) -> Result<(), Error> {
        match cue.inject.act() {
            Some(Act::Mail(mail)) => self.mail(cue, mail, at),
            Some(Act::Note(note)) => {
                let decision = Decision::Note(note.text.trim().to_owned());
                self.decide(cue, &note.case, &note.by, at, vec![decision], "writes a note")
            }
            Some(Act::Lane(lane)) => self.lane(cue, lane, at),
            Some(Act::Set(set)) => {
                let told = "works on the case";
                self.decide(cue, &set.case, &set.by, at, decisions(set, at), told)
            }
            Some(Act::HandOver(over)) => self.hand_over(cue, over, at),
            None => Ok(()),
        }
    }

    fn mail(&mut self, cue: &Cue, mail: &Mail, at: DateTime<Utc>) -> Result<(), Error> {
        let (id, answers) = (self.message_id(&cue.id), mail.re.as_ref().map(|re| self.message_id(re)));
        let unknown = || Error::Damaged(format!("'{}' comes from nobody", cue.id));
        let from = cue.from.as_deref().and_then(|from| self.cast.member(from)).ok_or_else(unknown)?;
        let (subject, text) = match &cue.variant {
            Some(variant) => (variant.subject.clone(), variant.text.as_str()),
            None => (self.subject_of(mail), mail.text.as_str()),
        };
        let parcel = Parcel {
            id: &id,
            answers: answers.as_deref(),
            from,
            subject: &subject,
            text,
            at,
            protection: mail.protection,
            signer: mail.signer,
            altered: mail.altered,
            encloses: mail.encloses,
            files: mail
                .files
                .iter()
                .map(|file| File {
                    name: &file.name,
                    media_type: &file.media_type,
                    bytes: file.text.as_bytes(),
                })
                .collect(),
            team_cert: &self.team_cert(),
        };
        let (bytes, name) = (parcel.bytes(&self.cast)?, from.person.name.clone());
        let source = format!("drill:{}", cue.id);
        let taken = self.acting(INTAKE, at, |desk| Ok(desk.receive(&source, &bytes)?))?;
        let (case, message) = match taken.offered {
            Offered::New(case, message)
            | Offered::Joined(case, message)
            | Offered::AlreadyThere(case, message) => (Some(case.0), Some(message)),
            Offered::Failed(why) => {
                return Err(Error::Damaged(format!("'{}' was not taken in: {why}", cue.id)));
            }
        };
        let told = format!("mail from {name}: {subject}");
        let (id, from) = (cue.id.clone(), cue.from.clone());
        self.note(at, INTAKE, Happening::Played { id, case, message, from, told })
    }

    /// The subject of a mail; an answer has that of what it answers.
    fn subject_of(&self, mail: &Mail) -> String {
        let answered = || {
            let subject = self.scenario.inject(mail.re.as_deref()?)?.mail()?.subject.clone();
            Some(format!("Re: {subject}"))
        };
        Some(mail.subject.clone()).filter(|subject| !subject.is_empty()).or_else(answered).unwrap_or_default()
    }

    fn message_id(&self, inject: &str) -> String {
        format!("{inject}.{}@drill.example", self.seed.0)
    }

    /// The team's certificate as the store has it now; else the one that it began with.
    fn team_cert(&self) -> Vec<u8> {
        let address = self.scenario.company.address.to_lowercase();
        let current = self.desk.as_ref().and_then(|desk| {
            let ours = desk.keys().ok()?.into_iter().filter(|key| key.secret && key.is_usable);
            let bears = ours.filter(|key| key.standings.iter().any(|standing| standing.address == address));
            let newest = bears.max_by_key(|key| key.created)?;
            desk.export_key(&newest.fingerprint).ok()
        });
        current.unwrap_or_else(|| self.cast.team_key.public.clone())
    }

    fn lane(&mut self, cue: &Cue, lane: &LaneAct, at: DateTime<Utc>) -> Result<(), Error> {
        let (step, told) = match lane.step {
            Answering::Accept => (LaneStep::Accept, "takes it"),
            Answering::Done => (LaneStep::Finish(lane.text.clone()), "is done"),
        };
        let told = format!("{told} in {}", lane.lane);
        self.decide(cue, &lane.case, &lane.by, at, vec![Decision::Lane(lane.lane, step)], &told)
    }

    fn hand_over(&mut self, cue: &Cue, over: &Remark, at: DateTime<Utc>) -> Result<(), Error> {
        let me = self.scenario.about.me.clone();
        self.acting(&over.by, at, |desk| Ok(desk.hand_over(Some(&me), &over.text)?))?;
        let told = format!("hands over to {me}");
        let id = cue.id.clone();
        self.note(at, &over.by, Happening::Played { id, case: None, message: None, from: None, told })
    }

    /// A colleague decides about the case of an inject. What cannot be done now is not done.
    fn decide(
        &mut self,
        cue: &Cue,
        inject: &str,
        by: &str,
        at: DateTime<Utc>,
        decisions: Vec<Decision>,
        told: &str,
    ) -> Result<(), Error> {
        let record = self.record()?;
        let Some(case) = record.holder(inject).map(|holder| holder.case.key) else {
            return self.note(at, by, Happening::Dropped { id: cue.id.clone() });
        };
        let order = |decision| Order { case, seen: None, decision };
        let orders: Vec<Order> = decisions.into_iter().map(order).collect();
        let outcome = self.acting(by, at, |desk| Ok(desk.decide(&orders)?))?;
        let told = match outcome.refused.first() {
            Some((_, why)) => format!("{told}, in vain: {why}"),
            None => told.to_owned(),
        };
        let CaseKey(case) = case;
        let id = cue.id.clone();
        self.note(at, by, Happening::Played { id, case: Some(case), message: None, from: None, told })
    }
}

/// What a colleague decides, the state last: what it asks for may be set with it.
fn decisions(set: &Setting, at: DateTime<Utc>) -> Vec<Decision> {
    let mut decisions = Vec::new();
    let heard = set.heard.filter(|heard| *heard);
    decisions.extend(heard.map(|_| Decision::Reach(Milestone::Heard, Some(at))));
    decisions.extend(set.read.map(|read| Decision::Unread(!read)));
    decisions.extend(set.assignee.clone().map(|who| Decision::Assignee(Some(who))));
    decisions.extend(set.product.clone().map(|what| Decision::Product(Some(what))));
    decisions.extend(set.component.clone().map(|what| Decision::Component(Some(what))));
    decisions.extend(set.found_in.map(|phase| Decision::FoundIn(Some(phase))));
    decisions.extend(set.exploited.map(Decision::Exploited));
    decisions.extend(set.priority.map(|priority| Decision::Priority(Some(priority))));
    let judged = [
        set.weakness.map(|weakness| Judgement::Weakness(Some(weakness))),
        set.affected.clone().map(|words| Judgement::Affected(Some(words))),
        set.fixed_in.clone().map(|words| Judgement::FixedIn(Some(words))),
        set.workaround.clone().map(|words| Judgement::Workaround(Some(words))),
    ];
    decisions.extend(judged.into_iter().flatten().map(Decision::Judge));
    decisions.extend(set.state.map(|state| Decision::State(state, set.resolution)));
    decisions
}
