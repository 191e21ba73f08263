//! The overlay that explains a case: scrolled, and kept inside its lines.

use crate::console::key::{Code, Key};
use crate::console::model::Model;
use crate::console::msg::Effect;
use crate::console::overlay::Overlay;

/// Lines that one key of a page turns.
const PAGE: usize = 10;

impl Model {
    pub(super) fn pressed_in_explanation(&mut self, key: Key) -> Vec<Effect> {
        let Some(Overlay::Explain { top }) = &mut self.overlay else { return Vec::new() };
        match key.code {
            Code::Char('q' | 'E') => self.overlay = None,
            Code::Char('j') | Code::Down => *top += 1,
            Code::Char('k') | Code::Up => *top = top.saturating_sub(1),
            Code::Char(' ' | 'f' | 'd') | Code::PageDown => *top += PAGE,
            Code::Char('b' | 'u') | Code::PageUp => *top = top.saturating_sub(PAGE),
            Code::Char('g') | Code::Home => *top = 0,
            Code::Char('G') | Code::End => *top = usize::MAX,
            _ => {}
        }
        self.hold_explanation();
        Vec::new()
    }

    /// Keeps the explanation inside its lines, which change with the case and the screen.
    pub(super) fn hold_explanation(&mut self) {
        let last = crate::console::view::explain_last_top(self);
        if let Some(Overlay::Explain { top }) = &mut self.overlay {
            *top = (*top).min(last);
        }
    }
}
