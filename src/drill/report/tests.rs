//! One made-up drill in all forms, with texts in it that would rather be markup.

use chrono::{DateTime, TimeDelta, Utc};
use unicode_width::UnicodeWidthStr as _;

use super::html::STYLE;
use super::picture::picture;
use super::*;
use crate::drill::{Item, Score};

const SCRIPT: &str = "</td></title><script>alert('x')</script> & \"q\"";
const LINK: &str = "a](http://x) ![b](//y) <https://z> | `c` @ann";
const STEERED: &str = "\x1b]0;owned\x07\x1b[2J exe\u{202e}fdp\r\n# heading\n- item";

fn began() -> DateTime<Utc> {
    "2026-11-23T08:00:00Z".parse().unwrap()
}

fn item(what: &str, happened: &str, hours: Option<i64>, points: u32, of: u32) -> Item {
    let practise = if points < of { "ninety help answers: plan the answer\nbefore it is due" } else { "" };
    Item {
        what: what.to_owned(),
        expected: "a signed answer, within 4 h of 'report'".to_owned(),
        happened: happened.to_owned(),
        at: hours.map(|hours| began() + TimeDelta::hours(hours)),
        points,
        of,
        practise: practise.to_owned(),
    }
}

fn entry(minutes: i64, line: Line, who: &str, what: &str) -> Entry {
    let at = began() + TimeDelta::minutes(minutes);
    let case = if line == Line::Remark { "" } else { "SEC-2026-0001" };
    Entry { at, line, who: who.to_owned(), case: case.to_owned(), what: what.to_owned() }
}

fn timeline() -> Vec<Entry> {
    use Line::{Came, Done, Late, Remark};
    let long = "x".repeat(300);
    vec![
        entry(0, Came, "Mara Lindt", "mail: Heap overflow in the TIFF reader"),
        entry(2, Came, SCRIPT, "mail: quick question"),
        entry(12, Done, "ann", "took it over"),
        entry(40, Done, "ann", "answered, signed and encrypted"),
        entry(41, Done, "ann", "priority P1"),
        entry(90, Remark, "facilitator", "they found the duplicate by themselves"),
        entry(240, Late, "", "triage was not done in time"),
        entry(241, Late, "", SCRIPT),
        entry(300, Came, "eve@evil.example", LINK),
        entry(310, Came, STEERED, STEERED),
        entry(360, Done, "ben", "marked as noise"),
        entry(700, Came, "a colleague", "the press calls"),
        entry(960, Came, "漢字", &long),
        entry(1000, Done, "ben", "asked the lane engineering"),
        entry(1440, Came, "engineering", "it is exploitable"),
        entry(1500, Done, "ann", "exploited: yes"),
        entry(1501, Remark, STEERED, LINK),
        entry(1600, Done, "cho", "early warning filed"),
        entry(1900, Late, "", "the reporter heard nothing for a day"),
        entry(2900, Done, "ann", "published"),
    ]
}

fn report() -> Report {
    let items = vec![
        item("the reporter was answered", "ann: answered, after 40 minutes", Some(1), 5, 5),
        item("the noise was seen as such", "ben: marked as noise, after 6 h: late", Some(6), 2, 4),
        item("the early warning was filed", "cho: filed, after 2 h", Some(27), 10, 10),
        item("nobody told the press", &format!("ann: wrote '{LINK}'"), Some(12), 0, 5),
        item(SCRIPT, SCRIPT, None, 0, 3),
        item(&format!("{} | end", "long".repeat(100)), STEERED, Some(3), 1, 3),
        item("漢字の報告に返事をした", "it did not happen", None, 0, 10),
        item("the case was published", "ann: published, after 2 days", Some(48), 5, 5),
    ];
    let sum = |points: fn(&Item) -> u32| items.iter().map(points).sum();
    Report {
        name: "first-friday".to_owned(),
        title: format!("A Friday <evening> {LINK}"),
        teaches: "How to answer in time,\nand whom to ask.\n".to_owned(),
        seed: 90,
        mode: "team".to_owned(),
        team: vec!["ann".to_owned(), "ben | cho".to_owned(), SCRIPT.to_owned()],
        began: began(),
        ended: began() + TimeDelta::hours(50),
        hints: 2,
        score: Score { points: sum(|item| item.points), of: sum(|item| item.of), items },
        timeline: timeline(),
    }
}

