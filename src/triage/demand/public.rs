//! Sentences that leave no time: it is public already, or will be at once.

use super::context::{Scene, is_first_person};
use super::tokens::{Kind, List, Sentence, is_one_of, list};
use super::vocabulary::Word;

/// What can be public.
const SUBJECT: List = List::of(
    "issue issues vulnerability vulnerabilities bug bugs flaw exploit exploits poc details advisory \
     writeup post blogpost this it finding findings article everything proof video luecke \
     sicherheitsluecke schwachstelle schwachstellen fehler dies sie es beitrag they research paper \
     thread tweet gist",
);

/// The token at which `scene` says that the matter is public already.
pub(super) fn stands(scene: &Scene) -> Option<usize> {
    let s = scene.sentence;
    let speaks_of_another = s.tokens.iter().any(|token| token.word == "cve");
    if scene.is_conditional || scene.is_question || speaks_of_another {
        return None;
    }
    (0..s.len())
        .find(|&at| is_public(s, at) && !is_denied(s, at) && s.any_in(at.saturating_sub(12), at + 8, SUBJECT))
}

fn is_public(s: &Sentence, at: usize) -> bool {
    const ALREADY: List = List::of("already bereits schon now inzwischen mittlerweile");
    let already = || s.any_before(at, 4, ALREADY);
    match s.word(at) {
        "public" => already() && stands_alone(s, at + 1) && !s.any_before(at, 2, list!("not the a")),
        "publicly" => {
            let is = s.any_before(at, 4, list!("is are been")) && stands_alone(s, at + 2);
            let known = matches!(s.word(at + 1), "known" | "disclosed" | "posted" | "discussed");
            is && (known || (already() && matches!(s.word(at + 1), "available" | "accessible")))
        }
        "published" | "posted" | "disclosed" => {
            let done = s.any_before(at, 3, list!("have i've we've")) && is_first_person(s, at);
            let told = s.any_in(at + 1, at + 9, list!("to you vendor")) && s.word(at) == "disclosed";
            let what = s.any_in(
                at + 1,
                at + 8,
                list!("details exploit poc proof writeup write blog advisory everything"),
            ) || s.any_in(at + 1, at + 2, list!("this it"));
            (already() && !told && s.any_before(at, 6, list!("been was were is are have has got")))
                || (done && what && !told)
        }
        "oeffentlich" => already() && !matches!(s.word(at + 1), "machen" | "gemacht" | "zu"),
        word if word.starts_with("veroeffentlicht") => {
            already() && (s.any_before(at, 8, list!("wurde wurden ist sind haben habe")))
        }
        _ => false,
    }
}

/// Whether no noun follows: `is public now`, not `a public key`.
fn stands_alone(s: &Sentence, next: usize) -> bool {
    const GOES_ON: List = List::of("and so on at since in via as because now but here anyway knowledge");
    s.tokens.get(next).is_none_or(|token| token.kind != Kind::Word || is_one_of(&token.word, GOES_ON))
}

fn is_denied(s: &Sentence, at: usize) -> bool {
    s.any_before(
        at,
        6,
        list!("not no never nicht kein keine isn't hasn't haven't noch yet unless whether ob"),
    )
}

/// Whether the token at `at` says that publication comes at once.
pub(super) fn is_now(scene: &Scene, at: usize) -> bool {
    let s = scene.sentence;
    let at_once = match s.word(at) {
        "immediately" | "today" | "tonight" | "sofort" | "unverzueglich" | "heute" | "umgehend" => true,
        "now" => s.word_before(at, 1) == "right",
        _ => false,
    };
    if !at_once || scene.is_question || scene.is_conditional || !is_first_person(s, at) {
        return false;
    }
    const LATER: List = List::of("after once when as if upon following nach nachdem sobald wenn");
    let asked = s.any_before(
        at,
        12,
        list!("please bitte you sie found noticed discovered entdeckt gefunden reported"),
    );
    let first = scene.mentions.partition_point(|mention| mention.at + 6 < at);
    let mut near = scene.mentions[first..].iter().take_while(|mention| mention.at <= at + 6);
    !asked
        && !is_one_of(s.word(at + 1), LATER)
        && !s.any_before(at, 6, list!("not nicht never won't until bis no"))
        && near.any(|mention| {
            mention.word == Word::Ahead && !s.any_before(mention.at, 5, list!("not nicht won't never"))
        })
}
