//! `cargo guards test`: one session for a whole run of the engine, and a summary of what was used.

pub(crate) mod strict;
pub(crate) mod summary;

use std::ffi::OsString;
use std::process::Command;

use cargo_metadata::Metadata;
use resource_guards::tool::{self, SharedSession};

use crate::archive::Archive;
use crate::config::{Config, FILE, Policy};
use crate::engine::{self, Choice, Engine, Passed};
use crate::flags::BuildFlags;
use crate::report::Report;
use crate::runner::Plan;
use crate::runs::Run;
use crate::selection::Selection;
use crate::strict::Strict;
use crate::supervise::{Ended, supervise};
use crate::talk::Talk;
use crate::{Error, Result, availability, build, chain, exit, groups, output, runner, session};

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
    /// What to do with tests whose resource is missing; default: what guards.toml says, else fail
    #[arg(long, value_enum, value_name = "POLICY")]
    unavailable: Option<Policy>,
    /// Keep the records of this run when newer runs push older ones out of target/guards
    #[arg(long)]
    keep: bool,
    /// Watch tests through the kernel too, so that no way around a guard is left (Linux)
    #[arg(long)]
    strict: bool,
    /// What runs the tests
    #[arg(long, value_enum, default_value_t)]
    engine: Choice,
    /// Run all tests, also after one has failed
    #[arg(long)]
    no_fail_fast: bool,
    /// A shard of the tests, as nextest takes it: `slice:1/2`, `hash:1/2`, `count:1/2`
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
        if options.strict {
            return Err(Error::Usage("--strict asks what was built, so it goes without an archive".to_owned()));
        }
        return archived(options, engine, talk);
    }
    let workspace = build::workspace(&options.flags)?;
    if options.strict {
        Strict::check()?;
    }
    let config = Config::of(workspace.workspace_root.as_std_path())?;
    for file in Config::strays(&workspace) {
        talk.note(format!(
            "`{}` is not read; what it says belongs into `{FILE}` at the root of the workspace",
            file.display()
        ));
    }
    let policy = options.unavailable.unwrap_or(config.unavailable());
    let is_asked = options.select.is_some() || options.print_filterset;
    let mut selection = None;
    if is_asked || options.strict || config.is_about_tests() || policy != Policy::Fail {
        selection = Some(Selection::make(options.select.as_deref(), &options.flags, &workspace, &config, talk)?);
    }
    if let Some(selection) = selection.as_ref().filter(|_| is_asked) {
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
    let left_out = match &mut selection {
        Some(selection) => availability::apply(policy, selection, &config, talk)?,
        None => Vec::new(),
    };
    let target = build::target_directory(&options.flags, &workspace);
    let session = session::prepare(&config, &target, options.strict)?;
    let mark = session.dir().join("selected");
    let groups = match &selection {
        Some(selection) if engine == Engine::Nextest => {
            groups::arguments(&config, selection, &session.dir().join("nextest.toml"))?
        }
        _ => Vec::new(),
    };
    let strict = match &selection {
        Some(selection) if options.strict => Some(Strict::begin(&session, &selection.catalog, &config, talk)?),
        _ => None,
    };
    // Without an expression the engine runs all that it finds, unless a test is to be left out of it.
    let narrowed = selection.as_ref().filter(|_| options.select.is_some() || !left_out.is_empty());
    let watched_by = strict.as_ref().map(|strict| strict.runner(&target)).transpose()?;
    let mut command = engine_command(options, engine, narrowed, &groups, &session, watched_by, talk)?;
    let root = workspace.workspace_root.as_std_path();
    let mut run = Run::begin(&target, Some(root), engine.name(), options.select.as_deref(), options.keep)?;
    run.header.built = Some(BuildFlags { manifest_path: None, target_dir: None, ..options.flags.clone() });
    run.skip(&left_out)?;
    share(&mut command, &session, &run);

    let has_others = engine == Engine::CargoTest && options.select.is_none();
    let is_empty = narrowed.is_some_and(|selection| selection.len() == 0) && !has_others;
    let ended = if is_empty { Ended::EMPTY } else { supervise(command, strict.is_some())? };
    let by_runner = narrowed.is_some() && !is_empty && engine == Engine::CargoTest;
    if by_runner && ended.code == 0 && !mark.exists() {
        return Err(Error::NotSelected);
    }
    // What the kernel saw of them is added to their records.
    account_for_killed(&session, &run, ended)?;
    let watched = match strict {
        Some(strict) => strict.end(&run, talk)?,
        None => true,
    };
    drop(session);
    conclude(run, Some(&workspace), ended, watched, talk)
}

