//! The clock of a drill: drill time runs faster than real time, can be stopped,
//! and is set forward. It lives in a file, so that all processes of a drill
//! have the same time.

use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Name of the file in the directory of a drill.
pub(in crate::desk) const FILE: &str = "clock.json";
/// Bytes of the file that are read at most; ours has about 90.
const MAX_FILE: u64 = 4096;

/// Seconds of a day.
const DAY: i128 = 86_400;
/// Real milliseconds that one drill day takes, at least and at most.
const SHORTEST: u64 = 1;
const LONGEST: u64 = 366 * 86_400_000;
/// Drill time stays between these, in seconds since 1970: the years that
/// calendars, the store and people can write.
const EARLIEST: i64 = 0;
const LATEST: i64 = 253_370_764_800;

/// A handle on the clock of a drill. Clones share what they know.
#[derive(Debug, Clone)]
pub struct Pace(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    directory: PathBuf,
    known: Mutex<Known>,
}

/// What the file said when it last could be read.
#[derive(Debug)]
struct Known {
    state: State,
    /// The latest time that was told, in seconds since 1970.
    latest: i64,
}

/// How drill time runs since it was last changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct State {
    /// The real instant of the change, in milliseconds since 1970.
    real_ms: i64,
    /// What time it was in the drill then, in seconds since 1970.
    drill: i64,
    /// Real milliseconds that one drill day takes.
    day_ms: u64,
    paused: bool,
}

impl State {
    /// The drill's time at a real instant. A machine whose clock was set back waits.
    fn at(&self, real_ms: i64) -> i64 {
        if self.paused {
            return self.drill;
        }
        let ran = (i128::from(real_ms) - i128::from(self.real_ms)).max(0);
        let seconds = ran * DAY / i128::from(self.day_ms);
        let at = i128::from(self.drill) + seconds;
        i64::try_from(at).unwrap_or(LATEST).min(LATEST)
    }

    /// The real instant at which it becomes `goal` in the drill, which lies ahead.
    fn real_at(&self, goal: i64) -> i128 {
        let run = i128::from(goal) - i128::from(self.drill);
        let takes = (run * i128::from(self.day_ms) + DAY - 1) / DAY;
        i128::from(self.real_ms) + takes
    }

    fn is_sound(&self) -> bool {
        (SHORTEST..=LONGEST).contains(&self.day_ms) && (EARLIEST..=LATEST).contains(&self.drill)
    }
}

impl PartialEq for Pace {
    fn eq(&self, other: &Self) -> bool {
        self.0.directory == other.0.directory
    }
}

impl Eq for Pace {}

