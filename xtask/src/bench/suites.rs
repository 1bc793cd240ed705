//! What whole suites of 300 tests take.

use std::fs::File;
use std::time::SystemTime;

use super::figures::Figures;
use super::in_turn;
use super::reference::Reference;
use crate::{Error, Result, machine, run};

/// The profile of tests with the guards optimised, as README advises.
const ADVISED: &str = "advised";

/// So many times a round nextest runs each kind, of which the median counts: they differ by less than one run differs from
/// the next.
const TIMES: u32 = 7;

/// What all suites are built from.
const BODY: &str = "xtask/bench/tests/suite/body.rs";

/// What nextest runs: the name of the figure, the suite, the profile, and the mode of the guards.
type Kind = (&'static str, &'static str, &'static str, &'static str);

const PLAIN: Kind = ("plain", "plain", "dev", "enforce");
const GUARDED: Kind = ("plain-guarded", "plain-guarded", "dev", "enforce");
const WITH_PROFILE: Kind = ("plain-advised", "plain-guarded", ADVISED, "enforce");
const OFF: Kind = ("plain-off", "plain-guarded", "dev", "off");

/// What it runs on all processors, and on one.
const ON_ALL: [Kind; 3] = [PLAIN, GUARDED, WITH_PROFILE];
const ON_ONE: [Kind; 4] = [PLAIN, GUARDED, WITH_PROFILE, OFF];

/// What it runs once a round: these differ by more.
const ISOLATED: [Kind; 2] =
    [("isolated", "isolated", "dev", "enforce"), ("beside-isolated", "plain", "dev", "enforce")];

/// Runs the suites.
pub(super) fn measure(figures: &mut Figures, rounds: u32, reference: Option<&Reference>) -> Result<()> {
    if machine::nextest().is_none() {
        return Err(Error::Unexpected("nextest is needed to measure: cargo install --locked cargo-nextest".to_owned()));
    }
    let suites = ["plain", "plain-guarded", "isolated"];
    for round in 0..rounds {
        println!("nextest {} of {rounds}", round + 1);
        link(&suites)?;
        for (name, suite, profile, mode) in in_turn(ISOLATED, round) {
            let (whole, seconds) = nextest(suite, profile, mode)?;
            figures.add(format!("nextest-{name}"), whole);
            figures.add(format!("nextest-{name}-summary"), seconds);
        }
        let mut together = Figures::default();
        for time in TIMES * round..TIMES * (round + 1) {
            for (name, suite, profile, mode) in in_turn(ON_ALL, time) {
                together.add(format!("nextest-{name}-summary"), nextest(suite, profile, mode)?.1);
            }
            // From run to run, one of several processors idles for longer or for less long, by more than guards cost.
            let alone = machine::on_one_cpu(|| -> Result<()> {
                for (name, suite, profile, mode) in in_turn(ON_ONE, time) {
                    together.add(format!("nextest-{name}-one-cpu"), nextest(suite, profile, mode)?.1);
                }
                Ok(())
            });
            alone.transpose()?;
        }
        // Runs of the same links are no repetitions of each other.
        figures.add_medians(&together);
    }
    for round in 0..rounds {
        println!("cargo test {} of {rounds}", round + 1);
        for suite in suites {
            let (whole, _) = run::timed(&mut run::cargo(&["test", "--package=bench", "--test", suite]))?;
            figures.add(format!("cargo-test-{suite}"), whole.as_secs_f64());
        }
        if let Some(reference) = reference {
            for guarded in [false, true] {
                let name = if guarded { "pytest-guarded" } else { "pytest-plain" };
                figures.add(name, reference.suite(guarded)?.as_secs_f64());
            }
        }
    }
    Ok(())
}

/// Links all suites anew: how fast a binary starts depends on where the system happens to put its pages, by more than guards
/// cost, for as long as it is not written again.
fn link(suites: &[&str]) -> Result<()> {
    let body = run::root().join(BODY);
    let touched = File::open(&body).and_then(|file| file.set_modified(SystemTime::now()));
    touched.map_err(Error::file("touch", &body))?;
    for suite in suites {
        run::captured(&mut run::cargo(&["test", "--package=bench", "--test", suite]))?;
    }
    let advised = ["test", "--profile", ADVISED, "--package=bench", "--test=plain-guarded"];
    run::captured(&mut run::cargo(&advised))?;
    Ok(())
}

/// Runs a suite under nextest. Returns how many seconds that took, and for how many of them it ran tests.
fn nextest(suite: &str, profile: &str, mode: &str) -> Result<(f64, f64)> {
    let (whole, output) = run::timed(
        run::cargo(&[
            "nextest",
            "run",
            "--color=never",
            "--user-config-file=none",
            "--status-level=none",
            "--show-progress=none",
            "--cargo-profile",
            profile,
            "--package=bench",
            "--test",
            suite,
        ])
        .env("RESOURCE_GUARDS", mode),
    )?;
    let summary = String::from_utf8_lossy(&output.stderr).into_owned();
    let seconds = summary_seconds(&summary)
        .ok_or_else(|| Error::Unexpected(format!("nextest printed no summary of 300 tests:\n{summary}")))?;
    Ok((whole.as_secs_f64(), seconds))
}

/// How long nextest says that it ran tests: without the time that cargo takes to see that all is built.
pub(super) fn summary_seconds(text: &str) -> Option<f64> {
    let line = text.lines().find(|line| line.contains("Summary [") && line.contains(" 300 passed"))?;
    let (_, rest) = line.split_once('[')?;
    rest.split_once("s]")?.0.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_summary_of_a_whole_suite_counts() {
        let line = "     Summary [   0.448s] 300 tests run: 300 passed, 0 skipped";
        assert_eq!(summary_seconds(line), Some(0.448));
        assert_eq!(summary_seconds("     Summary [   0.448s] 300 tests run: 299 passed, 1 failed"), None);
    }
}
