//! Keys while something lies over the panes: prompts, pickers, questions, help.

use tui_input::{Input, InputRequest};

use crate::console::commands::TABLE;
use crate::console::key::{Code, Key};
use crate::console::model::Model;
use crate::console::msg::{Effect, Task};
use crate::console::overlay::{Choice, Forecast, Item, Overlay, Picker, Prompt, Purpose, Yes};
use crate::desk::Order;
use crate::drill::Control;
use crate::text;
use crate::triage::case::MAX_TITLE;
use crate::triage::{CaseKey, Decision, Judgement, Query, State, clock};

/// Longest text that a prompt takes, in characters; a note in the editor can be longer.
const MAX_TYPED: usize = 2_000;

impl Model {
    pub(super) fn close_overlay(&mut self) -> Vec<Effect> {
        match self.overlay.take() {
            Some(Overlay::Prompt(Prompt { purpose: Purpose::Filter { before, on }, .. })) => {
                self.queue.seek = on;
                self.ask(&before)
            }
            Some(Overlay::Prompt(Prompt { purpose: Purpose::Note, input, .. }))
                if !input.value().is_empty() =>
            {
                self.draft = input.value().to_owned();
                self.say("the note is kept; n goes on with it")
            }
            Some(Overlay::Prompt(Prompt { purpose: Purpose::Passphrase, .. })) => {
                self.answering = None;
                Vec::new()
            }
            Some(
                Overlay::Prompt(Prompt { purpose: Purpose::Drill(_), .. })
                | Overlay::Confirm { yes: Yes::Drill(_), .. },
            ) => self.show(Overlay::Drill),
            Some(Overlay::Letter(letter)) if !letter.plan.asks_for_key => {
                self.say("put aside; r goes on with it")
            }
            _ => Vec::new(),
        }
    }

    pub(super) fn pressed_in_overlay(&mut self, key: Key) -> Vec<Effect> {
        if matches!(self.overlay, Some(Overlay::Statistics(_))) {
            return self.pressed_in_board(key);
        }
        if key == Key::plain(Code::Esc) {
            return self.close_overlay();
        }
        match &mut self.overlay {
            Some(Overlay::Help { top }) => {
                match key.code {
                    Code::Char('q' | '?') => self.overlay = None,
                    Code::Char('j') | Code::Down => *top += 1,
                    Code::Char('k') | Code::Up => *top = top.saturating_sub(1),
                    Code::Char(' ' | 'f' | 'd') | Code::PageDown => *top += 10,
                    Code::Char('b' | 'u') | Code::PageUp => *top = top.saturating_sub(10),
                    Code::Char('g') | Code::Home => *top = 0,
                    Code::Char('G') | Code::End => *top = usize::MAX,
                    _ => {}
                }
                self.hold_help();
                Vec::new()
            }
            Some(Overlay::Confirm { .. }) => self.answered(key),
            Some(Overlay::Question(_)) => self.pressed_in_question(key),
            Some(Overlay::Views(_)) => self.pressed_in_views(key),
            Some(Overlay::Forecast(_)) => self.pressed_in_forecast(key),
            Some(Overlay::Scoring(_)) => self.pressed_in_scoring(key),
            Some(Overlay::Asking(_)) => self.pressed_in_asking(key),
            Some(Overlay::Explain { .. }) => self.pressed_in_explanation(key),
            Some(Overlay::Letter(_)) => self.pressed_in_letter(key),
            Some(Overlay::Card { .. }) => self.pressed_in_card(key),
            Some(Overlay::Picker(_)) => self.pressed_in_picker(key),
            Some(Overlay::Prompt(_)) => self.pressed_in_prompt(key),
            Some(Overlay::Drill) => self.pressed_in_drill(key),
            Some(Overlay::Statistics(_)) | None => Vec::new(),
        }
    }

    /// Keeps the help inside its lines.
    fn hold_help(&mut self) {
        let last = crate::console::view::help_last_top(self.size);
        if let Some(Overlay::Help { top }) = &mut self.overlay {
            *top = (*top).min(last);
        }
    }

