//! Shell completions and the manual page, made from the command line itself.

use std::process::ExitCode;

use clap::CommandFactory as _;
use clap_complete::Shell;

use super::{Cli, Complaint, Output, Result};
use crate::console;

/// Prints the completion script of `shell`.
pub(super) fn completions(shell: Shell, output: &mut Output) -> Result<ExitCode> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "ninety", &mut script);
    output.bytes(&script)?;
    Ok(ExitCode::SUCCESS)
}

/// Prints the manual page: the program, then each of its commands.
pub(super) fn man(output: &mut Output) -> Result<ExitCode> {
    let failed = |error: std::io::Error| Complaint::failed(format!("manual page: {error}"));
    let mut page = Vec::new();
    let mut command = Cli::command();
    command.build();
    let man = clap_mangen::Man::new(command.clone());
    man.render(&mut page).map_err(failed)?;
    for subcommand in command.get_subcommands().filter(|subcommand| subcommand.get_name() != "help") {
        let man = clap_mangen::Man::new(subcommand.clone());
        let heading = format!(".SH \"NINETY {}\"\n", subcommand.get_name().to_uppercase());
        page.extend(heading.bytes());
        man.render_description_section(&mut page).map_err(failed)?;
        man.render_synopsis_section(&mut page).map_err(failed)?;
        man.render_options_section(&mut page).map_err(failed)?;
    }
    page.extend(keys().bytes());
    output.bytes(&page)?;
    Ok(ExitCode::SUCCESS)
}

/// The keys of the console as a section of the manual page.
fn keys() -> String {
    let mut section = ".SH KEYS OF THE CONSOLE\n".to_owned();
    let mut group = "";
    for entry in console::reference() {
        if entry.group != group {
            group = entry.group;
            section.push_str(&format!(".SS {group}\n"));
        }
        section.push_str(&format!(".TP\n\\fB{}\\fR\n{}\n", roff(&entry.keys), roff(entry.does)));
    }
    section.push_str(
        ".PP\nA count goes before a movement and begins with 5 to 9, because 0 to 4 set the priority.\n",
    );
    section
}

/// Text that troff takes as text: backslashes and hyphens are its own.
fn roff(text: &str) -> String {
    text.replace('\\', "\\e").replace('-', "\\-")
}
