//! The command line of the process: clocks, lanes, views, duties, shifts.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::cli::args::moments;

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum ProcessCommand {
    /// Show every clock of a case: when it started, when it is due, how it stands, and why
    Clocks {
        /// Identifier, such as SEC-2026-0042
        case: String,
    },
    /// Show why a case stands where it stands in the queue
    Explain {
        /// Identifier, such as SEC-2026-0042
        case: String,
    },
    /// Hand cases to a lane, or take, finish or drop what a lane was asked
    Hand(Hand),
    /// Let only the people named see cases, or everybody again
    Restrict(Restrict),
    /// List the saved views, or the cases of one
    View {
        /// Name of the view, in any spelling: mine, due-this-week
        name: Vec<String>,
    },
    /// Print what became due or will soon, each stage of a clock once for you
    #[command(after_help = REMIND_HELP)]
    Remind(Remind),
    /// Show who is on call now and next, and the hand-over that waits
    Rota {
        #[command(subcommand)]
        command: Option<RotaCommand>,
    },
    /// Set the instants that start the clocks of the law
    #[command(after_help = moments())]
    Aware(Aware),
    /// Record that a report was filed with the authority
    #[command(after_help = moments())]
    File(File),
    /// Print the text of a report to an authority, ready to be pasted
    Draft(Draft),
}

#[derive(Debug, Args)]
pub(in crate::cli) struct Hand {
    /// CASE... LANE: triage, development, QA, management, PR or support
    #[arg(required = true, num_args = 2.., value_name = "CASE... LANE")]
    pub(super) words: Vec<String>,

    /// Who is asked; otherwise whom the configuration names for the product
    #[arg(long, value_name = "NAME", conflicts_with_all = ["accept", "done", "drop"])]
    pub(super) to: Option<String>,

    /// What is asked, or with --done what came of it
    #[arg(long, value_name = "WORDS", conflicts_with_all = ["accept", "drop"])]
    pub(super) note: Option<String>,

    /// You take what the lane was asked
    #[arg(long, conflicts_with_all = ["done", "drop"])]
    pub(super) accept: bool,

    /// The lane has done its part
    #[arg(long, conflicts_with = "drop")]
    pub(super) done: bool,

    /// The lane is not needed after all
    #[arg(long)]
    pub(super) drop: bool,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct Restrict {
    /// Identifiers, such as SEC-2026-0042
    #[arg(required = true, value_name = "CASE")]
    pub(super) cases: Vec<String>,

    /// Who may see them, you among them: ann,ben or me,ben
    #[arg(
        long,
        value_name = "NAMES",
        value_delimiter = ',',
        required_unless_present = "open",
        conflicts_with = "open"
    )]
    pub(super) to: Option<Vec<String>>,

    /// Everybody may see them
    #[arg(long)]
    pub(super) open: bool,
}

/// What `remind --help` says after the options.
const REMIND_HELP: &str = "For cron or a timer. A line tells of a case and a stage: soon, due, overdue by a day, \
three days, a week, two weeks, a month. What was told once is never told to you again; a clock that moves counts \
anew. Cases that are restricted to others are left out.\n\n\
PROGRAM is run once a line, never through a shell, with the arguments CASE STAGE CLOCK DUE, and the JSON of the \
line in one line on its standard input. One that has not ended after --patience is killed, with what it started. Where it \
fails, the line comes again the next time. Two at once on a store tell one after the other.\n\n\
Exit codes: 0 nothing new; 1 something new, and told; 2 not understood; 3 the store could not be opened; \
4 something could not be told.\n\n\
Example: ninety remind --within 48h --exec /usr/local/bin/tell-the-team";

#[derive(Debug, Args)]
pub(in crate::cli) struct Remind {
    /// How long before it is due a clock counts as soon, such as 24h or 2d
    #[arg(long, value_name = "TIME", default_value = "24h")]
    pub(super) within: String,

    /// Program that is handed each line instead of standard output
    #[arg(long, value_name = "PROGRAM")]
    pub(super) exec: Option<PathBuf>,

    /// How long PROGRAM may take for a line, or another 'remind' for its work, such as 30s or 2m
    #[arg(long, value_name = "TIME", default_value = "30s")]
    pub(super) patience: String,
}

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum RotaCommand {
    /// Hand your shift over: a list of what is open and red, to be accepted
    Hand {
        /// Who takes over; otherwise the next person of the rota
        #[arg(long, value_name = "NAME")]
        to: Option<String>,
        /// What they should know
        #[arg(long, value_name = "WORDS", default_value = "")]
        note: String,
    },
    /// Accept the hand-over that waits for you
    Accept,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct Aware {
    /// Identifier, such as SEC-2026-0042
    pub(super) case: String,

    /// Which duty: cra, cra-incident or nis2
    #[arg(long, value_name = "REGIME")]
    pub(super) regime: Option<String>,

    /// When the first sign was seen; starts no clock
    #[arg(long, value_name = "T")]
    pub(super) first_signal: Option<String>,

    /// From when on you count as aware; now, where nothing else is said
    #[arg(long, value_name = "T")]
    pub(super) at: Option<String>,

    /// When users could first apply a corrective or mitigating measure (cra)
    #[arg(long, value_name = "T")]
    pub(super) measure: Option<String>,

    /// When the incident was handled (nis2)
    #[arg(long, value_name = "T")]
    pub(super) handled: Option<String>,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct File {
    /// Identifier, such as SEC-2026-0042
    pub(super) case: String,

    /// Which report: early-warning, notification, progress-report or final-report
    pub(super) step: String,

    /// Under which duty: cra, cra-incident or nis2
    #[arg(long, value_name = "REGIME")]
    pub(super) regime: Option<String>,

    /// When it was submitted
    #[arg(long, value_name = "T", default_value = "now")]
    pub(super) at: String,

    /// The number that the authority gave it
    #[arg(long, value_name = "WORDS", default_value = "")]
    pub(super) reference: String,

    /// It corrects one of the same step that was filed before; the first counts
    #[arg(long)]
    pub(super) again: bool,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct Draft {
    /// Identifier, such as SEC-2026-0042
    pub(super) case: String,

    /// Which report: early-warning, notification, progress-report or final-report
    pub(super) step: String,

    /// Under which duty: cra, cra-incident or nis2
    #[arg(long, value_name = "REGIME")]
    pub(super) regime: Option<String>,
}
