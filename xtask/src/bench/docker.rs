//! What a request to the Docker daemon costs through the guards: measured inside of a test of `guard-docker`.

use std::path::Path;

use super::figures::Figures;
use crate::{Result, run};

/// Measures `ping`, direct, through the guarded transport and through the relay. Without a daemon it is not run.
pub(super) fn measure(figures: &mut Figures, temp: &Path) -> Result<()> {
    let file = temp.join("docker");
    let mut ping = run::cargo(&["test", "--release", "--package=guard-docker", "--features=bollard", "--test=ping"]);
    match run::captured(ping.env("BENCH_FIGURES", &file)) {
        Ok(_) => figures.read("", &file),
        Err(error) => {
            println!("NOT RUN: {}", error.with_causes());
            Ok(())
        }
    }
}
