//! A drill played by a script: the real console, without a terminal.

use chrono::{DateTime, Utc};

use super::script::{Moment, Script, Step, When};
use crate::cli::args::Seat;
use crate::cli::{Cli, Complaint, Output, Result};
use crate::console::{Code, Key, Look, Rehearsal};
use crate::desk::Desk;
use crate::drill::report::Report;
use crate::drill::{Drill, Seating};
use crate::text;
use clap::Parser as _;

/// The screen that the keys are typed at.
const SCREEN: (u16, u16) = (120, 40);

/// Plays the script to the end of the drill, and tells how it went.
pub(super) fn run((mut drill, desk): (Drill, Desk), script: &Script) -> Result<Report> {
    let session = Drill::open(&desk, Seating::Player).map_err(Complaint::of)?;
    drill.pace().pause().map_err(Complaint::of)?;
    let me = drill.scenario().about.me.clone();
    let (columns, rows) = SCREEN;
    let place = desk.watch_dir().to_owned();
    let look = Look { colour: false, ascii: false, sync: false };
    let mut rehearsal = Rehearsal::attend(desk, Box::new(session), look, columns, rows)?;
    // The briefing, which a person reads first.
    rehearsal.key(Key::plain(Code::Esc));
    let mut player = Player { rehearsal, me, place };
    let mut last = drill.scenario().about.starts;
    for moment in &script.moments {
        let Some(at) = wait(&mut drill, &mut player, moment, last)? else { break };
        if at < last {
            return Err(Complaint::misread(format!(
                "the script, line {}: this is before the line before",
                moment.line
            )));
        }
        last = at;
        reach(&mut drill, &mut player, at)?;
        if drill.is_over() {
            break;
        }
        player.play(&drill, moment)?;
    }
    let end = drill.scenario().ends_at();
    reach(&mut drill, &mut player, end)?;
    drill.finish().and_then(|()| drill.report()).map_err(Complaint::of)
}

/// When a moment is. For one after an inject everything is played until that
/// has happened; nothing where it never does.
fn wait(
    drill: &mut Drill,
    player: &mut Player,
    moment: &Moment,
    last: DateTime<Utc>,
) -> Result<Option<DateTime<Utc>>> {
    match &moment.when {
        When::Start(after) => Ok(Some(drill.scenario().about.starts + *after)),
        When::Before(after) => Ok(Some(last + *after)),
        When::Inject(id, after) => loop {
            if let Some(at) = drill.played_at(id) {
                return Ok(Some(at + *after));
            }
            if drill.is_over() {
                return Ok(None);
            }
            let next = drill.next_at().map_err(Complaint::of)?;
            reach(drill, player, next)?;
        },
    }
}

/// Lets the drill run to a time, from one thing that happens to the next.
fn reach(drill: &mut Drill, player: &mut Player, to: DateTime<Utc>) -> Result<()> {
    while !drill.is_over() {
        let next = drill.next_at().map_err(Complaint::of)?.min(to);
        drill.pace().set(next).map_err(Complaint::of)?;
        drill.advance(next).map_err(Complaint::of)?;
        player.rehearsal.clock(drill.pace().now());
        player.rehearsal.touched();
        if next >= to {
            break;
        }
    }
    Ok(())
}

/// Who types.
struct Player {
    rehearsal: Rehearsal,
    me: String,
    place: std::path::PathBuf,
}

impl Player {
    fn play(&mut self, drill: &Drill, moment: &Moment) -> Result<()> {
        for step in &moment.what {
            match step {
                Step::Key(key) => self.rehearsal.key(*key),
                Step::Text(typed) => self.write(typed, false),
                Step::Above(typed) => self.write(typed, true),
                Step::Command(words) => {
                    let words: Vec<String> = words.iter().map(|word| drill.with_ids(word)).collect();
                    self.command(moment.line, &words)?;
                }
            }
        }
        if std::env::var_os("NINETY_DRILL_SHOW").is_some() {
            eprintln!("line {}:\n{}", moment.line, self.rehearsal.screen());
        }
        Ok(())
    }

    /// Types text, or writes it in the editor that is open.
    fn write(&mut self, typed: &str, above: bool) {
        let Some((_, begun)) = self.rehearsal.pending_edit() else {
            return self.rehearsal.type_in(typed);
        };
        let (head, body) = match begun.split_once("\n\n") {
            Some((head, body)) if head.starts_with("To: ") => (format!("{head}\n\n"), body),
            _ => (String::new(), begun),
        };
        let body = if above { body } else { "" };
        let edited = format!("{head}{typed}\n{body}");
        self.rehearsal.edited(Ok(edited));
    }

    /// Runs a command of ninety on the drill's store.
    fn command(&mut self, line: usize, words: &[String]) -> Result<()> {
        let words = std::iter::once("ninety").chain(words.iter().map(String::as_str));
        let refused = |why: String| Complaint::misread(format!("the script, line {line}: {why}"));
        let parsed = Cli::try_parse_from(crate::cli::arguments::options_first(words.map(Into::into)));
        let mut cli = parsed.map_err(|error| refused(text::line(&error.to_string())))?;
        cli.seat = Seat { is_quiet: true, ..cli.seat.at(&self.place) };
        cli.seat.actor.get_or_insert_with(|| self.me.clone());
        crate::cli::run(&cli, &mut Output::silent())
            .map_err(|complaint| refused(complaint.into_message()))?;
        self.rehearsal.touched();
        Ok(())
    }
}
