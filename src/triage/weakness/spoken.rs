//! Which weakness classes a text speaks of.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::Weakness;
use crate::triage::phrases::{Phrases, Words};

/// A class that a text seems to speak of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guess {
    /// The class.
    pub weakness: Weakness,
    /// The words that led to it: a set phrase in lower case, or the CWE number itself.
    pub phrase: String,
}

/// Guesses at most.
const MAX_GUESSES: usize = 5;

/// Mentions that count; more of the same would drown everything else.
const MAX_MENTIONS: usize = 5;

/// The phrases of each class, apart by commas. A phrase that is part of a longer one gives way
/// to it: `heap buffer overflow` is not a `buffer overflow` besides.
const SPOKEN: &[(u32, &str)] = &[
    (20, "input validation, unvalidated input, eingabevalidierung"),
    (
        22,
        "path traversal, directory traversal, dot dot slash, zip slip, arbitrary file read, \
         arbitrary file write, pfadtraversierung, local file inclusion, lfi",
    ),
    (
        59,
        "link following, symlink attack, symlink race, symlink following, follows symlinks, \
         symbolischen links",
    ),
    (77, "command injection"),
    (
        78,
        "os command injection, shell injection, shell metacharacters, arbitrary shell commands, \
         arbitrary os commands, befehlsinjektion",
    ),
    (
        79,
        "xss, cross site scripting, stored xss, reflected xss, dom xss, self xss, html injection, \
         script injection",
    ),
    (88, "argument injection, option injection"),
    (89, "sql injection, sqli, blind sql, sql injektion"),
    (90, "ldap injection"),
    (93, "crlf injection, header injection, smtp injection"),
    (94, "code injection, arbitrary code execution via eval, eval injection, code einschleusen"),
    (113, "response splitting, http header injection"),
    (120, "buffer overflow, buffer overrun, pufferüberlauf, pufferueberlauf, speicherüberlauf"),
    (
        121,
        "stack buffer overflow, stack based buffer overflow, stack overflow write, stack \
         smashing, stack overrun, stapelüberlauf",
    ),
    (
        122,
        "heap buffer overflow, heap based buffer overflow, heap overflow, heap corruption, heap \
         overrun, heap überlauf, heapüberlauf",
    ),
    (
        125,
        "out of bounds read, oob read, heap over read, buffer over read, buffer overread, read \
         past the end, reads past the end, invalid read of size, lesen ausserhalb",
    ),
    (134, "format string"),
    (
        190,
        "integer overflow, integer wraparound, arithmetic overflow, ganzzahlüberlauf, integer \
         überlauf",
    ),
    (191, "integer underflow"),
    (193, "off by one"),
    (
        200,
        "information disclosure, information leak, info leak, memory disclosure, information \
         exposure, leaks sensitive, informationsleck, informationsabfluss",
    ),
    (203, "user enumeration, username enumeration, side channel, padding oracle, seitenkanal"),
    (208, "timing attack, timing side channel, timing leak, not constant time"),
    (209, "verbose error, error message reveals, stack trace disclosure"),
    (
        269,
        "privilege escalation, elevation of privilege, escalate privileges, rechteausweitung, \
         rechteerweiterung, privilegieneskalation",
    ),
    (276, "world writable, world readable, insecure default permissions"),
    (284, "access control, broken access control, zugriffskontrolle"),
    (
        287,
        "authentication bypass, bypass authentication, auth bypass, login bypass, \
         authentifizierung umgehen, improper authentication",
    ),
    (294, "replay attack, capture replay"),
    (
        295,
        "certificate validation, certificate verification, accepts any certificate, accepts \
         invalid certificates, zertifikatsprüfung",
    ),
    (
        306,
        "missing authentication, without authentication, unauthenticated access, unauthenticated \
         api, ohne authentifizierung, ohne anmeldung",
    ),
    (307, "brute force, no rate limit, missing rate limit, rate limiting, account lockout"),
    (312, "stored in plain text, stored in cleartext, plaintext passwords, im klartext gespeichert"),
    (
        319,
        "transmitted in cleartext, sent in cleartext, sent in plain text, unencrypted http, im \
         klartext übertragen",
    ),
    (321, "hard coded key, hardcoded key, hard coded cryptographic key, hardcoded encryption key"),
    (327, "broken cryptography, weak cipher, weak ciphers, weak encryption, uses md5, uses des"),
    (
        330,
        "predictable token, predictable session, predictable random, insufficient entropy, \
         insufficient randomness",
    ),
    (338, "weak prng, weak random number generator, math random"),
    (346, "origin validation, dns rebinding, postmessage origin"),
    (
        347,
        "signature verification bypass, signature bypass, signature is not verified, alg none, \
         signature forgery, signaturprüfung",
    ),
    (352, "csrf, xsrf, cross site request forgery"),
    (362, "race condition, data race, wettlaufsituation"),
    (367, "toctou, time of check"),
    (369, "divide by zero, division by zero, floating point exception, division durch null"),
    (377, "predictable temporary file, insecure temporary file, insecure temp file"),
    (384, "session fixation"),
    (400, "denial of service, resource exhaustion, dienstverweigerung, cpu exhaustion"),
    (401, "memory leak, speicherleck"),
    (415, "double free, doppelte freigabe"),
    (416, "use after free, uaf, dangling pointer, freed memory, heap use after free"),
    (427, "dll hijacking, dll side loading, dll sideloading, dll planting, search order hijacking"),
    (428, "unquoted service path, unquoted search path"),
    (434, "unrestricted file upload, arbitrary file upload, upload a web shell, upload a webshell"),
    (444, "request smuggling, http desync, response smuggling"),
    (457, "uninitialized variable"),
    (
        476,
        "null pointer dereference, null dereference, null ptr deref, null pointer, nullpointer, \
         nil pointer dereference, nullzeiger",
    ),
    (
        502,
        "insecure deserialization, unsafe deserialization, deserialization of untrusted, \
         deserialization, deserialisation, pickle loads, deserialisierung",
    ),
    (521, "weak password policy, password policy"),
    (522, "credential leak, leaks credentials"),
    (532, "written to the log, logged in plain text, secrets in logs, passwords in log files"),
    (601, "open redirect, open redirection, unvalidated redirect, offene weiterleitung"),
    (611, "xxe, xml external entity, external entity"),
    (613, "session does not expire, session expiration, session not invalidated"),
    (617, "reachable assertion, assertion failure, assertion failed"),
    (639, "idor, insecure direct object reference, insecure direct object references"),
    (640, "password reset poisoning, password reset token"),
    (
        674,
        "uncontrolled recursion, infinite recursion, stack exhaustion, stack overflow, unbounded \
         recursion",
    ),
    (770, "memory exhaustion, unbounded allocation, unbounded memory, out of memory"),
    (776, "billion laughs, xml bomb, entity expansion"),
    (
        787,
        "out of bounds write, oob write, invalid write of size, write past the end, writes past \
         the end, schreiben ausserhalb",
    ),
    (
        798,
        "hard coded credentials, hardcoded credentials, hard coded password, hardcoded password, \
         default credentials, default password, backdoor account, standardpasswort",
    ),
    (829, "remote file inclusion, dependency confusion"),
    (835, "infinite loop, endless loop, endlosschleife"),
    (843, "type confusion"),
    (
        862,
        "missing authorization, missing authorisation, missing permission check, missing access \
         check",
    ),
    (863, "incorrect authorization, authorization bypass, bypass authorization, permission bypass"),
    (908, "uninitialized memory, uninitialised memory, use of uninitialized value, kernel infoleak"),
    (915, "mass assignment"),
    (917, "expression language injection, ognl injection, spel injection, jndi"),
    (918, "ssrf, server side request forgery"),
    (942, "cors misconfiguration, access control allow origin"),
    (1021, "clickjacking, ui redressing, x frame options"),
    (1236, "csv injection, formula injection"),
    (1321, "prototype pollution"),
    (1333, "redos, catastrophic backtracking, regular expression denial of service"),
    (1336, "ssti, template injection, server side template injection"),
];

