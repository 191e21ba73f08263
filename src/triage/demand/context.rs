//! What surrounds a date or span in its sentence: whether it is the day of a
//! disclosure at all, and in which tone it is said.

use super::spans::{Span, Unit};
use super::tokens::{List, Sentence, is_one_of, list};
use super::vocabulary::{self, AHEAD, Word};

/// A disclosure word and where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mention {
    pub at: usize,
    pub word: Word,
}

/// A sentence and what holds for all of it.
pub(super) struct Scene<'a> {
    pub sentence: &'a Sentence,
    /// Its disclosure words, in order.
    pub mentions: Vec<Mention>,
    /// Its words that bind a date to something else, in order.
    others: Vec<usize>,
    /// It states a condition.
    pub is_conditional: bool,
    /// It asks.
    pub is_question: bool,
}

impl<'a> Scene<'a> {
    /// `goes_on`: it is joined from two sentences, the first being the condition of the second.
    pub(super) fn of(s: &'a Sentence, goes_on: bool) -> Self {
        let mentions =
            (0..s.len()).filter_map(|at| vocabulary::word(s, at).map(|word| Mention { at, word })).collect();
        let others = (0..s.len()).filter(|&at| is_one_of(s.word(at), OTHER)).collect();
        let is_question = s.text.trim_end_matches(['"', '”', ')', ' ', '!']).ends_with('?');
        Self { sentence: s, mentions, others, is_conditional: goes_on || is_conditional(s), is_question }
    }
}

/// Words that bind a date to something else.
const OTHER: List = List::of(
    "acknowledge acknowledgement acknowledgment acknowledged reply replied respond response answer \
     confirm confirmation fixed patched introduced discovered found noticed reported reporting commit \
     committed version versions expire expires expired expiry valid session sessions token tokens \
     cookie cookies trial password passwords retention backup backups logs invoice pay payment \
     subscription license submission submissions registration cfp old born contacted contact notified \
     sent received wrote emailed antworten antwort rueckmeldung bestaetigung bestaetigen gemeldet \
     gefunden entdeckt eingefuehrt behoben rechnung zahlung gueltig vacation urlaub holiday deleted",
);

/// How a date and its disclosure word hang together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Bond {
    pub word: Word,
    /// Tokens between them.
    pub distance: usize,
    /// Nothing is to be published before then.
    pub is_embargo: bool,
}

/// How far a disclosure word reaches, in tokens.
const REACH: usize = 16;

/// The bond of what stands at `from..to` with the nearest disclosure word, if it
/// is the day of a disclosure.
pub(super) fn bond(scene: &Scene, from: usize, to: usize) -> Option<Bond> {
    let Scene { sentence: s, mentions, is_conditional, .. } = scene;
    let first = mentions.partition_point(|mention| mention.at + REACH < from);
    let near = mentions[first..].iter().take_while(|mention| mention.at < to + REACH).take(2 * REACH);
    let (distance, mention) = near
        .map(|mention| (distance(s, mention.at, from, to), *mention))
        .min_by_key(|(distance, mention)| (distance + vagueness(mention.word), mention.at))?;
    let reach = if mention.word == Word::Ahead { REACH } else { 10 };
    let taken = nearest_other(scene, from, to).is_some_and(|other| other < distance);
    if distance > reach || (taken && !is_conditional) {
        return None;
    }
    let is_embargo = holds_until(s, from);
    let denied = is_denied(s, mention.at) || (is_denied_at(s, from) && !is_conditional);
    let counts = match mention.word {
        Word::Past => false,
        Word::Ahead | Word::Deadline => true,
        Word::Occasion => {
            s.any_before(from, 20, AHEAD)
                || s.any_in(to, to + 12, AHEAD)
                || s.any_before(mention.at, 6, list!("my our mein unser then dann"))
        }
        Word::Secret => is_embargo,
    };
    (counts && (!denied || is_embargo)).then_some(Bond {
        word: mention.word,
        distance,
        is_embargo: is_embargo
            && (denied || mention.word == Word::Secret || is_about_an_embargo(s, mention.at)),
    })
}

/// How far away the nearest word is that binds the date to something else.
fn nearest_other(scene: &Scene, from: usize, to: usize) -> Option<usize> {
    let s = scene.sentence;
    // `90 days after our first contact`, `of no response`: what the span starts from.
    let starts = is_one_of(s.word(to), list!("after from following since nach ab of without ohne"));
    let start = if starts { to..to + 5 } else { from..to };
    let first = scene.others.partition_point(|&at| at + REACH < from);
    let near = scene.others[first..].iter().take_while(|&&at| at < to + REACH);
    near.filter(|at| !(from..to).contains(at) && !start.contains(at))
        .map(|&at| distance(s, at, from, to))
        .min()
}

/// How much nearer a vague word must stand to be preferred, in tokens.
fn vagueness(word: Word) -> usize {
    match word {
        Word::Ahead | Word::Past => 0,
        Word::Deadline => 2,
        Word::Occasion | Word::Secret => 6,
    }
}

/// Tokens between `at` and `from..to`; a comma is a step further away, a semicolon a leap.
fn distance(s: &Sentence, at: usize, from: usize, to: usize) -> usize {
    let (start, end) = if at < from { (at + 1, from) } else { (to, at) };
    let steps = |index: usize| {
        if s.is_mark(index, &[';', ':']) && index + 1 != from {
            8
        } else if s.is_mark(index, &[',']) {
            3
        } else {
            1
        }
    };
    (start..end).map(steps).sum()
}

