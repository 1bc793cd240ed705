//! Tests that keep their word, and one that promises too much.

use resource_guards::uses;

use crate::backup::back_up_something;
use crate::session::open_and_close_something;

#[uses(tar)]
#[test]
fn a_declared_program_is_used() {
    back_up_something().unwrap();
}

#[uses(tmux)]
#[test]
fn a_real_session_is_opened() {
    open_and_close_something().unwrap();
}

#[uses(tar)]
#[test]
fn a_declared_program_is_never_used() {}

#[test]
fn nothing_is_declared_and_nothing_used() {}
