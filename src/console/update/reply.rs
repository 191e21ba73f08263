//! Answering a reporter: planned, written in the editor, looked at, kept.

use crate::console::key::{Code, Key};
use crate::console::model::{Answering, Model};
use crate::console::msg::{Effect, Task};
use crate::console::overlay::{Choice, Item, Letter, Overlay, Picker, Purpose, Yes};
use crate::desk::answer::{Draft, Plan, Wish};
use crate::text;
use crate::triage::{Answer, CaseKey, Person};

/// Name of the file in the editor.
const FILE: &str = "answer.txt";

impl Model {
    /// Begins an answer to the case under the cursor.
    pub(super) fn reply(&mut self) -> Vec<Effect> {
        if self.targets().len() > 1 {
            return self.complain("reply: an answer belongs to one case; Esc drops the marks");
        }
        let Some(case) = self.current() else { return Vec::new() };
        let read = self.reading.dossier.as_ref().map(|dossier| &dossier.case).filter(|read| read.key == case);
        // A case that was merged into another is not answered; the desk says where.
        if read.is_some_and(|read| !read.also_by.is_empty() && read.merged_into.is_none()) {
            return self.open_reporters();
        }
        vec![Effect::Work(Task::Plan(case, Wish::default()))]
    }

    /// Whom to answer, where several reported the case: the first reporter first.
    fn open_reporters(&mut self) -> Vec<Effect> {
        let Some(dossier) = self.reading.dossier.as_ref() else { return Vec::new() };
        let people = std::iter::once(&dossier.case.reporter).chain(&dossier.case.also_by);
        let answers = std::iter::once(&dossier.answer).chain(&dossier.others).map(Some);
        let answers = answers.chain(std::iter::repeat(None));
        let items = people.zip(answers).map(|(person, answer)| Item {
            text: in_words(person),
            aside: answer.map_or("", possible).to_owned(),
            refusal: None,
            choice: Choice::Reporter(person.email.clone()),
        });
        let title = format!("answer whom in {}", text::line(&dossier.case.id));
        let picker = Picker::new(title, vec![dossier.case.key], items.collect());
        self.show(Overlay::Picker(picker))
    }

    /// Plans the answer to the one who was chosen.
    pub(super) fn reply_to(&mut self, targets: &[CaseKey], address: String) -> Vec<Effect> {
        let wish = Wish { to: Some(address), ..Wish::default() };
        targets.first().map(|case| Effect::Work(Task::Plan(*case, wish))).into_iter().collect()
    }

    /// The answer can be written: into the editor with it, or first the passphrase.
    pub(super) fn planned(&mut self, plan: Box<Plan>, begun: String) -> Vec<Effect> {
        if plan.needs_passphrase {
            let wish = Wish {
                in_the_clear: plan.protection == crate::desk::answer::Protection::Clear && !plan.asks_for_key,
                asks_for_key: plan.asks_for_key,
                to: Some(plan.to.email.clone()),
                ..Wish::default()
            };
            self.answering = Some(Answering::Locked(plan.case, wish));
            return self.open_prompt(Purpose::Passphrase, String::new());
        }
        if plan.asks_for_key {
            // It says nothing of its own, so there is nothing to edit.
            let draft = Draft::read(&begun, &plan.subject);
            return self.show(Overlay::Letter(Box::new(Letter { plan: *plan, draft, edited: begun })));
        }
        self.answering = Some(Answering::Writing(plan, begun.clone()));
        vec![Effect::Edit(FILE, begun)]
    }

    /// The answer is refused; where another way is open, a person is asked.
    pub(super) fn not_planned(&mut self, case: CaseKey, why: &str, instead: Option<Wish>) -> Vec<Effect> {
        let Some(wish) = instead else { return self.complain(format!("reply: {why}")) };
        let whose = wish.to.as_deref().map_or("the reporter".to_owned(), text::line);
        let question = if wish.asks_for_key {
            format!("no key of {whose} can be used. Ask for one, in the clear, saying nothing of the report?")
        } else {
            format!("no key of {whose} is known. Answer IN THE CLEAR, for everybody on the way to read?")
        };
        let yes = Yes::Work(Task::Plan(case, wish));
        self.show(Overlay::Confirm { question, yes })
    }

