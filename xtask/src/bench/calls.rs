//! What one call costs: measured inside of the processes that make it.

use std::path::Path;

use super::figures::Figures;
use super::reference::Reference;
use crate::{Result, run};

/// How often the processes are run, in turn.
const ROUNDS: u32 = 5;

/// Measures `enforce`, optimised and not, and wrapped programs beside direct and the reference's ones, and
/// HTTP requests.
pub(super) fn measure(figures: &mut Figures, temp: &Path, reference: Option<&Reference>) -> Result<()> {
    // The second profile is what users' tests are built with unless they say otherwise.
    for (prefix, profile) in [("", "--release"), ("dev-", "--profile=dev")] {
        for round in 0..ROUNDS {
            let file = temp.join(format!("{prefix}{round}"));
            let mut outside = run::cargo(&["run", "--quiet", profile, "--package=bench", "--bin=outside"]);
            run::captured(outside.env("BENCH_FIGURES", &file))?;
            // One after the other, so that none disturbs the other.
            let mut calls = run::cargo(&["test", profile, "--package=bench", "--test=calls", "--", "--test-threads=1"]);
            calls.env("BENCH_FIGURES", &file);
            if let Some(reference) = reference {
                calls.envs(reference.wrapper());
            }
            run::captured(&mut calls)?;
            let mut requests = run::cargo(&["test", profile, "--package=bench", "--test=http"]);
            run::captured(requests.env("BENCH_FIGURES", &file))?;
            figures.read(prefix, &file)?;
        }
    }
    for _ in 0..ROUNDS {
        if let Some(reference) = reference {
            let (outside, known) = reference.enforce()?;
            figures.add("reference-enforce-outside", outside);
            figures.add("reference-enforce-known", known);
        }
    }
    Ok(())
}
