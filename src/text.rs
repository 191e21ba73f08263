//! The one way in which foreign text becomes safe to show.
//!
//! Subjects, names, bodies, user IDs, file names and error texts of other
//! programs are hostile until they went through here: no escape sequence, no
//! control byte and no direction override may reach a terminal, a log, the
//! clipboard or an editor's file. What is dangerous is *shown* (`<ESC>`,
//! `<U+202E>`), not dropped: it is evidence.

pub mod wrap;

use std::fmt::Write as _;

use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

/// Columns between tab stops.
const TAB: usize = 8;

/// Combining marks kept on one base character; more is an attack on the rows above.
const MAX_MARKS: usize = 4;

/// One line of foreign text, safe for any terminal. Line breaks are shown as
/// `<LF>` and `<CR>`, so a value can never spill into the next row.
pub fn line(foreign: &str) -> String {
    let mut out = String::with_capacity(foreign.len());
    write_safe(foreign, &mut out);
    out
}

/// Several lines of foreign text: `\n`, `\r\n` and a lone `\r` end a line,
/// everything else is treated as [`line()`] does.
pub fn block(foreign: &str) -> String {
    let mut out = String::with_capacity(foreign.len());
    let mut rest = foreign;
    while let Some(at) = rest.find(['\n', '\r']) {
        write_safe(&rest[..at], &mut out);
        out.push('\n');
        let ended_by = if rest[at..].starts_with("\r\n") { 2 } else { 1 };
        rest = &rest[at + ended_by..];
    }
    write_safe(rest, &mut out);
    out
}

/// `text` cut to at most `columns` terminal columns, with `…` where something
/// is missing. Expects text that is already safe.
pub fn fit(text: &str, columns: usize) -> String {
    if text.width() <= columns {
        return text.to_owned();
    }
    let mut out = String::new();
    let mut used = 0;
    for cluster in text.graphemes(true) {
        let width = cluster.width();
        if used + width + 1 > columns {
            break;
        }
        used += width;
        out.push_str(cluster);
    }
    if columns > 0 {
        out.push('…');
    }
    out
}

/// JSON whose strings cannot steer a terminal: what is deceptive stands in it
/// as a `\u` escape, which programs read as the same text.
pub fn json(document: &str) -> String {
    let mut out = String::with_capacity(document.len());
    for character in document.chars() {
        // Control characters below U+0020 are escaped by every JSON writer.
        if character == '\u{7f}' || is_deceptive(character) {
            for unit in character.encode_utf16(&mut [0; 2]) {
                let _ = write!(out, "\\u{unit:04x}");
            }
        } else {
            out.push(character);
        }
    }
    out
}

/// One line of foreign text for a page or a picture: nothing in it is markup
/// of HTML or SVG, or could steer a terminal.
pub fn escaped(foreign: &str) -> String {
    let mut out = String::with_capacity(foreign.len());
    for character in line(foreign).chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}

fn write_safe(foreign: &str, out: &mut String) {
    let mut column = 0;
    let mut marks = 0;
    for character in foreign.chars() {
        if character == '\t' {
            let spaces = TAB - column % TAB;
            out.extend(std::iter::repeat_n(' ', spaces));
            column += spaces;
            marks = 0;
        } else if let Some(name) = control_name(character) {
            column += name.len() + 2;
            let _ = write!(out, "<{name}>");
            marks = 0;
        } else if is_deceptive(character) {
            let before = out.len();
            let _ = write!(out, "<U+{:04X}>", character as u32);
            column += out.len() - before;
            marks = 0;
        } else {
            let width = character.width().unwrap_or(0);
            marks = if width == 0 { marks + 1 } else { 0 };
            if marks <= MAX_MARKS {
                out.push(character);
                column += width;
            }
        }
    }
}

/// The customary name of an ASCII control character.
fn control_name(character: char) -> Option<&'static str> {
    const NAMES: [&str; 32] = [
        "NUL", "SOH", "STX", "ETX", "EOT", "ENQ", "ACK", "BEL", "BS", "HT", "LF", "VT", "FF", "CR", "SO",
        "SI", "DLE", "DC1", "DC2", "DC3", "DC4", "NAK", "SYN", "ETB", "CAN", "EM", "SUB", "ESC", "FS", "GS",
        "RS", "US",
    ];
    match character as usize {
        code @ 0..=31 => Some(NAMES[code]),
        127 => Some("DEL"),
        _ => None,
    }
}

/// Characters that steer the terminal, reorder text or stand invisibly in it.
fn is_deceptive(character: char) -> bool {
    matches!(character,
        '\u{80}'..='\u{9f}'           // C1 controls, CSI and OSC among them
        | '\u{ad}'                    // soft hyphen
        | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180e}'
        | '\u{200b}' | '\u{200c}' | '\u{200e}' | '\u{200f}'
        | '\u{2028}'..='\u{202e}'     // separators, embeddings and overrides
        | '\u{2060}'..='\u{206f}'     // invisible operators and isolates
        | '\u{3164}' | '\u{feff}' | '\u{ffa0}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
        | '\u{e000}'..='\u{f8ff}'     // private use: shapes depend on the reader's font
        | '\u{e0000}'..='\u{e0fff}'   // tags
        | '\u{f0000}'..='\u{10ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escape_sequences_are_shown_not_sent() {
        assert_eq!(line("a\x1b[2Jb\u{9b}0m"), "a<ESC>[2Jb<U+009B>0m");
        assert_eq!(line("exe\u{202e}fdp.x"), "exe<U+202E>fdp.x");
        assert_eq!(line("one\r\ntwo"), "one<CR><LF>two");
    }

    #[test]
    fn blocks_keep_their_lines_whatever_ends_them() {
        assert_eq!(block("a\r\nb\rc\nd\x0c"), "a\nb\nc\nd<FF>");
    }

    #[test]
    fn json_keeps_its_meaning_and_loses_its_teeth() {
        let hostile = "a\u{9b}2J\u{202e}\u{e0041}\u{7f}\u{1b}[m";
        let document = json(&serde_json::to_string(hostile).unwrap());
        assert!(document.is_ascii());
        assert_eq!(serde_json::from_str::<String>(&document).unwrap(), hostile);
    }

    #[test]
    fn nothing_escaped_is_markup() {
        assert_eq!(escaped("<b a='\"'>&\x1b"), "&lt;b a=&#39;&quot;&#39;&gt;&amp;&lt;ESC&gt;");
    }

    #[test]
    fn tabs_reach_the_next_stop() {
        assert_eq!(line("ab\tc"), "ab      c");
    }

    #[test]
    fn marks_cannot_climb_over_other_rows() {
        let zalgo = format!("e{}", "\u{301}".repeat(50));
        assert_eq!(line(&zalgo).chars().count(), 1 + MAX_MARKS);
    }

    #[test]
    fn fitting_counts_columns_not_bytes() {
        assert_eq!(fit("漢字漢字", 5), "漢字…");
        assert_eq!(fit("short", 5), "short");
        assert_eq!(fit("longer", 5), "long…");
        assert_eq!(fit("longer", 0), "");
    }
}
