//! What the writer of a mail says in their own words: sentences, without older
//! mails that are quoted, signatures, code and log headers.

use super::tokens::Sentence;

/// Longest paragraph that is read as one, in bytes: a wall of text without an
/// end is cut, so that memory stays in proportion.
const MAX_PARAGRAPH: usize = 16 * 1024;

/// The sentences of `text` in its writer's own words, in order.
pub(super) fn sentences(text: &str) -> impl Iterator<Item = Sentence> + '_ {
    paragraphs(text).flat_map(|paragraph| {
        let mut sentences = Vec::new();
        let mut rest = paragraph.as_str();
        while !rest.is_empty() {
            let (sentence, after) = rest.split_at(sentence_end(rest));
            sentences.push(Sentence::of(sentence.trim()));
            rest = after.trim_start();
        }
        sentences
    })
}

/// Lines that belong together, joined by blanks.
fn paragraphs(text: &str) -> impl Iterator<Item = String> + '_ {
    let mut lines = own_lines(text).flat_map(pieces).peekable();
    std::iter::from_fn(move || {
        let mut paragraph = String::new();
        loop {
            let line = lines.peek()?.trim();
            let ends = (line.is_empty() && !is_open(&paragraph)) || paragraph.len() > MAX_PARAGRAPH;
            if !paragraph.is_empty() && (ends || (starts_anew(line) && !announces(&paragraph))) {
                return Some(paragraph);
            }
            if !line.is_empty() {
                if !paragraph.is_empty() {
                    paragraph.push(' ');
                }
                paragraph.push_str(line);
            }
            lines.next();
            if lines.peek().is_none() {
                return Some(paragraph).filter(|last| !last.is_empty());
            }
        }
    })
}

/// Whether a paragraph breaks off before what it is about: the date stands alone below.
fn is_open(paragraph: &str) -> bool {
    let last = paragraph.rsplit(char::is_whitespace).next().unwrap_or_default();
    ["on", "at", "by", "until", "before", "am", "um", "bis", "vor"].contains(&last)
}

/// `line` in pieces that a paragraph has room for; an empty line is one piece.
fn pieces(line: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(line);
    std::iter::from_fn(move || {
        let line = rest?;
        let piece = cut(line, MAX_PARAGRAPH);
        rest = Some(&line[piece.len()..]).filter(|rest| !rest.is_empty());
        Some(piece)
    })
}

/// `line` up to `limit` bytes, at a character.
fn cut(line: &str, limit: usize) -> &str {
    &line[..line.floor_char_boundary(limit)]
}

/// The lines that the writer wrote: no quotation, no signature, nothing below an
/// older mail, no fenced code, no header of a mail.
fn own_lines(text: &str) -> impl Iterator<Item = &str> {
    let mut in_code = false;
    text.lines().take_while(|line| !ends_the_mail(line)).map(move |line| {
        let trimmed = line.trim_start();
        if trimmed.starts_with("```") || trimmed.starts_with("~~~") {
            in_code = !in_code;
            return "";
        }
        if in_code || trimmed.starts_with('>') || is_not_prose(trimmed) { "" } else { line }
    })
}

/// The signature mark (RFC 3676, section 4.3) or the head of a mail that is answered below.
fn ends_the_mail(line: &str) -> bool {
    const BELOW: [&str; 5] = [
        "-----Original Message-----",
        "-----Ursprüngliche Nachricht-----",
        "----- Original Message -----",
        "________________________________",
        "-----BEGIN PGP SIGNATURE-----",
    ];
    let line = line.trim_end();
    line == "--" || BELOW.iter().any(|head| line.starts_with(head))
}

