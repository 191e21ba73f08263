//! The desk's hold on one child: starting it, asking it, timing it, and
//! killing it. Whatever comes from a child is as hostile as the mail in it.

use std::io::{self, BufReader, Read, Write};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};
use serde::de::DeserializeOwned;
use sha2::{Digest as _, Sha256};

use super::protocol::{self, Kind, Question};
use super::{Limits, Walls, child};
use crate::desk::envelope::{Quote, Reading};
use crate::desk::keys::AtHand;
use crate::mail::Headers;
use crate::pgp::{Protected, Refusal};

/// How often the time of a child is looked at while it works.
const TICK: Duration = Duration::from_millis(100);

/// Bytes that are read from a pipe at once.
const BUFFER: usize = 64 << 10;

/// Certificates, and bytes of them, that one question is answered with.
const MAX_CERTS: usize = 8;
const MAX_CERT_BYTES: usize = 8 << 20;

/// Why a message has no reading. In words, for its verdict.
#[derive(Debug, thiserror::Error)]
pub(super) enum Fault {
    /// It took too long.
    #[error(
        "built to exhaust its reader: it was given up after {} s; open it with another program and with care",
        .0.as_secs_f32()
    )]
    Time(Duration),
    /// The child ended.
    #[error("not opened, because its reader {0}; open it with another program and with care")]
    Ended(String),
    /// The child said what no child of ours says.
    #[error(
        "built to take over its reader, which answered nonsense; do not open it outside a sealed machine"
    )]
    Nonsense,
}

/// The team's own keys as a child gets them.
pub(super) struct OwnKeys(Protected);

impl OwnKeys {
    pub(super) fn none() -> Self {
        Self(protocol::byte_strings([[].as_slice(), &[], &[]]).into())
    }

    pub(super) fn of(keys: &AtHand) -> Self {
        let pgp = Protected::from(protocol::byte_strings(keys.team.iter().map(Vec::as_slice)));
        let age = keys.identities.iter().map(|line| line.as_slice());
        let age = Protected::from(protocol::byte_strings(age));
        Self(protocol::byte_strings([&pgp[..], &age[..], &keys.generation.to_be_bytes()]).into())
    }
}

/// A child, from its start to its end. Dropped, it is killed and gone.
#[derive(Debug)]
pub(super) struct Process {
    child: Child,
    pipes: BufReader<Pipes>,
    walls: Walls,
    /// Digest of the keys that it was given.
    keys: Option<[u8; 32]>,
}

impl Process {
    /// Starts a child and waits until it is confined.
    ///
    /// # Errors
    /// Why there is none, in words.
    pub(super) fn start(program: &Path, limits: Limits) -> Result<Self, String> {
        let mut command = Command::new(program);
        command.args(child::arguments(limits)).env_clear().current_dir("/");
        // Ctrl-C is for the desk, which ends its children in order.
        command.process_group(0);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let in_words = |error: io::Error| format!("{}: {error}", program.display());
        let mut child = command.spawn().map_err(in_words)?;
        let pipes = match (child.stdin.take(), child.stdout.take()) {
            (Some(to), Some(from)) => Pipes::new(to.into(), from.into(), child.id(), limits),
            _ => Err(io::ErrorKind::BrokenPipe.into()),
        };
        // From here on the child is ended by dropping `process`, whatever happens.
        let mut process = match pipes {
            Ok(pipes) => {
                let pipes = BufReader::with_capacity(BUFFER, pipes);
                Self { child, pipes, walls: Walls::default(), keys: None }
            }
            Err(error) => {
                end(&mut child);
                return Err(in_words(error));
            }
        };
        process.walls = process.expect(Kind::Hello).map_err(|fault| match fault {
            Fault::Ended(how) => format!("{} {how} at once", program.display()),
            Fault::Time(_) | Fault::Nonsense => format!("{} is not ninety", program.display()),
        })?;
        Ok(process)
    }

    /// What holds it back.
    pub(super) fn walls(&self) -> Walls {
        self.walls
    }

