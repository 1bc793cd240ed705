//! Nothing of the guard's crate is called here, so it is named.

use std::process::Command;

use grpc_guard as _;
use resource_guards::uses;

resource_guards::install!();

#[uses(beacon)]
#[test]
fn the_guard_of_a_crate_that_is_only_named_is_there() {
    let _ = Command::new("beacon").output();
}
