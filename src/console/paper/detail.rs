//! The detail pane: what is known about a case, and its messages.

use crate::text;
use crate::triage::message::{Attachment, Direction, Message};
use crate::triage::{Case, Dossier};

use super::facts::facts;
use super::wrap::wrap;
use super::{LABEL, Line, MEASURE, Role, Setting, foreign, heading, ours};

/// Longest text of one message that is typeset, in bytes; `Y` copies the rest too.
const MAX_TEXT: usize = 256 * 1024;
/// Quoted lines in a row from which on they are folded.
const FOLD_FROM: usize = 3;

/// Similar cases that are named, a line each; 'ninety similar' tells more.
const MAX_SIMILAR: usize = 3;

/// Typesets the detail of `dossier`.
pub fn detail(dossier: &Dossier, setting: &Setting<'_>) -> Vec<Line> {
    let mut lines = facts(&dossier.case, setting);
    for one in dossier.similar.iter().take(MAX_SIMILAR) {
        let words = text::fit(&text::line(&one.in_words()), setting.width.saturating_sub(LABEL).max(1));
        lines.extend(setting.fact("similar", vec![ours(Role::Faint, words)]));
    }
    let count = dossier.messages.len();
    for (index, message) in dossier.messages.iter().enumerate() {
        lines.push(Line::default());
        lines.extend(letter(message, index + 1, count, &dossier.case, setting));
    }
    lines
}

fn letter(message: &Message, number: usize, count: usize, case: &Case, setting: &Setting<'_>) -> Vec<Line> {
    let content = &message.content;
    let when = content.date.unwrap_or(message.received_at);
    let way = match message.direction {
        Direction::In => "from",
        Direction::Out => "sent by",
    };
    let title = format!(
        "mail {number} of {count} {way} {}, {}",
        text::line(content.from.short()),
        setting.zone.short(when, setting.now)
    );
    let mut lines = vec![heading(setting, &title)];
    if content.subject != case.title && !content.subject.is_empty() {
        lines.extend(setting.fact("subject", vec![foreign(Role::Plain, &content.subject)]));
    }
    if !content.attachments.is_empty() {
        let listed: Vec<String> = content.attachments.iter().map(attachment).collect();
        lines.extend(setting.fact("attached", vec![ours(Role::Plain, listed.join(" · "))]));
    }
    for defect in &content.defects {
        lines.extend(setting.fact("malformed", vec![foreign(Role::Warn, defect)]));
    }
    lines.extend(body(&content.text, setting));
    lines
}

fn attachment(attachment: &Attachment) -> String {
    format!("{} {}", text::line(&attachment.name), bytes(attachment.size))
}

/// A size for people: `812 B`, `12 kB`, `3.4 MB`.
fn bytes(size: u64) -> String {
    match size {
        0..1_000 => format!("{size} B"),
        1_000..1_000_000 => format!("{} kB", size / 1_000),
        _ => format!("{}.{} MB", size / 1_000_000, size / 100_000 % 10),
    }
}

fn body(foreign: &str, setting: &Setting<'_>) -> Vec<Line> {
    let end = foreign.floor_char_boundary(MAX_TEXT.min(foreign.len()));
    let safe = text::block(foreign.get(..end).unwrap_or_default());
    let source: Vec<&str> = safe.trim_end().lines().collect();
    let mut lines = Vec::new();
    let mut rest = source.as_slice();
    while let Some((first, others)) = rest.split_first() {
        let quoted = rest.iter().take_while(|line| is_quoted(line)).count();
        if quoted >= FOLD_FROM && !setting.unfolded {
            lines.push(Line::of(Role::Faint, format!("  [{quoted} quoted lines, f unfolds]")));
            rest = rest.get(quoted..).unwrap_or_default();
            continue;
        }
        let role = if is_quoted(first) { Role::Quote } else { Role::Plain };
        let width = setting.width.min(MEASURE);
        lines.extend(wrap(first, width).into_iter().map(|line| Line::of(role, line)));
        rest = others;
    }
    if end < foreign.len() {
        let more = bytes((foreign.len() - end) as u64);
        lines.push(Line::of(Role::Warn, format!("[{more} more are not shown; Y copies all of it]")));
    }
    lines
}

fn is_quoted(line: &str) -> bool {
    line.trim_start().starts_with('>')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::console::zone::Zone;

    fn set(text: &str, unfolded: bool) -> Vec<String> {
        let now = "2026-11-23T22:00:00Z".parse().unwrap();
        let zone = Zone::Fixed(chrono::FixedOffset::east_opt(0).unwrap());
        let calendar = crate::triage::calendar::Calendar::default();
        let lines = body(text, &Setting { width: 40, now, zone, unfolded, calendar: &calendar });
        lines.iter().map(|line| line.0.iter().map(|piece| piece.text.as_str()).collect()).collect()
    }

    #[test]
    fn long_quotes_fold_and_unfold() {
        let mail = "Hello\n> a\n> b\n> c\nBye\n> one\n";
        assert_eq!(set(mail, false), ["Hello", "  [3 quoted lines, f unfolds]", "Bye", "> one"]);
        assert_eq!(set(mail, true), ["Hello", "> a", "> b", "> c", "Bye", "> one"]);
    }

    #[test]
    fn no_escape_sequence_comes_through() {
        assert_eq!(set("a\x1b]0;title\x07b", false), ["a<ESC>]0;title<BEL>b"]);
    }

    #[test]
    fn enormous_texts_are_cut_and_say_so() {
        let lines = set(&"é\n".repeat(MAX_TEXT), false);
        assert!(lines.last().unwrap().ends_with("Y copies all of it]"));
    }

    #[test]
    fn sizes_are_for_people() {
        assert_eq!([999, 12_345, 3_456_789].map(bytes), ["999 B", "12 kB", "3.4 MB"]);
    }
}
