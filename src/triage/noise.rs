//! Noise: which reports are likely spam, scanner output, or mass- and
//! machine-written, with the reasons in words.
//!
//! A mark for the queue, where noise sinks. Nothing is closed or hidden by it:
//! a beginner's clumsy mail may carry a real bug, so every sign is shown, and
//! what can be checked weighs against all phrases.

mod signs;
#[cfg(test)]
mod tests;

use super::evidence::Evidence;
use super::phrases::Words;
use super::similar::Signature;

/// From this score on a report counts as noise. In the test set of this module
/// genuine reports stay below 30 and noise reaches 50: the bar is set so that a
/// single sign, however strong, marks nothing.
pub const THRESHOLD: u8 = 50;

/// What is known of a report as it comes in. Texts and address are foreign.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sample<'a> {
    /// Subject of the first message.
    pub subject: &'a str,
    /// Its readable text.
    pub text: &'a str,
    /// Address of the sender.
    pub from: &'a str,
    /// Names of the team's products; where there are none, that none is named is no sign.
    pub products: &'a [&'a str],
    /// It came encrypted to the team.
    pub encrypted: bool,
    /// It has a good signature.
    pub signed: bool,
    /// The signature is by a key that people verified.
    pub verified: bool,
    /// How many attachments it has.
    pub attachments: usize,
    /// How many other cases the same sender opened in the last days.
    pub recent_from_sender: usize,
    /// How many other cases have a near-identical text (see [`super::similar::Signature::is_near`]).
    pub near_identical: usize,
}

/// How likely a report is noise, and why.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Noise {
    /// 0 to 100; noise from [`THRESHOLD`] on.
    pub score: u8,
    /// The signs in words with their weights, the heaviest first; those that
    /// speak for the report are negative. No foreign text.
    pub reasons: Vec<String>,
}

impl Noise {
    /// Whether the report is to be marked and to sink in the queue.
    pub fn is_likely(&self) -> bool {
        self.score >= THRESHOLD
    }

    /// The reasons for the score: none where a person has set another than
    /// they add up to. They are kept, as taking that back brings them back.
    pub fn reasons_for_it(&self) -> &[String] {
        let weight = |reason: &String| reason.rsplit_once('(')?.1.strip_suffix(')')?.parse::<i32>().ok();
        let sum: i32 = self.reasons.iter().filter_map(weight).sum();
        if sum.clamp(0, 100) == i32::from(self.score) { &self.reasons } else { &[] }
    }
}

/// A sign that was seen, with its weight.
struct Seen {
    weight: i32,
    reason: String,
    /// It shows the output of a scanner.
    is_scan: bool,
}

/// What the text of a report shows by itself, whoever sent it: all of the work
/// that is linear in the text, done once and on any thread.
pub struct Reading {
    seen: Vec<Seen>,
    /// Tells near-identical reports.
    pub signature: Signature,
}

impl Reading {
    /// Reads subject and text; who signed and what else came in is not looked at.
    pub fn of(sample: &Sample<'_>) -> Self {
        let words = Words::of(&format!("{}\n{}", sample.subject, sample.text));
        let evidence = Evidence::of(sample.text);
        let mut seen = signs::phrases(&words);
        let is_scan = seen.iter().any(|sign| sign.is_scan);
        seen.extend(shape(sample, &words, &evidence));
        seen.extend(substance(sample, &words, &evidence, is_scan));
        Self { seen, signature: Signature::of_words(words.iter()) }
    }

    /// How likely the report is noise, now that it is known in which company it came.
    pub fn noise(self, sample: &Sample<'_>) -> Noise {
        let mut seen = self.seen;
        seen.extend(company(sample));
        seen.extend(warrant(sample));
        seen.sort_by(|a, b| b.weight.abs().cmp(&a.weight.abs()).then_with(|| a.reason.cmp(&b.reason)));
        let sum: i32 = seen.iter().map(|sign| sign.weight).sum();
        let reasons = seen.into_iter().map(|sign| format!("{} ({:+})", sign.reason, sign.weight)).collect();
        Noise { score: u8::try_from(sum.clamp(0, 100)).unwrap_or(100), reasons }
    }
}

/// How likely `sample` is noise. Linear in its text.
pub fn assess(sample: &Sample<'_>) -> Noise {
    Reading::of(sample).noise(sample)
}

fn sign(holds: bool, weight: i32, reason: impl Into<String>) -> Option<Seen> {
    holds.then(|| Seen { weight, reason: reason.into(), is_scan: false })
}

