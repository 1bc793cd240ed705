//! `cargo guards audit`: runs the tests of any cargo project, also of one that never heard of guards, and tells what each of
//! them ran and whom it reached.
//!
//! | module | subject |
//! | --- | --- |
//! | `watch` | the policy under the kernel's view: everything goes on, and is written down in `observed` |
//! | `catalogue` | which well-known resource something is; the data is `catalogue.toml` |
//! | `found` | what was found, and as JSON |
//! | `text`, `html` | the same for people |
//! | `proposal` | the `install!` line and `guards.toml` that a project could write down |
//! | `store` | the same as a run in `target/guards`, for other commands |
//!
//! Nothing is refused, and guards that the tests have are off (`RESOURCE_GUARDS=off`), so that they touch the same as ever. A
//! process for each test makes attribution exact: nextest has one; under `cargo test` our runner starts the binary once for
//! each test, and binaries that do not list their tests are told as a whole.

mod catalogue;
mod found;
mod html;
mod observed;
mod proposal;
mod store;
mod text;

#[cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))]
mod watch;
#[cfg(not(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64"))))]
#[path = "elsewhere.rs"]
mod watch;

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::io;
use std::os::fd::AsFd as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use guard_kernel::Supervisor;
use resource_guards::tool;

use crate::catalog::Catalog;
use crate::config::Config;
use crate::engine::{self, Choice, Engine, Passed};
use crate::flags::BuildFlags;
use crate::output::print;
use crate::runner::{self, Binaries, Plan};
use crate::runs::{AUDIT, Run};
use crate::supervise::supervise;
use crate::talk::Talk;
use crate::{Error, Result, ask, build, chain, report};
use catalogue::{Catalogue, Own};
use found::{Found, Header};
use watch::Watch;

/// Options of `cargo guards audit`.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// The project: a folder, or its Cargo.toml
    #[arg(value_name = "PATH")]
    path: Option<PathBuf>,
    /// Write JSON, as schema/audit-1.json of cargo-guards describes it; `-` is standard output
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Write one HTML page, which needs nothing beside it; `-` is standard output
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// Keep the records of this run when newer runs push older ones out of target/guards
    #[arg(long)]
    keep: bool,
    /// What runs the tests
    #[arg(long, value_enum, default_value_t)]
    engine: Choice,
    /// Run all tests, also after one has failed, which an audit does anyway
    #[arg(long, hide = true)]
    no_fail_fast: bool,
    #[command(flatten)]
    flags: BuildFlags,
    /// Arguments of the engine; a second `--` begins those of the test binaries
    #[arg(last = true, value_name = "ENGINE ARGS")]
    passed: Vec<OsString>,
}

/// Runs tests and tells what they touched.
pub(crate) fn run(options: &Options, talk: &Talk) -> Result<u8> {
    guard_kernel::supported().map_err(Error::Audit)?;
    let engine = Engine::choose(options.engine)?;
    let files = [&options.json, &options.html].map(|file| file.as_deref().map(absolute).transpose());
    let [json, html] = files;
    let (json, html) = (json?, html?);
    if let Some(path) = &options.path {
        enter(path)?;
    }
    let flags = &options.flags;
    let workspace = build::workspace(flags)?;
    let (built, unlisted) = Catalog::collect_some(flags, &workspace, talk)?;
    let target = build::target_directory(flags, &workspace);
    let catalogue = Catalogue::load(Own::of(workspace.workspace_root.as_std_path(), &target))?;
    let triple = engine::triple(flags)?;
    let users = chain::users_runner(&triple, flags)?;
    let watch = Arc::new(Watch::new(
        built.binaries.iter().map(|binary| binary.path.as_path()).chain(unlisted.iter().map(|(built, _)| &*built.path)),
        !users.is_empty(),
        catalogue.programs().cloned().collect::<BTreeSet<_>>(),
        &std::env::var_os("PATH").unwrap_or_default(),
    ));
    let supervisor = Supervisor::start(watch.clone()).map_err(Error::Audit)?;
    let mut run = Run::begin(&target, Some(workspace.workspace_root.as_std_path()), engine.name(), None, options.keep)?;
    let mut words = runner::words(&supervisor.runner(&target.join("guards/kernel"), true).map_err(Error::Audit)?)?;
    words.extend(users);
    let passed = Passed::parse(&options.passed, engine);
    let binaries = match engine {
        Engine::CargoTest => one_by_one(&built, &unlisted, passed.tests.as_deref().unwrap_or_default())?,
        Engine::Nextest => Binaries::new(),
    };
    let command = command(options, engine, passed, talk, |command| {
        let configuration = match engine {
            Engine::Nextest => runner::configuration(&triple, &words)?,
            Engine::CargoTest => {
                let mark = run.dir.join("selected");
                let plan = Plan { chain: words.clone(), mark, binaries, others: false, each: true };
                plan.install(&run.dir.join("selection.json"), &triple)?
            }
        };
        command.arg("--config").arg(configuration);
        Ok(())
    })?;
    let ended = supervise(command, true)?;
    supervisor.settle();
    supervisor.stop();
    let (all, mut unobserved) = watch.observed();
    // Under `cargo test` no test may be asked for.
    let is_used = !all.is_empty() || run.dir.join("selected").exists();
    let is_watched = is_used || built.tests.is_empty() || ended.code != 0;
    unobserved.extend(
        unlisted.iter().map(|(binary, error)| {
            format!("the tests of {} could not be told apart: {}", binary.id, error.with_causes())
        }),
    );
    if flags.names_targets() || workspace.packages.iter().any(|package| package.targets.iter().any(|t| t.doctest)) {
        unobserved.push("documentation tests are not run by an audit".to_owned());
    }
    run.header.complete = !ended.interrupted;
    run.header.mode = Some(AUDIT.to_owned());
    run.header.built = Some(flags.clone());
    let header = Header {
        root: workspace.workspace_root.to_string(),
        engine: engine.name(),
        started: run.header.started,
        complete: !ended.interrupted,
        exit_code: ended.code,
        unobserved,
    };
    let found = Found::of(header, &all, &catalogue, &built);
    let config = Config::of(workspace.workspace_root.as_std_path())?;
    let described = config.resources().iter().map(|described| described.name.as_str()).collect();
    store::store(&run, &found, &built, &described)?;
    run.end(ended.code)?;
    tell(&found, json.as_deref(), html.as_deref())?;
    if !is_watched {
        return Err(Error::NotWatched);
    }
    Ok(ended.code)
}

