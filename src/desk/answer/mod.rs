//! Answering a reporter. Signed and encrypted is what happens by itself; what
//! would leak or could not be read is refused with its mend. Until ninety sends
//! mail itself, an answer is kept in its case and handed out as a message file.

mod bulk;
mod draft;
mod plan;
mod template;
mod write;

use std::path::Path;

use chrono::{DateTime, Local, Utc};

pub use bulk::{Farewell, Leave};
pub use draft::Draft;
pub use plan::{OUR_KEY, Plan, Protection, Wish};
pub use template::own_directory;
pub use write::{Answered, Enclosure};

use super::{Desk, Result};
use crate::text;
use crate::triage::message::{Direction, Message};
use crate::triage::{Case, CaseKey, Person, case};

/// What an answer answers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Question {
    /// Its Message-ID, without angle brackets.
    message_id: Option<String>,
    /// Those before it, the oldest first, and itself.
    references: Vec<String>,
    /// What of its text may be quoted. Foreign text.
    quotable: Option<String>,
    /// Who wrote it. Foreign text.
    from: Person,
    /// When it came.
    received_at: DateTime<Utc>,
    /// Its subject, the protected one. Foreign text.
    subject: String,
}

impl Desk {
    /// What is put into the editor: the draft that was left, else a template
    /// and the quoted text of the latest mail of the reporter.
    ///
    /// # Errors
    /// When the answer is refused as planned, there is no such template, or the
    /// store cannot be read.
    pub fn draft(
        &mut self,
        plan: &Plan,
        template: Option<&str>,
        directory: Option<&Path>,
        quotes: bool,
    ) -> Result<String> {
        self.case(plan.case)?;
        let how = plan.how();
        if template.is_none()
            && let Some(left) = self.store.draft(plan.case, &self.actor)?
            && !draft::is_to_another(&left, &plan.to_words())
        {
            return Ok(left);
        }
        let text = self.begin(plan, template, directory, quotes)?;
        let draft = Draft { subject: plan.subject.clone(), text };
        Ok(draft.to_edit(&plan.to_words(), &how))
    }

    /// The text that an answer begins with, without the lines on top.
    ///
    /// # Errors
    /// As [`draft`](Self::draft).
    pub fn begin(
        &mut self,
        plan: &Plan,
        template: Option<&str>,
        directory: Option<&Path>,
        quotes: bool,
    ) -> Result<String> {
        let question = self.question(plan)?;
        let mut case = self.case(plan.case)?;
        if !is_to(&case.reporter, plan) {
            // The title may be in the words of another reporter.
            case.title = case::title_of(&question.subject);
            case.reporter = plan.to.clone();
        }
        let subject = template::Subject { case: &case, actor: &self.actor, team: &self.team.name };
        let greeting = "{greeting},\n\n\n\n{actor}\n{team}\n".to_owned();
        let wanted = if plan.asks_for_key { Some(template::KEY) } else { template };
        let found = wanted.map_or(Ok(greeting), |name| template::find(name, directory))?;
        let mut text = template::filled(&found, &subject);
        let is_clear = plan.protection == Protection::Clear;
        if is_clear && !plan.asks_for_key && plan.encloses_key {
            text.push('\n');
            text.push_str(template::INVITATION);
        }
        if quotes
            && !plan.asks_for_key
            && let Some(said) = question.quotable.as_deref()
        {
            let when = question.received_at.with_timezone(&Local).format("%-d %B %Y %H:%M %:z");
            let who = text::line(question.from.short());
            text.push('\n');
            text.push_str(&draft::quoted(said, &format!("On {when}, {who} wrote:")));
        }
        Ok(text)
    }

    /// Keeps what somebody wrote so far, encrypted with everything else.
    ///
    /// # Errors
    /// When the store fails.
    pub fn keep_draft(&mut self, case: CaseKey, text: Option<&str>) -> Result<()> {
        let (actor, now) = (self.actor.clone(), self.now());
        self.store.write(|writer| Ok(writer.set_draft(case, &actor, text, now)?))
    }

    /// The latest mail of whom an answer goes to, as far as the answer needs it.
    fn question(&mut self, plan: &Plan) -> Result<Question> {
        let case = self.case(plan.case)?;
        let messages = between(self.store.messages(plan.case)?, &case, &plan.to);
        let Some(latest) = latest_in(&messages) else { return Ok(Question::default()) };
        let Some(raw) = self.store.raw(latest.id)? else { return Ok(Question::default()) };
        let keys = self.at_hand()?;
        let quote = self.readers.reader(&keys).quote(&raw, self.now())?;
        let before = quote.answers.into_iter().rev();
        Ok(Question {
            references: before.chain(quote.message_id.clone()).collect(),
            message_id: quote.message_id,
            quotable: quote.text,
            from: latest.content.from.clone(),
            received_at: latest.received_at,
            subject: latest.content.subject.clone(),
        })
    }
}

/// Whether the answer goes to this person.
fn is_to(person: &Person, plan: &Plan) -> bool {
    person.email.to_lowercase() == plan.to.email.to_lowercase()
}

/// The messages between us and one of the reporters of a case: what another
/// of them wrote is neither quoted nor answered. With the first reporter go
/// all that are from and to none of the others.
fn between(mut messages: Vec<Message>, case: &Case, to: &Person) -> Vec<Message> {
    let has = |people: &[&Person], one: &Person| {
        people.iter().any(|person| person.email.to_lowercase() == one.email.to_lowercase())
    };
    let is_first = has(&[&case.reporter], to);
    let others: Vec<&Person> = case.also_by.iter().filter(|other| !has(&[&case.reporter], other)).collect();
    messages.retain(|message| {
        let content = &message.content;
        let ends: &[Person] = match message.direction {
            Direction::In => std::slice::from_ref(&content.from),
            Direction::Out => &content.to,
        };
        if is_first {
            !ends.iter().any(|end| has(&others, end))
        } else {
            ends.iter().any(|end| has(&[to], end))
        }
    });
    messages
}

/// The latest message that came in.
fn latest_in(messages: &[Message]) -> Option<&Message> {
    messages.iter().rev().find(|message| message.direction == Direction::In)
}