    /// Whether it is still there: others may have ended it while it had nothing to do.
    pub(super) fn is_alive(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// Gives it the team's keys, unless it has these already.
    ///
    /// # Errors
    /// Why it does not take them, in words.
    pub(super) fn give_keys(&mut self, keys: &OwnKeys) -> Result<(), String> {
        let digest = Sha256::digest(&keys.0).into();
        if self.keys != Some(digest) {
            self.send(Kind::Keys, &[&keys.0])
                .map_err(|_| "it does not take the keys of the team".to_owned())?;
            self.keys = Some(digest);
        }
        Ok(())
    }

    /// Has a message read, answering what the child asks on the way.
    pub(super) fn open(&mut self, raw: &[u8], now: DateTime<Utc>, keys: &AtHand) -> Result<Reading, Fault> {
        let reading = self.ask(Kind::Open, &[&protocol::instant(now), raw], Kind::Reading, keys)?;
        self.value(&reading)
    }

    /// Has the child say what of a message may be quoted.
    pub(super) fn quote(&mut self, raw: &[u8], now: DateTime<Utc>, keys: &AtHand) -> Result<Quote, Fault> {
        let quote = self.ask(Kind::Quote, &[&protocol::instant(now), raw], Kind::Reading, keys)?;
        self.value(&quote)
    }

    /// Has the child give the bytes of an attachment.
    pub(super) fn attachment(
        &mut self,
        raw: &[u8],
        now: DateTime<Utc>,
        number: u32,
        keys: &AtHand,
    ) -> Result<Option<Vec<u8>>, Fault> {
        let question: [&[u8]; 3] = [&protocol::instant(now), &number.to_be_bytes(), raw];
        let bytes = self.ask(Kind::File, &question, Kind::Bytes, keys)?;
        let files = protocol::split_byte_strings(&bytes).map_err(|error| self.fault(&error))?;
        Ok(files.first().map(|file| file.to_vec()))
    }

    /// Asks with these pieces until the child gives its answer, answering what it asks on the way.
    fn ask(&mut self, what: Kind, pieces: &[&[u8]], wanted: Kind, keys: &AtHand) -> Result<Vec<u8>, Fault> {
        self.send(what, pieces)?;
        loop {
            let received = protocol::receive(&mut self.pipes, &[Kind::Question, wanted]);
            let (kind, payload) = received.map_err(|error| self.fault(&error))?;
            if kind == wanted {
                return Ok(payload);
            }
            let answer = answer(&self.value(&payload)?, keys);
            let answer = Protected::from(protocol::byte_strings(answer.iter().map(Vec::as_slice)));
            let sent = protocol::send(self.pipes.get_mut(), Kind::Answer, &[&answer]);
            sent.map_err(|error| self.fault(&error))?;
        }
    }

    /// Has only the headers of a message read.
    pub(super) fn headers(&mut self, raw: &[u8]) -> Result<Headers, Fault> {
        self.send(Kind::Outline, &[raw])?;
        self.expect(Kind::Headers)
    }

    /// Starts the clock and sends.
    fn send(&mut self, kind: Kind, pieces: &[&[u8]]) -> Result<(), Fault> {
        let pipes = self.pipes.get_mut();
        pipes.watch.restart();
        protocol::send(pipes, kind, pieces).map_err(|error| self.fault(&error))
    }

    fn expect<T: DeserializeOwned>(&mut self, kind: Kind) -> Result<T, Fault> {
        let received = protocol::receive(&mut self.pipes, &[kind]);
        let (_, payload) = received.map_err(|error| self.fault(&error))?;
        self.value(&payload)
    }

    fn value<T: DeserializeOwned>(&mut self, payload: &[u8]) -> Result<T, Fault> {
        protocol::json(payload).map_err(|error| self.fault(&error))
    }

    /// What an error on the pipes means. The child is at its end, one way or another.
    fn fault(&mut self, error: &io::Error) -> Fault {
        match error.kind() {
            io::ErrorKind::TimedOut => Fault::Time(self.pipes.get_ref().watch.passed),
            io::ErrorKind::InvalidData => Fault::Nonsense,
            _ => {
                // A pipe may close a moment before its process is gone; one that
                // lives on without a pipe is killed, and that is what is told.
                let status = end(&mut self.child);
                Fault::Ended(match status.and_then(|status| status.signal()) {
                    Some(ABORT) => "ran out of memory or found a fault in itself".to_owned(),
                    Some(signal) => format!("was ended by signal {signal}"),
                    None => "ended".to_owned(),
                })
            }
        }
    }
}

const ABORT: i32 = rustix::process::Signal::ABORT.as_raw();

impl Drop for Process {
    fn drop(&mut self) {
        end(&mut self.child);
    }
}

/// Kills a child, if it is still there, and waits until it is gone.
fn end(child: &mut Child) -> Option<std::process::ExitStatus> {
    let _ = child.kill();
    child.wait().ok()
}

/// What the desk says to a question of a child.
fn answer(question: &Question, keys: &AtHand) -> Vec<Vec<u8>> {
    match question {
        Question::Find(handle) => {
            let mut room = MAX_CERT_BYTES;
            let fits = |cert: &Vec<u8>| {
                let left = room.checked_sub(cert.len());
                room = left.unwrap_or(room);
                left.is_some()
            };
            keys.known.find(handle).into_iter().filter(fits).take(MAX_CERTS).collect()
        }
        Question::SessionKey { fingerprint, packet, cipher } => {
            let asked = keys.elsewhere().map(|elsewhere| elsewhere.session_key(fingerprint, packet, *cipher));
            protocol::session_key_answer(asked.unwrap_or(Err(Refusal::NotHeld)))
        }
    }
}

/// Both pipes of a child. Reading and writing wait no longer than its time lasts.
#[derive(Debug)]
struct Pipes {
    to: OwnedFd,
    from: OwnedFd,
    watch: Watch,
}

impl Pipes {
    fn new(to: OwnedFd, from: OwnedFd, pid: u32, limits: Limits) -> io::Result<Self> {
        for pipe in [&to, &from] {
            fcntl_setfl(pipe, fcntl_getfl(pipe)? | OFlags::NONBLOCK)?;
        }
        Ok(Self { to, from, watch: Watch::new(pid, limits) })
    }
}

impl Read for Pipes {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            self.watch.wait(self.from.as_fd(), PollFlags::IN)?;
            match rustix::io::read(&self.from, &mut *buffer) {
                Err(rustix::io::Errno::AGAIN) => {}
                done => return Ok(done?),
            }
        }
    }
}

