//! A project that runs only the command line: nothing of the guard's crate is called, so it has to be named.

use std::process::Command;

use grpc_guard as _;
use resource_guards::uses;

resource_guards::install!();

#[uses(beacon("is-up"))]
#[test]
fn the_guard_is_there_although_nothing_of_its_crate_is_called() {
    assert!(Command::new("beacon").args(["is-up", "nightly"]).status().is_ok());
}
