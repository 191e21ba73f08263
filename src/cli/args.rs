//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use super::drill::{DRILL_HELP, DrillCommand};
use super::process::ProcessCommand;
use crate::triage::date::MOMENTS;

/// What `set --help` says about fields.
const FIELDS_HELP: &str = "Fields ('none' empties one):
  title, product, component, assignee (a name, me), tags (a,b or +a or -b), unread (yes, no)
  state (new, acknowledged, triaged, in progress, fix ready, released, disclosed, closed)
  resolution, with state=closed (fixed, duplicate, not a vulnerability, not reproducible,
      won't fix, out of scope, spam)
  priority (P0 to P4), reason (why it is that one)
  found_in, kind (bug, design flaw), cwe (CWE-79), affected, fixed_in, workaround
  cvss (a vector of 3.0, 3.1 or 4.0)
  ssvc: exploitation, automatable, value density, technical impact, public safety impact in
      this order, such as active,yes,diffuse,total,minimal; or name=value,... for some of them
  policy (a name, 90, 30, 0), disclosure (+7d, 2026-12-24, 30d from receipt, policy)
  demand (take or drop the date that a mail asks for), exploited (yes, no), noise (yes, no)
  waiting (what the reporter is to send; no when it came)
  variants (done:WHAT WAS FOUND, waived:WHY)
  vulnerable_since, rolled_out, advisory (now, 3d ago, 2026-12-24, 2026-12-24 17:00)

Example: ninety set SEC-2026-0042 priority=P1 assignee=me state=triaged";

/// What `ssvc --help` says after the options.
const SSVC_HELP: &str = "Outcomes: defer, scheduled, out-of-cycle, immediate. The table is CERT/CC's \
'Supplier Patch Development Priority' 1.0.0, and its row is printed with the outcome.\n\n\
Example: ninety ssvc --exploitation active --automatable yes --value-density diffuse \
--technical-impact total --public-safety-impact minimal";

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

    /// Nothing is said about the store on standard error.
    #[arg(skip)]
    pub(super) is_quiet: bool,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Make a store
    Init(Init),
    /// Take in mail: .eml, mbox, Maildir, directories of these, or - for standard input
    Import(Import),
    /// List the cases that a query asks for, due first
    #[command(after_help = crate::triage::query::help())]
    List {
        /// Words and field:value terms, described below; without any, the open cases
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
    /// Answer the reporter: signed and encrypted, kept in the case, written as .eml
    Reply(Reply),
    /// Write a message as it came or as it is to be sent: to a file, or to standard output
    Raw {
        /// Identifier, such as SEC-2026-0042
        case: String,
        /// Number of the message, as 'show' has it
        message: i64,
        /// File to write, which must not exist
        #[arg(long, short, value_name = "FILE")]
        output: Option<PathBuf>,
    },
    /// Write an attachment of a message as it was before it was sent, decrypted
    Attachment {
        /// Identifier, such as SEC-2026-0042
        case: String,
        /// Number of the message, as 'show' has it
        message: i64,
        /// Number of the attachment; without it they are listed
        number: Option<usize>,
        /// File to write, which must not exist, or - for standard output
        #[arg(long, short, value_name = "FILE", requires = "number")]
        output: Option<PathBuf>,
    },
    /// Merge duplicates into the oldest of the cases; 'undo' or 'split' takes it back
    Merge {
        /// Identifiers, two at least
        #[arg(required = true, value_name = "CASE")]
        cases: Vec<String>,
    },
    /// Take a duplicate out of the case that holds it, or messages into a case of their own
    Split {
        /// Identifier of the duplicate, or of the case that the messages are in
        case: String,
        /// Numbers of the messages that do not belong to it, as 'show' has them
        #[arg(value_name = "MESSAGE")]
        messages: Vec<i64>,
    },
    /// Show the cases that are most like one, and what they have in common
    Similar {
        /// Identifier, such as SEC-2026-0042
        case: String,
    },
    /// Show where bugs cluster: components and weakness classes by count and age
    Hotspots,
    /// Take back your latest change
    Undo,
    /// Make the change again that you took back last
    Redo,
    /// OpenPGP keys of the team and of others
    #[command(subcommand)]
    Key(KeyCommand),
    /// SSVC: when to develop a patch, from the supplier's tree
    #[command(after_help = SSVC_HELP)]
    Ssvc(Ssvc),
    /// CVSS: the score of a vector
    Cvss {
        /// Vector of version 3.0, 3.1 or 4.0, such as CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H
        #[arg(allow_hyphen_values = true)]
        vector: String,
    },
    /// Disclosure policies, ninety's and those of the configuration
    #[command(subcommand)]
    Policy(PolicyCommand),
    /// Compute when the details of a report become public, and why then
    Deadline(Deadline),
    /// Figures over a time: received, prioritised, fixed, clocks, backlog, causes
    #[command(after_help = stats_help())]
    Stats(Stats),
    #[command(flatten)]
    Process(ProcessCommand),
    /// Fire drills: practise an incident on a throw-away store; without a command they are listed
    #[command(after_help = DRILL_HELP)]
    Drill {
        #[command(subcommand)]
        command: Option<DrillCommand>,
    },
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
    List(KeyList),
    /// Show a key in full: user IDs, parts, strength, where it came from, who verified it
    Show {
        /// Fingerprint, key ID, address or name
        key: String,
    },
    /// Write a certificate, or with --secret a key of the team
    Export(KeyExport),
    /// Note that you compared a fingerprint with its holder over another way
    Verify(KeyVerify),
    /// No longer sign with a key or encrypt to it; old mail still opens
    Retire {
        /// Fingerprint, key ID, address or name
        key: String,
        /// Why, for the record
        #[arg(long, value_name = "WORDS", default_value = "")]
        why: String,
    },
    /// Open what waits for a locked key of the team, or for one in the GnuPG agent
    Unlock {
        /// File whose first line is the key's passphrase
        #[arg(long, value_name = "FILE")]
        key_passphrase_file: Option<PathBuf>,
    },
    /// Make a key for the team, with its revocation certificate
    New(KeyNew),
    /// Move the end of a team key
    Extend(KeyTerm),
    /// Give a team key new parts to sign and encrypt with; the old ones end later
    Rotate {
        #[command(flatten)]
        term: KeyTerm,
        /// How long the old parts go on, such as 30d
        #[arg(long, value_name = "TIME", default_value = "30d")]
        overlap: String,
    },
    /// End a team key for good; old mail still opens
    Revoke(KeyRevoke),
    /// Take certificates in from the directory that OpenPGP programs share on this machine
    Collect {
        /// Address or fingerprint
        query: String,
    },
    /// Ask the web key directory of an address; shows what is asked first
    Fetch {
        /// Whose certificate
        address: String,
        /// Ask without asking you
        #[arg(long)]
        yes: bool,
    },
    /// Write the team's web key directory, to be copied to the web server
    Publish {
        /// Directory to write into; made where it is missing
        directory: PathBuf,
    },
}

#[derive(Debug, Args)]
pub(super) struct KeyImport {
    /// Key files, armored or binary; files of age identities
    #[arg(required = true, value_name = "FILE")]
    pub(super) files: Vec<PathBuf>,

    /// File whose first line is the passphrase of the secret keys in them. Without it a locked key stays locked
    #[arg(long, value_name = "FILE")]
    pub(super) key_passphrase_file: Option<PathBuf>,

    /// The certificates are the team's, and the GnuPG agent (or a card) has the secret part
    #[arg(long, conflicts_with = "key_passphrase_file")]
    pub(super) agent: bool,
}

#[derive(Debug, Args)]
pub(super) struct KeyList {
    /// Address, name or fingerprint, whole or in part
    pub(super) query: Vec<String>,

    /// Only those that end within this time, such as 90d
    #[arg(long, value_name = "TIME")]
    pub(super) expiring: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct KeyExport {
    /// Fingerprint, key ID, address or name
    pub(super) key: String,

    /// With its secret part, locked by a passphrase
    #[arg(long)]
    pub(super) secret: bool,

    /// Its revocation certificate, to be kept apart from the key
    #[arg(long, conflicts_with = "secret")]
    pub(super) revocation: bool,

    /// The whole fingerprint once more, instead of being asked
    #[arg(long, value_name = "FINGERPRINT", requires = "secret")]
    pub(super) confirm: Option<String>,

    /// File whose first line is the passphrase that locks the secret part
    #[arg(long, value_name = "FILE", requires = "secret")]
    pub(super) key_passphrase_file: Option<PathBuf>,

    /// File to write, which must not exist; without it standard output
    #[arg(long, short, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct KeyVerify {
    /// Fingerprint, key ID, address or name
    pub(super) key: String,

    /// How you compared it, such as "read out on the phone"
    #[arg(long, value_name = "WORDS")]
    pub(super) how: Option<String>,

    /// Only for this one of its addresses
    #[arg(long, value_name = "ADDRESS")]
    pub(super) address: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct KeyNew {
    /// cv25519 (everybody reads it), rsa4096 (even the oldest), v6 and pqc (GnuPG does not)
    #[arg(long, value_name = "KIND", default_value = "cv25519")]
    pub(super) kind: String,

    /// How long it is valid, such as 2y
    #[arg(long, value_name = "TIME", default_value = "2y")]
    pub(super) valid: String,

    /// Name in it, instead of the team's
    #[arg(long)]
    pub(super) name: Option<String>,

    /// Address in it, instead of the team's
    #[arg(long)]
    pub(super) address: Option<String>,

    /// An age identity instead of an OpenPGP key
    #[arg(long, conflicts_with_all = ["kind", "valid", "name", "address"])]
    pub(super) age: bool,
}

#[derive(Debug, Args)]
pub(super) struct KeyTerm {
    /// Fingerprint, key ID, address or name
    pub(super) key: String,

    /// How long it is valid from now on, such as 2y
    #[arg(long, value_name = "TIME", default_value = "2y")]
    pub(super) valid: String,

    /// File whose first line is the key's passphrase, where it is locked
    #[arg(long, value_name = "FILE")]
    pub(super) key_passphrase_file: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct KeyRevoke {
    /// Fingerprint, key ID, address or name
    pub(super) key: String,

    /// superseded, compromised or retired
    #[arg(long, value_name = "WORD")]
    pub(super) reason: String,

    /// What the world is told
    #[arg(long, value_name = "WORDS", default_value = "")]
    pub(super) words: String,

    /// The whole fingerprint once more, instead of being asked
    #[arg(long, value_name = "FINGERPRINT")]
    pub(super) confirm: Option<String>,

    /// File whose first line is the key's passphrase, where it is locked
    #[arg(long, value_name = "FILE")]
    pub(super) key_passphrase_file: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct Reply {
    /// Identifier, such as SEC-2026-0042
    pub(super) case: String,

    /// Which of its reporters, where a duplicate was merged into it; without it the first
    #[arg(long, value_name = "ADDRESS")]
    pub(super) to: Option<String>,

    /// Begin with this text: acknowledge, question, accepted, fixed, declined, or one of your own
    #[arg(long, short, value_name = "NAME")]
    pub(super) template: Option<String>,

    /// The answer itself, or - for standard input; without it $EDITOR opens
    #[arg(long, value_name = "FILE")]
    pub(super) text: Option<PathBuf>,

    /// Subject that the reader sees
    #[arg(long)]
    pub(super) subject: Option<String>,

    /// Do not quote the reporter's mail
    #[arg(long)]
    pub(super) no_quote: bool,

    /// Certificate to encrypt to: fingerprint or key ID
    #[arg(long, value_name = "KEY")]
    pub(super) key: Option<String>,

    /// In the clear, where the report came in the clear
    #[arg(long, conflicts_with = "key")]
    pub(super) plaintext: bool,

    /// Only ask the reporter for a certificate, in the clear, and say nothing else
    #[arg(long, conflicts_with_all = ["key", "template", "text", "subject", "attach"])]
    pub(super) ask_for_key: bool,

    /// Team key that signs: fingerprint, key ID, address or name
    #[arg(long, value_name = "KEY")]
    pub(super) sign_with: Option<String>,

    /// File to go with it; may be given several times
    #[arg(long, value_name = "FILE")]
    pub(super) attach: Vec<PathBuf>,

    /// Our certificate goes with it; by itself only with the first answer
    #[arg(long)]
    pub(super) attach_key: bool,

    /// File whose first line is the passphrase of the key that signs
    #[arg(long, value_name = "FILE")]
    pub(super) key_passphrase_file: Option<PathBuf>,

    /// Message file to write (.eml), which must not exist, or - for standard output
    #[arg(long, short, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct Ssvc {
    /// What is known of attacks: none, public poc or active
    #[arg(long, value_name = "WORD")]
    pub(super) exploitation: Option<String>,

    /// Whether attacks can be automated from finding to exploiting: no or yes
    #[arg(long, value_name = "WORD")]
    pub(super) automatable: Option<String>,

    /// What an attacker gains with one system, little or much: diffuse or concentrated
    #[arg(long, value_name = "WORD")]
    pub(super) value_density: Option<String>,

    /// laborious, efficient or super effective, instead of the two before
    #[arg(long, value_name = "WORD", conflicts_with_all = ["automatable", "value_density"])]
    pub(super) utility: Option<String>,

    /// How much control an attack gives: partial or total
    #[arg(long, value_name = "WORD")]
    pub(super) technical_impact: Option<String>,

    /// Harm to people: minimal or significant, or negligible, marginal, critical, catastrophic
    #[arg(long, value_name = "WORD")]
    pub(super) public_safety_impact: Option<String>,

    /// Selection list (JSON) with the answers that are not given here, or - for standard input
    #[arg(long, value_name = "FILE")]
    pub(super) selections: Option<PathBuf>,

    /// What it is about, for the selection list: a CVE or a case; may be given several times
    #[arg(long, value_name = "ID")]
    pub(super) target: Vec<String>,
}

#[derive(Debug, Subcommand)]
pub(super) enum PolicyCommand {
    /// List the policies with their days
    List,
    /// Show a policy in full
    Show {
        /// Name in any spelling, or days: default, project-zero, 90, 30, 0
        name: String,
    },
}

/// What the commands that take instants say about them.
pub(super) fn moments() -> String {
    format!("T is an instant: {MOMENTS}. Dates are in your time zone; a date alone is its first instant.")
}

/// What `deadline --help` says after the options.
fn deadline_help() -> String {
    let example = "ninety deadline --policy project-zero --received 2026-09-01 --fixed 2026-10-18";
    format!("{}\n\nExample: {example}", moments())
}

#[derive(Debug, Args)]
#[command(after_help = deadline_help())]
pub(super) struct Deadline {
    /// Name of the policy, as 'policy list' has them, or days: 90, 30, 0
    #[arg(long, value_name = "NAME", default_value = "default")]
    pub(super) policy: String,

    /// When the report reached you
    #[arg(long, value_name = "T")]
    pub(super) received: String,

    /// Since when it is known to be exploited
    #[arg(long, value_name = "T")]
    pub(super) exploited: Option<String>,

    /// When the fix is out, or is promised for
    #[arg(long, value_name = "T")]
    pub(super) fixed: Option<String>,

    /// When the reporter says that the details will be public
    #[arg(long, value_name = "T")]
    pub(super) demanded: Option<String>,

    /// The policy's grace was asked for and granted
    #[arg(long)]
    pub(super) grace: bool,
}

/// What `stats --help` says about times and forms.
fn stats_help() -> String {
    let instants = moments();
    format!(
        "{instants} Without them it is thirteen weeks up to now. A query chooses among all cases, closed \
        ones too: 'ninety list --help' shows what it can say. Every figure comes with its definition.\n\n\
        Example: ninety stats --since 2026-07-01 product:portal --html portal.html"
    )
}

#[derive(Debug, Args)]
pub(super) struct Stats {
    /// From this instant on
    #[arg(long, value_name = "T")]
    pub(super) since: Option<String>,

    /// Until before this instant
    #[arg(long, value_name = "T")]
    pub(super) until: Option<String>,

    /// Print every figure as a row of CSV: metric, group, week, value, unit, definition
    #[arg(long, conflicts_with = "html")]
    pub(super) csv: bool,

    /// Page with plots to write, which must not exist, or - for standard output
    #[arg(long, value_name = "FILE")]
    pub(super) html: Option<PathBuf>,

    /// Words and field:value terms; without any, all cases
    #[arg(allow_hyphen_values = true)]
    pub(super) query: Vec<String>,
}
