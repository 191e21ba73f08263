//! The text of a MIME tree that an answer may quote: what a reader saw, without
//! hidden text, forwarded messages and attachments. Whether anything of a
//! message may be quoted is not known here.

use super::clip::clip;
use super::entity::{Content, Entity};
use super::html;
use super::render::{chosen_alternative, is_legacy_display, without_legacy_display};

/// Bytes of text that are quoted at most.
const MAX_QUOTE: usize = 256 << 10;

/// The text of `entity` that an answer may quote. Foreign text.
pub fn quotable(entity: &Entity<'_>) -> String {
    let mut text = String::new();
    collect(entity, &mut text);
    text
}

fn collect(entity: &Entity<'_>, out: &mut String) {
    match &entity.content {
        _ if entity.is_attachment => {}
        Content::Parts(parts) => match entity.media_type.as_str() {
            "multipart/alternative" => {
                parts.iter().skip(chosen_alternative(parts)).take(1).for_each(|part| collect(part, out));
            }
            "multipart/signed" => parts.iter().take(1).for_each(|part| collect(part, out)),
            _ => {
                let legacy = usize::from(is_legacy_display(entity, parts));
                parts.iter().skip(legacy).for_each(|part| collect(part, out));
            }
        },
        Content::Text(text) => push(without_legacy_display(entity, text), out),
        Content::Html(source) => push(&html::to_visible_text(source), out),
        Content::Bytes(_) | Content::Message(_) => {}
    }
}

fn push(text: &str, out: &mut String) {
    if text.trim().is_empty() {
        return;
    }
    if !out.is_empty() {
        out.push_str(if out.ends_with('\n') { "\n" } else { "\n\n" });
    }
    out.push_str(clip(text, MAX_QUOTE.saturating_sub(out.len())));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::parse;

    fn quote(mail: &str) -> String {
        quotable(&parse(mail.as_bytes()).root)
    }

    #[test]
    fn hidden_text_is_left_out() {
        let html = "Content-Type: text/html\n\n<p>seen</p><div style='display:none'>hidden<div>deep</div></div>\
                    <p hidden>gone <b>too</b></p><p>and seen</p>";
        assert_eq!(quote(html), "seen\n\nand seen");
    }

    #[test]
    fn only_what_was_shown_is_quoted() {
        let mail = "Content-Type: multipart/mixed; boundary=m\n\n--m\nContent-Type: multipart/alternative; boundary=a\n\n\
            --a\n\nplain\n--a\nContent-Type: text/html\n\n<p>html</p>\n--a--\n\
            --m\nContent-Type: text/plain\nContent-Disposition: attachment; filename=x.txt\n\nattached\n\
            --m\nContent-Type: message/rfc822\n\nFrom: x@y\n\nforwarded\n--m\n\nend\n--m--\n";
        assert_eq!(quote(mail), "plain\n\nend");
    }
}
