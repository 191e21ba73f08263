//! Lanes, waiting for the reporter, the date that one asks for, the hunt for
//! variants, and who may see a case.

use crate::console::grooming::{Answer, Awaited, Groom, Hunt, Pick, Question, Step};
use crate::console::model::Model;
use crate::console::msg::Effect;
use crate::console::overlay::{Choice, Item, Overlay, Picker, Prompt, Purpose, Yes};
use crate::console::paper::Role;
use crate::text;
use crate::triage::variants::Variants;
use crate::triage::{CaseKey, Decision, Lane, LaneStep, clock};

impl Model {
    fn pick(&mut self, title: String, targets: Vec<CaseKey>, items: Vec<Item>) -> Vec<Effect> {
        self.overlay = Some(Overlay::Picker(Picker::new(title, targets, items)));
        Vec::new()
    }

    /// The lanes with who has them, how far they are and since when.
    pub(super) fn open_lanes(&mut self) -> Vec<Effect> {
        let item = |lane: Lane| {
            let work = self.case_at_hand().and_then(|case| case.lane(lane));
            let since = |at| clock::ago(at, self.now);
            let (words, aside) = match work {
                Some(work) => {
                    let at = work.done_at.or(work.accepted_at).unwrap_or(work.asked_at);
                    (text::line(&work.in_words()), since(at))
                }
                None => {
                    (String::new(), self.owner_of(lane).map(|owner| text::line(&owner)).unwrap_or_default())
                }
            };
            let choice = Choice::Groom(Pick::Lane(lane));
            Item { text: format!("{lane:<12} {words}").trim_end().to_owned(), aside, refusal: None, choice }
        };
        let items = Lane::ALL.into_iter().map(item).collect();
        self.pick(format!("lanes of {}", self.targets_in_words()), self.targets(), items)
    }

    /// Who would be asked in a lane of the case at hand.
    fn owner_of(&self, lane: Lane) -> Option<String> {
        let case = self.case_at_hand()?;
        let known = case.lane(lane).and_then(|work| work.owner.clone());
        known.or_else(|| self.rules.owner(case.product.as_deref(), lane))
    }

    fn open_steps(&mut self, lane: Lane, targets: Vec<CaseKey>) -> Vec<Effect> {
        let case = self.case_at_hand();
        let refusal = |step: &LaneStep| {
            let work = case?.lane(lane);
            step.after(lane, work, &self.actor, self.now).err().map(|refusal| refusal.to_string())
        };
        let item = |name: &str, does: &str, step: Step, tried: Option<LaneStep>| Item {
            text: format!("{name:<8} {does}"),
            aside: String::new(),
            refusal: tried.as_ref().and_then(&refusal),
            choice: Choice::Groom(Pick::Step(lane, step)),
        };
        let mut items = vec![
            item("ask", "hand it over, with a note", Step::Ask, None),
            item("accept", "I take it", Step::Accept, Some(LaneStep::Accept)),
            item("done", "its part is done, and what came of it", Step::Finish, Some(LaneStep::Finish(None))),
            item("drop", "it is not needed after all", Step::Drop, Some(LaneStep::Drop)),
        ];
        // What can be done now comes first, so that Enter does something.
        items.sort_by_key(|item| item.refusal.is_some());
        self.pick(format!("{lane} for {}", self.targets_in_words()), targets, items)
    }

    /// Takes what was chosen in a picker of lanes or variants.
    pub(super) fn picked(&mut self, pick: Pick, targets: Vec<CaseKey>) -> Vec<Effect> {
        let decision = match pick {
            Pick::Lane(lane) => return self.open_steps(lane, targets),
            Pick::Step(lane, Step::Ask) => {
                let owner = self.owner_of(lane).map(|owner| format!("{}: ", text::line(&owner)));
                return self.open_groom(Groom::Ask(lane), Some(lane), owner.unwrap_or_default());
            }
            Pick::Step(lane, Step::Finish) => {
                return self.open_groom(Groom::Finish(lane), Some(lane), String::new());
            }
            Pick::Step(lane, Step::Accept) => Decision::Lane(lane, LaneStep::Accept),
            Pick::Step(lane, Step::Drop) => Decision::Lane(lane, LaneStep::Drop),
            Pick::Hunt(Hunt::Done) => return self.open_groom(Groom::Hunted, None, String::new()),
            Pick::Hunt(Hunt::Waived) => return self.open_groom(Groom::Waived, None, String::new()),
            Pick::Hunt(Hunt::Open) => Decision::Variants(None),
            Pick::Template(name) => return self.open_farewell_ends(name, targets),
            Pick::Farewell(template, resolution) => {
                return self.plan_farewell(template, resolution, &targets);
            }
        };
        let orders = self.orders(&targets, &decision);
        self.decide_all(orders)
    }

