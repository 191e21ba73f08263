//! HTML as readable text, in one pass and with nothing but a few counters for
//! memory: no tree is built, so no nesting, no table and no unclosed tag can
//! cost more than its own bytes. Nothing is fetched; links and images become
//! text, and text that is hidden from a browser's reader is marked.

use mail_parser::decoders::html::add_html_token;

use super::clip::clip;

/// Bytes of HTML that are read.
pub const MAX_HTML: usize = 4 << 20;
/// Bytes of a link target that are shown.
const MAX_TARGET: usize = 2048;
/// Levels of quotation that are shown.
const MAX_QUOTE: usize = 8;
/// Line breaks in a row that are shown.
const MAX_BREAKS: usize = 3;
/// The longest name of a character reference, with `&` and `;`.
const MAX_REFERENCE: usize = 40;

/// Where text begins that a browser would not show.
pub const HIDDEN_START: &str = "[hidden text:]";
/// Where it ends.
pub const HIDDEN_END: &str = "[end of hidden text]";

/// The text of `html`: paragraphs apart, list items marked, link targets in
/// angle brackets behind their text, quotations marked with `>`.
pub fn to_text(html: &str) -> String {
    read(html, Page::default())
}

/// The same without the text that a browser would not show.
pub fn to_visible_text(html: &str) -> String {
    read(html, Page { omits_hidden: true, ..Page::default() })
}

fn read(html: &str, mut page: Page) -> String {
    let mut rest = clip(html, MAX_HTML);
    page.out.reserve(rest.len() / 4);
    while !rest.is_empty() {
        let text = rest.find('<').unwrap_or(rest.len());
        let (before, markup) = rest.split_at_checked(text).unwrap_or((rest, ""));
        page.text(before);
        rest = page.markup(markup);
    }
    page.finish()
}

/// What is on the page so far, and what surrounds the place where it goes on.
#[derive(Default)]
struct Page {
    out: String,
    /// Line breaks owed before the next text.
    breaks: usize,
    /// A blank is owed before the next text.
    blank: bool,
    /// Levels of quotation.
    quote: usize,
    /// Levels of `pre`.
    preformatted: usize,
    /// Target of the link that is open, and where its text begins.
    link: Option<(String, usize)>,
    /// Element whose text is hidden from a browser's reader, and how many of its kind are open in it.
    hidden: Option<(String, usize)>,
    /// Hidden text is left out instead of marked.
    omits_hidden: bool,
}

impl Page {
    /// Takes in text between tags.
    fn text(&mut self, text: &str) {
        let mut rest = text;
        while !rest.is_empty() {
            let at = rest.find('&').unwrap_or(rest.len());
            let (plain, reference) = rest.split_at_checked(at).unwrap_or((rest, ""));
            self.words(plain);
            rest = self.reference(reference);
        }
    }

