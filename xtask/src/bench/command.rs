//! What `cargo guards` adds to the engine that it starts.

use std::env;
use std::process::Command;

use super::figures::Figures;
use crate::{Error, Result, run};

/// So that nextest does nothing but run tests.
const BARE: [&str; 3] = ["--user-config-file=none", "--status-level=none", "--show-progress=none"];

/// Two commands that are measured in turn: the names of their figures, and their words.
type Pair<'a> = [(&'a str, Vec<&'a str>); 2];

/// Measures a run of 1,000 trivial tests, and selecting among 10,000.
pub(super) fn measure(figures: &mut Figures, rounds: u32) -> Result<()> {
    run::captured(&mut run::cargo(&["build", "--quiet", "--release", "--package=cargo-guards"]))?;
    let thousand = ["--package=bench", "--test=thousand"];
    let many = ["--package=bench", "--test=ten-thousand"];
    for suite in [thousand, many] {
        run::captured(run::cargo(&["test", "--quiet", "--no-run"]).args(suite))?;
    }
    let pairs: [Pair<'_>; 3] = [
        [
            ("thousand-engine", [&["nextest", "run"], &thousand[..], &BARE].concat()),
            ("thousand-guards", [&["guards", "test"], &thousand[..], &["--"], &BARE].concat()),
        ],
        [
            ("listing-engine", [&["nextest", "list"], &many[..]].concat()),
            ("listing-guards", [&["guards", "test", "-m", "sdk", "--print-filterset"], &many[..]].concat()),
        ],
        [
            ("selected-engine", [&["nextest", "run", "-E", "test(/^rare::/)"], &many[..], &BARE].concat()),
            ("selected-guards", [&["guards", "test", "-m", "rare"], &many[..], &["--"], &BARE].concat()),
        ],
    ];
    for pair in &pairs {
        // Once before, for what is then in the caches.
        for round in 0..=rounds {
            // Whoever comes second may find a warmer machine.
            let turns = if round % 2 == 0 { [0, 1] } else { [1, 0] };
            for turn in turns {
                let (name, words) = &pair[turn];
                let (taken, _) = run::timed(&mut installed(words)?)?;
                if round > 0 {
                    figures.add(*name, taken.as_secs_f64());
                }
            }
        }
    }
    Ok(())
}

/// A cargo command that finds `cargo guards` as if it were installed.
fn installed(words: &[&str]) -> Result<Command> {
    let users = env::var_os("PATH").unwrap_or_default();
    let built = run::root().join("target").join("release");
    let path = env::join_paths([built].into_iter().chain(env::split_paths(&users)))
        .map_err(|error| Error::Unexpected(format!("the workspace cannot stand on PATH: {error}")))?;
    let mut command = run::cargo(words);
    command.env("PATH", path);
    Ok(command)
}
