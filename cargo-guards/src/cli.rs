//! The command line.

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{Args as _, CommandFactory as _, FromArgMatches as _};

use crate::talk::{Color, Talk};
use crate::{Error, audit, completions, exit, fix, interrupt, list, report, runner, test, why};

/// What cargo runs for `cargo guards`.
#[derive(Debug, clap::Parser)]
#[command(name = "cargo", bin_name = "cargo", disable_help_subcommand = true)]
enum Cargo {
    /// Select, run and explain tests by the external resources that they use
    #[command(version, after_help = exit::HELP)]
    Guards(Arguments),
}

#[derive(Debug, clap::Args)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
    /// When to use colours
    #[arg(long, value_enum, default_value_t, global = true)]
    color: Color,
    /// Only errors and violations on standard error
    #[arg(short, long, global = true)]
    quiet: bool,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Run tests in one session of guards: by nextest where it is installed, else by `cargo test`
    Test(Box<test::Options>),
    /// Run the tests of any project, also without guards, and tell what each of them touches (Linux)
    Audit(Box<audit::Options>),
    /// List tests and what they declare
    List(Box<list::Options>),
    /// Show what the last run saw of a test, in order
    Why(why::Options),
    /// Write and remove declarations in the source, from what the last run saw
    Fix(Box<fix::Options>),
    /// Write the last run, or a merged report, for other programs
    Report(report::Options),
    /// Join the JSON reports of shards
    Merge(report::MergeOptions),
    /// Write a script that completes the command line, for a shell to read
    Completions(completions::Options),
}

/// The command as it is when it is called by its own name.
pub(crate) fn command(name: &'static str) -> clap::Command {
    Arguments::augment_args(clap::Command::new(name).version(env!("CARGO_PKG_VERSION")))
}

/// Runs the command line of `cargo guards`: what [`run`] does, as the exit code of a program.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    ExitCode::from(run(arguments))
}

/// Runs the command line of `cargo guards` and gives its exit code, one of [`exit`] or the engine's. `arguments` begin with
/// the name of the program; it may be followed by `guards`, as cargo does it.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> u8 {
    let mut arguments: Vec<OsString> = arguments.into_iter().collect();
    if arguments.get(1).is_some_and(|word| word == runner::COMMAND) {
        return runner::main(&arguments[2..]);
    }
    if arguments.get(1).is_none_or(|word| word != "guards") {
        arguments.insert(1.min(arguments.len()), "guards".into());
    }
    let command = Cargo::command().color(Color::asked(&arguments).of_clap());
    let parsed = command.try_get_matches_from(arguments).and_then(|matches| Cargo::from_arg_matches(&matches));
    let Cargo::Guards(arguments) = match parsed {
        Ok(parsed) => parsed,
        Err(error) => {
            let _ = error.print();
            return u8::try_from(error.exit_code()).unwrap_or(exit::USAGE);
        }
    };
    arguments.color.apply();
    let talk = Talk { quiet: arguments.quiet, color: arguments.color };
    let done = interrupt::watch().and_then(|()| match &arguments.command {
        Command::Test(options) => test::run(options, &talk),
        Command::Audit(options) => audit::run(options, &talk),
        Command::List(options) => list::run(options, &talk),
        Command::Why(options) => why::run(options, &talk),
        Command::Fix(options) => fix::run(options, &talk),
        Command::Report(options) => report::run(options, &talk),
        Command::Merge(options) => report::merge(options, &talk),
        Command::Completions(options) => completions::run(options),
    });
    done.unwrap_or_else(|error| {
        talk.error(error.with_causes());
        match error {
            Error::Build { code } => code,
            Error::Expression(_) | Error::Usage(_) | Error::Config { .. } => exit::USAGE,
            Error::Exceptions(_) => exit::VIOLATIONS,
            Error::Missing(_) => exit::MISSING,
            _ => exit::ERROR,
        }
    })
}
