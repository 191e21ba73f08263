//! GnuPG with a home, an agent and a clock of its own.
#![allow(dead_code, clippy::unwrap_used)]

use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::process::{Command, Stdio};

use chrono::{DateTime, Utc};

/// A home of GnuPG. Its agent ends with it.
pub struct Gpg {
    home: tempfile::TempDir,
}

/// What a run gave.
pub struct Ran {
    pub ok: bool,
    pub stdout: Vec<u8>,
    /// Status lines and messages.
    pub stderr: String,
}

impl Ran {
    /// Whether it told this status (doc/DETAILS of GnuPG).
    pub fn says(&self, status: &str) -> bool {
        self.stderr.lines().any(|line| line.starts_with(&format!("[GNUPG:] {status}")))
    }
}

impl Gpg {
    /// `None`, told on standard error, where the machine has no GnuPG.
    pub fn new() -> Option<Self> {
        let found = Command::new("gpg").arg("--version").stdout(Stdio::null()).status();
        if !found.is_ok_and(|status| status.success()) {
            eprintln!("skipped: there is no gpg on this machine");
            return None;
        }
        // The path is short because those of sockets have to be.
        let private = std::fs::Permissions::from_mode(0o700);
        let home = tempfile::Builder::new().prefix("gpg").permissions(private).tempdir().unwrap();
        // Keys are locked with as little work as there can be.
        std::fs::write(home.path().join("gpg-agent.conf"), "s2k-count 65536\n").unwrap();
        let gpg = Self { home };
        // Without a trust database GnuPG imports no revocation.
        assert!(
            gpg.command("gpg").args(["--quiet", "--update-trustdb", "--batch"]).status().unwrap().success()
        );
        Some(gpg)
    }

    /// Runs gpg at `now` with the passphrase `pw` for whatever asks for one.
    pub fn run(&self, now: DateTime<Utc>, arguments: &[&str], input: &[u8]) -> Ran {
        let mut child = self
            .command("gpg")
            .args(["--batch", "--no-tty", "--status-fd", "2", "--trust-model", "always"])
            .args(["--pinentry-mode", "loopback", "--passphrase", "pw"])
            .args(["--faked-system-time", &now.format("%Y%m%dT%H%M%S!").to_string()])
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // gpg may end before it has read everything.
        let _ = child.stdin.take().unwrap().write_all(input);
        let output = child.wait_with_output().unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        Ran { ok: output.status.success(), stdout: output.stdout, stderr }
    }

    /// Runs and expects success.
    pub fn ok(&self, now: DateTime<Utc>, arguments: &[&str], input: &[u8]) -> Ran {
        let ran = self.run(now, arguments, input);
        assert!(ran.ok, "gpg {arguments:?}: {}", ran.stderr);
        ran
    }

    /// Writes a file beside the keys, for arguments that need one.
    pub fn file(&self, name: &str, bytes: &[u8]) -> String {
        let path = self.home.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path.display().to_string()
    }

    /// The records of a key in their order, each split at the colons.
    pub fn records(&self, now: DateTime<Utc>, who: &str) -> Vec<Vec<String>> {
        let listed = self.ok(now, &["--with-colons", "--list-keys", who], b"");
        let text = String::from_utf8(listed.stdout).unwrap();
        text.lines().map(|line| line.split(':').map(str::to_owned).collect()).collect()
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.env("GNUPGHOME", self.home.path()).env("LC_ALL", "C.UTF-8");
        command
    }
}

impl Drop for Gpg {
    fn drop(&mut self) {
        let _ = self.command("gpgconf").args(["--kill", "all"]).status();
    }
}
