//! A hermetic ninety: its own home, store, passphrase and clock.
#![allow(dead_code, clippy::unwrap_used)]

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

/// The instant at which tests happen.
pub const NOW: &str = "2026-11-23T12:00:00Z";

/// A directory with a store of its own, removed at the end.
pub struct Bench {
    home: tempfile::TempDir,
}

impl Bench {
    /// Without a store.
    pub fn bare() -> Self {
        let home = tempfile::tempdir().unwrap();
        std::fs::write(home.path().join("passphrase"), "correct horse battery staple\n").unwrap();
        Self { home }
    }

    /// With a store made by `ninety init`.
    pub fn new() -> Self {
        let bench = Self::bare();
        bench.ok(&["init", "--address", "security@example.org", "--name", "Example Security"]);
        bench
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    pub fn store(&self) -> PathBuf {
        self.path("store")
    }

    /// Writes a file and returns its path.
    pub fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent).unwrap();
        }
        std::fs::write(&path, bytes).unwrap();
        path
    }

    /// The program with an environment that holds nothing of the machine's.
    pub fn command<A: AsRef<OsStr>>(&self, arguments: &[A]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ninety"));
        command
            .args(arguments)
            .env_clear()
            .env("HOME", self.home.path())
            .env("PATH", "/usr/bin:/bin")
            .env("TZ", "UTC")
            .env("LANG", "C.UTF-8")
            .env("USER", "ann")
            .env("NINETY_STORE", self.store())
            .env("NINETY_PASSPHRASE_FILE", self.path("passphrase"))
            .env("NINETY_NOW", NOW)
            .stdin(Stdio::null());
        command
    }

    pub fn run<A: AsRef<OsStr>>(&self, arguments: &[A]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// Runs and expects success; standard output.
    pub fn ok<A: AsRef<OsStr>>(&self, arguments: &[A]) -> String {
        let output = self.run(arguments);
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "failed: {errors}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// Runs with `--json` whatever the exit code, and returns both.
    pub fn json<A: AsRef<OsStr>>(&self, arguments: &[A]) -> (i32, Value) {
        let mut all: Vec<&OsStr> = vec![OsStr::new("--json")];
        all.extend(arguments.iter().map(AsRef::as_ref));
        let output = self.run(&all);
        let value = serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)));
        (output.status.code().unwrap_or(-1), value)
    }

    /// Imports and expects that nothing failed.
    pub fn import(&self, path: &Path) -> Value {
        let (code, value) = self.json(&[OsStr::new("import"), path.as_os_str()]);
        assert_eq!(code, 0, "{value:#}");
        value
    }
}

/// A plain mail.
pub fn mail(id: &str, from: &str, subject: &str, more: &str, body: &str) -> String {
    format!(
        "From: {from}\nTo: security@example.org\nSubject: {subject}\nDate: Sun, 22 Nov 2026 10:00:00 +0000\n\
         Message-ID: <{id}>\n{more}\n{body}\n"
    )
}
