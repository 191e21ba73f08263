//! The console on a real pseudo-terminal: it starts, is left, killed, stopped,
//! resized, and lends the terminal to an editor, and the terminal is whole
//! after each of them.
#![allow(clippy::unwrap_used)]

mod support;

use std::io::{Read as _, Write};
use std::num::NonZero;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

use support::{Bench, mail};

/// How long a screen may take before a test fails: it only ends hopeless waits.
const PATIENCE: Duration = Duration::from_secs(60);

/// Takes the alternate screen; gives it back, last of all.
const TAKEN: &str = "\x1b[?1049h";
const GIVEN_BACK: &str = "\x1b[?1049l";

struct Terminal {
    master: Box<dyn MasterPty + Send>,
    keyboard: Box<dyn Write + Send>,
    child: Box<dyn Child + Send + Sync>,
    output: Receiver<Vec<u8>>,
    screen: vt100::Parser,
    /// Everything that came.
    raw: String,
}

impl Terminal {
    fn size(columns: u16, rows: u16) -> PtySize {
        PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 }
    }

    /// Runs a program on a terminal of its own, in the environment of `bench`.
    fn run(bench: &Bench, program: &str, arguments: &[&str], editor: &str) -> Self {
        let pair = native_pty_system().openpty(Self::size(80, 24)).unwrap();
        let mut command = CommandBuilder::new(program);
        command.args(arguments);
        command.env_clear();
        for (name, value) in bench.command::<&str>(&[]).get_envs() {
            if let Some(value) = value {
                command.env(name, value);
            }
        }
        command.env("TERM", "xterm-256color");
        command.env("EDITOR", editor);
        command.env("PS1", "prompt> ");
        command.env("NINETY", env!("CARGO_BIN_EXE_ninety"));
        let child = pair.slave.spawn_command(command).unwrap();
        let mut reader = pair.master.try_clone_reader().unwrap();
        let (send, output) = channel();
        std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(count @ 1..) = reader.read(&mut bytes) {
                if send.send(bytes[..count].to_vec()).is_err() {
                    return;
                }
            }
        });
        let keyboard = pair.master.take_writer().unwrap();
        let screen = vt100::Parser::new(NonZero::new(24).unwrap(), NonZero::new(80).unwrap(), 0);
        Self { master: pair.master, keyboard, child, output, screen, raw: String::new() }
    }

    fn console(bench: &Bench) -> Self {
        Self::run(bench, env!("CARGO_BIN_EXE_ninety"), &[], "/bin/true")
    }

    fn press(&mut self, keys: &str) {
        self.keyboard.write_all(keys.as_bytes()).unwrap();
        self.keyboard.flush().unwrap();
    }

    /// Reads until `is_there` holds of the screen and of all that came.
    fn wait(&mut self, what: &str, is_there: impl Fn(&str, &str) -> bool) {
        let end = Instant::now() + PATIENCE;
        loop {
            let seen = self.screen.screen().contents();
            if is_there(&seen, &self.raw) {
                return;
            }
            match self.output.recv_timeout(end.saturating_duration_since(Instant::now())) {
                Ok(bytes) => {
                    self.screen.process(&bytes);
                    self.raw.push_str(&String::from_utf8_lossy(&bytes));
                }
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {
                    panic!("{what} did not come; the screen shows:\n{seen}")
                }
            }
        }
    }

    fn wait_for(&mut self, text: &str) {
        self.wait(text, |screen, _| screen.contains(text));
    }

    /// Waits for the end and for the terminal to be whole again.
    fn ended(&mut self) -> u32 {
        self.wait("the main screen", |_, raw| raw.is_given_back_by(GIVEN_BACK));
        let status = self.child.wait().unwrap();
        assert!(!self.screen.screen().hide_cursor(), "the cursor is shown");
        assert!(!self.screen.screen().bracketed_paste(), "bracketed paste is off");
        assert!(!self.screen.screen().alternate_screen());
        let modes = self.master.get_termios().unwrap();
        let cooked = modes::is_cooked(&modes);
        assert!(cooked, "echo and lines are on again");
        status.exit_code()
    }

    fn signal(&self, name: &str) {
        let process = self.child.process_id().unwrap().to_string();
        let done = std::process::Command::new("kill").args(["-s", name, &process]).status().unwrap();
        assert!(done.success());
    }
}

trait GivenBack {
    fn is_given_back_by(&self, sequence: &str) -> bool;
}

impl GivenBack for str {
    /// Whether the terminal was given back after it was last taken.
    fn is_given_back_by(&self, sequence: &str) -> bool {
        self.rfind(sequence) > self.rfind(TAKEN)
    }
}

/// The terminal's modes as text: `Debug` is all that is needed of them.
mod modes {
    pub fn is_cooked(modes: &impl std::fmt::Debug) -> bool {
        let modes = format!("{modes:?}");
        modes.contains("ICANON") && modes.contains("ECHO")
    }
}