/// A drill of `span` with `count` entries all over it, many of them at one time.
fn crowded(span: TimeDelta, count: i32) -> Report {
    let lines = [Line::Came, Line::Done, Line::Late, Line::Remark];
    let entries = (0..count).map(|number| {
        let share = if number % 3 == 0 { number } else { count / 2 };
        let at = began() + span * share / (count - 1).max(1);
        Entry {
            at,
            line: lines[number as usize % 4],
            who: "ann".into(),
            case: String::new(),
            what: LINK.into(),
        }
    });
    let mut timeline: Vec<Entry> = entries.collect();
    timeline.sort_by_key(|entry| entry.at);
    Report { ended: began() + span, timeline, ..report() }
}

fn snapshot(name: &str, said: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, said));
}

/// The names of the tags in their order; panics where one is not closed, or closed that was not open.
fn tags(page: &str) -> Vec<String> {
    let (mut open, mut all): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
    for part in page.split('<').skip(1) {
        let (tag, text) = part.split_once('>').expect("a tag ends");
        assert!(!text.contains('>'), "{part}");
        let name = tag.trim_start_matches('/').split([' ', '/']).next().unwrap_or_default().to_owned();
        if let Some(closed) = tag.strip_prefix('/') {
            assert_eq!(open.pop().as_deref(), Some(closed), "in {part}");
        } else if !tag.ends_with('/') && !tag.starts_with('!') {
            open.push(name.clone());
        }
        all.push(name);
    }
    assert_eq!(open, Vec::<String>::new());
    all
}

#[test]
fn all_forms_of_one_drill() {
    let report = report();
    snapshot("report_markdown", &markdown(&report));
    snapshot("report_json", &format!("{:#}", json(&report)));
    snapshot("report_text", &text(&report, 80).join("\n"));
    // The style has its own file.
    let page = html(&report).replace(STYLE, "");
    let hash = page.split("'sha256-").nth(1).and_then(|rest| rest.split('\'').next()).unwrap();
    snapshot("report_html", &page.replace(hash, "HASH").replace("><", ">\n<"));
}

#[test]
fn the_same_report_gives_the_same_bytes() {
    for report in [report, || crowded(TimeDelta::days(3), 100)] {
        let forms = |report: &Report| {
            let json = json(report).to_string();
            [markdown(report), json, html(report), text(report, 80).join("\n")]
        };
        assert_eq!(forms(&report()), forms(&report()));
    }
}

#[test]
fn every_form_says_that_it_was_a_drill_and_steers_nothing() {
    let report = report();
    let (page, json) = (html(&report), json(&report).to_string());
    let text = text(&report, 80).join("\n");
    assert!(markdown(&report).starts_with("**TEST DRILL**\n"));
    for form in [markdown(&report), page, json, text] {
        assert!(form.contains("TEST DRILL"));
        assert!(!form.contains(['\x1b', '\x07', '\r', '\u{202e}']));
    }
}

