//! Tests that run programs.

use std::process::Command;

use resource_guards::uses;

resource_guards::install!(guard_binary::Binary("tar"));

#[uses(tar)]
#[test]
fn asks_for_the_version() {
    assert!(Command::new("tar").arg("--version").status().unwrap().success());
}