/// A path that means the same in another working directory.
fn absolute(file: &Path) -> Result<PathBuf> {
    if file == Path::new("-") {
        Ok(file.to_owned())
    } else {
        std::path::absolute(file).map_err(Error::file("find", file))
    }
}

/// Goes to the project, as its users do: cargo looks for its configuration from there.
fn enter(path: &Path) -> Result<()> {
    let is_manifest = path.file_name().is_some_and(|name| name == "Cargo.toml") && path.is_file();
    let folder = if is_manifest { path.parent().unwrap_or(path) } else { path };
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    std::env::set_current_dir(folder).map_err(Error::file("enter the project", folder))
}

/// The engine, told by `configure` to put our words in front of each test binary.
fn command(
    options: &Options,
    engine: Engine,
    passed: Passed,
    talk: &Talk,
    configure: impl FnOnce(&mut Command) -> Result<()>,
) -> Result<Command> {
    let mut command = engine.command(&options.flags);
    command.args(talk.color.flags());
    // What a failure keeps from running is not seen.
    command.args((!passed.is_about_failures()).then_some("--no-fail-fast"));
    configure(&mut command)?;
    if engine == Engine::CargoTest {
        command.args((!options.flags.names_targets()).then_some("--tests"));
        // They would name a test around this command.
        for name in ["NEXTEST_TEST_NAME", "NEXTEST_BINARY_ID", "NEXTEST_ATTEMPT", "NEXTEST_STRESS_CURRENT"] {
            command.env_remove(name);
        }
    }
    command.args(passed.filtersets.iter().flat_map(|users| ["-E", users])).args(passed.engine);
    if let Some(tests) = passed.tests {
        command.arg("--").args(tests);
    }
    command.env(tool::MODE, "off");
    for name in [tool::SESSION, tool::RUN, tool::SCOPE, tool::MANIFEST] {
        command.env_remove(name);
    }
    // Standard output is for what was found.
    let stderr = io::stderr().as_fd().try_clone_to_owned().map_err(Error::file("write", "standard error"))?;
    command.stdout(stderr);
    Ok(command)
}

/// The tests that `cargo test` would run, of each binary. What is ignored would only be told as touching nothing.
fn one_by_one(built: &Catalog, unlisted: &[(build::Built, Error)], arguments: &[OsString]) -> Result<Binaries> {
    let asks_for = |option: &str| arguments.iter().any(|word| word == option);
    let mut binaries = Binaries::new();
    for (n, binary) in built.binaries.iter().enumerate() {
        let names = built.tests.iter().filter(|test| test.binary == n).map(|test| test.name.clone());
        let mut names: Vec<String> = names.collect();
        if names.is_empty() {
            // Perhaps a harness that does not list its tests: it runs as a whole.
            binaries.insert(binary.path.clone(), None);
            continue;
        }
        if !asks_for("--include-ignored") {
            let ignored: BTreeSet<String> = ask::ignored(binary, &built.library_path)?.into_iter().collect();
            names.retain(|name| ignored.contains(name) == asks_for("--ignored"));
        }
        binaries.insert(binary.path.clone(), Some(names));
    }
    binaries.extend(unlisted.iter().map(|(built, _)| (built.path.clone(), None)));
    Ok(binaries)
}

fn tell(found: &Found, json: Option<&Path>, html: Option<&Path>) -> Result<()> {
    if let Some(file) = json {
        let text = serde_json::to_string_pretty(found).map_err(|source| Error::Json {
            what: "an audit",
            path: file.to_owned(),
            source,
        })?;
        report::write(file, &(text + "\n"))?;
    }
    if let Some(file) = html {
        report::write(file, &html::text(found)?)?;
    }
    if [json, html].iter().flatten().any(|file| *file == Path::new("-")) {
        return Ok(());
    }
    print(&text::text(found))
}
