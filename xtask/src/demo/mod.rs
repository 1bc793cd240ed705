//! `cargo xtask demo`: the guards at work on real programs, with one deliberate mistake of each kind.
//!
//! The suite is `examples/demo`. It is run as a user would run it, under `cargo test` and nextest; what the guards wrote
//! down about it becomes a table, and is compared with [`expected`].

mod expected;
mod record;
mod table;
mod verdict;

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::{Error, Result, machine, run};
use record::Record;
use verdict::Verdicts;

/// What cargo needs to be told to find the suite: it is no default target, since it fails on purpose.
const SUITE: [&str; 4] = ["--package", "demo", "--test", "suite"];

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
    run::captured(cargo(&["test", "--no-run"]).args(SUITE))?;
    let mut runs = vec![("cargo test", suite(&["test"], &[], &temp.path().join("cargo-test"))?)];
    if nextest.is_some() {
        let brief = ["--no-fail-fast", "--status-level=fail", "--final-status-level=none"];
        runs.push(("nextest", suite(&["nextest", "run"], &brief, &temp.path().join("nextest"))?));
    }

    run::heading("what was declared, seen and judged");
    let comparison = verdict::compare(&runs, &missing);
    println!("{}", table::render(&comparison));
    if nextest.is_none() {
        println!("NOT RUN: nextest, which is absent");
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

/// Runs the suite, and reads what was recorded about its tests.
fn suite(runner: &[&str], options: &[&str], records: &Path) -> Result<Verdicts> {
    let status = run::shown(cargo(runner).args(SUITE).args(options).env("RESOURCE_GUARDS_RUN", records))?;
    if status.success() {
        return Err(Error::Unexpected("the suite passed, in spite of its mistakes".to_owned()));
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
