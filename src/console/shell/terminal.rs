//! The terminal: taken over, given back whole, in every way out.

use std::io::{self, Write};
use std::os::fd::BorrowedFd;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use ratatui::layout::Size;
use rustix::termios::{self, OptionalActions, Termios};

/// Alternate screen, bracketed paste.
const ENTER: &[u8] = b"\x1b[?1049h\x1b[?2004h";
/// Attributes off, synchronized update ended, bracketed paste off, cursor shown, main screen.
const LEAVE: &[u8] = b"\x1b[?2026l\x1b[m\x1b[?2004l\x1b[?25h\x1b[?1049l";

/// Keeps the window's title on the terminal's stack, and takes it from there
/// (xterm, "Window manipulation", 22 and 23).
const KEEP_TITLE: &[u8] = b"\x1b[22;2t";
const RESTORE_TITLE: &[u8] = b"\x1b[23;2t";

/// Whether the title was set since the terminal was taken.
static IS_ENTITLED: AtomicBool = AtomicBool::new(false);

/// The modes to go back to; set exactly while the terminal is ours, so that
/// giving it back twice does nothing.
static BEFORE: Mutex<Option<Termios>> = Mutex::new(None);

/// Standard input, which is the terminal.
pub fn keyboard() -> BorrowedFd<'static> {
    rustix::stdio::stdin()
}

/// Whether both ends of the console are a terminal.
pub fn is_there() -> bool {
    termios::isatty(rustix::stdio::stdin()) && termios::isatty(rustix::stdio::stdout())
}

/// Columns and rows; 80x24 where the terminal does not say.
pub fn size() -> Size {
    match termios::tcgetwinsize(rustix::stdio::stdout()) {
        Ok(size) if size.ws_col > 0 && size.ws_row > 0 => Size { width: size.ws_col, height: size.ws_row },
        _ => Size { width: 80, height: 24 },
    }
}

/// Writes a frame in one go.
///
/// # Errors
/// The terminal is gone.
pub fn send(bytes: &[u8]) -> io::Result<()> {
    if bytes.is_empty() {
        return Ok(());
    }
    let mut out = io::stdout().lock();
    out.write_all(bytes)?;
    out.flush()
}

/// Takes the terminal over: raw mode, alternate screen, bracketed paste.
///
/// # Errors
/// The terminal is gone or refuses.
pub fn enter() -> io::Result<()> {
    let before = termios::tcgetattr(keyboard())?;
    let mut raw = before.clone();
    raw.make_raw();
    if let Ok(mut saved) = BEFORE.lock() {
        *saved = Some(before);
    }
    termios::tcsetattr(keyboard(), OptionalActions::Drain, &raw)?;
    send(ENTER)
}

/// Sets the window's title (OSC 2); the one before it comes back with the
/// terminal. `title` must be safe.
///
/// # Errors
/// The terminal is gone.
pub fn entitle(title: &str) -> io::Result<()> {
    if !IS_ENTITLED.swap(true, Ordering::Relaxed) {
        send(KEEP_TITLE)?;
    }
    send(format!("\x1b]2;{title}\x1b\\").as_bytes())
}

/// Gives the terminal back as it was. Does nothing where it was given back already.
pub fn leave() {
    let before = match BEFORE.lock() {
        Ok(mut saved) => saved.take(),
        // A panic while it was held: the value is still good.
        Err(poisoned) => poisoned.into_inner().take(),
    };
    if let Some(before) = before {
        if IS_ENTITLED.swap(false, Ordering::Relaxed) {
            let _ = send(RESTORE_TITLE);
        }
        let _ = send(LEAVE);
        let _ = termios::tcsetattr(keyboard(), OptionalActions::Drain, &before);
    }
}

/// Gives the terminal back when dropped, whichever way out.
pub struct Guard;

impl Drop for Guard {
    fn drop(&mut self) {
        leave();
    }
}

/// The name of the worker's thread: its panics are caught and answered there.
pub const WORKER: &str = "ninety-store";

type Hook = Box<dyn Fn(&std::panic::PanicHookInfo<'_>) + Send + Sync + 'static>;

/// Installs a hook that restores the terminal first, and says where it went
/// wrong, never with what: a panic's message can hold foreign or decrypted
/// text. Returns the hook before it.
pub fn guard_panics() -> Hook {
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(|info| {
        if std::thread::current().name() == Some(WORKER) {
            return;
        }
        leave();
        let place = info.location().map(|at| format!(" at {}:{}", at.file(), at.line())).unwrap_or_default();
        eprintln!("ninety: an internal error{place}. What was decided before it is kept.");
    }));
    before
}
