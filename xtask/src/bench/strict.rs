//! What the kernel's view costs, beside the same without it and the same under strace.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::figures::Figures;
use super::in_turn;
use super::suites::summary_seconds;
use crate::{Error, Result, machine, run};

/// What runs the tests: as it is, watched, and traced.
const KINDS: [&str; 3] = ["bare", "strict", "strace"];

/// Options of nextest.
const QUIET: [&str; 3] = ["--user-config-file=none", "--status-level=none", "--show-progress=none"];

/// Runs the suites, each kind once a round.
pub(super) fn measure(figures: &mut Figures, rounds: u32, temp: &Path) -> Result<()> {
    if machine::nextest().is_none() {
        return Err(Error::Unexpected("nextest is needed to measure: cargo install --locked cargo-nextest".to_owned()));
    }
    run::captured(&mut run::cargo(&["build", "--release", "--package=cargo-guards"]))?;
    run::captured(&mut run::cargo(&[
        "test",
        "--no-run",
        "--package=bench",
        "--test=short",
        "--test=calls-of-the-kernel",
    ]))?;
    let guards = guards()?;
    let has_strace = Command::new("strace").arg("-V").output().is_ok_and(|output| output.status.success());
    for round in 0..rounds {
        println!("round {} of {rounds}", round + 1);
        for kind in in_turn(KINDS, round).into_iter().filter(|kind| *kind != "strace" || has_strace) {
            let output = run::captured(&mut command(&guards, kind, "short"))?;
            let summary = String::from_utf8_lossy(&output.stderr).into_owned();
            let seconds = summary_seconds(&summary)
                .ok_or_else(|| Error::Unexpected(format!("nextest printed no summary of 300 tests:\n{summary}")))?;
            figures.add(format!("short-{kind}"), seconds);
            let file = temp.join(format!("kernel-{round}-{kind}"));
            let mut calls = command(&guards, kind, "calls-of-the-kernel");
            // One after the other, so that neither waits for the other's core.
            calls.env("NEXTEST_TEST_THREADS", "1").env("BENCH_FIGURES", &file).env("BENCH_KIND", kind);
            run::captured(&mut calls)?;
            figures.read("", &file)?;
        }
    }
    Ok(())
}

/// A command that runs one of the suites.
fn command(guards: &Path, kind: &str, suite: &str) -> Command {
    let what = ["--package=bench", "--test", suite];
    let nextest = [&["nextest", "run", "--color=never"], &QUIET[..], &what].concat();
    match kind {
        "strict" => {
            let mut strict = Command::new(guards);
            strict.args(["guards", "--color=never", "test", "--strict", "--engine=nextest"]);
            strict.args(what).arg("--").args(QUIET).current_dir(run::root());
            strict
        }
        "strace" => {
            let bare = run::cargo(&nextest);
            let mut traced = Command::new("strace");
            traced.args(["-f", "-qq", "-e", "trace=execve,execveat,connect", "-o", "/dev/null"]);
            traced.arg(bare.get_program()).args(bare.get_args()).current_dir(run::root());
            traced
        }
        _ => run::cargo(&nextest),
    }
}

/// The command, built with optimisations.
fn guards() -> Result<PathBuf> {
    let own = std::env::current_exe().map_err(Error::file("find", "xtask"))?;
    let target = own.ancestors().nth(2).unwrap_or(Path::new("target"));
    Ok(target.join("release/cargo-guards"))
}
