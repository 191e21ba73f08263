//! The overlays in which a case is scored: CVSS metric by metric, SSVC question
//! by question. The score and the outcome stand on top and follow every key.

use ratatui::layout::{Position, Rect, Size};
use ratatui::style::Style;

use super::Canvas;
use super::overlay::{WIDE, framed};
use crate::console::assess::{Asking, Scoring};
use crate::console::paper::{Role, wrap::wrap};
use crate::triage::cvss::Metric;
use crate::triage::ssvc::{Outcome, Question, Row};

/// Columns of the longest name of a metric, and of the longest code with its distance.
const NAME: u16 = 34;
const CODE: u16 = 4;

/// Lines of the box over most questions, so that it does not jump from one to the next.
const STEADY: u16 = 18;

pub(super) fn scoring(scoring: &Scoring, size: Size, canvas: &mut Canvas<'_>) -> Option<Position> {
    let metrics = scoring.metrics();
    let title = format!("CVSS {} of {}", scoring.draft().version(), scoring.subject.about);
    let width = usize::from(WIDE.min(size.width)).saturating_sub(4).max(1);
    let head = score_lines(scoring, width);
    let foot = choices(scoring, width);
    let wanted = head.len() + metrics.len() + foot.len() + 3;
    let height = (wanted as u16).min(size.height.saturating_sub(2).max(3));
    let keys = "letter or h l value · j k · v version · e text · x - clear · Enter";
    let inner = framed(&title, keys, size, WIDE, height, canvas);
    let head = write(&head, inner, canvas);
    let room = inner.height.saturating_sub(head);
    // A low screen keeps the metrics and lets their explanation go.
    let below = if usize::from(room) > foot.len() + 2 { foot.len() as u16 + 1 } else { 0 };
    let list = Rect { y: inner.y + head, height: room - below, ..inner };
    let cursor = metric_lines(scoring, &metrics, list, canvas);
    let last = Rect { y: list.bottom() + below.min(1), height: below.saturating_sub(1), ..inner };
    write(&foot, last, canvas);
    cursor
}

/// The vector and its score, or what is missing for one.
fn score_lines(scoring: &Scoring, width: usize) -> Vec<(Role, String)> {
    let draft = scoring.draft();
    let score = match draft.complete() {
        Some(cvss) => {
            let base = cvss.base();
            let of_base = if base == cvss {
                String::new()
            } else {
                format!(", base {:.1} {}", base.score(), base.severity())
            };
            let named = cvss.nomenclature();
            (Role::Strong, format!("{:.1} {} ({named}{of_base})", cvss.score(), cvss.severity()))
        }
        None => {
            let missing: Vec<&str> = draft.missing().iter().map(|metric| metric.code).collect();
            (Role::Warn, format!("no score yet; missing: {}", missing.join(" ")))
        }
    };
    let mut lines: Vec<(Role, String)> =
        wrap(&score.1, width).into_iter().map(|line| (score.0, line)).collect();
    lines.extend(wrap(&draft.to_string(), width).into_iter().map(|line| (Role::Faint, line)));
    lines
}

/// The values of the metric under the cursor with their names.
fn choices(scoring: &Scoring, width: usize) -> Vec<(Role, String)> {
    let Some(metric) = scoring.metric() else { return Vec::new() };
    let named: Vec<String> =
        metric.values.iter().map(|value| format!("{} {}", value.code, value.name)).collect();
    let words = format!("{}: {}", metric.code, named.join(" · "));
    wrap(&words, width).into_iter().map(|line| (Role::Plain, line)).collect()
}

