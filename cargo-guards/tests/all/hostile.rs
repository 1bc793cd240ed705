//! A test binary that crashes, hangs, floods or lies when it is asked for its tests: the run ends soon, says why, and leaves
//! no process behind.

use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::interrupted::{interrupt, runs, wait};
use crate::support::{Ran, Workspace, ran};

const LIST: [&str; 6] = ["guards", "list", "-p", "plain", "-F", "hostile"];

/// Asks for the tests, and checks what must hold whatever the binary does.
fn hostile(workspace: &Workspace, does: &str) -> Ran {
    let temp = tempfile::tempdir().unwrap();
    let pids = temp.path().join("pids");
    let mut command = workspace.command("", &LIST);
    command.envs([("HOSTILE", does), ("RESOURCE_GUARDS_LIST_TIMEOUT", "2")]).env("PIDS", &pids);
    let begin = Instant::now();
    let run = ran(command);
    assert!(begin.elapsed() < Duration::from_secs(30), "{does}: {:?}", begin.elapsed());
    assert_eq!((run.code, run.stdout.as_str()), (1, ""), "{does}: {}", run.stderr);
    assert!(run.stderr.contains("error: cannot list the tests of `plain::hostile` ("), "{does}: {}", run.stderr);
    assert!(run.stderr.len() < 10_000 && !run.stderr.contains('\x1b'), "{does}: {}", run.stderr.len());
    wait(does, || pids_in(&pids).iter().all(|pid| !runs(pid)));
    run
}

fn pids_in(file: &Path) -> Vec<String> {
    fs::read_to_string(file).unwrap_or_default().lines().map(str::to_owned).collect()
}

#[test]
fn what_does_not_end_or_prints_without_end_is_bounded() {
    let workspace = Workspace::get();
    assert!(workspace.run(&["test", "--no-run", "-p", "plain", "-F", "hostile"]).code == 0);
    for (does, said) in [
        ("sleeps", "it did not end within 2 s; if it only needs more time, set RESOURCE_GUARDS_LIST_TIMEOUT"),
        ("dribbles", "it did not end within 2 s"),
        ("closes its output and sleeps", "it did not end within 2 s"),
        ("holds the pipe", "a process that it started holds its output open"),
        ("floods", "it printed more than 64 MiB"),
        ("floods stderr", "it printed more than 64 MiB"),
        ("long line", "it printed more than 64 MiB"),
    ] {
        let run = hostile(&workspace, does);
        assert!(run.stderr.contains(said), "{does}: {}", run.stderr);
    }
}

#[test]
fn what_lies_or_crashes_is_named_with_what_it_did() {
    let workspace = Workspace::get();
    for (does, said) in [
        ("half a manifest", "it printed a manifest that is none: EOF while parsing"),
        ("other manifest", "it printed a manifest that is none: invalid type: string \"one\""),
        ("deep manifest", "it printed a manifest that is none"),
        ("evil resource", "it printed a manifest that is none: `a\\u{1b}[2J` is no name of a resource"),
        ("binary", "it printed no UTF-8"),
        ("nul", "`a\\0b: test` is no line of a listing"),
        ("signal", "it ended with signal: 15 (SIGTERM)"),
        ("exits", "it ended with exit status: 7:\nno database"),
    ] {
        let run = hostile(&workspace, does);
        assert!(run.stderr.contains(said), "{does}: {}", run.stderr);
    }
}

#[test]
fn a_wrong_timeout_is_a_usage_error() {
    let workspace = Workspace::get();
    for wrong in ["0", "soon", ""] {
        let mut command = workspace.command("", &["guards", "list", "-p", "plain"]);
        command.env("RESOURCE_GUARDS_LIST_TIMEOUT", wrong);
        let run = ran(command);
        assert_eq!(run.code, 2);
        assert!(run.stderr.contains("RESOURCE_GUARDS_LIST_TIMEOUT must be a number of seconds above 0"));
    }
}

#[test]
fn all_that_cannot_be_listed_are_named() {
    let workspace = Workspace::get();
    let run = workspace.run(&["guards", "list", "-p", "plain", "-F", "crash,garbage"]);
    assert_eq!(run.code, 1);
    for binary in ["crash", "garbage"] {
        assert!(run.stderr.contains(&format!("error: cannot list the tests of `plain::{binary}` (")), "{}", run.stderr);
    }
}

#[test]
fn an_interrupted_listing_ends_what_it_asked() {
    let workspace = Workspace::get();
    assert!(workspace.run(&["test", "--no-run", "-p", "plain", "-F", "hostile"]).code == 0);
    for signal in ["INT", "TERM", "HUP"] {
        let temp = tempfile::tempdir().unwrap();
        let pids = temp.path().join("pids");
        let mut command = workspace.command("", &LIST);
        command.env("HOSTILE", "sleeps").env("PIDS", &pids).stdin(Stdio::null()).stdout(Stdio::piped());
        let child = command.spawn().unwrap();
        wait("it is asked", || !pids_in(&pids).is_empty());
        interrupt(&child, signal);
        let output = child.wait_with_output().unwrap();
        let code = match signal {
            "INT" => 130,
            "TERM" => 143,
            _ => 129,
        };
        assert_eq!(output.status.code(), Some(code));
        wait("it ends", || pids_in(&pids).iter().all(|pid| !runs(pid)));
    }
}
