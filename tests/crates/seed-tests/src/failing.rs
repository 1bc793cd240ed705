//! Tests that fail for a reason of their own.

use resource_guards::uses;

use crate::backup::back_up_something;

#[test]
fn a_plain_test_fails_and_was_blocked() {
    let _ = back_up_something();
    assert_eq!(1 + 1, 3, "its own reason");
}

#[uses()]
#[test]
fn a_declaring_test_fails_and_was_blocked() {
    let _ = back_up_something();
    assert_eq!(1 + 1, 3, "its own reason");
}

#[uses()]
#[test]
fn a_test_returns_an_error_and_was_blocked() -> Result<(), String> {
    let _ = back_up_something();
    Err("its own reason".to_owned())
}

#[uses(tar)]
#[test]
fn a_test_fails_before_it_uses_what_it_declares() {
    assert_eq!(1 + 1, 3, "its own reason");
}

#[uses(tar)]
#[test]
fn a_test_returns_an_error_before_it_uses_what_it_declares() -> Result<(), String> {
    Err("its own reason".to_owned())
}
