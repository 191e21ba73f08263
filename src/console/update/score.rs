//! The scores of a case: CVSS by its vector, SSVC by its questions.

use crate::console::assess::{Asking, Scoring, Subject};
use crate::console::key::{Code, Key};
use crate::console::model::Model;
use crate::console::msg::Effect;
use crate::console::overlay::{Overlay, Purpose};
use crate::text;
use crate::triage::cvss::{Cvss, Draft, Misread};
use crate::triage::ssvc::{Answers, SelectionList};
use crate::triage::{Decision, Judgement};

impl Model {
    fn subject(&self) -> Subject {
        Subject { targets: self.targets(), about: self.targets_in_words() }
    }

    pub(super) fn open_scoring(&mut self) -> Vec<Effect> {
        let before = self.case_at_hand().and_then(|case| case.assessment.cvss);
        let scoring = Scoring::new(self.subject(), before);
        self.show(Overlay::Scoring(Box::new(scoring)))
    }

    pub(super) fn pressed_in_scoring(&mut self, key: Key) -> Vec<Effect> {
        let Some(Overlay::Scoring(scoring)) = &mut self.overlay else { return Vec::new() };
        match key.code {
            Code::Enter => return self.keep_score(),
            Code::Char('q') => self.overlay = None,
            Code::Char('j') | Code::Down | Code::Tab => scoring.go(1),
            Code::Char('k') | Code::Up | Code::BackTab => scoring.go(-1),
            Code::Char('l') | Code::Right => scoring.turn(true),
            Code::Char('h') | Code::Left => scoring.turn(false),
            Code::Char('v') => scoring.switch(),
            Code::Char('x') | Code::Backspace | Code::Delete => scoring.erase(),
            Code::Char('-') => scoring.clear(),
            Code::Char('e') => return self.edit_vector(),
            Code::Char(letter) => {
                let is_value = scoring.choose(letter.encode_utf8(&mut [0; 4]));
                if !is_value {
                    return self.complain(format!("{key} is no value of this metric"));
                }
            }
            _ => {}
        }
        Vec::new()
    }

    fn edit_vector(&mut self) -> Vec<Effect> {
        let Some(Overlay::Scoring(scoring)) = self.overlay.take() else { return Vec::new() };
        let Scoring { subject, .. } = scoring.as_ref();
        let (targets, about) = (subject.targets.clone(), subject.about.clone());
        let effects = self.open_prompt(Purpose::Vector, scoring.draft().to_string());
        if let Some(Overlay::Prompt(prompt)) = &mut self.overlay {
            (prompt.targets, prompt.about) = (targets, about);
        }
        effects
    }

    fn keep_score(&mut self) -> Vec<Effect> {
        let Some(Overlay::Scoring(scoring)) = &self.overlay else { return Vec::new() };
        let subject = scoring.subject.clone();
        let cvss = match scoring.draft().complete() {
            Some(cvss) => Some(cvss),
            None if scoring.is_empty() && scoring.before.is_some() => None,
            None if scoring.is_empty() => {
                self.overlay = None;
                return self.say("nothing done");
            }
            None => {
                let missing: Vec<&str> = scoring.draft().missing().iter().map(|metric| metric.code).collect();
                return self.complain(format!("no score yet; {} missing", missing.join(", ")));
            }
        };
        self.keep(&subject, Judgement::Cvss(cvss))
    }

    /// What Enter would make of a typed vector.
    pub(super) fn vector_hint(typed: &str) -> Result<String, String> {
        match typed.trim() {
            "" => Ok("a vector such as CVSS:4.0/AV:N/...; Enter on nothing takes it away".to_owned()),
            vector => match vector.parse::<Cvss>() {
                Ok(cvss) => Ok(format!("{} · Enter keeps", in_words(&cvss))),
                Err(misread) => Err(misread.to_string()),
            },
        }
    }