    fn open_groom(&mut self, groom: Groom, lane: Option<Lane>, text: String) -> Vec<Effect> {
        let effects = self.open_prompt(Purpose::Groom(groom), text);
        if let (Some(Overlay::Prompt(prompt)), Some(lane)) = (&mut self.overlay, lane) {
            prompt.about = format!("{lane} of {}", prompt.about);
        }
        effects
    }

    /// Waits for the reporter, or not any more.
    pub(super) fn wait_or_go_on(&mut self) -> Vec<Effect> {
        if self.case_at_hand().is_some_and(|case| case.waits.now.is_some()) {
            let orders = self.orders(&self.targets(), &Decision::Wait(None));
            return self.decide(orders);
        }
        self.open_groom(Groom::Wait, None, String::new())
    }

    /// The date that the reporter asks for, with the sentence that does.
    pub(super) fn ask_demand(&mut self) -> Vec<Effect> {
        if self.targets().len() > 1 {
            return self.complain("reporter's date: it belongs to one case; Esc drops the marks");
        }
        let Some(case) = self.case_at_hand() else { return Vec::new() };
        let Some(demand) = &case.demand else {
            return self
                .complain("no mail of this case asks for a date that is still to be decided; d sets one");
        };
        let date = |name: &str, at| {
            let left = clock::countdown(at, self.now);
            (Role::Plain, format!("{name:<10} {} · {left}", self.zone.long(at)))
        };
        let lines = vec![
            (Role::Plain, "the reporter wrote".to_owned()),
            (Role::Quote, format!("> {}", text::line(&demand.sentence))),
            date("asked for", demand.at),
            date("stands", case.disclosure.at),
            (Role::Faint, format!("{:<10} {}", "", text::line(&case.disclosure.in_words()))),
        ];
        let title = format!("the reporter's date · {}", text::line(&case.id));
        let decide = |taken| Yes::Decide(self.orders(&[case.key], &Decision::Demand(taken)));
        let answers =
            vec![Answer::doing('y', "take it", decide(true)), Answer::doing('n', "drop it", decide(false))];
        let question = Question { title, lines, answers, top: 0, awaits: Awaited::Nothing };
        self.overlay = Some(Overlay::Question(Box::new(question)));
        Vec::new()
    }

    /// How the hunt for variants stands, and how it may go on.
    pub(super) fn open_variants(&mut self) -> Vec<Effect> {
        let stands = self.case_at_hand().map(|case| match &case.variants {
            Some(variants) => text::line(&variants.to_string()),
            None => "open".to_owned(),
        });
        let item = |text: &str, hunt| Item {
            text: text.to_owned(),
            aside: String::new(),
            refusal: None,
            choice: Choice::Groom(Pick::Hunt(hunt)),
        };
        let items = vec![
            item("done     say what was found", Hunt::Done),
            item("waived   say why there is none", Hunt::Waived),
            item("open     it is still to be done", Hunt::Open),
        ];
        let stands = stands.map_or(String::new(), |stands| format!(": {stands}"));
        self.pick(format!("variant hunt of {}{stands}", self.targets_in_words()), self.targets(), items)
    }

    /// Who alone may see the case.
    pub(super) fn open_readers(&mut self) -> Vec<Effect> {
        let known =
            self.case_at_hand().map(|case| case.readers.clone()).filter(|readers| !readers.is_empty());
        let readers = known.unwrap_or_else(|| vec![self.actor.clone()]);
        self.open_groom(Groom::Readers, None, text::line(&readers.join(", ")))
    }

