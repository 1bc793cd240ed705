//! Tests that run the tests of `inner`, which talk to Docker.

use std::process::Command;

use docker::Connection;
use resource_guards::uses;

resource_guards::install!(guard_docker::Docker);

/// Runs one of them; whether it passed, and what was printed.
fn run(test: &str) -> (bool, String) {
    let arguments = ["test", "-p", "docker", "--test=inner", "--", "--exact", test];
    let output = Command::new(env!("CARGO")).args(arguments).output().unwrap();
    (output.status.success(), String::from_utf8([output.stdout, output.stderr].concat()).unwrap())
}

#[uses()]
#[test]
fn nested_tests_are_judged_by_themselves() {
    let (passed, said) = run("declared");
    assert!(passed && !said.contains("RESOURCE GUARD"), "{said}");
    let (passed, said) = run("undeclared");
    assert!(!passed && said.contains("test `undeclared` used `docker` without declaring it"), "{said}");
    let (passed, said) = run("unused");
    assert!(!passed && said.contains("test `unused` declares `docker` and never used it"), "{said}");
}

#[uses()]
#[test]
fn so_are_tests_that_these_run() {
    let (passed, said) = run("runs_another");
    assert!(passed && !said.contains("RESOURCE GUARD"), "{said}");
}

#[uses(docker)]
#[test]
fn uses_of_nested_tests_are_theirs() {
    assert!(run("declared").0);
}

#[uses(docker)]
#[test]
fn uses_of_its_own() {
    assert!(run("undeclared").1.contains("without declaring it"));
    assert_eq!(Connection::open().unwrap().get("/images/json").unwrap(), 200);
}
