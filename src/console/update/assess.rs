//! The judgement over a case: phase, kind, weakness, and what people say in
//! their own words. The scores are in `score`.

use crate::console::assess::Saying;
use crate::console::commands::Command;
use crate::console::model::Model;
use crate::console::msg::Effect;
use crate::console::overlay::{Choice, Item, Overlay, Picker, Purpose};
use crate::text;
use crate::triage::proposal::{Flaw, costs};
use crate::triage::weakness::{Weakness, guess};
use crate::triage::{Decision, FoundIn};

/// Text of a case in which its weakness is looked for, in bytes.
const MAX_GUESSED: usize = 64 * 1024;

impl Model {
    /// Runs a command that judges the targets; `None` for the others.
    pub(super) fn run_judgement(&mut self, command: Command) -> Option<Vec<Effect>> {
        Some(match command {
            Command::AsProposed => self.decide_or_ask(Decision::AsProposed),
            Command::Cvss => self.open_scoring(),
            Command::Ssvc => self.open_asking(),
            Command::FoundIn => self.open_phases(),
            Command::Kind => self.open_kinds(),
            Command::Weakness => self.open_weaknesses(),
            Command::Reason => self.open_saying(Saying::Reason),
            Command::Affected => self.open_saying(Saying::Affected),
            Command::FixedIn => self.open_saying(Saying::FixedIn),
            Command::Workaround => self.open_saying(Saying::Workaround),
            _ => return None,
        })
    }

    fn open_saying(&mut self, saying: Saying) -> Vec<Effect> {
        let said = self.case_at_hand().and_then(|case| saying.said(&case.assessment));
        let shown = said.map(text::line).unwrap_or_default();
        if said.is_some_and(|said| said != shown) {
            return self.complain("it has several lines; change it with 'ninety set'");
        }
        self.open_prompt(Purpose::Say(saying), shown)
    }

    fn open_phases(&mut self) -> Vec<Effect> {
        let item = |phase: FoundIn| {
            let costs = costs(phase);
            Item {
                text: phase.to_string(),
                aside: format!("{} · {} · {} · {}", costs.window, costs.money, costs.damage, costs.pr),
                refusal: None,
                choice: Choice::FoundIn(Some(phase)),
            }
        };
        let mut items: Vec<Item> = FoundIn::ALL.into_iter().map(item).collect();
        items.push(plain("not known", Choice::FoundIn(None)));
        let title = format!("{} found in: window · fix · damage · PR", self.targets_in_words());
        self.show(Overlay::Picker(Picker::new(title, self.targets(), items)))
    }

    fn open_kinds(&mut self) -> Vec<Effect> {
        let aside = |flaw| match flaw {
            Flaw::Bug => "a mistake in the code: fixed where it is",
            Flaw::Design => "takes longer: the deadline needs a plan",
        };
        let item = |flaw: Flaw| Item {
            aside: aside(flaw).to_owned(),
            ..plain(flaw.word(), Choice::Flaw(Some(flaw)))
        };
        let mut items: Vec<Item> = Flaw::ALL.into_iter().map(item).collect();
        items.push(plain("not known", Choice::Flaw(None)));
        let title = format!("kind of {}", self.targets_in_words());
        self.show(Overlay::Picker(Picker::new(title, self.targets(), items)))
    }

    /// The classes that the mails speak of come first; any other is found by
    /// its name, or by its number where it has no name here.
    fn open_weaknesses(&mut self) -> Vec<Effect> {
        let guesses = self.case_at_hand().map(|_| guess(&self.told_text())).unwrap_or_default();
        let guessed: Vec<Weakness> = guesses.iter().map(|guess| guess.weakness).collect();
        let class = |weakness: Weakness, aside: String| Item {
            text: weakness.in_short(),
            aside,
            refusal: None,
            choice: Choice::Weakness(Some(weakness)),
        };
        let mut items: Vec<Item> = guesses
            .iter()
            .map(|guess| class(guess.weakness, format!("it says '{}'", text::line(&guess.phrase))))
            .collect();
        let others = Weakness::named().filter(|weakness| !guessed.contains(weakness));
        items.extend(others.map(|weakness| class(weakness, String::new())));
        items.push(plain("not known", Choice::Weakness(None)));
        let title = format!("weakness of {}, by name or CWE number", self.targets_in_words());
        let mut picker = Picker::new(title, self.targets(), items);
        picker.is_open = true;
        picker.read = |typed| typed.parse().ok().map(|weakness| Choice::Weakness(Some(weakness)));
        self.show(Overlay::Picker(picker))
    }

    /// The title and what the reporter wrote. Foreign text.
    fn told_text(&self) -> String {
        let Some(dossier) = &self.reading.dossier else { return String::new() };
        let mut told = dossier.case.title.clone();
        for message in &dossier.messages {
            told.push('\n');
            told.push_str(&message.content.text);
        }
        told.truncate(told.floor_char_boundary(MAX_GUESSED.min(told.len())));
        told
    }
}

fn plain(words: &str, choice: Choice) -> Item {
    Item { text: words.to_owned(), aside: String::new(), refusal: None, choice }
}
