//! What two profiles have in common, weighed and in words.

use std::collections::BTreeSet;

use super::Profile;

/// How alike two cases are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Likeness {
    /// 0 to 100; 100 for the same text.
    pub score: u8,
    /// What they have in common, the weightiest first. Foreign text.
    pub reasons: Vec<String>,
}

/// Scores below say nothing: a product or a class alone is shared by many.
const MIN_SCORE: u8 = 25;

/// Names that a reason shows.
const MAX_SHOWN: usize = 3;

/// Functions that stand in the traces of every program.
pub(super) const EVERYWHERE: [&str; 30] = [
    "main",
    "_start",
    "start_thread",
    "clone",
    "clone3",
    "abort",
    "raise",
    "malloc",
    "free",
    "calloc",
    "realloc",
    "memcpy",
    "memmove",
    "memset",
    "strlen",
    "strcpy",
    "printf",
    "__libc_start_main",
    "__libc_start_call_main",
    "__asan_memcpy",
    "__interceptor_malloc",
    "__interceptor_free",
    "operator",
    "Thread.run",
    "Method.invoke",
    "core::panicking::panic",
    "core::panicking::panic_fmt",
    "std::panicking",
    "runtime.main",
    "<module>",
];

/// How alike `a` and `b` are; `None` when too little. The same both ways round.
pub fn likeness(a: &Profile, b: &Profile) -> Option<Likeness> {
    let mut signs: Vec<(f64, String)> =
        [text(a, b), words(a, b), title(a, b), functions(a, b), reporter(a, b), place(a, b)]
            .into_iter()
            .flatten()
            .collect();
    let found = (&a.evidence, &b.evidence);
    let named = [
        (&found.0.cves, &found.1.cves, "same identifier", 0.7),
        (&found.0.hashes, &found.1.hashes, "same hash", 0.7),
        (&found.0.links, &found.1.links, "same link", 0.35),
        (&found.0.files, &found.1.files, "same source file", 0.35),
        (&found.0.versions, &found.1.versions, "same version", 0.06),
    ];
    signs.extend(named.into_iter().filter_map(|(a, b, what, weight)| in_common(a, b, what, weight)));
    let cwes = |profile: &Profile| profile.evidence.cwes.iter().map(ToString::to_string).collect();
    signs.extend(in_common(&cwes(a), &cwes(b), "same weakness class", 0.15));
    // Independent signs: each takes its share of the doubt that the others leave.
    let doubt: f64 = signs.iter().map(|(weight, _)| 1.0 - weight).product();
    let score = ((1.0 - doubt) * 100.0).round().clamp(0.0, 100.0) as u8;
    signs.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    (score >= MIN_SCORE)
        .then(|| Likeness { score, reasons: signs.into_iter().map(|(_, reason)| reason).collect() })
}

/// The texts themselves.
fn text(a: &Profile, b: &Profile) -> Option<(f64, String)> {
    let share = f64::from(a.signature.likeness(&b.signature));
    if share < 0.2 {
        return None;
    }
    let percent = (share * 100.0).round();
    let reason = if percent >= 100.0 {
        "the same text".to_owned()
    } else {
        format!("about {percent}% of the text is the same")
    };
    Some((share, reason))
}

/// Telling words, as a share of the shorter list.
fn words(a: &Profile, b: &Profile) -> Option<(f64, String)> {
    let shared: Vec<&String> = a.words.keys().filter(|word| b.words.contains_key(*word)).collect();
    if shared.len() < 3 {
        return None;
    }
    let shorter = a.words.len().min(b.words.len()).max(8);
    let weight = 0.6 * shared.len() as f64 / shorter as f64;
    // The longest are the rarest.
    let mut shown = shared.clone();
    shown.sort_by_key(|word| (std::cmp::Reverse(word.len()), *word));
    Some((
        weight.min(0.6),
        format!("{} rare words in common ({})", shared.len(), some(shown.iter().map(|word| word.as_str()))),
    ))
}

fn title(a: &Profile, b: &Profile) -> Option<(f64, String)> {
    let shared = a.title.intersection(&b.title).count();
    if shared < 2 {
        return None;
    }
    let all = a.title.union(&b.title).count();
    Some((0.5 * shared as f64 / all as f64, format!("{shared} words of the title in common")))
}

/// Functions, without those that every program has.
fn functions(a: &Profile, b: &Profile) -> Option<(f64, String)> {
    let own = |profile: &Profile| -> BTreeSet<String> {
        let functions = profile.evidence.functions.iter();
        functions.filter(|function| !EVERYWHERE.contains(&function.as_str())).cloned().collect()
    };
    in_common(&own(a), &own(b), "same stack frame", 0.5)
}

/// Product and component: a component counts only within the same product.
fn place(a: &Profile, b: &Profile) -> Option<(f64, String)> {
    let same_component = a.component.as_ref().filter(|name| b.component.as_ref() == Some(name));
    let is_one_product = a.product == b.product || a.product.is_none() || b.product.is_none();
    if let Some(component) = same_component.filter(|_| is_one_product) {
        return Some((0.2, format!("same component {component}")));
    }
    let product = a.product.as_ref().filter(|name| b.product.as_ref() == Some(name))?;
    Some((0.08, format!("same product {product}")))
}

fn reporter(a: &Profile, b: &Profile) -> Option<(f64, String)> {
    (!a.reporter.is_empty() && a.reporter == b.reporter).then(|| (0.08, "same reporter".to_owned()))
}

/// Findings in common: each further one takes its share of the doubt.
fn in_common(a: &BTreeSet<String>, b: &BTreeSet<String>, what: &str, weight: f64) -> Option<(f64, String)> {
    let shared: Vec<&str> = a.intersection(b).map(String::as_str).collect();
    let count = i32::try_from(shared.len().min(4)).ok().filter(|&count| count > 0)?;
    Some((1.0 - (1.0 - weight).powi(count), format!("{what} {}", some(shared.into_iter()))))
}

/// The first few names, and how many more there are.
fn some<'a>(names: impl ExactSizeIterator<Item = &'a str>) -> String {
    let more = names.len().saturating_sub(MAX_SHOWN);
    let shown: Vec<&str> = names.take(MAX_SHOWN).collect();
    if more == 0 { shown.join(", ") } else { format!("{} and {more} more", shown.join(", ")) }
}
