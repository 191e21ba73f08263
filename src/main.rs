//! Parses the command line, runs one command or the console, and prints a
//! complaint with its mend.

use std::process::ExitCode;

fn main() -> ExitCode {
    ninety::cli::main()
}
