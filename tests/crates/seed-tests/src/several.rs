//! Tests of several resources.

use std::process::Command;

use resource_guards::uses;

use crate::backup::back_up_something;
use crate::session::open_and_close_something;

#[uses(tar, tmux)]
#[test]
fn both_are_declared_and_used() {
    back_up_something().unwrap();
    open_and_close_something().unwrap();
}

#[test]
fn both_are_used_and_none_is_declared() {
    let _ = back_up_something();
    let _ = Command::new("tmux").arg("-V").output();
}

#[uses(tar, tmux)]
#[test]
fn both_are_declared_and_none_is_used() {}

#[uses(tar)]
#[test]
fn one_is_declared_and_the_other_used() {
    let _ = Command::new("tmux").arg("-V").output();
}