/// Links from which a short text is a link farm.
const MANY_LINKS: usize = 8;

/// The outer shape of the text.
fn shape(sample: &Sample<'_>, words: &Words, evidence: &Evidence) -> Vec<Seen> {
    let nothing_to_check = evidence.functions.is_empty()
        && evidence.files.is_empty()
        && evidence.versions.is_empty()
        && evidence.cves.is_empty()
        && !evidence.has_trace
        && !evidence.has_code;
    let named = |product: &&str| !product.trim().is_empty() && contains(words, product);
    let hosts: std::collections::BTreeSet<&str> =
        evidence.links.iter().filter_map(|link| link.split('/').nth(2)).collect();
    let subject = sample.subject.chars().filter(|c| c.is_alphabetic());
    let (letters, capitals) =
        subject.fold((0, 0), |(all, upper), c| (all + 1, upper + u32::from(c.is_uppercase())));
    [
        sign(
            nothing_to_check && sample.attachments == 0,
            15,
            "nothing in it can be checked: no version, file, function, code or attachment",
        ),
        sign(
            !sample.products.is_empty() && !sample.products.iter().any(named),
            10,
            "none of our products is named",
        ),
        sign(words.len() < 25 && nothing_to_check && sample.attachments == 0, 10, "hardly any text"),
        sign(
            hosts.len() >= MANY_LINKS && words.len() < 60 * hosts.len(),
            30,
            format!("links to {} hosts", hosts.len()),
        ),
        sign(letters >= 12 && capitals * 10 >= letters * 8, 10, "the subject shouts"),
        sign(sample.subject.matches('!').count() >= 3, 5, "the subject has many exclamation marks"),
        sign(signs::has_placeholder(sample.text), 30, "a template's placeholder was left in the text"),
        sign(signs::is_machine_formatted(sample.text), 10, "headings and emoji as writing machines set them"),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Whether the words of `name` stand in a row in `words`.
fn contains(words: &Words, name: &str) -> bool {
    let name = Words::of(name);
    name.len() > 0
        && (0..words.len())
            .any(|at| name.iter().enumerate().all(|(offset, word)| words.get(at + offset) == Some(word)))
}

/// What else came with it, and from whom.
fn company(sample: &Sample<'_>) -> Vec<Seen> {
    let local = sample.from.split('@').next().unwrap_or_default().to_ascii_lowercase();
    let is_desk = ["noreply", "no-reply", "newsletter", "marketing", "sales", "promo", "offers", "seo"]
        .iter()
        .any(|desk| local.starts_with(desk));
    let (recent, alike) = (sample.recent_from_sender, sample.near_identical);
    [
        sign(is_desk, 20, "sent from an address for advertising or machines"),
        sign(
            (3..10).contains(&recent),
            10,
            format!("the sender opened {recent} other cases in the last days"),
        ),
        sign(recent >= 10, 25, format!("the sender opened {recent} other cases in the last days")),
        sign(alike == 1, 10, "one other case has nearly the same text"),
        sign((2..5).contains(&alike), 25, format!("{alike} other cases have nearly the same text")),
        sign(alike >= 5, 40, format!("{alike} other cases have nearly the same text")),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// What speaks for a real report. A scanner (`is_scan`) names versions and CVEs by itself.
fn substance(sample: &Sample<'_>, words: &Words, evidence: &Evidence, is_scan: bool) -> Vec<Seen> {
    let named = sample.products.iter().any(|product| contains(words, product));
    [
        sign(evidence.has_trace, -35, "it shows a crash"),
        sign(evidence.has_code, -15, "it shows code, a request or a command"),
        sign(
            !evidence.functions.is_empty() || !evidence.files.is_empty(),
            -20,
            "it names functions or source files",
        ),
        sign(!evidence.versions.is_empty() && !is_scan, -10, "it names a version"),
        sign(
            (!evidence.cves.is_empty() || !evidence.hashes.is_empty()) && !is_scan,
            -5,
            "it names a CVE or a commit",
        ),
        sign(named, -5, "it names our product"),
        sign(sample.attachments > 0, -5, "it has attachments"),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// What its protection says for it.
fn warrant(sample: &Sample<'_>) -> Vec<Seen> {
    [
        sign(sample.encrypted, -20, "it was encrypted to us"),
        sign(sample.verified, -30, "it is signed by a key that people verified"),
        sign(sample.signed && !sample.verified, -10, "it is signed"),
    ]
    .into_iter()
    .flatten()
    .collect()
}