    /// Takes in the character reference that `rest` begins with; gives back what follows it.
    fn reference<'a>(&mut self, rest: &'a str) -> &'a str {
        if rest.is_empty() {
            return rest;
        }
        let reach = clip(rest, MAX_REFERENCE);
        let name = reach.get(1..).unwrap_or_default();
        let end = name.find(|c: char| !c.is_ascii_alphanumeric() && c != '#').unwrap_or(name.len());
        let is_whole = name.get(end..).is_some_and(|tail| tail.starts_with(';'));
        let length = if is_whole { end + 2 } else { 1 };
        let (token, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
        let mut decoded = String::new();
        add_html_token(&mut decoded, token.as_bytes(), false);
        self.words(&decoded);
        after
    }

    /// Takes in text without markup, with runs of white space as one blank outside `pre`.
    fn words(&mut self, text: &str) {
        if self.preformatted > 0 {
            for (index, line) in text.split('\n').enumerate() {
                if index > 0 {
                    self.breaks += 1;
                }
                self.put(line);
            }
            return;
        }
        let is_space = |c: char| matches!(c, ' ' | '\t' | '\n' | '\r' | '\x0c');
        self.blank |= text.starts_with(is_space);
        for word in text.split(is_space).filter(|word| !word.is_empty()) {
            self.put(word);
            self.blank = true;
        }
        self.blank = if text.is_empty() { self.blank } else { text.ends_with(is_space) };
    }

    /// Appends `text` after the breaks and blanks that are owed.
    fn put(&mut self, text: &str) {
        if text.is_empty() || self.omits_hidden && self.hidden.is_some() {
            return;
        }
        if self.breaks > 0 && !self.out.is_empty() {
            for _ in 0..self.breaks.min(MAX_BREAKS) {
                self.out.push('\n');
                // A quoted line has its marks even where it is empty.
                self.out.extend(std::iter::repeat_n('>', self.quote.min(MAX_QUOTE)));
            }
            if self.quote > 0 {
                self.out.push(' ');
            }
        } else if self.out.is_empty() && self.quote > 0 {
            self.out.extend(std::iter::repeat_n('>', self.quote.min(MAX_QUOTE)));
            self.out.push(' ');
        } else if self.blank && !self.out.ends_with(' ') {
            self.out.push(' ');
        }
        (self.breaks, self.blank) = (0, false);
        self.out.push_str(text);
    }

    /// Owes at least `lines` line breaks before the next text.
    fn apart(&mut self, lines: usize) {
        if lines > 0 {
            self.breaks = self.breaks.max(lines);
            self.blank = false;
        }
    }

    /// Takes in what begins with `<`; gives back what follows it.
    fn markup<'a>(&mut self, rest: &'a str) -> &'a str {
        let Some(inside) = rest.strip_prefix('<') else { return rest };
        if let Some(comment) = inside.strip_prefix("!--") {
            return comment.find("-->").and_then(|end| comment.get(end + 3..)).unwrap_or("");
        }
        if !inside.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?')) {
            self.words("<");
            return inside;
        }
        let end = tag_end(inside);
        let tag = inside.get(..end).unwrap_or(inside);
        let after = inside.get(end + 1..).unwrap_or("");
        let (closes, tag) = match tag.strip_prefix('/') {
            Some(tag) => (true, tag),
            None => (false, tag),
        };
        let length = tag.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(tag.len());
        let (name, attributes) = tag.split_at_checked(length).unwrap_or((tag, ""));
        let name = name.get(..name.len().min(16)).unwrap_or(name).to_ascii_lowercase();
        if !closes && matches!(name.as_str(), "script" | "style" | "title" | "template") {
            return behind(after, &name);
        }
        self.hide(&name, attributes, closes);
        if closes {
            self.close(&name)
        } else {
            self.open(&name, attributes)
        }
        after
    }

    fn open(&mut self, name: &str, attributes: &str) {
        match name {
            "br" => self.breaks += 1,
            "a" => self.open_link(attributes),
            "img" => {
                let alt = attribute(attributes, "alt").unwrap_or_default();
                if !alt.trim().is_empty() {
                    self.text(&format!("[image: {}]", alt.trim()));
                }
            }
            "hr" => {
                self.apart(1);
                self.put("----");
                self.apart(1);
            }
            "li" => {
                self.apart(1);
                self.put("*");
                self.blank = true;
            }
            "td" | "th" => self.blank = true,
            "pre" => {
                self.apart(2);
                self.preformatted += 1;
            }
            "blockquote" => {
                self.apart(2);
                self.quote += 1;
            }
            "form" => {
                self.apart(1);
                if let Some(action) = attribute(attributes, "action") {
                    self.text(&format!("[form, sends to {}]", target(action)));
                }
            }
            _ => self.apart(gap(name)),
        }
    }

    fn close(&mut self, name: &str) {
        match name {
            "a" => self.close_link(),
            "pre" => {
                self.preformatted = self.preformatted.saturating_sub(1);
                self.apart(2);
            }
            "blockquote" => {
                self.quote = self.quote.saturating_sub(1);
                self.apart(2);
            }
            "br" | "li" | "td" | "th" => {}
            _ => self.apart(gap(name)),
        }
    }

    fn open_link(&mut self, attributes: &str) {
        self.close_link();
        let Some(href) = attribute(attributes, "href") else { return };
        let mut shown = String::new();
        let mut page = Page::default();
        page.text(target(href));
        shown.push_str(&page.out);
        if !shown.is_empty() && !shown.starts_with('#') {
            self.link = Some((shown, self.out.len()));
        }
    }

    /// Puts the target behind the link's text, unless the text is the target itself.
    fn close_link(&mut self) {
        let Some((href, start)) = self.link.take() else { return };
        let text = self.out.get(start..).unwrap_or_default().trim();
        let bare = href.strip_prefix("mailto:").unwrap_or(&href);
        if text != href && text != bare {
            self.blank = true;
            self.put(&format!("<{href}>"));
        }
    }

    /// Marks where text begins and ends that a browser would not show.
    fn hide(&mut self, name: &str, attributes: &str, closes: bool) {
        match &mut self.hidden {
            Some((element, depth)) if element == name => {
                *depth = if closes { depth.saturating_sub(1) } else { *depth + 1 };
                if *depth == 0 {
                    self.mark(HIDDEN_END);
                    self.hidden = None;
                    self.apart(1);
                }
            }
            None if !closes && !is_void(name) && is_hidden(attributes) => {
                self.apart(1);
                self.mark(HIDDEN_START);
                self.hidden = Some((name.to_owned(), 1));
                self.blank = true;
            }
            _ => {}
        }
    }

    /// Draws an edge of hidden text.
    fn mark(&mut self, mark: &str) {
        if !self.omits_hidden {
            self.put(mark);
        }
    }

    fn finish(mut self) -> String {
        self.close_link();
        self.out
    }
}