/// A store with two reports.
fn bench() -> Bench {
    let bench = Bench::new();
    let first = mail(
        "one@example.net",
        "Mara <mara@lindt.example>",
        "Heap overflow",
        "",
        "A crafted file crashes it.",
    );
    let second =
        mail("two@example.net", "Bo <bo@reports.example>", "Open redirect", "", "See the login page.");
    bench.import(&bench.file("one.eml", first));
    bench.import(&bench.file("two.eml", second));
    bench
}

#[test]
fn it_starts_and_leaves_the_terminal_as_it_was() {
    let bench = bench();
    let mut terminal = Terminal::console(&bench);
    terminal.wait_for("Heap overflow");
    terminal.wait_for("A crafted file crashes it.");
    assert!(terminal.screen.screen().alternate_screen());
    assert!(!modes::is_cooked(&terminal.master.get_termios().unwrap()));
    terminal.press("q");
    assert_eq!(terminal.ended(), 0);
}

const BELL: char = '\x07';
const TITLE_KEPT: &str = "\x1b[22;2t";
const TITLE_RESTORED: &str = "\x1b[23;2t";

#[test]
fn the_title_counts_the_bell_rings_for_a_new_report_and_the_title_comes_back() {
    let bench = bench();
    let mut terminal = Terminal::console(&bench);
    terminal.wait("the title", |_, raw| raw.contains("\x1b]2;ninety: 2 overdue, 2 unread\x1b\\"));
    assert!(!terminal.raw.contains(BELL), "nothing has happened yet");
    let third = mail("three@example.net", "Cy <cy@reports.example>", "Use after free", "", "In the parser.");
    bench.import(&bench.file("three.eml", third));
    terminal.wait("the bell and the counts", |_, raw| {
        raw.contains(BELL) && raw.contains("\x1b]2;ninety: 3 overdue, 3 unread\x1b\\")
    });
    terminal.press("q");
    assert_eq!(terminal.ended(), 0);
    let kept = terminal.raw.find(TITLE_KEPT).unwrap();
    assert!(kept < terminal.raw.find("\x1b]2;").unwrap(), "kept before it is set");
    assert_eq!(terminal.raw.matches(TITLE_RESTORED).count(), 1);
    assert_eq!(terminal.raw.matches(BELL).count(), 1);
}

#[test]
fn bell_and_title_can_be_switched_off() {
    let bench = bench();
    let quiet = "NINETY_BELL=0 NINETY_TITLE=0 exec $NINETY";
    let mut terminal = Terminal::run(&bench, "/bin/sh", &["-c", quiet], "/bin/true");
    terminal.wait_for("2 unread");
    let third = mail("three@example.net", "Cy <cy@reports.example>", "Use after free", "", "In the parser.");
    bench.import(&bench.file("three.eml", third));
    terminal.wait_for("3 unread");
    terminal.press("q");
    assert_eq!(terminal.ended(), 0);
    for sequence in ["\x1b]2;", TITLE_KEPT, TITLE_RESTORED, "\x07"] {
        assert!(!terminal.raw.contains(sequence), "{sequence:?}");
    }
}

#[test]
fn what_was_decided_outlives_a_kill() {
    for signal in ["TERM", "HUP"] {
        let bench = bench();
        let mut terminal = Terminal::console(&bench);
        terminal.wait_for("Heap overflow");
        terminal.press("a1");
        terminal.wait_for("P1 ack");
        terminal.signal(signal);
        terminal.ended();
        let (_, case) = bench.json(&["show", "SEC-2026-0001"]);
        assert_eq!(case["assignee"], "ann", "{signal}");
        assert_eq!(case["priority"], "P1", "{signal}");
    }
}

#[test]
fn changes_by_another_process_appear_by_themselves() {
    let bench = bench();
    let mut terminal = Terminal::console(&bench);
    terminal.wait_for("A crafted file crashes it.");
    terminal.press("j");
    terminal.wait_for("See the login page.");
    bench.ok(&["--as", "ben", "set", "SEC-2026-0001", "priority=P0"]);
    terminal.wait_for("SEC-2026-0001 P0");
    let cursor = terminal.screen.screen().cursor_position();
    let contents = terminal.screen.screen().contents();
    let line = contents.lines().nth(usize::from(cursor.0)).unwrap();
    assert!(line.starts_with("> SEC-2026-0002"), "the cursor stayed on its case: {line}");
    terminal.press("q");
    assert_eq!(terminal.ended(), 0);
}

#[test]
fn it_follows_the_size_of_the_terminal() {
    let bench = bench();
    let mut terminal = Terminal::console(&bench);
    terminal.wait_for("Heap overflow");
    terminal.screen.screen_mut().set_size(NonZero::new(36).unwrap(), NonZero::new(120).unwrap());
    terminal.master.resize(Terminal::size(120, 36)).unwrap();
    terminal.wait("four panes", |screen, _| {
        ["Queue", "Detail", "PGP", "Timeline"].iter().all(|name| screen.contains(name))
    });
    terminal.press("q");
    assert_eq!(terminal.ended(), 0);
}

