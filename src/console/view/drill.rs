//! The overlay of a drill: what it is about, its clock, its cues, its result.

use std::ops::Range;
use std::time::Duration;

use ratatui::layout::{Position, Size};
use unicode_width::UnicodeWidthStr as _;

use super::Canvas;
use super::overlay::framed;
use crate::console::drill::{Drill, spell};
use crate::console::model::Model;
use crate::console::paper::{Role, wrap::wrap};
use crate::drill::{Bulletin, Cue, Stage};
use crate::triage::clock;

/// Widest box, in columns: a briefing is prose.
const WIDE: u16 = 100;

/// Columns of the words that say how a cue stands.
const STAGE: usize = 21;

/// One line of the overlay.
struct Line {
    role: Role,
    text: String,
    /// Index of the cue that it belongs to.
    cue: Option<usize>,
}

/// Collects lines of a width.
struct Sheet {
    width: usize,
    lines: Vec<Line>,
}

impl Sheet {
    fn put(&mut self, role: Role, text: &str) {
        self.lines.extend(wrap(text, self.width).into_iter().map(|text| Line { role, text, cue: None }));
    }

    /// What does not fit goes on below, set in.
    fn hang(&mut self, text: &str) {
        for (index, part) in wrap(text, self.width.saturating_sub(2)).into_iter().enumerate() {
            let text = if index == 0 { part } else { format!("  {part}") };
            self.lines.push(Line { role: Role::Plain, text, cue: None });
        }
    }

    /// A cue: how it stands, and beside it, or below where it is narrow, what it is.
    fn cue(&mut self, index: usize, stage: &str, what: &str) {
        let mut put = |text: String| self.lines.push(Line { role: Role::Plain, text, cue: Some(index) });
        // Two columns in front for the cursor.
        let mut before = format!("  {stage:<STAGE$}");
        let mut indent = STAGE + 2;
        if self.width < 3 * STAGE {
            put(before);
            (before, indent) = ("    ".to_owned(), 4);
        }
        for part in wrap(what, self.width.saturating_sub(indent)) {
            put(format!("{before}{part}"));
            before = " ".repeat(indent);
        }
    }

    /// A heading, apart from what stands above it.
    fn begin(&mut self, heading: &str) {
        if !self.lines.is_empty() {
            self.put(Role::Plain, "");
        }
        self.put(Role::Heading, heading);
    }
}

fn lines(model: &Model) -> Vec<Line> {
    let width = usize::from(WIDE.min(model.size.width)).saturating_sub(4).max(1);
    let mut sheet = Sheet { width, lines: Vec::new() };
    let Some((drill, bulletin)) = known(model) else {
        sheet.put(Role::Faint, "the drill is being read ...");
        return sheet.lines;
    };
    if bulletin.is_over {
        result(bulletin, &mut sheet);
    }
    if let Some(hint) = &bulletin.hint {
        sheet.begin(&format!("Hint {} of {}", hint.number, hint.of));
        sheet.put(Role::Plain, &hint.text);
    }
    sheet.begin("Briefing");
    for (index, paragraph) in bulletin.briefing.iter().enumerate() {
        if index > 0 {
            sheet.put(Role::Plain, "");
        }
        sheet.put(Role::Plain, paragraph);
    }
    time(model, bulletin, &mut sheet);
    sheet.begin("In another terminal");
    sheet.put(Role::Plain, &format!("export NINETY_STORE={}", quoted(&bulletin.store)));
    sheet.put(Role::Faint, "then 'ninety list', 'ninety show' and all others work on the drill");
    if bulletin.is_facilitator {
        cues(model, bulletin, &mut sheet);
    }
    if foot(drill, bulletin, model.size).1 {
        sheet.begin("Keys");
        for key in keys(drill, bulletin) {
            sheet.put(Role::Plain, key);
        }
    }
    sheet.lines
}

fn known(model: &Model) -> Option<(&Drill, &Bulletin)> {
    let drill = model.drill.as_ref()?;
    Some((drill, drill.bulletin.as_ref()?))
}

fn result(bulletin: &Bulletin, sheet: &mut Sheet) {
    let words = match bulletin.score {
        Some((points, of)) => format!("The drill is over: {points} of {of} points."),
        None => "The drill is over.".to_owned(),
    };
    sheet.put(Role::Strong, &words);
    for line in &bulletin.result {
        sheet.hang(line);
    }
}

/// How its time runs, and until when.
fn time(model: &Model, bulletin: &Bulletin, sheet: &mut Sheet) {
    let day = spell(bulletin.day_takes);
    sheet.begin("Time");
    if bulletin.is_over {
        return sheet.put(Role::Plain, &format!("A day took {day}. The clock stands still for good."));
    }
    let state = if bulletin.is_paused { "stands still" } else { "runs" };
    sheet.put(Role::Plain, &format!("A day takes {day}. The clock {state}."));
    let left = bulletin.ends_at - model.now;
    // In floating point: a span of years in tiny units has no room in whole numbers.
    let real = left.num_seconds().max(0) as f64 / 86_400.0 * bulletin.day_takes.as_secs_f64();
    let real = spell(rounded(Duration::try_from_secs_f64(real).unwrap_or(Duration::MAX)));
    sheet.put(
        Role::Plain,
        &format!(
            "It ends {}, {}; at this pace that is {real}.",
            model.zone.long(bulletin.ends_at),
            clock::countdown(bulletin.ends_at, model.now)
        ),
    );
    let whose = match (bulletin.may_pace, bulletin.is_facilitator) {
        (true, true) => return,
        (true, false) => "It waits while you write in your editor.",
        (false, _) if bulletin.is_exam() => "It waits for nobody: this is an exam.",
        (false, _) => "The facilitator keeps the clock.",
    };
    sheet.put(Role::Plain, whose);
}

