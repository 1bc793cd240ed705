//! Tests that end otherwise than by returning: they are judged, and leave nothing behind that the next run minds.

use std::path::{Path, PathBuf};
use std::process::Output;
use std::time::{Duration, Instant};
use std::{fs, thread};

use black_box::Expected::{Fails, Passes};
use black_box::{Crate, Engine, command};

fn ends() -> Crate {
    Crate::named("lifecycle").cargo_args(&["--test=ends"])
}

fn crashes() -> Crate {
    Crate::named("lifecycle").cargo_args(&["--test=crashes"])
}

const EARLY: &str = "ended with success before the test did";

#[test]
fn exits_crashes_and_kills_fail_their_own_test_only() {
    ends().expect(&[
        ("exits_after_its_use", Fails(&[EARLY])),
        ("exits_before_its_use", Fails(&[EARLY])),
        (
            "exits_after_an_undeclared_use",
            Fails(&[EARLY, "test `exits_after_an_undeclared_use` used `tar` without declaring it"]),
        ),
        ("exits_with_a_failure", Fails(&[])),
        ("aborts", Fails(&[])),
        ("is_killed", Fails(&[])),
        ("overflows_its_stack", Fails(&[])),
        ("registers_a_guard_after_the_start", Fails(&["were registered after the tests had started"])),
        ("survives", Passes),
    ]);
}

/// libtest is content with any failure of a test that should panic.
#[test]
fn a_test_that_can_have_no_process_of_its_own_fails_the_run() {
    let alone = Crate::named("lifecycle").cargo_args(&["--test=alone"]).args(&["full::"]);
    let run = alone.run(Engine::OneThread);
    assert!(run.output.contains("cannot run test `full::b_never_panics` in a process of its own"), "{}", run.output);
    assert!(!run.status.success(), "{}", run.output);
}

#[test]
fn tests_that_wait_for_each_other_do_not_hold_up_the_search_for_an_offender() {
    let alone = Crate::named("lifecycle").cargo_args(&["--test=alone"]).args(&["waits::", "--test-threads=3"]);
    let run = alone.run(Engine::CargoTest);
    for said in [
        "running 3 tests without #[uses] again",
        "test `waits::one`, run again by itself to see whether it used something, did not end within",
        "test `waits::breaks_its_word` used `tar` without declaring it",
    ] {
        assert!(run.output.contains(said), "{said}: {}", run.output);
    }
    assert!(!run.status.success(), "{}", run.output);
}

/// Under nextest nobody is left to judge it, and the runner reports the signal.
#[test]
fn uses_before_a_crash_are_judged_by_the_process_that_survives() {
    let test = "aborts_after_an_undeclared_use";
    let run = crashes().args(&["--exact", test]).run(Engine::CargoTest);
    run.expect(&[(test, Fails(&["used `tar` without declaring it"]))]);
    assert!(run.test(test).text.contains("ended before the test did: it was killed by signal 6"), "{}", run.output);
}

/// To libtest, any failure is the panic that it waits for.
#[test]
fn a_test_that_should_panic_cannot_hide_an_exit_or_a_crash() {
    for (test, cause) in
        [("exits_where_it_should_panic", "exit status: 0"), ("aborts_where_it_should_panic", "killed by signal 6")]
    {
        for engine in Engine::ALL {
            let run = crashes().args(&["--exact", test]).run(engine);
            assert!(!run.status.success(), "{test} under {}\n{}", engine.command(), run.output);
            let says = format!("the process of test `{test}` ended before the test did");
            let said = run.output.contains(&says) && run.output.contains(cause);
            assert!(said || engine == Engine::Nextest, "{}\n{}", engine.command(), run.output);
        }
    }
}

#[test]
fn a_process_that_crashes_after_its_test_returned_fails_the_run() {
    for engine in Engine::ALL {
        let run = crashes().args(&["--exact", "returns_and_then_crashes"]).run(engine);
        assert!(!run.status.success(), "under {}\n{}", engine.command(), run.output);
        let said = run.output.contains("test `returns_and_then_crashes` returned, and its process failed all the same");
        assert!(said || engine == Engine::Nextest, "{}", run.output);
    }
}