#[test]
fn nothing_foreign_is_markup_in_the_page() {
    let page = html(&report());
    let tags = tags(&page);
    for tag in ["script", "img", "a", "iframe", "link"] {
        assert!(!tags.iter().any(|found| found == tag), "{tag}");
    }
    // What foreign text names is only text; what counts is what stands in tags.
    let inside: Vec<&str> = page.split('<').skip(1).filter_map(|part| part.split('>').next()).collect();
    let markup = inside.join("\n") + STYLE;
    for forbidden in ["script", "://", "http:", " src=", "href", "url(", "@import", " on", " style="] {
        assert!(!markup.contains(forbidden), "{forbidden}");
    }
    assert!(page.contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;"));
    assert!(!page.contains("<script"));
}

#[test]
fn the_page_allows_its_own_style_alone() {
    use base64::Engine as _;
    use sha2::Digest as _;
    let page = html(&report());
    let hash = base64::engine::general_purpose::STANDARD.encode(sha2::Sha256::digest(STYLE.as_bytes()));
    assert!(page.contains(&format!("default-src 'none'; style-src 'sha256-{hash}'")));
    assert!(page.contains(&format!("<style>{STYLE}</style>")));
    assert!(STYLE.contains("prefers-color-scheme: dark") && STYLE.contains("@media print"));
}

/// The numbers of an attribute, wherever it stands in the picture.
fn numbers(svg: &str, attribute: &str) -> Vec<f64> {
    let opening = format!(" {attribute}=\"");
    let found = svg.split(&opening).skip(1).filter_map(|rest| rest.split('"').next());
    found.flat_map(|value| value.split([',', ' '])).map(|number| number.parse().unwrap()).collect()
}

#[test]
fn the_picture_stays_inside_its_frame() {
    let minutes = [1, 59, 600, 1440, 10_000, 200 * 1440].map(TimeDelta::minutes);
    for span in minutes.into_iter().chain([TimeDelta::zero()]) {
        for count in [0, 1, 20, 500] {
            let svg = picture(&crowded(span, count));
            tags(&svg);
            let frame = numbers(&svg, "viewBox");
            let (width, height) = (frame[2], frame[3]);
            assert!(width == 960.0 && (100.0..500.0).contains(&height), "{height}");
            let points = numbers(&svg, "points");
            let corners = |first: usize| points.iter().skip(first).step_by(2).copied();
            let across = ["x", "x1", "x2", "cx"].into_iter().flat_map(|name| numbers(&svg, name));
            let down = ["y", "y1", "y2", "cy"].into_iter().flat_map(|name| numbers(&svg, name));
            assert!(across.chain(corners(0)).all(|x| (5.0..=width - 12.0).contains(&x)), "{span} {count}");
            assert!(down.chain(corners(1)).all(|y| (0.0..=height - 4.0).contains(&y)), "{span} {count}");
        }
    }
}

#[test]
fn no_entry_is_hidden_and_none_is_lost() {
    for count in [1, 20, 500] {
        let svg = picture(&crowded(TimeDelta::hours(30), count));
        let marks = ["came", "done", "late", "remark"]
            .map(|class| svg.matches(&format!("class=\"{class}\"")).count());
        let more = svg.split(">+").skip(1).filter_map(|rest| rest.split('<').next());
        let more: usize = more.map(|number| number.parse::<usize>().unwrap()).sum();
        assert_eq!(marks.iter().sum::<usize>() + more, count as usize);
        let places: Vec<(f64, f64)> = numbers(&svg, "cx").into_iter().zip(numbers(&svg, "cy")).collect();
        for (number, (x, y)) in places.iter().enumerate() {
            let near = |other: &&(f64, f64)| (other.0 - x).abs() < 10.0 && (other.1 - y).abs() < 10.0;
            assert_eq!(places[number + 1..].iter().find(near), None, "beside {x} {y}");
        }
    }
}

#[test]
fn no_line_for_a_terminal_is_too_wide() {
    let report = report();
    for width in [0, 1, 2, 3, 10, 20, 40, 80, 120, 300] {
        let lines = text(&report, width);
        let wide = lines.iter().find(|line| line.width() > width);
        assert_eq!(wide, None, "at {width}");
    }
    assert!(text(&report, 80).len() < 60);
}

#[test]
fn tables_of_markdown_have_the_cells_of_their_heads() {
    let page = markdown(&report());
    // Escaped bars are text.
    let bare = page.replace("\\\\", "").replace("\\|", "");
    let cells = |line: &str| line.matches('|').count();
    for table in bare.split("\n\n").filter(|part| part.starts_with('|')) {
        let head = table.lines().next().map(cells);
        assert!(table.lines().all(|line| Some(cells(line)) == head), "{table}");
    }
}

#[test]
fn the_fields_of_json_are_those_that_programs_know() {
    let value = json(&report());
    let keys =
        |value: &serde_json::Value| -> Vec<String> { value.as_object().unwrap().keys().cloned().collect() };
    assert_eq!((&value["drill"], &value["test"]), (&true.into(), &"TEST DRILL".into()));
    assert_eq!((&value["score"], &value["of"]), (&23.into(), &45.into()));
    assert_eq!(keys(&value["items"][0]), ["at", "expected", "happened", "of", "points", "practise", "what"]);
    assert_eq!(keys(&value["timeline"][0]), ["at", "case", "line", "what", "who"]);
    assert_eq!((&value["began"], &value["items"][4]["at"]), (&"2026-11-23T08:00:00Z".into(), &().into()));
}

#[test]
fn a_drill_in_which_nothing_happened_has_a_report() {
    let score = Score { points: 0, of: 0, items: Vec::new() };
    let report = Report { score, timeline: Vec::new(), team: Vec::new(), ended: began(), ..report() };
    assert!(markdown(&report).contains("Nothing happened."));
    assert!(html(&report).contains("no point was lost"));
    assert!(text(&report, 80).iter().any(|line| line.contains("0 of 0 points")));
    tags(&html(&report));
}
