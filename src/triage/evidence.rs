//! What a report's text carries that can be checked: identifiers, versions,
//! stack frames, files, links, hashes, code. Reads; judges nothing.
//!
//! Everything in an [`Evidence`] is foreign text.

mod frames;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::weakness::Weakness;

/// Findings of one kind that are kept; a text that names more is not better known by them.
const MAX_EACH: usize = 64;

/// Longest finding, in bytes; what is longer is no name that people give.
const MAX_LENGTH: usize = 160;

/// What can be checked in a text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Evidence {
    /// Weakness classes named by number.
    pub cwes: BTreeSet<Weakness>,
    /// CVE identifiers, in capitals.
    pub cves: BTreeSet<String>,
    /// Links, without fragments.
    pub links: BTreeSet<String>,
    /// MD5, SHA-1, SHA-256 and SHA-512 sums and commits, in lower case.
    pub hashes: BTreeSet<String>,
    /// Version numbers, without a leading `v`.
    pub versions: BTreeSet<String>,
    /// Functions of stack frames and those that are named with `()`, without arguments.
    pub functions: BTreeSet<String>,
    /// Source files, without directories.
    pub files: BTreeSet<String>,
    /// A crash is shown: several stack frames, or the words of a sanitizer.
    pub has_trace: bool,
    /// Code, a request or a command is shown.
    pub has_code: bool,
}

impl Evidence {
    /// Reads `text` in one pass.
    pub fn of(text: &str) -> Self {
        let mut evidence = Self::default();
        let mut frames = 0;
        for line in text.lines() {
            if let Some(function) = frames::function(line) {
                frames += 1;
                keep(&mut evidence.functions, function);
            }
            evidence.has_trace |= frames::is_crash(line);
            evidence.has_code |= is_code(line);
            for chunk in line
                .split(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '`' | '|' | ',' | ';'))
            {
                evidence.read(chunk);
            }
        }
        evidence.has_trace |= frames >= 2;
        evidence
    }

    /// Whether there is nothing to check.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    fn read(&mut self, chunk: &str) {
        let chunk = chunk.trim_matches(|c: char| {
            matches!(c, '.' | ':' | '!' | '?' | '\'' | '*' | '[' | ']' | '{' | '}' | '“' | '”' | '(')
        });
        if chunk.len() < 3 || chunk.len() > 4 * MAX_LENGTH {
            return;
        }
        if let Some(link) = link(chunk) {
            keep(&mut self.links, link);
            return;
        }
        if let Some(function) = named_function(chunk) {
            keep(&mut self.functions, function);
            return;
        }
        let chunk = chunk.trim_end_matches([')', '.']);
        if let Some(digits) = after_prefix(chunk, "cve-").filter(|rest| is_cve_number(rest)) {
            keep(&mut self.cves, &format!("CVE-{digits}"));
        } else if let Some(weakness) = after_prefix(chunk, "cwe-").and_then(|digits| digits.parse().ok()) {
            if self.cwes.len() < MAX_EACH {
                self.cwes.insert(weakness);
            }
        } else if matches!(chunk.len(), 32 | 40 | 64 | 128)
            && chunk.bytes().all(|byte| byte.is_ascii_hexdigit())
        {
            keep(&mut self.hashes, &chunk.to_ascii_lowercase());
        } else if let Some(version) = version(chunk) {
            keep(&mut self.versions, version);
        } else if let Some(file) = source_file(chunk) {
            keep(&mut self.files, file);
        }
    }
}

fn keep(findings: &mut BTreeSet<String>, finding: &str) {
    if findings.len() < MAX_EACH && (1..=MAX_LENGTH).contains(&finding.len()) && !findings.contains(finding) {
        findings.insert(finding.to_owned());
    }
}

/// What follows `prefix`, whatever its case.
fn after_prefix<'a>(chunk: &'a str, prefix: &str) -> Option<&'a str> {
    let start = chunk.get(..prefix.len())?;
    start.eq_ignore_ascii_case(prefix).then(|| &chunk[prefix.len()..])
}

/// `2026-0042`: a year and at least four digits.
fn is_cve_number(rest: &str) -> bool {
    let digits = |part: &str, length: std::ops::RangeInclusive<usize>| {
        length.contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    rest.split_once('-').is_some_and(|(year, number)| digits(year, 4..=4) && digits(number, 4..=19))
}

/// The link in `chunk`, without its fragment and the punctuation of the sentence.
fn link(chunk: &str) -> Option<&str> {
    let at = ["https://", "http://", "ftp://"].iter().find_map(|scheme| chunk.find(scheme))?;
    let link = chunk[at..].split('#').next().unwrap_or_default();
    let link = link.trim_end_matches([')', ']', '.', '\'', '/', '”']);
    (link.len() > "https://".len()).then_some(link)
}

/// `parse_ifd()`: a name with empty brackets.
fn named_function(chunk: &str) -> Option<&str> {
    let name = chunk.strip_suffix("()")?;
    let is_name = name.len() >= 3
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b':' | b'.' | b'$'))
        && !name.starts_with(|c: char| c.is_ascii_digit());
    is_name.then(|| frames::bare(name))
}