#[test]
fn a_program_that_starts_once_its_test_is_over_runs() {
    let tests =
        ["of_a_test_that_declares_nothing", "of_a_test_that_declares_it", "of_a_test_that_declares_other_things"];
    for engine in Engine::ALL {
        let place = tempfile::tempdir().unwrap();
        let run = Crate::named("lifecycle").cargo_args(&["--test=late"]).env("LATE", place.path()).run(engine);
        run.expect(&tests.map(|test| (test, Passes)));
        for test in tests {
            let ended = || fs::read_to_string(place.path().join(test)).unwrap_or_default();
            let end = Instant::now() + Duration::from_secs(20);
            while !ended().ends_with('\n') && Instant::now() < end {
                thread::sleep(Duration::from_millis(10));
            }
            assert_eq!(ended(), "0\n", "{test} under {}", engine.command());
        }
    }
}

/// The sessions' directories in a private place, of which the base itself is kept.
fn sessions(place: &Path) -> Vec<PathBuf> {
    let bases = fs::read_dir(place).unwrap().map(|base| base.unwrap().path());
    bases.flat_map(|base| fs::read_dir(base).unwrap()).map(|session| session.unwrap().path()).collect()
}

#[test]
fn what_a_dead_process_leaves_is_swept_at_the_next_start() {
    for engine in Engine::ALL {
        for (test, survivors) in [
            ("survives", 0),
            ("exits_before_its_use", 0),
            ("exits_with_a_failure", 0),
            ("aborts", usize::from(engine == Engine::Nextest)),
            ("is_killed", usize::from(engine == Engine::Nextest)),
        ] {
            let place = tempfile::tempdir().unwrap();
            let one = |test| ends().env("RESOURCE_GUARDS_TMPDIR", place.path()).args(&["--exact", test]).run(engine);
            let run = one(test);
            let left = sessions(place.path());
            assert_eq!(left.len(), survivors, "{test} under {} left {left:?}\n{}", engine.command(), run.output);
            let next = one("survives");
            assert!(next.status.success(), "after {test} under {}\n{}", engine.command(), next.output);
            assert_eq!(sessions(place.path()), Vec::<PathBuf>::new(), "after {test} under {}", engine.command());
        }
    }
}

/// Runs the binary with two tests as threads, one of which ends the process while the other runs in its child. Returns
/// what was printed, and the id of that child.
fn end_all(test: &str, place: &Path) -> (Output, u32) {
    let [binary] = &crashes().build()[..] else { panic!("one binary") };
    let pid_file = place.join("pid");
    let output = command(binary)
        .args(["--ignored", "--test-threads=2", "--exact", "runs_on", test])
        .env("RESOURCE_GUARDS_TMPDIR", place)
        .env("PID_FILE", &pid_file)
        .output()
        .unwrap();
    let pid = fs::read_to_string(&pid_file).unwrap().parse().unwrap();
    fs::remove_file(pid_file).unwrap();
    (output, pid)
}

/// A zombie has ended; only its new parent has not noticed.
fn is_alive(pid: u32) -> bool {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    status.lines().any(|line| line.starts_with("State:") && !line.contains('Z'))
}

fn dies(pid: u32) -> bool {
    let end = Instant::now() + Duration::from_secs(5);
    while is_alive(pid) && Instant::now() < end {
        thread::sleep(Duration::from_millis(10));
    }
    !is_alive(pid)
}

#[test]
fn an_isolated_child_dies_with_its_parent_and_the_next_run_sweeps() {
    let place = tempfile::tempdir().unwrap();
    let (output, child) = end_all("kills_the_process_of_all_tests", place.path());
    assert_eq!(output.status.code(), None, "{output:?}");
    assert!(dies(child), "process {child} is still there");
    assert_eq!(sessions(place.path()).len(), 1);
    let next = ends().env("RESOURCE_GUARDS_TMPDIR", place.path()).args(&["--exact", "survives"]).run(Engine::CargoTest);
    assert!(next.status.success(), "{}", next.output);
    assert_eq!(sessions(place.path()), Vec::<PathBuf>::new());
}

#[test]
fn a_test_whose_run_another_test_ended_is_named_and_fails_the_run() {
    let place = tempfile::tempdir().unwrap();
    let (output, child) = end_all("exits_the_process_of_all_tests", place.path());
    assert_eq!(output.status.code(), Some(101), "{output:?}");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("the process ended while test `runs_on` ran, so it is not judged"), "{said}");
    assert!(dies(child), "process {child} is still there");
    assert_eq!(sessions(place.path()), Vec::<PathBuf>::new());
}
