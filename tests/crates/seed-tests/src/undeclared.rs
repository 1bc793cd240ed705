//! Tests that use what they do not declare.

use std::process::Command;

use resource_guards::uses;

use crate::backup::back_up_something;

#[test]
fn an_undeclared_program_is_used() {
    back_up_something().unwrap();
}

#[uses()]
#[test]
fn an_undeclared_program_is_used_under_an_empty_declaration() {
    back_up_something().unwrap();
}

#[test]
fn the_failure_of_an_undeclared_program_is_swallowed() {
    let _ = back_up_something();
}

#[test]
fn the_exit_code_of_an_undeclared_program_is_expected() {
    assert!(!Command::new("tmux").arg("-V").status().unwrap().success());
}

#[uses(tmux)]
#[test]
fn a_swallowed_use_is_found_beside_a_declared_one() {
    let _ = back_up_something();
    assert!(Command::new("tmux").arg("-V").status().unwrap().success());
}

#[test]
#[should_panic(expected = "blocked `tar cf …`")]
fn the_refusal_of_an_undeclared_program_is_the_wanted_panic() {
    back_up_something().unwrap();
}
