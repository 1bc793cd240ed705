//! One test of each kind, with every part of the interface that a test uses.
#![forbid(unsafe_code)]

use std::process::{Command, Stdio};

use resource_guards::{Fixture, Resource, fixture_uses, guarded, uses};

static SDK: Resource = Resource::new("sdk");

resource_guards::install!(&SDK, guard_binary::Binary("tar"));

/// Whether tar ran.
fn tar() -> bool {
    Command::new("tar").arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap().success()
}

/// Whether the call was let through.
fn call() -> bool {
    SDK.enforce(|| "send 7").is_ok()
}

#[fixture_uses(tar)]
fn archive() -> Fixture<bool> {
    Fixture::new(tar())
}

#[uses(tar, may(sdk = "only on a cold cache"))]
#[test]
fn declared() {
    assert!(tar());
}

#[uses(tar)]
#[test]
fn by_fixture() {
    assert!(*archive());
}

#[uses(tar)]
#[test]
fn unused() {}

#[uses()]
#[test]
fn undeclared() {
    println!("tar ran: {}", tar());
    println!("the call was let through: {}", call());
}

#[test]
fn plain_call() {
    println!("the call was let through: {}", call());
}

#[test]
fn plain_program() {
    println!("tar ran: {}", tar());
}

#[test]
fn plain_innocent() {}

#[ignore = "not run by default"]
#[test]
fn plain_ignored() {}

#[guarded]
mod inside {
    #[test]
    fn innocent() {}
}