/// Line breaks around an element.
fn gap(name: &str) -> usize {
    match name {
        "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "ul" | "ol" | "dl" | "table" | "figure" => 2,
        "div" | "tr" | "section" | "article" | "header" | "footer" | "center" | "address" | "dt" | "dd"
        | "caption" | "fieldset" | "option" | "body" | "html" | "head" | "main" | "nav" | "aside"
        | "legend" | "details" | "summary" => 1,
        _ => 0,
    }
}

/// Elements without an end tag.
fn is_void(name: &str) -> bool {
    matches!(
        name,
        "br" | "img" | "hr" | "input" | "meta" | "link" | "area" | "base" | "col" | "wbr" | "source"
    )
}

/// Where the tag ends whose inside begins here: its `>`, or the end of the text.
fn tag_end(inside: &str) -> usize {
    let close = inside.find('>').unwrap_or(inside.len());
    let head = inside.get(..close).unwrap_or_default();
    // A `>` in a quoted value ends no tag. Where the quotation mark is not
    // closed nearby it is a stray one, and the first `>` ends the tag after all.
    let Some(open) = unclosed_quote(head) else { return close };
    let reach = clip(inside.get(close..).unwrap_or_default(), MAX_TARGET);
    let Some(closed) = reach.find(open) else { return close };
    let behind = close + closed;
    let reach = clip(inside.get(behind..).unwrap_or_default(), MAX_TARGET);
    reach.find('>').map_or(close, |end| behind + end)
}

/// The quotation mark that is open at the end of `head`.
fn unclosed_quote(head: &str) -> Option<char> {
    head.chars().fold(None, |open, c| match open {
        None if c == '"' || c == '\'' => Some(c),
        Some(quote) if quote == c => None,
        open => open,
    })
}

/// What follows the end tag of an element whose text is not shown.
fn behind<'a>(rest: &'a str, name: &str) -> &'a str {
    let mut at = 0;
    while let Some(found) = rest.get(at..).and_then(|rest| rest.find("</")) {
        let inside = at + found + 2;
        let tag = rest.get(inside..inside + name.len()).unwrap_or_default();
        if tag.eq_ignore_ascii_case(name) {
            let after = rest.get(inside..).unwrap_or_default();
            return after.find('>').and_then(|end| after.get(end + 1..)).unwrap_or("");
        }
        at = inside;
    }
    ""
}

