//! What the tests of `outer` run.

use std::process::Command;

use docker::Connection;
use resource_guards::uses;

resource_guards::install!(guard_docker::Docker);

fn status() -> u16 {
    Connection::open().unwrap().get("/images/json").unwrap()
}

#[uses(docker)]
#[test]
fn declared() {
    assert_eq!(status(), 200);
}

#[uses()]
#[test]
fn undeclared() {
    assert_eq!(status(), 403);
}

#[uses(docker)]
#[test]
fn unused() {}

#[uses()]
#[test]
fn runs_another() {
    let this = std::env::current_exe().unwrap();
    let output = Command::new(this).args(["--exact", "declared"]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&[output.stdout, output.stderr].concat()));
}
