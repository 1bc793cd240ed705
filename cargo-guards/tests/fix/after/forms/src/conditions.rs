//! `cfg`.

use resource_guards::uses;

use crate::{chair, desk};

#[cfg_attr(all(), uses(desk, chair))]
#[test]
fn merged_under_a_condition() {
    desk().unwrap();
    chair().unwrap();
}

#[cfg_attr(any(), uses(desk))]
#[test]
fn under_a_condition_that_does_not_hold() {
    desk().unwrap();
}

#[uses(desk)]
#[test]
fn a_condition_in_the_body() {
    #[cfg(windows)]
    desk().unwrap();
}

#[uses(desk)]
#[test]
fn a_condition_in_a_macro() {
    if cfg!(windows) {
        desk().unwrap();
    }
}

#[cfg(unix)]
#[test]
fn all_under_a_condition() {}

#[cfg(windows)]
#[test]
fn of_two_systems() {}

#[cfg(unix)]
#[uses(desk)]
#[test]
fn of_two_systems() {
    desk().unwrap();
}