/// Without the seconds of a span that has minutes: nobody plans by them.
fn rounded(span: Duration) -> Duration {
    let seconds = span.as_secs();
    Duration::from_secs(if seconds >= 60 { seconds - seconds % 60 } else { seconds })
}

fn cues(model: &Model, bulletin: &Bulletin, sheet: &mut Sheet) {
    sheet.begin("Cues, for the facilitator alone");
    if bulletin.cues.is_empty() {
        sheet.put(Role::Faint, "the scenario holds nothing ready");
    }
    for (index, cue) in bulletin.cues.iter().enumerate() {
        let (stage, what) = (stage(model, cue), format!("{}: {}", cue.id, cue.what));
        sheet.cue(index, &stage, &what);
    }
}

fn stage(model: &Model, cue: &Cue) -> String {
    let at = |at| model.zone.show(at).format("%-d %b %H:%M").to_string();
    match cue.stage {
        Stage::Due(due) => format!("due {}", at(due)),
        Stage::Waiting => "waits".to_owned(),
        Stage::Played(played) => format!("played {}", at(played)),
        Stage::Dropped => "prevented".to_owned(),
    }
}

/// The directory as a shell takes it.
fn quoted(path: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "/._-".contains(c);
    if path.chars().all(is_plain) { path.to_owned() } else { format!("'{}'", path.replace('\'', r"'\''")) }
}

/// The keys that do something now.
fn keys(drill: &Drill, bulletin: &Bulletin) -> Vec<&'static str> {
    let mut keys = Vec::new();
    if drill.no_pace().is_none() {
        keys.push(if bulletin.is_paused { "p go on" } else { "p pause" });
        keys.extend(["n next event", "s time", "+- pace"]);
    }
    if drill.no_hint().is_none() {
        keys.push("h hint");
    }
    if bulletin.is_facilitator {
        keys.extend((drill.no_more().is_none() && !bulletin.cues.is_empty()).then_some("i play"));
        keys.push("c remark");
    }
    keys.extend(drill.no_pace().is_none().then_some("E end"));
    keys.push("Esc closes");
    keys
}

/// The foot, and whether the words did not fit into it.
fn foot(drill: &Drill, bulletin: &Bulletin, size: Size) -> (String, bool) {
    let keys = keys(drill, bulletin);
    let room = usize::from(WIDE.min(size.width)).saturating_sub(6);
    let words = keys.join("  ");
    if words.width() <= room {
        return (words, false);
    }
    let letters: Vec<&str> = keys.iter().filter_map(|key| key.split(' ').next()).collect();
    (letters.join(" "), true)
}

fn height(lines: usize, size: Size) -> u16 {
    u16::try_from(lines + 2).unwrap_or(u16::MAX).min(size.height.saturating_sub(2).max(3))
}

/// The lines of the cue under the cursor, and how many lines the overlay shows.
pub fn cue_lines(model: &Model) -> (Range<usize>, usize) {
    let lines = lines(model);
    let chosen = model.drill.as_ref().map(|drill| drill.chosen);
    let is_chosen = |line: &Line| line.cue.is_some() && line.cue == chosen;
    let start = lines.iter().position(is_chosen).unwrap_or(0);
    let end = lines.iter().rposition(is_chosen).map_or(0, |last| last + 1);
    let shown = height(lines.len(), model.size).min(model.size.height).saturating_sub(2);
    (start..end, usize::from(shown))
}

/// The last line that the overlay can begin with.
pub fn drill_last_top(model: &Model) -> usize {
    let lines = lines(model).len();
    lines.saturating_sub(usize::from(height(lines, model.size).saturating_sub(2)))
}

pub(super) fn draw(model: &Model, canvas: &mut Canvas<'_>) -> Option<Position> {
    let drill = model.drill.as_ref()?;
    let lines = lines(model);
    let (title, foot) = match &drill.bulletin {
        Some(bulletin) => (format!("drill: {}", bulletin.title), foot(drill, bulletin, model.size).0),
        None => ("drill".to_owned(), "Esc closes".to_owned()),
    };
    let inner = framed(&title, &foot, model.size, WIDE, height(lines.len(), model.size), canvas);
    let mut cursor = None;
    for (y, line) in lines.iter().skip(drill.top).take(usize::from(inner.height)).enumerate() {
        let y = y as u16;
        canvas.put(inner, 0, y, &line.text, canvas.look.role(line.role));
        if line.cue == Some(drill.chosen) && cursor.is_none() {
            canvas.put(inner, 0, y, ">", canvas.look.role(Role::Strong));
            cursor = Some(Position { x: inner.x, y: inner.y + y });
        }
    }
    cursor
}
