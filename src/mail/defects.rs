//! What is malformed about a message, in words, each thing once and not without end.

/// More than this many different defects tell a reader nothing new.
const MAX_DEFECTS: usize = 24;

/// Collects defects.
#[derive(Debug, Default)]
pub(super) struct Defects {
    found: Vec<String>,
}

impl Defects {
    /// Notes `defect` unless it is known or there are too many.
    pub fn add(&mut self, defect: impl Into<String>) {
        let defect = defect.into();
        if self.found.len() < MAX_DEFECTS && !self.found.contains(&defect) {
            self.found.push(defect);
        }
    }

    /// What was found, in the order in which it was.
    pub fn into_words(self) -> Vec<String> {
        self.found
    }
}
