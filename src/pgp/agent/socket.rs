//! Where the agent of a user listens, as GnuPG decides it (`gpgconf --list-dirs`
//! tells the same). Nothing is run and nothing is created.

use std::io::Read as _;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::FileTypeExt as _;
use std::path::{Path, PathBuf};

use sequoia_openpgp::types::HashAlgorithm;

use crate::pgp::elsewhere::Refusal;

const NAME: &str = "S.gpg-agent";

/// Where GnuPG looks for a directory of this user's run-time files.
const BASES: [&str; 4] = ["/run/gnupg", "/run", "/var/run/gnupg", "/var/run"];

/// Bytes of a file that says where the socket really is.
const MAX_REDIRECT: u64 = 4096;

/// GnuPG's home directory of this user.
pub(super) fn home() -> PathBuf {
    let set = std::env::var_os("GNUPGHOME").filter(|home| !home.is_empty());
    set.map_or_else(usual_home, PathBuf::from)
}

fn usual_home() -> PathBuf {
    PathBuf::from(std::env::var_os("HOME").unwrap_or_default()).join(".gnupg")
}

/// The socket of the agent that keeps its keys in `home`, whether it is there or not.
pub(super) fn of_home(home: &Path) -> PathBuf {
    // GnuPG makes it absolute and without a slash at the end before it hashes it.
    let home: PathBuf = std::path::absolute(home).unwrap_or_default().components().collect();
    let user = rustix::process::getuid().as_raw();
    let candidates = candidates(&home, home == usual_home(), user);
    let there = candidates.iter().find(|path| path.exists());
    there.cloned().unwrap_or_else(|| home.join(NAME))
}

/// Where the socket may be, the likeliest place first. The agent of another
/// than the usual home has a directory of its own, named by that home.
fn candidates(home: &Path, usual: bool, user: u32) -> Vec<PathBuf> {
    let run = BASES.iter().map(|base| Path::new(base).join("user").join(user.to_string()).join("gnupg"));
    let own = |run: PathBuf| match usual {
        true => Some(run),
        false => Some(run.join(format!("d.{}", home_hash(home)?))),
    };
    run.filter_map(own).chain([home.to_owned()]).map(|directory| directory.join(NAME)).collect()
}

/// The first 15 bytes of the SHA-1 of the path, in z-base-32.
fn home_hash(home: &Path) -> Option<String> {
    let mut context = HashAlgorithm::SHA1.context().ok()?.for_digest();
    context.update(home.as_os_str().as_bytes());
    let digest = context.into_digest().ok()?;
    Some(z_base_32(digest.get(..15)?))
}

/// Human-oriented base-32 (z-base-32) of whole groups of five bytes.
fn z_base_32(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 32] = b"ybndrfg8ejkmcpqxot1uwisza345h769";
    let mut text = String::new();
    for group in bytes.chunks_exact(5) {
        let bits = group.iter().fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte));
        let digits = (0..8).rev().map(|place| (bits >> (5 * place)) as usize & 31);
        text.extend(digits.filter_map(|digit| ALPHABET.get(digit)).map(|byte| char::from(*byte)));
    }
    text
}

/// The path to connect to: `path` itself, or where a file that stands in for the
/// socket points (`%Assuan%`, a line `socket=PATH`). One step, absolute paths only.
pub(super) fn followed(path: &Path) -> Result<PathBuf, Refusal> {
    let metadata = std::fs::metadata(path).map_err(|_| Refusal::NotRunning)?;
    if metadata.file_type().is_socket() {
        return Ok(path.to_owned());
    }
    let broken = Refusal::Garbled("a file in place of its socket that does not say where it is".into());
    if !metadata.is_file() {
        return Err(broken);
    }
    let mut text = String::new();
    let file = std::fs::File::open(path).map_err(|_| Refusal::NotRunning)?;
    file.take(MAX_REDIRECT).read_to_string(&mut text).map_err(|_| broken.clone())?;
    let target =
        text.strip_prefix("%Assuan%\n").and_then(|rest| rest.lines().next()?.strip_prefix("socket="));
    target.map(PathBuf::from).filter(|target| target.is_absolute()).ok_or(broken)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_home_has_a_directory_of_its_own() {
        // From `GNUPGHOME=/tmp/gh1 gpgconf --list-dirs agent-socket` (GnuPG 2.2.40).
        let places = candidates(Path::new("/tmp/gh1"), false, 1000);
        assert_eq!(places[1], Path::new("/run/user/1000/gnupg/d.ftacegjuwrto6c98adm9ay63/S.gpg-agent"));
        assert_eq!(places[4], Path::new("/tmp/gh1/S.gpg-agent"));
        let places = candidates(Path::new("/home/ann/.gnupg"), true, 1000);
        assert_eq!(places[1], Path::new("/run/user/1000/gnupg/S.gpg-agent"));
    }

    #[test]
    fn a_file_may_say_where_the_socket_is() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join(NAME);
        let followed_from = |text: &str| {
            std::fs::write(&path, text).unwrap();
            followed(&path)
        };
        assert_eq!(followed_from("%Assuan%\nsocket=/run/x/S\n"), Ok(PathBuf::from("/run/x/S")));
        for text in ["", "%Assuan%\n", "%Assuan%\nsocket=relative\n", "socket=/run/x/S\n", "%Assuan%\nx"] {
            assert!(matches!(followed_from(text), Err(Refusal::Garbled(_))), "{text:?}");
        }
        assert!(matches!(followed(directory.path()), Err(Refusal::Garbled(_))));
        assert_eq!(followed(&directory.path().join("none")), Err(Refusal::NotRunning));
    }
}
