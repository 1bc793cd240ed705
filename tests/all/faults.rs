//! A guard, a fixture or a test fails: the others are cleaned up, everything is reported, the test's own words first.

use std::collections::BTreeMap;
use std::fs;

use black_box::Expected::{Fails, Passes};
use black_box::{Crate, Engine, Run};

fn shaky() -> Crate {
    Crate::named("lifecycle").cargo_args(&["--test=shaky"])
}

/// Runs `passes` and `plain` with these faults, and tells for each process what its guards were asked to do, in order.
fn run(engine: Engine, faults: &str) -> (Run, BTreeMap<u32, Vec<String>>) {
    let trace = tempfile::NamedTempFile::new().unwrap();
    let run = shaky()
        .args(&["--skip", "broken", "--skip", "panics"])
        .env("FAULTS", faults)
        .env("TRACE", trace.path())
        .run(engine);
    let mut processes: BTreeMap<u32, Vec<String>> = BTreeMap::new();
    for line in fs::read_to_string(trace.path()).unwrap().lines() {
        let (process, what) = line.split_once(' ').unwrap();
        processes.entry(process.parse().unwrap()).or_default().push(what.to_owned());
    }
    assert!(!processes.is_empty(), "{}", run.output);
    (run, processes)
}

/// What is asked of the guards of every process, whatever some of them answer.
const LIFE: [&str; 6] =
    ["install first", "install second", "install third", "cleanup third", "cleanup second", "cleanup first"];

#[test]
fn without_faults_every_guard_is_installed_and_cleaned_once_a_process_in_reverse_order() {
    for engine in Engine::ALL {
        let (run, processes) = run(engine, "");
        assert!(run.status.success(), "{}", run.output);
        assert_eq!(processes.len(), 2, "one for the declared test, one for the plain one\n{}", run.output);
        assert!(processes.values().all(|life| life == &LIFE), "{processes:?}");
    }
}

#[test]
fn a_failed_or_panicking_install_fails_the_run_after_all_guards_were_tried_and_cleaned() {
    for engine in Engine::ALL {
        let (run, processes) = run(engine, "panic-install=first,install=third");
        assert!(!run.status.success(), "{}", run.output);
        for said in [
            "  - cannot install the guard `lifecycle::Shaky` of `first`, registered at lifecycle/tests/shaky.rs:6:1: it \
             panicked: first panics in install",
            "  - cannot install the guard `lifecycle::Shaky` of `third`, registered at lifecycle/tests/shaky.rs:6:1: \
             cannot install `third`: as told; tell it otherwise",
        ] {
            assert!(run.output.contains(said), "{said}\n{}", run.output);
        }
        assert!(!run.output.contains("test passes ... ok"), "no test runs unguarded\n{}", run.output);
        assert!(processes.values().all(|life| life == &LIFE), "{processes:?}");
    }
}

#[test]
fn a_failed_or_panicking_cleanup_is_reported_and_the_other_guards_are_cleaned() {
    for engine in Engine::ALL {
        let (run, processes) = run(engine, "panic-cleanup=third,cleanup=first");
        assert!(!run.status.success(), "{}", run.output);
        let first = "cannot clean up the guard `lifecycle::Shaky` of `first`, registered at \
                     lifecycle/tests/shaky.rs:6:1: cannot cleanup `first`: as told; tell it otherwise";
        let third = "cannot clean up the guard `lifecycle::Shaky` of `third`, registered at \
                     lifecycle/tests/shaky.rs:6:1: it panicked: third panics in cleanup";
        for said in [first, third] {
            let around = format!("RESOURCE GUARD: a guard failed around test `passes`: {said}");
            assert!(run.test("passes").text.contains(&around), "{around}\n{}", run.output);
            assert!(run.output.contains(said), "{said}\n{}", run.output);
        }
        assert!(processes.values().all(|life| life == &LIFE), "{processes:?}");
    }
}

#[test]
fn what_a_test_and_its_fixtures_say_comes_before_what_guards_say() {
    shaky().expect(&[
        ("passes", Passes),
        ("plain", Passes),
        ("panics", Fails(&["my own message", "test `panics` used `second` without declaring it"])),
        ("has_a_broken_fixture", Fails(&["the set-up broke"])),
        ("has_a_broken_teardown", Fails(&["the teardown broke"])),
    ]);
    for engine in Engine::ALL {
        let run = shaky().args(&["--exact", "panics"]).run(engine);
        let said = &run.test("panics").text;
        let own = said.find("my own message").expect("it was said");
        let guards = said.find("RESOURCE GUARD: test `panics` used").expect("it was said");
        assert!(own < guards, "{said}");
    }
}