    pub(super) fn answered(&mut self, key: Key) -> Vec<Effect> {
        match key.code {
            Code::Char('y' | 'Y') | Code::Enter => match self.overlay.take() {
                Some(Overlay::Confirm { yes, .. } | Overlay::Forecast(Forecast { yes, .. })) => match yes {
                    Yes::Decide(orders) => self.decide(orders),
                    Yes::Work(task) => {
                        self.unsaved += usize::from(task.writes());
                        vec![Effect::Work(task)]
                    }
                    Yes::Drill(control) => self.ask_of_drill(control),
                    Yes::EndDrill => vec![Effect::Work(Task::Drill(Control::End))],
                },
                _ => Vec::new(),
            },
            Code::Char('n' | 'N' | 'q') => {
                self.close_overlay();
                self.say("nothing done")
            }
            _ => Vec::new(),
        }
    }

    fn pressed_in_picker(&mut self, key: Key) -> Vec<Effect> {
        let Some(Overlay::Picker(picker)) = &mut self.overlay else { return Vec::new() };
        let count = picker.matching().len();
        match key {
            Key { code: Code::Down, .. } | Key { code: Code::Tab, .. } => {
                picker.chosen = (picker.chosen + 1) % count.max(1)
            }
            Key { code: Code::Up, .. } | Key { code: Code::BackTab, .. } => {
                picker.chosen = (picker.chosen + count.saturating_sub(1)) % count.max(1);
            }
            Key { code: Code::Char('n'), ctrl: true } => picker.chosen = (picker.chosen + 1) % count.max(1),
            Key { code: Code::Char('p'), ctrl: true } => {
                picker.chosen = (picker.chosen + count.saturating_sub(1)) % count.max(1);
            }
            Key { code: Code::Enter, .. } => return self.choose(),
            _ => {
                edit(&mut picker.input, key);
                picker.chosen = 0;
            }
        }
        Vec::new()
    }

    fn choose(&mut self) -> Vec<Effect> {
        let Some(Overlay::Picker(picker)) = &self.overlay else { return Vec::new() };
        let Some(item) = picker.choice() else { return Vec::new() };
        if let Some(why) = item.refusal {
            return self.complain(why);
        }
        let targets = picker.targets.clone();
        self.overlay = None;
        let decision = match item.choice {
            Choice::Command(command) => return self.run(command),
            Choice::File(message, number) => return self.open_file_prompt(message, number),
            Choice::Key(fingerprint) => return vec![Effect::Work(Task::Card(fingerprint))],
            Choice::Reporter(address) => return self.reply_to(&targets, address),
            Choice::Groom(pick) => return self.picked(pick, targets),
            Choice::State(State::Closed) => return self.open_resolutions(targets),
            Choice::State(state) => Decision::State(state, None),
            Choice::Resolution(resolution) => return self.close_cases(&targets, resolution),
            Choice::Assignee(name) => Decision::Assignee(name),
            Choice::FoundIn(phase) => Decision::FoundIn(phase),
            Choice::Flaw(flaw) => Decision::Judge(Judgement::Flaw(flaw)),
            Choice::Weakness(weakness) => Decision::Judge(Judgement::Weakness(weakness)),
        };
        let orders = self.orders(&targets, &decision);
        self.decide_all(orders)
    }

    pub(super) fn open_palette(&mut self) -> Vec<Effect> {
        let item = |entry: &crate::console::commands::Entry| Item {
            text: format!("{:<14} {}", entry.name, entry.does),
            aside: entry.keys.join(" "),
            refusal: entry.command.refusal(self).map(str::to_owned),
            choice: Choice::Command(entry.command),
        };
        let items = TABLE.iter().map(item).collect();
        let picker = Picker::new("command".to_owned(), Vec::new(), items);
        self.show(Overlay::Picker(picker))
    }

    pub(super) fn open_filter(&mut self) -> Vec<Effect> {
        let (before, on) = (self.queue.text.clone(), self.current());
        let typed = before.clone();
        self.open_prompt(Purpose::Filter { before, on }, typed)
    }

    pub(super) fn open_prompt(&mut self, purpose: Purpose, text: String) -> Vec<Effect> {
        let targets = self.targets();
        let about = self.targets_in_words();
        // A date is shown before it is set, and that takes the case.
        let effects = if purpose == Purpose::Date { self.follow() } else { Vec::new() };
        let mut prompt =
            Prompt { purpose, targets, about, input: Input::new(text), hint: Ok(String::new()), wrong: None };
        prompt.hint = self.hint(&prompt);
        self.overlay = Some(Overlay::Prompt(prompt));
        effects
    }

