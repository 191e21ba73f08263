//! The text that somebody edits: a few lines on top that say how it will
//! travel, then the answer. Of those lines only the subject is read back.

use crate::text;

/// What a person gets into the editor, and what they gave back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// The subject that the reader sees.
    pub subject: String,
    /// The answer.
    pub text: String,
}

const SUBJECT: &str = "Subject: ";
const TO: &str = "To: ";
const HOW: &str = "How: ";

impl Draft {
    /// The draft as it is edited. `to` and `how` are for the person's eyes.
    pub(super) fn to_edit(&self, to: &str, how: &str) -> String {
        let subject = text::line(&self.subject);
        format!("{TO}{to}\n{SUBJECT}{subject}\n{HOW}{how}\n\n{}", self.text)
    }

    /// What was edited; where the lines on top are gone, all of it is the answer.
    /// What somebody wrote above them belongs to it as well: the cursor of most
    /// editors stands there first.
    pub fn read(edited: &str, subject: &str) -> Self {
        let edited = edited.replace("\r\n", "\n");
        let lines: Vec<&str> = edited.split('\n').collect();
        let Some(head) = head_in(&lines) else { return Self { subject: subject.to_owned(), text: edited } };
        let named = lines.get(head.clone()).into_iter().flatten().find_map(|line| line.strip_prefix(SUBJECT));
        let subject = named.map(str::trim).filter(|named| !named.is_empty()).unwrap_or(subject);
        let above = lines.get(..head.start).unwrap_or_default().join("\n");
        let below = lines.get(head.end..).unwrap_or_default();
        let below = below.strip_prefix(&[""]).unwrap_or(below).join("\n");
        let text = if above.trim().is_empty() { below } else { format!("{above}\n{below}") };
        Self { subject: subject.to_owned(), text }
    }
}

/// The lines on top: at least two that stand together, or one by itself at the very top.
fn head_in(lines: &[&str]) -> Option<std::ops::Range<usize>> {
    let is_ours = |line: &&str| [TO, SUBJECT, HOW].iter().any(|name| line.starts_with(name.trim_end()));
    let start = lines.iter().position(is_ours)?;
    let length = lines.get(start..)?.iter().take_while(|line| is_ours(line)).count();
    let is_by_itself = start == 0 && lines.get(1).is_none_or(|line| line.is_empty());
    (length >= 2 || is_by_itself).then(|| start..start + length)
}

/// Whether an edited text says on top that it goes to somebody else than `to`.
pub(super) fn is_to_another(edited: &str, to: &str) -> bool {
    edited.lines().next().and_then(|line| line.strip_prefix(TO)).is_some_and(|named| named != to)
}

/// The text of a message as an answer quotes it (RFC 3676, section 4.5).
pub(super) fn quoted(said: &str, introduction: &str) -> String {
    let mut quoted = format!("{introduction}\n");
    for line in text::block(said.trim_end()).lines() {
        let mark = if line.is_empty() || line.starts_with('>') { ">" } else { "> " };
        quoted.push_str(mark);
        quoted.push_str(line.trim_end());
        quoted.push('\n');
    }
    quoted
}

/// The subject of an answer: one `Re:`, and the tag by which it finds its case.
pub(super) fn subject_of(answered: &str, id: &str) -> String {
    let mut bare = answered.trim();
    while let Some(rest) = bare.get(..3).filter(|start| start.eq_ignore_ascii_case("re:")).and(bare.get(3..))
    {
        bare = rest.trim_start();
    }
    let tag = format!("[{id}]");
    match (bare.is_empty(), bare.contains(&tag)) {
        (true, _) => tag,
        (_, true) => format!("Re: {bare}"),
        _ => format!("Re: {bare} {tag}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_edited_comes_back_and_the_subject_can_be_changed() {
        let draft = Draft { subject: "Re: x [SEC-2026-0001]".to_owned(), text: "Hello\n\n> y\n".to_owned() };
        let edited = draft.to_edit("Mara <m@x>", "encrypted to AB");
        assert_eq!(Draft::read(&edited, "other"), draft);
        assert!(!is_to_another(&edited, "Mara <m@x>") && is_to_another(&edited, "Bob <b@x>"));
        assert!(!is_to_another("Hello\n", "Bob <b@x>"));
        let changed = edited.replace("Re: x", "Re: z");
        assert_eq!(Draft::read(&changed, "other").subject, "Re: z [SEC-2026-0001]");
        assert_eq!(
            Draft::read("To whom it may concern:\n\nno", "kept").text,
            "To whom it may concern:\n\nno"
        );
        assert_eq!(Draft::read("only this", "kept").subject, "kept");
        let above = Draft::read(&format!("Thanks!\n{edited}"), "other");
        assert_eq!(
            (above.subject.as_str(), above.text.as_str()),
            (draft.subject.as_str(), "Thanks!\nHello\n\n> y\n")
        );
        let between = edited.replace("\nSubject:", "\nThanks!\nSubject:");
        assert!(Draft::read(&between, "other").text.contains("Thanks!"));
    }

    #[test]
    fn quoting_deepens_what_was_quoted_and_shows_what_steers_a_terminal() {
        let said = "one\n> two\n\n\x1b[31mthree  \n";
        assert_eq!(quoted(said, "Mara wrote:"), "Mara wrote:\n> one\n>> two\n>\n> <ESC>[31mthree\n");
    }

    #[test]
    fn a_subject_has_one_re_and_one_tag() {
        assert_eq!(subject_of("RE: re: Heap", "SEC-2026-0001"), "Re: Heap [SEC-2026-0001]");
        assert_eq!(subject_of("Heap [SEC-2026-0001]", "SEC-2026-0001"), "Re: Heap [SEC-2026-0001]");
        assert_eq!(subject_of("  ", "SEC-2026-0001"), "[SEC-2026-0001]");
        assert_eq!(subject_of("ré: x", "SEC-2026-0001"), "Re: ré: x [SEC-2026-0001]");
    }
}
