//! Text with armored blocks in it: what was encrypted is shown opened, in a
//! frame, and what stands beside a signed text is marked as outside of it. A
//! frame is made of lines that no foreign text may contain.

use std::ops::Range;

use crate::age;
use crate::mail::{self, Entity, render};
use crate::pgp::armor::{self, Kind};
use crate::pgp::{Opened, Outcome};

use super::peel::{Peeler, Place};
use super::pieces;

/// First line of the frame around text from a part that was encrypted by itself.
pub const FRAME_START: &str = "--- decrypted part; the rest of the message was not protected with it ---";

/// Last line of that frame.
pub const FRAME_END: &str = "--- end of the decrypted part ---";

/// First line of the frame around text that stands beside a signed text.
pub const OUTSIDE_START: &str = "--- not signed ---";

/// Last line of that frame.
pub const OUTSIDE_END: &str = "--- end of what is not signed ---";

/// Blocks that are opened in one text.
const MAX_BLOCKS: usize = 8;

/// One block in a text, to be opened or checked.
struct Found {
    range: Range<usize>,
    kind: Kind,
    /// Its line structure was changed, by quotation marks or by HTML.
    is_changed: bool,
}

/// A stretch of the text as it is shown.
enum Stretch<'t> {
    AsItCame(&'t str),
    Decrypted(String),
    Signed(String),
}

impl Peeler<'_> {
    /// A text with its armored blocks opened or checked and its frames drawn;
    /// `None` where it stays as it is. `is_html`: it was made from HTML.
    pub(super) fn framed_text(&mut self, around: &Entity<'_>, text: &str, is_html: bool) -> Option<String> {
        let as_they_came: Vec<_> = armor::blocks(around.encoded);
        let mut as_they_came = as_they_came.iter().filter(|block| block.kind == Kind::Message);
        let mut stretches = Vec::new();
        let mut from = 0;
        for found in blocks(text, is_html) {
            let Some(block) = text.get(found.range.clone()) else { continue };
            if is_html && is_hidden(text, found.range.start) {
                self.layers.note("an OpenPGP block in it is hidden from readers of the HTML");
            }
            let is_age = age::is_encrypted(block.as_bytes());
            let stretch = if found.kind == Kind::Cleartext {
                self.signed_stretch(block, around)
            } else {
                let raw = if found.is_changed || is_age { None } else { as_they_came.next() };
                let raw = raw.and_then(|block| around.encoded.get(block.range.clone()));
                self.decrypted_stretch(block, raw, found.is_changed, around)
            };
            if let Some(stretch) = stretch {
                stretches.push(Stretch::AsItCame(text.get(from..found.range.start).unwrap_or_default()));
                stretches.push(stretch);
                from = found.range.end;
            }
        }
        if stretches.is_empty() {
            return without_marks(text);
        }
        stretches.push(Stretch::AsItCame(text.get(from..).unwrap_or_default()));
        Some(joined(&stretches))
    }

    fn decrypted_stretch(
        &mut self,
        block: &str,
        raw: Option<&[u8]>,
        is_changed: bool,
        around: &Entity<'_>,
    ) -> Option<Stretch<'static>> {
        let rebuilt = is_changed.then(|| armor::rebuilt(block.as_bytes()));
        let first = rebuilt.as_deref().unwrap_or(block.as_bytes());
        let opened = self.open_first(std::iter::once(first).chain(raw));
        let text = self.errant_text(opened, "inline")?;
        let part = pieces::as_text_part(&text, around);
        Some(Stretch::Decrypted(framed(&render(&mail::parse(&part).root).text)))
    }

    /// What a good signature covers; a text with any other stays as it came.
    fn signed_stretch(&mut self, block: &str, around: &Entity<'_>) -> Option<Stretch<'static>> {
        let Opened { plaintext, signatures, .. } = self.verify_text(block.as_bytes())?;
        let is_good = signatures.iter().any(|signature| signature.outcome == Outcome::Good);
        self.keep(signatures, Place::Errant);
        let text = plaintext.filter(|_| is_good)?;
        let part = pieces::as_text_part(&text, around);
        let shown = render(&mail::parse(&part).root).text;
        Some(Stretch::Signed(without_marks(&shown).unwrap_or(shown)))
    }
}

/// The blocks that are looked at, in their order.
fn blocks(text: &str, is_html: bool) -> Vec<Found> {
    let mut found: Vec<Found> = armor::blocks(text.as_bytes())
        .into_iter()
        .map(|block| Found { range: block.range, kind: block.kind, is_changed: is_html })
        .collect();
    let quoted = armor::quoted_messages(text.as_bytes()).into_iter().map(|range| (range, true));
    let age = age::armored(text.as_bytes()).into_iter().map(|range| (range, false));
    for (range, is_changed) in quoted.chain(age) {
        let is_inside = |known: &Found| known.range.start < range.end && range.start < known.range.end;
        if !found.iter().any(is_inside) {
            found.push(Found { range, kind: Kind::Message, is_changed });
        }
    }
    found.retain(|found| found.kind == Kind::Message || found.kind == Kind::Cleartext && !is_html);
    found.sort_by_key(|found| found.range.start);
    found.truncate(MAX_BLOCKS);
    found
}

/// Text in the frame of a decrypted part.
pub(super) fn framed(text: &str) -> String {
    let safe = without_marks(text);
    format!("{FRAME_START}\n{}\n{FRAME_END}", safe.as_deref().unwrap_or(text).trim_end())
}

fn joined(stretches: &[Stretch<'_>]) -> String {
    let has_signed = stretches.iter().any(|stretch| matches!(stretch, Stretch::Signed(_)));
    let mut out = String::new();
    for stretch in stretches {
        match stretch {
            Stretch::AsItCame(text) => {
                let safe = without_marks(text);
                let text = safe.as_deref().unwrap_or(text);
                if has_signed && !text.trim().is_empty() {
                    out.push_str(&format!("{OUTSIDE_START}\n{}\n{OUTSIDE_END}\n", text.trim()));
                } else {
                    out.push_str(text);
                }
            }
            Stretch::Decrypted(text) => out.push_str(text),
            Stretch::Signed(text) => {
                out.push_str(text);
                out.push_str(if text.ends_with('\n') { "" } else { "\n" });
            }
        }
    }
    out
}

/// A text with the lines of our frames made different; `None` where it has none.
pub(super) fn without_marks(text: &str) -> Option<String> {
    let marks = [FRAME_START, FRAME_END, OUTSIDE_START, OUTSIDE_END];
    if !marks.iter().any(|mark| text.contains(mark)) {
        return None;
    }
    Some(marks.iter().fold(text.to_owned(), |text, mark| text.replace(mark, &format!("> {mark}"))))
}

/// Whether the place in a text made from HTML is one that a browser does not show.
fn is_hidden(text: &str, at: usize) -> bool {
    let before = text.get(..at).unwrap_or_default();
    before.rfind(mail::HIDDEN_START) > before.rfind(mail::HIDDEN_END)
}