/// `4.1`, `v4.1.27-rc1`; neither a date nor an address.
fn version(chunk: &str) -> Option<&str> {
    let number = chunk.strip_prefix(['v', 'V']).unwrap_or(chunk);
    let end = number.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(number.len());
    let (digits, rest) = number.split_at(end);
    let parts: Vec<&str> = digits.split('.').collect();
    let plain = (2..=5).contains(&parts.len()) && parts.iter().all(|part| (1..=6).contains(&part.len()));
    let suffix = rest.is_empty()
        || (rest.len() <= 20
            && rest.starts_with(['-', '+', '~', 'p', 'r', 'b', 'a'])
            && rest
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'+' | b'.' | b'~')));
    let number_of =
        |index: usize| parts.get(index).and_then(|part| part.parse::<u32>().ok()).unwrap_or(u32::MAX);
    let is_date = parts.len() == 3 && parts[2].len() == 4 && number_of(0) <= 31 && number_of(1) <= 12;
    let is_address =
        parts.len() == 4 && (0..4).all(|index| number_of(index) <= 255) && !chunk.starts_with(['v', 'V']);
    (plain && suffix && !is_date && !is_address && !number.is_empty()).then_some(number)
}

/// `src/tiff/ifd.c:123`: the name of a source file.
fn source_file(chunk: &str) -> Option<&str> {
    const KINDS: &str = "c h cc cpp cxx hpp rs go py java js mjs ts jsx tsx php rb cs swift kt m mm pl pm sh jsp asp aspx vue \
         lua scala ex erl hs ml S asm sol";
    let path = chunk.split(':').next().unwrap_or_default().split('(').next_back().unwrap_or_default();
    let name = path.rsplit(['/', '\\']).next().unwrap_or_default();
    let (stem, kind) = name.rsplit_once('.')?;
    let is_name = stem.len() >= 2
        && stem.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'));
    (is_name && KINDS.split(' ').any(|known| known == kind)).then_some(name)
}

/// A fence, a request, a shell prompt, a patch, a script.
fn is_code(line: &str) -> bool {
    const STARTS: [&str; 22] = [
        "```",
        "$ ",
        "# curl",
        "curl ",
        "diff --git",
        "--- a/",
        "#!/",
        "#include",
        "<?php",
        "import ",
        "def ",
        "function ",
        "int main",
        "python3 ",
        "python ",
        "./",
        "<script",
        "<svg",
        "<img src",
        "SELECT ",
        "nc ",
        "wget ",
    ];
    const METHODS: [&str; 6] = ["GET /", "POST /", "PUT /", "DELETE /", "PATCH /", "OPTIONS /"];
    let line = line.trim_start();
    STARTS.iter().any(|start| line.starts_with(start))
        || METHODS.iter().any(|method| line.starts_with(method))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(findings: &BTreeSet<String>) -> Vec<&str> {
        findings.iter().map(String::as_str).collect()
    }

    #[test]
    fn what_can_be_checked_is_found() {
        let evidence = Evidence::of(
            "imaging 4.1.27-rc1 (and v3.9, since 2.0.) crashes in parse_ifd(), see CVE-2026-0042 and cve-2026-12345.\n\
             It is CWE-416 (https://example.org/a?b=1#frag). Commit DA39A3EE5E6B4B0D3255BFEF95601890AFD80709.\n\
             src/tiff/ifd.c:123 and `Reader.java`.\n\
             #0 0x55d1c0de in tiff::Reader::parse_ifd(unsigned) /src/tiff/ifd.cc:123:4\n\
             #1 0x55d1c0df in main /src/main.cc:9\n",
        );
        assert_eq!(all(&evidence.cves), ["CVE-2026-0042", "CVE-2026-12345"]);
        assert_eq!(evidence.cwes.iter().map(|cwe| cwe.number()).collect::<Vec<_>>(), [416]);
        assert_eq!(all(&evidence.links), ["https://example.org/a?b=1"]);
        assert_eq!(all(&evidence.hashes), ["da39a3ee5e6b4b0d3255bfef95601890afd80709"]);
        assert_eq!(all(&evidence.versions), ["2.0", "3.9", "4.1.27-rc1"]);
        assert_eq!(all(&evidence.functions), ["main", "parse_ifd", "tiff::Reader::parse_ifd"]);
        assert_eq!(all(&evidence.files), ["Reader.java", "ifd.c", "ifd.cc", "main.cc"]);
        assert!(evidence.has_trace && !evidence.has_code);
    }

    #[test]
    fn ordinary_text_is_no_evidence() {
        for text in [
            "",
            "Hello, I found a bug on 14.01.2027 at 10.0.0.1, please pay 5.",
            "CVE-20-1 CVE-2026 CWE- 1.. ..1 () x() e.g. z.B. 12345678901234567890.1",
        ] {
            assert_eq!(Evidence::of(text), Evidence::default(), "{text}");
        }
    }

    #[test]
    fn code_is_seen() {
        for text in ["```\nx\n```", "$ ls", "POST /login HTTP/1.1", "curl -v x", "diff --git a/x b/x"] {
            assert!(Evidence::of(text).has_code, "{text}");
        }
    }

    #[test]
    fn a_flood_is_bounded() {
        let text: String = (0..50_000)
            .map(|n| format!("f{n}() CVE-2026-{n:05} {n}.{n} http://h/{n} a{n}.c CWE-{n}\n"))
            .collect();
        let evidence = Evidence::of(&text);
        for findings in
            [&evidence.cves, &evidence.links, &evidence.versions, &evidence.functions, &evidence.files]
        {
            assert_eq!(findings.len(), MAX_EACH);
        }
        assert_eq!(evidence.cwes.len(), MAX_EACH);
    }
}