/// Headers, the line above a quotation, copyright notices, log lines, encoded data.
fn is_not_prose(line: &str) -> bool {
    const HEADERS: [&str; 8] =
        ["date:", "sent:", "received:", "datum:", "gesendet:", "from ", "copyright", "user-agent:"];
    let end = line.trim_end();
    let starts_with =
        |head: &&str| line.get(..head.len()).is_some_and(|start| start.eq_ignore_ascii_case(head));
    HEADERS.iter().any(starts_with)
        || end.ends_with("wrote:")
        || end.ends_with("schrieb:")
        || line.contains('©')
        || line.contains("(c) ")
        || is_log(line)
        || (end.len() >= 40 && !end.contains(char::is_whitespace))
}

/// A line that opens with a time of day to the second, or a date in brackets.
fn is_log(line: &str) -> bool {
    let head = cut(line, 40).as_bytes();
    let digits = |from: usize| head.get(from..from + 2).is_some_and(|two| two.iter().all(u8::is_ascii_digit));
    let clock = |at: usize| {
        digits(at)
            && head.get(at + 2) == Some(&b':')
            && digits(at + 3)
            && head.get(at + 5) == Some(&b':')
            && digits(at + 6)
    };
    (0..head.len().min(25)).any(|at| clock(at) && (at == 0 || !head[at - 1].is_ascii_digit()))
        && (head.first().is_some_and(|first| first.is_ascii_digit() || *first == b'[') || is_syslog(line))
}

/// `Jan 14 10:00:01 host ...`
fn is_syslog(line: &str) -> bool {
    let mut words = line.split_ascii_whitespace();
    let month =
        words.next().is_some_and(|word| word.len() == 3 && word.bytes().all(|b| b.is_ascii_alphabetic()));
    month && words.next().is_some_and(|day| day.len() <= 2 && day.bytes().all(|b| b.is_ascii_digit()))
}

/// Bullets, headings, table rows, `Key: value`, and lines that open with a date
/// in digits: each is a sentence of its own.
fn starts_anew(line: &str) -> bool {
    let bytes = line.as_bytes();
    let bullet = line.starts_with(['*', '•', '#', '|', '·', '–', '+'])
        || line.starts_with("- ")
        || line.starts_with("-- ");
    let digits = bytes.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let after = bytes.get(digits).copied();
    let numbered = (1..=2).contains(&digits)
        && (after == Some(b')')
            || (after == Some(b'.')
                && bytes.get(digits + 1) == Some(&b' ')
                && is_list_text(&line[digits + 2..])));
    let dated = digits > 0
        && matches!(after, Some(b'-' | b'.' | b'/'))
        && bytes.get(digits + 1).is_some_and(u8::is_ascii_digit);
    bullet || numbered || dated || is_key(line)
}

/// `14. Januar` goes on, `2. Send the file` starts anew.
fn is_list_text(text: &str) -> bool {
    let word = text.split_whitespace().next().unwrap_or_default();
    super::dates::month(&super::tokens::fold(word)).is_none() && word.starts_with(|c: char| !c.is_lowercase())
}

/// `Disclosure date: 14 January`: up to three words before a colon.
fn is_key(line: &str) -> bool {
    let Some((key, value)) = line.split_once(':') else { return false };
    let words = key.split_whitespace().count();
    (1..=3).contains(&words)
        && key.starts_with(char::is_uppercase)
        && (value.is_empty() || value.starts_with(' '))
        && !key.contains(['.', ',', '('])
}

/// A paragraph that ends in a colon wants what follows, except a list of past events.
fn announces(paragraph: &str) -> bool {
    const LISTS: [&str; 5] = ["timeline", "history", "zeitplan", "verlauf", "chronolog"];
    if !paragraph.ends_with(':') {
        return false;
    }
    let last = paragraph.rsplit(['.', '!', '?']).next().unwrap_or_default();
    last.len() < 60 && !LISTS.iter().any(|list| last.to_lowercase().contains(list))
}

