//! An integration test that shares its installation and the names of its tests with another one.

#[path = "../shared/by_path.rs"]
mod by_path;
mod common;

use resource_guards::uses;

#[uses(desk)]
#[test]
fn of_an_integration_test() {
    forms::sit_down().unwrap();
}

#[test]
fn of_an_integration_test_undeclared() {
    let _ = forms::sit_down();
}
