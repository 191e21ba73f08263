//! The readable text of a MIME tree, and the list of what is attached to it.
//! Does not make the text safe to show: that happens where it is shown.

use std::borrow::Cow;

use super::clip::clip;
use super::entity::{Content, Entity, Headers, Mail};
use super::html;
use super::parse::{is_message, parse};
use crate::triage::Person;
use crate::triage::message::Attachment;

/// Bytes of readable text that are kept.
pub const MAX_TEXT: usize = 1 << 20;
/// Attachments that are listed.
const MAX_ATTACHMENTS: usize = 1000;
/// Forwarded messages in transfer encoding that are opened, one in the other.
const MAX_ENCODED: usize = 4;
/// A plain alternative this short beside long HTML says only that there is HTML.
const STUB: usize = 120;

/// What a person reads of a message. Foreign text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Readable {
    /// The text, with `\n` or `\r\n` at its line ends.
    pub text: String,
    /// What is attached, in the order of the message.
    pub attachments: Vec<Attachment>,
    /// What was cut, chosen or left out, in words.
    pub notes: Vec<String>,
}

/// Reads `entity` and everything in it.
pub fn render(entity: &Entity<'_>) -> Readable {
    let mut renderer = Renderer::default();
    renderer.entity(entity);
    renderer.readable
}

/// The bytes of what [`render`] lists as the attachment with this number, from
/// 0, with its transfer encoding undone and its charset left alone.
pub fn attached(entity: &Entity<'_>, number: usize) -> Option<Vec<u8>> {
    let mut renderer = Renderer { wanted: Some(number), ..Renderer::default() };
    renderer.entity(entity);
    renderer.found
}

#[derive(Default)]
struct Renderer {
    readable: Readable,
    /// The number of the attachment whose bytes are wanted.
    wanted: Option<usize>,
    found: Option<Vec<u8>>,
    /// Forwarded messages in transfer encoding around the present place.
    encoded: usize,
}

impl Renderer {
    fn entity(&mut self, entity: &Entity<'_>) {
        match &entity.content {
            Content::Parts(parts) => self.parts(entity, parts),
            Content::Message(mail) => {
                if entity.is_attachment {
                    self.attach(entity, entity.encoded.len());
                }
                self.forwarded(mail);
            }
            // Borrowed bytes are a message that lies too deep to be opened.
            Content::Bytes(Cow::Owned(bytes))
                if is_message(&entity.media_type) && self.encoded < MAX_ENCODED =>
            {
                self.attach(entity, bytes.len());
                self.encoded += 1;
                self.forwarded(&parse(bytes));
                self.encoded -= 1;
            }
            Content::Bytes(bytes) => self.attach(entity, bytes.len()),
            Content::Text(text) | Content::Html(text) if entity.is_attachment => {
                self.attach(entity, text.len())
            }
            Content::Text(text) => {
                self.push(without_legacy_display(entity, text));
                if entity.file_name.is_some() {
                    self.attach(entity, text.len());
                }
            }
            Content::Html(source) => {
                self.html(source);
                if entity.file_name.is_some() {
                    self.attach(entity, source.len());
                }
            }
        }
    }