/// Records the tests whose processes could not do it any more. What was interrupted is not said to have failed.
fn account_for_killed(session: &SharedSession, run: &Run, ended: Ended) -> Result<()> {
    if !ended.interrupted {
        session.record_killed(&run.records_dir(), ended.code != 0).map_err(Error::Session)?;
    }
    Ok(())
}

/// The same for tests that were built elsewhere: there is nothing to build, and nothing to ask.
fn archived(options: &Options, engine: Engine, talk: &Talk) -> Result<u8> {
    let config = Config::of(&options.archive.root())?;
    if options.unavailable.unwrap_or(config.unavailable()) != Policy::Fail {
        return Err(Error::Usage(
            "the tests of an archive are not asked for the resources that they need; pass --unavailable fail"
                .to_owned(),
        ));
    }
    let target = options.archive.target_directory(&options.flags);
    let session = session::prepare(&config, &target, false)?;
    let run = Run::begin(&target, None, engine.name(), None, options.keep)?;
    let mut command = engine_command(options, engine, None, &[], &session, None, talk)?;
    share(&mut command, &session, &run);
    let ended = supervise(command, false)?;
    account_for_killed(&session, &run, ended)?;
    drop(session);
    conclude(run, None, ended, true, talk)
}

/// Names the session and the directory of records to all test processes.
fn share(command: &mut Command, session: &SharedSession, run: &Run) {
    command.env(tool::SESSION, session.dir()).env(tool::RUN, run.records_dir());
    command.env_remove(tool::MANIFEST).env_remove(tool::PROBE);
}

/// Says what the tests used, notes how the run ended, and gives the exit code. `watched`: nothing escaped that was to be
/// watched.
fn conclude(mut run: Run, workspace: Option<&Metadata>, ended: Ended, watched: bool, talk: &Talk) -> Result<u8> {
    let (mut records, unread) = run.records()?;
    if let Some(workspace) = workspace {
        records = run.name_binaries(records, workspace);
    }
    run.header.complete = !ended.interrupted;
    let told = summary::tell(&Report::of(&run.header, records, unread), talk);
    let observed = std::env::var_os(tool::MODE).is_some_and(|mode| mode == "observe");
    let code = match ended.code {
        0 if !watched => exit::ERROR,
        0 if told.violated && !observed => exit::VIOLATIONS,
        code => code,
    };
    run.end(code)?;
    Ok(code)
}

/// The engine, with the selection in its own terms.
fn engine_command(
    options: &Options,
    engine: Engine,
    selection: Option<&Selection>,
    groups: &[String],
    session: &SharedSession,
    watched_by: Option<Vec<String>>,
    talk: &Talk,
) -> Result<Command> {
    let mut command = options.archive.command(&options.flags).unwrap_or_else(|| engine.command(&options.flags));
    command.args(talk.color.flags()).args(options.no_fail_fast.then_some("--no-fail-fast"));
    command.args(options.partition.iter().flat_map(|shard| ["--partition", shard])).args(groups);
    let passed = Passed::parse(&options.passed, engine);
    let selected_by_runner = selection.is_some() && engine == Engine::CargoTest;
    let mut chain = Vec::new();
    let mut triple = String::new();
    let is_watched = watched_by.is_some();
    if is_watched || selected_by_runner {
        triple = engine::triple(&options.flags)?;
        chain.extend(watched_by.into_iter().flatten());
        chain.extend(chain::users_runner(&triple, &options.flags)?);
    }
    if is_watched && !selected_by_runner {
        command.arg("--config").arg(runner::configuration(&triple, &chain)?);
    }
    match (selection, engine) {
        (Some(selection), Engine::Nextest) => {
            command.args(selection.filterset().arguments(&passed.filtersets));
        }
        (None, Engine::Nextest) => {
            command.args(passed.filtersets.iter().flat_map(|users| ["-E", users]));
        }
        (Some(selection), Engine::CargoTest) => {
            let plan = Plan {
                chain,
                mark: session.dir().join("selected"),
                binaries: selection.for_runner(),
                others: options.select.is_none(),
                each: false,
            };
            command.arg("--config").arg(plan.install(&session.dir().join("selection.json"), &triple)?);
            // Documentation tests declare nothing and are not listed; nextest does not run them either.
            command.args((options.select.is_some() && !options.flags.names_targets()).then_some("--tests"));
        }
        (None, Engine::CargoTest) => {}
    }
    command.args(passed.engine);
    if let Some(tests) = passed.tests {
        command.arg("--").args(tests);
    }
    Ok(command)
}
