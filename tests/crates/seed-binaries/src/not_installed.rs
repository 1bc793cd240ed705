//! A program that is not installed has a stub.

use std::process::Command;

use resource_guards::uses;

#[uses(no-such-program)]
#[test]
fn a_stub_counts_as_a_use_and_says_that_the_program_is_not_installed() {
    let ran = Command::new("no-such-program").output().unwrap();
    assert_eq!(ran.status.code(), Some(127));
    let said = String::from_utf8(ran.stderr).unwrap();
    assert_eq!(said, "RESOURCE GUARD: `no-such-program` is not installed\n");
}

#[test]
fn a_stub_is_refused_like_a_program() {
    assert_eq!(Command::new("no-such-program").output().unwrap().status.code(), Some(127));
}
