//! `cargo xtask test | demo | bench | truth`: what developers and CI of this workspace run.

mod bench;
mod demo;
mod error;
mod machine;
mod run;
mod test;
#[cfg(test)]
mod tidy;
mod truth;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use error::{Error, Result};

/// The tasks of this workspace.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Runs all tests of the workspace under `cargo test` (doctests too) and under nextest.
    Test,
    /// Shows the guards at work on git, tmux, tar, Docker and HTTP, with one deliberate mistake of each kind.
    Demo,
    /// Measures what guards cost, beside the Python library that they are modelled on.
    Bench(bench::Options),
    /// Compares `cargo guards audit` with strace on public crates, in the same run.
    Truth(truth::Options),
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let done = match arguments.task {
        Task::Test => test::run(),
        Task::Demo => demo::run(),
        Task::Bench(options) => bench::run(&options),
        Task::Truth(options) => truth::run(&options),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {}", error.with_causes());
            ExitCode::FAILURE
        }
    }
}
