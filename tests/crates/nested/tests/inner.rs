//! What the tests of `outer` run.

use std::process::{Command, Stdio};

use resource_guards::uses;

resource_guards::install!(guard_binary::Binary("tar"));

fn tar() {
    let _ = Command::new("tar").arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
}

#[uses(tar)]
#[test]
fn declared() {
    tar();
}

#[uses()]
#[test]
fn undeclared() {
    tar();
}

#[test]
fn plain() {
    tar();
}

#[uses(tar)]
#[test]
fn unused() {}

/// A test of `outer` has the same name, so that everything it inherits fits.
#[uses(tar)]
#[test]
fn namesakes() {
    tar();
}

#[uses()]
#[test]
fn undeclared_namesakes() {
    tar();
}