fn metric_lines(
    scoring: &Scoring,
    metrics: &[&'static Metric],
    list: Rect,
    canvas: &mut Canvas<'_>,
) -> Option<Position> {
    let page = usize::from(list.height);
    if page == 0 {
        return None;
    }
    let top = (scoring.at + 1).saturating_sub(page);
    let mut cursor = None;
    for (index, metric) in metrics.iter().enumerate().skip(top).take(page) {
        let line = Rect { y: list.y + (index - top) as u16, height: 1, ..list };
        let is_current = index == scoring.at;
        if is_current {
            canvas.put(line, 0, 0, ">", Style::new());
            cursor = Some(Position { x: line.x, y: line.y });
        }
        metric_line(scoring, metric, line, canvas);
    }
    cursor
}

/// `AV  Attack Vector        [N] A  L  P   Network`.
fn metric_line(scoring: &Scoring, metric: &Metric, line: Rect, canvas: &mut Canvas<'_>) {
    let chosen = scoring.draft().value(metric.code);
    canvas.put(line, 2, 0, metric.code, canvas.look.role(Role::Label));
    // A narrow screen shows the codes alone.
    let mut x = if line.width >= 2 + CODE + NAME + 24 {
        canvas.put(line, 2 + CODE, 0, metric.name, Style::new());
        2 + CODE + NAME
    } else {
        2 + CODE
    };
    for value in metric.values {
        let (words, style) = if chosen == Some(value) {
            (format!("[{}]", value.code), canvas.look.role(Role::Strong))
        } else {
            (format!(" {} ", value.code), Style::new())
        };
        x = canvas.put(line, x, 0, &words, style);
    }
    // The longest metric has four values.
    let names = x.max(line.width.min(if line.width >= 60 { 2 + CODE + NAME + 13 } else { 2 + CODE + 13 }));
    let name = chosen.map_or("", |value| value.name);
    canvas.put(line, names, 0, name, canvas.look.role(Role::Faint));
}

pub(super) fn asking(asking: &Asking, size: Size, canvas: &mut Canvas<'_>) -> Option<Position> {
    let width = usize::from(WIDE.min(size.width)).saturating_sub(4).max(1);
    let (outcome, mut question) = (outcome_lines(asking, width), question_lines(asking, width));
    let wanted = outcome.len() + 1 + question.len() + Question::ALL.len() + 2;
    let wanted = (wanted as u16).max(STEADY);
    let height = wanted.min(size.height.saturating_sub(2).max(3));
    let gap = vec![(Role::Plain, String::new())];
    // On a low screen the question comes first, for it is what wants an answer, and in a few words.
    if question.len() + 2 > usize::from(height) {
        question = brief_lines(asking, width);
    }
    let mut lines =
        if height < wanted { [question, outcome, gap].concat() } else { [outcome, gap, question].concat() };
    let list = lines.len();
    lines.extend(answer_lines(asking));
    let foot = if asking.question().is_some() {
        "letter answers · j k move · x - clear · Enter keeps"
    } else {
        "Enter keeps · y copies the selection list · k back · - clears"
    };
    let title = format!("SSVC of {}", asking.subject.about);
    let inner = framed(&title, foot, size, WIDE, height, canvas);
    write(&lines, inner, canvas);
    let y = (list + asking.at).min(lines.len().saturating_sub(1)) as u16;
    (y < inner.height && asking.question().is_some()).then_some(Position { x: inner.x, y: inner.y + y })
}

/// What the tree advises and the row that says so; before that what it can still advise, and what is open.
fn outcome_lines(asking: &Asking, width: usize) -> Vec<(Role, String)> {
    let Some(row) = asking.answers.row(None) else {
        let open: Vec<&str> = asking.answers.open().map(Question::word).collect();
        let can_be: Vec<&str> = asking.answers.outcomes().into_iter().map(Outcome::word).collect();
        let words = format!("{} so far; open: {}", can_be.join(" or "), open.join(", "));
        return wrap(&words, width).into_iter().map(|line| (Role::Warn, line)).collect();
    };
    let words = format!("{}: {}", row.outcome, row.outcome.meaning());
    let mut lines: Vec<(Role, String)> =
        wrap(&words, width).into_iter().map(|line| (Role::Strong, line)).collect();
    let why = format!("{row} (row {}, counted from 0, of {})", row.number(), Row::TABLE);
    lines.extend(wrap(&why, width).into_iter().map(|line| (Role::Faint, line)));
    lines
}

/// The question that is asked, with what each answer means.
fn question_lines(asking: &Asking, width: usize) -> Vec<(Role, String)> {
    let Some(question) = asking.question() else { return Vec::new() };
    let point = question.point();
    let mut lines: Vec<(Role, String)> =
        wrap(point.question, width).into_iter().map(|line| (Role::Heading, line)).collect();
    for choice in point.choices {
        let words = format!("{}  {}: {}", choice.key, choice.name, choice.meaning);
        let mut parts = wrap(&words, width).into_iter();
        lines.extend(parts.next().map(|line| (Role::Plain, line)));
        let rest = wrap(&parts.collect::<Vec<_>>().join(" "), width.saturating_sub(3).max(1));
        let rest = rest.into_iter().filter(|part| !part.is_empty());
        lines.extend(rest.map(|part| (Role::Plain, format!("   {part}"))));
    }
    lines.push((Role::Plain, String::new()));
    lines
}

/// The question and the names of its answers.
fn brief_lines(asking: &Asking, width: usize) -> Vec<(Role, String)> {
    let Some(question) = asking.question() else { return Vec::new() };
    let point = question.point();
    let names: Vec<String> =
        point.choices.iter().map(|choice| format!("{} {}", choice.key, choice.name)).collect();
    let mut lines: Vec<(Role, String)> =
        wrap(point.question, width).into_iter().map(|line| (Role::Heading, line)).collect();
    lines.extend(wrap(&names.join(" · "), width).into_iter().map(|line| (Role::Plain, line)));
    lines
}

fn answer_lines(asking: &Asking) -> Vec<(Role, String)> {
    let line = |(index, question): (usize, Question)| {
        let chosen = asking.answers.chosen(question);
        let answer = chosen.and_then(|chosen| question.point().choices.get(chosen));
        let mark = if index == asking.at { ">" } else { " " };
        let words = answer.map_or("-".to_owned(), |choice| choice.name.to_lowercase());
        let role = if answer.is_some() { Role::Plain } else { Role::Faint };
        (role, format!("{mark} {:<22}{words}", question.word()))
    };
    Question::ALL.into_iter().enumerate().map(line).collect()
}

/// Writes lines from the top of `area` on; how many of them fitted.
fn write(lines: &[(Role, String)], area: Rect, canvas: &mut Canvas<'_>) -> u16 {
    let shown = lines.len().min(usize::from(area.height));
    for (y, (role, line)) in lines.iter().take(shown).enumerate() {
        canvas.put(area, 0, y as u16, line, canvas.look.role(*role));
    }
    shown as u16
}
