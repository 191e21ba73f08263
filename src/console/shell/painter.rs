//! From cells to the fewest bytes: what a frame changes on a terminal that
//! shows the last one.
//!
//! ratatui's own writer moves the cursor for every gap of unchanged cells,
//! writes blanks out and ends each frame with 27 bytes of resets. Over SSH
//! that is what one waits for, so this one erases blank tails (EL), rewrites
//! short gaps, moves relatively where that is shorter, and changes attributes
//! only where they change.

use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::{Position, Rect};
use ratatui::style::{Color, Modifier};
use unicode_width::UnicodeWidthStr as _;

use super::motion;

/// Frames up to this size in bytes reach a terminal in one piece anyway.
const SMALL: usize = 128;
/// Unchanged cells that are cheaper written again than jumped over.
const SHORT_GAP: u16 = 4;
/// Blanks that are cheaper written than erased.
const SHORT_TAIL: usize = 3;

/// Attributes of a cell, as far as we use them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Pen {
    colour: Color,
    modifier: Modifier,
}

const PLAIN: Pen = Pen { colour: Color::Reset, modifier: Modifier::empty() };

/// Remembers what the terminal shows.
#[derive(Debug)]
pub struct Painter {
    shown: Buffer,
    /// Where the cursor is; `None` where we cannot be sure.
    at: Option<Position>,
    pen: Pen,
    is_cursor_visible: bool,
    is_known: bool,
    sync: bool,
}

impl Painter {
    /// A painter for a terminal in an unknown state; `sync` wraps larger
    /// frames into synchronized updates (DEC private mode 2026).
    pub fn new(sync: bool) -> Self {
        let shown = Buffer::empty(Rect::ZERO);
        Self { shown, at: None, pen: PLAIN, is_cursor_visible: true, is_known: false, sync }
    }

    /// Forgets what is shown: the next frame is drawn in full.
    pub fn forget(&mut self) {
        self.is_known = false;
    }

    /// Appends to `out` what turns the last frame into `next`: nothing where
    /// nothing changed.
    pub fn paint(&mut self, next: &Buffer, cursor: Option<Position>, out: &mut Vec<u8>) {
        let start = out.len();
        if !self.is_known || self.shown.area != next.area {
            out.extend_from_slice(b"\x1b[m\x1b[H\x1b[2J");
            self.shown = Buffer::empty(next.area);
            self.at = Some(Position { x: 0, y: 0 });
            self.pen = PLAIN;
            self.is_known = true;
        }
        for y in 0..next.area.height {
            self.paint_row(y, next, out);
        }
        self.shown.content.clone_from(&next.content);
        self.place_cursor(cursor, out);
        if self.sync && out.len() - start > SMALL {
            out.splice(start..start, *b"\x1b[?2026h");
            out.extend_from_slice(b"\x1b[?2026l");
        }
    }

    fn paint_row(&mut self, y: u16, next: &Buffer, out: &mut Vec<u8>) {
        let width = usize::from(next.area.width);
        let range = usize::from(y) * width..(usize::from(y) + 1) * width;
        let (Some(new), Some(old)) = (next.content.get(range.clone()), self.shown.content.get(range)) else {
            return;
        };
        let changed = changes(new, old);
        if !changed.contains(&true) {
            return;
        }
        let blank_from = new
            .iter()
            .enumerate()
            .rfind(|(_, cell)| !is_blank(cell))
            .map_or(0, |(at, cell)| at + width_of(cell));
        let tail = changed.iter().enumerate().skip(blank_from).filter(|(_, changed)| **changed);
        let erase_from = if tail.clone().count() > SHORT_TAIL { tail.map(|(at, _)| at).next() } else { None };
        let written = erase_from.unwrap_or(width);
        let mut x = 0;
        while let Some((cell, changed)) = new.get(x).zip(changed.get(x)).filter(|_| x < written) {
            if *changed {
                self.reach(x as u16, y, new, out);
                self.write(cell, next.area, out);
            }
            x += width_of(cell);
        }
        if let Some(from) = erase_from {
            self.go(Position { x: from as u16, y }, out);
            if self.pen.modifier.intersects(Modifier::REVERSED | Modifier::UNDERLINED) {
                self.set_pen(PLAIN, out);
            }
            out.extend_from_slice(b"\x1b[K");
        }
    }

