//! The behaviours of the reference (the Python library resource-guards), line by line, and where each is tested.
//!
//! The modules `seed_*` mark their rows and tests with `seed N`. Parts without a meaning in Rust:
//!
//! - 8, hooks installed once a worker: there are no worker processes; every test process installs its own guards (30).
//! - 22, module- and session-scoped fixtures: a judged test has a process of its own, and with it every shared fixture.
//! - 28, PATH is restored: it is set before `main` in processes that end with their tests, so nothing outlives it.
//! - 35, marks are registered, with names to skip: `#[uses]` is no registered mark; a name that no guard watches is an
//!   error at start (`bad_guards`).
//! - 36 is that of the shipped guards: `docker`, `http`, `grpc`.

const SOURCES: [&str; 5] = [
    include_str!("seed_tests.rs"),
    include_str!("seed_fixtures.rs"),
    include_str!("seed_binaries.rs"),
    include_str!("seed_guards.rs"),
    include_str!("seed_registry.rs"),
];

#[test]
fn every_line_of_the_reference_has_a_test() {
    let is_tested = |line: u32| {
        let mark = format!("// seed {line}:");
        SOURCES.iter().any(|source| source.contains(&mark))
    };
    let missing: Vec<u32> = (1..=35).filter(|line| !is_tested(*line)).collect();
    assert!(missing.is_empty(), "without a test: {missing:?}");
}
