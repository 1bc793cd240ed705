//! Tests that run the tests of `inner`, and what these must be told.

use std::process::{Command, Stdio};

use resource_guards::uses;

resource_guards::install!(guard_binary::Binary("tar"));

const CARGO_TEST: &[&str] = &["test", "-p", "nested", "--test=inner", "--", "--exact"];
const NEXTEST: &[&str] =
    &["nextest", "run", "-p", "nested", "--test=inner", "--no-fail-fast", "--user-config-file=none", "--", "--exact"];

fn tar() {
    let _ = Command::new("tar").arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
}

/// Runs tests of `inner`; whether they passed, and what was printed.
fn run(engine: &[&str], tests: &[&str]) -> (bool, String) {
    let output = Command::new(env!("CARGO")).args(engine).args(tests).output().unwrap();
    let text = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8(text).unwrap())
}

/// They are judged as they would be outside of a test, and nothing is said about the test that runs them.
fn nested(engine: &[&str]) {
    let (passed, said) = run(engine, &["declared"]);
    assert!(passed && !said.contains("RESOURCE GUARD"), "{said}");
    for (test, violation) in [
        ("undeclared", "test `undeclared` used `tar` without declaring it"),
        ("plain", "test `plain` used `tar` without declaring it"),
        ("unused", "test `unused` declares `tar` and never used it"),
    ] {
        let (passed, said) = run(engine, &["declared", test]);
        assert!(!passed && said.contains(violation), "{said}");
    }
}

#[uses()]
#[test]
fn cargo_test() {
    nested(CARGO_TEST);
}

#[uses()]
#[test]
fn nextest() {
    nested(NEXTEST);
}

#[test]
fn plain_cargo_test() {
    nested(CARGO_TEST);
}

#[test]
fn plain_nextest() {
    nested(NEXTEST);
}

/// The uses of the nested tests are theirs.
#[uses(tar)]
#[test]
fn leaves_its_uses_to_the_nested_test() {
    assert!(run(CARGO_TEST, &["declared"]).0);
}

#[uses(tar)]
#[test]
fn uses_it_too() {
    assert!(run(CARGO_TEST, &["declared"]).0);
    tar();
}

#[uses(tar)]
#[test]
fn namesakes() {
    assert!(run(CARGO_TEST, &["namesakes"]).0);
    assert!(run(NEXTEST, &["namesakes"]).0);
    tar();
}

/// Runs the test of this name again, in a process that does something else.
fn again(test: &str) {
    if std::env::var_os("AGAIN").is_some() {
        tar();
        std::process::exit(42);
    }
    let mut again = Command::new(std::env::current_exe().unwrap());
    let output = again.args(["--exact", test, "--nocapture"]).env("AGAIN", "1").output().unwrap();
    assert_eq!(output.status.code(), Some(42), "{output:?}");
}

#[uses(tar)]
#[test]
fn runs_itself() {
    again("runs_itself");
}

#[uses()]
#[test]
fn runs_itself_undeclared() {
    again("runs_itself_undeclared");
}

#[uses()]
#[test]
fn undeclared_namesakes() {
    for engine in [CARGO_TEST, NEXTEST] {
        let (passed, said) = run(engine, &["undeclared_namesakes"]);
        assert!(!passed && said.contains("test `undeclared_namesakes` used `tar`"), "{said}");
    }
}