/// The value of an attribute as it stands in the tag.
fn attribute<'a>(attributes: &'a str, name: &str) -> Option<&'a str> {
    let mut rest = attributes;
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
        if rest.is_empty() {
            return None;
        }
        let end = rest.find(|c: char| c.is_ascii_whitespace() || c == '=').unwrap_or(rest.len()).max(1);
        let (found, after) = rest.split_at_checked(end)?;
        let after = after.trim_start();
        let Some(value) = after.strip_prefix('=').map(str::trim_start) else {
            rest = after;
            if found.eq_ignore_ascii_case(name) {
                return Some("");
            }
            continue;
        };
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
        let (value, after) = match quote {
            Some(quote) => value.get(1..)?.split_once(quote).unwrap_or((value.get(1..)?, "")),
            None => value
                .split_at_checked(value.find(|c: char| c.is_ascii_whitespace()).unwrap_or(value.len()))?,
        };
        if found.eq_ignore_ascii_case(name) {
            return Some(value);
        }
        rest = after;
    }
}

fn target(href: &str) -> &str {
    clip(href.trim(), MAX_TARGET)
}

/// Whether an element's attributes hide it from a reader.
fn is_hidden(attributes: &str) -> bool {
    if attribute(attributes, "hidden").is_some() {
        return true;
    }
    let Some(style) = attribute(attributes, "style") else { return false };
    let style: String = style.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect();
    let declares = |declaration: &str| {
        style.split(';').any(|found| found.strip_suffix("!important").unwrap_or(found) == declaration)
    };
    ["display:none", "visibility:hidden", "font-size:0", "font-size:0px", "opacity:0"]
        .into_iter()
        .any(declares)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_show_where_they_lead() {
        let html = r#"<p>See <a href="https://evil.example/?a=1&amp;b">our bank</a>, <a href='https://x.example'>https://x.example</a>
            or <a href=mailto:a@b.example>a@b.example</a>.</p>"#;
        assert_eq!(
            to_text(html),
            "See our bank <https://evil.example/?a=1&b>, https://x.example or a@b.example."
        );
    }

    #[test]
    fn blocks_lists_and_quotes_have_their_lines() {
        let html = "<html><head><title>no</title><style>p{}</style></head><body><h1>Bug</h1><p>One\n two</p>\
                    <ul><li>a<li>b</ul><blockquote>old<br>words</blockquote><pre>if x:\n    y</pre></body></html>";
        assert_eq!(to_text(html), "Bug\n\nOne two\n\n* a\n* b\n>\n> old\n> words\n\nif x:\n    y");
    }

    #[test]
    fn references_and_stray_markup_are_text() {
        assert_eq!(
            to_text("a &lt;b&gt; &#x41;&#66; &nosuch; 1 < 2 & 3 &&amp;"),
            "a <b> AB &nosuch; 1 < 2 & 3 &&"
        );
        assert_eq!(to_text("x<!-- gone -->y<script>alert('</b>')</script >z"), "xyz");
        assert_eq!(to_text("a <b title='x > y'>b</b>"), "a b");
    }

    #[test]
    fn hidden_text_is_marked_not_dropped() {
        let html = "<p>shown</p><div style='color:red; display: none'>one<div>two</div></div><p>after</p>";
        assert_eq!(to_text(html), "shown\n\n[hidden text:]\none\ntwo\n[end of hidden text]\n\nafter");
    }

    #[test]
    fn hostile_markup_costs_no_more_than_its_bytes() {
        for (open, count) in [
            ("<div>", 50_000),
            ("<table><tr><td>", 50_000),
            ("<blockquote>x", 50_000),
            ("<a href=x>", 50_000),
            ("<b id=1><p>", 50_000),
            ("<td colspan=99999999 rowspan=99999999>x", 10_000),
            ("<!-", 50_000),
            ("<a title='", 50_000),
            ("&amp", 50_000),
            ("</", 50_000),
            ("<br>", 50_000),
            ("<pre>\n", 50_000),
            ("<div hidden>x", 50_000),
            ("<", 50_000),
        ] {
            let html = open.repeat(count);
            let text = to_text(&html);
            assert!(text.len() <= html.len() * 3, "{open} became {} bytes", text.len());
        }
    }
}
