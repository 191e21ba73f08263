//! The words of disclosure, English and German, and whether they speak of what
//! lies ahead.

use super::tokens::{List, Sentence, is_one_of, list};

/// How clearly a word speaks of a disclosure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Word {
    /// It will happen: publish, disclose, go public.
    Ahead,
    /// It has happened: was published.
    Past,
    /// A deadline, which may be that of something else.
    Deadline,
    /// A talk, a blog post: counts only where it lies ahead.
    Occasion,
    /// Confidential: counts only with `until`.
    Secret,
}

/// What is made public.
const MATTER: List = List::of(
    "details detail exploit exploits poc pocs proof writeup write blog blogpost advisory findings \
     finding research report information publicly video vulnerability vulnerabilities issue bug \
     everything article paper post twitter online schwachstelle luecke beitrag disclosure",
);

/// What leaks in an information disclosure, which is a class of bugs.
const LEAKS: List = List::of(
    "information info data file memory path source code credential credentials key password local \
     stack pointer content token sensitive version banner",
);

/// What follows `disclosure` where it is a class of bugs.
const A_BUG: List = List::of("bug bugs issue issues vulnerability vulnerabilities flaw weakness attack");

/// Verbs that make a [`MATTER`] public.
const TELL: List = List::of(
    "release releasing post posting drop dropping present presenting tweet tweeting share \
     announce announcing reveal revealing unveil",
);

/// Where bugs are told.
const OCCASIONS: List = List::of(
    "talk conference presentation blogpost blog writeup advisory vortrag konferenz \
     blogbeitrag blogartikel artikel congress kongress",
);

/// German verbs and nouns of disclosure begin so; without umlaut when a mailer lost it.
const STEMS: [&str; 5] = ["veroeffentlich", "veroffentlich", "publizier", "offenleg", "offengeleg"];

/// How the word at `at` speaks of a disclosure, if it does.
pub(super) fn word(s: &Sentence, at: usize) -> Option<Word> {
    let word = s.word(at);
    let ahead = Some(Word::Ahead);
    match word {
        "" => None,
        "publish" | "publishing" | "publication" | "publicise" | "publicize" | "disclose" | "disclosing"
        | "publik" | "offenlegen" | "offenzulegen" | "sperrfrist" => ahead,
        "crd" if s.is_mark(at + 1, &[':']) || matches!(s.word(at + 1), "is" | "to" | "of" | "on") => ahead,
        "disclosure" | "disclosures" => {
            let is_a_bug = s.any_before(at, 1, LEAKS) || is_one_of(s.word(at + 1), A_BUG);
            if is_a_bug { None } else { ahead }
        }
        "published" | "disclosed" | "publicized" | "publicised" => {
            Some(if is_ahead(s, at) { Word::Ahead } else { Word::Past })
        }
        "date" if s.reads(at.saturating_sub(2), &["coordinated", "release", "date"]) => ahead,
        "public" => public(s, at),
        _ if is_one_of(word, TELL) && s.any_in(at + 1, at + 7, MATTER) => ahead,
        "freigeben" if s.any_before(at, 6, MATTER) => ahead,
        "released" | "posted" | "presented" | "revealed" | "announced"
            if s.any_before(at, 8, MATTER) || s.any_in(at + 1, at + 5, MATTER) =>
        {
            Some(if is_ahead(s, at) { Word::Ahead } else { Word::Past })
        }
        "oeffentlich" | "oeffentlichkeit"
            if s.any_in(at + 1, at + 3, list!("machen gemacht gehen zu werden wird bringen informieren"))
                || s.any_before(at, 8, list!("gehen machen geht gehe")) =>
        {
            ahead
        }
        "deadline" | "deadlines" => Some(Word::Deadline),
        _ if is_one_of(word, OCCASIONS) => Some(Word::Occasion),
        "confidential" | "vertraulich" | "geheim" | "private" | "secret" => Some(Word::Secret),
        _ if word.starts_with("embargo") => ahead,
        _ if STEMS.iter().any(|stem| word.starts_with(stem)) => Some(german(s, at, word)),
        _ if word.ends_with("frist") || word.ends_with("fristen") => Some(Word::Deadline),
        _ => None,
    }
}

/// `go public`, `make it public`, `will be public`.
fn public(s: &Sentence, at: usize) -> Option<Word> {
    let before = |words| s.any_before(at, 5, words);
    if before(list!("went")) {
        Some(Word::Past)
    } else if before(list!("go going goes make making become becomes")) {
        Some(Word::Ahead)
    } else if before(list!("made be")) {
        Some(if is_ahead(s, at) { Word::Ahead } else { Word::Past })
    } else {
        None
    }
}

/// `wird veröffentlicht` lies ahead, `wurde veröffentlicht` does not.
fn german(s: &Sentence, at: usize, word: &str) -> Word {
    const DONE: List = List::of("wurde wurden hat haben habe hatte hatten ist sind war waren bereits");
    let is_done = s.any_before(at, 14, DONE) || s.any_in(at + 1, at + 3, DONE);
    let will = s.any_before(at, 14, list!("wird werden werde wuerde wuerden"))
        || s.any_in(at + 1, at + 3, list!("wird werden werde"));
    let told = ["ichte", "ichten"].iter().any(|ending| word.ends_with(ending));
    let participle = ["icht", "iert", "gelegt"].iter().any(|ending| word.ends_with(ending));
    if told || (participle && !will && is_done) { Word::Past } else { Word::Ahead }
}

/// Words that put a verb into the future.
pub(super) const AHEAD: List = List::of(
    "will we'll i'll they'll shall going to would should can could may might must plan planned \
     planning scheduled intend upcoming accepted wird werden werde wollen will planen plane soll \
     sollen moechte moechten halte",
);

/// Whether something shortly before the verb at `at` puts it into the future.
fn is_ahead(s: &Sentence, at: usize) -> bool {
    s.any_before(at, 6, AHEAD)
}
