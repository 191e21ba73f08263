//! The page: well-formed, self-contained, and nothing foreign in it is markup.

use chrono::DateTime;
use chrono_tz::Tz;

use super::*;
use crate::triage::calendar::Calendar;
use crate::triage::message::Encryption;
use crate::triage::statistics::{Gathering, Period};
use crate::triage::{Case, Milestone, Person, Priority, State};

const HOSTILE: &str = "</td><script>alert('x')</script><img src=\"https://x.example/\"> & \x1b[31m";

fn told(cases: &[Case]) -> Told {
    let is_drill = false;
    let now = "2026-11-25T12:00:00Z".parse::<DateTime<chrono::Utc>>().unwrap();
    let calendar = Calendar::default();
    let mut gathering = Gathering::new(Period::asked(None, None, &calendar, now), &calendar, now);
    cases.iter().for_each(|case| gathering.add(case));
    gathering.restricted(2);
    let statistics = gathering.finish();
    Told { team: "Example <Security>".into(), query: String::new(), zone: Tz::UTC, statistics, is_drill }
}

fn hostile() -> Case {
    let received = "2026-11-10T08:00:00Z".parse().unwrap();
    let mut case = Case::opened("SEC-1".into(), HOSTILE, Person::default(), received, Encryption::None);
    case.state = State::Triaged;
    case.priority = Priority::new(1);
    case.component = Some(HOSTILE.to_owned());
    case.reached.insert(Milestone::Prioritised, received + TimeDelta::hours(7));
    case
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
            assert_eq!(tag.matches('"').count() % 2, 0, "{tag}");
            open.push(name.clone());
        }
        all.push(name);
    }
    assert_eq!(open, Vec::<String>::new());
    all
}

#[test]
fn the_page_is_well_formed_and_has_nothing_from_elsewhere() {
    for cases in [Vec::new(), vec![hostile()]] {
        let page = page(&told(&cases));
        let tags = tags(&page);
        let plots = tags.iter().filter(|tag| *tag == "svg").count() / 2;
        assert_eq!(plots, 12, "{tags:?}");
        // What foreign text names is only text; what counts is what stands in tags.
        let inside: Vec<&str> = page.split('<').skip(1).filter_map(|part| part.split('>').next()).collect();
        let markup = inside.join("\n") + STYLE;
        for forbidden in ["script", "://", "http:", " src=", "href", "url(", "@import", " on", "\x1b"] {
            let found = markup.find(forbidden).map(|at| &markup[at.saturating_sub(20)..]);
            assert!(found.is_none(), "{forbidden} in {:.60?}", found);
        }
        assert!(!page.contains("<script") && !page.contains('\x1b'));
        assert!(!page.contains("NaN") && !page.contains("inf"));
    }
}

#[test]
fn the_page_of_a_drill_says_so_in_its_title_and_in_a_heading() {
    let (real, drill) = (told(&[hostile()]), Told { is_drill: true, ..told(&[hostile()]) });
    assert!(!page(&real).contains("TEST DRILL"));
    let page = page(&drill);
    tags(&page);
    for part in ["<title>TEST DRILL: Example", "<h1>TEST DRILL: Example", "<h2>TEST DRILL - an exercise"] {
        assert!(page.contains(part), "{part}");
    }
}

#[test]
fn bars_are_as_long_as_they_say() {
    let bar = |value: f64, words: &str| Bar { name: "x".into(), value, mark: None, words: words.into() };
    let widths = |svg: String| -> Vec<String> {
        let rects = svg.split("<rect ").skip(1);
        rects
            .map(|rect| rect.split("width=\"").nth(1).unwrap().split('"').next().unwrap().to_owned())
            .collect()
    };
    assert_eq!(widths(shares("a", "t", &[bar(0.5, "50 %"), bar(0.0, "0 %")])), ["130.0", "0.0"]);
    assert_eq!(widths(lying("a", "t", &[bar(3.0, "3"), bar(1.0, "1")])), ["260.0", "86.7"]);
    assert_eq!(widths(lying("a", "t", &[bar(0.0, "0")])), ["0.0"]);
    assert_eq!(upright("a", "t", &[]).matches("<rect").count(), 0);
    let svg = upright("a", "t", &[Bar { mark: Some(4.0), ..bar(2.0, "2") }]);
    assert!(svg.contains("height=\"55.0\"") && svg.contains("y1=\"20.0\""), "{svg}");
}

#[test]
fn foreign_text_is_escaped_wherever_it_stands() {
    let page = page(&told(&[hostile()]));
    assert!(page.contains("&lt;/td&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;"));
    assert!(page.contains("Example &lt;Security&gt;"));
    assert!(!page.contains("<img") && !page.contains("</td><script"));
}

#[test]
fn only_this_style_is_allowed_and_every_plot_says_what_it_shows() {
    let page = page(&told(&[hostile()]));
    let hash = STANDARD.encode(Sha256::digest(STYLE.as_bytes()));
    assert!(page.contains(&format!("default-src 'none'; style-src 'sha256-{hash}'")));
    assert!(page.contains(&format!("<style>{STYLE}</style>")) && !page.contains(" style="));
    let count = |what: &str| page.matches(what).count();
    assert_eq!((count("<svg "), count("<desc ")), (count("role=\"img\""), count("<svg ")));
    for id in page.split("aria-labelledby=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
        for id in id.split(' ') {
            assert_eq!(count(&format!(" id=\"{id}\"")), 1, "{id}");
        }
    }
    assert!(page.contains("<desc id=\"prioritised-desc\">W36 0, "));
    assert!(page.contains("prefers-color-scheme: dark") && page.contains("@media print"));
}

#[test]
fn every_figure_has_its_definition_beside_it() {
    let page = page(&told(&[hostile()]));
    let told = Metric::ALL.into_iter().filter(|metric| page.contains(&escaped(metric.definition())));
    let missing: Vec<Metric> =
        Metric::ALL.into_iter().filter(|metric| !told.clone().any(|one| one == *metric)).collect();
    // No lane was asked; what is restricted is told in words of its own.
    assert_eq!(missing, [Metric::Restricted, Metric::AnswerTime, Metric::AnswerWithin]);
}
