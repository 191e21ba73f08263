//! Words on their way into the full-text index.

use super::super::{Result, Writer};
use crate::triage::Case;
use crate::triage::message::Content;

/// Longest text of one message that is indexed, in bytes; words behind it are not found.
const INDEXED_TEXT: usize = 1 << 20;

impl Writer<'_> {
    /// Brings the words of a message into the index. A new one is only added:
    /// looking for what it might replace would cost more than all the rest.
    pub(in crate::store) fn index_message(&self, message: i64, content: &Content, is_new: bool) {
        let mut end = content.text.len().min(INDEXED_TEXT);
        while !content.text.is_char_boundary(end) {
            end -= 1;
        }
        let mut words = format!("{}\n{}", content.subject, &content.text[..end]);
        for person in std::iter::once(&content.from).chain(&content.to) {
            words.extend(["\n", &person.name, " ", &person.email]);
        }
        for attachment in &content.attachments {
            words.extend(["\n", &attachment.name]);
        }
        self.index(message, words, is_new);
    }

    /// Brings what people wrote about a case into the index: needed once they
    /// changed it, for until then its words are those of its messages.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn index_case(&self, case: &Case) -> Result<()> {
        let mut words = case.title.clone();
        for value in [&case.product, &case.component, &case.assignee].into_iter().flatten().chain(&case.tags)
        {
            words.extend(["\n", value]);
        }
        for note in self.notes(case.key)? {
            words.extend(["\n", &note]);
        }
        self.index(-case.key.0, words, false);
        Ok(())
    }

    fn index(&self, rowid: i64, words: String, is_new: bool) {
        self.unindexed.borrow_mut().push(Words { rowid, words, is_new });
    }

    /// Writes the words that were gathered, once all rows of the transaction
    /// stand: a statement on another table in between would make the index
    /// write out what it holds in memory, message by message.
    pub(in crate::store) fn index_words(&self) -> Result<()> {
        let mut unindexed = self.unindexed.take();
        // Stable: of two texts for one row the later one stays.
        unindexed.sort_by_key(|words| words.rowid);
        for Words { rowid, words, is_new } in unindexed {
            let sql = if is_new {
                "INSERT INTO search (rowid, text) VALUES (?1, ?2)"
            } else {
                "INSERT OR REPLACE INTO search (rowid, text) VALUES (?1, ?2)"
            };
            self.transaction.prepare_cached(sql)?.execute((rowid, words))?;
        }
        Ok(())
    }
}

/// Words that wait for the end of their transaction.
pub(in crate::store) struct Words {
    rowid: i64,
    words: String,
    is_new: bool,
}
