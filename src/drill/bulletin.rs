//! What a console shows of a drill, and what it can ask of it.

use std::time::Duration;

use chrono::{DateTime, Utc};

/// A drill as a console sees it at one moment. All text is safe to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bulletin {
    /// What it is called.
    pub title: String,
    /// What it is about, and what the player knows at the start. Paragraphs, a line each.
    pub briefing: Vec<String>,
    /// Directory of its store, for commands in another terminal.
    pub store: String,
    /// Real time that one day of the drill takes.
    pub day_takes: Duration,
    /// Whether the clock stands still because somebody wants it so.
    pub is_paused: bool,
    /// Whether it has ended: the clock stands still for good.
    pub is_over: bool,
    /// When it ends by itself.
    pub ends_at: DateTime<Utc>,
    /// When something next happens by itself; then the drill is to be asked again.
    pub next_at: Option<DateTime<Utc>>,
    /// Whether this console may pause, step and set the clock.
    pub may_pace: bool,
    /// Whether this console may ask for hints.
    pub may_hint: bool,
    /// Where the player is in a guided tour, or the hint that was asked for.
    pub hint: Option<Hint>,
    /// The hints always stand on the screen.
    pub is_tour: bool,
    /// What is planned and what happened, for the facilitator alone.
    pub cues: Vec<Cue>,
    /// Whether this console is the facilitator's.
    pub is_facilitator: bool,
    /// Points and how many there are, once it has ended.
    pub score: Option<(u32, u32)>,
    /// What became of each item of the score, once it has ended: a line each.
    pub result: Vec<String>,
}

impl Bulletin {
    /// Whether the player may not touch the clock, and nobody else does.
    pub fn is_exam(&self) -> bool {
        !self.may_pace && self.next_at.is_some()
    }

    /// Whether the clock waits while somebody writes in the editor: where one
    /// person plays, may stop it anyway, and it runs.
    pub fn waits_for_the_writer(&self) -> bool {
        self.may_pace && !self.is_facilitator && !self.is_paused && !self.is_over
    }
}

/// What to do next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hint {
    /// Its number, from 1.
    pub number: usize,
    /// How many there are.
    pub of: usize,
    /// What to do, with the keys.
    pub text: String,
}

/// Something that the scenario holds ready.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cue {
    /// Its name in the scenario.
    pub id: String,
    /// What happens: `mail from Mara Lindt: Heap overflow`.
    pub what: String,
    /// How it stands.
    pub stage: Stage,
}

/// How a cue stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// It comes at this time, unless the team prevents it.
    Due(DateTime<Utc>),
    /// It waits for something to happen.
    Waiting,
    /// It came at this time.
    Played(DateTime<Utc>),
    /// The team prevented it.
    Dropped,
}

/// What a console asks of a drill.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Control {
    /// Play what is due, and say how it stands.
    Look,
    /// Stop the clock.
    Pause,
    /// Let it run again.
    Resume,
    /// Go to the next thing that happens.
    Step,
    /// Go to this time; never back.
    Set(DateTime<Utc>),
    /// One day takes this long from now on.
    Day(Duration),
    /// Show the next hint.
    Hint,
    /// Play a cue now, whatever it waits for.
    Play(String),
    /// Keep a remark for the report.
    Comment(String),
    /// End it now, and score it.
    End,
}

/// A drill that a console takes part in.
pub trait Attend: Send {
    /// Does what is asked, plays what is due, and says how it stands then.
    ///
    /// # Errors
    /// In words, safe to show: what was asked is not allowed here, or the store failed.
    fn attend(&mut self, control: &Control) -> Result<Bulletin, String>;
}
