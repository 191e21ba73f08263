//! A note in the person's own editor, in a file that never touches a disk.

use std::ffi::OsString;
use std::fs;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Longest note that is taken from an editor, in bytes.
const MAX_NOTE: u64 = 1024 * 1024;

/// Has `text` edited and returns what became of it. The terminal has to be
/// given back before, and taken again after.
///
/// # Errors
/// In words: no memory-backed directory, no editor, or the editor failed.
pub fn edit(name: &str, text: &str) -> Result<String, String> {
    let place = memory_directory().ok_or(
        "a note needs a memory-backed directory for the editor's file, and neither XDG_RUNTIME_DIR nor /dev/shm is one; n takes a note of one line without it",
    )?;
    // A directory of its own (mode 0700), so that the editor's backup and swap
    // files lie there too and go with it.
    let failed = |error: std::io::Error| format!("the editor's file: {error}");
    let directory = tempfile::Builder::new().prefix("ninety-").tempdir_in(place).map_err(failed)?;
    let path = directory.path().join(name);
    write_private(&path, text).map_err(failed)?;
    let (program, arguments) = words(editor()).ok_or("EDITOR is empty; name an editor in it")?;
    let status = Command::new(&program).args(arguments).arg(&path).status().map_err(|error| {
        format!(
            "cannot start the editor '{}': {error}; set EDITOR",
            crate::text::line(&program.to_string_lossy())
        )
    })?;
    if !status.success() {
        return Err(format!("the editor ended with {status}; no note was made"));
    }
    read(&path).map_err(failed)
}

fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt as _;
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())
}

fn read(path: &Path) -> std::io::Result<String> {
    let mut bytes = Vec::new();
    fs::File::open(path)?.take(MAX_NOTE).read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn editor() -> String {
    let set = |name| std::env::var(name).ok().filter(|value| !value.trim().is_empty());
    set("VISUAL").or_else(|| set("EDITOR")).unwrap_or_else(|| "vi".to_owned())
}

/// A program and its arguments, split at blanks: no shell sees them.
fn words(command: String) -> Option<(OsString, Vec<OsString>)> {
    let mut words = command.split_whitespace().map(OsString::from);
    Some((words.next()?, words.collect()))
}

/// A directory with no disk behind it: `XDG_RUNTIME_DIR` or `/dev/shm`.
pub fn memory_directory() -> Option<PathBuf> {
    first_in_memory(candidates())
}

fn candidates() -> Vec<PathBuf> {
    let runtime = std::env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from);
    runtime.into_iter().chain([PathBuf::from("/dev/shm")]).collect()
}

fn first_in_memory(candidates: Vec<PathBuf>) -> Option<PathBuf> {
    candidates.into_iter().find(|path| path.is_absolute() && is_in_memory(path))
}

/// Whether the file system of `path` has no disk behind it (swap excepted).
#[cfg(target_os = "linux")]
fn is_in_memory(path: &Path) -> bool {
    const TMPFS: u64 = 0x0102_1994;
    const RAMFS: u64 = 0x8584_58f6;
    rustix::fs::statfs(path).is_ok_and(|found| matches!(found.f_type as u64 & 0xffff_ffff, TMPFS | RAMFS))
}

#[cfg(not(target_os = "linux"))]
fn is_in_memory(_path: &Path) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_editor_is_a_program_with_arguments_and_no_shell() {
        let (program, arguments) = words("code --wait -n;rm".to_owned()).unwrap();
        assert_eq!(program, "code");
        assert_eq!(arguments, ["--wait", "-n;rm"]);
        assert_eq!(words("  ".to_owned()), None);
    }

    #[test]
    fn a_disk_is_never_taken_for_memory() {
        assert!(!is_in_memory(Path::new("/nonexistent")));
        assert!(!is_in_memory(Path::new("/proc")));
        assert_eq!(first_in_memory(vec![PathBuf::from("relative"), PathBuf::from("/proc")]), None);
    }
}
