//! Cutting an mbox into its messages: mboxrd, mboxo, mboxcl and mboxcl2 (RFC 4155 and its kin).

use chrono::{DateTime, Utc};
use memchr::{memchr, memmem};

use super::fields::{fields, first_line, is_blank, is_known, split};
use super::offer::{Gathered, Raw};
use super::sniff::envelope;
use super::stream::Stream;

/// Bytes of a header in which Content-Length is looked for.
const HEADER: usize = 64 << 10;
/// Longer spans are not looked over to see whether a Content-Length is right.
const MAX_SPAN: usize = 16 << 20;
/// Bytes that a `From ` line and the line after it are looked for in.
const LOOK_AHEAD: usize = 2048;
/// A message longer than this is gathered piece by piece.
const MAX_WINDOW: usize = 1 << 20;

/// Takes the next message out of `stream`; `None` at its end.
pub(super) fn next(stream: &mut Stream<'_>) -> Option<Raw> {
    skip_blank_lines(stream);
    if !stream.fill(1) {
        return None;
    }
    let envelope_date = take_envelope(stream);
    let mut gathered = Gathered::default();
    let mut defects = Vec::new();
    let mut is_verbatim = false;
    match content_length(stream) {
        Length::Span(end) => {
            is_verbatim = memmem::find(stream.window().get(..end).unwrap_or_default(), b"\nFrom ").is_some();
            take(stream, end, &mut gathered);
        }
        Length::CutOff { promised, found } => {
            defects.push(format!(
                "the mailbox promises {promised} bytes and ends after {found}: this message is cut off"
            ));
            scan(stream, &mut gathered, &mut defects);
        }
        Length::Unknown => scan(stream, &mut gathered, &mut defects),
    }
    let mut raw = gathered.finish(envelope_date, defects);
    if !is_verbatim {
        raw.bytes = unquoted(raw.bytes);
    }
    Some(raw)
}

fn skip_blank_lines(stream: &mut Stream<'_>) {
    while stream.fill(3) || !stream.window().is_empty() {
        let window = stream.window();
        let window = window.strip_prefix(b"\xef\xbb\xbf").unwrap_or(window);
        let line = first_line(window);
        if !is_blank(line) {
            return;
        }
        let skipped = stream.window().len() - window.len() + line.len();
        stream.consume(skipped);
    }
}

/// Takes the `From ` line off the stream.
fn take_envelope(stream: &mut Stream<'_>) -> Option<DateTime<Utc>> {
    stream.fill(HEADER);
    let window = stream.window();
    let window = window.strip_prefix(b"\xef\xbb\xbf").unwrap_or(window);
    let line = first_line(window);
    if !line.starts_with(b"From ") {
        return None;
    }
    let date = envelope(line);
    let length = stream.window().len() - window.len() + line.len();
    stream.consume(length);
    date
}

/// What the Content-Length of the message at the window's start is worth.
enum Length {
    /// The message ends here: a mailbox line or the end of the file follows.
    Span(usize),
    /// The file ends before.
    CutOff { promised: u64, found: u64 },
    /// There is none, or what follows shows that it is wrong.
    Unknown,
}

fn content_length(stream: &mut Stream<'_>) -> Length {
    stream.fill(HEADER);
    let window = stream.window().get(..HEADER).unwrap_or(stream.window());
    let parts = split(window);
    let length = fields(parts.header).find(|field| field.is("Content-Length"));
    let length = length.and_then(|field| std::str::from_utf8(field.value).ok()?.trim().parse::<u64>().ok());
    let Some(promised) = length.filter(|_| !parts.body.is_empty()) else { return Length::Unknown };
    let start = window.len() - parts.body.len();
    let Some(end) = usize::try_from(promised).ok().filter(|&n| n <= MAX_SPAN).map(|n| start + n) else {
        return Length::Unknown;
    };
    stream.fill(end + LOOK_AHEAD);
    let window = stream.window();
    let Some(behind) = window.get(end..) else {
        let found = (window.len() - start) as u64;
        // Where a mailbox line follows, the length was wrong; the message is whole.
        let goes_on = memmem::find_iter(window, b"\nFrom ").any(|at| is_separator(window, at + 1));
        // One line break more or less is how programs differ, not what is missing.
        let is_close = found + 2 >= promised;
        return if goes_on || is_close { Length::Unknown } else { Length::CutOff { promised, found } };
    };
    let mut next = behind;
    while !next.is_empty() && is_blank(first_line(next)) {
        next = next.get(first_line(next).len()..).unwrap_or_default();
    }
    let at_line = window.get(..end).is_some_and(|text| text.ends_with(b"\n")) || behind.len() > next.len();
    let ends = next.is_empty() && stream.has_ended()
        || next.starts_with(b"From ") && envelope(first_line(next)).is_some();
    if ends && (at_line || next.is_empty()) { Length::Span(end) } else { Length::Unknown }
}