    fn pressed_in_prompt(&mut self, key: Key) -> Vec<Effect> {
        let Some(Overlay::Prompt(prompt)) = &mut self.overlay else { return Vec::new() };
        if key.code == Code::Enter {
            return self.submit();
        }
        if key.code == Code::Tab {
            return self.complete();
        }
        let before = prompt.input.value().len();
        let had = prompt.input.value().to_owned();
        if prompt.input.value().chars().count() < MAX_TYPED
            || before == 0
            || !matches!(key.code, Code::Char(_))
        {
            edit(&mut prompt.input, key);
        }
        if prompt.input.value() == had { Vec::new() } else { self.typed() }
    }

    /// The text of the prompt changed: the hint follows, and so does a filter.
    pub(super) fn typed(&mut self) -> Vec<Effect> {
        let Some(Overlay::Prompt(prompt)) = &self.overlay else { return Vec::new() };
        let hint = self.hint(prompt);
        let typed = prompt.input.value().to_owned();
        let is_filter = matches!(prompt.purpose, Purpose::Filter { .. });
        let wrong = is_filter.then(|| Query::read(&typed, &self.actor).err()).flatten();
        if let Some(Overlay::Prompt(prompt)) = &mut self.overlay {
            prompt.hint = hint;
            prompt.wrong = wrong.map(|misread| misread.at..misread.upto);
        }
        if is_filter { self.ask_readable(&typed) } else { Vec::new() }
    }

    /// Asks for what was typed; where it cannot be read, for what stands before
    /// the mistake: the half of a word is no query that anybody wants answered.
    fn ask_readable(&mut self, typed: &str) -> Vec<Effect> {
        let mut readable = typed;
        while let Err(misread) = Query::read(readable, &self.actor) {
            let before = readable.get(..misread.at).unwrap_or_default().trim_end();
            if before.len() >= readable.len() {
                return Vec::new();
            }
            readable = before;
        }
        if readable == self.queue.text && readable != typed { Vec::new() } else { self.ask(readable) }
    }

    /// The filter's hint counts, so it changes when the order arrives.
    pub(super) fn hint_filter(&mut self) {
        let Some(Overlay::Prompt(prompt)) = &self.overlay else { return };
        let hint = self.hint(prompt);
        if let Some(Overlay::Prompt(prompt)) = &mut self.overlay {
            prompt.hint = hint;
        }
    }

    /// What Enter would do, or what is wrong.
    fn hint(&self, prompt: &Prompt) -> Result<String, String> {
        let typed = prompt.input.value();
        match &prompt.purpose {
            Purpose::Groom(groom) => self.groom_hint(groom, typed),
            Purpose::Filter { .. } => match Query::read(typed, &self.actor) {
                Ok(_) if typed.is_empty() => {
                    Ok("words, state:new, prio:P1, assignee:me, is:unread, is:all".to_owned())
                }
                Ok(_) => Ok(format!("{} cases · Enter keeps, Esc goes back", self.queue.keys.len())),
                Err(misread) => Err(misread.to_string()),
            },
            Purpose::Date if typed.trim().is_empty() => {
                Ok("+7d, 2026-12-24, 30d from receipt, policy; then 'agreed' or 'reporter'".to_owned())
            }
            Purpose::Date => self.date_hint(typed, &prompt.targets),
            Purpose::Note => Ok("Enter keeps it in the timeline; N opens your editor".to_owned()),
            Purpose::Title => match typed.trim().chars().count() {
                count if count > MAX_TITLE => {
                    Err(format!("{count} of at most {MAX_TITLE} characters; put the rest into a note"))
                }
                _ => Ok("Enter sets the title".to_owned()),
            },
            Purpose::Say(saying) => Ok(saying.hint().to_owned()),
            Purpose::Vector => Self::vector_hint(typed),
            Purpose::Product => Ok("Enter sets the product; empty takes it away".to_owned()),
            Purpose::Passphrase => {
                Ok("what you type is not shown; Enter opens what waits for the key".to_owned())
            }
            Purpose::WriteFile(..) => {
                Ok("decrypted, readable by you alone; Enter writes a new file".to_owned())
            }
            Purpose::SaveAs(_) => Ok("Enter writes a new file; Esc: it is kept in the case alone".to_owned()),
            Purpose::Verify(_) => {
                Ok("phone, met, web page ...: Enter records it; empty records nothing".to_owned())
            }
            Purpose::ImportKeys => {
                Ok("certificates, team keys, age identities; Enter takes them in".to_owned())
            }
            Purpose::ExportKey(_) => Ok("Enter writes a new file".to_owned()),
            Purpose::Drill(line) => self.drill_hint(*line, typed),
        }
    }

