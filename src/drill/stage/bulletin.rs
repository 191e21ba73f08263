//! What a console asks of the drill, and what it is told.

use std::time::Duration;

use chrono::{DateTime, Utc};

use super::{Drill, Error, Happening, Mode, Seating};
use crate::drill::bulletin::{Attend, Bulletin, Control, Cue, Hint, Stage};
use crate::drill::judge;
use crate::drill::plot::{self, Turn};
use crate::drill::record::Record;
use crate::drill::scenario::Act;
use crate::text;

/// Columns of the result.
const RESULT_WIDTH: usize = 72;
/// The shortest and the longest real time that a day can take.
const SHORTEST: Duration = Duration::from_secs(1);
const LONGEST: Duration = Duration::from_secs(7 * 86_400);

impl Attend for Drill {
    fn attend(&mut self, control: &Control) -> Result<Bulletin, String> {
        self.answer(control).map_err(|error| text::line(&error.to_string()))
    }
}

impl Drill {
    fn answer(&mut self, control: &Control) -> Result<Bulletin, Error> {
        self.read_log()?;
        if self.seating != Seating::Member {
            let now = self.pace.now();
            self.advance(now)?;
        }
        self.control(control)?;
        let record = self.record()?;
        self.bulletin(&record)
    }

    fn control(&mut self, control: &Control) -> Result<(), Error> {
        match control {
            Control::Look => Ok(()),
            Control::Hint => self.hint(),
            Control::Comment(said) => self.comment(said),
            Control::Play(id) => self.play_by_hand(id),
            Control::End if self.seating == Seating::Member => refuse("the facilitator ends the drill"),
            Control::End => self.finish(),
            paced => {
                if !self.may_pace() {
                    return refuse(self.why_not_paced());
                }
                self.set_pace(paced)
            }
        }
    }

    fn set_pace(&mut self, control: &Control) -> Result<(), Error> {
        let failed = |error: std::io::Error| Error::clock(&error);
        match control {
            Control::Pause => self.pace.pause().map_err(failed),
            Control::Resume => self.pace.resume().map_err(failed),
            Control::Day(day) => self.pace.set_day((*day).clamp(SHORTEST, LONGEST)).map_err(failed),
            Control::Step => {
                let next = self.next_at()?;
                if next >= self.scenario.ends_at() {
                    return refuse("nothing more comes by itself; E ends the drill, or set a later time");
                }
                self.go_to(next)
            }
            Control::Set(at) if *at <= self.pace.now() => refuse("time does not run back; name a later one"),
            Control::Set(at) => self.go_to((*at).min(self.scenario.ends_at())),
            _ => Ok(()),
        }
    }

    fn go_to(&mut self, at: DateTime<Utc>) -> Result<(), Error> {
        self.pace.set(at).map_err(|error| Error::clock(&error))?;
        self.advance(at)
    }

    fn may_pace(&self) -> bool {
        !self.is_over() && self.mode != Mode::Exam && self.seating != Seating::Member
    }

