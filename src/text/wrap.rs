//! Breaking safe text into lines of a width.

use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::UnicodeWidthStr as _;

/// The lines of `text` at most `width` columns wide, broken at blanks where
/// there are any and inside words where a word alone is too long. Blanks at
/// the beginning are kept: code in mails lives by them. Expects safe text
/// without line breaks.
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let width = width.max(1);
    if text.width() <= width {
        return vec![text.to_owned()];
    }
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut used = 0;
    for word in text.split_inclusive(' ') {
        let bare = word.trim_end_matches(' ').width();
        if used + bare > width && !line.trim().is_empty() {
            lines.push(std::mem::take(&mut line).trim_end().to_owned());
            used = 0;
        }
        // An indentation that leaves no room is none.
        if used >= width && line.trim().is_empty() {
            line.clear();
            used = 0;
        }
        if used + bare > width {
            used = break_word(word, width, used, &mut line, &mut lines);
        } else {
            line.push_str(word);
            used += word.width();
        }
    }
    if !line.trim().is_empty() || lines.is_empty() {
        lines.push(line.trim_end().to_owned());
    }
    lines
}

/// Lays a word that is longer than a line over as many as it takes.
fn break_word(word: &str, width: usize, used: usize, line: &mut String, lines: &mut Vec<String>) -> usize {
    let mut used = used;
    for cluster in word.graphemes(true) {
        let columns = cluster.width();
        if used + columns > width && !line.is_empty() {
            lines.push(std::mem::take(line));
            used = 0;
        }
        line.push_str(cluster);
        used += columns;
    }
    used
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn lines_break_at_blanks_and_long_words_inside() {
        assert_eq!(wrap("the quick brown fox", 10), ["the quick", "brown fox"]);
        assert_eq!(wrap("aaaaaaaaaaaa b", 5), ["aaaaa", "aaaaa", "aa b"]);
        assert_eq!(wrap("    indented code stays", 15), ["    indented", "code stays"]);
        assert_eq!(wrap("", 5), [""]);
        assert_eq!(wrap("漢字漢字", 5), ["漢字", "漢字"]);
    }

    proptest! {
        #![proptest_config(crate::seeded())]

        #[test]
        fn no_line_is_too_wide_and_no_letter_is_lost(text in "[a-z漢 ]{0,80}", width in 2_usize..30) {
            let lines = wrap(&text, width);
            prop_assert!(lines.iter().all(|line| line.width() <= width));
            let letters = |text: &str| text.chars().filter(|c| *c != ' ').collect::<String>();
            prop_assert_eq!(letters(&lines.concat()), letters(&text));
        }
    }
}