    fn parts(&mut self, entity: &Entity<'_>, parts: &[Entity<'_>]) {
        match entity.media_type.as_str() {
            "multipart/alternative" => self.alternative(parts),
            // The signature and the version part say nothing to a reader.
            "multipart/signed" => match parts {
                [signed, signature] if signature.media_type.ends_with("-signature") => self.entity(signed),
                _ => parts.iter().for_each(|part| self.entity(part)),
            },
            "multipart/encrypted" => parts
                .iter()
                .filter(|part| part.media_type != "application/pgp-encrypted")
                .for_each(|part| self.entity(part)),
            _ => {
                let legacy = usize::from(is_legacy_display(entity, parts));
                parts.iter().skip(legacy).for_each(|part| self.entity(part));
            }
        }
    }

    /// Shows one alternative and lists what is attached to the others.
    fn alternative(&mut self, parts: &[Entity<'_>]) {
        let chosen = chosen_alternative(parts);
        if is_stub(parts) {
            self.note("the plain text is much shorter than the HTML; the HTML is shown");
        }
        for (index, part) in parts.iter().enumerate() {
            if index == chosen { self.entity(part) } else { self.unchosen(part) }
        }
    }

    /// Lists what is attached inside an alternative that is not shown.
    fn unchosen(&mut self, entity: &Entity<'_>) {
        match &entity.content {
            Content::Parts(parts) => parts.iter().for_each(|part| self.unchosen(part)),
            Content::Text(text) | Content::Html(text) => {
                if entity.is_attachment || entity.file_name.is_some() {
                    self.attach(entity, text.len());
                }
            }
            Content::Bytes(bytes) => self.attach(entity, bytes.len()),
            Content::Message(_) => self.attach(entity, entity.encoded.len()),
        }
    }

    fn forwarded(&mut self, mail: &Mail<'_>) {
        self.push(&format!("----- forwarded message -----\n{}", header_lines(&mail.headers)));
        self.entity(&mail.root);
        self.push("----- end of forwarded message -----\n");
    }

    fn html(&mut self, source: &str) {
        if source.len() > html::MAX_HTML {
            self.note("the HTML is so long that only its start is shown");
        }
        let text = html::to_text(source);
        if text.trim().is_empty() && !source.trim().is_empty() {
            self.note("the HTML has no readable text");
        }
        self.push(&text);
    }

    /// Appends a block of text, apart from the one before.
    fn push(&mut self, text: &str) {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        if text.trim().is_empty() {
            return;
        }
        let out = &mut self.readable.text;
        if !out.is_empty() {
            out.push_str(if out.ends_with('\n') { "\n" } else { "\n\n" });
        }
        let room = MAX_TEXT.saturating_sub(out.len());
        let kept = clip(text, room);
        out.push_str(kept);
        if kept.len() < text.len() {
            self.note("the text is so long that only its first MiB is shown; the whole message is kept");
        }
    }

    fn attach(&mut self, entity: &Entity<'_>, size: usize) {
        if self.readable.attachments.len() >= MAX_ATTACHMENTS {
            return self.note("it has more attachments than are listed");
        }
        let name = match (&entity.file_name, &entity.content) {
            (Some(name), _) => name.clone(),
            (None, Content::Message(mail)) => {
                mail.headers.subject.clone().unwrap_or_else(|| "message".to_owned())
            }
            (None, _) => "unnamed".to_owned(),
        };
        if self.wanted == Some(self.readable.attachments.len()) {
            self.found = Some(entity.decoded());
        }
        let size = u64::try_from(size).unwrap_or(u64::MAX);
        self.readable.attachments.push(Attachment { name, media_type: entity.media_type.clone(), size });
    }

    fn note(&mut self, note: &str) {
        if !self.readable.notes.iter().any(|known| known == note) {
            self.readable.notes.push(note.to_owned());
        }
    }
}

