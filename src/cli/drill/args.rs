//! The command line of fire drills.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// What `drill --help` says after the commands.
pub(in crate::cli) const DRILL_HELP: &str = "A scenario is a name of the list, or a file: \
'ninety drill new FILE' writes one to begin with. Scenarios in the directory drills beside your own \
configuration (on Linux ~/.config/ninety/drills) stand in the list as well.\n\n\
A drill has a store of its own, which goes when it ends. Nothing of it reaches yours, but its score if you say --keep.\n\n\
Example: ninety drill run first-steps";

/// What `drill run --help` says after the options.
const RUN_HELP: &str = "A script has a line for each moment: when, a colon, keys.\n  \
  10m: j Enter                 ten minutes after the start; keys as in 'ninety man'\n  \
  +5m: n \"asked ben\" Enter     five minutes after the line before; \"...\" is typed\n  \
  @report +1h: r \"Thanks.\" y   an hour after the inject 'report'; where an editor opens,\n                               \
                               the text is what is written in it\n  \
  @report +2h: $ note {report} \"filed\"    a command of ninety; {report} is the case of that inject\n\n\
Example: ninety drill run exploited-holiday --seed 7 --script keys.txt --json";

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum DrillCommand {
    /// List the drills: what each teaches, how long it takes, how you did last
    List,
    /// Play a drill
    Run(Box<Run>),
    /// Take part in a drill that somebody else runs with --team
    Join {
        /// Directory of its store
        #[arg(value_name = "DIR")]
        directory: PathBuf,
        /// The role that you take, as the scenario names it
        #[arg(long, value_name = "NAME")]
        role: Option<String>,
    },
    /// Write the after-action report of a drill that runs or has ended
    Report {
        /// Directory of its store
        #[arg(value_name = "DIR")]
        directory: PathBuf,
        /// File to write, .md, .json or .html, which must not exist; without it, Markdown on standard output
        #[arg(long, short, value_name = "FILE")]
        output: Vec<PathBuf>,
    },
    /// Find every mistake in a scenario, with its line and the mend
    Check {
        /// The scenario
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
    },
    /// Write a scenario to begin with, with a comment on every setting
    New {
        /// File to write, which must not exist; its name is that of the scenario
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// Show the drills that were kept, how people do, and what to practise next
    History,
}

#[derive(Debug, Args)]
#[command(after_help = RUN_HELP)]
pub(in crate::cli) struct Run {
    /// Name of the list, or a file
    #[arg(value_name = "SCENARIO")]
    pub(super) scenario: String,

    /// What chance decides: the same seed gives the same drill
    #[arg(long, value_name = "N")]
    pub(super) seed: Option<u64>,

    /// Real time that one day of the drill takes, such as 10s or 40m
    #[arg(long, value_name = "TIME")]
    pub(super) day: Option<String>,

    /// Without hints, and the clock does not wait
    #[arg(long, conflicts_with_all = ["team", "script"])]
    pub(super) exam: bool,

    /// For several people: the store lies in this directory, which others join, and stays
    #[arg(long, value_name = "DIR", conflicts_with = "script")]
    pub(super) team: Option<PathBuf>,

    /// Keys with their times, instead of a person
    #[arg(long, value_name = "FILE")]
    pub(super) script: Option<PathBuf>,

    /// Report to write at the end, .md, .json or .html, which must not exist; may be given several times
    #[arg(long, value_name = "FILE")]
    pub(super) report: Vec<PathBuf>,

    /// Keep the score in your own store
    #[arg(long)]
    pub(super) keep: bool,
}
