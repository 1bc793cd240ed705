//! `cargo xtask test`: all tests of the workspace, under both runners, as `cargo guards test` runs them.

use std::ffi::OsString;
use std::time::Instant;

use crate::{Error, Result, machine, run};

/// The package that looks at the workspace from outside. Its tests drive both runners themselves, so they are run once:
/// by nextest where it is installed.
const BLACK_BOX: &str = "black-box";

/// Runs the tests.
pub(crate) fn run() -> Result<()> {
    let nextest = machine::nextest();
    machine::require(nextest.as_deref())?;
    if let Some(name) = run::of_guards().next() {
        return Err(Error::Unexpected(format!("the tests are to run as for a user; unset {}", name.display())));
    }
    let mut outcomes = Vec::new();
    let others: &[&str] = if nextest.is_some() { &["--exclude", BLACK_BOX] } else { &[] };
    outcomes.push(outcome("cargo-test", others));
    if nextest.is_some() {
        outcomes.push(outcome("nextest", &[]));
    }

    run::heading("closing");
    for (line, seconds, passed) in &outcomes {
        println!("{} in {seconds:.0} s: {line}", if *passed { "passed" } else { "FAILED" });
    }
    if nextest.is_none() {
        println!("NOT RUN: --engine nextest (nextest is absent)");
    }
    let failed: Vec<String> =
        outcomes.into_iter().filter(|(_, _, passed)| !passed).map(|(line, ..)| format!("`{line}`")).collect();
    if failed.is_empty() { Ok(()) } else { Err(Error::Several(failed)) }
}

/// Runs one runner: its command, how many seconds it took, and whether all tests passed and kept their declarations.
fn outcome(engine: &str, more: &[&str]) -> (String, f64, bool) {
    let words = [&["cargo", "guards", "test", "--engine", engine, "--workspace", "--no-fail-fast"], more].concat();
    let line = words.join(" ");
    run::heading(&line);
    let manifest = [OsString::from("--manifest-path"), run::root().join("Cargo.toml").into()];
    let begin = Instant::now();
    let code = cargo_guards::run(words.into_iter().map(OsString::from).chain(manifest));
    (line, begin.elapsed().as_secs_f64(), code == cargo_guards::exit::SUCCESS)
}