    fn why_not_paced(&self) -> &'static str {
        match (self.is_over(), self.mode, self.seating) {
            (true, ..) => "the drill is over",
            (_, _, Seating::Member) => "the facilitator sets the clock",
            _ => "in an exam the clock runs by itself",
        }
    }

    /// Shows the next hint; in a tour it goes past one that only tells.
    fn hint(&mut self) -> Result<(), Error> {
        if self.mode == Mode::Exam {
            return refuse("there are no hints in an exam");
        }
        let record = self.record()?;
        let Some(place) = self.tip(&record) else { return refuse("there is no further hint") };
        let now = self.pace.now();
        self.note(now, &self.scenario.about.me.clone(), Happening::Hint { place })?;
        self.shown = Some(place);
        Ok(())
    }

    /// The first hint that is not done yet.
    fn tip(&self, record: &Record) -> Option<usize> {
        let is_past = |place: usize| self.log.iter().any(|entry| entry.what == Happening::Hint { place });
        self.scenario.hints.iter().enumerate().position(|(place, tip)| {
            let is_done =
                !tip.until.is_empty() && tip.until.iter().all(|check| judge::since(check, record).is_some());
            // In a tour nobody is held up by a step that they cannot or will not do.
            let is_passed = (tip.until.is_empty() || self.scenario.about.tour) && is_past(place);
            !is_done && !is_passed
        })
    }

    fn comment(&mut self, said: &str) -> Result<(), Error> {
        if self.seating != Seating::Facilitator {
            return refuse("the facilitator's remarks stand in the report; n writes a note on a case");
        }
        let now = self.pace.now();
        self.note(now, "facilitator", Happening::Remark { text: said.trim().to_owned() })
    }

    fn play_by_hand(&mut self, id: &str) -> Result<(), Error> {
        if self.seating != Seating::Facilitator {
            return refuse("only the facilitator plays something by hand");
        }
        let record = self.record()?;
        if record.played(id).is_some() {
            return refuse("it has happened already");
        }
        let unknown = || Error::Refused(format!("the scenario has no '{id}'"));
        let cue = self.cues.iter().find(|cue| cue.id == id).cloned().ok_or_else(unknown)?;
        let now = self.pace.now();
        self.play(&cue, now)
    }

    fn bulletin(&mut self, record: &Record) -> Result<Bulletin, Error> {
        let is_over = self.is_over();
        let next_at = Some(self.next_in(record)).filter(|_| !is_over && self.seating != Seating::Member);
        let store = self.desk()?.watch_dir().to_string_lossy().into_owned();
        let about = &self.scenario.about;
        let report = is_over.then(|| self.reported(record));
        let is_facilitator = self.seating == Seating::Facilitator;
        Ok(Bulletin {
            title: text::line(&about.title),
            briefing: paragraphs(&about.briefing),
            store: text::line(&store),
            day_takes: self.pace.day_takes(),
            is_paused: self.pace.is_paused(),
            is_over,
            ends_at: self.scenario.ends_at(),
            next_at,
            may_pace: self.may_pace(),
            may_hint: !is_over && self.mode != Mode::Exam && !self.scenario.hints.is_empty(),
            hint: if is_over { None } else { self.shown_hint(record) },
            is_tour: about.tour,
            cues: if is_facilitator { self.shown_cues(record) } else { Vec::new() },
            is_facilitator,
            score: report.as_ref().map(|report| (report.score.points, report.score.of)),
            result: report
                .map(|report| crate::drill::report::text(&report, RESULT_WIDTH))
                .unwrap_or_default(),
        })
    }

    /// In a tour what to do next; elsewhere the hint that was asked for, until it is done.
    fn shown_hint(&self, record: &Record) -> Option<Hint> {
        let place = self.tip(record);
        let place = if self.scenario.about.tour {
            place?
        } else {
            let shown = self.shown?;
            let tip = self.scenario.hints.get(shown)?;
            let is_done = !tip.until.is_empty() && place != Some(shown);
            Some(shown).filter(|_| !is_done)?
        };
        let tip = self.scenario.hints.get(place)?;
        let said = tip.text.split_whitespace().collect::<Vec<_>>().join(" ");
        Some(Hint { number: place + 1, of: self.scenario.hints.len(), text: text::line(&said) })
    }

    fn shown_cues(&self, record: &Record) -> Vec<Cue> {
        let dropped = self.dropped();
        let shown = |cue: &plot::Cue| Cue {
            id: text::line(&cue.id),
            what: text::line(&self.told(cue)),
            stage: match plot::turn(cue, record, &dropped) {
                Turn::Due(at) => Stage::Due(at),
                Turn::Waiting => Stage::Waiting,
                Turn::Played(at) => Stage::Played(at),
                Turn::Dropped => Stage::Dropped,
            },
        };
        self.cues.iter().map(shown).collect()
    }

    /// What a cue does, in words.
    fn told(&self, cue: &plot::Cue) -> String {
        match cue.inject.act() {
            Some(Act::Mail(mail)) => {
                let from = cue.from.as_deref().and_then(|from| self.scenario.person(from));
                let from = from.map_or("somebody", |person| person.name.as_str());
                let subject = cue.variant.as_ref().map_or(mail.subject.as_str(), |one| one.subject.as_str());
                format!("mail from {from}: {}", if subject.is_empty() { mail.text.trim() } else { subject })
            }
            Some(Act::Note(note)) => format!("{} notes: {}", note.by, note.text.trim()),
            Some(Act::Lane(lane)) => format!("{} answers for {}", lane.by, lane.lane),
            Some(Act::Set(set)) => format!("{} works on '{}'", set.by, set.case),
            Some(Act::HandOver(over)) => format!("{} hands over", over.by),
            None => String::new(),
        }
    }
}

/// The paragraphs of a text, each in one line. Safe text.
fn paragraphs(said: &str) -> Vec<String> {
    let one = |paragraph: &str| paragraph.split_whitespace().collect::<Vec<_>>().join(" ");
    let all = text::block(said.trim());
    all.split("\n\n").map(one).filter(|paragraph| !paragraph.is_empty()).collect()
}

fn refuse<T>(why: &str) -> Result<T, Error> {
    Err(Error::Refused(why.to_owned()))
}
