//! `cargo xtask test`: all tests of the workspace, under both runners.

use std::process::Command;
use std::time::Instant;

use crate::{Error, Result, machine, run};

/// The package that looks at the workspace from outside. Its tests drive both runners themselves, so they are run once:
/// by nextest where it is installed.
const BLACK_BOX: &str = "black-box";

/// Runs the tests.
pub(crate) fn run() -> Result<()> {
    let nextest = machine::nextest();
    machine::require(nextest.as_deref())?;
    let mut outcomes = Vec::new();

    let mut cargo_test = run::cargo(&["test", "--workspace", "--no-fail-fast"]);
    if nextest.is_some() {
        cargo_test.args(["--exclude", BLACK_BOX]);
    }
    outcomes.push(outcome(&mut cargo_test)?);
    if nextest.is_some() {
        outcomes.push(outcome(&mut run::cargo(&["nextest", "run", "--workspace", "--no-fail-fast"]))?);
    }

    run::heading("closing");
    for (line, seconds, passed) in &outcomes {
        println!("{} in {seconds:.0} s: {line}", if *passed { "passed" } else { "FAILED" });
    }
    if nextest.is_none() {
        println!("NOT RUN: cargo nextest run --workspace (nextest is absent)");
    }
    let failed: Vec<String> =
        outcomes.into_iter().filter(|(_, _, passed)| !passed).map(|(line, ..)| format!("`{line}`")).collect();
    if failed.is_empty() { Ok(()) } else { Err(Error::Several(failed)) }
}

/// Runs one runner: its command, how many seconds it took, and whether all tests passed.
fn outcome(command: &mut Command) -> Result<(String, f64, bool)> {
    let begin = Instant::now();
    let status = run::shown(command)?;
    Ok((run::line(command), begin.elapsed().as_secs_f64(), status.success()))
}
