//! `cargo xtask demo`: the guards at work on real programs, on Docker and on HTTP, with one deliberate mistake of
//! each kind.
//!
//! The suites are in `examples/demo`. They are run as a user would run it, under `cargo test` and nextest; what the guards wrote
//! down about them becomes a table, and is compared with [`expected`].

mod expected;
mod record;
mod services;
mod table;
mod verdict;

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::{Error, Result, machine, run};
use record::Record;
use services::Services;
use verdict::Verdicts;

/// What cargo needs to be told to find the suites: they are no default targets, since they fail on purpose.
const SUITES: [&str; 6] = ["--package", "demo", "--test", "suite", "--test", "services"];

/// Runs the demo.
pub(crate) fn run() -> Result<()> {
    let nextest = machine::nextest();
    machine::require(nextest.as_deref())?;
    let missing: Vec<&str> =
        ["git", "tar", "tmux"].into_iter().filter(|name| machine::program(name).is_none()).collect();
    for name in &missing {
        println!(
            "{name} is not installed: the guard's stub stands in. It records the use and ends with 127, so a test that \
             rightly uses {name} fails by itself below."
        );
    }

    let temp = tempfile::Builder::new().prefix("resource-guards-demo-").tempdir().map_err(Error::Temporary)?;
    let services = Services::start(temp.path())?;
    services.introduce();
    if let (true, Some(why)) = (machine::is_ci(), services.no_daemon()) {
        return Err(Error::Absent(vec![format!("a docker daemon: {why}")]));
    }
    run::captured(cargo(&["test", "--no-run"]).args(SUITES))?;
    let brief = ["--no-fail-fast"];
    let mut runs = vec![("cargo test", suites(&["test"], &brief, &services, &temp.path().join("cargo-test"))?)];
    if nextest.is_some() {
        let brief = ["--no-fail-fast", "--status-level=fail", "--final-status-level=none"];
        runs.push(("nextest", suites(&["nextest", "run"], &brief, &services, &temp.path().join("nextest"))?));
    }

    run::heading("what was declared, seen and judged");
    let comparison = verdict::compare(&runs, &missing);
    println!("{}", table::render(&comparison));
    if nextest.is_none() {
        println!("NOT RUN: nextest, which is absent");
    }
    if let Some(why) = services.no_daemon() {
        println!("NOT RUN: the docker tests against a real daemon ({why}); they asked the embedded Engine API");
    }
    match comparison.surprises() {
        [] => {
            println!("Every verdict is the expected one.");
            Ok(())
        }
        surprises => {
            Err(Error::Unexpected(format!("these verdicts are not the expected ones:\n{}", surprises.join("\n"))))
        }
    }
}

/// Runs the suites, and reads what was recorded about their tests.
fn suites(runner: &[&str], options: &[&str], services: &Services, records: &Path) -> Result<Verdicts> {
    let mut command = cargo(runner);
    let status = run::shown(services.lead(command.args(SUITES).args(options).env("RESOURCE_GUARDS_RUN", records)))?;
    if status.success() {
        return Err(Error::Unexpected("the suites passed, in spite of their mistakes".to_owned()));
    }
    Record::read_all(records).map(Verdicts::of)
}

/// Cargo, with an environment that makes git and tmux the same for everybody.
fn cargo(arguments: &[&str]) -> Command {
    let mut command = run::cargo(arguments);
    command
        .env("GIT_CONFIG_GLOBAL", PathBuf::from("/dev/null"))
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("RUST_BACKTRACE", "0");
    for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "TMUX"] {
        command.env_remove(name);
    }
    command
}
