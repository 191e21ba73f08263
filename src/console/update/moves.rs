//! Moving: the cursor, the focus, the sheets.

use crate::console::commands::Command;
use crate::console::layout::Pane;
use crate::console::model::Model;
use crate::console::msg::{Effect, Task};

impl Model {
    /// Runs `command` if it is a movement.
    pub(super) fn run_move(&mut self, command: Command, count: Option<usize>) -> Option<Vec<Effect>> {
        let times = count.unwrap_or(1);
        let page = self.height(self.focus).saturating_sub(1).max(1);
        Some(match command {
            Command::Down => self.step(times, true),
            Command::Up => self.step(times, false),
            Command::PageDown => self.step(self.page_step(page).saturating_mul(times), true),
            Command::PageUp => self.step(self.page_step(page).saturating_mul(times), false),
            Command::Top => self.jump(count.map_or(0, |number| number - 1)),
            Command::Bottom => self.jump(count.map_or(usize::MAX, |number| number - 1)),
            Command::NextCase => self.go_to(self.queue.cursor.saturating_add(times)),
            Command::PreviousCase => self.go_to(self.queue.cursor.saturating_sub(times)),
            Command::Open => self.open(),
            Command::Back => self.focus_on(Pane::Queue),
            Command::NextPane => self.cycle(1),
            Command::PreviousPane => self.cycle(Pane::ALL.len() - 1),
            Command::Turn => self.turn(),
            Command::NextMail => self.go_to_mail(true),
            Command::PreviousMail => self.go_to_mail(false),
            Command::Unfold => {
                self.reading.unfolded = !self.reading.unfolded;
                self.typeset();
                Vec::new()
            }
            Command::Mark => self.mark(),
            Command::MarkAll => self.mark_all(),
            Command::Invert => self.invert_marks(),
            Command::Range => self.mark_range(),
            Command::Clear => self.clear(),
            _ => return None,
        })
    }

    /// A page of the queue is all of it; of a text all but one line, so that the eye finds its place.
    fn page_step(&self, text_page: usize) -> usize {
        if self.focus == Pane::Queue { self.height(Pane::Queue) } else { text_page }
    }

    fn step(&mut self, by: usize, down: bool) -> Vec<Effect> {
        let moved = |from: usize| if down { from.saturating_add(by) } else { from.saturating_sub(by) };
        if self.focus == Pane::Queue {
            return self.go_to(moved(self.queue.cursor));
        }
        self.scroll(moved(self.reading.sheet(self.focus).top))
    }

    fn jump(&mut self, to: usize) -> Vec<Effect> {
        if self.focus == Pane::Queue { self.go_to(to) } else { self.scroll(to) }
    }

    fn scroll(&mut self, top: usize) -> Vec<Effect> {
        let height = self.height(self.focus);
        self.reading.sheet_mut(self.focus).scroll_to(top, height);
        Vec::new()
    }

    /// Puts the cursor on the case at `index`.
    pub(super) fn go_to(&mut self, index: usize) -> Vec<Effect> {
        let page = self.height(Pane::Queue);
        self.queue.go_to(index, page);
        self.read_missing_rows()
    }

    fn open(&mut self) -> Vec<Effect> {
        let mut effects = self.follow();
        // Whoever opens what is new wants to read it, whichever pane was in use last.
        let is_new = self.current_row().is_some_and(|row| row.unread);
        let pane = if is_new { Pane::Detail } else { self.lower };
        effects.extend(self.focus_on(pane));
        if let Some(row) = self.current_row().filter(|row| row.unread) {
            effects.push(Effect::Work(Task::MarkRead(row.key)));
        }
        effects
    }

    fn focus_on(&mut self, pane: Pane) -> Vec<Effect> {
        self.focus = pane;
        if pane != Pane::Queue {
            self.lower = pane;
        }
        // Another pane can have another size, and the queue with it.
        let page = self.height(Pane::Queue);
        self.queue.go_to(self.queue.cursor, page);
        self.typeset();
        self.follow()
    }

    fn cycle(&mut self, by: usize) -> Vec<Effect> {
        let at = Pane::ALL.iter().position(|pane| *pane == self.focus).unwrap_or(0);
        let next = Pane::ALL.iter().cycle().nth(at + by).copied().unwrap_or(Pane::Queue);
        self.focus_on(next)
    }

    fn turn(&mut self) -> Vec<Effect> {
        if self.layout().shows_all() {
            return self.say("all panes are on the screen; Tab goes to the next");
        }
        let at = Pane::LOWER.iter().position(|pane| *pane == self.lower).unwrap_or(0);
        let next = Pane::LOWER.iter().cycle().nth(at + 1).copied().unwrap_or(Pane::Detail);
        if self.focus != Pane::Queue {
            return self.focus_on(next);
        }
        self.lower = next;
        self.typeset();
        self.follow()
    }

    fn go_to_mail(&mut self, forward: bool) -> Vec<Effect> {
        let sheet = &self.reading.detail;
        let mut headings =
            sheet.lines.iter().enumerate().filter(|(_, line)| line.is_heading()).map(|(at, _)| at);
        let target = if forward {
            headings.find(|at| *at > sheet.top)
        } else {
            headings.rfind(|at| *at < sheet.top).or(Some(0))
        };
        let effects = if self.focus == Pane::Detail { Vec::new() } else { self.focus_on(Pane::Detail) };
        if let Some(at) = target {
            self.scroll(at);
        }
        effects
    }

    fn mark(&mut self) -> Vec<Effect> {
        if let Some(key) = self.current()
            && !self.queue.marked.remove(&key)
        {
            self.queue.marked.insert(key);
            self.queue.anchor = Some(key);
        }
        self.go_to(self.queue.cursor.saturating_add(1))
    }

    fn mark_all(&mut self) -> Vec<Effect> {
        if !self.queue.complete {
            return self.complain("mark all: the queue is still being read");
        }
        if self.queue.keys.iter().all(|key| self.queue.marked.contains(key)) {
            self.queue.marked.clear();
            return Vec::new();
        }
        self.queue.marked.extend(self.queue.keys.iter().copied());
        let count = self.queue.marked.len();
        self.say(format!("marked {count}; decisions go to all of them; Esc drops the marks"))
    }

    fn clear(&mut self) -> Vec<Effect> {
        if !self.queue.marked.is_empty() {
            self.queue.marked.clear();
            self.queue.let_go.clear();
            self.queue.unseen = 0;
            return Vec::new();
        }
        if self.queue.text.is_empty() {
            return Vec::new();
        }
        self.queue.seek = self.current();
        self.ask("")
    }
}
