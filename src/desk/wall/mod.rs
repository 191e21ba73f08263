//! The second wall around foreign mail. Budgets bound the work that a message
//! may cause, but a thread that overruns cannot be killed: so messages are read
//! in processes of their own, which hold the team's keys, have no files and no
//! network, and are killed when a message takes too long, too much memory, or
//! the process itself.
//!
//! This room knows how a reading is asked for and what becomes of a message
//! whose reader fails; what a reading is it leaves to [`envelope`]. It knows
//! nothing of cases or the database.
//!
//! - [`protocol`]: what goes through the pipes;
//! - [`child`]: the end that reads mail;
//! - [`confine`]: what the child gives up before its first byte;
//! - [`process`]: the parent's hold on one child: start, ask, time, kill.
//!
//! A child that a message has taken over can lie about that message, and about
//! those that it is given afterwards; it cannot stop the parent, make it
//! allocate without bound, or reach anything but its pipe.

mod child;
mod confine;
mod process;
mod protocol;

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};

pub use child::{MARK, run as run_child};
pub use confine::Walls;
use process::{Fault, OwnKeys, Process};

use super::envelope::{self, Keys, Quote, Reading};
use super::keys::AtHand;
use super::{Error, Result};
use crate::age::Identity;
use crate::pgp::Keyring;

/// What one message may cost its reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of address space of the child, its program included.
    pub memory: u64,
    /// Time on a processor.
    pub cpu: Duration,
    /// Time on the clock, so that a child that sleeps ends as well.
    pub wall: Duration,
}

impl Default for Limits {
    /// Enough for the largest message that is kept, encrypted as a whole; ten times the time
    /// that it takes.
    fn default() -> Self {
        Self { memory: 512 << 20, cpu: Duration::from_secs(2), wall: Duration::from_secs(20) }
    }
}

/// Where messages are read.
#[derive(Debug, Clone)]
pub struct Readers(Where);

#[derive(Debug, Clone)]
enum Where {
    Here,
    Children(Arc<Pool>),
}

impl Readers {
    /// In this process, with the budgets as the only wall: for tests and measurements.
    pub fn in_this_process() -> Self {
        Self(Where::Here)
    }

    /// In children that run `program`, which must be ninety itself. They are
    /// started when they are needed, and live as long as this and its clones.
    pub fn children(program: impl Into<PathBuf>, limits: Limits) -> Self {
        let pool = Pool { program: program.into(), limits, idle: Mutex::default() };
        Self(Where::Children(Arc::new(pool)))
    }

    /// What holds a child back on this machine; `None` where messages are read
    /// in this process.
    ///
    /// # Errors
    /// When no child can be started.
    pub fn walls(&self) -> Result<Option<Walls>> {
        let Where::Children(pool) = &self.0 else { return Ok(None) };
        let process = pool.process(&OwnKeys::none())?;
        let walls = process.walls();
        pool.give_back(process);
        Ok(Some(walls))
    }

    /// A reader for one thread, with these keys at hand.
    pub fn reader<'a>(&self, keys: &'a AtHand) -> Reader<'a> {
        Reader(match &self.0 {
            Where::Here => Seat::Here(keys.keyring(), keys.age()),
            Where::Children(pool) => {
                Seat::Outside(Box::new(Outside { pool: Arc::clone(pool), process: None, keys }))
            }
        })
    }
}

/// The children that nobody uses at the moment.
#[derive(Debug)]
struct Pool {
    program: PathBuf,
    limits: Limits,
    idle: Mutex<Vec<Process>>,
}

impl Pool {
    /// A child that lives and has these keys.
    fn process(&self, keys: &OwnKeys) -> Result<Process> {
        let idle = || self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let alive = std::iter::from_fn(idle).find_map(|mut process| process.is_alive().then_some(process));
        let ready = alive.map_or_else(|| Process::start(&self.program, self.limits), Ok);
        ready.and_then(|mut process| process.give_keys(keys).map(|()| process)).map_err(Error::Reader)
    }

    fn give_back(&self, process: Process) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(process);
    }
}

/// Reads messages for one thread.
pub struct Reader<'a>(Seat<'a>);

enum Seat<'a> {
    Here(Keyring<'a>, Vec<Identity>),
    Outside(Box<Outside<'a>>),
}

impl Reader<'_> {
    /// Reads one message. A message that its reader did not survive is read
    /// once more without touching its body, and says so in its verdict.
    ///
    /// # Errors
    /// When no child can be started; never because of the message.
    pub fn read(&mut self, raw: &[u8], now: DateTime<Utc>) -> Result<Reading> {
        match &mut self.0 {
            Seat::Here(keyring, age) => Ok(envelope::read(raw, Keys { pgp: keyring, age }, now)),
            Seat::Outside(outside) => outside.read(raw, now),
        }
    }

    /// What an answer to a message may take over. Of a message that its reader
    /// does not survive that is nothing.
    ///
    /// # Errors
    /// When no child can be started; never because of the message.
    pub fn quote(&mut self, raw: &[u8], now: DateTime<Utc>) -> Result<Quote> {
        match &mut self.0 {
            Seat::Here(keyring, age) => Ok(envelope::quotable(raw, Keys { pgp: keyring, age }, now)),
            Seat::Outside(outside) => {
                let keys = outside.keys;
                Ok(outside.ask(|process| process.quote(raw, now, keys))?.unwrap_or_default())
            }
        }
    }
}

impl Reader<'_> {
    /// The bytes of an attachment by its number in the list of the message. Of
    /// a message that its reader does not survive there are none.
    ///
    /// # Errors
    /// When no child can be started; never because of the message.
    pub fn attachment(&mut self, raw: &[u8], now: DateTime<Utc>, number: u32) -> Result<Option<Vec<u8>>> {
        match &mut self.0 {
            Seat::Here(keyring, age) => {
                Ok(envelope::attachment(raw, Keys { pgp: keyring, age }, now, number as usize))
            }
            Seat::Outside(outside) => {
                let keys = outside.keys;
                Ok(outside.ask(|process| process.attachment(raw, now, number, keys))?.unwrap_or_default())
            }
        }
    }
}

/// A child on loan from the pool.
struct Outside<'a> {
    pool: Arc<Pool>,
    process: Option<Process>,
    keys: &'a AtHand,
}

impl Outside<'_> {
    fn read(&mut self, raw: &[u8], now: DateTime<Utc>) -> Result<Reading> {
        let keys = self.keys;
        let fault = match self.ask(|process| process.open(raw, now, keys))? {
            Ok(reading) => return Ok(reading),
            Err(fault) => fault,
        };
        let headers = self.ask(|process| process.headers(raw))?.ok();
        Ok(envelope::unopened(headers, &fault.to_string()))
    }

    /// Asks the child; one that fails is killed, and the next question starts another.
    fn ask<T>(
        &mut self,
        question: impl FnOnce(&mut Process) -> std::result::Result<T, Fault>,
    ) -> Result<std::result::Result<T, Fault>> {
        let mut process = match self.process.take() {
            Some(process) => process,
            None => self.pool.process(&OwnKeys::of(self.keys))?,
        };
        let answer = question(&mut process);
        if answer.is_ok() {
            self.process = Some(process);
        }
        Ok(answer)
    }
}

impl Drop for Outside<'_> {
    fn drop(&mut self) {
        if let Some(process) = self.process.take() {
            self.pool.give_back(process);
        }
    }
}