    /// Gets to a cell: by writing the unchanged ones before it again where
    /// they are few and look like the pen, else by moving.
    fn reach(&mut self, x: u16, y: u16, row: &[Cell], out: &mut Vec<u8>) {
        if let Some(at) = self.at
            && at.y == y
            && at.x < x
            && x - at.x <= SHORT_GAP
        {
            let gap = row.get(usize::from(at.x)..usize::from(x)).unwrap_or_default();
            if gap.iter().all(|cell| {
                cell.symbol().len() == 1 && (is_blank_under(cell, self.pen) || pen_of(cell) == self.pen)
            }) {
                gap.iter().for_each(|cell| out.extend_from_slice(cell.symbol().as_bytes()));
                self.at = Some(Position { x, y });
                return;
            }
        }
        self.go(Position { x, y }, out);
    }

    fn write(&mut self, cell: &Cell, area: Rect, out: &mut Vec<u8>) {
        if !is_blank_under(cell, self.pen) {
            self.set_pen(pen_of(cell), out);
        }
        out.extend_from_slice(cell.symbol().as_bytes());
        let width = width_of(cell) as u16;
        // Terminals disagree about the width of some characters, and wait at
        // the last column: from there only an absolute move is sure.
        let is_sure = cell.symbol().chars().count() == 1 && width == 1;
        self.at =
            self.at.map(|at| Position { x: at.x + width, ..at }).filter(|at| is_sure && at.x < area.width);
    }

    fn set_pen(&mut self, pen: Pen, out: &mut Vec<u8>) {
        if pen == self.pen {
            return;
        }
        let only_adds = pen.modifier.contains(self.pen.modifier)
            && (pen.colour != Color::Reset || self.pen.colour == Color::Reset);
        let from = if only_adds { self.pen } else { PLAIN };
        let mut codes: Vec<u8> = if only_adds { Vec::new() } else { vec![0] };
        for (modifier, code) in
            [(Modifier::BOLD, 1), (Modifier::DIM, 2), (Modifier::UNDERLINED, 4), (Modifier::REVERSED, 7)]
        {
            if pen.modifier.contains(modifier) && !from.modifier.contains(modifier) {
                codes.push(code);
            }
        }
        if pen.colour != from.colour {
            codes.push(colour_code(pen.colour));
        }
        // A lone 0 may be left out.
        let words: Vec<String> =
            codes.iter().map(|code| if *code == 0 { String::new() } else { code.to_string() }).collect();
        out.extend_from_slice(format!("\x1b[{}m", words.join(";")).as_bytes());
        self.pen = pen;
    }

    /// Moves the cursor the shortest way.
    fn go(&mut self, to: Position, out: &mut Vec<u8>) {
        if self.at == Some(to) {
            return;
        }
        out.extend_from_slice(motion::shortest(self.at, to).as_bytes());
        self.at = Some(to);
    }

    fn place_cursor(&mut self, cursor: Option<Position>, out: &mut Vec<u8>) {
        if let Some(at) = cursor {
            self.go(at, out);
        }
        if cursor.is_some() != self.is_cursor_visible {
            out.extend_from_slice(if cursor.is_some() { b"\x1b[?25h" } else { b"\x1b[?25l" });
            self.is_cursor_visible = cursor.is_some();
        }
    }
}

fn pen_of(cell: &Cell) -> Pen {
    Pen { colour: cell.fg, modifier: cell.modifier }
}

/// Whether nothing is seen of the cell but its background.
fn is_blank(cell: &Cell) -> bool {
    is_blank_under(cell, PLAIN) && !cell.modifier.intersects(Modifier::REVERSED | Modifier::UNDERLINED)
}

/// Whether the cell is a blank that `pen` can write: colours do not show on it.
fn is_blank_under(cell: &Cell, pen: Pen) -> bool {
    let seen = Modifier::REVERSED | Modifier::UNDERLINED;
    cell.symbol() == " " && cell.modifier.intersection(seen) == pen.modifier.intersection(seen)
}

fn differs(new: &Cell, old: &Cell) -> bool {
    if is_blank(new) && is_blank(old) {
        return false;
    }
    new.symbol() != old.symbol() || pen_of(new) != pen_of(old)
}

/// Which cells are to be drawn. Half of a wide character that is overwritten
/// takes the other half with it.
fn changes(new: &[Cell], old: &[Cell]) -> Vec<bool> {
    let mut changed: Vec<bool> = new.iter().zip(old).map(|(new, old)| differs(new, old)).collect();
    for (x, cell) in old.iter().enumerate() {
        if width_of(cell) > 1
            && changed.get(x) == Some(&true)
            && let Some(half) = changed.get_mut(x + 1)
        {
            *half = true;
        }
    }
    changed
}

fn width_of(cell: &Cell) -> usize {
    cell.symbol().width().max(1)
}

