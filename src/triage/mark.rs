//! The mark of a fire drill: what of an exercise leaves its store says that it
//! is one, and no real store takes in mail that says so.

/// What everything of a drill says.
pub const MARK: &str = "TEST DRILL";

/// How a subject begins in a drill.
pub const TAG: &str = "[TEST DRILL]";

/// The first line of every text that a drill writes.
pub const LINE: &str = "TEST DRILL - an exercise; nothing in it is real.";

/// What mail programs put before the subject of what is answered or handed on.
const HANDED_ON: [&str; 6] = ["re:", "fwd:", "fw:", "aw:", "wg:", "sv:"];

/// Whether a subject begins with the tag, after any `Re:` and `Fwd:`.
pub fn is_marked(subject: &str) -> bool {
    tagged(subject).is_some()
}

/// The subject with the tag; as it is where it has one.
pub fn marked(subject: &str) -> String {
    if is_marked(subject) { subject.to_owned() } else { format!("{TAG} {subject}") }
}

/// The subject without the tags that it begins with; what stands before them stays.
pub fn unmarked(subject: &str) -> String {
    let mut bare = subject.to_owned();
    while let Some((before, after)) = tagged(&bare) {
        bare = format!("{before}{}", after.trim_start());
    }
    bare
}

/// The text with the line that says what it is; as it is where it begins so.
pub fn with_line(text: &str) -> String {
    if text.starts_with(LINE) { text.to_owned() } else { format!("{LINE}\n\n{text}") }
}

/// The text without that line, wherever it stands: what every mail of a drill
/// says makes no two of them alike.
pub fn without_line(text: &str) -> String {
    text.replace(LINE, "")
}

/// What stands before the tag that a subject begins with, and what behind it.
fn tagged(subject: &str) -> Option<(&str, &str)> {
    let mut rest = subject.trim_start();
    while let Some(after) = HANDED_ON.iter().find_map(|word| without(rest, word)) {
        rest = after.trim_start();
    }
    let after = without(rest, TAG)?;
    Some((subject.strip_suffix(rest)?, after))
}

/// What stands behind `start`, in whatever case it is written.
fn without<'a>(text: &'a str, start: &str) -> Option<&'a str> {
    let (head, rest) = text.split_at_checked(start.len())?;
    head.eq_ignore_ascii_case(start).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_found_behind_what_mail_programs_add() {
        for subject in [
            "[TEST DRILL] Heap",
            "Re: [TEST DRILL] Heap",
            " RE:re: Fwd: \t[test drill]",
            "AW: WG: [Test Drill] Heap",
        ] {
            assert!(is_marked(subject), "{subject}");
            assert_eq!(marked(subject), subject);
        }
        for subject in [
            "",
            "Heap",
            "Re:",
            "Heap [TEST DRILL]",
            "TEST DRILL",
            "[TEST DRILL",
            "é",
            "[TEST DRILLé",
            "Ré: x",
        ] {
            assert!(!is_marked(subject), "{subject}");
            assert!(is_marked(&marked(subject)), "{subject}");
            assert_eq!(unmarked(subject), subject);
        }
    }

    #[test]
    fn a_mark_comes_off_and_nothing_else_does() {
        assert_eq!(unmarked("[TEST DRILL] Heap"), "Heap");
        assert_eq!(unmarked("Re: [TEST DRILL] Heap [SEC-2026-0001]"), "Re: Heap [SEC-2026-0001]");
        assert_eq!(unmarked("[TEST DRILL] Re: [TEST DRILL][test drill] Heap"), "Re: Heap");
        assert_eq!(unmarked("[TEST DRILL]"), "");
    }

    #[test]
    fn the_line_stands_once() {
        let once = with_line("Hello,\n");
        assert_eq!(once, format!("{LINE}\n\nHello,\n"));
        assert_eq!(with_line(&once), once);
    }
}
