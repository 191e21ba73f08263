//! The name of whoever runs ninety, where nobody says another.

use std::fs::File;
use std::io::Read as _;

/// The file in which the system names its people.
const PASSWD: &str = "/etc/passwd";

/// Bytes of it that are read at most.
const MAX_PASSWD: u64 = 1 << 20;

/// The login name: as the environment has it, else as the system knows it by
/// the number of the user, as under cron; else that number.
pub(super) fn name() -> String {
    let said = |name: &&str| std::env::var(name).ok().filter(|name| !name.trim().is_empty());
    let uid = rustix::process::getuid().as_raw();
    let known = || name_of(uid, &passwd());
    ["LOGNAME", "USER"].iter().find_map(said).or_else(known).unwrap_or_else(|| format!("uid {uid}"))
}

/// Nothing where it cannot be read: then nobody is known.
fn passwd() -> String {
    let mut bytes = Vec::new();
    let read = File::open(PASSWD).and_then(|file| file.take(MAX_PASSWD).read_to_end(&mut bytes));
    read.map(|_| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
}

/// The name of a user in the lines of a passwd file: `name:password:uid:...`.
fn name_of(uid: u32, passwd: &str) -> Option<String> {
    let named = |line: &str| {
        let mut fields = line.split(':');
        let (name, number) = (fields.next()?, fields.nth(1)?);
        (number.parse() == Ok(uid) && !name.trim().is_empty()).then(|| name.to_owned())
    };
    passwd.lines().find_map(named)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_has_the_first_name_that_the_system_gives_it() {
        let passwd = "# local\n+::::\nroot:x:0:0:root:/root:/bin/sh\nann:x:1000:1000::/home/ann:\ntoor:x:0:0::/:\n:x:7:";
        assert_eq!(name_of(0, passwd).as_deref(), Some("root"));
        assert_eq!(name_of(1000, passwd).as_deref(), Some("ann"));
        assert_eq!((name_of(7, passwd), name_of(100, passwd), name_of(0, "")), (None, None, None));
    }
}
