//! Signals, as flags and a pipe that wakes the main loop.

use std::io;
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM, SIGTSTP, SIGWINCH};
use signal_hook::{SigId, flag, low_level};

/// The signals that the console answers, until it is dropped.
#[derive(Debug)]
pub struct Signals {
    wake: UnixStream,
    resized: Arc<AtomicBool>,
    ended: Arc<AtomicBool>,
    interrupted: Arc<AtomicBool>,
    stopped: Arc<AtomicBool>,
    /// Whether another program has the terminal.
    lent: Arc<AtomicBool>,
    registered: Vec<SigId>,
}

impl Signals {
    /// Begins to listen.
    ///
    /// # Errors
    /// The system has no pipe left or refuses a handler.
    pub fn listen() -> io::Result<Self> {
        let (wake, write) = UnixStream::pair()?;
        wake.set_nonblocking(true)?;
        let flags = || Arc::new(AtomicBool::new(false));
        let mut signals = Self {
            wake,
            resized: flags(),
            ended: flags(),
            interrupted: flags(),
            stopped: flags(),
            lent: flags(),
            registered: Vec::new(),
        };
        // An editor that stops itself stops its whole group: then so do we.
        signals.registered.push(flag::register_conditional_default(SIGTSTP, Arc::clone(&signals.lent))?);
        for (signal, flag) in [
            (SIGWINCH, &signals.resized.clone()),
            (SIGTERM, &signals.ended.clone()),
            (SIGHUP, &signals.ended.clone()),
            (SIGINT, &signals.interrupted.clone()),
            (SIGTSTP, &signals.stopped.clone()),
        ] {
            // The flag first: whoever is woken finds it set.
            signals.registered.push(flag::register(signal, Arc::clone(flag))?);
            signals.registered.push(low_level::pipe::register(signal, write.try_clone()?)?);
        }
        Ok(signals)
    }

    /// What becomes readable when a signal came.
    pub fn wake(&self) -> impl AsFd + '_ {
        &self.wake
    }

    /// Empties the pipe.
    pub fn drain(&self) {
        super::drain(&self.wake);
    }

    /// Whether the screen changed its size since last asked.
    pub fn resized(&self) -> bool {
        self.resized.swap(false, Ordering::Relaxed)
    }

    /// Whether the console is to end.
    pub fn ended(&self) -> bool {
        self.ended.load(Ordering::Relaxed) || self.interrupted.load(Ordering::Relaxed)
    }

    /// Runs `other` while another program has the terminal: its Ctrl-C and
    /// Ctrl-Z are not ours.
    pub fn lend<T>(&self, other: impl FnOnce() -> T) -> T {
        self.lent.store(true, Ordering::Relaxed);
        let result = other();
        self.lent.store(false, Ordering::Relaxed);
        self.interrupted.store(false, Ordering::Relaxed);
        self.stopped.store(false, Ordering::Relaxed);
        result
    }

    /// Whether the console was told to stop since last asked.
    pub fn stopped(&self) -> bool {
        self.stopped.swap(false, Ordering::Relaxed)
    }
}

impl Drop for Signals {
    fn drop(&mut self) {
        for id in self.registered.drain(..) {
            low_level::unregister(id);
        }
    }
}

/// Stops this process as Ctrl-Z does; returns when it goes on.
///
/// # Errors
/// The system refuses.
pub fn stop() -> io::Result<()> {
    low_level::emulate_default_handler(SIGTSTP)
}
