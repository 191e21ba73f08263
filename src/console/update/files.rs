//! Attachments: chosen, and written where the person says. The sender's name
//! for a file is shown and is never a path.

use crate::console::model::Model;
use crate::console::msg::Effect;
use crate::console::overlay::{Choice, Item, Overlay, Picker, Purpose};
use crate::text;

impl Model {
    /// A picker over the attachments of the case that is read.
    pub(super) fn open_files(&mut self) -> Vec<Effect> {
        let Some(dossier) = &self.reading.dossier else { return Vec::new() };
        let case = dossier.case.key;
        let mut items = Vec::new();
        for (mail, message) in dossier.messages.iter().enumerate() {
            for (index, file) in message.content.attachments.iter().enumerate() {
                items.push(Item {
                    text: text::line(&file.name),
                    aside: format!("mail {} · {} bytes", mail + 1, file.size),
                    refusal: None,
                    choice: Choice::File(message.id, index + 1),
                });
            }
        }
        if items.is_empty() {
            return self.complain("nothing is attached to the messages of this case");
        }
        self.show(Overlay::Picker(Picker::new("write attachment".to_owned(), vec![case], items)))
    }

    /// Asks where the chosen one goes.
    pub(super) fn open_file_prompt(&mut self, message: i64, number: usize) -> Vec<Effect> {
        let case = self.reading.dossier.as_ref().map(|dossier| dossier.case.key);
        let effects = self.open_prompt(Purpose::WriteFile(message, number), String::new());
        if let Some(Overlay::Prompt(prompt)) = &mut self.overlay {
            prompt.targets = case.into_iter().collect();
            prompt.about = format!("attachment {number}");
        }
        effects
    }
}