#[test]
fn a_note_is_written_in_the_editor_and_never_on_a_disk() {
    let bench = bench();
    let witness = bench.path("witness");
    let script = format!(
        "#!/bin/sh\nstat -c '%a %n' \"$1\" > {0}\nstat -f -c %T \"$1\" >> {0}\nprintf 'from the editor\\n' > \"$1\"\n",
        witness.display()
    );
    let editor = bench.file("editor", script);
    let mut terminal =
        Terminal::run(&bench, env!("CARGO_BIN_EXE_ninety"), &[], &format!("sh {}", editor.display()));
    terminal.wait_for("Heap overflow");
    terminal.press("N");
    terminal
        .wait("the console again", |screen, raw| raw.matches(TAKEN).count() == 2 && screen.contains("note"));
    terminal.press("v");
    terminal.wait_for("from the editor");
    terminal.press("q");
    assert_eq!(terminal.ended(), 0);
    let seen = std::fs::read_to_string(witness).unwrap();
    let (mode, path) = seen.lines().next().unwrap().split_once(' ').unwrap();
    assert_eq!((mode, seen.lines().nth(1)), ("600", Some("tmpfs")));
    assert!(!std::path::Path::new(path).exists(), "the file is gone");
}

#[test]
fn it_stops_and_goes_on() {
    let bench = bench();
    let mut terminal = Terminal::run(&bench, "/bin/sh", &["-i"], "/bin/true");
    terminal.wait_for("prompt>");
    terminal.press("$NINETY\n");
    terminal.wait_for("Heap overflow");
    terminal.press("\x1a");
    terminal.wait("the shell", |screen, raw| raw.is_given_back_by(GIVEN_BACK) && screen.contains("Stopped"));
    terminal.press("fg\n");
    terminal.wait("the console again", |screen, raw| {
        raw.matches(TAKEN).count() == 2 && screen.contains("Heap overflow")
    });
    terminal.press("q");
    terminal.wait("the shell again", |_, raw| raw.is_given_back_by(GIVEN_BACK));
    terminal.press("exit\n");
    assert_eq!(terminal.child.wait().unwrap().exit_code(), 0);
}

#[test]
fn without_a_terminal_it_says_so() {
    let bench = bench();
    let output = bench.run::<&str>(&[]);
    assert!(!output.status.success());
    let complaint = String::from_utf8(output.stderr).unwrap();
    assert!(complaint.contains("the console needs a terminal"), "{complaint}");
}

/// The directory that the briefing of a drill names.
fn store_of_drill(terminal: &Terminal) -> std::path::PathBuf {
    let screen = terminal.screen.screen().contents();
    let (_, rest) = screen.split_once("NINETY_STORE=").unwrap();
    rest.split_whitespace().next().unwrap().into()
}

/// A drill of the scenario that 'drill new' writes.
fn drill(bench: &Bench) -> Terminal {
    let scenario = bench.path("one.toml");
    bench.ok(&["drill", "new", scenario.to_str().unwrap()]);
    let command = format!("exec $NINETY drill run {} --seed 1", scenario.display());
    let mut terminal = Terminal::run(bench, "/bin/sh", &["-c", &command], "/bin/true");
    terminal.wait_for("In another terminal");
    terminal.wait_for("PAUSED");
    terminal
}

#[test]
fn a_drill_is_played_scored_kept_on_request_and_gone() {
    let bench = Bench::new();
    let mut terminal = drill(&bench);
    let store = store_of_drill(&terminal);
    assert!(store.join("ninety.db").exists());
    terminal.press("n");
    terminal.wait_for("DRILL-2026-0001");
    terminal.press("\x1b");
    terminal.wait_for("z go on");
    terminal.press("1");
    terminal.wait_for("DRILL-2026-0001 P1");
    terminal.press("\x14");
    terminal.wait_for("In another terminal");
    terminal.press("E");
    terminal.wait_for("end the drill now");
    terminal.press("y");
    terminal.wait_for("OVER 5 of 15 points");
    terminal.press("\x1b");
    terminal.wait_for("Enter open");
    terminal.press("q");
    terminal.wait_for("Report to write");
    let report = bench.path("report.md");
    terminal.press(&format!("{}\n", report.display()));
    terminal.wait_for("Keep the score");
    terminal.press("y\n");
    assert_eq!(terminal.ended(), 0);
    assert!(!store.exists(), "it is gone");
    assert!(std::fs::read_to_string(report).unwrap().contains("**TEST DRILL**"));
    let (_, history) = bench.json(&["drill", "history"]);
    assert_eq!(
        (&history["drills"][0]["score"], &history["drills"][0]["people"][0]),
        (&5.into(), &"ann".into())
    );
    assert_eq!(bench.json(&["list", "is:all"]).1, serde_json::json!([]));
}

#[test]
fn a_drill_that_is_killed_leaves_nothing() {
    for signal in ["TERM", "HUP"] {
        let bench = Bench::bare();
        let mut terminal = drill(&bench);
        let store = store_of_drill(&terminal);
        terminal.signal(signal);
        terminal.wait("the result", |_, raw| raw.contains("0 of 15 points"));
        drop(terminal.keyboard);
        drop(terminal.master);
        terminal.child.wait().unwrap();
        assert!(!store.exists(), "{signal}");
    }
}
