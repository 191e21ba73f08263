//! The command line of fire drills.

use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum DrillCommand {
    /// Show the drills that were kept, how people do, and what to practise next
    History,
}