impl Write for Pipes {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        loop {
            match rustix::io::write(&self.to, bytes) {
                Err(rustix::io::Errno::AGAIN) => self.watch.wait(self.to.as_fd(), PollFlags::OUT)?,
                done => return Ok(done?),
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// How long a child has been at one message.
#[derive(Debug)]
struct Watch {
    pid: u32,
    limits: Limits,
    tick: Duration,
    looked: Instant,
    /// Time that has gone by, as far as the desk itself was running.
    spent: Duration,
    /// Processor time that the child had used at the first look.
    cpu_before: Option<Duration>,
    /// The limit that was passed.
    passed: Duration,
}

impl Watch {
    fn new(pid: u32, limits: Limits) -> Self {
        let tick = TICK.min(limits.cpu / 4);
        Self {
            pid,
            limits,
            tick,
            looked: Instant::now(),
            spent: Duration::ZERO,
            cpu_before: None,
            passed: Duration::ZERO,
        }
    }

    /// The next message begins.
    fn restart(&mut self) {
        self.looked = Instant::now();
        self.spent = Duration::ZERO;
        self.cpu_before = None;
    }

    /// Waits until `pipe` is ready. [`io::ErrorKind::TimedOut`] once the child has had its time.
    fn wait(&mut self, pipe: BorrowedFd<'_>, what: PollFlags) -> io::Result<()> {
        loop {
            if self.looked.elapsed() >= self.tick {
                self.look()?;
            }
            let most = Timespec { tv_sec: 0, tv_nsec: i64::from(self.tick.subsec_nanos()) };
            match poll(&mut [PollFd::from_borrowed_fd(pipe, what)], Some(&most)) {
                Ok(0) | Err(rustix::io::Errno::INTR) => {}
                ready => return ready.map(|_| ()).map_err(Into::into),
            }
        }
    }

    fn look(&mut self) -> io::Result<()> {
        // A long gap means that the desk was stopped, as with Ctrl-Z, or starved: no fault of the child's.
        self.spent += self.looked.elapsed().min(10 * self.tick);
        self.looked = Instant::now();
        let cpu = cpu_time(self.pid);
        // The first look is at most a tick late, which spares all short messages a look.
        let before = *self.cpu_before.get_or_insert(cpu.unwrap_or_default());
        let used = cpu.map_or(Duration::ZERO, |cpu| cpu.saturating_sub(before));
        for (used, limit) in [(used, self.limits.cpu), (self.spent, self.limits.wall)] {
            if used >= limit {
                self.passed = limit;
                return Err(io::ErrorKind::TimedOut.into());
            }
        }
        Ok(())
    }
}

/// Processor time that a process has used, from `/proc` (proc(5): utime and
/// stime). `None` where that cannot be read; then only the clock counts.
fn cpu_time(pid: u32) -> Option<Duration> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name of the program, in parentheses, may hold anything.
    let (_, after_name) = stat.rsplit_once(')')?;
    let mut fields = after_name.split_ascii_whitespace().skip(11);
    let ticks = fields.next()?.parse::<u64>().ok()? + fields.next()?.parse::<u64>().ok()?;
    Some(Duration::from_millis(ticks * 1000 / ticks_per_second()))
}

#[cfg(target_os = "linux")]
fn ticks_per_second() -> u64 {
    rustix::param::clock_ticks_per_second().max(1)
}

#[cfg(not(target_os = "linux"))]
fn ticks_per_second() -> u64 {
    100
}
