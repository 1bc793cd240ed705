//! A use is seen, and belongs to its test, by whatever route it happens.

use std::process::Command;

use black_box::Crate;
use black_box::Expected::{Fails, Passes};

/// The routes of the crate, with what is used by each and how the evidence calls that.
const ROUTES: &[(&str, &str, &str)] = &[
    ("thread", "sdk", "send thread (call, pid"),
    ("detached_thread", "sdk", "send detached thread (call, pid"),
    ("worker", "sdk", "send worker (call, pid"),
    ("blocking", "sdk", "send blocking (call, pid"),
    ("pool", "sdk", "send pool (call, pid"),
    ("thread_with_child", "tar", "tar --version (PATH wrapper, pid"),
    ("child", "tar", "tar --version (PATH wrapper, pid"),
    ("grandchild", "tar", "tar --version (PATH wrapper, pid"),
    ("orphan", "tar", "tar --version (PATH wrapper, pid"),
    ("child_that_outlives_the_call", "tar", "tar --version (PATH wrapper, pid"),
    ("rust_program", "sdk", "send from a program (call, pid"),
    ("rust_program_by_shell", "sdk", "send from a program (call, pid"),
];

/// Every test of the crate swallows the refusal. `declared` ones declare what they use, `undeclared` ones have an empty
/// `#[uses()]`, and `plain` ones none: under `cargo test` they share a process, and no thread name tells them apart.
#[test]
fn every_route_is_seen_and_belongs_to_its_test() {
    let mut table = Vec::new();
    for (route, resource, evidence) in ROUTES {
        table.push((format!("declared::{route}"), None));
        for module in ["undeclared", "plain"] {
            let headline =
                format!("test `{module}::{route}` used `{resource}` without declaring it\n  seen: {evidence}");
            table.push((format!("{module}::{route}"), Some(headline)));
        }
    }
    table.push(("declared_async".to_owned(), None));
    let headline = "test `undeclared_async` used `sdk` without declaring it\n  seen: send async (call, pid";
    table.push(("undeclared_async".to_owned(), Some(headline.to_owned())));

    let texts: Vec<Vec<&str>> = table.iter().map(|(_, headline)| headline.as_deref().into_iter().collect()).collect();
    let rows: Vec<_> = table
        .iter()
        .zip(&texts)
        .map(|((test, headline), texts)| (test.as_str(), if headline.is_some() { Fails(texts) } else { Passes }))
        .collect();
    Crate::named("attribution").expect(&rows);
}

/// The crate's program links the guards of its library. It is nobody's test, whatever the environment says.
#[test]
fn a_program_that_links_guards_is_inactive_outside_of_tests() {
    let _ = Crate::named("attribution").build();
    let place = tempfile::tempdir().unwrap();
    for variables in [
        &[][..],
        &[("RESOURCE_GUARDS", "enforce"), ("RESOURCE_GUARDS_MANIFEST", "1")],
        &[("RESOURCE_GUARDS", "nonsense")],
        &[("RESOURCE_GUARDS_SCOPE", "/nonexistent"), ("RESOURCE_GUARDS_SESSION", "/nonexistent")],
        &[("RESOURCE_GUARDS_SCOPE", "/dev/null"), ("RESOURCE_GUARDS_PARENT", "1")],
        &[("NEXTEST_EXECUTION_MODE", "process-per-test"), ("NEXTEST_TEST_NAME", "a_test")],
    ] {
        let output = Command::new(Crate::target_directory().join("debug/client"))
            .args(["--exact", "a_test"])
            .env_clear()
            .env("RESOURCE_GUARDS_TMPDIR", place.path())
            .envs(variables.iter().copied())
            .output()
            .unwrap();
        assert!(output.status.success(), "{variables:?}: {output:?}");
        assert!(output.stdout.is_empty() && output.stderr.is_empty(), "{variables:?}: {output:?}");
        assert_eq!(place.path().read_dir().unwrap().count(), 0, "{variables:?}");
    }
}