    /// The editor closed. What was written is kept before anything else.
    pub(super) fn answer_written(
        &mut self,
        plan: Box<Plan>,
        begun: &str,
        result: Result<String, String>,
    ) -> Vec<Effect> {
        let edited = match result {
            Err(why) => return self.complain(why),
            Ok(edited) if edited == begun => return self.say("nothing was written; no answer was made"),
            Ok(edited) => edited,
        };
        let draft = Draft::read(&edited, &plan.subject);
        if draft.text.trim().is_empty() {
            return self.say("no answer: the text was empty");
        }
        let keep = Effect::Work(Task::KeepDraft(plan.case, edited.clone()));
        self.unsaved += 1;
        self.overlay = Some(Overlay::Letter(Box::new(Letter { plan: *plan, draft, edited })));
        vec![keep]
    }

    pub(super) fn pressed_in_letter(&mut self, key: Key) -> Vec<Effect> {
        let Some(Overlay::Letter(letter)) = self.overlay.take() else { return Vec::new() };
        match key.code {
            Code::Char('y' | 'Y') => {
                self.unsaved += 1;
                vec![Effect::Work(Task::Answer(Box::new(letter.plan), letter.draft))]
            }
            Code::Char('e' | 'E') if !letter.plan.asks_for_key => {
                let edited = letter.edited;
                // Closing the editor without a change means that it stays as it was.
                self.answering = Some(Answering::Writing(Box::new(letter.plan), String::new()));
                vec![Effect::Edit(FILE, edited)]
            }
            Code::Char('q' | 'n') => self.say("put aside; r goes on with it"),
            _ => self.show(Overlay::Letter(letter)),
        }
    }

    /// It is in the case; now it can be written for a mail program.
    pub(super) fn answer_kept(
        &mut self,
        case: CaseKey,
        id: &str,
        told: String,
        bytes: Vec<u8>,
    ) -> Vec<Effect> {
        self.unsaved = self.unsaved.saturating_sub(1);
        let mut effects = self.changed(&[case]);
        effects.extend(self.say(told));
        if self.drill.is_some() {
            // Nobody mails an answer to a person of a drill.
            return effects;
        }
        let name = format!("{}-answer.eml", text::line(id));
        effects.extend(self.open_prompt(Purpose::SaveAs(bytes), name));
        effects
    }

    /// A key was opened, or not; an answer that waited for it goes on.
    pub(super) fn unlocked(&mut self, told: Result<String, String>) -> Vec<Effect> {
        self.unsaved = self.unsaved.saturating_sub(1);
        match told {
            Err(why) => {
                self.answering = None;
                self.complain(why)
            }
            Ok(told) => {
                let mut effects = self.reload();
                effects.extend(self.say(told));
                match self.answering.take() {
                    Some(Answering::Locked(case, wish)) => effects.push(Effect::Work(Task::Plan(case, wish))),
                    Some(Answering::Leaving(farewell)) => effects.extend(self.await_farewell(farewell)),
                    _ => {}
                }
                effects
            }
        }
    }
}

/// A reporter with the address. Safe text.
fn in_words(person: &Person) -> String {
    let (name, email) = (text::line(&person.name), text::line(&person.email));
    match (name.is_empty(), email.is_empty()) {
        (true, _) => email,
        (_, true) => name,
        _ => format!("{name} <{email}>"),
    }
}

/// How somebody can be answered, in a word or two.
fn possible(answer: &Answer) -> &'static str {
    match answer {
        Answer::Encrypted { .. } => "encrypted",
        Answer::NotPossible(_) => "no usable key",
    }
}