static PHRASES: LazyLock<Phrases<u32>> = LazyLock::new(|| {
    Phrases::new(
        SPOKEN.iter().flat_map(|&(number, phrases)| phrases.split(", ").map(move |phrase| (phrase, number))),
    )
});

/// The classes that `text` seems to speak of, the likeliest first: those that it
/// names by number, then by how often, then by where it first speaks of them.
pub fn guess(text: &str) -> Vec<Guess> {
    let words = Words::of(text);
    let mut guesses: Vec<Guess> = Vec::new();
    for weakness in numbers(&words) {
        if guesses.len() < MAX_GUESSES && guesses.iter().all(|guess| guess.weakness != weakness) {
            guesses.push(Guess { weakness, phrase: weakness.to_string() });
        }
    }
    let mut spoken: BTreeMap<u32, Spoken> = BTreeMap::new();
    for (order, (phrase, number)) in PHRASES.hits(&words).enumerate() {
        let known = spoken.entry(number).or_insert(Spoken { phrase, order, mentions: 0 });
        known.mentions = (known.mentions + 1).min(MAX_MENTIONS);
    }
    let mut spoken: Vec<(u32, Spoken)> = spoken.into_iter().collect();
    spoken.sort_by_key(|(_, known)| (std::cmp::Reverse(known.mentions), known.order));
    for (number, known) in spoken {
        let new = Weakness::new(number).filter(|new| guesses.iter().all(|guess| guess.weakness != *new));
        if let Some(weakness) = new.filter(|_| guesses.len() < MAX_GUESSES) {
            guesses.push(Guess { weakness, phrase: known.phrase.to_owned() });
        }
    }
    guesses
}

