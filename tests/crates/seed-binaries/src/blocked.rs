//! A program that is not declared is refused.

use std::process::Command;

use resource_guards::uses;

#[test]
fn a_refused_program_ends_with_127_says_why_and_is_not_run() {
    let ran = Command::new("talkative").args(["echo", "secret"]).output().unwrap();
    assert_eq!(ran.status.code(), Some(127));
    assert!(ran.stdout.is_empty());
    let said = String::from_utf8(ran.stderr).unwrap();
    println!("it said: {said}");
    assert!(said.starts_with("RESOURCE GUARD: blocked `talkative echo …`: "), "{said}");
    assert!(said.ends_with(" does not declare `talkative`\n"), "{said}");
}

#[uses()]
#[test]
fn a_refusal_names_the_test() {
    let ran = Command::new("talkative").args(["echo", "secret"]).output().unwrap();
    let said = String::from_utf8(ran.stderr).unwrap();
    assert!(said.contains("test `blocked::a_refusal_names_the_test` does not declare `talkative`"), "{said}");
}

#[uses()]
#[test]
fn a_refusal_in_a_pipeline_is_recorded() {
    let ran = Command::new("sh").args(["-c", "talkative echo a 2>/dev/null | cat || true"]).status().unwrap();
    assert!(ran.success());
}

#[uses(talkative("echo"))]
#[test]
fn the_first_argument_may_be_declared() {
    assert!(Command::new("talkative").arg("echo").output().unwrap().status.success());
}

#[uses(talkative("echo"))]
#[test]
fn another_first_argument_is_refused() {
    assert!(Command::new("talkative").arg("echo").output().unwrap().status.success());
    let refused = Command::new("talkative").args(["exit", "0"]).output().unwrap();
    let said = String::from_utf8(refused.stderr).unwrap();
    assert!(said.ends_with("another_first_argument_is_refused` does not declare `talkative` at `exit`\n"), "{said}");
}