impl Pace {
    /// Sets the clock of the drill in `directory` to `at`, whatever it was.
    /// One drill day takes `day` of real time, between a millisecond and 366
    /// days; times outside the years 1970 to 9998 become the nearest in them.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn create(directory: &Path, at: DateTime<Utc>, day: Duration, paused: bool) -> io::Result<Self> {
        let drill = at.timestamp().clamp(EARLIEST, LATEST);
        let state = State { real_ms: real_now(), drill, day_ms: milliseconds(day), paused };
        let _held = hold(directory)?;
        write(directory, &state)?;
        Ok(Self::knowing(directory, state))
    }

    /// The clock of the drill in `directory`.
    ///
    /// # Errors
    /// In words with the mend: the file is not there, or is none of ours.
    pub fn open(directory: &Path) -> Result<Self, String> {
        let state = read(directory).map_err(|why| {
            let file = crate::text::line(&directory.join(FILE).to_string_lossy());
            format!("{file}, the clock of a drill, cannot be used ({why}); start the drill anew")
        })?;
        Ok(Self::knowing(directory, state))
    }

    fn knowing(directory: &Path, state: State) -> Self {
        let known = Mutex::new(Known { state, latest: EARLIEST });
        Self(Arc::new(Shared { directory: directory.to_owned(), known }))
    }

    /// The drill's time, in whole seconds; never earlier than this handle told before.
    pub fn now(&self) -> DateTime<Utc> {
        self.now_at(real_now())
    }

    fn now_at(&self, real_ms: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(self.known().tell(real_ms), 0).unwrap_or_default()
    }

    /// Whether drill time stands still.
    pub fn is_paused(&self) -> bool {
        self.known().state.paused
    }

    /// Real time that one drill day takes.
    pub fn day_takes(&self) -> Duration {
        Duration::from_millis(self.known().state.day_ms)
    }

    /// Stops drill time.
    ///
    /// # Errors
    /// When the file cannot be written; the clock is as it was then, as after
    /// the other changes.
    pub fn pause(&self) -> io::Result<()> {
        self.change_at(real_now(), |state| state.paused = true)
    }

    /// Lets drill time run on from where it was stopped.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn resume(&self) -> io::Result<()> {
        self.change_at(real_now(), |state| state.paused = false)
    }

    /// Goes forward to `at`; an instant that is past changes nothing.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn set(&self, at: DateTime<Utc>) -> io::Result<()> {
        self.set_at(real_now(), at)
    }

    fn set_at(&self, real_ms: i64, at: DateTime<Utc>) -> io::Result<()> {
        let goal = whole(at).min(LATEST);
        self.change_at(real_ms, |state| state.drill = state.drill.max(goal))
    }

    /// One drill day takes `day` of real time from now on.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn set_day(&self, day: Duration) -> io::Result<()> {
        self.change_at(real_now(), |state| state.day_ms = milliseconds(day))
    }

    /// How long the machine's clock runs until it is `at` in the drill, nothing
    /// where that is past. `None` while drill time stands still, and for what
    /// it never reaches.
    pub fn real_until(&self, at: DateTime<Utc>) -> Option<Duration> {
        self.real_until_at(real_now(), at)
    }

    fn real_until_at(&self, real_ms: i64, at: DateTime<Utc>) -> Option<Duration> {
        let mut known = self.known();
        let (now, goal) = (known.tell(real_ms), whole(at));
        if known.state.paused || goal > LATEST {
            return None;
        }
        if goal <= now {
            return Some(Duration::ZERO);
        }
        let left = known.state.real_at(goal) - i128::from(real_ms);
        Some(Duration::from_millis(u64::try_from(left.max(0)).unwrap_or(u64::MAX)))
    }

    /// What is known of the file after another look at it.
    fn known(&self) -> MutexGuard<'_, Known> {
        let mut known = self.0.known.lock().unwrap_or_else(PoisonError::into_inner);
        // A file that cannot be read for a moment stops no drill.
        if let Ok(state) = read(&self.0.directory) {
            known.state = state;
        }
        known
    }

    /// Makes a change that counts from a real instant on.
    fn change_at(&self, real_ms: i64, change: impl FnOnce(&mut State)) -> io::Result<()> {
        let _held = hold(&self.0.directory)?;
        let mut known = self.known();
        let now = State { real_ms, drill: known.tell(real_ms), ..known.state };
        let mut next = now;
        change(&mut next);
        // Where nothing changes, the part of a second that has run is not lost.
        if next == now {
            return Ok(());
        }
        write(&self.0.directory, &next)?;
        known.state = next;
        Ok(())
    }
}

impl Known {
    fn tell(&mut self, real_ms: i64) -> i64 {
        self.latest = self.latest.max(self.state.at(real_ms));
        self.latest
    }
}

fn real_now() -> i64 {
    Utc::now().timestamp_millis()
}

/// The first whole second that is not before `at`.
fn whole(at: DateTime<Utc>) -> i64 {
    at.timestamp() + i64::from(at.timestamp_subsec_nanos() > 0)
}

fn milliseconds(day: Duration) -> u64 {
    u64::try_from(day.as_millis()).unwrap_or(LONGEST).clamp(SHORTEST, LONGEST)
}

/// Keeps other processes from changing the clock of `directory` until it is dropped.
fn hold(directory: &Path) -> io::Result<File> {
    let held = File::open(directory)?;
    held.lock()?;
    Ok(held)
}

fn read(directory: &Path) -> Result<State, String> {
    let mut text = Vec::new();
    File::open(directory.join(FILE))
        .and_then(|file| file.take(MAX_FILE).read_to_end(&mut text))
        .map_err(|error| error.to_string())?;
    let state: State = serde_json::from_slice(&text).map_err(|error| error.to_string())?;
    if state.is_sound() { Ok(state) } else { Err("its numbers are out of bounds".to_owned()) }
}

/// Replaces the file as a whole, so that no reader ever sees a part of it.
fn write(directory: &Path, state: &State) -> io::Result<()> {
    // Only its owner can read and write a temporary file.
    let mut file = tempfile::Builder::new().prefix(".clock-").tempfile_in(directory)?;
    serde_json::to_writer(&mut file, state)?;
    file.write_all(b"\n")?;
    file.persist(directory.join(FILE)).map_err(|error| error.error)?;
    Ok(())
}

#[cfg(test)]
mod tests;
