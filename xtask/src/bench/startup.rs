//! How much longer a test process lives for having all guards, from its start to its end.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use super::figures::Figures;
use crate::{Error, Result, run};

/// How often each process is run, in turn.
const ROUNDS: u32 = 300;

const TEST: &str = "nothing";

/// Measures whole processes, as nextest starts them.
pub(super) fn measure(figures: &mut Figures) -> Result<()> {
    for (prefix, profile) in [("dev-", "dev"), ("", "release")] {
        let [with, without] = ["all-guards", "no-guard"].map(|suite| binary(suite, profile));
        let (with, without) = (with?, without?);
        for round in 0..=ROUNDS {
            for (name, binary) in [("start-with", &with), ("start-without", &without)] {
                let micros = lives(binary)?;
                // The first one may write wrappers.
                if round > 0 {
                    figures.add(format!("{prefix}{name}"), micros);
                }
            }
        }
    }
    Ok(())
}

/// Builds one suite, and gives the path of its binary.
fn binary(suite: &str, profile: &str) -> Result<PathBuf> {
    let build = format!("--profile={profile}");
    let arguments = ["test", "--no-run", "--message-format=json", &build, "--package=bench", "--test", suite];
    let output = run::captured(&mut run::cargo(&arguments))?;
    String::from_utf8_lossy(&output.stdout)
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        // The package's programs are built too.
        .filter(|message| message.pointer("/target/name").is_some_and(|name| name == suite))
        .find_map(|message| Some(message.get("executable")?.as_str()?.into()))
        .ok_or_else(|| Error::Unexpected(format!("cargo names no test binary of `{suite}`")))
}

/// How many microseconds a process of this binary lives that runs its test.
fn lives(binary: &Path) -> Result<f64> {
    let mut command = Command::new(binary);
    command
        .args(["--exact", TEST, "--nocapture"])
        .envs([("NEXTEST_EXECUTION_MODE", "process-per-test"), ("NEXTEST_TEST_NAME", TEST)])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let begin = Instant::now();
    let status = command.status().map_err(|source| Error::Start { command: run::line(&command), source })?;
    let micros = begin.elapsed().as_secs_f64() * 1e6;
    match status.success() {
        true => Ok(micros),
        false => Err(Error::Unexpected(format!("`{}` failed: {status}", run::line(&command)))),
    }
}
