//! Tab in a prompt: the word before the cursor goes on as far as it can.

use tui_input::Input;

use crate::console::grooming::Groom;
use crate::console::model::Model;
use crate::console::msg::Effect;
use crate::console::overlay::{Overlay, Purpose};
use crate::text;
use crate::triage::query;

/// Words that the hint names at most.
const MAX_SHOWN: usize = 12;

impl Model {
    pub(super) fn complete(&mut self) -> Vec<Effect> {
        let Some(Overlay::Prompt(prompt)) = &self.overlay else { return Vec::new() };
        let value = prompt.input.value();
        let at = value.char_indices().nth(prompt.input.cursor()).map_or(value.len(), |(at, _)| at);
        let (before, after) = value.split_at(at);
        let (from, words, end) = match &prompt.purpose {
            Purpose::Filter { .. } => {
                let found = query::complete(before);
                (found.from, found.words, " ")
            }
            Purpose::Groom(Groom::Readers) => {
                let from = before.rfind(',').map_or(0, |comma| comma + 1);
                let from = from + before[from..].len() - before[from..].trim_start().len();
                let begun = before[from..].to_lowercase();
                let fits = |name: &&String| name.to_lowercase().starts_with(&begun);
                (from, self.people.iter().filter(fits).cloned().collect(), ", ")
            }
            _ => return Vec::new(),
        };
        let Some(first) = words.first() else { return Vec::new() };
        let begun = before.get(from..).unwrap_or_default();
        let word = match words.as_slice() {
            // A field goes on with its value.
            [one] if one.ends_with(':') => one.clone(),
            [one] => format!("{one}{end}"),
            _ => common(first, &words).to_owned(),
        };
        // What was typed in another way stays where nothing can be added to it.
        let word = if word.len() > begun.len() || words.len() == 1 { word } else { begun.to_owned() };
        let kept = before.get(..from).unwrap_or_default();
        let cursor = kept.chars().count() + word.chars().count();
        let completed = Input::new(format!("{kept}{word}{after}")).with_cursor(cursor);
        let shown: Vec<String> = words.iter().take(MAX_SHOWN).map(|word| text::line(word)).collect();
        if let Some(Overlay::Prompt(prompt)) = &mut self.overlay {
            prompt.input = completed;
        }
        let effects = self.typed();
        if let Some(Overlay::Prompt(prompt)) = &mut self.overlay
            && words.len() > 1
        {
            prompt.hint = Ok(shown.join("  "));
            prompt.wrong = None;
        }
        effects
    }
}

/// The beginning that all of `words` have in common.
fn common<'a>(first: &'a str, words: &[String]) -> &'a str {
    let shared = |word: &String| {
        let same = first.char_indices().zip(word.chars()).find(|((_, one), other)| one != other);
        same.map_or(first.len().min(word.len()), |((at, _), _)| at)
    };
    first.get(..words.iter().map(shared).min().unwrap_or_default()).unwrap_or_default()
}
