//! The command line put in an order that it can be parsed in.
//!
//! A query may begin with `-`, as in `-tag:noise`, and so may the value of a field;
//! the parser then takes every word behind the first one for a part of it, `--json`
//! too. So options go first.

use std::ffi::{OsStr, OsString};

use clap::CommandFactory as _;

use super::Cli;

/// The commands whose words may begin with `-`.
const FREE: [&str; 3] = ["list", "stats", "set"];

/// The arguments with the options of such a command in front of its words; what
/// stands behind `--` stays where it is.
pub(super) fn options_first(given: impl Iterator<Item = OsString>) -> Vec<OsString> {
    let given: Vec<OsString> = given.collect();
    let is_free = |word: &OsString| FREE.iter().any(|name| word == OsStr::new(name));
    let Some(at) = given.iter().skip(1).position(is_free).map(|at| at + 1) else { return given };
    let name = given[at].to_string_lossy().into_owned();
    let mut rest = given[at + 1..].iter();
    let (mut options, mut words) = (given[..=at].to_vec(), Vec::new());
    while let Some(word) = rest.next() {
        match word.to_str().and_then(|word| word.strip_prefix("--")) {
            Some("") => {
                words.push(word.clone());
                words.extend(rest.by_ref().cloned());
            }
            Some(option) => {
                options.push(word.clone());
                if takes_value(&name, option) {
                    options.extend(rest.next().cloned());
                }
            }
            None => words.push(word.clone()),
        }
    }
    options.extend(words);
    options
}

/// Whether the value of `option` is the next word.
fn takes_value(command: &str, option: &str) -> bool {
    let mut all = Cli::command();
    all.build();
    let Some(command) = all.find_subcommand(command) else { return false };
    let known = command.get_arguments().find(|known| known.get_long() == Some(option));
    known.is_some_and(|known| known.get_action().takes_values())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_go_before_a_query() {
        for (given, ordered) in [
            ("ninety list a -b --json", "ninety list --json a -b"),
            ("ninety stats a --since T -b --csv", "ninety stats --since T --csv a -b"),
            ("ninety stats a --since=T b", "ninety stats --since=T a b"),
            ("ninety --store S stats a --as ben", "ninety --store S stats --as ben a"),
            ("ninety list a -- --json", "ninety list a -- --json"),
            ("ninety set SEC-1 a=b --as ben", "ninety set --as ben SEC-1 a=b"),
            ("ninety note SEC-1 a --json", "ninety note SEC-1 a --json"),
            ("ninety", "ninety"),
        ] {
            let found = options_first(given.split(' ').map(OsString::from));
            assert_eq!(found.join(OsStr::new(" ")), OsString::from(ordered));
        }
    }
}