    /// What was typed as a vector, as a decision; `None` where it cannot be read.
    pub(super) fn vector_decision(typed: &str) -> Option<Decision> {
        let cvss = match typed {
            "" => None,
            vector => Some(vector.parse().ok()?),
        };
        Some(Decision::Judge(Judgement::Cvss(cvss)))
    }

    /// A pasted vector takes the place of the one that is edited.
    pub(super) fn pasted_vector(&mut self, pasted: &str) -> Vec<Effect> {
        let Some(Overlay::Scoring(scoring)) = &mut self.overlay else { return Vec::new() };
        let read: Result<Draft, Misread> = pasted.trim().parse();
        match read {
            Ok(vector) => {
                scoring.take(vector);
                Vec::new()
            }
            Err(misread) => self.complain(format!("no vector: {misread}")),
        }
    }

    pub(super) fn open_asking(&mut self) -> Vec<Effect> {
        let case = self.case_at_hand();
        let before = case.and_then(|case| case.assessment.ssvc);
        let id = case.map(|case| case.id.clone()).unwrap_or_default();
        let asking = Asking::new(self.subject(), id, before);
        self.show(Overlay::Asking(Box::new(asking)))
    }

    pub(super) fn pressed_in_asking(&mut self, key: Key) -> Vec<Effect> {
        let Some(Overlay::Asking(asking)) = &mut self.overlay else { return Vec::new() };
        match key.code {
            Code::Enter => return self.keep_answers(),
            Code::Char('q') => self.overlay = None,
            Code::Char('j') | Code::Down | Code::Tab => asking.go(1),
            Code::Char('k') | Code::Up | Code::BackTab => asking.go(-1),
            Code::Char('x') | Code::Backspace | Code::Delete => asking.erase(),
            Code::Char('-') => asking.clear(),
            Code::Char('y') if asking.question().is_none() => return self.copy_selection(),
            Code::Char(letter) => {
                let is_answer = asking.answer(letter.encode_utf8(&mut [0; 4]));
                if !is_answer {
                    return self.complain(format!("{key} answers nothing here"));
                }
            }
            _ => {}
        }
        Vec::new()
    }

    fn copy_selection(&mut self) -> Vec<Effect> {
        let Some(Overlay::Asking(asking)) = &self.overlay else { return Vec::new() };
        let Some(ssvc) = asking.answers.complete() else {
            return self.complain("the selection list needs all answers");
        };
        let targets: Vec<String> = Some(asking.id.clone()).filter(|id| !id.is_empty()).into_iter().collect();
        match serde_json::to_string_pretty(&SelectionList::of(&ssvc, self.now, &targets)) {
            Ok(list) => vec![Effect::Copy { text: text::json(&list), what: "the selection list".to_owned() }],
            Err(error) => self.complain(text::line(&error.to_string())),
        }
    }

    fn keep_answers(&mut self) -> Vec<Effect> {
        let Some(Overlay::Asking(asking)) = &self.overlay else { return Vec::new() };
        let subject = asking.subject.clone();
        let open: Vec<&str> = asking.answers.open().map(|question| question.word()).collect();
        let is_empty = asking.answers == Answers::default();
        let ssvc = match asking.answers.complete() {
            Some(ssvc) => Some(ssvc),
            None if is_empty && asking.before.is_some() => None,
            None if is_empty => {
                self.overlay = None;
                return self.say("nothing done");
            }
            None => return self.complain(format!("no outcome yet; without an answer: {}", open.join(", "))),
        };
        self.keep(&subject, Judgement::Ssvc(ssvc))
    }

    /// Closes the overlay and keeps what was made in it.
    fn keep(&mut self, subject: &Subject, part: Judgement) -> Vec<Effect> {
        self.overlay = None;
        let orders = self.orders(&subject.targets, &Decision::Judge(part));
        self.decide(orders)
    }
}

/// `9.3 Critical`.
fn in_words(cvss: &Cvss) -> String {
    format!("{:.1} {}", cvss.score(), cvss.severity())
}
