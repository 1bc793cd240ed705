//! `cargo guards test`: one session for a whole run of the engine, and a summary of what was used.

use std::ffi::OsString;
use std::process::Command;

use resource_guards::tool::{self, SharedSession};

use crate::archive::Archive;
use crate::engine::{self, Choice, Engine, Passed};
use crate::flags::BuildFlags;
use crate::report::Report;
use crate::runner::Plan;
use crate::runs::Run;
use crate::selection::Selection;
use crate::supervise::{Ended, supervise};
use crate::talk::Talk;
use crate::{Error, Result, build, chain, exit, output, summary};

/// So many bytes an argument may have on Linux.
const ARGUMENT: usize = 128 << 10;

/// Options of `cargo guards test`.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Only tests for which this holds: `docker and not (http or tmux)`
    #[arg(short = 'm', long = "select", value_name = "EXPR")]
    select: Option<String>,
    /// Print the selection as an expression of nextest, and run nothing
    #[arg(long)]
    print_filterset: bool,
    /// Keep the records of this run when newer runs push older ones out of target/guards
    #[arg(long)]
    keep: bool,
    /// What runs the tests
    #[arg(long, value_enum, default_value_t)]
    engine: Choice,
    /// Run all tests, also after one has failed
    #[arg(long)]
    no_fail_fast: bool,
    /// A shard of the tests, as nextest takes it: `count:1/2`, `hash:1/2`
    #[arg(long, value_name = "SHARD")]
    partition: Option<String>,
    #[command(flatten)]
    archive: Archive,
    #[command(flatten)]
    flags: BuildFlags,
    /// Arguments of the engine; a second `--` begins those of the test binaries
    #[arg(last = true, value_name = "ENGINE ARGS")]
    passed: Vec<OsString>,
}

/// Runs tests and says what they used.
pub(crate) fn run(options: &Options, talk: &Talk) -> Result<u8> {
    if std::env::var_os(tool::SCOPE).is_some() {
        return Err(Error::Usage(format!(
            "this runs inside of a guarded test, whose guards would judge the tests in place of their own; unset {}",
            tool::SCOPE
        )));
    }
    let engine = Engine::choose(options.engine)?;
    if options.partition.is_some() && engine == Engine::CargoTest {
        return Err(Error::Usage("`cargo test` has no --partition; install nextest (https://nexte.st)".to_owned()));
    }
    options.archive.check(engine, options.select.is_some() || options.print_filterset)?;
    if options.archive.is_given() {
        return archived(options, engine, talk);
    }
    let workspace = build::workspace(&options.flags)?;
    let selection = match (&options.select, options.print_filterset) {
        (None, false) => None,
        (text, _) => Some(Selection::make(text.as_deref(), &options.flags, &workspace, talk)?),
    };
    if let Some(selection) = &selection {
        if options.print_filterset {
            let expression = selection.filterset().expression();
            output::print(&format!("{expression}\n"))?;
            if expression.len() >= ARGUMENT {
                talk.note("the expression is longer than an argument may be on Linux; narrow it with -p");
            }
        }
        if selection.len() == 0 {
            talk.error(match &options.select {
                Some(text) => format!("no test matches `{text}`"),
                None => "there are no tests".to_owned(),
            });
            return Ok(exit::NOTHING_MATCHED);
        }
        if options.print_filterset {
            return Ok(exit::SUCCESS);
        }
    }
    let session = SharedSession::create().map_err(Error::Session)?;
    let target = build::target_directory(&options.flags, &workspace);
    let mark = session.dir().join("selected");
    let mut command = engine_command(options, engine, selection.as_ref(), &session, talk)?;
    let run = Run::begin(&target, engine.name(), options.select.as_deref(), options.keep)?;
    command.env(tool::SESSION, session.dir()).env(tool::RUN, run.records_dir()).env_remove(tool::MANIFEST);

    let ended = supervise(command)?;
    let by_runner = selection.is_some() && engine == Engine::CargoTest;
    if by_runner && ended.code == 0 && !mark.exists() {
        return Err(Error::NotSelected);
    }
    drop(session);
    conclude(run, ended, talk)
}

/// The same for tests that were built elsewhere: there is nothing to build, and nothing to ask.
fn archived(options: &Options, engine: Engine, talk: &Talk) -> Result<u8> {
    let session = SharedSession::create().map_err(Error::Session)?;
    let run = Run::begin(&options.archive.target_directory(&options.flags), engine.name(), None, options.keep)?;
    let mut command = engine_command(options, engine, None, &session, talk)?;
    command.env(tool::SESSION, session.dir()).env(tool::RUN, run.records_dir()).env_remove(tool::MANIFEST);
    let ended = supervise(command)?;
    drop(session);
    conclude(run, ended, talk)
}

/// Says what the tests used, notes how the run ended, and gives the exit code.
fn conclude(mut run: Run, ended: Ended, talk: &Talk) -> Result<u8> {
    let (records, unread) = run.records()?;
    run.header.complete = !ended.interrupted;
    let told = summary::tell(&Report::of(&run.header, records, unread), talk);
    let observed = std::env::var_os(tool::MODE).is_some_and(|mode| mode == "observe");
    let code = if ended.code == 0 && told.violated && !observed { exit::VIOLATIONS } else { ended.code };
    run.end(code)?;
    Ok(code)
}

/// The engine, with the selection in its own terms.
fn engine_command(
    options: &Options,
    engine: Engine,
    selection: Option<&Selection>,
    session: &SharedSession,
    talk: &Talk,
) -> Result<Command> {
    let mut command = options.archive.command(&options.flags).unwrap_or_else(|| engine.command(&options.flags));
    command.args(talk.color.flags()).args(options.no_fail_fast.then_some("--no-fail-fast"));
    command.args(options.partition.iter().flat_map(|shard| ["--partition", shard]));
    let passed = Passed::parse(&options.passed, engine);
    match (selection, engine) {
        (Some(selection), Engine::Nextest) => {
            command.args(selection.filterset().arguments(&passed.filtersets));
        }
        (None, Engine::Nextest) => {
            command.args(passed.filtersets.iter().flat_map(|users| ["-E", users]));
        }
        (Some(selection), Engine::CargoTest) => {
            let triple = engine::triple(&options.flags)?;
            let plan = Plan {
                chain: chain::users_runner(&triple, &options.flags)?,
                mark: session.dir().join("selected"),
                binaries: selection.for_runner(),
            };
            command.arg("--config").arg(plan.install(&session.dir().join("selection.json"), &triple)?);
            // Documentation tests declare nothing and are not listed; nextest does not run them either.
            command.args((!options.flags.names_targets()).then_some("--tests"));
        }
        (None, Engine::CargoTest) => {}
    }
    command.args(passed.engine);
    if let Some(tests) = passed.tests {
        command.arg("--").args(tests);
    }
    Ok(command)
}
