//! `cargo guards completions SHELL`: scripts that complete the command line.

use clap_complete::{Shell, generate};

use crate::output::print;
use crate::{Result, cli, exit};

/// The name of the program, which scripts complete.
const PROGRAM: &str = "cargo-guards";

/// The same without a hyphen, which clap_complete 4.6 writes in two ways into its script for bash.
const IN_BASH: &str = "cargo_guards";

/// What bash needs beside: cargo's own completion has the first word, and ours what follows `guards`.
const BASH: &str = include_str!("completions.bash");

/// Options of `cargo guards completions`.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// The shell
    shell: Shell,
}

/// Prints the script.
pub(crate) fn run(options: &Options) -> Result<u8> {
    let name = if options.shell == Shell::Bash { IN_BASH } else { PROGRAM };
    let mut script = Vec::new();
    generate(options.shell, &mut cli::command(name), name, &mut script);
    let mut script = String::from_utf8_lossy(&script).into_owned();
    if options.shell == Shell::Bash {
        script = script.replace(&format!(" {IN_BASH}\n"), &format!(" {PROGRAM}\n")) + BASH;
    }
    print(&script)?;
    Ok(exit::SUCCESS)
}
