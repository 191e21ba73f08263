//! Which pane lies where: a pure function of the screen's size and the focus,
//! so that `update` knows the page sizes that `view` draws.

use ratatui::layout::{Rect, Size};

/// The four panes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Pane {
    /// The cases, due first.
    Queue,
    /// Facts and messages of one case.
    Detail,
    /// What happened to it.
    Timeline,
    /// How it is protected.
    Pgp,
}

impl Pane {
    /// In the order of Tab.
    pub const ALL: [Pane; 4] = [Pane::Queue, Pane::Detail, Pane::Timeline, Pane::Pgp];

    /// The panes about one case.
    pub const LOWER: [Pane; 3] = [Pane::Detail, Pane::Timeline, Pane::Pgp];

    /// Its title.
    pub fn title(self) -> &'static str {
        match self {
            Pane::Queue => "Queue",
            Pane::Detail => "Detail",
            Pane::Timeline => "Timeline",
            Pane::Pgp => "PGP",
        }
    }
}

/// From this size on all four panes are shown.
const ALL_FOUR: Size = Size { width: 120, height: 36 };
/// From this height on the queue and one other pane are shown together.
const TWO_PANES: u16 = 16;
/// From this height on there is a header line.
const WITH_HEADER: u16 = 8;
/// From this width on the queue spells its columns out.
pub const ROOMY: u16 = 110;

/// Where everything lies. A pane's first line is its title; `None` is not shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layout {
    /// Team, actor, counts, date.
    pub header: Option<Rect>,
    /// The queue with its title line.
    pub queue: Option<Rect>,
    /// The detail with its title line.
    pub detail: Option<Rect>,
    /// The timeline with its title line.
    pub timeline: Option<Rect>,
    /// The PGP pane with its title line.
    pub pgp: Option<Rect>,
    /// Hints, notices and prompts.
    pub footer: Rect,
}

impl Layout {
    /// The layout of a screen of `size`, with `focus` active and `lower` the
    /// pane to show where there is room for one besides the queue.
    pub fn of(size: Size, focus: Pane, lower: Pane) -> Self {
        let whole = Rect::new(0, 0, size.width, size.height);
        let (header, rest) = if size.height >= WITH_HEADER {
            let (header, rest) = split_rows(whole, 1);
            (Some(header), rest)
        } else {
            (None, whole)
        };
        let (body, footer) = split_rows(rest, rest.height.saturating_sub(1));
        let mut layout = Self {
            header,
            queue: None,
            detail: None,
            timeline: None,
            pgp: None,
            footer: at_least_a_line(footer, whole),
        };
        if size.width >= ALL_FOUR.width && size.height >= ALL_FOUR.height {
            layout.place_four(body);
        } else if size.height >= TWO_PANES {
            // The pane in use has the room: a mail is read in it.
            let queue_share = if focus == Pane::Queue { 9 } else { 5 };
            let (queue, below) = split_rows(body, 2 + share(body.height - 2, queue_share));
            layout.queue = Some(queue);
            layout.place(lower, below);
        } else {
            layout.place(focus, body);
        }
        layout
    }

    fn place_four(&mut self, body: Rect) {
        let (queue, below) = split_rows(body, share(body.height, 8));
        // One blank column keeps the two sides apart without a drawn line.
        let (left, right) = split_columns(below, share(below.width, 11));
        let right = Rect { x: right.x + 1, width: right.width.saturating_sub(1), ..right };
        let (pgp, timeline) = split_rows(right, below.height / 2);
        self.queue = Some(queue);
        self.detail = Some(left);
        self.pgp = Some(pgp);
        self.timeline = Some(timeline);
    }

    fn place(&mut self, pane: Pane, area: Rect) {
        match pane {
            Pane::Queue => self.queue = Some(area),
            Pane::Detail => self.detail = Some(area),
            Pane::Timeline => self.timeline = Some(area),
            Pane::Pgp => self.pgp = Some(area),
        }
    }

    /// Where `pane` lies.
    pub fn area(&self, pane: Pane) -> Option<Rect> {
        match pane {
            Pane::Queue => self.queue,
            Pane::Detail => self.detail,
            Pane::Timeline => self.timeline,
            Pane::Pgp => self.pgp,
        }
    }

    /// The part of `pane` below its title, and below the column heads of the queue.
    pub fn inside(&self, pane: Pane) -> Rect {
        let area = self.area(pane).unwrap_or_default();
        let heads = if pane == Pane::Queue { queue_heads(area) } else { 1.min(area.height) };
        split_rows(area, heads).1
    }

    /// Whether all four panes are shown.
    pub fn shows_all(&self) -> bool {
        Pane::ALL.iter().all(|pane| self.area(*pane).is_some())
    }

    /// Whether a pane about one case is shown.
    pub fn shows_a_case(&self) -> bool {
        Pane::LOWER.iter().any(|pane| self.area(*pane).is_some())
    }
}

/// Lines above the queue's rows: its title, and the heads of its columns where there is room.
fn queue_heads(area: Rect) -> u16 {
    if area.height >= 8 { 2 } else { area.height.min(1) }
}

/// A screen of one line is all footer.
fn at_least_a_line(footer: Rect, whole: Rect) -> Rect {
    if footer.height == 0 { Rect { height: whole.height.min(1), ..whole } } else { footer }
}

/// So many twentieths of `length`.
fn share(length: u16, twentieths: u32) -> u16 {
    (u32::from(length) * twentieths / 20) as u16
}

fn split_rows(area: Rect, top: u16) -> (Rect, Rect) {
    let top = top.min(area.height);
    (Rect { height: top, ..area }, Rect { y: area.y + top, height: area.height - top, ..area })
}

fn split_columns(area: Rect, left: u16) -> (Rect, Rect) {
    let left = left.min(area.width);
    (Rect { width: left, ..area }, Rect { x: area.x + left, width: area.width - left, ..area })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(width: u16, height: u16, focus: Pane) -> Vec<Pane> {
        let layout = Layout::of(Size::new(width, height), focus, Pane::Detail);
        Pane::ALL.into_iter().filter(|pane| layout.area(*pane).is_some()).collect()
    }

    #[test]
    fn the_size_decides_what_is_shown() {
        assert_eq!(shown(120, 36, Pane::Queue), Pane::ALL);
        assert_eq!(shown(119, 36, Pane::Queue), [Pane::Queue, Pane::Detail]);
        assert_eq!(shown(80, 24, Pane::Queue), [Pane::Queue, Pane::Detail]);
        assert_eq!(shown(40, 10, Pane::Queue), [Pane::Queue]);
        assert_eq!(shown(40, 10, Pane::Detail), [Pane::Detail]);
    }

    #[test]
    fn panes_never_overlap_and_never_leave_the_screen() {
        for width in [0, 1, 2, 39, 80, 119, 120, 200, u16::MAX] {
            for height in [0, 1, 2, 7, 8, 15, 16, 24, 36, 50, 1000] {
                let layout = Layout::of(Size::new(width, height), Pane::Queue, Pane::Pgp);
                let whole = Rect::new(0, 0, width, height);
                let panes = Pane::ALL.into_iter().filter_map(|pane| layout.area(pane));
                let areas: Vec<Rect> = panes.chain(layout.header).collect();
                for (index, area) in areas.iter().enumerate() {
                    assert_eq!(area.intersection(whole), *area, "{width}x{height}");
                    let rest = &areas[index + 1..];
                    assert!(rest.iter().all(|other| !area.intersects(*other)), "{width}x{height}");
                }
            }
        }
    }
}