    fn date_hint(&self, typed: &str, targets: &[CaseKey]) -> Result<String, String> {
        let wish = self.zone.read(typed).map_err(|error| error.to_string())?;
        let case = self.reading.dossier.as_ref().map(|dossier| &dossier.case);
        Ok(match (targets, case) {
            ([one], Some(case)) if *one == case.key => {
                let by_policy = self.rules.by_policy(case);
                let disclosure =
                    wish.resolve(case, &by_policy, self.now).map_err(|error| error.to_string())?;
                let left = clock::countdown(disclosure.at, self.now);
                format!("{} · {left} · {}", self.zone.long(disclosure.at), disclosure.source)
            }
            ([_], _) => "Enter sets it".to_owned(),
            (many, _) => format!("Enter sets it on {} cases", many.len()),
        })
    }

    fn submit(&mut self) -> Vec<Effect> {
        if let Some(effects) = self.submit_about_keys().or_else(|| self.submit_to_drill()) {
            return effects;
        }
        let Some(Overlay::Prompt(prompt)) = &self.overlay else { return Vec::new() };
        let typed = prompt.input.value().trim().to_owned();
        let targets = prompt.targets.clone();
        let decision = match &prompt.purpose {
            Purpose::Groom(_) => match self.groomed(prompt) {
                Some(decision) => Some(decision),
                None => return Vec::new(),
            },
            Purpose::Filter { .. } => {
                if prompt.hint.is_err() {
                    return Vec::new();
                }
                self.overlay = None;
                return Vec::new();
            }
            Purpose::Date if typed.is_empty() => None,
            Purpose::Date => match self.zone.read(&typed) {
                Ok(wish) => Some(Decision::Disclosure(wish)),
                Err(_) => return Vec::new(),
            },
            Purpose::Note => (!typed.is_empty()).then_some(Decision::Note(typed)),
            Purpose::Title => (!typed.is_empty()).then_some(Decision::Title(typed)),
            Purpose::Product => Some(Decision::Product((!typed.is_empty()).then_some(typed))),
            Purpose::Say(saying) => Some(saying.decision((!typed.is_empty()).then_some(typed))),
            Purpose::Vector => match Self::vector_decision(&typed) {
                None => return Vec::new(),
                decision => decision,
            },
            _ => None,
        };
        self.overlay = None;
        let orders: Vec<Order> =
            decision.map(|decision| self.orders(&targets, &decision)).unwrap_or_default();
        self.decide_all(orders)
    }

    /// Pasted text goes where text is typed, and nowhere else: it is never a command.
    pub(super) fn pasted(&mut self, pasted: &str) -> Vec<Effect> {
        let one_line: String =
            text::block(pasted).chars().map(|c| if c == '\n' { ' ' } else { c }).take(MAX_TYPED).collect();
        let input = match &mut self.overlay {
            Some(Overlay::Prompt(prompt)) => &mut prompt.input,
            Some(Overlay::Picker(picker)) => &mut picker.input,
            Some(Overlay::Scoring(_)) => return self.pasted_vector(pasted),
            _ => {
                return self.complain("pasted text goes into a prompt; open one first, such as n for a note");
            }
        };
        for character in one_line.chars() {
            if input.value().chars().count() >= MAX_TYPED {
                break;
            }
            input.handle(InputRequest::InsertChar(character));
        }
        self.typed()
    }
}

/// Changes `input` as `key` says, the way a shell's line is edited.
fn edit(input: &mut Input, key: Key) {
    let request = match (key.code, key.ctrl) {
        (Code::Char('a'), true) | (Code::Home, _) => InputRequest::GoToStart,
        (Code::Char('e'), true) | (Code::End, _) => InputRequest::GoToEnd,
        (Code::Char('w'), true) => InputRequest::DeletePrevWord,
        (Code::Char('u'), true) => InputRequest::DeleteLine,
        (Code::Char('k'), true) => InputRequest::DeleteTillEnd,
        (Code::Char('h'), true) | (Code::Backspace, _) => InputRequest::DeletePrevChar,
        (Code::Delete, _) => InputRequest::DeleteNextChar,
        (Code::Left, _) => InputRequest::GoToPrevChar,
        (Code::Right, _) => InputRequest::GoToNextChar,
        // What cannot be shown as it is cannot be typed either.
        (Code::Char(character), false) if is_showable(character) => InputRequest::InsertChar(character),
        _ => return,
    };
    input.handle(request);
}

fn is_showable(character: char) -> bool {
    let alone = character.to_string();
    text::line(&alone) == alone
}
