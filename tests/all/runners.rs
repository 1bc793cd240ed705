//! Passing tests look the same to their runner with guards, with the guards switched off, and in a copy of the crate
//! that never heard of guards.

use std::process::Output;

use black_box::Crate;

/// How the tests are run.
#[derive(Clone, Copy)]
enum Kind {
    WithoutGuards,
    SwitchedOff,
    Guarded,
}

/// Runs the tests as a user types it.
fn run(kind: Kind, command: &[&str], arguments: &[&str]) -> Output {
    let mut cargo = Crate::named("runners").cargo();
    cargo.args(command).args(["--color=never", "-p", "runners", "--test=alike"]);
    match kind {
        Kind::WithoutGuards => {}
        Kind::SwitchedOff => _ = cargo.arg("--features=guards").env("RESOURCE_GUARDS", "off"),
        Kind::Guarded => _ = cargo.arg("--features=guards"),
    }
    cargo.arg("--").args(arguments).output().unwrap()
}

/// The text without what differs from run to run: timings, ids of threads, the path of the binary, and the note that the
/// first panic of each process appends.
fn comparable(text: &[u8]) -> String {
    let mut comparable = String::new();
    for line in String::from_utf8_lossy(text).lines() {
        if line.starts_with("note: run with `RUST_BACKTRACE=1`") || line.starts_with("Usage: ") {
            continue;
        }
        let line = match line.split_once("; finished in ") {
            Some((line, _)) => line.to_owned(),
            None => masked(line, '(', ')'),
        };
        comparable.push_str(line.trim_end());
        comparable.push('\n');
    }
    comparable
}

/// The line with what numbers stand between such brackets left out.
fn masked(line: &str, open: char, close: char) -> String {
    let mut masked = String::new();
    let mut rest = line;
    while let Some((before, after)) = rest.split_once(open) {
        masked.push_str(before);
        rest = match after.split_once(close) {
            Some((inside, after)) if inside.chars().all(|c| c.is_ascii_digit() || " .s/".contains(c)) => after,
            _ => {
                masked.push(open);
                after
            }
        };
    }
    masked + rest
}

/// What cargo says itself, on standard error, differs by the hash in the binary's name and by what was compiled.
fn of_the_tests(stderr: &[u8]) -> String {
    let is_of_cargo = |line: &&str| {
        ["Compiling", "Finished", "Running", "Blocking", "Fresh", "warning", "Downloaded", "Locking"]
            .iter()
            .any(|verb| line.trim_start().starts_with(verb))
    };
    comparable(stderr).lines().filter(|line| !is_of_cargo(line)).map(|line| line.to_owned() + "\n").collect()
}

fn assert_alike(arguments: &[&str]) {
    let [plain, off, guarded] =
        [Kind::WithoutGuards, Kind::SwitchedOff, Kind::Guarded].map(|kind| run(kind, &["test"], arguments));
    assert!(plain.status.success(), "{}", String::from_utf8_lossy(&plain.stderr));
    let expected = comparable(&plain.stdout);
    assert!(!expected.trim().is_empty(), "{arguments:?} print nothing");
    for (what, other) in [("switched off", off), ("with guards", guarded)] {
        assert_eq!(comparable(&other.stdout), expected, "{arguments:?} {what}: standard output");
        assert_eq!(of_the_tests(&other.stderr), of_the_tests(&plain.stderr), "{arguments:?} {what}: standard error");
        assert_eq!(other.status.code(), plain.status.code(), "{arguments:?} {what}");
    }
}

#[test]
fn a_single_test_runs_as_an_editor_runs_it() {
    assert_alike(&["runs_what_editors_run", "--exact"]);
    assert_alike(&["--exact", "a::module::has_a_test", "--nocapture"]);
    assert_alike(&["--exact", "a::module::has_a_test", "--show-output"]);
    assert_alike(&["--exact", "is_plain", "--show-output", "--test-threads=1"]);
    assert_alike(&["--exact", "panics_in_words", "--nocapture"]);
    assert_alike(&["--exact", "no_such_test"]);
}

#[test]
fn filters_and_skips_choose_the_same_tests() {
    assert_alike(&["speaks", "--test-threads=1"]);
    assert_alike(&["a::", "runs", "--test-threads=1"]);
    assert_alike(&["--skip", "speaks", "--skip=panics", "--test-threads", "1"]);
    assert_alike(&["no such test"]);
}

#[test]
fn ignored_tests_are_run_when_asked_for() {
    assert_alike(&["--test-threads=1"]);
    assert_alike(&["--ignored", "--test-threads=1", "--show-output"]);
    assert_alike(&["--include-ignored", "--test-threads=1"]);
    assert_alike(&["is_slow", "--exact", "--ignored"]);
}

#[test]
fn listings_are_the_same() {
    assert_alike(&["--list"]);
    assert_alike(&["--list", "--format", "terse"]);
    assert_alike(&["--list", "--format=terse", "--ignored"]);
    assert_alike(&["--list", "speaks"]);
    assert_alike(&["--help"]);
}

#[test]
fn output_is_shown_once_and_where_the_runner_shows_it() {
    assert_alike(&["--nocapture", "--test-threads=1"]);
    assert_alike(&["--nocapture", "--test-threads=1", "--include-ignored"]);
    assert_alike(&["--show-output", "--test-threads=1"]);
    assert_alike(&["-q", "--test-threads=1"]);
    assert_alike(&["-q", "--show-output", "--test-threads=1", "speaks"]);
    assert_alike(&["--format=pretty", "--test-threads=1"]);
}

#[test]
fn many_threads_run_the_same_tests() {
    let [plain, guarded] = [Kind::WithoutGuards, Kind::Guarded].map(|kind| {
        let output = run(kind, &["test"], &["--test-threads=8"]);
        let mut lines: Vec<_> = comparable(&output.stdout).lines().map(str::to_owned).collect();
        lines.sort();
        lines
    });
    assert_eq!(plain, guarded);
}

#[test]
fn nextest_runs_the_same_tests_with_the_same_output() {
    let [plain, off, guarded] = [Kind::WithoutGuards, Kind::SwitchedOff, Kind::Guarded].map(|kind| {
        let command =
            ["nextest", "run", "-j1", "--user-config-file=none", "--show-progress=none", "--success-output=immediate"];
        let output = run(kind, &command, &["--include-ignored"]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let text = of_the_tests(&output.stderr);
        assert!(text.contains("line 3 for standard output"), "{text}");
        let lines = text.lines().filter(|line| !line.contains("Nextest run ID"));
        lines.map(|line| masked(line, '[', ']') + "\n").collect::<String>()
    });
    assert_eq!(off, plain);
    assert_eq!(guarded, plain);
}
