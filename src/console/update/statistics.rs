//! The screen of statistics: opened, turned, computed anew when cases change.

use crate::console::board::{Board, Page};
use crate::console::key::{Code, Key};
use crate::console::model::Model;
use crate::console::msg::{Effect, Task};
use crate::console::overlay::Overlay;
use crate::triage::Query;
use crate::triage::statistics::Statistics;

/// Lines that one key of a page turns.
const PAGE: usize = 10;

impl Model {
    /// Opens the screen over the cases of the filter; over all where there is none.
    pub(super) fn open_board(&mut self) -> Vec<Effect> {
        let board = Board {
            page: Page::Overview,
            defines: false,
            top: 0,
            query: self.queue.query.clone(),
            text: self.queue.text.clone(),
            statistics: None,
        };
        self.overlay = Some(Overlay::Statistics(board));
        self.refresh_board()
    }

    /// Asks for the figures anew, where they are on the screen.
    pub(super) fn refresh_board(&self) -> Vec<Effect> {
        match &self.overlay {
            Some(Overlay::Statistics(board)) => vec![Effect::Work(Task::Statistics(board.query.clone()))],
            _ => Vec::new(),
        }
    }

    pub(super) fn take_statistics(&mut self, query: &Query, statistics: Box<Statistics>) -> Vec<Effect> {
        // An answer to a question that is no longer asked is dropped.
        if let Some(Overlay::Statistics(board)) = &mut self.overlay
            && board.query == *query
        {
            board.statistics = Some(statistics);
        }
        self.hold_board();
        Vec::new()
    }

    pub(super) fn pressed_in_board(&mut self, key: Key) -> Vec<Effect> {
        let Some(Overlay::Statistics(board)) = &mut self.overlay else { return Vec::new() };
        let turn = |board: &mut Board, by| {
            board.page = board.page.turned(by);
            board.top = 0;
        };
        match key.code {
            Code::Esc | Code::Char('q' | '?') if board.defines => {
                board.defines = false;
                board.top = 0;
            }
            Code::Esc | Code::Char('q' | 'T') => self.overlay = None,
            Code::Char('?') => {
                board.defines = true;
                board.top = 0;
            }
            Code::Tab | Code::Right | Code::Char('l') => turn(board, 1),
            Code::BackTab | Code::Left | Code::Char('h') => turn(board, Page::ALL.len() - 1),
            Code::Char('j') | Code::Down => board.top = board.top.saturating_add(1),
            Code::Char('k') | Code::Up => board.top = board.top.saturating_sub(1),
            Code::Char(' ' | 'f' | 'd') | Code::PageDown => board.top = board.top.saturating_add(PAGE),
            Code::Char('b' | 'u') | Code::PageUp => board.top = board.top.saturating_sub(PAGE),
            Code::Char('g') | Code::Home => board.top = 0,
            Code::Char('G') | Code::End => board.top = usize::MAX,
            _ => {}
        }
        self.hold_board();
        Vec::new()
    }

    /// Keeps the screen of statistics inside its lines.
    pub(super) fn hold_board(&mut self) {
        let size = self.size;
        if let Some(Overlay::Statistics(board)) = &mut self.overlay {
            board.top = board.top.min(crate::console::view::board_last_top(board, size));
        }
    }
}
