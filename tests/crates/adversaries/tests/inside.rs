//! `--strict` inside of `--strict`: the kernel has one listener, which is the outer one's.

use std::process::Command;

use adversaries::{is_strict, setting};
use resource_guards::uses;

resource_guards::install!(guard_binary::Binary("quill"));

/// Runs a test that uses `quill` by its path and does not say so; the exit code, and what was printed.
fn run(set_up: impl FnOnce(&mut Command) -> &mut Command) -> (Option<i32>, String) {
    let mut guards = Command::new(setting("GUARDS"));
    guards.args(["guards", "test", "--strict", "--engine=nextest", "-p", "adversaries", "--test=programs", "--"]);
    guards.args(["--user-config-file=none", "-E", "test(=undeclared::absolute_path)"]);
    let output = set_up(&mut guards).output().unwrap();
    (output.status.code(), String::from_utf8([output.stdout, output.stderr].concat()).unwrap())
}

/// The inner run judges nothing that only the kernel sees, and says so; the outer one takes it for this test's.
fn nested() {
    let (code, said) = run(|guards| guards);
    assert!(code == Some(2) && said.contains("unset RESOURCE_GUARDS_SCOPE"), "{code:?} {said}");
    let (code, said) = run(|guards| guards.env_remove("RESOURCE_GUARDS_SCOPE"));
    let note = "tests are watched by a supervisor around this one, and what it refuses is not in this verdict";
    let violation = "test `undeclared::absolute_path` used `quill` without declaring it";
    if is_strict() {
        assert!(code == Some(0) && said.contains(note) && !said.contains(violation), "{code:?} {said}");
    } else {
        assert!(code != Some(0) && !said.contains(note) && said.contains(violation), "{code:?} {said}");
    }
}

#[uses(quill)]
#[test]
fn declared() {
    nested();
}

#[uses()]
#[test]
fn undeclared() {
    nested();
}
