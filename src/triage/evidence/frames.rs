//! Stack frames as debuggers, sanitizers and runtimes print them.

/// The function of the stack frame that `line` is, without arguments and addresses.
pub(super) fn function(line: &str) -> Option<&str> {
    let line = line.trim();
    if line.len() > 2_000 {
        return None;
    }
    numbered(line)
        .or_else(|| managed(line))
        .or_else(|| python(line))
        .or_else(|| kernel(line))
        .or_else(|| go(line))
}

/// `#0 0x55d1 in parse_ifd /src/ifd.c:12`, `#1  parse_ifd (x=1) at ifd.c:12`,
/// `  3: imaging::tiff::parse_ifd`.
fn numbered(line: &str) -> Option<&str> {
    let rest = line.strip_prefix('#');
    let is_rust = rest.is_none();
    let rest = rest.unwrap_or(line);
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    if !(1..=4).contains(&digits) {
        return None;
    }
    let mut rest = &rest[digits..];
    if is_rust {
        rest = rest.strip_prefix(": ")?;
    }
    let mut words = rest
        .split_ascii_whitespace()
        .skip_while(|word| word.starts_with("0x") || matches!(*word, "in" | "-"));
    let name = words.next()?;
    // A numbered list is no backtrace.
    let has_arguments = name.contains('(') || words.next().is_some_and(|word| word.starts_with('('));
    let counts = rest.contains("0x") || if is_rust { name.contains("::") } else { has_arguments };
    counts.then(|| bare(name)).filter(|name| is_name(name))
}

/// `at com.example.Reader.parse(Reader.java:12)`, `at parse (file.js:1:2)`.
fn managed(line: &str) -> Option<&str> {
    let rest = line.strip_prefix("at ")?;
    let (name, place) = rest.split_once('(')?;
    let place = place.strip_suffix(')')?;
    let is_place = place.contains(':') || matches!(place, "Native Method" | "Unknown Source");
    let name = name.trim().trim_start_matches("async ").trim_start_matches("new ");
    // Class and method are enough to tell it again.
    let from = name.rmatch_indices('.').nth(1).map_or(0, |(at, _)| at + 1);
    Some(&name[from..]).filter(|name| is_place && is_name(name))
}

/// `File "reader.py", line 12, in parse_ifd`.
fn python(line: &str) -> Option<&str> {
    let (_, name) = line.strip_prefix("File \"")?.split_once(", in ")?;
    Some(name.trim()).filter(|name| is_name(name))
}

/// `[   12.345] parse_ifd+0x12/0x34 [imaging]`.
fn kernel(line: &str) -> Option<&str> {
    let (before, after) = line.split_once("+0x")?;
    let name = before.rsplit(|c: char| c.is_whitespace() || c == '?').next()?;
    Some(name).filter(|name| after.contains("/0x") && is_name(name))
}

/// `main.parseIFD(0xc000012345, 0x10)`.
fn go(line: &str) -> Option<&str> {
    let (name, arguments) = line.split_once("(0x")?;
    let name = name.rsplit('/').next()?;
    Some(name).filter(|name| arguments.ends_with(')') && name.contains('.') && is_name(name))
}

/// A name without arguments, templates and the hash that Rust appends.
pub(super) fn bare(name: &str) -> &str {
    let name = name.split(['(', '<', '+', '@']).next().unwrap_or_default();
    match name.rsplit_once("::h") {
        Some((start, hash)) if hash.len() == 16 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()) => start,
        _ => name,
    }
}

fn is_name(name: &str) -> bool {
    (2..=160).contains(&name.len())
        && name.bytes().any(|byte| byte.is_ascii_alphabetic())
        && name.bytes().all(|byte| {
            byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b':' | b'.' | b'$' | b'~' | b'*')
        })
}

/// Whether `line` has the words in which runtimes report a crash.
pub(super) fn is_crash(line: &str) -> bool {
    const WORDS: [&str; 12] = [
        "AddressSanitizer",
        "MemorySanitizer",
        "UndefinedBehaviorSanitizer",
        "Traceback (most recent call last)",
        "panicked at",
        "Segmentation fault",
        "SIGSEGV",
        "SIGABRT",
        "core dumped",
        "BUG: KASAN",
        "goroutine 1 [",
        "Invalid read of size",
    ];
    WORDS.iter().any(|words| line.contains(words))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_of_many_runtimes_are_read() {
        for (line, expected) in [
            ("    #0 0x55d1c0de in parse_ifd /src/ifd.c:12:4", Some("parse_ifd")),
            ("#1  0x00007f in tiff::Reader<int>::parse(char*) (this=0x1) at ifd.cc:9", Some("tiff::Reader")),
            ("#2  parse_ifd (count=4294967295) at ifd.c:12", Some("parse_ifd")),
            ("   3: imaging::tiff::parse_ifd::h0123456789abcdef", Some("imaging::tiff::parse_ifd")),
            ("  12:     0x7f00 - core::panicking::panic", Some("core::panicking::panic")),
            ("\tat com.example.tiff.Reader.parse(Reader.java:12)", Some("Reader.parse")),
            ("    at parseIfd (/srv/app/reader.js:10:3)", Some("parseIfd")),
            ("  File \"reader.py\", line 12, in parse_ifd", Some("parse_ifd")),
            ("[   12.345678]  ? parse_ifd+0x12/0x34 [imaging]", Some("parse_ifd")),
            ("example.org/imaging.parseIFD(0xc000012345, 0x10)", Some("imaging.parseIFD")),
            ("1: Open the page", None),
            ("#1 Open the page (twice)", None),
            ("# 1", None),
            ("at noon (maybe)", None),
            ("see you at 10:30", None),
            ("1+0x10", None),
            ("", None),
        ] {
            assert_eq!(function(line), expected, "{line}");
        }
    }
}