    /// What Enter would do with what is typed.
    pub(super) fn groom_hint(&self, groom: &Groom, typed: &str) -> Result<String, String> {
        let typed = typed.trim();
        Ok(match groom {
            Groom::Ask(_) => match asked(typed, &self.people) {
                (Some(owner), _) => {
                    format!("Enter asks {}; the answer time counts from now", text::line(&owner))
                }
                (None, _) => "NAME: what to do; without a name the product's owner is asked".to_owned(),
            },
            Groom::Finish(_) => {
                "Enter notes that it is done, and this; nothing typed keeps its note".to_owned()
            }
            Groom::Wait if typed.is_empty() => {
                "what the reporter is to send; empty: not waiting any more".to_owned()
            }
            Groom::Wait => "Enter suspends triage, reporter update and stalled until w again".to_owned(),
            Groom::Hunted => "what came of looking for similar issues; Enter ends the hunt".to_owned(),
            Groom::Waived if typed.is_empty() => return Err("say why".to_owned()),
            Groom::Waived => "Enter waives the hunt".to_owned(),
            Groom::Readers => match names(typed).as_slice() {
                [] => "Enter opens it to everybody".to_owned(),
                // Whoever restricts a case stays among those who see it.
                readers if !readers.iter().any(|reader| reader.eq_ignore_ascii_case(&self.actor)) => {
                    return Err(format!(
                        "name {} too, or you would no longer see it",
                        text::line(&self.actor)
                    ));
                }
                readers => {
                    let readers: Vec<String> = readers.iter().map(|reader| text::line(reader)).collect();
                    format!("Enter: only {} may see it; Tab completes, empty opens it", readers.join(", "))
                }
            },
        })
    }

    /// The decision that a prompt of this kind asks for; `None` where it cannot be made.
    pub(super) fn groomed(&self, prompt: &Prompt) -> Option<Decision> {
        let Purpose::Groom(groom) = &prompt.purpose else { return None };
        let typed = prompt.input.value().trim().to_owned();
        self.groom_hint(groom, &typed).ok()?;
        let some = |typed: String| (!typed.is_empty()).then_some(typed);
        Some(match groom {
            Groom::Ask(lane) => {
                let (owner, note) = asked(&typed, &self.people);
                Decision::Lane(*lane, LaneStep::Ask { owner, note })
            }
            Groom::Finish(lane) => Decision::Lane(*lane, LaneStep::Finish(some(typed))),
            Groom::Wait => Decision::Wait(some(typed)),
            Groom::Hunted => Decision::Variants(Some(Variants::Done(typed))),
            Groom::Waived => Decision::Variants(Some(Variants::Waived(typed))),
            Groom::Readers => Decision::Readers(names(&typed)),
        })
    }
}

/// `ben: please reproduce` is somebody and a note. What stands before the
/// colon is a name where it is one word, or a name that is known.
fn asked(typed: &str, people: &[String]) -> (Option<String>, Option<String>) {
    let some = |text: &str| (!text.trim().is_empty()).then(|| text.trim().to_owned());
    let is_name = |head: &str| {
        let head = head.trim();
        !head.is_empty()
            && (!head.contains(char::is_whitespace)
                || people.iter().any(|person| person.eq_ignore_ascii_case(head)))
    };
    match typed.split_once(':') {
        // `https://...` is no name.
        Some((head, note)) if is_name(head) && (note.is_empty() || note.starts_with(char::is_whitespace)) => {
            // The line begins with a name already: who types it again means it once.
            match asked(note, people) {
                (Some(again), rest) if again.eq_ignore_ascii_case(head.trim()) => (some(head), rest),
                _ => (some(head), some(note)),
            }
        }
        _ => (None, some(typed)),
    }
}

/// Names between commas.
fn names(typed: &str) -> Vec<String> {
    typed.split(',').map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_comes_before_a_colon_and_an_address_is_none() {
        let people = ["Ben Miller".to_owned()];
        let words = |owner: &str, note: &str| {
            let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
            (some(owner), some(note))
        };
        for (typed, owner, note) in [
            ("ben: please reproduce", "ben", "please reproduce"),
            ("ben:", "ben", ""),
            ("ben: ben: please reproduce", "ben", "please reproduce"),
            ("ben: note: please reproduce", "ben", "note: please reproduce"),
            ("please: look", "please", "look"),
            ("please look: now", "", "please look: now"),
            ("ben miller: look", "ben miller", "look"),
            ("https://x.example/1", "", "https://x.example/1"),
            ("", "", ""),
        ] {
            assert_eq!(asked(typed, &people), words(owner, note), "{typed}");
        }
    }
}