fn is_about_an_embargo(s: &Sentence, at: usize) -> bool {
    s.word(at).starts_with("embargo") || s.word(at) == "sperrfrist"
}

/// `before`, `until`, `no earlier than` stand before the date.
fn holds_until(s: &Sentence, from: usize) -> bool {
    s.any_before(from, 4, list!("before until till til earlier sooner prior vor bis frueher"))
}

const NOT: List = List::of(
    "not never no won't don't cannot can't isn't wouldn't shouldn't doesn't didn't haven't nicht kein \
     keine keinen keiner nie niemals ohne without neither nor hasn't aren't",
);

/// Whether the disclosure word at `at` is denied: a negation shortly before it, in its own clause.
fn is_denied(s: &Sentence, at: usize) -> bool {
    for back in 1..=5 {
        let Some(index) = at.checked_sub(back) else { return false };
        let word = s.word(index);
        if is_one_of(word, NOT) {
            return !is_only_a_limit(s, index);
        }
        if matches!(word, "we" | "i" | "wir" | "ich" | "you" | "they" | "we'll" | "i'll")
            || s.is_mark(index, &[',', ';', ':'])
        {
            return false;
        }
    }
    false
}

/// Whether the date at `from` itself is denied: `nicht vor dem`, `no 90-day`.
fn is_denied_at(s: &Sentence, from: usize) -> bool {
    (1..=4).filter_map(|back| from.checked_sub(back)).any(|index| {
        is_one_of(s.word(index), NOT)
            && !is_only_a_limit(s, index)
            && (index + 1..from).all(|between| !s.is_mark(between, &[',', ';', ':']))
    })
}

/// `no later than`, `nicht später als`, `not only`: no denial.
fn is_only_a_limit(s: &Sentence, at: usize) -> bool {
    is_one_of(s.word(at + 1), list!("later more longer spaeter mehr laenger only nur"))
}

/// Words that make a sentence conditional.
const IF: List =
    List::of("if unless otherwise falls wenn sofern sollte sollten sonst andernfalls ansonsten anderenfalls");

/// Whether the sentence states a condition.
fn is_conditional(s: &Sentence) -> bool {
    s.any_in(0, s.len(), IF) || (0..s.len()).any(|at| s.reads(at, &["in", "case"]))
}

/// Whether the sentence goes on from the one before: `After that, we will publish`.
pub(super) fn goes_on(s: &Sentence) -> bool {
    const THEN: List = List::of(
        "then afterwards afterward thereafter otherwise danach sonst andernfalls ansonsten \
         anschliessend anderenfalls",
    );
    s.reads(0, &["after", "that"]) || s.reads(0, &["after", "this"]) || is_one_of(s.word(0), THEN)
}

/// Whether the writer speaks of what they do themselves, near the token at `near`.
pub(super) fn is_first_person(s: &Sentence, near: usize) -> bool {
    const OWN: List = List::of(
        "we i our my we'll i'll wir ich unser unsere unseren unserer mein meine us i'm we're i've we've",
    );
    s.any_in(near.saturating_sub(20), near + 20, OWN)
}

/// What makes a span before it count backwards, or on top of another one.
const AGO: List = List::of("ago old alt earlier previously zuvor her");
const ALREADY_RUNNING: List = List::of(
    "every each past last seit since previous another additional further extra weitere \
     weiteren zusaetzliche jede alle letzten vergangenen",
);

/// What a span may start from instead of receipt.
const FIX: List = List::of(
    "fix fixes fixed fixing patch patches patched patching release released update updates merge \
     merged available availability mitigation rollout advisory publication published disclosure disclosed \
     publish behebung patches updates veroeffentlichung verfuegbar korrektur",
);

/// What is granted before a publication is time from receipt: `you have 90 days before we publish`.
const GRANT: List = List::of(
    "have has give gives given giving grant allow wait get gets policy haben geben warten gewaehren",
);

/// Whether the span at `from..to` counts from receipt, and forwards.
pub(super) fn counts_from_receipt(s: &Sentence, span: Span, from: usize, to: usize) -> bool {
    let next = s.word(to);
    let backwards = is_one_of(next, AGO)
        || s.any_before(from, 3, ALREADY_RUNNING)
        || s.any_in(to, to + 3, list!("grace trial extension old"))
        || s.any_before(from, 1, list!("vor for um"));
    let is_over = s.any_in(to, to + 4, list!("passed elapsed vergangen verstrichen"))
        && !s.any_before(from, 5, list!("after until once when nach bis wenn sobald"));
    let extends =
        s.any_before(from, 8, list!("extend extended postpone verlaengern verlaengert verschieben delay"))
            && s.any_before(from, 2, list!("by um of for"));
    let from_event = is_one_of(next, list!("after from following once nach ab upon of nachdem when"))
        && s.any_in(to + 1, to + 7, FIX);
    let before_event =
        is_one_of(next, list!("before prior ahead vor bevor")) && !s.any_before(from, 9, GRANT);
    let one_day_exploit = span.is_attribute && span.count == 1 && span.unit == Unit::Days;
    !(backwards || is_over || extends || from_event || before_event || one_day_exploit)
}