struct Spoken {
    phrase: &'static str,
    order: usize,
    mentions: usize,
}

/// The classes that are named by number, in the order of the text.
fn numbers(words: &Words) -> impl Iterator<Item = Weakness> {
    (0..words.len()).filter_map(|at| {
        let word = words.get(at)?;
        let digits = if word == "cwe" { words.get(at + 1)? } else { word.strip_prefix("cwe")? };
        digits.parse().ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::triage::phrases::is_folded;

    fn first(text: &str) -> Option<(u32, String)> {
        guess(text).into_iter().next().map(|guess| (guess.weakness.number(), guess.phrase))
    }

    #[test]
    fn every_phrase_finds_its_class() {
        let mut seen = std::collections::BTreeSet::new();
        for &(number, phrases) in SPOKEN {
            for phrase in phrases.split(", ") {
                assert!(is_folded(phrase), "{phrase}");
                assert!(seen.insert(phrase), "{phrase} twice");
                let sentence = format!("We found a {} in it.", phrase.to_uppercase().replace(' ', "-"));
                assert_eq!(first(&sentence), Some((number, phrase.to_owned())), "{sentence}");
                assert!(Weakness::new(number).unwrap().name().is_some(), "{number} has no name");
            }
        }
    }

    #[test]
    fn numbers_come_first_then_what_is_said_most() {
        let guesses = guess("Buffer overflow. XSS here, XSS there; see CWE-416 (cwe787), CWE-0, CWE-cafe.");
        let numbers: Vec<u32> = guesses.iter().map(|guess| guess.weakness.number()).collect();
        assert_eq!(numbers, [416, 787, 79, 120]);
        assert_eq!(guesses[0].phrase, "CWE-416");
    }

    #[test]
    fn ordinary_text_has_no_class_and_a_flood_is_bounded() {
        assert_eq!(guess("The invoice for the users of the path is overdue."), []);
        assert_eq!(guess(""), []);
        let flood: String = (0..20_000).map(|number| format!("CWE-{number} xss ")).collect();
        assert_eq!(guess(&flood).len(), MAX_GUESSES);
    }
}