/// The alternative that is shown: the plain one where it says something, else
/// the HTML, else the last one.
pub(super) fn chosen_alternative(parts: &[Entity<'_>]) -> usize {
    let (plain, html) = (first_that_shows(parts, false), first_that_shows(parts, true));
    match (plain, html) {
        (Some(_), Some((html, _))) if is_stub(parts) => html,
        (Some((plain, 1..)), _) => plain,
        (_, Some((html, _))) => html,
        (Some((plain, _)), None) => plain,
        (None, None) => parts.len().saturating_sub(1),
    }
}

/// Whether the plain alternative only says that there is HTML.
fn is_stub(parts: &[Entity<'_>]) -> bool {
    match (first_that_shows(parts, false), first_that_shows(parts, true)) {
        (Some((_, short)), Some((_, long))) => short < STUB && long > 20 * STUB,
        _ => false,
    }
}

/// The first alternative with text of the wanted kind, and how long its text is.
fn first_that_shows(parts: &[Entity<'_>], wants_html: bool) -> Option<(usize, usize)> {
    let at = parts.iter().position(|part| shows(part, wants_html))?;
    Some((at, length(parts, at, wants_html)))
}

/// Whether a reader of this alternative sees text of the wanted kind.
fn shows(entity: &Entity<'_>, wants_html: bool) -> bool {
    match &entity.content {
        Content::Text(_) => !wants_html && !entity.is_attachment && entity.media_type == "text/plain",
        Content::Html(_) => wants_html && !entity.is_attachment,
        Content::Parts(parts) => parts.iter().any(|part| shows(part, wants_html)),
        _ => false,
    }
}

/// Bytes of text of the wanted kind in an alternative, white space at the ends left out.
fn length(parts: &[Entity<'_>], at: usize, wants_html: bool) -> usize {
    fn sum(entity: &Entity<'_>, wants_html: bool) -> usize {
        match &entity.content {
            Content::Text(text) if !wants_html => text.trim().len(),
            Content::Html(text) if wants_html => text.trim().len(),
            Content::Parts(parts) => parts.iter().map(|part| sum(part, wants_html)).sum(),
            _ => 0,
        }
    }
    parts.get(at).map_or(0, |part| sum(part, wants_html))
}

/// The header fields of a forwarded message, as lines.
fn header_lines(headers: &Headers) -> String {
    let people = |list: &[Person]| {
        let shown = list.iter().take(20).map(|person| match person.name.as_str() {
            "" => Cow::Borrowed(person.email.as_str()),
            name => Cow::Owned(format!("{name} <{}>", person.email)),
        });
        shown.collect::<Vec<_>>().join(", ")
    };
    let mut lines = String::new();
    let mut line = |name: &str, value: &str| {
        if !value.is_empty() {
            lines.push_str(name);
            lines.push_str(": ");
            lines.push_str(&value.replace(['\r', '\n'], " "));
            lines.push('\n');
        }
    };
    line("From", &people(&headers.from));
    line("To", &people(&headers.to));
    line(
        "Date",
        &headers.date.map(|date| date.format("%a, %d %b %Y %H:%M +00:00").to_string()).unwrap_or_default(),
    );
    line("Subject", headers.subject.as_deref().unwrap_or_default());
    lines
}

/// Text without the copy of its headers that is there for old mail programs
/// (RFC 9788, section 5.2.1). Only lines that look like headers are left out,
/// so that the parameter cannot hide a text.
pub(super) fn without_legacy_display<'a>(entity: &Entity<'_>, text: &'a str) -> &'a str {
    if entity.parameter("hp-legacy-display") != Some("1") {
        return text;
    }
    let end =
        text.find("\r\n\r\n").map(|at| at + 4).into_iter().chain(text.find("\n\n").map(|at| at + 2)).min();
    match end.and_then(|end| text.split_at_checked(end)) {
        Some((copy, rest)) if copy.lines().all(is_header_like) => rest,
        _ => text,
    }
}

/// Whether the first part repeats protected headers in the way of the older
/// draft (`protected-headers="v1"`) and holds nothing else.
pub(super) fn is_legacy_display(entity: &Entity<'_>, parts: &[Entity<'_>]) -> bool {
    let [first, _, ..] = parts else { return false };
    let marked = |entity: &Entity<'_>| entity.parameter("protected-headers") == Some("v1");
    marked(entity)
        && marked(first)
        && matches!(&first.content, Content::Text(text) if text.len() <= MAX_LEGACY && text.lines().all(is_header_like))
}

/// Bytes of a copy of headers.
const MAX_LEGACY: usize = 16 << 10;

fn is_header_like(line: &str) -> bool {
    let blank_or_fold = line.trim().is_empty() || line.starts_with([' ', '\t']);
    let names = ["Subject:", "From:", "To:", "Cc:", "Date:", "Reply-To:", "Followup-To:", "Message-ID:"];
    blank_or_fold
        || names
            .iter()
            .any(|name| line.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(mail: &str) -> Readable {
        render(&parse(mail.as_bytes()).root)
    }

    fn names(readable: &Readable) -> Vec<&str> {
        readable.attachments.iter().map(|attachment| attachment.name.as_str()).collect()
    }

    /// A multipart with these parts.
    fn multipart(kind: &str, parts: &[&str]) -> String {
        let parts: String = parts.iter().map(|part| format!("--b\n{part}\n")).collect();
        format!("Content-Type: multipart/{kind}; boundary=b\n\n{parts}--b--\n")
    }

    const IMAGE: &str =
        "Content-Type: image/png; name=logo.png\nContent-Transfer-Encoding: base64\n\niVBORw0KGgo=";

    #[test]
    fn plain_text_is_preferred_and_what_hangs_on_the_html_is_listed() {
        let related = multipart("related", &["Content-Type: text/html\n\n<p>html</p>", IMAGE]);
        let related = related.replace("=b", "=c").replace("--b", "--c");
        let readable = read(&multipart("alternative", &["\nplain", &related]));
        assert_eq!(readable.text, "plain");
        assert_eq!(names(&readable), ["logo.png"]);
    }

    #[test]
    fn html_is_shown_where_the_plain_text_says_nothing() {
        let html = format!("Content-Type: text/html\n\n<p>{}</p>", "the whole report ".repeat(200));
        for plain in ["\n ", "\nPlease view this in a mail program that shows HTML."] {
            let readable = read(&multipart("alternative", &[plain, &html]));
            assert!(readable.text.starts_with("the whole report"), "{}", readable.text);
        }
        assert_eq!(read("Content-Type: text/html\n\n<b></b>").notes, ["the HTML has no readable text"]);
    }

    #[test]
    fn inline_texts_follow_each_other_and_attachments_are_listed_with_their_size() {
        let script = "Content-Type: text/x-python\nContent-Disposition: attachment; filename*=utf-8''p%C3%B6c.py\n\nprint()";
        let readable =
            read(&multipart("mixed", &["\none", script, IMAGE, "\ntwo", "Content-Type: x/y\n\nz"]));
        assert_eq!(readable.text, "one\n\ntwo");
        let listed: Vec<(&str, &str, u64)> =
            readable.attachments.iter().map(|a| (a.name.as_str(), a.media_type.as_str(), a.size)).collect();
        assert_eq!(
            listed,
            [("pöc.py", "text/x-python", 7), ("logo.png", "image/png", 8), ("unnamed", "x/y", 1)]
        );
    }

    #[test]
    fn forwarded_messages_are_shown_with_their_headers() {
        let inner =
            "From: Ann <ann@b.example>\nSubject: inner\nDate: Mon, 23 Nov 2026 09:02:00 +0100\n\nhello";
        let plain =
            read(&multipart("mixed", &["\nsee below", &format!("Content-Type: message/rfc822\n\n{inner}")]));
        let shown = "see below\n\n----- forwarded message -----\nFrom: Ann <ann@b.example>\n\
            Date: Mon, 23 Nov 2026 08:02 +00:00\nSubject: inner\n\nhello\n\n----- end of forwarded message -----\n";
        assert_eq!(plain.text, shown);

        let encoded = "Content-Type: message/rfc822\nContent-Transfer-Encoding: quoted-printable\n\n";
        let encoded = read(&format!("{encoded}{}", inner.replace('=', "=3D")));
        assert!(encoded.text.contains("Subject: inner\n\nhello"));
        assert_eq!(encoded.attachments.len(), 1);
    }

    #[test]
    fn a_legacy_display_hides_headers_and_nothing_else() {
        let marked = "Content-Type: text/plain; hp-legacy-display=\"1\"\n\n";
        assert_eq!(read(&format!("{marked}Subject: x\n\nbody")).text, "body");
        assert_eq!(
            read(&format!("{marked}Subject: x\nPay now!\n\nbody")).text,
            "Subject: x\nPay now!\n\nbody"
        );

        let v1 = "Content-Type: text/plain; protected-headers=\"v1\"\n\n";
        let old =
            |first: &str| multipart("mixed; protected-headers=v1", &[&format!("{v1}{first}"), "\nbody"]);
        assert_eq!(read(&old("Subject: x")).text, "body");
        assert_eq!(read(&old("Attention")).text, "Attention\n\nbody");
    }

    #[test]
    fn an_attachment_is_given_by_its_number_as_it_was_before_it_was_sent() {
        let latin = "Content-Type: text/plain; charset=iso-8859-1; name=a.txt\nContent-Transfer-Encoding: quoted-printable\n\np=F6c=\n!";
        let forwarded = "Content-Type: message/rfc822\nContent-Disposition: attachment\n\nFrom: x@y\n\nhello";
        let mail = multipart("mixed", &["\nbody", latin, IMAGE, forwarded]);
        let mail = parse(mail.as_bytes());
        let listed = render(&mail.root).attachments.len();
        let found: Vec<_> = (0..=listed).map(|number| attached(&mail.root, number)).collect();
        assert_eq!(found[0].as_deref(), Some(&b"p\xf6c!"[..]));
        assert_eq!(found[1].as_deref(), Some(&b"\x89PNG\r\n\x1a\n"[..]));
        assert_eq!(found[2].as_deref(), Some(&b"From: x@y\n\nhello"[..]));
        assert_eq!(found[3], None);
    }

    #[test]
    fn signatures_are_no_attachments() {
        let signature = "Content-Type: application/pgp-signature; name=signature.asc\n\n-----BEGIN";
        let readable = read(&multipart("signed", &["\nsigned words", signature]));
        assert_eq!((readable.text.as_str(), readable.attachments.len()), ("signed words", 0));
    }
}