/// SGR code of a foreground colour; only the terminal's own sixteen are used.
fn colour_code(colour: Color) -> u8 {
    match colour {
        Color::Black => 30,
        Color::Red => 31,
        Color::Green => 32,
        Color::Yellow => 33,
        Color::Blue => 34,
        Color::Magenta => 35,
        Color::Cyan => 36,
        Color::Gray => 37,
        Color::DarkGray => 90,
        Color::LightRed => 91,
        Color::LightGreen => 92,
        Color::LightYellow => 93,
        Color::LightBlue => 94,
        Color::LightMagenta => 95,
        Color::LightCyan => 96,
        Color::White => 97,
        _ => 39,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use ratatui::style::Style;

    const AREA: Rect = Rect { x: 0, y: 0, width: 20, height: 5 };

    fn buffer(strings: &[(u16, u16, String, Style)]) -> Buffer {
        let mut buffer = Buffer::empty(AREA);
        for (x, y, text, style) in strings {
            buffer.set_stringn(*x, *y, text, usize::from(AREA.width - x), *style);
        }
        crate::console::view::mend_halves(&mut buffer);
        buffer
    }

    fn terminal() -> vt100::Parser {
        let size = |columns| std::num::NonZero::new(columns).unwrap();
        vt100::Parser::new(size(AREA.height), size(AREA.width), 0)
    }

    fn seen(parser: &vt100::Parser) -> Vec<(String, bool, bool)> {
        let screen = parser.screen();
        let cells = (0..AREA.height).flat_map(|y| (0..AREA.width).map(move |x| (x, y)));
        cells
            .filter_map(|(x, y)| screen.cell(y, x))
            .map(|cell| {
                let shown = if cell.contents().is_empty() { " " } else { cell.contents() };
                (shown.to_owned(), cell.inverse(), cell.bold() && shown != " ")
            })
            .collect()
    }

    #[test]
    fn nothing_changed_is_no_byte() {
        let frame = buffer(&[(3, 1, "hello".to_owned(), Style::new())]);
        let (mut painter, mut out) = (Painter::new(true), Vec::new());
        painter.paint(&frame, Some(Position { x: 0, y: 1 }), &mut out);
        out.clear();
        painter.paint(&frame, Some(Position { x: 0, y: 1 }), &mut out);
        assert_eq!(out, b"");
    }

    #[test]
    fn a_blank_tail_is_erased() {
        let mut painter = Painter::new(false);
        painter.paint(&buffer(&[(0, 2, "x".repeat(20), Style::new())]), None, &mut Vec::new());
        let mut out = Vec::new();
        painter.paint(&buffer(&[(0, 2, "x".to_owned(), Style::new())]), None, &mut out);
        assert_eq!(String::from_utf8(out).unwrap(), "\x1b[3;2H\x1b[K");
    }

    fn style() -> impl Strategy<Value = Style> {
        prop_oneof![
            Just(Style::new()),
            Just(Style::new().add_modifier(Modifier::BOLD)),
            Just(Style::new().add_modifier(Modifier::REVERSED)),
            Just(Style::new().fg(Color::Red)),
            Just(Style::new().fg(Color::Red).add_modifier(Modifier::BOLD)),
        ]
    }

    fn frame() -> impl Strategy<Value = Vec<(u16, u16, String, Style)>> {
        prop::collection::vec((0..20_u16, 0..5_u16, "[a-c 漢é]{0,12}", style()), 0..8)
    }

    proptest! {
        #![proptest_config(crate::seeded())]

        #[test]
        fn the_terminal_shows_the_frame_whatever_was_there_before(frames in prop::collection::vec(frame(), 1..6)) {
            let mut painter = Painter::new(true);
            let mut shown = terminal();
            for strings in frames {
                let next = buffer(&strings);
                let mut out = Vec::new();
                painter.paint(&next, Some(Position { x: 1, y: 1 }), &mut out);
                shown.process(&out);
                let mut fresh = terminal();
                let mut whole = Vec::new();
                Painter::new(false).paint(&next, None, &mut whole);
                fresh.process(&whole);
                prop_assert_eq!(seen(&shown), seen(&fresh));
                prop_assert_eq!(shown.screen().cursor_position(), (1, 1));
                for y in 0..AREA.height {
                    for x in 0..AREA.width {
                        let cell = next.cell((x, y)).unwrap();
                        let there = shown.screen().cell(y, x).unwrap();
                        if !there.is_wide_continuation() && cell.symbol() != " " {
                            prop_assert_eq!(there.contents(), cell.symbol());
                        }
                    }
                }
            }
        }
    }
}
