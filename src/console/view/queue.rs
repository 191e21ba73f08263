//! The queue: one line a case, due first.

use chrono::{DateTime, Utc};
use ratatui::layout::{Position, Rect};
use ratatui::style::{Color, Modifier, Style};
use unicode_width::UnicodeWidthStr as _;

use super::{Canvas, title};
use crate::console::layout::{Pane, ROOMY};
use crate::console::model::Model;
use crate::console::overlay::{Overlay, Purpose};
use crate::console::paper::Role;
use crate::text;
use crate::triage::clocks::Kind;
use crate::triage::message::Encryption;
use crate::triage::{CaseKey, Due, Row, State, clock};

/// Below this width a title would be a letter or two.
const NARROW: u16 = 48;

/// Widths of the columns; 0 leaves one out.
#[derive(Debug, Clone, Copy)]
struct Columns {
    id: u16,
    due: u16,
    state: u16,
    owner: u16,
    roomy: bool,
}

impl Columns {
    fn of(width: u16, rows: &[&Row], model: &Model) -> Self {
        let roomy = width >= ROOMY;
        let widest = |of: &dyn Fn(&Row) -> usize| rows.iter().map(|row| of(row)).max().unwrap_or(0) as u16;
        let id = widest(&|row| row.id.width()).clamp(13, 18);
        let due = widest(&|row| due(row, roomy, model).width()).clamp(15, 28);
        match width {
            _ if roomy => Self { id, due, state: 12, owner: 12, roomy },
            72.. => Self { id, due, state: 9, owner: 6, roomy },
            58.. => Self { id, due, state: 0, owner: 6, roomy },
            _ => Self { id, due, state: 0, owner: 0, roomy },
        }
    }
}

pub(super) fn draw(model: &Model, area: Rect, inside: Rect, canvas: &mut Canvas<'_>) -> Option<Position> {
    let page = model.queue.page(usize::from(inside.height));
    let rows: Vec<&Row> = page.iter().filter_map(|key| model.queue.rows.get(key)).collect();
    let columns = Columns::of(area.width, &rows, model);
    draw_title(model, area, canvas);
    if inside.y > area.y + 1 {
        heads(columns, Rect { y: area.y + 1, height: 1, ..area }, canvas);
    }
    if page.is_empty() {
        empty(model, inside, canvas);
    }
    for (index, key) in page.iter().enumerate() {
        let line = Rect { y: inside.y + index as u16, height: 1, ..inside };
        line_of(model, *key, columns, line, canvas);
    }
    let row = model.queue.cursor.checked_sub(model.queue.top)? as u16;
    (row < inside.height && !page.is_empty()).then(|| Position { x: inside.x, y: inside.y + row })
}

fn draw_title(model: &Model, area: Rect, canvas: &mut Canvas<'_>) {
    let queue = &model.queue;
    let which = if is_as_before(model) {
        format!(
            " as before: {} ",
            if queue.text.is_empty() { "open".to_owned() } else { text::line(&queue.text) }
        )
    } else if queue.text.is_empty() {
        (if area.width < NARROW { " open, by rank " } else { " open, by rank (E explains) " }).to_owned()
    } else if let Some(view) = model.view_shown() {
        format!(" view: {} ", text::line(view))
    } else {
        format!(" filter: {} ", text::line(&queue.text))
    };
    let total = if queue.complete { queue.keys.len().to_string() } else { format!("{}+", queue.keys.len()) };
    let marked = match queue.marked.len() {
        0 => String::new(),
        count if queue.unseen > 0 => format!("{count} marked, {} not shown · ", queue.unseen),
        count => format!("{count} marked · "),
    };
    let at = if queue.keys.is_empty() { 0 } else { queue.cursor + 1 };
    // As wide for the first as for the last, so that a move rewrites digits only.
    let digits = total.len();
    let right = format!(" {marked}{at:>digits$} of {total} ");
    let name = title(model, Pane::Queue, canvas.look);
    let room = usize::from(area.width).saturating_sub(name.0.width() + right.width() + 5);
    let style = if queue.text.is_empty() { Style::new() } else { canvas.look.role(Role::Warn) };
    canvas.rule(area, &[name, (text::fit(&which, room), style)], &right);
}

/// Whether the query that is being typed cannot be read, so that the cases are those of the one before.
fn is_as_before(model: &Model) -> bool {
    matches!(&model.overlay, Some(Overlay::Prompt(prompt))
        if prompt.hint.is_err() && matches!(prompt.purpose, Purpose::Filter { .. }))
}

fn heads(columns: Columns, line: Rect, canvas: &mut Canvas<'_>) {
    let faint = canvas.look.role(Role::Faint);
    let mut x = 2;
    let mut head = |text: &str, width: u16| {
        if width > 0 {
            canvas.put(line, x, 0, text, faint);
            x += width + 1;
        }
    };
    head("case", columns.id);
    head("pr", 2);
    head("due", columns.due);
    head("state", columns.state);
    head("owner", columns.owner);
    head("", 3);
    if line.width >= NARROW {
        head("title", 5);
    }
}

fn empty(model: &Model, inside: Rect, canvas: &mut Canvas<'_>) {
    let words = match (model.queue.complete, model.queue.text.is_empty()) {
        (false, _) => "reading the queue ...",
        (true, true) if model.drill.is_some() => {
            "No case yet: mail will come. Ctrl-t then n goes to what comes next."
        }
        (true, true) => "No open case. 'ninety import' brings mail in; /is:all shows closed ones.",
        (true, false) if model.queue.query.wants_closed() => "No case matches the filter. Esc drops it.",
        (true, false) => "No open case matches the filter; is:all beside it looks at all. Esc drops it.",
    };
    canvas.put(inside, 2, 0, &text::fit(words, usize::from(inside.width.saturating_sub(2))), Style::new());
}

