//! A drill that the tests play with.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::TimeDelta;

use super::shelf;
use crate::drill::{Attend, Bulletin, Control, Cue, Hint, Stage};

/// A drill that does what it is told, and is told by the test as well.
pub struct Fake {
    bulletin: Arc<Mutex<Bulletin>>,
    /// What it was asked.
    pub asked: Arc<Mutex<Vec<Control>>>,
}

impl Fake {
    /// A drill that stands as `bulletin` says.
    pub fn of(bulletin: &Arc<Mutex<Bulletin>>) -> Self {
        Self { bulletin: Arc::clone(bulletin), asked: Arc::default() }
    }
}

impl Attend for Fake {
    fn attend(&mut self, control: &Control) -> Result<Bulletin, String> {
        self.asked.lock().unwrap().push(control.clone());
        let mut bulletin = self.bulletin.lock().unwrap();
        match control {
            Control::Pause => bulletin.is_paused = true,
            Control::Resume => bulletin.is_paused = false,
            Control::Day(day) => bulletin.day_takes = *day,
            Control::Hint => {
                let text = "Take the case with a, then set its priority.".to_owned();
                bulletin.hint = Some(Hint { number: 2, of: 5, text });
            }
            Control::Play(id) => {
                let cue = bulletin.cues.iter_mut().find(|cue| cue.id == *id).ok_or("no such cue")?;
                cue.stage = Stage::Played(shelf::now());
            }
            Control::End => {
                bulletin.is_over = true;
                bulletin.score = Some((31, 40));
                bulletin.result = vec![
                    "+5 of 5  the reporter was answered within a day".to_owned(),
                    " 0 of 3  the leaked date was taken up with the reporter, which nobody did before the drill ended; read 'Dates' in the manual".to_owned(),
                ];
            }
            _ => {}
        }
        Ok(bulletin.clone())
    }
}

/// One that a player runs alone.
pub fn bulletin() -> Bulletin {
    Bulletin {
        title: "A leak before the weekend".to_owned(),
        briefing: vec![
            "You are on call for the maker of an imaging library. It is Monday evening.".to_owned(),
            "A report about the TIFF reader came in this morning, and nobody has answered it. The colleague who knows the code is on holiday.".to_owned(),
        ],
        store: "/tmp/ninety drill/store".to_owned(),
        day_takes: Duration::from_secs(2_400),
        is_paused: false,
        is_over: false,
        ends_at: shelf::now() + TimeDelta::days(3),
        next_at: Some(shelf::now() + TimeDelta::hours(2)),
        may_pace: true,
        may_hint: true,
        hint: None,
        is_tour: false,
        cues: Vec::new(),
        is_facilitator: false,
        score: None,
        result: Vec::new(),
    }
}

/// As its facilitator sees it.
pub fn facilitated() -> Bulletin {
    let cue = |id: &str, what: &str, stage| Cue { id: id.to_owned(), what: what.to_owned(), stage };
    let now = shelf::now();
    let cues = vec![
        cue(
            "first",
            "mail from Mara Lindt: Heap overflow in the TIFF reader",
            Stage::Played(now - TimeDelta::hours(2)),
        ),
        cue("leak", "a forum post names the bug", Stage::Due(now + TimeDelta::hours(2))),
        cue("thanks", "mail from Mara Lindt: thank you", Stage::Waiting),
        cue("angry", "mail from Mara Lindt: is anybody there?", Stage::Dropped),
    ];
    Bulletin { cues, is_facilitator: true, may_hint: false, ..bulletin() }
}

/// A guided tour.
pub fn tour() -> Bulletin {
    let text = "Press Enter to read the report that came in first. It is the one with the star, which says that nobody has read it yet. Then press Tab until the PGP pane shows how it was protected, and q to come back to the queue when you have seen it all.";
    Bulletin {
        is_tour: true,
        hint: Some(Hint { number: 1, of: 14, text: text.to_owned() }),
        may_hint: false,
        ..bulletin()
    }
}