/// Where the first sentence of `text` ends, in bytes; never 0.
fn sentence_end(text: &str) -> usize {
    for (at, mark) in text.char_indices().filter(|&(_, c)| matches!(c, '.' | '!' | '?' | '…')) {
        let end = at + mark.len_utf8();
        let rest = &text[end..];
        let closed = rest.trim_start_matches(['"', '”', '“', '’', ')', '\'', '.', '!', '?']);
        let end = text.len() - closed.len();
        if closed.is_empty() {
            return text.len();
        }
        if !closed.starts_with(char::is_whitespace) {
            continue;
        }
        if mark != '.' || !goes_on(cut_tail(&text[..at]), closed.trim_start()) {
            return end;
        }
    }
    text.len().max(1)
}

/// The last bytes of `text`: all that the end of a sentence depends on.
fn cut_tail(text: &str) -> &str {
    &text[text.ceil_char_boundary(text.len().saturating_sub(40))..]
}

/// Whether a full stop between `before` and `after` ends no sentence: an
/// abbreviation, an ordinal (`14. Januar`), a date (`am 14.1. Details`).
fn goes_on(before: &str, after: &str) -> bool {
    const SHORT: [&str; 38] = [
        "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "okt", "nov", "dec", "dez",
        "mrz", "e.g", "i.e", "eg", "ie", "z.b", "d.h", "u.a", "ca", "approx", "ggf", "bzw", "evtl", "resp",
        "dr", "mr", "mrs", "ms", "prof", "nr", "vs", "inkl", "st", "cf",
    ];
    if after.starts_with(char::is_lowercase) {
        return true;
    }
    let mut words = before.split_whitespace().rev();
    let last = words.next().unwrap_or_default().trim_start_matches(['(', '"', '“']).to_lowercase();
    let next = after.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    let ordinal = last.len() <= 2 && last.bytes().all(|b| b.is_ascii_digit());
    let day_and_month = last.split_once('.').is_some_and(|(day, month)| {
        [day, month]
            .iter()
            .all(|part| (1..=2).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit()))
    });
    let on = ["am", "zum", "bis", "vom", "ab", "dem", "den", "der", "vor"];
    (ordinal && super::dates::month(&super::tokens::fold(next)).is_some())
        || (day_and_month && words.next().is_some_and(|word| on.contains(&word.to_lowercase().as_str())))
        || SHORT.contains(&last.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<String> {
        sentences(text).map(|sentence| sentence.text).collect()
    }

    #[test]
    fn sentences_end_where_they_end() {
        for (text, expected) in [
            ("One. Two! Three? Four", vec!["One.", "Two!", "Three?", "Four"]),
            ("Am 14. Januar ist es so weit. Danke.", vec!["Am 14. Januar ist es so weit.", "Danke."]),
            ("Am 14.1. Details.", vec!["Am 14.1. Details."]),
            ("In version 4.1. We publish.", vec!["In version 4.1.", "We publish."]),
            ("On Jan. 14 (e.g. noon).", vec!["On Jan. 14 (e.g. noon)."]),
            ("one\nline\n\nnext\n- a\n- b", vec!["one line", "next", "- a", "- b"]),
            ("Disclosure date:\n2027-01-14", vec!["Disclosure date: 2027-01-14"]),
            ("Timeline:\n2026-01-14 found", vec!["Timeline:", "2026-01-14 found"]),
            ("He said \"no.\" Then left.", vec!["He said \"no.\"", "Then left."]),
            ("", vec![]),
            ("...", vec!["..."]),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn only_the_writers_own_words_are_read() {
        let mail = "Mine.\n> quoted\n>> deeper\nOn 14 January Ann wrote:\n```\ncode\n```\nDate: Thu, 14 Jan\n\
                    2026-01-14 10:00:01 log\n[14/Jan/2026:10:00:01] log\nJan 14 10:00:01 host log\n\
                    Copyright 2026\nYours too.\n-- \nsignature";
        assert_eq!(read(mail).join(" "), "Mine. Yours too.");
        assert_eq!(read("Mine.\n-----Original Message-----\nTheirs."), ["Mine."]);
    }
}