fn line_of(model: &Model, key: CaseKey, columns: Columns, line: Rect, canvas: &mut Canvas<'_>) {
    let is_current = model.current() == Some(key);
    if is_current {
        canvas.put(line, 0, 0, ">", Style::new());
    }
    if model.queue.marked.contains(&key) {
        canvas.put(line, 1, 0, "+", canvas.look.role(Role::Strong));
    }
    let Some(row) = model.queue.rows.get(&key) else { return };
    let look = Colours { model, look: *canvas.look };
    let mut x = 2;
    let mut cell = |text: &str, width: u16, style: Style| {
        if width > 0 {
            canvas.put(line, x, 0, &text::fit(text, usize::from(width)), style);
            x += width + 1;
        }
    };
    cell(&text::line(&row.id), columns.id, if is_current { look.look.chosen() } else { Style::new() });
    if row.is_hidden {
        // Where the countdown of the others stands.
        restricted(row, columns.id + 6, line, canvas);
        return;
    }
    cell(&row.priority.map_or("-".to_owned(), |priority| priority.to_string()), 2, look.priority(row));
    cell(&due(row, columns.roomy, model), columns.due, look.due(row));
    cell(state(row.state, columns.roomy), columns.state, look.state(row.state));
    let owner = row.assignee.as_deref().map_or("-".to_owned(), text::line);
    cell(&owner, columns.owner, look.owner(row));
    cell(&marks(row), 3, look.marks(row));
    if line.width < NARROW {
        return;
    }
    let rest = line.width.saturating_sub(x).min(120);
    canvas.put(line, x, 0, &text::fit(&text::line(&row.title), usize::from(rest)), look.title(row));
}

/// What is to be done next: our own aim as long as it can be reached, then the date itself.
fn due_now(row: &Row, now: DateTime<Utc>) -> Option<Due> {
    let aim = row.target.filter(|at| *at > now).map(|at| Due { kind: Kind::Target, at });
    row.due.map(|due| aim.filter(|_| due.kind == Kind::Disclosure).unwrap_or(due))
}

/// What is left of a row that the reader may only know of: that it is there.
fn restricted(row: &Row, x: u16, line: Rect, canvas: &mut Canvas<'_>) {
    let room = usize::from(line.width.saturating_sub(x));
    let words = text::fit(&text::line(&row.title), room);
    canvas.put(line, x, 0, &words, canvas.look.role(Role::Faint));
}

/// `ack 18h left`, `publish OVERDUE 3d`; with working days where there is room: `publish  6d left (4wd)`.
fn due(row: &Row, roomy: bool, model: &Model) -> String {
    let Some(due) = due_now(row, model.now) else { return "-".to_owned() };
    if roomy {
        return format!("{:8} {}", due.kind.short(), model.setting(0).left(due.at).text);
    }
    format!("{} {}", due.kind.short(), clock::countdown(due.at, model.now))
}

/// The state in at most nine columns, or in full.
fn state(state: State, roomy: bool) -> &'static str {
    match state {
        State::Acknowledged if !roomy => "ack'd",
        State::InProgress if !roomy => "in prog.",
        _ => state.word(),
    }
}

/// Unread, encrypted, exploited: one letter each, always in the same column.
fn marks(row: &Row) -> String {
    let encrypted = match row.encryption {
        Encryption::None => ' ',
        Encryption::Whole => 'E',
        Encryption::Partial => 'e',
        Encryption::Failed => '!',
    };
    let letter = |is: bool, letter| if is { letter } else { ' ' };
    [letter(row.unread, '*'), encrypted, letter(row.exploited, 'X')].iter().collect()
}

/// What the cells of a row look like. Every colour repeats what a word says.
struct Colours<'a> {
    model: &'a Model,
    look: crate::console::look::Look,
}

impl Colours<'_> {
    fn priority(&self, row: &Row) -> Style {
        match row.priority.map(|priority| priority.level()) {
            Some(0) => self.look.role(Role::Bad),
            Some(1) => self.look.role(Role::Warn),
            None => self.look.role(Role::Faint),
            _ => Style::new(),
        }
    }

    fn due(&self, row: &Row) -> Style {
        match due_now(row, self.model.now) {
            Some(due) if due.at < self.model.now => self.look.role(Role::Bad),
            Some(due) if due.at - self.model.now < chrono::TimeDelta::days(1) => self.look.role(Role::Warn),
            _ => Style::new(),
        }
    }

    fn state(&self, state: State) -> Style {
        match state {
            State::Closed => self.look.role(Role::Faint),
            _ => Style::new(),
        }
    }

    fn owner(&self, row: &Row) -> Style {
        match &row.assignee {
            None => self.look.role(Role::Faint),
            Some(name) if *name == self.model.actor => self.look.role(Role::Good),
            Some(_) => Style::new(),
        }
    }

    fn marks(&self, row: &Row) -> Style {
        if row.exploited || row.encryption == Encryption::Failed {
            self.look.role(Role::Bad)
        } else if self.look.colour {
            Style::new().fg(Color::Magenta)
        } else {
            Style::new()
        }
    }

    fn title(&self, row: &Row) -> Style {
        match (row.unread, row.state) {
            (true, _) => Style::new().add_modifier(Modifier::BOLD),
            (false, State::Closed) => self.look.role(Role::Faint),
            _ => Style::new(),
        }
    }
}
