//! What whole suites of 300 tests take.

use super::figures::Figures;
use super::in_turn;
use super::reference::Reference;
use crate::{Error, Result, machine, run};

/// The profile of tests with the guards' core optimised, as README advises.
const ADVISED: &str = "advised";

/// So many times a round nextest runs each kind: they differ by less than one run differs from the next.
const TIMES: u32 = 5;

/// What nextest runs: the name of the figure, the suite, the profile, and the mode of the guards.
const RUNS: [(&str, &str, &str, &str); 5] = [
    ("plain", "plain", "dev", "enforce"),
    ("plain-guarded", "plain-guarded", "dev", "enforce"),
    ("plain-advised", "plain-guarded", ADVISED, "enforce"),
    ("plain-off", "plain-guarded", "dev", "off"),
    ("isolated", "isolated", "dev", "enforce"),
];

/// Runs the suites.
pub(super) fn measure(figures: &mut Figures, rounds: u32, reference: Option<&Reference>) -> Result<()> {
    if machine::nextest().is_none() {
        return Err(Error::Unexpected("nextest is needed to measure: cargo install --locked cargo-nextest".to_owned()));
    }
    let suites = ["plain", "plain-guarded", "isolated"];
    for suite in suites {
        run::captured(&mut run::cargo(&["test", "--package=bench", "--test", suite]))?;
    }
    let advised = ["test", "--profile", ADVISED, "--package=bench", "--test=plain-guarded"];
    run::captured(&mut run::cargo(&advised))?;
    for round in 0..TIMES * rounds {
        println!("nextest {} of {}", round + 1, TIMES * rounds);
        for (name, suite, profile, mode) in in_turn(RUNS, round) {
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
            figures.add(format!("nextest-{name}"), whole.as_secs_f64());
            figures.add(format!("nextest-{name}-summary"), seconds);
        }
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
