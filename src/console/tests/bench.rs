//! A console on a shelf of fixed cases, with workers that answer at once.

use std::collections::VecDeque;

use chrono::FixedOffset;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect, Size};

use super::shelf::{self, Shelf};
use crate::console::look::Look;
use crate::console::model::Model;
use crate::console::msg::{Effect, Msg, Reply, Task};
use crate::console::view::view;
use crate::console::zone::Zone;
use crate::drill::Attend;
use crate::triage::{CaseKey, Dossier, Priority};

pub const LOOK: Look = Look { colour: true, ascii: false, sync: true };

const TITLES: [&str; 5] = [
    "Heap overflow in the TIFF reader (imaging 4.1 to 4.6)",
    "SSRF through the webhook tester reaches the metadata service",
    "Password reset mails name the internal host",
    "I can see somebody else's invoices!!",
    "XXE in SSO metadata import",
];

pub struct Bench {
    pub model: Model,
    pub shelf: Shelf,
    /// What was asked of the world besides the store.
    pub effects: Vec<Effect>,
    /// Tasks that changed something.
    pub writes: Vec<Task>,
    /// The drill, if this is one.
    pub session: Option<Box<dyn Attend>>,
    /// Whether the drill wrote into the store since it was last looked at.
    pub is_news: bool,
}

impl Bench {
    pub fn new(width: u16, height: u16) -> Self {
        Self::with(shelf::cases(), width, height)
    }

    /// The same cases in a drill.
    pub fn drill(session: Box<dyn Attend>, width: u16, height: u16) -> Self {
        Self::start(shelf::cases(), Some(session), width, height)
    }

    pub fn with(cases: Vec<Dossier>, width: u16, height: u16) -> Self {
        Self::start(cases, None, width, height)
    }

    fn start(cases: Vec<Dossier>, session: Option<Box<dyn Attend>>, width: u16, height: u16) -> Self {
        let zone = Zone::Fixed(FixedOffset::east_opt(3600).unwrap());
        let size = Size { width, height };
        let model = Model::new("Example Security", "ann", shelf::now(), zone, size);
        let model = if session.is_some() { model.in_drill() } else { model };
        let shelf = Shelf::new(cases);
        let (effects, writes) = (Vec::new(), Vec::new());
        let mut bench = Self { model, shelf, effects, writes, session, is_news: false };
        let effects = bench.model.begin(Vec::new());
        bench.perform(effects);
        bench.rest();
        bench
    }

    /// Many cases, no two neighbours alike.
    pub fn crowd(count: i64, width: u16, height: u16) -> Self {
        let cases = (1..=count).map(|number| {
            let title = TITLES[number as usize % TITLES.len()];
            // So far apart that no priority puts one before another.
            let mut one = shelf::case(number, title, 2_000 + (count - number) * 24 * 32);
            one.case.priority = Priority::new((number % 6) as u8);
            one.case.unread = number % 3 == 0;
            one.case.assignee = (number % 4 == 0).then(|| "ben".to_owned());
            one
        });
        Self::with(cases.collect(), width, height)
    }

    pub fn send(&mut self, msg: Msg) {
        let effects = self.model.update(msg);
        self.perform(effects);
    }

    fn perform(&mut self, effects: Vec<Effect>) {
        let mut waiting: VecDeque<Effect> = effects.into();
        while let Some(effect) = waiting.pop_front() {
            let msg = match effect {
                Effect::ReadRows(keys) => Some(Msg::Rows(self.shelf.rows(&keys))),
                Effect::Work(task) => {
                    if task.writes() {
                        self.writes.push(task.clone());
                    }
                    self.answer(task).map(Msg::Reply)
                }
                other => {
                    self.effects.push(other);
                    None
                }
            };
            waiting.extend(msg.into_iter().flat_map(|msg| self.model.update(msg)));
        }
    }

    fn answer(&mut self, task: Task) -> Option<Reply> {
        match (&mut self.session, task) {
            (Some(session), Task::Drill(control)) => Some(match session.attend(&control) {
                Ok(bulletin) => Reply::Drilled(Box::new(bulletin)),
                Err(why) => Reply::Failed { label: "drill", why, writes: false },
            }),
            (Some(_), Task::LookForNews) => std::mem::take(&mut self.is_news).then_some(Reply::Moved),
            (_, task) => self.shelf.answer(task),
        }
    }

    /// The keys by their names, without letting them rest.
    pub fn hold(&mut self, keys: &str) {
        for name in keys.split_whitespace() {
            self.send(Msg::Key(name.parse().unwrap()));
        }
    }

    /// The keys by their names, then a rest.
    pub fn press(&mut self, keys: &str) -> &mut Self {
        self.hold(keys);
        self.rest();
        self
    }

    /// Text letter by letter, then a rest.
    pub fn type_in(&mut self, text: &str) -> &mut Self {
        for letter in text.chars() {
            self.send(Msg::Key(crate::console::key::Key::char(letter)));
        }
        self.rest();
        self
    }

    fn rest(&mut self) {
        self.send(Msg::Rested);
    }

    pub fn draw(&self, look: &Look) -> (Buffer, Option<Position>) {
        let area = Rect::new(0, 0, self.model.screen.width, self.model.screen.height);
        let mut buffer = Buffer::empty(area);
        let cursor = view(&self.model, look, &mut buffer);
        (buffer, cursor)
    }

    pub fn screen(&self) -> String {
        self.screen_in(&LOOK)
    }

    pub fn screen_in(&self, look: &Look) -> String {
        let (buffer, cursor) = self.draw(look);
        let at = cursor.map_or("hidden".to_owned(), |at| format!("{},{}", at.x, at.y));
        format!("{}cursor {at}", crate::console::shell::as_text(&buffer))
    }

    pub fn notice(&self) -> &str {
        self.model.notice.as_ref().map_or("", |notice| notice.text.as_str())
    }

    pub fn current(&self) -> i64 {
        self.model.current().map_or(0, |CaseKey(key)| key)
    }

    pub fn case(&self, key: i64) -> &crate::triage::Case {
        &self.shelf.find(CaseKey(key)).unwrap().case
    }
}
