//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// What `set --help` says about fields.
const FIELDS_HELP: &str = "Fields: title, state (new, acknowledged, triaged, in progress, fix ready, released, \
disclosed, closed), resolution (with state=closed: fixed, duplicate, not a vulnerability, not reproducible, \
won't fix, out of scope, spam), priority (P0 to P4), assignee (a name, me), product, component, \
found_in, policy (90, 30, 0), disclosure (+7d, 2026-12-24, 30d from receipt, policy), exploited (yes, no), \
tags (a,b or +a or -b), unread (yes, no). 'none' empties a field.\n\n\
Example: ninety set SEC-2026-0042 priority=P1 assignee=me state=triaged";

/// A console for the people who answer security@.
///
/// Without a command it opens the console on the queue.
#[derive(Debug, Parser)]
#[command(name = "ninety", version, max_term_width = 100)]
#[command(after_help = "Exit codes: 0 all done; 1 something failed or was refused, the rest was done; \
    2 not understood; 3 the store could not be made or opened.")]
pub struct Cli {
    #[command(flatten)]
    pub(super) seat: Seat,

    /// Print JSON for programs
    #[arg(long, global = true)]
    pub(super) json: bool,

    #[command(subcommand)]
    pub(super) command: Option<Command>,
}

/// Which store, and who sits in front of it.
#[derive(Debug, Args)]
pub(super) struct Seat {
    /// Directory of the store
    #[arg(long, value_name = "DIR", env = "NINETY_STORE", global = true)]
    pub(super) store: Option<PathBuf>,

    /// File whose first line is the store's passphrase
    #[arg(long, value_name = "FILE", env = "NINETY_PASSPHRASE_FILE", global = true)]
    pub(super) passphrase_file: Option<PathBuf>,

    /// Who acts, instead of the login name
    #[arg(long = "as", value_name = "NAME", global = true)]
    pub(super) actor: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Make a store
    Init(Init),
    /// Take in mail: .eml, mbox, Maildir, directories of these, or - for standard input
    Import(Import),
    /// List cases, due first
    List {
        /// Words and field:value terms, such as: state:new prio:0 assignee:me "use after free"
        #[arg(allow_hyphen_values = true)]
        query: Vec<String>,
    },
    /// Show a case with its messages and timeline
    Show {
        /// Identifier, such as SEC-2026-0042
        case: String,
    },
    /// Change cases: one or more identifiers, then field=value
    #[command(after_help = FIELDS_HELP)]
    Set {
        /// CASE... FIELD=VALUE...
        #[arg(required = true, value_name = "CASE|FIELD=VALUE", allow_hyphen_values = true)]
        words: Vec<String>,
    },
    /// Add a note to a case
    Note {
        /// Identifier, such as SEC-2026-0042
        case: String,
        /// The note, or - to read it from standard input
        #[arg(allow_hyphen_values = true)]
        text: String,
    },
    /// Take back your latest change
    Undo,
    /// Make the change again that you took back last
    Redo,
    /// OpenPGP keys of the team and of others
    #[command(subcommand)]
    Key(KeyCommand),
    /// Try ninety on a throw-away store with made-up reports
    Demo,
    /// Check the installation: versions, store, permissions, terminal, keys
    Doctor,
    /// Print the completion script of a shell
    Completions {
        /// Which shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page
    Man,
}

#[derive(Debug, Args)]
pub(super) struct Init {
    /// Address that reports come to
    #[arg(long, value_name = "ADDRESS")]
    pub(super) address: Option<String>,

    /// The team, as reporters know it
    #[arg(long, value_name = "NAME")]
    pub(super) name: Option<String>,

    /// What identifiers begin with
    #[arg(long, value_name = "PREFIX", default_value = "SEC")]
    pub(super) prefix: String,

    /// The team's secret OpenPGP key
    #[arg(long, value_name = "FILE")]
    pub(super) import_key: Option<PathBuf>,

    /// File whose first line is that key's passphrase
    #[arg(long, value_name = "FILE")]
    pub(super) key_passphrase_file: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct Import {
    /// Files and directories, or - for standard input
    #[arg(required = true, value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(super) enum KeyCommand {
    /// Take in keys: a secret key becomes a team key, a certificate a known one
    Import(KeyImport),
    /// List the team's keys and the known certificates
    List,
}

#[derive(Debug, Args)]
pub(super) struct KeyImport {
    /// Key files, armored or binary
    #[arg(required = true, value_name = "FILE")]
    pub(super) files: Vec<PathBuf>,

    /// File whose first line is the passphrase of the secret keys in them
    #[arg(long, value_name = "FILE")]
    pub(super) key_passphrase_file: Option<PathBuf>,
}