/// Gathers up to the next mailbox line.
fn scan(stream: &mut Stream<'_>, gathered: &mut Gathered, defects: &mut Vec<String>) {
    let mut from = 0;
    loop {
        if let Some(at) = memmem::find(stream.window().get(from..).unwrap_or_default(), b"\nFrom ") {
            let line = from + at + 1;
            stream.fill(line + LOOK_AHEAD);
            if is_separator(stream.window(), line) {
                return take(stream, line, gathered);
            }
            from = line;
            continue;
        }
        if stream.has_ended() {
            if !stream.window().ends_with(b"\n") {
                defects
                    .push("the mailbox ends in the middle of a line: this message may be cut off".to_owned());
            }
            let end = stream.window().len();
            return take(stream, end, gathered);
        }
        let length = stream.window().len();
        if length > MAX_WINDOW {
            // What is before the mailbox line must stay in sight, to tell whether it is blank.
            let done = length - LOOK_AHEAD;
            gathered.push(stream.window().get(..done).unwrap_or_default());
            stream.consume(done);
        }
        let length = stream.window().len();
        from = length.saturating_sub(b"\nFrom ".len());
        stream.fill(length + 1);
    }
}

/// Moves the message that ends at `end` out of the window, without the blank
/// line that an mbox puts behind each.
fn take(stream: &mut Stream<'_>, end: usize, gathered: &mut Gathered) {
    let message = stream.window().get(..end).unwrap_or_default();
    let trimmed = [b"\n\r\n".as_slice(), b"\n\n"].iter().find_map(|blank| message.strip_suffix(*blank));
    let message = trimmed.map_or(message, |text| message.get(..=text.len()).unwrap_or_default());
    gathered.push(message);
    stream.consume(end);
}

/// Whether the `From ` at `line` begins the next message: it carries a date,
/// and a blank line stands before it or a header behind it. This is what mail
/// programs go by; a mailbox that does not quote such lines can be misread.
fn is_separator(window: &[u8], line: usize) -> bool {
    let (before, rest) = window.split_at_checked(line).unwrap_or((window, &[]));
    let first = first_line(rest.get(..LOOK_AHEAD).unwrap_or(rest));
    if envelope(first).is_none() {
        return false;
    }
    let follows_blank = before == b"\n" || before.ends_with(b"\n\n") || before.ends_with(b"\n\r\n");
    follows_blank || is_known(first_line(rest.get(first.len()..).unwrap_or_default()))
}

/// `message` with one `>` taken off each quoted `From ` line.
fn unquoted(message: Vec<u8>) -> Vec<u8> {
    if memmem::find(&message, b">From ").is_none() {
        return message;
    }
    let mut out = Vec::with_capacity(message.len());
    let mut rest = message.as_slice();
    while !rest.is_empty() {
        let end = memchr(b'\n', rest).map_or(rest.len(), |at| at + 1);
        let (line, after) = rest.split_at_checked(end).unwrap_or((rest, &[]));
        let quotes = line.iter().take_while(|&&byte| byte == b'>').count();
        let is_quoted = quotes > 0 && line.get(quotes..).is_some_and(|text| text.starts_with(b"From "));
        out.extend_from_slice(if is_quoted { line.get(1..).unwrap_or_default() } else { line });
        rest = after;
    }
    out
}
