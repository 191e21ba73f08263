//! A program that is handed something: with arguments and text on its standard
//! input, never through a shell, and never for longer than it is given.

use std::ffi::OsStr;
use std::io::{self, Write as _};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process_group};

use crate::text;

/// How often it is looked whether the program has ended.
const TICK: Duration = Duration::from_millis(20);

/// Runs `program` and waits until it has ended well.
///
/// # Errors
/// Why it did not take what it was handed, in words.
pub(super) fn hand<A: AsRef<OsStr>>(
    program: &Path,
    arguments: &[A],
    document: String,
    patience: Duration,
) -> Result<(), String> {
    let failed = |error: io::Error| text::line(&error.to_string());
    let mut command = Command::new(program);
    // A group of its own: whatever it started ends with it.
    command.args(arguments).stdin(Stdio::piped()).process_group(0);
    let mut child = command.spawn().map_err(failed)?;
    // A program that reads nothing must not hold us by a full pipe.
    let input = child.stdin.take();
    let writer = thread::spawn(move || input.map_or(Ok(()), |mut pipe| pipe.write_all(document.as_bytes())));
    let status = match wait(&mut child, patience).map_err(failed)? {
        Some(status) => status,
        None => return Err(format!("it was ended after {} s", patience.as_secs_f32())),
    };
    if !status.success() {
        return Err(status.to_string());
    }
    // Whom it left behind may hold the pipe still; the program itself was content.
    let written = if writer.is_finished() { writer.join().unwrap_or(Ok(())) } else { Ok(()) };
    match written {
        // One that reads nothing of it may be content with its arguments.
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(failed(error)),
        _ => Ok(()),
    }
}

/// How the program ended; `None` where it had to be killed with its group.
fn wait(child: &mut Child, patience: Duration) -> io::Result<Option<ExitStatus>> {
    let begun = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if begun.elapsed() >= patience {
            // The child is not waited for yet, so its number is no other's.
            let group = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
            let killed = group.map(|group| kill_process_group(group, Signal::KILL));
            if !matches!(killed, Some(Ok(()))) {
                child.kill()?;
            }
            child.wait()?;
            return Ok(None);
        }
        thread::sleep(TICK.min(patience));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sh(script: &str, document: &str, patience: Duration) -> Result<(), String> {
        hand(Path::new("/bin/sh"), &["-c", script], document.to_owned(), patience)
    }

    #[test]
    fn a_program_is_given_its_time_and_no_more() {
        let long = "x".repeat(1 << 20);
        let begun = Instant::now();
        // What it started in the background holds its pipes and goes with it.
        let told = sh("sleep 60 & sleep 60", &long, Duration::from_millis(200)).unwrap_err();
        assert_eq!(told, "it was ended after 0.2 s");
        assert!(begun.elapsed() < Duration::from_secs(20));
        let minute = Duration::from_secs(60);
        assert_eq!(sh("test $(wc -c) = 1048576", &long, minute), Ok(()));
        assert_eq!(sh("exit 0", &long, minute), Ok(()));
        assert_eq!(sh("exit 3", "", minute), Err("exit status: 3".to_owned()));
        assert!(hand::<&str>(Path::new("/nonexistent"), &[], String::new(), minute).is_err());
    }
}
